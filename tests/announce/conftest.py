"""Real servers on loopback: one that takes mail, one that takes HTTP."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from mail_desk import Desk, HttpServer, MailServer, free_port
from sample_changes import make_site

from scraper.config import AnnounceSettings, EmailSettings
from scraper.record.directory import DirectoryStore


@pytest.fixture
def smtp() -> Iterator[MailServer]:
    server = MailServer()
    server.host, server.port = "127.0.0.1", free_port()
    controller = Controller(server, hostname=server.host, port=server.port)
    controller.start()
    yield server
    controller.stop()


@pytest.fixture
def http() -> Iterator[HttpServer]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            there.seen.append(({k.lower(): v for k, v in self.headers.items()}, body))
            if there.hold is not None:
                there.hold.wait(30)
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
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield there
    server.shutdown()
    server.server_close()


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
