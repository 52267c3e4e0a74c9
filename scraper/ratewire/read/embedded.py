"""Price lists in the data that a page carries for its own scripts, and in plain JSON.

Only what says by itself that it is a price list becomes a table; the rest is left alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from html import escape
from typing import Any

from ratewire.read.bounds import LONGEST_TEXT
from ratewire.read.document import Cell, Grid, Table
from ratewire.read.lexicon import lexicon
from ratewire.read.payloads import DEEPEST

__all__ = ["flight_html", "grid_of", "price_lists", "text_of_value"]

_HEADS = ("headings", "headers", "columns", "head", "header")
_ROWS = ("rows", "groups", "data", "items", "body")
_NAMES = ("model", "name", "modelname", "modelid", "title", "label", "plan", "product",
          "displayname", "instancetype", "sku", "slug", "id")  # fmt: skip
_PRICE = re.compile(r"price|pricing|cost|fee|tariff", re.I)
_PRICE_KEY = re.compile(
    r"price|pricing|cost|amount|fee|input|output|prompt|completion|cached|rate(?!limit)", re.I
)
_ASIDE = {
    "unit": "Unit", "priceunit": "Unit", "billingunit": "Unit", "per": "Unit", "interval": "Unit",
    "billingperiod": "Unit", "period": "Unit", "currency": "Currency", "currencycode": "Currency",
    "pricecurrency": "Currency", "region": "Region", "tier": "Tier", "servicetier": "Tier",
}  # fmt: skip
"""Keys beside a price that say more of it, and the column they become."""
_MONEY = re.compile(r"\s*+(?:[$€£¥]|US\$)?\s*+\d[\d,.]*+\s*+(?:[$€£¥]|USD|EUR)?\s*+(?:/.*)?")
_WRAPPERS = frozenset({"content", "fields", "attributes", "data", "props", "node", "values"})
"""Keys that content systems put round a record."""
_OPAQUE = re.compile(r"\d+|[0-9a-f]{8}-?[0-9a-f-]{8,}|(?=\D*\d)(?=.*[a-z])(?=.*[A-Z])\w{16,}")
"""An id that a content system gave: digits, hexadecimals, random letters."""
_WORDS = re.compile(
    r"\d+[KMBkmb]?(?![a-z])|[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+|[^\W\da-zA-Z_]+"
)
_REGION = re.compile(r"[a-z]{2,}-[a-z]+(?:-?\d+)?")


def price_lists(data: Any) -> Iterator[Table]:
    """The price lists anywhere in plain data."""
    yield from _lists(data, (), False, 0)


def _lists(value: Any, path: tuple[str, ...], priced: bool, depth: int) -> Iterator[Table]:
    """`path`: the keys above that tell tiers, periods or regions; `priced`: a key speaks of
    prices.
    """
    if depth > DEEPEST or not isinstance(value, dict | list):
        return
    grid = _headed(value) or _keyed(value, priced) if isinstance(value, dict) else _records(
        value, priced)  # fmt: skip
    if grid:
        yield Table(headings=path, embedded=True, grid=grid)
        return
    if isinstance(value, list):
        for item in value:
            yield from _lists(item, path, priced, depth + 1)
        return
    for key, item in value.items():
        below = (*path, _spaced(key)) if _is_telling(key) else path
        yield from _lists(item, below, priced or bool(_PRICE.search(key)), depth + 1)


@lru_cache(maxsize=4096)
def _is_telling(key: str) -> bool:
    """A key that names a tier, a period or a region."""
    named = any(lexicon(kind).exactly(_spaced(key)) for kind in ("tier", "period"))
    return named or bool(_REGION.fullmatch(key))


def _headed(value: Mapping[str, Any]) -> Grid | None:
    """`{headings: [...], rows: [[...]]}`, or with groups of rows."""
    heads = next((value[key] for key in _HEADS if isinstance(value.get(key), list)), None)
    rows = next((value[key] for key in _ROWS if isinstance(value.get(key), list)), None)
    if not heads or not rows:
        return None
    names = [text_of_value(head) for head in heads]
    flat = list(_flat_rows(rows, len(names), 0))
    if not flat or not any(names):
        return None
    return grid_of([names, *flat])


def _flat_rows(rows: Sequence[Any], width: int, depth: int) -> Iterator[list[str]]:
    if depth > DEEPEST:
        return
    for row in rows:
        if isinstance(row, list) and not any(isinstance(cell, list) for cell in row):
            yield [text_of_value(cell) for cell in row]
        elif isinstance(row, dict):
            nested = next((row[key] for key in _ROWS if isinstance(row.get(key), list)), None)
            label = next((text_of_value(row[key]) for key in row if key.lower() in _NAMES), "")
            for inner in _flat_rows(nested, width, depth + 1) if nested else ():
                yield [label, *inner] if len(inner) < width else inner


def _keyed(value: Mapping[str, Any], priced: bool) -> Grid | None:
    """`{"model-a": {"input": 1}, "model-b": {"input": 2}}`: records by their names."""
    if len(value) < 2 or not all(isinstance(item, dict) for item in value.values()):
        return None
    if any(_is_telling(key) for key in value):
        return None
    return _records([{**item, "model": key} for key, item in value.items()], priced)


def _records(value: Sequence[Any], priced: bool) -> Grid | None:
    """`[{name: …, inputPrice: …}, …]`: objects that share a name and a price."""
    records = [_flatten(item) for item in value if isinstance(item, dict)]
    if len(records) < 2 or len(records) != len(value):
        return None
    keys = list(dict.fromkeys(key for record in records for key in record))
    named: dict[str, str] = {}
    for key in keys:
        if _bare(key) in _NAMES:
            named.setdefault(_bare(key), key)
    wanted = (named[name] for name in _NAMES if name in named)
    name = next((key for key in wanted if not _is_opaque(records, key)), "")
    money = Counter(key for record in records for key in record if _is_money(record[key]))
    prices = [key for key in keys if money[key] * 2 >= len(records) and _PRICE_KEY.search(key)]
    if not name or not prices or not (priced or any(map(_PRICE.search, prices))):
        return None
    asides = [key for key in keys if _bare(key) in _ASIDE and key not in prices]
    heads = ["Model", *(_price_head(key) for key in prices), *(_ASIDE[_bare(k)] for k in asides)]
    rows = [
        [text_of_value(record.get(name))]
        + [_price(key, record.get(key)) for key in prices]
        + [_aside(key, record.get(key)) for key in asides]
        for record in records
    ]
    return grid_of([heads, *rows])


def _is_opaque(records: Sequence[Mapping[str, Any]], key: str) -> bool:
    """Whether what stands under a key are ids that say nothing to a reader."""
    return all(_OPAQUE.fullmatch(text_of_value(record.get(key))[:100]) for record in records)


def _price_head(key: str) -> str:
    return re.sub(r"\bcents?\b", "", _spaced(key), flags=re.I).strip()


def _price(key: str, value: Any) -> str:
    """A price as text; `priceCents` counts hundredths."""
    if isinstance(value, Decimal) and re.search(r"\bcents?\b", _spaced(key), re.I):
        value = value / 100
    return text_of_value(value)


def _aside(key: str, value: Any) -> str:
    text = text_of_value(value)
    return f"per {text}" if _ASIDE[_bare(key)] == "Unit" and text[:3] != "per" else text


def _bare(key: str) -> str:
    return re.sub(r"[\s_-]", "", key.rpartition(" ")[2] if " " in key else key).lower()


def _flatten(record: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, item in record.items():
        name = f"{prefix} {key}".strip()
        if isinstance(item, dict) and not prefix:
            inner = _flatten(item, key)
            if key.lower() in _WRAPPERS:
                inner = {name.removeprefix(f"{key} "): each for name, each in inner.items()}
            flat.update(inner)
        elif not isinstance(item, dict | list):
            flat[name] = item
    return flat


# ── streamed component payloads ──────────────────────────────────────────────────────────────


def flight_html(payloads: Iterable[Any]) -> str:
    """The tables among streamed components, and the headings over them, as HTML."""
    tables: list[str] = []
    for payload in payloads:
        _find_tables(payload, tables, 0)
    return "".join(tables) if any(markup.startswith("<table") for markup in tables) else ""


def _find_tables(node: Any, tables: list[str], depth: int) -> None:
    if depth > DEEPEST or not isinstance(node, list | dict):
        return
    if isinstance(node, dict):
        for item in node.values():
            _find_tables(item, tables, depth + 1)
        return
    if _is_element(node) and re.fullmatch(r"h[1-6]|table", str(node[1])):
        tables.append(_element_html(node, 0))
        return
    for item in node:
        _find_tables(item, tables, depth + 1)


def _is_element(node: Any) -> bool:
    return isinstance(node, list) and len(node) >= 4 and node[0] == "$" and isinstance(node[1], str)


def _element_html(node: Any, depth: int) -> str:
    if depth > DEEPEST or node is None or isinstance(node, bool):
        return ""
    if isinstance(node, str | Decimal):
        text = text_of_value(node)
        return escape(text) if not text.startswith("$") or text[1:2].isdigit() else ""
    if _is_element(node):
        props = node[3] if isinstance(node[3], dict) else {}
        inner = _element_html(props.get("children"), depth + 1)
        tag = node[1]
        if not re.fullmatch(r"[a-z][a-z0-9]*", tag):
            return inner
        spans = "".join(
            f' {name.lower()}="{escape(str(props[name]))}"'
            for name in ("rowSpan", "colSpan")
            if name in props
        )
        return f"<{tag}{spans}>{inner}</{tag}>"
    if isinstance(node, list):
        return "".join(_element_html(item, depth + 1) for item in node)
    return ""


# ── small things ─────────────────────────────────────────────────────────────────────────────


def grid_of(rows: Sequence[Sequence[str]]) -> Grid:
    width = max(len(row) for row in rows)
    cells = tuple(
        tuple(Cell(text, head=at == 0) for text in (*row, *[""] * (width - len(row))))
        for at, row in enumerate(rows)
    )
    return Grid(cells, width, 1)


def text_of_value(value: Any) -> str:
    if value is None or isinstance(value, bool | list):
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}" if abs(value.adjusted()) < 30 else ""
    if isinstance(value, dict):
        for item in value.values():
            if isinstance(item, dict):
                return text_of_value(item)
        return next(
            (
                text_of_value(value[key])
                for key in ("label", "text", "title", "name", "value")
                if key in value
            ),
            "",
        )
    return str(value)[:LONGEST_TEXT]


def _is_money(value: Any) -> bool:
    return isinstance(value, Decimal) or (isinstance(value, str) and bool(_MONEY.fullmatch(value)))


def _spaced(key: str) -> str:
    """A key's words: `inputPricePer1MTokens`, `input_price`."""
    return " ".join(_WORDS.findall(key)) or key
