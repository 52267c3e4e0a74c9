"""When a source is to be checked: durations (`30m`, `1d12h`) and cron's five fields."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from cronsim import CronSim, CronSimError

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_PART = re.compile(r"(\d+)\s*([smhdw])\s*")


def duration(text: str) -> timedelta:
    """`90s`, `30m`, `1h`, `3d`, `2w`, or several in a row: `1d12h`. Raises ValueError."""
    folded = text.strip().lower()
    if not folded or _PART.sub("", folded):
        raise ValueError(f"{text!r} is not a duration; write e.g. 30m, 1h or 3d")
    try:
        return timedelta(seconds=sum(int(n) * _SECONDS[unit] for n, unit in _PART.findall(folded)))
    except (OverflowError, ValueError):
        raise ValueError(f"{text[:40]!r} is not a duration that any clock can tell") from None


def is_due(every: str, last: datetime | None, now: datetime) -> bool:
    """Whether a source that was last checked at `last` is to be checked at `now`.

    `every` is a duration or five cron fields, the latter in UTC. A twentieth of a duration is
    forgiven, so that an hourly job that starts a little early does not skip every other hour.
    Raises ValueError where `every` is neither.
    """
    if len(every.split()) == 5:
        try:
            schedule = CronSim(every, last or now)
        except CronSimError as error:
            raise ValueError(f"{every!r} is not a cron schedule: {error}") from None
        return last is None or next(schedule, now + timedelta(days=1)) <= now
    period = duration(every)
    return last is None or now - last >= period * 0.95
