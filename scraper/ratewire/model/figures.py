"""The figures that a page prints, each with its place, before and beside any meaning."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

__all__ = ["Figure", "Place", "Role", "Shown", "UnreadChange"]


class Shown(StrEnum):
    """How a figure reaches a reader of the page."""

    VISIBLE = "visible"
    HIDDEN = "hidden"
    """Not on screen and in no pane: a twin for small screens, a dialog."""
    EMBEDDED = "embedded"
    """In data that the page carries for its own scripts."""


class Role(StrEnum):
    """What a figure is. Every figure of a page has exactly one role."""

    RATE = "rate"
    LIST_PRICE = "list price"
    BOUND = "bound"
    """A threshold or the end of a bracket: `plans over $3,300`."""
    EXAMPLE = "example"
    CREDIT = "credit"
    """Money that is given or paid in: credits, allowances, deposits."""
    SAVING = "saving"
    TOTAL = "total"
    LIMIT = "limit"
    QUANTITY = "quantity"
    """A bare number in a column that does not speak of money."""
    REPEATED = "repeated"
    """A price that stands beside it or elsewhere as a rate, said once more."""
    COMPETITOR = "competitor"
    STATISTIC = "statistic"
    UNTRACKED = "untracked"
    """A rate of a product that the source does not ask for."""
    UNREAD = "not understood"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a figure is printed, in the page's own words.

    `block`, `row` and `column` only say which figures of one capture lie together; they tell
    nothing across captures.
    """

    words: str
    """The line of the cell, or the sentence, with each figure in it written `#`."""
    labels: tuple[str, ...] = ()
    """Label cells of its row; of a text the term or list item above it."""
    beside: tuple[str, ...] = ()
    """The other cells of its row that are words or bare numbers, with their heads: `Disk 64 GB`."""
    heads: tuple[str, ...] = ()
    """Head cells of its column from the top; empty in text."""
    group: str = ""
    """The banner row above it, or the labels of the row that its own blank labels continue."""
    near: str = ""
    """The short text right before it; of a table its caption."""
    headings: tuple[str, ...] = ()
    """Headings above it, the outermost first."""
    panes: tuple[str, ...] = ()
    """Labels of the panes (tabs) round it."""
    number: int = 0
    """Which figure of `words` it is."""
    block: int = 0
    row: int = 0
    column: int = -1
    """Of a cell of a table; -1 in text."""

    @property
    def is_cell(self) -> bool:
        """Whether it stands in a table."""
        return self.column >= 0

    def __str__(self) -> str:
        """`Pricing › API › Lumen 2 › Output`."""
        parts = (*self.headings[-2:], *self.panes, self.group, *self.labels, *self.heads)
        return " › ".join(dict.fromkeys(" ".join(part.split()) for part in parts if part))


@dataclass(frozen=True, slots=True)
class Figure:
    """One printed amount of money, percentage or bare number, and what it is."""

    text: str
    """As printed, the currency's sign included: `$2.50`, `3,5 %`, `Free`."""
    place: Place
    values: tuple[Decimal, ...] = ()
    """Its number; of a range both; of `Free` zero; empty: digits that are no number."""
    shown: Shown = Shown.VISIBLE
    role: Role = Role.UNREAD
    reason: str = ""
    """Why it is no rate, in words; empty for a rate."""
    rates: tuple[tuple[str, ...], ...] = ()
    """Identities of the rates that it prints: one for each product that its row names. Several
    figures may print one rate."""

    @property
    def line(self) -> str:
        """The words round the figure with the figure in its place, the others masked."""
        parts = self.place.words.split("#")
        at = self.place.number + 1
        if at >= len(parts):
            return f"{self.place.words} {self.text}".strip()
        return "#".join(parts[:at]) + self.text + "#".join(parts[at:])


@dataclass(frozen=True, slots=True, order=True)
class UnreadChange:
    """A figure that is not understood and changed, came (`old` empty) or went (`new` empty)."""

    old: str
    """The page's words before."""
    new: str
    """The page's words after."""
    where: str
    why: str
    """Why it is not understood."""
