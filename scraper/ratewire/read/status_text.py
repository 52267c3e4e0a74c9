"""Small things that all readers of status pages share: times, titles, markup in texts."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.resources import files

import lxml.etree
import lxml.html

__all__ = [
    "EXCERPT",
    "STATE",
    "TITLE_STATE",
    "iso_date",
    "mail_date",
    "markup_text",
    "one_line",
    "state_of",
    "utc",
    "web_address",
]

EXCERPT = 240
_DATA = files("ratewire.read").joinpath("status.toml").read_text("utf-8")
_SPOKEN: dict[str, str] = {
    word: state for state, words in tomllib.loads(_DATA)["spoken"].items() for word in words
}
"""Words of other languages, and what feeds in English call it."""
STATE = "|".join(
    (
        r"resolved|completed|postmortem|monitoring|identified|investigating|update",
        r"in[ _]progress|scheduled|verifying",
        *map(re.escape, sorted(_SPOKEN, key=len, reverse=True)),
    )
)
TITLE_STATE = re.compile(rf"(?:^\W*|\[)({STATE})\b\s*[\]:\-–]", re.IGNORECASE)


def state_of(words: str) -> str:
    """A state as feeds in English write it: `Behoben` is resolved."""
    said = words.casefold()
    return _SPOKEN.get(said, said)


def mail_date(text: str) -> datetime | None:
    """RFC 5322: `Tue, 31 Mar 2026 10:15:00 +0000`."""
    try:
        return utc(parsedate_to_datetime(text))
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def iso_date(text: str) -> datetime | None:
    """RFC 3339: `2026-03-31T10:15:00Z`."""
    try:
        return utc(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        return None


def utc(time: datetime) -> datetime:
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)


def markup_text(markup: str) -> str:
    """HTML that a feed carries as text, without its tags."""
    if "<" not in markup:
        return one_line(markup)
    try:
        element = lxml.html.fragment_fromstring(markup, create_parent="div")
    except (lxml.etree.ParserError, ValueError):
        return one_line(re.sub(r"<[^>]*>", " ", markup))
    return one_line(" ".join(element.itertext()))


def web_address(text: str) -> str:
    return text if re.match(r"https?://[^\s<>\"]+$", text) else ""


def one_line(text: str) -> str:
    return " ".join(text.split())
