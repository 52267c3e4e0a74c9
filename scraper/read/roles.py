"""What each figure of the inventory is: a rate that a reader found in it, or by name another thing.

Whatever the readers made of a page, every figure ends in exactly one role. A figure of which no
reader made a rate, and whose words do not say what else it is, is not understood, with the reason.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain

from scraper.model import Figure, Rate, Role, Shown
from scraper.read.drafts import Draft
from scraper.read.figures import Spot, Spotted
from scraper.read.lexicon import fold, lexicon
from scraper.read.other_money import other_meaning
from scraper.read.page import section_is_no_price_list
from scraper.read.quantities import find_amounts

__all__ = ["assign"]

Identity = tuple[str, ...]
Bearing = tuple[int, tuple[int, int]]
"""Block and cell."""


def assign(
    spotted: Iterable[Spotted], drafts: Sequence[Draft], rates: Sequence[Rate]
) -> tuple[Figure, ...]:
    """The figures with their roles, in the order of the page."""
    found = list(spotted)
    claims = _claims(found, drafts, rates)
    priced = _first_prices(found, claims)
    return tuple(
        _with_role(each, tuple(claims[number]), priced.get(_row(each), 0))
        for number, each in enumerate(found)
    )


def _row(each: Spotted) -> tuple[int, int]:
    return each.figure.place.block, each.figure.place.row


def _first_prices(
    spotted: Sequence[Spotted], claims: dict[int, dict[Identity, None]]
) -> dict[tuple[int, int], int]:
    """By row of a table the first column that holds a rate."""
    first: dict[tuple[int, int], int] = {}
    for number in [number for number, names in claims.items() if names]:
        each = spotted[number]
        column = each.figure.place.column
        first[_row(each)] = min(column, first.get(_row(each), column))
    return first


def _claims(
    spotted: Sequence[Spotted], drafts: Sequence[Draft], rates: Sequence[Rate]
) -> dict[int, dict[Identity, None]]:
    """By number of a figure the identities of the rates that were read from it."""
    free: dict[Bearing, list[int]] = defaultdict(list)
    for number, each in enumerate(spotted):
        free[each.spot.block, each.spot.cell].append(number)
    by_evidence = {(id(rate.evidence), rate.product): rate for rate in rates}
    by_name: dict[tuple[str, str], list[Rate]] = defaultdict(list)
    for rate in rates:
        by_name[rate.product, rate.meter].append(rate)
    claims: dict[int, dict[Identity, None]] = defaultdict(dict)
    for draft in drafts:
        own = by_evidence.get((id(draft.evidence), draft.product))
        printed = own or _same(draft, by_name)
        if printed is None or draft.spot is None:
            continue
        free_here = free[draft.spot.block, draft.spot.cell]
        figure = _claimed(draft.spot, free_here, spotted, claims)
        if figure is not None:
            claims[figure][printed.identity] = None
    return claims


def _same(draft: Draft, by_name: dict[tuple[str, str], list[Rate]]) -> Rate | None:
    """The rate that a draft repeats: another place that says the same price of the same thing."""
    mine = draft.rate()
    rates = by_name.get((draft.product, draft.meter), ())
    return next((rate for rate in rates if rate.same_price(mine)), None)


def _claimed(
    spot: Spot,
    numbers: Sequence[int],
    spotted: Sequence[Spotted],
    claims: dict[int, dict[Identity, None]],
) -> int | None:
    """The figure that a spot means: the same text, else the same digits; first one of which no
    rate was read yet, then one that names several products.
    """
    text = " ".join(spot.text.split())
    same = [n for n in numbers if spotted[n].spot.text == text]
    fresh = next((n for n in same if n not in claims), None)
    if fresh is not None:
        return fresh
    digits = _digits(text)
    alike = [n for n in numbers if digits and digits in _digits(spotted[n].spot.text)]
    left = (n for n in chain(same, alike) if n not in claims)
    return next(chain(left, same, alike), None)


@lru_cache(maxsize=2048)
def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit() or char in ".,")


def _with_role(each: Spotted, rates: tuple[Identity, ...], first_price: int) -> Figure:
    """`first_price`: the first column of its row that holds a rate; 0: none does."""
    figure = each.figure
    role, reason = (Role.RATE, "") if rates else _without_rate(figure)
    if role is Role.UNREAD and 0 <= figure.place.column < first_price:
        role, reason = Role.BOUND, "it stands before the prices of its row: what they hold for"
    return Figure(figure.text, figure.place, figure.values, figure.shown, role, reason, rates)


def _without_rate(figure: Figure) -> tuple[Role, str]:
    if figure.role is Role.LIST_PRICE:
        return figure.role, "it is struck out, or named as an old price"
    if figure.role is Role.QUANTITY:
        return figure.role, "a number in a column that does not speak of money"
    return _other(figure)


_ROLES = {
    "bound": (Role.BOUND, "the words before it make it a threshold"),
    "section": (Role.EXAMPLE, "the heading says that this is no price list"),
}

_MEANINGS = {
    "example": Role.EXAMPLE, "sum": Role.TOTAL, "total": Role.TOTAL, "statistic": Role.STATISTIC,
    "funding": Role.STATISTIC, "estimate": Role.EXAMPLE, "promotion": Role.CREDIT,
    "credit": Role.CREDIT, "allowance": Role.CREDIT, "deposit": Role.CREDIT,
    "balance": Role.CREDIT, "saving": Role.SAVING, "old": Role.LIST_PRICE,
    "elsewhere": Role.COMPETITOR, "threshold": Role.BOUND, "spending": Role.LIMIT,
    "limit": Role.LIMIT, "liability": Role.LIMIT,
}  # fmt: skip
_SPOKEN = {"sum": "a sum worked out", "old": "an old price", "elsewhere": "other offers"}


@lru_cache(maxsize=2048)
def _is_bound(words: str) -> bool:
    before = fold(words)
    return any(end == len(before) for *_, end in lexicon("not_a_rate", "before").find(before))


def _other(figure: Figure) -> tuple[Role, str]:
    """What a figure is that no reader took for a rate, by the words round it."""
    place = figure.place
    if figure.text.endswith(("%", "％")):
        return Role.SAVING, "a percentage that no reader took for a fee"
    if _is_bound(place.words.split("#")[min(place.number, place.words.count("#"))]):
        return _ROLES["bound"]
    if section_is_no_price_list(place.headings):
        return _ROLES["section"]
    if meaning := other_meaning(place.words):
        return _MEANINGS[meaning], f"the words round it speak of {_SPOKEN.get(meaning, meaning)}"
    if figure.shown is not Shown.VISIBLE:
        return Role.UNREAD, "it is not on screen, and no reader took it for a rate"
    amounts = find_amounts(figure.line)
    if amounts and not any(amount.unit for amount in amounts) and not place.is_cell:
        return Role.UNREAD, "no words say what it is the price of, or per what"
    return Role.UNREAD, "no reader took it for a rate"
