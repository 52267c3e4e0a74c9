"""The figures of a capture as JSON and back, with what many of them share written once."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from ratewire.errors import StoreError
from ratewire.model import Figure, Lines, Place, Role, Shown

__all__ = ["from_plain", "lines_from", "to_lines", "to_plain"]

_AROUND = ("labels", "beside", "heads", "group", "near", "headings", "panes")
"""Parts of a place that the figures of a row, column or section share."""


@dataclass
class _Pool:
    """Values that occur again and again, each under its number."""

    numbers: dict[Any, int] = field(default_factory=dict)

    def number(self, value: Any) -> int:
        return self.numbers.setdefault(value, len(self.numbers))


def to_plain(figures: Sequence[Figure]) -> dict[str, Any]:
    """`shared`: texts and lists of texts; `figures`: a list for each, its parts by their number.

    A figure is [text, values, words, number, block, row, column, shown, role, reason, rates, the
    parts of its place in the order of `_AROUND`]; from `words` on texts stand under their number.
    """
    pool = _Pool()
    rows = [_row(figure, pool) for figure in figures]
    return {"shared": list(pool.numbers), "figures": rows}


def _row(figure: Figure, pool: _Pool) -> list[Any]:
    place = figure.place
    return [
        figure.text,
        [f"{value:f}" for value in figure.values],
        pool.number(place.words),
        place.number,
        place.block,
        place.row,
        place.column,
        figure.shown.value,
        figure.role.value,
        pool.number(figure.reason),
        pool.number(figure.rates),
        *(pool.number(getattr(place, name)) for name in _AROUND),
    ]


def to_lines(body: Mapping[str, Any]) -> bytes:
    """A file of its own, a shared value or a figure a line, so that git sees what changed.

    `body`: what `to_plain` gives, and what else the file says of itself.
    """
    parts = []
    for name, value in body.items():
        lines = ",\n".join(map(_compact, value)) if isinstance(value, list) else ""
        told = f"[\n{lines}\n]" if isinstance(value, list) else _compact(value)
        parts.append(f"{_compact(name)}: {told}")
    return ("{" + ",\n".join(parts) + "}\n").encode()


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def from_plain(value: Mapping[str, Any]) -> tuple[Figure, ...]:
    """The inverse of `to_plain`. Raises StoreError that says what is wrong."""
    try:
        shared = [_hashable(each) for each in value["shared"]]
        return tuple(_figure(row, shared) for row in value["figures"])
    except (KeyError, IndexError, TypeError, ValueError, InvalidOperation) as error:
        raise StoreError(f"not an inventory of figures: {error}") from error


def lines_from(value: Mapping[str, Any]) -> Lines:
    """The lines of a capture as a file has them; none in files of before they were kept."""
    marks = value.get("lines", [])
    if not isinstance(marks, list) or not all(isinstance(mark, str) for mark in marks):
        raise StoreError("`lines` is a list of marks")
    return Lines(kept=tuple(marks))


def _hashable(value: Any) -> Any:
    return tuple(map(_hashable, value)) if isinstance(value, list) else value


def _figure(row: Sequence[Any], shared: Sequence[Any]) -> Figure:
    text, values, words, number, block, at, column, shown, role, reason, rates, *around = row
    parts = {name: shared[part] for name, part in zip(_AROUND, around, strict=True)}
    place = Place(shared[words], number=number, block=block, row=at, column=column, **parts)
    return Figure(
        text,
        place,
        tuple(Decimal(each) for each in values),
        Shown(shown),
        Role(role),
        shared[reason],
        shared[rates],
    )
