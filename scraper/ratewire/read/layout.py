"""How a table is laid out: which rows are head, which way it runs, what each column holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ratewire.model import PERIODS
from ratewire.read.cells import holds_money, is_price
from ratewire.read.columns import column_kind, column_roles, names_currency, takes_numbers
from ratewire.read.document import Cell, Grid, Table
from ratewire.read.lexicon import fold, lexicon, slug
from ratewire.read.meters import (
    NOTHING,
    Metered,
    is_measure,
    is_meter_only,
    is_price_only,
    merge,
    read_heading,
)
from ratewire.read.page import PageContext
from ratewire.read.quantities import find_amounts, find_currency, find_unit, parse_number, read_cell
from ratewire.read.surroundings import names_product

__all__ = [
    "Frame",
    "banner",
    "fresh_heads",
    "heading_meter",
    "is_priced",
    "lay_out",
    "row_takes_numbers",
]

_PLAN = re.compile(r"(?P<name>\S+(?: \S+)?) tier\b", re.I)
_START = re.compile(r"\s*\b(?:from|starting at|starts at|ab|desde)\s*$", re.I)

_WHOLE_BRACKET = re.compile(r"\(([^()]+)\)|（([^（）]+)）")
_MONEY = re.compile(r"(?:[A-Z]{3}|[A-Z]{0,3}\s?[$€£¥₹₩₽₺₴₫₱]|kr\.?|zł|Kč)(?:\s*\([^()]{1,4}\))?")
"""A heading that is a currency and nothing else."""
_LONGEST_BANNER, _LONGEST_PRICE = 20, 8
"""Words of a row that is one cell across: of one that names the rows below, of one with a price;
more are a note on the table.
"""
_TERM = re.compile(r"\d{1,2}\s?[^\W\d_]{1,8}")
"""`2 years`"""


@dataclass(frozen=True, slots=True)
class Frame:
    """A table's layout."""

    heads: tuple[str, ...]
    """By column, its heading rows joined from the top."""
    meters: tuple[Metered, ...]
    """By column, what its heading meters."""
    roles: tuple[str, ...]
    """By column, what it holds (`columns.py`)."""
    body: tuple[tuple[Cell, ...], ...]
    transposed: bool = False
    """Meters down the side, products along the top."""
    labelled: bool = True
    """The first columns name the rows; not so of plans along the top over a row of prices."""
    measured: bool = False
    """The rows are sizes or ranges (`First 10 TB`, `11-100 users`) and name no product."""
    metered: bool = False
    """The rows are meters of the product in the heading."""
    bare: frozenset[int] = frozenset()
    """Price columns in which a number without a currency is a price."""

    skipped: frozenset[str] = frozenset()
    """Heads of columns with another company's prices."""

    title: str = ""
    """The first heading over rows of which one is but `Price`: what that is the price of."""

    @property
    def corner(self) -> str:
        """The only heading there is: what the whole table is about."""
        only = self.heads and self.heads[0] and not any(self.heads[1:])
        return self.heads[0] if only and not lexicon("column").exactly(self.heads[0]) else ""


def lay_out(table: Table, page: PageContext, bare: bool) -> Frame | None:
    """The layout of a price list; None where nothing in the table is a price.

    `bare`: numbers without a currency may be prices here.
    """
    grid = _prices_out_of_heads(table.grid)
    head_rows = _head_rows(grid)
    top = grid.rows[:head_rows]
    body = tuple(row for row in grid.rows[head_rows:] if not _is_note(row))
    if not body:
        return None
    heads = tuple(
        " ".join(dict.fromkeys(row[column].line for row in top if row[column].line))
        for column in range(grid.width)
    )
    if any(map(lexicon("not_a_rate", "table").exactly, heads)):
        return None
    meters = _column_meters(top, grid.width, page) if any(heads) else ()
    about = any(map(names_product, table.headings[-2:]))
    if meters and about:
        meters = _with_plans(heads, meters)
    bare = bare or (not any(heads) and page.about_money) or names_currency(heads, meters)
    roles = column_roles(heads, meters, body, bare)
    if not about and "product" not in roles and "tier" in roles:  # of nothing else than themselves
        at = roles.index("tier")
        roles = (*roles[:at], "product", *roles[at + 1 :])
    measured = _is_measured(body, roles)
    if _lacks_labels(heads, meters, body):
        return Frame(heads, meters, roles, body, True, False)
    if (
        grid is not table.grid
        or _runs_sideways(heads, meters, body)
        or (measured and _products_on_top(heads, meters, roles, body, table))
    ):
        return Frame(heads, meters, roles, body, True, measured=measured)
    if "price" not in roles:
        return None
    bare_columns = frozenset(
        column
        for column, role in enumerate(roles)
        if role == "price"
        and not find_amounts(heads[column])
        and not _is_signed(body, column)
        and takes_numbers(heads[column], meters[column] if meters else NOTHING, bare)
    )
    return Frame(
        heads, meters, roles, body, measured=measured, bare=bare_columns,
        title=_title(heads, meters, roles, body),
        metered=about and _names_meters(heads, meters, roles, body),
    )  # fmt: skip


# ── the head ─────────────────────────────────────────────────────────────────────────────────


def _prices_out_of_heads(grid: Grid) -> Grid:
    """Plans along the top with their prices in the heading cells: a row `Price` below them."""
    at = grid.head_rows - 1
    if at < 0 or grid.width < 2 or holds_money(grid.rows[at][0]):
        return grid
    parts = [_name_and_price(cell) for cell in grid.rows[at]]
    if not any(price for _, price in parts):
        return grid
    named = list(zip(grid.rows[at], parts, strict=True))
    names = tuple(replace(cell, text=name) for cell, (name, _) in named)
    prices = (Cell("Price"), *(replace(cell, text=price) for cell, (_, price) in named[1:]))
    rows = (*grid.rows[:at], names, prices, *grid.rows[at + 1 :])
    return replace(grid, rows=rows)


def _name_and_price(cell: Cell) -> tuple[str, str]:
    amounts = find_amounts(cell.text)
    if not amounts:
        return cell.text, ""
    lines = cell.text.split("\n")
    first = next(at for at, line in enumerate(lines) if find_amounts(line))
    if first:
        return "\n".join(lines[:first]), "\n".join(lines[first:])
    name = cell.text[: amounts[0].start]
    if amounts[0].unit_end == amounts[0].end and name.rstrip().endswith(amounts[0].unit_text):
        name = name.rstrip().removesuffix(amounts[0].unit_text)  # `Pro 月額5,900円`
    name = _START.sub("", name).strip(" :-–|(")
    if not name or not amounts[0].unit or read_heading(name).says_something:
        return cell.text, ""
    price = cell.text[len(name) :].strip(" :-–|")
    return name, _in_brackets(price) or price


def _in_brackets(text: str) -> str:
    """What stands in the bracket that a text is; empty: it is none."""
    match = _WHOLE_BRACKET.fullmatch(text)
    return (match[1] or match[2]).strip() if match else ""


def _head_rows(grid: Grid) -> int:
    if grid.head_rows and not any(cell.line for row in grid.rows[: grid.head_rows] for cell in row):
        below = replace(grid, rows=grid.rows[grid.head_rows :], head_rows=0)  # an empty head
        return grid.head_rows + (_head_rows(below) if below.rows else 0)
    marked = grid.head_rows if grid.head_rows < len(grid.rows) else 0
    while marked and any(holds_money(cell) for cell in grid.rows[marked - 1]):
        marked -= 1
    spanned = (at for at in range(1, marked) if _is_one_cell(grid.rows[at]))
    marked = next((at for at in spanned if not _is_one_cell(grid.rows[at - 1])), marked)
    if marked:
        return marked
    first = grid.rows[0]
    later = grid.rows[1:]
    if not later or any(
        holds_money(cell) or parse_number(cell.line) is not None for cell in first[1:]
    ):
        return 0
    if first[0].head and not any(cell.head for cell in first[1:]):
        return 0
    if all(read_cell(cell.text).kind == "free" for cell in first[1:]):
        return 0  # `First visit | Free`
    names = _after_labels(first)
    plain = bool(names) and all(cell.line and read_cell(cell.text).kind != "none" for cell in names)
    return 1 if plain and any(holds_money(cell) for row in later for cell in row) else 0


def _after_labels(first: Sequence[Cell]) -> Sequence[Cell]:
    """The cells after the first and the empty ones that a span over the labels left."""
    start = next((at for at, cell in enumerate(first) if at and cell.line), len(first))
    return first[start:] if first[0].line else first[1:]


def _column_meters(
    top: Sequence[Sequence[Cell]], width: int, page: PageContext
) -> tuple[Metered, ...]:
    meters = [_column_meter(top, column, page) for column in range(width)]
    meters = _by_term(_by_currency(meters, top[-1]), top[-1])
    qualities = [lexicon("quality").exactly(cell.line) for cell in top[-1]]
    if sum(map(bool, qualities)) > 1:
        for column, quality in enumerate(qualities):
            if quality:
                conditions = {**meters[column].conditions, "quality": quality}
                conditions.pop("tier", None)
                meters[column] = replace(meters[column], other="", conditions=conditions)
    return tuple(meters)


def _by_currency(meters: list[Metered], heads: Sequence[Cell]) -> list[Metered]:
    """`USD | EUR | AUD` along the top: one price in several currencies."""
    codes = [find_currency(head.line) if _MONEY.fullmatch(head.line) else "" for head in heads]
    if len(set(filter(None, codes))) < 2:
        return meters
    return [
        replace(
            meter, other="", priced=True, currency=code,
            conditions={**meter.conditions, "currency": code.lower()},
        )
        if code
        else meter
        for meter, code in zip(meters, codes, strict=True)
    ]  # fmt: skip


def _by_term(meters: list[Metered], heads: Sequence[Cell]) -> list[Metered]:
    """`Monthly | Yearly | 2 years` along the top: prices for so long."""
    alone = [meter.unit for meter in meters if meter.unit and not meter.other]
    if not any(len(unit.things) == 1 and unit.things[0] in PERIODS for unit in alone):
        return meters
    return [_for_term(meter, head.line) for meter, head in zip(meters, heads, strict=True)]


def _for_term(meter: Metered, head: str) -> Metered:
    term = find_unit(f"per {head}") if _TERM.fullmatch(head) and not meter.unit else None
    if term is None:
        return meter
    conditions = {**meter.conditions, "period": slug(head)}
    return replace(meter, other="", unit=term[0], conditions=conditions)


def _with_plans(heads: Sequence[str], meters: Sequence[Metered]) -> tuple[Metered, ...]:
    """`Free tier | Paid tier, per 1M tokens` under a product's heading are its two plans."""
    plans = [_PLAN.match(head) for head in heads]
    several = sum(map(bool, plans)) > 1
    if not several and not any(m.unit for m, plan in zip(meters, plans, strict=True) if plan):
        return tuple(meters)
    unit = next((m.unit for m, plan in zip(meters, plans, strict=True) if plan and m.unit), None)
    return tuple(
        replace(
            meter, other="", priced=True, unit=meter.unit or unit,
            conditions={**meter.conditions, **({"plan": slug(plan["name"])} if several else {})},
        )
        if plan
        else meter
        for meter, plan in zip(meters, plans, strict=True)
    )  # fmt: skip


def _column_meter(top: Sequence[Sequence[Cell]], column: int, page: PageContext) -> Metered:
    """Heading rows from the top: what the upper say holds unless the lower says otherwise."""
    meant = NOTHING
    texts = list(dict.fromkeys(row[column].line for row in top if row[column].line))
    for at, text in enumerate(texts):
        kind = column_kind(text)
        if kind in ("region", "size", "quality") and at + 1 < len(texts):  # `Region` over `Europe`
            value = slug(" ".join(texts[at + 1 :]))
            return merge(meant, Metered(conditions={kind: value}, priced=True))
        meant = merge(meant, heading_meter(text, page))
    return meant


def heading_meter(text: str, page: PageContext) -> Metered:
    """What a heading meters, in the source's own words for it where its hints give any."""
    for label, meter in page.hints.meters.items():
        if fold(label) == fold(text):
            return replace(read_heading(text), modality="", direction="", cache="", other=meter)
    return read_heading(text)


def _title(heads: Sequence[str], meters: Sequence[Metered], roles: Sequence[str],
           body: Sequence[Sequence[Cell]]) -> str:  # fmt: skip
    """`Team licence | Monthly | Yearly` over a row `Price`: what the table is about."""
    prices = [meter for meter, role in zip(meters, roles, strict=False) if role == "price"]
    if not prices or not all(meter.unit or meter.priced for meter in prices):
        return ""
    known = lexicon("column").exactly(heads[0]) or read_heading(heads[0]).says_something
    if known or not names_product(heads[0]):
        return ""
    return heads[0] if any(is_price_only(row[0].line) for row in body) else ""


def _is_signed(body: Sequence[Sequence[Cell]], column: int) -> bool:
    """Whether most figures of a column carry a sign, so that a number without one is no price."""
    signed = sum(holds_money(row[column]) for row in body)
    bare = sum(parse_number(row[column].line) is not None for row in body)
    return signed > 1 and signed > bare


def _is_measured(body: Sequence[Sequence[Cell]], roles: Sequence[str]) -> bool:
    column = roles.index("product") if "product" in roles else 0
    labels = [row[column].line for row in body if row[column].line and not banner(row)]
    return bool(labels) and sum(map(is_measure, labels)) * 2 > len(labels)


def _names_meters(
    heads: Sequence[str],
    meters: Sequence[Metered],
    roles: Sequence[str],
    body: Sequence[Sequence[Cell]],
) -> bool:
    """`Input price`, `Output price`, `Web search` down the side, plans or prices along the top."""
    column = roles.index("product") if "product" in roles else 0
    if column_kind(heads[column]) == "product":
        return False
    plans = [meter for meter, role in zip(meters, roles, strict=False) if role == "price"]
    if plans and all("plan" in meter.conditions for meter in plans):
        return True
    if any(is_meter_only(row[column].line) for row in body):
        return True
    priced = {row[column].line for row in body if any(map(holds_money, row))}
    return sum(read_heading(label).priced for label in priced) * 2 > len(priced)


# ── which way it runs ────────────────────────────────────────────────────────────────────────


def _runs_sideways(
    heads: Sequence[str], meters: Sequence[Metered], body: Sequence[Sequence[Cell]]
) -> bool:
    """Meters down the side and products along the top."""
    money_columns = [
        column for column in range(1, len(heads))
        if any(is_priced(row, column) for row in body)
    ]  # fmt: skip
    if len(heads) < 2 or not any(heads[1:]) or not money_columns:
        return False
    if any(holds_money(row[0]) for row in body):
        return False
    column_hits = sum(meters[c].says_something for c in money_columns)
    money_rows = [row for row in body if any(is_priced(row, c) for c in money_columns)]
    if len(money_rows) == 1 < len(money_columns) and not money_rows[0][0].line and not column_hits:
        return True  # at the end of a comparison of plans what they cost
    labels = [read_heading(row[0].line) for row in money_rows]
    single = len(money_columns) == 1 and column_kind(heads[0]) == "product"
    if single and not any(meant.says_something for meant in labels):
        return False  # `Plan | Included rows | Extra rows`
    row_hits = sum(_row_meter(row, money_columns[0]).says_something for row in money_rows)
    if column_hits == 0 and row_hits > 0:
        return row_hits * 2 >= len(money_rows) or len(body) > 2 * len(money_rows)
    return row_hits == len(money_rows) and column_hits * 2 < len(money_columns) and row_hits > 1


def is_priced(row: Sequence[Cell], column: int) -> bool:
    """Whether a cell holds money: by its own sign, or a number by what its row's label says."""
    return holds_money(row[column]) or (
        parse_number(row[column].line) is not None and row_takes_numbers(row[0].line)
    )


def row_takes_numbers(label: str) -> bool:
    """`Price (USD/month)` before bare numbers."""
    meant = read_heading(label)
    named = bool(meant.currency) and (meant.priced or meant.unit is not None)
    return named and takes_numbers(label, meant, False)


def _lacks_labels(
    heads: Sequence[str], meters: Sequence[Metered], body: Sequence[Sequence[Cell]]
) -> bool:
    """Names along the top, over prices without a label before them: `Free | Pro`, `N/A | $9`."""
    if len(heads) < 2 or not all(heads) or any(meter.says_something for meter in meters):
        return False
    if column_kind(heads[0]) or any(meter.conditions.keys() - {"tier"} for meter in meters):
        return False
    rows = [row for row in body if any(map(holds_money, row))]
    return bool(rows) and all(_is_value(row[0]) and row[0] is not row[-1] for row in rows)


def _is_value(cell: Cell) -> bool:
    """What stands in place of a price, or one; a range of money is a key."""
    said = read_cell(cell.text)
    if said.kind == "amounts":
        return is_price(cell) and not any(amount.upper is not None for amount in said.amounts)
    return bool(cell.line) and said.kind not in ("text", "number")


def _products_on_top(heads: Sequence[str], meters: Sequence[Metered], roles: Sequence[str],
                     body: Sequence[Sequence[Cell]], table: Table) -> bool:  # fmt: skip
    """Ranges down the side, and along the top names of which no heading says what they are."""
    prices = [column for column, role in enumerate(roles) if role == "price"]
    if len(prices) < 2 or any(names_product(heading) for heading in table.headings[-1:]):
        return False
    first = min(prices)
    if first != 1 or any(holds_money(row[0]) for row in body):
        return False
    return all(heads[c] and not meters[c].says_something for c in prices) and not any(
        key != "tier" for c in prices for key in meters[c].conditions
    )


def _row_meter(row: Sequence[Cell], first_money: int) -> Metered:
    meant = NOTHING
    for text in dict.fromkeys(cell.line for cell in row[:first_money] if cell.line):
        meant = merge(meant, read_heading(text))
    return meant


# ── rows that are headings ───────────────────────────────────────────────────────────────────


def _is_one_cell(row: Sequence[Cell]) -> bool:
    return len(row) > 1 and all(cell is row[0] for cell in row)


def banner(row: Sequence[Cell]) -> str:
    """A row that is one cell across is a heading for the rows under it."""
    if _is_one_cell(row) and not holds_money(row[0]):
        return row[0].line
    if len(row) > 1 and row[0].line and not any(cell.line for cell in row[1:]):
        return row[0].line if not holds_money(row[0]) else ""
    return ""


def _is_note(row: Sequence[Cell]) -> bool:
    """A row that is one cell across and speaks in sentences: what it says is of no one column."""
    if not _is_one_cell(row):
        return False
    count = len(row[0].text.split())
    return count > _LONGEST_BANNER or (count > _LONGEST_PRICE and holds_money(row[0]))


def fresh_heads(
    row: Sequence[Cell], frame: Frame, page: PageContext
) -> tuple[tuple[str, ...], tuple[Metered, ...]] | None:
    """A row of headings amid the body holds for the rows below it."""
    columns = [column for column, role in enumerate(frame.roles) if role == "price"]
    cells = [row[column] for column in columns]
    if not any(cell.line for cell in cells) or any(
        read_cell(cell.text).kind not in ("text", "number") for cell in cells
    ):
        return None
    meant = [heading_meter(cell.line, page) for cell in cells]
    marked = all(cell.head or not cell.line for cell in row)
    if not marked and not all(each.conditions or each.is_token_meter for each in meant):
        return None
    heads, meters = list(frame.heads), list(frame.meters)
    for column, each in zip(columns, meant, strict=True):
        heads[column], meters[column] = row[column].line, each
    return tuple(heads), tuple(meters)
