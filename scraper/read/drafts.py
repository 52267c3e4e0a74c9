"""Rates as first read, and how those that look alike are told apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import IntEnum

from scraper.model import Conditions, Evidence, Rate, Unit

__all__ = ["Draft", "Standing", "settle"]

_OF_PAGE = ("variant", "column", "unit", "option", "section", "chapter", "group")
"""Spare conditions that only the page as a whole can call for."""


class Standing(IntEnum):
    """How much a place on the page counts when two disagree; the lowest wins."""

    SHOWN = 0
    TWIN = 1
    """Hidden, and no pane of a switcher: a copy for small screens, a dialog."""
    PROSE = 2
    EMBEDDED = 3


@dataclass(frozen=True, slots=True)
class Draft:
    """A rate before it is known which of its surroundings its identity needs."""

    product: str
    label: str
    meter: str
    amount: Decimal
    currency: str
    unit: Unit
    evidence: Evidence
    standing: Standing = Standing.SHOWN
    conditions: Mapping[str, str] = field(default_factory=dict)
    spare: tuple[tuple[str, str], ...] = ()
    """What may become a condition, in the order in which it is tried, where two drafts clash."""
    qualifier: str = ""
    upper: Decimal | None = None
    origin: int = -1
    """The block it was read from."""

    @property
    def key(self) -> tuple[str, str, Conditions]:
        return self.product, self.meter, Conditions.of(self.conditions)

    @property
    def price(self) -> tuple[Decimal, str, Unit]:
        return self.amount, self.currency, self.unit

    def rate(self) -> Rate:
        return Rate(
            self.product, self.meter, self.amount, self.currency, self.unit,
            Conditions.of(self.conditions), self.qualifier, self.upper, self.label, self.evidence,
        )  # fmt: skip


def settle(drafts: Iterable[Draft]) -> tuple[tuple[Rate, ...], tuple[str, ...]]:
    """Rates with distinct identities, sorted, and what a person should know of the page.

    What is shown wins over its hidden or embedded copies. Two different prices under one name
    are told apart by the least of their surroundings that does.
    """
    groups: dict[tuple[str, str, Conditions], list[Draft]] = defaultdict(list)
    found = list(drafts)
    marks: list[str] = []
    for draft in _within_tables(_without_copies(found, marks)):
        groups[draft.key].append(draft)
    settled: dict[tuple[str, str, Conditions], Draft] = {}
    for key in sorted(groups):
        for draft in _tell_apart(groups[key]):
            kept = settled.get(draft.key)
            if kept is None or draft.standing < kept.standing:
                settled[draft.key] = draft
    return tuple(settled[key].rate() for key in sorted(settled)), tuple(marks)


def _without_copies(drafts: list[Draft], marks: list[str]) -> list[Draft]:
    """Embedded figures count for products that the page does not show; where both are there the
    shown ones win, and a disagreement is marked.
    """
    shown: dict[tuple[str, str, Conditions], list[Draft]] = defaultdict(list)
    for draft in drafts:
        if draft.standing < Standing.PROSE:
            shown[draft.key].append(draft)
    products = {product for product, *_ in shown}
    kept: list[Draft] = []
    for draft in drafts:
        if draft.standing is not Standing.EMBEDDED or draft.product not in products:
            kept.append(draft)
            continue
        twins = shown.get(draft.key, [])
        if twins and not any(draft.rate().same_price(twin.rate()) for twin in twins):
            marks.append(
                f"visible and embedded figures disagree: {draft.product} {draft.meter} is shown as "
                f"{twins[0].amount}, embedded as {draft.amount}; the visible one was taken"
            )
    return kept


def _within_tables(drafts: list[Draft]) -> list[Draft]:
    """What one row of a table needs to be told apart all its rows carry: names stay the same
    when a row joins them.
    """
    tables: dict[int, list[Draft]] = defaultdict(list)
    for draft in drafts:
        tables[draft.origin if draft.standing is not Standing.PROSE else -1].append(draft)
    told: list[Draft] = []
    for origin, group in tables.items():
        told += group if origin < 0 else _distinguish(group, _OF_PAGE)
    return told


def _tell_apart(group: list[Draft]) -> list[Draft]:
    shown = [draft for draft in group if draft.standing < Standing.PROSE] or group
    best = min(draft.standing for draft in shown)
    first = [draft for draft in shown if draft.standing is best]
    prose = [
        draft for draft in group
        if draft.standing is Standing.PROSE and best < Standing.PROSE
        and all(not draft.rate().same_price(other.rate()) for other in first)
    ]  # fmt: skip
    told = _distinguish(first)
    return told + [
        replace(draft, conditions={**draft.conditions, **dict(draft.spare[:1])})
        for draft in prose
        if draft.spare
    ]


def _distinguish(drafts: list[Draft], without: tuple[str, ...] = ()) -> list[Draft]:
    """The drafts with the fewest spare conditions that leave no two prices under one name."""
    chosen: list[str] = []
    names = [
        name
        for name in dict.fromkeys(name for draft in drafts for name, _ in draft.spare)
        if name not in without
    ]
    rows = bool(without)
    clashes = _clashes(drafts, chosen, rows)
    for name in names:
        if not clashes:
            break
        fewer = _clashes(drafts, [*chosen, name], rows)
        if fewer < clashes:
            chosen.append(name)
            clashes = fewer
    return [_with_spare(draft, chosen) for draft in drafts]


def _clashes(drafts: list[Draft], chosen: list[str], rows: bool) -> int:
    prices: dict[tuple[str, str, Conditions], set[object]] = defaultdict(set)
    for draft in drafts:
        # Two rows of one table are two rates even at one price; else only prices tell.
        row = draft.evidence.excerpt if rows else ""
        prices[_with_spare(draft, chosen).key].add((draft.price, row))
    return sum(len(found) - 1 for found in prices.values())


def _with_spare(draft: Draft, chosen: list[str]) -> Draft:
    added: dict[str, str] = {}
    for name, value in draft.spare:
        if name in chosen and value:
            added.setdefault(name, value)
    return replace(draft, conditions={**added, **draft.conditions}) if added else draft
