"""The words by which walls and error pages are known; signs.toml holds them, by kind."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

_SEPARATORS: Final = re.compile(r"\s+[|·•»«›/\\~–—-]+\s+|[|·•»›]|:\s|[.!?]\s")
_TRIM: Final = " \t\n.!?…:;,-–—|·•()[]{}«»\"'*#_！？。"
_FOLDED: Final = str.maketrans({"’": "'", "‘": "'", "`": "'", "\u00a0": " "})
_LONGEST_HEAD: Final = 120
_NOTHING: Final = re.compile(r"(?!)")

MONEY: Final = re.compile(
    r"(?:\b(?:US|CA|AU|A|C|NZ|HK|S|R))?[$€£¥￥₹₩₽₺₴₫₪฿]\s?\d"
    r"|(?<!\d)\d[\d.,]{0,40}+\s?(?:[€£¥￥₹₩₽₺₴₫₪]|元|円|원)"
    r"|(?<!\d)\d[\d.,]{0,40}+\s?(?:USD|EUR|GBP|JPY|CNY|RMB|INR|KRW|CHF|SEK|NOK|DKK|PLN|BRL|CAD|AUD|kr|zł|Kč|руб)\b"
    r"|\b(?:USD|EUR|GBP|JPY|CNY|INR|KRW|CHF|CAD|AUD)\s?\d"
)
PRICED_DATA: Final = re.compile(
    r"(?:price|pricing|amount|cost|fee|\brate|\busd)[\w-]{0,40}(?:\\?[\"']|&quot;)?\s*:\s*"
    r"(?:\\?[\"']|&quot;)?[$€£¥]?\d|[\"'][$€£¥]\d+\.\d",
    re.IGNORECASE,
)
STATE: Final = re.compile(r"\s*(?:\(?(?:self|window|globalThis)\.[\w$.]+|var \w+|\w+\.push\()")
"""How a script begins that carries an application's data, not its code."""
COOKIE_AND_RELOAD: Final = re.compile(
    r"document\.cookie\s*=.{0,4000}?(?:location\.(?:reload|replace|assign|href\s*=)|\.submit\()",
    re.DOTALL,
)
GOES_ELSEWHERE: Final = re.compile(
    r"^\W*(?:window\.|top\.|self\.|document\.)?location(?:\.href)?\s*"
    r"(?:=|\.replace\(|\.assign\()\s*[\"']([^\"']+)"
)
LOADING: Final = re.compile(
    r"\W*(?:loading|please wait|wird geladen|lädt|chargement|cargando|carregando|caricamento|laden"
    r"|загрузка|読み込み中|加载中|載入中|로딩|로드 중|initiali[sz]ing|starting)\b.{0,40}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Signs:
    """One kind's patterns."""

    head: re.Pattern[str]
    said: re.Pattern[str]
    more: Mapping[str, re.Pattern[str]]

    def in_heads(self, heads: Sequence[str], more: str = "") -> str:
        """The part of a title or heading that says this and nothing else, or empty. `more`: the
        name of other patterns than `head`."""
        pattern = self.more[more] if more else self.head
        return next(filter(pattern.fullmatch, _parts(heads)), "")

    def alone(self, heads: Sequence[str]) -> str:
        """The part of a title or heading that needs no sentence beside it to say this."""
        pattern = self.more.get("alone", _NOTHING)
        return next(filter(pattern.fullmatch, _parts(heads)), "")

    def in_text(self, text: str) -> tuple[str, ...]:
        """The different sentences' parts that say this to the visitor."""
        return tuple(
            dict.fromkeys(match[0].lower() for match in self.said.finditer(plain_typography(text)))
        )


def _parts(heads: Sequence[str]) -> Iterator[str]:
    """Titles and headings, whole and between their separators."""
    for head in (plain_typography(head[: 4 * _LONGEST_HEAD]) for head in heads):
        for part in (head, *_SEPARATORS.split(head)):
            trimmed = part.strip(_TRIM)
            if trimmed and len(trimmed) < _LONGEST_HEAD:
                yield trimmed


@cache
def signs(kind: str) -> Signs:
    """The patterns of one kind: blocked, missing, error, maintenance, login, consent, shell."""
    source = resources.files(__package__).joinpath("signs.toml").read_text("utf-8")
    found = {
        name: re.compile("|".join(f"(?:{p})" for p in patterns), re.IGNORECASE)
        for name, patterns in tomllib.loads(source)[kind].items()
    }
    return Signs(found.pop("head", _NOTHING), found.pop("said", _NOTHING), found)


def plain_typography(text: str) -> str:
    """Typographic apostrophes and spaces made plain."""
    return text.translate(_FOLDED)


def weight(text: str) -> int:
    """How much a text says, in Latin letters: an ideograph says as much as two or three."""
    wide = sum(1 for character in text if character >= "\u2e80")
    return len(text) + wide * 3 // 2
