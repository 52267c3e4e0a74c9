"""Text that came off a page, made fit to be shown.

It is hostile: `plain` makes it one bounded line without control characters or direction
overrides. It does not escape; every outlet escapes for its own grammar.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import urlsplit

from ratewire.wording.catalogue import ENGLISH, Words

__all__ = ["joined", "plain", "shortened", "web_url"]

_JOINERS = "\u200c\u200d"
"""Format characters that spell words and emoji; all others (bidi controls, tags) only deceive."""
_MARKS_IN_A_ROW = 4
"""More combining marks than any script stacks on one letter."""

_SHORT = 200


def plain(text: str, limit: int = 300) -> str:
    """One line of at most `limit` characters, white space folded.

    Control, format, surrogate, private and unassigned characters are dropped, stacked combining
    marks cut short; what is cut off ends in `…`.
    """
    return _plain_short(text, limit) if len(text) <= _SHORT else _plain(text, limit)


def _plain(text: str, limit: int) -> str:
    if text.isascii() and text.isprintable():
        return shortened(" ".join(text[: limit * 8].split()), limit)
    kept: list[str] = []
    marks = 0
    for char in text[: limit * 8]:  # enough for any honest text; bounds the work on a huge one
        category = unicodedata.category(char)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if char.isspace():
            kept.append(" ")
        elif (category[0] != "C" or char in _JOINERS) and marks <= _MARKS_IN_A_ROW:
            kept.append(char)
    return shortened(" ".join("".join(kept).split()), limit)


_plain_short = lru_cache(maxsize=8192)(_plain)
"""Names and units recur in every change; what is long does not, and would fill the memory."""


def shortened(line: str, limit: int) -> str:
    """The line, or as much of it as goes before an `…`."""
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def joined(names: Sequence[str], most: int = 2, words: Words = ENGLISH) -> str:
    """`A`, `A and B`, `A, B and C`, or with too many names `A, B and 3 more`."""
    comma = words("list.comma")
    if len(names) > most:
        return words("list.more", names=comma.join(names[:most]), count=len(names) - most)
    if len(names) < 2:
        return "".join(names)
    return words("list.pair", first=comma.join(names[:-1]), last=names[-1])


def web_url(url: str) -> str:
    """The address, if it is an absolute http(s) one without white space or controls; else empty."""
    if plain(url, 4000) != url or " " in url:
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.hostname else ""
