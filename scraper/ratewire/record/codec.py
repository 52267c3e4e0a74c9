"""The one way in which records become JSON and back: same records, same bytes, on every machine.

Decimals are strings as the page wrote them, times ISO 8601 in UTC with `Z`, units as people
write them, conditions an object. What has its default value is left out, so that a reviewer
reads only what a page says.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from cattrs import Converter, transform_error
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

from ratewire.errors import StoreError
from ratewire.model import (
    Alteration,
    Availability,
    Billing,
    Bracket,
    Change,
    Conditions,
    Evidence,
    Fact,
    Facts,
    Health,
    Held,
    Hours,
    Incident,
    Limit,
    Lines,
    Multiplier,
    OtherLook,
    Passage,
    Pending,
    Quantity,
    Rate,
    Sale,
    Sighting,
    Snapshot,
    StatedDate,
    Terms,
    Unit,
    UnreadChange,
    Window,
)
from ratewire.model.moments import parse_rfc3339, rfc3339
from ratewire.record.inventory import from_plain, to_plain

__all__ = ["converter", "decode", "encode", "encode_line", "plain"]

T = TypeVar("T")

_TAGS: Mapping[type, str] = {
    Rate: "rate",
    Availability: "availability",
    Limit: "limit",
    Incident: "incident",
    Passage: "passage",
    Multiplier: "multiplier",
}
_CLASSES = (
    UnreadChange,
    Evidence, Quantity, Bracket, Billing, Sale, Hours, Terms, *_TAGS,
    Facts, Window, Alteration, Change, Held, Sighting, Pending, OtherLook, Snapshot, Health,
)  # fmt: skip


def _to_time(value: Any, _: type) -> datetime:
    return parse_rfc3339(value)


def _from_time(time: datetime) -> str:
    return rfc3339(time)


def _to_decimal(value: Any, _: type) -> Decimal:
    if not isinstance(value, str):
        raise TypeError(f"a decimal is written as a string, unlike {value!r}")
    try:
        return Decimal(value)
    except InvalidOperation:
        raise ValueError(f"not a decimal: {value!r}") from None


def _to_conditions(value: Any, _: type) -> Conditions:
    if not isinstance(value, Mapping):
        raise TypeError(f"conditions are an object, unlike {value!r}")
    return Conditions.of({str(name): str(word) for name, word in value.items()})


def _tagged(fact: Fact | None, converter: Converter) -> dict[str, Any] | None:
    if fact is None:
        return None
    return {"fact": _TAGS[type(fact)], **converter.unstructure(fact)}


def _untagged(value: Any, converter: Converter) -> Any:
    if value is None:
        return None
    cls = next((cls for cls, tag in _TAGS.items() if tag == value.get("fact")), None)
    if cls is None:
        raise ValueError(f"`fact` is one of {', '.join(_TAGS.values())}, not {value.get('fact')!r}")
    return converter.structure(value, cls)


def converter(*, omit_if_default: bool = False) -> Converter:  # pragma: no mutate block
    """How numbers, times, units and conditions are written, whatever they are part of."""
    converter = Converter(omit_if_default=omit_if_default)
    converter.register_unstructure_hook(Decimal, lambda number: f"{number:f}")
    converter.register_structure_hook(Decimal, _to_decimal)
    converter.register_unstructure_hook(datetime, _from_time)
    converter.register_structure_hook(datetime, _to_time)
    converter.register_unstructure_hook(date, lambda day: day.isoformat())
    converter.register_structure_hook(date, lambda value, _: date.fromisoformat(value))
    converter.register_unstructure_hook(time, lambda clock: clock.isoformat("minutes"))
    converter.register_structure_hook(time, lambda value, _: time.fromisoformat(value))
    converter.register_unstructure_hook(StatedDate, str)
    converter.register_structure_hook(StatedDate, lambda value, _: StatedDate.parse(value))
    converter.register_unstructure_hook(Unit, str)
    converter.register_structure_hook(Unit, lambda value, _: Unit.parse(value))
    converter.register_unstructure_hook(Conditions, lambda conditions: dict(conditions.items))
    converter.register_structure_hook(Conditions, _to_conditions)
    return converter


def _stored() -> Converter:  # pragma: no mutate block - it runs when imported, once
    made = converter()
    made.register_unstructure_hook(Lines, lambda lines: list(lines.marks))
    made.register_structure_hook(Lines, lambda value, _: Lines(kept=tuple(value)))
    made.register_unstructure_hook(Fact | None, lambda fact: _tagged(fact, made))
    made.register_structure_hook(Fact | None, lambda value, _: _untagged(value, made))
    for cls in _CLASSES:
        made.register_unstructure_hook(
            cls,
            make_dict_unstructure_fn(
                cls, made, _cattrs_omit_if_default=True, **_written_otherwise(cls)
            ),
        )
    made.register_structure_hook(
        Pending,
        make_dict_structure_fn(
            Pending, made, figures=override(struct_hook=lambda value, _: from_plain(value))
        ),
    )
    return made


def _written_otherwise(cls: type) -> dict[str, Any]:  # pragma: no mutate block - likewise
    """`state` says what an entry is, even where it has a default; figures are written shortly, and
    those of a snapshot in a file of their own.
    """
    return {
        Health: {"state": override(omit_if_default=False)},
        Pending: {"figures": override(unstruct_hook=to_plain)},
        Snapshot: {"figures": override(omit=True), "lines": override(omit=True)},
    }.get(cls, {})


_CONVERTER = _stored()
_OF_FILES = ("format", "checksum")
"""Keys that say something of the file and not of the record."""


def plain(record: object) -> Any:
    """A record (or a tuple of them) as what `json` can write."""
    return _CONVERTER.unstructure(record)


def encode(body: Mapping[str, Any]) -> bytes:
    """A file of its own: sorted keys, two spaces, a newline at its end."""
    return (json.dumps(body, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()


def encode_line(body: Mapping[str, Any]) -> bytes:
    """One line of a log."""
    return (
        json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":")) + "\n"
    ).encode()


def decode(value: Mapping[str, Any], cls: type[T]) -> T:
    """The inverse of `plain`. Raises StoreError that names each key that is wrong."""
    try:
        return _CONVERTER.structure({k: v for k, v in value.items() if k not in _OF_FILES}, cls)
    except Exception as error:
        wrong = "; ".join(transform_error(error)) or str(error)
        raise StoreError(f"not a {cls.__name__.lower()}: {wrong}") from error
