"""Every figure of a document with its place as printed. Nothing is decided here.

A figure is an amount of money, a percentage, a word that stands for nothing to pay (`Free`), or a
bare number in a table. No figure depends on another, and none that a reader sees is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from ratewire.model import Figure, Place, Role, Shown
from ratewire.read.document import NOWHERE, Block, Cell, Document, Grid, Table, Text
from ratewire.read.figures.marks import Mark, marks_of
from ratewire.read.lexicon import fold, lexicon
from ratewire.read.numerals import has_digit
from ratewire.read.quantities import find_amounts, find_currency, parse_number, read_cell
from ratewire.read.stage_words import stage_of_remark
from ratewire.read.statements import sentences

__all__ = ["Spot", "inventory", "number_cells"]

_NEGATIVE = re.compile(r"[-\u2212\u2013]\s?\d[\d.,]{0,12}")
_MARKED = re.compile(r"(?P<number>\d[\d.,]{0,12})\s?(?:[™®©℠]|\((?P<badge>[^()]{1,20})\))")
"""A number with a trade mark or a short remark behind it."""
_NEAR = 12
"""Words of a short text that may name what stands under it."""
_LONGEST_BARE = 60
"""Characters of a line of a cell whose bare numbers are figures."""
_LONGEST_LABEL = 160
"""Characters of a label, head or caption that are kept."""
_MOST_WORDS = 40
"""Cells of a row that are kept with each of its figures."""


class _Found(NamedTuple):
    """A figure in its own line, of which it is not yet known where that stands."""

    text: str
    words: str
    number: int
    values: tuple[Decimal, ...]
    role: Role


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a reader found a figure in the document: which block and cell, and its words there."""

    block: int
    cell: tuple[int, int]
    """Row and column of the cell as printed; (-1, -1) in text."""
    text: str


def number_cells(document: Document) -> None:
    """Tell each cell its row and column; a spanned cell its first ones. Cells are made before it is
    known where they will stand: heads that stand apart are joined to their tables last.
    """
    for block in document.blocks:
        if isinstance(block, Table):
            for at, row in enumerate(block.grid.rows):
                for column, cell in enumerate(row):
                    if cell.spot == NOWHERE:
                        object.__setattr__(cell, "spot", (at, column))


def inventory(document: Document) -> Iterator[Figure]:
    """All figures of the document, in the order of the page."""
    near = ""
    path: tuple[str, ...] = ()
    for at, block in enumerate(document.blocks):
        if block.headings != path:
            yield from _in_headings(at, block, path, document)
            path, near = block.headings, ""
        if isinstance(block, Table):
            yield from _in_table(at, block, near)
            near = block.grid.caption
        else:
            yield from _in_text(at, block, near)
            near = _short(block.text)


# ── Headings and text ────────────────────────────────────────────────────────────────────────


def _in_headings(
    at: int, block: Block, before: tuple[str, ...], document: Document
) -> Iterator[Figure]:
    """Figures in the headings that begin at a block, but for those that are blocks themselves."""
    panes, shown = _panes(block), _shown(block)
    for depth, heading in enumerate(block.headings):
        if before[: depth + 1] == block.headings[: depth + 1]:
            continue
        if any(
            isinstance(other, Text) and other.kind == "heading" and other.text == heading
            for other in document.blocks[max(0, at - 3) : at + 1]
        ):
            continue
        for found in _in_line(heading):
            place = Place(
                found.words, headings=block.headings[:depth], panes=panes, number=found.number,
                block=at, row=-1,
            )  # fmt: skip
            yield Figure(found.text, place, found.values, shown, found.role)


def _in_text(at: int, block: Text, near: str) -> Iterator[Figure]:
    labels = (_cut(block.label),) if block.label else ()
    panes, shown = _panes(block), _shown(block)
    has_figure = has_digit(block.text) or marks_of(block.text)
    lines = sentences(block.text) if has_figure else ()
    told = ((row, found) for row, line in enumerate(lines) for found in _in_line(line))
    for row, found in chain(told, ((0, old) for old in _struck(block.struck))):
        place = Place(
            found.words, labels, near=near, headings=block.headings, panes=panes,
            number=found.number, block=at, row=row,
        )  # fmt: skip
        yield Figure(found.text, place, found.values, shown, found.role)


def _in_line(line: str, *, bare: bool = False, role: Role | None = None) -> Iterator[_Found]:
    """The figures of one sentence, or of one line of a cell. `bare`: plain numbers count too;
    `role`: of all of them, where that is clear.
    """
    marks = marks_of(line, bare=bare)
    if not marks:
        return
    words = _masked(line, marks)
    for number, mark in enumerate(marks):
        own = role or (Role.LIST_PRICE if mark.struck else Role.UNREAD)
        yield _Found(mark.text, words, number, mark.values, own)


def _struck(text: str) -> Iterator[_Found]:
    return _in_line(text, bare=True, role=Role.LIST_PRICE)


def _masked(line: str, marks: Sequence[Mark]) -> str:
    parts, end = [], 0
    for mark in marks:
        parts.append(line[end : mark.start])
        end = mark.end
    parts.append(line[end:])
    words = "#".join(part.replace("#", "") for part in parts) if "#" in line else "#".join(parts)
    return " ".join(words.split())


# ── Tables ───────────────────────────────────────────────────────────────────────────────────


def _in_table(at: int, table: Table, near: str) -> Iterator[Figure]:
    grid = table.grid
    head_rows = _head_rows(grid)
    heads = [_column_heads(grid, head_rows, column) for column in range(grid.width)]
    around = " ".join((table.name, grid.caption, *table.headings[-1:], near))
    money_table = _speaks_of_money(around)
    priced = [_names_money(texts) for texts in heads]
    money = [
        priced[column] or (money_table and column > 0 and not _holds_price(texts))
        for column, texts in enumerate(heads)
    ]
    near, panes, shown = _cut(grid.caption) or near, _panes(table), _shown(table)
    group = ""
    last: tuple[str, ...] = ()
    seen: set[int] = set()
    firsts = [row[0] for row in grid.rows[head_rows:] if row]
    by_words = any(cell.line and not _is_figure(cell.text) for cell in firsts)
    for number, row in enumerate(grid.rows):
        pure = [_is_figure(cell.text) for cell in row]
        if by_words and True in pure[1:] and read_cell(row[0].text).kind == "free":
            pure[0] = False  # a plan of that name
            seen.add(id(row[0]))
        has_figure = True in pure
        labels = _labels(row, pure)
        if number >= head_rows and labels and not has_figure and _is_banner(row):
            group = labels[0]
        own = labels or last
        last = own if has_figure and own else last
        body = number >= head_rows
        beside = _beside(row, heads, pure) if body and has_figure else ()
        for column, cell in enumerate(row):
            if id(cell) in seen or not (cell.struck or _may_hold(cell.text)):
                continue
            seen.add(id(cell))
            bare = body and column > 0
            for found in _in_cell(cell, money=money[column], bare=bare, priced=priced[column]):
                place = Place(
                    found.words, own, beside, heads[column] if body else (), group, near,
                    table.headings, panes, found.number, at, number, column,
                )  # fmt: skip
                yield Figure(found.text, place, found.values, shown, found.role)


def _may_hold(text: str) -> bool:
    """A figure is digits, or a short word such as `free`, or a sign with a placeholder."""
    if not text or has_digit(text):
        return bool(text)
    return len(text) < 40 and (read_cell(text).kind == "free" or bool(marks_of(text)))


def _beside(
    row: Sequence[Cell], heads: Sequence[tuple[str, ...]], pure: Sequence[bool]
) -> tuple[str, ...]:
    """Sizes and other words of a row under their heads, but for its names and its money."""
    first = pure.index(True)
    found: dict[str, None] = {}
    for column, cell in enumerate(row):
        if len(found) == _MOST_WORDS:
            break
        if column == 0 and first > 0:
            continue
        if pure[column] and read_cell(cell.text).kind != "number":
            continue
        line = cell.line
        if line and len(line) <= _LONGEST_LABEL:
            found[" ".join((*heads[column][-1:], line))] = None
    return tuple(found)


def _in_cell(cell: Cell, *, money: bool, bare: bool, priced: bool) -> Iterator[_Found]:
    """Bare numbers in a cell are figures wherever it stands, so that none comes or goes with a
    heading: `money` says which they are. Those beside words are so unless the cell is a head or a
    name (`bare`), and are money where the head of their column says so (`priced`).
    """
    kind = _kind(cell.text)
    if kind in ("free", "number"):
        text = cell.line
        number = Decimal(0) if kind == "free" else _number(text)
        values = () if number is None else (number,)
        role = Role.UNREAD if kind == "free" or money else Role.QUANTITY
        yield _Found(text, "#", 0, values, role)
    elif kind != "none":
        for line in cell.text.split("\n"):
            short = bare and len(line) < _LONGEST_BARE
            if short and not priced and not marks_of(line):
                yield from _in_line(line, bare=True, role=Role.QUANTITY)
            else:
                yield from _in_line(line, bare=short and priced)
    if cell.struck:
        yield from _struck(cell.struck)


def _head_rows(grid: Grid) -> int:
    """Rows at the top without a figure of money below which some row has one."""
    marked = grid.head_rows if grid.head_rows < len(grid.rows) else 0
    if marked:
        return marked
    first = grid.rows[0] if grid.rows else ()
    return int(len(grid.rows) > 1 and not any(_is_figure(cell.text) for cell in first))


def _column_heads(grid: Grid, head_rows: int, column: int) -> tuple[str, ...]:
    found = (_cut(row[column].line) for row in grid.rows[:head_rows])
    return tuple(dict.fromkeys(head for head in found if head))


def _labels(row: Sequence[Cell], pure: Sequence[bool]) -> tuple[str, ...]:
    """The texts that name a row: the cells before its first figure, or else those behind it."""
    first = pure.index(True) if True in pure else len(row)
    if first == 0 and True in pure[1:] and _names_a_row(row[0]):
        return (_label(row[0].line),)
    named = ["" if is_figure else cell.line for cell, is_figure in zip(row, pure, strict=True)]
    found = list(filter(None, named[:first])) or list(filter(None, named[first:]))
    return tuple(dict.fromkeys(map(_label, found[:_MOST_WORDS])))


def _names_a_row(cell: Cell) -> bool:
    """`Tax (21%)` before the amount that it is about."""
    return read_cell(cell.text).kind == "text" and any(map(str.isalpha, _label(cell.line)))


@lru_cache(maxsize=2048)
def _label(text: str) -> str:
    return _cut(_masked(text, marks_of(text)))


def _kind(text: str) -> str:
    """As `read_cell` has it; a number below zero, such as a rebate, is one as well, and so is one
    with a mark behind it.
    """
    return "number" if _NEGATIVE.fullmatch(text) else read_cell(_unmarked(text)).kind


@lru_cache(maxsize=2048)
def _unmarked(text: str) -> str:
    """Of a number with a mark behind it, `2™` or `2 (legacy)`, the number; else the text."""
    match = _MARKED.fullmatch(text.strip())
    if match is None or not (match["badge"] is None or _is_badge(match["badge"])):
        return text
    return match["number"]


def _is_badge(text: str) -> bool:
    known = lexicon("generic", "badge").exactly(text) or lexicon("stage_around", "old").exactly(
        text
    )
    return bool(known or stage_of_remark(text))


def _number(text: str) -> Decimal | None:
    text = _unmarked(text)
    if _NEGATIVE.fullmatch(text):
        number = parse_number(text[1:].strip())
        return None if number is None else -number
    return parse_number(text)


@lru_cache(maxsize=4096)
def _is_figure(text: str) -> bool:
    """Whether a cell is a figure with little more than its unit."""
    kind = _kind(text)
    if kind in ("number", "free", "amounts"):
        return True
    return kind == "text" and len(text) < 60 and bool(marks_of(" ".join(text.split())))


def _is_banner(row: Sequence[Cell]) -> bool:
    """One cell across, or a name and nothing else."""
    if len(row) < 2:
        return False
    return all(cell is row[0] for cell in row) or not any(cell.line for cell in row[1:])


def _names_money(heads: Sequence[str]) -> bool:
    """Heads that speak of money over the numbers below them."""
    return _speaks_of_money(" ".join(heads)) and not _holds_price(heads)


def _holds_price(heads: Sequence[str]) -> bool:
    """A plan with its price over what it includes, `Pro · $59/month`, says nothing of the numbers
    below.
    """
    return any(map(find_amounts, heads))


@lru_cache(maxsize=2048)
def _speaks_of_money(text: str) -> bool:
    if not text:
        return False
    return bool(lexicon("price").search(fold(text))) or bool(find_currency(text))


# ── What is round a block ────────────────────────────────────────────────────────────────────


def _shown(block: Block) -> Shown:
    if block.embedded:
        return Shown.EMBEDDED
    return Shown.HIDDEN if block.hidden and not block.panes else Shown.VISIBLE


def _panes(block: Block) -> tuple[str, ...]:
    return tuple(pane.label for pane in block.panes)


def _short(text: str) -> str:
    words = text.split(None, _NEAR)
    if len(words) > _NEAR:
        return ""
    line = " ".join(words)
    return _masked(line, marks_of(line))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_LABEL else text[: _LONGEST_LABEL - 1] + "…"
