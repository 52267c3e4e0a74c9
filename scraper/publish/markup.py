"""Markdown to HTML that fits the site: headings with ids, tables that scroll by themselves, links
from the root made relative, no inline style (the site's policy forbids it).

CommonMark with tables, footnotes, definition lists, strikethrough and heading attributes
(`## Title {#id .class}`), as pulldown-cmark has them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from html import escape, unescape

from pyromark import Markdown, Options

from scraper.publish.slots import strip_tokens

__all__ = ["Heading", "convert", "slug"]

_MARKDOWN = Markdown(
    options=Options.ENABLE_TABLES
    | Options.ENABLE_FOOTNOTES
    | Options.ENABLE_DEFINITION_LIST
    | Options.ENABLE_STRIKETHROUGH
    | Options.ENABLE_HEADING_ATTRIBUTES
)
_HEADING = re.compile(r'<h([1-6])(?: id="([^"]*)")?((?: class="[^"]*")?)>(.*?)</h\1>', re.S)
_LINK = re.compile(r'<a href="([^"]*)"')
_TABLE = re.compile(r"<table>.*?</table>", re.S)
_ALIGNED = re.compile(r'<(t[dh]) style="text-align: (left|center|right)">')
_TAGS = re.compile(r"<[^>]*>")
_CLASSES = {"left": "", "center": ' class="center"', "right": ' class="number"'}
_BOX = '<div class="scroll" role="group" aria-label="Table" tabindex="0">'


@dataclass(frozen=True, slots=True)
class Heading:
    id: str
    text: str
    """HTML without tags; may hold tokens of figures."""
    level: int = 2


def slug(text: str) -> str:
    """`What's new, 2026?` → `whats-new-2026`; letters of any script stay."""
    plain = unicodedata.normalize("NFKC", strip_tokens(unescape(_TAGS.sub("", text)))).lower()
    return re.sub(r"[\s_-]+", "-", re.sub(r"[^\w\s-]", "", plain)).strip("-") or "section"


def convert(source: str, link: Callable[[str], str]) -> tuple[str, tuple[Heading, ...]]:
    """HTML and its headings. `link` turns a path from the site's root into a relative link."""
    headings: list[Heading] = []
    taken: set[str] = set()

    def heading(found: re.Match[str]) -> str:
        level, own, classes, text = found.groups()
        base = own or slug(text)
        id, number = base, 2
        while id in taken:
            id, number = f"{base}-{number}", number + 1
        taken.add(id)
        headings.append(Heading(id, _TAGS.sub("", text), int(level)))
        return f'<h{level} id="{id}"{classes}>{text}</h{level}>'

    def anchor(found: re.Match[str]) -> str:
        target = unescape(found[1])
        if target.startswith("/") and not target.startswith("//"):
            return f'<a href="{escape(link(target))}"'
        return f'{found[0]} rel="external"' if "://" in target else found[0]

    html = _HEADING.sub(heading, _MARKDOWN.html(source))
    if "<table>" in html:
        html = _ALIGNED.sub(lambda cell: f"<{cell[1]}{_CLASSES[cell[2]]}>", html)
        html = _TABLE.sub(lambda table: f"{_BOX}{table[0]}</div>", html)
    return _LINK.sub(anchor, html), tuple(headings)
