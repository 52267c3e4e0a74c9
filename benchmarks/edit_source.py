"""A page's source as an editor sees it: its tables, prices and lines of text, by their spans.

Only what is surely seen is touched: no tags, scripts, styles, comments, addresses or code.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

__all__ = ["MONEY", "Line", "Price", "Rows", "Source", "Table", "amounts_in", "numbers_in", "plain"]

NUMBER = r"\d[\d,]*(?:\.\d+)?"
MONEY = re.compile(
    rf"(?:US|A|C)?[$€£¥] ?(?P<after>{NUMBER})(?![\d.,]*\d)(?!\w)|(?<![\w.,])(?P<before>{NUMBER}) ?€"
)
"""A price that is surely one: a number beside a sign of money."""
_TAG = re.compile(r"<[^<>]*>")
_HTML_TABLE = re.compile(r"<table\b[^<>]*>.*?</table\s*>", re.DOTALL | re.IGNORECASE)
_HTML_ROW = re.compile(r"<tr\b[^<>]*>.*?</tr\s*>", re.DOTALL | re.IGNORECASE)
_HTML_CELL = re.compile(r"<t([hd])\b[^<>]*>.*?</t\1\s*>", re.DOTALL | re.IGNORECASE)
_PIPE_TABLE = re.compile(
    r"^(?P<head>[ \t]*\|[^\n]*\|[ \t]*)\n[ \t]*\|[ \t:|-]+\n(?P<body>(?:[ \t]*\|[^\n]*\n)+)",
    re.MULTILINE,
)
_CELL_MARKS = re.compile(r"(?<!\\)\|")
_ATTRIBUTES = r"|(?:href|src|id|class|style|alt|title)=\"[^\"]*\"|https?://\S+"
_UNSEEN_TAGS = r"<(script|style|template|noscript|head|svg|select|pre|code)\b.*?</\1>|<[^<>]*>"
_UNSEEN_CODE = r"\A---\n.*?\n---\n|^ *(```|~~~).*?^ *\1|`[^`\n]*`|^(?: {4}|\t)[^\n|]*$"
_UNSEEN = (r"<!--.*?-->" + _ATTRIBUTES, _UNSEEN_TAGS)
"""Of any page."""

Rows = tuple[tuple[str, ...], ...]
"""The cells of a table as they are in the source; of HTML with their own tags."""


def plain(source: str) -> str:
    """The words of a piece of source."""
    return " ".join(_TAG.sub(" ", source).replace("&nbsp;", " ").split())


def amounts_in(text: str) -> frozenset[Decimal]:
    """The prices that a piece of source prints."""
    found = (match["after"] or match["before"] for match in MONEY.finditer(plain(text)))
    return frozenset(Decimal(number.replace(",", "")) for number in found)


def numbers_in(text: str) -> frozenset[Decimal]:
    """All numbers that a piece of source prints."""
    return frozenset(Decimal(n.replace(",", "")) for n in re.findall(NUMBER, plain(text)))


@dataclass(frozen=True)
class Table:
    """A plain table: every row with as many cells, none spanned, none within another table."""

    start: int
    end: int
    rows: Rows
    head: int
    """How many of the rows are heads."""
    is_html: bool
    before: tuple[str, ...] = ()
    """What stands in the source before each row, and behind the last."""
    openings: tuple[str, ...] = ()
    """The tags by which rows begin."""

    @property
    def body(self) -> Rows:
        return self.rows[self.head :]

    @property
    def width(self) -> int:
        return len(self.rows[0])

    def inner(self, cell: str) -> str:
        """A cell without its own tags."""
        if not self.is_html:
            return cell.strip()
        return cell[cell.index(">") + 1 : cell.rindex("<")]

    def filled(self, cell: str, inner: str) -> str:
        """A cell like this one with something else in it."""
        if not self.is_html:
            return f" {inner} "
        return cell[: cell.index(">") + 1] + inner + cell[cell.rindex("<") :]

    def words(self, cell: str) -> str:
        return plain(self.inner(cell))

    def priced(self, cell: str) -> bool:
        return bool(amounts_in(self.inner(cell)))

    @cached_property
    def priced_columns(self) -> tuple[int, ...]:
        """Columns in which more than half of the rows have a price."""
        return tuple(
            column
            for column in range(1, self.width)
            if 2 * sum(self.priced(row[column]) for row in self.body) > len(self.body)
        )

    def render(self, rows: Sequence[Sequence[str]]) -> str:
        """The table with other rows; those of HTML stay in the sections of the table."""
        if self.is_html:
            return self._html(rows)
        lines = ["|" + "|".join(row) + "|" for row in rows]
        rule = "|" + " --- |" * len(rows[0])
        return "\n".join([lines[0], rule, *lines[1:]]) + "\n"

    def _html(self, rows: Sequence[Sequence[str]]) -> str:
        parts = []
        for number, row in enumerate(rows):
            at = min(number, len(self.openings) - 1)
            gap = self.before[number] if number < len(self.openings) else ""
            parts += [gap, self.openings[at], *row, "</tr>"]
        missing = self.before[len(rows) : len(self.openings)]
        return "".join([*parts, *missing, self.before[-1]])


@dataclass(frozen=True, slots=True)
class Price:
    """One printed price: the span of its number."""

    start: int
    end: int

    def amount(self, text: str) -> Decimal:
        return Decimal(text[self.start : self.end].replace(",", ""))


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph of text without markup."""

    start: int
    end: int


@dataclass(frozen=True)
class Source:
    """The text of a page, HTML or Markdown."""

    text: str
    is_html: bool

    def replaced(self, start: int, end: int, by: str) -> str:
        return self.text[:start] + by + self.text[end:]

    @cached_property
    def seen(self) -> bytes:
        """By character whether a reader of the page may see it."""
        seen = bytearray(b"\1" * len(self.text))
        for pattern in _UNSEEN if self.is_html else (*_UNSEEN, _UNSEEN_CODE):
            for found in re.finditer(pattern, self.text, re.DOTALL | re.IGNORECASE | re.MULTILINE):
                seen[found.start() : found.end()] = bytes(found.end() - found.start())
        return bytes(seen)

    @cached_property
    def prices(self) -> tuple[Price, ...]:
        """All that are surely prices and surely seen."""
        found = []
        for match in MONEY.finditer(self.text):
            start, end = match.span("after" if match["after"] else "before")
            if self.seen[start] and self.seen[end - 1]:
                found.append(Price(start, end))
        return tuple(found)

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """The plain ones with a head and two rows or more that have a price."""
        found = self._html_tables() if self.is_html else self._pipe_tables()
        return tuple(
            table
            for table in found
            if len(table.body) > 1
            and {len(row) for row in table.rows} == {table.width}
            and sum(any(map(table.priced, row)) for row in table.body) > 1
            and self.seen[table.start + 1 : table.end].count(1)
        )

    def _html_tables(self) -> list[Table]:
        found = []
        for match in _HTML_TABLE.finditer(self.text):
            source = match.group()
            rows = list(_HTML_ROW.finditer(source))
            if re.search(r"(?:row|col)span|<table\b", source[6:], re.IGNORECASE) or len(rows) < 3:
                continue
            gaps, end = [], 0
            for row in rows:
                gaps.append(source[end : row.start()])
                end = row.end()
            gaps.append(source[end:])
            cells = [tuple(c.group() for c in _HTML_CELL.finditer(row.group())) for row in rows]
            openings = tuple(row.group()[: row.group().index(">") + 1] for row in rows)
            if all(cells):
                found.append(
                    Table(match.start(), match.end(), tuple(cells), 1, True, tuple(gaps), openings)
                )
        return found

    def _pipe_tables(self) -> list[Table]:
        return [
            Table(
                match.start(),
                match.end(),
                tuple(
                    tuple(_CELL_MARKS.split(line.strip().strip("|")))
                    for line in (match["head"], *match["body"].strip("\n").split("\n"))
                ),
                1,
                False,
            )
            for match in _PIPE_TABLE.finditer(self.text)
        ]

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Paragraphs without any markup in them."""
        pattern = r"<p\b[^<>]*>([^<>]+)</p>" if self.is_html else r"(?:^|\n)\n([A-Z][^\n|<>`]+)\n\n"
        return tuple(Line(*match.span(1)) for match in re.finditer(pattern, self.text))
