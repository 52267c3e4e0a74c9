"""Whose prices a table shows beside one's own: columns and rows of other companies."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from ratewire.read.document import Document, Text
from ratewire.read.lexicon import fold, lexicon

__all__ = ["compared_words", "own_words", "rivals", "site_name"]

_NAME = re.compile(r"[^\W\d_][\w.&+-]*")
_REACH = 80
"""How many characters behind a word that compares the other's name may stand."""
_OF_NO_ONE = frozenset(
    {"www", "docs", "doc", "help", "support", "com", "org", "net", "dev", "app", "blog", "cloud"}
)
"""Parts of an address that name nobody."""


def rivals(names: Iterable[str], own: frozenset[str], compared: Iterable[str]) -> frozenset[str]:
    """Of the names that head the columns (or rows) of one table those of other companies: one of
    them is the publisher's `own`, and the page compares itself with the others (`compared`).
    """
    given = tuple(dict.fromkeys(name for name in names if name))
    if not any(_words(name) & own for name in given):
        return frozenset()
    behind = tuple(compared)
    return frozenset(name for name in given if not _words(name) & own and _is_among(name, behind))


def own_words(document: Document, url: str) -> frozenset[str]:
    """What the publisher is called, by the page's address and the first word of its title."""
    host = urlsplit(url).hostname or ""
    named = {part for part in host.split(".")[:-1] if len(part) > 2}
    headings = (block.headings[0] for block in document.blocks if block.headings)
    first = next(iter(_NAME.findall(fold(document.title or next(headings, "")))), "")
    if lexicon("generic", "heading").exactly(first) or lexicon("price").exactly(first):
        first = ""
    return frozenset(filter(None, {*named, first})) - _OF_NO_ONE


def site_name(url: str) -> str:
    """What a site is called by its address: `halden` of `docs.halden.example`; empty: nothing."""
    parts = (urlsplit(url).hostname or "").split(".")[:-1]
    named = [part for part in parts if len(part) > 2 and part not in _OF_NO_ONE]
    return named[-1] if named and not named[-1].isdigit() else ""


def compared_words(document: Document) -> tuple[str, ...]:
    """The words behind each word that compares."""
    return tuple(_compared(document))


def _compared(document: Document) -> Iterator[str]:
    compares = lexicon("not_a_rate", "compares")
    for block in document.blocks:
        if not isinstance(block, Text):
            continue
        text = fold(block.text)
        for match in compares.finditer(text):
            yield text[match.end() : match.end() + _REACH]


def _words(name: str) -> frozenset[str]:
    return frozenset(_NAME.findall(fold(name)))


def _is_among(name: str, behind: Iterable[str]) -> bool:
    """Whether the first word of a name stands behind a word that compares."""
    first = next(_NAME.finditer(fold(name)), None)
    if first is None:
        return False
    word = re.compile(rf"(?<!\w){re.escape(first.group())}(?!\w)")
    return any(word.search(words) for words in behind)
