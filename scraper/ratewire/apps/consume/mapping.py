"""The owner's own words for where a product's meter stands in a file: one small TOML file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ratewire.apps.consume.places import Step
from ratewire.config.toml import read_toml
from ratewire.model import Conditions, Unit

__all__ = ["MappingEntry", "load_mapping"]


@dataclass(frozen=True, slots=True)
class MappingEntry:
    """One figure: where it stands, and what it prices."""

    path: tuple[Step, ...]
    product: str
    meter: str
    unit: Unit
    currency: str
    conditions: Conditions


@dataclass(frozen=True, slots=True)
class _Figure:
    at: Any
    product: str
    meter: str
    unit: str
    currency: str = "USD"
    conditions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Figures:
    figures: tuple[_Figure, ...] = field(default=(), metadata={"key": "figure"})


def load_mapping(file: Path) -> tuple[MappingEntry, ...]:
    """Its entries in order. Raises ConfigError, naming file, line and key."""
    document = read_toml(file)
    told = document.typed(_Figures).figures
    if not told:
        raise document.error("names no figure; add one as a table [[figure]]")
    mistakes: list[tuple[tuple[str | int, ...], str]] = []
    entries = []
    for number, one in enumerate(told):
        here: tuple[str | int, ...] = ("figure", number)
        path = one.at.split(".") if isinstance(one.at, str) else one.at
        if not _is_path(path):
            words = 'is keys joined by dots, or a list of them: ["models", {id = "x"}, "price"]'
            mistakes.append(((*here, "at"), words))
            continue
        try:
            unit = Unit.parse(one.unit)
        except ValueError as error:
            mistakes.append(((*here, "unit"), str(error)))
            continue
        conditions = Conditions.of(one.conditions)
        entries.append(
            MappingEntry(tuple(path), one.product, one.meter, unit, one.currency, conditions)
        )
    document.raise_for(mistakes)
    return tuple(entries)


def _is_path(value: Any) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(step, str | int | dict) and step not in ("", {}) for step in value)
    )
