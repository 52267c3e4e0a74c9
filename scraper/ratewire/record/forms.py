"""Records as the files that they stand in, each with its format and its checksum, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from ratewire.errors import StoreError
from ratewire.model import Change, Figure, Lines, Snapshot
from ratewire.model.moments import parse_rfc3339
from ratewire.record import codec, inventory
from ratewire.record.checksum import sealed, verify
from ratewire.record.migrations import FORMATS, SEALED, NewerFormatError, migrate

__all__ = ["Inventory", "change_of", "figures_of", "line_of", "never_newer", "opened", "record_of",
           "written", "written_figures"]  # fmt: skip

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Inventory:
    """The figures of the page that stands, and which page that is."""

    figures: tuple[Figure, ...] = ()
    lines: Lines = field(default=Lines())
    capture: str = ""
    """sha256; empty in a file of an older ratewire."""
    taken_at: datetime | None = None


def written(kind: str, owner: str, record: object) -> bytes:
    """The file of a record. `owner`: the id of the source of which it is."""
    return codec.encode(_body(kind, owner, codec.plain(record)))


def line_of(owner: str, change: Change) -> bytes:
    """The line of a change in its source's log."""
    return codec.encode_line(_body("changes", owner, codec.plain(change)))


def written_figures(owner: str, snapshot: Snapshot) -> bytes:
    """The file of a snapshot's figures."""
    of = {"capture": snapshot.capture, "taken_at": codec.plain(snapshot.taken_at)}
    lines = {"lines": list(snapshot.lines.marks)}
    return inventory.to_lines(
        _body("figures", owner, {**of, **inventory.to_plain(snapshot.figures), **lines})
    )


def _body(kind: str, owner: str, plain: Mapping[str, Any]) -> dict[str, Any]:
    whole = sealed(kind, owner, {"format": FORMATS[kind], **plain})
    return {key: whole[key] for key in ("format", "checksum", *plain)}


def record_of(kind: str, owner: str, data: bytes | None, cls: type[T]) -> T | None:
    """The inverse of `written`; None: there is no file. Raises StoreError where it is damaged."""
    return None if data is None else codec.decode(opened(kind, owner, data), cls)


def figures_of(owner: str, data: bytes) -> Inventory:
    """Raises StoreError where the file is damaged."""
    value = opened("figures", owner, data)
    at = value.get("taken_at")
    return Inventory(
        inventory.from_plain(value),
        inventory.lines_from(value),
        str(value.get("capture", "")),
        parse_rfc3339(at) if at else None,
    )


def change_of(owner: str, line: bytes, publisher: str | None) -> tuple[Change, ...]:
    """The change of a line of the log; none where it is another publisher's.

    Raises StoreError where the line is damaged.
    """
    if not line.endswith(b"\n"):
        raise StoreError("the line is cut short")
    value = opened("changes", owner, line)
    if publisher is not None and value.get("publisher", "") != publisher:
        return ()
    return (codec.decode(value, Change),)


def opened(kind: str, owner: str, data: bytes) -> dict[str, Any]:
    """What the file says, in today's format. Raises StoreError where it is damaged, and
    NewerFormatError.
    """
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise StoreError(f"not JSON: {error}") from error
    number = value.get("format") if isinstance(value, dict) else None
    verify(kind, owner, value, required=type(number) is int and number >= SEALED)
    return migrate(kind, value)


def never_newer(error: Exception) -> None:
    """What a newer ratewire wrote is not damage: stop, and leave it alone."""
    if isinstance(error, NewerFormatError):
        raise error
