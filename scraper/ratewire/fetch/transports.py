"""What carries a request: httpx transports, every one of which connects only where it may.

HTTP/1.1 goes over aiohttp, several times faster at many requests in flight; HTTP/2 over httpcore,
for the sources and hosts that want it.
"""

from __future__ import annotations

import os
import ssl
import urllib.request
from collections.abc import Callable
from contextlib import AsyncExitStack
from functools import cache, partial
from typing import Final, Self

import aiohttp
import httpx
from aiohttp.abc import AbstractResolver
from aiohttp.resolver import ThreadedResolver
from httpx_aiohttp import AiohttpTransport

from ratewire.config import FetchSettings
from ratewire.errors import FetchError
from ratewire.fetch.addresses import Guard, GuardedResolver

KEEP_ALIVE: Final = 30.0
"""Seconds that an idle connection is kept."""


class Transports:
    """The world's, guarded, and this machine's, for routes. Opened when first asked for.

    They are asked directly, for what `httpx.AsyncClient` does on top of them (cookies kept
    between pages, redirects, authentication) is not wanted here or done under limits.
    """

    def __init__(self, settings: FetchSettings, routed: frozenset[tuple[str, int]]) -> None:
        """`routed`: numeric address and port of what routes lead to."""
        self._settings = settings
        self._proxies = _proxies()
        self._world = Guard(
            allow_private=settings.allow_private, exempt=map(_endpoint, self._proxies.values())
        )
        self._machine = Guard(exempt=routed)
        self._opened: dict[tuple[str, bool, bool, str], httpx.AsyncBaseTransport] = {}
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    def local(self, url: httpx.URL) -> httpx.AsyncBaseTransport:
        """For addresses that are routed to this machine; no proxy stands between."""
        secure = url.scheme == "https"
        return self._open(
            ("machine", False, secure, ""), lambda: self._http1(self._machine, "", secure=secure)
        )

    def world(self, url: httpx.URL, *, http2: bool) -> httpx.AsyncBaseTransport:
        """For any other address. Raises RefusedAddressError where its name alone rules it out,
        FetchError where its way leads through a proxy that we cannot speak to."""
        self._world.check_name(url.host)
        proxy = self._proxy(url)
        kind = proxy.partition("://")[0].lower()
        if kind not in ("", "http", "https"):
            reason = f"its proxy is one for {kind[:20]}, and only those for HTTP can be used"
            raise FetchError(str(url), reason)
        secure = "https" in (url.scheme, kind)
        make = self._http2 if http2 else partial(self._http1, secure=secure)
        return self._open(("world", http2, secure, proxy), lambda: make(self._world, proxy))

    def _open(
        self, key: tuple[str, bool, bool, str], make: Callable[[], httpx.AsyncBaseTransport]
    ) -> httpx.AsyncBaseTransport:
        if key not in self._opened:
            self._opened[key] = make()
            self._stack.push_async_callback(self._opened[key].aclose)
        return self._opened[key]

    def _http1(self, guard: Guard, proxy: str, *, secure: bool) -> AiohttpTransport:
        resolver: AbstractResolver = (
            ThreadedResolver() if guard is self._machine else GuardedResolver(guard)
        )
        tls = (
            _trusted(os.environ.get("SSL_CERT_FILE", ""), os.environ.get("SSL_CERT_DIR", ""))
            if secure
            else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # trusts nobody, and is asked of nobody
        )
        connector = aiohttp.TCPConnector(
            ssl=tls,
            limit=0,
            resolver=resolver,
            socket_factory=guard.socket,
            keepalive_timeout=KEEP_ALIVE,
        )
        session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            # No proxies by aiohttp itself, which looks into ~/.netrc for each request as well.
            trust_env=False,
            max_line_size=self._settings.max_headers,
            max_field_size=self._settings.max_headers,
        )
        carried = httpx.Proxy(proxy) if proxy else None
        return AiohttpTransport(verify=tls, client=session, proxy=carried)

    def _http2(self, guard: Guard, proxy: str) -> httpx.AsyncBaseTransport:
        from ratewire.fetch.http2 import Http2Transport  # few sources need it

        # A context of its own: the protocols offered are written into it.
        return Http2Transport(guard, httpx.create_ssl_context(), proxy, keep_alive=KEEP_ALIVE)

    def _proxy(self, url: httpx.URL) -> str:
        """The proxy that the environment names for this address; empty: none."""
        proxy = self._proxies.get(url.scheme) or self._proxies.get("all", "")
        host = f"{url.host}:{url.port}" if url.port else url.host
        return "" if not proxy or urllib.request.proxy_bypass(host) else proxy


@cache
def _trusted(file: str, folder: str) -> ssl.SSLContext:
    """The certificate authorities trusted; loading them takes longer than many a fetch.

    `file` and `folder` are those that httpx finds in the environment: other ones, other trust.
    """
    return httpx.create_ssl_context()


def _proxies() -> dict[str, str]:
    """By scheme, the proxies that the environment names."""
    named = urllib.request.getproxies()
    return {
        scheme: proxy if "://" in proxy else f"http://{proxy}"
        for scheme, proxy in named.items()
        if scheme != "no"
    }


def _endpoint(proxy: str) -> tuple[str, int]:
    url = httpx.URL(proxy)
    return url.host, url.port or (443 if url.scheme == "https" else 80)
