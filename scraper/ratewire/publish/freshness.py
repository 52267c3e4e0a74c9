"""Which changes touched what a page says, told by what it asked of the ledger."""

from __future__ import annotations

from collections.abc import Iterator

from ratewire.model import Availability, Conditions, Fact, Limit, Rate
from ratewire.publish.ledger import Ledger, Query
from ratewire.wording.stories import Story

__all__ = ["touching"]


def touching(ledger: Ledger) -> tuple[Story, ...]:
    """Changes that stand of any fact that was heard, newest first."""
    found: dict[str, Story] = {}
    for query in tuple(ledger.heard):
        found |= {story.change.id: story for story in _of(ledger, query)}
    return tuple(sorted(found.values(), key=lambda story: story.updated, reverse=True))


def _of(ledger: Ledger, query: Query) -> Iterator[Story]:
    match query:
        case ("rate" | "history", str(product), str(meter), *rest):
            asked = next((part for part in rest if isinstance(part, Conditions)), Conditions())
            id = ledger.resolve(product)
            for story in ledger.moved(product, meter):
                if any(_is_rate(fact, id, meter, asked) for fact in _facts(story)):
                    yield story
        case ("rates", str(product)):
            yield from _with(ledger, product, Rate)
        case ("availability", str(product)):
            yield from _with(ledger, product, Availability)
        case ("limits", str(product)):
            yield from _with(ledger, product, Limit)
        case ("stories", str(product), *_):
            yield from ledger.stories(product, 1)


def _with(ledger: Ledger, product: str, kind: type[Rate | Availability | Limit]) -> Iterator[Story]:
    for story in ledger.moved(product):
        if any(isinstance(fact, kind) for fact in _facts(story)):
            yield story


def _facts(story: Story) -> Iterator[Fact]:
    for altered in story.truth.alterations:
        yield from filter(None, (altered.before, altered.after))


def _is_rate(fact: Fact, product: str, meter: str, asked: Conditions) -> bool:
    """Whether it is the rate that was asked for; a tier not named is the standard one."""
    return (
        isinstance(fact, Rate)
        and (fact.product, fact.meter) == (product, meter)
        and fact.conditions.get("tier", "standard") == (asked.get("tier") or "standard")
        and set(asked) <= set(fact.conditions)
    )
