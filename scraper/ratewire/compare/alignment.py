"""Two captures while their figures are paired."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ratewire.compare.places import Printed

__all__ = ["MANY", "Alignment", "pair_best"]

MANY = 40_000
"""Pairs of rows or sentences that are weighed against each other at the most."""


@dataclass
class Alignment:
    """The figures of two captures; `later[i]` is the number of the later one of earlier `i`."""

    before: Sequence[Printed]
    after: Sequence[Printed]
    later: dict[int, int] = field(default_factory=dict)
    earlier: dict[int, int] = field(default_factory=dict)

    def pair(self, one: Printed, other: Printed) -> None:
        self.later[one.number] = other.number
        self.earlier[other.number] = one.number

    @property
    def gone(self) -> list[Printed]:
        return [each for each in self.before if each.number not in self.later]

    @property
    def came(self) -> list[Printed]:
        return [each for each in self.after if each.number not in self.earlier]

    @property
    def pairs(self) -> Iterator[tuple[Printed, Printed]]:
        for one, other in sorted(self.later.items()):
            yield self.before[one], self.after[other]


def pair_best(found: Alignment, scored: list[tuple[float, Printed, Printed]]) -> None:
    scored.sort(key=lambda item: (-item[0], item[1].number, item[2].number))
    for _, one, other in scored:
        if one.number not in found.later and other.number not in found.earlier:
            found.pair(one, other)
