"""What each figure of the inventory is: a rate that a reader found in it, or by name another thing.

Whatever the readers made of a page, every figure ends in exactly one role. A figure of which no
reader made a rate, and whose words do not say what else it is (`remaining.py`), is not understood,
with the reason.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import chain

from ratewire.model import Figure, Rate, Role
from ratewire.read.drafts import Draft, Precedence
from ratewire.read.figures import Spot
from ratewire.read.page import PageContext
from ratewire.read.remaining import Remaining

__all__ = ["assign"]

Identity = tuple[str, ...]
Bearing = tuple[int, tuple[int, int]]
"""Block and cell."""


def assign(
    figures: Iterable[Figure], drafts: Sequence[Draft], rates: Sequence[Rate], page: PageContext
) -> tuple[Figure, ...]:
    """The figures with their roles, in the order of the page."""
    found = list(figures)
    claims = _claims(found, drafts, rates)
    rest = Remaining(page, found, claims, rates)
    return tuple(
        _with_role(each, tuple(claims[number]), number, rest) for number, each in enumerate(found)
    )


def _claims(
    figures: Sequence[Figure], drafts: Sequence[Draft], rates: Sequence[Rate]
) -> dict[int, dict[Identity, None]]:
    """By number of a figure the identities of the rates that were read from it."""
    free: dict[Bearing, list[int]] = defaultdict(list)
    for number, each in enumerate(figures):
        free[_bearing(each)].append(number)
    by_evidence = {(id(rate.evidence), rate.product): rate for rate in rates}
    by_name: dict[tuple[str, str], list[Rate]] = defaultdict(list)
    by_amount: dict[tuple[Decimal, str], Rate] = {}
    for rate in rates:
        by_name[rate.product, rate.meter].append(rate)
        by_amount.setdefault((rate.amount, rate.currency), rate)
    claims: dict[int, dict[Identity, None]] = defaultdict(dict)
    for draft in drafts:
        own = by_evidence.get((id(draft.evidence), draft.product))
        printed = own or _same(draft, by_name)
        if printed is None and draft.standing is Precedence.EMBEDDED:  # a copy of what is on screen
            printed = by_amount.get((draft.amount, draft.currency))
        if printed is None or draft.spot is None:
            continue
        free_here = free[draft.spot.block, draft.spot.cell]
        figure = _claimed(draft.spot, free_here, figures, claims)
        if figure is not None:
            claims[figure][printed.identity] = None
    return claims


def _bearing(figure: Figure) -> Bearing:
    place = figure.place
    return place.block, (place.row, place.column) if place.is_cell else (-1, -1)


def _same(draft: Draft, by_name: dict[tuple[str, str], list[Rate]]) -> Rate | None:
    """The rate that a draft repeats: another place that says the same price of the same thing."""
    mine = draft.rate()
    rates = by_name.get((draft.product, draft.meter), ())
    return next((rate for rate in rates if rate.same_price(mine)), None)


def _claimed(
    spot: Spot,
    numbers: Sequence[int],
    figures: Sequence[Figure],
    claims: dict[int, dict[Identity, None]],
) -> int | None:
    """The figure that a spot means: the same text, else the same digits; first one of which no
    rate was read yet, then one that names several products.
    """
    text = " ".join(spot.text.split())
    same = [n for n in numbers if figures[n].text == text]
    fresh = next((n for n in same if n not in claims), None)
    if fresh is not None:
        return fresh
    digits = _digits(text)
    alike = [n for n in numbers if digits and digits in _digits(figures[n].text)]
    left = (n for n in chain(same, alike) if n not in claims)
    return next(chain(left, same, alike), None)


@lru_cache(maxsize=2048)
def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit() or char in ".,")


def _with_role(figure: Figure, rates: tuple[Identity, ...], number: int, rest: Remaining) -> Figure:
    role, reason = (Role.RATE, "") if rates else rest.meaning(number)
    return Figure(figure.text, figure.place, figure.values, figure.shown, role, reason, rates)
