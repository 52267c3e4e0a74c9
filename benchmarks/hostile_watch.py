"""A small site, its vendors and its reader on loopback, on a clock that is set by hand."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from hostile_outcome import Told

from ratewire.config.load import load_site
from ratewire.pipeline import Job, Outcome, Report

__all__ = ["START", "Loopback", "Prices", "Watch", "page"]

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
SECRET = "whsec_" + "aG9zdGlsZWhvc3RpbGVob3N0aWxlaG9zdGlsZQ=="
SETTINGS = """[site]
title = "Watch"
url = "https://watch.example"

[fetch]
delay = 0
retries = 0

[[announce.webhook]]
url = "{hook}/hook"
"""
SOURCE = """name = "{name} pricing"
publisher = "{name}"
url = "https://{name}.example/pricing"
every = "1h"
{more}
"""
Prices = Mapping[str, str]


def page(prices: Prices, *, title: str = "Prices") -> str:
    """A price list. An empty price leaves the row out."""
    rows = "".join(
        f"<tr><td>{name}</td><td>${price}</td></tr>" for name, price in prices.items() if price
    )
    return (
        f"<!doctype html><html lang=en><title>Pricing</title><h1>{title}</h1>"
        "<p>Prices per 1M tokens.</p><table><tr><th>Model</th><th>Output</th></tr>"
        f"{rows}</table></html>"
    )


@dataclass
class Loopback:
    """The vendors' servers and the reader's: pages by path, and what was heard."""

    pages: dict[str, tuple[int, str]] = field(default_factory=dict)
    dates: dict[str, datetime | None] = field(default_factory=dict)
    """By first part of a path, what that server names as its time."""
    heard: list[dict[str, object]] = field(default_factory=list)
    away: bool = False
    """The reader's server takes no message."""

    def __post_init__(self) -> None:
        world = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = 1 << 16

            def do_GET(self) -> None:
                status, text = world.pages.get(self.path, (404, "no page"))
                self.send_response_only(status)
                date = world.dates.get(self.path.split("/")[1])
                if date is not None:
                    self.send_header("Date", format_datetime(date, usegmt=True))
                self._body(text.encode(), "text/html; charset=utf-8")

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                if not world.away:
                    world.heard.append(json.loads(body))
                self.send_response_only(503 if world.away else 200)
                self._body(b"", "text/plain")

            def _body(self, body: bytes, kind: str) -> None:
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, args=(0.02,), daemon=True).start()

    def __enter__(self) -> Loopback:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.shutdown()
        self.http.server_close()


class Watch:
    """A site in a folder. `time` is the true time; the machine's clock is `clock` ahead of it, and
    those servers that name a time, `named`, are so far ahead.
    """

    def __init__(self, root: Path, world: Loopback, *names: str, more: str = "") -> None:
        os.environ["RATEWIRE_WEBHOOK_SECRET"] = SECRET
        self.root, self.time, self.clock = root, START, timedelta()
        self.world = world
        self.named: dict[str, timedelta] = {}
        self.elsewhere: dict[str, str] = {}
        """Vendors whose server is another one, with its address."""
        self.names = names
        self.reports: list[Report] = []
        (root / "content" / "sources").mkdir(parents=True, exist_ok=True)
        (root / "ratewire.toml").write_text(SETTINGS.format(hook=self.world.url))
        for name in names:
            self.set_up(name, more)

    def set_up(self, name: str, more: str = "") -> None:
        file = self.root / "content" / "sources" / f"{name}.toml"
        file.write_text(SOURCE.format(name=name, more=more))

    def show(self, name: str, text: str, *, status: int = 200, path: str = "pricing") -> None:
        self.world.pages[f"/{name}/{path}"] = (status, text)

    @property
    def job(self) -> Job:
        routes = {
            f"https://{name}.example/": self.elsewhere.get(name, f"{self.world.url}/{name}/")
            for name in self.names
        }
        return Job.of(
            load_site(self.root),
            now=lambda: self.time + self.clock,
            routes=routes,
            routed_dates=True,
        )

    def run(self, times: int = 1, *, minutes: int = 60, build: bool = False) -> Report:
        """The whole job, so many minutes after the last; the site is built only where asked."""
        for _ in range(times):
            self.time += timedelta(minutes=minutes)
            self.world.dates = {name: self.time + ahead for name, ahead in self.named.items()}
            job = self.job
            report = job.check(job.site.sources, seen=_nobody)
            if build:
                job.build()
            job.announce()
            self.reports.append(report)
        return report

    def told(self) -> list[Told]:
        """All that the reader heard, in order."""
        found: list[Told] = []
        for message in self.world.heard:
            data = message["data"]
            assert isinstance(data, dict)
            for change in data.get("changes", [data]):
                for one in change["alterations"]:
                    before, after = one["before"] or {}, one["after"] or {}
                    subject = f"{(after or before).get('product')}"
                    found.append((subject, before.get("amount", ""), after.get("amount", "")))
        return found


def _nobody(_: Outcome) -> None:
    pass
