"""Components in Markdown (MDX): their tags as HTML, the arrays in their props as tables, titles of
cards and folds as headings.

Nothing is evaluated. Constants that a page declares are put where it uses them, as far as they
are plain literals.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape

from scraper.read.literals import Literal, parse_literal
from scraper.read.records import (
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
_UNQUOTED = re.compile(r"[^\s>]+")
_IN_BRACES = re.compile(r"[{}]|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`", re.S)
_MAY_BE_ARRAY = re.compile(r"^[ \t]*\[(?=[\s\"'A-Za-z_])|:\s*\[", re.M)
_LOOSE_ARRAY = re.compile(
    r"(?:\b(?:model|name|group|title|label|category|tier)\s*:\s*\"(?P<label>[^\"\n]+)\"\s*,\s*)?"
    r"\b(?:rows|data|items|models|prices)\s*:\s*(?P<rows>\[)"
    r"|^[ \t]*(?P<row>\[)(?=\s*(?:\"|'|[A-Za-z_]\w*\())",
    re.M,
)
_CONSTANT = re.compile(
    r"^(?:export\s+)?(?:const|let|var)\s+(?P<name>[A-Za-z_$][\w$]*)\s*(?::[^=\n]+)?=\s*", re.M
)
_VOID = frozenset({"br", "hr", "img", "input", "col", "wbr", "link", "meta", "source"})
_TITLE_KEYS = ("title", "label", "heading", "summary", "header", "question")
_WRAPS_CODE = re.compile(r"Code(?:Block|Group|Tabs?|Snippet|Example|Sample)?$|^Code[A-Z]|Highlight")
_LONGEST_TITLE = 16
"""Words."""


def components_to_html(text: str) -> str:
    """The text with every tag as HTML takes it; arrays in props, and loose ones, as tables."""
    return _Components(_with_constants(text)).html()


# ── constants ────────────────────────────────────────────────────────────────────────────────


def _with_constants(text: str) -> str:
    """Declared literals moved to where the page first uses them."""
    parts: list[str] = []
    declared: dict[str, str] = {}
    at = 0
    for match in _CONSTANT.finditer(text):
        parsed = parse_literal(text, match.end()) if match.start() >= at else None
        if parsed is None or parsed[0] is None:
            continue
        source = text[match.end() : parsed[1]]
        parts.append(text[at : match.start()])
        at = re.compile(r"[ \t]*(?:as const)?;?").match(text, parsed[1]).end()  # type: ignore[union-attr]
        declared[match["name"]] = source
    parts.append(text[at:])
    text = "".join(parts)
    for name, source in declared.items():
        text = _used(text, name, source)
    return text


def _used(text: str, name: str, source: str) -> str:
    """The literal in place of its name; an array of a loop, or used nowhere, as a table."""
    reference = re.compile(rf"(=\s*)?\{{\s*{re.escape(name)}(?![\w$])")
    match = reference.search(text)
    is_list = source[:1] == "["
    if match is None:
        return text + _list_html(source, name) if is_list else text
    end = _balanced(text, match.end(1) if match.group(1) else match.start())
    if end < 0:
        return text
    if not is_list and source[:1] != "{":
        plain = parse_literal(source)
        return re.sub(rf"\{{\s*{re.escape(name)}\s*\}}", str(plain[0] if plain else ""), text)
    if match.group(1):
        return f"{text[: match.end(1)]}{{{source}}}{text[end:]}"
    return text[: match.start()] + (_list_html(source, name) if is_list else "") + text[end:]


def _list_html(source: str, name: str) -> str:
    parsed = parse_literal(source)
    rows, heads = literal_rows(parsed[0]) if parsed else ([], [])
    return table_html(rows, heads, name) if rows else ""


# ── tags ─────────────────────────────────────────────────────────────────────────────────────


@dataclass
class _Components:
    """One pass over the text."""

    text: str
    folds: list[str] = field(default_factory=list)
    """Names of the open components whose title became a heading."""
    names: list[str] = field(default_factory=list)
    """Labels of the panes to come, where the switcher lists them all."""

    def html(self) -> str:
        text, parts, at = self.text, list[str](), 0
        loose = iter(list(_LOOSE_ARRAY.finditer(text)) if _MAY_BE_ARRAY.search(text) else [])
        candidate = next(loose, None)
        while True:
            tag = text.find("<", at)
            while candidate and candidate.start() < at:
                candidate = next(loose, None)
            if candidate and (tag < 0 or candidate.start() < tag):
                table, end = _loose_table(text, candidate)
                parts.append(text[at : candidate.start()] if table else text[at : candidate.end()])
                parts.append(table)
                at = end if table else candidate.end()
                continue
            if tag < 0:
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
                return self.opened(name, alone, attributes, props), end
            if text.startswith("{", position):  # a spread, `{...props}`
                position = _balanced(text, position)
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
            value, literal, position = _attribute_value(text, position)
            if position < 0:
                break
            if literal is not None and not isinstance(literal, str | bool | int | float):
                props[key] = literal
            else:
                attributes[key] = value
        return "&lt;", at + 1

    def after(self, name: str, at: int) -> int:
        """The position after the component that opened before `at`; `at` where it never closes."""
        end = self.text.find(f"</{name}>", at)
        return at if end < 0 else end + len(name) + 3

    def closed(self, name: str) -> str:
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
        if component and (row := row_of_attributes(attributes)):
            inner = table_html([row[1]], row[0], name) + inner
        title = next((attributes[key] for key in _TITLE_KEYS if attributes.get(key)), "")
        if component and not is_pane and title and len(title.split()) <= _LONGEST_TITLE:
            opened = f"<details><summary>{escape(title)}</summary>{inner}"
            if alone:
                return f"{opened}</details>"
            self.folds.append(name)
            return opened
        opened = f"<{tag}{_attributes_html(attributes)}>{inner}"
        return opened + (f"</{tag}>" if alone and tag.lower() not in _VOID else "")


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


def _attribute_value(text: str, at: int) -> tuple[str, Literal, int]:
    """(as text, as a literal if in braces, end); end -1 where it never closes."""
    if at >= len(text):
        return "", None, -1
    if text[at] in "\"'":
        end = text.find(text[at], at + 1)
        return ("", None, -1) if end < 0 else (text[at + 1 : end], None, end + 1)
    if text[at] == "{":
        end = _balanced(text, at)
        if end < 0:
            return "", None, -1
        parsed = parse_literal(text, at + 1)
        literal = parsed[0] if parsed else None
        return (str(literal) if isinstance(literal, str | int | float) else "", literal, end)
    bare = _UNQUOTED.match(text, at)
    return ("", None, -1) if not bare else (bare.group(), None, bare.end())


def _balanced(text: str, at: int) -> int:
    """The position after the brace that closes the one at `at`; -1: none within reach."""
    depth, position = 0, at
    limit = min(len(text), at + 400_000)
    while match := _IN_BRACES.search(text, position, limit):
        if match.group() == "{":
            depth += 1
        elif match.group() == "}":
            depth -= 1
            if depth == 0:
                return match.end()
        position = match.end()
    return -1


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
