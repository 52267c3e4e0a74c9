"""Markdown to HTML that fits the site: headings with ids, tables that scroll by themselves, links
from the root made relative, no inline style (the site's policy forbids it).

Python-Markdown with tables, footnotes, definition lists, fenced code, attributes
(`## Title {#id .class}`) and strikethrough.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from html import escape, unescape
from threading import get_ident
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions.attr_list import AttrListExtension
from markdown.extensions.def_list import DefListExtension
from markdown.extensions.fenced_code import FencedCodeExtension
from markdown.extensions.footnotes import FootnoteExtension
from markdown.extensions.sane_lists import SaneListExtension
from markdown.extensions.tables import TableExtension
from markdown.extensions.toc import render_inner_html
from markdown.inlinepatterns import SimpleTagInlineProcessor
from markdown.treeprocessors import Treeprocessor

from ratewire.publish.slots import strip_tokens

__all__ = ["Heading", "convert", "slug"]

_TAGS = re.compile(r"<[^>]*>")
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_CLASSES = {"center": "center", "right": "number"}
_BOX = {"class": "scroll", "role": "group", "tabindex": "0"}
_RAW_LINK = re.compile(r'<a href="([^"]*)"')


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


def convert(
    source: str, link: Callable[[str], str], table: str = "Table"
) -> tuple[str, tuple[Heading, ...]]:
    """HTML and its headings. `link` turns a path from the site's root into a relative link, `table`
    is what those who do not see a table are told that it is.
    """
    return _converter(get_ident()).convert(source, link, table)


class _Converter:
    """Python-Markdown for one thread: it cannot be shared."""

    def __init__(self) -> None:
        self._markdown = Markdown(
            extensions=[
                AttrListExtension(),
                DefListExtension(),
                FencedCodeExtension(),
                FootnoteExtension(),
                SaneListExtension(),
                TableExtension(use_align_attribute=True),
            ],
            output_format="html",
        )
        self._markdown.ESCAPED_CHARS.append("~")
        self._headings = _Headings(self._markdown)
        self._links = _Links(self._markdown)
        self._tables = _Tables(self._markdown)
        strike = SimpleTagInlineProcessor(r"(~~)(?=\S)(.+?)(?<=\S)~~", "del")
        self._markdown.inlinePatterns.register(strike, "strike", 55)
        for place, name, step in (
            (-1, "headings", self._headings),  # from here on after all others
            (-2, "links", self._links),
            (-3, "tables", self._tables),
        ):
            self._markdown.treeprocessors.register(step, name, place)

    def convert(
        self, source: str, link: Callable[[str], str], table: str
    ) -> tuple[str, tuple[Heading, ...]]:
        self._markdown.reset()
        self._headings.found = {}
        self._links.link, self._tables.label = link, table
        html = self._markdown.convert(source)
        return html, tuple(self._headings.found.values())


@lru_cache(maxsize=32)
def _converter(thread: int) -> _Converter:
    return _Converter()


class _Headings(Treeprocessor):
    """Gives each heading an id of its own, and gathers them."""

    found: dict[str, Heading]

    def run(self, root: Element) -> None:
        for element in root.iter():
            if element.tag not in _HEADINGS:
                continue
            text = _TAGS.sub("", render_inner_html(element, self.md))
            base = element.get("id") or slug(text)
            id, number = base, 2
            while id in self.found:
                id, number = f"{base}-{number}", number + 1
            element.set("id", id)
            self.found[id] = Heading(id, text, int(element.tag[1]))


class _Links(Treeprocessor):
    """Links from the root become relative; those that leave the site say so. Links in an author's
    own HTML too."""

    link: Callable[[str], str]

    def run(self, root: Element) -> None:
        for element in root.iter("a"):
            target = unescape(element.get("href", ""))
            if _from_root(target):
                element.set("href", self.link(target))
            elif "://" in target:
                element.set("rel", "external")
        stash = self.md.htmlStash.rawHtmlBlocks
        stash[:] = [_RAW_LINK.sub(self._raw, raw) if isinstance(raw, str) else raw for raw in stash]

    def _raw(self, found: re.Match[str]) -> str:
        target = unescape(found[1])
        if _from_root(target):
            return f'<a href="{escape(self.link(target))}"'
        return f'{found[0]} rel="external"' if "://" in target else found[0]


def _from_root(target: str) -> bool:
    return target.startswith("/") and not target.startswith("//")


class _Tables(Treeprocessor):
    """Puts each table in a box that scrolls, and turns alignment into classes."""

    label: str

    def run(self, root: Element) -> None:
        for parent in list(root.iter()):
            for place, table in enumerate(parent):
                if table.tag == "table":
                    box = Element("div", _BOX, **{"aria-label": self.label})
                    box.tail, table.tail = table.tail, None
                    box.append(table)
                    parent[place] = box
        for cell in root.iter():
            align = cell.attrib.pop("align", None)
            if align in _CLASSES:
                cell.set("class", _CLASSES[align])
