"""The price for another way to pay, below the price by the month: `or $8 if billed yearly`.

The line has no unit. What the price above costs in a year says whether it is that of a month or
that of a year.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ratewire.model import Unit
from ratewire.read.document import Text
from ratewire.read.other_money import other_money
from ratewire.read.page import PageContext
from ratewire.read.quantities import Amount, find_amounts
from ratewire.read.statements import sentences
from ratewire.read.terms.billing import billed

__all__ = ["otherwise_paid"]

_MOST_WORDS = 12
_BLOCKS_ABOVE = 4
_LEAST_OF_MONTH, _LEAST_OF_YEAR = Decimal("0.3"), Decimal(4)
"""Of the price by the month: no discount is larger."""
_YEAR = Decimal("11.99")
"""A year that costs as much as twelve months is the same price once more."""


def otherwise_paid(sentence: str, at: int, page: PageContext) -> tuple[Amount, Unit] | None:
    """The amount of a line that is paid by the year, and what it is for; None: it is no such line,
    or nothing above it has a price by the month.
    """
    amount = _lone_amount(sentence)
    if amount is None or amount.unit or len(sentence.split()) > _MOST_WORDS:
        return None
    if billed(sentence) != "year" or other_money(sentence, [amount])[0]:
        return None
    monthly = next(_prices_above(sentence, at, page), None)
    if monthly is None or monthly.unit is None or monthly.currency != amount.currency:
        return None
    share = amount.value / monthly.value
    if _LEAST_OF_MONTH <= share <= 1:
        return amount, monthly.unit
    if _LEAST_OF_YEAR <= share < _YEAR:
        things = ("year" if thing == "month" else thing for thing in monthly.unit.things)
        return amount, Unit.of(*things)
    return None


def _lone_amount(text: str) -> Amount | None:
    found = find_amounts(text)
    if len(found) != 1 or not found[0].value or found[0].struck or found[0].upper:
        return None
    plain = found[0].qualifier in ("", "from") and found[0].percent is None
    return found[0] if plain else None


def _prices_above(sentence: str, at: int, page: PageContext) -> Iterator[Amount]:
    """The prices by the month above a line, under the same headings, the nearest first."""
    blocks = page.document.blocks
    here = blocks[at]
    for block in blocks[max(0, at - _BLOCKS_ABOVE) : at + 1][::-1]:
        if not isinstance(block, Text) or block.headings != here.headings:
            return
        lines = sentences(block.text)
        if block is here:
            lines = lines[: lines.index(sentence)] if sentence in lines else []
        for line in reversed(lines):
            amount = _lone_amount(line)
            if amount and amount.unit and amount.unit.count == 1 and "month" in amount.unit.things:
                yield amount
