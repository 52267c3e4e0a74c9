"""A change in words: one headline and one sentence for each kind, and the rows of its table.

The same words stand on the change's page, in the feeds, in mails and in webhooks. Everything
returned is plain text, bounded and free of control characters, and not yet escaped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ratewire.model import (
    Alteration,
    Availability,
    Basis,
    Change,
    ChangeKind,
    ChangeState,
    Fact,
    Incident,
    Limit,
    Multiplier,
    Passage,
    Rate,
    StatedDate,
)
from ratewire.publish.phrases import (
    dated,
    day,
    joined,
    moment,
    percent,
    plain,
    price_on_terms,
    price_step,
    shortened,
    span,
)
from ratewire.publish.statements import Vocabulary, stage_words, subject, value
from ratewire.publish.stories import Story
from ratewire.publish.words import ENGLISH, Words

__all__ = ["Row", "Wording", "confirmation", "kind_name", "rows", "wording"]


def kind_name(kind: ChangeKind, words: Words = ENGLISH, *, within: bool = False) -> str:
    """`Price increases`; `within` a sentence `price increases`."""
    return words(f"kinds.within.{kind.value}" if within else f"kinds.{kind.value}")


@dataclass(frozen=True, slots=True)
class Wording:
    """What happened, at three lengths."""

    headline: str
    """Stands alone; no full stop."""
    detail: str
    """What the headline leaves out, in whole sentences: where and when it was seen, what was
    wrong. To stand below the headline."""

    @property
    def summary(self) -> str:
        """Headline and detail, where one text has to do."""
        return f"{self.headline}. {self.detail}"


def wording(story: Story, vocabulary: Vocabulary) -> Wording:
    """What happened, in words; a corrected or retracted story says so first."""
    change, latest, words = story.change, story.latest, vocabulary.words
    headline = _headline(story.truth, vocabulary)
    if not story.corrections and change.state is ChangeState.CONFIRMED:
        window = span(change.window.last_seen_old, change.window.first_seen_new, words)
        by = "by_copies" if change.basis is Basis.ARCHIVE else "changed_between"
        seen = words(f"told.{by}", page=_page(change, vocabulary), window=window)
        return Wording(headline, f"{seen} {plain(change.note, 400)}".strip())
    on, why = moment(latest.recorded_at, words), plain(latest.note, 400).rstrip(".")
    first = headline if story.truth is change else _headline(change, vocabulary)
    told = "told.not_so" if story.retracted else "told.mended"
    detail = words(f"{told}_because", moment=on, reason=why) if why else words(told, moment=on)
    if story.retracted:
        return Wording(words("told.retracted", headline=first), detail)
    was = f" {words('told.had_said', headline=first)}" if headline != first else ""
    return Wording(words("told.corrected", headline=headline), f"{detail}{was}")


def confirmation(change: Change, words: Words) -> str:
    """On what it is believed, in one sentence; empty where that was not recorded."""
    match change.basis:
        case Basis.LOOKS:
            return words("confirmed.looks", count=change.looks)
        case Basis.ARCHIVE:
            return words("confirmed.archive")
        case Basis.OWNER:
            return words("confirmed.owner")
    return ""


def _page(change: Change, vocabulary: Vocabulary) -> str:
    """The official page, with its publisher unless its own name says it."""
    page = vocabulary.source(change.source)
    publisher = vocabulary.publisher(change.source)
    if publisher.casefold() in page.casefold():
        return page
    return vocabulary.words("told.page", publisher=publisher, page=page)


def _headline(change: Change, vocabulary: Vocabulary) -> str:
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


def _one(alteration: Alteration, vocabulary: Vocabulary) -> str:
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


def _one_rate(alteration: Alteration, name: str, vocabulary: Vocabulary) -> str:
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


def _many(kind: ChangeKind, noun: str, group: Sequence[Alteration], vocabulary: Vocabulary) -> str:
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


def _renamings(group: Sequence[Alteration], what: str, vocabulary: Vocabulary) -> str:
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


def _availability_step(before: Fact | None, after: Fact | None, vocabulary: Vocabulary) -> str:
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


def rows(change: Change, vocabulary: Vocabulary) -> tuple[Row, ...]:
    """The change's before/after table, in the order in which its alterations stand."""
    made, words = [], vocabulary.words
    for alteration in change.alterations:
        before, after = alteration.before, alteration.after
        by = alteration.percent
        step = "" if by is None else percent(by, words, signed=True)
        if alteration.kind is ChangeKind.RENAMED and before is not None and after is not None:
            old, new = subject(before, vocabulary), subject(after, vocabulary)
            made.append(Row(new, old, new, step))
        else:
            about = subject(alteration.fact, vocabulary)
            old, new = (value(each, vocabulary) for each in (before, after))
            made.append(Row(about, old, new, step))
    return tuple(made)
