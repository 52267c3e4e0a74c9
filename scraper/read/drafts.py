"""Rates as first read, and how those that look alike are told apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import IntEnum

from scraper.model import Conditions, Evidence, Rate, Unit

__all__ = ["Draft", "Standing", "settle"]


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
    for draft in drafts:
        groups[draft.key].append(draft)
    settled: dict[tuple[str, str, Conditions], Draft] = {}
    marks: list[str] = []
    for key in sorted(groups):
        for draft in _tell_apart(groups[key], marks):
            kept = settled.get(draft.key)
            if kept is None or draft.standing < kept.standing:
                settled[draft.key] = draft
    return tuple(settled[key].rate() for key in sorted(settled)), tuple(marks)


def _tell_apart(group: list[Draft], marks: list[str]) -> list[Draft]:
    shown = [draft for draft in group if draft.standing < Standing.PROSE] or group
    best = min(draft.standing for draft in shown)
    first = [draft for draft in shown if draft.standing is best]
    _mark_disagreement(first, [draft for draft in group if draft.standing > best], marks)
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


def _mark_disagreement(first: list[Draft], others: list[Draft], marks: list[str]) -> None:
    for other in others:
        if other.standing is not Standing.EMBEDDED:
            continue
        if all(not other.rate().same_price(draft.rate()) for draft in first):
            marks.append(
                f"visible and embedded figures disagree: {other.product} {other.meter} is shown as "
                f"{first[0].amount}, embedded as {other.amount}; the visible one was taken"
            )


def _distinguish(drafts: list[Draft]) -> list[Draft]:
    """The drafts with the fewest spare conditions that leave no two prices under one name."""
    chosen: list[str] = []
    names = list(dict.fromkeys(name for draft in drafts for name, _ in draft.spare))
    clashes = _clashes(drafts, chosen)
    for name in names:
        if not clashes:
            break
        fewer = _clashes(drafts, [*chosen, name])
        if fewer < clashes:
            chosen.append(name)
            clashes = fewer
    return [_with_spare(draft, chosen) for draft in drafts]


def _clashes(drafts: list[Draft], chosen: list[str]) -> int:
    prices: dict[Conditions, set[tuple[Decimal, str, Unit]]] = defaultdict(set)
    for draft in drafts:
        prices[Conditions.of(_with_spare(draft, chosen).conditions)].add(draft.price)
    return sum(len(found) - 1 for found in prices.values())


def _with_spare(draft: Draft, chosen: list[str]) -> Draft:
    added = {name: value for name, value in draft.spare if name in chosen and value}
    return replace(draft, conditions={**added, **draft.conditions}) if added else draft
