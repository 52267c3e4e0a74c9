"""Two captures while their figures are paired."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

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

    @cached_property
    def blocks_before(self) -> Mapping[int, Sequence[Printed]]:
        """By table or text block all its figures, so that work on one passes by the others."""
        return _by_block(self.before)

    @cached_property
    def blocks_after(self) -> Mapping[int, Sequence[Printed]]:
        return _by_block(self.after)

    def gone_from(self, block: int) -> list[Printed]:
        figures = self.blocks_before.get(block, ())
        return [each for each in figures if each.number not in self.later]

    def came_to(self, block: int) -> list[Printed]:
        figures = self.blocks_after.get(block, ())
        return [each for each in figures if each.number not in self.earlier]

    def pairs_between(self, old: int, new: int) -> Iterator[tuple[Printed, Printed]]:
        """What was found of one block in the other."""
        for one in self.blocks_before.get(old, ()):
            number = self.later.get(one.number)
            if number is not None and self.after[number].block == new:
                yield one, self.after[number]

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


def _by_block(figures: Iterable[Printed]) -> Mapping[int, Sequence[Printed]]:
    blocks: dict[int, list[Printed]] = defaultdict(list)
    for each in figures:
        blocks[each.block].append(each)
    return dict(blocks)


def pair_best(found: Alignment, scored: list[tuple[float, Printed, Printed]]) -> None:
    scored.sort(key=lambda item: (-item[0], item[1].number, item[2].number))
    for _, one, other in scored:
        if one.number not in found.later and other.number not in found.earlier:
            found.pair(one, other)
