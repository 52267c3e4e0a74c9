"""The whole job, stage by stage.

For each source that is due: fetch → judge → read → compare → record. Then publish, then announce.
A source's failure stops no other source and no build. Fetching and the last two stages are imported
where they begin: a check that comes every hour needs neither of the last, a saved page none.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Self

from ratewire.checking import Checker, Outcome, health_of, rebuilder
from ratewire.config import Site
from ratewire.config.load import load_site
from ratewire.errors import RatewireError, StoreError
from ratewire.fetch import Fetched, due
from ratewire.fetch.dates import ServerDates
from ratewire.model import Health, HealthState, Source
from ratewire.record import Cache, DirectoryStore, Store
from ratewire.stages import judge_capture, now_utc
from ratewire.timekeeper import Timekeeper
from ratewire.worker import start_worker

if TYPE_CHECKING:
    from ratewire.announce import AnnounceReport
    from ratewire.owner import OwnerReport
    from ratewire.publish.build import BuildReport

__all__ = ["Job", "Outcome", "Report", "build_site", "now_utc", "open_site"]

log = logging.getLogger(__name__)


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
        store = DirectoryStore(site.snapshots, rebuild=rebuilder(site))
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
            self.store.save_owners(report.owners)
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
        at = self.time()
        return {source.id: health_of(source, self.store, at) for source in self.site.sources}

    # ── One source ───────────────────────────────────────────────────────────────────────────

    async def _outcomes(self, sources: list[Source]) -> AsyncIterator[Outcome]:
        from ratewire.fetch.fetcher import Fetcher

        by_id = {source.id: source for source in sources}
        rested: dict[str, datetime] = {}
        settings, contact = self.site.fetch, self.site.settings.contact
        checker = Checker(self.site, self.store, self.cache, self.keeper, self.time)
        fetcher = Fetcher(
            settings, contact=contact, now=self.now, routes=self.routes,
            judge=partial(judge_capture, limits=self.site.read), routed_dates=self.routed_dates,
        )  # fmt: skip
        async with self._noted(rested), fetcher:
            found = fetcher.fetch_all(sources, checker.validators(sources))
            async for fetched in self._timed(found, fetcher.dates):
                source = by_id[fetched.source_id]
                if (outcome := checker.at_rest(source, fetched)) is not None:
                    rested[source.id] = fetched.checked_at
                else:
                    # Off the loop, so that a long reading does not hold up the pages in flight.
                    outcome = await asyncio.to_thread(checker.check, source, fetched)
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

    @asynccontextmanager
    async def _noted(self, rested: Mapping[str, datetime]) -> AsyncIterator[None]:
        """On exit, normal or not, note which sources had nothing new."""
        try:
            yield
        finally:
            try:
                self.cache.rest(rested)
            except StoreError as error:
                log.warning("%s", error)


def open_site(folder: str | Path = ".") -> Job:
    """The site in a folder, with its records: `job.store`, `job.check()`, `job.build()`, …

    Raises ConfigError with all mistakes in its settings.
    """
    return Job.of(load_site(Path(folder)))


def build_site(folder: str | Path = ".", *, out: str | Path | None = None) -> BuildReport:
    """Render the site in a folder from its records, into `out` or where its settings say.

    Raises BuildError, ConfigError, StoreError.
    """
    return open_site(folder).build(out=Path(out) if out is not None else None)


def _at_time(fetched: Fetched, ahead: timedelta) -> Fetched:
    if not ahead:
        return fetched
    capture = fetched.capture
    if capture is not None:
        capture = replace(capture, fetched_at=capture.fetched_at + ahead)
    return replace(fetched, checked_at=fetched.checked_at + ahead, capture=capture)
