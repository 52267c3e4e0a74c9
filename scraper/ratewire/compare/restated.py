"""Prices that a page states twice: figures that say the same, and what is still said of a rate
whose own figure is gone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping

from ratewire.compare.alignment import Alignment
from ratewire.compare.alike import is_labelled, same_text, speaks_of
from ratewire.compare.followed import Identity
from ratewire.compare.places import Printed
from ratewire.model import Rate

__all__ = ["RestatedFigures", "still_stated"]


class RestatedFigures:
    """Figures of one side by what they say."""

    def __init__(self, figures: Iterable[Printed]) -> None:
        self.by_words: dict[Hashable, list[Printed]] = defaultdict(list)
        for figure in figures:
            self.by_words[figure.said].append(figure)

    def of(self, figure: Printed) -> Printed | None:
        return next(filter(figure.is_twin, self.by_words.get(figure.said, ())), None)


def still_stated(
    aligned: Alignment,
    old: Mapping[Identity, Rate],
    rates: Mapping[Identity, Rate],
    followed_by: Mapping[Identity, Identity],
) -> Iterator[Rate]:
    """Rates on record whose figures are gone, and that the later capture goes on stating.

    A sentence that goes while the page goes on stating its price takes nothing away, nor does one
    of two equal rows, or a table whose figures all stand in another one. `old`: the rates on
    record; `rates`: those of the later capture; `followed_by`: recorded names to later ones.
    """

    def lost(figure: Printed) -> list[Rate]:
        names = (name for name in figure.figure.rates if name not in followed_by)
        return [old[name] for name in names if name in old]

    tables = _twins(aligned)
    twins = RestatedFigures(one for one, _ in aligned.pairs)
    stated = _stated_besides(old, rates, followed_by)
    stated += (rate for one in aligned.gone if one.is_cell for rate in lost(one))
    for one in aligned.gone:
        for rate in lost(one):
            if one.is_cell:
                repeated = one.block in tables and not is_labelled(rate.product, one)
            else:
                others = (other for other in stated if other is not rate)
                repeated = any(speaks_of(one, rate, other) for other in others)
            if repeated or twins.of(one) is not None or _is_implied(one, aligned):
                yield rate


def _stated_besides(
    old: Mapping[Identity, Rate],
    rates: Mapping[Identity, Rate],
    followed_by: Mapping[Identity, Identity],
) -> list[Rate]:
    """What sentences that go may have repeated: rates that go on, as they were; rates that are
    new; those of rows that go as well, of which it is told once, are added to them.
    """
    follows = set(followed_by.values())
    new = (rate for name, rate in rates.items() if name not in follows)
    return [*(old[name] for name in followed_by), *new]


def _is_implied(one: Printed, aligned: Alignment) -> bool:
    """Its table went, and a cell of the same figure stands in another that says all that this one
    said of it, and more.
    """
    if not one.is_cell or not one.tells or any(f.block == one.block for f, _ in aligned.pairs):
        return False
    return any(
        f.is_cell and f.same_value(one) and same_text(f, other) and one.all_words <= f.all_words
        for f, other in aligned.pairs
    )


def _twins(aligned: Alignment) -> set[int]:
    """Tables that are gone, and all of whose figures stand in tables that were there and are."""
    stayed = {one.value for one, other in aligned.pairs if one.is_cell and same_text(one, other)}
    lost: dict[int, set[object]] = defaultdict(set)
    for one in aligned.gone:
        if one.is_cell and one.tells:
            lost[one.block].add(one.value)
    left = {one.block for one, _ in aligned.pairs if one.is_cell}
    return {
        block
        for block, values in lost.items()
        if block not in left and len(values) > 2 and values <= stayed
    }
