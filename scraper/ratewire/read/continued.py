"""A table that goes on where another stopped, without its head."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from ratewire.read.cells import holds_money
from ratewire.read.document import Cell, Grid, Table
from ratewire.read.page import PageContext

__all__ = ["with_heads"]

_BACK = 40
"""How many blocks above it the table with the head may stand."""


def with_heads(at: int, page: PageContext) -> Table:
    """The table at block `at`; one that begins with prices and has the row labels of a table
    above it, as wide as it is, under that table's head.
    """
    table = page.document.blocks[at]
    assert isinstance(table, Table)
    grid = table.grid
    if grid.head_rows or len(grid.rows) < 2 or not any(map(holds_money, grid.rows[0])):
        return table
    for above in reversed(page.document.blocks[max(0, at - _BACK) : at]):
        if isinstance(above, Table) and _goes_on(above.grid, grid):
            heads = tuple(takewhile(_is_head, above.grid.rows[: above.grid.head_rows]))
            rows = (*heads, *grid.rows)
            return replace(table, grid=replace(grid, rows=rows, head_rows=len(heads), reach=()))
    return table


def _is_head(row: Sequence[Cell]) -> bool:
    """No banner: no one cell across."""
    return len({cell.line for cell in row}) > 1


def _goes_on(above: Grid, grid: Grid) -> bool:
    if above.width != grid.width or not above.head_rows or not _is_head(above.rows[0]):
        return False
    named = {row[0].line for row in above.rows[above.head_rows :]}
    return all(row[0].line in named for row in grid.rows)
