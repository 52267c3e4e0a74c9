"""The footnotes of a table: the lines below it, and the mark that one begins with."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ratewire.read.document import Text
from ratewire.read.page import PageContext

__all__ = ["mark_of", "notes_below"]

_MARK = re.compile(r"\s*(?:[(\[]\d{1,2}[)\]]|\d{1,2}(?=[.:)\s])|[*†‡§]{1,3}|[¹²³⁴-⁹])[.:]?")
"""What a footnote begins with."""
_NOTES = 16
"""Blocks below a table among which its footnotes are."""


def notes_below(at: int, page: PageContext) -> Iterator[str]:
    """The lines of the texts below the table at block `at`."""
    for block in page.document.blocks[at + 1 : at + 1 + _NOTES]:
        if isinstance(block, Text) and not block.hidden:
            yield from (line for line in block.text.split("\n") if line.strip())


def mark_of(note: str) -> str:
    """The mark that a footnote begins with; empty: none."""
    mark = _MARK.match(note)
    return mark.group().strip("()[].: ") if mark else ""
