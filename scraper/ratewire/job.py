"""The whole job, stage by stage.

For each source that is due: fetch → judge → read → compare → record. Then publish, then announce.
A source's failure stops no other source and no build. Fetching and the last two stages are imported
where they begin: a check that comes every hour needs neither of the last, a saved page none.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Self

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
from ratewire.errors import RatewireError, ReadError, StoreError
from ratewire.fetch import Fetched, due
from ratewire.fetch.dates import ServerDates
from ratewire.judge import judge
from ratewire.model import (
    Capture,
    Change,
    Health,
    HealthState,
    Pending,
    Reading,
    Snapshot,
    Source,
    Validators,
    Verdict,
    VerdictKind,
)
from ratewire.read import read, reader_mark
from ratewire.record import Cache, Checks, DirectoryStore, Remains, Store
from ratewire.record.former import former_sources, is_same_page
from ratewire.timekeeper import APART, Timekeeper
from ratewire.worker import limited, start_worker

if TYPE_CHECKING:
    from ratewire.announce import AnnounceReport
    from ratewire.owner import OwnerReport
    from ratewire.publish.build import BuildReport

__all__ = ["Job", "Outcome", "Report", "now_utc"]

log = logging.getLogger(__name__)


_NEVER_THE_SAME = (
    "the page keeps changing: since {:%Y-%m-%d %H:%M} it has not shown the same in two looks, nor "
    "what stands"
)


def now_utc() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


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


@dataclass(frozen=True, slots=True)
class Report:
    """What the whole job came to."""

    outcomes: tuple[Outcome, ...] = ()
    health: Mapping[str, Health] = field(default_factory=dict)
    """Of all sources of the site, also of those that were not due."""
    built: BuildReport | None = None
    announced: AnnounceReport | None = None
    damages: tuple[str, ...] = ()
    """Records that were found damaged while the site was built or announced."""
    owner: OwnerReport | None = None
    """None: nobody is named to hear of what waits."""
    doubt: str = ""
    """Why the clock of this machine is not trusted."""

    @property
    def exit_code(self) -> int:
        """0 done, 1 something needs the owner's eye, 3 something could not be stored."""
        if any(outcome.trouble for outcome in self.outcomes):
            return StoreError.exit_code
        well = all(health.state is HealthState.OK for health in self.health.values())
        well = well and not any(one.pending and one.pending.unread for one in self.outcomes)
        well = well and not self.doubt and not self.damages
        well = well and not any(one.damages for one in self.outcomes)
        well = well and not (self.built and self.built.left_out)
        well = well and (self.announced is None or self.announced.ok)
        return 0 if well and (self.owner is None or self.owner.ok) else 1


@dataclass(frozen=True)
class Job:
    """A site, where its records are, and what time it is."""

    site: Site
    store: Store
    cache: Cache
    now: Callable[[], datetime] = now_utc
    """What the clock of this machine shows."""
    routes: Mapping[str, str] = field(default_factory=dict)
    """Official addresses to the loopback ones that are asked instead (replays and tests)."""
    routed_dates: bool = False
    """What those say of the time counts."""

    @classmethod
    def of(
        cls,
        site: Site,
        *,
        now: Callable[[], datetime] = now_utc,
        routes: Mapping[str, str] | None = None,
        routed_dates: bool = False,
    ) -> Self:
        """With the default store: the site's folder."""
        store = DirectoryStore(site.snapshots, rebuild=_rebuilder(site))
        return cls(site, store, Cache(site.cache), now, routes or {}, routed_dates)

    @cached_property
    def keeper(self) -> Timekeeper:
        """What is known of the clock, in this run."""
        return Timekeeper(self.site.cache / "clock.json")

    def time(self) -> datetime:
        """What time it is, as far as that is known."""
        return self.keeper.time(self.now())

    def run(
        self, sources: Iterable[Source] | None = None, *, seen: Callable[[Outcome], None] = print
    ) -> Report:
        """Check the sources (those that are due), publish, announce, tell the owner what waits.

        `seen` is told each outcome as it is known. Raises BuildError, StoreError.
        """
        checked = self.check(sources, seen=seen)
        try:
            built, announced = self.build(), self.announce()
        except RatewireError as error:
            self._tell_owner_why(error)
            raise
        owner = self.tell_owner(announced)
        damages = tuple(told for id in self.store.sources() for told in self.store.damages(id))
        return replace(checked, built=built, announced=announced, owner=owner, damages=damages)

    def check(
        self, sources: Iterable[Source] | None = None, *, seen: Callable[[Outcome], None] = print
    ) -> Report:
        """Check the sources (those that are due) and record what they say; publish nothing."""
        chosen = list(self.due() if sources is None else sources)

        async def check_all() -> list[Outcome]:
            outcomes = []
            async for outcome in self._outcomes(chosen):
                seen(outcome)
                outcomes.append(outcome)
            return outcomes

        if chosen:
            start_worker(self.site.read)
        outcomes = asyncio.run(check_all())
        return Report(tuple(outcomes), self.health(), doubt=self.keeper.doubt)

    def build(self, *, out: Path | None = None, fresh: bool = False) -> BuildReport:
        """The site from what is recorded. Raises BuildError, StoreError."""
        from ratewire.publish.build import build

        known = {source.id: self.cache.load(source.id) for source in self.site.sources}
        checked = {id: one.verified_at for id, one in known.items() if one.verified_at}
        met = {id: one.met for id, one in known.items()}
        with self.store.lock("site"):
            report = build(
                self.site, self.store,
                now=self.time(), checked=checked, met=met, out=out, fresh=fresh,
            )  # fmt: skip
        if out is None:
            try:
                self.cache.note_left_out({one.path: one.reason for one in report.left_out})
            except StoreError as error:
                log.warning("%s", error)
        return report

    def announce(self, *, dry_run: bool = False) -> AnnounceReport:
        """Tell those who asked; nobody where the clock is wrong or in doubt.

        Raises StoreError, ConfigError.
        """
        from ratewire.announce import AnnounceReport, announce

        if doubt := self.keeper.refuses(self.now()):
            log.warning("nobody is told of changes: %s", doubt)
            return AnnounceReport(troubles=(f"clock: {doubt}",))
        return announce(self.site, self.store, now=self.time(), dry_run=dry_run)

    def tell_owner(
        self, announced: AnnounceReport | None = None, *, error: str = "", dry_run: bool = False
    ) -> OwnerReport | None:
        """Tell the owner what began to wait for them, and what is over. None: nobody is named.

        Raises StoreError, ConfigError.
        """
        from ratewire.owner import tell

        return tell(
            self.site, self.store,
            now=self.time(), announced=announced, error=error, left_out=self.cache.left_out(),
            doubt=self.keeper.refuses(self.now()), dry_run=dry_run,
        )  # fmt: skip

    def _tell_owner_why(self, error: RatewireError) -> None:
        """A run ends early, and its error is what is raised, whatever becomes of telling it."""
        try:
            self.tell_owner(error=str(error))
        except RatewireError as another:
            log.warning("the owner could not be told: %s", another)

    def due(self) -> tuple[Source, ...]:
        now, sources = self.now(), self.site.sources
        return tuple(s for s in sources if due(s.every, self._last_checked(s, now), now))

    def _last_checked(self, source: Source, now: datetime) -> datetime | None:
        """None where that was never, or is noted in the future by a clock that was wrong."""
        at = self.cache.load(source.id).checked_at
        return at if at is None or at <= now else None

    def health(self) -> dict[str, Health]:
        """How each source does, as recorded; one without a record was never seen."""
        never = Health(HealthState.NEVER_SEEN, self.time(), "not checked yet")
        return {source.id: self.store.health(source.id) or never for source in self.site.sources}

    # ── One source ───────────────────────────────────────────────────────────────────────────

    async def _outcomes(self, sources: list[Source]) -> AsyncIterator[Outcome]:
        from ratewire.fetch.fetcher import Fetcher

        by_id = {source.id: source for source in sources}
        rested: dict[str, datetime] = {}
        settings, contact = self.site.fetch, self.site.settings.contact
        fetcher = Fetcher(
            settings, contact=contact, now=self.now, routes=self.routes, judge=self._judge,
            routed_dates=self.routed_dates,
        )  # fmt: skip
        async with self._noted(rested), fetcher:
            found = fetcher.fetch_all(sources, self._validators(sources))
            async for fetched in self._timed(found, fetcher.dates):
                source = by_id[fetched.source_id]
                if (outcome := self._at_rest(source, fetched)) is not None:
                    rested[source.id] = fetched.checked_at
                else:
                    # Off the loop, so that a long reading does not hold up the pages in flight.
                    outcome = await asyncio.to_thread(self._checked, source, fetched)
                yield outcome

    async def _timed(
        self, found: AsyncIterator[Fetched], dates: ServerDates
    ) -> AsyncIterator[Fetched]:
        """What was fetched, at its true time. Where hosts contradict the clock, all of it waits
        until enough of them have said what time it is.
        """
        keeper, held = self.keeper, list[Fetched]()
        decided = begun = False
        async for fetched in found:
            decided = decided or keeper.decide(self.now(), dates.ahead.values())
            held.append(fetched)
            if dates.ahead and not decided:
                continue
            if not begun and not decided:
                keeper.fall_back(self.now(), ())
            begun = True
            for each in held:
                yield _at_time(each, keeper.ahead)
            held.clear()
        if not begun and not held:
            return  # nobody was asked
        if not decided:
            keeper.fall_back(self.now(), dates.ahead.values())
        keeper.note(self.now())
        if keeper.doubt:
            log.warning("%s", keeper.doubt)
        for each in held:
            yield _at_time(each, keeper.ahead)

    def _judge(self, capture: Capture, source: Source) -> Verdict:
        """Raises ReadError where that takes too much."""
        return limited(self.site.read, judge, capture, source)

    def _read(self, capture: Capture, source: Source) -> Reading:
        """Raises ReadError."""
        return limited(self.site.read, read, capture, source)

    def _validators(self, sources: Iterable[Source]) -> dict[str, Validators]:
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

    @asynccontextmanager
    async def _noted(self, rested: Mapping[str, datetime]) -> AsyncIterator[None]:
        """In the end, however it comes, note which sources were at rest."""
        try:
            yield
        finally:
            try:
                self.cache.rest(rested)
            except StoreError as error:
                log.warning("%s", error)

    def _at_rest(self, source: Source, fetched: Fetched) -> Outcome | None:
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

    def _checked(self, source: Source, fetched: Fetched) -> Outcome:
        """Judge, read, compare and record what was fetched; every trouble becomes an outcome."""
        try:
            with self.store.lock(source.id):
                checks = self.cache.load(source.id)
                if self._overtaken(checks, fetched.checked_at):
                    return Outcome(source, self.health()[source.id])  # another run was faster
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
                verdict = self._judge(capture, source)
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
        reading = self._read(capture, source)
        if snapshot is not None and needs_rebase(snapshot, source, reader_mark()):
            page = self.store.page(source.id, snapshot.capture)
            if page is not None:
                stood = snapshot
                snapshot = rebase(stood, self._read(page, source), source, reader_mark())
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
            first = self._read(page, source) if page else None
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


def _at_time(fetched: Fetched, ahead: timedelta) -> Fetched:
    if not ahead:
        return fetched
    capture = fetched.capture
    if capture is not None:
        capture = replace(capture, fetched_at=capture.fetched_at + ahead)
    return replace(fetched, checked_at=fetched.checked_at + ahead, capture=capture)


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


def _rebuilder(site: Site) -> Callable[[Remains], Snapshot | None]:
    """Reads a kept page again where a source's facts are damaged or gone: as a first reading,
    with what was told since.
    """

    def rebuild(remains: Remains) -> Snapshot | None:
        source = next((each for each in site.sources if each.id == remains.source), None)
        page = remains.page
        if source is None:
            return None
        try:
            if not limited(site.read, judge, page, source).genuine:
                return None
            reading = limited(site.read, read, page, source)
        except ReadError:
            return None
        snapshot = compare(
            None, None, reading, page, source, site.compare, page.fetched_at, reader=reader_mark()
        ).snapshot
        if snapshot is None:
            return None
        told = as_told(snapshot, remains.told, page.fetched_at)
        return replace(told, unsure=not remains.certain)

    return rebuild
