"""Rates by what they cost: of many, those that may be the price that a sentence states again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from fractions import Fraction

from ratewire.model import Rate

__all__ = ["Priced"]


class Priced:
    """Rates by their figure, and by their price for one of what they are for."""

    def __init__(self, rates: Iterable[Rate]) -> None:
        self._found: dict[Hashable, dict[tuple[str, ...], Rate]] = defaultdict(dict)
        self._named: dict[tuple[str, ...], Rate] = {}
        self._order: dict[tuple[str, ...], int] = {}
        for rate in rates:
            self.add(rate)

    def add(self, rate: Rate) -> None:
        """One more, or one in the stead of that of its name."""
        if earlier := self._named.get(rate.identity):
            for key in _keys(earlier):
                del self._found[key][rate.identity]
        self._named[rate.identity] = rate
        self._order.setdefault(rate.identity, len(self._order))
        for key in _keys(rate):
            self._found[key][rate.identity] = rate

    def like(self, rate: Rate) -> list[Rate]:
        """Those of the same figure or price, in the order in which they were added."""
        found = {name: each for key in _keys(rate) for name, each in self._found[key].items()}
        return sorted(found.values(), key=lambda each: self._order[each.identity])


def _keys(rate: Rate) -> Iterator[Hashable]:
    """Equal for rates of one figure, and for those of one price."""
    yield rate.amount, rate.currency, rate.percent
    count, things = rate.unit.normal
    yield things, Fraction(rate.amount) / Fraction(count), rate.currency, rate.percent
