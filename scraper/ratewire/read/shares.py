"""Percentages beside an amount of money: `2.9% + $0.30` is one price, and so is `30¢ plus 1.5%`."""

from __future__ import annotations

import re
from decimal import Decimal

from ratewire.read.lexicon import fold, lexicon
from ratewire.read.numerals import NUMERAL, parse_numeral

__all__ = ["PERCENT", "limits_share", "share_after", "share_before", "speaks_of_share"]

PERCENT = (
    rf"(?P<share>(?<![A-Za-zÀ-ɏ\d.,]){NUMERAL})[ \u00a0\u202f]?"
    r"(?:%|percent\b|Prozent\b|por ciento\b)"
)
"""`2.9%`, `3,5 %`; of a folded text."""
_OF = r"(?:\s(?:of|on|des|der|vom|del|de la|du|av|van)\s[^\W\d]+(?:[ -][^\W\d]+){0,3})?"
"""`of the transaction value`"""
_PLUS = (
    r"[\s*_]*(?:\+|\bplus\b|\band\b|&|\bzzgl\.|\bund\b|\bmás\b|\by\b|\bmais\b|\bet\b"
    r"|\boch\b|\bog\b|加|プラス)[\s*_]*"
)
_BEFORE = re.compile(rf"{PERCENT}{_OF}{_PLUS}$", re.IGNORECASE)
_AFTER = re.compile(rf"[\s*_]*(?:\+|\bplus\b|加|プラス)[\s*_]*{PERCENT}", re.IGNORECASE)
_SHARE = re.compile(PERCENT, re.IGNORECASE)
_WORDS = ("percent", "prozent", "por ciento")
_REACH = 60
"""How many characters before its fixed part a share may begin."""


def speaks_of_share(text: str) -> bool:
    """The cheap first look: no share is without one of these."""
    return any(map(text.__contains__, "%％﹪")) or any(map(text.lower().__contains__, _WORDS))


def share_before(folded: str, start: int, end: int) -> tuple[Decimal, int] | None:
    """The share to which the amount at `end` is added, and where it begins, not before `start`."""
    match = _BEFORE.search(folded, max(start, end - _REACH), end)
    share = parse_numeral(match["share"]) if match else None
    return None if match is None or share is None else (share, match.start())


def limits_share(line: str, start: int) -> bool:
    """Whether the amount at `start` is the least or the most that a share comes to: `3%, at least
    $5`, `1.5% (max. $20)`.
    """
    if not _SHARE.search(line, 0, start):
        return False
    before = fold(line[max(start - _REACH, 0) : start]).rstrip(" :*_(")
    return any(
        end == len(before)
        for section in ("least", "most")
        for *_, end in lexicon(section).find(before)
    )


def share_after(folded: str, end: int) -> tuple[Decimal, int] | None:
    """The share that is added to the amount before `end`, and where it ends."""
    match = _AFTER.match(folded, end)
    share = parse_numeral(match["share"]) if match else None
    return None if match is None or share is None else (share, match.end())
