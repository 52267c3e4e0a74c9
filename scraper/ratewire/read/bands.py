"""Bands of a prompt's length, in one notation whatever the page writes.

`prompts ≤ 200k tokens` is `≤200K`, `32k < 输入 <= 128k` is `32K-128K`, `[0, 32)` is `0-32`.
"""

from __future__ import annotations

import re

from ratewire.read.lexicon import fold

__all__ = ["band_spans", "context_band", "is_band", "output_band"]

_NUMBER = r"\d+(?:[.,]\d+)*\s*[km]?(?![a-z\d²^])"
_BELOW = r"(?:<=?|≤)"
_NAME = r"[^\d<>≤≥=:;,|]{1,24}"
_TWO = re.compile(
    rf"(?P<from>{_NUMBER})\s*(?:tokens?\s*)?{_BELOW}\s*{_NAME}{_BELOW}\s*(?P<to>{_NUMBER})"
)
"""`8,192 < length ≤ 32,768`"""
_INTERVAL = re.compile(
    r"[\[(]\s*(\d[\d.]*)\s*,\s*(\d[\d.]*)?\s*\+?\s*[\])]|[\[(]\s*(\d[\d.]*)\s*\+\s*[\])]"
)
_OUTPUT = re.compile(
    r"(?:output(?: length)?|输出长度|输出|出力長?)\s*"
    r"[\[(]\s*(\d[\d.]*)\s*(?:,\s*(\d[\d.]*)?\s*)?(\+?)\s*[\])]"
)
_BEYOND = "over|above|more than|uber|mas de|plus de"
"""Words as they are folded."""
_OP = rf"(?:<=|>=|≤|≥|<|>|up to|under|below|less than|bis|{_BEYOND}|不超过|超过)"
_BAND = re.compile(
    rf"(?P<op>{_OP})?\s*(?P<from>\d+(?:[.,]\d+)*\s*[km]?)(?![a-z\d.,])(?!\s*[kmgt]i?b\b)"
    r"\s*(?:(?:-|–|to|至)\s*(?P<to>\d+(?:[.,]\d+)?\s*[km]))?(?P<after>\s*(?:以上|以下|以内))?"
)
_WORDS = re.compile(
    r"context|prompt length|input length|request length|input tokens|prompts?\b|"
    r"kontext|contexto|contexte|"
    r"上下文|输入长度|输出长度|请求长度|コンテキスト|入力長|"
    r"(?:length|长度|输入|输出|入力)\s*(?=[<>≤≥])"
)
_STARTS = re.compile(
    rf"^(?:{_OP})\s*\d[\d.,]*(?:\s*k\b|m\b(?!\^)|\s*[km]?\s*(?:tokens?|词元|トークン))"
)
"""`more than 200 m` and `m^2` are of a place."""
_OPS = {
    "<=": "≤", "up to": "≤", "bis": "≤", "不超过": "≤", ">=": "≥",
    ">": ">", "超过": ">", **dict.fromkeys(_BEYOND.split("|"), ">"),
    "<": "<", "under": "<", "below": "<", "less than": "<",
    "以上": "≥", "以下": "≤", "以内": "≤",
}  # fmt: skip
_BOUND = rf"(?:[<>≤≥]=?|up to|under|less than|bis|{_BEYOND})\s*\d[\d.,]*\s*[km]?"
_SPANS = (
    _TWO,
    re.compile(r"(?:input|output|prompt|request) length|(?:输入|输出|请求|入力)(?:长度|長)"),
    re.compile(
        rf"{_BOUND}\s*(?:input |prompt |context |de )?(?:tokens? kontext|tokens?|context|kontext)"
        rf"|(?:prompts?|inputs|requests?)\s*(?:of |with )?{_BOUND}(?!\w)(?:\s*tokens?)?"
        rf"|(?:输入|输出|入力)\s*{_BOUND}"
    ),
)


def band_spans(folded: str) -> list[tuple[int, int]]:
    """Where a folded text speaks of bands: their `input tokens` name no direction."""
    return [match.span() for pattern in _SPANS for match in pattern.finditer(folded)]


def is_band(text: str) -> bool:
    """Whether a label names nothing but a band: `>272K Context`, `Up to 32K tokens`."""
    folded = fold(text)
    for start, end in band_spans(folded):
        folded = folded[:start] + " " * (end - start) + folded[end:]
    return folded.strip(" ()[]:") == "" != text.strip()


def context_band(text: str) -> str:
    """A context band in one notation (`<272K`, `≤200K`, `long`); empty: the text states none."""
    folded = fold(text)
    if match := _INTERVAL.search(folded):
        low, high = match.group(1) or match.group(3), match.group(2)
        return f"{low}-{high}" if high else f"{low}+"
    if not _WORDS.search(folded) and not _STARTS.match(folded):
        return _between(folded) if re.search(r"[km]\b|token", folded) else ""
    if re.search(r"\blong\b|\blanger\b|\blargo\b|长上下文", folded):
        return "long"
    if re.search(r"\bshort\b|\bkurzer\b|\bcorto\b|短上下文", folded):
        return "short"
    return _between(folded) or _bounded(folded)


def output_band(text: str) -> str:
    """The band of the answer's length that stands beside one of the prompt's: `输入长度 [0, 32)
    输出长度 [0, 0.2)`; empty: none does.
    """
    folded = fold(text)
    match = _OUTPUT.search(folded)
    if match is None or not _INTERVAL.search(folded[: match.start()]):
        return ""
    low, high, more = match.groups()
    return f"{low}-{high}" if high else f"{low}+" if more or "," in match[0] else ""


def _between(folded: str) -> str:
    match = _TWO.search(folded)
    return f"{_count(match['from'])}-{_count(match['to'])}" if match else ""


def _bounded(folded: str) -> str:
    found = (m for m in _BAND.finditer(folded) if m["op"] or m["to"] or m["after"])
    match = next(found, None)
    if match is None:
        return ""
    first = _count(match["from"])
    if match["to"]:
        return f"{first}-{_count(match['to'])}"
    op = (match["op"] or match["after"]).strip()
    return _OPS.get(op, op) + first


def _count(text: str) -> str:
    return text.replace(" ", "").upper()
