"""What a figure is that no reader took for a rate: by its table, its row, and the words round it.

None of this makes a rate. A figure whose words do not say what it is stays not understood.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, lru_cache

from ratewire.model import PERIODS, Figure, Place, Rate, Role, Unit
from ratewire.read.columns import is_threshold
from ratewire.read.document import Table, Text
from ratewire.read.lexicon import fold, has_any, lexicon
from ratewire.read.other_money import other_meaning, other_money
from ratewire.read.page import PageContext, section_is_no_price_list
from ratewire.read.quantities import Amount, find_amounts, find_currency, read_cell
from ratewire.read.rivals import rivals
from ratewire.read.surroundings import is_example, is_of_example
from ratewire.read.unread import counts_things, why_unread
from ratewire.read.voids import names_credit

__all__ = ["Remaining"]

Identity = tuple[str, ...]
Meaning = tuple[Role, str]

_MEANINGS = {
    "example": Role.EXAMPLE, "sum": Role.TOTAL, "total": Role.TOTAL, "statistic": Role.STATISTIC,
    "funding": Role.STATISTIC, "estimate": Role.EXAMPLE, "promotion": Role.CREDIT,
    "credit": Role.CREDIT, "allowance": Role.CREDIT, "deposit": Role.CREDIT,
    "balance": Role.CREDIT, "saving": Role.SAVING, "old": Role.LIST_PRICE,
    "elsewhere": Role.COMPETITOR, "threshold": Role.BOUND, "spending": Role.LIMIT,
    "limit": Role.LIMIT, "liability": Role.LIMIT, "minimum": Role.LIMIT,
    "turnover": Role.BOUND,
}  # fmt: skip
_SPOKEN = {
    "sum": "a sum worked out", "total": "a sum worked out", "example": "what is worked out",
    "old": "an old price", "elsewhere": "other offers", "minimum": "the least that is paid",
    "turnover": "a sum of sales", "saving": "a saving", "limit": "a limit",
}  # fmt: skip
_COMPARED = re.compile(r"(?:[<>≤≥]=?|>=|<=|≧|≦)\s*$")
"""`payouts ≥ $1,000`: a bound, unless it says from where a price starts."""
_RECKONED = re.compile(r"#[^#=×*]{0,24}[×*]|[×*]\s*#|[×*][^#=]{0,24}=|=\s*#")
"""A line that multiplies, figures masked."""
_DIMENSIONS = re.compile(r"(?<![\d.,])\d{2,5}\s?×\s?\d{2,5}(?![\d.,])")
"""`1024×1024` is a size, and multiplies nothing."""
_IN_BRACKETS = re.compile(r"\s?\)")
"""`300 credits ($0.30)`: what the credits cost."""
_NEAR = Decimal("0.09")
"""Months have 28 to 31 days: a price said again in another period differs by so much."""
_NEIGHBOURS = 40
"""Figures of a line on either side of one whose words can say what it is."""
_NEAR_BY = 300
"""Characters of a line on either side of a figure that can say what it is."""
_PER_YEAR = {
    "second": Decimal(31_536_000), "minute": Decimal(525_600), "hour": Decimal(8_760),
    "day": Decimal(365), "week": Decimal(52), "month": Decimal(12), "year": Decimal(1),
}  # fmt: skip


@dataclass
class Remaining:
    """The figures of one page of which no rate was read, beside the rates that were."""

    page: PageContext
    figures: Sequence[Figure]
    claims: Mapping[int, Iterable[Identity]]
    """By number of a figure the identities of its rates."""
    rates: Sequence[Rate]
    _tables: dict[int, tuple[bool, frozenset[str]]] = field(default_factory=dict)
    _lines: dict[str, list[str]] = field(default_factory=dict)

    def meaning(self, number: int) -> Meaning:
        """The role of a figure without a rate, and the reason."""
        figure = self.figures[number]
        if figure.role is Role.LIST_PRICE:
            return figure.role, "it is struck out, or named as an old price"
        if figure.role is Role.QUANTITY:
            return figure.role, "a number in a column that does not speak of money"
        if figure.text.endswith(("%", "％")):
            return Role.SAVING, "a percentage that no reader took for a fee"
        found = self._by_words(figure) or self._by_table(figure) or self._beside(figure)
        return found or (Role.UNREAD, why_unread(figure))

    def _by_words(self, figure: Figure) -> Meaning | None:
        place = figure.place
        parts, at = self._near(figure)
        words, before = "#".join(parts), parts[min(at, len(parts) - 1)]
        after = parts[at + 1] if at + 1 < len(parts) else ""
        if _is_bound(before) or _COMPARED.search(before):
            return Role.BOUND, "the words before it make it a threshold"
        if section_is_no_price_list(place.headings):
            return Role.EXAMPLE, "the heading says that this is no price list"
        if _RECKONED.search(_DIMENSIONS.sub("", words)):
            return Role.TOTAL, "the line works a sum out"
        if meaning := other_meaning(words) or _meaning_of(figure) or _remark(before, after):
            reason = f"the words round it speak of {_SPOKEN.get(meaning, meaning)}"
            if meaning == "credit" and _IN_BRACKETS.match(after) and _is_priced(place):
                return Role.UNREAD, f"its column is of prices, and {reason}"
            return _MEANINGS[meaning], reason
        amount = None if place.is_cell else _amount_of(figure)
        if amount and amount.qualifier == "about":
            return Role.EXAMPLE, "it is said to be about so much"
        return None

    def _near(self, figure: Figure) -> tuple[Sequence[str], int]:
        """The words before, between and after the figures of its line, of a long line those near
        it, and the number of those before it.
        """
        words, number = figure.place.words, figure.place.number
        if words not in self._lines:
            self._lines[words] = words.split("#")
        first = max(0, number - _NEIGHBOURS)
        return self._lines[words][first : number + _NEIGHBOURS] or [""], number - first

    # ── in a table ──

    def _by_table(self, figure: Figure) -> Meaning | None:
        place = figure.place
        if not place.is_cell:
            block = self.page.document.blocks[place.block]
            item = isinstance(block, Text) and block.kind == "li"
            if item and is_of_example(place.block, self.page):
                return Role.EXAMPLE, "the words above the list say that it works something out"
            return None
        works_out, others = self._table(place.block)
        if works_out:
            return Role.EXAMPLE, "the words above the table say that it works something out"
        if others.intersection((*place.heads, *place.labels)):
            return Role.COMPETITOR, "its row or column is another company's"
        if any(map(is_threshold, place.heads)):
            return Role.BOUND, "its column is of sums that decide a price"
        for words in (*reversed(place.heads), *place.labels):
            if meaning := _of_label(words):
                spoken = _SPOKEN.get(meaning, meaning)
                return _MEANINGS[meaning], f"its row or column is of {spoken}"
        first = self._first_price.get((place.block, place.row), 0)
        if place.column < first:
            return Role.BOUND, "it stands before the prices of its row: what they hold for"
        if _is_number(figure) and counts_things(place.words):
            return Role.QUANTITY, "a number of things, and no money"
        if _is_free(figure) and place.column == 0:
            return Role.QUANTITY, "it names its row"
        least = lexicon("prose", "least")
        if any(least.search(fold(words)) for words in (*place.heads, *place.labels)):
            return Role.LIMIT, "its row or column is of the least that is paid"
        if any(names_credit(fold(words)) for words in (*place.heads, *place.labels)):
            if _is_number(figure):
                return Role.QUANTITY, "a number of credits"
            return Role.CREDIT, "its row or column is of credits"
        if _is_number(figure) and (_paces(place.heads) or self._is_count(figure, first)):
            return Role.QUANTITY, "a number in a row or a column that does not speak of money"
        return None

    def _table(self, at: int) -> tuple[bool, frozenset[str]]:
        """Whether a table works something out, and its heads and labels of other companies."""
        if at not in self._tables:
            table = self.page.document.blocks[at]
            assert isinstance(table, Table)
            rows = table.grid.rows
            heads = [cell.line for row in rows[: table.grid.head_rows or 1] for cell in row]
            named = (heads, [row[0].line for row in rows])
            others = (rivals(names, self.page.own, self.page.compared) for names in named)
            self._tables[at] = is_example(at, self.page), frozenset[str]().union(*others)
        return self._tables[at]

    @cached_property
    def _first_price(self) -> Mapping[tuple[int, int], int]:
        """By row of a table the first column that holds a rate."""
        first: dict[tuple[int, int], int] = {}
        for number in self._priced:
            place = self.figures[number].place
            key = place.block, place.row
            first[key] = min(place.column, first.get(key, place.column))
        return first

    def _is_count(self, figure: Figure, first: int) -> bool:
        """A bare number in the row of a price under a head that does not speak of money, or in a
        row whose label does not, of a table whose other rows hold prices.
        """
        place = figure.place
        if _speaks_of_money(" ".join(place.heads)):
            return False
        if first:
            return True
        return place.block in self._priced_blocks and not _speaks_of_money(" ".join(place.labels))

    @cached_property
    def _priced(self) -> tuple[int, ...]:
        return tuple(number for number, names in self.claims.items() if names)

    @cached_property
    def _priced_blocks(self) -> frozenset[int]:
        return frozenset(self.figures[number].place.block for number in self._priced)

    # ── beside a price ──

    def _beside(self, figure: Figure) -> Meaning | None:
        """A price once more, or a number that belongs to the price in its cell."""
        place = figure.place
        here = self._rates_at.get((place.block, place.row, place.column), ())
        if _is_number(figure):
            if here:
                return Role.BOUND, "a number beside the price of its line"
            return None
        amount = _amount_of(figure)
        if amount is None or amount.currency == "":
            return None
        if any(_restates(rate, amount) for rate in here):
            return Role.REPEATED, "the price beside it once more, in another unit"
        if any(_is_said_again(rate, amount) for rate in self._by_amount.get(amount.value, ())):
            return Role.REPEATED, "the page prints this price elsewhere, with what it is for"
        return None

    @cached_property
    def _rates_at(self) -> Mapping[tuple[int, int, int], Sequence[Rate]]:
        named = {rate.identity: rate for rate in self.rates}
        found: dict[tuple[int, int, int], list[Rate]] = defaultdict(list)
        for number in self._priced:
            place = self.figures[number].place
            known = (named[name] for name in self.claims[number] if name in named)
            found[place.block, place.row, place.column] += known
        return found

    @cached_property
    def _by_amount(self) -> Mapping[Decimal, Sequence[Rate]]:
        found: dict[Decimal, list[Rate]] = defaultdict(list)
        for rate in self.rates:
            if rate.amount:
                found[rate.amount].append(rate)
        return found


def _is_priced(place: Place) -> bool:
    return place.is_cell and any(map(_speaks_of_money, place.heads))


def _paces(heads: Iterable[str]) -> bool:
    """Whether a heading says how much is let through in a time: `Requests/min`."""
    return any(lexicon("limit").search(fold(head)) for head in heads)


def _meaning_of(figure: Figure) -> str:
    """What the amount itself is said to be, in its line."""
    line = _line(figure)
    amount = _amount_of(figure)
    amounts = find_amounts(line) if amount else ()
    return other_money(line, amounts)[amounts.index(amount)] if amount in amounts else ""


def _line(figure: Figure) -> str:
    """Its line, of a long one as much as is near the figure."""
    line = figure.line
    if len(line) <= 2 * _NEAR_BY:
        return line
    before = "#".join(figure.place.words.split("#")[: figure.place.number + 1])
    return line[max(0, len(before) - _NEAR_BY) : len(before) + _NEAR_BY]


def _remark(before: str, after: str) -> str:
    """What a word between the figure and its neighbours makes of it: another company's price, the
    least that is paid.
    """
    if lexicon("not_a_rate", "compares").search(fold(before)):
        return "elsewhere"
    least = lexicon("prose", "least")
    return "minimum" if least.search(fold(before)) or least.match(fold(after)) else ""


def _is_number(figure: Figure) -> bool:
    """Digits alone, without a sign of money."""
    return not find_currency(figure.text) and any(map(str.isdigit, figure.text))


def _is_free(figure: Figure) -> bool:
    return read_cell(figure.text).kind == "free"


def _amount_of(figure: Figure) -> Amount | None:
    """The amount that a figure is, with the unit that its line gives it."""
    found = find_amounts(_line(figure))
    return next((a for a in found if " ".join(a.text.split()) == figure.text), None)


def _is_said_again(rate: Rate, amount: Amount) -> bool:
    same = amount.ambiguous or rate.currency == amount.currency
    return same and (amount.unit is None or amount.unit == rate.unit)


def _restates(rate: Rate, amount: Amount) -> bool:
    """Nearly the same price per another unit: `$10 per month ($0.014 per hour)`."""
    if amount.unit is None or not rate.amount or not amount.value:
        return False
    (mine, often), (its, other) = _without_period(rate.unit), _without_period(amount.unit)
    factor = mine.factor_to(its)
    if factor is None:
        return False
    per_year = rate.amount * often * factor[0] / factor[1]
    return abs(amount.value * other / per_year - 1) <= _NEAR


def _without_period(unit: Unit) -> tuple[Unit, Decimal]:
    """The unit without its period, and how often that comes in a year."""
    period = next((thing for thing in unit.things if thing in PERIODS), "")
    things = [thing for thing in unit.things if thing not in PERIODS]
    return Unit.of(*(things or ["unit"]), count=unit.count), _PER_YEAR.get(period, Decimal(1))


@lru_cache(maxsize=2048)
def _of_label(words: str) -> str:
    """What the money is under a head or in a row that says that it is no rate; empty: not said."""
    return lexicon("no_rate_of").first(lexicon("price", "sale").sub(" ", fold(words)))


@lru_cache(maxsize=2048)
def _is_bound(words: str) -> bool:
    before = fold(words)
    return any(end == len(before) for *_, end in lexicon("not_a_rate", "before").find(before))


def _speaks_of_money(text: str) -> bool:
    return has_any(text, "price", "words") or bool(find_currency(text))
