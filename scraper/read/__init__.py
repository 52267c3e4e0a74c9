"""Capture in, typed facts out. Pure: no file, no network, no clock."""

from __future__ import annotations

from scraper.model import Capture, Reading, Source

__all__ = ["READER_VERSION", "read"]

READER_VERSION = "7"
"""Moves whenever a page is read otherwise than before, so that this is no change of the page."""


def read(capture: Capture, source: Source) -> Reading:
    """Read all facts of a genuine capture. Raises ReadError where it cannot be parsed at all.

    The reader is loaded with the first page that is read; most checks find none that changed.
    """
    from scraper.read.reader import read as read_page

    return read_page(capture, source)
