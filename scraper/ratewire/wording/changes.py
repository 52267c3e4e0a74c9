"""A change in words: one headline, and a row of its table for each alteration."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ratewire.model import (
    Alteration,
    Availability,
    Change,
    ChangeKind,
    Fact,
    Incident,
    Limit,
    Multiplier,
    Passage,
    Rate,
    StatedDate,
)
from ratewire.wording.catalogue import ENGLISH, Words
from ratewire.wording.facts import SiteNames, stage_words, subject, value
from ratewire.wording.formats import dated, day, percent, price_on_terms, price_step
from ratewire.wording.text import joined, shortened

__all__ = ["Row", "headline", "kind_name", "row"]


def kind_name(kind: ChangeKind, words: Words = ENGLISH, *, within: bool = False) -> str:
    """`Price increases`; `within` a sentence `price increases`."""
    return words(f"kinds.within.{kind.value}" if within else f"kinds.{kind.value}")


def headline(change: Change, vocabulary: SiteNames) -> str:
    """What happened, in one line without a full stop."""
    words = vocabulary.words
    if len(change.alterations) == 1:
        return shortened(_one(change.alterations[0], vocabulary), 300)
    groups: dict[tuple[ChangeKind, str], list[Alteration]] = {}
    for alteration in change.alterations:
        noun = _NOUNS[type(alteration.fact)]
        groups.setdefault((alteration.kind, noun), []).append(alteration)
    phrases = [
        _one(group[0], vocabulary) if len(group) == 1 else _many(kind, noun, group, vocabulary)
        for (kind, noun), group in groups.items()
    ]
    if not phrases:
        kind, source = kind_name(change.kind, words), vocabulary.source(change.source)
        return words("told.bare", kind=kind, source=source)
    shown = "; ".join(phrases[:3])
    return shortened(shown if len(phrases) <= 3 else words("told.and_more", told=shown), 300)


_NOUNS: Mapping[type, str] = {
    Rate: "rate",
    Availability: "product",
    Limit: "limit",
    Incident: "incident",
    Passage: "passage",
    Multiplier: "rate",
}


def _one(alteration: Alteration, vocabulary: SiteNames) -> str:
    fact, before, after = alteration.fact, alteration.before, alteration.after
    name, words = subject(fact, vocabulary), vocabulary.words
    if alteration.kind is ChangeKind.RENAMED and before is not None and after is not None:
        return words("told.renamed", old=subject(before, vocabulary), new=name)
    match fact:
        case Rate():
            return _one_rate(alteration, name, vocabulary)
        case Availability():
            return words("told.step", name=name, step=_availability_step(before, after, vocabulary))
        case Limit() if before is None:
            return words("told.new_limit", name=name, value=value(fact, vocabulary))
        case Limit() if after is None:
            return words("told.limit_gone", name=name, value=value(fact, vocabulary))
        case Incident() if after is None:
            return words("told.incident_gone", name=name)
        case Incident():
            return words("told.resolved" if fact.resolved_at else "told.incident", name=name)
        case Passage() if before is None:
            return words("told.new_passage", name=name)
        case Passage() if after is None:
            return words("told.passage_gone", name=name)
        case Passage():
            return words("told.reworded", name=name)
    step = f"{value(before, vocabulary)} → {value(after, vocabulary)}{_percent(alteration, words)}"
    return words("told.step", name=name, step=step)


def _one_rate(alteration: Alteration, name: str, vocabulary: SiteNames) -> str:
    before, after, words = alteration.before, alteration.after, vocabulary.words
    step = ""
    if isinstance(before, Rate) and isinstance(after, Rate):
        step = f"{price_step(before, after, words=words)}{_percent(alteration, words)}"
    if alteration.kind is ChangeKind.SCHEDULED and isinstance(after, Rate):
        starts = step or after.conditions.get("effective_from")
        told = "told.scheduled" if starts else "told.step"
        return words(told, name=name, step=step or price_on_terms(after, words))
    if step:
        return words("told.step", name=name, step=step)
    if isinstance(after, Rate):
        return words("told.new_rate", name=name, price=price_on_terms(after, words))
    return words("told.gone", name=name, value=value(before, vocabulary))


def _many(kind: ChangeKind, noun: str, group: Sequence[Alteration], vocabulary: SiteNames) -> str:
    words = vocabulary.words
    names = sorted({vocabulary.product(a.fact) for a in group} - {""})
    few = joined(names, words=words)
    named = bool(names) and noun != "product"
    what = words(f"told.count.{noun}", count=len(group))
    of = words("told.many.of", names=few) if named else ""
    match kind:
        case ChangeKind.RATE_UP:
            return words("told.many.rose", what=what, of=of, by=_by(group, words))
        case ChangeKind.RATE_DOWN:
            return words("told.many.fell", what=what, of=of, by=_by(group, words))
        case ChangeKind.ADDED if noun == "product":
            return words("told.many.now_listed", names=joined(names, 4, words))
        case ChangeKind.ADDED:
            what = words(f"told.count_new.{noun}", count=len(group))
            of = words("told.many.for", names=few) if named else ""
            return words("told.many.new", what=what, of=of)
        case ChangeKind.REMOVED if noun == "product":
            return words("told.many.gone", names=joined(names, 4, words))
        case ChangeKind.REMOVED:
            return words("told.many.removed", what=what, of=of)
        case ChangeKind.UNIT:
            return words("told.many.unit", what=what, of=of)
        case ChangeKind.RENAMED:
            return _renamings(group, what, vocabulary)
        case ChangeKind.AVAILABILITY:
            steps = {_availability_step(a.before, a.after, vocabulary) for a in group}
            shared = steps.pop() if len(steps) == 1 else words("told.availability.changed")
            return words("told.step", name=joined(names, 4, words), step=shared)
        case ChangeKind.SCHEDULED:
            return words("told.many.scheduled", what=what, of=of, on=_from(group, words))
        case ChangeKind.INCIDENT:
            what = words("told.count.incident", count=len(group))
            titles = joined([subject(a.fact, vocabulary) for a in group], words=words)
            return words("told.many.incidents", what=what, names=titles)
        case ChangeKind.LIMIT:
            return words("told.many.changed", what=what, of=of, by=_by(group, words))
        case _:
            return words("told.many.changed", what=what, of=of, by="")


def _renamings(group: Sequence[Alteration], what: str, vocabulary: SiteNames) -> str:
    words = vocabulary.words
    pairs = Counter(
        (vocabulary.product(a.before), vocabulary.product(a.after))
        for a in group
        if a.before is not None and a.after is not None
    )
    moved = [words("told.renamed", old=old, new=new) for (old, new) in pairs if old != new]
    return joined(moved, words=words) if moved else words("told.many.renamed", what=what)


def _by(group: Sequence[Alteration], words: Words) -> str:
    steps = [abs(a.percent) for a in group if a.percent is not None]
    if len(steps) != len(group):
        return ""
    low, high = percent(min(steps), words), percent(max(steps), words)
    if low == high:
        return words("told.many.by", percent=low)
    return words("told.many.by_range", low=low, high=high)


def _from(group: Sequence[Alteration], words: Words) -> str:
    starts = {
        a.fact.conditions.get("effective_from")
        if isinstance(a.fact, Rate)
        else str(getattr(a.fact, "shutdown_on", None) or "")
        for a in group
    }
    start = starts.pop() if len(starts) == 1 else ""
    try:
        return dated("told.many.on", StatedDate.parse(start), words)
    except ValueError:
        return ""


def _percent(alteration: Alteration, words: Words) -> str:
    step = alteration.percent
    return "" if step is None else f" ({percent(step, words, signed=True)})"


def _availability_step(before: Fact | None, after: Fact | None, vocabulary: SiteNames) -> str:
    words = vocabulary.words
    if not isinstance(after, Availability):
        return words("told.availability.gone")
    if not isinstance(before, Availability):
        return words("told.availability.listed", stage=stage_words(after, vocabulary))
    if before.stage is not after.stage:
        old = words(f"stage.word.{before.stage.value}")
        return f"{old} → {stage_words(after, vocabulary)}"
    if before.shutdown_on != after.shutdown_on and not after.shutdown_not_before:
        return _shutdown_step(before, after, words)
    old, new = (stage_words(each, vocabulary) for each in (before, after))
    return f"{old} → {new}"


def _shutdown_step(before: Availability, after: Availability, words: Words) -> str:
    key = "told.availability.shutdown" if after.shutdown_on else "told.availability.undated"
    put = {"stage": words(f"stage.word.{after.stage.value}")}
    if before.shutdown_on:
        key, put = f"{key}_was", put | {"before": day(before.shutdown_on, words)}
    if after.shutdown_on:
        return dated(key, after.shutdown_on, words, **put)
    return words(key, **put)


@dataclass(frozen=True, slots=True)
class Row:
    """One altered fact: what it is about, before, after, and by how much (may be empty)."""

    subject: str
    before: str
    after: str
    step: str


def row(alteration: Alteration, vocabulary: SiteNames) -> Row:
    before, after = alteration.before, alteration.after
    by = alteration.percent
    step = "" if by is None else percent(by, vocabulary.words, signed=True)
    name = subject(alteration.fact, vocabulary)
    if alteration.kind is ChangeKind.RENAMED and before is not None and after is not None:
        return Row(name, subject(before, vocabulary), name, step)
    return Row(name, value(before, vocabulary), value(after, vocabulary), step)
