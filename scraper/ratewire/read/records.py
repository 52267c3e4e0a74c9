"""Arrays and records of a component's props as tables: `rows={[["x", "$5"]]}`,
`models={[{name: "x", input: 5}]}`, `<Plan name="Team" price="$29" />`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape

from ratewire.read.lexicon import fold, lexicon
from ratewire.read.literals import Literal

__all__ = ["labels", "literal_rows", "prop_tables", "row_of_attributes", "table_html"]

_ROW_KEYS = ("rows", "data", "items", "models", "groups", "prices", "plans", "tiers")
_HEAD_KEYS = ("headings", "headers", "columns", "header", "head", "cols", "fields")
_FIELD_KEYS = ("key", "accessor", "accessorkey", "field", "datakey", "dataindex", "id", "prop",
               "value")  # fmt: skip
_TEXT_KEYS = ("label", "text", "title", "header", "heading", "name")
_NAME_KEYS = ("model", "name", "modelname", "modelid", "displayname", "title", "label", "plan",
              "product", "sku", "heading", "id", "slug")  # fmt: skip
_UNIT_KEYS = ("unit", "per", "period", "interval", "billingperiod", "billingunit", "unittext")


def prop_tables(name: str, props: Mapping[str, Literal]) -> Iterator[str]:
    """A table for each prop that holds rows, with the heads that another prop names."""
    columns = next(
        (value for key in _HEAD_KEYS if isinstance(value := props.get(key), list) and value), []
    )
    for key, value in props.items():
        if key not in _HEAD_KEYS:
            rows, heads = literal_rows(value, columns)
            if rows:
                yield table_html(rows, heads, name)


def labels(value: Literal) -> list[str]:
    """A list of strings, or of objects that have a label."""
    return [_cell_text(item) for item in value] if isinstance(value, list) else []


def literal_rows(
    value: Literal, columns: Sequence[Literal] = ()
) -> tuple[list[list[str]], list[str]]:
    """(rows, heads) in a literal: arrays of cells, records, or objects that hold such rows."""
    if not isinstance(value, list | tuple):
        return [], []
    if found := _records(value, columns):
        return found
    rows: list[list[str]] = []
    heads = [_cell_text(item) for item in columns]
    for item in value:
        if isinstance(item, list | tuple):
            cells = [_cell_text(cell) for cell in item]
            if len(cells) > 1 and cells[0]:
                rows.append(cells)
        elif isinstance(item, dict):
            label = next((str(v) for k, v in item.items() if isinstance(v, str) and k != "key"), "")
            nested = next((item[key] for key in _ROW_KEYS if key in item), None)
            inner, names = literal_rows(nested, columns)
            heads = ["", *names] if names and inner and not columns else heads
            rows.extend([label, *row] for row in inner)
    return rows, heads


def _records(
    value: Sequence[Literal], columns: Sequence[Literal]
) -> tuple[list[list[str]], list[str]] | None:
    """`[{model: "x", input: 5, output: 15}, …]`, with heads of their keys or of `columns`."""
    records = [_flat(item) for item in value if isinstance(item, dict)]
    if not records or len(records) != len(value):
        return None
    keys = list(dict.fromkeys(key for record in records for key in record))
    named = [key for wanted in _NAME_KEYS for key in keys if _bare(key) == wanted]
    heads = {key: "Unit" if _bare(key) in _UNIT_KEYS else _spaced(key) for key in keys}
    heads |= dict.fromkeys(named[:1], "Model") | _column_heads(columns, keys)
    if not named or not any(_means_money(heads[key]) for key in keys if key != named[0]):
        return None
    ordered = [named[0], *(key for key in keys if key not in named)]
    rows = [[_stated(key, record.get(key, "")) for key in ordered] for record in records]
    return rows, [heads[key] for key in ordered]


def _column_heads(columns: Sequence[Literal], keys: Sequence[str]) -> dict[str, str]:
    """Heads by the records' keys, where the columns are objects that name both."""
    found: dict[str, str] = {}
    for column in columns:
        if isinstance(column, dict):
            parts = {key.lower(): part for key, part in column.items()}
            key = next((parts[name] for name in _FIELD_KEYS if parts.get(name) in keys), None)
            head = next((parts[name] for name in _TEXT_KEYS if parts.get(name)), None)
            if isinstance(key, str) and isinstance(head, str):
                found[key] = head
    return found


def _flat(record: Mapping[str, Literal], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in record.items():
        if isinstance(value, dict) and not prefix:
            flat.update(_flat(value, f"{key} "))
        elif not isinstance(value, dict | list | tuple | bool) and value is not None:
            flat[prefix + key] = str(value)
    return flat


def row_of_attributes(attributes: Mapping[str, str]) -> tuple[list[str], list[str]] | None:
    """(heads, cells) of a component that is one row: `<Plan name="Team" price="$29" />`."""
    name = next((key for want in _NAME_KEYS for key in attributes if _bare(key) == want), None)
    prices = [
        key for key, value in attributes.items()
        if key != name and _means_money(key) and re.search(r"\d", value)
    ]  # fmt: skip
    if name is None or not prices:
        return None
    units = [key for key in attributes if _bare(key) in _UNIT_KEYS]
    heads = ["Model", *(_spaced(key) for key in prices), *("Unit" for _ in units)]
    return heads, [_stated(key, attributes[key]) for key in (name, *prices, *units)]


def _stated(key: str, value: str) -> str:
    """A unit as a cell states it: `month` as `per month`."""
    return f"per {value}" if value and _bare(key) in _UNIT_KEYS and "per" not in value else value


def _means_money(key: str) -> bool:
    words = fold(_spaced(key))
    return any(lexicon(kind).search(words) for kind in ("price", "direction", "cache"))


def _bare(key: str) -> str:
    return re.sub(r"[\s_-]", "", key).lower()


def _spaced(key: str) -> str:
    return re.sub(r"[_\s-]+", " ", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", key))


def _cell_text(value: Literal) -> str:
    if value is None or value is True or value is False:
        return "-"
    if isinstance(value, dict):
        return next((_cell_text(v) for k, v in value.items() if k.lower() in _TEXT_KEYS), "")
    return "" if isinstance(value, list | tuple) else str(value)


def table_html(rows: Sequence[Sequence[str]], heads: Sequence[str], name: str = "") -> str:
    """One line, so that the block scanner passes it on as it is."""
    head = "".join(f"<th>{_cell_html(cell)}</th>" for cell in heads)
    body = "".join(
        "<tr>" + "".join(f"<td>{_cell_html(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    thead = f"<thead><tr>{head}</tr></thead>" if head else ""
    return f'\n<table data-component="{escape(name)}">{thead}<tbody>{body}</tbody></table>\n'


def _cell_html(cell: str) -> str:
    """A literal's cell may hold markup of its own; all else is escaped."""
    text = cell.replace("\n", " ")
    return text if re.search(r"</?[a-z]+[^<>]*>", text) else escape(text)
