"""A page's past replayed into the log, with the true dates.

What a capture shows is taken to have been there until the next one. So a change in the past is
confirmed as any other: its page was seen when it was captured, and stood long enough after.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from ratewire.compare import accept, compare
from ratewire.config import CompareSettings, ReadSettings, duration
from ratewire.errors import ReadError
from ratewire.model import Basis, Capture, Change, Pending, Snapshot, Source
from ratewire.read import reader_mark
from ratewire.record import Store
from ratewire.stages import examine

__all__ = ["Backfilled", "backfill"]

_HELD_IN_A_ROW = 3
"""So many suspect captures in a row are the page's new shape: it is taken, and nothing told."""
_PAGES = 24


@dataclass(frozen=True, slots=True)
class Backfilled:
    """What became of the captures, in their order."""

    read: int = 0
    changes: tuple[Change, ...] = ()
    refused: tuple[tuple[datetime, str], ...] = ()
    """Captures that were no genuine page, and why."""
    held: tuple[tuple[datetime, str], ...] = ()
    """Captures that were suspect, and why: what changed there is not told."""
    known: int = 0
    """Captures of a time that the records cover already."""


_LIMITS = ReadSettings()


def backfill(
    store: Store,
    source: Source,
    captures: Iterable[Capture],
    settings: CompareSettings,
    *,
    until: datetime,
    limits: ReadSettings = _LIMITS,
) -> Backfilled:
    """Replay captures from before the source's records, and save all of it or nothing.

    Where the source has no records yet, its facts are then those of the last capture. Doing it
    again adds nothing. `until` is now: so long the last capture is taken to have stood.
    Raises StoreError.
    """
    with store.lock(source.id):
        snapshot, pending = store.load(source.id)
        log = store.changes(source.id)
        since = _known_since(snapshot, log)
        past = _Past(source, settings, limits)
        for capture, end in _spells(_series(store, source, captures, since, past), until):
            past.see(capture, end)
        changes = _under_own_ids(past.changes, log)
        if snapshot is None:
            snapshot, pending = past.snapshot, past.pending
            # An archive names the address as it stood then; the captures are of this source.
            snapshot = snapshot and replace(snapshot, asked=source.url)
        store.save(source.id, snapshot, pending, changes, past.pages(changes))
    return replace(past.report, changes=changes)


class _Past:
    """The replay so far."""

    def __init__(self, source: Source, settings: CompareSettings, limits: ReadSettings) -> None:
        self.snapshot: Snapshot | None = None
        self.pending: Pending | None = None
        self.changes: tuple[Change, ...] = ()
        self.report = Backfilled()
        self._limits = limits
        self._source, self._settings = source, replace(settings, min_interval="0s")
        self._enough = duration(settings.min_interval) * (settings.confirmations - 1)
        self._last_seen: datetime | None = None
        self._suspect = 0
        self._kept: dict[str, Capture] = {}

    def see(self, capture: Capture, end: datetime) -> None:
        """One capture; it is sure of what it shows if it stood for as long as is asked for."""
        try:
            page = examine(capture, self._source, self._limits)
        except ReadError as error:
            self._refuse(capture, str(error))
            return
        if page.refusal:
            self._refuse(capture, page.refusal)
            return
        self._note(read=self.report.read + 1)
        self._kept[capture.sha256] = capture
        stood = end - capture.fetched_at >= self._enough
        for _ in range(self._settings.confirmations if stood else 1):
            found = compare(
                self.snapshot, self.pending, page.reading, capture, self._source, self._settings,
                capture.fetched_at, last_seen=self._last_seen, history=self.changes,
                reader=reader_mark(),
            )  # fmt: skip
            self.snapshot, self.pending = found.snapshot, found.pending
            self.changes += tuple(
                replace(change, basis=Basis.ARCHIVE, looks=0) for change in found.changes
            )
        self._last_seen = capture.fetched_at
        if found.held is None:
            self._suspect = 0
        else:
            self._note(held=(*self.report.held, (capture.fetched_at, found.held.reason)))
            self._held(capture)
        self._forget()

    def _refuse(self, capture: Capture, why: str) -> None:
        self._note(refused=(*self.report.refused, (capture.fetched_at, why)))

    def _held(self, capture: Capture) -> None:
        self._suspect += 1
        if self._suspect >= _HELD_IN_A_ROW and self.pending is not None:
            found = accept(
                self.snapshot, self.pending, self._source, capture.fetched_at,
                silent=True, reader=reader_mark(),
            )  # fmt: skip
            self.snapshot, self.pending, self._suspect = found.snapshot, found.pending, 0

    def pages(self, changes: Iterable[Change]) -> list[Capture]:
        named = {sha for c in changes for sha in (c.before_capture, c.after_capture)}
        return [page for sha, page in self._kept.items() if sha in named | self._standing()]

    def _standing(self) -> set[str]:
        named = {self.snapshot.capture} if self.snapshot else set()
        if self.pending:
            named |= {self.pending.capture, *(s.capture for s in self.pending.sightings)}
        return named

    def _forget(self) -> None:
        """Keep in memory only what will be stored as evidence."""
        late = self.changes[-_PAGES:]
        named = {sha for c in late for sha in (c.before_capture, c.after_capture)}
        named |= self._standing()
        self._kept = {sha: page for sha, page in self._kept.items() if sha in named}

    def _note(self, **more: object) -> None:
        self.report = replace(self.report, **more)  # type: ignore[arg-type]


def _known_since(snapshot: Snapshot | None, log: Iterable[Change]) -> datetime | None:
    """The beginning of the time that the records cover."""
    if snapshot is None:
        return None
    return min([snapshot.taken_at, *(change.window.last_seen_old for change in log)])


def _series(
    store: Store,
    source: Source,
    captures: Iterable[Capture],
    since: datetime | None,
    past: _Past,
) -> Iterator[Capture]:
    """The captures from before the records, and last the page with which the records begin."""
    older = False
    for capture in sorted(captures, key=lambda capture: capture.fetched_at):
        if since is not None and capture.fetched_at >= since:
            past.report = replace(past.report, known=past.report.known + 1)
        else:
            older = True
            yield capture
    if since is None or not older:
        return
    log, (snapshot, _) = store.changes(source.id), store.load(source.id)
    first = log[0].before_capture if log else snapshot.capture if snapshot else ""
    page = store.page(source.id, first)
    if page is not None:
        yield replace(page, fetched_at=since)


def _spells(captures: Iterable[Capture], until: datetime) -> Iterator[tuple[Capture, datetime]]:
    """Each capture with the end of the time for which it stood."""
    series = list(captures)
    for capture, following in pairwise(series):
        yield capture, following.fetched_at
    if series:
        yield series[-1], max(until, series[-1].fetched_at)


def _under_own_ids(changes: Iterable[Change], log: Iterable[Change]) -> tuple[Change, ...]:
    """What happened again later has its id already: the earlier time gets one with its date."""
    taken = {change.id for change in log}
    return tuple(
        replace(change, id=_dated_id(change)) if change.id in taken else change
        for change in changes
    )


def _dated_id(change: Change) -> str:
    said = f"{change.id} {change.window.first_seen_new.isoformat()}"
    return hashlib.sha256(said.encode()).hexdigest()[:16]
