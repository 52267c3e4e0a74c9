"""Other people's figures held against the official ones: right, wrong, stale, or misnamed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property

from ratewire.compare.words import words
from ratewire.model import (
    Availability,
    Change,
    ChangeKind,
    ChangeState,
    Conditions,
    Rate,
    Snapshot,
    Source,
    Stage,
)

__all__ = ["AuditFinding", "AuditStatus", "Official", "audit"]

_MODALITIES = ("text", "image", "audio", "video")
_DATED = re.compile(r"[-@ ](20\d\d-?\d\d-?\d\d)$")
_DAYS = ("effective_from", "effective_to")


class AuditStatus(StrEnum):
    """What is to be said of a figure."""

    RIGHT = "right"
    WRONG = "wrong"
    """The official page says otherwise, and never said so while it was watched."""
    STALE = "stale"
    """It was so once."""
    SUPERSEDED = "superseded"
    """Its product is renamed, deprecated or retired."""
    NOT_OFFICIAL = "not-official"
    """The official page has the product, and no such rate."""
    UNKNOWN = "unknown"
    """No page that is watched speaks of the product."""


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """One figure of a list, and what the official page says of it."""

    standing: AuditStatus
    listed: Rate
    official: Rate | None = None
    source: str = ""
    """Id of the official source."""
    url: str = ""
    note: str = ""
    """One clause: since when it is otherwise, what follows the product."""

    @property
    def excerpt(self) -> str:
        """The official page's own words."""
        return self.official.evidence.excerpt if self.official else ""


@dataclass(frozen=True)
class Official:
    """What stands, source by source; of two that disagree the one of lower rank speaks."""

    standing: Sequence[tuple[Source, Snapshot]]
    history: Sequence[Change] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    """Other names of products, in lower case, to their ids."""

    def named(self, name: str) -> tuple[str, str]:
        """A list's name for a product to the official id and, where it is part of the name, the
        modality (`some-model-image`); an empty id: nobody speaks of it."""
        bare = name.lower().rpartition("/")[2]
        for spelt in (lambda stem: stem, words):
            for candidate in (bare, _DATED.sub("", bare)):
                for modality in ("", *_MODALITIES):
                    stem = candidate.removesuffix(f"-{modality}") if modality else candidate
                    found = self.aliases.get(stem) or self._known.get(spelt(stem))
                    if found and (not modality or stem != candidate):
                        return found, modality
        return "", ""

    @cached_property
    def _known(self) -> dict[object, str]:
        known: dict[object, str] = {}
        for _, snapshot in self.standing:
            products = [rate.product for rate in snapshot.facts.rates]
            products += [fact.product for fact in snapshot.facts.availability]
            for product in products:
                known.setdefault(product.lower(), product)
                known.setdefault(words(product), product)
        for change in self.history:
            for a in change.alterations:
                old = getattr(a.before, "product", "")
                if old:
                    known.setdefault(old.lower(), old)
        return known

    @cached_property
    def _rates(self) -> Mapping[str, list[tuple[Source, Snapshot, Rate]]]:
        found: dict[str, list[tuple[Source, Snapshot, Rate]]] = defaultdict(list)
        for source, snapshot in sorted(self.standing, key=lambda each: each[0].rank):
            for rate in snapshot.facts.rates:
                found[rate.product].append((source, snapshot, rate))
        return found

    def rates(self, product: str) -> list[tuple[Source, Snapshot, Rate]]:
        return self._rates.get(product, [])

    def stage(self, product: str) -> Availability | None:
        facts = (fact for _, snapshot in self.standing for fact in snapshot.facts.availability)
        return next((fact for fact in facts if fact.product == product), None)


def audit(listed: Iterable[Rate], official: Official, *, on: date) -> tuple[AuditFinding, ...]:
    """Each figure of a list (or of an article's text) with what is to be said of it. Pure.

    Dated figures that do not hold on the day `on` are passed over.
    """
    past, holding = _past(official.history), list(_holding(listed, on))
    beside: dict[str, set[str]] = defaultdict(set)
    for rate in holding:
        beside[rate.product].add(rate.meter)
    return tuple(_finding(rate, official, past, beside[rate.product]) for rate in holding)


def _holding(listed: Iterable[Rate], on: date) -> Iterable[Rate]:
    """Of one product's dated figures those of the latest start that has come."""
    groups: dict[object, list[Rate]] = defaultdict(list)
    for rate in listed:
        place = rate.evidence.where or rate.product
        groups[place, rate.meter, rate.conditions.without(*_DAYS)].append(rate)
    day = on.isoformat()
    for group in groups.values():
        begun = [
            rate
            for rate in group
            if rate.conditions.get("effective_from", "") <= day
            and day <= rate.conditions.get("effective_to", "9999")
        ]
        if begun:
            yield max(begun, key=lambda rate: rate.conditions.get("effective_from", ""))


def _finding(
    rate: Rate, official: Official, past: Mapping[object, list[Change]], beside: set[str]
) -> AuditFinding:
    product, modality = official.named(rate.product)
    if not product:
        return AuditFinding(AuditStatus.UNKNOWN, rate)
    stated = official.rates(product)
    meters = _meters(rate.meter, modality, {r.meter for _, _, r in stated}, beside)
    conditions = rate.conditions.without(*_DAYS)
    source, snapshot, found = _stated(stated, meters, conditions, rate) or (None, None, None)
    if note := _superseded(product, official):
        return _said(AuditStatus.SUPERSEDED, rate, source, snapshot, found, note)
    if found is not None and found.same_price(rate):
        return _said(AuditStatus.RIGHT, rate, source, snapshot, found)
    for meter in meters:
        if change := _once(rate, past.get((product, meter), ())):
            until = f"it was so until {change.window.first_seen_new:%Y-%m-%d}"
            return _said(AuditStatus.STALE, rate, source, snapshot, found, until)
    if found is None:
        first = stated[0] if stated else (None, None, None)
        note = f"the official page has no {' or '.join(meters)} of it"
        return _said(AuditStatus.NOT_OFFICIAL, rate, first[0], first[1], None, note)
    return _said(AuditStatus.WRONG, rate, source, snapshot, found)


def _said(
    standing: AuditStatus,
    rate: Rate,
    source: Source | None,
    snapshot: Snapshot | None,
    found: Rate | None,
    note: str = "",
) -> AuditFinding:
    return AuditFinding(
        standing, rate, found, source.id if source else "", snapshot.url if snapshot else "", note
    )


def _meters(meter: str, modality: str, there: set[str], beside: set[str]) -> tuple[str, ...]:
    """The official meters that a list's may mean, the likeliest first.

    Lists say `output` of what a page calls the output of text, or of what is the only output,
    unless they state that one `beside` it.
    """
    if modality:
        return (f"{modality}.{meter}",)
    if meter in there:
        return (meter,)
    named = f"text.{meter}"
    if named in there:
        return (named,)
    only = [each for each in there if each.partition(".")[2] == meter and each not in beside]
    return (only[0],) if len(only) == 1 else (named if there else meter,)


def _stated(
    stated: Sequence[tuple[Source, Snapshot, Rate]],
    meters: Sequence[str],
    conditions: Conditions,
    listed: Rate,
) -> tuple[Source, Snapshot, Rate] | None:
    for wanted in (conditions, conditions.with_(tier=conditions.get("tier", "standard"))):
        for source, snapshot, rate in stated:
            same = rate.meter in meters and rate.conditions.without(*_DAYS) == wanted
            if same and rate.unit.factor_to(listed.unit):
                return source, snapshot, rate
    return None


def _superseded(product: str, official: Official) -> str:
    stage = official.stage(product)
    if stage is not None and stage.stage in {Stage.DEPRECATED, Stage.RETIRED}:
        stops = stage.shutdown_on
        when = f" {'on' if stops.is_day else 'in'} {stops}" if stops else ""
        after = f"; {stage.replacement} replaces it" if stage.replacement else ""
        return f"{stage.stage}{when}{after}"
    if official.rates(product):
        return ""
    for change in reversed(official.history):
        if change.kind is ChangeKind.RENAMED:
            for a in change.alterations:
                if getattr(a.before, "product", "") == product:
                    return f"is now called {getattr(a.after, 'product', '')}"
        if change.kind is ChangeKind.REMOVED and product in change.products:
            return f"gone from the official page on {change.window.first_seen_new:%Y-%m-%d}"
    return ""


def _past(history: Sequence[Change]) -> Mapping[object, list[Change]]:
    retracted = {c.follows for c in history if c.state is ChangeState.RETRACTED}
    found: dict[object, list[Change]] = defaultdict(list)
    for change in history:
        if change.state is ChangeState.CONFIRMED and change.id not in retracted:
            for a in change.alterations:
                if isinstance(a.before, Rate):
                    found[a.before.product, a.before.meter].append(change)
    return found


def _once(rate: Rate, changes: Iterable[Change]) -> Change | None:
    """The latest change away from this price."""
    for change in reversed(list(changes)):
        for a in change.alterations:
            if isinstance(a.before, Rate) and a.before.same_price(rate):
                return change
    return None
