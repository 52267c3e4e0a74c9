"""Elements of Python-Markdown as HTML, as its own serializer writes them, in half its time.

What comes of Markdown is nearly always plain: tags and attributes that are text. The rest is left
to the library.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from xml.etree.ElementTree import HTML_EMPTY, Element

from markdown.serializers import RE_AMP, to_html_string

__all__ = ["serialize"]


class _UnusualError(Exception):
    """Left to the library: comments, names with a namespace, attributes without a value."""


def serialize(root: Element) -> str:
    """`markdown.serializers.to_html_string`."""
    parts: list[str] = []
    try:
        _write(root, parts.append)
    except (_UnusualError, RecursionError):
        return str(to_html_string(root))
    return "".join(parts)


def _write(element: Element, put: Callable[[str], object]) -> None:
    tag, text, tail = element.tag, element.text, element.tail
    if type(tag) is not str:
        raise _UnusualError
    empty, raw = _kind(tag)
    put(f"<{tag}{_attributes(element)}>" if element.attrib else f"<{tag}>")
    if text:
        put(text if raw else _escaped(text))
    for child in element:
        _write(child, put)
    if not empty:
        put(f"</{tag}>")
    if tail:
        put(_escaped(tail))


def _attributes(element: Element) -> str:
    told = ""
    for name, value in sorted(element.attrib.items()):
        if type(name) is not str or not isinstance(value, str) or name == value:
            raise _UnusualError
        told += f' {name}="{_escaped(value).replace(chr(34), "&quot;")}"'
    return told


def _escaped(text: str) -> str:
    if "&" in text:
        text = RE_AMP.sub("&amp;", text)
    if "<" in text or ">" in text:
        text = text.replace("<", "&lt;").replace(">", "&gt;")
    return text


@lru_cache(maxsize=256)
def _kind(tag: str) -> tuple[bool, bool]:
    """Whether it has no end tag, and whether its text is no markup."""
    name = tag.lower()
    return name in HTML_EMPTY, name in ("script", "style")
