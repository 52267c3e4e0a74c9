"""What a page's own style sheets strike out, and what the names of its classes say is an old price.

A style sheet of its own file is not read: there the name of a class is all there is to go by.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ratewire.read.markup import Element, is_struck

__all__ = ["strike_out"]

_CLASS = re.compile(r"[\w-]*\.([\w-]+)")
"""The last part of a selector that is a class and nothing more."""
_SELECTS = 4096
"""Characters of a selector; a longer one selects no price."""
_STRUCK = "text-decoration:line-through"
_PRICE = frozenset({"price", "amount", "cost"})
_OLD = frozenset({"old", "was", "before", "original", "strike", "struck", "crossed"})


def strike_out(root: Element) -> None:
    """Give every element that is struck out by its class a style that says so."""
    struck = frozenset(_struck_classes(root))
    for element in root.iter():
        classes = element.get("class") if isinstance(element.tag, str) else None
        if classes and _is_old(classes.split(), struck) and not is_struck(element, element.tag):
            style = element.get("style")
            element.set("style", f"{style}; {_STRUCK}" if style else _STRUCK)


def _is_old(classes: Iterable[str], struck: frozenset[str]) -> bool:
    return any(name in struck or _names_old_price(name) for name in classes)


def _names_old_price(name: str) -> bool:
    """`old-price`, `price__was`; not `price`, nor `older`."""
    parts = set(name.lower().replace("_", "-").split("-"))
    return bool(parts & _PRICE and parts & _OLD)


def _struck_classes(root: Element) -> Iterator[str]:
    for sheet in root.iter("style"):
        for rule in (sheet.text or "").split("}"):
            selectors, _, body = rule.rpartition("{")
            if "line-through" not in body or len(selectors) > _SELECTS:
                continue
            for selector in selectors.rpartition("{")[2].split(","):
                last = selector.split()[-1:]
                if last and (found := _CLASS.fullmatch(last[0])):
                    yield found[1]
