"""Units that a row's labels state: `per 1 GB`, `Storage (per GB)`, `Additional 10 GB`."""

from __future__ import annotations

import re
from functools import lru_cache

from ratewire.model import PERIODS, Unit
from ratewire.read.numerals import plain_characters
from ratewire.read.quantities import find_amounts
from ratewire.read.unit_texts import find_unit
from ratewire.read.units import count_at, counted_unit, is_known, unit_after
from ratewire.read.vocabulary import key, vocabulary

__all__ = ["is_more", "led_unit", "says_more", "unit_of_label"]

_JOINTS = re.compile(r"[-_:·]")
_ENDS = re.compile(r"\W*$")
_BRACKETS = re.compile(r"[(（]([^()（）]{2,30})[)）]\s*$")
_REMEMBERED = 2048


@lru_cache(_REMEMBERED)
def led_unit(text: str) -> Unit | None:
    """The unit that is all a cell says: `per 1 GB`, `/ request`, `je 1.000 Anfragen`."""
    found = find_unit(text)
    if found is None or not vocabulary().per.match(plain_characters(text)):
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
    if found and not _is_a_pace(*found) and vocabulary().per.match(plain_characters(found[1])):
        after = text.partition(found[1])[2]
        if found[0].things == ("unit",) and found[1].startswith(("/", "Pro")):
            return None  # `Orlo Pro 1.1`, `Orlo Pro (1K/2K)`
        return found[0] if is_known(found[0]) and _ENDS.match(after) else None
    return _unit_in_brackets(text) or _unit_of_more(text)


def _unit_in_brackets(text: str) -> Unit | None:
    """`Advice (za godzinę)`, whose `za` alone would mean many things."""
    inside = _BRACKETS.search(text)
    found = unit_after(inside[1], 0, priced=True) if inside else None
    return found[0] if inside and found and found[1] == len(inside[1]) else None


def says_more(text: str) -> bool:
    """`$0.80 per additional 1,000 messages`: what so much is for goes beyond something."""
    return not vocabulary().more_alone.isdisjoint(key(text).split())


def is_more(text: str) -> bool:
    """A label that says that there is more, and not of what: `Additional`, `Overage`."""
    return key(text.strip(" :")) in vocabulary().more_alone


def _is_a_pace(unit: Unit, words: str) -> bool:
    """`First 10 TB / Month` counts what is used in a month."""
    return words.startswith("/") and PERIODS.issuperset(unit.things)


def _unit_of_more(text: str) -> Unit | None:
    """What there is more of: `Additional user`, `Overage 1TB`, `Requests overage 50M`."""
    words = vocabulary()
    folded = _JOINTS.sub(" ", plain_characters(text))
    more = words.more.search(folded)
    if not more:
        return None
    found = counted_unit(folded, more.end())
    if found:
        return found[0] if _ENDS.match(folded, found[1]) else None
    count, end = count_at(folded, more.end())
    named = [words.things.get(word.casefold(), "") for word in folded[: more.start()].split()]
    counted = [thing for thing in named if thing in words.by_the_count]
    if count == 1 or not counted or not _ENDS.match(folded, end):
        return None
    return Unit.of(counted[-1], count=count)
