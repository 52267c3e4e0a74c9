"""Which sources are due. The schedules are those of the settings; here their mistakes are told
as every wrong setting is.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from ratewire.config import duration, is_due
from ratewire.errors import ConfigError

__all__ = ["due", "parse_duration"]


def parse_duration(text: str) -> timedelta:
    """`90s`, `30m`, `1h`, `3d`, `2w`, or several in a row: `1d12h`. Raises ConfigError."""
    try:
        return duration(text)
    except ValueError as error:
        raise ConfigError(str(error)) from None


def due(every: str, last_checked: datetime | None, now: datetime) -> bool:
    """Is a source with this schedule, last checked then, due at `now`? Raises ConfigError.

    One never checked always is. A schedule of cron fields (UTC) is due when one of its times has
    passed since the last check, however many: a job that slept through three checks once.
    """
    try:
        return is_due(every, last_checked, now)
    except ValueError as error:
        raise ConfigError(str(error)) from None
