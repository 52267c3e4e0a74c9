"""The types that flow between the stages. Imports nothing of ours but its own rooms.

Money is `Decimal`, times are aware and in UTC, everything is frozen. A fact's identity never
depends on where on the page it stood.
"""

from scraper.model.changes import (
    Alteration,
    Change,
    ChangeKind,
    ChangeState,
    Health,
    HealthState,
    Held,
    Pending,
    Sighting,
    Window,
)
from scraper.model.dates import Precision, StatedDate
from scraper.model.facts import (
    Availability,
    Conditions,
    Evidence,
    Fact,
    Facts,
    Impact,
    Incident,
    Limit,
    Passage,
    Rate,
    Reading,
    Snapshot,
    Stage,
)
from scraper.model.figures import Figure, Place, Role, Shown, UnreadChange
from scraper.model.sources import (
    Capture,
    Expectations,
    Hints,
    Source,
    SourceKind,
    Validators,
    Verdict,
    VerdictKind,
)
from scraper.model.terms import Billing, Bracket, Hours, Quantity, Sale, Terms, Weekday, spelled
from scraper.model.units import PERIODS, Unit

__all__ = [
    "PERIODS",
    "Alteration",
    "Availability",
    "Billing",
    "Bracket",
    "Capture",
    "Change",
    "ChangeKind",
    "ChangeState",
    "Conditions",
    "Evidence",
    "Expectations",
    "Fact",
    "Facts",
    "Figure",
    "Health",
    "HealthState",
    "Held",
    "Hints",
    "Hours",
    "Impact",
    "Incident",
    "Limit",
    "Passage",
    "Pending",
    "Place",
    "Precision",
    "Quantity",
    "Rate",
    "Reading",
    "Role",
    "Sale",
    "Shown",
    "Sighting",
    "Snapshot",
    "Source",
    "SourceKind",
    "Stage",
    "StatedDate",
    "Terms",
    "Unit",
    "UnreadChange",
    "Validators",
    "Verdict",
    "VerdictKind",
    "Weekday",
    "Window",
    "spelled",
]
