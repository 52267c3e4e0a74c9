"""Another address of the source is another page: it may say otherwise, and that is no change.

A page is compared with what the same address said before. Where another address answers, because
the first one is away or the owner has named another, its first look is kept; what it changes from
then on is a change once it has stayed for long, or the first address shows it too. What the two
addresses say otherwise is the owner's to hear.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from ratewire.compare.confirm import Comparison, compare, pending_differences
from ratewire.compare.differences import Differences, settled
from ratewire.compare.group import alteration_key, changes_of
from ratewire.compare.guard import GuardContext, weigh
from ratewire.compare.reader import lens, only_decided
from ratewire.compare.sightings import Seen
from ratewire.compare.told import as_told, name_of, says_same
from ratewire.config import CompareSettings, duration
from ratewire.model import (
    Alteration,
    Capture,
    Change,
    Held,
    OtherLook,
    Pending,
    Rate,
    Reading,
    Snapshot,
    Source,
)

__all__ = ["DISAGREE", "Elsewhere", "look_elsewhere", "other_look"]

DISAGREE = "sources disagree"
"""How the word to the owner begins where two addresses say otherwise."""
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A look at another address than the one that stands."""

    source: Source
    settings: CompareSettings
    reader: str
    capture: Capture
    reading: Reading
    first: Reading | None
    """The kept page of the first look at this address, read anew."""

    @property
    def at(self) -> datetime:
        return self.capture.fetched_at

    @property
    def seen(self) -> Seen:
        return Seen.of(self.reading, self.capture)

    def compared(
        self,
        snapshot: Snapshot,
        pending: Pending | None,
        now: datetime,
        history: Iterable[Change],
        *,
        lasting: bool = False,
    ) -> Comparison:
        """With what the same address said before."""
        return compare(
            snapshot, pending, self.reading, self.capture, self.source, self.settings, now,
            history=history, reader=self.reader, lasting=lasting,
        )  # fmt: skip


def other_look(snapshot: Snapshot, asked: str) -> OtherLook | None:
    """The first look at this address."""
    return next((other for other in snapshot.others if other.asked == asked), None)


def look_elsewhere(
    snapshot: Snapshot,
    pending: Pending | None,
    look: Elsewhere,
    now: datetime,
    history: Iterable[Change],
) -> Comparison:
    """What a look at another address comes to. Pure.

    The main address takes the place of one that is no longer named, or that only stood in for it,
    after a second look, or at once where it says the same; as does any for one that the owner has
    taken away.
    """
    home, asked = snapshot.asked, look.capture.asked
    first = other_look(snapshot, asked)
    moves = home not in look.source.addresses or asked == look.source.url
    if first is None or look.first is None:
        return _first(snapshot, pending, look, moves=moves)
    if not moves:
        return _standing_in(snapshot, pending, look, first, now, tuple(history))
    if look.at - first.taken_at < duration(look.settings.min_interval):
        return Comparison(snapshot, pending)
    return _moved(snapshot, pending, look, first, now, tuple(history))


def _first(
    snapshot: Snapshot, pending: Pending | None, look: Elsewhere, *, moves: bool
) -> Comparison:
    seen = look.seen
    found = pending_differences(snapshot, seen)
    after, on = found.followed.facts, look.at.date()
    view = GuardContext(snapshot.facts, after, found, look.source, look.settings, on, seen.marks)
    held = weigh(view)
    if held is not None and held.is_final:
        return Comparison(snapshot, pending, held=held)
    if moves and not found.alterations and not found.followed.unread:
        return Comparison(replace(snapshot, asked=look.capture.asked), pending)  # the same page
    other = OtherLook(look.capture.asked, look.capture.sha256, look.at)
    others = tuple(o for o in snapshot.others if o.asked != other.asked)
    return _with_word(
        Comparison(replace(snapshot, others=(*others, other)), pending), snapshot, look, found
    )


def _with_word(
    result: Comparison,
    snapshot: Snapshot,
    look: Elsewhere,
    found: Differences,
    *,
    waits: bool = False,
) -> Comparison:
    """With what the owner is to hear where the two addresses disagree. `waits`: some of it changed
    since the first look.
    """
    alterations = found.alterations
    if not alterations:
        return result
    told = "; ".join(map(_said, alterations[:_NAMED]))
    more = f" and {len(alterations) - _NAMED} more" if len(alterations) > _NAMED else ""
    if look.capture.asked == look.source.url:
        way = "what it says otherwise is taken as it is after a second look, and is no news"
        note = f"{look.capture.asked} is asked instead of {snapshot.asked}: {told}{more}; {way}"
        return replace(result, notes=(*result.notes, note))
    reason = (
        f"{DISAGREE}: {look.capture.asked} answers instead of {snapshot.asked} and says "
        f"otherwise: {told}{more}; "
    )
    if waits:
        reason += (
            f"what changed there meanwhile is told once {snapshot.asked} shows it too, or it has "
            f"stayed for {look.settings.settle_after}"
        )
    else:
        reason += "that is not told"
    return replace(result, held=Held("sources-disagree", reason))


def _said(one: Alteration) -> str:
    name = " ".join(one.fact.identity[:2])
    prices = [f"{f.amount:f}" if isinstance(f, Rate) else "…" for f in (one.before, one.after) if f]
    return f"{name} {' / '.join(prices)}"


# ── The address stands in for another ────────────────────────────────────────────────────────


def _standing_in(
    snapshot: Snapshot,
    pending: Pending | None,
    look: Elsewhere,
    first: OtherLook,
    now: datetime,
    history: Iterable[Change],
) -> Comparison:
    """Its own changes are told where it agreed with what stands, and have stayed for as long as
    much that changes at once: it may have moved before the address for which it stands in, or
    alone. Nothing else moves.
    """
    own, _ = _taken_over(snapshot, look, first)
    own = as_told(own, history, first.taken_at)
    seen = pending.elsewhere if pending else ()
    waits = replace(_empty(own), sightings=seen) if seen else None
    found = look.compared(own, waits, now, history, lasting=True)
    told = tuple(filter(None, (_agreeing(change, snapshot) for change in found.changes)))
    moved = as_told(snapshot, told, now)
    if found.snapshot is not None and found.snapshot.capture != own.capture:
        later = OtherLook(first.asked, found.snapshot.capture, look.at)
        moved = replace(moved, others=tuple(later if o == first else o for o in moved.others))
    waiting = found.pending.sightings if found.pending else ()
    left = replace(pending or _empty(snapshot), elsewhere=waiting)
    result = Comparison(moved, _unless_empty(left), told, found.held, found.notes)
    if found.held is not None:
        return result
    other = pending_differences(moved, look.seen)
    return _with_word(result, moved, look, other, waits=bool(waiting))


def _taken_over(
    snapshot: Snapshot, look: Elsewhere, first: OtherLook
) -> tuple[Snapshot, Differences]:
    """What stands as the first look at the other address has it, under the recorded names."""
    assert look.first is not None, "its page is kept"
    page = replace(look.capture, fetched_at=first.taken_at)
    found = pending_differences(snapshot, replace(Seen.of(look.first, page), capture=first.capture))
    whole = settled(found.pairs, lambda _: True, look.first.facts.missing)
    taken = Snapshot(
        snapshot.source, whole, first.capture, look.capture.url, first.taken_at,
        lens(look.source, look.reader), found.followed.figures, look.first.lines, asked=first.asked,
        begun_at=snapshot.begun_at,
    )  # fmt: skip
    return taken, found


def _agreeing(change: Change, snapshot: Snapshot) -> Change | None:
    """As far as both addresses said the same before."""
    facts = {name_of(fact): fact for fact in snapshot.facts}
    kept = tuple(
        a
        for a in change.alterations
        if a.before is None or says_same(facts.get(name_of(a.before)), a.before)
    )
    return replace(change, alterations=kept) if kept else None


def _empty(snapshot: Snapshot) -> Pending:
    return Pending(
        snapshot.facts, snapshot.capture, snapshot.url, snapshot.taken_at,
        figures=snapshot.figures, lines=snapshot.lines,
    )  # fmt: skip


def _unless_empty(pending: Pending) -> Pending | None:
    said = pending.sightings or pending.rejected or pending.unread or pending.held
    return pending if said or pending.elsewhere else None


# ── The address takes the other's place ──────────────────────────────────────────────────────


def _moved(
    snapshot: Snapshot,
    pending: Pending | None,
    look: Elsewhere,
    first: OtherLook,
    now: datetime,
    history: Iterable[Change],
) -> Comparison:
    """What the two say otherwise is taken as it is. A change that the old address showed, and the
    new one shows as well, was seen twice.
    """
    taken, found = _taken_over(snapshot, look, first)
    shown = {alteration_key(a) for a in found.alterations}
    prior = {alteration_key(s.alteration): s for s in (pending.sightings if pending else ())}
    sure = [replace(s, times=s.times + 1) for key, s in prior.items() if key in shown and s.times]
    told = changes_of(sure, snapshot, taken.facts, look.source, history, now) if sure else ()
    rest = look.compared(taken, only_decided(pending) if pending else None, now, history)
    left = [s.alteration for key, s in prior.items() if key not in shown and s.times]
    notes = [f"{_said(one)} was seen at {snapshot.asked} alone, and is not told" for one in left]
    return replace(rest, changes=(*told, *rest.changes), notes=(*notes, *rest.notes))
