"""Numbers as pages print them, as exact decimals; and text folded so that spans stay true."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

__all__ = ["NUMERAL", "SPACED_NUMERAL", "has_digit", "parse_numeral", "plain_characters"]

# One number: groups of thousands (1,234 / 1.234 / 1'234 / 1 234 with a hard space), or plain.
# Indian groups of two are let through. Atomic, so that a longer number is never cut short.
NUMERAL = (
    r"(?>\d{1,3}(?:[,.'’\u00a0\u2009\u202f]\d{2,3}){0,6}[,.'’\u00a0\u2009\u202f]\d{3}"
    r"(?![\d])(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)?|\.\d+)"
)
# The same, with groups set off by plain spaces too: only safe where no price stands before it.
SPACED_NUMERAL = rf"(?:(?>\d{{1,3}}(?: \d{{3}}){{1,6}}(?:[.,]\d+)?)(?![\d]|[.,]\d)|{NUMERAL})"

_DIGIT = re.compile(r"\d")
_LONGEST = 28
"""Digits of a number that is one; what is longer is none, whatever it says."""
_GROUPS = re.compile(r"\d{1,3}(?:(?:([,.])\d{3})+|(?:,\d{2})*,\d{3})")
_SPACES = str.maketrans("", "", " '’\u00a0\u2009\u202f")


def parse_numeral(text: str, *, comma: bool = False) -> Decimal | None:
    """One printed number: `1,234.56`, `1.234,56`, `1 234,56`, `1'234.56`, `.5`; None: it is none.

    Where three digits after a single mark leave it open (`1,234`, `1.234`), a comma groups and
    a point divides; with `comma` the other way round. `0,002` is always a fraction.
    """
    digits = text.translate(_SPACES)
    marks = [character for character in digits if character in ",."]
    if len(digits) > _LONGEST or not digits.replace(",", "").replace(".", "").isdecimal():
        return None
    if len(set(marks)) == 2:
        whole, _, fraction = digits.rpartition(marks[-1])
        if marks[-1] in whole or not _GROUPS.fullmatch(whole):
            return None
    elif len(marks) > 1 or (marks and _groups_thousands(digits, marks[0], comma)):
        if not _GROUPS.fullmatch(digits):
            return None
        whole, fraction = digits, ""
    else:
        whole, _, fraction = digits.partition(marks[0]) if marks else (digits, "", "")
    whole = whole.replace(",", "").replace(".", "")
    return Decimal(f"{whole or 0}.{fraction}" if fraction else whole or "0")


def _groups_thousands(digits: str, mark: str, comma: bool) -> bool:
    head, _, tail = digits.partition(mark)
    return (
        len(tail) == 3
        and 0 < len(head) <= 3
        and not head.startswith("0")
        and mark == ("." if comma else ",")
    )


def has_digit(text: str) -> bool:
    """Whether a text holds a decimal digit of any script; the first look of nearly every reader."""
    if (
        "0" in text or "1" in text or "2" in text or "5" in text or "3" in text
        or "4" in text or "6" in text or "7" in text or "8" in text or "9" in text
    ):  # fmt: skip
        return True  # sooner than a loop or a pattern would tell
    return not text.isascii() and _DIGIT.search(text) is not None


class _Folding(dict[int, int]):
    """`str.translate` table to NFKC, but only where one character stays one character."""

    def __missing__(self, code: int) -> int:
        character = chr(code)
        folded = unicodedata.normalize("NFKC", character)
        # Raised digits are footnote marks, and hard spaces tell groups of thousands.
        keep = (
            len(folded) != 1
            or folded == " "
            or unicodedata.decomposition(character).startswith(("<super>", "<sub>"))
        )
        self[code] = code if keep else ord(folded)
        return self[code]


_FOLDING = _Folding()
_TIMES = re.compile(r"(?<=[^\W\d_])[*·×](?=[^\W\d_])")


def plain_characters(text: str) -> str:
    """Full-width digits, letters and signs as plain ones, `GB*month` as `GB-month`; every position
    stays where it was.
    """
    if not text.isascii():
        text = text.translate(_FOLDING)
    return _TIMES.sub("-", text) if "*" in text or "·" in text or "×" in text else text
