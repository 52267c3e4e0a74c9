"""Prices that are not on screen as served: of the period that a switch shows instead."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ratewire.read.markup import Element, text_of, tidy
from ratewire.read.quantities import find_amounts

__all__ = ["unseen_money"]

_NUMBER = re.compile(r"\d[\d.,' ]*")
_SIGN = 4
"""Characters of the sign or the name of a currency."""


def unseen_money(element: Element) -> str:
    """The money in an inline element that is hidden; empty: it holds none.

    The sign of the currency may stand once, beside it and the price that is on screen:
    `<b>9</b><b hidden>79</b> <small>€</small>`.
    """
    text = tidy(text_of(element))
    if find_amounts(text) or not _NUMBER.fullmatch(text):
        return text if find_amounts(text) else ""
    before, after = (list(_signs(element, preceding=each)) for each in (True, False))
    for signed in (*(sign + text for sign in before), *(f"{text} {sign}" for sign in after)):
        if find_amounts(signed):
            return signed
    return ""


def _signs(element: Element, *, preceding: bool) -> Iterator[str]:
    """Short texts without digits beside an element, the next one first."""
    for other in element.itersiblings(preceding=preceding):
        parts = [text_of(other), other.tail or ""] if isinstance(other.tag, str) else []
        yield from _short(reversed(parts) if preceding else parts)
    parent = element.getparent()
    if preceding and parent is not None:
        yield from _short([parent.text or ""])
    elif not preceding:
        yield from _short([element.tail or ""])


def _short(texts: Iterator[str] | list[str]) -> Iterator[str]:
    for text in map(str.strip, texts):
        if text and len(text) <= _SIGN and not any(map(str.isdigit, text)):
            yield text
