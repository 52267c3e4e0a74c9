"""A change in words: one headline and one sentence for each kind, and the rows of its table.

The same words stand on the change's page, in the feeds, in mails and in webhooks. Everything
returned is plain text, bounded and free of control characters, and not yet escaped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from scraper.model import (
    Alteration,
    Availability,
    Change,
    ChangeKind,
    ChangeState,
    Fact,
    Incident,
    Limit,
    Passage,
    Rate,
)
from scraper.publish.phrases import (
    day,
    joined,
    moment,
    percent,
    plain,
    price,
    price_step,
    shortened,
)
from scraper.publish.statements import Vocabulary, stage_words, subject, value
from scraper.publish.stories import Story

__all__ = ["KIND_NAMES", "Row", "Wording", "rows", "wording"]

KIND_NAMES: Mapping[ChangeKind, str] = {
    ChangeKind.RATE_UP: "Price increases",
    ChangeKind.RATE_DOWN: "Price cuts",
    ChangeKind.ADDED: "Additions",
    ChangeKind.REMOVED: "Removals",
    ChangeKind.UNIT: "Changed units",
    ChangeKind.RENAMED: "Renamings",
    ChangeKind.AVAILABILITY: "Availability",
    ChangeKind.LIMIT: "Limits",
    ChangeKind.SCHEDULED: "Scheduled changes",
    ChangeKind.INCIDENT: "Incidents",
    ChangeKind.PASSAGE: "Reworded passages",
}


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
    """What happened, in words; a corrected or withdrawn story says so first."""
    change, latest = story.change, story.latest
    headline = _headline(story.truth, vocabulary)
    seen = f"{_page(change, vocabulary)} changed between {_window(change)}."
    note = plain(change.note, 400)
    if not story.corrections and change.state is ChangeState.CONFIRMED:
        return Wording(headline, f"{seen} {note}".strip())
    why = plain(latest.note, 400).rstrip(".")
    on, reason = moment(latest.recorded_at), f": {why}" if why else ""
    first = headline if story.truth is change else _headline(change, vocabulary)
    if story.withdrawn:
        told = f"This did not happen. The report was withdrawn on {on}{reason}."
        return Wording(f"Withdrawn: {first}", told)
    was = f" It had said: {first}." if headline != first else ""
    return Wording(f"Corrected: {headline}", f"Corrected on {on}{reason}.{was}")


def _page(change: Change, vocabulary: Vocabulary) -> str:
    """The official page, with its publisher unless its own name says it."""
    page = vocabulary.source(change.source)
    publisher = vocabulary.publisher(change.source)
    return page if publisher.casefold() in page.casefold() else f"{publisher}: {page}"


def _window(change: Change) -> str:
    """`4 May 2026, 10:00 and 11:00 UTC`; both days where it spans several."""
    old, new = moment(change.window.last_seen_old), moment(change.window.first_seen_new)
    same_day = old.partition(",")[0] == new.partition(",")[0]
    return f"{old.removesuffix(' UTC')} and {new.partition(', ')[2] if same_day else new}"


def _headline(change: Change, vocabulary: Vocabulary) -> str:
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
        return f"{KIND_NAMES[change.kind]}: {vocabulary.source(change.source)}"
    shown = "; ".join(phrases[:3])
    return shortened(shown if len(phrases) <= 3 else f"{shown}; and more", 300)


_NOUNS: Mapping[type, str] = {
    Rate: "rate",
    Availability: "product",
    Limit: "limit",
    Incident: "incident",
    Passage: "passage",
}


def _one(alteration: Alteration, vocabulary: Vocabulary) -> str:
    fact, before, after = alteration.fact, alteration.before, alteration.after
    name = subject(fact, vocabulary)
    if alteration.kind is ChangeKind.RENAMED and before is not None and after is not None:
        return f"{subject(before, vocabulary)} is now named {name}"
    match fact:
        case Rate():
            return _one_rate(alteration, name)
        case Availability():
            return f"{name}: {_availability_step(before, after, vocabulary)}"
        case Limit() if before is None:
            return f"New limit: {name}, {value(fact)}"
        case Limit() if after is None:
            return f"Limit no longer listed: {name} (was {value(fact)})"
        case Incident() if after is None:
            return f"Incident no longer listed: {name}"
        case Incident():
            return f"{'Resolved' if fact.resolved_at else 'Incident'}: {name}"
        case Passage() if before is None:
            return f"New passage: {name}"
        case Passage() if after is None:
            return f"Passage gone: {name}"
        case Passage():
            return f"Reworded: {name}"
    return f"{name}: {value(before)} → {value(after)}{_percent(alteration)}"


def _one_rate(alteration: Alteration, name: str) -> str:
    before, after = alteration.before, alteration.after
    if alteration.kind is ChangeKind.SCHEDULED and isinstance(after, Rate):
        starts = after.conditions.get("effective_from")
        if isinstance(before, Rate):
            return f"Scheduled: {name}: {price_step(before, after)}{_percent(alteration)}"
        return f"Scheduled: {name}: {price(after)}" if starts else f"{name}: {price(after)}"
    if isinstance(before, Rate) and isinstance(after, Rate):
        return f"{name}: {price_step(before, after)}{_percent(alteration)}"
    if isinstance(after, Rate):
        return f"New rate: {name}, {price(after)}"
    return f"No longer listed: {name} (was {value(before)})"


def _many(kind: ChangeKind, noun: str, group: Sequence[Alteration], vocabulary: Vocabulary) -> str:
    names = sorted({vocabulary.product(a.fact) for a in group} - {""})
    count = f"{len(group)} {noun}s"
    of = f" of {joined(names)}" if names and noun != "product" else ""
    match kind:
        case ChangeKind.RATE_UP:
            return f"{count}{of} rose{_by(group)}"
        case ChangeKind.RATE_DOWN:
            return f"{count}{of} fell{_by(group)}"
        case ChangeKind.ADDED if noun == "product":
            return f"Now listed: {joined(names, 4)}"
        case ChangeKind.ADDED:
            return f"{len(group)} new {noun}s{of.replace(' of ', ' for ', 1)}"
        case ChangeKind.REMOVED if noun == "product":
            return f"No longer listed: {joined(names, 4)}"
        case ChangeKind.REMOVED:
            return f"{count}{of} are no longer listed"
        case ChangeKind.UNIT:
            return f"{count}{of} are now priced by another unit"
        case ChangeKind.RENAMED:
            return _renamings(group, vocabulary)
        case ChangeKind.AVAILABILITY:
            steps = {_availability_step(a.before, a.after, vocabulary) for a in group}
            shared = steps.pop() if len(steps) == 1 else "availability changed"
            return f"{joined(names, 4)}: {shared}"
        case ChangeKind.SCHEDULED:
            return f"{count}{of} will change{_from(group)}"
        case ChangeKind.INCIDENT:
            return f"{len(group)} incidents: {joined([subject(a.fact, vocabulary) for a in group])}"
        case ChangeKind.LIMIT:
            return f"{count}{of} changed{_by(group)}"
        case _:
            return f"{count}{of} changed"


def _renamings(group: Sequence[Alteration], vocabulary: Vocabulary) -> str:
    pairs = Counter(
        (vocabulary.product(a.before), vocabulary.product(a.after))
        for a in group
        if a.before is not None and a.after is not None
    )
    moved = [f"{old} is now named {new}" for (old, new) in pairs if old != new]
    return joined(moved) if moved else f"{len(group)} {_NOUNS[type(group[0].fact)]}s were renamed"


def _by(group: Sequence[Alteration]) -> str:
    steps = [abs(a.percent) for a in group if a.percent is not None]
    if len(steps) != len(group):
        return ""
    low, high = percent(min(steps)), percent(max(steps))
    return f" by {low}" if low == high else f" by {low} to {high}"


def _from(group: Sequence[Alteration]) -> str:
    starts = {
        a.fact.conditions.get("effective_from")
        if isinstance(a.fact, Rate)
        else str(getattr(a.fact, "shutdown_on", None) or "")
        for a in group
    }
    start = starts.pop() if len(starts) == 1 else ""
    try:
        return f" on {day(date.fromisoformat(start))}"
    except ValueError:
        return ""


def _percent(alteration: Alteration) -> str:
    step = alteration.percent
    return "" if step is None else f" ({percent(step, signed=True)})"


def _availability_step(before: Fact | None, after: Fact | None, vocabulary: Vocabulary) -> str:
    if not isinstance(after, Availability):
        return "no longer listed"
    if not isinstance(before, Availability):
        return f"listed as {stage_words(after, vocabulary)}"
    if before.stage is not after.stage:
        return f"{before.stage.value} → {stage_words(after, vocabulary)}"
    if before.shutdown_on != after.shutdown_on:
        old = f" (was {day(before.shutdown_on)})" if before.shutdown_on else ""
        new = day(after.shutdown_on) if after.shutdown_on else "no longer dated"
        return f"{after.stage.value}, shutdown {new}{old}"
    return f"{stage_words(before, vocabulary)} → {stage_words(after, vocabulary)}"


@dataclass(frozen=True, slots=True)
class Row:
    """One altered fact: what it is about, before, after, and by how much (may be empty)."""

    subject: str
    before: str
    after: str
    step: str


def rows(change: Change, vocabulary: Vocabulary) -> tuple[Row, ...]:
    """The change's before/after table, in the order in which its alterations stand."""
    made = []
    for alteration in change.alterations:
        before, after = alteration.before, alteration.after
        step = "" if alteration.percent is None else percent(alteration.percent, signed=True)
        if alteration.kind is ChangeKind.RENAMED and before is not None and after is not None:
            made.append(
                Row(
                    subject(after, vocabulary),
                    subject(before, vocabulary),
                    subject(after, vocabulary),
                    step,
                )
            )
        else:
            made.append(
                Row(
                    subject(alteration.fact, vocabulary),
                    value(before, vocabulary),
                    value(after, vocabulary),
                    step,
                )
            )
    return tuple(made)
