"""When in the week a price holds: `Peak hours are 09:00–18:00 UTC, Monday to Friday`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import time
from functools import lru_cache

from ratewire.model import Evidence, Hours, Passage, Weekday, marks_of
from ratewire.read.lexicon import fold, lexicon
from ratewire.read.numerals import has_digit

__all__ = ["hours_of", "hours_told", "may_tell_hours", "peak_hours", "when"]

_CLOCK = (
    r"(?P<{0}h>\d{{1,2}})(?:[:.h](?P<{0}m>[0-5]\d)|h\b)?\s?(?P<{0}half>[ap]\.?m\b\.?)?"
    r"(?:\s?(?:uhr|時|点))?"
)
_SPAN = re.compile(
    rf"(?<![\d:.,/$€£¥-]){_CLOCK.format('a')}\s?(?:-|–|—|~|〜|\bto\b|\buntil\b|\bbis\b|\ba\b|\bà\b|\btill\b"
    rf"|至|到|から)\s?(?:las\s)?{_CLOCK.format('b')}(?![\d:/%]|[.,]\d)"
)
_ZONE = re.compile(
    r"\b(?:UTC|GMT)(?:\s?[+−-]\s?\d{1,2}(?::?\d{2})?)?|\b(?:CES?T|MES?Z|[ECMP][SD]?T|JST|KST|IST|BST)\b"
    r"|\bBeijing [Tt]ime\b|北京时间|日本時間|\b[Ll]ocal [Tt]ime\b|\bOrtszeit\b"
)
_RANGE = re.compile(r"\s*(?:-|–|—|~|to|through|thru|bis|a|au|à|t/m|til|till|至|到|から)\s*")
_WEEK = tuple(Weekday)
_KINDS: Mapping[str, str] = {"peak": "off-peak", "off-peak": "peak"}


def may_tell_hours(text: str) -> bool:
    """The cheap first look."""
    return has_digit(text) and _SPAN.search(fold(text)) is not None


@lru_cache(maxsize=512)
def hours_of(text: str) -> Hours | None:
    """The hours and days that a text states; None: no clock in it."""
    folded = fold(text)
    spans = []
    for match in _SPAN.finditer(folded):
        start, end = _time(match, "a"), _time(match, "b")
        if start is None or end is None or not _is_clock(match):
            continue
        spans.append((start, end))
    if not spans:
        return None
    zone = _ZONE.search(text)
    return Hours(tuple(spans), _days(folded), " ".join(zone[0].split()) if zone else "")


def _is_clock(match: re.Match[str]) -> bool:
    """Two bare numbers (`2-4`) are no hours of the day."""
    return any(match[name] for name in ("am", "bm", "ahalf", "bhalf")) or bool(
        re.search(r"uhr|時|点|\dh\b", match[0])
    )


def _time(match: re.Match[str], end: str) -> time | None:
    hour, minute = int(match[f"{end}h"]), int(match[f"{end}m"] or 0)
    half = match[f"{end}half"] or (match["bhalf"] if end == "a" else None)
    if half and hour <= 12:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    if hour == 24 and not minute:
        hour = 0
    return time(hour, minute) if hour < 24 else None


def _days(folded: str) -> tuple[Weekday, ...]:
    """The days that a text names; empty: every day, or none is named."""
    week = lexicon("week")
    kinds = {kind for kind, *_ in week.find(folded)}
    if "daily" in kinds:
        return ()
    hits = lexicon("weekday").find(folded)
    if hits:
        return _named(folded, hits)
    if kinds == {"weekdays"}:
        return _WEEK[:5]
    return _WEEK[5:] if kinds == {"weekend"} else ()


def _named(folded: str, hits: list[tuple[str, int, int]]) -> tuple[Weekday, ...]:
    found: set[Weekday] = set()
    for at, (name, _, end) in enumerate(hits):
        day = Weekday(name)
        found.add(day)
        following = hits[at + 1] if at + 1 < len(hits) else None
        if following and _RANGE.fullmatch(folded[end : following[1]]):
            first, last = _WEEK.index(day), _WEEK.index(Weekday(following[0]))
            found.update(_WEEK[first : last + 1] if first <= last else _WEEK[first:] + _WEEK[:last])
    return tuple(day for day in _WEEK if day in found) if len(found) < 7 else ()


def peak_hours(sentences: Iterable[str]) -> Mapping[str, Hours]:
    """Of `peak` and `off-peak` what sentences of the page say; what one leaves is the other."""
    found = {kind: hours for kind, (hours, _) in _stated(sentences).items()}
    for kind, other in _KINDS.items():
        if kind in found and other not in found:
            found[other] = replace(found[kind], outside=True)
    return found


def hours_told(sentences: Iterable[str]) -> Iterator[Passage]:
    """What the page says of peak and off-peak hours, as facts of their own: prices stand still
    where the hours move for which they hold.
    """
    for kind, (hours, sentence) in sorted(_stated(sentences).items()):
        spans = ", ".join(f"{start:%H:%M}–{end:%H:%M}" for start, end in hours.spans)
        days = ", ".join(day.value for day in hours.days)
        text = "; ".join(filter(None, (f"{spans} {hours.zone}".strip(), days)))
        line = " ".join(sentence.split())
        evidence = Evidence(line[:240], kind, ("prose: hours",), marks_of((sentence,)))
        yield Passage(f"{kind} hours", text, evidence)


def _stated(sentences: Iterable[str]) -> dict[str, tuple[Hours, str]]:
    found: dict[str, tuple[Hours, str]] = {}
    for sentence in sentences:
        kind = _subject(sentence)
        hours = hours_of(sentence) if kind else None
        if hours is not None:
            found.setdefault(kind, (hours, sentence))
    return found


def _subject(sentence: str) -> str:
    """Which hours a sentence is about: the kind that it names before it names a time."""
    folded = fold(sentence)
    span = _SPAN.search(folded)
    if span is None:
        return ""
    named = [(at, kind) for kind, at, _ in lexicon("tier").find(folded) if kind in _KINDS]
    before = [kind for at, kind in named if at < span.start()]
    return before[-1] if before else (named[0][1] if named else "")


def when(conditions: Iterable[tuple[str, str]]) -> str:
    """`peak` or `off-peak`, if a condition says so."""
    return next((value for _, value in conditions if value in _KINDS), "")
