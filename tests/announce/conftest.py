"""Desks from which tests announce."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from mail_desk import Desk, MailServer
from sample_changes import make_site

from ratewire.config import AnnounceSettings, EmailSettings
from ratewire.record.directory import DirectoryStore


@pytest.fixture
def desk(tmp_path: Path) -> Callable[..., Desk]:
    def make(environment: dict[str, str] | None = None, **settings: Any) -> Desk:
        site = make_site(tmp_path, announce=AnnounceSettings(**settings))
        return Desk(site, DirectoryStore(site.snapshots), environment or {})

    return make


@pytest.fixture
def mail_desk(desk: Callable[..., Desk], smtp: MailServer) -> Callable[..., Desk]:
    """A desk whose mail goes to the loopback server."""

    def make(
        *to: str, email: dict[str, Any] | None = None, environment: Any = None, **more: Any
    ) -> Desk:
        settings = EmailSettings(
            **{"host": smtp.host, "port": smtp.port, "security": "none",
               "sender": "Example Prices <prices@prices.example>", "to": to, "timeout": 5.0}
            | (email or {})
        )  # fmt: skip
        return desk(environment, email=settings, **more)

    return make
