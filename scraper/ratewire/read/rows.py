"""A table's own parts: its caption, its rows of cells, and what strays between them.

Rows are repaired as HTML5 repairs them: cells that no row holds make one; words and elements that
stand outside all cells belong before the table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ratewire.read.markup import SILENT, Element, hides

__all__ = ["MarkupRow", "Rows", "is_cell", "table_rows"]

_CELL_ROLES = frozenset({"cell", "gridcell", "columnheader", "rowheader"})
_GROUPS = frozenset({"thead", "tbody", "tfoot"})


@dataclass(frozen=True, slots=True)
class MarkupRow:
    cells: list[Element]
    in_head: bool
    group: Element | None
    """The part of the table that it lies in: no span reaches beyond it."""


@dataclass(frozen=True, slots=True)
class Rows:
    rows: list[MarkupRow] = field(default_factory=list)
    captions: list[Element] = field(default_factory=list)
    strays: list[Element | str] = field(default_factory=list)


def is_cell(element: Element) -> bool:
    return element.tag in ("td", "th") or element.get("role") in _CELL_ROLES


def table_rows(table: Element) -> Rows:
    """The parts of a `table`, or of what has the ARIA roles of one."""
    found = Rows()
    _Rows(found).look_into(table)
    return found


@dataclass
class _Rows:
    found: Rows
    within: Element | None = None
    """The element whose children make the row at hand: a row, or what holds cells without one."""
    width: int = 0
    """Cells of the widest row that is marked as one."""

    def look_into(self, top: Element) -> None:
        """Everything below an element, in order; cells are not looked into."""
        waiting: list[tuple[Iterator[Element], Element, Element | None, str | None]] = []
        self.stray(top.text)
        children, row, group = iter(top), top, None
        while True:
            element = next(children, None)
            if element is None:
                if not waiting:
                    return
                children, row, group, tail = waiting.pop()
                self.stray(tail)
                continue
            tag = element.tag if isinstance(element.tag, str) else ""
            is_row = tag == "tr" or element.get("role") == "row"
            if tag == "caption":
                self.found.captions.append(element)
            elif is_cell(element):
                self.cell(element, row, group)
            elif is_row or (tag and tag not in SILENT and _holds_cells(element)):
                waiting.append((children, row, group, element.tail))
                children = iter(element)
                self.stray(element.text)
                if is_row:
                    self.start(element, group)
                    row = element
                elif tag in _GROUPS:
                    row = group = element
                continue
            elif tag and tag not in SILENT and not hides(element):
                self.found.strays.append(element)
            self.stray(element.tail)

    def start(self, row: Element, group: Element | None) -> None:
        self.within = row
        in_head = group is not None and group.tag == "thead"
        self.found.rows.append(MarkupRow([], in_head, group))

    def cell(self, element: Element, row: Element, group: Element | None) -> None:
        if _is_hidden(element) or _is_hidden(row):
            return  # it takes up no column
        is_marked = row.tag == "tr" or row.get("role") == "row"
        full = not is_marked and 1 < self.width <= len(self.found.rows[-1].cells)
        if self.within is not row or full:
            self.start(row, group)
        cells = self.found.rows[-1].cells
        cells.append(element)
        self.width = max(self.width, len(cells)) if is_marked else self.width

    def stray(self, text: str | None) -> None:
        if text and not text.isspace():
            self.found.strays.append(text)


def _is_hidden(element: Element) -> bool:
    """By its own attribute: what style sheets and scripts hide, they may show."""
    return element.get("hidden") is not None


def _holds_cells(element: Element) -> bool:
    return any(
        is_cell(each) or each.tag in ("tr", "caption") or each.get("role") == "row"
        for each in element.iterdescendants()
        if isinstance(each.tag, str)
    )
