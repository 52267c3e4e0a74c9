"""Cells and sentences that lost their price, and stand."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from ratewire.compare.alignment import Alignment
from ratewire.compare.places import Printed, without_money
from ratewire.model import Lines, Rate, Shown, marks_of

__all__ = ["emptied", "without_price"]

_LEAST_WORDS = 5
"""Words by which a sentence is known though its price is gone."""


def emptied(
    aligned: Alignment, goes_on: Collection[tuple[str, ...]], later: Lines
) -> Iterator[Printed]:
    """Prices that are gone from a row of a table while table and label stand. `goes_on`: recorded
    names of the rates that another figure prints.
    """
    standing = {one.block for one, _ in aligned.pairs if one.is_cell}
    for one in aligned.gone:
        place, names = one.figure.place, one.figure.rates
        if not one.is_cell or one.block not in standing or one.figure.shown is not Shown.VISIBLE:
            continue
        label = marks_of(place.labels[:1])
        if names and all(name in goes_on for name in names) and all(map(later.count, label)):
            yield one


def without_price(rate: Rate, lines: tuple[Lines, Lines]) -> str:
    """The sentence from which a rate was read, where the later capture has it without an amount,
    and as often as the earlier: the page goes on asking for money, and does not say how much.
    Empty: it has no such sentence.
    """
    said = " ".join(without_money(rate.evidence.excerpt).split())
    prose = rate.evidence.rules[:1] and rate.evidence.rules[0].startswith("prose")
    if not prose or said == rate.evidence.excerpt or len(said.split()) < _LEAST_WORDS:
        return ""
    earlier, later = lines
    marks = marks_of((said,))
    return said if all(later.count(mark) >= max(earlier.count(mark), 1) for mark in marks) else ""
