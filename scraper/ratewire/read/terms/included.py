"""What is included in a price, and what comes before a price for each further unit."""

from __future__ import annotations

import re
from functools import lru_cache

from ratewire.model import Quantity
from ratewire.read.lexicon import fold, lexicon
from ratewire.read.numerals import has_digit
from ratewire.read.terms.quantity import Counted, counted

__all__ = ["included_in"]

_CLAUSE = re.compile(r"[;。；]|\.\s|,\s(?!\d)|\s[–—-]\s|[()（）]|，")
_SPANS = frozenset({"day", "week", "month", "year"})
"""`2 months free`, a trial of 14 days: no quantity of use."""
_REACH = 24
"""Characters between a quantity and the word that makes it included."""


def included_in(before: str, after: str) -> Quantity | None:
    """The one quantity that the words before and after an amount call included: `10 GB included,
    $1.50 per further GB`, `$20 with 10 GB included`. Several (of different things): None.
    """
    found = [*_included(before), *_included(after)]
    return found[0] if len({(each.amount, each.of) for each in found}) == 1 else None


@lru_cache(maxsize=2048)
def _included(text: str) -> tuple[Quantity, ...]:
    if not has_digit(text):
        return ()
    found = []
    for clause in filter(None, _CLAUSE.split(text)):
        for each in counted(clause):
            if (
                each.of
                and each.of not in _SPANS
                and (_is_led(clause, each) or _is_followed(clause, each))
            ):
                found.append(Quantity(each.value, each.of))
    return tuple(found)


def _is_led(clause: str, each: Counted) -> bool:
    folded = fold(clause[: each.start]).rstrip(" :*_：")
    return any(end == len(folded) for *_, end in lexicon("included", "before").find(folded)) and (
        _is_free(clause) or not _is_first(folded)
    )


def _is_first(folded: str) -> bool:
    """`first 10 GB` alone is a bracket; `first 10 GB free` is included."""
    return bool(lexicon("bracket", "first").search(folded))


def _is_free(clause: str) -> bool:
    return bool(lexicon("included", "after").search(fold(clause)))


def _is_followed(clause: str, each: Counted) -> bool:
    folded = fold(clause[each.end :])
    hits = lexicon("included", "after").find(folded)
    return any(start <= _REACH and not re.search(r"\d", folded[:start]) for _, start, _ in hits)
