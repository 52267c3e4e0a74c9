"""How much of a product may be used: rate-limit tables by usage tier."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ratewire.model import Evidence, Limit, marks_of
from ratewire.read.document import Cell, Table
from ratewire.read.lexicon import fold, lexicon, slug
from ratewire.read.lines import cell_line
from ratewire.read.names import read_label
from ratewire.read.page import PageContext
from ratewire.read.quantities import find_amounts, read_cell
from ratewire.read.surroundings import heading_product

__all__ = ["read_limits"]

_COUNT = re.compile(
    r"^\s*(?:up to\s+)?(?P<number>\d[\d,.\s]*\d|\d)\s*(?P<scale>[kmb])?(?![\w])\s*(?P<rest>.*)$",
    re.I,
)
_GROUPS = re.compile(r"[,\s]|\.(?=\d{3}(?!\d))")
_NAMED = re.compile(
    r"(?P<number>\d[\d,.]*)\s*(?P<scale>[kmb])?\s*(?P<what>[rti]p[mds]|[io]tpm)\b", re.I
)
_SCALE = {"": 1, "k": 10**3, "m": 10**6, "b": 10**9}
_PER = re.compile(
    r"(?:^|\b)(?P<what>[a-z]+)?\s*(?:/|per)\s*(?P<time>sec\w*|min\w*|hour|hr|day|month)", re.I
)
_TIER = re.compile(r"\btier\b|\bplan\b|\bstufe\b|\bnivel\b|级|段階", re.I)
_TIER_NAME = re.compile(
    r"\b(?:tier|stufe|nivel) \w+$|^[\w -]+ (?:tier|plan|accounts?|keys?)$|级$|段階", re.I
)
_SHORT = {"req": "r", "request": "r", "requests": "r", "token": "t", "tokens": "t", "image": "i",
          "images": "i"}  # fmt: skip
_WHEN = {"sec": "s", "min": "m", "hou": "h", "hr": "h", "day": "d", "mon": "mo"}


def read_limits(at: int, page: PageContext) -> Iterator[Limit]:
    """The limits in the table at block `at`, where its headings or cells say it holds any."""
    table = page.document.blocks[at]
    assert isinstance(table, Table)
    grid = table.grid
    if len(grid.rows) < 2:
        return
    heads = [cell.line for cell in _heads(table)]
    if any(_whats(heads)):
        yield from _from_columns(table, heads, page)
    elif sum(map(bool, _whats([row[0].line for row in _body(table)]))) * 2 > len(_body(table)):
        yield from _from_rows(table, heads, page)


def _heads(table: Table) -> tuple[Cell, ...]:
    return table.grid.rows[max(table.grid.head_rows - 1, 0)]


def _body(table: Table) -> tuple[tuple[Cell, ...], ...]:
    return table.grid.rows[table.grid.head_rows or 1 :]


def _whats(heads: Sequence[str]) -> list[str]:
    return [_what(head, lexicon("limit").first(fold(head))) for head in heads]


def _from_columns(table: Table, heads: Sequence[str], page: PageContext) -> Iterator[Limit]:
    """A row for each product or tier, a column for each limit."""
    whats = _whats(heads)
    tier_column = next(
        (c for c, head in enumerate(heads) if not whats[c] and _TIER.search(head)), None
    )
    free = [c for c, head in enumerate(heads) if not whats[c] and c != tier_column]
    named = (c for c in free if lexicon("column").exactly(heads[c]) == "product")
    fallback = 0 if 0 in free and not _is_numeric(table.grid.rows, 0) else None
    product_column = next(named, fallback)
    around = _tier_around(table)
    for row in _body(table):
        tier = row[tier_column].line if tier_column is not None else around
        products: tuple[str, ...] = ()
        if product_column is not None:
            products = read_label(row[product_column].text, page.aliases, page.day).products
        for column, what in enumerate(whats):
            if what:
                named_there = products or _product_in(heads[column], page)
                place = _Place(named_there or (heading_product(table, page)[1],),
                               tier or _qualifier(heads[column]) or _tier_over(table, column),
                               row[product_column or 0].line, heads[column],
                               cell_line(row, _heads(table), column))  # fmt: skip
                yield from _limits(what, row[column], place, table)


def _product_in(head: str, page: PageContext) -> tuple[str, ...]:
    """The product that a limit's heading names as well: `Onyx 2 (RPM)`."""
    rest = lexicon("limit").sub(" ", fold(head)).strip(" ()[]:-–—/,")
    return (
        read_label(rest, page.aliases, page.day).products if re.search(r"[a-z].*\d", rest) else ()
    )


def _tier_over(table: Table, column: int) -> str:
    """The usage tier in a heading row above the limits' names."""
    above = (row[column].line for row in table.grid.rows[: max(table.grid.head_rows - 1, 0)])
    return next((text for text in above if _TIER.search(text)), "")


def _from_rows(table: Table, heads: Sequence[str], page: PageContext) -> Iterator[Limit]:
    """A row for each limit, a column for each product or tier."""
    for row, what in zip(_body(table), _whats([row[0].line for row in _body(table)]), strict=True):
        for column in range(1, len(heads)):
            if not what or not heads[column]:
                continue
            label = read_label(heads[column], page.aliases, page.day)
            is_tier = bool(_TIER.search(heads[column]))
            products = label.products if not is_tier else (heading_product(table, page)[1],)
            tier = heads[column] if is_tier else _tier_around(table)
            said = cell_line(row, _heads(table), column)
            place = _Place(products, tier, row[0].line, heads[column], said)
            yield from _limits(what, row[column], place, table)


@dataclass(frozen=True, slots=True)
class _Place:
    """Whose limit a cell is, and where it stands."""

    products: tuple[str, ...]
    tier: str
    row: str
    column: str
    line: str
    """As `cell_line` has it."""


def _limits(what: str, cell: Cell, place: _Place, table: Table) -> Iterator[Limit]:
    if find_amounts(cell.text):
        return
    for name, amount in _amounts(what, cell.text):
        for product in place.products:
            yield Limit(
                product=product,
                what=name,
                amount=amount,
                tier=slug(place.tier),
                unit=_unit(name),
                evidence=Evidence(
                    f"{place.row} | {place.column}: {cell.line}"[:240],
                    " › ".join((*table.headings[-2:], place.tier, place.column)),
                    ("table: limit",),
                    marks_of((place.line,)),
                ),
            )


def _tier_around(table: Table) -> str:
    """The usage tier that a pane or the nearest heading names: `Tier 2`, `Free tier`."""
    panes = (pane.label for pane in reversed(table.panes) if _TIER.search(pane.label))
    headings = (h for h in table.headings[-1:] if len(h.split()) <= 4 and _TIER_NAME.search(h))
    return next(panes, next(headings, ""))


def _is_numeric(rows: Sequence[Sequence[Cell]], column: int) -> bool:
    return any(_COUNT.fullmatch(row[column].line) for row in rows[1:])


def _what(head: str, known: str) -> str:
    folded = fold(head)
    if known and not re.search(r"\bprice|\bcost|spend|\$", folded):
        return known
    return ""


def _qualifier(head: str) -> str:
    """`Trial rate limit` holds for trial keys."""
    match = re.fullmatch(r"(.+?)\s+rate limits?", head.strip(), re.I)
    return match.group(1) if match else ""


def _amounts(what: str, text: str) -> Iterator[tuple[str, Decimal | None]]:
    kind = read_cell(text).kind
    if kind == "unlimited":
        yield what, None
        return
    if named := list(_NAMED.finditer(text)):  # `480 rpm, 2M tpm`
        for each in named:
            scale = _SCALE[(each.group("scale") or "").lower()]
            yield each.group("what").lower(), Decimal(_GROUPS.sub("", each.group("number"))) * scale
        return
    match = _COUNT.match(" ".join(text.split()))
    if not match:
        return
    number = Decimal(_GROUPS.sub("", match.group("number")).rstrip("."))
    scale = _SCALE[(match.group("scale") or "").lower()]
    rest = match.group("rest")
    if per := _PER.search(rest):
        subject = (per.group("what") or "requests").lower()
        when = (
            _WHEN[per.group("time").lower()[:3].rstrip()]
            if per.group("time").lower()[:3] in _WHEN
            else "m"
        )
        short = _SHORT.get(subject)
        what = f"{short}p{when}" if short else f"{subject}-per-{per.group('time').lower()}"
    yield what, number * scale


def _unit(what: str) -> str:
    return {
        "rpm": "requests per minute", "rpd": "requests per day", "rps": "requests per second",
        "tpm": "tokens per minute", "tpd": "tokens per day", "itpm": "input tokens per minute",
        "otpm": "output tokens per minute", "ipm": "images per minute", "ipd": "images per day",
    }.get(what, "")  # fmt: skip
