"""In which language, and for which country, a page is written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from ratewire.model import Unit
from ratewire.read.document import Document
from ratewire.read.vocabulary import vocabulary

__all__ = ["in_tongue", "tags"]

_TAG = re.compile(r"([a-z]{2})(?:[-_]([a-z]{2}))?")
_FOLDERS = 3
"""A language stands at the beginning of a path: `/en-au/pricing`, `/docs/zh-cn/`."""


def tags(document: Document, url: str) -> Iterator[tuple[str, str]]:
    """(language, region or empty) that the page and its address state, the page first."""
    folders = urlsplit(url).path.lower().split("/")[1 : 1 + _FOLDERS]
    for text in (document.language, *folders):
        if match := _TAG.fullmatch(text):
            yield match[1], match[2] or ""


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
