"""What a heading meters: `Cached input (≤200K, batch)` is a meter and conditions.

A meter of an AI model is modality.direction[.cache]; of anything else the heading's own words
as a slug, without those of price and unit; `price` where nothing is left.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from ratewire.model import PERIODS, Unit
from ratewire.read.bands import band_spans, context_band, output_band
from ratewire.read.dates import find_effective
from ratewire.read.lexicon import fold, lexicon, slug
from ratewire.read.quantities import find_currency, find_unit
from ratewire.read.stage_words import speaks_of_end
from ratewire.read.units import counted_thing, is_known

__all__ = [
    "NOTHING",
    "Metered",
    "is_measure",
    "is_meter_only",
    "is_price_only",
    "is_unit_only",
    "join_meter",
    "merge",
    "modality_of_section",
    "read_heading",
    "several_meters",
]

_FURTHER = re.compile(
    r"(?:\b(?:extra|additional|further|weitere[rs]?|zusätzliche[rs]?|adicional|supplémentaire)\s+"
    r"|追加)(?:[^\W\d]+ )?([^\W\d]+)$"
)
_SIZE = re.compile(r"(?<![\w.])(\d{3,4})\s*[x×*]\s*(\d{3,4})(?![\w])|(?<!\w)(\d{3,4}p)(?!\w)", re.I)
_TTL = re.compile(r"(?<!\w)(\d+)[\s-]*(m|min|minutes?|h|hours?)(?!\w)")
_IN_CURRENCY = re.compile(
    r"\b(?:tokens?|data|text) in\s+"
    r"(?=[$€£¥]|us\b|u\.s\.|(?!per\b)[a-z]{3}\b|(?:us )?dollars?\b|euros?\b)"
)
"""`Per 1M tokens in USD` is about no input."""
_UNNAMED = ("unit",)
_GROUPED = re.compile(r"\d{3}(?!\w)")
"""`1,000`, which is no size as `1K` may be."""
_THOUSAND = 1000
_SHORT = {"in": "input", "out": "output"}
"""As whole headings only."""
_LEAD = fold(
    r"up to|first|next|over|above|under|below|from|more than|less than|greater than|beyond|all|"
    r"[<>≤≥]=?|bis(?: zu)?|über|ab|von|erste[nr]?|nächste[nr]?|hasta|desde|de|más de|primer\w*|"
    r"siguiente\w*|jusqu['’]à|à partir de|plus de|até|mais de|fino a|oltre|da|do|od|ponad|powyżej|"
    r"nad|upp till|opp til|op til|inntil|från|fra|tot|vanaf|boven|до|от|свыше|более|від|понад|"
    r"van|meer dan|dès|acima de|mer enn|mer än|前|超过"
)
_COUNT = r"\d[\d.,]*\s*(?:[kmbt]|million|billion|thousand|万|亿)?\+?"
_NOUN = r"[^\W\d_]{1,16}"
_TO = fold(r"-|–|—|to|bis|a|tot|til|till|do|até|fino a|jusqu['’]à|до|至|到")
_MEASURE = re.compile(
    rf"(?:{_LEAD})?\s*{_COUNT}(?:\s*{_NOUN})?(?:\s*(?:{_TO})\s*{_COUNT}(?:\s*{_NOUN})?)?"
    rf"\+?(?:\s*(?:/|per)\s*{_NOUN})?"
)
_LONGEST_ASIDE = 24
_LONGEST = 400
"""Characters; what is longer is no heading, whatever stands in its place."""
_ONE = re.compile(r"(?:1|one|single)\s", re.I)
"""`1 ride` and `Single ride` are what one buys as well as its unit."""
_BRACKETED = re.compile(r"[(（\[].*?[)）\]]")
_ARTICLE_A = re.compile(
    r"\b((?:class|category|type|group|zone|tier|level|grade|series|kategorie|klasse|clase|zona"
    r"|classe|grupo) )a\b|(?<=\w )a(?=\s*$|\s*[(\[/,:])"
)
"""`Class A operations`, `Hall A`: no article, but a name."""
_NUMBERED = re.compile(r"[^\W\d]+ (?:\d{1,2}|[a-df-z]|i{1,3}|iv)")
_RATIO = re.compile(r"[(（]\s*([^\W\d_][\w-]*(?: [\w-]+)?\s*/\s*[^\W\d_]+)\s*[)）]")
_MORE = re.compile(r"\b(?:additional|extra)\b")
"""`Additional per TB`: where no more is said, what goes beyond is another meter."""
_AS_OF = re.compile(r"\bas of\b|\bupdated\b|\bstand\b")
"""A date that tells how new the page is."""
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


@lru_cache(maxsize=4096)
def read_heading(text: str) -> Metered:
    """Take a heading of a column, a row or a group apart. Headings and labels recur on a page."""
    if "_" in text and " " not in text.strip():  # `input_price` is words
        text = text.replace("_", " ")
    folded = fold(text)
    if not folded or len(folded) > _LONGEST:
        return NOTHING
    dated = find_effective(text) if not _AS_OF.search(folded) else None
    if dated and speaks_of_end(text):  # `Deprecated from July 2027` dates no price
        dated = None
    if dated and (dated.start, dated.end) != (0, len(text)):
        meant = read_heading(f"{text[: dated.start]} {text[dated.end :]}".strip(" ()[]"))
        days = (("effective_from", dated.effective_from), ("effective_to", dated.effective_to))
        said = {key: day.isoformat() for key, day in days if day}
        return replace(meant, conditions={**meant.conditions, **said})
    taken = [False] * len(folded)
    bands = band_spans(folded)
    in_currency = [match.span() for match in _IN_CURRENCY.finditer(folded)]
    for start, end in (*bands, *in_currency):  # their `input tokens` are no direction
        taken[start:end] = [True] * (end - start)
    conditions: dict[str, str] = {}
    cache = _take(folded, taken, "cache")
    direction = _SHORT.get(folded) or _take(folded, taken, "direction")
    modality = _modality(folded, taken) if direction or cache or _TOKEN.search(folded) else ""
    if cache == "cached" and lexicon("meter", "storage").search(folded):
        cache = "cache-storage"
    inside = [match.group()[1:-1] for match in _BRACKETED.finditer(text)]
    bounds = [f"context {folded[start:end]}" for start, end in bands]
    if band := next(filter(None, map(context_band, (text, *inside, *bounds))), ""):
        conditions["context"] = band
        if output := output_band(text):
            conditions["output"] = output
    if match := _SIZE.search(folded):
        conditions["size"] = (
            f"{match.group(1)}x{match.group(2)}" if match.group(1) else match.group(3).lower()
        )
    if tier := _take(folded, taken, "tier"):
        conditions["tier"] = tier
    found = _stated_unit(_without(folded, bands) if band else text)
    if found and found[0].things == _UNNAMED:  # `Input / 1M`, of tokens; but no `Price / 1K`
        found = _unnamed(*found, text, tokens=bool(direction or cache))
    unit = found[0] if found else None
    if direction and not unit and (unit := _further_thing(folded)):  # a fee for each of them
        return Metered(other=slug(_BRACKETED.sub(" ", folded)), conditions=conditions, unit=unit)
    ttl = _TTL.search(folded) if cache == "cache-write" else None
    priced = bool(lexicon("price").search(folded)) or "$" in text or "€" in text
    if priced and _NUMBERED.fullmatch(folded):  # `Tarif 2` is a plan
        return Metered(other=slug(text))
    left = (
        ""
        if folded in _SHORT
        else "".join(" " if gone else char for char, gone in zip(folded, taken, strict=True))
    )
    return Metered(
        modality=modality,
        direction=direction,
        cache=cache,
        ttl=f"{ttl.group(1)}{ttl.group(2)[0]}" if ttl else "",
        other=_residue(left, found[1] if found and not _ONE.match(found[1]) else "", conditions),
        conditions=conditions,
        unit=unit,
        currency=find_currency(text),
        priced=priced,
    )


NOTHING = Metered()
"""Of a text that says nothing of figures."""


def _unnamed(unit: Unit, words: str, text: str, *, tokens: bool) -> tuple[Unit, str] | None:
    """A count that names nothing: of tokens, of what the heading ends with (`Reads (per 1,000)`),
    or of whatever it meters; `Price per 1K` may speak of a size.
    """
    if unit.count < _THOUSAND:
        return None
    if tokens:
        return Unit.of("token", count=unit.count), words
    sized = lexicon("price").search(fold(text)) and not _GROUPED.search(words)
    if sized or not words[:1].isalpha():
        return None
    named = counted_thing(fold(_BRACKETED.sub(" ", text)).strip())
    return Unit.of(*(named.things if named else _UNNAMED), count=unit.count), words


def _without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def merge(upper: Metered, lower: Metered) -> Metered:
    """What two headings of one figure say together; the lower (or inner) one wins."""
    if upper is NOTHING:
        return lower
    if lower is NOTHING:
        return upper
    return Metered(
        modality=lower.modality or upper.modality,
        direction=lower.direction or upper.direction,
        cache=lower.cache or upper.cache,
        ttl=lower.ttl or upper.ttl,
        other="-".join(filter(None, dict.fromkeys((upper.other, lower.other)))),
        conditions={**upper.conditions, **lower.conditions},
        unit=lower.unit or upper.unit,
        currency=lower.currency or upper.currency,
        priced=upper.priced or lower.priced,
    )


def is_measure(text: str) -> bool:
    """A label that is a size or a range and names no product: `10MB`, `First 10 TB`, `10-100`."""
    return bool(_MEASURE.fullmatch(fold(text).strip(" →⇒=")))


def is_meter_only(text: str) -> bool:
    """A label that names no product but what is metered: `Input`, `Cached input tokens`."""
    meant = read_heading(text)
    return meant.is_token_meter and not meant.other


def is_price_only(text: str) -> bool:
    """A label that says that a price follows and nothing else: `Price`, `Kosten`."""
    meant = read_heading(text)
    says_more = meant.other or meant.unit or meant.conditions or meant.is_token_meter
    return meant.priced and not says_more


def is_unit_only(text: str) -> bool:
    """A label that says per what and nothing else: `Per managed machine, annual`, `Monthly`."""
    meant = read_heading(text)
    return meant.unit is not None and not (meant.other or meant.conditions or meant.is_token_meter)


@lru_cache(maxsize=1024)
def several_meters(text: str) -> tuple[str, ...]:
    """The meters of a heading that names more than one: `Input / Output (per 1M tokens)`,
    `Price [in/out]`.
    """
    inside = (match.group()[1:-1] for match in _BRACKETED.finditer(text))
    for words in (_BRACKETED.sub(" ", text), *inside):
        parts = tuple(part.strip() for part in re.split(r"[/|,+&、・]|\band\b", words))
        if len(parts) > 1 and all(map(is_meter_only, parts)):
            return parts
    return ()


def join_meter(heading: Metered, modality: str) -> str:
    """The meter's name, with the modality that a row or a section adds."""
    modality = heading.modality or modality
    if not heading.is_token_meter:
        if modality and heading.other in ("", "price") and heading.unit != Unit.of(modality):
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
    text = _SIZE.sub(" ", text)
    inside = _RATIO.search(text)
    if inside and not find_currency(inside.group(1)):  # `(workstation/year)`
        found = find_unit(f"per {inside.group(1)}")
        if found and PERIODS.intersection(found[0].things):
            return found[0], inside.group(1)
    found = (find_unit(text) or _counted_unit(text)) if text.strip() else None
    if found is None:
        return None
    unit, words = found
    if not PERIODS.intersection(unit.things) and words in text:
        outside = _BRACKETED.sub(" ", text.replace(words, " ", 1))
        more = find_unit(outside) if outside.strip() else None
        if (
            more
            and len(more[0].things) == 1
            and more[0].things[0] in PERIODS
            and more[0].count == 1
        ):
            return Unit.of(*unit.things, *more[0].things, count=unit.count), words
    return unit, words


def _further_thing(folded: str) -> Unit | None:
    """`Extra input image`, `Additional user`: for one of them."""
    match = _FURTHER.search(_BRACKETED.sub(" ", folded).strip())
    found = find_unit(f"per {match.group(1)}") if match else None
    if found is None or not is_known(found[0]) or PERIODS.intersection(found[0].things):
        return None
    return found[0]


def _counted_unit(text: str) -> tuple[Unit, str] | None:
    """A count and a thing amid other words, as in scripts without spaces: `百万tokens输入`."""
    bare = _BRACKETED.sub(" ", text)
    for section in ("direction", "cache", "price"):
        bare = lexicon(section).sub(" ", fold(bare))
    inside = [match.group()[1:-1] for match in _BRACKETED.finditer(text)]
    for candidate in inside:  # `On-demand (hourly)`
        if (found := find_unit(candidate)) and found[1] == candidate.strip():
            return found
    if lexicon("price").search(fold(text)) and (found := _unit_alone(inside)):
        return found
    for candidate in (*inside, bare.strip()):
        if re.search(r"\d|[百千万億亿]", candidate) and (found := find_unit(candidate)):
            return found
    return None


def _unit_alone(asides: Iterable[str]) -> tuple[Unit, str] | None:
    """`Price (GB-month)`: an aside that is a known unit and nothing else."""
    for aside in asides:
        found = find_unit(f"per {aside}") if len(aside) <= _LONGEST_ASIDE else None
        if found and is_known(found[0]) and found[1].removeprefix("per ") == aside.strip():
            return found[0], aside
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


def _modality(folded: str, taken: list[bool]) -> str:
    """The one modality that a heading names; of several (`text, image, video`) none."""
    kinds = {kind for kind, start, end in lexicon("modality").find(folded)
             if not any(taken[start:end])}  # fmt: skip
    found = _take(folded, taken, "modality")
    return found if len(kinds) == 1 else ""


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
    beyond = _MORE.search(left)
    more = slug(beyond.group()) if beyond else ""
    left, prices = lexicon("price").sub(" ", left), left
    if left != prices and lexicon("prose", "opening").exactly(left.strip()):
        return ""  # `Price from`
    left = _ARTICLE_A.sub(lambda match: f"{match[1] or ''}§", left)
    left = lexicon("generic", "filler").sub(" ", left).replace("§", "a")
    left = re.sub(r"\bin\s*$", " ", left)  # `in USD`
    left = re.sub(r"[$€£¥元円]|\b(hourly|monthly|yearly|annual(ly)?|daily)\b", " ", left)
    left = slug(left)
    return f"{more}-{left}" if more and left else left or more
