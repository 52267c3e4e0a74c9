"""What prices of a table are for, where the text near it says the same price with its unit: over a
column `Per month` the sentence `storage from $0.10 per GB per month`, under `$0.0006 (image)*` the
footnote `* An image is 560 tokens or $0.0011 per image`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from ratewire.model import PERIODS, Unit
from ratewire.read.document import Cell, Table
from ratewire.read.footnotes import notes_below
from ratewire.read.lexicon import fold
from ratewire.read.page import PageContext
from ratewire.read.quantities import Amount, find_amounts

__all__ = ["Said", "said_near"]

_NOTES = 4
"""Texts of a section that are about its table."""
_ROWS = 400


@dataclass(frozen=True, slots=True)
class Said:
    """What the text near one table says of its prices."""

    things: tuple[str, ...] = ()
    """What all prices of the table are for that name a period alone."""
    noted: Mapping[str, Unit] = field(default_factory=dict)
    """Of a word what a footnote says a price is for that stands beside it."""

    def completed(self, unit: Unit) -> Unit:
        """An hour's price is for a GB and an hour."""
        if not self.things or not PERIODS.issuperset(unit.things):
            return unit
        return Unit.of(*self.things, *unit.things, count=unit.count)

    def of_note(self, cell: Cell, words: str) -> Unit | None:
        """The unit of a price with these words beside it, in a cell with a footnote."""
        return self.noted.get(fold(words)) if cell.refs and self.noted else None


_NOTHING = Said()


def said_near(at: int, table: Table, page: PageContext) -> Said:
    """What the texts of the section and the footnotes say of the table at block `at`."""
    things = _things(at, table, page)
    marked = any(cell.refs for row in table.grid.rows for cell in row)
    noted = dict(_noted(at, page)) if marked else {}
    return Said(things, noted) if things or noted else _NOTHING


def _things(at: int, table: Table, page: PageContext) -> tuple[str, ...]:
    told = [a for note in islice(page.notes(at), _NOTES) for a in find_amounts(note) if a.unit]
    if not any(map(_is_full, told)):
        return ()
    printed = {(amount.value, amount.currency) for amount in _amounts(table)}
    fuller = {_without_period(a.unit) for a in told if (a.value, a.currency) in printed and a.unit}
    things = fuller.pop() if len(fuller) == 1 else ()
    return () if _counts(table, things) else things


def _counts(table: Table, things: Sequence[str]) -> bool:
    """Whether a column or a row says how many of the things its prices are for."""
    rows = table.grid.rows
    heads = (cell for row in rows[: max(table.grid.head_rows, 1)] for cell in row)
    labels = " ".join(cell.line for cell in (*heads, *(row[0] for row in rows[:_ROWS])))
    return any(fold(thing) in fold(labels) for thing in things)


def _is_full(amount: Amount) -> bool:
    """A price for a thing and a period: `per GB per month`."""
    things = set(amount.unit.things) if amount.unit else set[str]()
    return bool(things & PERIODS and things - PERIODS)


def _without_period(unit: Unit) -> tuple[str, ...]:
    return tuple(thing for thing in unit.things if thing not in PERIODS)


def _amounts(table: Table) -> Iterator[Amount]:
    for row in table.grid.rows[:_ROWS]:
        for cell in row:
            yield from find_amounts(cell.text)


def _noted(at: int, page: PageContext) -> Iterator[tuple[str, Unit]]:
    for note in notes_below(at, page):
        for amount in find_amounts(note):
            if amount.unit and amount.unit.count == 1 and len(amount.unit.things) == 1:
                yield amount.unit.things[0], amount.unit
