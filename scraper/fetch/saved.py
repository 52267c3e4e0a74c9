"""A page saved as a file, as the capture that fetching it would have given."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final

from scraper.errors import ReadError
from scraper.fetch.charset import find_charset
from scraper.model import Capture

__all__ = ["media_type", "saved_capture"]

_TYPES: Final = {
    "md": "text/markdown", "mdx": "text/markdown", "markdown": "text/markdown",
    "markerb": "text/markdown", "html": "text/html", "htm": "text/html",
    "xhtml": "application/xhtml+xml", "json": "application/json", "xml": "application/xml",
    "rss": "application/rss+xml", "atom": "application/atom+xml", "txt": "text/plain",
}  # fmt: skip


def media_type(file: Path) -> str:
    """By the file's ending; empty where that tells nothing."""
    return _TYPES.get(file.suffix.lower().removeprefix("."), "")


def saved_capture(file: Path, url: str, fetched_at: datetime) -> Capture:
    """The file as served from `url`. Raises ReadError where it cannot be read."""
    try:
        body = file.read_bytes()
    except OSError as error:
        raise ReadError(f"{file}: cannot be read ({error.strerror}); check the path") from None
    kind = media_type(file)
    return Capture(url, body, fetched_at, media_type=kind, charset=find_charset(body, "", kind))
