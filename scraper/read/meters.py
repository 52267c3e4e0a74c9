"""What a heading meters: `Cached input (≤200K, batch)` is a meter and conditions.

A meter of an AI model is modality.direction[.cache]; of anything else the heading's own words
as a slug, without those of price and unit; `price` where nothing is left.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from scraper.model import Unit
from scraper.read.lexicon import fold, lexicon, slug
from scraper.read.names import context_band
from scraper.read.quantities import find_currency, find_unit

__all__ = ["TIMES", "Metered", "join_meter", "modality_of_section", "read_heading"]

_SIZE = re.compile(r"(?<![\w.])(\d{3,4})\s*[x×*]\s*(\d{3,4})(?![\w])|(?<!\w)(\d{3,4}p)(?!\w)", re.I)
_TTL = re.compile(r"(?<!\w)(\d+)[\s-]*(m|min|minutes?|h|hours?)(?!\w)")
_BAND_WORDS = re.compile(
    r"(?:[<>≤≥]=?|up to|over|above|under|more than|less than)\s*\d[\d.,]*\s*[km]?\s*"
    r"(?:input |prompt |context )?(?:tokens?|context)",
)
_BRACKETED = re.compile(r"[(（\[].*?[)）\]]")
TIMES = frozenset({"second", "minute", "hour", "day", "week", "month", "year"})
_TOKEN = re.compile(r"tokens?\b|トークン|令牌", re.I)


@dataclass(frozen=True, slots=True)
class Metered:
    """What one heading says of the figures under it."""

    modality: str = ""
    direction: str = ""
    cache: str = ""
    ttl: str = ""
    other: str = ""
    """Slug of what is left when everything known is taken away."""
    conditions: Mapping[str, str] = field(default_factory=dict)
    unit: Unit | None = None
    currency: str = ""
    priced: bool = False
    """Speaks of money in so many words."""

    @property
    def is_token_meter(self) -> bool:
        return bool(self.direction or self.cache)

    @property
    def says_something(self) -> bool:
        return bool(self.is_token_meter or self.priced or self.unit or self.currency)


def read_heading(text: str) -> Metered:
    """Take a heading of a column, a row or a group apart."""
    folded = fold(text)
    if not folded:
        return Metered()
    taken = [False] * len(folded)
    for band_words in _BAND_WORDS.finditer(folded):  # its `input tokens` are no direction
        start, end = band_words.span()
        taken[start:end] = [True] * (end - start)
    conditions: dict[str, str] = {}
    cache = _take(folded, taken, "cache")
    direction = _take(folded, taken, "direction")
    modality = (
        _take(folded, taken, "modality") if direction or cache or _TOKEN.search(folded) else ""
    )
    inside = [match.group()[1:-1] for match in _BRACKETED.finditer(text)]
    if band := next(filter(None, map(context_band, (text, *inside))), ""):
        conditions["context"] = band
    if match := _SIZE.search(folded):
        conditions["size"] = (
            f"{match.group(1)}x{match.group(2)}" if match.group(1) else match.group(3).lower()
        )
    if tier := _take(folded, taken, "tier"):
        conditions["tier"] = tier
    found = _stated_unit(_BAND_WORDS.sub(" ", fold(text)) if band else text)
    unit = found[0] if found else None
    ttl = _TTL.search(folded) if cache == "cache-write" else None
    priced = bool(lexicon("price").pattern.search(folded)) or "$" in text or "€" in text
    left = "".join(" " if gone else char for char, gone in zip(folded, taken, strict=True))
    return Metered(
        modality=modality,
        direction=direction,
        cache=cache,
        ttl=f"{ttl.group(1)}{ttl.group(2)[0]}" if ttl else "",
        other=_residue(left, found[1] if found else "", conditions),
        conditions=conditions,
        unit=unit,
        currency=find_currency(text),
        priced=priced,
    )


def join_meter(heading: Metered, modality: str) -> str:
    """The meter's name, with the modality that a row or a section adds."""
    modality = heading.modality or modality
    if not heading.is_token_meter:
        if modality and heading.other in ("", "price"):
            return f"{modality}.price"
        return heading.other or "price"
    direction = heading.direction or "input"
    parts = [modality, direction]
    if heading.cache and heading.cache != "cache-miss":
        parts.append(heading.cache)
    if heading.ttl:
        parts.append(heading.ttl)
    return ".".join(part for part in parts if part)


def modality_of_section(headings: tuple[str, ...]) -> str:
    """The modality that a heading like `Audio tokens` gives to all under it; empty: none."""
    for heading in reversed(headings):
        folded = fold(heading)
        if _TOKEN.search(folded) and (found := lexicon("modality").first(folded)):
            return found
    return ""


def _stated_unit(text: str) -> tuple[Unit, str] | None:
    """The unit a heading states; `Monthly price per cluster` states two that belong together."""
    found = (find_unit(text) or _counted_unit(text)) if text.strip() else None
    if found is None or found[0].things == ("unit",):
        return None
    unit, words = found
    if not TIMES.intersection(unit.things) and words in text:
        outside = _BRACKETED.sub(" ", text.replace(words, " ", 1))
        more = find_unit(outside) if outside.strip() else None
        if more and len(more[0].things) == 1 and more[0].things[0] in TIMES and more[0].count == 1:
            return Unit.of(*unit.things, *more[0].things, count=unit.count), words
    return unit, words


def _counted_unit(text: str) -> tuple[Unit, str] | None:
    """A count and a thing amid other words, as in scripts without spaces: `百万tokens输入`."""
    bare = _BRACKETED.sub(" ", text)
    for section in ("direction", "cache", "price"):
        bare = lexicon(section).pattern.sub(" ", fold(bare))
    inside = [match.group()[1:-1] for match in _BRACKETED.finditer(text)]
    for candidate in (*inside, bare.strip()):
        if re.search(r"\d|[百千万億亿]", candidate) and (found := find_unit(candidate)):
            return found
    return None


def _take(folded: str, taken: list[bool], section: str) -> str:
    """The first meaning of a section found in the text; all its words are taken away."""
    found = [hit for hit in lexicon(section).find(folded) if not any(taken[hit[1] : hit[2]])]
    for _, start, end in found:
        taken[start:end] = [True] * (end - start)
    if section == "cache":  # `cache miss` says more than `cache`
        meanings = [meaning for meaning, _, _ in found]
        return next((m for m in ("cache-miss", "cache-storage", "cache-write", "cached")
                     if m in meanings), "")  # fmt: skip
    return found[0][0] if found else ""


def _residue(left: str, unit_words: str, conditions: Mapping[str, str]) -> str:
    """What a heading says beyond price, unit and known words; remarks in brackets do not count."""
    if "context" in conditions:
        return ""
    outside = _BRACKETED.sub(" ", left)
    left = outside if outside.strip() else left
    if unit_words:
        left = left.replace(fold(unit_words), " ")
    if "size" in conditions:
        left = _SIZE.sub(" ", left)
    left = lexicon("price").pattern.sub(" ", left)
    left = lexicon("generic", "filler").pattern.sub(" ", left)
    left = re.sub(r"[$€£¥]|\b(hourly|monthly|yearly|annual(ly)?|daily)\b", " ", left)
    return slug(left)
