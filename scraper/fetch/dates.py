"""What time the hosts say it is, beside what the clock of this machine shows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

__all__ = ["ServerDates"]

_LONGEST = 40
"""Characters of a date that is one (RFC 9110, 5.6.7)."""


class ServerDates:
    """By host, how far its clock is ahead of ours."""

    def __init__(self) -> None:
        self.ahead: dict[str, timedelta] = {}

    def note(self, url: str, headers: Mapping[str, str], now: datetime) -> None:
        """An answer that came just now. What a cache has kept for a while says so in `Age`."""
        told = _date(headers.get("date", ""))
        if told is not None:
            age = headers.get("age", "").strip()
            kept = timedelta(seconds=int(age)) if age.isdecimal() and len(age) < 9 else timedelta()
            self.ahead[urlsplit(url).netloc] = told + kept - now


def _date(text: str) -> datetime | None:
    try:
        told = parsedate_to_datetime(text if len(text) <= _LONGEST else "")
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return told if told.tzinfo else told.replace(tzinfo=UTC)
