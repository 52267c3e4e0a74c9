"""Places of figures as keys: what stays the same when a page says the same thing otherwise."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Generic, TypeVar

from ratewire.compare.words import words
from ratewire.model import Figure, leveled, normal

__all__ = ["Printed", "normal", "without_money"]

_MONEY = re.compile(r"[$€£¥₹]\s?\d[\d.,]*+|(?<![\d.,])[.,]*+\d[\d.,]*+\s?[€£¥₹%]")
_PER = re.compile(r"(?:/|(?:per|pro|par|por|al|each) )\s?(?P<unit>\d*[^\W\d_]+)")
_NUMBERED = re.compile(r"^\s*(?:\d{1,2}[.)]|\d{1,2}(?:\.\d{1,2})+\.?)\s+(?=\S)")
"""`3. ` or `2.1 ` before the words of a heading."""
_DASHES = ("-", "‐", "‑", "–", "—", "―")
_NAME = 5
"""Words that a name has at the most."""


_SIGNS = {"USD": "$", "US$": "$", "EUR": "€", "EURO": "€", "GBP": "£"}
_CURRENCY = re.compile("|".join(map(re.escape, sorted(_SIGNS, key=len, reverse=True))), re.I)
_TWICE = re.compile(r"([$€£])\1")
"""`$5 USD`"""
_DIGITS = re.compile(r"[\d.,'\s:;]")
_T = TypeVar("_T")


class _once(Generic[_T]):  # noqa: N801  (named like what it stands for)
    """`cached_property` without its lock in Python 3.11, which costs more than most of what is
    worked out here.
    """

    def __init__(self, work: Callable[[Printed], _T]) -> None:
        self._work = work
        self.__doc__ = work.__doc__

    def __get__(self, printed: Printed, _: type) -> _T:
        found = printed.__dict__[self._work.__name__] = self._work(printed)
        return found


@lru_cache(maxsize=4096)
def _joined(parts: tuple[str, ...]) -> str:
    return "\n".join(filter(None, map(normal, parts)))


def without_money(text: str) -> str:
    """A text without its amounts."""
    return _MONEY.sub("", text)


@lru_cache(maxsize=1024)
def _headed(headings: tuple[str, ...]) -> str:
    return _joined(tuple(_MONEY.sub("#", _NUMBERED.sub("", text)) for text in headings))


@lru_cache(maxsize=4096)
def _sign(text: str) -> str:
    """The sign of its currency, which stands for the name: `5 USD`, `$5` and `$5 USD` alike."""
    sign = _DIGITS.sub("", leveled(text))
    signed = _CURRENCY.sub(lambda found: _SIGNS[found[0].upper()], sign)
    return _TWICE.sub(r"\1", signed)


@dataclass(frozen=True)
class Printed:
    """A figure of one side of a comparison, with its place in forms that can be compared."""

    figure: Figure
    number: int
    """Its number among the figures of its side."""
    over_card: str = ""
    """Of a text the line of words above it and above the prices between."""

    @_once
    def value(self) -> tuple[Decimal, ...] | str:
        """What it amounts to, however it is written: `$5` and `$5.00` alike."""
        return self.figure.values or leveled(self.figure.text).strip()

    @_once
    def sign(self) -> str:
        """What is printed beside the digits: the currency, a percent sign, a multiplier."""
        return "" if self.figure.values == (Decimal(0),) else _sign(self.figure.text)

    @_once
    def words(self) -> str:
        return normal(self.figure.place.words)

    @_once
    def lead(self) -> str:
        """The words of its line before it: what a sentence speaks of."""
        place = self.figure.place
        return normal("#".join(place.words.split("#")[: place.number + 1]))

    @_once
    def tail(self) -> str:
        """The words of its line behind it."""
        place = self.figure.place
        return normal("#".join(place.words.split("#")[place.number + 1 :]))

    @_once
    def per(self) -> str:
        """The word right behind it that says of what it is the price: `month` of `$5 / month`."""
        parts = self.figure.place.words.split("#")
        behind = parts[self.figure.place.number + 1] if len(parts) > self.nth + 1 else ""
        found = _PER.match(normal(behind))
        return next(iter(words(found["unit"])), "") if found else ""

    @_once
    def labels(self) -> str:
        """Without spaces: `c2r4.100` and `c2 r4. 100` are one name."""
        return _joined(self.figure.place.labels).replace(" ", "")

    @_once
    def heads(self) -> str:
        return _joined(self.figure.place.heads)

    @_once
    def beside(self) -> frozenset[str]:
        """The other cells of its row, each with its head."""
        return frozenset(filter(None, map(normal, self.figure.place.beside)))

    @_once
    def group(self) -> str:
        return normal(self.figure.place.group)

    @_once
    def near(self) -> str:
        return normal(self.figure.place.near)

    @_once
    def headings(self) -> str:
        """Their numbers left out, and their own figures: one that moves is its own, and none of
        those below it.
        """
        return _headed(self.figure.place.headings)

    @_once
    def title(self) -> str:
        """The heading right above it, where it may be a name: short, and without money."""
        heading = _NUMBERED.sub("", "".join(self.figure.place.headings[-1:]))
        short = len(heading.split()) <= _NAME and not heading.endswith((".", "!", "?", "。"))
        return heading if short and not _MONEY.search(heading) else ""

    @_once
    def panes(self) -> str:
        return _joined(self.figure.place.panes)

    @_once
    def bag(self) -> frozenset[str]:
        """The telling words of its own: line, labels and heads."""
        place = self.figure.place
        return words(place.words.replace("#", " "), *place.labels, *place.heads) - {""}

    @_once
    def around(self) -> frozenset[str]:
        """The words that stand over it: heads, headings, panes, caption or the line above."""
        place = self.figure.place
        return words(*place.heads, *place.headings, *place.panes, place.group, place.near) - {""}

    @_once
    def over(self) -> frozenset[str]:
        """The words right over it: its heads, the heading of its section, the line above."""
        place = self.figure.place
        return words(*place.heads, *place.headings[-1:], place.group, place.near) - {""}

    @_once
    def all_words(self) -> frozenset[str]:
        """All that is said of it: of its own, beside it and right over it. A cell that is empty
        but for a dash says nothing.
        """
        beside = (cell for cell in self.figure.place.beside if not cell.endswith(_DASHES))
        return self.bag | self.over | words(*beside) - {""}

    @_once
    def label_bag(self) -> frozenset[str]:
        return words(*self.figure.place.labels)

    @_once
    def line_bag(self) -> frozenset[str]:
        return words(self.figure.place.words.replace("#", " "))

    @_once
    def said(self) -> Hashable:
        """All that it says, and under which headings: figures of which this is equal are twins."""
        return (
            self.headings, self.panes, self.group, self.labels, self.heads, self.beside,
            self.words, self.nth, self.value, self.sign, self.is_cell,
        )  # fmt: skip

    def is_twin(self, other: Printed) -> bool:
        """Whether it says the same once more: under another caption it is another thing."""
        near = self.near == other.near or not (self.near and other.near)
        return near and self.said == other.said

    @property
    def is_cell(self) -> bool:
        return self.figure.place.is_cell

    @property
    def block(self) -> int:
        return self.figure.place.block

    @property
    def row(self) -> tuple[int, int]:
        return self.figure.place.block, self.figure.place.row

    @property
    def column(self) -> int:
        return self.figure.place.column

    @property
    def nth(self) -> int:
        return self.figure.place.number

    def same_value(self, other: Printed) -> bool:
        return self.value == other.value

    @property
    def tells(self) -> bool:
        """Its value tells it from others; nothing to pay is the same everywhere."""
        return self.value != (Decimal(0),)
