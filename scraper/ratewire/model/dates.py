"""Dates as precise as a page states them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

__all__ = ["Precision", "StatedDate"]

_WRITTEN = re.compile(r"(\d{4})(?:-Q([1-4])|-(\d\d)(?:-(\d\d))?)?")


class Precision(StrEnum):
    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


_MONTHS = {Precision.MONTH: 1, Precision.QUARTER: 3, Precision.YEAR: 12}


@dataclass(frozen=True, slots=True)
class StatedDate:
    """A day, or the month, quarter or year of which a page says no more."""

    first: date
    """Its first day; any other day within it becomes that."""
    precision: Precision = Precision.DAY

    def __post_init__(self) -> None:
        if months := _MONTHS.get(self.precision, 0):
            begins = self.first.month - (self.first.month - 1) % months
            object.__setattr__(self, "first", self.first.replace(month=begins, day=1))

    @classmethod
    def parse(cls, text: str) -> StatedDate:
        """The inverse of `str`: `2026-09-01`, `2026-09`, `2026-Q3`, `2026`."""
        match = _WRITTEN.fullmatch(text)
        if match is None:
            raise ValueError(f"no date: {text!r}")
        year, quarter, month, day = match.groups()
        if day:
            return cls(date.fromisoformat(text))
        if month:
            return cls(date(int(year), int(month), 1), Precision.MONTH)
        if quarter:
            return cls(date(int(year), 3 * int(quarter) - 2, 1), Precision.QUARTER)
        return cls(date(int(year), 1, 1), Precision.YEAR)

    @property
    def last(self) -> date:
        """Its last day."""
        months = _MONTHS.get(self.precision, 0)
        if not months:
            return self.first
        years, month = divmod(self.first.month - 1 + months, 12)
        following = self.first.year + years
        if following > date.max.year:
            return date.max
        return date(following, month + 1, 1) - timedelta(days=1)

    @property
    def is_day(self) -> bool:
        return self.precision is Precision.DAY

    def is_over(self, on: date) -> bool:
        """Whether what it states has come by that day: a day on the day itself, a month once it
        has ended.
        """
        return self.first <= on if self.is_day else self.last < on

    def agrees(self, other: StatedDate) -> bool:
        """Whether one may be the other made exact: `2026-09` and `2026-09-30`."""
        return self.first <= other.last and other.first <= self.last

    def isoformat(self) -> str:
        """ISO 8601, which has no form for a quarter: its year."""
        return str(self) if self.precision is not Precision.QUARTER else f"{self.first:%Y}"

    def __str__(self) -> str:
        match self.precision:
            case Precision.DAY:
                return self.first.isoformat()
            case Precision.MONTH:
                return self.first.isoformat()[:7]
            case Precision.QUARTER:
                return f"{self.first.isoformat()[:4]}-Q{(self.first.month + 2) // 3}"
            case Precision.YEAR:
                return self.first.isoformat()[:4]
