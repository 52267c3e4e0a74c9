"""Two captures compared, one line for each fact: the face of `ratewire compare`."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from ratewire.compare.differences import differences
from ratewire.compare.entries import OF_PLACE
from ratewire.compare.group import alteration_key, order
from ratewire.compare.guard import GuardContext, damaged, weigh
from ratewire.compare.words import words
from ratewire.config import CompareSettings
from ratewire.model import (
    Alteration,
    Availability,
    ChangeKind,
    Fact,
    Facts,
    Held,
    Incident,
    Limit,
    Multiplier,
    Passage,
    Rate,
    Reading,
    Source,
    UnreadChange,
)

__all__ = ["ChangeRow", "ReadingsCompared", "change_rows", "compare_readings"]


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One alteration, flat. `old` and `new` amounts are in the unit of the newer page."""

    id: str
    kind: ChangeKind
    product: str
    meter: str
    """Of a rate its meter, of a limit what is limited; else empty."""
    conditions: Mapping[str, str]
    old: str | None
    new: str | None
    percent: Decimal | None
    excerpts: tuple[str, ...]
    """The pages' own words, the earlier first."""


@dataclass(frozen=True, slots=True)
class ReadingsCompared:
    """What two captures of one page differ in."""

    held: Held | None
    """Why the later is suspect, if it is."""
    alterations: tuple[Alteration, ...]
    """What is told, or will be once a held reading has settled; none of a damaged one."""
    unread: tuple[UnreadChange, ...] = ()
    """Changes of figures that are not understood."""
    marks: tuple[str, ...] = ()
    """Places that disagree, for the owner."""
    later: Reading = field(default=Reading(Facts()))
    """The later reading under the names of the earlier; what the next capture is compared with."""


def compare_readings(
    before: Reading,
    after: Reading,
    *,
    on: date,
    source: Source,
    settings: CompareSettings | None = None,
    since: date | None = None,
) -> ReadingsCompared:
    """Two captures of one page, guarded but not confirmed.

    `on` is the day of the later, `since` of the earlier where it is known.
    """
    found = differences(
        before.facts, after.facts, on=on, since=since, figures=before.figures, later=after.figures,
        lines=(before.lines, after.lines),
    )  # fmt: skip
    settings = settings or CompareSettings()
    view = GuardContext(
        before.facts, found.followed.facts, found, source, settings, on, after.marks
    )
    held = weigh(view) or damaged(found)
    told = found.alterations if held is None or held.settles or held.figures else ()
    marks = found.followed.marks
    later = replace(after, facts=found.followed.facts, figures=found.followed.figures)
    return ReadingsCompared(held, _told_once(order(told)), found.followed.unread, marks, later)


def _told_once(alterations: Iterable[Alteration]) -> tuple[Alteration, ...]:
    """The same change of the same thing in several sections of a page is one, and so is another
    word in the names of several.
    """
    return tuple({_what(each): each for each in reversed(list(alterations))}.values())[::-1]


def _what(alteration: Alteration) -> Hashable:
    sides = (alteration.before, alteration.after)
    if not isinstance(alteration.fact, Rate):
        return alteration_key(alteration)
    if alteration.kind is ChangeKind.RENAMED:
        old, new = (_named(side) for side in sides if isinstance(side, Rate))
        return alteration.kind, old - new, new - old
    return (alteration.kind, *(_without_place(side) for side in sides if isinstance(side, Rate)))


def _named(rate: Rate) -> frozenset[str]:
    return words(rate.product, rate.meter, *(value for _, value in rate.conditions))


def _without_place(rate: Rate) -> Hashable:
    count, things = rate.unit.normal
    named = rate.product, rate.meter, rate.conditions.without(*OF_PLACE)
    return (*named, rate.amount / count, rate.upper, rate.percent, rate.currency, things)


def change_rows(alterations: Iterable[Alteration]) -> tuple[ChangeRow, ...]:
    return tuple(_row(alteration) for alteration in alterations)


def _row(alteration: Alteration) -> ChangeRow:
    before, after, fact = alteration.before, alteration.after, alteration.fact
    conditions = dict(getattr(fact, "conditions", ()))
    return ChangeRow(
        id=alteration_key(alteration),
        kind=alteration.kind,
        product=_product(fact),
        meter=fact.meter if isinstance(fact, Rate) else getattr(fact, "what", ""),
        conditions=conditions,
        old=None if before is None else _value(before, like=fact),
        new=None if after is None else _value(after, like=fact),
        percent=alteration.percent,
        excerpts=tuple(f.evidence.excerpt for f in (before, after) if f is not None),
    )


def _product(fact: Fact) -> str:
    if isinstance(fact, Incident):
        return ", ".join(fact.components)
    return fact.name if isinstance(fact, Passage) else fact.product


def _value(fact: Fact, *, like: Fact) -> str:
    match fact:
        case Rate():
            amount = fact.per(like.unit) if isinstance(like, Rate) else None
            plus = _plain(fact.amount if amount is None or amount == fact.amount else amount)
            if fact.percent is None:
                return plus
            return f"{_plain(fact.percent)}%" + (f" + {plus}" if fact.amount else "")
        case Availability():
            dates = [f"shutdown {fact.shutdown_on}"] if fact.shutdown_on else []
            if fact.shutdown_not_before:
                dates.append(f"not before {fact.shutdown_not_before}")
            return ", ".join([fact.stage.value, *dates, *filter(None, [fact.replacement])])
        case Limit():
            return "unlimited" if fact.amount is None else _plain(fact.amount)
        case Incident():
            state = f"resolved {fact.resolved_at:%Y-%m-%d}" if fact.resolved_at else "open"
            return f"{fact.title} ({fact.impact}, {state})"
        case Passage():
            return fact.text
        case Multiplier():
            return f"× {_plain(fact.factor)}"


def _plain(amount: Decimal) -> str:
    return f"{amount:f}"
