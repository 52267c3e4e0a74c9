"""Dates in a page's text, and from when to when what it says holds.

The words are data: dates.toml. Nothing here asks what day it is: a date without a year is read
only against a day that the caller names.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, cached_property, lru_cache
from importlib.resources import files

from ratewire.model import Precision, StatedDate
from ratewire.read.numerals import has_digit, plain_characters
from ratewire.read.vocabulary import either, key

__all__ = [
    "DateHit",
    "Effective",
    "find_dates",
    "find_effective",
    "is_bound",
    "read_date",
    "without_bound",
]


@dataclass(frozen=True, slots=True)
class DateHit:
    """One date, and where it stands."""

    stated: StatedDate
    start: int
    end: int
    text: str

    @property
    def date(self) -> date:
        """Its first day."""
        return self.stated.first


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
        return self._numbers("months")

    @cached_property
    def quarters(self) -> Mapping[str, int]:
        return self._numbers("quarters")

    @cached_property
    def ambiguous(self) -> frozenset[str]:
        return frozenset(self.data["ambiguous"]["months"])

    def _numbers(self, table: str) -> Mapping[str, int]:
        return {key(name): int(n) for n, names in self.data[table].items() for name in names}

    @cached_property
    def hint(self) -> re.Pattern[str]:
        """What every month's name begins with, of a case-folded text: the cheap first look."""
        return re.compile("|".join(sorted({"月", "월", *(name[:3] for name in self.months)})))

    @cached_property
    def date(self) -> re.Pattern[str]:
        month = rf"(?:{either(self.months)})\.?"
        year = r"(?:19|20)\d\d(?!\d)"
        th, of = "(?:st|nd|rd|th|er|º|ª)?", r"\s+(?:of|de|del|do)"
        number = r"\d{1,2}"
        quarter = rf"(?:{either(self.quarters)})"
        numeric = (
            rf"(?P<y1>{year})(?P<mark>[-/.])(?P<m1>{number})(?P=mark)(?P<d1>{number})(?!\d|\.\d)",
            rf"(?P<y2>{year})\s?[年년]\s?(?P<m2>{number})\s?[月월]"
            rf"(?:\s?(?P<d2>{number})\s?[日号號일])?",
            rf"(?P<m3>{number})\s?[月월]\s?(?P<d3>{number})\s?[日号號일]",
            rf"(?P<y10>{year})(?:\s?[年년]\s?|[-/ ])(?P<q10>{quarter})",
            rf"(?P<d4>{number})\.\s?(?P<m4>{number})\.\s?(?P<y4>{year})(?!\.\d)",
            rf"(?P<a>{number})(?P<between>[-/])(?P<b>{number})(?P=between)(?P<y5>{year})(?![-/]?\d)",
            # `4 May 22, 2025` is the 22nd.
            rf"(?P<d6>{number})(?!\d){th}\.?(?P<of>{of})?\s+(?P<m6>{month})"
            rf"(?:(?:{of})?,?\s+(?P<y6>{year})|(?!\s+{number}(?!\d)))",
        )
        named = (
            rf"(?P<m7>{month})\s+(?P<d7>{number})(?!\d){th}(?:,?\s+(?P<y7>{year}))?"
            r"(?![\w%]|[.,]\d)",
            rf"(?P<m8>{month})(?:,|{of})?\s+(?P<y8>{year})",
            rf"(?P<q9>{quarter})(?:,?\s+|{of}\s+|/|-)(?P<y9>{year})",
        )
        return re.compile(rf"(?<![\d.,-])(?:{'|'.join(numeric)})|{'|'.join(named)}", re.IGNORECASE)

    @cached_property
    def bound(self) -> re.Pattern[str]:
        return re.compile(either(self.data["before_the_date"]["not_before"]), re.I)

    @cached_property
    def alone(self) -> re.Pattern[str]:
        """A date that is one only where nothing stands beside it: `2026-06`, `06/2026`, `2026`."""
        bound = either(self.data["before_the_date"]["not_before"])
        part = either(self.data["part_of_a_year"]["words"])
        year, month = r"(?:19|20)\d\d", r"0?[1-9]|1[0-2]"
        return re.compile(
            rf"(?:(?P<not_before>{bound})\s*|(?:{part})\s*)?"
            rf"(?:(?P<y1>{year})[-/](?P<m1>{month})|(?P<m2>{month})[-/.](?P<y2>{year})"
            rf"|(?P<y3>{year})年?)",
            re.I,
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
    return _Words(tomllib.loads(files("ratewire.read").joinpath("dates.toml").read_text("utf-8")))


_YEAR = re.compile(r"(?:19|20)\d\d")
_SHORT = 400
"""Characters of a sentence or cell, which several readers ask about."""
_BACK = timedelta(days=120)
_REACH = 48
"""How many characters before a date the word may stand that says what the date is."""


# ── Dates ────────────────────────────────────────────────────────────────────────────────────


def find_dates(text: str, *, near: date | None = None) -> tuple[DateHit, ...]:
    """The dates in a text, in order, as precise as they are printed.

    A date without a year is read only with `near`: the one between four months before that day
    and eight after it. Numeric dates
    that day and month could exchange (`3/4/2026`) are none.
    """
    if not has_digit(text):
        return ()
    return (_repeated if len(text) <= _SHORT else _found)(text, near)


def _found(text: str, near: date | None) -> tuple[DateHit, ...]:
    folded = plain_characters(text)
    if not _YEAR.search(folded) and not (near and _words().hint.search(folded.casefold())):
        return ()
    return tuple(
        replace(hit, text=text[hit.start : hit.end])
        for match in _words().date.finditer(folded)
        if (hit := _hit(match, near)) is not None
    )


_repeated = lru_cache(maxsize=2048)(_found)


def _hit(match: re.Match[str], near: date | None) -> DateHit | None:
    year, month, day, precision = _parts(match)
    if year is not None:
        found = _day(year, month, day)
    elif near is not None and _is_named(match):
        found = _nearest(near, month, day)
    else:
        found = None
    if found is None:
        return None
    return DateHit(StatedDate(found, precision), match.start(), match.end(), match[0])


def _is_named(match: re.Match[str]) -> bool:
    """Is a word without a year beside it a month (`May 5`) rather than a verb (`may 5`)?"""
    name = match["m7"] or match["m6"] or ""
    clear = key(name.rstrip(".")) not in _words().ambiguous
    return clear or not name[:1].islower() or match["of"] is not None


def _parts(match: re.Match[str]) -> tuple[int | None, int, int, Precision]:
    """(year, month, day, precision) as printed; the year may be absent, the month 0 where it is
    open which of two numbers it is.
    """
    if match["a"]:
        first, second, year = int(match["a"]), int(match["b"]), int(match["y5"])
        if first > 12 or first == second:
            return year, second, first, Precision.DAY
        return year, first if second > 12 else 0, second, Precision.DAY
    year_text, month, day, quarter = (_first(match, letter) for letter in "ymdq")
    stated = int(year_text) if year_text else None
    if quarter:
        return stated, 3 * _words().quarters[key(quarter)] - 2, 1, Precision.QUARTER
    number = int(month) if month.isdecimal() else _words().months[key(month.rstrip("."))]
    precision = Precision.DAY if day else Precision.MONTH
    return stated, number, int(day or 1), precision


def _first(match: re.Match[str], letter: str) -> str:
    named = (name for name in match.re.groupindex if name[0] == letter and name[1:].isdigit())
    return next((match[name] for name in named if match[name]), "")


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _nearest(near: date, month: int, day: int) -> date | None:
    """Pages speak of what is to come more than of what was: the first from `_BACK` on."""
    candidates = (_day(near.year + shift, month, day) for shift in (-1, 0, 1))
    return next((found for found in candidates if found and found >= near - _BACK), None)


def read_date(text: str) -> tuple[StatedDate | None, bool]:
    """The date of a cell that holds one, and whether it is but a lower bound: `Earliest June 2026`,
    `2026-06`, `06/2026`, `end of 2026`.
    """
    folded = plain_characters(text)
    hit = next(iter(find_dates(text)), None)
    if hit is not None:
        return hit.stated, is_bound(text, hit)
    match = _words().alone.fullmatch(folded.strip())
    if match is None:
        return None, False
    year, month = int(match["y1"] or match["y2"] or match["y3"]), match["m1"] or match["m2"]
    if month:
        return StatedDate(date(year, int(month), 1), Precision.MONTH), bool(match["not_before"])
    return StatedDate(date(year, 1, 1), Precision.YEAR), bool(match["not_before"])


def is_bound(text: str, hit: DateHit) -> bool:
    """Whether the words round a date in a text make it a lower bound."""
    return _kind(plain_characters(text), hit, max(0, hit.start - _REACH))[0] in _BOUNDS


def without_bound(text: str) -> str:
    """A text without words that make a date a lower bound: `Earliest shutdown` → `shutdown`."""
    folded = plain_characters(text)
    rest = _words().bound.sub(" ", folded)
    return " ".join(rest.split()) if rest != folded else text


_BOUNDS = ("not_before", "or_later")


# ── From when to when ────────────────────────────────────────────────────────────────────────


def find_effective(text: str, near: date | None = None) -> Effective | None:
    """From when to when a text says that something holds; None: it does not say.

    `through August 31, 2026`, `starting January 2027`, `effective June 1 until June 30, 2026`,
    `ab dem 1. März 2026`, `2026年9月1日から`. A month alone begins on its first day and ends on
    its last; `before` a day ends on the day before it.
    """
    hits = _with_years(text, near)
    if not hits:
        return None
    folded = plain_characters(text)
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
        if kind in ("from", "or_later") and begin is None:
            begin = hit.date
        elif kind in ("to", "before") and end is None:
            end = hit.date - timedelta(days=1) if kind == "before" else hit.stated.last
        else:
            continue
        used.append((start, stop))
    if not used:
        return None
    first, last = min(used)[0], max(stop for _, stop in used)
    return Effective(begin, end, first, last, text[first:last])


def _with_years(text: str, near: date | None) -> tuple[DateHit, ...]:
    """The dates, where `June 1 to June 30, 2026` lends the later one's year to the first."""
    dated = find_dates(text)
    return find_dates(text, near=near or dated[0].date) if near or dated else ()


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
