"""Data that a page carries for its own scripts, as tables: JSON-LD offers, framework state,
streamed component payloads, island props, plain JSON.

Only what says by itself that it is a price list becomes a table; the rest is left alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from html import escape
from typing import Any

from scraper.read.document import Cell, Grid

__all__ = ["flight_html", "island_grids", "json_grids"]

_WORTH = re.compile(r"price|pricing|cost|\brate|offers|[$€£¥]\d", re.I)
_HEADS = ("headings", "headers", "columns", "head", "header")
_ROWS = ("rows", "groups", "data", "items", "body")
_NAMES = ("model", "name", "modelname", "modelid", "id", "title", "label", "plan", "product", "sku",
          "slug", "displayname")  # fmt: skip
_PRICE_KEY = re.compile(r"price|pricing|cost|amount|fee|input|output|cached|rate(?!limit)", re.I)
_MONEY = re.compile(r"^\s*(?:[$€£¥]|US\$)?\s*\d[\d,.]*\s*(?:[$€£¥]|USD|EUR)?(?:\s*/.*)?$")
_LONGEST = 5_000_000
"""Characters; a larger payload is left alone."""
_DEEPEST = 60


def json_grids(kind: str, raw: str) -> Iterator[Grid]:
    """The price lists in one script's JSON; none where it is no JSON or holds none."""
    if len(raw) > _LONGEST or not _WORTH.search(raw):
        return
    try:
        data = json.loads(raw, parse_float=Decimal, parse_int=Decimal)
    except (ValueError, RecursionError):
        return
    if "ld+json" in kind:
        yield from _offers(data)
    else:
        yield from _lists(data, 0)


def island_grids(props: str) -> Iterator[Grid]:
    """The price lists in an island's props, plain or in Astro's `[type, value]` form."""
    if len(props) > _LONGEST or not props.lstrip().startswith("{"):
        return
    try:
        data = json.loads(props, parse_float=Decimal, parse_int=Decimal)
    except (ValueError, RecursionError):
        return
    yield from _lists(_plain(data, 0), 0)


def _plain(value: Any, depth: int) -> Any:
    """Astro's serialised props as plain data: `[0, x]` is x, `[1, [...]]` a list."""
    if depth > _DEEPEST:
        return None
    if isinstance(value, list) and value and value[0] in (0, 1) and len(value) <= 2:
        if len(value) == 1:
            return None
        if value[0] == 1 and isinstance(value[1], list):
            return [_plain(item, depth + 1) for item in value[1]]
        return _plain(value[1], depth + 1) if isinstance(value[1], dict) else value[1]
    if isinstance(value, dict):
        return {key: _plain(item, depth + 1) for key, item in value.items()}
    return value


# ── price lists in plain data ────────────────────────────────────────────────────────────────


def _lists(value: Any, depth: int) -> Iterator[Grid]:
    if depth > _DEEPEST:
        return
    if isinstance(value, dict):
        grid = _headed(value)
        if grid:
            yield grid
            return
        for item in value.values():
            yield from _lists(item, depth + 1)
    elif isinstance(value, list):
        grid = _records(value)
        if grid:
            yield grid
            return
        for item in value:
            yield from _lists(item, depth + 1)


def _headed(value: Mapping[str, Any]) -> Grid | None:
    """`{headings: [...], rows: [[...]]}`, or with groups of rows."""
    heads = next((value[key] for key in _HEADS if isinstance(value.get(key), list)), None)
    rows = next((value[key] for key in _ROWS if isinstance(value.get(key), list)), None)
    if not heads or not rows:
        return None
    names = [_text(head) for head in heads]
    flat = list(_flat_rows(rows, len(names)))
    if not flat or not any(names):
        return None
    return _grid([names, *flat])


def _flat_rows(rows: Sequence[Any], width: int) -> Iterator[list[str]]:
    for row in rows:
        if isinstance(row, list) and not any(isinstance(cell, list) for cell in row):
            yield [_text(cell) for cell in row]
        elif isinstance(row, dict):
            nested = next((row[key] for key in _ROWS if isinstance(row.get(key), list)), None)
            label = next((_text(row[key]) for key in row if key.lower() in _NAMES), "")
            for inner in _flat_rows(nested, width) if nested else ():
                yield [label, *inner] if len(inner) < width else inner


def _records(value: Sequence[Any]) -> Grid | None:
    """`[{name: …, inputPrice: …}, …]`: objects that share a name and a price."""
    records = [_flatten(item) for item in value if isinstance(item, dict)]
    if len(records) < 2 or len(records) != len(value):
        return None
    keys = list(dict.fromkeys(key for record in records for key in record))
    name = next(
        (key for wanted in _NAMES for key in keys if key.lower().replace("_", "") == wanted), ""
    )
    prices = [
        key
        for key in keys
        if _PRICE_KEY.search(key)
        and sum(_is_money(record.get(key)) for record in records) * 2 >= len(records)
    ]
    if (
        not name
        or not prices
        or not any(re.search(r"price|cost|fee|pricing", key, re.I) for key in prices)
    ):
        return None
    rows = [[_text(record.get(key)) for key in (name, *prices)] for record in records]
    return _grid([["Model", *(_spaced(key) for key in prices)], *rows])


def _flatten(record: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, item in record.items():
        name = f"{prefix} {key}".strip()
        if isinstance(item, dict) and not prefix:
            flat.update(_flatten(item, key))
        elif not isinstance(item, dict | list):
            flat[name] = item
    return flat


def _offers(data: Any) -> Iterator[Grid]:
    """schema.org offers: `price`, `priceCurrency`, and what they are for."""
    rows = list(_offer_rows(data, "", 0))
    if rows:
        yield _grid([["Product", "Offer", "Price"], *rows])


def _offer_rows(value: Any, product: str, depth: int) -> Iterator[list[str]]:
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for item in value:
            yield from _offer_rows(item, product, depth + 1)
    elif isinstance(value, dict):
        kind = value.get("@type")
        name = _text(value.get("name"))
        spec = value.get("priceSpecification")
        spec = spec[0] if isinstance(spec, list) and spec else spec
        spec = spec if isinstance(spec, dict) else {}
        price = value.get("price", spec.get("price"))
        if price is not None and (kind in ("Offer", "AggregateOffer") or "priceCurrency" in value):
            currency = _text(value.get("priceCurrency") or spec.get("priceCurrency"))
            per = _text(spec.get("unitText") or spec.get("referenceQuantity"))
            stated = f"{_text(price)} {currency}" + (f" per {per}" if per else "")
            yield [product or name, name if product else "", stated]
            return
        inner = (
            name
            if kind in ("Product", "Service", "SoftwareApplication", "WebApplication")
            else product
        )
        for item in value.values():
            if isinstance(item, dict | list):
                yield from _offer_rows(item, inner, depth + 1)


# ── streamed component payloads ──────────────────────────────────────────────────────────────


def flight_html(raws: Iterable[str]) -> str:
    """The tables in a React flight stream (`self.__next_f.push`) as HTML."""
    stream = "".join(_pushed(raw) for raw in raws)
    if len(stream) > _LONGEST or '"table"' not in stream:
        return ""
    tables: list[str] = []
    for line in stream.split("\n"):
        _, _, payload = line.partition(":")
        if '"table"' not in payload:
            continue
        try:
            _find_tables(json.loads(payload), tables, 0)
        except (ValueError, RecursionError):
            continue
    return "".join(tables)


def _pushed(raw: str) -> str:
    match = re.search(r"__next_f\.push\(\s*(\[.*\])\s*\)", raw, re.S)
    if not match:
        return ""
    try:
        pushed = json.loads(match.group(1))
    except ValueError:
        return ""
    return pushed[1] if len(pushed) > 1 and isinstance(pushed[1], str) else ""


def _find_tables(node: Any, tables: list[str], depth: int) -> None:
    if depth > _DEEPEST or not isinstance(node, list | dict):
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
    if depth > _DEEPEST or node is None or isinstance(node, bool):
        return ""
    if isinstance(node, str | int | float):
        return (
            escape(str(node)) if not str(node).startswith("$") or str(node)[1:2].isdigit() else ""
        )
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


def _grid(rows: Sequence[Sequence[str]]) -> Grid:
    width = max(len(row) for row in rows)
    cells = tuple(
        tuple(Cell(text, head=at == 0) for text in (*row, *[""] * (width - len(row))))
        for at, row in enumerate(rows)
    )
    return Grid(cells, width, 1)


def _text(value: Any) -> str:
    if value is None or isinstance(value, bool | list):
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, dict):
        for item in value.values():
            if isinstance(item, dict):
                return _text(item)
        return next(
            (
                _text(value[key])
                for key in ("label", "text", "title", "name", "value")
                if key in value
            ),
            "",
        )
    return str(value)


def _is_money(value: Any) -> bool:
    return isinstance(value, Decimal) or (isinstance(value, str) and bool(_MONEY.match(value)))


def _spaced(key: str) -> str:
    return re.sub(r"[_\s-]+", " ", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", key))
