"""Files that list every page of the site, one a line: the sitemap, llms.txt, the search index.

A line hangs on its own page alone, so a build takes over those of pages that it does not render.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

__all__ = ["Listed", "Listing"]


@dataclass(frozen=True, slots=True)
class Listed:
    """What such a file may tell of a page."""

    path: str
    title: str
    description: str
    updated: date | None
    headings: tuple[tuple[str, str], ...]
    """Anchor and words."""
    language: str
    """BCP 47 tag; empty: the site's own."""
    versions: tuple[tuple[str, str], ...]
    """(tag, path) of every language that the page is in, the site's own first."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One such file: what stands before and after the lines, and how a line is written."""

    file: str
    first: str
    last: str
    line: Callable[[Listed], str]
    between: str = "\n"
    """Stands in no line."""

    def whole(self, lines: Iterable[str]) -> bytes:
        return f"{self.first}{self.between.join(lines)}{self.last}".encode()

    def lines(self, whole: bytes) -> list[str]:
        """Those of a file that was written so; none where it begins or ends otherwise."""
        text = whole.decode("utf-8", "replace")
        if not (text.startswith(self.first) and text.endswith(self.last)):
            return []
        return text[len(self.first) : len(text) - len(self.last)].split(self.between)
