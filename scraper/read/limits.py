"""How much of a product may be used: rate-limit tables by usage tier."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from scraper.model import Evidence, Limit
from scraper.read.document import Cell, Table
from scraper.read.lexicon import fold, lexicon, slug
from scraper.read.names import read_label
from scraper.read.page import Page
from scraper.read.quantities import find_amounts, read_cell
from scraper.read.surroundings import heading_product

__all__ = ["read_limits"]

_COUNT = re.compile(
    r"^\s*(?:up to\s+)?(?P<number>\d[\d,.\s]*\d|\d)\s*(?P<scale>[kmb])?(?![\w])\s*(?P<rest>.*)$",
    re.I,
)
_SCALE = {"": 1, "k": 10**3, "m": 10**6, "b": 10**9}
_PER = re.compile(
    r"(?:^|\b)(?P<what>[a-z]+)?\s*(?:/|per)\s*(?P<time>sec\w*|min\w*|hour|hr|day|month)", re.I
)
_TIER = re.compile(r"\btier\b|\bplan\b|\bstufe\b|\bnivel\b|级|段階", re.I)
_SHORT = {"req": "r", "request": "r", "requests": "r", "token": "t", "tokens": "t", "image": "i",
          "images": "i"}  # fmt: skip
_WHEN = {"sec": "s", "min": "m", "hou": "h", "hr": "h", "day": "d", "mon": "mo"}


def read_limits(at: int, page: Page) -> Iterator[Limit]:
    """The limits in the table at block `at`, where its headings or cells say it holds any."""
    table = page.document.blocks[at]
    assert isinstance(table, Table)
    grid = table.grid
    if len(grid.rows) < 2:
        return
    heads = [cell.line for cell in grid.rows[max(grid.head_rows - 1, 0)]]
    found = lexicon("limit")
    whats = [_what(head, found.first(fold(head))) for head in heads]
    if not any(whats):
        return
    tier_column = next(
        (c for c, head in enumerate(heads) if not whats[c] and _TIER.search(head)), None
    )
    free = [c for c, head in enumerate(heads) if not whats[c] and c != tier_column]
    named = (c for c in free if lexicon("column").exactly(heads[c]) == "product")
    product_column = next(named, 0 if 0 in free and not _is_numeric(grid.rows, 0) else None)
    outer_tier = next(
        (pane.label for pane in reversed(table.panes) if _TIER.search(pane.label)), ""
    )
    if not outer_tier:
        outer_tier = next(
            (h for h in reversed(table.headings[-1:]) if re.search(r"\btier \w+$", h, re.I)), ""
        )
    for row in grid.rows[grid.head_rows or 1 :]:
        tier = row[tier_column].line if tier_column is not None else outer_tier
        label = read_label(row[product_column].text, page.aliases, page.day) if (
            product_column is not None) else None  # fmt: skip
        products = (
            label.products if label and label.products else (heading_product(table, page)[1],)
        )
        for column, what in enumerate(whats):
            cell = row[column]
            if not what or find_amounts(cell.text):
                continue
            for name, amount in _amounts(what, cell.text):
                qualifier = _qualifier(heads[column])
                for product in products:
                    yield Limit(
                        product=product,
                        what=name,
                        amount=amount,
                        tier=slug(tier or qualifier),
                        unit=_unit(name),
                        evidence=Evidence(
                            f"{row[product_column or 0].line} | {heads[column]}: {cell.line}"[:240],
                            " › ".join((*table.headings[-2:], tier, heads[column])),
                            ("table: limit",),
                        ),
                    )


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
    match = _COUNT.match(" ".join(text.split()))
    if not match:
        return
    number = Decimal(re.sub(r"[,\s]", "", match.group("number")).rstrip("."))
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
