"""What time the hosts say it is, beside what the clock of this machine shows."""

from __future__ import annotations

import ipaddress
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
        if told is not None and not _is_here(urlsplit(url).hostname or ""):
            age = headers.get("age", "").strip()
            kept = timedelta(seconds=int(age)) if age.isdecimal() and len(age) < 9 else timedelta()
            self.ahead[urlsplit(url).netloc] = told + kept - now


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
