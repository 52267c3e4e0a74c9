"""One question, one answer, every limit: the only place where bytes come in.

Redirects, retries and manners are the caller's.
"""

from __future__ import annotations

import asyncio
import os
import ssl
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import cache
from typing import Final, Self
from urllib.parse import urlsplit

import aiohttp
import httpx
from aiohttp.abc import AbstractResolver
from aiohttp.resolver import ThreadedResolver
from httpx_aiohttp import AiohttpTransport

from scraper.config import FetchSettings
from scraper.errors import FetchError
from scraper.fetch.addresses import Guard, GuardedResolver
from scraper.fetch.decoding import DamagedError, TooLargeError, decode
from scraper.fetch.failures import PassingFetchError, explain
from scraper.fetch.routes import Routes

_KEEP_ALIVE: Final = 30.0
_NEVER_TEXT: Final = ("image/", "audio/", "video/", "font/", "model/", "application/pdf")
REDIRECTS: Final = frozenset((301, 302, 303, 307, 308))
BODILESS: Final = REDIRECTS | {304}
"""Statuses whose body is of no use here."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one request brought back."""

    url: str
    """The address asked, as the world knows it (never a route's)."""
    status: int
    headers: Mapping[str, str]
    """Names in lower case; values of a name that came twice are joined (RFC 9110 §5.3)."""
    body: bytes = b""
    """After content decoding; empty for a redirect."""
    cookies: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    """How long it took, waiting for a turn not counted."""

    @property
    def media_type(self) -> str:
        """Lower-case, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class Client:
    """Two httpx transports over aiohttp: one for the world, guarded, one for the routes.

    The transports are asked directly, for what `httpx.AsyncClient` does on top of them (cookies
    kept between pages, redirects, authentication) is not wanted here or done under limits.
    """

    def __init__(self, settings: FetchSettings, routes: Routes) -> None:
        self._settings, self._routes = settings, routes
        self._world_guard = Guard(allow_private=settings.allow_private, exempt=_proxies())
        self._connecting = {"connect": settings.connect_timeout, "pool": settings.connect_timeout}
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        tls = _trusted(os.environ.get("SSL_CERT_FILE", ""), os.environ.get("SSL_CERT_DIR", ""))

        async def opened(
            guard: Guard, resolver: AbstractResolver, *, proxies: bool
        ) -> AiohttpTransport:
            connector = aiohttp.TCPConnector(
                ssl=tls,
                limit=0,
                resolver=resolver,
                socket_factory=guard.socket,
                keepalive_timeout=_KEEP_ALIVE,
            )
            session = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=proxies,
                max_line_size=self._settings.max_headers,
                max_field_size=self._settings.max_headers,
            )
            transport = AiohttpTransport(verify=tls, client=session)
            return await self._stack.enter_async_context(transport)

        world, local = self._world_guard, Guard(exempt=self._routes.endpoints)
        self._world = await opened(world, GuardedResolver(world), proxies=True)
        self._local = await opened(local, ThreadedResolver(), proxies=False)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    def routed(self, url: str) -> bool:
        """Is this address served from this machine?"""
        return bool(self._routes.target(url))

    async def ask(self, url: str, headers: Mapping[str, str], seconds: float) -> Answer:
        """One GET, given up after `seconds` in all.

        Raises FetchError where a limit is met, the address refused or the network fails; a
        PassingFetchError of it where another try may help.
        """
        question = _Question(url, self._settings)
        try:
            async with asyncio.timeout(seconds):
                return await self._ask(question, headers)
        except TimeoutError:
            raise PassingFetchError(
                url, f"took longer than {self._settings.timeout:g} s in all ({question.phase})"
            ) from None
        except FetchError:
            raise
        except (aiohttp.ConnectionTimeoutError, httpx.TimeoutException) as error:
            if isinstance(error.__cause__ or error, aiohttp.ServerTimeoutError):
                limit = self._settings.connect_timeout
                raise PassingFetchError(url, f"did not connect within {limit:g} s") from None
            raise explain(url, error) from None
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, aiohttp.InvalidURL) as error:
            raise FetchError(url, "the address is not a valid one") from error
        except (httpx.HTTPError, aiohttp.ClientError, OSError, ValueError) as error:
            raise explain(url, error) from None

    async def _ask(self, question: _Question, headers: Mapping[str, str]) -> Answer:
        clock = asyncio.get_running_loop().time
        started = clock()
        target = self._routes.target(question.url)
        request = httpx.Request(
            "GET",
            target or question.url,
            headers=dict(headers),
            extensions={"timeout": self._connecting},
        )
        if not target:
            self._world_guard.check_name(request.url.host)
        transport = self._local if target else self._world
        response = await transport.handle_async_request(request)
        try:
            status, stated = response.status_code, question.head(response.headers.raw)
            return Answer(
                url=question.url,
                status=status,
                headers=stated,
                body=b"" if status in BODILESS else await question.body(response, stated),
                cookies=dict(response.cookies) if "set-cookie" in stated else {},
                seconds=clock() - started,
            )
        finally:
            await response.aclose()


@cache
def _trusted(file: str, folder: str) -> ssl.SSLContext:
    """The certificate authorities trusted; loading them takes longer than many a fetch.

    `file` and `folder` are those that httpx finds in the environment: other ones, other trust.
    """
    return httpx.create_ssl_context()


class _Question:
    """The limits on one answer while it comes in."""

    def __init__(self, url: str, settings: FetchSettings) -> None:
        self.url, self._settings = url, settings
        self.phase = "no answer came"

    def head(self, raw: list[tuple[bytes, bytes]]) -> dict[str, str]:
        """The headers. Raises FetchError for what they alone rule out."""
        limit = self._settings.max_headers
        if sum(len(name) + len(value) + 4 for name, value in raw) > limit:
            raise FetchError(self.url, f"the headers are larger than {_size(limit)}")
        stated: dict[str, str] = {}
        for encoded, value in raw:
            name = encoded.decode("ascii", "replace").lower()
            text = value.decode("utf-8", "replace")
            stated[name] = f"{stated[name]}, {text}" if name in stated else text
        length = stated.get("content-length", "")
        if length.isdecimal() and int(length[:20]) > self._settings.max_wire:
            raise self._too_long()
        media_type = stated.get("content-type", "").strip().lower()
        if media_type.startswith(_NEVER_TEXT):
            shown = media_type.partition(";")[0][:60]
            raise FetchError(self.url, f"is {shown}, not a page that can be read")
        return stated

    async def body(self, response: httpx.Response, stated: Mapping[str, str]) -> bytes:
        """The body within its limits, unpacked. Raises FetchError."""
        self.phase = "its body did not end"
        pace = _Pace(self._settings.slowest, self._settings.slowest_over)
        wire = bytearray()
        async for chunk in response.aiter_raw():
            wire += chunk
            if len(wire) > self._settings.max_wire:
                raise self._too_long()
            if pace.too_slow(len(chunk)):
                over = self._settings.slowest_over
                raise PassingFetchError(
                    self.url, f"sends fewer than {pace.slowest} bytes a second over {over:g} s"
                )
        limit = self._settings.max_body
        try:
            return decode(bytes(wire), stated.get("content-encoding", ""), limit)
        except TooLargeError:
            raise FetchError(self.url, f"unpacks to more than {_size(limit)}") from None
        except DamagedError as error:
            raise PassingFetchError(self.url, f"the body {error}") from None

    def _too_long(self) -> FetchError:
        return FetchError(self.url, f"is longer than {_size(self._settings.max_wire)}")


class _Pace:
    """Bytes a second, over one window after the other."""

    def __init__(self, slowest: int, window: float) -> None:
        self.slowest, self._window = slowest, window
        self._clock = asyncio.get_running_loop().time
        self._since, self._bytes = self._clock(), 0

    def too_slow(self, count: int) -> bool:
        self._bytes += count
        elapsed = self._clock() - self._since
        if elapsed < self._window:
            return False
        slow = self._bytes < self.slowest * elapsed
        self._since, self._bytes = self._clock(), 0
        return slow


def _proxies() -> Iterator[tuple[str, int]]:
    """Host and port of the proxies that the environment names."""
    for scheme, proxy in urllib.request.getproxies().items():
        parts = urlsplit(proxy if "//" in proxy else f"//{proxy}")
        if scheme != "no" and parts.hostname:
            yield parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)


def _size(count: int) -> str:
    for unit, factor in (("MB", 10**6), ("KB", 10**3)):
        if count >= factor:
            return f"{count / factor:.3g} {unit}"
    return f"{count} bytes"
