"""What a page shows beside its content, or once something is pressed: passed over, unless it holds
a price.
"""

from __future__ import annotations

from ratewire.read.markup import SILENT, Element
from ratewire.read.quantities import find_amounts

__all__ = ["has_price", "is_closed", "is_silent", "never_shows"]

_SILENT_ROLES = frozenset(
    {"navigation", "menu", "menubar", "tablist", "tooltip", "search", "dialog", "alertdialog"}
)
_HIDDEN_TAGS = frozenset({"template", "noscript", "select", "option", "nav", "footer"})
"""Not on screen until something is pressed, or never, or beside the page's own content; kept
where they hold a price."""
_NEVER_SEEN = frozenset({"script", "style", "head", "iframe", "textarea", "input", "canvas",
                         "video", "audio", "object", "embed", "map", "math", "pre"})  # fmt: skip


def never_shows(tag: str) -> bool:
    """Whether no reader ever sees what stands in it."""
    return not tag or tag in _NEVER_SEEN


def is_silent(element: Element, tag: str) -> bool:
    """Speaks to no reader of prices: scripts, navigation, what opens when pressed."""
    if not tag or (tag in SILENT and tag != "pre") or element.get("role") in _SILENT_ROLES:
        return True
    inside = tag == "a" and element.get("href", "").startswith("#")
    return inside and "skip" in (element.get("class") or "")


def has_price(element: Element) -> bool:
    """Whether something that is passed over speaks of a price after all."""
    return bool(find_amounts(" ".join(map(str, element.itertext()))))


def is_closed(element: Element, tag: str) -> bool:
    if tag == "dialog":
        return element.get("open") is None
    return tag in _HIDDEN_TAGS or element.get("role") in _SILENT_ROLES
