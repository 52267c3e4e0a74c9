"""How much is charged for at least, and in what steps: `128 KB minimum object size`, `at least 30
days`, `billed in 6-second increments`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import lru_cache

from ratewire.model import PERIODS, Quantity
from ratewire.read.lexicon import fold, lexicon
from ratewire.read.numerals import has_digit
from ratewire.read.terms.quantity import Counted, counted
from ratewire.read.vocabulary import key, vocabulary

__all__ = ["is_about_use", "least_of", "step_of"]

_CLAUSE = re.compile(r"[;。；，()（）]|\.\s|,\s(?!\d)|\s[–—]\s")
_REACH = 28
"""Characters between a quantity and the words that make it the least."""
_WORD = re.compile(r"[^\W\d_]+")
_MOST_SAID = 3


def least_of(texts: Iterable[str]) -> tuple[Quantity, ...]:
    """The quantities of use that texts call the least that is charged for, each kind once."""
    found: dict[str, Quantity] = {}
    for text in texts:
        for each in _least(text):
            found.setdefault(_kind(each.of), each)
    return tuple(found.values())[:_MOST_SAID]


def step_of(texts: Iterable[str]) -> Quantity | None:
    """What use is rounded up to, where a text says so."""
    return next(filter(None, map(_step, texts)), None)


def is_about_use(text: str) -> bool:
    """Whether a sentence beside prices is about how much is charged for."""
    folded = fold(text)
    return bool(lexicon("charged").search(folded)) and bool(
        lexicon("least_use").search(folded) or lexicon("step").search(folded)
    )


def _kind(of: str) -> str:
    return "period" if of in PERIODS else "size" if of[-1:] == "B" else of


@lru_cache(maxsize=2048)
def _least(text: str) -> tuple[Quantity, ...]:
    if not has_digit(text):
        return ()
    return tuple(
        Quantity(each.value, each.of)
        for clause in filter(has_digit, _CLAUSE.split(text))
        if not lexicon("commitment").search(fold(clause))
        for each in _quantities(clause)
        if _is_least(clause, each)
    )


def _quantities(clause: str) -> Iterator[Counted]:
    """Those of which the clause says what they count, and that are no money."""
    yield from (each for each in counted(clause) if each.of and not each.currency)


def _is_least(clause: str, each: Counted) -> bool:
    """`minimum storage duration: 30 days`, `128 KB minimum object size`."""
    least = lexicon("least_use")
    before, after = fold(clause[: each.start]), fold(clause[each.end :])
    if any(len(before) - end <= _REACH for *_, end in least.find(before)):
        return not re.search(r"\d", before[-_REACH:])
    return any(start <= 2 for _, start, _ in least.find(after.lstrip(" -")))


@lru_cache(maxsize=2048)
def _step(text: str) -> Quantity | None:
    if not lexicon("step").search(fold(text)):
        return None
    for clause in _CLAUSE.split(text):
        hits = lexicon("step").find(fold(clause))
        if not hits:
            continue
        for each in _quantities(clause):
            gap = fold(clause[each.end :])
            behind = lexicon("step", "after").find(gap)
            led = lexicon("step", "before").find(fold(clause[: each.start]))
            near = any(len(fold(clause[: each.start])) - end <= 6 for *_, end in led)
            if near or any(start <= 2 for _, start, _ in behind):
                return Quantity(each.value, each.of)
        if named := _one_of(clause):
            return Quantity(Decimal(1), named)
    return None


def _one_of(clause: str) -> str:
    """`rounded up to the nearest minute`, `one-second increments`: the period or thing right
    beside the words.
    """
    folded = fold(clause)
    words = vocabulary()
    for *_, end in lexicon("step", "before").find(folded):
        for word in [match.group() for match in _WORD.finditer(folded, end)][:2]:
            if name := words.periods.get(key(word)) or words.things.get(key(word)):
                return name
    for _, start, _ in lexicon("step", "after").find(folded):
        for word in _WORD.findall(folded[max(0, start - _REACH) : start])[-1:]:
            if name := words.periods.get(key(word)):
                return name
    return ""
