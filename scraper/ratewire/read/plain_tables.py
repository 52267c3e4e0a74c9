"""AsciiDoc and reStructuredText as Markdown, as far as their headings and tables go.

Pages in these are served as plain text; what is not a heading or a table stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

__all__ = ["looks_like_plain_tables", "plain_tables_to_markdown"]

_FENCE = re.compile(r"^\|===\s*$")
_EQUALS = re.compile(r"^(={1,6})[ \t]+(\S.*)$")
_ATTRIBUTES = re.compile(r"^(?:\[.*\]|:[\w-]+:.*|\.\. \w[\w-]*::\s*)$")
_BORDER = re.compile(r"^\s*\+(?:[-=]+\+)+\s*$")
_SIMPLE = re.compile(r"^\s*=+(?:[ \t]+=+)+\s*$")
_LIST_TABLE = re.compile(r"^(\s*)\.\. list-table::[ \t]*(.*)$")
_SIGNS = re.compile(
    r"^\|===[ \t]*$|^[ \t]*\+(?:[-=]+\+)+[ \t]*$|^\.\. [\w-]{1,80}::|^[ \t]*=+(?:[ \t]+=+)+[ \t]*$",
    re.M,
)


def looks_like_plain_tables(text: str) -> bool:
    """Whether a plain text holds a table of AsciiDoc or reStructuredText."""
    return bool(_SIGNS.search(text))


def plain_tables_to_markdown(text: str) -> str:
    """The same text with those headings and tables as Markdown writes them."""
    lines = text.split("\n")
    at, out = 0, list[str]()
    while at < len(lines):
        line = lines[at]
        if _FENCE.match(line):
            rows, at = _asciidoc(lines, at + 1)
            out += _pipes(rows)
        elif match := _LIST_TABLE.match(line):
            rows, at = _list_table(lines, at + 1, len(match.group(1)))
            out += [match.group(2), *_pipes(rows)]
        elif _BORDER.match(line):
            rows, at = _grid(lines, at)
            out += _pipes(rows)
        elif _SIMPLE.match(line):
            rows, at = _simple(lines, at)
            out += _pipes(rows)
        else:
            if match := _EQUALS.match(line):
                line = "#" * len(match.group(1)) + " " + match.group(2)
            elif re.match(r"^\.[^\s.]", line):  # the title of an AsciiDoc block
                line = line[1:]
            out.append("" if _ATTRIBUTES.match(line) else line)
            at += 1
    return "\n".join(out)


def _pipes(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    width = max((len(row) for row in rows), default=0)
    if not width:
        return
    yield ""
    for number, row in enumerate(rows):
        cells = [" ".join(cell.split()).replace("|", "\\|") for cell in row]
        yield "| " + " | ".join([*cells, *[""] * (width - len(cells))]) + " |"
        if number == 0:
            yield "|" + " --- |" * width
    yield ""


def _asciidoc(lines: Sequence[str], at: int) -> tuple[list[list[str]], int]:
    """Cells start at a `|`; the first line tells how many make a row."""
    cells: list[str] = []
    width = 0
    while at < len(lines) and not _FENCE.match(lines[at]):
        parts = re.split(r"(?:\d{0,4}[\^<>.]{0,3}[aehlmsv]?)?(?<!\\)\|", lines[at])
        if lines[at].strip():
            if cells and parts[0].strip():
                cells[-1] += f" {parts[0]}"
            cells += parts[1:]
            width = width or len(parts) - 1
        at += 1
    width = max(width, 1)
    return [cells[start : start + width] for start in range(0, len(cells), width)], at + 1


def _list_table(lines: Sequence[str], at: int, margin: int) -> tuple[list[list[str]], int]:
    rows: list[list[str]] = []
    while at < len(lines):
        line = lines[at]
        bare = line.strip()
        if bare and len(line) - len(line.lstrip()) <= margin:
            break
        if match := re.match(r"^\*\s+-\s*(.*)$", bare):
            rows.append([match.group(1)])
        elif (match := re.match(r"^-\s*(.*)$", bare)) and rows:
            rows[-1].append(match.group(1))
        elif rows and bare:
            rows[-1][-1] += f" {bare}"
        at += 1
    return rows, at


def _grid(lines: Sequence[str], at: int) -> tuple[list[list[str]], int]:
    rows: list[list[str]] = []
    fresh = True
    while at < len(lines) and re.match(r"^\s*[+|]", lines[at]):
        if _BORDER.match(lines[at]):
            fresh = True
        else:
            cells = [cell.strip() for cell in lines[at].strip().strip("|").split("|")]
            if fresh or len(cells) != len(rows[-1]):
                rows.append(cells)
            else:
                rows[-1] = [
                    f"{old} {new}".strip() for old, new in zip(rows[-1], cells, strict=True)
                ]
            fresh = False
        at += 1
    return rows, at


def _simple(lines: Sequence[str], at: int) -> tuple[list[list[str]], int]:
    """Columns stand under the runs of `=`; the table ends with the second or third such line."""
    spans = [match.span() for match in re.finditer(r"=+", lines[at])]
    rows: list[list[str]] = []
    borders = 1
    at += 1
    while at < len(lines) and (lines[at].strip() or borders < 2):
        if _SIMPLE.match(lines[at]):
            borders += 1
            if borders == 3:
                return rows, at + 1
        elif lines[at].strip():
            ends = [start for start, _ in spans[1:]] + [len(lines[at])]
            cells = [lines[at][s:end].strip() for (s, _), end in zip(spans, ends, strict=True)]
            if rows and not cells[0]:
                rows[-1] = [f"{a} {b}".strip() for a, b in zip(rows[-1], cells, strict=True)]
            else:
                rows.append(cells)
        at += 1
    return rows, at
