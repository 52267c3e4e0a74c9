"""How long a text may be that words and figures are looked for in: what is longer is read in parts.

Patterns then meet no text of a length that a page's maker chose, so the work that they do grows
with the page and no faster.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

__all__ = ["LONGEST_HEADING", "LONGEST_TEXT", "parts"]

LONGEST_TEXT: Final = 3_000
"""Characters of a paragraph or a cell; few pages have longer ones."""
LONGEST_HEADING: Final = 300
_ENDS: Final = ("\n", ". ", "。", "; ", "；", ", ", "，", "、", " ")
"""Where a text is parted, the best first."""


def parts(text: str, longest: int = LONGEST_TEXT) -> Iterator[str]:
    """The text, or where it is too long its parts: whole sentences where there are any.

    >>> list(parts("Three. Two, three", 10))
    ['Three.', 'Two, three']
    """
    start = 0
    while len(text) - start > longest:
        end = _end(text, start + longest // 2, start + longest)
        if part := text[start:end].strip():
            yield part
        start = end
    if part := text[start:].strip():
        yield part


def _end(text: str, first: int, last: int) -> int:
    """Where the part that may end between these positions does."""
    for mark in _ENDS:
        if (found := text.rfind(mark, first, last)) >= 0:
            return found + len(mark)
    return last
