"""What a row offers for its price: the quantities in its other cells.

A price that says only how often it is paid (`$65`, `$65 per month`) is for what its row names: so
many gigabytes, so many requests. Other quantities for the same money are another price for each;
other quantities for other money are another offer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from ratewire.compare.places import Printed
from ratewire.compare.words import words
from ratewire.model import PERIODS, Quantity, Rate

__all__ = ["is_another_bundle", "is_another_offer", "moved_quantity", "offered_as"]

Contents = Mapping[str, tuple[Quantity, ...]]
"""By the words of a cell without its quantities these."""

_QUANTITY = re.compile(
    r"(?<![\w.,:/-])(\d[\d,]*(?:\.\d+)?)[ \u00a0]?"
    r"(K|M|B|(?:[KMGTP]i?)?B|bn|mn|thousand|million|billion)?(?![\w%/:-])",
    re.IGNORECASE,
)
_SIZES = frozenset(f"{prefix}{i}B" for prefix in "KMGTP" for i in ("", "i"))
_NO_QUANTITY = re.compile(r"[$€£¥₹%]|\b(?:19|20)\d\d[-./]\d|\b\d{1,2}[-./]\d{1,2}[-./]")
"""Money, shares and days: what a row says of a price, not what the price buys."""


def is_another_offer(rate: Rate, one: Printed, other: Printed) -> bool:
    """Whether its row offers other quantities now."""
    return _is_for_its_row(rate, one, other) and any(_moved(one, other))


def moved_quantity(rate: Rate, one: Printed, other: Printed) -> tuple[Quantity, Quantity] | None:
    """The quantity that a price buys, before and now, where it is another; None: it is the same,
    or the row has several, and none of them alone is what is priced.
    """
    if not _is_for_its_row(rate, one, other):
        return None
    if any(sum(map(len, contents(each).values())) != 1 for each in (one, other)):
        return None
    return next(_moved(one, other), None)


def is_another_bundle(rate: Rate, one: Printed, other: Printed) -> bool:
    """Whether a description in its row names other quantities now: `1 TB and 5M requests`."""
    if not _is_for_its_row(rate, one, other):
        return False
    return any(_moved(one, other, described=True))


def _is_for_its_row(rate: Rate, one: Printed, other: Printed) -> bool:
    """Whether the price has no unit of its own, but for how often it is paid."""
    return one.is_cell and other.is_cell and not set(rate.unit.things) - PERIODS - {"unit"}


def _moved(
    one: Printed, other: Printed, *, described: bool = False
) -> Iterator[tuple[Quantity, Quantity]]:
    old, new = contents(one, described=described), contents(other, described=described)
    for name in old:
        for was, now in zip(old[name], new.get(name, ()), strict=False):
            if not was.same(now):
                yield was, now


def offered_as(rate: Rate, one: Printed, other: Printed) -> Rate:
    """Another offer under its name and what is other about it: `storage=64 gb`."""
    old, new = contents(one), contents(other)
    moved = {
        "-".join(name.split()): " ".join(f"{each.amount:f} {each.of}".lower() for each in found)
        for name, found in new.items()
        if name in old and old[name] != found
    }
    return replace(rate, conditions=rate.conditions.with_(**moved))


def contents(figure: Printed, *, described: bool = False) -> Contents:
    """The quantities in the cells beside a figure; those of the first cell are its name.

    `described`: of its label cells alone.
    """
    place = figure.figure.place
    labels = tuple(filter(None, place.labels))
    headed = () if described else (cell for cell in place.beside if not cell.endswith(labels))
    found: dict[str, tuple[Quantity, ...]] = {}
    for cell in (*headed, *labels[1:]):
        if not _NO_QUANTITY.search(cell):
            name = " ".join(sorted(words(_QUANTITY.sub(" ", cell))))
            if name and (quantities := tuple(_quantities(cell))):
                found[name] = quantities
    return found


def _quantities(cell: str) -> Iterator[Quantity]:
    for match in _QUANTITY.finditer(cell):
        size = (match[2] or "").upper()
        of = f"{size[0]}i{size[2]}" if len(size) == 3 else size
        if of not in _SIZES:
            of = " ".join(f"{match[2] or ''} {cell[match.end() :]}".split())
        yield Quantity(Decimal(match[1].replace(",", "")), of)
