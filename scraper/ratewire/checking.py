"""One source's check: judge, read, compare and record what was fetched of it."""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, partial

from ratewire.compare import (
    Comparison,
    Elsewhere,
    as_told,
    at_rest,
    compare,
    compare_unchanged,
    lens,
    look_elsewhere,
    mended,
    needs_rebase,
    only_decided,
    other_look,
    rebase,
)
from ratewire.config import Site, duration
from ratewire.errors import ReadError, StoreError
from ratewire.fetch import Fetched
from ratewire.model import (
    Capture,
    Change,
    Health,
    HealthState,
    Pending,
    Snapshot,
    Source,
    Validators,
    Verdict,
    VerdictKind,
)
from ratewire.read import reader_mark
from ratewire.record import Cache, Checks, Remains, Store
from ratewire.record.former import former_sources, is_same_page
from ratewire.stages import examine, judge_capture, read_capture
from ratewire.timekeeper import APART, Timekeeper
from ratewire.worker import limited

__all__ = ["Checker", "Outcome", "health_of", "rebuilder"]

log = logging.getLogger(__name__)

_NEVER_THE_SAME = (
    "the page keeps changing: since {:%Y-%m-%d %H:%M} it has not shown the same in two looks, nor "
    "what stands"
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one check of one source came to."""

    source: Source
    health: Health
    read: bool = False
    """A page was read; else there was none, or it was the very page read before."""
    changes: tuple[Change, ...] = ()
    """Confirmed, corrected or retracted by this check."""
    pending: Pending | None = None
    notes: tuple[str, ...] = ()
    """What was seen and is no change: a first reading, a change that was gone again."""
    damages: tuple[str, ...] = ()
    """Records that were found damaged, and what was done; for the owner, and in the notes too."""
    attempts: tuple[str, ...] = ()
    """One line for each address tried."""
    trouble: StoreError | None = None
    """Why nothing could be stored."""


@dataclass(frozen=True)
class Checker:
    """Checks the sources of a site, and records what each check came to."""

    site: Site
    store: Store
    cache: Cache
    keeper: Timekeeper
    time: Callable[[], datetime]
    """What time it is, as far as that is known."""

    def validators(self, sources: Iterable[Source]) -> dict[str, Validators]:
        """What lets a server answer "not modified", where that would tell all there is to know."""
        enough: dict[str, Validators] = {}
        too_little: set[str] = set()
        for source in sources:
            checks = self.cache.load(source.id)
            if checks.state != self._state(source):
                too_little |= {source.url, *source.alternates, *checks.validators}
            for url, validators in checks.validators.items():
                # What another address said meanwhile is newer than this one's last word.
                if validators.capture_sha256 == checks.capture:
                    enough[url] = validators
        return {url: validators for url, validators in enough.items() if url not in too_little}

    def at_rest(self, source: Source, fetched: Fetched) -> Outcome | None:
        """The outcome of a check that has nothing to tell, without looking at what stands.

        Writes nothing, so it needs no lock: what another run writes meanwhile comes after it.
        None: there may be something.
        """
        if not fetched.unchanged:
            return None
        try:
            checks, at = self.cache.load(source.id), fetched.checked_at
            if checks.checked_at is not None and checks.checked_at > at + APART:
                return None  # by a clock that was wrong: it is to be put right
            newer = self._overtaken(checks, at)
            same = checks.at_rest and checks.capture == fetched.unchanged
            known = checks.with_validators(fetched.validators) == checks
            if newer or not same or not known or checks.state != self._state(source):
                return None
            health = self.store.health(source.id)
        except StoreError:
            return None  # the longer way tells of it
        if health is None or health.state is not HealthState.OK:
            return None
        return Outcome(source, Health(HealthState.OK, at), attempts=fetched.attempts)

    def _overtaken(self, checks: Checks, at: datetime) -> bool:
        """Has another run checked since? What is noted in the future was a clock's mistake."""
        return checks.checked_at is not None and at < checks.checked_at <= self.time()

    def check(self, source: Source, fetched: Fetched) -> Outcome:
        """Judge, read, compare and record what was fetched; every trouble becomes an outcome."""
        try:
            with self.store.lock(source.id):
                checks = self.cache.load(source.id)
                if self._overtaken(checks, fetched.checked_at):
                    # Another run was faster.
                    return Outcome(source, health_of(source, self.store, self.time()))
                outcome, checks = self._recorded(source, fetched, checks)
                damages = self.store.damages(source.id)
                outcome = replace(outcome, notes=(*damages, *outcome.notes), damages=damages)
                self.store.save_health(source.id, outcome.health)
                self.cache.save(source.id, replace(checks, checked_at=fetched.checked_at))
                return outcome
        except StoreError as error:
            health = Health(HealthState.FAILING, fetched.checked_at, str(error))
            return Outcome(source, health, trouble=error)

    def _recorded(self, source: Source, fetched: Fetched, checks: Checks) -> tuple[Outcome, Checks]:
        at, capture = fetched.checked_at, fetched.capture
        stored = self.store.load(source.id)
        if stored[0] is None and self._adopts(source):
            stored = self.store.load(source.id)
        sure = self.keeper.is_sure
        snapshot, pending = mended(*stored, at, sure=sure)
        # Records from the future, or a clock in the past: where nobody knows which, nothing counts.
        steady = self.keeper.is_steady and (sure or (snapshot, pending) == stored)

        def unwell(state: HealthState, detail: str) -> Outcome:
            if snapshot is None:
                state = HealthState.NEVER_SEEN
            health = Health(state, at, detail)
            return Outcome(source, health, pending=pending, attempts=fetched.attempts)

        if fetched.problem:
            return unwell(HealthState.FAILING, fetched.problem), checks.meeting("unreachable")
        try:
            verdict = fetched.verdict or Verdict(VerdictKind.GENUINE)
            if capture and not fetched.verdict:
                verdict = judge_capture(capture, source, self.site.read)
            if capture and not verdict.genuine:
                outcome = unwell(*_refused(verdict))
                self._keep_first_refused(outcome, snapshot, pending, capture)
                return outcome, checks.meeting(verdict.kind)
            found = self._compared(source, fetched, snapshot, pending, checks, counts=steady)
        except ReadError as error:
            return unwell(HealthState.FAILING, str(error)), checks.meeting("unreadable")
        except StoreError:
            raise
        except Exception as error:
            log.exception("%s: the judge, the reader or the comparer failed", source.id)
            detail = f"this page could not be read ({type(error).__name__}); please report it"
            return unwell(HealthState.FAILING, detail), checks.meeting("unreadable")
        stands = found.snapshot
        if found.changes or (stands, found.pending) != stored:
            pages = [capture] if capture and _refers(found, capture.sha256) else []
            self.store.save(source.id, stands, found.pending, found.changes, pages)
        notes = found.notes
        if snapshot is None and stands is not None:
            notes = (f"first reading, nothing to compare with: {_told(stands)}", *notes)
        for note in notes:
            log.info("%s: %s", source.id, note)
        elsewhere = capture and stands and stands.asked and capture.asked != stands.asked
        state = HealthState.HELD if found.held else HealthState.OK
        health = Health(state, at, found.held.reason if found.held else "")
        if found.held is None and _shows_other(found.pending):
            seen = checks.verified_at or (stands.taken_at if stands else at)
            if at - seen > duration(source.stale_after):
                health = Health(HealthState.FAILING, at, _NEVER_THE_SAME.format(seen))
        shown = found.held is None and not _shows_other(found.pending)
        checks = replace(
            checks.with_validators(fetched.validators),
            verified_at=at if shown else checks.verified_at,
            read_at=at,
            met={},
            capture=capture.sha256 if capture else checks.capture,
            # Of another address nothing is "unchanged": each look at it is a whole one.
            state="" if elsewhere else self._state(source),
            at_rest=not elsewhere and at_rest(stands, found.pending),
        )
        outcome = Outcome(source, health, capture is not None, found.changes, found.pending, notes)
        return replace(outcome, attempts=fetched.attempts), checks

    def _adopts(self, source: Source) -> bool:
        """Whether its page is recorded under an id that no source has any more, and now under
        its own.
        """
        former = next((one for one in self._former if is_same_page(one, source)), None)
        if former is None or former.id not in self.store.sources():  # another has taken it over
            return False
        self.store.adopt(former.id, source.id)
        log.warning("%s: goes on with what was recorded as %s", source.id, former.id)
        return True

    @cached_property
    def _former(self) -> tuple[Source, ...]:
        """Looked for once a run, in which nobody takes a source's file away."""
        return tuple(former_sources(self.store, self.site.sources))

    def _compared(
        self,
        source: Source,
        fetched: Fetched,
        snapshot: Snapshot | None,
        pending: Pending | None,
        checks: Checks,
        *,
        counts: bool,
    ) -> Comparison:
        """The page against what stands. Raises ReadError."""
        settings, at, capture = self.site.compare, fetched.checked_at, fetched.capture
        history = _Lazily(partial(self.store.changes, publisher=source.publisher))
        latest = pending or snapshot
        known = latest is not None and checks.state == self._state(source)
        same = known and (capture is None or capture.sha256 == checks.capture)
        if same or capture is None:
            sha256 = latest.capture if latest and same else fetched.unchanged
            return compare_unchanged(
                snapshot, pending, sha256, source, settings, at,
                history=history, reader=reader_mark(),
                tell_unread=self.site.announce.unread, counts=counts,
            )  # fmt: skip
        reading = read_capture(capture, source, self.site.read)
        if snapshot is not None and needs_rebase(snapshot, source, reader_mark()):
            page = self.store.page(source.id, snapshot.capture)
            if page is not None:
                stood = snapshot
                snapshot = rebase(
                    stood, read_capture(page, source, self.site.read), source, reader_mark()
                )
                snapshot = as_told(snapshot, history, stood.taken_at, stood=stood)
                if snapshot.facts != stood.facts:
                    pending = pending and only_decided(pending)
                    if pending and snapshot.refused:
                        refused = {*pending.rejected, *snapshot.refused}
                        pending = replace(pending, rejected=tuple(sorted(refused)))
        if snapshot is not None and not snapshot.asked:
            snapshot = replace(snapshot, asked=self._home(source, snapshot, capture))
        if snapshot is not None and capture.asked != snapshot.asked:
            other = other_look(snapshot, capture.asked)
            page = self.store.page(source.id, other.capture) if other else None
            first = read_capture(page, source, self.site.read) if page else None
            look = Elsewhere(source, settings, reader_mark(), capture, reading, first)
            return limited(
                self.site.read, look_elsewhere, snapshot, pending, look, at,
                stay={"history": history},
            )  # fmt: skip
        return limited(
            self.site.read, compare, snapshot, pending, reading, capture, source, settings, at,
            last_seen=checks.read_at or checks.verified_at, reader=reader_mark(),
            stay={"history": history},
            tell_unread=self.site.announce.unread, counts=counts,
        )  # fmt: skip

    def _home(self, source: Source, snapshot: Snapshot, capture: Capture) -> str:
        """The address of a snapshot that does not name it, as older ones do not."""
        page = self.store.page(source.id, snapshot.capture)
        return page.asked if page and page.asked in source.addresses else capture.asked

    def _state(self, source: Source) -> str:
        """Digest of all that the latest reading came to.

        Where it differs from the one noted with a capture, "unchanged since that capture" tells
        nothing: records were merged, put back or changed by another run, or the page is to be
        read by another reader.
        """
        seen = f"{lens(source, reader_mark())} {self.store.digest(source.id)}"
        return hashlib.sha256(seen.encode()).hexdigest()[:16]

    def _keep_first_refused(
        self,
        refused: Outcome,
        snapshot: Snapshot | None,
        pending: Pending | None,
        capture: Capture,
    ) -> None:
        """Keep the page that was refused as evidence: the first of a row of them."""
        before = self.store.health(refused.source.id)
        if before is None or before.state is not refused.health.state:
            self.store.save(refused.source.id, snapshot, pending, (), [capture])


def health_of(source: Source, store: Store, at: datetime) -> Health:
    """How a source does, as recorded; one without a record was never seen."""
    return store.health(source.id) or Health(HealthState.NEVER_SEEN, at, "not checked yet")


def _shows_other(pending: Pending | None) -> bool:
    """Whether the latest reading said something else than what stands."""
    return pending is not None and any(one.shown and one.times for one in pending.sightings)


def _refused(verdict: Verdict) -> tuple[HealthState, str]:
    """What a verdict says of a source, and why in one clause."""
    failing = verdict.kind in (VerdictKind.ERROR, VerdictKind.MISSING)
    state = HealthState.FAILING if failing else HealthState.BLOCKED
    return state, f"{verdict.kind} ({verdict.evidence})" if verdict.evidence else verdict.kind


def _told(snapshot: Snapshot) -> str:
    """`9 rates, 1 limit`."""
    counts = Counter(type(fact).__name__.lower() for fact in snapshot.facts)
    return ", ".join(f"{n} {name}{'s' * (n > 1)}" for name, n in counts.items()) or "no facts"


def _refers(found: Comparison, sha256: str) -> bool:
    """Whether what is stored names this capture as its evidence."""
    named = {found.snapshot.capture} if found.snapshot else set()
    named |= {other.capture for other in (found.snapshot.others if found.snapshot else ())}
    named |= {change.after_capture for change in found.changes}
    if found.pending:
        named |= {found.pending.capture, *(each.capture for each in found.pending.sightings)}
    return sha256 in named


class _Lazily(Iterable[Change]):
    """The log, read only where it is walked through."""

    def __init__(self, load: Callable[[], tuple[Change, ...]]) -> None:
        self._load = load

    def __iter__(self) -> Iterator[Change]:
        return iter(self._load())


def rebuilder(site: Site) -> Callable[[Remains], Snapshot | None]:
    """Reads a kept page again where a source's facts are damaged or gone: as a first reading,
    with what was told since.
    """

    def rebuild(remains: Remains) -> Snapshot | None:
        source = next((each for each in site.sources if each.id == remains.source), None)
        page = remains.page
        if source is None:
            return None
        try:
            found = examine(page, source, site.read)
        except ReadError:
            return None
        if found.refusal:
            return None
        snapshot = compare(
            None, None, found.reading, page, source, site.compare, page.fetched_at,
            reader=reader_mark(),
        ).snapshot  # fmt: skip
        if snapshot is None:
            return None
        told = as_told(snapshot, remains.told, page.fetched_at)
        return replace(told, unsure=not remains.certain)

    return rebuild
