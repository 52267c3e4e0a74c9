"""How long a site takes to build, beside Pelican, MkDocs and (where it is installed) Hugo.

    python benchmarks/building.py [--quick] [--pages N] [--rounds N]

The same Markdown (four tables and paragraphs a page, front matter in each tool's own way) goes
through every tool in one run, by turns, each in a process of its own, into an empty folder; the
figures are medians. Ours writes more: a Markdown twin of each page, feeds, data, sitemap, search.
Cards are left out, for none of the others draws any (`cards.py` says what they cost).
Then ours alone, with ten thousand pages: a build with nothing to do, and one after one rate
changed that a hundredth of the pages show, as shares of the full build (medians of five builds in a
row each).

Pelican and MkDocs come with `uv pip install --group bench`. Files are made by the thousand: on ext4
that takes thirty times as long below a folder that holds hundreds of thousands already, as a /tmp
that was never cleared may; TMPDIR names another one.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from ratewire.__main__ import collect_rarely
from ratewire.config.load import load_site
from ratewire.model import (
    Alteration,
    Change,
    ChangeKind,
    ChangeState,
    Conditions,
    Facts,
    Rate,
    Snapshot,
    Unit,
    Window,
)
from ratewire.publish.build import build
from ratewire.record import DirectoryStore

NOW = datetime(2026, 1, 2, tzinfo=UTC)
RATE = Rate(
    "lumen", "output", Decimal("30.00"), "USD", Unit.of("token", count=1_000_000), Conditions()
)
PARAGRAPH = (
    "A paragraph of *plain* words with a [link](https://lumen.example/) and some `code`, long "
    "enough to be broken over several lines of a screen, as the paragraphs of an article are. "
)
OURS = (
    "import sys; from ratewire.__main__ import collect_rarely; collect_rarely(); "
    "sys.path[:0] = sys.argv[1:2]; import building; building.once(sys.argv[2])"
)
"""As the command starts."""


def body(number: int) -> str:
    """Four sections of words and a table, no two pages alike."""
    parts = []
    for section in range(4):
        rows = "".join(
            f"| Row {row} | {number + row}.00 | {row * 2}.50 | some **bold** words |\n"
            for row in range(6)
        )
        parts.append(
            f"## Section {section} of {number}\n\n{PARAGRAPH * 3}\n\n"
            f"| Name | One | Two | Words |\n| --- | ---: | ---: | --- |\n{rows}\n"
        )
    return "\n".join(parts)


# ── The tools ────────────────────────────────────────────────────────────────────────────────


def prepare_ours(root: Path, pages: int, *, live: bool = False) -> None:
    """`live`: a hundredth of the pages show a rate."""
    for folder in ("articles", "sources", "products"):
        (root / "content" / folder).mkdir(parents=True)
    (root / "ratewire.toml").write_text(
        '[site]\ntitle = "B"\nurl = "https://b.example"\ncards = false\n'
    )
    (root / "content/sources/s.toml").write_text(
        'name = "S"\npublisher = "L"\nurl = "https://lumen.example/"\n'
    )
    (root / "content/products/lumen.md").write_text(
        '+++\nname = "Lumen"\npublisher = "L"\n+++\nA product.\n'
    )
    for number in range(pages):
        figure = '{{ rate("lumen", "output") }}\n\n' if live and number % 100 == 0 else ""
        (root / f"content/articles/page-{number:05}.md").write_text(
            f'+++\ntitle = "Page {number}"\npublished = 2026-01-01\n+++\n{figure}{body(number)}'
        )
    store_rate(root, RATE)


def store_rate(root: Path, rate: Rate, at: datetime = NOW, before: Rate | None = None) -> None:
    """`before`: what it was, where it has changed."""
    snapshot = Snapshot("s", Facts(rates=(rate,)), "c" * 64, "https://lumen.example/", at, "1")
    changes = [risen(before, rate, at)] if before else []
    DirectoryStore(root / "snapshots").save("s", snapshot, None, changes)


def risen(before: Rate, after: Rate, at: datetime) -> Change:
    percent = ((after.amount / before.amount - 1) * 100).quantize(Decimal("0.01"))
    return Change(
        id=f"c-{after.amount}",
        kind=ChangeKind.RATE_UP,
        source="s",
        alterations=(Alteration(ChangeKind.RATE_UP, before, after, percent),),
        window=Window(at - timedelta(hours=2), at - timedelta(hours=1)),
        before_capture="b" * 64,
        after_capture="c" * 64,
        state=ChangeState.CONFIRMED,
        recorded_at=at,
        publisher="L",
        url="https://lumen.example/",
    )


def once(root: str, now: datetime = NOW) -> None:
    """One build, as the command does it."""
    site = load_site(Path(root))
    build(site, DirectoryStore(site.snapshots), now=now, checked={"s": now})


def prepare_pelican(root: Path, pages: int) -> None:
    (root / "content").mkdir()
    for number in range(pages):
        (root / f"content/page-{number:05}.md").write_text(
            f"Title: Page {number}\nDate: 2026-01-01\nCategory: c\n\n{body(number)}"
        )
    (root / "pelicanconf.py").write_text(
        "AUTHOR = 'b'\nSITENAME = 'B'\nSITEURL = ''\nPATH = 'content'\nTIMEZONE = 'UTC'\n"
        "THEME = 'simple'\nDIRECT_TEMPLATES = ['index']\nDEFAULT_PAGINATION = 50\n"
        "FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = None\n"
        "AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None\nCACHE_CONTENT = False\n"
        "CATEGORY_SAVE_AS = AUTHOR_SAVE_AS = TAG_SAVE_AS = ''\n"
    )


def prepare_mkdocs(root: Path, pages: int) -> None:
    (root / "docs").mkdir()
    (root / "docs/index.md").write_text("# B\n")
    for number in range(pages):
        (root / f"docs/page-{number:05}.md").write_text(
            f"---\ntitle: Page {number}\n---\n\n{body(number)}"
        )
    (root / "mkdocs.yml").write_text("site_name: B\nplugins: []\n")


def prepare_hugo(root: Path, pages: int) -> None:
    (root / "content/post").mkdir(parents=True)
    (root / "layouts/_default").mkdir(parents=True)
    page = (
        '<!doctype html><html lang="en"><head><title>{{ .Title }}</title></head><body>'
        "<main><h1>{{ .Title }}</h1>%s</main></body></html>"
    )
    (root / "layouts/_default/single.html").write_text(page % "{{ .Content }}")
    listed = '{{ range .Pages }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}'
    (root / "layouts/_default/list.html").write_text(page % listed)
    (root / "layouts/index.html").write_text(page % listed.replace(".Pages", ".Site.RegularPages"))
    (root / "config.toml").write_text(
        'baseURL = "https://b.example/"\ntitle = "B"\ndisableKinds = ["taxonomy", "term"]\n'
    )
    for number in range(pages):
        (root / f"content/post/page-{number:05}.md").write_text(
            f'+++\ntitle = "Page {number}"\ndate = 2026-01-01\n+++\n{body(number)}'
        )


def tool(name: str) -> str | None:
    """A command beside this Python, or on the path."""
    beside = Path(sys.executable).with_name(name)
    return str(beside) if beside.exists() else shutil.which(name)


Prepare = Callable[[Path, int], None]


def tools() -> dict[str, tuple[Prepare, Callable[[Path], list[str]], str]]:
    """Name to: how its site is written, its command, the folder that it builds."""
    here = str(Path(__file__).parent)
    found: dict[str, tuple[Prepare, Callable[[Path], list[str]], str]] = {
        "ours": (prepare_ours, lambda root: [sys.executable, "-c", OURS, here, str(root)], "site")
    }
    if pelican := tool("pelican"):
        found["pelican"] = (prepare_pelican, lambda root: [pelican, "-q"], "output")
    if mkdocs := tool("mkdocs"):
        found["mkdocs"] = (prepare_mkdocs, lambda root: [mkdocs, "build", "-q"], "site")
    if hugo := tool("hugo"):
        found["hugo"] = (prepare_hugo, lambda root: [hugo, "--quiet"], "public")
    return found


# ── Measuring ────────────────────────────────────────────────────────────────────────────────


def side_by_side(work: Path, pages: int, rounds: int) -> dict[str, float]:
    """Median seconds of a full build by tool."""
    entered = tools()
    taken: dict[str, list[float]] = {name: [] for name in entered}
    for name, (prepare, _, _) in entered.items():
        (work / name).mkdir()
        prepare(work / name, pages)
    for number in range(rounds):
        for name, (_, command, output) in entered.items():
            root = work / name
            # Put away, not removed: ext4 is slow to make files where thousands were just removed.
            for made in (path for path in (root / output, root / ".ratewire") if path.exists()):
                made.rename(work / f"{name}-{made.name}-{number}")
            start = time.perf_counter()
            subprocess.run(command(root), cwd=root, check=True, capture_output=True)
            taken[name].append(time.perf_counter() - start)
            written = len(list((root / output).rglob("*.html")))
            assert written >= pages, f"{name} wrote {written} pages of {pages}"
    return {name: statistics.median(times) for name, times in taken.items()}


def shares(work: Path, pages: int) -> tuple[float, float, float]:
    """Seconds of a full build, of one with nothing to do, of one after one rate changed.

    The last two are medians of five in a row; the rate changes once a day, and the log tells it.
    """
    root = work / "large"
    root.mkdir()
    prepare_ours(root, pages, live=True)

    def timed(now: datetime = NOW) -> float:
        start = time.perf_counter()
        once(str(root), now)
        return time.perf_counter() - start

    full = timed()
    idle = statistics.median(timed() for _ in range(5))
    changed, rate = [], RATE
    for day in range(1, 6):
        now, before = NOW + timedelta(days=day), rate
        rate = replace(rate, amount=rate.amount + 1)
        store_rate(root, rate, now, before)
        changed.append(timed(now))
    return full, idle, statistics.median(changed)


def main() -> None:
    from rich.console import Console  # only here: what is timed imports nothing that it needs not
    from rich.table import Table

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--quick", action="store_true", help="under a minute")
    parser.add_argument("--pages", type=int, default=0, help="of the comparison; else 1,000")
    parser.add_argument("--rounds", type=int, default=0)
    options = parser.parse_args()
    pages = options.pages or (200 if options.quick else 1000)
    rounds = options.rounds or (1 if options.quick else 3)
    many = 2_000 if options.quick else 10_000
    collect_rarely()
    console = Console(stderr=True)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        seconds = side_by_side(work, pages, rounds)
        full, noop, one = shares(work, many)
    table = Table("Tool", "Seconds", "Ours / theirs", title=f"{pages} pages, full build")
    for name, taken in seconds.items():
        table.add_row(name, f"{taken:.2f}", f"{seconds['ours'] / taken:.2f}")
    console.print(table)
    console.print(
        f"{many} pages: full {full:.2f} s, nothing to do {noop:.3f} s, one rate changed {one:.2f} s"
    )

    def ratio(name: str) -> float | None:
        return round(seconds["ours"] / seconds[name], 3) if name in seconds else None

    result = {
        "pages": pages,
        "vs_pelican": ratio("pelican"),
        "vs_mkdocs": ratio("mkdocs"),
        "vs_hugo": ratio("hugo"),
        "noop_share": round(noop / full, 4),
        "one_rate_share": round(one / full, 4),
    }
    print("RESULT", json.dumps(result))


if __name__ == "__main__":
    main()
