"""A page as a person sees it: headings, panes, tables and runs of text, in order.

HTML and Markdown both become this; what reads facts never sees markup.
"""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["NOWHERE", "Block", "Cell", "Document", "Grid", "Pane", "Table", "Text"]

NOWHERE = (-1, -1)
"""Row and column of what stands in no table."""


@dataclass(frozen=True, slots=True)
class Pane:
    """One pane of a switcher (tabs, `Standard | Batch`): its label and those beside it."""

    label: str
    siblings: tuple[str, ...]
    """Labels of all panes of the switcher, this one's included."""
    switcher: str = ""
    """What the switcher as a whole is called, if it says so."""


@dataclass(frozen=True, slots=True)
class Block:
    """Where a block stands: the headings above it (outermost first) and the panes round it."""

    headings: tuple[str, ...] = ()
    panes: tuple[Pane, ...] = ()
    hidden: bool = False
    """Not on screen until something is pressed (a pane, a fold, a twin for small screens), or
    beside the page's own content (navigation, a footer)."""
    embedded: bool = False
    """Data that the page carries for its own scripts, not text that it shows."""


@dataclass(frozen=True, slots=True)
class Text(Block):
    """A paragraph, a list item, a definition, a caption: one run of text, lines kept."""

    text: str = ""
    kind: str = "p"
    """`p`, `li`, `dd`, `small`; `heading`: a heading that holds a price, which stands among the
    headings of the blocks below it only if it names something, too."""
    label: str = ""
    """For a definition its term; for a nested list item the item above it."""
    struck: str = ""
    """Text struck through in it, not part of `text`."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's text, lines kept; `head` where the page marks it as a heading."""

    text: str
    head: bool = False
    struck: str = ""
    """Text struck through in it, not part of `text`."""
    refs: tuple[str, ...] = ()
    """Marks of footnotes that hang on it."""
    spot: tuple[int, int] = NOWHERE
    """Row and column of the cell as printed; of a spanned cell the first ones."""
    line: str = field(init=False, repr=False, compare=False)
    """Its text on one line, which nearly every reader asks for."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "line", " ".join(self.text.split()))


@dataclass(frozen=True, slots=True)
class Grid:
    """A table's cells with all spans filled in: every row has `width` cells.

    A spanned cell is the same object in each place it covers.
    """

    rows: tuple[tuple[Cell, ...], ...]
    width: int
    head_rows: int = 0
    """Rows that the page marks as head (thead, or all th)."""
    caption: str = ""
    reach: tuple[int, ...] = ()
    """Columns that each row really covers, by its own cells and those that hang down into it;
    less than `width` where a converter flattened a span or left cells out. Empty: all are full.
    """


@dataclass(frozen=True, slots=True)
class Table(Block):
    grid: Grid = Grid((), 0)
    name: str = ""
    """What the page's source calls it (a component's name), where it does."""


@dataclass(frozen=True, slots=True)
class Document:
    title: str
    language: str
    blocks: tuple[Text | Table, ...]
