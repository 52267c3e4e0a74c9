"""Facts that have no figure, under the names on record: the same lines, no change.

Stages, limits and multipliers are read from rows and sentences together with what stands round
them. As long as the page goes on printing the lines of a fact, the fact stands as it was recorded,
whatever a later reading makes of them; and what is read of lines that stood there before is no
news. Where lines came or went the readings are compared.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from ratewire.model import Availability, Facts, Limit, Lines, Multiplier, Stage

__all__ = ["stated"]

F = TypeVar("F", Availability, Limit, Multiplier)
_STAGES = list(Stage)


def stated(
    before: Facts, after: Facts, earlier: Lines, later: Lines, on: date
) -> tuple[Facts, Facts]:
    """`after` as the record would have it, and what the earlier capture said as well though it is
    not on record. `earlier` and `later` are the lines of the two captures, `on` the later day.
    """
    if not earlier or not later:
        return after, Facts()
    if all(mine == theirs for mine, theirs in zip(_of(before), _of(after), strict=True)):
        return after, Facts()
    carrier = _Carrier(earlier, later, on)
    stages = carrier.carried(before.availability, after.availability)
    limits = carrier.carried(before.limits, after.limits)
    factors = carrier.carried(before.multipliers, after.multipliers)
    return (
        replace(after, availability=stages[0], limits=limits[0], multipliers=factors[0]),
        Facts(availability=stages[1], limits=limits[1], multipliers=factors[1]),
    )


def _of(facts: Facts) -> tuple[object, ...]:
    return facts.availability, facts.limits, facts.multipliers


@dataclass(frozen=True, slots=True)
class _Carrier:
    earlier: Lines
    later: Lines
    on: date

    def carried(
        self, before: Sequence[F], after: Sequence[F]
    ) -> tuple[tuple[F, ...], tuple[F, ...]]:
        """The later facts under the recorded names, and those that were there before."""
        news = {fact.identity: fact for fact in after}
        kept: list[F] = []
        left: list[F] = []
        for old in before:
            new = news.pop(old.identity, None)
            if new is None:
                left.append(old)
            else:
                kept.append(self._one(old, new))
        came: list[F] = list(news.values())
        same = list(_of_one_line(left, came))
        for old, new in same:
            left.remove(old)
            came.remove(new)
            kept.append(old)
        for old, new in list(_of_one_heading(same, left, came)):
            left.remove(old)
            came.remove(new)
            kept.append(replace(new, product=old.product))
        kept += (old for old in left if self._goes_on(old.evidence.lines[:1]))
        kept += came
        kept.sort(key=lambda fact: fact.identity)
        return tuple(kept), tuple(new for new in came if self._stood(new.evidence.lines))

    def _one(self, old: F, new: F) -> F:
        """Of two facts of one name the one that stands now."""
        if old == new or self._has_come(old, new):
            return new
        olds, news = old.evidence.lines, new.evidence.lines
        if _but_for_its_announcement(old, new):  # which is said elsewhere: in a heading, above
            olds, news = olds[:1], news[:1]
        return old if self._goes_on(olds) and self._stood(news) else new

    def _goes_on(self, marks: Sequence[str]) -> bool:
        """Lines of the earlier capture that the later prints as well."""
        counts = [(self.earlier.count(mark), self.later.count(mark)) for mark in marks]
        return bool(counts) and all(0 < was <= now for was, now in counts)

    def _stood(self, marks: Sequence[str]) -> bool:
        """Lines of the later capture that the earlier printed as well."""
        counts = [(self.earlier.count(mark), self.later.count(mark)) for mark in marks]
        return bool(counts) and all(0 < now <= was for was, now in counts)

    def _has_come(self, old: F, new: F) -> bool:
        """The day for which the same words announced it."""
        if not isinstance(old, Availability) or not isinstance(new, Availability):
            return False
        ended = old.shutdown_on is not None and old.shutdown_on.is_over(self.on)
        begun = old.stage in (Stage.ANNOUNCED, Stage.PREVIEW)
        return _STAGES.index(new.stage) > _STAGES.index(old.stage) and (ended or begun)


def _but_for_its_announcement(old: F, new: F) -> bool:
    if not isinstance(old, Availability) or not isinstance(new, Availability):
        return False
    return replace(old, announced_on=new.announced_on) == new


def _of_one_line(olds: Iterable[F], news: Iterable[F]) -> Iterator[tuple[F, F]]:
    """Facts that were read of the very same lines, where there are as many on either side: first
    those that differ in whom they are about alone.
    """
    gone, came = list(olds), list(news)
    for key in (_but_for_whom, _by_lines):
        theirs = _grouped(key, came)
        for name, mine in _grouped(key, gone).items():
            if len(mine) != len(theirs.get(name, ())):
                continue
            for old, new in zip(mine, theirs[name], strict=True):
                gone.remove(old)
                came.remove(new)
                yield old, new


def _of_one_heading(
    same: Iterable[tuple[F, F]], olds: Iterable[F], news: Iterable[F]
) -> Iterator[tuple[F, F]]:
    """Facts that say another thing now under another heading, beside some that say the same: all
    of them are about what they were about.
    """
    about: dict[str, set[str]] = defaultdict(set)
    for old, new in same:
        about[new.product].add(old.product)
    gone = {old.identity: old for old in olds}
    for new in news:
        if len(about[new.product]) == 1:
            (product,) = about[new.product]
            name = replace(new, product=product).identity
            if name in gone:
                yield gone.pop(name), new


def _but_for_whom(fact: F) -> Hashable:
    return fact.evidence.lines, fact.identity[1:]


def _by_lines(fact: F) -> Hashable:
    return fact.evidence.lines


def _grouped(key: Callable[[F], Hashable], facts: Iterable[F]) -> dict[Hashable, list[F]]:
    found: dict[Hashable, list[F]] = defaultdict(list)
    for fact in facts:
        if fact.evidence.lines:
            found[key(fact)].append(fact)
    return found
