"""Figures on their way through Jinja and Markdown.

A figure called in an article or a template leaves a short token in the text. Markdown and
autoescaping pass the token by; in the end it is filled with the figure's HTML, or, in the
Markdown twin of the page, with its Markdown. So nothing scraped is ever taken for markup, and
an article is rendered once for both.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["RenderedFigure", "Slots", "strip_tokens"]

_TOKEN = re.compile("\ue000(\\d+)\ue001")
_ALONE = re.compile("<p>\\s*((?:\ue000\\d+\ue001\\s*)+)</p>")


@dataclass(frozen=True, slots=True)
class RenderedFigure:
    """One figure in both forms. A `block` stands alone, not in a line of text."""

    html: Callable[[], str]
    markdown: Callable[[], str]
    block: bool = False


def strip_tokens(text: str) -> str:
    return _TOKEN.sub("", text)


class Slots:
    """The figures of one page."""

    def __init__(self) -> None:
        self._held: list[RenderedFigure] = []

    def hold(self, shown: RenderedFigure) -> str:
        self._held.append(shown)
        return f"\ue000{len(self._held) - 1}\ue001"

    def html(self, text: str) -> str:
        """`text` with every token filled; blocks are taken out of the paragraph around them."""
        return self._fill(_ALONE.sub(self._unwrap, text), lambda shown: shown.html())

    def markdown(self, text: str) -> str:
        return self._fill(text, lambda shown: shown.markdown())

    def _fill(self, text: str, form: Callable[[RenderedFigure], str]) -> str:
        def fill(token: re.Match[str]) -> str:
            index = int(token[1])
            if index >= len(self._held):
                return ""
            return self._fill(form(self._held[index]), form)

        return _TOKEN.sub(fill, text)

    def _unwrap(self, paragraph: re.Match[str]) -> str:
        indexes = [int(token[1]) for token in _TOKEN.finditer(paragraph[1])]
        blocks = all(i < len(self._held) and self._held[i].block for i in indexes)
        return paragraph[1] if blocks else paragraph[0]
