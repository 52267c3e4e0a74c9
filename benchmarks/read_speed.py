"""How quickly pages are read, against only parsing them; and how much memory a huge page takes.

`ratio` is the time of `ratewire.read.read` over that of `BeautifulSoup(text, "lxml")` on the same
captures: both in one process, in turn, medians of several rounds, summed over the pages.
`compare_ratio` is the time of `ratewire.compare.compare_readings` on the last two captures of each
page, already read, over that of parsing the later one, taken alike; 0 where no page has two.
`memory_ratio` is what a page of ten megabytes with 100,000 rows (a twentieth of it with `--quick`)
adds to a process of its own at its peak, over the size of the page; a page that is refused for
its size counts as it is.

    python benchmarks/read_speed.py [--quick] [--corpus DIR]
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from bs4 import BeautifulSoup

from ratewire.compare import compare_readings
from ratewire.errors import ReadError
from ratewire.model import Capture, Source
from ratewire.read import read

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
SOURCE = Source("page", "Page", "Publisher", "https://docs.example/pricing")
DAY = date(2026, 1, 1)
ROWS = 100_000
BYTES_A_ROW = 100


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


def successions(corpus: Path, quick: bool) -> list[tuple[Path, Path]]:
    """The last two captures of each page, of one format."""
    lines = (corpus / "INDEX.jsonl").read_text("utf-8").splitlines()
    captures: dict[tuple[str, str], list[Path]] = defaultdict(list)
    for entry in sorted(map(json.loads, lines), key=lambda entry: entry["date"]):
        captures[entry["page"], entry["format"]].append(corpus / entry["path"])
    found = [(paths[-2], paths[-1]) for paths in captures.values() if len(paths) > 1]
    return found[::3] if quick else found


def measure_comparing(pairs: list[tuple[Path, Path]], rounds: int) -> float:
    """The ratio of the sums of what comparing and parsing take."""
    ours = theirs = 0.0
    for paths in pairs:
        before, after = (read(capture(path.read_bytes()), SOURCE) for path in paths)
        text = capture(paths[1].read_bytes()).text
        comparing, parsing = [], []
        for _ in range(rounds):
            comparing.append(
                seconds(lambda a=before, b=after: compare_readings(a, b, on=DAY, source=SOURCE))
            )
            parsing.append(seconds(lambda text=text: BeautifulSoup(text, "lxml")))
        ours += statistics.median(comparing)
        theirs += statistics.median(parsing)
    return ours / theirs if theirs else 0.0


def measure(paths: list[Path], root: Path, rounds: int) -> tuple[float, float]:
    """Print each page's two times; the ratios of the sums, over all and over the HTML alone.

    Every round goes over all the pages, so that nothing which reading remembers of one page is
    still at hand when its turn comes again; each page is read and parsed in turn. The first
    round warms up and does not count.
    """
    times: dict[Path, tuple[list[float], list[float]]] = {path: ([], []) for path in paths}
    for round_ in range(rounds + 1):
        for path, (ours, theirs) in times.items():
            body = path.read_bytes()
            text = capture(body).text
            mine = seconds(lambda body=body: read(capture(body), SOURCE))
            other = seconds(lambda text=text: BeautifulSoup(text, "lxml"))
            if round_:
                ours.append(mine)
                theirs.append(other)
    print(f"{'page':70} {'KB':>7} {'read ms':>9} {'parse ms':>9} {'ratio':>6}")
    sums = {True: [0.0, 0.0], False: [0.0, 0.0]}
    for path, (ours, theirs) in times.items():
        mine, other = statistics.median(ours), statistics.median(theirs)
        for i, taken in enumerate((mine, other)):
            sums[path.suffix == ".html"][i] += taken
        name, size = str(path.relative_to(root))[-70:], path.stat().st_size / 1000
        print(f"{name:70} {size:7.0f} {mine * 1e3:9.1f} {other * 1e3:9.1f} {mine / other:6.2f}")
    (ours_html, theirs_html), (ours_rest, theirs_rest) = sums[True], sums[False]
    html = ours_html / theirs_html if theirs_html else 0.0  # a corpus without HTML
    return (ours_html + ours_rest) / (theirs_html + theirs_rest), html


def seconds(job: Callable[[], object]) -> float:
    start = time.perf_counter()
    job()
    return time.perf_counter() - start


# ── Memory ───────────────────────────────────────────────────────────────────────────────────


def huge_page(rows: int) -> bytes:
    """One table of so many rows, with ordinary text beside it up to a hundred bytes for each."""
    body = "".join(
        f"<tr><td>model-{n}</td><td>${n % 997}.{n % 89:02}</td><td>${n % 499}.50</td></tr>\n"
        for n in range(rows)
    )
    table = (
        "<h2>Prices per 1M tokens</h2><table><tr><th>Model</th><th>Input</th><th>Output</th></tr>"
        f"{body}</table>"
    )
    paragraph = "<p>Words about the service, without any figure in them, go on and on.</p>\n"
    filling = paragraph * max(0, (rows * BYTES_A_ROW - len(table)) // len(paragraph))
    page = f"<!doctype html><title>Pricing</title><body>{table}{filling}</body>"
    return page.encode()


def resident(what: str) -> int:
    """Bytes of this process in memory: now (`VmRSS`) or at most so far (`VmHWM`)."""
    status = Path("/proc/self/status").read_text("ascii")
    found = re.search(rf"{what}:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) * 1024


def read_huge(rows: int) -> None:
    """In a process of its own: read the huge page, and print what came of it."""
    read(capture(b"<table><tr><th>Model<th>Input<tr><td>a<td>$1</table>"), SOURCE)
    body = huge_page(rows)
    before = resident("VmRSS")
    start = time.perf_counter()
    try:
        outcome = f"{len(read(capture(body), SOURCE).facts.rates)} rates read"
    except ReadError as error:
        outcome = f"refused: {error}"
    print(json.dumps({
        "outcome": outcome,
        "seconds": round(time.perf_counter() - start, 1),
        "ratio": round((resident("VmHWM") - before) / len(body), 2),
        "rows": rows,
        "megabytes": round(len(body) / 1e6, 1),
    }))  # fmt: skip


def memory(rows: int) -> float:
    """Print what becomes of the huge page; its peak over its size."""
    done = subprocess.run(
        [sys.executable, __file__, "--huge", str(rows)], capture_output=True, text=True, check=True
    )
    said = json.loads(done.stdout.splitlines()[-1])
    print(
        f"A page of {said['megabytes']} MB with {said['rows']:,} rows: {said['outcome']} in "
        f"{said['seconds']} s, {said['ratio']} times its size in memory"
    )
    return float(said["ratio"])


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="fewer pages and rounds")
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--huge", type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.huge:
        read_huge(options.huge)
        return
    if not (options.corpus / "INDEX.jsonl").is_file():
        sys.exit(f"{options.corpus}: no INDEX.jsonl there; name the corpus with --corpus DIR")
    chosen = pages(options.corpus, options.quick)
    ratio, html = measure(chosen, options.corpus, rounds=3 if options.quick else 7)
    compare_ratio = measure_comparing(
        successions(options.corpus, options.quick), rounds=3 if options.quick else 7
    )
    memory_ratio = memory(ROWS // 20 if options.quick else ROWS)
    print(f"Pages of HTML alone: {html:.2f}; Markdown has next to nothing to parse.")
    result = {
        "ratio": round(ratio, 3),
        "memory_ratio": memory_ratio,
        "html_ratio": round(html, 3),
        "compare_ratio": round(compare_ratio, 3),
    }
    print(f"RESULT {json.dumps(result)}")


if __name__ == "__main__":
    main()
