"""What a page says, with all that was told since it was taken.

Facts move one by one as they are confirmed, the page that they are compared with only as a whole.
So where facts are read from a kept page anew, what was told meanwhile has to be told of them too,
or it would be found, and announced, a second time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from scraper.compare.kept import put_back
from scraper.model import Alteration, Change, ChangeState, Fact, Facts, Rate, Snapshot

__all__ = ["as_told"]

Name = tuple[type[Fact], tuple[str, ...]]


def as_told(snapshot: Snapshot, log: Iterable[Change], since: datetime) -> Snapshot:
    """The snapshot after the changes of its source that are in the log from `since` on."""
    facts = {_name(fact): fact for fact in snapshot.facts}
    for change in log:
        if change.source == snapshot.source and change.recorded_at >= since:
            for alteration in change.alterations:
                _apply(facts, alteration, change.state)
    stand = Facts.of(facts.values(), snapshot.facts.missing)
    if stand == snapshot.facts:
        return snapshot
    figures = put_back(snapshot.figures, snapshot.facts, stand)
    away = (fact for fact in snapshot.facts if fact not in set(stand))
    taken = {mark for fact in away for mark in fact.evidence.lines}
    return replace(snapshot, facts=stand, figures=figures, lines=snapshot.lines.without(taken))


def _apply(facts: dict[Name, Fact], alteration: Alteration, state: ChangeState) -> None:
    before, after = alteration.before, alteration.after
    if state is ChangeState.WITHDRAWN:
        before, after = after, before
    if before is None and after is not None:
        facts.setdefault(_name(after), after)
        return
    if before is None:
        return
    shown = facts.get(_name(before))
    corrected = state is ChangeState.CORRECTED and after is not None
    if corrected and after is not None and _name(after) in facts:
        facts[_name(after)] = after
    elif shown is not None and _same(shown, before):
        del facts[_name(before)]
        if after is not None:
            facts[_name(after)] = after


def _same(shown: Fact, before: Fact) -> bool:
    if isinstance(shown, Rate) and isinstance(before, Rate):
        return shown.same_price(before)
    return shown == before


def _name(fact: Fact) -> Name:
    return type(fact), fact.identity
