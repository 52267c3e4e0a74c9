"""From a capture to a verdict, by what the page shows and how it is built."""

from __future__ import annotations

from scraper.model import Capture, Source, Verdict, VerdictKind


def judge(capture: Capture, source: Source) -> Verdict:
    """Pure: the same capture and source give the same verdict."""
    if not source.url or capture.status >= 400:
        return Verdict(VerdictKind.ERROR, f"status {capture.status}")
    return Verdict(VerdictKind.GENUINE)
