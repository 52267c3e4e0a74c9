"""How quickly pages are read, against only parsing them; and how much memory a huge page takes.

`ratio` is the time of `scraper.read.read` over that of `BeautifulSoup(text, "lxml")` on the same
captures: both in one process, in turn, medians of several rounds, summed over the pages.
`memory_ratio` is what a page of ten megabytes with 100,000 rows adds to a process of its own at
its peak, over the size of the page; a page that is refused for its size counts as it is.

    python benchmarks/read_speed.py [--quick] [--corpus DIR]
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from bs4 import BeautifulSoup

from scraper.errors import ReadError
from scraper.model import Capture, Source
from scraper.read import read

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
SOURCE = Source("page", "Page", "Publisher", "https://docs.example/pricing")
ROWS = 100_000
SIZE = 10_000_000


def capture(body: bytes) -> Capture:
    return Capture(SOURCE.url, body, datetime(2026, 1, 1, tzinfo=UTC))


# ── Time ─────────────────────────────────────────────────────────────────────────────────────


def pages(corpus: Path, quick: bool) -> list[Path]:
    """The latest capture of each page, HTML and Markdown alike; every one of the HTML."""
    lines = (corpus / "INDEX.jsonl").read_text("utf-8").splitlines()
    entries = [json.loads(line) for line in lines]
    latest = {(e["page"], e["format"]): e["path"] for e in sorted(entries, key=lambda e: e["date"])}
    html = [e["path"] for e in entries if e["format"] == "html" and e["kind"] == "pricing"]
    chosen = sorted({*latest.values(), *html})
    return [corpus / path for path in (chosen[::3] if quick else chosen)]


def medians(jobs: list[Callable[[], object]], rounds: int) -> list[float]:
    """Seconds of each job: all in turn, several rounds, after one that does not count."""
    times: list[list[float]] = [[] for _ in jobs]
    for round_ in range(rounds + 1):
        for job, taken in zip(jobs, times, strict=True):
            start = time.perf_counter()
            job()
            if round_:
                taken.append(time.perf_counter() - start)
    return [statistics.median(taken) for taken in times]


def measure(paths: list[Path], root: Path, rounds: int) -> float:
    """Print each page's two times; the ratio of the sums."""
    ours = theirs = 0.0
    print(f"{'page':70} {'KB':>7} {'read ms':>9} {'parse ms':>9} {'ratio':>6}")
    for path in paths:
        body = path.read_bytes()
        text = capture(body).text

        def reading(body: bytes = body) -> None:
            read(capture(body), SOURCE)

        def parsing(text: str = text) -> None:
            BeautifulSoup(text, "lxml")

        mine, other = medians([reading, parsing], rounds)
        ours, theirs = ours + mine, theirs + other
        name = str(path.relative_to(root))[-70:]
        print(
            f"{name:70} {len(body) / 1000:7.0f} {mine * 1000:9.1f} {other * 1000:9.1f} "
            f"{mine / other:6.2f}"
        )
    return ours / theirs


# ── Memory ───────────────────────────────────────────────────────────────────────────────────


def huge_page() -> bytes:
    """One table of 100,000 rows, with enough ordinary text beside it to make ten megabytes."""
    rows = "".join(
        f"<tr><td>model-{n}</td><td>${n % 997}.{n % 89:02}</td><td>${n % 499}.50</td></tr>\n"
        for n in range(ROWS)
    )
    table = (
        "<h2>Prices per 1M tokens</h2><table><tr><th>Model</th><th>Input</th><th>Output</th></tr>"
        f"{rows}</table>"
    )
    paragraph = "<p>Words about the service, without any figure in them, go on and on.</p>\n"
    filling = paragraph * max(0, (SIZE - len(table)) // len(paragraph))
    page = f"<!doctype html><title>Pricing</title><body>{table}{filling}</body>"
    return page.encode()


def peak() -> int:
    """Most bytes that this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def read_huge() -> None:
    """In a process of its own: read the huge page, and print what came of it."""
    read(capture(b"<table><tr><th>Model<th>Input<tr><td>a<td>$1</table>"), SOURCE)
    body = huge_page()
    before = peak()
    start = time.perf_counter()
    try:
        outcome = f"{len(read(capture(body), SOURCE).facts.rates)} rates read"
    except ReadError as error:
        outcome = f"refused: {error}"
    print(json.dumps({
        "outcome": outcome,
        "seconds": round(time.perf_counter() - start, 1),
        "ratio": round((peak() - before) / len(body), 2),
        "megabytes": round(len(body) / 1e6, 1),
    }))  # fmt: skip


def memory() -> Iterator[str | float]:
    done = subprocess.run(
        [sys.executable, __file__, "--huge"], capture_output=True, text=True, check=True
    )
    said = json.loads(done.stdout.splitlines()[-1])
    yield (
        f"A page of {said['megabytes']} MB with {ROWS:,} rows: {said['outcome']} in "
        f"{said['seconds']} s, {said['ratio']} times its size in memory"
    )
    yield said["ratio"]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="fewer pages and rounds")
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--huge", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.huge:
        read_huge()
        return
    if not (options.corpus / "INDEX.jsonl").is_file():
        sys.exit(f"{options.corpus}: no INDEX.jsonl there; name the corpus with --corpus DIR")
    chosen = pages(options.corpus, options.quick)
    ratio = measure(chosen, options.corpus, rounds=3 if options.quick else 7)
    sentence, memory_ratio = memory()
    print(sentence)
    print(f"RESULT {json.dumps({'ratio': round(ratio, 3), 'memory_ratio': memory_ratio})}")


if __name__ == "__main__":
    main()
