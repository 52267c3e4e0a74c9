"""What bears on every figure of a table, from its headings and the text near it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ratewire.model import Unit
from ratewire.read.document import Table
from ratewire.read.drafts import Precedence
from ratewire.read.lexicon import fold, lexicon, slug
from ratewire.read.meters import NOTHING, modality_of_section, read_heading
from ratewire.read.names import Label
from ratewire.read.page import PageContext
from ratewire.read.restated import Said, said_near
from ratewire.read.surroundings import (
    names_product,
    products_above,
    surrounding_conditions,
    table_title,
)  # fmt: skip

__all__ = ["Context"]


@dataclass(frozen=True, slots=True)
class Context:
    """What bears on every figure of a table."""

    at: int
    table: Table
    page: PageContext
    named: Label
    """What the headings and the text above the table name."""
    conditions: Mapping[str, str]
    modality: str
    unit: tuple[Unit, str] | None
    billed: Unit | None
    """What a `unit price` is for."""
    spare: tuple[tuple[str, str], ...]
    standing: Precedence
    said: Said
    """What the text near the table says of its prices once more."""
    made: str
    """What the headings say is made: `image`, `video`; empty: they say of neither."""

    @property
    def section(self) -> str:
        """What the nearest heading is about; empty: prices in general."""
        return next((slug(h) for h in self.table.headings[-1:] if names_product(h)), "")

    @classmethod
    def of(cls, at: int, table: Table, page: PageContext) -> Context:
        above = products_above(table, page, at)
        named = Label(tuple(label for label, _ in above), tuple(product for _, product in above))
        conditions, spare = surrounding_conditions(table, page, table_title(at, page))
        caption = read_heading(table.grid.caption) if table.grid.caption else NOTHING
        unit = (caption.unit, table.grid.caption) if caption.unit else page.unit_near(at)
        standing = Precedence.SHOWN
        if table.embedded:
            standing = Precedence.EMBEDDED
        elif table.hidden and not table.panes:
            standing = Precedence.TWIN
        if not caption.other:
            conditions = {**conditions, **caption.conditions}
        return cls(
            at, table, page, named, conditions,
            modality_of_section(table.headings), unit, page.billed_near(at), spare, standing,
            said_near(at, table, page),
            _made((*table.headings[-3:], table.grid.caption)),
        )  # fmt: skip


def _made(texts: Sequence[str]) -> str:
    """The picture or film that the nearest of the texts speaks of."""
    for text in reversed(texts):
        found = {kind for kind, *_ in lexicon("modality").find(fold(text))} & {"image", "video"}
        if found:
            return "video" if "video" in found else "image"
    return ""
