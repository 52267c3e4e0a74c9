"""Markdown within a line as HTML: links as their words, emphasis, code, escapes.

Every step takes time in proportion to the length of the text, whatever stands in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

__all__ = ["inline_html", "with_literals"]

_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_STRUCTURAL = re.compile(r"\\([\\`<>{}\[\]|$])")
"""What later stages would take for markup if it stood bare."""
_SPECIAL = re.compile(r"[\\`*_~\[<\n]|  $")
_TICKS = re.compile(r"`+")
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^<>\s]{1,2000}|[\w.+-]{1,80}@[\w.-]{1,80})>")
_IMAGE = re.compile(
    r"!\[([^\[\]]{0,1000})\](?:\([^()\n]{0,2000}(?:\([^()\n]{0,500}\)[^()\n]{0,500})?\)"
    r"|\[[^\[\]]{0,200}\])"
)
_FOOTNOTE = re.compile(r"\[\^([^\]\s]{1,80})\](?!:)")
_RAISED = re.compile(r"\^((?:\\?[*†‡§]){1,3})\^")
"""`^\\*^`: a mark of a footnote, raised."""
_LINK = re.compile(
    r"\[((?:[^\[\]]|\[[^\[\]]{0,500}\]){0,2000})\]"
    r"\((?:[^()\s]|\([^()\s]{0,500}\)){0,4000}(?:\s{1,9}(?:\"[^\"]{0,500}\"|'[^']{0,500}'))?\s{0,9}\)"
)
_REFERENCE = re.compile(r"\[([^\[\]]{1,1000})\]\[[^\[\]]{0,200}\]")
_BREAK = re.compile(r"(?: {2,}|\\)\n")
_MARKS = re.compile(r"<[^<>]{0,5000}>|\*+|_+|~~+")
_EMPTY_EXPRESSION = re.compile(r"\{\s{0,9}[\"'`]\s{0,9}[\"'`]\s{0,9}\}")
_IN_CODE = {ord(sign): f"&#{ord(sign)};" for sign in "\\`*_~{}[]|"}
_NAMES = {"*": ("em", "strong"), "_": ("em", "strong"), "~": ("", "del")}


def with_literals(text: str) -> str:
    """A page's text whose escapes and code spans mean themselves to all that comes after: what
    would be taken for a tag, an expression, a link or a cell's end stands as an entity.
    """
    if "`" not in text and "\\" not in text and "<" not in text:
        return text
    return "\n".join(map(_line_with_literals, text.split("\n")))


def _line_with_literals(line: str) -> str:
    if "`" not in line:
        return _of_words(line)
    parts: list[str] = []
    for is_code, part in _code_spans(line):
        if is_code:
            parts.append(f"<code>{escape(part).translate(_IN_CODE)}</code>")
        else:
            parts.append(_of_words(part))
    return "".join(parts)


def _of_words(text: str) -> str:
    text = _AUTOLINK.sub(r"\1", text) if "<" in text else text
    return _STRUCTURAL.sub(_entity, text) if "\\" in text else text


def _entity(match: re.Match[str]) -> str:
    char = match.group(1)
    return match.group() if char == "\\" else f"&#{ord(char)};"


def _code_spans(text: str) -> Iterator[tuple[bool, str]]:
    """(is code, text) of the stretches of a text; an unclosed run of backticks is text."""
    runs = list(_TICKS.finditer(text))
    closers: dict[int, list[int]] = {}
    for at in range(len(runs) - 1, -1, -1):
        closers.setdefault(len(runs[at].group()), []).append(at)
    start = number = 0
    while number < len(runs):
        run = runs[number]
        same = closers[len(run.group())]
        while same and same[-1] <= number:
            same.pop()
        before = text[max(0, run.start() - 2) : run.start()]
        if not same or before.endswith("\\") or before == "={":  # `price={`…`}` is a literal
            number += 1
            continue
        close = runs[same[-1]]
        yield False, text[start : run.start()]
        yield True, text[run.end() : close.start()].strip()
        start, number = close.end(), same[-1] + 1
    yield False, text[start:]


def inline_html(text: str) -> str:
    """A paragraph's Markdown as HTML; lines of it end where two spaces or a backslash say so."""
    if not _SPECIAL.search(text):
        return text
    parts = (
        f"<code>{escape(part)}</code>" if is_code else part for is_code, part in _code_spans(text)
    )
    text = "".join(parts) if "`" in text else text
    text = _BREAK.sub("<br>", text)
    text = _RAISED.sub(_raised, text) if "^" in text else text
    text = _ESCAPE.sub(lambda match: f"&#{ord(match.group(1))};", text)
    if "[" in text:
        text = _IMAGE.sub(lambda match: f'<img alt="{escape(match.group(1))}">', text)
        text = _FOOTNOTE.sub(r"<sup>\1</sup>", text)
        text = _REFERENCE.sub(r"\1", _LINK.sub(r"\1", text))
    return _emphasis(_EMPTY_EXPRESSION.sub(" ", text))


def _raised(match: re.Match[str]) -> str:
    marks = match.group(1).replace("\\", "")
    return f"<sup>{''.join(f'&#{ord(mark)};' for mark in marks)}</sup>"


# ── emphasis ─────────────────────────────────────────────────────────────────────────────────


def _emphasis(text: str) -> str:
    """`*`, `_` and `~~` as tags, by what stands on either side of each run of them."""
    pieces: list[str] = []
    open_: dict[str, list[list[int]]] = {"*": [], "_": [], "~": []}
    """For each mark its runs that wait for an end: number of the piece, marks left."""
    end = 0
    for match in _MARKS.finditer(text):
        pieces.append(text[end : match.start()])
        end = match.end()
        mark, left = match.group()[0], len(match.group())
        pieces.append("" if mark != "<" else match.group())
        if mark == "<":
            continue
        start = match.start()
        before, after = text[max(0, start - 1) : start], text[end : end + 1]
        if _closes(mark, before, after):
            left = _close(mark, left, open_[mark], pieces)
        if left and _opens(mark, before, after):
            open_[mark].append([len(pieces), left])
            pieces.append("")
        else:
            pieces.append(mark * left)
    pieces.append(text[end:])
    for mark, waiting in open_.items():
        for piece, left in waiting:
            pieces[piece] = mark * left + pieces[piece]
    return "".join(pieces)


def _close(mark: str, left: int, waiting: list[list[int]], pieces: list[str]) -> int:
    """Close what waits, innermost first; how many marks are left over."""
    least = 2 if mark == "~" else 1
    while left >= least and waiting:
        opener = waiting[-1]
        count = 2 if left >= 2 and opener[1] >= 2 else 1
        if count < least:
            break
        name = _NAMES[mark][count - 1]
        pieces[opener[0]] = f"<{name}>" + pieces[opener[0]]
        pieces[-1] += f"</{name}>"
        left -= count
        opener[1] -= count
        if not opener[1]:
            waiting.pop()
    return left


def _opens(mark: str, before: str, after: str) -> bool:
    if not after or after.isspace():
        return False
    if mark == "_" and before.isalnum():
        return False
    return not _is_sign(after) or not before.isascii() or not before.isalnum()


def _closes(mark: str, before: str, after: str) -> bool:
    if not before or before.isspace():
        return False
    if mark == "_" and after.isalnum():
        return False
    return not _is_sign(before) or not after.isascii() or not after.isalnum()


def _is_sign(char: str) -> bool:
    return char.isascii() and not char.isalnum() and char not in "$%<&"
