"""Edits after which something about a price is another: what it costs, per what, in what, of what.

Each takes a source and yields the page after the edit, the prices that went and those that came;
where the same price holds for something else, it went and came.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from random import Random

from edit_source import MONEY, Price, Source, Table, amounts_in, numbers_in, plain

__all__ = ["NONE", "PRICES", "Made", "Moving", "changed_amount", "printed_once"]

Made = tuple[str, frozenset[Decimal], frozenset[Decimal]]
"""The text after, the prices that went, those that came."""
Moving = Callable[[Source, Random], Made | None]
"""None: the page has nothing to which the kind applies."""
NONE: frozenset[Decimal] = frozenset()
_UNITS = {
    "month": "quarter", "year": "month", "hour": "day", "minute": "hour", "second": "minute",
    "user": "team", "seat": "team", "GB": "TB", "image": "video", "request": "session",
    "1M": "1K", "1K": "1M", "million": "thousand", "mo": "day",
}  # fmt: skip
"""Unit to one that is surely another."""
_AFTER = re.compile(
    rf" ?(?:/|per ) ?(?P<unit>{'|'.join(sorted(_UNITS, key=len, reverse=True))})\b", re.IGNORECASE
)
_PERCENT = re.compile(r"(?<![\w.,$€£¥-])\d{1,2}(?:\.\d+)?(?= ?%)")
_BOUND = re.compile(r"^(?:first|next|up to|over|above|from|>|<|≤|≥|\d[\d,]*\s?[-–])", re.IGNORECASE)
_COUNT = re.compile(r"(?<![\w.,])\d[\d,]*(?![\w.,]*\d)")


def printed_once(source: Source) -> list[Price]:
    """Prices whose amount stands once on the page: what is told of it is told of them."""
    counts: dict[Decimal, int] = {}
    for price in source.prices:
        counts[price.amount(source.text)] = counts.get(price.amount(source.text), 0) + 1
    return [p for p in source.prices if counts[p.amount(source.text)] == 1]


def changed_amount(source: Source, price: Price, random: Random) -> str | None:
    """Another number for a price, which the page does not print; None: there is none."""
    text = source.text[price.start : price.end]
    at = max(n for n, char in enumerate(text) if char.isdigit())
    others = {each.amount(source.text) for each in source.prices} | {Decimal(0)}
    numbers = [text[:at] + str((int(text[at]) + n) % 10) + text[at + 1 :] for n in range(1, 10)]
    fresh = [n for n in numbers if Decimal(n.replace(",", "")) not in others]
    return random.choice(fresh) if fresh else None


def _two(apart: bool) -> Moving:
    """Two prices at once: of one line of the source, or with a hundred lines' room between."""

    def changed(source: Source, random: Random) -> Made | None:
        once = printed_once(source)
        pairs = [
            (one, other)
            for one, other in zip(once, once[1:] if not apart else reversed(once), strict=False)
            if one.start < other.start and (("\n\n" in source.text[one.end : other.start]) is apart)
        ]
        if not pairs:
            return None
        one, other = random.choice(pairs)
        first, second = (changed_amount(source, price, random) for price in (one, other))
        if first is None or second is None or first == second:
            return None
        after = source.replaced(other.start, other.end, second)
        after = Source(after, source.is_html).replaced(one.start, one.end, first)
        old = frozenset(price.amount(source.text) for price in (one, other))
        return after, old, frozenset(Decimal(n.replace(",", "")) for n in (first, second))

    return changed


def _unit(source: Source, random: Random) -> Made | None:
    """`$5 per month` that became `$5 per quarter`."""
    found = [
        (price, match)
        for price in printed_once(source)
        if (match := _AFTER.match(source.text, price.end))
        and all(source.seen[match.start() : match.end()])
    ]
    if not found:
        return None
    price, match = random.choice(found)
    unit = _UNITS.get(match["unit"]) or _UNITS.get(match["unit"].lower())
    if unit is None:
        return None
    same = frozenset({price.amount(source.text)})
    return source.replaced(*match.span("unit"), unit), same, same


def _currency(source: Source, random: Random) -> Made | None:
    signed = [p for p in printed_once(source) if source.text[p.start - 1] in "$€£"]
    if not signed:
        return None
    price = random.choice(signed)
    at = price.start - 1
    named = plain(source.text[price.end : price.end + 80])[:3]
    if source.text[at - 1 : at].isalpha() or (len(named) == 3 and named.isupper()):
        return None  # `US$5`, `$5 USD`
    same = frozenset({price.amount(source.text)})
    return source.replaced(at, at + 1, "€" if source.text[at] != "€" else "£"), same, same


def _words_for_price(words: str) -> Moving:
    """A cell that is a price says something else."""

    def changed(source: Source, random: Random) -> Made | None:
        once = {price.amount(source.text) for price in printed_once(source)}
        cells = [
            (table, row, column, cell)
            for table in source.tables
            for row in table.body
            for column, cell in enumerate(row)
            if column and MONEY.fullmatch(table.words(cell)) and amounts_in(cell) <= once
        ]
        if not cells:
            return None
        table, row, column, cell = random.choice(cells)
        new = [*row[:column], table.filled(cell, words), *row[column + 1 :]]
        rows = [new if each is row else each for each in table.rows]
        text = source.replaced(table.start, table.end, table.render(rows))
        return text, amounts_in(table.inner(cell)), NONE

    return changed


def _row_relabelled(source: Source, random: Random) -> Made | None:
    """A row with prices gets the name of something else."""
    return _with_label(source, random, lambda label: "Ptarmigan Nine", _is_name)


def _is_name(label: str) -> bool:
    return label[:1].isalpha() and label.lower() != "free"  # which is a figure


def _bound(source: Source, random: Random) -> Made | None:
    """The end of a bracket that names a row."""

    def moved(label: str) -> str:
        *_, last = _COUNT.finditer(label)
        return label[: last.start()] + str(int(last[0].replace(",", "")) * 3) + label[last.end() :]

    return _with_label(
        source, random, moved, lambda label: bool(_BOUND.match(label) and _COUNT.search(label))
    )


def _with_label(
    source: Source,
    random: Random,
    change: Callable[[str], str],
    applies: Callable[[str], bool],
) -> Made | None:
    rows = [
        (table, row)
        for table in source.tables
        for row in table.body
        if (label := table.words(row[0]))
        and [table.words(each[0]) for each in table.body].count(label) == 1
        and not amounts_in(label)
        and applies(label)
        and any(map(table.priced, row[1:]))
    ]
    if not rows:
        return None
    table, row = random.choice(rows)
    new = [table.filled(row[0], change(table.words(row[0]))), *row[1:]]
    text = table.render([new if each is row else each for each in table.rows])
    same = _priced(table, row)
    return source.replaced(table.start, table.end, text), same, same


def _priced(table: Table, row: tuple[str, ...]) -> frozenset[Decimal]:
    return frozenset().union(*(numbers_in(table.inner(cell)) for cell in row[1:]))


def _percent(source: Source, random: Random) -> Made | None:
    """A share that stands once on the page."""
    found = [m for m in _PERCENT.finditer(source.text) if all(source.seen[m.start() : m.end() + 1])]
    once = [m for m in found if sum(m[0] == other[0] for other in found) == 1]
    if not once:
        return None
    match = random.choice(once)
    new = str(Decimal(match[0]) + Decimal("0.3"))
    if any(other[0] == new for other in found):
        return None
    text = source.replaced(match.start(), match.end(), new)
    return text, frozenset({Decimal(match[0])}), frozenset({Decimal(new)})


PRICES: Mapping[str, Moving] = {
    "two amounts near": _two(apart=False),
    "two amounts apart": _two(apart=True),
    "unit": _unit,
    "currency": _currency,
    "price on request": _words_for_price("Contact us"),
    "price now free": _words_for_price("Free"),
    "row relabelled": _row_relabelled,
    "bracket bound": _bound,
    "percentage": _percent,
}
