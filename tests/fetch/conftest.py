from __future__ import annotations

import ssl
from collections.abc import Callable
from pathlib import Path

import pytest
import trustme
from hostile import LIMIT_BODY, LIMIT_HEADERS, LIMIT_WIRE, served_with

from ratewire.config import FetchSettings
from ratewire.model import Source


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
            "min_speed": 200,
            "min_speed_window": 0.3,
            "max_download": LIMIT_WIRE,
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


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """One that this process trusts."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)
    return authority


@pytest.fixture
def tls(authority: trustme.CA) -> ssl.SSLContext:
    """The context of a server that this process trusts, on loopback or as acme.example."""
    return served_with(authority.issue_cert("127.0.0.1", "acme.example"))
