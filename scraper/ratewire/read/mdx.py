"""Components in Markdown (MDX): their tags as HTML, the arrays in their props as tables, titles of
cards and folds as headings.

Nothing is evaluated. Constants that a page declares are put where it uses them, as far as they
are plain literals.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape, unescape

from ratewire.read.constants import Braces, with_constants
from ratewire.read.literals import Literal, parse_literal
from ratewire.read.records import (
    labels,
    literal_rows,
    prop_tables,
    row_of_attributes,
    table_html,
)

__all__ = ["components_to_html"]

_TAG = re.compile(r"</?([A-Za-z][\w.:-]*)")
_ATTRIBUTE = re.compile(r"\s*([A-Za-z_@:][\w:.-]*)(\s*=\s*)?")
_SPACE = re.compile(r"\s*")
_UNQUOTED = re.compile(r"[^\s<>\"'`]{1,2000}")
_MAY_BE_ARRAY = re.compile(r"^[ \t]*\[(?=[\s\"'A-Za-z_])|:\s*\[", re.M)
_LOOSE_ARRAY = re.compile(
    r"(?:\b(?:model|name|group|title|label|category|tier)\s*:\s*\"(?P<label>[^\"\n]+)\"\s*,\s*)?"
    r"\b(?:rows|data|items|models|prices)\s*:\s*(?P<rows>\[)"
    r"|^[ \t]*(?P<row>\[)(?=\s*(?:\"|'|[A-Za-z_]\w*\())",
    re.M,
)
_VOID = frozenset({"br", "hr", "img", "input", "col", "wbr", "link", "meta", "source"})
_TITLE_KEYS = ("title", "label", "heading", "summary", "header", "question")
_WRAPS_CODE = re.compile(
    r"Code(?:Block|Group|Tabs?|Snippet|Example|Sample)?$|^Code[A-Z]|SyntaxHighlight"
)
_SHOWN_KEYS = frozenset(
    {"description", "subtitle", "subheading", "text", "content", "body", "caption", "note",
     "details", "tagline", "badge", "cta", "subtext", "footer"}
)  # fmt: skip
"""Props that components show beside their title."""
_UNSEEN_KEYS = frozenset(
    {"href", "url", "src", "to", "link", "id", "key", "class", "classname", "style", "icon", "img",
     "image", "alt", "file", "slug", "theme", "lang", "language"}
)  # fmt: skip
_MONEY = re.compile(r"[$€£¥￥₹]\s?\d|\d\s?(?:[€£元円]|USD|EUR|GBP)")
_MOST_IN_VAIN = 300
"""Arrays that turn out to be none before all others are taken for text."""
_LONGEST_TITLE = 16
"""Words."""
_LEAD = re.compile(r"^[\s>|*+-]*(?:\d{1,3}[.)]\s)?")
_TAGS = re.compile(r"<[^<>]*>")


def components_to_html(text: str) -> str:
    """The text with every tag as HTML takes it; arrays in props, and loose ones, as tables."""
    return _Components(with_constants(text)).html()


# ── tags ─────────────────────────────────────────────────────────────────────────────────────


@dataclass
class _Components:
    """One pass over the text."""

    text: str
    folds: list[str] = field(default_factory=list)
    """Names of the open components whose title became a heading."""
    names: list[str] = field(default_factory=list)
    """Labels of the panes to come, where the switcher lists them all."""
    spans: list[str] = field(default_factory=list)
    """Names of the open components that stand amid a line."""
    braces: Braces = field(default_factory=Braces)
    unclosed: set[str] = field(default_factory=set)
    """Names of components that never close from here on."""

    def html(self) -> str:
        text, parts, at = self.text, list[str](), 0
        loose = iter(list(_LOOSE_ARRAY.finditer(text)) if _MAY_BE_ARRAY.search(text) else [])
        candidate, tag, vain = next(loose, None), -1, 0
        while True:
            if tag < at:
                found = text.find("<", at)
                tag = found if found >= 0 else len(text)
            while candidate and candidate.start() < at:
                candidate = next(loose, None)
            if candidate and vain < _MOST_IN_VAIN and candidate.start() < tag:
                table, end = _loose_table(text, candidate)
                vain += not table
                parts.append(text[at : candidate.start()] if table else text[at : candidate.end()])
                parts.append(table)
                at = end if table else candidate.end()
                continue
            if tag == len(text):
                parts.append(text[at:])
                return "".join(parts)
            parts.append(text[at:tag])
            markup, at = self.tag(tag)
            parts.append(markup)

    def tag(self, at: int) -> tuple[str, int]:
        """One tag at `at` as HTML, with tables for the arrays in its props, and its end."""
        text = self.text
        match = _TAG.match(text, at)
        if not match:
            return "&lt;", at + 1
        name = match.group(1)
        attributes: dict[str, str] = {}
        props: dict[str, Literal] = {}
        position = match.end()
        while position < len(text):
            position = _skip(text, position)
            if text.startswith("/>", position) or text.startswith(">", position):
                alone = text[position] == "/"
                end = position + (2 if alone else 1)
                if text[at + 1] == "/":
                    return self.closed(name), end
                if not alone and _WRAPS_CODE.search(name) and name[:1].isupper():
                    return "", self.after(name, end)
                amid = name[:1].isupper() and self.is_amid_a_line(name, alone, at, end)
                if amid and not props:
                    return self.inline(name, alone, attributes), end
                return self.opened(name, alone, attributes, props), end
            if text.startswith("{", position):  # a spread, `{...props}`
                position = self.braces.end(text, position)
                if position < 0:
                    break
                continue
            attribute = _ATTRIBUTE.match(text, position)
            if not attribute or attribute.end() == position:
                break
            position, key = attribute.end(), attribute.group(1)
            if not attribute.group(2):
                attributes[key] = ""
                continue
            value, literal, position = _attribute_value(text, position, self.braces)
            if position < 0:
                break
            if literal is not None and not isinstance(literal, str | bool | int | float):
                props[key] = literal
            else:
                attributes[key] = value
        return "&lt;", at + 1

    def after(self, name: str, at: int) -> int:
        """The position after the component that opened before `at`; `at` where it never closes."""
        if name in self.unclosed:
            return at
        end = self.text.find(f"</{name}>", at)
        if end < 0:
            self.unclosed.add(name)
            return at
        return end + len(name) + 3

    def is_amid_a_line(self, name: str, alone: bool, at: int, end: int) -> bool:
        """Whether a component is part of a line of text: words stand beside it there."""
        text = self.text
        before = text[max(0, at - 300) : at].rpartition("\n")[2]
        after = text[end : end + 1000].partition("\n")[0]
        _, closing, after = ("", "</", after) if alone else after.partition(f"</{name}>")
        if not closing:
            return False
        in_cell = before.lstrip().startswith("|")
        beside = _LEAD.sub("", _TAGS.sub("", before)) + _TAGS.sub("", after)
        return in_cell or bool(beside.strip(" |"))

    def inline(self, name: str, alone: bool, attributes: Mapping[str, str]) -> str:
        """A component amid a line: its words, or of one without any its title."""
        if not alone:
            self.spans.append(name)
            return "<span>"
        title = next((attributes[key] for key in _TITLE_KEYS if attributes.get(key)), "")
        return escape(" ".join(filter(None, (title, *_shown(attributes, title)))))

    def closed(self, name: str) -> str:
        if self.spans and self.spans[-1] == name:
            self.spans.pop()
            return "</span>"
        if self.folds and self.folds[-1] == name:
            self.folds.pop()
            return "</details>"
        return f"</{name.rpartition('.')[2]}>"

    def opened(self, name: str, alone: bool, attributes: dict[str, str],
               props: Mapping[str, Literal]) -> str:  # fmt: skip
        component, tag = name[:1].isupper(), name.rpartition(".")[2]
        is_pane = component and tag.lower() in ("tab", "tabitem", "tabpanel")
        if is_pane and self.names and not any(key in attributes for key in _TITLE_KEYS):
            attributes["title"] = self.names.pop(0)
        if component and "tab" in tag.lower() and not is_pane:
            self.names = labels(props.get("items") or props.get("tabs") or props.get("labels"))
        inner = attributes.pop("set:html", "") + "".join(prop_tables(name, props))
        title = next((attributes[key] for key in _TITLE_KEYS if attributes.get(key)), "")
        row = row_of_attributes(attributes) if component else None
        if component:
            said = (f"<p>{escape(text)}</p>" for text in _shown(attributes, title, row))
            inner = (table_html([row[1]], row[0], name) if row else "") + inner + "".join(said)
        if component and not is_pane and title and len(title.split()) <= _LONGEST_TITLE:
            if alone and not inner:
                return f"<p>{escape(title)}</p>"
            opened = f"<details><summary>{escape(title)}</summary>{inner}"
            if alone:
                return f"{opened}</details>"
            self.folds.append(name)
            return opened
        opened = f"<{tag}{_attributes_html(attributes)}>{inner}"
        return opened + (f"</{tag}>" if alone and tag.lower() not in _VOID else "")


def _shown(
    attributes: Mapping[str, str], title: str, row: tuple[list[str], list[str]] | None = None
) -> list[str]:
    """Texts in props that a component shows beside its title and what stands in its row."""
    taken = {title, *(row[1] if row else ())}
    return [
        value
        for key, value in attributes.items()
        if value
        and value not in taken
        and key.lower() not in _UNSEEN_KEYS
        and (key.lower() in _SHOWN_KEYS or _MONEY.search(value))
    ]


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _attributes_html(attributes: Mapping[str, str]) -> str:
    names = {"className": "class", "rowSpan": "rowspan", "colSpan": "colspan"}
    return "".join(
        f' {names.get(key, key).replace(":", "-")}="{escape(value)}"'
        for key, value in attributes.items()
        if key not in ("style", "dangerouslySetInnerHTML")
    )


def _attribute_value(text: str, at: int, braces: Braces) -> tuple[str, Literal, int]:
    """(as text, as a literal if in braces, end); end -1 where it never closes."""
    if at >= len(text):
        return "", None, -1
    if text[at] in "\"'":
        end = text.find(text[at], at + 1)
        return ("", None, -1) if end < 0 else (unescape(text[at + 1 : end]), None, end + 1)
    if text[at] == "{":
        end = braces.end(text, at)
        if end < 0:
            return "", None, -1
        parsed = parse_literal(text, at + 1)
        literal = parsed[0] if parsed else None
        return (str(literal) if isinstance(literal, str | int | float) else "", literal, end)
    bare = _UNQUOTED.match(text, at)
    return ("", None, -1) if not bare else (bare.group(), None, bare.end())


def _loose_table(text: str, match: re.Match[str]) -> tuple[str, int]:
    at = match.start("rows") if match.group("rows") else match.start("row")
    parsed = parse_literal(text, at)
    if parsed is None:
        return "", match.end()
    value, end = parsed
    rows, heads = literal_rows(value if match.group("rows") else [value])
    if not rows:
        return "", match.end()
    if label := match.group("label"):
        rows, heads = [[label, *row] for row in rows], ["", *heads] if heads else []
    return table_html(rows, heads), end
