"""The patterns for amounts of money, made of the words of units.toml once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from ratewire.read.numerals import NUMERAL, SPACED_NUMERAL
from ratewire.read.vocabulary import CJK, LETTER, either, vocabulary

__all__ = ["Money", "money"]


def _literally(words: Iterable[str]) -> str:
    """A pattern for any of the words, without bounds: it starts with a literal, so it is quick."""
    return "|".join(map(re.escape, sorted(set(words), key=lambda w: (-len(w), w))))


_NO_CENTS = r"(?P<round>[.,:][-–—]{1,3})?"
"""`CHF 20.–`, `kr 500:-`"""
_WHAT_FOR = r"\s?/\s?[^\W\d]|\s(?:pro|per|im|je|pr\.?|om|za|par|al)\s[^\W\d]"
_UNSIGNED = rf"(?P<unsigned>(?<=\d[,:][-–—])(?![\w\-–—]|\s?\d|{_WHAT_FOR}))"
"""`Fra 1 250,-`: such an end says that it is money, and not in which currency."""
_PENCE = (
    rf"(?<!\d{{3}})(?!p{LETTER})p(?:(?<=[.,]\dp)|(?<=[.,]\d\dp)"
    r"|(?=\s{0,2}(?:/|\+|\(|(?:per|each|plus|ex|inc|a)\b)))"
)
"""What makes the `p` behind a number pence: a fraction before it, or what it is for behind it;
but `1080p` is the size of a picture.
"""


_ROUND = rf"(?P<dash>[.,][-–—]{{1,2}})(?={_WHAT_FOR})"
"""`265.-/Monat`: a round sum without a sign, which what it is for makes one of money."""


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
        words = self.data["words"].items()
        return {word.casefold(): code for code, all_ in words for word in all_}

    @cached_property
    def cents(self) -> dict[str, str]:
        cents = {word: code for code, all_ in self.data["cents"].items() for word in all_}
        return {**cents, "p": "GBP"}

    @cached_property
    def shared(self) -> frozenset[str]:
        """Signs and words that stand for several currencies."""
        return frozenset(map(str.casefold, self.data["shared"]))

    @cached_property
    def countries(self) -> dict[str, str]:
        """The currency of a country's own sign, by the country's code."""
        return {place: code for code, all_ in self.data["countries"].items() for place in all_}

    @cached_property
    def languages(self) -> dict[str, str]:
        """The same by the language that is one country's."""
        return {tongue: code for code, all_ in self.data["languages"].items() for tongue in all_}

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
        return re.compile(rf"(?:(?:{codes})\s?)?\\{{0,3}}(?:{either(self.signs)})[ \u00a0\u202f]?$")

    @cached_property
    def signed(self) -> re.Pattern[str]:
        """`sign number [scale] [code]`."""
        grouped = r"\d{1,3}(?: \d{3}){1,5}(?:,\d{1,2}(?!\d)|(?=,[-–—]))"
        codes = either([*self.data["codes"], *self.data["codes_after"]])
        return re.compile(
            rf"(?:(?P<nation>{codes})\s?)?\\{{0,3}}(?P<sign>{either(self.signs)})"
            rf"(?P<gap>[ \u00a0\u202f]?)(?P<number>{grouped}|{NUMERAL}){_NO_CENTS}"
            rf"(?P<scale>{self._scale})?(?:\s?(?P<code>{codes}))?(?!\s?%)"
        )

    @cached_property
    def followed(self) -> re.Pattern[str]:
        """`number [scale] sign`."""
        named = [word for word in self.cents if word != "p"]
        behind = rf"{either(self.signs_after)}|(?i:{either([*self.words, *named])})"
        # A sign between two numbers belongs to the second, unless a sign follows that too, or it
        # leans on the first: `45€ 30 min`.
        lone = rf"(?![ \u00a0]?(?:{NUMERAL})(?!\s?(?:{behind})))"
        return re.compile(
            rf"(?<![A-Za-zÀ-ɏ\d_.,/−$#])(?<!(?<!\d)-)(?P<number>{SPACED_NUMERAL}){_NO_CENTS}(?P<scale>{self._scale})?"
            rf"(?:(?P<apart>[\s\u00a0])?\\{{0,3}}(?P<sign>{behind})"
            rf"(?(apart){lone}|(?:(?=[ \u00a0])|{lone}))|(?P<pence>{_PENCE})|{_ROUND}"
            rf"|{_UNSIGNED})(?!\s?%)"
        )

    @cached_property
    def _scale(self) -> str:
        counts = vocabulary().data["counts"]
        large = [w for n, words in counts.items() if int(n) >= 1000 for w in words]
        words = [w for w in large if len(w) > 2 or re.match(CJK, w)]
        return rf"(?:(?:[kKmMbB]|[mMbB][nN])(?!{LETTER})|\s?(?i:{either(words)}))"

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

    def meant(self, code: str, sign: str, hints: Iterable[str]) -> str:
        """Of a sign that several currencies share, the one that the page hints at."""
        family = self.family(code, sign)
        return next((hint for hint in hints if hint in family), code)

    def family(self, code: str, sign: str) -> Sequence[str]:
        """The currencies that a sign may stand for; empty: it leaves nothing open."""
        return self.members(code) if sign.casefold() in self.shared else ()

    def members(self, code: str) -> Sequence[str]:
        """The currencies that share the sign of this one, which a bare sign stands for."""
        return self._families.get(code, ())

    @cached_property
    def _families(self) -> Mapping[str, Sequence[str]]:
        families: list[list[str]] = self.data["ambiguous"]
        return {family[0]: family for family in reversed(families)}

    def settled(self, code: str, hints: Iterable[str]) -> str:
        """What a bare sign, taken for `code`, stands for where these currencies are about."""
        members = self.members(code)
        return next((hint for hint in hints if hint in members), code)

    def hints(self, text: str, currency: str = "") -> tuple[str, ...]:
        """What tells currencies of one sign apart: the page's own, and the language of a text."""
        yuan = "¥" in text and self.chinese.search(text)
        return (currency, "CNY") if yuan else (currency,)


@cache
def money() -> Money:
    """The patterns for money, made once."""
    return Money(vocabulary().data["currency"])
