"""Prices below the usual one: the usual one struck out beside them, `20% off`, until when."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from ratewire.model import Sale
from ratewire.read.lexicon import fold, lexicon
from ratewire.read.numerals import NUMERAL, parse_numeral

__all__ = ["off_between", "off_in", "sale_of"]

_SHARE = re.compile(rf"(?<![\w.,]){NUMERAL}\s?[%％]")
_LEAD = re.compile(r"[-–−]\s?$")
_NEAR = 20
"""Characters between a percentage and the word that makes it a reduction."""


def sale_of(
    amount: Decimal, usual: Iterable[Decimal], off: Decimal | None, ends: str
) -> Sale | None:
    """The sale that a price is part of: `usual` are the old prices beside it, `off` how much less
    it is; `ends` is the day to which it holds.
    """
    listed = next((value for value in usual if value > amount), None)
    if listed is None and off is None:
        return None
    return Sale(listed, off, _day(ends))


def off_in(text: str) -> Decimal | None:
    """`75% OFF`, `(−20 %)`, `save 17%`."""
    for match in _SHARE.finditer(text):
        share = off_between(text[: match.start()], match[0], text[match.end() :])
        if share is not None:
            return share
    return None


def off_between(before: str, share: str, after: str) -> Decimal | None:
    """A percentage as a reduction, by the words round it; None: it is none."""
    said = any(start == 0 for _, start, _ in lexicon("sale", "off").find(_head(after)))
    led = fold(before[-_NEAR:])
    if not said and not lexicon("sale", "save").search(led) and not _LEAD.search(before):
        return None
    number = parse_numeral(share.strip(" \u00a0\u202f%％-–−+"))
    return number if number is not None and 0 < number < 100 else None


def _head(after: str) -> str:
    return fold(after[:_NEAR]).lstrip(" )(:*_")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
