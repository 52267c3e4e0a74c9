"""The fetcher: sources in, captures out, politely."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import datetime
from typing import Final, Self
from urllib.parse import urlsplit

from ratewire.config import FetchSettings
from ratewire.errors import FetchError, ReadError
from ratewire.fetch import headers
from ratewire.fetch.answers import Fetched, Validators
from ratewire.fetch.browser import Browser
from ratewire.fetch.charset import find_charset
from ratewire.fetch.client import Client, Response
from ratewire.fetch.dates import ServerDates
from ratewire.fetch.routes import Routes
from ratewire.fetch.visits import Visits, valid_for
from ratewire.model import Capture, Source, Verdict, VerdictKind

_log = logging.getLogger(__name__)

_WORKERS_PER_PLACE: Final = 4
"""Most workers wait for a host's turn; so more of them than places in flight."""


_GENUINE: Final = Verdict(VerdictKind.GENUINE)


class Fetcher:
    """Owns the connections; use as `async with Fetcher(…) as fetcher`."""

    def __init__(
        self,
        settings: FetchSettings,
        *,
        contact: str = "",
        now: Callable[[], datetime],
        routes: Mapping[str, str] | None = None,
        judge: Callable[[Capture, Source], Verdict] | None = None,
        routed_dates: bool = False,
    ) -> None:
        """`routes`: official addresses, exact or as prefixes, to loopback ones that are asked
        instead. `judge` tells a page from a wall, so that an alternate is tried. `routed_dates`:
        what those say of the time counts; a server on this machine has no clock of its own."""
        self.dates = ServerDates()
        self._settings, self._now, self._judge = settings, now, judge or _by_status
        self._client = Client(settings, Routes(routes or {}))
        self._visits = Visits(
            settings, self._client,
            contact=contact, now=now, dates=self.dates, routed_dates=routed_dates,
        )  # fmt: skip
        self._browser = Browser(settings, self._visits)
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self._stack.enter_async_context(self._client)
        self._stack.callback(self._visits.close)
        await self._stack.enter_async_context(self._browser)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def fetch_all(
        self, sources: Iterable[Source], validators: Mapping[str, Validators]
    ) -> AsyncIterator[Fetched]:
        """Check many sources; each is given as it finishes.

        The number of answers held at a time is bounded, however many sources there are and
        however slowly they are taken.
        """
        lanes: dict[str, deque[Source]] = defaultdict(deque)
        for source in sources:
            lanes[urlsplit(source.url).netloc].append(source)
        per_host = self._settings.per_host
        tickets = deque(lane for lane in lanes.values() for _ in range(min(len(lane), per_host)))
        done: asyncio.Queue[Fetched | None] = asyncio.Queue(self._settings.concurrency)

        async def work() -> None:
            while tickets:
                lane = tickets.popleft()
                while lane:
                    await done.put(await self.fetch(lane.popleft(), validators))

        async def work_all() -> None:
            try:
                async with asyncio.TaskGroup() as group:
                    for _ in range(
                        min(len(tickets), self._settings.concurrency * _WORKERS_PER_PLACE)
                    ):
                        group.create_task(work())
            except Exception:
                await done.put(None)
                raise
            await done.put(None)

        working = asyncio.create_task(work_all())
        try:
            while (fetched := await done.get()) is not None:
                yield fetched
            await working
        finally:
            working.cancel()
            await asyncio.wait({working})

    async def fetch(self, source: Source, validators: Mapping[str, Validators]) -> Fetched:
        """Check one source: its address, then its alternates in order until one serves the page.

        `validators`, keyed by the address that answered, make the request a conditional one.
        Never raises: every trouble is said.
        """
        attempts: list[str] = []
        wall: tuple[Capture | None, Verdict] | None = None
        problem = ""
        for url in (source.url, *source.alternates):
            try:
                fetched, verdict = await self._at(url, source, validators)
            except (FetchError, ReadError) as error:
                reason = error.reason if isinstance(error, FetchError) else str(error)
                _log.info("%s: %s: %s", source.id, url, reason)
                attempts.append(f"{url}: {reason}")
                problem = problem or reason
                continue
            except Exception as error:  # a fault of ours must stop no other source
                _log.exception("%s: %s: the fetcher failed", source.id, url)
                fault = type(error).__name__
                reason = f"this page could not be fetched ({fault}); please report it"
                attempts.append(f"{url}: {reason}")
                problem = problem or reason
                continue
            evidence = f" ({verdict.evidence})" if verdict.evidence else ""
            attempts.append(
                f"{url}: {'unchanged' if fetched.unchanged else verdict.kind}{evidence}"
            )
            if verdict.genuine:
                return replace(fetched, attempts=tuple(attempts), verdict=verdict)
            wall = wall or (fetched.capture, verdict)
        return Fetched(
            source_id=source.id,
            checked_at=self._now(),
            capture=wall[0] if wall else None,
            problem="" if wall else problem,
            attempts=tuple(attempts),
            verdict=wall[1] if wall else None,
        )

    async def _at(
        self, url: str, source: Source, validators: Mapping[str, Validators]
    ) -> tuple[Fetched, Verdict]:
        """What one address serves, and whether it is the page."""
        if source.render:
            return await self._rendered(url, source)
        answer = await self._visits.page(url, source, validators)
        known = valid_for(url, validators, answer.url)
        if known and answer.status == 304:
            return self._unchanged(source, known), _GENUINE
        capture = self._capture(url, answer)
        fresh = _validators(url, answer, capture)
        if known and capture.status == 200 and capture.sha256 == known.capture_sha256:
            return self._unchanged(source, fresh), _GENUINE
        verdict = await self._judged(capture, source)
        if verdict.kind is VerdictKind.SHELL and self._settings.render:
            return await self._rendered(url, source)
        return Fetched(source.id, self._now(), capture=capture, validators=fresh), verdict

    def _unchanged(self, source: Source, validators: Validators) -> Fetched:
        stands = validators.capture_sha256
        return Fetched(source.id, self._now(), unchanged=stands, validators=validators)

    async def _rendered(self, url: str, source: Source) -> tuple[Fetched, Verdict]:
        """As a browser shows it; nothing tells when that changes, so without validators."""
        capture = self._capture(url, await self._browser.page(url, source))
        return Fetched(source.id, self._now(), capture=capture), await self._judged(capture, source)

    async def _judged(self, capture: Capture, source: Source) -> Verdict:
        """Off the loop, so that a long look does not hold up the pages in flight."""
        return await asyncio.to_thread(self._judge, capture, source)

    def _capture(self, url: str, answer: Response) -> Capture:
        """Raises FetchError where the body is no text."""
        capture = Capture(
            url=answer.url,
            body=answer.body,
            fetched_at=self._now(),
            status=answer.status,
            media_type=answer.media_type,
            charset=find_charset(
                answer.body, answer.headers.get("content-type", ""), answer.media_type
            ),
            headers=headers.worth_keeping(answer.headers),
            requested_url=url if url != answer.url else "",
        )
        if b"\0\0" in answer.body[:4096] and "\0\0" in capture.text[:2048]:
            said = f"says it is {capture.media_type}, but " if capture.media_type else ""
            raise FetchError(url, f"{said}is not text")
        return capture


def _validators(url: str, answer: Response, capture: Capture) -> Validators:
    return Validators(
        url=answer.url,
        etag=answer.headers.get("etag", ""),
        last_modified=answer.headers.get("last-modified", ""),
        capture_sha256=capture.sha256,
        asked=url if url != answer.url else "",
    )


def _by_status(capture: Capture, source: Source) -> Verdict:
    """The verdict where no judge was handed in."""
    if capture.status < 400:
        return Verdict(VerdictKind.GENUINE)
    return Verdict(VerdictKind.ERROR, f"{source.id} was answered {capture.status}")
