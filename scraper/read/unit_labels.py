"""Units that a row's labels state: `per 1 GB`, `Storage (per GB)`, `Additional 10 GB`."""

from __future__ import annotations

import re
from functools import lru_cache

from scraper.model import PERIODS, Unit
from scraper.read.numerals import fold
from scraper.read.quantities import find_amounts
from scraper.read.units import counted_unit, find_unit, is_known
from scraper.read.vocabulary import vocabulary

__all__ = ["joint_unit", "led_unit", "unit_of_label", "unit_of_more"]

_JOINTS = re.compile(r"[-_:·]")
_ENDS = re.compile(r"\W*$")
_REMEMBERED = 2048


@lru_cache(_REMEMBERED)
def led_unit(text: str) -> Unit | None:
    """The unit that is all a cell says: `per 1 GB`, `/ request`, `je 1.000 Anfragen`."""
    found = find_unit(text)
    if found is None or not vocabulary().per.match(fold(text)):
        return None
    return None if re.search(r"\w", text.replace(found[1], " ", 1)) else found[0]


@lru_cache(_REMEMBERED)
def unit_of_label(text: str) -> Unit | None:
    """What a product's own label says that it is sold by: `Support per hour`, `Storage (per GB)`,
    `Additional 10 GB`.
    """
    if find_amounts(text):
        return None
    found = find_unit(text)
    if found and not _is_a_pace(*found) and vocabulary().per.match(fold(found[1])):
        after = text.partition(found[1])[2]
        return found[0] if is_known(found[0]) and _ENDS.match(after) else None
    return unit_of_more(text)


def _is_a_pace(unit: Unit, words: str) -> bool:
    """`First 10 TB / Month` counts what is used in a month."""
    return words.startswith("/") and PERIODS.issuperset(unit.things)


def unit_of_more(text: str) -> Unit | None:
    """What there is more of: `Additional user`, `Overage 1TB`, `Extra 1,000 requests`."""
    words = vocabulary()
    folded = _JOINTS.sub(" ", fold(text))
    more = words.more.search(folded)
    found = counted_unit(folded, more.end()) if more else None
    if found is None or not _ENDS.match(folded, found[1]):
        return None
    return found[0]


def joint_unit(unit: Unit, other: Unit | None) -> Unit:
    """Of a thing and a period that are said in two places, both: `vCPU` under `Per month`."""
    if other is None or not unit.things or not other.things:
        return unit
    timely, otherwise = (PERIODS.issuperset(each.things) for each in (unit, other))
    if timely == otherwise or PERIODS.intersection((other if timely else unit).things):
        return unit
    return Unit.of(*unit.things, *other.things, count=unit.count * other.count)
