"""What time the hosts say it is, beside what the clock of this machine shows."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

__all__ = ["ServerDates", "time_told"]

_LONGEST = 40
"""Characters of a date that is one (RFC 9110, 5.6.7)."""
_YEARS = range(2000, 3000)
"""Of which a host that is asked for a page can speak."""


class ServerDates:
    """By host, how far its clock is ahead of ours."""

    def __init__(self) -> None:
        self.ahead: dict[str, timedelta] = {}

    def note(self, url: str, headers: Mapping[str, str], now: datetime) -> None:
        """An answer that came just now. What a cache has kept for a while says so in `Age`."""
        told = time_told(headers)
        if told is not None and not _is_here(urlsplit(url).hostname or ""):
            self.ahead[urlsplit(url).netloc] = told - now


def time_told(headers: Mapping[str, str]) -> datetime | None:
    """What time it is by an answer that came just now; None: it does not say."""
    told = _date(headers.get("date", ""))
    age = headers.get("age", "").strip()
    kept = timedelta(seconds=int(age)) if age.isdecimal() and len(age) < 9 else timedelta()
    return told + kept if told and told.year in _YEARS else None


def _is_here(host: str) -> bool:
    """A server on this machine has this machine's clock."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _date(text: str) -> datetime | None:
    try:
        told = parsedate_to_datetime(text if len(text) <= _LONGEST else "")
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return told if told.tzinfo else told.replace(tzinfo=UTC)
