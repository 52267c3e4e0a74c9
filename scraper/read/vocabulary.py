"""The words of units.toml, and the patterns made of them once: for units and for amounts."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from scraper.model import Unit
from scraper.read.numerals import NUMERAL, SPACED_NUMERAL

__all__ = ["CJK", "LATIN", "Money", "Vocabulary", "either", "key", "money", "vocabulary"]

CJK = r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
_NO_CENTS = r"(?:[.,][-–—]+)?"
"""`CHF 20.–`"""
LATIN = r"[A-Za-zÀ-ÖØ-öø-ɏ]"


def key(word: str) -> str:
    """How a word is looked up: any case, any white space."""
    return " ".join(word.casefold().split())


def either(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first, Latin ones as whole words."""
    return "|".join(_whole(word) for word in sorted(set(words), key=lambda w: (-len(w), w)))


def _whole(word: str) -> str:
    before = rf"(?<!{LATIN})" if re.match(LATIN, word) else ""
    after = rf"(?!{LATIN})" if re.search(rf"{LATIN}$", word) else ""
    return before + re.escape(word).replace(r"\ ", r"\s+") + after


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
    def per(self) -> re.Pattern[str]:
        """What leads a unit: a slash or `per`; groups: `slash`, `article`."""
        grammar = self.data["grammar"]
        return re.compile(
            rf"[\s*_]*(?:[,(]\s*)?[*_]*(?:(?P<slash>/)|{either(grammar['per'])}"
            rf"|(?P<article>{either(grammar['article'])}))[\s*_]*",
            re.IGNORECASE,
        )

    @cached_property
    def compound(self) -> re.Pattern[str]:
        return re.compile(either(self.compounds), re.IGNORECASE)

    @cached_property
    def count(self) -> re.Pattern[str]:
        """`1,000`, `1K`, `10万`, `million`; groups: `number`, `scale`, `word`."""
        scale = either(self.data["counts"]["1000"]) + "|" + either(self.counts)
        return re.compile(
            rf"(?:(?<![\d.,])(?P<number>{NUMERAL})(?:[\s-]?(?P<scale>{scale}))?"
            rf"|(?P<word>{scale}))[\s-]?(?:(?:of|de)\s+)?",
            re.IGNORECASE,
        )

    @cached_property
    def token(self) -> re.Pattern[str]:
        """One word of a unit: a known one of an unspaced script, a Latin word, or a character."""
        known = [w for w in {**self.things, **self.periods} if re.match(CJK, w)]
        return re.compile(rf"({either(known)}|{LATIN}+\d*|{CJK})")

    @cached_property
    def joined(self) -> re.Pattern[str]:
        """A period joined to what stands before: `pro Nutzer und Monat`."""
        conjunctions = either(self.data["qualifiers"]["conjunction"])
        return re.compile(rf"\s+(?:{conjunctions})\s+({either(self.periods)})", re.IGNORECASE)

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
        return re.compile(rf"(?:[\s:=*_、，は]|[-–—]\s|,\s|{words})*", re.IGNORECASE)

    @cached_property
    def counted(self) -> re.Pattern[str]:
        """What makes a count of things before an amount its unit: `100K requests cost $0.20`."""
        return re.compile(rf"\s*(?:[:=]|{either(self.data['grammar']['link'])})", re.IGNORECASE)

    @cached_property
    def price(self) -> re.Pattern[str]:
        signs = "|".join(map(re.escape, "$€£¥元円₹₩"))
        return re.compile(
            rf"{either(self.data['grammar']['price'])}|{signs}|\b[A-Z]{{3}}\b", re.IGNORECASE
        )


def _literally(words: Iterable[str]) -> str:
    """A pattern for any of the words, without bounds: it starts with a literal, so it is quick."""
    return "|".join(map(re.escape, sorted(set(words), key=lambda w: (-len(w), w))))


def _inverted(table: Mapping[str, Iterable[str]]) -> dict[str, str]:
    return {word.casefold(): name for name, words in table.items() for word in words}


def _flat(table: Mapping[str, Iterable[str]]) -> list[str]:
    return [word for words in table.values() for word in words]


@cache
def vocabulary() -> Vocabulary:
    """The words, read once."""
    text = files("scraper.read").joinpath("units.toml").read_text("utf-8")
    return Vocabulary(tomllib.loads(text))


@dataclass(frozen=True)
class Money:
    """The patterns for amounts, made of units.toml."""

    data: dict[str, Any]

    @cached_property
    def signs(self) -> dict[str, str]:
        signs = {sign: code for code, all_ in self.data["signs"].items() for sign in all_}
        return {**signs, **{code: code for code in self.data["codes"]}}

    @cached_property
    def signs_after(self) -> dict[str, str]:
        return {**self.signs, **{code: code for code in self.data["codes_after"]}}

    @cached_property
    def words(self) -> dict[str, str]:
        return {word: code for code, all_ in self.data["words"].items() for word in all_}

    @cached_property
    def cents(self) -> dict[str, str]:
        return {word: code for code, all_ in self.data["cents"].items() for word in all_}

    @cached_property
    def signs_at(self) -> re.Pattern[str]:
        """Any sign; whether a lettered one stands alone is for the caller to see."""
        return re.compile(_literally(self.signs))

    @cached_property
    def codes_at(self) -> re.Pattern[str]:
        return re.compile(_literally(self.data["codes"]))

    @cached_property
    def words_at(self) -> re.Pattern[str]:
        """Any word for a currency, of a case-folded text."""
        return re.compile(_literally(self.words))

    @cached_property
    def last(self) -> frozenset[str]:
        """What a sign before a number can end with."""
        return frozenset(sign[-1] for sign in self.signs)

    @cached_property
    def leading(self) -> re.Pattern[str]:
        """A sign that ends where the search ends, with its backslash and its space."""
        codes = either([*self.data["codes"], *self.data["codes_after"]])
        return re.compile(rf"(?:(?:{codes})\s?)?\\*(?:{either(self.signs)})[ \u00a0]?$")

    @cached_property
    def signed(self) -> re.Pattern[str]:
        """`sign number [scale] [code]`."""
        grouped = r"\d{1,3}(?: \d{3})+,\d{1,2}(?!\d)"
        codes = either([*self.data["codes"], *self.data["codes_after"]])
        return re.compile(
            rf"(?:(?P<nation>{codes})\s?)?\\*(?P<sign>{either(self.signs)})[ \u00a0]?"
            rf"(?P<number>{grouped}|{NUMERAL}){_NO_CENTS}(?P<scale>{self._scale})?"
            rf"(?:\s?(?P<code>{codes}))?(?!\s?%)"
        )

    @cached_property
    def followed(self) -> re.Pattern[str]:
        """`number [scale] sign`."""
        behind = rf"{either(self.signs_after)}|(?i:{either([*self.words, *self.cents])})"
        # A sign between two numbers belongs to the second, unless a sign follows that too.
        lone = rf"(?![ \u00a0]?(?:{NUMERAL})(?!\s?(?:{behind})))"
        return re.compile(
            rf"(?<![A-Za-zÀ-ɏ\d_.,/\-−$#])(?P<number>{SPACED_NUMERAL}){_NO_CENTS}(?P<scale>{self._scale})?"
            rf"[\s\u00a0]?\\*(?P<sign>{behind}){lone}(?!\s?%)"
        )

    @cached_property
    def _scale(self) -> str:
        counts = vocabulary().data["counts"]
        large = [w for n, words in counts.items() if int(n) >= 1000 for w in words]
        words = [w for w in large if len(w) > 2 or re.match(CJK, w)]
        return rf"(?:(?:[kKmMbB]|[mMbB][nN])(?!{LATIN})|\s?(?i:{either(words)}))"

    @cached_property
    def before(self) -> re.Pattern[str]:
        """Words that qualify the amount after them; groups: the qualifier's first word, old."""
        words = vocabulary().data["qualifiers"]
        groups = "|".join(
            f"(?P<{name}>{either(words[key])})"
            for name, key in (("lower", "from"), ("upper", "up to"), ("about", "about"))
        )
        old = either(words["old"])
        return re.compile(rf"(?<![-=])(?:{groups}|(?P<old>{old}))[\s:*_(]*$", re.IGNORECASE)

    @cached_property
    def behind(self) -> re.Pattern[str]:
        words = vocabulary().data["qualifiers"]
        return re.compile(rf"\+(?![\d\w])|\s?(?:{either(words['from_after'])})", re.IGNORECASE)

    @cached_property
    def arrow(self) -> re.Pattern[str]:
        words = vocabulary().data["qualifiers"]
        return re.compile(rf"[\s*_~]*(?:{either(words['arrow'])})[\s*_~]*")

    @cached_property
    def range(self) -> re.Pattern[str]:
        words = vocabulary().data["qualifiers"]
        return re.compile(rf"\s*(?:{either(words['range'])})\s*", re.IGNORECASE)

    @cached_property
    def dash(self) -> re.Pattern[str]:
        return re.compile(r"\s*[-–—~]\s*|\s+(?:to|bis)\s+")

    @cached_property
    def between(self) -> re.Pattern[str]:
        words = vocabulary().data["qualifiers"]
        return re.compile(rf"(?:{either(words['between'])})\s*$", re.IGNORECASE)

    @cached_property
    def conjunction(self) -> re.Pattern[str]:
        words = vocabulary().data["qualifiers"]
        return re.compile(rf"\s*(?:{either(words['conjunction'])})\s*", re.IGNORECASE)

    @cached_property
    def change(self) -> re.Pattern[str]:
        return re.compile(either(vocabulary().data["qualifiers"]["change"]), re.IGNORECASE)

    @cached_property
    def bare_upper(self) -> re.Pattern[str]:
        """The end of `$2–4`: a number without sign that no other noun claims."""
        return re.compile(rf"\s?[-–—~]\s?(?P<upper>{NUMERAL})(?!\s?%)(?=\s*(?:$|[/),.;|*]|per\b))")

    @cached_property
    def bare_lower(self) -> re.Pattern[str]:
        """The start of `2–4 €`."""
        return re.compile(rf"(?<![\w.,])(?P<lower>{NUMERAL})\s?[-–—~]\s?$")

    @cached_property
    def chinese(self) -> re.Pattern[str]:
        return re.compile(rf"[{self.data['chinese']}]|[百千万]\s?[Tt]oken|CNY|RMB")

    def meant(self, code: str, hints: Iterable[str]) -> str:
        """Of a sign that several currencies share, the one that the page hints at."""
        for family in self.data["ambiguous"]:
            if code == family[0]:
                return next((hint for hint in hints if hint in family), code)
        return code

    def hints(self, text: str, currency: str = "") -> tuple[str, ...]:
        """What tells currencies of one sign apart: the page's own, and the language of a text."""
        yuan = "¥" in text and self.chinese.search(text)
        return (currency, "CNY") if yuan else (currency,)


@cache
def money() -> Money:
    """The patterns for money, made once."""
    return Money(vocabulary().data["currency"])
