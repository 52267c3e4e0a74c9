"""Records from the future: a clock was wrong when they were written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from ratewire.model import Pending, Sighting, Snapshot, Window

__all__ = ["mended"]

_AHEAD = timedelta(hours=1)


def mended(
    snapshot: Snapshot | None, pending: Pending | None, now: datetime, *, sure: bool
) -> tuple[Snapshot | None, Pending | None]:
    """The same with no time after `now`; the very same objects where there is none.

    `sure`: it is known that `now` is the true time. Else nobody knows how long ago a sighting from
    the future was, and it counts for nothing.
    """
    if snapshot is not None and _is_ahead(_times(snapshot), now):
        others = tuple(replace(o, taken_at=min(o.taken_at, now)) for o in snapshot.others)
        snapshot = replace(snapshot, taken_at=min(snapshot.taken_at, now), others=others)
    if pending is not None and _is_ahead(_times_waiting(pending), now):
        pending = replace(
            pending,
            seen_at=min(pending.seen_at, now),
            sightings=tuple(_sighting(each, now, sure) for each in pending.sightings),
            elsewhere=tuple(_sighting(each, now, sure) for each in pending.elsewhere),
        )
    return snapshot, pending


def _is_ahead(times: Iterable[datetime], now: datetime) -> bool:
    return max(times) > now + _AHEAD


def _times(snapshot: Snapshot) -> Iterable[datetime]:
    return (snapshot.taken_at, *(other.taken_at for other in snapshot.others))


def _times_waiting(pending: Pending) -> Iterable[datetime]:
    seen = (*pending.sightings, *pending.elsewhere)
    counted = (time for s in seen for time in (s.last_counted, s.window.first_seen_new))
    return (pending.seen_at, *counted)


def _sighting(one: Sighting, now: datetime, sure: bool) -> Sighting:
    window = Window(min(one.window.last_seen_old, now), min(one.window.first_seen_new, now))
    times = one.times if sure or not _is_ahead([one.last_counted], now) else 0
    return replace(one, window=window, last_counted=min(one.last_counted, now), times=times)
