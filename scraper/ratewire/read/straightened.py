"""Tables as lists of prices with nothing between: without a column that only counts the rows, and
with lists that stand side by side one below the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ratewire.read.cells import is_price
from ratewire.read.document import Cell, Grid, Table
from ratewire.read.lexicon import fold, lexicon
from ratewire.read.meters import read_heading
from ratewire.read.quantities import read_cell

__all__ = ["straightened"]

_FEWEST_ROWS = 3


def straightened(table: Table) -> Table:
    """The table with one label before its prices in every row; itself where it has them so."""
    grid = _side_by_side(_without_numbers(table.grid))
    return table if grid is table.grid else replace(table, grid=grid)


def _without_numbers(grid: Grid) -> Grid:
    """`# | Service | Price` over 1, 2, 3: the numbers tell the rows apart, and name nothing."""
    head, body = grid.rows[: grid.head_rows], grid.rows[grid.head_rows :]
    if not head and body and not body[0][0].line.isdigit():
        head, body = body[:1], body[1:]
    if grid.width < 3 or len(body) < _FEWEST_ROWS:
        return grid
    above = {row[0].line for row in head}
    if not all(not text or lexicon("column", "number").exactly(text) for text in above):
        return grid
    numbers = [row[0].line.rstrip(".)") for row in body if row[0].line]
    if len(numbers) < _FEWEST_ROWS or not all(number.isdecimal() for number in numbers):
        return grid
    if [int(number) for number in numbers] != list(range(1, len(numbers) + 1)):
        return grid
    rows = tuple(row[1:] for row in grid.rows)
    reach = tuple(max(each - 1, 0) for each in grid.reach)
    return replace(grid, rows=rows, width=grid.width - 1, reach=reach)


def _side_by_side(grid: Grid) -> Grid:
    """`Wash | Price | Dry | Price`: each price is that of the name right before it."""
    if grid.head_rows != 1 or grid.width < 4 or grid.width % 2:
        return grid
    head, body = grid.rows[0], grid.rows[1:]
    pairs = range(0, grid.width, 2)
    if len({fold(head[at + 1].line) for at in pairs}) != 1:
        return grid
    price = read_heading(head[1].line)
    if not (price.priced or price.currency) or price.other:
        return grid
    if not all(_is_list(body, at) for at in pairs):
        return grid
    rows: list[tuple[Cell, ...]] = [head[:2]]
    for at in pairs:
        if head[at].line and fold(head[at].line) != fold(head[0].line):
            rows.append((head[at], head[at]))
        rows += [row[at : at + 2] for row in body if row[at].line or row[at + 1].line]
    return Grid(tuple(rows), 2, 1, grid.caption)


def _is_list(body: Sequence[Sequence[Cell]], at: int) -> bool:
    """Names in one column, and their prices in the next."""
    priced = [row for row in body if is_price(row[at + 1])]
    return bool(priced) and all(read_cell(row[at].text).kind == "text" for row in priced)
