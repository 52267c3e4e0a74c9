"""When something happened, as status pages print it: `Jul 4, 12:01 UTC`, `4 July 2026, 2:01 pm`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from importlib.resources import files

from ratewire.read.status_text import iso_date

__all__ = ["times_in"]

_MONTH = r"(?P<month>[A-Z][a-z]{2,8})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_CLOCK = (
    r"(?:,?\s{1,3}(?:(?:at|um|-|–|·)\s{1,3})?|\s{0,2},\s{0,2})(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::\d\d)?"
    r"\s{0,2}(?P<half>[AaPp]\.?[Mm]\.?)?(?:\s{0,2}\(?(?P<zone>[A-Z]{2,5})\b)?"
)
_PRINTED = tuple(
    re.compile(rf"(?<![\w/]){date}{_CLOCK}")
    for date in (
        rf"{_MONTH}\s{{1,3}}{_DAY}(?:\s{{0,2}},?\s{{1,3}}(?P<year>20\d\d))?",
        rf"{_DAY}\.?\s{{1,3}}{_MONTH}(?:\s{{0,2}},?\s{{1,3}}(?P<year>20\d\d))?",
        r"(?P<year>20\d\d)-(?P<number>\d\d)-(?P<day>\d\d)",
    )
)
_ISO = re.compile(r"\b20\d\d-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_AHEAD, _PLANNED_AHEAD = timedelta(days=1), timedelta(days=90)
"""Planned work is announced for so many days at the most."""


def times_in(
    text: str, now: datetime, day: datetime | None = None, *, planned: bool = False
) -> list[datetime]:
    """The times in a text, in order. One without a year is the nearest to `day`, that of a heading
    above it; without such a day the latest that fits. `planned`: they may be to come.
    """
    latest = now + (_PLANNED_AHEAD if planned else _AHEAD)
    found = [(match.start(), iso_date(match.group())) for match in _ISO.finditer(text)]
    for pattern in _PRINTED:
        found += [
            (match.start(), _time(match, now, day, latest)) for match in pattern.finditer(text)
        ]
    return [time for _, time in sorted(found, key=lambda each: each[0]) if time is not None]


def _time(
    match: re.Match[str], now: datetime, day: datetime | None, latest: datetime
) -> datetime | None:
    parts = match.groupdict()
    month = int(parts.get("number") or 0) or _month(parts.get("month") or "")
    hour = int(match["hour"])
    if match["half"]:
        hour = hour % 12 + 12 * (match["half"][0] in "pP")
    near = day or now
    years = [int(match["year"])] if match["year"] else [near.year + shift for shift in (1, 0, -1)]
    times: list[datetime] = []
    for year in years:
        try:
            local = datetime(year, month, int(match["day"]), hour, int(match["minute"]), tzinfo=UTC)
        except ValueError:
            continue
        time = local - timedelta(minutes=_ahead_of_utc(match["zone"] or ""))
        times += [time] if match["year"] or time <= latest else []
    if day is None:
        return max(times, default=None)
    return min(times, key=lambda time: abs(time - day), default=None)


def _month(word: str) -> int:
    short = word[:3].casefold()
    return _MONTHS.index(short) + 1 if short in _MONTHS else 0


@cache
def _ahead_of_utc(zone: str) -> int:
    """Minutes; of a zone that nobody knows none."""
    if zone in _zones():
        return _zones()[zone]
    offset = parsedate_to_datetime(f"1 Jan 2026 00:00:00 {zone}".strip()).utcoffset()
    return int(offset.total_seconds() // 60) if offset else 0


@cache
def _zones() -> Mapping[str, int]:
    text = files("ratewire.read").joinpath("status.toml").read_text("utf-8")
    zones: Mapping[str, int] = tomllib.loads(text)["zones"]
    return zones
