"""Code, links and emphasis inside a paragraph, a cell or a heading, as Python-Markdown makes them,
in a fifth of its time.

The library tries each of its patterns on every piece of a text in turn. Most texts hold nothing
but plain words and these three, none within another: those are read at one go. Every other text is
left to the library.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from markdown.treeprocessors import InlineProcessor
from markdown.util import AtomicString, code_escape

__all__ = ["Inline"]

_MARKED = re.compile(r"[\\`*_~\[<&\x02]|  \n")
"""Where there is none of these no pattern of the library's finds anything."""
_PIECE = re.compile(
    r"`(?P<code>[^`\\\x02]+)`(?!`)"
    r"|(?<!!)\[(?P<words>[^]\[\\`*_~<&\x02]+)\]\((?P<target>[^]\[\s()<>\\`\"'&\x02]*)\)"
    r"|(?<!\S)(?P<mark>\*\*?)(?=\w)(?P<stressed>[^]\[\\`*_~<&\x02]+)(?<=\w)(?P=mark)(?![^\s.,;:!?)])"
)


class Inline(InlineProcessor):
    """The library's step of this name, which is asked only where something is left for it."""

    def run(self, tree: Element, ancestors: list[str] | None = None) -> Element:
        left = False
        for element in list(tree.iter()):
            left |= not _read(element) or bool(element.tail and _MARKED.search(element.tail))
        return super().run(tree, ancestors) if left else tree


def _read(element: Element) -> bool:
    """Whether the text of the element needs no more reading."""
    text = element.text
    if not text or isinstance(text, AtomicString):
        return True
    if not _MARKED.search(text):
        element.text = AtomicString(text)
        return True
    if "  \n" in text:
        return False
    made, words, end = [], [], 0
    for piece in _PIECE.finditer(text):
        words.append(text[end : piece.start()])
        made.append(_element(piece))
        end = piece.end()
    words.append(text[end:])
    if any(_MARKED.search(each) for each in words):
        return False
    element.text = AtomicString(words[0])
    for one, tail in zip(made, words[1:], strict=True):
        one.tail = AtomicString(tail)
    element[:0] = made
    return True


def _element(piece: re.Match[str]) -> Element:
    if code := piece["code"]:
        element = Element("code")
        element.text = AtomicString(code_escape(code.strip()))
        return element
    if words := piece["words"]:
        element = Element("a", href=piece["target"])
        element.text = AtomicString(words)
        return element
    element = Element("em" if len(piece["mark"]) == 1 else "strong")
    element.text = AtomicString(piece["stressed"])
    return element
