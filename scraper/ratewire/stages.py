"""The stages that look at one page, within limits of time and memory, and record nothing.

The pipeline, the commands that look at pages, `backfill` and the Python interface share them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from ratewire.compare import ReadingsCompared, compare_readings
from ratewire.config import FetchSettings, ReadSettings
from ratewire.errors import FetchError
from ratewire.judge import judge
from ratewire.model import Capture, Facts, Held, Reading, Source, Verdict
from ratewire.read import read
from ratewire.worker import limited, start_worker

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "Examined",
    "compare_captures",
    "examine",
    "fetch_capture",
    "judge_capture",
    "now_utc",
    "read_capture",
]


def now_utc() -> datetime:
    """What the clock of this machine shows, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


@dataclass(frozen=True, slots=True)
class Examined:
    """What one capture is, and what it says where it is the page."""

    capture: Capture
    verdict: Verdict
    reading: Reading
    """Without a fact where the verdict is that this is not the page."""

    @property
    def refusal(self) -> str:
        """`blocked: a challenge`: why it is not the page; empty: it is."""
        verdict = self.verdict
        return "" if verdict.genuine else f"{verdict.kind}: {verdict.evidence}".removesuffix(": ")


def judge_capture(capture: Capture, source: Source, limits: ReadSettings) -> Verdict:
    """Whether the capture is the page at all. Raises ReadError where that takes too much."""
    return limited(limits, judge, capture, source)


def read_capture(capture: Capture, source: Source, limits: ReadSettings) -> Reading:
    """What a genuine capture says. Raises ReadError."""
    return limited(limits, read, capture, source)


def examine(capture: Capture, source: Source, limits: ReadSettings) -> Examined:
    """Judge a capture, and read it where it is the page. Raises ReadError."""
    verdict = judge_capture(capture, source, limits)
    genuine = verdict.genuine
    reading = read_capture(capture, source, limits) if genuine else Reading(Facts())
    return Examined(capture, verdict, reading)


def compare_captures(
    earlier: Capture, later: Capture, source: Source, limits: ReadSettings
) -> ReadingsCompared:
    """What changed between two captures of one page, held where either is not the page at all.

    Raises ReadError.
    """
    pages = []
    for capture, name in ((earlier, "earlier"), (later, "later")):
        page = examine(capture, source, limits)
        if page.refusal:
            reason = f"the {name} file is not the page ({page.refusal})"
            return ReadingsCompared(Held(f"verdict-{page.verdict.kind}", reason), ())
        pages.append(page.reading)
    return limited(
        limits,
        compare_readings,
        *pages,
        on=later.fetched_at.date(),
        since=earlier.fetched_at.date(),
        source=source,
    )


async def fetch_capture(
    source: Source,
    settings: FetchSettings,
    limits: ReadSettings,
    *,
    contact: str,
    now: Callable[[], datetime],
) -> Capture:
    """The live page, asked for once at its own address. Raises FetchError."""
    from ratewire.fetch.fetcher import Fetcher  # no saved page needs the HTTP libraries

    look = partial(limited, limits, judge)
    start_worker(limits)
    async with Fetcher(settings, contact=contact, now=now, judge=look) as fetcher:
        fetched = await fetcher.fetch(replace(source, alternates=()), {})
    if fetched.capture is None:
        raise FetchError(source.url, fetched.problem)
    return fetched.capture
