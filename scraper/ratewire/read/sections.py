"""Tables that hold several lists under heads of their own, and heads that no markup tells.

A converter makes plain cells of everything: a row across that says what the table is about, a
head of two rows, a further head amid the rows, under which the columns mean something else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import takewhile

from ratewire.read.document import Cell, Grid
from ratewire.read.meters import read_heading
from ratewire.read.quantities import find_amounts, read_cell

__all__ = ["sections"]

_LONGEST = 40
"""Characters of a heading amid the rows."""
_BELOW = 12
"""Rows below a head that are looked at for a figure."""
_VALUES = frozenset({"number", "amounts", "free"})

Row = Sequence[Cell]


def sections(grid: Grid) -> tuple[tuple[tuple[str, ...], Grid], ...]:
    """The lists of a table, each with the lines that stand across it, above its head."""
    heads = [at for at in range(grid.head_rows, len(grid.rows)) if _is_head(grid, at)]
    if not heads or (heads == [0] and _height(grid, 0) == 1):
        return (((), grid),)
    found: list[tuple[tuple[str, ...], Grid]] = []
    for start, end in _ranges(grid, heads):
        top = _first_below_titles(grid, start) if start in _title_starts(grid, heads) else start
        titles = tuple(row[0].line for row in grid.rows[start:top])
        part = _part(grid, top, end)
        above = found[-1][1] if found else None
        found.append((titles, _with_upper_head(part, above) if above else part))
    return tuple(found)


def _with_upper_head(part: Grid, above: Grid) -> Grid:
    """A head that calls two columns the same, under the head of the list above, which tells them
    apart.
    """
    if not part.head_rows or not above.head_rows:
        return part
    named = [cell.line for cell in part.rows[0] if _is_priced(cell.line)]
    if len(set(named)) == len(named):
        return part
    rows = (*above.rows[: above.head_rows], *part.rows)
    reach = (*above.reach[: above.head_rows], *part.reach) if part.reach else ()
    return replace(part, rows=rows, head_rows=above.head_rows + part.head_rows, reach=reach)


def _ranges(grid: Grid, heads: Sequence[int]) -> Iterator[tuple[int, int]]:
    starts = sorted({0, *_title_starts(grid, heads)})
    yield from zip(starts, [*starts[1:], len(grid.rows)], strict=True)


def _title_starts(grid: Grid, heads: Sequence[int]) -> list[int]:
    """Where each head begins, the lines across above it counted in."""
    return [at - sum(1 for _ in takewhile(_is_across, _above(grid, at))) for at in heads]


def _above(grid: Grid, at: int) -> Iterator[Row]:
    """The rows above one, from the nearest up to the marked head."""
    return reversed(grid.rows[grid.head_rows : at])


def _first_below_titles(grid: Grid, start: int) -> int:
    return next(at for at in range(start, len(grid.rows)) if not _is_across(grid.rows[at]))


def _part(grid: Grid, start: int, end: int) -> Grid:
    marked = grid.head_rows if start < grid.head_rows else 0
    head_rows = marked or (_height(grid, start) if _is_head(grid, start) else 0)
    return replace(
        grid, rows=grid.rows[start:end], head_rows=head_rows, reach=grid.reach[start:end]
    )


def _is_head(grid: Grid, at: int) -> bool:
    """A row of words alone, one of which names a price over figures."""
    row = grid.rows[at]
    if any(cell.head or read_cell(cell.text).kind in _VALUES for cell in reversed(row)):
        return False  # nearly always a price, which stands behind its label
    lines = {cell.line for cell in row} - {""}
    if len(lines) < 2 or any(len(line) > _LONGEST for line in lines) or _is_priced(row[0].line):
        return False
    if any(find_amounts(line) for line in lines):
        return False
    priced = [column for column in range(1, grid.width) if _is_priced(row[column].line)]
    below = grid.rows[at + 1 : at + 1 + _BELOW] if priced else ()
    return any(read_cell(each[column].text).kind in _VALUES for each in below for column in priced)


def _is_priced(line: str) -> bool:
    """Names a price, and nothing that it is the price of."""
    meant = read_heading(line)
    return meant.priced and not meant.other and not meant.is_token_meter


def _height(grid: Grid, at: int) -> int:
    """Rows of a head: those that cells of its first row hang down into, while words stand there."""
    height = 1
    while at + height < len(grid.rows):
        above, row = grid.rows[at + height - 1], grid.rows[at + height]
        hanging = any(cell.line and cell is other for cell, other in zip(row, above, strict=True))
        if not hanging or any(read_cell(cell.text).kind in _VALUES for cell in row):
            return height
        height += 1
    return height


def _is_across(row: Row) -> bool:
    """One cell across, without a figure of money."""
    return len(row) > 1 and all(cell is row[0] for cell in row) and not find_amounts(row[0].text)
