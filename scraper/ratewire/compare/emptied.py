"""Cells that lost a price which the page states elsewhere still."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from ratewire.compare.alignment import Alignment
from ratewire.compare.places import Printed
from ratewire.model import Lines, Shown, marks_of

__all__ = ["emptied"]


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
