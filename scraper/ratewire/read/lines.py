"""What a page says line by line: its sentences, rows and cells, whatever is made of them.

A fact that has no figure names the lines from which it was read, so that a comparison can tell the
page's doing from the reader's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ratewire.read.document import Cell, Document, Table, Text
from ratewire.read.statements import sentences

__all__ = ["cell_line", "lines_of", "row_line"]

_LONGEST = 80
"""Characters of a cell that is told apart by its row and column."""


def lines_of(document: Document) -> Iterator[str]:
    """All lines of a document, in the order of the page."""
    path: tuple[str, ...] = ()
    for block in document.blocks:
        if block.headings != path:
            shared = sum(a == b for a, b in zip(path, block.headings, strict=False))
            yield from block.headings[shared:]
            path = block.headings
        if isinstance(block, Table):
            yield from _of_table(block)
        else:
            yield from _of_text(block)


def _of_text(block: Text) -> Iterator[str]:
    found = sentences(block.text)
    yield from found
    if len(found) > 1:
        yield block.text


def _of_table(table: Table) -> Iterator[str]:
    grid = table.grid
    if grid.caption:
        yield grid.caption
    heads = grid.rows[max(grid.head_rows - 1, 0)] if grid.rows else ()
    for number, row in enumerate(grid.rows):
        yield row_line(row)
        body = number >= max(grid.head_rows, 1)
        for column, cell in enumerate(row):
            if not cell.text or (column and cell is row[column - 1]):
                continue
            yield cell.line
            if body and len(cell.text) <= _LONGEST:
                yield cell_line(row, heads, column)


def row_line(row: Sequence[Cell]) -> str:
    printed = (cell for at, cell in enumerate(row) if not at or cell is not row[at - 1])
    return " | ".join(filter(None, (cell.line for cell in printed)))


def cell_line(row: Sequence[Cell], heads: Sequence[Cell], column: int) -> str:
    """A cell with the label of its row and the head of its column."""
    head = heads[column].line if column < len(heads) else ""
    return f"{row[0].line} | {head} | {row[column].line}"
