"""Which sources are due: durations (`30m`, `1h`, `1d`) and five cron fields."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

from croniter import CroniterError, croniter

from scraper.errors import ConfigError

__all__ = ["due", "parse_duration"]

_DURATION: Final = re.compile(r"(\d+(?:\.\d+)?)\s*([smhdw])")
_SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_EARLY: Final = 0.05
"""Share of a duration by which a check may come early, lest an hourly job skip every other hour."""


def parse_duration(text: str) -> timedelta:
    """`90s`, `30m`, `1h`, `1.5d`, `1w`, or several in a row (`1h30m`). Raises ConfigError."""
    compact = text.strip().lower()
    parts = list(_DURATION.finditer(compact))
    if not parts or _DURATION.sub("", compact).strip():
        raise ConfigError(f"not a duration: {text!r}; write e.g. `30m`, `1h`, `1d`")
    seconds = sum(float(part[1]) * _SECONDS[part[2]] for part in parts)
    try:
        duration = timedelta(seconds=seconds)
    except OverflowError:
        raise ConfigError(f"too long a duration: {text!r}; a year is `365d`") from None
    if not duration:
        raise ConfigError(f"a duration is above zero, not {text!r}; write e.g. `30m`")
    return duration


def due(every: str, last_checked: datetime | None, now: datetime) -> bool:
    """Is a source with this schedule due at `now`? One never checked always is.

    A cron schedule is due when one of its times (UTC) has passed since the last check, however
    many: a job that slept through three of them checks once. Raises ConfigError.
    """
    if len(every.split()) == 5:
        return _cron_due(every, last_checked, now)
    duration = parse_duration(every)
    return last_checked is None or now - last_checked >= duration * (1 - _EARLY)


def _cron_due(fields: str, last_checked: datetime | None, now: datetime) -> bool:
    try:
        if last_checked is None:
            croniter(fields)
            return True
        coming: datetime = croniter(fields, last_checked).get_next(datetime)
    except CroniterError as error:
        raise ConfigError(
            f"not a schedule: {fields!r} ({error}); write `1h` or five cron fields: `*/30 * * * *`"
        ) from None
    return coming <= now
