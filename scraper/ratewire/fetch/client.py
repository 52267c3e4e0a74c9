"""One question, one answer, every limit: the only place where bytes come in.

Redirects, retries and manners are the caller's.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Self

import aiohttp
import httpx

from ratewire.config import FetchSettings
from ratewire.errors import FetchError
from ratewire.fetch.decoding import DamagedError, TooLargeError, decode
from ratewire.fetch.failures import (
    ForeignProtocolError,
    PassingFetchError,
    SlowConnectError,
    explain,
)
from ratewire.fetch.headers import parsed
from ratewire.fetch.routes import Routes
from ratewire.fetch.transports import Transports

_NEVER_TEXT: Final = ("image/", "audio/", "video/", "font/", "model/", "application/pdf")
REDIRECTS: Final = frozenset((301, 302, 303, 307, 308))
_OTHER_VERSION: Final = frozenset((426, 505))
"""Upgrade Required, HTTP Version Not Supported (RFC 9110)."""
BODILESS: Final = REDIRECTS | {304}
"""Statuses whose body is of no use here."""


@dataclass(frozen=True, slots=True)
class Response:
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
    """Asks over HTTP/1.1, and over HTTP/2 the hosts that are known to want it."""

    def __init__(self, settings: FetchSettings, routes: Routes) -> None:
        self._settings, self._routes = settings, routes
        self._transports = Transports(settings, routes.endpoints)
        self._connecting = {"connect": settings.connect_timeout, "pool": settings.connect_timeout}
        self._over_http2: set[str] = set()

    async def __aenter__(self) -> Self:
        await self._transports.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._transports.__aexit__()

    def routed(self, url: str) -> bool:
        """Is this address served from this machine?"""
        return bool(self._routes.target(url))

    def prefer_http2(self, url: str) -> None:
        """From now on this address's host is asked over HTTP/2."""
        self._over_http2.add(parsed(url).netloc.decode("ascii"))

    async def ask(
        self, url: str, headers: Mapping[str, str], seconds: float, *, body: bytes = b""
    ) -> Response:
        """One GET, or a POST of `body`, given up after `seconds` in all; over HTTP/2 where HTTP/1.1
        is refused.

        Raises FetchError where a limit is met, the address refused or the network fails; a
        PassingFetchError of it where another try may help.
        """
        started = time.monotonic()
        try:
            answer = await self._within(seconds, url, headers, body)
            if answer.status not in _OTHER_VERSION or not self._may_upgrade(url):
                return answer
        except ForeignProtocolError:
            if not self._may_upgrade(url):
                raise
        self.prefer_http2(url)
        left = seconds - (time.monotonic() - started)
        return await self._within(max(0.001, left), url, headers, body)

    def _may_upgrade(self, url: str) -> bool:
        """Whether the host was not asked over HTTP/2 and could be: there it needs TLS (ALPN)."""
        address = parsed(url)
        known = address.scheme != "https" or self._wants_http2(address)
        return not known and not self.routed(url)

    async def _within(
        self, seconds: float, url: str, headers: Mapping[str, str], body: bytes
    ) -> Response:
        question = _Question(url, self._settings)
        try:
            async with asyncio.timeout(seconds):
                return await self._ask(question, headers, body)
        except TimeoutError:
            raise PassingFetchError(
                url, f"took longer than {self._settings.timeout:g} s in all ({question.phase})"
            ) from None
        except FetchError:
            raise
        except (aiohttp.ConnectionTimeoutError, httpx.TimeoutException) as error:
            if isinstance(error.__cause__ or error, (aiohttp.ServerTimeoutError, SlowConnectError)):
                limit = self._settings.connect_timeout
                raise PassingFetchError(url, f"did not connect within {limit:g} s") from None
            raise explain(url, error) from None
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, aiohttp.InvalidURL) as error:
            raise FetchError(url, "the address is not a valid one") from error
        except (httpx.HTTPError, aiohttp.ClientError, OSError, ValueError) as error:
            raise explain(url, error) from None

    async def _ask(self, question: _Question, headers: Mapping[str, str], body: bytes) -> Response:
        clock = asyncio.get_running_loop().time
        started = clock()
        target = self._routes.target(question.url)
        request = httpx.Request(
            "POST" if body else "GET",
            parsed(target or question.url),
            headers=dict(headers),
            content=body or None,
            extensions={"timeout": self._connecting},
        )
        if target:
            transport = self._transports.local(request.url)
        else:
            http2 = self._wants_http2(request.url)
            transport = self._transports.world(request.url, http2=http2)
        response = await transport.handle_async_request(request)
        try:
            status = response.status_code
            stated = question.head(status, response.headers.raw)
            return Response(
                url=question.url,
                status=status,
                headers=stated,
                body=b"" if status in BODILESS else await question.body(response, stated),
                cookies=_cookies(response) if "set-cookie" in stated else {},
                seconds=clock() - started,
            )
        finally:
            await response.aclose()

    def _wants_http2(self, url: httpx.URL) -> bool:
        return bool(self._over_http2) and url.netloc.decode("ascii") in self._over_http2


class _Question:
    """The limits on one answer while it comes in."""

    def __init__(self, url: str, settings: FetchSettings) -> None:
        self.url, self._settings = url, settings
        self.phase = "no answer came"

    def head(self, status: int, raw: list[tuple[bytes, bytes]]) -> dict[str, str]:
        """The headers. Raises FetchError for what they alone rule out: of a redirect or an error
        that is not what its body is.
        """
        limit = self._settings.max_headers
        if sum(len(name) + len(value) + 4 for name, value in raw) > limit:
            raise FetchError(self.url, f"the headers are larger than {_size(limit)}")
        stated: dict[str, str] = {}
        for encoded, value in raw:
            name = encoded.decode("ascii", "replace").lower()
            text = value.decode("utf-8", "replace")
            stated[name] = f"{stated[name]}, {text}" if name in stated else text
        if status in BODILESS:
            return stated
        length = stated.get("content-length", "")
        if length.isdecimal() and int(length[:20]) > self._settings.max_download:
            raise self._too_long()
        media_type = stated.get("content-type", "").strip().lower()
        if status < 300 and media_type.startswith(_NEVER_TEXT):
            shown = media_type.partition(";")[0][:60]
            raise FetchError(self.url, f"is {shown}, not a page that can be read")
        return stated

    async def body(self, response: httpx.Response, stated: Mapping[str, str]) -> bytes:
        """The body within its limits, unpacked. Raises FetchError."""
        self.phase = "its body did not end"
        pace = _Pace(self._settings.min_speed, self._settings.min_speed_window)
        wire = bytearray()
        async for chunk in response.aiter_raw():
            wire += chunk
            if len(wire) > self._settings.max_download:
                raise self._too_long()
            if pace.too_slow(len(chunk)):
                over = self._settings.min_speed_window
                raise PassingFetchError(
                    self.url, f"sends fewer than {pace.min_speed} bytes a second over {over:g} s"
                )
        limit = self._settings.max_body
        try:
            return decode(bytes(wire), stated.get("content-encoding", ""), limit)
        except TooLargeError:
            raise FetchError(self.url, f"unpacks to more than {_size(limit)}") from None
        except DamagedError as error:
            raise PassingFetchError(self.url, f"the body {error}") from None

    def _too_long(self) -> FetchError:
        return FetchError(self.url, f"is longer than {_size(self._settings.max_download)}")


class _Pace:
    """Bytes a second, over one window after the other."""

    def __init__(self, min_speed: int, window: float) -> None:
        self.min_speed, self._window = min_speed, window
        self._clock = asyncio.get_running_loop().time
        self._since, self._bytes = self._clock(), 0

    def too_slow(self, count: int) -> bool:
        self._bytes += count
        elapsed = self._clock() - self._since
        if elapsed < self._window:
            return False
        slow = self._bytes < self.min_speed * elapsed
        self._since, self._bytes = self._clock(), 0
        return slow


def _cookies(response: httpx.Response) -> dict[str, str]:
    """Those set, by name; of one set for several paths the last. What no header can carry back is
    left out."""
    found = {cookie.name: cookie.value or "" for cookie in response.cookies.jar}
    return {
        name: value for name, value in found.items() if f"{name}{value}".isascii() and name.strip()
    }


def _size(count: int) -> str:
    for unit, factor in (("MB", 10**6), ("KB", 10**3)):
        if count >= factor:
            return f"{count / factor:.3g} {unit}"
    return f"{count} bytes"
