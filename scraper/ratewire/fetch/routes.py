"""Other addresses to serve official ones from: how a replay and a test see the web."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

from ratewire.errors import ConfigError


class Routes:
    """Official address, exact or as a prefix, to the address that really is asked."""

    def __init__(self, routes: Mapping[str, str]) -> None:
        """Raises ConfigError for a target without a numeric loopback address and port."""
        self._routes = dict(sorted(routes.items(), key=lambda route: -len(route[0])))
        self.endpoints = frozenset(_endpoint(target) for target in routes.values())

    def target(self, url: str) -> str:
        """Where `url` is asked instead; empty: nowhere else. The longest route wins."""
        for official, target in self._routes.items():
            if url == official:
                return target
            rest = url.removeprefix(official)
            if rest == url or not (official.endswith("/") or rest[0] in "/?"):
                continue
            return target + rest if rest[0] == "?" else f"{target.rstrip('/')}/{rest.lstrip('/')}"
        return ""


def _endpoint(target: str) -> tuple[str, int]:
    """The one address and port that a route opens in the guard."""
    parts = urlsplit(target)
    try:
        host = ipaddress.ip_address(parts.hostname or "")
        port = parts.port or {"http": 80, "https": 443}[parts.scheme]
    except (ValueError, KeyError):
        raise ConfigError(
            f"a route leads to a numeric address, not {target!r}; write e.g. http://127.0.0.1:8000/"
        ) from None
    if not host.is_loopback:
        raise ConfigError(f"a route leads to this machine (127.0.0.1), not to {host}")
    return str(host), port
