"""Fees: shares of a value, alone or with a fixed part, in cells and in sentences.

A percentage is a fee where the page's words say so (`terms.toml`, [fee]); with an amount added to
it (`2.9% + $0.30`) it is one anyhow. Discounts, taxes, uptimes and the like are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from ratewire.model import Evidence, Unit
from ratewire.read.document import Block, Text
from ratewire.read.drafts import Draft, Precedence
from ratewire.read.figures import Spot
from ratewire.read.lexicon import fold, has_any, lexicon, slug
from ratewire.read.names import read_label
from ratewire.read.numerals import has_digit, parse_numeral, plain_characters
from ratewire.read.page import PageContext, section_is_no_price_list
from ratewire.read.quantities import Amount, find_amounts
from ratewire.read.shares import PERCENT, speaks_of_share
from ratewire.read.statements import sentences
from ratewire.read.surroundings import heading_product, surrounding_conditions
from ratewire.read.units import unit_after
from ratewire.read.vocabulary import key, vocabulary

__all__ = [
    "Fee",
    "condition_of",
    "fee_draft",
    "find_fees",
    "read_fees",
    "speaks_of_fees",
    "unit_of_fee",
]

_SHARE = re.compile(PERCENT, re.IGNORECASE)
_SIGN = re.compile(r"[-−+]\s?$")
_RANGE = re.compile(r"\d\s?%?\s?[-–—~]\s?$|[<>≤≥]=?\s?$")
"""Of a range or a bound: `2–4%`, `≥0.5%`."""
_TO = re.compile(r"\s?(?:[-–—~]|to\b|bis\b|a\b)\s?\d")
_OFF = re.compile(r"\s*(?:off|less|more|lower|higher|weniger|mehr|menos|más)\b", re.I)
_OF = re.compile(
    r"\s*(?:of|on|des|der|vom|von|del|de la|du|av|van)\s+(?:the\s+|each\s+|every\s+)?([^\W\d]+)",
    re.I,
)
_WORKED_OUT = re.compile(r"[=≈×*]|\sx\s|%\s?\+\s?\d[\d.,]*\s?%")
"""`0.1 x 95% ≈ 1,580`, `4% + 1.5% + $0.40`: a sum."""
_LEAD = re.compile(r"^[\s*_•·–-]*(?P<label>[^:：%]{2,60}?)\s*[*_]*[:：]\s*[*_+\s]*$")
_LONGEST = 60
"""Words of a sentence that states a fee."""
_SHORT = 10
"""Words of a line under a heading of fees that is one of them."""
_NEAR = 6
"""Words between a word for a fee and its share."""
_ARTICLE = re.compile(
    r"^(?:the|a|an|all|each|every|n\.b\.:?|note:?|der|die|das|el|la|les?)\s+", re.I
)
_PRONOUN = re.compile(
    r"\b(?:we|you|it|they|this|that|these|there|our|your|wir|sie|es|nosotros|nous|vous)\b", re.I
)
_NAME = 4
"""Words of what is charged, not of a product."""
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_EACH = Unit.of("unit")


@dataclass(frozen=True, slots=True)
class Fee:
    """A share, with the amount on top of it; `amount.percent` is never None."""

    amount: Amount
    negative: bool = False
    """A rebate."""

    @property
    def percent(self) -> Decimal:
        assert self.amount.percent is not None
        return -self.amount.percent if self.negative else self.amount.percent


def find_fees(text: str) -> tuple[Fee, ...]:
    """The percentages in a text, with what is added to them, in order; not whether they are fees.
    Ranges (`2–4%`) and what is off, more or less are none.
    """
    if not speaks_of_share(text) or not has_digit(text):
        return ()
    folded = plain_characters(text)
    if not _SHARE.search(folded) or _WORKED_OUT.search(folded):
        return ()
    joined = [amount for amount in find_amounts(text) if amount.percent is not None]
    found = [Fee(amount) for amount in joined]
    for match in _SHARE.finditer(folded):
        start, end = match.span()
        share = parse_numeral(match["share"])
        if share is None or share >= 100 or any(a.start <= start < a.end for a in joined):
            continue
        before = folded[max(start - 4, 0) : start]
        if _RANGE.search(before) or _TO.match(folded, end) or _OFF.match(folded, end):
            continue
        sign = _SIGN.search(before)
        negative = bool(sign and sign[0][0] != "+" and _stands_alone(before, sign.start()))
        amount = Amount(Decimal(0), "", start, end, text[start:end], percent=share)
        if after := unit_after(folded, end, priced=True):
            amount = replace(amount, unit=after[0], unit_end=after[1])
        found.append(Fee(amount, negative))
    return tuple(sorted(found, key=lambda fee: fee.amount.start))


def _stands_alone(before: str, at: int) -> bool:
    return not before[:at].strip() or before[at - 1].isspace()


def speaks_of_fees(*texts: str) -> bool:
    """Whether any text has a word for a fee, and none a word that says otherwise."""
    return any(has_any(text, "fee", "words") for text in texts) and not _says_otherwise(*texts)


def _says_otherwise(*texts: str) -> bool:
    return any(has_any(text, "fee", "not") for text in texts)


def unit_of_fee(fee: Fee, text: str, label: str) -> Unit:
    """What it is charged on: `per payout`, `of each transaction`, `Transaction fee`."""
    if fee.amount.unit is not None:
        return fee.amount.unit
    of = _OF.match(text, fee.amount.end)
    folded = fold(label)
    word = lexicon("fee", "words").search(folded)
    nouns = [*([of[1]] if of else []), *(folded[: word.start()].split()[-1:] if word else [])]
    things = (vocabulary().things.get(key(noun)) for noun in nouns)
    return next((Unit.of(thing) for thing in things if thing), _EACH)


# ── In sentences ─────────────────────────────────────────────────────────────────────────────


def read_fees(at: int, page: PageContext) -> Iterator[Draft]:
    """The fees in the text at block `at` of the page."""
    block = page.document.blocks[at]
    assert isinstance(block, Text)
    if not speaks_of_share(block.text) or (block.hidden and not block.panes):
        return
    if section_is_no_price_list(block.headings):
        return
    for sentence in sentences(block.text):
        fees = find_fees(sentence)
        if not fees or len(sentence.split()) > _LONGEST or _says_otherwise(sentence):
            continue
        stated = False
        for number, fee in enumerate(fees):
            start = fees[number - 1].amount.end if number else 0
            end = fees[number + 1].amount.start if number + 1 < len(fees) else len(sentence)
            before = sentence[start : fee.amount.start]
            after = sentence[max(fee.amount.end, fee.amount.unit_end) : end]
            stated = (
                fee.amount.currency != ""
                or (stated and bool(condition_of(after)))
                or _is_fee(before, after, sentence, block)
            )
            if stated:
                yield _of_sentence(fee, before, after, sentence, block, page)


def _is_fee(before: str, after: str, sentence: str, block: Text) -> bool:
    lead = " ".join(before.split()[-_NEAR:])
    of = " ".join(after.split()[:_NEAR]) if _OF.match(after) else ""
    if has_any(of, "price", "words") and not has_any(of, "fee", "words"):
        return False  # `10% of the standard input price`
    follows = "" if _OF.match(after) else " ".join(after.split()[:3])
    if has_any(lead, "fee", "words") or has_any(follows, "fee", "words"):
        return True
    if _OF.match(after) and has_any(lead, "prose", "priced"):  # `priced at 50% of the plan`
        return True
    above = (*block.headings[-2:], block.label)
    return len(sentence.split()) <= _SHORT and speaks_of_fees(*above)


def _of_sentence(
    fee: Fee, before: str, after: str, sentence: str, block: Text, page: PageContext
) -> Draft:
    label, product, meter = _subject(before, block, page)
    condition = condition_of(after)
    conditions, spare = surrounding_conditions(block, page)
    words = slug(_EDGES.sub("", sentence))[:60]
    return fee_draft(
        fee, product, label, meter,
        unit=unit_of_fee(fee, sentence, f"{label} {before}"),
        conditions={**conditions, **({"for": condition} if condition else {})},
        excerpt=" ".join(sentence.split()), block=block, page=page,
        spare=(*spare, ("words", words)),
        spot=Spot(-1, (-1, -1), fee.amount.text), standing=Precedence.PROSE,
    )  # fmt: skip


def _subject(before: str, block: Text, page: PageContext) -> tuple[str, str, str]:
    """(label, product id, meter): what stands before a colon or a verb names a product, or as
    `Transaction fee` what is charged for the heading's product.
    """
    lead = _LEAD.match(before)
    name = lead["label"] if lead else ""
    if not name:
        bare = " ".join(before.split())
        verb = next(iter(lexicon("fee", "verb").find(fold(bare))), None)
        words = bare[: verb[1]].split() if verb and len(bare) == len(fold(bare)) else []
        name = " ".join(words) if len(words) <= 6 else ""
    name = _ARTICLE.sub("", _EDGES.sub("", name))
    if _PRONOUN.search(name):
        name = ""
    label = read_label(name, page.aliases, page.day) if name else None
    if label and label.products and label.products[0] and not _is_fee_name(name):
        return label.names[0], label.products[0], "fee"
    return *heading_product(block, page), meter_of_fee(name)


def _is_fee_name(name: str) -> bool:
    """`Transaction fee`, `Frais de transaction`: what is charged, and for no product."""
    return len(name.split()) <= _NAME and name[-1].isalpha() and has_any(name, "fee", "words")


def meter_of_fee(name: str) -> str:
    """`transaction` of `Transaction fees`; `fee` where no more is said."""
    folded = fold(name)
    word = lexicon("fee", "words").search(folded)
    if not word:
        return slug(name) or "fee"
    whole = word.end() - word.start() > 2 * len(folded) / 3  # `Transaktionsgebühr`
    return slug(name if whole else folded[: word.start()] + folded[word.end() :]) or "fee"


def condition_of(after: str) -> str:
    """`for International Customers`, as an id without its first word; empty: none is said."""
    folded = fold(after).lstrip(" *_,")
    word = lexicon("fee", "on").match(folded)
    if not word:
        return ""
    rest = re.split(r"[.;。]|,? (?:plus|and|und|y|et) $", folded[word.end() :])[0]
    return slug(rest)[:60].strip("-")


# ── Drafts ───────────────────────────────────────────────────────────────────────────────────


def fee_draft(
    fee: Fee, product: str, label: str, meter: str, *, unit: Unit, conditions: Mapping[str, str],
    excerpt: str, block: Block, page: PageContext, spare: tuple[tuple[str, str], ...] = (),
    spot: Spot | None = None, standing: Precedence = Precedence.SHOWN, origin: int = -1,
) -> Draft:  # fmt: skip
    """A fee as a draft; `excerpt` is the page's own line."""
    kind = "prose: fee" if standing is Precedence.PROSE else "table: fee"
    amount = fee.amount
    return Draft(
        product=product,
        label=label,
        meter=meter,
        amount=amount.value,
        currency=amount.currency or (page.currency if amount.value else ""),
        unit=unit,
        evidence=Evidence(
            excerpt=excerpt if len(excerpt) <= 240 else excerpt[:239] + "…",
            where=" › ".join((*block.headings[-2:], label)),
            rules=(kind,),
        ),
        standing=standing,
        conditions=conditions,
        spare=spare,
        qualifier=amount.qualifier,
        origin=origin,
        spot=spot,
        percent=fee.percent,
    )  # fmt: skip
