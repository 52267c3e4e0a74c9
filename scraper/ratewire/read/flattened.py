"""Rows that a converter left short: Markdown knows no rowspan, so what hung down from the row
above is gone and the cells that are left slid to the left.
"""

from __future__ import annotations

from collections.abc import Sequence

from ratewire.read.document import Cell
from ratewire.read.quantities import read_cell

__all__ = ["with_hanging_cells"]

_VALUES = frozenset({"amounts", "number", "free"})
_OPEN = frozenset({"none", "included", "custom", "contact", "unlimited"})
"""May stand in a column of values as well as in one of words."""


def with_hanging_cells(
    rows: Sequence[tuple[Cell, ...]], reach: Sequence[int], head_rows: int
) -> tuple[tuple[Cell, ...], ...]:
    """The rows, each short one with the first cells of the row above where only then its values
    stand under values and its words under words. `reach`: how many cells each row has.
    """
    full: list[tuple[Cell, ...]] = []
    for at, row in enumerate(rows):
        own = row[: reach[at]]
        slid = len(own) < len(row) and at > head_rows and _slid(own, full[-1])
        full.append(full[-1][: -len(own)] + own if slid else row)
    return tuple(full)


def _slid(cells: Sequence[Cell], above: Sequence[Cell]) -> bool:
    return _misfits(cells, above[-len(cells) :]) < _misfits(cells, above[: len(cells)])


def _misfits(cells: Sequence[Cell], others: Sequence[Cell]) -> int:
    return sum(
        _is_value(cell) is not _is_value(other)
        for cell, other in zip(cells, others, strict=True)
        if not _is_open(cell) and not _is_open(other)
    )


def _is_value(cell: Cell) -> bool:
    return read_cell(cell.text).kind in _VALUES


def _is_open(cell: Cell) -> bool:
    return read_cell(cell.text).kind in _OPEN
