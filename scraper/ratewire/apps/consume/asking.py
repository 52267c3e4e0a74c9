"""A site's published data, asked for over the network: the digests, then what they vouch for."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from urllib.parse import urlsplit

from ratewire.apps.consume.published import DIGESTS, FILES, Published, digests_of, is_address
from ratewire.config import FetchSettings
from ratewire.errors import ConfigError, ConsumeError, FetchError
from ratewire.fetch.client import Client
from ratewire.fetch.routes import Routes
from ratewire.fetch.visits import Visits
from ratewire.model import Source

__all__ = ["ask"]

_TRIES = 3
_PAUSE = 5.0
"""Seconds: a deploy that is under way is soon done."""


def ask(site: str, *, pause: Callable[[float], Awaitable[None]] = asyncio.sleep) -> Published:
    """What the site at this address publishes.

    Raises ConfigError where it is no address, ConsumeError where it cannot be had or used.
    """
    parts = urlsplit(site)
    if "@" in parts.netloc:
        raise ConfigError(
            "leave name and password out of the address: what a site publishes is open"
        )
    if not is_address(site) or not parts.hostname or parts.query or parts.fragment:
        raise ConfigError(f"a site is an address like https://prices.example.org, not {site!r}")
    return asyncio.run(_asked(site.rstrip("/"), pause))


async def _asked(site: str, pause: Callable[[float], Awaitable[None]]) -> Published:
    settings = FetchSettings(delay=0, allow_private=_is_private(urlsplit(site).hostname or ""))
    async with Client(settings, Routes({})) as client:
        visits = Visits(settings, client, contact="", now=lambda: datetime.now(UTC))
        try:
            for left in reversed(range(_TRIES)):
                digests = digests_of(site, await _file(visits, site, DIGESTS))
                files = {name: await _file(visits, site, name) for name in FILES}
                try:
                    return Published.of(site, files, digests)
                except ConsumeError:
                    if not left:
                        raise
                    await pause(_PAUSE)
        finally:
            visits.close()
    raise AssertionError("the last try returns or raises")


async def _file(visits: Visits, site: str, name: str) -> bytes:
    url = f"{site}/api/v1/{name}"
    try:
        answer = await visits.page(url, Source("site", "site", "", site), {})
    except FetchError as error:
        raise ConsumeError(f"{url}: {error.reason}") from None
    if answer.status == 404 and name == DIGESTS:
        raise ConsumeError(
            f"{url}: is not there; the site is none of ratewire, or was built by an older one"
        )
    if answer.status != 200:
        raise ConsumeError(f"{url}: answered {answer.status}")
    return answer.body


def _is_private(host: str) -> bool:
    """Whether the caller named a machine of its own: then that is meant."""
    if host == "localhost":
        return True
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return False
