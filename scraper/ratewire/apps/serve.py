"""A preview on this machine: the site is built again when a file changes, and browsers reload."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from watchfiles import DefaultFilter, watch

from ratewire.config.load import load_site
from ratewire.errors import ConfigError, RatewireError
from ratewire.pipeline import Job

__all__ = ["preview", "serve"]

_SCRIPT = b"<script src='/-/reload.js'></script>"
_RELOAD = b"new EventSource('/-/changes').onmessage = () => location.reload();\n"
_PAUSE = 15.0
"""Seconds between two signs of life to a waiting browser."""


def serve(root: Path, port: int, *, tell: Callable[[str], None]) -> None:
    """Preview the site in `root` until interrupted. Raises ConfigError where the port is taken."""
    with preview(root, port, tell=tell) as address, suppress(KeyboardInterrupt):
        tell(f"{address}  (Ctrl+C stops it)")
        threading.Event().wait()


@contextmanager
def preview(root: Path, port: int, *, tell: Callable[[str], None]) -> Iterator[str]:
    """Build, serve and watch; gives the address. `tell` gets a line for each build."""
    state = _State()
    out = root / ".ratewire" / "preview"
    prefix = _build(root, out, tell) or ""
    handler = partial(_Handler, directory=str(out), state=state, prefix=prefix)
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError as error:
        raise ConfigError(f"port {port}: {error.strerror}; name another with --port") from None
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    watching = threading.Thread(target=_watch, args=(root, out, state, tell), daemon=True)
    watching.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{prefix}/"
    finally:
        state.stop.set()
        state.built()
        watching.join()
        server.shutdown()
        server.server_close()


class _State:
    """How often the site was built, for browsers that wait for the next time."""

    def __init__(self) -> None:
        self.stop = threading.Event()
        self._builds = 0
        self._changed = threading.Condition()

    @property
    def builds(self) -> int:
        return self._builds

    def built(self) -> None:
        with self._changed:
            self._builds += 1
            self._changed.notify_all()

    def wait(self, seen: int) -> bool:
        """Whether the site was built since `seen`, or is within a pause."""
        with self._changed:
            return self._changed.wait_for(lambda: self._builds > seen, _PAUSE)


def _build(root: Path, out: Path, tell: Callable[[str], None]) -> str | None:
    """The path under which the site stands; None: it could not be built, and `tell` knows why."""
    try:
        site = load_site(root)
        built = Job.of(site).build(out=out)
    except RatewireError as error:
        tell(f"not built: {error}")
        return None
    tell(f"built {built.pages} pages, {built.rendered} of them anew")
    return urlsplit(site.settings.url).path.rstrip("/")


def _watch(root: Path, out: Path, state: _State, tell: Callable[[str], None]) -> None:
    names = ("ratewire.toml", "content", "templates", "snapshots")
    paths = [root / name for name in names if (root / name).exists()]
    ignored = DefaultFilter(ignore_dirs=(*DefaultFilter.ignore_dirs, ".locks"))
    changes = watch(*paths, watch_filter=ignored, stop_event=state.stop, rust_timeout=500,
                    yield_on_timeout=False, raise_interrupt=False)  # fmt: skip
    for _ in changes:
        if _build(root, out, tell) is not None:
            state.built()


class _Handler(SimpleHTTPRequestHandler):
    """The built files, each page with a script that waits for the next build."""

    def __init__(self, *args: Any, state: _State, prefix: str, **more: Any) -> None:
        self.state, self.prefix = state, prefix
        super().__init__(*args, **more)

    def parse_request(self) -> bool:
        """A page elsewhere may have its own name lead here (DNS rebinding) and read the drafts."""
        if not super().parse_request():
            return False
        if self.headers.get("host", "").partition(":")[0] in ("127.0.0.1", "localhost"):
            return True
        self.send_error(HTTPStatus.MISDIRECTED_REQUEST)
        return False

    def do_GET(self) -> None:
        if self.path == "/-/reload.js":
            self._answer(_RELOAD, "text/javascript")
        elif self.path == "/-/changes":
            self._tell_of_builds()
        elif self.prefix and not self.path.startswith(f"{self.prefix}/"):
            self.send_error(HTTPStatus.NOT_FOUND)
        else:
            # Two slashes would name another host in the redirect to a folder.
            self.path = "/" + self.path.removeprefix(self.prefix).lstrip("/")
            super().do_GET()

    def send_head(self) -> BytesIO | BinaryIO | None:
        """A page goes out whole, with the script; anything else as the standard server has it."""
        file = Path(self.translate_path(self.path))
        page = file / "index.html" if file.is_dir() and self.path.endswith("/") else file
        if page.suffix != ".html" or not page.is_file():
            return super().send_head()
        body = page.read_bytes()
        self._answer(body.replace(b"</body>", _SCRIPT + b"</body>"), "text/html; charset=utf-8")
        return None

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def _answer(self, body: bytes, kind: str) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _tell_of_builds(self) -> None:
        """Server-sent events (HTML, 9.2): one for the next build, then the browser asks anew."""
        seen = self.state.builds
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        try:
            while not self.state.stop.is_set():
                built = self.state.wait(seen)
                self.wfile.write(b"data: built\n\n" if built else b": waiting\n\n")
                self.wfile.flush()
                if built:
                    return
        except OSError:
            return  # the browser went away

    def log_message(self, format: str, *args: object) -> None:
        """The terminal is for builds."""
