"""The formats of stored files, oldest to newest.

A file says in `format` which it has. To change a format: raise its number here, and add a step
that turns the file's JSON of the number before into that of the new one. Steps are never removed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ratewire.errors import StoreError

__all__ = ["FORMATS", "SEALED", "NewerFormatError", "migrate"]


class NewerFormatError(StoreError):
    """Written by a newer ratewire: not damaged, and never set aside."""


Step = Callable[[dict[str, Any]], dict[str, Any]]

FORMATS: Mapping[str, int] = {
    **{"facts": 2, "figures": 2, "pending": 2},
    **{"changes": 2, "health": 2, "journal": 2},
}
"""Kind of file to the number that is written now."""

SEALED = 2
"""The first format in which every file has a checksum."""

STEPS: Mapping[tuple[str, int], Step] = {(kind, 1): dict for kind in FORMATS}
"""(kind, n) to the step from format n to n + 1. To 2: nothing but the checksum is new."""


def migrate(
    kind: str,
    value: Any,
    *,
    formats: Mapping[str, int] = FORMATS,
    steps: Mapping[tuple[str, int], Step] = STEPS,
) -> dict[str, Any]:
    """A file's JSON brought to today's format.

    Raises StoreError where it has none, or one that only a newer ratewire knows.
    """
    number = value.get("format") if isinstance(value, dict) else None
    if type(number) is not int or number < 1:
        raise StoreError("`format` is missing: this is no file of ratewire's")
    if number > formats[kind]:
        raise NewerFormatError(
            f"format {number} of a {kind} file is newer than this ratewire, which knows "
            f"{formats[kind]}; upgrade it"
        )
    for step in range(number, formats[kind]):
        value = steps[kind, step](value)
    return dict(value)
