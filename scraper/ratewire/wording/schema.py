"""JSON Schemas (2020-12) of the types in `data`, from their fields."""

from __future__ import annotations

import types
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from ratewire.model import Conditions, StatedDate, Unit

__all__ = ["Schema", "list_of", "ref", "schemas"]

Schema = dict[str, Any]
_PLAIN: dict[type, Schema] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    Decimal: {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
    time: {"type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9]$"},
    # A day, or the month, quarter or year of which the page says no more.
    StatedDate: {"type": "string", "pattern": r"^[0-9]{4}(-Q[1-4]|-[0-9]{2}(-[0-9]{2})?)?$"},
    Unit: {"type": "string"},
    Conditions: {"type": "object", "additionalProperties": {"type": "string"}},
    types.NoneType: {"type": "null"},
}


def ref(cls: type) -> Schema:
    return {"$ref": f"#/components/schemas/{_name(cls)}"}


def list_of(cls: type) -> Schema:
    return {"type": "array", "items": ref(cls)}


def schemas(*classes: type) -> dict[str, Schema]:
    """Of these and of all types that they are made of, by name."""
    found: dict[str, Schema] = {}
    for cls in classes:
        _gather(cls, found)
    return found


def _gather(cls: type, found: dict[str, Schema]) -> None:
    if _name(cls) in found:
        return
    made: Schema = {"type": "object", "properties": {}, "required": []}
    found[_name(cls)] = made
    hints = get_type_hints(cls, include_extras=True)
    for each in fields(cls):
        kind = hints[each.name]
        if each.default is MISSING:
            made["required"].append(each.name)
        else:  # left out where it is null
            present = tuple(one for one in _members(kind) if one is not types.NoneType)
            kind = Union[present]  # noqa: UP007 - of as many as there are
        made["properties"][each.name] = _schema(kind, found)


def _schema(kind: Any, found: dict[str, Schema]) -> Schema:
    if kind in _PLAIN:
        return _PLAIN[kind]
    if get_origin(kind) is Annotated:
        base, mark = get_args(kind)
        return _schema(base, found) | {"pattern" if mark.startswith("^") else "format": mark}
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return {"type": "string", "enum": [one.value for one in kind if one]}
    if get_origin(kind) is tuple:
        return _array(get_args(kind), found)
    if is_dataclass(kind) and isinstance(kind, type):
        _gather(kind, found)
        return ref(kind)
    return {"anyOf": [_schema(one, found) for one in _members(kind)]}


def _array(parts: tuple[Any, ...], found: dict[str, Schema]) -> Schema:
    """Of any length, or of as many as there are parts."""
    fixed = {} if parts[-1] is ... else {"minItems": len(parts), "maxItems": len(parts)}
    return {"type": "array", "items": _schema(parts[0], found), **fixed}


def _members(kind: Any) -> tuple[Any, ...]:
    """Of a union; of another type itself."""
    return get_args(kind) if get_origin(kind) in (Union, types.UnionType) else (kind,)


def _name(cls: type) -> str:
    return cls.__name__.removesuffix("Data").removeprefix("Sourced")
