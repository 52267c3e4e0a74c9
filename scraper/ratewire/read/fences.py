"""Code in Markdown: fenced and indented blocks leave the page, but for tables set in them.

Prices in samples of code are no prices; columns set with spaces in a block without a language are
a table that somebody found easier to type that way.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["spaced_rows", "without_fences", "without_indented_code"]

_MARK = re.compile(r"(?P<indent>[ \t>]*)(?P<mark>`{3,}|~{3,})(?P<info>.*)")
_ITEM = re.compile(r"[ \t]*(?:[-*+•]|\d{1,3}[.)])[ \t]|(?::[ \t]|\[\^)")
_OPENS = re.compile(r"<(?!(?:br|hr|img|input|col|wbr|link|meta|source)\b)[A-Za-z][^<>]*(?<!/)>")
_CLOSES = re.compile(r"</[A-Za-z]")
_COMPONENT = re.compile(r"^[ \t]*</?(?!Code)[A-Z]\w*|^(?:import|export)\s", re.M)
_PLAIN = frozenset({"", "text", "txt", "plain", "plaintext", "none", "console", "csv", "tsv",
                    "markdown", "md", "table", "eval_rst"})  # fmt: skip
_GAP = re.compile(r" {2,}|\t+")
_MONEY = re.compile(r"[$€£¥￥₹]\s?\d|\d\s?(?:[€£元円kK]|USD|EUR|GBP)")
_WIDEST = 12
_LONGEST_TABLE = 400
"""Lines."""


def without_fences(text: str) -> str:
    """The text without its fenced code; tables that are set in it as Markdown's tables."""
    if "```" not in text and "~~~" not in text:
        return text
    kept: list[str] = []
    inside: list[str] = []
    mark = indent = info = ""
    for line in text.split("\n"):
        match = _MARK.match(line) if "```" in line or "~~~" in line else None
        if mark:
            if match and _ends(match, mark):
                kept += _of_code(inside, info, indent)
                mark = ""
            else:
                inside.append(line.removeprefix(indent))
        elif match and not (match["mark"][0] == "`" and "`" in match["info"]):
            mark, indent, info, inside = match["mark"], match["indent"], match["info"], []
        else:
            kept.append(line)
    if mark:
        kept += _of_code(inside, info, indent)
    return "\n".join(kept)


def _ends(match: re.Match[str], mark: str) -> bool:
    own = match["mark"]
    return own[0] == mark[0] and len(own) >= len(mark) and not match["info"].strip()


def _of_code(lines: Sequence[str], info: str, indent: str) -> list[str]:
    language = info.strip().partition(" ")[0].strip("{}").lower()
    table = _spaced_table(lines) if language in _PLAIN else []
    return ["", *(indent.replace(">", "") + line for line in table), ""]


def spaced_rows(lines: Sequence[str]) -> list[list[str]]:
    """The rows of columns that stand apart by spaces or tabs, under one line of heads; empty where
    the lines are none or hold no price.
    """
    rows = [_GAP.split(line.strip()) for line in lines if line.strip()][: _LONGEST_TABLE + 1]
    if not 2 <= len(rows) <= _LONGEST_TABLE:
        return []
    width = len(rows[0])
    if not 2 <= width <= _WIDEST or any(len(row) != width for row in rows):
        return []
    if _MONEY.search(" ".join(rows[0])):
        return []
    return rows if all(any(map(_MONEY.search, row)) for row in rows[1:]) else []


def _spaced_table(lines: Sequence[str]) -> list[str]:
    """The same as a Markdown table."""
    rows = spaced_rows(lines)
    cells = ["| " + " | ".join(cell.replace("|", "&#124;") for cell in row) + " |" for row in rows]
    return [cells[0], "|" + " --- |" * len(rows[0]), *cells[1:]] if rows else []


def without_indented_code(text: str) -> str:
    """The text without lines that four spaces make code: outside lists, tags and definitions.
    Where there are components (MDX) four spaces mean nothing.
    """
    if _COMPONENT.search(text) or not re.search(r"^(?: {4}|\t)", text, re.M):
        return text
    kept: list[str] = []
    code: list[str] = []
    fresh, inside, tags = True, False, 0
    for line in text.split("\n"):
        bare = line.strip()
        deep = line.startswith(("    ", "\t"))
        if bare and not deep:
            inside = bool(_ITEM.match(line)) or (inside and line.startswith(" "))
        is_code = deep and (fresh or bool(code)) and not inside and tags <= 0
        if bare and is_code and not bare.startswith("<"):
            code.append(line)
            continue
        if bare and code:
            kept += ["", *_spaced_table(code), ""]
            code = []
        kept.append(line)
        tags += len(_OPENS.findall(line)) - len(_CLOSES.findall(line))
        fresh = not bare
    return "\n".join([*kept, *_spaced_table(code)])
