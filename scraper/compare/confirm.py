"""Is it there twice? From what stands, what waits and a new reading to changes that are sure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from scraper.compare.differences import Pair, pairs, settled
from scraper.compare.entries import DATED
from scraper.compare.group import alteration_key, changes_of
from scraper.compare.guard import View, weigh
from scraper.compare.reader import lens
from scraper.compare.sightings import (
    LastSeen,
    Seen,
    needed,
    put_off,
    recent,
    reverted_note,
    sighted,
)
from scraper.config import CompareSettings, duration
from scraper.model import (
    Capture,
    Change,
    Facts,
    Held,
    Pending,
    Reading,
    Snapshot,
    Source,
)

__all__ = ["Comparison", "compare", "compare_unchanged", "pending_pairs"]

_CLOCK_WRONG = timedelta(days=1)
"""A capture that is late by less lost a race against another run; by more, a clock was wrong."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is to be stored, and what is to be told."""

    snapshot: Snapshot | None
    pending: Pending | None
    changes: tuple[Change, ...] = ()
    held: Held | None = None
    notes: tuple[str, ...] = ()
    """For the log: what was seen and is no change."""


def compare(
    snapshot: Snapshot | None,
    pending: Pending | None,
    reading: Reading,
    capture: Capture,
    source: Source,
    settings: CompareSettings,
    now: datetime,
    *,
    last_seen: datetime | None = None,
    history: Iterable[Change] = (),
    reader: str = "",
) -> Comparison:
    """Weigh a new reading against what stands. Pure.

    The first reading of a source is a baseline: its facts stand, nothing is a change. Later, a
    reading that a guard suspects changes nothing and is held. Every alteration of any other one
    has to be seen in `settings.confirmations` captures in a row, each at least `settings.apart`
    after the one before (an incident in a status feed: once); then it is part of a change, and
    only then its facts stand. An alteration that is gone again first leaves a note.

    `last_seen` is when the page was last had before this time: it opens a change's window.
    `history` is the log of all sources; it is only walked where there is something to tell.
    `reader` is the version of the reader; see `rebase`.
    """
    seen = Seen(reading.facts, reading.marks, capture.sha256, capture.url, capture.fetched_at)
    if snapshot is None:
        return _first(pending, seen, source, settings, reader)
    return _weighed(
        snapshot, pending, seen, source, settings, now, last_seen, history, lens(source, reader)
    )


def compare_unchanged(
    snapshot: Snapshot | None,
    pending: Pending | None,
    capture: str,
    source: Source,
    settings: CompareSettings,
    now: datetime,
    *,
    history: Iterable[Change] = (),
    reader: str = "",
) -> Comparison:
    """The server says that the page is still the capture of this sha256: a sighting like any.

    What that capture showed is confirmed by it. Where nothing waits, the page goes on saying
    what stands, and all that can be new is that the day of a dated price has come.
    """
    idle = pending is None or not (pending.waiting or pending.held or pending.rejected)
    if snapshot is not None and idle:
        seen = Seen(snapshot.facts, (), snapshot.capture, snapshot.url, now)
    elif snapshot is not None and pending and not pending.held and pending.capture == capture:
        seen = Seen(pending.facts, (), capture, pending.url, now)
    else:
        return Comparison(snapshot, pending, held=pending.held if pending else None)
    return _weighed(
        snapshot, pending, seen, source, settings, now, None, history, lens(source, reader)
    )


def at_rest(snapshot: Snapshot | None, pending: Pending | None) -> bool:
    """Whether the same page, seen again on any later day, has nothing to tell.

    So it is where nothing waits, and no price of the snapshot begins or ends on a day.
    """
    if snapshot is None or pending is not None:
        return False
    return not any(rate.conditions.get(day) for rate in snapshot.facts.rates for day in DATED)


# ── Steps ────────────────────────────────────────────────────────────────────────────────────


def _first(
    pending: Pending | None,
    seen: Seen,
    source: Source,
    settings: CompareSettings,
    reader: str,
) -> Comparison:
    held = weigh(View(Facts(), seen.facts, (), source, settings, seen.marks))
    if held is not None:
        waits = seen.pending((), (), held)
        return Comparison(None, _unless_same(pending, waits), held=held)
    snapshot = Snapshot(
        source.id, seen.facts, seen.capture, seen.url, seen.at, lens(source, reader)
    )
    return Comparison(snapshot, None)


def _weighed(
    snapshot: Snapshot,
    pending: Pending | None,
    seen: Seen,
    source: Source,
    settings: CompareSettings,
    now: datetime,
    last_seen: datetime | None,
    history: Iterable[Change],
    lens: str,
) -> Comparison:
    if timedelta(0) < _latest(snapshot, pending) - seen.at < _CLOCK_WRONG:
        note = f"the capture of {seen.at:%Y-%m-%d %H:%M} is older than what was seen since"
        held = pending.held if pending else None
        return Comparison(snapshot, pending, held=held, notes=(note,))
    found = pending_pairs(snapshot, seen.facts, seen.at.date())
    shown = {alteration_key(a): a for pair in found for a in pair.alterations}
    rejected = {key for key in (pending.rejected if pending else ()) if key in shown}
    prior = {alteration_key(s.alteration): s for s in (pending.sightings if pending else ())}

    seen_old = LastSeen(snapshot, pending, last_seen, seen.at)
    held = _suspect(snapshot, seen, found, source, settings, lens)
    if held is not None and not (shown and shown.keys() <= rejected):
        waits = seen.pending(put_off(prior, shown, seen, seen_old), rejected, held)
        return Comparison(snapshot, _unless_same(pending, waits), held=held)

    apart = duration(settings.apart)
    sightings = {
        key: sighted(prior.get(key), a, seen, seen_old, apart)
        for key, a in shown.items()
        if key not in rejected
    }
    reverted = {
        key: replace(s, times=0, shown=False, reversals=s.reversals + 1)
        for key, s in prior.items()
        if key not in shown and s.times
    }
    sure = {key for key, s in sightings.items() if s.times >= needed(s, settings)}
    stands = {id(pair): all(alteration_key(a) in sure for a in pair.alterations) for pair in found}
    facts = settled(found, lambda pair: stands[id(pair)], seen.facts.missing)
    told = {alteration_key(a) for pair in found if stands[id(pair)] for a in pair.alterations}
    changes = (
        changes_of([sightings[k] for k in told], snapshot, facts, source, history, now)
        if told
        else ()
    )
    remembered = {
        key: s
        for key, s in prior.items()
        if key not in shown and s.reversals and not s.times and recent(s, seen.at)
    }
    open_ = {key: s for key, s in sightings.items() if key not in told}
    waits = seen.pending(
        [*open_.values(), *reverted.values(), *remembered.values()], rejected, None
    )
    return Comparison(
        _moved_on(snapshot, facts, seen, lens, whole=all(stands.values()), told=bool(told)),
        _unless_same(pending, waits) if waits.sightings or waits.rejected else None,
        changes,
        notes=tuple(reverted_note(s) for s in reverted.values()),
    )


def pending_pairs(snapshot: Snapshot, facts: Facts, on: date) -> tuple[Pair, ...]:
    """What a reading on that day says beside what stands."""
    return pairs(snapshot.facts, facts, on=on, since=snapshot.taken_at.date())


def _suspect(
    snapshot: Snapshot,
    seen: Seen,
    found: Sequence[Pair],
    source: Source,
    settings: CompareSettings,
    lens: str,
) -> Held | None:
    held = weigh(View(snapshot.facts, seen.facts, found, source, settings, seen.marks))
    if held is None and snapshot.reader != lens and any(pair.alterations for pair in found):
        return Held(
            "reader-changed",
            "the reader or the source's hints changed, and the capture that stands is no longer "
            "kept to be read anew: what is the page's doing and what is the reader's cannot be "
            "told apart",
        )
    return held


def _latest(snapshot: Snapshot, pending: Pending | None) -> datetime:
    return max(snapshot.taken_at, pending.seen_at) if pending else snapshot.taken_at


def _moved_on(
    snapshot: Snapshot, facts: Facts, seen: Seen, lens: str, *, whole: bool, told: bool
) -> Snapshot:
    """The same object where the same facts stand and nothing was told of them."""
    if whole and (told or facts != snapshot.facts):
        return Snapshot(snapshot.source, facts, seen.capture, seen.url, seen.at, lens)
    if facts != snapshot.facts:
        return replace(snapshot, facts=facts)
    return replace(snapshot, reader=lens) if whole and snapshot.reader != lens else snapshot


def _unless_same(old: Pending | None, new: Pending) -> Pending:
    """What waits is written anew only when something happened to it.

    Where alterations wait the capture matters too: the server may say "unchanged" of it.
    """
    if old is None or (new.waiting and not new.held and old.capture != new.capture):
        return new
    same = (old.sightings, old.held, old.rejected) == (new.sightings, new.held, new.rejected)
    return old if same else new
