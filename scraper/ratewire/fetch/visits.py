"""From an address to the answer that stands there: turns, redirects, cookies, further tries."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Final

import httpx

from ratewire.config import FetchSettings
from ratewire.errors import FetchError
from ratewire.fetch import headers
from ratewire.fetch.answers import Validators
from ratewire.fetch.client import REDIRECTS, Client, Response
from ratewire.fetch.dates import ServerDates
from ratewire.fetch.failures import PassingFetchError
from ratewire.fetch.manners import Hosts, Robots, retry_after
from ratewire.model import Source

_BUSY: Final = frozenset((408, 425, 429, 500, 502, 503, 504))
"""Statuses that another try may cure."""
_MOST_BACKOFF: Final = 30.0


class Visits:
    """Every request that leaves this machine goes through here."""

    def __init__(
        self,
        settings: FetchSettings,
        client: Client,
        *,
        contact: str,
        now: Callable[[], datetime],
        dates: ServerDates | None = None,
        routed_dates: bool = False,
    ) -> None:
        self._settings, self._client, self._now = settings, client, now
        self._dates, self._routed_dates = dates or ServerDates(), routed_dates
        self._common = headers.common(settings, contact)
        self._hosts = Hosts(settings)
        self._robots = Robots(settings, self._robots_file)

    def close(self) -> None:
        """Stop what is under way on nobody's behalf."""
        self._robots.close()

    async def page(
        self, url: str, source: Source, validators: Mapping[str, Validators]
    ) -> Response:
        """The page of a source: after redirects, and as many tries as the settings allow.

        An answer of 304 means that the capture of `validators[answer.url]` still stands.
        Raises FetchError.
        """

        if source.http2:
            self._client.prefer_http2(url)

        def said(hop: str) -> dict[str, str]:
            return {
                **self._common,
                **headers.of_source(source, hop, trusted=not self._client.routed(hop)),
                **headers.conditional(valid_for(url, validators, hop)),
            }

        answer = await self._retried(url, said)
        if answer.status == 304 and not valid_for(url, validators, answer.url):
            raise FetchError(url, "answered 304 (unchanged) to a question without conditions")
        return answer

    async def part(self, url: str, source: Source, *, page: str, body: bytes = b"") -> Response:
        """A resource that `page` under rendering asks for, without the pause that stands between
        pages; with a `body` of JSON by POST. A page that stands elsewhere than its source gets no
        secrets sent for it.

        Raises FetchError.
        """
        at_home = headers.origin(page) == headers.origin(source.url)

        def said(hop: str) -> dict[str, str]:
            trusted = at_home and not self._client.routed(hop)
            kind = {"content-type": "application/json"} if body else {}
            return {**self._common, **headers.of_source(source, hop, trusted=trusted), **kind}

        if not body:
            return await self._follow(url, said, pause=False)
        answer = await self._hop(
            url, said(url), self._settings.timeout, robots=True, pause=False, body=body
        )
        if answer.status in REDIRECTS:
            raise FetchError(url, "answers a POST with a redirect")
        return answer

    async def _robots_file(self, url: str) -> Response:
        return await self._retried(url, lambda _: dict(self._common), robots=False)

    async def _retried(
        self, url: str, said: Callable[[str], dict[str, str]], *, robots: bool = True
    ) -> Response:
        """The first good answer, else the last. Between the tries: backoff with full jitter, and
        whatever rest the host asked for (which its next turn keeps)."""
        for number in range(self._settings.retries):
            with suppress(PassingFetchError):
                answer = await self._follow(url, said, robots=robots)
                if answer.status not in _BUSY:
                    return answer
            most = min(_MOST_BACKOFF, self._settings.backoff * 2**number)
            await asyncio.sleep(random.uniform(0, most))
        return await self._follow(url, said, robots=robots)

    async def _follow(
        self,
        url: str,
        said: Callable[[str], dict[str, str]],
        *,
        robots: bool = True,
        pause: bool = True,
    ) -> Response:
        """Follow redirects to the answer. `said`: the headers for one hop's address."""
        left = self._settings.timeout
        cookies: dict[str, dict[str, str]] = {}
        seen: set[tuple[str, str]] = set()
        at = url
        for _ in range(self._settings.max_redirects + 1):
            jar = cookies.setdefault(headers.origin(at)[1], {})
            sent = _with_cookies(said(at), jar)
            if (at, sent.get("cookie", "")) in seen:
                raise FetchError(url, "redirects in a loop")
            seen.add((at, sent.get("cookie", "")))
            answer = await self._hop(at, sent, left, robots=robots, pause=pause)
            left = max(0.001, left - answer.seconds)
            jar.update(answer.cookies)
            if answer.status not in REDIRECTS:
                return answer
            at = _next(url, at, answer)
        raise FetchError(url, f"redirects more than {self._settings.max_redirects} times")

    async def _hop(
        self,
        url: str,
        sent: Mapping[str, str],
        seconds: float,
        *,
        robots: bool,
        pause: bool,
        body: bytes = b"",
    ) -> Response:
        """One request, in its turn. Addresses that are routed to this machine need no manners."""
        if self._client.routed(url):
            async with self._hosts.slots:
                answer = await self._client.ask(url, sent, seconds, body=body)
            if self._routed_dates:
                self._dates.note(url, answer.headers, self._now())
            return answer
        delay = await self._robots.admit(url) if robots else self._settings.delay
        async with self._hosts.turn(url, delay if pause else 0.0):
            answer = await self._client.ask(url, sent, seconds, body=body)
        self._dates.note(url, answer.headers, self._now())
        if answer.status in _BUSY:
            self._hosts.rest(url, retry_after(answer.headers, self._now()))
        return answer


def valid_for(address: str, validators: Mapping[str, Validators], hop: str) -> Validators | None:
    """The validators to send to `hop` in a check that begins at `address`."""
    known = validators.get(hop)
    return known if known and known.hold_for(address) else None


def _next(start: str, at: str, answer: Response) -> str:
    """Where a redirect leads. Raises FetchError."""
    location = answer.headers.get("location", "")
    if not location:
        raise FetchError(start, f"answered {answer.status} without saying where to")
    try:
        to = httpx.URL(at).join(location).copy_with(fragment=None)
        host = to.host  # fails on names that IDNA does not allow
    except (httpx.InvalidURL, ValueError):
        raise FetchError(start, "redirects to what is not an address") from None
    if to.scheme not in ("http", "https") or not host:
        raise FetchError(start, f"redirects to a {to.scheme[:20]}: address, which is not the web")
    if at.startswith("https:") and to.scheme == "http":
        raise FetchError(start, "redirects from https to http")
    return str(to.copy_with(username=None, password=None) if to.userinfo else to)


def _with_cookies(sent: dict[str, str], jar: Mapping[str, str]) -> dict[str, str]:
    pairs = [*filter(None, [sent.get("cookie", "")]), *(f"{k}={v}" for k, v in jar.items())]
    return {**sent, "cookie": "; ".join(pairs)} if pairs else sent
