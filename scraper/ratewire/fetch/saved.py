"""A page saved as a file, as the capture that fetching it would have given."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from ratewire.errors import ConfigError, ReadError
from ratewire.fetch.charset import find_charset
from ratewire.model import Capture

__all__ = ["date_of", "media_type", "saved_capture"]

_DATE: Final = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T(\d{2}):?(\d{2}))?(?!\d)")

_TYPES: Final = {
    "md": "text/markdown", "mdx": "text/markdown", "markdown": "text/markdown",
    "markerb": "text/markdown", "html": "text/html", "htm": "text/html",
    "xhtml": "application/xhtml+xml", "json": "application/json", "xml": "application/xml",
    "rss": "application/rss+xml", "atom": "application/atom+xml", "txt": "text/plain",
}  # fmt: skip


def media_type(file: Path) -> str:
    """By the file's ending; empty where that tells nothing."""
    return _TYPES.get(file.suffix.lower().removeprefix("."), "")


def date_of(file: Path) -> datetime | None:
    """When the page was saved, by the start of the file's name: `2026-03-01_pricing.html`,
    `2026-03-01T0930.md`. None: it names no date. Raises ConfigError for a day that there is not.
    """
    if not (found := _DATE.match(file.name)):
        return None
    try:
        at = datetime.fromisoformat(f"{found[1]}T{found[2] or '00'}:{found[3] or '00'}")
    except ValueError as error:
        raise ConfigError(f"the name starts with no date: {error}", file=file) from None
    return at.replace(tzinfo=UTC)


def saved_capture(file: Path, url: str, fetched_at: datetime) -> Capture:
    """The file as served from `url`. Raises ReadError where it cannot be read."""
    try:
        body = file.read_bytes()
    except OSError as error:
        raise ReadError(f"{file}: cannot be read ({error.strerror}); check the path") from None
    kind = media_type(file)
    return Capture(url, body, fetched_at, media_type=kind, charset=find_charset(body, "", kind))
