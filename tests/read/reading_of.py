"""Pages of a few lines to what is read of them, one line a fact: for tests of the reader."""

from __future__ import annotations

from datetime import UTC, datetime

from ratewire.model import Availability, Capture, Hints, Limit, Rate, Reading, Source, SourceKind
from ratewire.read.reader import read

__all__ = ["DAY", "limits_of", "line", "rates_of", "reading", "stages_of"]

NONE = Hints()
DAY = datetime(2026, 6, 1, 12, tzinfo=UTC)


def reading(
    text: str,
    media_type: str = "text/markdown",
    *,
    hints: Hints = NONE,
    url: str = "https://docs.example.com/pricing",
    kind: SourceKind = SourceKind.PRICING,
) -> Reading:
    """What is read of a page whose body is `text`, captured on 1 June 2026."""
    capture = Capture(url, text.encode(), DAY, media_type=media_type)
    return read(capture, Source("page", "Page", "Example", url, kind, hints=hints))


def rates_of(text: str, media_type: str = "text/markdown", *, hints: Hints = NONE,
             url: str = "https://docs.example.com/pricing") -> list[str]:  # fmt: skip
    """`product | meter | amount currency per unit | conditions | qualifier`, sorted."""
    facts = reading(text, media_type, hints=hints, url=url).facts
    return sorted(line(rate) for rate in facts.rates)


def stages_of(text: str, media_type: str = "text/markdown", *, hints: Hints = NONE) -> list[str]:
    facts = reading(text, media_type, hints=hints, url="https://docs.example.com/models").facts
    return sorted(line(each) for each in facts.availability)


def limits_of(text: str, media_type: str = "text/markdown", *, hints: Hints = NONE) -> list[str]:
    facts = reading(text, media_type, hints=hints, url="https://docs.example.com/limits").facts
    return sorted(line(limit) for limit in facts.limits)


def line(fact: Rate | Availability | Limit) -> str:
    """A fact as one line, what is not stated left out."""
    if isinstance(fact, Rate):
        upper = "" if fact.upper is None else f"–{fact.upper}"
        price = f"{fact.amount}{upper} {fact.currency} per {fact.unit}"
        parts = [fact.product, fact.meter, price, str(fact.conditions), fact.qualifier]
    elif isinstance(fact, Availability):
        parts = [
            fact.product,
            str(fact.stage),
            f"announced {fact.announced_on}" if fact.announced_on else "",
            f"until {fact.shutdown_on}" if fact.shutdown_on else "",
            f"not before {fact.shutdown_not_before}" if fact.shutdown_not_before else "",
            f"then {fact.replacement}" if fact.replacement else "",
            fact.exceptions,
            f"in {', '.join(fact.regions)}" if fact.regions else "",
            str(fact.conditions),
        ]
    else:
        amount = "unlimited" if fact.amount is None else f"{fact.amount:f}"
        parts = [fact.product, fact.what, amount, fact.tier, str(fact.conditions)]
    return " | ".join(filter(None, parts))
