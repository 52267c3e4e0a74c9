"""Dated captures served on loopback, a simulated clock moved through them, the whole job at each
step: so anyone sees a change found, confirmed, published and announced in a minute.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import tomlkit

from ratewire.config import AnnounceSettings, Site, duration
from ratewire.config.load import load_site
from ratewire.decide import accept_waiting, waiting
from ratewire.errors import ConfigError
from ratewire.fetch.saved import date_of, media_type
from ratewire.model import Health, HealthState
from ratewire.pipeline import Job, Outcome, Report

__all__ = ["ReplayStep", "histories", "replay"]

_OWN = ("captures", "site", "snapshots", ".ratewire")
"""Folders of a site that a replay does not take over."""


@dataclass(frozen=True, slots=True)
class Dated:
    """One capture of a history and the moment from which its page was served."""

    page: str
    at: datetime
    file: Path


@dataclass(frozen=True, slots=True)
class ReplayStep:
    """What the whole job came to at one moment of the replay."""

    at: datetime
    served: tuple[Dated, ...]
    """Captures that are new at this moment; none where the pages are only looked at again."""
    report: Report


def replay(
    folder: Path, out: Path, *, apart: str = "", accept_held: bool = False
) -> Iterator[ReplayStep]:
    """Run the job through the folder's histories, in a site of its own at `out`.

    `folder` is a site with histories in `captures/<source>/`, or holds bare ones: dated files of
    one page, or a folder of them for each page, with an optional `<page>.toml` beside it (as in
    content/sources/). Each capture is checked when it appears and once more after `apart` (default:
    as the site's settings ask between two sightings), so that what it shows can be confirmed.
    `accept_held`: a reading that is still held at the second look is accepted, as by an owner.

    Raises ConfigError where there is no history, and what the job raises.
    """
    pages = histories(folder)
    site = _prepare(folder, out, pages)
    wait = duration(apart or site.compare.min_interval)
    clock = _Clock()
    with _Server() as server:
        routes = {source.url: server.address(source.id) for source in site.sources}
        job = Job.of(site, now=clock.now, routes=routes)
        for clock.time, dated in _timeline(pages, wait):
            server.pages.update({each.page: each for each in dated})
            served = tuple(source for source in site.sources if source.id in server.pages)
            yield ReplayStep(clock.time, dated, job.run(served, seen=_nobody))
            if accept_held and not dated:
                yield from _accepted(job)


def _accepted(job: Job) -> Iterator[ReplayStep]:
    """Say yes to all that is held, publish and announce it."""
    outcomes = []
    for id, (pending, _) in waiting(job).items():
        if pending.held:
            changes = accept_waiting(job, id)
            health = Health(HealthState.OK, job.now())
            notes = (f"accepted: {pending.held.reason}",)
            outcomes.append(Outcome(job.site.source(id), health, True, changes, notes=notes))
    if outcomes:
        report = job.run((), seen=_nobody)
        yield ReplayStep(job.now(), (), replace(report, outcomes=tuple(outcomes)))


def _nobody(_: Outcome) -> None:
    """The step tells it all."""


def histories(folder: Path) -> dict[str, tuple[Dated, ...]]:
    """The dated captures in a folder, by page, oldest first. Raises ConfigError: there are none."""
    root = folder / "captures" if (folder / "ratewire.toml").is_file() else folder
    folders = [root, *sorted(path for path in root.glob("*") if path.is_dir())]
    found = {path.name if path != root else _slug(folder.name): _dated(path) for path in folders}
    found = {_slug(name): dated for name, dated in found.items() if dated}
    if not found:
        raise ConfigError(
            f"{root} holds no dated captures; name them like 2026-03-01_pricing.html, "
            "or put them into one folder for each page"
        )
    return {
        page: tuple(replace(each, page=page) for each in dated) for page, dated in found.items()
    }


def _dated(folder: Path) -> list[Dated]:
    files = sorted(file for file in folder.glob("*") if file.is_file())
    return [Dated("", at, file) for file in files if (at := date_of(file)) is not None]


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "page"


def _timeline(
    pages: Mapping[str, tuple[Dated, ...]], wait: timedelta
) -> Iterator[tuple[datetime, tuple[Dated, ...]]]:
    """The moments of all checks, each with the captures that are new at it.

    Captures of one page and one date, without a time, follow each other so far apart that each
    is looked at twice.
    """
    new: dict[datetime, list[Dated]] = {}
    for dated in pages.values():
        last: datetime | None = None
        for each in dated:
            last = each.at if last is None or each.at > last else last + 2 * wait
            new.setdefault(last, []).append(each)
            new.setdefault(last + wait, [])
    for moment in sorted(new):
        yield moment, tuple(new[moment])


def _prepare(folder: Path, out: Path, pages: Mapping[str, tuple[Dated, ...]]) -> Site:
    """A site at `out` that watches these pages and nothing else. Raises ConfigError."""
    if out.exists() and any(out.iterdir()):
        raise ConfigError(f"{out} is not empty; a replay starts from nothing")
    whole = (folder / "ratewire.toml").is_file()
    if whole:
        shutil.copytree(folder, out, dirs_exist_ok=True, ignore=shutil.ignore_patterns(*_OWN))
    else:
        _write_bare_site(folder, out, pages)
    site = load_site(out)
    known = {source.id for source in site.sources}
    if strangers := sorted(set(pages) - known):
        raise ConfigError(f"captures/{strangers[0]} is of no source in {folder}/content/sources")
    return replace(
        site,
        # Only what is replayed is asked for, and only on this machine.
        sources=tuple(
            replace(source, alternates=(), render=False)
            for source in site.sources
            if source.id in pages
        ),
        fetch=replace(site.fetch, robots=False, delay=0.0, render=False, retries=0),
        announce=AnnounceSettings(site.announce.immediate),
    )


def _write_bare_site(folder: Path, out: Path, pages: Mapping[str, tuple[Dated, ...]]) -> None:
    sources = out / "content" / "sources"
    sources.mkdir(parents=True)
    for page in pages:
        told = folder / f"{page}.toml"
        if told.is_file():
            shutil.copyfile(told, sources / f"{page}.toml")
            continue
        plain = {"name": page, "publisher": page, "url": f"https://{page}.example/pricing"}
        (sources / f"{page}.toml").write_text(tomlkit.dumps(plain), "utf-8")
    settings = {"site": {"title": f"Replay of {folder.name}", "url": "https://replay.example"}}
    (out / "ratewire.toml").write_text(tomlkit.dumps(settings), "utf-8")


@dataclass
class _Clock:
    time: datetime = datetime(1970, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time


@dataclass
class _Server:
    """Each page's capture of the moment, at an address of its own on 127.0.0.1."""

    pages: dict[str, Dated] = field(default_factory=dict)
    port: int = 0

    def address(self, page: str) -> str:
        return f"http://127.0.0.1:{self.port}/{page}"

    def __enter__(self) -> _Server:
        handler = type("Handler", (_VendorHandler,), {"pages": self.pages})
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.port = self._http.server_port
        threading.Thread(target=self._http.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()


class _VendorHandler(BaseHTTPRequestHandler):
    """Serves as a vendor does, conditional requests included (RFC 9110)."""

    pages: Mapping[str, Dated]

    def do_GET(self) -> None:
        dated = self.pages.get(self.path.strip("/"))
        if dated is None:
            self.send_error(404)
            return
        body = dated.file.read_bytes()
        etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        known = self.headers.get("If-None-Match") == etag
        self.send_response(304 if known else 200)
        self.send_header("ETag", etag)
        if not known:
            self.send_header("Content-Type", media_type(dated.file) or "text/html")
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if not known:
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the replay itself tells what is served."""
