"""Markdown and MDX to HTML: enough of it to read facts, so that one reader serves both.

Follows CommonMark's blocks and GitHub's tables where it matters; code blocks are left out (prices
in samples are no prices), includes and template tags that were never filled in vanish.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape

from scraper.read.directives import directives_to_tags
from scraper.read.mdx import components_to_html
from scraper.read.plain_tables import looks_like_plain_tables, plain_tables_to_markdown

__all__ = ["looks_like_markdown", "markdown_to_html"]

_FRONT = re.compile(r"\A\ufeff?(---|\+\+\+)[ \t]*\n(.*?)\n\1[ \t]*(?:\n|\Z)", re.S)
_FENCE = re.compile(
    r"^(?P<indent>[ \t>]*)(?P<mark>`{3,}|~{3,})[^\n]*\n.*?(?:^[ \t>]*(?P=mark)[`~]*[ \t]*$|\Z)",
    re.M | re.S,
)
_TEMPLATE = re.compile(r"<%.*?%>|\{%.*?%\}|(?<!=)\{\{.*?\}\}(?!\})|\{/\*.*?\*/\}|<!--.*?-->", re.S)
_DELIMITER = re.compile(r"^[ \t>]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_OPENS = re.compile(r"<(?!(?:br|hr|img|input|col|wbr|link|meta|source)\b)[A-Za-z][^<>]*(?<!/)>")
_CLOSES = re.compile(r"</[A-Za-z]")
_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$")
_ITEM = re.compile(r"^([ \t]*)(?:[-*+•]|\d{1,3}[.)])[ \t]+(.*)$")
_IMAGE = re.compile(r"!\[([^\[\]]*)\](?:\([^()]*(?:\([^()]*\))?[^()]*\)|\[[^\[\]]*\])")
_FOOTNOTE = re.compile(r"\[\^[^\]\s]+\](?!:)")
_DEFINITION = re.compile(r"^ {0,3}\[[^\]^][^\]]*\]:[ \t]+\S+.*\n?", re.M)
_LINK = re.compile(r"\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\((?:[^()\s]|\([^()]*\))*(?:\s+\"[^\"]*\")?\)")
_REFERENCE = re.compile(r"\[([^\[\]]+)\]\[[^\[\]]*\]")
_EMPHASIS = re.compile(r"(\*{1,3}|(?<![\w])_{1,3}|~~)(?=\S)(.+?)(?<=\S)\1(?!\w|\*)", re.S)
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!|$<>~^-])")
_SPECIAL = re.compile(r"[\\`*_~\[{]")
_CODE = re.compile(r"(`+)(.+?)\1", re.S)
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
        or looks_like_plain_tables(text)
    )


def markdown_to_html(text: str) -> str:
    """An HTML page of the same headings, tables, lists and paragraphs."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    title = ""
    if front := _FRONT.match(text):
        text = text[front.end() :]
        found = re.search(r"^title\s*[:=][ \t]*['\"]?(.+?)['\"]?[ \t]*$", front.group(2), re.M)
        title = found.group(1) if found else ""
    text = _FENCE.sub("\n", text)
    text = directives_to_tags(_DEFINITION.sub("", text))
    text = _TEMPLATE.sub("", text)
    if looks_like_plain_tables(text):
        text = plain_tables_to_markdown(text)
    text = components_to_html(_without_indented_code(text))
    head = f"<title>{escape(title)}</title>" if title else ""
    lead = f"<h1>{escape(title)}</h1>" if title and not re.search(r"^# ", text, re.M) else ""
    return f"<html><head>{head}</head><body>{lead}{''.join(_blocks(text))}</body></html>"


def _without_indented_code(text: str) -> str:
    """The text without lines that four spaces make code: outside lists, tags and definitions."""
    kept: list[str] = []
    fresh, inside, tags = True, False, 0
    for line in text.split("\n"):
        bare = line.strip()
        deep = line.startswith(("    ", "\t"))
        if bare and not deep:
            inside = bool(_ITEM.match(line) or re.match(r"^(?::\s|\[\^)", line)) or (
                inside and line.startswith(" ")
            )
        code = deep and fresh and not inside and tags <= 0 and not bare.startswith("<")
        if not bare or not code:
            kept.append(line)
            tags += len(_OPENS.findall(line)) - len(_CLOSES.findall(line))
            fresh = not bare
    return "\n".join(kept)


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
        if "[!" in line:
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
    if not _SPECIAL.search(text):
        return text
    codes: list[str] = []

    def keep(match: re.Match[str]) -> str:
        codes.append(escape(match.group(2).strip()))
        return f"{_BARE}{len(codes) - 1}{_BARE}"

    text = _CODE.sub(keep, text)
    text = _ESCAPED.sub(lambda match: f"{_BARE}e{ord(match.group(1))}{_BARE}", text)
    text = _IMAGE.sub(_image, text)
    text = _FOOTNOTE.sub("", text)
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


def _image(match: re.Match[str]) -> str:
    return f'<img alt="{escape(match.group(1))}">'


def _emphasis(match: re.Match[str]) -> str:
    return f"<del>{match.group(2)}</del>" if match.group(1) == "~~" else match.group(2)
