"""Dates in a page's text, and from when to when what it says holds.

The words are data: dates.toml. Nothing here asks what day it is: a date without a year is read
only against a day that the caller names.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, cached_property
from importlib.resources import files

from scraper.read.numerals import fold
from scraper.read.vocabulary import either, key

__all__ = ["DateHit", "Effective", "find_dates", "find_effective"]


@dataclass(frozen=True, slots=True)
class DateHit:
    """One date, and where it stands."""

    date: date
    start: int
    end: int
    text: str
    whole_month: bool = False
    """The page names only the month; `date` is its first day."""


@dataclass(frozen=True, slots=True)
class Effective:
    """From when to when (both included) what a text says holds."""

    effective_from: date | None
    effective_to: date | None
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class _Words:
    """dates.toml, with the patterns made of it."""

    data: Mapping[str, Mapping[str, list[str]]]

    @cached_property
    def months(self) -> Mapping[str, int]:
        return {name: int(n) for n, names in self.data["months"].items() for name in names}

    @cached_property
    def date(self) -> re.Pattern[str]:
        month = rf"(?:{either(self.months)})\.?"
        year = r"(?:19|20)\d\d(?!\d)"
        day = r"(?:0?[1-9]|[12]\d|3[01])(?!\d)(?:st|nd|rd|th|º)?"
        of = r"(?:\s+(?:of|de|del))?"
        return re.compile(
            rf"(?<![\d.,-])(?:(?P<y1>{year})(?P<mark>[-/.])(?P<m1>\d{{1,2}})(?P=mark)(?P<d1>\d{{1,2}})(?![\d.])"
            rf"|(?P<y2>{year})\s?年\s?(?P<m2>\d{{1,2}})\s?月(?:\s?(?P<d2>\d{{1,2}})\s?[日号])?"
            rf"|(?P<m3>\d{{1,2}})\s?月\s?(?P<d3>\d{{1,2}})\s?[日号]"
            rf"|(?P<d4>\d{{1,2}})\.\s?(?P<m4>\d{{1,2}})\.\s?(?P<y4>{year})"
            rf"|(?P<a>\d{{1,2}})/(?P<b>\d{{1,2}})/(?P<y5>{year})"
            rf"|(?P<d6>{day})\.?{of}\s+(?P<m6>{month})(?:{of},?\s+(?P<y6>{year})|(?!\s+\d{{1,2}}(?!\d))))"
            rf"|(?P<m7>{month})\s+(?P<d7>{day})(?:,?\s+(?P<y7>{year}))?(?![\w%]|[.,]\d)"
            rf"|(?P<m8>{month})(?:,|{of})?\s+(?P<y8>{year})",
            re.IGNORECASE,
        )

    @cached_property
    def lead(self) -> re.Pattern[str]:
        return re.compile(rf"(?:{self._kinds('before_the_date')})(?:{self._filler})*$", re.I)

    @cached_property
    def tail(self) -> re.Pattern[str]:
        return re.compile(rf"\s?(?:{self._kinds('after_the_date')})", re.I)

    def _kinds(self, table: str) -> str:
        return "|".join(f"(?P<{kind}>{either(ws)})" for kind, ws in self.data[table].items())

    @cached_property
    def _filler(self) -> str:
        words = [*self.data["between"]["words"], *self.data["weekdays"]["names"]]
        return rf"[\s,:*_(]|{either(words)}"


@cache
def _words() -> _Words:
    return _Words(tomllib.loads(files("scraper.read").joinpath("dates.toml").read_text("utf-8")))


_DIGIT = re.compile(r"\d")
_REACH = 48
"""How many characters before a date the word may stand that says what the date is."""


# ── Dates ────────────────────────────────────────────────────────────────────────────────────


def find_dates(text: str, *, near: date | None = None) -> tuple[DateHit, ...]:
    """The dates in a text, in order; of `January 2027` the first day, marked `whole_month`.

    A date without a year is read only with `near`, as the one nearest to it. Numeric dates
    that day and month could exchange (`3/4/2026`) are none.
    """
    if not _DIGIT.search(text):
        return ()
    folded = fold(text)
    return tuple(
        replace(hit, text=text[hit.start : hit.end])
        for match in _words().date.finditer(folded)
        if (hit := _hit(match, near)) is not None
    )


def _hit(match: re.Match[str], near: date | None) -> DateHit | None:
    year, month, day = _parts(match)
    if year is None:
        if (
            near is None
            or (match["m7"] or match["m6"] or "X")[0].islower()
            and "de" not in match[0]
        ):
            return None
        found = _nearest(near, month, day)
    else:
        found = _day(year, month, day or 1)
    if found is None:
        return None
    return DateHit(found, match.start(), match.end(), match[0], whole_month=day is None)


def _parts(match: re.Match[str]) -> tuple[int | None, int, int | None]:
    """(year, month, day) as printed; year or day may be absent."""
    if match["a"]:
        first, second = int(match["a"]), int(match["b"])
        month, day = (second, first) if first > 12 >= second else (first, second)
        return int(match["y5"]), (month if first > 12 or second > 12 or first == second else 0), day
    year = next((int(y) for n in "124678" if (y := match[f"y{n}"])), None)
    month = next(m for n in "1234678" if (m := match[f"m{n}"]))
    day = next((d for n in "123467" if (d := match[f"d{n}"])), None)
    number = int(month) if month.isdecimal() else _words().months[key(month.rstrip("."))]
    return year, number, int(re.sub(r"\D", "", day)) if day else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _nearest(near: date, month: int, day: int | None) -> date | None:
    candidates = (_day(near.year + shift, month, day or 1) for shift in (1, 0, -1))
    return min(filter(None, candidates), key=lambda found: abs(found - near), default=None)


# ── From when to when ────────────────────────────────────────────────────────────────────────


def find_effective(text: str, near: date | None = None) -> Effective | None:
    """From when to when a text says that something holds; None: it does not say.

    `through August 31, 2026`, `starting January 2027`, `effective June 1 until June 30, 2026`,
    `ab dem 1. März 2026`, `2026年9月1日から`. A month alone begins on its first day and ends on
    its last; `before` a day ends on the day before it.
    """
    hits = list(_with_years(text, near))
    if not hits:
        return None
    folded = fold(text)
    begin = end = None
    used: list[tuple[int, int]] = []
    previous = 0
    for hit in hits:
        kind, start, stop = _kind(folded, hit, max(previous, hit.start - _REACH))
        if kind == "" and begin and not end and _is_dash(folded[previous : hit.start]):
            kind = "to"
        elif kind == "" and _opens_range(folded, hit, hits):
            kind = "from"
        previous = hit.end
        if kind == "from" and begin is None:
            begin = hit.date
        elif kind in ("to", "before") and end is None:
            end = hit.date - timedelta(days=1) if kind == "before" else _last_day(hit)
        else:
            continue
        used.append((start, stop))
    if not used:
        return None
    first, last = min(used)[0], max(stop for _, stop in used)
    return Effective(begin, end, first, last, text[first:last])


def _with_years(text: str, near: date | None) -> Iterator[DateHit]:
    """The dates, where `June 1 to June 30, 2026` lends the later one's year to the first."""
    dated = find_dates(text)
    anchors = [hit.date for hit in dated]
    for hit in find_dates(text, near=near or (anchors[0] if anchors else None)):
        yield hit


def _kind(folded: str, hit: DateHit, start: int) -> tuple[str, int, int]:
    """What the words around a date make of it, and the span that they and it take up."""
    words = _words()
    if after := words.tail.match(folded, hit.end):
        return after.lastgroup or "", hit.start, after.end()
    if before := words.lead.search(folded, start, hit.start):
        return before.lastgroup or "", before.start(), hit.end
    return "", hit.start, hit.end


def _is_dash(between: str) -> bool:
    return between.strip() in ("-", "–", "—", "~", "〜", "〜")


def _opens_range(folded: str, hit: DateHit, hits: Iterable[DateHit]) -> bool:
    following = next((other for other in hits if other.start >= hit.end), None)
    return following is not None and _is_dash(folded[hit.end : following.start])


def _last_day(hit: DateHit) -> date:
    if not hit.whole_month:
        return hit.date
    return (hit.date + timedelta(days=31)).replace(day=1) - timedelta(days=1)
