"""What the labels of a row say of its figures: product, meter, modality, unit, conditions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ratewire.model import Unit
from ratewire.read.bands import context_band, is_band
from ratewire.read.cells import says_nothing
from ratewire.read.columns import column_end, column_kind
from ratewire.read.document import Cell
from ratewire.read.layout import Frame
from ratewire.read.lexicon import fold, lexicon, slug
from ratewire.read.meters import (
    NOTHING,
    Metered,
    is_measure,
    is_meter_only,
    is_price_only,
    is_unit_only,
    merge,
    read_heading,
)
from ratewire.read.names import Label, read_label
from ratewire.read.page import PageContext
from ratewire.read.quantities import find_currency, find_unit, parse_number
from ratewire.read.sizes import squared
from ratewire.read.unit_labels import is_more, led_unit, unit_of_label

__all__ = ["RowLabels", "continuation", "read_labels"]

_MOST_CELLS = 40
"""Cells of a row that are read as its labels."""
_ARROW = re.compile(r"^\s*[↳└⤷∟➥⮑→╰]+\s*")
_BRACKETED = re.compile(r"\s*[(（\[].*?[)）\]]")
_SIZES = re.compile(r"window|memory|max|maximum|support|release|ram|vcpu|disk|上下文")
_MEASURED_SIZE = re.compile(r"[\d.,]+ ?(?:[kmgt]i?b|tokens?|dim\w*)?", re.I)


@dataclass(frozen=True, slots=True)
class RowLabels:
    """What the labels of one row, or of one column of a transposed table, say together."""

    label: Label
    metered: Metered = NOTHING
    modality: str = ""
    unit: Unit | None = None
    currency: str = ""
    conditions: Mapping[str, str] = field(default_factory=dict)
    spare: tuple[tuple[str, str], ...] = ()
    words: tuple[str, ...] = ()


def continuation(text: str) -> str:
    """What a row says of the product of the row above: `↳ >272K context`, a band alone; empty:
    it names a product of its own.
    """
    bare = _ARROW.sub("", text).strip()
    return bare if bare and (bare != text.strip() or is_band(bare)) else ""


def read_labels(product_text: str, cells: Sequence[tuple[int, Cell]], frame: Frame, group: str,
                above: Label, page: PageContext, further: str = "") -> RowLabels:  # fmt: skip
    """A row's labels: `cells` with their columns, the `group` heading over the row, what the
    surroundings name where the row names no product (`above`), and what a row that goes on with
    the product of the row above says of it (`further`).
    """
    said = _product(product_text, frame, group, above, page)
    if further:
        said.words.append(further)
        said.take("label", "", further, 0)
    for column, cell in cells[:_MOST_CELLS]:
        text = cell.line
        if frame.roles[column] != "product" and text and not says_nothing(cell):
            said.words.append(text)
            said.take(frame.roles[column], frame.heads[column], text, column)
    return RowLabels(
        said.label, said.metered, said.modality, said.unit, said.currency, said.conditions,
        tuple(said.spare), tuple(filter(None, said.words)),
    )  # fmt: skip


@dataclass
class _Said:
    """A row's labels as they are read, cell by cell."""

    label: Label
    metered: Metered
    conditions: dict[str, str]
    words: list[str]
    spare: list[tuple[str, str]] = field(default_factory=list)
    modality: str = ""
    unit: Unit | None = None
    currency: str = ""

    def take(self, role: str, head: str, text: str, column: int) -> None:
        text = squared(text)
        meant = read_heading(text)
        modalities = {meaning for meaning, *_ in lexicon("modality").find(fold(text))}
        if role == "end":
            self.conditions[column_end(head)] = slug(text)
        elif role == "unit":
            self.unit = self.unit or meant.unit or _unit(text)
        elif led := led_unit(text):
            self.unit = self.unit or led
        elif role == "currency":
            self.currency = find_currency(text)
        elif role in ("modality", "label") and (said := _meter_said(text)):
            self.metered = merge(self.metered, said)
        elif len(modalities) > 1:
            pass  # what it takes in, not what is metered
        elif role == "modality" or (role == "label" and lexicon("modality").exactly(text)):
            self.modality = lexicon("modality").first(fold(text)) or slug(text)
        elif role in ("tier", "region", "size", "quality", "context"):
            self._condition(role, text, meant)
        elif meant.conditions and not _SIZES.search(fold(head)):
            self.conditions = {**meant.conditions, **self.conditions}
            if meant.other:
                self.spare.append((slug(head) or f"label-{column}", slug(text)[:60]))
        else:
            self.spare.append((slug(head) or f"label-{column}", slug(text)[:60]))

    def _condition(self, role: str, text: str, meant: Metered) -> None:
        """A condition's column; how much a product holds or takes is its property, not one."""
        value = meant.conditions.get(role, "")
        if role == "context":
            value = value or context_band(f"context {text}")
        elif role in ("tier", "quality"):
            value = value or lexicon(role).exactly(text) or slug(text)
        elif role == "region" or not (value or _MEASURED_SIZE.fullmatch(text)):
            value = value or slug(text)
        if value and not (role == "context" and parse_number(text) is not None):
            self.conditions[role] = value
        else:
            self.spare.append((role, slug(text)))


def _meter_said(text: str) -> Metered | None:
    """The meter that a label names and nothing else, but for an aside in brackets."""
    for words in (text, _BRACKETED.sub("", text)):
        if is_meter_only(words):
            return read_heading(words)
    return None


def _is_meter(text: str, frame: Frame, above: Label) -> bool:
    """A label that names what is metered of the product in the heading: `Image price`."""
    if is_meter_only(text):
        return True
    if not above.products or above.products[0] == "page":
        return False
    if is_unit_only(text) or is_more(text):
        return True
    if re.search(r"\d", text):
        return False
    return frame.metered or bool(read_heading(text).priced and not column_kind(frame.heads[0]))


def _unit(text: str) -> Unit | None:
    """A unit column's cell that is nothing but the unit: `GB-month`."""
    found = find_unit(f"per {text}")
    return found[0] if found else None


def _product(text: str, frame: Frame, group: str, above: Label, page: PageContext) -> _Said:
    """The product that a row names, or else its group, the table's corner, its surroundings."""
    if frame.title and is_price_only(text):
        named = read_label(frame.title, page.aliases, page.day)
        return _Said(named, Metered(priced=True), dict(named.conditions), [group, text])
    label = read_label(text, page.aliases, page.day)
    conditions = dict(label.conditions)
    measured = bool(label.products) and (frame.measured or is_measure(text))
    if label.products and not measured and not _is_meter(text, frame, above):
        said = _Said(label, NOTHING, conditions, [group, text])
        if frame.title:
            said.spare.append(("group", slug(frame.title)))
        if group:
            meant = read_heading(group)
            conditions.update({} if meant.other else meant.conditions)
            said.spare.append(("group", slug(group)))
    else:
        metered = read_heading(text) if label.products and not measured else NOTHING
        if measured:
            column = frame.roles.index("product") if "product" in frame.roles else 0
            conditions[slug(frame.heads[column]) or "size"] = slug(text)
        named = read_label(group, page.aliases, page.day) if group else Label((), ())
        if not named.products and frame.corner:
            named = read_label(frame.corner, page.aliases, page.day)
        named = named if named.products else above
        said = _Said(named, metered, {**conditions, **named.conditions}, [group, text])
    said.unit = unit_of_label(text)
    if label.variant:
        said.spare.append(("variant", label.variant))
    return said
