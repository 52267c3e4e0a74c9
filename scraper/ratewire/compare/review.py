"""What the owner says: yes, no, and "that was wrong". Every function is pure."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ratewire.compare.classify import of_rate
from ratewire.compare.confirm import Comparison, pending_differences
from ratewire.compare.differences import Differences, settled, tells_unread
from ratewire.compare.group import alteration_key, changes_of, order
from ratewire.compare.kept import in_step, put_back
from ratewire.compare.reader import lens
from ratewire.errors import ConfigError
from ratewire.model import (
    Alteration,
    Basis,
    Change,
    ChangeState,
    Fact,
    Facts,
    Pending,
    Rate,
    Sighting,
    Snapshot,
    Source,
    UnreadChange,
    Window,
)

__all__ = [
    "Question",
    "accept",
    "correct",
    "correction",
    "questions",
    "reject",
    "retract",
    "unread_key",
]


@dataclass(frozen=True, slots=True)
class Question:
    """One alteration that waits for a second sight or for the owner."""

    key: str
    """By which it is accepted or rejected."""
    alteration: Alteration
    first_seen: datetime
    times: int
    """Sightings that counted so far."""
    rejected: bool = False


def questions(snapshot: Snapshot | None, pending: Pending | None) -> tuple[Question, ...]:
    """All that the page shows and that does not stand; `pending.held` says what is suspect."""
    if snapshot is None or pending is None:
        return ()
    known = {alteration_key(s.alteration): s for s in pending.sightings}
    trusting = _accepts_damage(pending)
    shown = _waiting(snapshot, pending, trusting=trusting).alterations
    return tuple(
        Question(
            key := alteration_key(a),
            a,
            known[key].window.first_seen_new if key in known else pending.seen_at,
            known[key].times if key in known else 0,
            key in pending.rejected,
        )
        for a in order(shown)
    )


def accept(
    snapshot: Snapshot | None,
    pending: Pending,
    source: Source,
    now: datetime,
    *,
    keys: Collection[str] | None = None,
    silent: bool = False,
    history: Iterable[Change] = (),
    reader: str = "",
) -> Comparison:
    """What waits stands from now on and is told, without a second sight; a held reading too.

    `keys`: only these alterations. `silent`: the facts stand, but nothing is told (the page was
    not read whole before). Raises ConfigError for a key that is not waiting.
    """
    mark = lens(source, reader)
    seen = (pending.capture, pending.url, pending.seen_at, mark)
    if snapshot is None:
        first = Snapshot(
            source.id, pending.facts, *seen, pending.figures, pending.lines,
            begun_at=pending.seen_at,
        )  # fmt: skip
        return Comparison(first, None)
    found = _waiting(snapshot, pending, trusting=_accepts_damage(pending))
    shown = {alteration_key(a): a for a in found.alterations}
    wanted, unread = _wanted(keys, shown, pending)
    pairs = found.pairs
    stands = {
        id(pair): all(alteration_key(a) in wanted for a in pair.alterations) for pair in pairs
    }
    told = {alteration_key(a): a for pair in pairs if stands[id(pair)] for a in pair.alterations}
    facts = settled(pairs, lambda pair: stands[id(pair)], pending.facts.missing)
    sightings = [_sighting(key, a, snapshot, pending) for key, a in told.items()]
    changes = (
        ()
        if silent
        else changes_of(sightings, snapshot, facts, source, history, now, basis=Basis.OWNER)
    )
    rest = tuple(s for s in pending.sightings if alteration_key(s.alteration) not in told)
    left = replace(pending, sightings=rest, unread=unread)
    if all(stands.values()):
        capture, url, at, reader = seen
        moved = replace(
            snapshot, facts=facts, capture=capture, url=url, taken_at=at, reader=reader,
            figures=found.followed.figures, lines=pending.lines, unsure=False,
        )  # fmt: skip
        waits = replace(left, sightings=(), rejected=(), held=None)
        return Comparison(moved, waits if unread else None, changes)
    kept = in_step(snapshot.figures, found.followed, facts)
    lines = snapshot.lines.as_often_in(pending.lines)
    moved = replace(snapshot, facts=facts, figures=kept, lines=lines)
    return Comparison(moved, left, changes, held=left.held)


def reject(
    snapshot: Snapshot | None, pending: Pending, *, keys: Collection[str] | None = None
) -> Comparison:
    """What waits is refused: it is not asked again for as long as the page goes on showing it.

    A held first reading is dropped. Raises ConfigError for a key that is not waiting.
    """
    if snapshot is None:
        return Comparison(None, None)
    shown = {alteration_key(a): a for a in _waiting(snapshot, pending).alterations}
    wanted, unread = _wanted(keys, shown, pending)
    refused = wanted | set(pending.rejected)
    rest = tuple(s for s in pending.sightings if alteration_key(s.alteration) not in refused)
    held = None if shown.keys() <= refused else pending.held
    left = replace(
        pending, sightings=rest, rejected=tuple(sorted(refused)), held=held, unread=unread
    )
    return Comparison(snapshot, left, held=held)


def retract(
    change: Change,
    snapshot: Snapshot | None,
    pending: Pending | None,
    note: str,
    now: datetime,
) -> Comparison:
    """It did not happen: an entry that says so, the facts as they were, and no second alarm."""
    entry = _entry(change, ChangeState.RETRACTED, change.alterations, note, now)
    if snapshot is None:
        return Comparison(None, pending, (entry,))
    moves = [(a.after, a.before) for a in change.alterations]
    return _taken_back(entry, snapshot, pending, moves)


def correct(
    change: Change,
    snapshot: Snapshot | None,
    pending: Pending | None,
    note: str,
    now: datetime,
    *,
    alterations: Sequence[Alteration] | None = None,
) -> Comparison:
    """It happened otherwise: an entry with the alterations as they truly were.

    They replace the change's, one for one; without them only the note is added. Raises
    ConfigError where their number differs.
    """
    right = change.alterations if alterations is None else order(alterations)
    if len(right) != len(change.alterations):
        raise ConfigError(
            f"change {change.id} has {len(change.alterations)} alterations, the correction "
            f"{len(right)}; give one for each"
        )
    entry = _entry(change, ChangeState.CORRECTED, right, note, now)
    if snapshot is None:
        return Comparison(None, pending, (entry,))
    moves = [(a.after, b.after) for a, b in zip(change.alterations, right, strict=True)]
    return _taken_back(entry, snapshot, pending, moves)


def correction(alteration: Alteration, after: Rate) -> Alteration:
    """What the alteration is with this rate after it. Raises ConfigError where nothing is left."""
    before = alteration.before
    if not isinstance(before, Rate):
        return replace(alteration, after=after)
    if found := of_rate(before, after):
        return found
    raise ConfigError(
        f"{after.product} {after.meter} cost {before.amount} before as well: nothing changed; "
        "retract the change instead"
    )


# ── Steps ────────────────────────────────────────────────────────────────────────────────────


def unread_key(change: UnreadChange) -> str:
    """By which the owner says that an unread change was seen."""
    said = "\n".join((change.old, change.new, change.where))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _waiting(snapshot: Snapshot, pending: Pending, *, trusting: bool = False) -> Differences:
    told = any(tells_unread(sighting.alteration) for sighting in pending.sightings)
    return pending_differences(snapshot, pending, trusting=trusting, tell_unread=told)


def _accepts_damage(pending: Pending) -> bool:
    return pending.held is not None and bool(pending.held.figures)


def _wanted(
    keys: Collection[str] | None, shown: Mapping[str, Alteration], pending: Pending
) -> tuple[set[str], tuple[UnreadChange, ...]]:
    """The alterations that are meant, and the unread changes that are not."""
    if keys is None:
        return set(shown), ()
    unread = {unread_key(change): change for change in pending.unread}
    if unknown := sorted(set(keys) - shown.keys() - unread.keys()):
        raise ConfigError(
            f"nothing waits under {', '.join(unknown)}; `ratewire review` lists what does"
        )
    left = tuple(change for key, change in unread.items() if key not in keys)
    return set(keys) & shown.keys(), left


def _sighting(key: str, a: Alteration, snapshot: Snapshot, pending: Pending) -> Sighting:
    known = {alteration_key(s.alteration): s for s in pending.sightings}
    window = Window(snapshot.taken_at, pending.seen_at)
    return known.get(key) or Sighting(a, window, pending.capture, pending.url, pending.seen_at)


def _entry(
    change: Change,
    state: ChangeState,
    alterations: Sequence[Alteration],
    note: str,
    now: datetime,
) -> Change:
    said = f"{change.id} {state} {note} {[alteration_key(a) for a in alterations]}"
    return replace(
        change,
        id=hashlib.sha256(said.encode()).hexdigest()[:16],
        state=state,
        alterations=tuple(alterations),
        note=note,
        follows=change.follows or change.id,
        recorded_at=now,
    )


def _taken_back(
    entry: Change,
    snapshot: Snapshot,
    pending: Pending | None,
    moves: Iterable[tuple[Fact | None, Fact | None]],
) -> Comparison:
    """The facts that stand are moved, and what the page goes on showing is refused."""
    facts = [*snapshot.facts]
    for wrong, right in moves:
        facts = [fact for fact in facts if fact != wrong]
        if right is not None and right not in facts:
            facts.append(right)
    stand = Facts.of(facts)
    figures = put_back(snapshot.figures, snapshot.facts, stand)
    wrongs = (fact for fact, _ in moves if fact is not None)
    taken = {mark for fact in wrongs for mark in fact.evidence.lines}
    lines = snapshot.lines.without(taken)  # else they would be known to have stood there
    moved = replace(snapshot, facts=stand, figures=figures, lines=lines)
    page = pending or Pending(
        snapshot.facts, snapshot.capture, snapshot.url, snapshot.taken_at,
        figures=snapshot.figures, lines=snapshot.lines,
    )  # fmt: skip
    before = set(map(alteration_key, pending_differences(snapshot, page).alterations))
    now = set(map(alteration_key, pending_differences(moved, page).alterations))
    refused = tuple(sorted({*page.rejected, *(now - before)}))
    return Comparison(moved, replace(page, rejected=refused) if refused else pending, (entry,))
