"""In which language, and for which country, a page is written."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from ratewire.model import Unit
from ratewire.read.currencies import money
from ratewire.read.document import Document
from ratewire.read.vocabulary import vocabulary

__all__ = ["in_tongue", "nordic", "tags", "tongues"]

_TAG = re.compile(r"([a-z]{2})(?:[-_]([a-z]{2}))?")
_WORD = re.compile(r"[^\W\d_]+")
_SHORT, _FEW = 20, 2
"""Characters of a text that tells no language; words that do."""
_FOLDERS = 3
"""A language stands at the beginning of a path: `/en-au/pricing`, `/docs/zh-cn/`."""


def tags(document: Document, url: str) -> Iterator[tuple[str, str]]:
    """(language, region or empty) that the page and its address state, the page first."""
    folders = urlsplit(url).path.lower().split("/")[1 : 1 + _FOLDERS]
    for text in (document.language, *folders):
        if match := _TAG.fullmatch(text):
            yield match[1], match[2] or ""


def nordic(texts: Iterable[str]) -> str:
    """In which of the languages whose currencies are all `kr` a page is written that does not say
    so: `sv`, `da`, `no` or `is`; empty: in none, or it is not certain.
    """
    found: Counter[str] = Counter()
    for text in texts:
        if not text.isascii() or len(text) > _SHORT:
            found.update(_WORD.findall(text.casefold()))
    letters = Counter("".join(found))
    if letters["þ"] + letters["ð"] > _FEW:
        return "is"
    written = vocabulary().data["nordic"]
    counts = {tongue: sum(found[word] for word in words) for tongue, words in written.items()}
    (first, most), (_, other) = Counter(counts).most_common(2)
    return first if most >= _FEW and most > 2 * other else ""


def tongues(document: Document, url: str, meant: Iterable[str]) -> frozenset[str]:
    """The languages of a page; of one that states none, those of the currencies that its signs
    may mean.
    """
    stated = frozenset(tongue for tongue, _ in tags(document, url))
    spoken = money().data["languages"]
    return stated or frozenset(tongue for code in meant for tongue in spoken.get(code, ()))


def in_tongue(unit: Unit, tongues: frozenset[str]) -> Unit:
    """A unit whose word means something else in these languages: `time` is a Norwegian hour."""
    homographs = vocabulary().data["homographs"]
    if not any(thing in homographs for thing in unit.things):
        return unit
    meant = (homographs.get(thing, {}) for thing in unit.things)
    things = (
        next((each[tongue] for tongue in sorted(tongues) if tongue in each), thing)
        for thing, each in zip(unit.things, meant, strict=True)
    )
    return Unit.of(*things, count=unit.count)
