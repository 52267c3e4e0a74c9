"""Puts the service together from settings and environment, and runs it."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from ratewire.apps.subscriptions.app import Service, application
from ratewire.apps.subscriptions.database import database_url, open_database
from ratewire.apps.subscriptions.links import Links
from ratewire.apps.subscriptions.pages import Pages, environment
from ratewire.apps.subscriptions.post import Post
from ratewire.apps.subscriptions.roll import Roll
from ratewire.apps.subscriptions.writing import Writer
from ratewire.config import Site, duration
from ratewire.errors import ConfigError

__all__ = ["keys", "links_of", "open_roll", "run", "service_of"]

_SHORTEST = 24


def _now() -> datetime:
    return datetime.now(UTC)


def keys(site: Site, secrets: Mapping[str, str]) -> tuple[str, ...]:
    """The secrets that sign links, the current one first. Raises ConfigError."""
    name = site.subscribe.service.key_env
    found = tuple(secrets.get(name, "").split())
    if not found:
        raise ConfigError(
            f"the service signs its links with {name}, which the environment does not have; set "
            "it to a long random text (`openssl rand -hex 32`) and keep it"
        )
    if short := [key for key in found if len(key) < _SHORTEST]:
        raise ConfigError(
            f"{name} has {len(short[0])} characters; a key that cannot be guessed has "
            f"{_SHORTEST} or more, as `openssl rand -hex 32` makes them"
        )
    return found


def open_roll(
    site: Site, secrets: Mapping[str, str] = os.environ, now: Callable[[], datetime] = _now
) -> Roll:
    """Raises ConfigError, StoreError."""
    engine = open_database(database_url(site, secrets))
    within = duration(site.subscribe.service.confirmation_ttl)
    return Roll(engine, keys(site, secrets), now, within)


def links_of(
    site: Site, secrets: Mapping[str, str] = os.environ, now: Callable[[], datetime] = _now
) -> Links:
    """Raises ConfigError."""
    service = site.subscribe.service
    within = duration(service.confirmation_ttl)
    return Links(service.url, keys(site, secrets), within, now)


def service_of(
    site: Site, secrets: Mapping[str, str] = os.environ, now: Callable[[], datetime] = _now
) -> Service:
    """Raises ConfigError where a setting or secret is missing, StoreError."""
    if site.subscribe.provider != "service":
        raise ConfigError(
            f'is "{site.subscribe.provider}"; the service runs where it is "service"',
            file=site.root / "ratewire.toml",
            key="subscribe.provider",
        )
    email = site.announce.email
    if email.user and not secrets.get(email.password_env):
        raise ConfigError(
            f"announce.email.user is set, but the environment has no {email.password_env}"
        )
    roll, links, templates = (
        open_roll(site, secrets, now),
        links_of(site, secrets, now),
        environment(),
    )
    writer = Writer(site, links, templates)
    post = Post(site, secrets, roll, writer, now)
    token = secrets.get(site.subscribe.service.token_env, "").strip()
    return Service(site, roll, links, Pages(site, templates), post, token)


def run(service: Service, *, host: str, port: int, proxy: str, tell: Callable[[str], None]) -> None:
    """Serve until it is told to stop (SIGINT, SIGTERM). Raises ConfigError where it cannot listen.

    `proxy`: addresses whose X-Forwarded-For is believed, separated by commas; empty: nobody's.
    """
    import uvicorn

    try:
        listening = socket.create_server(
            (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=512
        )
    except OSError as error:
        raise ConfigError(f"cannot listen on {host}:{port}: {error.strerror or error}") from None
    settings: dict[str, Any] = {
        "access_log": False,  # tokens are in addresses of pages
        "log_config": None,
        "server_header": False,
        "proxy_headers": bool(proxy),
        "forwarded_allow_ips": proxy or None,
        "limit_concurrency": 1000,
        "timeout_graceful_shutdown": 10,
    }
    server = uvicorn.Server(uvicorn.Config(application(service), **settings))
    bound = listening.getsockname()
    shown = f"[{bound[0]}]" if ":" in bound[0] else bound[0]
    tell(f"subscriptions: http://{shown}:{bound[1]}")
    with listening:
        server.run(sockets=[listening])
