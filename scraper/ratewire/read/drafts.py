"""Rates as first read, and how those that look alike are told apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import IntEnum
from itertools import count, islice

from ratewire.model import Conditions, Evidence, Rate, Unit
from ratewire.read.figures import Spot

__all__ = ["Draft", "Precedence", "settle"]

_END = "effective_to"
_AROUND = ("option", "table", "section", "chapter")
_NEIGHBOURS = 30
"""Tables before and after one of the same rates with which it is compared."""
_MOST_NAMES = 40
"""Conditions that are tried to tell prices apart."""
_Key = tuple[str, str, Conditions]


class Precedence(IntEnum):
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
    standing: Precedence = Precedence.SHOWN
    conditions: Mapping[str, str] = field(default_factory=dict)
    spare: tuple[tuple[str, str], ...] = ()
    """What may become a condition, in the order in which it is tried, where two drafts clash."""
    qualifier: str = ""
    upper: Decimal | None = None
    origin: int = -1
    """The block it was read from."""
    spot: Spot | None = None
    """The figure that it was read from."""
    percent: Decimal | None = None
    """Of a fee: the share to which the amount is added."""
    _key: _Key | None = field(default=None, init=False, compare=False, repr=False)
    """Filled when first asked for: groups ask again and again."""

    @property
    def around(self) -> tuple[tuple[str, str], ...]:
        """What of its spare words stands round its table."""
        return tuple(each for each in self.spare if each[0] in _AROUND)

    @property
    def key(self) -> _Key:
        if self._key is None:
            key = self.product, self.meter, Conditions.of(self.conditions)
            object.__setattr__(self, "_key", key)
            return key
        return self._key

    @property
    def price(self) -> tuple[Decimal | None, Decimal, str, Unit]:
        return self.percent, self.amount, self.currency, self.unit

    def rate(self) -> Rate:
        return Rate(
            self.product, self.meter, self.amount, self.currency, self.unit,
            self.key[2], self.qualifier, self.upper, self.label, self.evidence,
            self.percent,
        )  # fmt: skip


def settle(drafts: Iterable[Draft]) -> tuple[tuple[Rate, ...], tuple[str, ...]]:
    """Rates with distinct identities, sorted, and what a person should know of the page.

    What is shown wins over its hidden or embedded copies. Two different prices under one name
    are told apart by their own words: within a table by labels and heads, between tables by what
    stands round them. Where none tell them apart both are kept, numbered and marked.
    """
    groups: dict[_Key, list[Draft]] = defaultdict(list)
    marks: list[str] = []
    for draft in _tables_apart(_within_tables(_without_copies(list(drafts), marks))):
        groups[draft.key].append(draft)
    settled: dict[_Key, Draft] = {}
    numbers = _Numbers(settled)
    for key in sorted(groups):
        for draft in _tell_apart(groups[key]):
            kept = settled.get(draft.key)
            if kept is None or kept.rate().same_price(draft.rate()):
                settled[draft.key] = draft if kept is None else min(
                    kept, draft, key=lambda each: each.standing)  # fmt: skip
            elif kept.standing != draft.standing:
                settled[draft.key] = min(kept, draft, key=lambda each: each.standing)
            else:
                numbered = numbers.numbered(draft)
                settled[numbered.key] = numbered
                marks.append(f"nothing tells apart two prices of {draft.product} {draft.meter}: "
                             f"{kept.amount} and {draft.amount}")  # fmt: skip
    return tuple(settled[key].rate() for key in sorted(settled)), tuple(marks)


@dataclass(frozen=True, slots=True)
class _Numbers:
    """Numbers for prices that nothing tells apart; which are given is remembered by name."""

    settled: Mapping[_Key, Draft]
    _given: dict[tuple[_Key, object], Draft] = field(default_factory=dict)
    _last: dict[_Key, int] = field(default_factory=dict)

    def numbered(self, draft: Draft) -> Draft:
        """The draft with the first number that is free, or that of its price."""
        count_of_unit, things = draft.unit.normal
        each = draft.amount / count_of_unit
        price = draft.key, (draft.percent, each, draft.currency, things)
        if price in self._given:
            return self._given[price]
        for number in count(self._last.get(draft.key, 1) + 1):
            numbered = replace(draft, conditions={**draft.conditions, "entry": str(number)})
            kept = self.settled.get(numbered.key)
            if kept is None or kept.rate().same_price(draft.rate()):
                self._last[draft.key] = number
                self._given[price] = numbered
                return numbered
        raise AssertionError("there is always a further number")


def _without_copies(drafts: list[Draft], marks: list[str]) -> list[Draft]:
    """Embedded figures count for products that the page does not show; where both are there the
    shown ones win, and a disagreement is marked.
    """
    shown: dict[_Key, list[Draft]] = defaultdict(list)
    for draft in drafts:
        if draft.standing < Precedence.PROSE:
            shown[draft.key].append(draft)
    products = {product for product, *_ in shown}
    copies, seen = _copied_lists(drafts), _on_screen(drafts)
    kept: list[Draft] = []
    for draft in drafts:
        if draft.standing is not Precedence.EMBEDDED or draft.product not in products:
            embedded = draft.standing is Precedence.EMBEDDED
            if not embedded or not (draft.origin in copies or _is_named_in_full(draft, seen)):
                kept.append(draft)
            continue
        twins = shown.get(draft.key, [])
        if twins and not any(draft.rate().same_price(twin.rate()) for twin in twins):
            marks.append(
                f"visible and embedded figures disagree: {draft.product} {draft.meter} is shown as "
                f"{twins[0].amount}, embedded as {draft.amount}; the visible one was taken"
            )
    return kept


def _copied_lists(drafts: Iterable[Draft]) -> set[int]:
    """Embedded lists of which every price is on screen, whatever they call it."""
    seen: set[tuple[Decimal, str]] = set()
    lists: dict[int, set[tuple[Decimal, str]]] = defaultdict(set)
    for draft in drafts:
        embedded = draft.standing is Precedence.EMBEDDED
        (lists[draft.origin] if embedded else seen).add((draft.amount, draft.currency))
    return {origin for origin, prices in lists.items() if prices <= seen}


def _on_screen(drafts: Iterable[Draft]) -> dict[tuple[Decimal, str], list[set[str]]]:
    """By price the words of the products that bear it on screen."""
    seen: dict[tuple[Decimal, str], list[set[str]]] = defaultdict(list)
    for draft in drafts:
        if draft.standing is not Precedence.EMBEDDED:
            seen[draft.amount, draft.currency].append(set(draft.product.split("-")))
    return seen


def _is_named_in_full(draft: Draft, seen: Mapping[tuple[Decimal, str], list[set[str]]]) -> bool:
    """An embedded copy of a price on screen under a longer name: `Kestrel Pro` of `Pro`."""
    words = set(draft.product.split("-"))
    return any(each <= words for each in seen.get((draft.amount, draft.currency), ()))


def _within_tables(drafts: list[Draft]) -> list[Draft]:
    """What one row of a table needs to be told apart all its rows carry: names stay the same
    when a row joins them.
    """
    tables: dict[int, list[Draft]] = defaultdict(list)
    for draft in drafts:
        tables[draft.origin if draft.standing is not Precedence.PROSE else -1].append(draft)
    told: list[Draft] = []
    for origin, group in tables.items():
        told += group if origin < 0 else _distinguish(group, rows=True)
    return told


def _tables_apart(drafts: list[Draft]) -> list[Draft]:
    """The end of a sale tells no two things apart: what is sold by the hour and what is sold by
    the month under one name are two whether one of them is on sale or not.
    """
    units: dict[_Key, set[tuple[str, ...]]] = defaultdict(set)
    endless = [_without_end(draft) for draft in drafts]
    for draft in endless:
        units[draft.key].add(draft.unit.things)
    mixed = [len(units[draft.key]) > 1 for draft in endless]
    bare = [end if two else draft for draft, end, two in zip(drafts, endless, mixed, strict=True)]
    told = _between_tables(bare)
    return [
        replace(each, conditions={**each.conditions, _END: draft.conditions[_END]})
        if _END in draft.conditions
        else each
        for each, draft in zip(told, drafts, strict=True)
    ]


def _without_end(draft: Draft) -> Draft:
    kept = {name: value for name, value in draft.conditions.items() if name != _END}
    return replace(draft, conditions=kept) if _END in draft.conditions else draft


def _between_tables(drafts: list[Draft]) -> list[Draft]:
    """Tables that state one rate at different prices, or the same rates under different
    headings, are told apart by what stands round them, all their rows alike.
    """
    keys: dict[int, set[_Key]] = defaultdict(set)
    by_key: dict[_Key, list[Draft]] = defaultdict(list)
    places: dict[int, tuple[tuple[str, str], ...]] = {}
    for draft in drafts:
        if draft.standing is Precedence.SHOWN:
            keys[draft.origin].add(draft.key)
            by_key[draft.key].append(draft)
            places[draft.origin] = draft.around
    related: dict[int, set[int]] = defaultdict(set)
    clashing: set[int] = set()
    for group in by_key.values():
        origins = {draft.origin for draft in group}
        ordered = sorted(origins)
        for at, origin in enumerate(ordered):
            related[origin] |= set(ordered[max(0, at - _NEIGHBOURS) : at + _NEIGHBOURS + 1])
        if len(origins) > 1 and len({draft.price for draft in group}) > 1:
            clashing |= origins
    for one, others in related.items():
        for other in others:
            shared = len(keys[one] & keys[other])
            if places[one] != places[other] and shared * 2 > max(len(keys[one]), len(keys[other])):
                clashing |= {one, other}
    told: dict[int, Draft] = {}
    for family in _families(related):
        if family & clashing:
            members = [
                at
                for at, draft in enumerate(drafts)
                if draft.origin in family and draft.standing is Precedence.SHOWN
            ]
            apart = _distinguish([drafts[at] for at in members], tables=True)
            told |= dict(zip(members, apart, strict=True))
    return [told.get(at, draft) for at, draft in enumerate(drafts)]


def _families(related: Mapping[int, set[int]]) -> list[set[int]]:
    """Tables that share a rate, directly or through others."""
    left, found = set(related), list[set[int]]()
    while left:
        family, fresh = set[int](), {left.pop()}
        while fresh:
            family |= fresh
            fresh = {other for one in fresh for other in related[one]} - family
        left -= family
        found.append(family)
    return found


def _tell_apart(group: list[Draft]) -> list[Draft]:
    shown = [draft for draft in group if draft.standing < Precedence.PROSE] or group
    best = min(draft.standing for draft in shown)
    first = [draft for draft in shown if draft.standing is best]
    prose = [
        draft for draft in group
        if draft.standing is Precedence.PROSE and best < Precedence.PROSE
        and all(not draft.rate().same_price(other.rate()) for other in first)
    ]  # fmt: skip
    told = _distinguish(first)
    return told + [
        replace(draft, conditions={**draft.conditions, **dict(draft.spare[:1])})
        for draft in prose
        if draft.spare
    ]


def _distinguish(drafts: list[Draft], *, rows: bool = False, tables: bool = False) -> list[Draft]:
    """The drafts with the fewest spare conditions that leave no two prices under one name; with
    `rows` no two places in a table, with `tables` no two tables, even at one price.
    """
    if len(drafts) < 2:
        return drafts
    chosen: list[str] = []
    clashes = _clashes(drafts, chosen, rows, tables)
    names = dict.fromkeys(name for draft in drafts for name, _ in draft.spare)
    names = dict.fromkeys(islice(names, _MOST_NAMES))
    if tables:  # what stands round a table tells it from others before what its rows hold
        chosen = [
            name
            for name in _AROUND
            if name in names and _clashes(drafts, [name], rows, tables) < clashes
        ]
        clashes = _clashes(drafts, chosen, rows, tables)
    for name in names:
        if not clashes:
            break
        fewer = _clashes(drafts, [*chosen, name], rows, tables)
        if fewer < clashes:
            chosen.append(name)
            clashes = fewer
    return [_with_spare(draft, chosen) for draft in drafts]


def _clashes(drafts: list[Draft], chosen: list[str], rows: bool, tables: bool) -> int:
    prices: dict[_Key, set[object]] = defaultdict(set)
    for draft in drafts:
        row = draft.evidence.excerpt if rows else ""
        around = draft.around if tables else ()
        added = _added(draft, chosen)
        key = draft.key
        if added:
            key = *key[:2], Conditions.of({**added, **draft.conditions})
        prices[key].add((draft.price, row, around))
    return sum(len(found) - 1 for found in prices.values())


def _added(draft: Draft, chosen: list[str]) -> dict[str, str]:
    """The spare conditions of the chosen names, the first of each."""
    added: dict[str, str] = {}
    if chosen:
        for name, value in draft.spare:
            if name in chosen and value:
                added.setdefault(name, value)
    return added


def _with_spare(draft: Draft, chosen: list[str]) -> Draft:
    added = _added(draft, chosen)
    return replace(draft, conditions={**added, **draft.conditions}) if added else draft
