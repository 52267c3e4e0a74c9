"""The figures of a file, each with its place, and the file with others in their places. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Any

from ratewire.apps.consume.mapping import MappingEntry
from ratewire.apps.consume.places import (
    Placed,
    TextSpan,
    find,
    parse_csv,
    parse_json,
    parse_jsonl,
    parse_toml,
)
from ratewire.apps.lists import FORMATS, told_by_shape
from ratewire.errors import ConfigError
from ratewire.model import Evidence, Rate

__all__ = ["FileFigures", "figures_of", "in_unit_of", "respelt", "rewritten"]

_OURS = ("json", "jsonl", "csv")
_SELLERS = {"models.dev", "litellm", "genai-prices"}
"""Shapes that hold what several sell the same product for."""


@dataclass(frozen=True, slots=True)
class FileFigures:
    """What a file says, figure by figure; each amount is `Placed` in its text."""

    text: str
    rates: tuple[Rate, ...]
    chosen: bool
    """The owner named each: none may be passed over in silence."""
    sellers: Mapping[int, str]
    """Who sells at the figure that starts at an offset, where the shape tells; else nobody."""


def figures_of(
    text: str, name: str, *, format: str = "", entries: Sequence[MappingEntry] = ()
) -> FileFigures:
    """Those of a list in a known shape, or those that `entries` name. Raises ConfigError."""
    try:
        if entries:
            rates = tuple(_mapped(_parsed(text, name), entries))
            return FileFigures(text, rates, True, {})
        return _listed(text, name, format)
    except (ValueError, TypeError, KeyError, AttributeError, InvalidOperation) as error:
        raise ConfigError(f"{name}: {error}") from None
    except ConfigError as error:
        raise ConfigError(f"{name}: {error}") from None
    except RecursionError:
        raise ConfigError(f"{name}: is nested too deep") from None


def _parsed(text: str, name: str) -> Any:
    """By the file's ending."""
    parsers = {
        "json": parse_json, "jsonl": parse_jsonl, "ndjson": parse_jsonl, "csv": parse_csv,
        "tsv": parse_csv, "toml": parse_toml,
    }  # fmt: skip
    ending = name.rpartition(".")[2].lower()
    if ending not in parsers:
        raise ValueError(f"ends in none of {', '.join(f'.{each}' for each in parsers)}")
    return parsers[ending](text)


def _mapped(value: Any, entries: Iterable[MappingEntry]) -> Iterable[Rate]:
    for entry in entries:
        place = " › ".join(
            "/".join(map(str, step.values())) if isinstance(step, Mapping) else str(step)
            for step in entry.path
        )
        yield Rate(
            entry.product, entry.meter, find(value, entry.path), entry.currency, entry.unit,
            entry.conditions, evidence=Evidence("", place),
        )  # fmt: skip


def _listed(text: str, name: str, format: str) -> FileFigures:
    if format and format not in FORMATS:
        raise ConfigError(f"{format!r} is no format; use one of {', '.join(FORMATS)}")
    value = _of_shape(text, name, format)
    shape = format or told_by_shape(value)
    if shape in _OURS:
        rows = value["rates"] if isinstance(value, dict) else value
        rates = tuple(FORMATS["json"].read({"rates": [_row(row) for row in rows]}))
    else:
        rates = tuple(FORMATS[shape].read(value))
    rates = tuple(rate for rate in rates if isinstance(rate.amount, Placed))
    sellers = {
        rate.amount.start: _seller(shape, rate.evidence.where)
        for rate in rates
        if isinstance(rate.amount, Placed) and shape in _SELLERS
    }
    return FileFigures(text, rates, False, sellers)


def _of_shape(text: str, name: str, format: str) -> Any:
    ending = name.rpartition(".")[2].lower()
    if format == "csv" or (not format and ending == "csv"):
        rows = parse_csv(text)
        if missing := {"product", "meter", "amount"} - set(rows[0] if rows else ()):
            raise ValueError(f"no column {' and no column '.join(sorted(missing))}")
        return [{name: cell for name, cell in row.items() if cell} for row in rows]
    if format == "jsonl" or (not format and ending == "jsonl"):
        return parse_jsonl(text)
    return parse_json(text)


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of our own shapes, whose amount may be text."""
    amount = row["amount"]
    return {**row, "amount": amount.number if isinstance(amount, TextSpan) else amount}


def _seller(shape: str, where: str) -> str:
    """Of `openai › gpt-image-2 › cost › input`, or of `azure/gpt-image-2 › input_cost…`."""
    first = where.partition(" › ")[0]
    return first if shape != "litellm" else first.rpartition("/")[0]


# ── Writing ──────────────────────────────────────────────────────────────────────────────────


def rewritten(text: str, changed: Iterable[tuple[Placed, str]]) -> str:
    """The text with other figures between the same offsets."""
    parts, end = [], len(text)
    for placed, spelling in sorted(changed, key=lambda one: one[0].start, reverse=True):
        parts += [text[placed.end : end], spelling]
        end = placed.start
    return "".join(reversed([*parts, text[:end]]))


def respelt(old: str, amount: Decimal, *, quoted: bool) -> str:
    """An amount in the manner of the figure that it replaces: exponent, decimals, zeros at the end.

    `quoted`: it stands in text, as prices in money do, and keeps up to two decimals.
    """
    mantissa, letter, exponent = old.partition("e" if "e" in old else "E")
    decimals = mantissa.partition(".")[2]
    fixed = decimals.endswith("0")
    if not letter:
        fewest = 2 if quoted else 1  # a number with a point stays one
        return _padded(amount, len(decimals) if fixed else min(len(decimals), fewest))
    least = len(decimals) if fixed else 0
    power = amount.adjusted() if amount else 0
    digits = _padded(amount.scaleb(-power), least)
    sign = "-" if power < 0 else "+" if exponent.startswith("+") else ""
    return f"{digits}{letter}{sign}{str(abs(power)).zfill(len(exponent.lstrip('+-')))}"


def _padded(amount: Decimal, least: int) -> str:
    short = f"{amount.normalize():f}"
    whole, _, decimals = short.partition(".")
    decimals = decimals.ljust(least, "0")
    return f"{whole}.{decimals}" if decimals else whole


def in_unit_of(official: Rate, listed: Rate, old: str) -> Decimal | None:
    """The official amount for the listed figure's unit; None: they do not convert.

    Where it has no end of decimals it is rounded to those of the old figure, six at least.
    """
    factor = official.unit.factor_to(listed.unit)
    amount = official.per(listed.unit)
    if factor is None or amount is None:
        return None
    if amount * factor[1] == official.amount * factor[0]:
        return amount
    decimals = max(6, len(old.partition(".")[2]))
    return amount.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_EVEN)
