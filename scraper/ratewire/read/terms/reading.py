"""The terms of each rate, from the place of its figure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from ratewire.model import Bracket, Figure, Hours, Rate, Role, Sale, Terms
from ratewire.read.document import Table, Text
from ratewire.read.drafts import Draft
from ratewire.read.lexicon import fold, lexicon, slug
from ratewire.read.page import PageContext
from ratewire.read.quantities import find_amounts
from ratewire.read.statements import sentences
from ratewire.read.terms.billing import billed, billing_of
from ratewire.read.terms.brackets import (
    Bounds,
    bounds_of,
    find_bounds,
    graduation,
    is_of_use,
    with_start,
)
from ratewire.read.terms.hours import hours_of, may_tell_hours, peak_hours, when
from ratewire.read.terms.included import included_in
from ratewire.read.terms.least import is_about_use, least_of, step_of
from ratewire.read.terms.sales import off_between, off_in, sale_of

_MOST_CELLS = 40
"""Cells at the beginning of a row that may say of what use its prices are."""
__all__ = ["by_hours", "sentences_with_hours", "with_terms"]

_NOTE = 10
"""Words of a line under a price that says how it is paid."""
_FEW_TOKENS = 1000
"""A context of fewer is counted in something else."""
_FEW_WORDS = 4
_AROUND = 3
"""Blocks before and after a table that may speak of its prices."""
_LONGEST_NAME = 40
_NO_TERMS = Terms()
_Chain = tuple[object, ...]
"""Of what one bracket follows another: a column, a row, a sentence."""
_Spot = tuple[int, int, int]
"""Block, row and column."""


def by_hours(drafts: Iterable[Draft]) -> Iterator[Draft]:
    """Peak and off-peak are times, and no tiers of service."""
    for draft in drafts:
        tier = draft.conditions.get("tier", "")
        if when([("tier", tier)]):
            rest = {key: value for key, value in draft.conditions.items() if key != "tier"}
            yield replace(draft, conditions={**rest, "period": tier})
        else:
            yield draft


def with_terms(
    rates: Sequence[Rate], figures: Sequence[Figure], page: PageContext, hours: Iterable[str]
) -> tuple[Rate, ...]:
    """The rates with their terms; each by the first figure that prints it. `hours`: the sentences
    of the page that may tell a time of day.
    """
    reading = _Reading.of(figures, page, hours)
    by_name = {rate.identity: rate for rate in rates}
    terms: dict[tuple[str, ...], Terms] = {}
    for figure in figures:
        for name in figure.rates:
            if name in by_name and name not in terms:
                terms[name] = reading.terms(by_name[name], figure)
    return tuple(_termed(rate, terms.get(rate.identity, _NO_TERMS)) for rate in rates)


def _termed(rate: Rate, terms: Terms) -> Rate:
    return rate if terms == rate.terms else replace(rate, terms=terms)


def sentences_with_hours(page: PageContext) -> Iterator[str]:
    """Sentences of the page that may tell a time of day."""
    for block in page.document.blocks:
        if isinstance(block, Text) and may_tell_hours(block.text):
            yield from sentences(block.text)


@dataclass
class _Reading:
    """What the terms of one figure lean on beside its own words."""

    page: PageContext
    beside: Mapping[_Spot, Sequence[Figure]]
    """The figures of each cell and sentence."""
    hours: Mapping[str, Hours]
    """Of peak and off-peak, where the page tells them."""
    notes: dict[int, tuple[str, ...]] = field(default_factory=dict)
    """By block the sentences round it about how much is charged for."""
    names: dict[int, frozenset[str]] = field(default_factory=dict)
    """By block the labels of its rows."""
    last: dict[_Chain, Bracket] = field(default_factory=dict)
    """The bracket read last in a column, a row, a sentence."""

    @classmethod
    def of(cls, figures: Sequence[Figure], page: PageContext, hours: Iterable[str]) -> _Reading:
        beside: dict[_Spot, list[Figure]] = defaultdict(list)
        for figure in figures:
            beside[_spot(figure)].append(figure)
        return cls(page, beside, peak_hours(hours))

    def terms(self, rate: Rate, figure: Figure) -> Terms:
        before, after = _own(figure)
        place = figure.place
        heads = (*reversed(place.heads), *place.labels, place.group, *reversed(place.panes))
        around = (*filter(None, heads), *self._notes(figure), *place.headings[-1:])
        siblings = self.beside[_spot(figure)]
        least, most = _limits(figure, siblings)
        use = (after, before, *place.beside, *place.heads, *self._use_notes(rate, figure))
        return Terms(
            bracket=self._bracket(rate, figure, before, after),
            included=included_in(before, after),
            minimum=least,
            least=least_of(use),
            step=step_of(use),
            cap=most,
            billing=billing_of((after, before), around, rate.unit),
            sale=self._sale(rate, figure, siblings),
            hours=self._hours(rate, (*place.labels, *place.heads, place.words)),
        )

    def _sale(self, rate: Rate, figure: Figure, siblings: Sequence[Figure]) -> Sale | None:
        usual = [
            each.values[0] for each in siblings
            if each.role is Role.LIST_PRICE and len(each.values) == 1
        ]  # fmt: skip
        shares = [
            off_between(_own(each)[0], each.text, _own(each)[1])
            for each in siblings
            if "%" in each.text and not each.rates
        ]
        ends = rate.conditions.get("effective_to")
        own = next(filter(None, shares), None)
        noted = self._off_noted(figure) if ends and own is None else None
        return sale_of(rate.amount, usual, own or noted, ends)

    def _off_noted(self, figure: Figure) -> Decimal | None:
        """`All machines are 20% off until 30 June`, in the lines above a price."""
        blocks, at = self.page.document.blocks, figure.place.block
        above = [
            block.text for block in blocks[max(0, at - 2) : at]
            if isinstance(block, Text) and block.headings == blocks[at].headings
        ]  # fmt: skip
        return next(filter(None, map(off_in, above)), None)

    def _hours(self, rate: Rate, texts: Sequence[str]) -> Hours | None:
        own = next(filter(None, map(hours_of, texts)), None)
        return own or self.hours.get(when(rate.conditions))

    def _notes(self, figure: Figure) -> Iterator[str]:
        """Short lines beside a figure that stands in text: what is above it, what follows it."""
        place = figure.place
        blocks = self.page.document.blocks
        if place.near:
            yield place.near
        if place.is_cell:
            return
        here = blocks[place.block]
        for block in blocks[place.block + 1 : place.block + 3]:
            if not isinstance(block, Text) or block.headings != here.headings:
                return
            if find_amounts(block.text):
                return
            if len(block.text.split()) <= _NOTE and billed(block.text):
                yield block.text

    def _use_notes(self, rate: Rate, figure: Figure) -> tuple[str, ...]:
        """Sentences of its section about how much is charged for, unless another row's label
        stands in them.
        """
        at = figure.place.block
        if at not in self.notes:
            self.notes[at] = tuple(self._about_use(at))
        if not self.notes[at]:
            return ()
        own = {fold(label) for label in (rate.label, *figure.place.labels) if label}
        others = [name for name in self._row_names(at) if not any(name in each for each in own)]
        return tuple(
            note for note in self.notes[at]
            if not any(name in fold(note) for name in others) or any(o in fold(note) for o in own)
        )  # fmt: skip

    def _about_use(self, at: int) -> Iterator[str]:
        blocks = self.page.document.blocks
        for block in blocks[max(0, at - _AROUND) : at + _AROUND + 1]:
            if isinstance(block, Text) and block.headings == blocks[at].headings:
                yield from filter(is_about_use, sentences(block.text))

    def _row_names(self, at: int) -> frozenset[str]:
        if at not in self.names:
            table = self.page.document.blocks[at]
            rows = table.grid.rows if isinstance(table, Table) else ()
            lines = (fold(row[0].line) for row in rows)
            self.names[at] = frozenset(line for line in lines if 2 < len(line) <= _LONGEST_NAME)
        return self.names[at]

    # ── brackets ─────────────────────────────────────────────────────────────────────────────

    def _bracket(self, rate: Rate, figure: Figure, before: str, after: str) -> Bracket | None:
        place = figure.place
        found = self._bounds(rate, figure, before, after)
        if found is None:
            return None
        bounds, of, chain = found
        above = (place.near, *place.headings[-1:], *place.labels, *place.heads)
        bracket = with_start(bounds, self.last.get(chain), graduation(above))
        if bracket is None:
            return None
        self.last[chain] = bracket
        return bracket if bracket.of else replace(bracket, of=of)

    def _bounds(
        self, rate: Rate, figure: Figure, before: str, after: str
    ) -> tuple[Bounds, str, _Chain] | None:
        """The bounds, what they bound where they do not say it, and where the bracket before
        them was read.
        """
        place = figure.place
        if context := rate.conditions.get("context"):
            bounds = bounds_of(context)
            sure = bounds is not None and (bounds.end or bounds.start or 0) >= _FEW_TOKENS
            return (bounds, "token", (rate.product,)) if bounds and sure else None
        column: _Chain = (place.block, "column", place.column, rate.product, rate.meter)
        row: _Chain = (place.block, "row", place.row)
        labels = dict.fromkeys((*self._left_of(figure), *place.labels, place.group))
        texts = [(text, column) for text in labels]
        texts += [(text, row) for text in (*place.heads, *place.panes)]
        for text, chain in texts:
            bounds = bounds_of(text)
            if bounds is not None and is_of_use(bounds, rate.unit):
                return bounds, _counted(rate, text), chain
        if not place.is_cell and included_in(before, after) is None:
            return self._in_sentence(figure, before, after, row)
        return None

    def _left_of(self, figure: Figure) -> Iterator[str]:
        """The cells of its row before a figure, with their money; but for other prices."""
        place = figure.place
        table = self.page.document.blocks[place.block]
        if not place.is_cell or not isinstance(table, Table):
            return
        row = table.grid.rows[place.row]
        for column, cell in enumerate(row[: min(place.column, _MOST_CELLS)]):
            others = self.beside.get((place.block, place.row, column), ())
            if not any(other.rates for other in others):
                yield cell.line

    def _in_sentence(
        self, figure: Figure, before: str, after: str, chain: _Chain
    ) -> tuple[Bounds, str, _Chain] | None:
        """`$0.09 for the first 10 TB, $0.085 for the next 40 TB`, or the other way round."""
        parts = figure.place.words.split("#")
        leading = find_bounds(parts[0]) is not None
        bounds = find_bounds(before if leading else after)
        return None if bounds is None else (bounds, "", chain)


def _own(figure: Figure) -> tuple[str, str]:
    """The words before a figure, from the one before it on, and those after it."""
    parts = figure.place.words.split("#")
    at = min(figure.place.number, len(parts) - 1)
    return parts[at], parts[at + 1] if at + 1 < len(parts) else ""


def _spot(figure: Figure) -> _Spot:
    return figure.place.block, figure.place.row, figure.place.column


def _counted(rate: Rate, text: str) -> str:
    """What a bound without a unit counts: what its column is called."""
    value = slug(text)
    name = next((key for key, known in rate.conditions if known and known == value), "")
    words = name.replace("-", " ")
    return words if len(words.split()) <= _FEW_WORDS else ""


def _limits(figure: Figure, siblings: Sequence[Figure]) -> tuple[Decimal | None, Decimal | None]:
    """The least and the most that is charged: `2.9% (min. $0.50, max. $5)`."""
    least = most = None
    for other in siblings:
        if other is figure or other.rates or len(other.values) != 1 or "%" in other.text:
            continue
        words = fold(_own(other)[0]).rstrip(" :*_(")
        if other.place.words != figure.place.words or other.place.number < figure.place.number:
            continue
        if least is None and _ends_with(words, "least"):
            least = other.values[0]
        elif most is None and _ends_with(words, "most"):
            most = other.values[0]
    return least, most


def _ends_with(words: str, section: str) -> bool:
    return any(end == len(words) for *_, end in lexicon(section).find(words))
