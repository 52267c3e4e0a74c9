"""A ratewire site that is really built and served on this machine, and who reads it."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from ratewire.cli import app
from ratewire.config import CompareSettings, FetchSettings, Site
from ratewire.config.load import load_site
from ratewire.pipeline import Job, now_utc

ROOT = Path(__file__).parents[1]
PAGES = ROOT / "demo" / "captures" / "northlight-pricing"
BEFORE = (PAGES / "2026-02-10_back.html").read_text("utf-8")
AFTER = (PAGES / "2026-03-02_price-cut.html").read_text("utf-8")


class Vendor:
    """The official page, the site that watches it, and the site's own address."""

    def __init__(self, site: Site, served: Any, url: str) -> None:
        self.site, self.served, self.url = site, served, url
        self.api = site.output / "api" / "v1"

    def shows(self, page: str, *, now: Callable[[], datetime] = now_utc) -> None:
        """The page is changed, checked, and the site built."""
        self.served.show("/pricing", page)
        job = Job.of(self.site, now=now)
        assert job.check(self.site.sources, seen=lambda _: None).exit_code == 0
        job.build()


def run(*arguments: str | Path) -> Any:
    return CliRunner().invoke(app, [str(each) for each in arguments], catch_exceptions=False)


def git(folder: Path, *arguments: str) -> str:
    owner = ("-c", "user.name=Owner", "-c", "user.email=owner@example.org")
    command = ["git", "-C", str(folder), *owner, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@contextmanager
def published(
    tmp_path: Path, served: Any, *, now: Callable[[], datetime] = now_utc
) -> Iterator[Vendor]:
    """Its page had other prices once, and a cut since."""
    folder = tmp_path / "site"
    shutil.copytree(ROOT / "demo" / "content", folder / "content")
    shutil.rmtree(folder / "content" / "articles")
    shutil.copy(ROOT / "demo" / "ratewire.toml", folder)
    whole = load_site(folder)

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

    handler = partial(Handler, directory=str(whole.output))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        whole = replace(
            whole,
            fetch=FetchSettings(allow_private=True, delay=0),
            compare=CompareSettings(confirmations=1),
            settings=replace(whole.settings, url=url),
            sources=(replace(whole.sources[0], url=f"{served.url}/pricing"),),
        )
        one = Vendor(whole, served, url)
        one.shows(BEFORE, now=now)
        one.shows(AFTER, now=now)
        yield one
        server.shutdown()
