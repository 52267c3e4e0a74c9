"""What pages are told: facts together with who says so and since when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Protocol

from ratewire.model import (
    Availability,
    Change,
    Health,
    HealthState,
    Limit,
    Multiplier,
    Pending,
    Rate,
    Snapshot,
    Source,
    Stage,
)

__all__ = [
    "LastSeen",
    "Point",
    "Quoted",
    "Records",
    "StatedAvailability",
    "StatedLimit",
    "StatedMultiplier",
    "Watched",
]


class Records(Protocol):
    """The part of a store that publishing needs."""

    def sources(self) -> tuple[str, ...]: ...
    def load(self, source_id: str, /) -> tuple[Snapshot | None, Pending | None]: ...
    def changes(self, source_id: str | None = None, /) -> tuple[Change, ...]: ...
    def health(self, source_id: str, /) -> Health | None: ...
    def owners(self) -> Mapping[str, str]: ...


@dataclass(frozen=True, slots=True)
class LastSeen:
    """When a source was last seen to say what its snapshot holds."""

    at: datetime
    stale: bool
    """Longer ago than the source's `stale_after`."""
    from_snapshot: bool
    """No check is known since: the time is that of the stored snapshot itself."""

    @property
    def day(self) -> date:
        return self.at.astimezone(UTC).date()

    @property
    def midnight(self) -> datetime:
        """The day's beginning: a line drawn up to there is the same all day."""
        return datetime.combine(self.day, time(), UTC)

    @property
    def word(self) -> str:
        """Key of the words that go before the day: `verified` or `last seen on`."""
        return "seen.last_seen" if self.stale else "seen.verified"

    def __repr__(self) -> str:
        """By the day: pages state days, so a check an hour later changes none of them."""
        return f"LastSeen({self.day}, {self.stale}, {self.from_snapshot})"


@dataclass(frozen=True, slots=True)
class Quoted:
    """A rate, and who says so."""

    rate: Rate
    source: Source = field(repr=False)
    seen: LastSeen
    others: tuple[Quoted, ...] = ()
    """Sources of a higher rank number that state another price for the same thing."""


@dataclass(frozen=True, slots=True)
class StatedAvailability:
    """A product's availability, and who says so; `fact` is None where prices alone speak."""

    stage: Stage
    fact: Availability | None
    source: Source = field(repr=False)
    seen: LastSeen
    past: bool = False
    """The day on which it was to stop lies behind, whatever the page last said."""


@dataclass(frozen=True, slots=True)
class StatedLimit:
    """A limit, and who says so."""

    limit: Limit
    source: Source = field(repr=False)
    seen: LastSeen


@dataclass(frozen=True, slots=True)
class StatedMultiplier:
    """What prices are multiplied by, and who says so."""

    multiplier: Multiplier
    source: Source = field(repr=False)
    seen: LastSeen


@dataclass(frozen=True, slots=True)
class Point:
    """From `at` on the rate was `rate` (None: not offered). `change` is the id of the change."""

    at: datetime
    rate: Rate | None
    change: str = ""


@dataclass(frozen=True, slots=True)
class Watched:
    """A source and how watching it goes."""

    source: Source = field(repr=False)
    state: HealthState
    since: datetime | None
    detail: str
    seen: LastSeen | None
    waiting: int
    """Alterations that the page shows and that await confirmation."""
    unread: int
    """Changed figures that are not understood, and that the owner has not seen yet."""
    met: tuple[tuple[str, int], ...]
    """What checks met since the page was last genuine, and how often each."""

    @property
    def failures(self) -> int:
        """Checks since the page was last genuine."""
        return sum(count for _, count in self.met)

    @property
    def ok(self) -> bool:
        return self.state is HealthState.OK and self.seen is not None and not self.seen.stale
