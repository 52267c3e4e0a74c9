"""Products, meters, units and dates of hostile names: is every page built, and every change told?

Each name stands on a page of its own, whose prices move once. All of them are built as one site.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path

from hostile_outcome import Outcome, Run

from ratewire.compare import compare
from ratewire.config import CompareSettings
from ratewire.config.load import load_site
from ratewire.model import Capture, Source
from ratewire.pipeline import Job
from ratewire.read import READER_VERSION, read

NAMES = (
    # of signs alone
    "👍", "👍🏽", "***", "—", "...", ".", "..", "™", "€", "()", "\u200b\u2060", "٪", "♥ ♦", "!?",
    # long
    "价格" * 60, "a" * 300, "é" * 200, "кот " * 90, "👍" * 99, "Kite " * 60, "x-" * 150, "字" * 84,
    # of files
    "index.html", "index", "404.html", "a.svg", "a", "card.png", "index.md", "all", "rates.json",
    "../../etc/passwd", "/etc/passwd", "a/b", "a\\b", "~", "-rf", "--help", "$HOME", "%2e%2e",
    # reserved by systems
    ".git", "CON", "con", "PRN", "AUX", "NUL", "NUL.txt", "COM1", "com¹", "LPT9", "a.", "CONIN$",
    # alike but for case, forms and width
    "Straße", "STRASSE", "İstanbul", "ISTANBUL", "Ｋｉｔｅ", "KITE", "kite", "cafe\u0301", "café",
    # markup and code
    "{{ 7 * 7 }}", "{% raw %}", "<b>Kite</b>", "<script>", "&amp;", "]]>", "[a](b)", "| a |", "`a`",
    "\u202eetiK", "A\u0000B", "A\u0007B", "=cmd|' /C calc'!A0", "'; DROP TABLE--", "@everyone",
)  # fmt: skip
DATES = (
    "Effective January 15, 2099", "Effective December 31, 9999", "Effective January 1, 0001",
    "Effective February 29, 2099", "Valid until January 1, 2000", "Until December 31, 9999",
)  # fmt: skip
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
SETTINGS = '[site]\ntitle = "Prices"\nurl = "https://prices.example"\ncards = false\n'
QUICK = 4


@dataclass(frozen=True, slots=True)
class Case:
    """A page on which one name stands."""

    place: str
    name: str

    def page(self, price: str) -> str:
        name = escape(self.name)
        label = name if self.place == "label" else "Kite"
        head = name if self.place == "meter" else "Price"
        unit = name if self.place == "unit" else "image"
        note = f"<p>{name}</p>" if self.place == "date" else ""
        return (
            "<!doctype html><html lang=en><title>Pricing</title><h1>Pricing</h1>"
            f"{note}<table><tr><th>Model<th>{head}<th>Input<tr><td>{label}<td>${price}/{unit}"
            f"<td>$9/{unit}<tr><td>{label} 2<td>$5/{unit}<td>$8/{unit}</table>"
        )


def cases() -> Iterator[Case]:
    for place in ("label", "meter", "unit"):
        yield from (Case(place, name) for name in NAMES)
    yield from (Case("date", name) for name in DATES)


def build(folder: Path, wanted: list[Case]) -> tuple[int, list[str]]:
    """How many of the changes are in the feed, and what went wrong."""
    sources = folder / "content" / "sources"
    sources.mkdir(parents=True)
    (folder / "ratewire.toml").write_text(SETTINGS)
    for number in range(len(wanted)):
        plain = f'name = "S{number}"\npublisher = "S{number}"\nurl = "https://s{number}.example/"\n'
        (sources / f"s{number}.toml").write_text(plain)
    job = Job.of(load_site(folder), now=lambda: NOW)
    told: set[str] = set()
    for case, source in zip(wanted, sorted(job.site.sources, key=_number), strict=True):
        told |= _record(job, case, source)
    built = job.build()
    left_out = [f"left out: {path}: {why}" for path, why in getattr(built, "left_out", ())]
    pages = {path.parent.name for path in (folder / "site" / "changes").glob("*/index.html")}
    return len(told - pages), left_out


def _number(source: Source) -> int:
    return int(source.id.removeprefix("s"))


def _record(job: Job, case: Case, source: Source) -> set[str]:
    snapshot = pending = None
    told: set[str] = set()
    for at, price in ((NOW - timedelta(days=2), "3"), (NOW - timedelta(days=1), "4")):
        capture = Capture(source.url, case.page(price).encode(), at, media_type="text/html")
        found = compare(
            snapshot, pending, read(capture, source), capture, source,
            CompareSettings(confirmations=1), at, reader=READER_VERSION,
        )  # fmt: skip
        snapshot, pending = found.snapshot, found.pending
        job.store.save(source.id, snapshot, pending, found.changes, [capture])
        told |= {change.id for change in found.changes}
    return told


def measure(run: Run) -> Outcome:
    wanted = list(cases())[:: QUICK if run.quick else 1]
    with tempfile.TemporaryDirectory() as folder:
        try:
            lost, said = build(Path(folder) / "all", wanted)
            broken = len(said)
        except Exception as error:
            broken, lost, said = 1, 0, [f"{type(error).__name__}: {str(error)[:200]}"]
    return Outcome(cases=len(wanted), builds_broken=broken, lost=lost, said=tuple(said))
