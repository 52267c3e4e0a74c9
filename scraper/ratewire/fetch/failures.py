"""What went wrong on the wire, as one clause that a status line can carry."""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Iterator
from typing import Final

import aiohttp
import httpx

from ratewire.errors import FetchError
from ratewire.fetch.addresses import RefusedAddressError

_BY_ERRNO: Final = {
    errno.ECONNREFUSED: "the host refuses the connection",
    errno.EHOSTUNREACH: "the host cannot be reached",
    errno.ENETUNREACH: "there is no network to reach the host by",
    errno.ETIMEDOUT: "the host does not answer",
    errno.ECONNRESET: "the host reset the connection",
    errno.EPIPE: "the host closed the connection",
}


class PassingFetchError(FetchError):
    """May be over at the next try. `after`: seconds that the server asks to be left alone."""

    def __init__(self, url: str, reason: str, *, after: float = 0.0) -> None:
        super().__init__(url, reason)
        self.after = after


class ForeignProtocolError(PassingFetchError):
    """The host does not speak the version of HTTP in which it was asked."""


class SlowConnectError(Exception):
    """No connection within the time for it."""


class BrokenExchangeError(httpx.RemoteProtocolError):
    """The host broke off or does not keep to the protocol; `reason` is a clause that says so."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def explain(url: str, error: BaseException) -> FetchError:
    """The error of a transport as ours; a PassingFetchError where another try may help."""
    causes = list(_chain(error))
    for cause in causes:
        if isinstance(cause, RefusedAddressError):
            return FetchError(url, cause.reason)
    for cause in causes:
        if message := getattr(cause, "verify_message", ""):
            return FetchError(url, f"the certificate is not valid: {tidy(message)}")
    for cause in causes:
        if isinstance(cause, ssl.SSLError):
            what = getattr(cause, "reason", "") or cause
            foreign = "NO_APPLICATION_PROTOCOL" in str(what)
            kind = ForeignProtocolError if foreign else PassingFetchError
            return kind(url, f"no secure connection: {tidy(what)}")
    for cause in causes:
        reason = _reason(cause)
        if reason:
            foreign = isinstance(cause, aiohttp.ClientResponseError)
            return (ForeignProtocolError if foreign else PassingFetchError)(url, reason)
    return PassingFetchError(url, f"the exchange failed: {tidy(error)}")


def _reason(error: BaseException) -> str:
    match error:
        case aiohttp.ClientConnectorDNSError():
            return f"no address is known for {error.host}: no such host, or no network"
        case aiohttp.ClientProxyConnectionError():
            return f"the proxy cannot be reached: {tidy(error.os_error.strerror or error.os_error)}"
        case aiohttp.ClientHttpProxyError():
            return f"the proxy answered {error.status}"
        case aiohttp.ServerDisconnectedError():
            return "the host closed the connection without an answer"
        case aiohttp.ClientPayloadError():
            return "the body broke off before its end"
        case aiohttp.ClientResponseError():
            what = error.message.partition(": b'")[0].partition("\n")[0]
            return f"the answer is not valid HTTP: {tidy(what)}"
        case BrokenExchangeError():
            return error.reason
        case socket.gaierror():
            return "no address is known for the host: no such host, or no network"
        case OSError() if error.errno in _BY_ERRNO:
            return _BY_ERRNO[error.errno]
    return ""


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    pending: list[BaseException | None] = [error]
    while pending:
        cause = pending.pop(0)
        if cause is None or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        told = (getattr(cause, name, None) for name in ("certificate_error", "os_error"))
        pending += [*told, cause.__cause__, cause.__context__]


def tidy(message: object) -> str:
    """One short printable line of what may be a hostile server's words."""
    words = " ".join("".join(c if c.isprintable() else " " for c in str(message)).split())
    return words[:120].rstrip(" .") or "no reason given"
