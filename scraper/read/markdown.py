"""Markdown and MDX to HTML: enough of it to read facts, so that one reader serves both.

Follows CommonMark's blocks and GitHub's tables where it matters; code blocks are left out (prices
in samples are no prices), includes and template tags that were never filled in vanish, arrays in
a component's props become tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape

from scraper.read.literals import Literal, parse_literal

__all__ = ["looks_like_markdown", "markdown_to_html"]

_FRONT = re.compile(r"\A\ufeff?---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.S)
_FENCE = re.compile(
    r"^(?P<indent>[ \t>]*)(?P<mark>`{3,}|~{3,})[^\n]*\n.*?(?:^[ \t>]*(?P=mark)[`~]*[ \t]*$|\Z)",
    re.M | re.S,
)
_TEMPLATE = re.compile(r"<%.*?%>|\{%.*?%\}|(?<!=)\{\{.*?\}\}(?!\})|\{/\*.*?\*/\}|<!--.*?-->", re.S)
_TAG = re.compile(r"</?([A-Za-z][\w.:-]*)")
_ATTRIBUTE = re.compile(r"\s*([A-Za-z_@:][\w:.-]*)(\s*=\s*)?")
_DELIMITER = re.compile(r"^[ \t>]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$")
_ITEM = re.compile(r"^([ \t]*)(?:[-*+•]|\d{1,3}[.)])[ \t]+(.*)$")
_LOOSE_ARRAY = re.compile(
    r"(?:\b(?:model|name|group|title|label|category|tier)\s*:\s*\"(?P<label>[^\"\n]+)\"\s*,\s*)?"
    r"\b(?:rows|data|items|models|prices)\s*:\s*(?P<rows>\[)"
    r"|^[ \t]*(?P<row>\[)(?=\s*(?:\"|'|[A-Za-z_]\w*\())",
    re.M,
)
_LINK = re.compile(
    r"!?\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\((?:[^()\s]|\([^()]*\))*(?:\s+\"[^\"]*\")?\)"
)
_REFERENCE = re.compile(r"\[([^\[\]]+)\]\[[^\[\]]*\]")
_EMPHASIS = re.compile(r"(\*{1,3}|(?<![\w])_{1,3}|~~)(?=\S)(.+?)(?<=\S)\1(?!\w|\*)", re.S)
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!|$<>~^-])")
_CODE = re.compile(r"(`+)(.+?)\1", re.S)
_ROW_KEYS = ("rows", "data", "items", "models", "groups", "prices", "plans", "tiers")
_HEAD_KEYS = ("headings", "headers", "columns", "header", "head")
_BARE = "\x00"


def looks_like_markdown(text: str) -> bool:
    """Whether a text served without a telling media type is Markdown rather than HTML."""
    start = text.lstrip("\ufeff \n\r\t")[:2000].lower()
    if start.startswith(("<!doctype", "<html", "<head", "<?xml", "<rss", "<feed")):
        return False
    if "<html" in start or "<body" in start:
        return False
    return bool(
        start.startswith("---\n")
        or re.search(r"^#{1,6} \S", text, re.M)
        or re.search(r"^\|?.+\|.+\n[ \t]*\|?[ \t]*:?-{2,}", text, re.M)
    )


def markdown_to_html(text: str) -> str:
    """An HTML page of the same headings, tables, lists and paragraphs."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    title = ""
    if front := _FRONT.match(text):
        text = text[front.end() :]
        found = re.search(r"^title:[ \t]*['\"]?(.+?)['\"]?[ \t]*$", front.group(1), re.M)
        title = found.group(1) if found else ""
    text = _FENCE.sub("\n", text)
    text = _TEMPLATE.sub("", text)
    text = _components(text)
    head = f"<title>{escape(title)}</title>" if title else ""
    lead = f"<h1>{escape(title)}</h1>" if title and not re.search(r"^# ", text, re.M) else ""
    return f"<html><head>{head}</head><body>{lead}{''.join(_blocks(text))}</body></html>"


# ── components, tags and loose arrays ────────────────────────────────────────────────────────


def _components(text: str) -> str:
    """Tags as HTML takes them; arrays in props, and loose ones, as tables."""
    parts: list[str] = []
    at = 0
    loose = iter(list(_LOOSE_ARRAY.finditer(text)))
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
        markup, at = _tag(text, tag)
        parts.append(markup)


def _loose_table(text: str, match: re.Match[str]) -> tuple[str, int]:
    at = match.start("rows") if match.group("rows") else match.start("row")
    parsed = parse_literal(text, at)
    if parsed is None:
        return "", match.end()
    value, end = parsed
    rows = _rows(value if match.group("rows") else [value])
    if not rows:
        return "", match.end()
    if label := match.group("label"):
        rows = [[label, *row] for row in rows]
    return _table_html(rows, ()), end


def _tag(text: str, at: int) -> tuple[str, int]:
    """One tag at `at` as HTML, with tables for the arrays in its props, and where it ends."""
    match = _TAG.match(text, at)
    if not match:
        return "&lt;", at + 1
    name = match.group(1)
    closing = text[at + 1] == "/"
    position = match.end()
    attributes: dict[str, str] = {}
    props: dict[str, Literal] = {}
    while position < len(text):
        space = re.compile(r"\s*").match(text, position)
        position = space.end() if space else position
        if text.startswith("/>", position) or text.startswith(">", position):
            self_closing = text[position] == "/"
            end = position + (2 if self_closing else 1)
            return _tag_html(name, closing, self_closing, attributes, props), end
        if text.startswith("{", position):  # a spread, `{...props}`
            stop = _balanced(text, position)
            if stop < 0:
                break
            position = stop
            continue
        attribute = _ATTRIBUTE.match(text, position)
        if not attribute or attribute.end() == position:
            break
        position = attribute.end()
        key = attribute.group(1)
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
    bare = re.compile(r"[^\s>]+").match(text, at)
    return ("", None, -1) if not bare else (bare.group(), None, bare.end())


def _balanced(text: str, at: int) -> int:
    """The position after the brace that closes the one at `at`; -1: none within reach."""
    depth, position = 0, at
    limit = min(len(text), at + 400_000)
    token = re.compile(r"[{}]|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`", re.S)
    while match := token.search(text, position, limit):
        if match.group() == "{":
            depth += 1
        elif match.group() == "}":
            depth -= 1
            if depth == 0:
                return match.end()
        position = match.end()
    return -1


def _tag_html(
    name: str,
    closing: bool,
    self_closing: bool,
    attributes: Mapping[str, str],
    props: Mapping[str, Literal],
) -> str:
    if closing:
        return f"</{name}>"
    names = {"className": "class", "rowSpan": "rowspan", "colSpan": "colspan"}
    text = "".join(
        f' {names.get(key, key).replace(":", "-")}="{escape(value)}"'
        for key, value in attributes.items()
        if key not in ("style", "set:html", "dangerouslySetInnerHTML")
    )
    inner = attributes.get("set:html", "")
    inner += "".join(_prop_tables(name, props))
    opened = f"<{name}{text}>{inner}"
    void = name.lower() in ("br", "hr", "img", "input", "col", "wbr", "link", "meta", "source")
    return opened + (f"</{name}>" if self_closing and not void else "")


def _prop_tables(name: str, props: Mapping[str, Literal]) -> Iterator[str]:
    heads: Sequence[str] = ()
    for key in _HEAD_KEYS:
        value = props.get(key)
        if isinstance(value, list) and value:
            heads = [_cell_text(item) for item in value]
            break
    for key, value in props.items():
        if key not in _HEAD_KEYS and (rows := _rows(value)):
            yield _table_html(rows, heads, name)


def _rows(value: Literal) -> list[list[str]]:
    """Table rows in a literal: arrays of cells, or objects that hold rows or are one."""
    if not isinstance(value, list | tuple):
        return []
    rows: list[list[str]] = []
    for item in value:
        if isinstance(item, list | tuple):
            cells = [_cell_text(cell) for cell in item]
            if len(cells) > 1 and cells[0]:
                rows.append(cells)
        elif isinstance(item, dict):
            label = next((str(v) for k, v in item.items() if isinstance(v, str) and k != "key"), "")
            nested = next((item[key] for key in _ROW_KEYS if key in item), None)
            rows.extend([label, *row] for row in _rows(nested))
    return rows


def _cell_text(value: Literal) -> str:
    if value is None or value is True or value is False:
        return "-"
    if isinstance(value, dict):
        return next(
            (_cell_text(v) for k, v in value.items() if k in ("label", "text", "title")), ""
        )
    return "" if isinstance(value, list | tuple) else str(value)


def _table_html(rows: Sequence[Sequence[str]], heads: Sequence[str], name: str = "") -> str:
    """One line, so that the block scanner passes it on as it is."""
    head = "".join(f"<th>{_inline_html(cell)}</th>" for cell in heads)
    body = "".join(
        "<tr>" + "".join(f"<td>{_inline_html(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    thead = f"<thead><tr>{head}</tr></thead>" if head else ""
    return f'\n<table data-component="{escape(name)}">{thead}<tbody>{body}</tbody></table>\n'


def _inline_html(cell: str) -> str:
    """A literal's cell may hold markup of its own; all else is escaped."""
    text = cell.replace("\n", " ")
    return text if re.search(r"</?[a-z]+[^<>]*>", text) else escape(text)


# ── blocks ───────────────────────────────────────────────────────────────────────────────────


def _blocks(text: str) -> Iterator[str]:
    lines = text.split("\n")
    paragraph: list[str] = []
    depth: list[int] = []
    at = 0

    def close_paragraph() -> Iterator[str]:
        if paragraph:
            words = _inline(" ".join(paragraph))
            paragraph.clear()
            yield words if depth else f"<p>{words}</p>"

    def close_lists(indent: int = -1) -> Iterator[str]:
        while depth and depth[-1] > indent:
            depth.pop()
            yield "</li></ul>"

    while at < len(lines):
        raw = lines[at]
        line = re.sub(r"^[ \t]*>[ \t]?", "", raw) if raw.lstrip().startswith(">") else raw
        line = re.sub(r"^\s*\[![A-Za-z]+\]", "", line)
        following = lines[at + 1] if at + 1 < len(lines) else ""
        bare = line.strip()
        if not bare:
            yield from close_paragraph()
            ahead = next((other for other in lines[at + 1 : at + 3] if other.strip()), "")
            if depth and not ahead.startswith((" ", "\t")) and not _ITEM.match(ahead):
                yield from close_lists()
        elif match := _HEADING.match(line):
            yield from close_paragraph()
            yield from close_lists()
            level = len(match.group(1))
            yield f"<h{level}>{_inline(match.group(2))}</h{level}>"
        elif "|" in line and _DELIMITER.match(following) and "-" in following:
            yield from close_paragraph()
            yield from close_lists()
            table, at = _pipe_table(lines, at)
            yield table
            continue
        elif re.match(r"^(=+|-{3,})\s*$", bare) and paragraph and not depth:
            words = _inline(" ".join(paragraph))
            paragraph.clear()
            level = 1 if bare[0] == "=" else 2
            yield f"<h{level}>{words}</h{level}>"
        elif (item := _ITEM.match(line)) and not re.fullmatch(r"[-*_\s]{3,}", bare):
            yield from close_paragraph()
            indent = len(item.group(1).expandtabs(4))
            yield from close_lists(indent)
            if depth and depth[-1] == indent:
                yield "</li><li>"
            else:
                depth.append(indent)
                yield "<ul><li>"
            paragraph.append(item.group(2))
        elif bare.startswith("</") or (bare.startswith("<") and bare.endswith(">")):
            yield from close_paragraph()
            if not bare.startswith(
                ("<a ", "<a>", "<code", "<b", "<i>", "<em", "<strong", "<span", "<sup")
            ):
                yield from close_lists() if not line.startswith((" ", "\t")) else ()
            yield _inline(line)
        elif re.match(r"^(import|export)\s.*(from\s+['\"]|=)", bare) and not paragraph:
            pass
        else:
            if bare.startswith("<") and paragraph:
                yield from close_paragraph()
            paragraph.append(bare)
        at += 1
    yield from close_paragraph()
    yield from close_lists()


def _pipe_table(lines: Sequence[str], at: int) -> tuple[str, int]:
    """GitHub's table that starts with its head at line `at`, and the line after it."""
    rows = [_split_row(lines[at])]
    end = at + 2
    while end < len(lines) and "|" in lines[end] and lines[end].strip():
        rows.append(_split_row(lines[end]))
        end += 1
    head = "".join(f"<th>{_inline(cell)}</th>" for cell in rows[0])
    width = len(rows[0])
    body = "".join(
        "<tr>" + "".join(f"<td>{_inline(cell)}</td>" for cell in row[: max(width, 1)]) + "</tr>"
        for row in rows[1:]
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>", end


def _split_row(line: str) -> list[str]:
    line = re.sub(r"^[ \t>]*", "", line).strip()
    line = line.removeprefix("|")
    if line.endswith("|") and not line.endswith("\\|"):
        line = line[:-1]
    guarded = _CODE.sub(lambda match: match.group().replace("|", _BARE), line)
    cells = re.split(r"(?<!\\)\|", guarded)
    return [cell.replace(_BARE, "|").replace("\\|", "|").strip() for cell in cells]


def _inline(text: str) -> str:
    """Inline Markdown as HTML: links as their words, emphasis gone, code kept, escapes undone."""
    codes: list[str] = []

    def keep(match: re.Match[str]) -> str:
        codes.append(escape(match.group(2).strip()))
        return f"{_BARE}{len(codes) - 1}{_BARE}"

    text = _CODE.sub(keep, text)
    text = _ESCAPED.sub(lambda match: f"{_BARE}e{ord(match.group(1))}{_BARE}", text)
    text = _LINK.sub(r"\1", text)
    text = _REFERENCE.sub(r"\1", text)
    for _ in range(3):
        shorter = _EMPHASIS.sub(_emphasis, text)
        if shorter == text:
            break
        text = shorter
    text = re.sub(rf"{_BARE}e(\d+){_BARE}", lambda match: escape(chr(int(match.group(1)))), text)
    text = re.sub(r"\{\s*[\"'`]\s*[\"'`]\s*\}", " ", text)
    return re.sub(
        rf"{_BARE}(\d+){_BARE}", lambda match: f"<code>{codes[int(match.group(1))]}</code>", text
    )


def _emphasis(match: re.Match[str]) -> str:
    return f"<del>{match.group(2)}</del>" if match.group(1) == "~~" else match.group(2)
