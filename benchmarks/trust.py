"""Whether what is announced happened, and what happened is announced, whatever the network does.

Every series of real captures is served on loopback, in order, to the whole job (fetch, judge, read,
compare, record), first as it was and then with faults mixed in by seed: at a fifth of the steps the
page is for a while a bot wall, an empty shell, cut in half, an error, now this version and now the
last one, or has a typo that is mended. What is announced with faults is held against what is
announced without; in the end the site is built, and its feed against the log.

    python benchmarks/trust.py [--quick] [--corpus DIR] [--seeds N] [--only SUBSTRING]

`false`: announced with faults and not without. `missed`: the other way round.
`missed_without_faults`: alterations between two captures in a row that were never announced.
`late`: checks by which an announcement came later than without faults, at the most.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import re
import tempfile
import threading
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote

import ratewire.stages as stages
from ratewire.compare import alteration_key, compare_readings
from ratewire.config import Site
from ratewire.config.load import load_site
from ratewire.decide import accept_waiting, waiting
from ratewire.errors import BuildError
from ratewire.judge import judge
from ratewire.model import Capture, Reading, Source
from ratewire.pipeline import Job
from ratewire.read import read

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
FAULTS = ("wall", "shell", "half", "error", "flip", "typo")
SHARE = 0.2
"""Of the steps that have a fault."""
HOUR = timedelta(hours=1)
AFTER_FAULT = 10
"""Checks of the true page that follow a fault: enough for the hardest proof that two flips ask."""
WALL = (
    b"<!doctype html><html><head><title>Just a moment...</title></head><body><h1>Checking your "
    b"browser before you go on</h1><p>Enable JavaScript and cookies to continue.</p></body></html>"
)
SHELL = (
    b'<!doctype html><html><head><title>Pricing</title><script src="/app.js"></script></head>'
    b'<body><div id="root"></div><noscript>You need to enable JavaScript.</noscript></body></html>'
)
PRICE = re.compile(rb"\$\s?\d")


@dataclass(frozen=True, slots=True)
class Shown:
    """What the vendor serves at one check."""

    body: bytes
    status: int = 200
    kind: str = ""


@dataclass(frozen=True)
class Series:
    """One page through time."""

    name: str
    source: Source
    kind: str
    bodies: tuple[bytes, ...]
    dates: tuple[datetime, ...]


# ── The vendor ───────────────────────────────────────────────────────────────────────────────


class Vendor:
    """Serves one page on loopback, conditional requests included."""

    def __init__(self) -> None:
        self.shown = Shown(b"")
        vendor = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                shown = vendor.shown
                etag = f'"{hashlib.sha256(shown.body).hexdigest()[:32]}"'
                known = shown.status == 200 and self.headers.get("If-None-Match") == etag
                self.send_response(304 if known else shown.status)
                self.send_header("ETag", etag)
                if not known:
                    self.send_header("Content-Type", shown.kind)
                    self.send_header("Content-Length", str(len(shown.body)))
                self.end_headers()
                if not known:
                    self.wfile.write(shown.body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_port}/page"
        threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()


def checks(series: Series, step: int, fault: str, luck: random.Random) -> list[Shown]:
    """What is served at the checks of one step, the true page at the last ones."""
    body, kind = series.bodies[step], series.kind
    true, old = Shown(body, kind=kind), Shown(series.bodies[max(step - 1, 0)], kind=kind)
    bad = {
        "wall": Shown(WALL, 403, "text/html"),
        "shell": Shown(SHELL, kind="text/html"),
        "half": Shown(body[: len(body) // 2], kind=kind),
        "error": Shown(b"Internal Server Error", 500, "text/plain"),
        "typo": Shown(mistyped(body, luck), kind=kind),
        "flip": old,
    }
    if not fault:
        return [true, true]
    if fault == "flip":
        return [true, old, true, old, *[true] * AFTER_FAULT]
    first = [true] if luck.random() < 0.5 else []
    return [*first, bad[fault], *[true] * AFTER_FAULT]


def mistyped(body: bytes, luck: random.Random) -> bytes:
    """The page with another digit in one of its prices."""
    places = [found.end() - 1 for found in PRICE.finditer(body)]
    if not places:
        return body
    place = luck.choice(places)
    digit = luck.choice([d for d in b"123456789" if d != body[place]])
    return body[:place] + bytes([digit]) + body[place + 1 :]


# ── One run ──────────────────────────────────────────────────────────────────────────────────


@dataclass
class Run:
    """What was announced of one series, and at which check after its step began."""

    told: Counter[str] = field(default_factory=Counter)
    ids: list[str] = field(default_factory=list)
    when: dict[str, int] = field(default_factory=dict)
    feed_differs: int = 0


def run(series: Series, root: Path, seed: int | None) -> Run:
    """The whole job through one series; `seed` None: without faults."""
    luck = random.Random(f"{seed} {series.name}")
    site, vendor, clock = site_for(series, root), Vendor(), Clock()
    job = Job.of(site, now=clock.now, routes={series.source.url: vendor.url})
    found = Run()
    try:
        for step, date in enumerate(series.dates):
            fault = luck.choice(FAULTS) if seed is not None and luck.random() < SHARE else ""
            clock.time = max(clock.time + HOUR, date)
            served = checks(series, step, fault if step else "", luck)
            for number, vendor.shown in enumerate(served):
                report = job.check([series.source], seen=nobody)
                changes = [c for outcome in report.outcomes for c in outcome.changes]
                if number == len(served) - 1:
                    changes += accepted(job)
                for change in changes:
                    found.ids.append(change.id)
                    for alteration in change.alterations:
                        key = alteration_key(alteration)
                        found.told[key] += 1
                        found.when.setdefault(key, number)
                clock.time += HOUR
    finally:
        vendor.close()
    try:
        job.build()
    except BuildError as error:
        print(f"{series.name}: not built: {error}")
        found.feed_differs = 1
    else:
        found.feed_differs = feed_differs(site, found.ids)
    return found


def accepted(job: Job) -> list[Any]:
    """As an owner does who looks at what is held, and finds that the page is so."""
    held = [id for id, (pending, _) in waiting(job).items() if pending.held]
    return [change for id in held for change in accept_waiting(job, id)]


def feed_differs(site: Site, ids: Sequence[str]) -> int:
    """Entries that the feed has and the log has not, or the other way round (of the newest)."""
    feed = json.loads((site.output / "feeds" / "all.json").read_bytes())
    entries = [str(item["id"]) for item in feed["items"]]
    log = set(ids)
    strange = sum(not any(id in entry for id in log) for entry in entries)
    return strange + (min(len(log), site.settings.feed_entries) - len(entries))


def site_for(series: Series, root: Path) -> Site:
    folder = root / "content" / "sources"
    folder.mkdir(parents=True)
    (root / "ratewire.toml").write_text('[site]\ntitle = "T"\nurl = "https://t.example"\n', "utf-8")
    source = f'name = "P"\npublisher = "P"\nurl = {json.dumps(series.source.url)}\n'
    (folder / f"{series.source.id}.toml").write_text(source, "utf-8")
    site = load_site(root)
    fetch = replace(site.fetch, robots=False, delay=0.0, retries=0, allow_private=True)
    return replace(site, fetch=fetch)


class Clock:
    def __init__(self) -> None:
        self.time = datetime(2000, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time


def nobody(_: object) -> None:
    pass


# ── The corpus ───────────────────────────────────────────────────────────────────────────────


def all_series(corpus: Path) -> Iterator[Series]:
    """Folders with several captures of one page, oldest first."""
    kinds = {"md": "text/markdown", "mdx": "text/markdown", "markerb": "text/markdown"}
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in (corpus / "INDEX.jsonl").read_text("utf-8").splitlines():
        entry = json.loads(line)
        if (corpus / entry["path"]).is_file():
            groups[entry["path"].rpartition("/")[0]].append(entry)
    for name, entries in sorted(groups.items()):
        dated = [(datetime.fromisoformat(e["date"]).astimezone(UTC), n) for n, e in
                 enumerate(entries)]  # fmt: skip
        order = [n for _, n in sorted(dated)]
        if len(order) < 2:
            continue
        first = entries[order[0]]
        url = first["page_url"] or f"https://docs.example/{quote(first['repo_path'])}"
        slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
        yield Series(
            name,
            Source(slug, "P", "P", url),
            kinds.get(first["path"].rpartition(".")[2], "text/html"),
            tuple((corpus / entries[n]["path"]).read_bytes() for n in order),
            tuple(dated[n][0] for n in order),
        )


def between(series: Series) -> Counter[str]:
    """Alterations between captures in a row, as a person sees who has all of them."""
    readings: list[tuple[Reading, datetime]] = []
    for body, date in zip(series.bodies, series.dates, strict=True):
        capture = Capture(series.source.url, body, date, media_type=series.kind)
        if judge(capture, series.source).genuine:
            readings.append((read_once(capture, series.source), date))
    found: Counter[str] = Counter()
    if not readings:
        return found
    old, since = readings[0]
    for new, on in readings[1:]:
        compared = compare_readings(
            old, new, on=on.date(), since=since.date(), source=series.source
        )
        if compared.held is None:
            found.update(alteration_key(alteration) for alteration in compared.alterations)
        old, since = compared.later, on
    return found


_READ: dict[tuple[str, str, str], Reading] = {}


def read_once(capture: Capture, source: Source) -> Reading:
    """Reading is pure: so many runs need to read each page once only."""
    key = capture.url, capture.sha256, capture.media_type
    if key not in _READ:
        _READ[key] = read(capture, source)
    return _READ[key]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="one seed, the first of each series")
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--only", default="", help="series whose name has this in it")
    asked = parser.parse_args()
    vars(stages)["read"] = read_once
    total: Counter[str] = Counter()
    late = 0
    seeds = 1 if asked.quick else asked.seeds
    chosen = [s for s in all_series(asked.corpus) if asked.only in s.name]
    for series in chosen:
        if asked.quick:
            series = replace(series, bodies=series.bodies[:3], dates=series.dates[:3])  # noqa: PLW2901
        found = measured(series, seeds)
        late = max(late, found.pop("late"))
        total.update(found)
        said = ", ".join(f"{name} {count}" for name, count in found.items() if count)
        print(f"{series.name} ({len(series.dates)}): {said or 'nothing announced'}", flush=True)
    result = {"series": len(chosen), "seeds": seeds, **{name: total[name] for name in NAMES}}
    print("RESULT " + json.dumps({**result, "late": late}))


NAMES = (
    "announced", "false", "duplicated", "missed", "missed_without_faults", "feed_differs",
)  # fmt: skip


def measured(series: Series, seeds: int) -> dict[str, int]:
    found: Counter[str] = Counter()
    late = 0
    with tempfile.TemporaryDirectory() as folder:
        clean = run(series, Path(folder) / "clean", None)
        found["announced"] = clean.told.total()
        found["missed_without_faults"] = (between(series) - clean.told).total()
        for seed in range(seeds):
            faulty = run(series, Path(folder) / str(seed), seed)
            found["false"] += (faulty.told - clean.told).total()
            found["missed"] += (clean.told - faulty.told).total()
            late = max([late, *lateness(clean.when, faulty.when)])
            add(found, faulty)
        add(found, clean)
    return {**{name: found[name] for name in NAMES}, "late": late}


def add(found: Counter[str], one: Run) -> None:
    found["duplicated"] += len(one.ids) - len(set(one.ids))
    found["feed_differs"] += one.feed_differs


def lateness(clean: Mapping[str, int], faulty: Mapping[str, int]) -> Iterator[int]:
    return (faulty[key] - clean[key] for key in clean.keys() & faulty.keys())


if __name__ == "__main__":
    main()
