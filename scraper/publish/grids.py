"""Rates and limits laid out as tables; pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from scraper.model import Rate
from scraper.publish import labels
from scraper.publish.phrases import plain, price
from scraper.publish.stated import Quoted, StatedLimit
from scraper.publish.statements import value

__all__ = ["Cell", "Grid", "Row", "compare_grid", "cost_grids", "limit_grid", "rate_grids"]


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    quoted: Quoted | None = None


@dataclass(frozen=True, slots=True)
class Row:
    label: str
    cells: tuple[Cell, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with a head row and a head column. An empty cell says that there is no such rate."""

    caption: str
    corner: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


EMPTY = Cell("")


def _price(quoted: Quoted | None, usual: str = "") -> Cell:
    """The amount; with its unit where that is not the table's usual one."""
    if quoted is None:
        return EMPTY
    other = usual and _per(quoted.rate)[0] != usual
    return Cell(price(quoted.rate) if other else labels.amount(quoted.rate), quoted)


def _per(rate: Rate) -> tuple[str, str]:
    return (labels.per(rate.unit), rate.currency)


def _is_sized(rate: Rate) -> bool:
    return bool(rate.conditions.get("size") or rate.conditions.get("quality"))


def rate_grids(quoted: Iterable[Quoted], words: Mapping[str, str]) -> tuple[Grid, ...]:
    """One table for each unit: meters down, tiers across; prices by size and quality apart."""
    quoted = tuple(quoted)
    by_unit: dict[tuple[str, str], list[Quoted]] = defaultdict(list)
    for one in quoted:
        if not _is_sized(one.rate):
            by_unit[_per(one.rate)].append(one)
    tiered = tuple(_tier_grid(per, group, words) for (per, _), group in by_unit.items())
    return tiered + cost_grids(quoted)


def _tier_grid(per: str, quoted: list[Quoted], words: Mapping[str, str]) -> Grid:
    tiers = sorted({one.rate.conditions.get("tier") for one in quoted}, key=labels.tier_order)
    rows: dict[tuple[str, str], dict[str, Quoted]] = defaultdict(dict)
    for one in quoted:
        held = one.rate.conditions
        rows[one.rate.meter, labels.under(held, "tier")][held.get("tier")] = one
    ordered = sorted(rows, key=lambda key: (*labels.meter_order(key[0]), key[1]))
    return Grid(
        caption=f"Prices {per}",
        corner="Meter",
        columns=tuple(labels.tier(name) for name in tiers),
        rows=tuple(
            Row(
                labels.meter(meter, words),
                tuple(_price(rows[meter, note].get(tier)) for tier in tiers),
                note,
            )
            for meter, note in ordered
        ),
    )


def cost_grids(
    quoted: Iterable[Quoted], sizes: Iterable[str] = (), qualities: Iterable[str] = ()
) -> tuple[Grid, ...]:
    """Prices by size (across) and quality (down), one table for each unit and further condition."""
    wanted_sizes, wanted_qualities = tuple(sizes), tuple(qualities)
    groups: dict[tuple[str, str], dict[tuple[str, str], Quoted]] = defaultdict(dict)
    for one in quoted:
        held = one.rate.conditions
        size, quality = held.get("size"), held.get("quality")
        if not _is_sized(one.rate) or (wanted_sizes and size not in wanted_sizes):
            continue
        if wanted_qualities and quality not in wanted_qualities:
            continue
        rest = labels.under(held, "size", "quality")
        groups[_per(one.rate)[0], rest][quality, size] = one
    return tuple(_cost_grid(per, rest, cells) for (per, rest), cells in groups.items())


def _cost_grid(per: str, rest: str, cells: Mapping[tuple[str, str], Quoted]) -> Grid:
    sizes = sorted({size for _, size in cells}, key=_area)
    qualities = sorted({quality for quality, _ in cells}, key=labels.quality_order)
    return Grid(
        caption=f"Prices {per} by quality and size" + (f", {rest}" if rest else ""),
        corner="Quality",
        columns=tuple(plain(size, 40).replace("x", " × ") or "Any size" for size in sizes),
        rows=tuple(
            Row(
                plain(quality, 40).capitalize() or "Any quality",
                tuple(_price(cells.get((quality, size))) for size in sizes),
            )
            for quality in qualities
        ),
    )


def _area(size: str) -> tuple[int, str]:
    numbers = [int(part) for part in size.split("x") if part.isdigit()]
    return (numbers[0] * numbers[1] if len(numbers) == 2 else 0, size)


def compare_grid(
    products: Mapping[str, tuple[Quoted, ...]],
    words: Mapping[str, str],
    lookup: Callable[[str, str], Quoted | None],
) -> Grid:
    """Products across (by their names), meters down; `lookup(product name, meter)` finds a rate."""
    found = {
        (name, one.rate.meter): quoted
        for name, all_of_it in products.items()
        for one in all_of_it
        if not _is_sized(one.rate) and (quoted := lookup(name, one.rate.meter)) is not None
    }
    units = Counter(_per(one.rate)[0] for one in found.values())
    usual = max(units, key=lambda per: (units[per], per), default="")
    return Grid(
        caption=f"Prices {usual}".strip() + (" unless another unit is named" * (len(units) > 1)),
        corner="Meter",
        columns=tuple(products),
        rows=tuple(
            Row(
                labels.meter(meter, words),
                tuple(_price(found.get((name, meter)), usual) for name in products),
            )
            for meter in sorted({meter for _, meter in found}, key=labels.meter_order)
        ),
    )


def limit_grid(stated: Iterable[StatedLimit]) -> Grid:
    """Usage tiers down, kinds of limit across."""
    stated = tuple(stated)
    kinds = sorted({one.limit.what for one in stated})
    tiers = sorted({one.limit.tier for one in stated}, key=lambda tier: (tier != "free", tier))
    cells = {(one.limit.tier, one.limit.what): Cell(value(one.limit)) for one in stated}
    return Grid(
        caption="Rate limits by usage tier",
        corner="Usage tier",
        columns=tuple(labels.capitalised(labels.limit_kind(what)) for what in kinds),
        rows=tuple(
            Row(
                labels.tier(tier) if tier else "All",
                tuple(cells.get((tier, k), EMPTY) for k in kinds),
            )
            for tier in tiers
        ),
    )
