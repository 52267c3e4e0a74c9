"""Markdown's blocks as HTML: headings, lists, tables, definitions, paragraphs, lines of HTML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ratewire.read.inline import inline_html
from ratewire.read.markup import INLINE

__all__ = ["blocks_html", "is_table_delimiter"]

_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*))?$")
_ITEM = re.compile(r"([ \t]*)(?:[-*+•]|\d{1,3}[.)])(?:[ \t]+(.*))?$")
_RULE = re.compile(r"(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$")
_UNDERLINE = re.compile(r"(?:=+|-+)$")
_DEFINITION = re.compile(r":[ \t]+(\S.*)$")
_FOOTNOTE = re.compile(r"\[\^([^\]\s]{1,80})\]:[ \t]*")
_ALERT = re.compile(r"\s*\[![A-Za-z]+\]")
_QUOTES = re.compile(r"(?:[ \t]*>[ \t]?)+")
_MODULE = re.compile(r"(?:import|export)\s")
_TAG = re.compile(r"</?([A-Za-z][\w:.-]*)")
_DASHES = re.compile(r"[ \t]*:?-+:?[ \t]*")
_CELL_END = re.compile(r"(?<!\\)\|")


def blocks_html(text: str) -> str:
    """The HTML of a whole text, a block a line."""
    scanner = _Scanner(text.split("\n"))
    return scanner.html()


def is_table_delimiter(line: str) -> bool:
    """`| --- | :-: |`, the line that makes a table of the line above it."""
    bare = line.strip().lstrip("> \t")
    if "-" not in bare or bare.strip("|:- \t"):
        return False
    cells = bare.removeprefix("|").removesuffix("|").split("|")
    return all(map(_DASHES.fullmatch, cells))


@dataclass
class _Scanner:
    """One pass over the lines; what it has open lives here."""

    lines: Sequence[str]
    out: list[str] = field(default_factory=list)
    paragraph: list[str] = field(default_factory=list)
    lists: list[int] = field(default_factory=list)
    """Indents of the open lists."""
    fresh_item: bool = False
    """The paragraph to come is the first of its list item."""
    defining: bool = False

    def html(self) -> str:
        at = 0
        while at < len(self.lines):
            at = self.line(at)
        self.close()
        return "\n".join(self.out)

    def line(self, at: int) -> int:
        """Take the block that starts at line `at`, or a line of it; the number of the next line."""
        line = self.lines[at]
        if quote := _QUOTES.match(line):
            line = line[quote.end() :]
        if "[!" in line:
            line = _ALERT.sub("", line, count=1) if _ALERT.match(line) else line
        bare = line.strip()
        following = self.lines[at + 1] if at + 1 < len(self.lines) else ""
        if not bare:
            self.blank(at)
        elif match := _HEADING.match(line):
            self.close()
            level, words = len(match.group(1)), (match.group(2) or "").rstrip(" \t#")
            self.out.append(f"<h{level}>{inline_html(words.strip())}</h{level}>")
        elif "|" in line and "-" in following and is_table_delimiter(following):
            return self.table(at)
        elif self.paragraph and not self.lists and _UNDERLINE.match(bare):
            level = 1 if bare[0] == "=" else 2
            words = self.take_paragraph()
            self.out.append(f"<h{level}>{words}</h{level}>")
        elif _RULE.match(bare):
            self.close()
            self.out.append("<hr>")
        elif item := _ITEM.match(line):
            self.item(len(item.group(1).expandtabs(4)), item.group(2) or "")
        elif (definition := _DEFINITION.match(bare)) and (self.paragraph or self.defining):
            self.define(definition.group(1))
        elif _is_block_tag(bare):
            self.markup(line)
        elif _MODULE.match(bare) and not self.paragraph and _is_module(bare):
            pass
        else:
            self.words(line, bare)
        return at + 1

    def words(self, line: str, bare: str) -> None:
        """A line of a paragraph."""
        if self.defining and not self.paragraph:
            self.end_definitions()
        if note := _FOOTNOTE.match(bare):
            self.end_paragraph()
            bare = f"[{note.group(1)}] {bare[note.end() :]}"
        self.paragraph.append(bare + "  " if line.endswith("  ") else bare)

    # ── ends ──

    def take_paragraph(self) -> str:
        words = inline_html("\n".join(self.paragraph).rstrip())
        self.paragraph.clear()
        return words

    def end_paragraph(self) -> None:
        if self.paragraph:
            words = self.take_paragraph()
            self.out.append(words if self.fresh_item else f"<p>{words}</p>")
        self.fresh_item = False

    def end_lists(self, indent: int = -1) -> None:
        while self.lists and self.lists[-1] > indent:
            self.lists.pop()
            self.out.append("</li></ul>")

    def end_definitions(self) -> None:
        if self.defining:
            self.defining = False
            self.out.append("</dl>")

    def close(self) -> None:
        self.end_paragraph()
        self.end_lists()
        self.end_definitions()

    # ── blocks ──

    def blank(self, at: int) -> None:
        self.end_paragraph()
        ahead = next((line for line in self.lines[at + 1 : at + 3] if line.strip()), "")
        if self.lists and not ahead.startswith((" ", "\t")) and not _ITEM.match(ahead):
            self.end_lists()

    def item(self, indent: int, words: str) -> None:
        self.end_paragraph()
        self.end_definitions()
        self.end_lists(indent)
        if self.lists and self.lists[-1] == indent:
            self.out.append("</li><li>")
        else:
            self.lists.append(indent)
            self.out.append("<ul><li>")
        self.fresh_item = True
        if words:
            self.paragraph.append(words)

    def define(self, words: str) -> None:
        """`Term` above `: what it is`."""
        self.end_lists()
        if not self.defining:
            self.defining = True
            self.out.append("<dl>")
        if self.paragraph:
            self.out.append(f"<dt>{self.take_paragraph()}</dt>")
        self.out.append(f"<dd>{inline_html(words)}</dd>")

    def markup(self, line: str) -> None:
        """A line of HTML."""
        self.end_paragraph()
        if not line.startswith((" ", "\t")):
            self.end_lists()
        self.end_definitions()
        self.out.append(inline_html(line))

    def table(self, at: int) -> int:
        """GitHub's table that starts with its head at line `at`; the line after it."""
        self.close()
        heads = _split_row(self.lines[at])
        rows: list[list[str]] = []
        end = at + 2
        while end < len(self.lines) and ("|" in self.lines[end] or self._is_in_cell(at, end)):
            if "|" in self.lines[end]:
                rows.append(_split_row(self.lines[end])[: max(len(heads), 1)])
            elif rows:
                rows[-1][-1] += f"<br>{self.lines[end].strip()}"
            end += 1
        head = "".join(f"<th>{inline_html(cell)}</th>" for cell in heads)
        body = "".join(
            "<tr>" + "".join(f"<td>{inline_html(cell)}</td>" for cell in row) + "</tr>"
            for row in rows
        )
        self.out.append(f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>")
        return end

    def _is_in_cell(self, start: int, at: int) -> bool:
        """Whether line `at` goes on with the last cell of a table without outer bars, as some
        converters write cells of several lines: the next line is a row again.
        """
        following = self.lines[at + 1] if at + 1 < len(self.lines) else ""
        outer = self.lines[start].lstrip().startswith("|")
        return bool(self.lines[at].strip()) and not outer and "|" in following


def _is_block_tag(bare: str) -> bool:
    """A line of HTML that is no part of a paragraph."""
    if not bare.startswith("<"):
        return False
    match = _TAG.match(bare)
    if match is None or match.group(1) in INLINE:
        return False
    return bare.endswith(">") or bare.startswith("</")


def _is_module(bare: str) -> bool:
    return "=" in bare or " from " in bare or "'" in bare or '"' in bare


def _split_row(line: str) -> list[str]:
    line = line.strip().lstrip("> \t").removeprefix("|")
    if line.endswith("|") and not line.endswith("\\|"):
        line = line[:-1]
    return [cell.replace("\\|", "|").strip() for cell in _CELL_END.split(line)]
