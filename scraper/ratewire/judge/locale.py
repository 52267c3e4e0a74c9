"""Is the page in the language and the currency that are expected of it?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Final

_SCRIPTS: Final[Mapping[str, tuple[re.Pattern[str], tuple[str, ...]]]] = {
    "kana": (re.compile(r"[\u3040-\u30ff]"), ("ja",)),
    "hangul": (re.compile(r"[\uac00-\ud7af]"), ("ko",)),
    "han": (re.compile(r"[\u4e00-\u9fff]"), ("zh", "ja", "yue")),
    "cyrillic": (re.compile(r"[\u0400-\u04ff]"), ("ru", "uk", "bg", "sr", "be", "mk", "kk")),
    "arabic": (re.compile(r"[\u0600-\u06ff]"), ("ar", "fa", "ur")),
    "hebrew": (re.compile(r"[\u0590-\u05ff]"), ("he", "yi")),
    "greek": (re.compile(r"[\u0370-\u03ff]"), ("el",)),
    "thai": (re.compile(r"[\u0e00-\u0e7f]"), ("th",)),
    "devanagari": (re.compile(r"[\u0900-\u097f]"), ("hi", "mr", "ne")),
}
_LATIN: Final = re.compile(r"[A-Za-z\u00c0-\u024f]")
_COMMON_WORDS: Final[Mapping[str, frozenset[str]]] = {
    language: frozenset(words.split())
    for language, words in {
        "en": "the and of to for with your you is are this that from on by or can be",
        "de": "der die das und für mit von ist sind nicht auch auf ein eine zu im den",
        "fr": "le les des et pour avec vous est sont une dans du sur votre vos au aux",
        "es": "el los las para con por una del que su sus es más como sin al y",
        "pt": "os as para com uma não que seu sua você mais dos das em ao são é",
        "it": "il gli per con una del della che non sono più tuo alla dei nel è di",
        "nl": "het een en van voor met niet zijn ook op aan uw je dat deze bij naar",
        "pl": "i w na do się jest nie dla oraz przez które lub za od są twoje z",
        "sv": "och att det som för på är av med till den inte om ett kan du",
        "tr": "ve bir bu için ile da de daha olarak en çok veya olan her",
    }.items()
}
_ENOUGH_WORDS: Final = 40
_ENOUGH_SHARE: Final = 0.06
_ENOUGH_DIFFERENT: Final = 4
"""Common words of a language that a text in it has at least: a price list may say "per" in every
line and is not in Italian for that."""
_ALIASES: Final = {
    "nb": "no",
    "nn": "no",
    "iw": "he",
    "in": "id",
    "cn": "zh",
    "jp": "ja",
    "kr": "ko",
}


def wrong_language(text: str, stated: str, expected: str) -> str:
    """Evidence that `text` is in another language than `expected` (a BCP 47 tag), or empty.

    The words decide; what the page says of itself (`stated`) only where they are too few, for
    many a page says so wrongly.
    """
    want, says = _primary(expected), _primary(stated)
    if not want:
        return ""
    found = language_of(text)
    if found:
        return "" if want in found else f"is in {found[0]!r}, not in {want!r}"
    if says and says != want:
        return f"says it is in {says!r}, not in {want!r}"
    return ""


def language_of(text: str) -> tuple[str, ...]:
    """The languages that a text may be in; empty where it is too short or mixed to tell."""
    sample = text[:50_000]
    letters = {name: len(pattern.findall(sample)) for name, (pattern, _) in _SCRIPTS.items()}
    latin = len(_LATIN.findall(sample))
    total = latin / 4 + sum(letters.values())
    if total < 20:
        return ()
    if letters["kana"] > 0.05 * total:
        return ("ja",)
    top = max(letters, key=lambda name: letters[name])
    if letters[top] > 0.5 * total:
        return _SCRIPTS[top][1]
    return _latin_language(sample) if latin / 4 > 0.8 * total else ()


def _latin_language(sample: str) -> tuple[str, ...]:
    words = re.findall(r"[^\W\d_]+", sample.lower())
    if len(words) < _ENOUGH_WORDS:
        return ()
    counts = Counter(words)
    scores = {
        language: sum(counts[word] for word in common)
        for language, common in _COMMON_WORDS.items()
        if len(common & counts.keys()) >= _ENOUGH_DIFFERENT
    }
    (first, most), (_, second), *_ = [*Counter(scores).most_common(2), ("", 0), ("", 0)]
    if most >= _ENOUGH_SHARE * len(words) and most >= 2 * second:
        return (first,)
    return ()


def _primary(tag: str) -> str:
    primary = re.split(r"[-_]", tag.strip().lower())[0]
    return _ALIASES.get(primary, primary)


_SYMBOLS: Final[Mapping[str, str]] = {
    "€": "EUR", "£": "GBP", "₹": "INR", "₩": "KRW", "₽": "RUB", "₺": "TRY", "₴": "UAH", "₫": "VND",
    "₪": "ILS", "฿": "THB", "R$": "BRL", "元": "CNY", "円": "JPY", "원": "KRW", "zł": "PLN",
    "Kč": "CZK", "kr": "SEK/NOK/DKK", "US$": "USD", "CA$": "CAD", "C$": "CAD", "A$": "AUD",
    "AU$": "AUD", "NZ$": "NZD", "HK$": "HKD", "S$": "SGD", "RMB": "CNY",
    "$": "USD/CAD/AUD/NZD/HKD/SGD/MXN/TWD/ARS/CLP/COP", "¥": "CNY/JPY", "￥": "CNY/JPY",
}  # fmt: skip
_CODES: Final = (
    "USD", "EUR", "GBP", "JPY", "CNY", "INR", "KRW", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK",
    "BRL", "CAD", "AUD", "NZD", "HKD", "SGD", "MXN", "TRY", "ZAR", "AED",
)  # fmt: skip
_MARK: Final = "|".join(
    re.escape(mark) for mark in sorted((*_SYMBOLS, *_CODES), key=len, reverse=True)
)
_AMOUNT: Final = re.compile(
    rf"(?<![A-Za-z$])({_MARK})\s?\d|(?<!\d)\d(?:[\d.,]{{0,40}}\d)?\s?({_MARK})(?![A-Za-z\d])"
)
_FEW: Final = 3


def wrong_currency(text: str, expected: str) -> str:
    """Evidence that prices are in another currency than `expected` (ISO 4217), or empty."""
    if not expected:
        return ""
    counts = Counter(match[1] or match[2] for match in _AMOUNT.finditer(text[:200_000]))
    right = sum(n for mark, n in counts.items() if expected in _SYMBOLS.get(mark, mark).split("/"))
    wrong = counts.total() - right
    if wrong < _FEW or wrong < 4 * right:
        return ""
    mark, count = max(
        (item for item in counts.items() if expected not in _SYMBOLS.get(item[0], item[0])),
        key=lambda item: item[1],
    )
    return f"prices are in {mark} ({count} of {counts.total()}), not in {expected}"
