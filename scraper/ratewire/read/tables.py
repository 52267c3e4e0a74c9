"""Tables to rates, as a person reads them. No table is known beforehand.

`layout.py` says which way a table runs and what its columns hold, `labels.py` what the labels of
a row say, `cells.py` which figures a cell holds; `table_rows.py` and `table_cells.py` bring them
together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ratewire.model import PERIODS
from ratewire.read.cells import holds_money
from ratewire.read.continued import with_heads
from ratewire.read.document import Table
from ratewire.read.drafts import Draft
from ratewire.read.layout import Frame, lay_out
from ratewire.read.lexicon import fold, lexicon
from ratewire.read.meters import read_heading
from ratewire.read.page import PageContext, section_is_no_price_list
from ratewire.read.quantities import find_amounts, read_cell
from ratewire.read.rivals import rivals
from ratewire.read.straightened import straightened
from ratewire.read.surroundings import is_example
from ratewire.read.table_context import Context
from ratewire.read.table_rows import read_rows, read_transposed

__all__ = ["read_table"]

_MOST_LABELS = 30
"""Rows whose labels are asked whether they name money."""


def read_table(at: int, page: PageContext) -> Iterator[Draft]:
    """The rates of the table at block `at` of the page, each with all that bears on it."""
    table = straightened(with_heads(at, page))
    prices = _names_price(table)
    if section_is_no_price_list(table.headings, names_price=prices) or not table.grid.rows:
        return
    if not _has_money(table, page) or (is_example(at, page) and not _prices_things(table)):
        return
    frame = lay_out(table, page, _speaks_of_money(at, table, page))
    if frame is None:
        return
    frame = _without_rivals(frame, page)
    context = Context.of(at, table, page)
    yield from (read_transposed if frame.transposed else read_rows)(frame, context)


def _without_rivals(frame: Frame, page: PageContext) -> Frame:
    """The layout without the columns and rows that hold another company's prices."""
    at = frame.roles.index("product") if "product" in frame.roles else 0
    labels = (row[at].line for row in frame.body)
    if rows := rivals(labels, page.own, page.compared):
        frame = replace(frame, body=tuple(r for r in frame.body if r[at].line not in rows))
    others = rivals(frame.heads[1:], page.own, (*page.compared, *_guessed(frame)))
    if not others:
        return frame
    roles = tuple(
        "skip" if head in others and role == "price" else role
        for head, role in zip(frame.heads, frame.roles, strict=True)
    )
    return replace(frame, roles=roles, skipped=frozenset(others))


def _guessed(frame: Frame) -> Iterator[str]:
    """Heads of columns whose prices are all but about so much: nobody says so of his own."""
    for column, head in enumerate(frame.heads):
        found = [amount for row in frame.body for amount in read_cell(row[column].text).amounts]
        if found and all(amount.qualifier == "about" for amount in found):
            yield fold(head)


def _has_money(table: Table, page: PageContext) -> bool:
    if any(holds_money(cell) for row in table.grid.rows for cell in row):
        return True
    stated = page.about_money or (page.money.stated and _names_price(table))
    return stated or _named_for_money(table) or _heads_name_money(table)


def _prices_things(table: Table) -> bool:
    """Every price says per what, and most per a thing and not a period alone: no sums are so."""
    lines = (cell.line for row in table.grid.rows for cell in row)
    found = [amount.unit for line in lines for amount in find_amounts(line)]
    units = [unit for unit in found if unit]
    things = sum(not PERIODS.issuperset(unit.things) for unit in units)
    return bool(found) and len(units) == len(found) and things * 2 > len(units)


def _heads_name_money(table: Table) -> bool:
    """`Unit price (USD)` over bare numbers."""
    rows = table.grid.rows
    heads = {cell.line for row in rows[: max(table.grid.head_rows, 1)] for cell in row}
    heads |= {row[0].line for row in rows[:_MOST_LABELS]}
    meant = map(read_heading, heads)
    return any(meter.currency and (meter.priced or meter.unit) for meter in meant)


def _names_price(table: Table) -> bool:
    """A head or a label is a word for price and nothing else."""
    rows = table.grid.rows
    heads = {cell.line for row in rows[: max(table.grid.head_rows, 1)] for cell in row}
    heads |= {row[0].line for row in rows[:_MOST_LABELS]}
    return any(meant.priced and not meant.other for meant in map(read_heading, heads))


def _named_for_money(table: Table) -> bool:
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", table.name)
    words = " ".join((name, table.grid.caption, *table.headings[-1:]))
    return bool(lexicon("price").search(fold(words)))


def _speaks_of_money(at: int, table: Table, page: PageContext) -> bool:
    """Whether numbers without a currency may be prices here: something near says so."""
    near = table.embedded or page.money.stated or _named_for_money(table)
    near = near or (page.about_money and bool(page.currency) and _names_price(table))
    return near or page.unit_near(at) is not None
