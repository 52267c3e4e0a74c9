"""The figures in one line of text, by their spans."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from ratewire.read.numerals import NUMERAL, has_digit, parse_numeral, plain_characters
from ratewire.read.quantities import Amount, find_amounts

__all__ = ["Mark", "marks_of"]

_SIGN = r"[$€£¥₹₽₩₺₴₫₦₱₪฿₡₲₵₸元円원]"
_AROUND = " \u00a0\u202f%％٪$€£¥₹₽₩₺₴₫₦₱₪฿₡₲₵₸元円원"
_SIGNED = re.compile(rf"{_SIGN}[ \u00a0]?{NUMERAL}|(?<!\d){NUMERAL}[ \u00a0]?{_SIGN}")
"""A number beside a sign of money, whatever else stands there."""
_PERCENT = re.compile(rf"(?<![\w.,]){NUMERAL}[ \u00a0\u202f]?[%％٪]")
_PLACEHOLDER = re.compile(
    rf"{_SIGN}[ \u00a0]?(?:NaN|null|undefined|None|-{{2,3}}|_{{2,}})(?!\w)"
    r"|(?<!\w)(?:NaN|undefined)(?!\w)"
    r"|\$?\{\{[^{}]{1,80}\}\}|\$\{[^{}]{1,80}\}|<%=?[^%]{1,80}%>"
)
"""What a template leaves where a figure should be."""
_SHORT = 60
"""Characters of a line in which `undefined` is no word of a sentence."""
_HOLLOW = ("NaN", "null", "undefined", "None", "--", "__", "{", "<%")
"""One of these is in every placeholder: the cheap first look."""
_BARE = re.compile(rf"(?<![\w.,/×-]){NUMERAL}(?![\w%./×-]|\s?[x×]\s?\d)(?<![x×]\s)")


@dataclass(frozen=True, slots=True)
class Mark:
    start: int
    end: int
    text: str
    values: tuple[Decimal, ...]
    """Its number; of a range, or a share and its fixed part, both; empty: no number."""
    struck: bool = False


@lru_cache(maxsize=4096)
def marks_of(line: str, *, bare: bool = False) -> tuple[Mark, ...]:
    """Amounts of money and percentages, with `bare` also plain numbers; in order, none within
    another.
    """
    found = [
        Mark(match.start(), match.end(), _plain(match.group()), ())
        for match in (_PLACEHOLDER.finditer(line) if any(map(line.__contains__, _HOLLOW)) else ())
        if len(line) <= _SHORT or not match.group().isalpha()
    ]
    if not has_digit(line):
        return tuple(found)
    folded = plain_characters(line)
    found += [
        Mark(a.start, a.end, _plain(line[a.start : a.end]), _ends(a), a.struck)
        for a in find_amounts(line)
    ]
    for pattern in _patterns(folded, bare):
        for match in pattern.finditer(folded):
            start, end = match.span()
            if not any(start < mark.end and mark.start < end for mark in found):
                text = _plain(line[start:end])
                number = parse_numeral(text.strip(_AROUND))
                found.append(Mark(start, end, text, () if number is None else (number,)))
    return tuple(sorted(found, key=lambda mark: mark.start))


def _patterns(folded: str, bare: bool) -> Iterator[re.Pattern[str]]:
    """Those that may find something."""
    if "$" in folded or not folded.isascii():
        yield _SIGNED
    if any(map(folded.__contains__, "%％٪")):
        yield _PERCENT
    if bare:
        yield _BARE


def _plain(text: str) -> str:
    return " ".join(text.replace("\\", "").split())


def _ends(amount: Amount) -> tuple[Decimal, ...]:
    ends = (amount.value,) if amount.upper is None else (amount.value, amount.upper)
    return ends if amount.percent is None else (amount.percent, *ends)
