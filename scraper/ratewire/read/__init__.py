"""Capture in, typed facts out. Pure: no file, no network, no clock."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files

from ratewire.model import Capture, Reading, Source

__all__ = ["READER_VERSION", "read", "reader_mark"]

READER_VERSION = "9"
"""Moves whenever a page is read otherwise than before, so that this is no change of the page."""

_WORDS = ("dates.toml", "status.toml", "terms.toml", "units.toml", "vocabulary.toml")


@cache
def reader_mark() -> str:
    """By what a page is read: the reader's version, and all words that it knows."""
    words = b"\0".join(files(__package__).joinpath(name).read_bytes() for name in _WORDS)
    return f"{READER_VERSION}.{hashlib.sha256(words).hexdigest()[:8]}"


def read(capture: Capture, source: Source) -> Reading:
    """Read all facts of a genuine capture. Raises ReadError where it cannot be parsed at all.

    The reader is loaded with the first page that is read; most checks find none that changed.
    """
    from ratewire.read.reader import read as read_page

    with _uncollected():
        return read_page(capture, source)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Nearly all that a reading makes lives until it ends, and what does not is freed without a
    search for cycles: that search would take a tenth of the time.
    """
    collected = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collected:
            gc.enable()
