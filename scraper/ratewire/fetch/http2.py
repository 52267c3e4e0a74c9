"""HTTP/2 (RFC 9113), or HTTP/1.1 where the host prefers that when asked (ALPN, RFC 7301)."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any, Final

import httpcore
import httpx

from ratewire.fetch.addresses import Guard, GuardedResolver
from ratewire.fetch.failures import BrokenExchangeError, SlowConnectError, tidy

_AS_HTTPX: Final[Mapping[type[Exception], type[httpx.TransportError]]] = {
    httpcore.TimeoutException: httpx.ReadTimeout,
    httpcore.NetworkError: httpx.NetworkError,
    httpcore.ProxyError: httpx.ProxyError,
    httpcore.UnsupportedProtocol: httpx.UnsupportedProtocol,
}


class Http2Transport(httpx.AsyncBaseTransport):
    """Over httpcore, with connections made by the guard's leave."""

    def __init__(self, guard: Guard, tls: ssl.SSLContext, proxy: str, *, keep_alive: float) -> None:
        """`proxy`: the address of one, or empty."""
        self._proxy = httpx.Proxy(proxy) if proxy else None
        self._common: dict[str, Any] = {
            "ssl_context": tls,
            "max_connections": None,
            "keepalive_expiry": keep_alive,
            "http1": True,
            "http2": True,
            "network_backend": _GuardedBackend(guard),
        }
        self._pool = self._new_pool()
        self._asked: Counter[httpcore.AsyncConnectionPool] = Counter()
        """How many requests are under way over the connections of each pool."""

    def _new_pool(self) -> httpcore.AsyncConnectionPool:
        if self._proxy is None:
            return httpcore.AsyncConnectionPool(**self._common)
        return httpcore.AsyncHTTPProxy(
            proxy_url=str(self._proxy.url), proxy_auth=self._proxy.raw_auth, **self._common
        )

    def leave(self, pool: httpcore.AsyncConnectionPool) -> None:
        """Ask nothing more over these connections: a host that let one request run out of time
        may have stopped hearing, and all requests share its connection."""
        if pool is self._pool:
            self._pool = self._new_pool()

    async def _ended(self, pool: httpcore.AsyncConnectionPool) -> None:
        """One request less; the last one over connections that were left closes them."""
        self._asked[pool] -= 1
        if self._asked[pool] <= 0:
            del self._asked[pool]
            if pool is not self._pool:
                with suppress(Exception):
                    await pool.aclose()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Raises httpx.TransportError, RefusedAddressError."""
        url = request.url
        question = httpcore.Request(
            method=request.method,
            url=httpcore.URL(
                scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
            ),
            headers=request.headers.raw,
            content=request.content or None,
            extensions=request.extensions,
        )
        pool = self._pool
        self._asked[pool] += 1
        try:
            with _as_httpx(request):
                answer = await pool.handle_async_request(question)
        except asyncio.CancelledError:
            self.leave(pool)
            await self._ended(pool)
            raise
        except BaseException:
            await self._ended(pool)
            raise
        return httpx.Response(
            status_code=answer.status,
            headers=answer.headers,
            stream=_Body(answer, request, partial(self.leave, pool), partial(self._ended, pool)),
            extensions=answer.extensions,
            request=request,
        )

    async def aclose(self) -> None:
        for pool in {self._pool, *self._asked}:
            await pool.aclose()


class _Body(httpx.AsyncByteStream):
    def __init__(
        self,
        answer: httpcore.Response,
        request: httpx.Request,
        out_of_time: Callable[[], None],
        ended: Callable[[], Awaitable[None]],
    ) -> None:
        self._answer, self._request = answer, request
        self._out_of_time, self._ended = out_of_time, ended

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            with _as_httpx(self._request):
                async for chunk in self._answer.aiter_stream():
                    yield chunk
        except asyncio.CancelledError:
            self._out_of_time()
            raise

    async def aclose(self) -> None:
        try:
            with _as_httpx(self._request):
                await self._answer.aclose()
        finally:
            await self._ended()


class _GuardedBackend(httpcore.AsyncNetworkBackend):
    """Resolves as the system does, and connects to the first address that the guard allows."""

    def __init__(self, guard: Guard) -> None:
        self._resolver, self._plain = GuardedResolver(guard), httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Raises RefusedAddressError, httpcore.ConnectError, httpcore.ConnectTimeout."""
        try:
            async with asyncio.timeout(timeout):
                trouble: Exception | None = None
                for found in await self._resolver.resolve(host, port, socket.AF_UNSPEC):
                    try:
                        return await self._plain.connect_tcp(
                            found["host"], port, None, local_address, socket_options
                        )
                    except httpcore.ConnectError as error:
                        trouble = trouble or error
        except TimeoutError:
            raise httpcore.ConnectTimeout from None
        except socket.gaierror as error:
            raise httpcore.ConnectError(f"no address is known for {host}") from error
        raise trouble or httpcore.ConnectError(f"no address is known for {host}")

    async def sleep(self, seconds: float) -> None:
        await self._plain.sleep(seconds)


@contextmanager
def _as_httpx(request: httpx.Request) -> Iterator[None]:
    """httpcore's errors as those that every httpx transport raises."""
    try:
        yield
    except httpcore.ConnectTimeout as error:
        raise httpx.ConnectTimeout(str(error), request=request) from SlowConnectError()
    except httpcore.ProtocolError as error:  # what h2 finds wrong is "local" to httpcore
        raise BrokenExchangeError(_clause(str(error))) from error
    except tuple(_AS_HTTPX) as error:
        kind = next(ours for theirs, ours in _AS_HTTPX.items() if isinstance(error, theirs))
        raise kind(str(error), request=request) from error


def _clause(said: str) -> str:
    """What happened, from what httpcore says of it: the name of an event of h2, or a sentence."""
    if "StreamReset" in said:
        return "the host reset the stream (HTTP/2)"
    if "ConnectionTerminated" in said:
        return "the host ended the connection (HTTP/2)"
    if "disconnected" in said or "without sending" in said:
        return "the host closed the connection without an answer"
    return f"the answer is not valid HTTP: {tidy(said)}"
