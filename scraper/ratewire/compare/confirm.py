"""Is it there twice? From what stands, what waits and a new reading to changes that are sure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ratewire.compare.differences import Differences, Pair, differences, settled, with_unread
from ratewire.compare.entries import DATED
from ratewire.compare.followed import Followed
from ratewire.compare.group import alteration_key, changes_of
from ratewire.compare.guard import GuardContext, damaged, weigh
from ratewire.compare.kept import in_step
from ratewire.compare.reader import lens
from ratewire.compare.sightings import (
    FactLastSeen,
    Seen,
    has_settled,
    is_sure,
    put_off,
    recent,
    reverted_note,
    sighted,
    told_lately,
)
from ratewire.config import CompareSettings
from ratewire.model import (
    Capture,
    Change,
    Facts,
    Figure,
    Held,
    Pending,
    Reading,
    Snapshot,
    Source,
    UnreadChange,
)

__all__ = ["Comparison", "at_rest", "compare", "compare_unchanged", "pending_differences"]

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
    tell_unread: bool = False,
    counts: bool = True,
    lasting: bool = False,
) -> Comparison:
    """Weigh a new reading against what stands. Pure.

    The first reading of a source is a baseline: its facts stand, nothing is a change. Every
    alteration of a later one has to be seen in `settings.confirmations` captures in a row, each at
    least `settings.min_interval` after the one before (an incident in a status feed: once); then
    it is part of a change, and only then its facts stand. An alteration that is gone again first
    leaves a note. A damaged reading changes nothing and is held; one in which much changed at once
    is held until all of it was seen `settings.settle_captures` times over `settings.settle_after`.

    `last_seen` is when the page was last had before this time: it opens a change's window.
    `history` is the log of all sources; it is only walked where something was seen often enough.
    `reader` is the version of the reader; see `rebase`. `tell_unread`: changes of figures that are
    not understood are told like others, as passages, instead of waiting for the owner. `counts`:
    this look is a sighting; not where the clock is in doubt. `lasting`: an alteration by itself has
    to stay as long as much at once.
    """
    seen = Seen.of(reading, capture)
    if snapshot is None:
        return _first(pending, seen, source, settings, reader, capture.asked)
    return _weighed(
        snapshot, pending, seen, source, settings, now, last_seen, history, lens(source, reader),
        tell_unread, counts, lasting,
    )  # fmt: skip


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
    tell_unread: bool = False,
    counts: bool = True,
) -> Comparison:
    """The server says that the page is still the capture of this sha256: a sighting like any.

    What that capture showed is confirmed by it. Where nothing waits, the page goes on saying
    what stands, and all that can be new is that the day of a dated price has come.
    """
    refused = pending.rejected if pending else snapshot.refused if snapshot else ()
    idle = not refused and not (pending and (pending.waiting or pending.held))
    usable = pending is not None and not (pending.held and pending.held.is_final)
    if snapshot is not None and idle and not snapshot.unsure:
        stood = snapshot.facts, snapshot.figures, snapshot.lines
        seen = Seen(*stood, (), snapshot.capture, snapshot.url, now)
    elif snapshot is not None and pending and usable and pending.capture == capture:
        seen = Seen(pending.facts, pending.figures, pending.lines, (), capture, pending.url, now)
    else:
        return Comparison(snapshot, pending, held=pending.held if pending else None)
    return _weighed(
        snapshot, pending, seen, source, settings, now, None, history, lens(source, reader),
        tell_unread, counts,
    )  # fmt: skip


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
    asked: str,
) -> Comparison:
    found = Differences((), Followed(seen.facts, seen.figures))
    held = weigh(
        GuardContext(Facts(), seen.facts, found, source, settings, seen.at.date(), seen.marks)
    )
    if held is not None:
        waits = seen.pending((), (), held)
        return Comparison(None, _unless_same(pending, waits), held=held)
    said = seen.figures, seen.lines
    page, mark = (seen.capture, seen.url, seen.at), lens(source, reader)
    snapshot = Snapshot(source.id, seen.facts, *page, mark, *said, asked=asked, begun_at=seen.at)
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
    tell_unread: bool,
    counts: bool,
    lasting: bool = False,
) -> Comparison:
    if timedelta(0) < _latest(snapshot, pending) - seen.at < _CLOCK_WRONG:
        note = f"the capture of {seen.at:%Y-%m-%d %H:%M} is older than what was seen since"
        held = pending.held if pending else None
        return Comparison(snapshot, pending, held=held, notes=(note,))
    found = pending_differences(snapshot, seen, tell_unread=tell_unread)
    shown = {alteration_key(a): a for a in found.alterations}
    refused = pending.rejected if pending else snapshot.refused
    rejected = {key for key in refused if key in shown}
    prior = {alteration_key(s.alteration): s for s in (pending.sightings if pending else ())}
    for sighting in pending.elsewhere if pending else ():  # another address showed it as well
        if (key := alteration_key(sighting.alteration)) in shown:
            prior.setdefault(key, sighting)
    known = pending.unread if pending else snapshot.unread
    unread = () if tell_unread else _unread(known, found)

    seen_old = FactLastSeen(snapshot, pending, last_seen, seen.at)
    held = _suspect(snapshot, seen, found, source, settings, lens)
    if held is not None and shown and shown.keys() <= rejected:
        held = None
    if held is not None and held.is_final:
        waits = seen.pending(
            put_off(prior, shown, seen, seen_old), rejected, held,
            pending.unread if pending else (),
        )  # fmt: skip
        return Comparison(snapshot, _unless_same(pending, waits), held=held)

    sightings = {
        key: sighted(prior.get(key), a, seen, seen_old, settings, counts=counts)
        for key, a in shown.items()
        if key not in rejected
    }
    enough = has_settled if lasting else is_sure
    sure = {key for key, s in sightings.items() if counts and enough(s, settings, seen.at)}
    if sure:
        history = tuple(history)
        for key in sure & told_lately(source.id, history, seen.at):
            one = sighted(prior.get(key), shown[key], seen, seen_old, settings, again=True)
            sightings[key] = one
            if not is_sure(one, settings, seen.at, again=True):
                sure.remove(key)
    away = {key: s for key, s in prior.items() if key not in shown and s.times}
    # What was seen while much changed at once, and is gone with it, proves nothing either way.
    settling = pending is not None and pending.held is not None and pending.held.settles
    reverted = {
        key: replace(s, times=0, shown=False, reversals=s.reversals + (not settling))
        for key, s in away.items()
        if s.reversals or not settling
    }
    if held is not None and held.settles:
        if all(has_settled(s, settings, seen.at) for s in sightings.values()):
            held = None
        else:  # suspect as yet: it neither confirms nor reverts what was seen before
            sure = set()
            reverted = {key: replace(s, shown=False) for key, s in away.items()}
    pairs = found.pairs
    stands = {id(pair): all(alteration_key(a) in sure for a in pair.alterations) for pair in pairs}
    facts = settled(pairs, lambda pair: stands[id(pair)], seen.facts.missing)
    told = {alteration_key(a) for pair in pairs if stands[id(pair)] for a in pair.alterations}
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
        [*open_.values(), *reverted.values(), *remembered.values()], rejected, held, unread
    )
    return Comparison(
        _moved_on(
            snapshot,
            facts,
            seen,
            found,
            lens,
            [pair for pair in pairs if not stands[id(pair)]],
            told=bool(told),
            noted=not tell_unread,
        ),
        _unless_same(pending, waits) if _waits(waits) else None,
        changes,
        held,
        (*(reverted_note(s) for s in reverted.values() if not s.times), *found.followed.marks),
    )


def pending_differences(
    snapshot: Snapshot,
    seen: Seen | Pending,
    *,
    trusting: bool = False,
    tell_unread: bool = False,
) -> Differences:
    """What a reading says beside what stands. `trusting`: see `follow`; `tell_unread`: with the
    changes of figures that are not understood.
    """
    at = seen.at if isinstance(seen, Seen) else seen.seen_at
    found = differences(
        snapshot.facts,
        seen.facts,
        on=at.date(),
        since=snapshot.taken_at.date(),
        figures=snapshot.figures,
        later=seen.figures,
        lines=(snapshot.lines, seen.lines),
        trusting=trusting,
    )
    return with_unread(found) if tell_unread else found


def _waits(pending: Pending) -> bool:
    return bool(pending.sightings or pending.rejected or pending.unread or pending.held)


def _unread(before: Iterable[UnreadChange], found: Differences) -> tuple[UnreadChange, ...]:
    """Unread changes that the owner has not seen yet; one that was taken back leaves no trace."""
    known = dict.fromkeys(before)
    turned: dict[tuple[str, str], list[UnreadChange]] = defaultdict(list)
    for change in known:
        turned[change.new, change.old].append(change)
    for change in found.followed.unread:
        if back := turned[change.old, change.new]:
            del known[back.pop()]
        elif change not in known:
            known[change] = None
            turned[change.new, change.old].append(change)
    return tuple(known)


def _suspect(
    snapshot: Snapshot,
    seen: Seen,
    found: Differences,
    source: Source,
    settings: CompareSettings,
    lens: str,
) -> Held | None:
    after, on = found.followed.facts, seen.at.date()
    view = GuardContext(snapshot.facts, after, found, source, settings, on, seen.marks)
    held = weigh(view) or damaged(found)
    if held is None and snapshot.unsure and found.alterations:
        return Held(
            "rebuilt",
            "the records were damaged and are rebuilt from a page of which it is not certain that "
            "it stood: what changed since cannot be told from what was known",
        )
    if held is None and snapshot.reader != lens and found.alterations:
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
    snapshot: Snapshot,
    facts: Facts,
    seen: Seen,
    found: Differences,
    lens: str,
    unsure: Sequence[Pair],
    *,
    told: bool,
    noted: bool,
) -> Snapshot:
    """The same object where the same facts stand and nothing was told of them."""
    figures, whole = found.followed.figures, not unsure
    moved = told or facts != snapshot.facts or _drifted(snapshot.figures, figures)
    if whole and (moved or found.followed.unread):
        return replace(
            snapshot, facts=facts, capture=seen.capture, url=seen.url, taken_at=seen.at,
            reader=lens, figures=figures, lines=seen.lines, unsure=False,
            # Rates on a page that had none are a baseline, told to nobody: they begin here.
            begun_at=snapshot.begun_at if snapshot.facts.rates else seen.at,
        )  # fmt: skip
    if facts != snapshot.facts or (found.followed.unread and noted and not whole):
        waiting = {fact.identity for pair in unsure for fact in pair.after}
        kept = in_step(snapshot.figures, found.followed, facts, waiting, noted=noted)
        lines = snapshot.lines.as_often_in(seen.lines)
        return replace(snapshot, facts=facts, figures=kept, lines=lines)
    if whole and (snapshot.reader != lens or snapshot.unsure):
        return replace(snapshot, reader=lens, unsure=False)
    return snapshot


def _drifted(old: Sequence[Figure], new: Sequence[Figure]) -> bool:
    """So many figures stand elsewhere by now that the newer capture is the better one to compare
    the next with.
    """
    known = {(each.text, each.place.words, each.place.labels, each.place.heads) for each in old}
    strange = sum(
        (each.text, each.place.words, each.place.labels, each.place.heads) not in known
        for each in new
    )
    return strange * 10 > len(new)


def _unless_same(old: Pending | None, new: Pending) -> Pending:
    """What waits is written anew only when something happened to it.

    Where alterations wait the capture matters too: the server may say "unchanged" of it.
    """
    counts = new.waiting and not (new.held and new.held.is_final)
    if old is None or (counts and old.capture != new.capture):
        return new
    same = all(
        getattr(old, name) == getattr(new, name)
        for name in ("sightings", "held", "rejected", "unread")
    )
    return old if same else new
