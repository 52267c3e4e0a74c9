"""Sections that announce a price list and hold none: an include that was not filled in, a table
that a script was to draw. What is gone with them is unseen, not removed.
"""

from __future__ import annotations

from ratewire.read.document import Table, Text
from ratewire.read.lexicon import fold, lexicon
from ratewire.read.page import PageContext
from ratewire.read.quantities import find_amounts, find_unit

__all__ = ["hollow_sections"]

_LONGEST = 12
"""Words of a note that announces a price list: `Prices per 1M tokens.`"""


def hollow_sections(page: PageContext) -> tuple[str, ...]:
    """Names of the sections whose note announces prices that do not follow."""
    blocks = page.document.blocks
    found: list[str] = []
    for at, block in enumerate(blocks):
        if not isinstance(block, Text) or not _announces_prices(block.text):
            continue
        if not _figures_follow(at, page):
            name = _name(at, page)
            found.append(name)
    return tuple(dict.fromkeys(found))


def _announces_prices(text: str) -> bool:
    return (
        len(text.split()) <= _LONGEST
        and lexicon("price").match(fold(text)) is not None
        and not lexicon("limit").search(fold(text))
        and find_unit(text) is not None
        and not find_amounts(text)
    )


def _figures_follow(at: int, page: PageContext) -> bool:
    """Whether a table comes before the next such note, or an amount before the next heading."""
    here = page.document.blocks[at]
    for block in page.document.blocks[at + 1 :]:
        if isinstance(block, Table):
            return True
        if block.headings[: len(here.headings)] != here.headings:
            return False
        if isinstance(block, Text):
            if _announces_prices(block.text):
                return False
            if find_amounts(block.text):
                return True
    return False


def _name(at: int, page: PageContext) -> str:
    """The section's own name: the short line before the note, or its heading."""
    here = page.document.blocks[at]
    for block in page.document.blocks[max(0, at - 2) : at][::-1]:
        if (
            isinstance(block, Text)
            and block.headings == here.headings
            and len(block.text.split()) <= 6
        ):
            return block.text
    return here.headings[-1] if here.headings else page.document.title
