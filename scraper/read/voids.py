"""Words by which what a column, a row or a sentence prices is no rate: savings, totals, credits."""

from __future__ import annotations

from collections.abc import Iterable

from scraper.model import PERIODS
from scraper.read.document import Cell
from scraper.read.lexicon import fold, lexicon
from scraper.read.quantities import find_amounts

__all__ = ["is_no_rate", "names_credit", "sells"]


def is_no_rate(text: str, cells: Iterable[Cell] = ()) -> bool:
    """Whether a heading or a label makes the money of its `cells` something else than a price.
    Credits are given, and may be sold: `Price per 1M credits`, `Extra credits` at so much each.
    """
    folded = fold(text)
    if lexicon("not_a_rate", "label").search(folded):
        return True
    if not names_credit(folded) or lexicon("price").search(folded):
        return False
    return not any(map(sells, cells))


def names_credit(folded: str) -> bool:
    return bool(lexicon("not_a_rate", "credit").search(folded))


def sells(cell: Cell) -> bool:
    """Prices something that is counted: `$5 per 1,000`, not `$5 per month`."""
    units = (amount.unit for amount in find_amounts(cell.text))
    return any(unit and (unit.count != 1 or not PERIODS.issuperset(unit.things)) for unit in units)
