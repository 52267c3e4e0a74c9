"""Brackets of use: `First 10 TB`, `$0 – $199,999`, `≤ 200K`, `11+ users`, `8,334–16,666 hrs/mo`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from ratewire.model import PERIODS, Bracket, Unit
from ratewire.read.lexicon import fold, has_any, lexicon
from ratewire.read.numerals import has_digit
from ratewire.read.quantities import find_currency
from ratewire.read.terms.quantity import Counted, counted

__all__ = ["Bounds", "bounds_of", "find_bounds", "graduation", "is_of_use", "with_start"]

_LONGEST = 90
"""Characters of a label that is a bracket."""
_SHORT = 4
"""Words beside the numbers of such a label."""
_DASH = re.compile(
    r"\s*(?:-|–|—|~|〜|\b(?:to|bis|and|und|a|à|y|até|fino a|jusqu['’]à|till?|tot|do|до)\b"
    r"|至|到|から)\s*"
)
_TWO_OPERATORS = re.compile(r"\s*(?:<=?|≤|≦)[^<>≤≥≦\d]{0,24}(?:<=?|≤|≦)\s*")
_INTERVAL = re.compile(r"^\s*[\[(（【].*[,，].*[\])）】]\s*$")
_YEARS = range(1990, 2101)
_EDGES = " \t*_:：()（）[]【】.,，、"


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a text says of a bracket's ends."""

    start: Decimal | None
    """None: where the bracket before it ends (`next 40 TB`, `thereafter`)."""
    end: Decimal | None
    """Of a bracket without a known start, how long it is."""
    of: str = ""
    graduated: bool | None = None


@lru_cache(maxsize=2048)
def bounds_of(text: str) -> Bounds | None:
    """The bracket that a whole label, heading or condition is; None: it is none."""
    line = " ".join(text.split())
    if len(line) > _LONGEST or not has_digit(line):
        return Bounds(None, None) if _is_thereafter(line) else None
    numbers = list(counted(line))
    if not numbers or len(numbers) > 2 or _are_years(numbers, line):
        return None
    lead, tail = line[: numbers[0].start], line[numbers[-1].end :]
    if len(numbers) == 2:
        return _between(line, lead, tail, *numbers)
    return _one_sided(line, lead, tail, numbers[0])


def _between(line: str, lead: str, tail: str, low: Counted, high: Counted) -> Bounds | None:
    middle = line[low.end : high.start]
    joined = _DASH.fullmatch(middle) or _TWO_OPERATORS.fullmatch(middle) or _INTERVAL.match(line)
    if not joined and (_operator(lead), _operator(middle)) != ("over", "upto"):
        return None
    if _words(lead) > _SHORT or _words(tail) > _SHORT:
        return None
    of = _of(line, high, low)
    if _words(lead) and not (of or high.scaled or _is_operator(lead)):
        return None
    start = _converted(low.value, low.of, of)
    return None if start is None or high.value <= start else Bounds(start, high.value, of)


def _one_sided(line: str, lead: str, tail: str, number: Counted) -> Bounds | None:
    said = "above" if number.plus else _operator(lead) or _behind(tail)
    of = _of(line, number)
    if not said or _words(lead) > _SHORT + 2 or _words(tail) > _SHORT:
        return None
    if number.plus and _words(lead) and not (of or number.scaled):  # `Senior (62+)`
        return None
    return _bounds(said, number, of)


def _bounds(said: str, number: Counted, of: str) -> Bounds:
    if said in ("over", "above"):
        return Bounds(number.value, None, of)
    if said == "next":
        return Bounds(None, number.value, of, graduated=True)
    return Bounds(Decimal(0), number.value, of, graduated=True if said == "first" else None)


def _operator(lead: str) -> str:
    """What the words before a number make of it, if they end there."""
    folded = fold(lead).rstrip(" *_([")
    for name in ("first", "next", "upto", "over"):
        if any(end == len(folded) for *_, end in lexicon("bracket", name).find(folded)):
            return name
    sign = re.search(r"(<=?|≤|≦|>=?|≥|≧)$", folded)
    if sign:
        return "upto" if sign[1][0] in "<≤≦" else "over"
    return ""


def _is_operator(lead: str) -> bool:
    """`from` before `21 to 60`, and no name."""
    return bool(lexicon("bracket", "between").exactly(lead.strip(_EDGES)))


def _behind(tail: str) -> str:
    """What the words after a number (and its unit) make of it."""
    folded = fold(tail).lstrip(_EDGES)
    for name in ("above", "below"):
        if any(start <= _NEAR for _, start, _ in lexicon("bracket", name).find(folded)):
            return name
    return ""


_NEAR = 12
"""Characters of a unit between a number and the words behind it."""


def _words(text: str) -> int:
    return len(re.findall(r"[^\W\d_]+", text))


def _are_years(numbers: Iterable[Counted], line: str) -> bool:
    return all(
        each.value in _YEARS and not each.of and not each.currency and "," not in line
        for each in numbers
    )


def _of(line: str, *numbers: Counted) -> str:
    """What is counted: a currency, or the unit of the first number that has one."""
    if any(number.currency for number in numbers):
        return find_currency(line)
    return next((number.of for number in numbers if number.of), "")


def _converted(value: Decimal, of: str, to: str) -> Decimal | None:
    """`500 GB – 1 TB`: the lower bound in the unit of the upper."""
    if not of or of == to or not value:
        return value
    try:
        factor = Unit.parse(of).factor_to(Unit.parse(to))
    except ValueError:
        return None
    return None if factor is None else value * factor[1] / factor[0]


def _is_thereafter(line: str) -> bool:
    return bool(lexicon("bracket", "thereafter").exactly(line.strip(_EDGES)))


@lru_cache(maxsize=2048)
def find_bounds(text: str) -> Bounds | None:
    """The bracket that words within a text state: `per GB for the first 50 TB`, `then`."""
    for number in counted(text):
        said = _operator(text[: number.start])
        if said and text[number.end : number.end + 1] != "%":
            return _bounds(said, number, _of(text[number.start :], number))
    if lexicon("bracket", "thereafter").search(fold(text)):
        return Bounds(None, None)
    return None


def graduation(texts: Iterable[str]) -> bool | None:
    """Whether words round a price list say that its brackets are graduated, or by volume."""
    return next((said for said in map(_graduation, texts) if said is not None), None)


@lru_cache(maxsize=2048)
def _graduation(text: str) -> bool | None:
    if has_any(text, "bracket", "graduated"):
        return True
    return False if has_any(text, "bracket", "volume") else None


def is_of_use(bounds: Bounds, unit: Unit) -> bool:
    """Not `4–15 seconds` beside a price for requests: how long something takes."""
    return bounds.of not in PERIODS or bounds.of in unit.things


def with_start(bounds: Bounds, before: Bracket | None, graduated: bool | None) -> Bracket | None:
    """The bracket with the start that the one before it leaves open; None: there is no such."""
    said = bounds.graduated if bounds.graduated is not None else graduated
    if bounds.start is not None:
        if bounds.end is not None and bounds.end < bounds.start:
            return None
        return Bracket(bounds.start, bounds.end, bounds.of, said)
    if before is None or before.end is None:
        return None
    of = bounds.of or before.of
    start = _converted(before.end, before.of, of)
    if start is None:
        return None
    end = None if bounds.end is None else start + bounds.end
    return Bracket(start, end, of, True)
