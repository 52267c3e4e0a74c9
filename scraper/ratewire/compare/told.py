"""What a page says, with all that was told since it was taken.

Facts move one by one as they are confirmed, the page that they are compared with only as a whole.
So where facts are read from a kept page anew, what was told meanwhile has to be told of them too,
or it would be found, and announced, a second time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from ratewire.compare.classify import of_rate
from ratewire.compare.follow import follow
from ratewire.compare.group import alteration_key
from ratewire.compare.kept import put_back
from ratewire.model import Alteration, Change, ChangeState, Fact, Facts, Rate, Snapshot

__all__ = ["as_told", "name_of", "says_same"]

Name = tuple[type[Fact], tuple[str, ...]]


def as_told(
    snapshot: Snapshot, log: Iterable[Change], since: datetime, *, stood: Snapshot | None = None
) -> Snapshot:
    """The snapshot after the changes of its source that are in the log from `since` on.

    `stood`: the same page as it was read before, under whose names they were told. What the owner
    has taken back is `refused`, whatever it is called now.
    """
    facts = {name_of(fact): fact for fact in snapshot.facts}
    told = [one for one in log if one.source == snapshot.source and one.recorded_at >= since]
    names = _names(stood, snapshot) if told and stood is not None else {}
    told = [_renamed(change, names) for change in told]
    told.sort(key=lambda one: (one.recorded_at, one.state is not ChangeState.CONFIRMED))
    for change in told:
        for one in change.alterations:
            _apply(facts, one, change.state)
    refused = {*snapshot.refused, *map(alteration_key, _taken_back(told))}
    if refused != {*snapshot.refused}:
        snapshot = replace(snapshot, refused=tuple(sorted(refused)))
    stand = Facts.of(facts.values(), snapshot.facts.missing)
    if stand == snapshot.facts:
        return snapshot
    figures = put_back(snapshot.figures, snapshot.facts, stand)
    away = (fact for fact in snapshot.facts if fact not in set(stand))
    taken = {mark for fact in away for mark in fact.evidence.lines}
    return replace(snapshot, facts=stand, figures=figures, lines=snapshot.lines.without(taken))


def _renamed(change: Change, names: Mapping[tuple[str, ...], Rate]) -> Change:
    if not names:
        return change
    return replace(
        change,
        alterations=tuple(
            replace(one, before=_under(one.before, names), after=_under(one.after, names))
            for one in change.alterations
        ),
    )


def _taken_back(told: Sequence[Change]) -> Iterator[Alteration]:
    """What a page shows that goes on saying what was retracted or corrected."""
    by_id = {change.id: change for change in told}
    for entry in told:
        if entry.state is ChangeState.RETRACTED:
            yield from entry.alterations
        elif entry.state is ChangeState.CORRECTED and entry.follows in by_id:
            wrong = by_id[entry.follows].alterations
            for right, other in zip(entry.alterations, wrong, strict=False):
                if isinstance(right.after, Rate) and isinstance(other.after, Rate):
                    found = of_rate(right.after, other.after)
                    yield from [found] if found else []


def _names(stood: Snapshot, snapshot: Snapshot) -> Mapping[tuple[str, ...], Rate]:
    """By the name under which a rate was on record, what its figure is read as now."""
    followed = follow(stood.facts, stood.figures, snapshot.facts, snapshot.figures)
    rates = {rate.identity: rate for rate in snapshot.facts.rates}
    return {
        recorded.rates[0]: rates[read.rates[0]]
        for recorded, read in zip(followed.figures, snapshot.figures, strict=True)
        if len(recorded.rates) == len(read.rates) == 1 and read.rates[0] in rates
    }


def _under(fact: Fact | None, names: Mapping[tuple[str, ...], Rate]) -> Fact | None:
    if not isinstance(fact, Rate) or (now := names.get(fact.identity)) is None:
        return fact
    return replace(
        fact, product=now.product, meter=now.meter, conditions=now.conditions, label=now.label
    )


def _apply(facts: dict[Name, Fact], alteration: Alteration, state: ChangeState) -> None:
    before, after = alteration.before, alteration.after
    if state is ChangeState.RETRACTED:
        before, after = after, before
    if before is None and after is not None:
        facts.setdefault(name_of(after), after)
        return
    if before is None:
        return
    shown = facts.get(name_of(before))
    corrected = state is ChangeState.CORRECTED and after is not None
    if corrected and after is not None and name_of(after) in facts:
        facts[name_of(after)] = after
    elif shown is not None and says_same(shown, before):
        del facts[name_of(before)]
        if after is not None:
            facts[name_of(after)] = after


def says_same(shown: Fact | None, before: Fact) -> bool:
    """Whether what is shown says what `before` did; of a rate, whether it costs the same."""
    if isinstance(shown, Rate) and isinstance(before, Rate):
        return shown.same_price(before)
    return shown == before


def name_of(fact: Fact) -> Name:
    """Of facts of one kind each has its own."""
    return type(fact), fact.identity
