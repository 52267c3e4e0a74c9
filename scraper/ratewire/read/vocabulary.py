"""The words of units.toml, and the patterns for units made of them once."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property
from importlib.resources import files
from itertools import groupby
from typing import Any

from ratewire.model import Unit
from ratewire.read.numerals import SPACED_NUMERAL

__all__ = ["CJK", "LETTER", "Vocabulary", "either", "key", "vocabulary"]

CJK = r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
"""Of the scripts that set none, Thai among them."""
LETTER = r"[A-Za-zÀ-ÖØ-öø-ɏͰ-ϿЀ-ӿא-ת\u0620-\u065f\u066e-\u06d3\u0900-\u0963\u0980-\u09e3Ḁ-ỿ]"
"""Of the scripts that set words apart by spaces."""


def key(word: str) -> str:
    """How a word is looked up: any case, any white space."""
    return " ".join(word.casefold().split())


_LETTER = re.compile(LETTER)


def either(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first, of spaced scripts as whole words.

    One pair of bounds stands round as many words as can share it: such classes are slow to
    compile. A word that begins with a letter and one that does not never begin at one place, so
    that these two kinds need no order.
    """
    ordered = sorted(set(words), key=lambda w: (-len(w), w))
    lettered = [word for word in ordered if _LETTER.match(word)]
    others = [word for word in ordered if not _LETTER.match(word)]
    bounded = rf"(?<!{LETTER})(?:{_ended(lettered)})" if lettered else ""
    return "|".join(filter(None, (bounded, _ended(others))))


def _ended(words: Iterable[str]) -> str:
    """Any of the words, those that end with a letter not within a longer word. By their first
    letters: only those of one letter need an order, and where none begins few are tried.
    """
    by_first: dict[str, list[str]] = defaultdict(list)
    for word in words:
        by_first[word[:1].casefold()].append(word)
    whole = [group for group in by_first.values() if all(map(_ends_lettered, group))]
    mixed = [group for group in by_first.values() if not all(map(_ends_lettered, group))]
    bounded = [rf"(?:{'|'.join(map(_alternatives, whole))})(?!{LETTER})"] if whole else []
    runs = (groupby(group, key=_ends_lettered) for group in mixed)
    return "|".join([*bounded, *(_run(list(run), each) for group in runs for each, run in group)])


def _run(words: Sequence[str], bounded: bool) -> str:
    return rf"(?:{_alternatives(words)})(?!{LETTER})" if bounded else _alternatives(words)


def _alternatives(words: Sequence[str]) -> str:
    """Words with one first letter."""
    first = words[0][:1]
    if len(words) == 1 or not all(word.startswith(first) for word in words):
        return "|".join(map(_as_pattern, words))
    return rf"{re.escape(first)}(?:{'|'.join(_as_pattern(word[1:]) for word in words)})"


def _ends_lettered(word: str) -> bool:
    return _LETTER.match(word[-1:]) is not None


def _as_pattern(word: str) -> str:
    return re.escape(word).replace(r"\ ", r"\s{1,3}")


@dataclass(frozen=True)
class Vocabulary:
    """units.toml, with the patterns made of it."""

    data: Mapping[str, Any]

    @cached_property
    def things(self) -> Mapping[str, str]:
        return _inverted(self.data["things"])

    @cached_property
    def periods(self) -> Mapping[str, str]:
        return _inverted(self.data["periods"])

    @cached_property
    def after_slash(self) -> Mapping[str, str]:
        return _inverted(self.data["after_slash"])

    @cached_property
    def adverbs(self) -> Mapping[str, str]:
        return _inverted(self.data["adverbs"])

    @cached_property
    def compounds(self) -> Mapping[str, Unit]:
        pairs = _inverted(self.data["compounds"]).items()
        return {word: Unit.parse(unit) for word, unit in pairs}

    @cached_property
    def counts(self) -> Mapping[str, Decimal]:
        return {word: Decimal(n) for word, n in _inverted(self.data["counts"]).items()}

    @cached_property
    def stop(self) -> frozenset[str]:
        return frozenset(self.data["grammar"]["stop"])

    @cached_property
    def describing(self) -> frozenset[str]:
        return frozenset(self.data["grammar"]["describing"])

    @cached_property
    def lead(self) -> re.Pattern[str]:
        """What leads a unit: a slash or `per`; groups: `slash`, `article`, `weak`.

        An article stands only before a period, a weak word only after an amount.
        """
        return re.compile(self._lead, re.IGNORECASE)

    @cached_property
    def per(self) -> re.Pattern[str]:
        """The same with the signs that may stand round it."""
        return re.compile(rf"[\s*_,(\[]{{0,6}}(?:{self._lead})[\s*_]{{0,4}}", re.IGNORECASE)

    @property
    def _lead(self) -> str:
        grammar = self.data["grammar"]
        return (
            rf"(?P<slash>/)|{either(grammar['per'])}"
            rf"|(?P<article>{either(grammar['article'])})|(?P<weak>{either(grammar['weak'])})"
        )

    @cached_property
    def tax(self) -> re.Pattern[str]:
        """One word of a remark on tax, `plus VAT`; group `tax` where it names the tax itself."""
        words = self.data["tax"]
        return re.compile(
            rf"[\s,(+*]{{0,4}}(?:(?P<tax>{either(words['words'])})|{either(words['beside'])}"
            r"|\d{1,2}(?:[.,]\d)?[ \u00a0]?%)\)?",
            re.IGNORECASE,
        )

    @cached_property
    def paid(self) -> re.Pattern[str]:
        """`billed`, at the end of what stands before `annually`."""
        return re.compile(rf"(?:{either(self.data['grammar']['paid'])})\s{{1,3}}$", re.IGNORECASE)

    @cached_property
    def by_the_count(self) -> frozenset[str]:
        return frozenset(self.data["grammar"]["by_the_count"])

    @cached_property
    def priced_adverbs(self) -> frozenset[str]:
        return frozenset(key(word) for word in self.data["grammar"]["priced_adverb"])

    @cached_property
    def price_end(self) -> re.Pattern[str]:
        """A word of price, a sign or a code that ends a text: what follows may be its unit."""
        currency = self.data["currency"]
        signs = [sign for all_ in currency["signs"].values() for sign in all_]
        words = [word for all_ in currency["words"].values() for word in all_]
        codes = either([*currency["codes"], *signs, *currency["codes_after"]])
        return re.compile(rf"(?:{codes}|(?i:{either([*self.data['grammar']['price'], *words])}))$")

    @cached_property
    def more(self) -> re.Pattern[str]:
        """A word for more of something, and the space after it."""
        words = either(self.data["grammar"]["more"])
        return re.compile(rf"(?:{words})\s{{1,3}}(?:(?:{words})\s{{1,3}})?", re.IGNORECASE)

    @cached_property
    def more_alone(self) -> frozenset[str]:
        return frozenset(key(word) for word in self.data["grammar"]["more"])

    @cached_property
    def per_end(self) -> re.Pattern[str]:
        """A heading that ends with its `per` and leaves the unit to the cells: `Billed per`."""
        words = [*self.data["grammar"]["per"], "pr"]
        return re.compile(rf"\w\s{{1,3}}(?:{either(words)})\s?[:.]?$", re.IGNORECASE)

    @cached_property
    def unit_price(self) -> re.Pattern[str]:
        return re.compile(either(self.data["grammar"]["unit_price"]), re.IGNORECASE)

    @cached_property
    def billed(self) -> re.Pattern[str]:
        """` are billed`, with the space before it."""
        grammar = self.data["grammar"]
        be, billed = either(grammar["be"]), either(grammar["paid"])
        return re.compile(
            rf"\s{{1,3}}(?:{be})\s{{1,3}}(?:\w{{1,20}}\s)?(?:{billed})", re.IGNORECASE
        )

    @cached_property
    def sized(self) -> frozenset[str]:
        return frozenset(self.data["grammar"]["sized"])

    @cached_property
    def compound(self) -> re.Pattern[str]:
        return re.compile(either(self.compounds), re.IGNORECASE)

    @cached_property
    def count(self) -> re.Pattern[str]:
        """`1,000`, `1K`, `10万`, `million`; groups: `number`, `scale`, `word`."""
        scale = either(self.data["counts"]["1000"]) + "|" + either(self.counts)
        return re.compile(
            rf"(?:(?<![\d.,])(?P<number>{SPACED_NUMERAL})(?:[\s-]?(?P<scale>{scale}))?"
            rf"|(?!{LETTER}[-²³])(?P<word>{scale}))[\s-]?(?:(?:of|de|di|av)\s{{1,3}})?",
            re.IGNORECASE,
        )

    @cached_property
    def token(self) -> re.Pattern[str]:
        """One word of a unit: a known one of an unspaced script, a Latin word, or a character."""
        known = [w for w in {**self.things, **self.periods} if re.match(CJK, w)]
        return re.compile(rf"({either(known)}|{LETTER}{{1,40}}\d{{0,9}}[²³]?|{CJK})")

    @cached_property
    def joined(self) -> re.Pattern[str]:
        """A period joined to what stands before: `pro Nutzer und Monat`."""
        conjunctions = either(self.data["qualifiers"]["conjunction"])
        return re.compile(
            rf"\s{{1,3}}(?:{conjunctions})\s{{1,3}}(?:(?:{either(self.data['grammar']['per'])})"
            rf"\s{{1,3}})?({either(self.periods)})",
            re.IGNORECASE,
        )

    @cached_property
    def joined_lead(self) -> re.Pattern[str]:
        """What joins a thing to the period before it: `et par`."""
        conjunctions = either(self.data["qualifiers"]["conjunction"])
        per = either(self.data["grammar"]["per"])
        return re.compile(rf"\s{{1,3}}(?:{conjunctions})\s{{1,3}}(?:{per})\s{{1,3}}", re.IGNORECASE)

    @cached_property
    def periods_before(self) -> Mapping[str, str]:
        return _inverted(self.data["periods_before"])

    @cached_property
    def adverb(self) -> re.Pattern[str]:
        return re.compile(rf"\s?({either(self.adverbs)})", re.IGNORECASE)

    @cached_property
    def after(self) -> re.Pattern[str]:
        return re.compile(rf"\s?(?:{either(self.data['grammar']['after'])})\s?")

    @cached_property
    def link(self) -> re.Pattern[str]:
        """What may stand between a unit and the amount that it is for."""
        grammar = self.data["grammar"]
        words = either([*grammar["link"], *_flat(self.data["qualifiers"])])
        return re.compile(rf"(?>(?:[\s:=*_、，は]|[-–—]\s|,\s|{words})*)", re.IGNORECASE)

    @cached_property
    def counted(self) -> re.Pattern[str]:
        """What makes a count of things before an amount its unit: `100K requests cost $0.20`."""
        return re.compile(
            rf"\s{{0,3}}(?:[:=]|{either(self.data['grammar']['link'])})", re.IGNORECASE
        )

    @cached_property
    def price(self) -> re.Pattern[str]:
        signs = "|".join(map(re.escape, "$€£¥元円₹₩"))
        codes = either(self.data["currency"]["codes"])
        return re.compile(
            rf"{either(self.data['grammar']['price'])}|{signs}|(?-i:{codes})", re.IGNORECASE
        )


def _inverted(table: Mapping[str, Iterable[str]]) -> dict[str, str]:
    return {word.casefold(): name for name, words in table.items() for word in words}


def _flat(table: Mapping[str, Iterable[str]]) -> list[str]:
    return [word for words in table.values() for word in words]


@cache
def vocabulary() -> Vocabulary:
    """The words, read once."""
    text = files("ratewire.read").joinpath("units.toml").read_text("utf-8")
    return Vocabulary(tomllib.loads(text))
