"""Words by which what a column, a row or a sentence prices is no rate: savings, totals, credits."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from ratewire.model import PERIODS
from ratewire.read.document import Cell
from ratewire.read.lexicon import fold, lexicon
from ratewire.read.quantities import find_amounts

__all__ = ["is_no_rate", "names_credit", "sells"]

_ROUTE = re.compile(r"(?<!\S)/[\w{}./:-]+")
"""`GET /v1/wallet/balance`: what is asked for, and no balance of money."""
_PACK = re.compile(r"\d[\d.,\s]*[km]?\s?[^\W\d]+", re.IGNORECASE)


def is_no_rate(text: str, cells: Iterable[Cell] = ()) -> bool:
    """Whether a heading or a label makes the money of its `cells` something else than a price.
    Credits are given, and may be sold: `Price per 1M credits`, `Extra credits` at so much each,
    `1,000 credits` in a pack.
    """
    said = _said(text)
    return said == "label" or (said == "credit" and not any(map(sells, cells)))


@lru_cache(maxsize=2048)
def _said(text: str) -> str:
    """`label`: of no rate; `credit`: of credits and of no price of them; empty: of neither."""
    folded = lexicon("price", "sale").sub(" ", _ROUTE.sub(" ", fold(text)))
    folded = lexicon("not_a_rate", "neutral").sub(" ", folded)
    if lexicon("not_a_rate", "label").search(folded):
        return "label"
    if not names_credit(folded) or lexicon("price").search(folded) or _PACK.fullmatch(folded):
        return ""
    return "credit"


def names_credit(folded: str) -> bool:
    return bool(lexicon("not_a_rate", "credit").search(folded))


def sells(cell: Cell) -> bool:
    """Prices something that is counted: `$5 per 1,000`, not `$5 per month`."""
    units = (amount.unit for amount in find_amounts(cell.text))
    return any(unit and (unit.count != 1 or not PERIODS.issuperset(unit.things)) for unit in units)
