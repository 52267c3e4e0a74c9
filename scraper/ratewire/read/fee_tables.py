"""Fees in tables: a share in a cell under a heading, or in a row, that speaks of fees."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from ratewire.model import Unit
from ratewire.read.cells import is_price
from ratewire.read.columns import column_kind
from ratewire.read.document import Cell, Table
from ratewire.read.drafts import Draft, Precedence
from ratewire.read.fees import (
    Fee,
    condition_of,
    fee_draft,
    find_fees,
    speaks_of_fees,
    unit_of_fee,
)
from ratewire.read.figures import Spot
from ratewire.read.lexicon import fold, has_any, lexicon, slug
from ratewire.read.meters import is_measure, read_heading
from ratewire.read.names import read_label
from ratewire.read.numerals import NUMERAL, parse_numeral
from ratewire.read.page import PageContext, section_is_no_price_list
from ratewire.read.quantities import Amount, parse_number, read_cell
from ratewire.read.shares import speaks_of_share
from ratewire.read.surroundings import products_above, surrounding_conditions

__all__ = ["read_fee_table"]

_BASIS_POINTS = re.compile(r"\bbi?ps\b|\bbasis points?\b|\bbasispunkt|\bpuntos basicos\b|基点|bp$")
_POINTS = re.compile(rf"(?P<sign>[-−+]?)\s?(?P<number>{NUMERAL})")
_LONGEST = 12
"""Words of a cell that is a fee rather than a story with one."""


def read_fee_table(at: int, page: PageContext) -> Iterator[Draft]:
    """The fees in the table at block `at` of the page."""
    table = page.document.blocks[at]
    assert isinstance(table, Table)
    if table.embedded or section_is_no_price_list(table.headings):
        return
    rows = table.grid.rows
    top = _head_rows(rows, table.grid.head_rows)
    heads = [_head(rows[:top], column) for column in range(table.grid.width)]
    in_points = [_is_in_points(head) for head in heads]
    seen: set[int] = set()
    for row in rows[top:]:
        for column, cell in enumerate(row):
            if column == 0 or not (in_points[column] or speaks_of_share(cell.text)):
                continue
            if id(cell) in seen or len(cell.line.split()) > _LONGEST:
                continue
            found = tuple(_fees(cell, heads[column]))
            if found:
                seen.add(id(cell))
                yield from _of_cell(found, row, column, heads, at, page)


def _head_rows(rows: Sequence[Sequence[Cell]], marked: int) -> int:
    """The marked ones, else the first row where it holds no figure and some row below does."""
    if 0 < marked < len(rows) or len(rows) < 2:
        return marked if marked < len(rows) else 0
    return int(not any(find_fees(cell.text) or is_price(cell) for cell in rows[0]))


def _head(top: Sequence[Sequence[Cell]], column: int) -> str:
    return " ".join(dict.fromkeys(row[column].line for row in top if row[column].line))


def _fees(cell: Cell, head: str) -> Iterator[Fee]:
    if not _is_in_points(head):
        yield from find_fees(cell.text)
    elif match := _POINTS.fullmatch(cell.line):
        share = parse_numeral(match["number"])
        if share is not None:
            amount = Amount(Decimal(0), "", 0, len(cell.line), cell.line, percent=share / 100)
            yield Fee(amount, match["sign"] in ("-", "−"))


def _is_in_points(head: str) -> bool:
    """Whether a column counts hundredths of a percent."""
    return _BASIS_POINTS.search(fold(head)) is not None


def _of_cell(
    found: Sequence[Fee], row: Sequence[Cell], column: int, heads: Sequence[str], at: int,
    page: PageContext,
) -> Iterator[Draft]:  # fmt: skip
    table = page.document.blocks[at]
    assert isinstance(table, Table)
    cell, head = row[column], heads[column]
    labels = _labels(row[:column], heads)
    texts = [label.line for _, label in labels]
    if not _are_fees(found, cell, head, texts, table):
        return
    meter, product, rest = _named(head, labels)
    named = read_label(product, page.aliases, page.day) if product else None
    if named and named.products and named.products[0]:
        label, id_ = named.names[0], named.products[0]
    else:
        label, id_ = products_above(table, page, at)[0]
    conditions, spare = surrounding_conditions(table, page)
    own = {slug(text) or "label": slug(each.line)[:60] for text, each in rest}
    for fee in found:
        after = condition_of(cell.text[max(fee.amount.end, fee.amount.unit_end) :])
        yield fee_draft(
            fee, id_, label, meter, unit=_unit(fee, cell.text, head, texts),
            conditions={**conditions, **own, **({"for": after} if after else {})},
            excerpt=f"{' '.join(texts)} | {head}: {cell.line}", block=table, page=page,
            spare=(("column", slug(head)), *spare), origin=at,
            spot=Spot(at, cell.spot, fee.amount.text),
            standing=Precedence.TWIN if table.hidden and not table.panes else Precedence.SHOWN,
        )  # fmt: skip


def _labels(cells: Sequence[Cell], heads: Sequence[str]) -> list[tuple[str, Cell]]:
    """(head, cell) of what names a row: texts, numbers and bounds, but no prices and no fees."""
    found: dict[int, tuple[str, Cell]] = {}
    for column, cell in enumerate(cells):
        says = read_cell(cell.text).kind in ("text", "number", "amounts")
        if cell.line and says and not is_price(cell) and not _is_fee_cell(cell, heads[column]):
            found.setdefault(id(cell), (heads[column], cell))
    return list(found.values())


def _is_fee_cell(cell: Cell, head: str) -> bool:
    fees = tuple(_fees(cell, head))
    return bool(fees) and len(cell.line.split()) <= 2


def _are_fees(
    found: Sequence[Fee], cell: Cell, head: str, labels: Sequence[str], table: Table
) -> bool:
    around = (head, *labels, cell.line)
    if any(has_any(text, "fee", "not") for text in around):
        return False
    if any(fee.amount.currency for fee in found) or speaks_of_fees(*around):
        return True
    if any(fee.negative for fee in found):
        return False
    caption = (table.grid.caption, table.name, *table.headings[-1:])
    return _is_price_head(head) or speaks_of_fees(*caption)


def _is_price_head(head: str) -> bool:
    """Speaks of a price; `rate` alone does, `success rate` does not."""
    folded = fold(head)
    words = {match[0] for match in lexicon("price").finditer(folded)}
    return bool(words - {"rate", "rates"}) or folded in ("rate", "rates")


def _named(head: str, labels: list[tuple[str, Cell]]) -> tuple[str, str, list[tuple[str, Cell]]]:
    """The meter, the product in the page's words (empty: the heading names it), other labels."""
    of_row = next((each for each in labels if speaks_of_fees(each[1].line)), None)
    if of_row and not has_any(head, "fee", "words"):
        rest = [each for each in labels if each is not of_row]
        product = "" if not head or column_kind(head) or _is_price_head(head) else head
        if not product and rest:
            product = rest[0][1].line
            rest = rest[1:]
        return _meter(of_row[1].line), product, rest
    name = next((each for each in labels if _may_name(*each)), None)
    rest = [each for each in labels if each is not name]
    return _meter(head), name[1].line if name else "", rest


def _may_name(head: str, cell: Cell) -> bool:
    if column_kind(head) not in ("", "product") or parse_number(cell.line) is not None:
        return False
    return not is_measure(cell.line) and read_cell(cell.text).kind == "text"


def _meter(text: str) -> str:
    return read_heading(_BASIS_POINTS.sub(" ", text)).other or "fee"


def _unit(fee: Fee, text: str, head: str, labels: Sequence[str]) -> Unit:
    """What it is charged on, by the cell, its head or its row's labels."""
    if fee.amount.unit:
        return fee.amount.unit
    stated = read_heading(head).unit or next(
        filter(None, (read_heading(x).unit for x in labels)), None
    )
    if stated:
        return stated
    return unit_of_fee(fee, text, head if has_any(head, "fee", "words") else " ".join(labels))
