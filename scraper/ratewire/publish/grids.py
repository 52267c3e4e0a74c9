"""Rates and limits laid out as tables; pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from ratewire.model import Rate
from ratewire.publish.labels import (
    Labels,
    capitalised,
    meter_order,
    quality_order,
    tier_order,
)
from ratewire.publish.stated import Quoted, StatedLimit, StatedMultiplier
from ratewire.wording.facts import SiteNames, subject, value
from ratewire.wording.formats import percent, size_words, times

__all__ = [
    "GridCell",
    "GridRow",
    "PriceGrid",
    "compare_grid",
    "cost_grids",
    "limit_grid",
    "multiplier_grid",
    "rate_grids",
]


@dataclass(frozen=True, slots=True)
class GridCell:
    text: str
    quoted: Quoted | None = None


@dataclass(frozen=True, slots=True)
class GridRow:
    label: str
    cells: tuple[GridCell, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class PriceGrid:
    """A table with a head row and a head column. An empty cell says that there is no such rate."""

    caption: str
    corner: str
    columns: tuple[str, ...]
    rows: tuple[GridRow, ...]


EMPTY = GridCell("")


def _price(quoted: Quoted | None, labels: Labels, usual: str = "") -> GridCell:
    """The amount with its terms; with its unit where that is not the table's usual one."""
    if quoted is None:
        return EMPTY
    other = usual and labels.per(quoted.rate.unit) != usual
    said = labels.price_on_terms if other else labels.amount_on_terms
    return GridCell(said(quoted.rate), quoted)


def _amount(quoted: Quoted | None, labels: Labels) -> GridCell:
    """The amount alone: its row says the terms."""
    return EMPTY if quoted is None else GridCell(labels.amount(quoted.rate), quoted)


def _is_sized(rate: Rate) -> bool:
    return bool(rate.conditions.get("size") or rate.conditions.get("quality"))


def rate_grids(quoted: Iterable[Quoted], labels: Labels) -> tuple[PriceGrid, ...]:
    """One table for each unit: meters down, tiers across; prices by size and quality apart."""
    quoted = tuple(quoted)
    by_unit: dict[tuple[str, str], list[Quoted]] = defaultdict(list)
    for one in quoted:
        if not _is_sized(one.rate):
            by_unit[labels.per(one.rate.unit), one.rate.currency].append(one)
    tiered = tuple(_tier_grid(per, group, labels) for (per, _), group in by_unit.items())
    return tiered + cost_grids(quoted, labels)


def _tier_grid(per: str, quoted: list[Quoted], labels: Labels) -> PriceGrid:
    tiers = sorted({one.rate.conditions.get("tier") for one in quoted}, key=tier_order)
    rows: dict[tuple[str, str], dict[str, Quoted]] = defaultdict(dict)
    for one in quoted:
        held = one.rate.conditions
        rows[one.rate.meter, labels.beside(one.rate, "tier")][held.get("tier")] = one
    ordered = sorted(rows, key=lambda key: (*meter_order(key[0]), key[1]))
    return PriceGrid(
        caption=labels.words("table.prices", per=per),
        corner=labels.words("table.meter"),
        columns=tuple(labels.tier(name) for name in tiers),
        rows=tuple(
            GridRow(
                labels.meter(meter),
                tuple(_amount(rows[meter, note].get(tier), labels) for tier in tiers),
                note,
            )
            for meter, note in ordered
        ),
    )


def cost_grids(
    quoted: Iterable[Quoted],
    labels: Labels,
    sizes: Iterable[str] = (),
    qualities: Iterable[str] = (),
) -> tuple[PriceGrid, ...]:
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
        groups[labels.per(one.rate.unit), rest][quality, size] = one
    return tuple(_cost_grid(per, rest, cells, labels) for (per, rest), cells in groups.items())


def _cost_grid(
    per: str, rest: str, cells: Mapping[tuple[str, str], Quoted], labels: Labels
) -> PriceGrid:
    words = labels.words
    sizes = sorted({size for _, size in cells}, key=_area)
    qualities = sorted({quality for quality, _ in cells}, key=quality_order)
    caption = words("table.by_quality_and_size", per=per)
    return PriceGrid(
        caption=words("table.under", caption=caption, conditions=rest) if rest else caption,
        corner=words("table.quality"),
        columns=tuple(size_words(size, words) or words("table.any_size") for size in sizes),
        rows=tuple(
            GridRow(
                labels.quality(quality),
                tuple(_price(cells.get((quality, size)), labels) for size in sizes),
            )
            for quality in qualities
        ),
    )


def _area(size: str) -> tuple[int, str]:
    numbers = [int(part) for part in size.split("x") if part.isdigit()]
    return (numbers[0] * numbers[1] if len(numbers) == 2 else 0, size)


def compare_grid(
    products: Mapping[str, tuple[Quoted, ...]],
    labels: Labels,
    lookup: Callable[[str, str], Quoted | None],
) -> PriceGrid:
    """Products across (by their names), meters down; `lookup(product name, meter)` finds a rate."""
    found = {
        (name, one.rate.meter): quoted
        for name, all_of_it in products.items()
        for one in all_of_it
        if not _is_sized(one.rate) and (quoted := lookup(name, one.rate.meter)) is not None
    }
    units = Counter(labels.per(one.rate.unit) for one in found.values())
    usual = max(units, key=lambda per: (units[per], per), default="")
    words = labels.words
    caption = words("table.prices", per=usual) if usual else words("table.prices_plain")
    return PriceGrid(
        caption=words("table.unless", caption=caption) if len(units) > 1 else caption,
        corner=words("table.meter"),
        columns=tuple(products),
        rows=tuple(
            GridRow(
                labels.meter(meter),
                tuple(_price(found.get((name, meter)), labels, usual) for name in products),
            )
            for meter in sorted({meter for _, meter in found}, key=meter_order)
        ),
    )


def multiplier_grid(
    stated: Iterable[StatedMultiplier], labels: Labels, vocabulary: SiteNames
) -> PriceGrid:
    """What prices are multiplied by: for what down, the factor beside it."""
    words = labels.words
    return PriceGrid(
        caption=words("table.multipliers"),
        corner=words("table.holds_for"),
        columns=(words("table.factor"), words("table.difference")),
        rows=tuple(
            GridRow(
                subject(one.multiplier, vocabulary),
                (
                    GridCell(times(one.multiplier.factor, words)),
                    GridCell(percent((one.multiplier.factor - 1) * 100, words, signed=True)),
                ),
            )
            for one in stated
        ),
    )


def limit_grid(stated: Iterable[StatedLimit], labels: Labels) -> PriceGrid:
    """Usage tiers down, kinds of limit across."""
    stated, words = tuple(stated), labels.words
    told = SiteNames(words=words)
    kinds = sorted({one.limit.what for one in stated})
    tiers = sorted({one.limit.tier for one in stated}, key=lambda tier: (tier != "free", tier))
    cells = {(one.limit.tier, one.limit.what): GridCell(value(one.limit, told)) for one in stated}
    return PriceGrid(
        caption=words("table.limits"),
        corner=words("table.tier"),
        columns=tuple(capitalised(labels.limit_kind(what)) for what in kinds),
        rows=tuple(
            GridRow(
                labels.tier(tier) if tier else words("table.all"),
                tuple(cells.get((tier, k), EMPTY) for k in kinds),
            )
            for tier in tiers
        ),
    )
