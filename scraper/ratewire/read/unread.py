"""Why a figure is not understood, in words that a person finds true."""

from __future__ import annotations

import re

from ratewire.model import PERIODS, Figure, Shown
from ratewire.read.lexicon import fold, lexicon
from ratewire.read.quantities import find_amounts, find_unit, read_cell

__all__ = ["counts_things", "why_unread"]

_PLACEHOLDER = re.compile(r"\{\{|\{%|\$\{|<%|\bNaN\b|\bundefined\b")


def why_unread(figure: Figure) -> str:
    """The reason of a figure that no reader took for a rate, and that is nothing else either."""
    place = figure.place
    if figure.shown is not Shown.VISIBLE:
        return "it is not on screen, and no reader took it for a rate"
    if _PLACEHOLDER.search(figure.text):
        return "a placeholder of the page's template, and no figure yet"
    if any(map(lexicon("not_a_rate", "remark").exactly, place.heads)):
        return "it stands in a column of remarks"
    priced = any(lexicon("price").search(fold(words)) for words in (*place.heads, *place.labels))
    if read_cell(figure.text).kind == "free":
        if priced:
            return "it says that something is free, and its table does not say clearly what"
        return "it says that something is free, and nothing beside it names a price"
    if place.is_cell and priced:
        return "its row or column is of prices, and its table does not say clearly of what"
    if place.is_cell:
        return "nothing in its row and column says that it is a price, or of what"
    amounts = find_amounts(place.words.replace("#", figure.text, 1))
    if not any(amount.unit for amount in amounts):
        return "no words say what it is the price of, or per what"
    return "no words of its sentence were taken for what it is the price of"


def counts_things(words: str) -> bool:
    """Whether a line is a count and what is counted: `3 text messages`; the figure is a `#`."""
    match = re.fullmatch(r"#\s(?P<thing>[^\d#]{2,40})", words.strip())
    found = find_unit(f"per {match['thing']}") if match else None
    return found is not None and not PERIODS.intersection(found[0].things)
