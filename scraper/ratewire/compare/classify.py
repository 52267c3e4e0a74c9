"""What became of one fact: nothing worth telling, or alterations of a certain kind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from ratewire.compare.entries import PriceEntry, same_figure, starts
from ratewire.model import (
    Alteration,
    Availability,
    ChangeKind,
    Incident,
    Limit,
    Multiplier,
    Passage,
    Rate,
    Stage,
    StatedDate,
)

__all__ = [
    "of_availability",
    "of_entry",
    "of_incident",
    "of_limit",
    "of_multiplier",
    "of_passage",
    "percent",
]

_CENT, _ONE, _NOTHING, _NO_CAP = map(Decimal, ("0.01", "1", "0", "Infinity"))


def percent(old: Decimal, new: Decimal) -> Decimal | None:
    """How much more, in hundredths, to two places; None: from nothing there is no measure."""
    measured = old and old.is_finite() and new.is_finite()
    return ((new - old) * 100 / abs(old)).quantize(_CENT) if measured else None


# ── Rates ────────────────────────────────────────────────────────────────────────────────────


def of_entry(
    before: PriceEntry | None, after: PriceEntry | None, on: date, *, renamed: bool = False
) -> tuple[Alteration, ...]:
    """Both entries are as of their own day; `on` is the day of the later one.

    `renamed`: the page has another name for it, of which readers should hear.

    A price that the page already had dated and that now holds is a change of the rate; one that
    is dated later is `scheduled`, and so is its move to another day or its being taken back.
    """
    if before is None and after is not None:
        if after.current is None:
            return tuple(Alteration(ChangeKind.SCHEDULED, None, rate) for rate in after.scheduled)
        later = (Alteration(ChangeKind.SCHEDULED, None, rate) for rate in after.scheduled)
        return (Alteration(ChangeKind.ADDED, None, after.current), *later)
    if before is not None and after is None:
        if before.current is None:
            return tuple(
                Alteration(ChangeKind.SCHEDULED, rate, None)
                for rate in before.scheduled
                if (starts(rate) or on) > on
            )
        return (Alteration(ChangeKind.REMOVED, before.current, None),)
    assert before is not None
    assert after is not None
    return (*_of_current(before, after, renamed), *_of_schedule(before, after, on))


def _of_current(before: PriceEntry, after: PriceEntry, renamed: bool) -> tuple[Alteration, ...]:
    if after.current is None:
        return ()
    if before.current is None:
        return (Alteration(ChangeKind.ADDED, None, after.current),)
    found = of_rate(before.current, after.current)
    if found is None and renamed:
        found = Alteration(ChangeKind.RENAMED, before.current, after.current)
    return (found,) if found else ()


def of_rate(before: Rate, after: Rate) -> Alteration | None:
    """The same thing priced twice: None where the price is the same."""
    factor = before.unit.factor_to(after.unit)
    if not before.same_terms(after):
        return Alteration(ChangeKind.UNIT, before, after)
    if factor is None and same_figure(before, after):
        return None
    if factor is None or before.currency != after.currency:
        return Alteration(ChangeKind.UNIT, before, after)
    old, new = _what_moved(_sums(before, *factor), _sums(after))
    if old == new:
        return None
    kind = ChangeKind.RATE_UP if new > old else ChangeKind.RATE_DOWN
    return Alteration(kind, before, after, percent(old, new))


def _sums(rate: Rate, n: Decimal = _ONE, d: Decimal = _ONE) -> tuple[Decimal, ...]:
    """What makes up a price, amounts times n / d, the most telling first; more of any is dearer."""
    amount, terms = rate.amount * n / d, rate.terms
    return (
        rate.percent or _NOTHING,
        amount,
        amount if rate.upper is None else rate.upper * n / d,
        terms.minimum or _NOTHING,
        _NO_CAP if terms.cap is None else terms.cap,
    )


def _what_moved(old: Sequence[Decimal], new: Sequence[Decimal]) -> tuple[Decimal, Decimal]:
    """The first sum that differs; of equal ones the last."""
    both = list(zip(old, new, strict=True))
    return next((pair for pair in both if pair[0] != pair[1]), both[-1])


def _of_schedule(before: PriceEntry, after: PriceEntry, on: date) -> tuple[Alteration, ...]:
    old, new = [], list(after.scheduled)
    for plan in before.scheduled:
        same = next((other for other in new if _same_plan(plan, other)), None)
        if same is not None:
            new.remove(same)
        elif not _arrived(plan, after, on):
            old.append(plan)
    found = []
    while old or new:
        gone, came = _next(old, new)
        found.append(
            Alteration(
                ChangeKind.SCHEDULED,
                gone,
                came,
                percent(gone.amount, came.amount) if gone and came else None,
            )
        )
    return tuple(found)


def _next(old: list[Rate], new: list[Rate]) -> tuple[Rate | None, Rate | None]:
    """A plan and what it moved to: the same day or the same amount; else it just came or went."""
    if not old:
        return None, new.pop(0)
    gone = old.pop(0)
    for rate in new:
        if starts(rate) == starts(gone) or rate.same_price(gone):
            new.remove(rate)
            return gone, rate
    return gone, None


def _same_plan(one: Rate, other: Rate) -> bool:
    return one.same_price(other) and starts(one) == starts(other)


def _arrived(plan: Rate, after: PriceEntry, on: date) -> bool:
    """The day has come, and the page says no longer "will be" but "is"."""
    return (
        after.current is not None and (starts(plan) or on) <= on and after.current.same_price(plan)
    )


# ── Other facts ──────────────────────────────────────────────────────────────────────────────


def of_availability(
    before: Availability | None, after: Availability | None, on: date
) -> Alteration | None:
    """A row that leaves the page once its product is on its way out is no news, nor is a month that
    is made an exact day.
    """
    if before is not None and after is None and _is_ending(before, on):
        return None
    if before is not None and after is not None and _say_the_same(before, after):
        return None
    return Alteration(ChangeKind.AVAILABILITY, before, after)


def _is_ending(fact: Availability, on: date) -> bool:
    past = fact.shutdown_on is not None and fact.shutdown_on.is_over(on)
    return past or fact.stage in (Stage.DEPRECATED, Stage.RETIRED)


def _say_the_same(before: Availability, after: Availability) -> bool:
    dates = ("announced_on", "shutdown_on", "shutdown_not_before")
    return _says(before) == _says(after) and all(
        _agree(getattr(before, name), getattr(after, name)) for name in dates
    )


def _agree(one: StatedDate | None, other: StatedDate | None) -> bool:
    return one == other if one is None or other is None else one.agrees(other)


def _says(fact: Availability) -> tuple[object, ...]:
    return fact.stage, fact.replacement, fact.exceptions, fact.regions


def of_limit(before: Limit | None, after: Limit | None) -> Alteration | None:
    if before is not None and after is not None:
        if (before.amount, before.unit) == (after.amount, after.unit):
            return None
        if before.amount is not None and after.amount is not None and before.unit == after.unit:
            return Alteration(ChangeKind.LIMIT, before, after, percent(before.amount, after.amount))
    return Alteration(ChangeKind.LIMIT, before, after)


def of_incident(before: Incident | None, after: Incident | None, since: date) -> Alteration | None:
    """Opened or resolved. What drops out of a feed is old; what was over before `since` too."""
    if after is None:
        return None
    if before is None:
        over = after.resolved_at is not None and after.resolved_at.date() < since
        return None if over else Alteration(ChangeKind.INCIDENT, None, after)
    if (before.resolved_at is None) == (after.resolved_at is None):
        return None
    return Alteration(ChangeKind.INCIDENT, before, after)


def of_passage(before: Passage | None, after: Passage | None) -> Alteration | None:
    if before is not None and after is not None and before.text.split() == after.text.split():
        return None
    return Alteration(ChangeKind.PASSAGE, before, after)


def of_multiplier(before: Multiplier | None, after: Multiplier | None) -> Alteration | None:
    """All prices that it is about move with it."""
    if before is None or after is None:
        kind = ChangeKind.ADDED if before is None else ChangeKind.REMOVED
        return Alteration(kind, before, after)
    old, new = before.factor, after.factor
    if old == new:
        return None
    kind = ChangeKind.RATE_UP if new > old else ChangeKind.RATE_DOWN
    return Alteration(kind, before, after, percent(old, new))
