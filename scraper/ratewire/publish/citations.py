"""Links that lead to the very words: URL text fragments."""

from __future__ import annotations

import re
from urllib.parse import quote

__all__ = ["text_fragment"]

_CELLS = re.compile(r"\s*(?:\||›|\t|\n| {2,}| · )\s*")
_LONGEST = 120


def text_fragment(url: str, excerpt: str) -> str:
    """`url#:~:text=…` for a browser to scroll to the excerpt.

    A match within one block is exact; an excerpt of several cells, or a long one, is named by
    its first and last words, as the specification (WICG scroll-to-text-fragment) has it.
    """
    cells = [cell.strip("| ") for cell in _CELLS.split(excerpt.strip())]
    cells = [cell for cell in cells if any(char.isalnum() for char in cell)]
    if not cells:
        return url
    first, last = cells[0], cells[-1]
    if len(cells) == 1 and len(first) > _LONGEST:
        words = first.split()
        first, last = " ".join(words[:6]), " ".join(words[-6:])
    if max(len(first), len(last)) > 2 * _LONGEST:  # words of such a length are none
        return url
    text = _encoded(first) if first == last else f"{_encoded(first)},{_encoded(last)}"
    separator = "" if "#" in url else "#"
    return f"{url}{separator}:~:text={text}"


def _encoded(text: str) -> str:
    """Commas, ampersands and hyphens have a meaning in a fragment."""
    return quote(text, safe="").replace("-", "%2D")
