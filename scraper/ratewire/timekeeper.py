"""What time it is, where the clock of this machine may be wrong.

Hosts name their time in the header `Date`. Where several of them agree that this clock is out by
more than an hour, the time is theirs. Where nobody can tell, the clock counts, unless it went
backwards since the last run: then either was wrong, and nothing is confirmed by that run. Nobody
is told of changes while the clock is wrong or in doubt.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from ratewire.errors import StoreError
from ratewire.model.moments import parse_rfc3339, rfc3339
from ratewire.record.files import make_folder, write_whole

__all__ = ["APART", "Timekeeper", "agreed"]

log = logging.getLogger(__name__)

APART = timedelta(hours=1)
"""Clocks that differ by less are the same."""
_LEAP = timedelta(days=40)
"""By so much a clock does not go on between a run in doubt and the next."""
_REMEMBERED = timedelta(days=1)
"""How long what one run found of the clock counts for a command that asks no host itself."""


def agreed(ahead: Collection[timedelta]) -> timedelta | None:
    """How far the hosts agree to be ahead of this clock; None: they do not, or there are none.

    More than half of them have to, and two at least, unless they agree with this clock.
    """
    ordered = sorted(ahead)
    near = sum(abs(each) <= APART for each in ordered)
    best: list[timedelta] = []
    for start, first in enumerate(ordered):
        group = [each for each in ordered[start:] if each - first <= APART]
        best = max(best, group, key=len)
    if near and near >= len(best):
        return timedelta()
    if len(best) < 2 or len(best) * 2 <= len(ordered):
        return None
    middle = best[(len(best) - 1) // 2]
    return middle if abs(middle) > APART else timedelta()


@dataclass(frozen=True, slots=True)
class _Memory:
    """What the last run knew."""

    latest: datetime
    """The true time, as far as it was known."""
    clock: datetime
    """What the clock showed."""
    doubt: str = ""


class Timekeeper:
    """The time of one run. `file` keeps what is known from run to run; it may get lost."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.ahead = timedelta()
        """To be added to what the clock shows."""
        self.doubt = ""
        """Why nobody is to be told now; for the owner."""
        self.is_steady = True
        """Whether a look counts as a sighting of what it shows."""
        self.is_sure = False
        """Several hosts, or one that agrees with the clock, say what time it is."""

    @staticmethod
    def _shows(now: datetime) -> str:
        return f"the clock of this machine shows {now:%Y-%m-%d %H:%M}"

    def decide(self, now: datetime, ahead: Collection[timedelta]) -> bool:
        """By what the hosts say so far. False: they do not tell yet."""
        found = agreed(ahead)
        if found is None:
            return False
        self.ahead, self.is_sure, self.is_steady, self.doubt = found, True, True, ""
        if found:
            way = "behind" if found > timedelta() else "ahead"
            self.doubt = (
                f"{self._shows(now)}, and is {abs(found)} {way} by what {len(ahead)} hosts say; "
                "times are taken from them"
            )
        return True

    def fall_back(self, now: datetime, ahead: Collection[timedelta]) -> None:
        """The hosts do not tell: by what the last run knew."""
        known = self._load()
        if known is not None and now < known.latest - APART:
            self.is_steady = False
            self.doubt = (
                f"{self._shows(now)}, which is before the last run "
                f"({known.latest:%Y-%m-%d %H:%M}); one of the two is wrong"
            )
        elif known is not None and known.doubt and now > known.latest + _LEAP:
            self.is_steady = False
            self.doubt = (
                f"{self._shows(now)} after {known.latest:%Y-%m-%d %H:%M}, when it was in doubt"
            )
        elif known is None and any(abs(each) > APART for each in ahead):
            self.doubt = (
                f"{self._shows(now)}; a host says otherwise, and no two agree on another time"
            )

    def time(self, now: datetime) -> datetime:
        """The true time, as far as this run, or one shortly before it, has found it out."""
        if self.is_sure or self.ahead:
            return now + self.ahead
        known = self._load()
        if known is None or not known.doubt or abs(now - known.clock) >= _REMEMBERED:
            return now
        return now + (known.latest - known.clock)

    def note(self, now: datetime) -> None:
        """Keep what is known for later runs. Trouble with it is no trouble of the run."""
        body = {
            "latest": rfc3339(now + self.ahead), "clock": rfc3339(now), "doubt": self.doubt
        }  # fmt: skip
        try:
            make_folder(self._file.parent)
            write_whole(self._file, json.dumps(body).encode(), durable=False)
        except StoreError as error:
            log.warning("%s", error)

    def refuses(self, now: datetime) -> str:
        """Why nobody is to be told now; empty: they may be."""
        if self.doubt or self.is_sure:
            return self.doubt
        known = self._load()
        if known is None:
            return ""
        if known.doubt and abs(now - known.clock) < _REMEMBERED:
            return known.doubt
        if now < known.latest - APART:
            return (
                f"{self._shows(now)}, which is before the last run ({known.latest:%Y-%m-%d %H:%M})"
            )
        return ""

    def _load(self) -> _Memory | None:
        with suppress(OSError, ValueError, RecursionError, TypeError, KeyError):
            body = json.loads(self._file.read_bytes())
            latest, clock = (parse_rfc3339(body[name]) for name in ("latest", "clock"))
            if latest.tzinfo and clock.tzinfo:
                return _Memory(latest, clock, str(body["doubt"]))
        return None
