"""What a template says in words of its own, which no catalogue holds: found by parsing it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from jinja2 import Environment, nodes

LETTERS = re.compile(r"[^\W\d_]{2,}")
SEEN = {"alt", "aria-label", "title", "placeholder", "label", "summary"}
"""Attributes that a reader sees or hears."""
NAMES = re.compile(r"[\w/.-]+\.(?:csv|json|txt|md|atom|rss|ics|opml|svg)\b|/[a-z\d]+/[a-z\d/]*")
"""File names and addresses are the same in every language."""
QUIET = {"script", "style", "code"}
_HOLE = "\x00"


def literals(source: str, *, html: bool) -> list[str]:
    """Visible words of a template's own, in their order."""
    tree = Environment().parse(source)
    text = "".join(_told(tree))
    return [one for part in (_seen(text) if html else _lines(text)) for one in _words(part)]


def _words(text: str) -> list[str]:
    return LETTERS.findall(NAMES.sub(" ", text.replace(_HOLE, "0")))


def _lines(text: str) -> list[str]:
    """Markdown without its code and the addresses of its links."""
    return [re.sub(r"`[^`]*`|\]\([^)]*\)", " ", text)]


def _told(node: nodes.Node) -> Iterator[str]:
    """All that is put out by any way through the template; a hole for what is worked out."""
    if isinstance(node, nodes.Block) and node.name == "main_class":
        return  # stands within a tag
    if isinstance(node, nodes.Output):
        for part in node.nodes:
            yield part.data if isinstance(part, nodes.TemplateData) else _value(part)
    elif isinstance(node, nodes.Assign):
        yield f"<p>{_value(node.node)}</p>"
    elif isinstance(node, nodes.For):
        yield _rows(node.iter)
        for child in (*node.body, *node.else_):
            yield from _told(child)
    else:
        for child in node.iter_child_nodes():
            yield from _told(child)


def _rows(node: nodes.Node) -> str:
    """A loop over rows that stand in the template: whatever in them has the look of words, and is
    neither an address nor a key."""
    told = [c.value for c in node.find_all(nodes.Const) if isinstance(c.value, str)]
    plain = [
        one for one in told if not re.fullmatch(r"[a-z_]+(?:\.[a-z_]+)+|/[\w/.-]*|[a-z]+", one)
    ]
    return "".join(f"<p>{one}</p>" for one in plain)


def _value(node: nodes.Node) -> str:
    """What an expression may put out of its own: strings that reach the page as they are."""
    match node:
        case nodes.Const():
            return node.value if isinstance(node.value, str) else _HOLE
        case nodes.CondExpr():
            return _value(node.expr1) + (_value(node.expr2) if node.expr2 else "")
        case nodes.Or() | nodes.And() | nodes.Add():
            return _value(node.left) + _value(node.right)
        case nodes.Concat():
            return "".join(map(_value, node.nodes))
        case nodes.Filter():
            return _value(node.node) if node.node else _HOLE
        case nodes.Getitem():
            return _value(node.node)
        case nodes.Dict():
            return "".join(_value(pair.value) for pair in node.items)
        case nodes.Call():
            return _HOLE + _put(node)
    return _HOLE


def _put(node: nodes.Call) -> str:
    """What a call is given to put into a message; a first argument is a key, an address, an id."""
    named = [each.value for each in node.kwargs]
    name = node.node.name if isinstance(node.node, nodes.Name) else ""
    shown = node.args[1:] if name in {"a", "product_link"} else []
    return "".join(map(_value, (*named, *shown)))


def _seen(text: str) -> list[str]:
    parser = _Seen()
    parser.feed(text)
    parser.close()
    return parser.found


class _Seen(HTMLParser):
    """Text and the attributes that are seen or heard."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._within: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._within.append(tag)
        named = dict(attrs)
        shown = SEEN | ({"content"} if named.get("name") == "description" else set())
        self.found += [value or "" for name, value in attrs if name in shown]

    def handle_endtag(self, tag: str) -> None:
        while self._within and self._within.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not QUIET.intersection(self._within):
            self.found.append(data)
