"""A vendor's own unit of account, in which a page gives its prices: `Prices in DBU per 1M tokens.
$0.07 per DBU.` It takes both, what one costs and that prices are in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from ratewire.read.currencies import money
from ratewire.read.lexicon import fold, has_any, lexicon
from ratewire.read.quantities import find_amounts
from ratewire.read.vocabulary import either, vocabulary

__all__ = ["unit_of_account"]

_CODE = r"(?<![\w-])[A-Z]{3,5}(?=s?(?![\w-]))"
_LONGEST = 400
"""Characters of a text that can state it."""


def unit_of_account(texts: Iterable[str]) -> str:
    """The code of the unit in which prices are stated; empty: there is none."""
    said = [text for text in dict.fromkeys(texts) if len(text) <= _LONGEST]
    costing = {code for text in said for code in _costing(text)}
    if not costing:
        return ""
    stated = {code for text in said for code in _stated(text) if code in costing}
    return stated.pop() if len(stated) == 1 else ""


def _costing(text: str) -> Iterable[str]:
    """The codes of which a text says what one costs: `$0.07 per DBU`, `One DBU is $0.07`."""
    if not find_amounts(text):
        return
    for match in (*_per().finditer(text), *_is_worth().finditer(text)):
        code = match["code"]
        if code.lower() not in vocabulary().things and code not in money().signs_after:
            yield code


def _stated(text: str) -> Iterable[str]:
    """The codes in which a text says that prices are: `Prices in DBU`, `Input (DBU)`."""
    if has_any(text, "price", "words") or lexicon("direction").search(fold(text)):
        yield from (match["code"] for match in _in().finditer(text))


@cache
def _per() -> re.Pattern[str]:
    return re.compile(rf"(?:/|{either(vocabulary().data['grammar']['per'])})\s?(?P<code>{_CODE})")


@cache
def _is_worth() -> re.Pattern[str]:
    words = vocabulary().data
    link = either(words["grammar"]["link"])
    return re.compile(
        rf"(?<!\w)(?:1|(?i:{either(words['counts']['1'])})) (?P<code>{_CODE})s?\s?(?:[=≈]|{link})"
    )


@cache
def _in() -> re.Pattern[str]:
    words = either(vocabulary().data["grammar"]["in_currency"])
    return re.compile(rf"(?:(?<!\w)(?:{words})\s{{0,2}}|[(（]\s?)(?P<code>{_CODE})")
