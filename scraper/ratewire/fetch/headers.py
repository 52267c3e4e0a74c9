"""What is said with a request, and to whom: secrets only to the host that they are for."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

import httpx

from ratewire.config import FetchSettings
from ratewire.errors import FetchError
from ratewire.fetch.answers import Validators
from ratewire.fetch.decoding import ACCEPTED
from ratewire.model import Source

_ACCEPT: Final = (
    "text/html,application/xhtml+xml,application/json,text/markdown,text/plain;q=0.9,"
    "application/xml;q=0.9,*/*;q=0.5"
)
_ALWAYS_SECRET: Final = frozenset(("authorization", "cookie", "proxy-authorization"))
_FROM_ENVIRONMENT: Final = "env:"


def common(settings: FetchSettings, contact: str) -> dict[str, str]:
    """Sent with every request: who asks, and how to reach them."""
    agent = settings.user_agent
    if contact and "(" not in agent:
        agent += f" (+{_printable(contact)})"
    return {"user-agent": agent, "accept": _ACCEPT, "accept-encoding": ACCEPTED}


def of_source(source: Source, url: str, *, trusted: bool) -> dict[str, str]:
    """The source's own headers, as far as `url` may see them.

    Secrets (values from the environment, credentials, cookies) go to the origin of `source.url`
    alone, and only when `trusted`. Raises FetchError, which names the variable, never its value.
    """
    found = {"accept-language": f"{source.expect.language or 'en'},*;q=0.5"}
    at_home = trusted and origin(url) == origin(source.url)
    for name, value in source.headers.items():
        variable = value.removeprefix(_FROM_ENVIRONMENT)
        from_environment = variable != value
        if (from_environment or name.lower() in _ALWAYS_SECRET) and not at_home:
            continue
        found[name.lower()] = _secret(url, name, variable) if from_environment else value
    return found


def _secret(url: str, header: str, variable: str) -> str:
    value = os.environ.get(variable, "").strip()
    if not value:
        reason = f"header {header} needs the environment variable {variable}, which is not set"
        raise FetchError(url, reason)
    if _printable(value) != value:
        reason = f"the environment variable {variable} holds what no header can carry"
        raise FetchError(url, reason)
    return value


def conditional(known: Validators | None) -> dict[str, str]:
    """Asks for the page only if it differs from the stored capture."""
    if known is None:
        return {}
    stated = {"if-none-match": known.etag, "if-modified-since": known.last_modified}
    return {name: value for name, value in stated.items() if value and _printable(value) == value}


def worth_keeping(headers: Mapping[str, str]) -> Mapping[str, str]:
    """Those of an answer's headers that a capture keeps."""
    return {name: headers[name][:1000] for name in _KEPT if name in headers}


@lru_cache(maxsize=4096)
def parsed(url: str) -> httpx.URL:
    """The address as the client that connects reads it. Raises httpx.InvalidURL."""
    return httpx.URL(url)


@lru_cache(maxsize=4096)
def origin(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port. Raises FetchError where the address is not one of the web."""
    try:
        parts = parsed(url)
        host = parts.host  # fails on names that IDNA does not allow
    except (httpx.InvalidURL, ValueError):
        raise FetchError(url, "is not an address") from None
    if parts.scheme not in ("http", "https") or not host:
        raise FetchError(url, "is not an address of the web (http or https)")
    return parts.scheme, host, parts.port


def _printable(text: str) -> str:
    return re.sub(r"[^\x20-\x7e]", "", text)


_KEPT: Final = (
    "age", "content-language", "content-type", "date", "etag", "last-modified", "retry-after",
    "server", "www-authenticate", "x-robots-tag",
)  # fmt: skip
