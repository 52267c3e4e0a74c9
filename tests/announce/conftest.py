"""Real servers on loopback: one that takes mail, one that takes HTTP."""

from __future__ import annotations

import email
import email.policy
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sample_changes import NOW, make_site

from scraper.announce import AnnounceReport, announce
from scraper.config import AnnounceSettings, EmailSettings, Site
from scraper.model import Change
from scraper.record.directory import DirectoryStore


@dataclass
class MailServer:
    """Takes mail; `rcpt` and `data` may answer otherwise."""

    mails: list[tuple[str, bytes]] = field(default_factory=list)
    rcpt: Callable[[str], str] = lambda address: "250 OK"
    data: Callable[[str], str] = lambda address: "250 OK"
    host: str = ""
    port: int = 0

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        answer = self.rcpt(address)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        (address,) = envelope.rcpt_tos
        answer = self.data(address)
        if answer == "hang up":
            self.mails.append((address, envelope.original_content))
            server.transport.abort()
            return "250 never sent"
        if answer.startswith("250"):
            self.mails.append((address, envelope.original_content))
        return answer

    @property
    def messages(self) -> list[EmailMessage]:
        return [parsed(body) for _, body in self.mails]

    @property
    def addresses(self) -> list[str]:
        return [address for address, _ in self.mails]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


def parsed(body: bytes) -> EmailMessage:
    return email.message_from_bytes(body, policy=email.policy.default)


@pytest.fixture
def smtp() -> Iterator[MailServer]:
    server = MailServer()
    server.host, server.port = "127.0.0.1", free_port()
    controller = Controller(server, hostname=server.host, port=server.port)
    controller.start()
    yield server
    controller.stop()


@dataclass
class HttpServer:
    """Takes POSTs; `answers` are given in turn, the last ever after: a status, headers."""

    url: str
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=lambda: [(204, {})])
    seen: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def http() -> Iterator[HttpServer]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            there.seen.append(({k.lower(): v for k, v in self.headers.items()}, body))
            status, headers = there.answers[0]
            if len(there.answers) > 1:
                there.answers.pop(0)
            if not status:
                self.close_connection = True
                return
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *args: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    there = HttpServer(f"http://127.0.0.1:{server.server_port}/hook")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield there
    server.shutdown()
    server.server_close()


@dataclass
class Desk:
    """A site with a store, from which to announce."""

    site: Site
    store: DirectoryStore
    environment: dict[str, str] = field(default_factory=dict)
    pauses: list[float] = field(default_factory=list)

    def record(self, *changes: Change) -> None:
        for change in changes:
            self.store.save(change.source, None, None, [change])

    def announce(self, now: datetime = NOW, **more: Any) -> AnnounceReport:
        return announce(
            self.site, self.store, now=now, environment=self.environment,
            pause=self.pauses.append, **more,
        )  # fmt: skip


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
