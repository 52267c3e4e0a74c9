"""Moments as RFC 3339 writes them: `2026-07-01T12:00:00Z`."""

from __future__ import annotations

from datetime import UTC, datetime

__all__ = ["parse_rfc3339", "rfc3339"]


def rfc3339(moment: datetime, *, timespec: str = "auto") -> str:
    """In UTC; `timespec` as of `datetime.isoformat`."""
    return moment.astimezone(UTC).isoformat(timespec=timespec).replace("+00:00", "Z")


def parse_rfc3339(text: str) -> datetime:
    """In UTC. Raises ValueError where it is no moment or has no zone."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"a time has its zone (…Z), unlike {text!r}")
    return moment.astimezone(UTC)
