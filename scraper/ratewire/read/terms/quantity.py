"""Numbers with their scale, sign and the thing that they count: `10 TB`, `$1M`, `100万トークン`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from ratewire.read.currencies import money
from ratewire.read.numerals import NUMERAL, parse_numeral
from ratewire.read.vocabulary import CJK, LETTER, either, key, vocabulary

__all__ = ["Counted", "counted"]

_LETTERS = {"k": Decimal(10**3), "m": Decimal(10**6), "b": Decimal(10**9), "t": Decimal(10**12)}


@dataclass(frozen=True, slots=True)
class Counted:
    """A number as it stands in a text."""

    value: Decimal
    start: int
    end: int
    """Its unit included, where that is known."""
    of: str = ""
    """The thing or period that the word after it means; empty: none that is known."""
    currency: bool = False
    scaled: bool = False
    """`200K`, `5 million`"""
    plus: bool = False
    """`11+ users`"""


@cache
def _pattern() -> re.Pattern[str]:
    words = vocabulary()
    scales = either(words.counts)
    signs = either(money().signs)
    known = [word for word in {**words.things, **words.periods} if re.match(CJK, word)]
    return re.compile(
        rf"(?P<sign>{signs})?\s?(?<![A-Za-z\d.,])(?P<number>{NUMERAL})"
        rf"(?:[ \u00a0]?(?P<scale>{scales}|[kmbt](?![a-z])))?"
        rf"(?:[ \u00a0]?(?P<after>{signs})(?!\d))?"
        rf"(?P<plus>\+)?(?:[ \u00a0-]?(?P<noun>{either(known)}|{LETTER}+))?",
        re.IGNORECASE,
    )


def counted(text: str) -> Iterator[Counted]:
    """The numbers of a text, in order."""
    for match in _pattern().finditer(text):
        value = parse_numeral(match["number"])
        if value is None or _is_part_of_name(text, match.start("number")):
            continue
        scale = key(match["scale"] or "")
        value *= vocabulary().counts.get(scale, _LETTERS.get(scale, Decimal(1)))
        noun, end = match["noun"] or "", match.end()
        of = _name(noun)
        if noun and not of:  # a word of the sentence, not what is counted
            end = match.start("noun")
        yield Counted(
            value,
            match.start(),
            end,
            of,
            currency=bool(match["sign"] or match["after"]),
            scaled=bool(scale),
            plus=bool(match["plus"]),
        )


def _is_part_of_name(text: str, start: int) -> bool:
    """`Onyx-3.1-8B`: joined by hyphens to a word before it; but not `10TB-50TB`."""
    if text[start - 1 : start] != "-":
        return False
    word = text[max(start - 40, 0) : start].split()[-1]
    return word[0].isalpha()


def _name(noun: str) -> str:
    words, word = vocabulary(), key(noun)
    return words.things.get(word) or words.periods.get(word) or ""
