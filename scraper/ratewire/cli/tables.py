"""What people read: facts, changes and sources as tables and lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from ratewire.compare import Question, unread_key
from ratewire.model import (
    Alteration,
    Change,
    Fact,
    Facts,
    Figure,
    Health,
    HealthState,
    Held,
    Pending,
    Rate,
    Reading,
    Snapshot,
    Source,
    UnreadChange,
    Verdict,
)
from ratewire.pipeline import Outcome, Report
from ratewire.wording.changes import row
from ratewire.wording.facts import NAMELESS, subject, value
from ratewire.wording.formats import conditions_words, money
from ratewire.wording.text import plain

if TYPE_CHECKING:
    from ratewire.apps.replay import ReplayStep

__all__ = [
    "alterations",
    "changes",
    "explanation",
    "facts",
    "figures",
    "line",
    "review",
    "said",
    "status",
    "step",
    "summary",
    "total",
    "unread",
    "verdict_of",
]

_COLOURS: Mapping[HealthState, str] = {
    HealthState.OK: "green",
    HealthState.HELD: "yellow",
    HealthState.BLOCKED: "yellow",
    HealthState.FAILING: "red",
    HealthState.NEVER_SEEN: "red",
}
_LONG = 2000
"""Characters of one cell or line."""
_MANY = 12
"""Lines of one step."""


def said(words: str) -> str:
    """Words that may be a page's own, as they can be printed: no markup, no control characters."""
    return escape(plain(words, _LONG))


def _table(*columns: str, title: str = "") -> Table:
    table = Table(title=title or None, title_justify="left", box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold", justify="right" if column == "Amount" else "left")
    return table


def _rows(table: Table, rows: Iterable[Sequence[str]]) -> Table:
    for cells in rows:
        table.add_row(*(Text(plain(cell, _LONG)) for cell in cells))
    return table


def facts(read: Facts, *, reasons: bool = False) -> Iterator[RenderableType]:
    """A table for each kind of fact that there is."""
    more = ("Words", "Rules") if reasons else ()

    def why(fact: Fact) -> tuple[str, ...]:
        evidence = fact.evidence
        return (evidence.excerpt, ", ".join(evidence.rules)) if reasons else ()

    if read.rates:
        table = _table("Product", "Meter", "Conditions", "Amount", "Per", "Where", *more)
        yield _rows(
            table,
            (_rate(rate) + why(rate) for rate in read.rates),
        )
    others = [fact for fact in read if not isinstance(fact, Rate)]
    if others:
        table = _table("Fact", "About", "Says", "Where", *more)
        yield _rows(
            table,
            (_other(fact) + why(fact) for fact in others),
        )


def _rate(rate: Rate) -> tuple[str, ...]:
    under, where = str(rate.conditions), rate.evidence.where
    return (rate.product, rate.meter, under, _amount(rate), str(rate.unit), where)


def _other(fact: Fact) -> tuple[str, ...]:
    return (type(fact).__name__, subject(fact, NAMELESS), value(fact), fact.evidence.where)


def _question(one: Question) -> tuple[str, ...]:
    return (one.key, "rejected" if one.rejected else str(one.times), _time(one.first_seen))


def _amount(rate: Rate) -> str:
    upper = f"–{money(rate.upper, rate.currency)}" if rate.upper is not None else ""
    return f"{rate.qualifier} {money(rate.amount, rate.currency)}{upper}".strip()


def summary(verdict: Verdict, reading: Reading) -> str:
    """What `read` says of the page as a whole."""
    if not verdict.genuine:
        return f"[yellow]not read:[/] {said(f'{verdict.kind} ({verdict.evidence})')}"
    found = reading.facts
    counts = [
        f"{len(some)} {name}"
        for some, name in (
            (found.rates, "rates"),
            (found.availability, "availability"),
            (found.limits, "limits"),
            (found.incidents, "incidents"),
            (found.passages, "passages"),
            (found.multipliers, "multipliers"),
        )
        if some
    ]
    marks = "".join(f"\n[yellow]note:[/] {said(mark)}" for mark in reading.marks)
    return f"{', '.join(counts) or 'no fact found'}{marks}"


def alterations(altered: Iterable[Alteration]) -> Table:
    table = _table("Kind", "What", "Before", "After", "%")
    return _rows(table, map(_alteration, altered))


def _alteration(one: Alteration) -> tuple[str, ...]:
    told = row(one, NAMELESS)
    return (one.kind.value, told.subject, told.before, told.after, told.step)


def verdict_of(held: Held | None, altered: Sequence[Alteration]) -> str:
    if held:
        return f"[yellow]held:[/] {said(held.reason)}"
    return f"{_count(len(altered), 'change')}" if altered else "no change"


def changes(log: Iterable[Change]) -> Table:
    """The log, one line for each fact that changed."""
    table = _table("Recorded", "State", "Kind", "What", "Before", "After", "%", "Source", "Id")
    for change in log:
        rows = [_alteration(each) for each in change.alterations] or [("",) * 5]
        for kind, *rest in rows:
            when = _time(change.recorded_at)
            _rows(table, [(when, change.state.value, kind, *rest, change.source, change.id)])
    return table


def status(
    sources: Iterable[Source],
    health: Mapping[str, Health],
    verified: Mapping[str, datetime],
    records: Mapping[str, tuple[Snapshot | None, Pending | None]],
) -> Table:
    table = _table("Source", "State", "Since", "Last verified", "Rates", "Waiting", "Detail")
    for source in sources:
        snapshot, pending = records[source.id]
        known = health[source.id]
        seen = verified.get(source.id) or (snapshot.taken_at if snapshot else None)
        table.add_row(
            source.id,
            Text(known.state.value, style=_COLOURS[known.state]),
            _time(known.since),
            _time(seen) if seen else "never",
            str(len(snapshot.facts.rates)) if snapshot else "",
            _waiting(pending),
            Text(plain(known.detail, _LONG)),
        )
    return table


def _waiting(pending: Pending | None) -> str:
    if pending is None:
        return ""
    counts = ((len(pending.waiting), ""), (len(pending.unread), " not understood"))
    return ", ".join(f"{count}{what}" for count, what in counts if count)


def explanation(
    source: Source, snapshot: Snapshot, rates: Sequence[Rate], past: Sequence[Change]
) -> Iterator[RenderableType]:
    for rate in rates:
        table = Table(box=None, show_header=False, pad_edge=False)
        table.add_column(style="dim", no_wrap=True)
        table.add_column(overflow="fold")
        for name, text in (
            ("figure", value(rate)),
            ("conditions", conditions_words(rate.conditions)),
            ("words", rate.evidence.excerpt),
            ("where", rate.evidence.where),
            ("rules", ", ".join(rate.evidence.rules)),
            ("page", snapshot.url),
            ("read", f"{_time(snapshot.taken_at)} by reader {snapshot.reader}"),
            ("capture", snapshot.capture),
        ):
            if text:
                table.add_row(name, Text(plain(text, _LONG)))
        yield Text(f"{source.name}: {subject(rate, NAMELESS)}", style="bold")
        yield table
    if past:
        yield changes(past)


def review(
    waiting: Mapping[str, tuple[Pending, Sequence[Question]]],
) -> Iterator[RenderableType]:
    """For each source, why it is held, and what waits with its key."""
    for source, (pending, asked) in waiting.items():
        yield Text(source, style="bold")
        if pending.held:
            yield Text(plain(f"held: {pending.held.reason}", _LONG), style="yellow")
        if asked:
            table = _table("Id", "Seen", "Since", "Kind", "What", "Before", "After", "%")
            rows = (_question(each) + _alteration(each.alteration) for each in asked)
            yield _rows(table, rows)
        if pending.unread:
            yield unread(pending.unread, keys=True)


def unread(changes: Sequence[UnreadChange], *, keys: bool = False) -> Table:
    """Changes of figures that are not understood; with `keys` by which they are marked as seen."""
    more = ("Id",) if keys else ()
    table = _table(*more, "Not understood: before", "After", "Where", "Why")
    rows = ((each.old or "(new)", each.new or "(gone)", each.where, each.why) for each in changes)
    named = ((unread_key(each), *row) for each, row in zip(changes, rows, strict=True))
    return _rows(table, named if keys else rows)


def figures(read: Sequence[Figure]) -> Table:
    """Every figure of a page with its role, in the page's order."""
    table = _table("Figure", "Role", "Line", "Where", "Why, or which rate")
    return _rows(
        table,
        (
            (each.text, each.role.value, each.line, str(each.place),
             each.reason or "; ".join(map(" ".join, each.rates)))
            for each in read
        ),
    )  # fmt: skip


# ── Lines ────────────────────────────────────────────────────────────────────────────────────


def line(outcome: Outcome) -> str:
    """One line of what a check of a source came to."""
    state = outcome.health.state
    mark = "[green]✓[/]" if state is HealthState.OK else f"[{_COLOURS[state]}]![/]"
    news = outcome.health.detail if state is not HealthState.OK else _news(outcome)
    return f"{mark} {outcome.source.id}: {said(news)}"


def step(one: ReplayStep, *, every: bool = False) -> Iterator[str]:
    """Lines of what one moment of a replay came to; nothing where nothing happened.

    Of many changes only the first are named, unless `every` one is to be.
    """
    served = ", ".join(each.file.name for each in one.served) or "looked at again"
    lines = [each for outcome in one.report.outcomes for each in _story(outcome)]
    if not every and len(lines) > _MANY:
        lines[_MANY - 1 :] = [f"… and {len(lines) - _MANY + 1} more (-v names them)"]
    if one.report.built and any(outcome.changes for outcome in one.report.outcomes):
        lines.append(f"[bold]published[/] {one.report.built.written} files; the feeds tell of it")
    if one.served or lines:
        yield f"[bold]{_time(one.at)}[/]  {said(served)}"
        yield from (f"    {each}" for each in lines or ["nothing new"])


def _story(outcome: Outcome) -> Iterator[str]:
    if outcome.health.state is not HealthState.OK:
        yield line(outcome)
    yield from (said(note) for note in outcome.notes)
    for sighting in outcome.pending.sightings if outcome.pending and outcome.read else ():
        if sighting.shown and sighting.times == 1:
            yield f"[cyan]found[/] {said(_sentence(sighting.alteration))}"
    for change in outcome.changes:
        for each in change.alterations:
            yield f"[green]{change.state}[/] {said(_sentence(each))}"


def _sentence(one: Alteration) -> str:
    kind, what, before, after, by = _alteration(one)
    return f"{kind}: {what}: {before} → {after}{f' ({by})' if by else ''}"


def _news(outcome: Outcome) -> str:
    if not outcome.read:
        return "unchanged"
    waiting = len(outcome.pending.waiting) if outcome.pending else 0
    unread = len(outcome.pending.unread) if outcome.pending else 0
    news = [
        *([_count(len(outcome.changes), "change") + " confirmed"] if outcome.changes else []),
        *([_count(waiting, "change") + " waiting for a second sight"] if waiting else []),
        *([_count(unread, "changed figure") + " not understood"] if unread else []),
    ]
    return ", ".join(news) or "; ".join(outcome.notes) or "read; nothing new"


def total(report: Report) -> str:
    """What the whole job came to, in one line."""
    away = [o for o in report.outcomes if o.health.state is not HealthState.OK]
    parts = [_count(len(report.outcomes), "source") + " checked"]
    if away:
        parts[0] += f", {len(away)} of them not well"
    parts.append(_count(sum(len(o.changes) for o in report.outcomes), "change") + " confirmed")
    if built := report.built:
        parts.append(f"{_count(built.pages, 'page')} built, {built.written} files written")
        if built.left_out:
            parts.append(f"[red]{_count(len(built.left_out), 'page')} left out[/]")
    if (told := report.announced) and told.planned:
        parts.append(f"{told.accepted} of {_count(len(told.planned), 'message')} sent")
    return "; ".join(parts)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _time(value: datetime) -> str:
    return f"{value:%Y-%m-%d %H:%M}"
