"""Prices in a column of remarks. A remark tells of many things that are no price of its row; one
that prices one more of something is: `2 users are included, an additional one is $8 per month`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from ratewire.read.document import Cell
from ratewire.read.quantities import find_amounts
from ratewire.read.vocabulary import either, key, vocabulary

__all__ = ["further_price", "named_further"]

_CLAUSE = re.compile(r"[;；，。\n]\s?|[,.]\s")
_LONGEST = 8
"""Words between `additional` and the amount."""


def further_price(remark: Cell) -> Cell | None:
    """The cell with nothing but the words that price one more of something; None: it has none."""
    for clause in _CLAUSE.split(remark.text):
        amounts = find_amounts(clause)
        if len(amounts) != 1 or amounts[0].unit is None:
            continue
        more = _more().search(clause, 0, amounts[0].start)
        if more and len(clause[more.end() : amounts[0].start].split()) <= _LONGEST:
            return replace(remark, text=clause[more.start() :])
    return None


def named_further(words: str) -> str:
    """What one more of is priced, without the words round it: `an additional user is priced at`."""
    more = _more().search(words)
    if not more:
        return words
    named = words[more.start() :].split()
    while len(named) > 1 and key(named[-1]) in _priced():
        named.pop()
    return " ".join(named)


@cache
def _priced() -> frozenset[str]:
    grammar = vocabulary().data["grammar"]
    return frozenset(
        map(key, (*grammar["link"], *grammar["paid"], *grammar["be"], *grammar["priced"]))
    )


@cache
def _more() -> re.Pattern[str]:
    return re.compile(either(vocabulary().data["grammar"]["more"]), re.IGNORECASE)
