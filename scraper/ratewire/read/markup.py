"""What single elements of HTML are: on screen or not, a footnote's mark, a heading, inline."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeAlias

from lxml import etree

__all__ = [
    "HEADINGS",
    "INLINE",
    "SILENT",
    "Element",
    "cents",
    "gather",
    "glues",
    "heading_level",
    "hides",
    "is_mark",
    "is_struck",
    "text_of",
    "tidy",
]

Element: TypeAlias = etree._Element

SILENT = frozenset(
    {
        "script", "style", "template", "noscript", "svg", "nav", "footer", "iframe", "textarea",
        "select", "option", "button", "input", "canvas", "video", "audio", "object", "embed", "map",
        "math", "dialog", "head", "pre",
    }
)  # fmt: skip
INLINE = frozenset(
    {
        "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "dfn", "em", "font", "i", "ins",
        "kbd", "label", "mark", "q", "ruby", "rt", "rp", "samp", "small", "span", "strong", "sub",
        "sup", "time", "tt", "u", "var", "wbr", "big", "del", "s", "strike", "img", "br", "output",
    }
)  # fmt: skip
HEADINGS = {f"h{level}": level for level in range(1, 7)}
_HIDDEN_CLASSES = frozenset(
    {"hidden", "is-hidden", "d-none", "sr-only", "visually-hidden", "screen-reader-text"}
)
_STRUCK_CLASSES = frozenset({"line-through", "text-decoration-line-through"})
"""The utility classes of style frameworks."""
_SPACE = re.compile(r"[ \t\r\f\v\x1c-\x1f\u00a0\u2007\u2009\u200a\u202f]+")
_WIDE_SPACES = re.compile(r"[^\S\n]{2,}")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff\u202a-\u202e\u2066-\u2069]")
_NO_DISPLAY = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_STRUCK_STYLE = re.compile(r"text-decoration(?:-line)?\s*:", re.I)
_WHOLE_PRICE = re.compile(r"[$€£¥]\s*\d{1,3}(?:,?\d{3})*\s*$")
_WORD_ENDS = re.compile(r"(?:[^\W\d_]{2}|\d|[)%])$")
_WORD_BEGINS = re.compile(r"[^\W\d_]{2}")
_REMARK_BEGINS = re.compile(r"[^\W\d_]{2}|\d+\s?[^\W\d]|\(")
_IS_UNSPACED = re.compile(r"[\u2e80-\uabff\uf900-\uffef]")
"""A sign of a script that sets no spaces between words."""
_SIGNS = "$€£¥￥₹"
_DEEPEST = 200
"""Levels of elements in one cell; what stands deeper is taken as plain text."""


def hides(element: Element) -> bool:
    """Not on screen as served."""
    if element.get("hidden") is not None and element.get("hidden") != "false":
        return True
    style = element.get("style")
    if style and _NO_DISPLAY.search(style):
        return True
    classes = element.get("class")
    if not classes or not _HIDDEN_CLASSES.intersection(names := classes.split()):
        return False
    # `hidden md:block` is hidden on small screens only.
    return not any(":" in name or name.startswith(("d-md", "d-lg", "d-sm")) for name in names)


def is_struck(element: Element, tag: str) -> bool:
    """An old price, struck through."""
    if tag in ("del", "s", "strike"):
        return True
    classes = element.get("class")
    if classes and "line-through" in classes and _STRUCK_CLASSES.intersection(classes.split()):
        return True
    style = element.get("style")
    if style is None or "line-through" not in style.lower():
        return False
    rules = style.lower().split(";")
    return any("line-through" in rule and _STRUCK_STYLE.search(rule) for rule in rules)


def is_mark(element: Element) -> bool:
    """A footnote's mark, not a currency sign, the decimals of a price or a word."""
    text = text_of(element)
    short = len(text) <= 6 and not text.startswith((".", ",", "$", "€", "£", "¥"))
    return short and sum(map(str.isalpha, text)) <= 1  # `+ VAT` is a word


def cents(before: str, text: str) -> str:
    """Raised decimals as they are meant: `$9<sup>99</sup>` is 9.99; empty: they are none."""
    raised = text.strip()
    if len(raised) == 2 and raised.isdecimal() and _WHOLE_PRICE.search(before[-20:]):
        return f".{raised}"
    return ""


def heading_level(element: Element, tag: str) -> int:
    """1 to 6, also of ARIA headings; 0: no heading."""
    if level := HEADINGS.get(tag):
        return level
    if element.get("role") != "heading":
        return 0
    stated = element.get("aria-level") or "2"
    return int(stated) if stated.isascii() and stated.isdigit() and 1 <= int(stated) <= 6 else 2


def text_of(element: Element) -> str:
    """All text in an element, as it stands."""
    return "".join(map(str, element.itertext())).strip()


def glues(run: Sequence[str], element: Element) -> bool:
    """Whether an inline element begins a word or an amount right where its neighbour's ended: on
    screen a style keeps `<span>per month</span><span>billed yearly</span>` apart.
    """
    if element.tag == "small" and run:
        begins = next(map(str, element.itertext()), "")
        last = run[-1][-4:]
        remark = _WORD_BEGINS if last[-1:].isdecimal() else _REMARK_BEGINS
        return bool(_WORD_ENDS.search(last) and remark.match(begins))
    before = element.getprevious()
    if before is None or before.tail or before.tag not in INLINE or not run:
        return False
    begins = next(map(str, element.itertext()), "")
    last = next(filter(None, reversed(run)), "")
    if before.tag in ("sup", "sub") and begins[:1].isalnum() and last[-1:].isalnum():
        return True  # `500<sup>*</sup><span>200 € a year</span>`
    if begins[:1] in _SIGNS and begins:
        return run[-1][-1:].isdecimal() or run[-1][-1:].islower()
    if _IS_UNSPACED.match(begins) or _IS_UNSPACED.match(run[-1][-1:]):
        return False
    return bool(_WORD_ENDS.search(run[-1][-4:]) and _WORD_BEGINS.match(begins))


def gather(
    element: Element, parts: list[str], struck: list[str], refs: list[str], depth: int = 0
) -> None:
    """The visible text of an element into `parts`, lines kept; what is struck out and footnote
    marks go apart.
    """
    parts.append((element.text or "").replace("\n", " "))
    for child in element:
        tag = child.tag if isinstance(child.tag, str) else ""
        if depth > _DEEPEST:
            parts.append(text_of(child))
        elif tag in ("sup", "sub") and (decimals := cents("".join(parts[-6:]), text_of(child))):
            parts.append(decimals)
        elif tag in ("sup", "sub") and is_mark(child):
            refs.append(text_of(child))
        elif is_struck(child, tag):
            struck.append(text_of(child))
        elif tag == "br":
            parts.append("\n")
        elif tag == "img":
            parts.append(child.get("alt") or "")
        elif tag and (tag not in SILENT or tag in ("button", "pre")) and not hides(child):
            loose = tag in ("p", "div", "li") and any(map(str.strip, parts[-64:]))
            block = loose or (tag not in INLINE and tag not in ("button", "p", "div"))
            if block:
                parts.append("\n")
            elif glues(parts, child):
                parts.append(" ")
            gather(child, parts, struck, refs, depth + 1)
            if block or tag in ("p", "div", "li"):
                parts.append("\n")
        if child.tail:
            parts.append(child.tail.replace("\n", " "))


def tidy(text: str) -> str:
    """White space folded within lines, empty lines and invisible characters dropped."""
    if text.isascii():
        if "\n" not in text:
            return " ".join(text.split())
        return "\n".join(filter(None, (" ".join(line.split()) for line in text.split("\n"))))
    text = _WIDE_SPACES.sub(" ", _SPACE.sub(" ", _INVISIBLE.sub("", text)))
    return "\n".join(filter(None, map(str.strip, text.split("\n"))))
