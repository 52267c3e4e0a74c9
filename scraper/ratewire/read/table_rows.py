"""The cells of a table that hold prices, each with what its row and its column say: of a table
whose rows are products, and of one whose columns are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import takewhile

from ratewire.model import Unit
from ratewire.read.cells import common_unit, holds_money, is_free, is_nothing, unnamed_meters
from ratewire.read.document import Cell
from ratewire.read.drafts import Draft
from ratewire.read.labels import RowLabels, continuation, read_labels
from ratewire.read.layout import (
    Frame,
    banner,
    fresh_heads,
    heading_meter,
    is_priced,
    row_takes_numbers,
)
from ratewire.read.lexicon import has_any, lexicon, slug, unbracketed
from ratewire.read.meters import NOTHING, Metered, is_measure, is_meter_only, is_unit_only, merge
from ratewire.read.names import name_line, read_label
from ratewire.read.page import PageContext
from ratewire.read.quantities import find_amounts, find_unit, read_cell
from ratewire.read.remarks import further_price
from ratewire.read.table_cells import read_cell_rates
from ratewire.read.table_context import Context
from ratewire.read.voids import is_no_rate

__all__ = ["read_rows", "read_transposed"]

_LONGEST_VALUE = 8
"""Words."""
_LONG = frozenset({"day", "week", "month", "quarter", "year"})
_MODEL = re.compile(r"[^\W\d]-\w|[^\W\d] ?\d")
"""What no heading over mere values has: `orlo-chat`, `Orlo 2`."""


# ── rows are products ────────────────────────────────────────────────────────────────────────


def read_rows(frame: Frame, context: Context) -> Iterator[Draft]:
    page = context.page
    group = ""
    last_product = ""
    units: dict[int, Unit | None] = {}
    """By column what all its prices are for."""
    meters, heads = frame.meters, frame.heads
    kinds = tuple(map(str, meters))
    for row in frame.body:
        if title := banner(row):
            group = title
            continue
        if meters and (fresh := fresh_heads(row, frame, page)):
            heads, meters = fresh
            kinds = tuple(map(str, meters))
            frame = replace(frame, heads=heads)
            continue
        labels = [(column, row[column]) for column, role in enumerate(frame.roles)
                  if role not in ("price", "skip", "remark")]  # fmt: skip
        product_cell = next((cell for c, cell in labels if frame.roles[c] == "product"), None)
        product_text = product_cell.text if product_cell and product_cell.line else last_product
        further = continuation(product_text) if last_product else ""
        product_text = last_product if further else product_text
        last_product = product_text
        if product_text and is_no_rate(name_line(product_text), row):
            continue
        said = read_labels(product_text, labels, frame, group, context.named, page, further)
        beside = [cell for cell, role in zip(row, frame.roles, strict=True) if role == "price"]
        for column, cell, meter in _figures(row, frame, meters, kinds):
            named = page.money.named(heads[column]) or meter.currency
            bare = named or said.currency or page.currency or "USD"
            bare = bare if column in frame.bare else ""
            words, shared = said, None
            if is_nothing(cell):
                if column not in units:
                    units[column] = common_unit(each[column] for each in frame.body)
                shared = common_unit(beside)
                words = replace(said, unit=said.unit or shared or units[column])
            meant = replace(meter, unit=shared) if shared else meter
            yield from read_cell_rates(cell, meant, words, heads[column], context, bare)
        for column, role in enumerate(frame.roles):
            if role == "remark" and (priced := further_price(row[column])):
                head = heads[frame.roles.index("price")]
                yield from read_cell_rates(priced, Metered(priced=True), said, head, context)


def _figures(
    row: Sequence[Cell], frame: Frame, meters: Sequence[Metered], kinds: Sequence[str]
) -> Iterator[tuple[int, Cell, Metered]]:
    """`kinds`: of each meter what is the same for equal ones; made once for all rows."""
    columns = [column for column, role in enumerate(frame.roles) if role == "price"]
    if meters:
        seen: set[tuple[int, str]] = set()
        for column in columns:
            key = (id(row[column]), kinds[column])
            unnamed = not frame.heads[column] and any(key[0] == at for at, _ in seen)
            if key not in seen and not unnamed:
                seen.add(key)
                yield column, row[column], meters[column]
        return
    tail = columns
    while tail and not row[tail[-1]].line:
        tail = tail[:-1]
    names = unnamed_meters(tuple(row[column] for column in tail))
    for column, name in zip(tail, names, strict=True):
        direction, _, cached = name.partition(".")
        if direction not in ("input", "output"):
            yield column, row[column], Metered(other=name, priced=True)
        else:
            meter = Metered(direction=direction, cache=cached, priced=True)
            yield column, row[column], meter


# ── columns are products ─────────────────────────────────────────────────────────────────────


def read_transposed(frame: Frame, context: Context) -> Iterator[Draft]:
    first = _first_value(frame)
    columns = [
        column
        for column in range(first, len(frame.heads))
        if frame.heads[column]
        and frame.heads[column] not in frame.skipped
        and not is_no_rate(unbracketed(frame.heads[column]))
        and not lexicon("not_a_rate", "before_now").exactly(unbracketed(frame.heads[column]))
        and any(is_priced(row, column) or is_free(row[column]) for row in frame.body)
    ]
    named = {column: _column_labels(column, first, frame, context) for column in columns}
    named |= {
        column: replace(said, unit=said.unit or _term(column, frame))
        for column, said in named.items()
    }
    group = ""
    for row in frame.body:
        if title := banner(row):
            group = title
            continue
        if not any(is_priced(row, column) for column in columns):
            continue
        texts = _row_words(row, first)
        if is_no_rate(" ".join(texts), row):
            continue
        meter, conditions = _row_meter(texts, frame, context.page)
        if not meter.says_something and any(_tells_more(row[c]) for c in columns):
            continue
        if is_unit_only(" ".join(texts)) and not meter.priced and context.section:
            conditions = {**conditions, "section": context.section}
        money = meter.currency or context.page.currency or "USD"
        bare = money if row_takes_numbers(row[0].line) else ""
        done: set[tuple[int, str]] = set()
        unit = common_unit(row[column] for column in columns)
        for column in columns:
            said = named[column]
            if not said.label.products or (id(row[column]), frame.heads[column]) in done:
                continue
            done.add((id(row[column]), frame.heads[column]))
            said = replace(
                said, conditions={**said.conditions, **conditions},
                spare=(("group", slug(group)),) if group else (),
                words=tuple(filter(None, (group, frame.heads[column]))),
            )  # fmt: skip
            if is_nothing(row[column]):
                said = replace(said, unit=said.unit or unit)
            yield from read_cell_rates(row[column], meter, said, " ".join(texts), context, bare)


def _term(column: int, frame: Frame) -> Unit | None:
    """For how long a row of the table says that what a column names is sold: `Valid | 1 month`."""
    for row in frame.body:
        if row[0].line and lexicon("column").exactly(row[0].line) == "term":
            found = find_unit(f"per {row[column].line}")
            return found[0] if found and _LONG.issuperset(found[0].things) else None
    return None


def _tells_more(cell: Cell) -> bool:
    """A sentence rather than a value: long, and no price with its unit at its start."""
    if len(unbracketed(cell.line).split()) <= _LONGEST_VALUE:
        return False
    amounts = find_amounts(cell.line)
    return not (amounts and amounts[0].start == 0 and amounts[0].unit)


def _row_words(row: Sequence[Cell], first: int) -> tuple[str, ...]:
    """A row's labels: the cells before column `first`, and what is metered right behind them,
    where a converter lost the span of the price.
    """
    slid = takewhile(lambda cell: not holds_money(cell) and is_meter_only(cell.line), row[first:])
    cells = (*row[:first], *slid)
    lines = (" ".join(name_line(cell.text).split()) for cell in cells)
    return tuple(dict.fromkeys(filter(None, lines)))


def _first_value(frame: Frame) -> int:
    """The first column that is no label: of words alone in all rows that have a price."""
    if not frame.labelled:
        return 0
    rows = [row for row in frame.body if any(map(holds_money, row))]
    labels = ("", frame.heads[0])
    for column, head in enumerate(frame.heads):
        worded = all(map(_is_words, (row[column] for row in rows)))
        if column and head not in labels and (not worded or has_any(head, "prose", "plan")):
            return column
    return 1


def _is_words(cell: Cell) -> bool:
    return read_cell(cell.text).kind == "text"


def _column_labels(column: int, first: int, frame: Frame, context: Context) -> RowLabels:
    """What the head of a column names: a product, or a plan of the product in the heading."""
    meant = frame.meters[column] if frame.meters else NOTHING
    if len(frame.heads) - first == 1 and not _MODEL.search(frame.heads[column]):
        return RowLabels(context.named)
    if plan := meant.conditions.get("plan"):
        return RowLabels(context.named, unit=meant.unit, conditions={"plan": plan})
    label = read_label(frame.heads[column], context.page.aliases, context.page.day)
    return RowLabels(label, conditions=label.conditions)


def _row_meter(
    texts: Sequence[str], frame: Frame, page: PageContext
) -> tuple[Metered, Mapping[str, str]]:
    """The meter that the labels of a row of a transposed table name, or the range they give."""
    if frame.measured and any(map(is_measure, texts)):
        return NOTHING, {slug(frame.heads[0]) or "size": slug(" ".join(texts))}
    meter = NOTHING
    for text in texts:
        meter = merge(meter, heading_meter(text, page))
    return meter, {}
