from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hostile import LIMIT_BODY, LIMIT_HEADERS, LIMIT_WIRE

from scraper.config import FetchSettings
from scraper.model import Source

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def settings() -> Callable[..., FetchSettings]:
    """Settings for a server on loopback: no pauses, and limits that are met soon."""

    def make(**changes: object) -> FetchSettings:
        usual: dict[str, object] = {
            "allow_private": True,
            "delay": 0.0,
            "robots": False,
            "per_host": 20,
            "connect_timeout": 1.0,
            "timeout": 0.6,
            "slowest": 200,
            "slowest_over": 0.3,
            "max_wire": LIMIT_WIRE,
            "max_body": LIMIT_BODY,
            "max_headers": LIMIT_HEADERS,
            "max_redirects": 3,
            "retries": 0,
            "backoff": 0.01,
        }
        return FetchSettings(**{**usual, **changes})  # type: ignore[arg-type]

    return make


@pytest.fixture
def source() -> Callable[..., Source]:
    def make(url: str, **more: object) -> Source:
        return Source(id="acme", name="Acme", publisher="Acme", url=url, **more)  # type: ignore[arg-type]

    return make
