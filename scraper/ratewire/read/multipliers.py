"""What prices are multiplied by: `The Batch API offers a 50% discount on input and output tokens`,
`US-only inference incurs a 1.1x multiplier on all token prices`.

Only where one sentence names the share or factor and says that prices are meant by it; sales and
savings are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from ratewire.model import Conditions, Evidence, Multiplier, marks_of
from ratewire.read.document import Text
from ratewire.read.lexicon import fold, has_any, lexicon
from ratewire.read.numerals import NUMERAL, has_digit, parse_numeral, plain_characters
from ratewire.read.page import PageContext, section_is_no_price_list
from ratewire.read.shares import PERCENT, speaks_of_share
from ratewire.read.statements import sentences
from ratewire.read.surroundings import heading_product

__all__ = ["read_multipliers"]

_FACTOR = re.compile(
    rf"(?<![\w.,])(?:(?P<x>{NUMERAL})\s?[x×](?!\s?\d|\w)|[x×]\s?(?P<by>{NUMERAL})(?!\w))"
)
_SHARE = re.compile(PERCENT, re.IGNORECASE)
_OF = re.compile(
    r"[\s*_]*(?:of|des|der|vom|von|del|de la|du)\s+(?:the\s+|de\s+|los\s+)?"
    r"(?:standard|regular|normal|base|list|usual|input|output|on-demand|regulären|estándar)\b",
    re.IGNORECASE,
)
_LOOSE = re.compile(r"(?:[~≈]|\d\s?[-–—])\s?$")
"""Of a range or a guess: `2-5x`, `~10x`."""
_USUAL = ("standard", "on-demand", "pay-as-you-go")
"""What is multiplied."""
_LONGEST = 45
_NEAR = 4
"""Words after a share that say whether it is less or more."""


def read_multipliers(at: int, page: PageContext) -> Iterator[Multiplier]:
    """The multipliers in the text at block `at` of the page."""
    block = page.document.blocks[at]
    assert isinstance(block, Text)
    if block.hidden or section_is_no_price_list(block.headings):
        return
    if not has_digit(block.text) or not _states_one(plain_characters(block.text)):
        return
    for sentence in sentences(block.text):
        factor = _factor(sentence)
        if factor is not None:
            yield _multiplier(factor, sentence, block, page)


def _factor(sentence: str) -> Decimal | None:
    """The one factor that a sentence puts on prices; None: it states none, or several."""
    text = plain_characters(sentence)
    if not _states_one(text):
        return None
    if len(sentence.split()) > _LONGEST or has_any(sentence, "multiplier", "not"):
        return None
    if not has_any(sentence, "multiplier", "prices"):
        return None
    found = [*_factors(text), *_shares(text)]
    return found[0] if len(found) == 1 and found[0] != 1 else None


def _states_one(text: str) -> bool:
    """The cheap first look."""
    share = speaks_of_share(text) and _SHARE.search(text)
    return bool(share or (("x" in text or "×" in text) and _FACTOR.search(text)))


def _factors(text: str) -> Iterator[Decimal]:
    for match in _FACTOR.finditer(text):
        value = parse_numeral(match["x"] or match["by"])
        after = " ".join(text[match.end() :].split()[:_NEAR])
        said = has_any(after, "multiplier", "words") or has_any(after, "price", "words")
        loose = _LOOSE.search(text[: match.start()])
        if value is not None and said and not loose and 0 < value <= 100:
            yield value


def _shares(text: str) -> Iterator[Decimal]:
    for match in _SHARE.finditer(text):
        share = parse_numeral(match["share"])
        if share is None or not 0 < share < 1000:
            continue
        after = " ".join(text[match.end() :].split()[:_NEAR])
        if has_any(after, "multiplier", "less"):
            if share < 100:
                yield 1 - share / 100
        elif has_any(after, "multiplier", "more"):
            yield 1 + share / 100
        elif _OF.match(text, match.end()):
            yield share / 100


def _multiplier(factor: Decimal, sentence: str, block: Text, page: PageContext) -> Multiplier:
    named = page.named_in(sentence)
    if len(named) == 1 and not block.headings:
        ((label, product),) = named
    else:
        label, product = heading_product(block, page)
    tiers = [tier for tier, *_ in lexicon("tier").find(fold(sentence)) if tier not in _USUAL]
    conditions = {"tier": tiers[0]} if tiers else {}
    line = " ".join(sentence.split())
    return Multiplier(
        product,
        factor.normalize() if factor != factor.to_integral() else factor.quantize(Decimal(1)),
        Conditions.of(conditions),
        label,
        Evidence(line if len(line) <= 240 else line[:239] + "…", " › ".join(block.headings[-2:]),
                 ("prose: multiplier",), marks_of((sentence,))),
    )  # fmt: skip
