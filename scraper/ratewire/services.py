"""Requests to the services of others: one deadline for each, and a bound to what is read.

The timeouts of an HTTP client hold for each read, so an answer that drips a byte at a time never
ends. Here a request ends with its deadline, whatever it waits for: name, connection, TLS, headers
or body.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import httpx

__all__ = ["ServiceClient"]

_MOST_BYTES = 4_000_000
_SENT = "send_request_headers.started"
"""How httpcore's trace names the moment from which a request may have been heard."""


class ServiceClient:
    """An HTTP client for one service at a time, used by one thread; keeps its connections."""

    def __init__(
        self,
        *,
        base_url: str = "",
        headers: Mapping[str, str] | None = None,
        timeout: float = 20.0,
        follow_redirects: bool = False,
    ) -> None:
        """`timeout`: seconds that one request may take in all, redirects included."""
        self._timeout = timeout
        self._runner = asyncio.Runner()
        self._client = httpx.AsyncClient(
            base_url=base_url,
            headers={"user-agent": "ratewire", **(headers or {})},
            follow_redirects=follow_redirects,
        )

    @property
    def host(self) -> str:
        return self._client.base_url.host

    def request(
        self,
        method: str,
        url: str,
        *,
        timeout: float | None = None,
        read_body: bool = True,
        **content: Any,
    ) -> httpx.Response:
        """The answer, read to its end, of at most four megabytes.

        `content` is httpx's `params`, `headers`, `json`, `data` or `content`. Raises
        httpx.ConnectError or httpx.ConnectTimeout where nothing was sent, httpx.HTTPError where
        the service may have heard it: no answer in time, or none that can be read.
        """
        within = self._timeout if timeout is None else timeout
        return self._runner.run(self._ask(method, url, within, read_body, content))

    async def _ask(
        self, method: str, url: str, within: float, read_body: bool, content: dict[str, Any]
    ) -> httpx.Response:
        sent = False

        async def trace(event: str, _: Mapping[str, Any]) -> None:
            nonlocal sent
            sent = sent or event.endswith(_SENT)

        try:
            async with (
                asyncio.timeout(within),
                self._client.stream(
                    method, url, timeout=within, extensions={"trace": trace}, **content
                ) as response,
            ):
                return await _whole(response) if read_body else response
        except TimeoutError:
            kind = httpx.ReadTimeout if sent else httpx.ConnectTimeout
            raise kind(f"took longer than {within:g} s") from None
        except (httpx.InvalidURL, ValueError) as error:  # in a header of the answer
            kind_of = httpx.RemoteProtocolError if sent else httpx.UnsupportedProtocol
            raise kind_of(type(error).__name__) from None

    def close(self) -> None:
        self._runner.run(self._client.aclose())
        self._runner.close()


async def _whole(response: httpx.Response) -> httpx.Response:
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > _MOST_BYTES:
            raise httpx.DecodingError("the answer is longer than any answer is")
    headers = [
        (name, value)
        for name, value in response.headers.multi_items()
        if name not in ("content-encoding", "transfer-encoding", "content-length")
    ]
    return httpx.Response(
        response.status_code, headers=headers, content=bytes(body), request=response.request
    )
