"""What tests of all stages share: what they need of the machine, and how they do without it."""

from __future__ import annotations

import functools
import gc
import hashlib
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from mail_desk import HttpServer, MailServer, free_port

settings.register_profile("untimed", settings(), deadline=None)  # a busy machine is no fault
settings.register_profile("mutation", settings(), deadline=None, derandomize=True, max_examples=20)
settings.register_profile("thorough", settings(), deadline=None, max_examples=2_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "untimed"))


def pytest_sessionstart() -> None:
    """Each mutant of scripts/mutate.py is a fork of a process whose caches are warm: results of the
    code as it was before."""
    if os.environ.get("HYPOTHESIS_PROFILE") == "mutation":
        for cached in gc.get_objects():
            if isinstance(cached, functools._lru_cache_wrapper):
                cached.cache_clear()


TOOLS = Path(__file__).parent / "tools"
CORPUS = Path(__file__).parents[2] / "shared" / "corpus"


@pytest.fixture(scope="session")
def needs() -> Callable[..., str]:
    """`needs("hugo")` is the tool's path; where it is missing the test skips, and under CI fails.

    Several names are alternatives: the first that is found is taken.
    """

    def find(*names: str) -> str:
        found = next(filter(None, map(shutil.which, names)), None)
        if found is None:
            reason = f"needs {' or '.join(names)}, which is not installed"
            (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
        return str(found)

    return find


@pytest.fixture(scope="session")
def chromium(needs: Callable[..., str]) -> str:
    """The path of a Chromium."""
    return needs("chromium", "chromium-browser", "google-chrome", "chrome")


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as player:
        browser = player.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def faults() -> Callable[..., list[Any]]:
    """`faults(page)`: what axe-core finds against the page that is open; `colours`: of them only
    what hangs on colours.
    """
    try:
        import axe_playwright_python
    except ImportError:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("needs axe-playwright-python")
    axe = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()

    def find(page: Any, *, colours: bool = False) -> list[Any]:
        page.evaluate(axe)
        only = {"runOnly": ["color-contrast", "link-in-text-block"]} if colours else {}
        return [
            (one["id"], [node["html"][:120] for node in one["nodes"]])
            for one in page.evaluate("only => axe.run(only)", only)["violations"]
        ]

    return find


@pytest.fixture(scope="session")
def npm_file() -> Callable[[str], Path]:
    """`npm_file("node_modules/vnu-jar/…")` is a file of `tests/tools`; where the packages are not
    installed the test skips, and under CI fails.
    """

    def find(name: str) -> Path:
        file = TOOLS / name
        if not file.exists():
            reason = f"needs {name}: run `npm ci` in tests/tools"
            (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
        return file

    return find


@pytest.fixture(scope="session")
def corpus() -> Path:
    """Real captures; they are their vendors' and no part of the project, so CI may lack them."""
    if not CORPUS.is_dir():
        pytest.skip("../shared/corpus is absent")
    return CORPUS


class Served:
    """A vendor on loopback: pages by path, with ETags, and a list of what was asked."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[int, str, bytes]] = {}
        self.asked: list[tuple[str, int]] = []
        vendor = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, kind, body = vendor.pages.get(self.path, (404, "text/plain", b"no page"))
                etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
                if status == 200 and self.headers.get("If-None-Match") == etag:
                    status, body = 304, b""
                vendor.asked.append((self.path, status))
                self.send_response(status)
                self.send_header("ETag", etag)
                if status != 304:
                    self.send_header("Content-Type", kind)
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def show(self, path: str, html: str, status: int = 200) -> None:
        self.pages[path] = (status, "text/html; charset=utf-8", html.encode())

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def served() -> Iterator[Served]:
    vendor = Served()
    yield vendor
    vendor.close()


@pytest.fixture
def smtp() -> Iterator[MailServer]:
    """A real mail server on loopback."""
    from aiosmtpd.controller import Controller

    server = MailServer()
    server.host, server.port = "127.0.0.1", free_port()
    controller = Controller(server, hostname=server.host, port=server.port)
    controller.start()
    yield server
    controller.stop()


@pytest.fixture
def http() -> Iterator[HttpServer]:
    """A real HTTP server on loopback that takes POSTs."""

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
