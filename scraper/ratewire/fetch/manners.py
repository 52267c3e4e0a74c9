"""Manners: robots.txt, few requests at once to one host, a pause between them, and rest when a
host asks for it.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

import httpx
from protego import Protego

from ratewire.config import FetchSettings
from ratewire.errors import FetchError
from ratewire.fetch.client import Response
from ratewire.fetch.headers import origin

LONGEST_WAIT: Final = 30.0
"""A host that asks for more seconds of rest than this is left alone until the next run."""
_LONGEST_CRAWL_DELAY: Final = 60.0
_DAY: Final = 86_400.0
_LONGEST_REST: Final = 365 * _DAY
_AFTER_FAILURE: Final = 600.0
_ROBOTS_LIMIT: Final = 512_000
"""RFC 9309 asks for 500 KiB at least."""


class Hosts:
    """Turns at each host."""

    def __init__(self, settings: FetchSettings) -> None:
        self._settings = settings
        self._hosts: dict[tuple[str, int | None], _Host] = {}
        self.slots = asyncio.Semaphore(settings.concurrency)

    @asynccontextmanager
    async def turn(self, url: str, delay: float) -> AsyncIterator[None]:
        """Wait for the host's next turn, then for a free place among all.

        Raises FetchError where the host has asked to be left alone.
        """
        host = self._host(url)
        async with host.gate:
            await host.pause(url, delay)
            async with self.slots:
                host.may_be_asked(url)
                yield

    def rest(self, url: str, seconds: float) -> None:
        """The host asked to be left alone for so long."""
        host = self._host(url)
        host.rests_until = max(host.rests_until, asyncio.get_running_loop().time() + seconds)

    def _host(self, url: str) -> _Host:
        name = origin(url)[1:]
        if name not in self._hosts:
            self._hosts[name] = _Host(self._settings.per_host)
        return self._hosts[name]


class _Host:
    def __init__(self, per_host: int) -> None:
        self.gate = asyncio.Semaphore(per_host)
        self.rests_until = self._free_at = 0.0

    async def pause(self, url: str, delay: float) -> None:
        """Sleep until `delay` seconds after the turn before. Turns taken meanwhile queue up."""
        clock = asyncio.get_running_loop().time
        self.may_be_asked(url)
        start = max(clock(), self._free_at, self.rests_until)
        self._free_at = start + delay
        while (now := clock()) < start:
            await asyncio.sleep(start - now)
            self.may_be_asked(url)  # the host may have asked for rest meanwhile
            start = max(start, self.rests_until)

    def may_be_asked(self, url: str) -> None:
        """Raises FetchError where the rest that the host asked for is too long to wait."""
        rest = self.rests_until - asyncio.get_running_loop().time()
        if rest > LONGEST_WAIT:
            raise FetchError(url, f"the host asks to be left alone for {rest:.0f} s")


def retry_after(headers: Mapping[str, str], now: datetime) -> float:
    """Seconds that a Retry-After header asks for (RFC 9110 §10.2.3); 0 where there is none."""
    value = headers.get("retry-after", "").strip()
    if number := re.match(r"([0-9]+)(?:\.[0-9]*)?\s*(?:,|\Z)", value):
        return min(float(number[1]), _LONGEST_REST)
    try:
        then = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return 0.0
    return max(0.0, ((then if then.tzinfo else then.replace(tzinfo=UTC)) - now).total_seconds())


class Robots:
    """The robots.txt of each origin, asked for once a day (RFC 9309)."""

    def __init__(self, settings: FetchSettings, get: Callable[[str], Awaitable[Response]]) -> None:
        """`get` asks for a robots.txt, redirects and retries included."""
        self._agent = settings.user_agent.partition("/")[0].strip()
        self._delay, self._on, self._get = settings.delay, settings.robots, get
        self._rules: dict[str, tuple[asyncio.Task[Protego], float]] = {}

    async def admit(self, url: str) -> float:
        """The pause to keep at this host. Raises FetchError where its rules forbid the page, or
        where nobody can tell because the host fails to say."""
        if not self._on:
            return self._delay
        try:
            rules = await asyncio.shield(self._asked(str(httpx.URL(url).join("/robots.txt"))))
        except FetchError as error:
            reason = f"the host's robots.txt cannot be had: {error.reason}"
            raise FetchError(url, reason) from None
        if not rules.can_fetch(url, self._agent):
            raise FetchError(url, "the host's robots.txt forbids this page to us")
        asked = rules.crawl_delay(self._agent) or 0.0
        return max(self._delay, min(asked, _LONGEST_CRAWL_DELAY))

    def close(self) -> None:
        """Stop asking."""
        for task, _ in self._rules.values():
            task.cancel()

    def _asked(self, url: str) -> asyncio.Task[Protego]:
        now = asyncio.get_running_loop().time()
        task, until = self._rules.get(url, (None, 0.0))
        if task is None or now >= until:
            task = asyncio.create_task(self._read(url))
            self._rules[url] = task, now + _DAY
        elif task.done() and (task.cancelled() or task.exception()):
            self._rules[url] = task, min(until, now + _AFTER_FAILURE)
        return task

    async def _read(self, url: str) -> Protego:
        answer = await self._get(url)
        if answer.status == 429 or answer.status >= 500:
            raise FetchError(url, f"it is answered {answer.status}")
        if answer.status >= 300:
            return Protego.parse("")
        # A byte order mark would hide the first rule (RFC 9309 lets it stand there).
        return Protego.parse(answer.body[:_ROBOTS_LIMIT].decode("utf-8-sig", "replace"))
