"""What became of a fact, what waits for a second sight, and how a source does."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from ratewire.model.facts import Fact, Facts
from ratewire.model.figures import Figure, UnreadChange
from ratewire.model.lines import Lines

__all__ = [
    "Alteration",
    "Basis",
    "Change",
    "ChangeKind",
    "ChangeState",
    "Health",
    "HealthState",
    "Held",
    "Pending",
    "Sighting",
    "Window",
]


class ChangeKind(StrEnum):
    RATE_UP = "rate_up"
    RATE_DOWN = "rate_down"
    ADDED = "added"
    REMOVED = "removed"
    UNIT = "unit"
    RENAMED = "renamed"
    AVAILABILITY = "availability"
    LIMIT = "limit"
    SCHEDULED = "scheduled"
    INCIDENT = "incident"
    PASSAGE = "passage"


class ChangeState(StrEnum):
    PENDING = "pending"
    CONFIRMED = "confirmed"
    CORRECTED = "corrected"
    RETRACTED = "retracted"


class Basis(StrEnum):
    """On what a change is believed."""

    UNSTATED = ""
    """As in logs of before this was recorded."""
    LOOKS = "looks"
    """Independent looks at the page showed it: `Change.looks` of them."""
    ARCHIVE = "archive"
    """Archived copies of the page, replayed later; nobody looked at the time."""
    OWNER = "owner"
    """The owner accepted it without a further look."""


@dataclass(frozen=True, slots=True)
class Alteration:
    """One fact before and after; one of them is None for what was added or removed."""

    kind: ChangeKind
    before: Fact | None
    after: Fact | None
    percent: Decimal | None = None
    """Of a rate: how much higher (or, below zero, lower) in hundredths, to two places."""

    @property
    def fact(self) -> Fact:
        fact = self.after if self.after is not None else self.before
        assert fact is not None
        return fact


@dataclass(frozen=True, slots=True)
class Window:
    """Between these two the page changed."""

    last_seen_old: datetime
    first_seen_new: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """One cause, one change: what is announced. Never edited, only followed by a correction."""

    id: str
    """Stable: the same change found twice, on two machines or from two sources of one publisher,
    has one id. A correction or retraction has an id of its own."""
    kind: ChangeKind
    source: str
    alterations: tuple[Alteration, ...]
    """Sorted; all of the change's kind."""
    window: Window
    before_capture: str
    after_capture: str
    state: ChangeState
    """`confirmed`, or `corrected` / `retracted` for an entry that follows an earlier one."""
    recorded_at: datetime
    """When it took its state; of one from an archive, when the copy that shows it was taken."""
    publisher: str = ""
    url: str = ""
    """Address of the page that shows it."""
    note: str = ""
    """Why it was corrected or retracted, or what a person should know."""
    follows: str = ""
    """Id of the change that this one corrects or retracts."""
    basis: Basis = Basis.UNSTATED
    looks: int = 0
    """Independent looks that showed it, where it is believed on these."""

    @property
    def products(self) -> tuple[str, ...]:
        names = {getattr(alteration.fact, "product", "") for alteration in self.alterations}
        return tuple(sorted(names - {""}))


@dataclass(frozen=True, slots=True)
class Held:
    """A reading that is suspect: nothing is announced, the old facts stand."""

    guard: str
    """Which guard: `most-gone`, `one-factor`, `currency-flipped`, `columns-shifted` …"""
    reason: str
    """In words, for the owner."""
    settles: bool = False
    """It confirms itself once it has stayed the same long enough; else it waits to be gone."""
    figures: int = 0
    """How many figures alone are held; 0: the whole reading is."""

    @property
    def is_final(self) -> bool:
        """Nothing of the reading is used until it is gone, or the owner accepts it."""
        return not self.settles and not self.figures


@dataclass(frozen=True, slots=True)
class Sighting:
    """An alteration that the page shows and that does not stand yet."""

    alteration: Alteration
    window: Window
    capture: str
    """sha256 of the capture that showed it first."""
    url: str
    last_counted: datetime
    """When it was last counted as seen."""
    times: int = 1
    """Independent captures in a row that showed it; 0: reverted, or only seen while held."""
    shown: bool = True
    """The latest reading shows it; else it is kept only for its reversals."""
    reversals: int = 0
    """How often it was seen and then gone again: each makes the proof asked for longer."""


@dataclass(frozen=True, slots=True)
class Pending:
    """The latest reading, as far as its facts do not stand yet, and what is known of them."""

    facts: Facts
    """All that the latest reading says, standing or not."""
    capture: str
    """sha256 of that reading's capture."""
    url: str
    seen_at: datetime
    sightings: tuple[Sighting, ...] = ()
    held: Held | None = None
    """Set: the reading is suspect and waits for the owner, not for a second sight."""
    rejected: tuple[str, ...] = ()
    """Keys of alterations the owner refused: not asked again for as long as the page shows them."""
    figures: tuple[Figure, ...] = ()
    """All figures of the latest reading."""
    unread: tuple[UnreadChange, ...] = ()
    """Changes of figures that are not understood, until the owner has seen them."""
    lines: Lines = field(default=Lines())
    """All that the page of the latest reading says, line by line."""
    elsewhere: tuple[Sighting, ...] = ()
    """What another address was seen to change while it answered instead of the one that stands."""

    @property
    def waiting(self) -> tuple[Alteration, ...]:
        """What the page shows now and does not stand yet."""
        return tuple(sighting.alteration for sighting in self.sightings if sighting.shown)


class HealthState(StrEnum):
    OK = "ok"
    FAILING = "failing"
    BLOCKED = "blocked"
    HELD = "held"
    NEVER_SEEN = "never-seen"


@dataclass(frozen=True, slots=True)
class Health:
    """How a source does, written only when the state changes."""

    state: HealthState
    since: datetime
    detail: str = ""
    """One clause for the owner and for the site's status page."""
