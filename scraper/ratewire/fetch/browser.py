"""Pages that only a browser can show (extra `browser`): Playwright with the system's Chromium.

The browser never touches the network. Every request that a page makes is answered through our
own client, under the same manners, limits and address guard; what tries another way out meets a
proxy that is not there.
"""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
from collections.abc import Mapping
from contextlib import AsyncExitStack, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import urldefrag

from ratewire.config import FetchSettings
from ratewire.errors import FetchError
from ratewire.fetch.client import Response
from ratewire.fetch.graphql import only_reads
from ratewire.fetch.visits import Visits
from ratewire.model import Source

if TYPE_CHECKING:
    from playwright.async_api import Browser as Chromium
    from playwright.async_api import BrowserContext, Request, Route

_log = logging.getLogger(__name__)

_EXECUTABLES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_NEEDED: Final = frozenset(("document", "script", "xhr", "fetch"))
"""Kinds of resource that text may come from; pictures, fonts, styles and media are not asked."""
_NOWHERE: Final = "http://127.0.0.1:9"
_MOST_PARTS: Final = 300
_QUIET: Final = 5.0
"""Seconds that a page may go on asking for parts once it stands."""
_AT_ONCE: Final = 2
_OF_THE_WIRE: Final = frozenset(
    ("content-encoding", "content-length", "transfer-encoding", "connection", "set-cookie")
)


class Browser:
    """Starts with the first page that needs it."""

    def __init__(self, settings: FetchSettings, visits: Visits) -> None:
        self._settings, self._visits = settings, visits
        self._stack, self._starting = AsyncExitStack(), asyncio.Lock()
        self._places = asyncio.Semaphore(_AT_ONCE)
        self._chromium: Chromium | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def page(self, url: str, source: Source) -> Response:
        """The page as HTML after its scripts ran; as served where it is an error or no HTML.

        Raises FetchError, also where the extra or a Chromium is missing.
        """
        answer = await self._visits.page(url, source, {})
        if answer.status >= 400 or "html" not in answer.media_type:
            return answer
        async with self._places:
            try:
                async with asyncio.timeout(self._settings.timeout):
                    html = await self._render(answer, source)
            except TimeoutError:
                limit = self._settings.timeout
                raise FetchError(url, f"did not stand in the browser within {limit:g} s") from None
        if len(html) > self._settings.max_body:
            raise FetchError(url, "grows too large in the browser")
        headers = {**answer.headers, "content-type": "text/html; charset=utf-8"}
        return replace(answer, body=html, headers=headers)

    async def _render(self, answer: Response, source: Source) -> bytes:
        from playwright.async_api import Error

        chromium = await self._started(answer.url)
        try:
            context = await chromium.new_context(
                user_agent=self._settings.user_agent,
                locale=source.expect.language or "en",
                service_workers="block",
                accept_downloads=False,
            )
            try:
                return await self._stand(context, answer, source)
            finally:
                with suppress(TimeoutError, Error):
                    async with asyncio.timeout(_QUIET):
                        await context.close()
        except Error as error:
            reason = error.message.partition("\n")[0][:120]
            raise FetchError(answer.url, f"the browser could not show it: {reason}") from None

    async def _stand(self, context: BrowserContext, answer: Response, source: Source) -> bytes:
        """Open the page, let it ask for what it needs, and take its HTML."""
        from playwright.async_api import TimeoutError as NotQuiet

        parts = _Parts(self._visits, answer, source, self._settings.max_body)
        try:
            await context.route("**/*", parts.serve)
            page = await context.new_page()
            await page.goto(answer.url, wait_until="domcontentloaded", timeout=0)
            with suppress(NotQuiet):
                await page.wait_for_load_state("networkidle", timeout=_QUIET * 1000)
            return (await page.content()).encode()
        finally:
            parts.stop()

    async def _started(self, url: str) -> Chromium:
        async with self._starting:
            if self._chromium is None or not self._chromium.is_connected():
                self._chromium = await self._start(url)
            return self._chromium

    async def _start(self, url: str) -> Chromium:
        try:
            from playwright.async_api import Error, async_playwright
        except ImportError:
            how = "pip install 'ratewire[browser]'"
            raise FetchError(url, f"needs a browser, and there is none: {how}") from None
        playwright = await self._stack.enter_async_context(async_playwright())
        executable = next(filter(None, map(shutil.which, _EXECUTABLES)), None)
        try:
            chromium = await playwright.chromium.launch(
                executable_path=executable,
                chromium_sandbox=os.name == "posix" and os.geteuid() != 0,
                proxy={"server": _NOWHERE, "bypass": "<-loopback>"},
                args=[
                    "--disable-background-networking",
                    "--no-first-run",
                    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
                ],
            )
        except Error as error:
            reason = error.message.partition("\n")[0][:120]
            raise FetchError(url, f"needs a browser, which does not start: {reason}") from None
        self._stack.push_async_callback(chromium.close)
        return chromium


class _Parts:
    """Answers what one page asks for, within one page's limits."""

    def __init__(self, visits: Visits, page: Response, source: Source, limit: int) -> None:
        self._visits, self._page, self._source = visits, page, source
        self._bytes_left, self._parts_left = limit, _MOST_PARTS
        self._at = ""
        """The page's address as the browser writes it: its own first question."""
        self._under_way: set[asyncio.Task[Response]] = set()

    def stop(self) -> None:
        """The page stands: what it still waits for is asked for no more."""
        for asking in self._under_way:
            asking.cancel()

    async def serve(self, route: Route) -> None:
        """Answer one request of the page, or refuse it. Never raises: the page would wait."""
        from playwright.async_api import Error

        try:
            answer = await self._answer(route.request)
        except FetchError as error:
            _log.info("%s: a part is missing: %s", self._page.url, error)
            answer = None
        except Exception:
            _log.exception("%s: a part could not be had", self._page.url)
            answer = None
        with suppress(Error):  # the page may have gone meanwhile
            if answer is None:
                await route.abort()
            else:
                await route.fulfill(
                    status=answer.status, headers=_passed_on(answer.headers), body=answer.body
                )

    async def _answer(self, request: Request) -> Response | None:
        """None: this is not to be asked. Raises FetchError."""
        if request.is_navigation_request():
            address = urldefrag(request.url).url
            self._at = self._at or address
            return self._page if address == self._at else None
        self._parts_left -= 1
        wanted, body = request.resource_type in _NEEDED, b""
        if request.method == "POST":
            body = request.post_data_buffer or b""
            wanted = wanted and only_reads(body)
        elif request.method != "GET":
            wanted = False
        if not wanted or min(self._left) < 0:
            return None
        part = self._visits.part(request.url, self._source, page=self._page.url, body=body)
        asking = asyncio.create_task(part)
        self._under_way.add(asking)
        try:
            await asyncio.wait({asking})
        finally:
            self._under_way.discard(asking)
            asking.cancel()
        if asking.cancelled():
            return None
        self._bytes_left -= len(asking.result().body)
        return asking.result()

    @property
    def _left(self) -> tuple[int, int]:
        return self._bytes_left, self._parts_left


def _passed_on(headers: Mapping[str, str]) -> dict[str, str]:
    """An answer's headers without those that only held for the wire. A page may read parts from
    other origins: nothing secret was sent for those."""
    kept = {name: value for name, value in headers.items() if name not in _OF_THE_WIRE}
    return {**kept, "access-control-allow-origin": "*"}
