"""A rate together with what the page says it was and will be: one entry for each thing priced."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from ratewire.model import Conditions, Rate

__all__ = ["DATED", "OF_PLACE", "PriceEntry", "ends", "entries", "same_figure", "starts"]

DATED = ("effective_from", "effective_to")
"""Conditions that say when, not what."""
OF_PLACE = ("section", "chapter", "caption", "row", "entry", "words")
"""Conditions that only say where on the page a rate stands."""


_PLACES = {"seat": "user", "member": "user", "person": "user"}
"""Words for one place in a team: which of them a page uses makes no other unit."""


@dataclass(frozen=True, slots=True)
class PriceEntry:
    """One thing priced: product, meter and conditions without their dates."""

    rates: tuple[Rate, ...]
    """All that the page prints of it, oldest first."""
    current: Rate | None
    """What holds on the day asked about; None: it has a price only from a later day."""
    scheduled: tuple[Rate, ...] = ()
    """What will hold, soonest first."""

    @property
    def lead(self) -> Rate:
        return self.current or self.rates[0]

    @property
    def product(self) -> str:
        return self.lead.product

    @property
    def meter(self) -> str:
        return self.lead.meter

    @property
    def conditions(self) -> Conditions:
        return self.lead.conditions.without(*DATED)

    @property
    def identity(self) -> tuple[str, str, Conditions]:
        return (self.product, self.meter, self.conditions)

    def as_of(self, current: Rate) -> PriceEntry:
        """The same entry on a day on which `current` held."""
        later = self.rates[self.rates.index(current) + 1 :]
        return PriceEntry(self.rates, current, tuple(rate for rate in later if starts(rate)))


def same_figure(one: Rate, other: Rate) -> bool:
    """One figure, its unit stated more fully on one side: `$5` and `$5 per instance and hour`.

    Not a change of the unit, but of how much the page says of it.
    """
    if _figure(one) != _figure(other):
        return False
    mine, theirs = (
        {_PLACES.get(thing, thing) for thing in rate.unit.things} - {"unit"}
        for rate in (one, other)
    )
    return mine <= theirs or theirs <= mine


def _figure(rate: Rate) -> Hashable:
    return rate.amount, rate.percent, rate.currency, rate.unit.count


def starts(rate: Rate) -> date | None:
    """The day from which it holds, where the page names one."""
    return _day(rate.conditions.get("effective_from"))


def ends(rate: Rate) -> date | None:
    """The last day on which it holds, where the page names one."""
    return _day(rate.conditions.get("effective_to"))


def entries(rates: Iterable[Rate], day: date) -> tuple[PriceEntry, ...]:
    """Gather rates into entries as they stood on `day`, in the order of the rates.

    Two undated rates of one identity and different amounts are two entries.
    """
    groups: dict[tuple[str, str, Conditions], list[Rate]] = defaultdict(list)
    for rate in rates:
        groups[rate.product, rate.meter, rate.conditions.without(*DATED)].append(rate)
    return tuple(entry for group in groups.values() for entry in _split(group, day))


def _split(group: list[Rate], day: date) -> list[PriceEntry]:
    if len(group) == 1 and not (group[0].conditions and starts(group[0])):
        return [PriceEntry((group[0],), group[0])]
    undated = [rate for rate in group if not any(map(rate.conditions.get, DATED))]
    undated.sort(key=lambda rate: Fraction(rate.amount) / Fraction(rate.unit.normal[0]))
    dated = [rate for rate in group if any(map(rate.conditions.get, DATED))]
    if not dated:
        return [PriceEntry((rate,), rate) for rate in undated]
    timeline = sorted([*undated[:1], *dated], key=lambda rate: starts(rate) or date.min)
    return [_entry(timeline, day), *(PriceEntry((rate,), rate) for rate in undated[1:])]


def _entry(timeline: list[Rate], day: date) -> PriceEntry:
    begun = [rate for rate in timeline if (starts(rate) or date.min) <= day]
    valid = [rate for rate in begun if (ends(rate) or day) >= day]
    holding = valid or begun
    return PriceEntry(
        tuple(timeline), holding[-1] if holding else None, tuple(timeline[len(begun) :])
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
