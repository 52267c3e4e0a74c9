"""What the page was seen to show, how often, and since when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ratewire.compare.group import alteration_key
from ratewire.config import CompareSettings, duration
from ratewire.model import (
    Alteration,
    Capture,
    Change,
    ChangeKind,
    ChangeState,
    Facts,
    Figure,
    Held,
    Lines,
    Pending,
    Reading,
    Sighting,
    Snapshot,
    UnreadChange,
    Window,
)

__all__ = [
    "FactLastSeen",
    "Seen",
    "has_settled",
    "is_sure",
    "put_off",
    "recent",
    "reverted_note",
    "sighted",
    "told_lately",
]

_REMEMBERED = timedelta(days=30)
"""How long a reverted alteration is remembered; seen again by then, it needs more proof."""
_HARDEST = 4
"""Reversals after which the proof asked for grows no more."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One reading of the page at one time."""

    facts: Facts
    figures: tuple[Figure, ...]
    lines: Lines
    marks: tuple[str, ...]
    capture: str
    url: str
    at: datetime

    @classmethod
    def of(cls, reading: Reading, capture: Capture) -> Seen:
        return cls(
            reading.facts, reading.figures, reading.lines, reading.marks,
            capture.sha256, capture.url, capture.fetched_at,
        )  # fmt: skip

    def pending(
        self,
        sightings: Iterable[Sighting],
        rejected: Iterable[str],
        held: Held | None,
        unread: Iterable[UnreadChange] = (),
    ) -> Pending:
        return Pending(
            self.facts,
            self.capture,
            self.url,
            self.at,
            tuple(sorted(sightings, key=lambda s: alteration_key(s.alteration))),
            held,
            tuple(sorted(rejected)),
            self.figures,
            tuple(unread),
            self.lines,
        )


class FactLastSeen:
    """When a fact was last seen as it stood before."""

    def __init__(
        self,
        snapshot: Snapshot,
        pending: Pending | None,
        last_seen: datetime | None,
        at: datetime,
    ) -> None:
        self._at = at
        self._earlier = {
            s.alteration.before.identity: s.window.last_seen_old
            for s in (pending.sightings if pending else ())
            if s.alteration.before is not None and (s.times or s.shown)
        }
        if pending is not None and pending.held is not None:
            windows = [s.window.last_seen_old for s in pending.sightings]
            self._usual = min(windows, default=snapshot.taken_at)
        elif pending is not None:
            self._usual = last_seen or max(pending.seen_at, snapshot.taken_at)
        else:
            self._usual = last_seen or snapshot.taken_at

    def window(self, alteration: Alteration) -> Window:
        before = alteration.before
        usual = min(self._usual, self._at)
        old = self._earlier.get(before.identity, usual) if before is not None else usual
        return Window(old, self._at)


def put_off(
    prior: Mapping[str, Sighting],
    shown: Mapping[str, Alteration],
    seen: Seen,
    seen_old: FactLastSeen,
) -> list[Sighting]:
    """A suspect reading neither confirms nor reverts; its own alterations are only noted."""
    noted = [
        prior.get(key) or Sighting(a, seen_old.window(a), seen.capture, seen.url, seen.at, 0)
        for key, a in shown.items()
    ]
    kept = [replace(s, shown=False) for key, s in prior.items() if key not in shown]
    return [*noted, *(s for s in kept if s.times or s.reversals)]


def sighted(
    prior: Sighting | None,
    alteration: Alteration,
    seen: Seen,
    seen_old: FactLastSeen,
    settings: CompareSettings,
    *,
    again: bool = False,
    counts: bool = True,
) -> Sighting:
    """`again`: it was told a short while ago, see `told_lately`. `counts`: this look is a sighting;
    else it is only noted what it shows.
    """
    if prior is not None and prior.times and not counts:
        return replace(prior, shown=True)
    if prior is not None and prior.times:
        enough = max(settings.settle_captures, _proof(prior.reversals, settings, again=again))
        if seen.at - prior.last_counted < duration(settings.min_interval) or prior.times >= enough:
            return replace(prior, shown=True)
        return replace(prior, shown=True, times=prior.times + 1, last_counted=seen.at)
    window = seen_old.window(alteration)
    fresh = Sighting(alteration, window, seen.capture, seen.url, seen.at, int(counts))
    if prior is None:
        return fresh
    return replace(
        fresh,
        window=prior.window if prior.shown else fresh.window,
        reversals=prior.reversals,
    )


def is_sure(
    sighting: Sighting, settings: CompareSettings, at: datetime, *, again: bool = False
) -> bool:
    """Whether it was seen often enough. Required confirmations double with each reversal.

    `again`: it was told a short while ago (`told_lately`), and has to be seen as often as is ever
    asked for, or to stay as long as much that changes at once.
    """
    if sighting.alteration.kind is ChangeKind.INCIDENT:
        return True
    if sighting.times >= _proof(sighting.reversals, settings, again=again):
        return True
    return again and has_settled(sighting, settings, at)


def _proof(reversals: int, settings: CompareSettings, *, again: bool) -> int:
    return settings.confirmations << (_HARDEST if again else min(reversals, _HARDEST))


def told_lately(source: str, history: Iterable[Change], at: datetime) -> frozenset[str]:
    """Keys of alterations that were told of a source within a month and reversed since.

    What the owner withdrew does not count, for it did not happen.
    """
    ours = [change for change in history if change.source == source]
    retracted = {one.follows for one in ours if one.state is ChangeState.RETRACTED}
    told: dict[str, tuple[str, ...]] = {}
    last: dict[tuple[str, ...], str] = {}
    for change in ours:
        if change.state is not ChangeState.CONFIRMED or change.id in retracted:
            continue
        for alteration in change.alterations:
            key = alteration_key(alteration)
            last[alteration.fact.identity] = key
            if at - change.window.first_seen_new < _REMEMBERED:
                told[key] = alteration.fact.identity
    return frozenset(key for key, subject in told.items() if last[subject] != key)


def has_settled(sighting: Sighting, settings: CompareSettings, at: datetime) -> bool:
    """Whether an alteration of a reading in which much changed at once has stayed long enough."""
    stayed = at - sighting.window.first_seen_new >= duration(settings.settle_after)
    return stayed and sighting.times >= settings.settle_captures and is_sure(sighting, settings, at)


def recent(sighting: Sighting, at: datetime) -> bool:
    return at - sighting.last_counted < _REMEMBERED


def reverted_note(sighting: Sighting) -> str:
    a = sighting.alteration
    return (
        f"{a.kind} of {' '.join(a.fact.identity)}, seen since "
        f"{sighting.window.first_seen_new:%Y-%m-%d %H:%M}, is gone again before it was confirmed"
    )
