"""One cause, one change: alterations that belong together, under an id that is always the same."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from ratewire.compare.entries import starts
from ratewire.model import (
    Alteration,
    Availability,
    Basis,
    Change,
    ChangeKind,
    ChangeState,
    Fact,
    Facts,
    Incident,
    Rate,
    Sighting,
    Snapshot,
    Source,
    Terms,
    Window,
)

__all__ = ["alteration_key", "changes_of", "digest", "grouped", "order"]

_PRICED = {ChangeKind.RATE_UP, ChangeKind.RATE_DOWN}
_ALIKE = Decimal(1)
"""Percentage points within which rounded prices fell "by the same percentage"."""


def alteration_key(alteration: Alteration) -> str:
    """The same for the same alteration, whenever and wherever it is seen."""
    return _hash(_face(alteration))


def digest(publisher: str, kind: ChangeKind, alterations: Iterable[Alteration]) -> str:
    """What a change says, without when, from which page and in which words."""
    return _hash([publisher, kind.value, sorted(map(_face, alterations), key=str)])


def order(alterations: Iterable[Alteration]) -> tuple[Alteration, ...]:
    return tuple(sorted(alterations, key=lambda a: (a.kind, a.fact.identity, alteration_key(a))))


# ── Causes ───────────────────────────────────────────────────────────────────────────────────


def grouped(
    alterations: Sequence[Alteration], before: Facts, after: Facts
) -> tuple[tuple[Alteration, ...], ...]:
    """Alterations by cause, each group of one kind; in a fixed order."""
    lists = _price_lists(alterations)
    old, new = _Named(before.rates), _Named(after.rates)
    groups: dict[Hashable, list[Alteration]] = defaultdict(list)
    for number, alteration in enumerate(alterations):
        cause = "price list" if number in lists else _cause(alteration, old, new)
        groups[alteration.kind, cause].append(alteration)
    found = [order(group) for group in groups.values()]
    return tuple(sorted(found, key=lambda group: (group[0].kind, group[0].fact.identity)))


class _Named:
    """What the rates of a page speak of."""

    def __init__(self, rates: Sequence[Rate]) -> None:
        self.products = {rate.product for rate in rates}
        self.meters = {rate.meter for rate in rates}
        self.conditions = {pair for rate in rates for pair in rate.conditions}


def _cause(alteration: Alteration, old: _Named, new: _Named) -> Hashable:
    kind, before, after = alteration.kind, alteration.before, alteration.after
    if isinstance(alteration.fact, Rate) and kind in {ChangeKind.ADDED, ChangeKind.REMOVED}:
        return _what_came(alteration.fact, old if kind is ChangeKind.ADDED else new)
    if isinstance(before, Rate) and isinstance(after, Rate):
        if kind is ChangeKind.RENAMED and before.product != after.product:
            return before.product, after.product
        if kind is ChangeKind.RENAMED and before.meter != after.meter:
            return before.meter, after.meter
        if kind is ChangeKind.UNIT:
            return before.unit, before.currency, after.unit, after.currency
    if kind is ChangeKind.SCHEDULED:
        return tuple(starts(fact) if isinstance(fact, Rate) else None for fact in (before, after))
    if isinstance(after, Availability):
        dates = after.announced_on, after.shutdown_on, after.shutdown_not_before
        if any(dates):
            stage = before.stage if isinstance(before, Availability) else None
            return stage, after.stage, *dates
    if isinstance(alteration.fact, Incident):
        return alteration.fact.id
    return getattr(alteration.fact, "product", "") or alteration.fact.identity


def _what_came(rate: Rate, there: _Named) -> Hashable:
    """A product; else, of known products, a column or a tier that the page did not have."""
    if rate.product not in there.products:
        return "product", rate.product
    if rate.meter not in there.meters:
        return "meter", rate.meter
    fresh = [pair for pair in rate.conditions if pair not in there.conditions]
    return ("condition", fresh[0]) if fresh else ("product", rate.product)


def _price_lists(alterations: Sequence[Alteration]) -> frozenset[int]:
    """Numbers of those that are part of one move of a whole list: several products, one share."""
    found: set[int] = set()
    for kind in _PRICED:
        shares = {
            number: a.percent
            for number, a in enumerate(alterations)
            if a.kind is kind and a.percent is not None
        }
        if not shares:
            continue
        common = Counter(shares.values()).most_common()
        most = min(value for value, count in common if count == common[0][1])
        near = {number for number, share in shares.items() if abs(share - most) <= _ALIKE}
        products = {alterations[number].fact.identity[0] for number in near}
        if len(near) > 2 and len(products) > 1:
            found |= near
    return frozenset(found)


# ── Changes ──────────────────────────────────────────────────────────────────────────────────


def changes_of(
    sightings: Sequence[Sighting],
    snapshot: Snapshot,
    after: Facts,
    source: Source,
    history: Iterable[Change],
    now: datetime,
    *,
    basis: Basis = Basis.LOOKS,
) -> tuple[Change, ...]:
    """Confirmed sightings as changes; what the source's own log has told already is left out."""
    by_key = {alteration_key(sighting.alteration): sighting for sighting in sightings}
    mine = _subjects(sighting.alteration for sighting in sightings)
    past = [
        change
        for change in history
        if change.publisher == source.publisher and mine & _subjects(change.alterations)
    ]
    told = {change.id for change in past if change.source == source.id}
    found = []
    for group in grouped([s.alteration for s in sightings], snapshot.facts, after):
        seen = [by_key[alteration_key(alteration)] for alteration in group]
        latest = max(seen, key=lambda sighting: sighting.window.first_seen_new)
        change = Change(
            id=_id(source.publisher, group, past),
            kind=group[0].kind,
            source=source.id,
            alterations=group,
            window=Window(
                min(sighting.window.last_seen_old for sighting in seen),
                latest.window.first_seen_new,
            ),
            before_capture=snapshot.capture,
            after_capture=latest.capture,
            state=ChangeState.CONFIRMED,
            recorded_at=now,
            publisher=source.publisher,
            url=latest.url,
            basis=basis,
            looks=min(each.times for each in seen) if basis is Basis.LOOKS else 0,
        )
        if change.id not in told:
            found.append(change)
    return tuple(found)


def _id(publisher: str, group: Sequence[Alteration], past: Sequence[Change]) -> str:
    """The n-th time that this happens, n counted in the log.

    It happens anew only if something else happened to the same facts since; otherwise it is the
    change that the log ends with, found once more.
    """
    what = digest(publisher, group[0].kind, group)
    mine = _subjects(group)
    times: dict[str, None] = {}
    last = ""
    for change in past:
        if not mine & _subjects(change.alterations):
            continue
        same = change.state is ChangeState.CONFIRMED and what == digest(
            publisher, change.kind, change.alterations
        )
        last = change.id if same else ""
        if same:
            times[change.id] = None
    return last or _hash([what, len(times) + 1])


def _subjects(alterations: Iterable[Alteration]) -> set[Hashable]:
    return {
        (type(fact).__name__, fact.identity)
        for a in alterations
        for fact in (a.before, a.after)
        if fact is not None
    }


# ── Faces ────────────────────────────────────────────────────────────────────────────────────


def _face(alteration: Alteration) -> list[object]:
    before, after = alteration.before, alteration.after
    moved = isinstance(before, Rate) and isinstance(after, Rate) and _terms(before) != _terms(after)
    return [alteration.kind.value, _said(before, moved), _said(after, moved)]


def _said(fact: Fact | None, terms: bool) -> Mapping[str, object] | None:
    """All that a fact says, in one way of saying it; of a rate its `terms` only if asked for."""
    if fact is None:
        return None
    if isinstance(fact, Rate):
        count, things = fact.unit.normal
        said: dict[str, object] = {
            "identity": list(fact.identity),
            "price": [_plain(fact.amount, count), _plain(fact.upper, count)],
            "per": [fact.currency, *things],
        }
        if fact.percent is not None:
            said["percent"] = _plain(fact.percent)
        return said | {"terms": _terms(fact)} if terms else said
    return {
        field.name: _plain(getattr(fact, field.name))
        for field in fields(fact)
        if field.compare and field.name != "label" and _counts(field.name, fact)
    }


def _terms(rate: Rate) -> Mapping[str, str]:
    """But for a sale, which is told by the price itself."""
    said = {field.name: getattr(rate.terms, field.name) for field in fields(Terms)}
    return {name: str(value) for name, value in said.items() if value and name != "sale"}


def _counts(name: str, fact: Fact) -> bool:
    """What a fact's fields could not say at first leaves ids alone where it says nothing."""
    return name != "shutdown_not_before" or getattr(fact, name) is not None


def _plain(value: object, count: Decimal = Decimal(1)) -> str:
    return str(Fraction(value) / Fraction(count)) if isinstance(value, Decimal) else str(value)


def _hash(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]
