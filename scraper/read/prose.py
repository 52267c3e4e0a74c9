"""Prices in sentences, list items, definitions and cards: `$0.05 per hour, per container`.

A sentence gives a rate when it states an amount with what it is for, and nothing in it says that
the figure is an average, an example, a credit, a threshold or somebody else's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scraper.model import Evidence, Unit
from scraper.read.document import Text
from scraper.read.drafts import Draft, Standing
from scraper.read.lexicon import fold, lexicon, slug
from scraper.read.meters import TIMES, read_heading
from scraper.read.names import read_label
from scraper.read.page import Page, section_is_no_price_list
from scraper.read.quantities import Amount, find_amounts
from scraper.read.surroundings import heading_product, surrounding_conditions

__all__ = ["read_prose"]

_SENTENCE = re.compile(r"(?<=[.!?。！？])\s+(?=[A-Z\"'(*$€£¥À-Þ\u3040-\u9fff])|\n")
_LEAD = re.compile(
    r"^[\s•*·–-]*(?P<label>[^:：$€£¥]{2,60}?)(?:\s*[:：]\s*|\s+[–—-]\s+(?=\W*$|from\b|starting\b))"
)
_VERB = re.compile(
    r"^(?P<subject>.{3,70}?)\s+(?:is|are|costs?|starts?|priced|billed|charged|available|begins?|kostet|"
    r"kosten|cuesta|cuestan)\b",
    re.I,
)
_PRICING_VERB = re.compile(
    r"\b(costs?|priced?|pricing|billed|invoiced|sold|offered|charged?|rate of|fees?|pay|"
    r"available .* for|kostet|kosten|cuesta|cobra)\b|^\W*[$€£¥]|料金|价格|费用",
    re.I,
)
_FREE_PART = re.compile(r"\bfirst\b.*\bfree\b|\bfree\b.*\b(then|after)\b|\bincluded\b", re.I)
_NAMED_BRACKET = re.compile(
    r"(?P<name>[A-Z][\w+-]*(?:\s+[A-Z0-9][\w+-]*){0,3})\s*\((?:starting at|from|starts at)?\s*$"
)
_QUESTION = re.compile(r"[?？]\s*$")
_ARTICLE = re.compile(
    r"^(?:the|a|an|each|every|all|our|any|additional|der|die|das|el|la|los|las)\s+", re.I
)
_NO_SUBJECT = re.compile(
    r"\d|\b(you|we|it|this|that|they|there|which|what|usage|beyond|pricing|price|cost|charge)\b",
    re.I,
)
_TWO_METERS = re.compile(r"\binput\s*(?:/|and|or)\s*output\b", re.I)
"""`$2/$10 per million input/output tokens` tells two prices and not of what."""
_LONGEST = 60
"""Words; a longer sentence tells a story."""


def read_prose(at: int, page: Page) -> Iterator[Draft]:
    """The rates in the text at block `at` of the page."""
    block = page.document.blocks[at]
    assert isinstance(block, Text)
    if block.hidden and not block.panes:
        return
    if not find_amounts(block.text) or section_is_no_price_list(block.headings):
        return
    for sentence in _SENTENCE.split(block.text):
        for stated in _stated(sentence, block):
            if draft := _draft(stated, block, page):
                yield draft
    yield from _card(at, block, page)


@dataclass(frozen=True, slots=True)
class _Stated:
    """An amount that a sentence states as a price."""

    amount: Amount
    unit: Unit
    label: str
    """What the sentence says is priced; empty: the heading does."""
    sentence: str


def _stated(sentence: str, block: Text) -> Iterator[_Stated]:
    if len(sentence.split()) > _LONGEST:
        return
    amounts = [amount for amount in find_amounts(sentence) if not amount.struck]
    if not amounts or _is_no_price(sentence):
        return
    shared = next((a for a in reversed(amounts) if a.unit), None)
    end = 0
    for number, amount in enumerate(amounts):
        before = sentence[end : amount.start]
        end = max(amount.end, amount.unit_end)
        named = _NAMED_BRACKET.search(before)
        if amount.qualifier in ("about", "up to") or (before.rstrip().endswith("(") and not named):
            continue
        unit = amount.unit
        if (
            unit is None
            and shared
            and sentence[amount.end : shared.start].strip() in ("/", "or", "and")
        ):
            unit = shared.unit
        if unit is None or _TWO_METERS.search(amount.unit_text):
            continue
        if number and amounts[0].unit and _restates(before):
            continue
        label = named.group("name") if named else _subject(sentence, amounts, number, block)
        if label is None:
            continue
        yield _Stated(amount, unit, label, sentence)


def _restates(between: str) -> bool:
    """`$0.50 per hour, or $360 per month`: the same price once more."""
    again = r"\s*[,;(=]?\s*(?:or|i\.e\.|that is|equivalent to)\s*|.*\bfor\s*"
    return bool(re.fullmatch(again, between, re.I | re.S))


def _is_no_price(sentence: str) -> bool:
    return bool(lexicon("not_a_rate", "sentence").pattern.search(fold(sentence)))


def _subject(sentence: str, amounts: Sequence[Amount], number: int, block: Text) -> str | None:
    """What is priced, in the sentence's words; empty for the heading's; None: no price at all."""
    amount = amounts[number]
    start = 0 if number == 0 else max(amounts[number - 1].end, amounts[number - 1].unit_end)
    before = sentence[start : amount.start]
    if lead := _LEAD.match(before):
        rest = before[lead.end() :].strip(" *_(")
        if not rest or _FREE_PART.search(rest) or len(rest.split()) <= 6:
            return lead.group("label").strip(" *_`")
    bare = before.strip(" *_`-–•(")
    if not bare or fold(bare) in (
        "additional",
        "then",
        "only",
        "just",
        "from",
        "starting at",
        "plus",
    ):
        return block.label if block.kind in ("dd", "li") and len(block.label.split()) <= 8 else ""
    if number and re.fullmatch(r"[,;/&]|and|or", bare):
        return ""
    if verb := _VERB.match(before):
        subject = _ARTICLE.sub("", verb.group("subject").strip(" *_`"))
        if len(subject.split()) <= 8 and not _NO_SUBJECT.search(subject):
            return subject
        return ""
    if number:
        listed = re.match(r"[,;/|]\s*(?:and |or )?", before.lstrip())
        plain = re.sub(r"^[,;/|\s]*(?:and |or )?", "", bare)
        return (
            plain if listed and len(plain.split()) <= 6 and not _NO_SUBJECT.search(plain) else None
        )
    if _PRICING_VERB.search(sentence) or block.kind in ("li", "dd"):
        return ""
    return None


def _draft(stated: _Stated, block: Text, page: Page) -> Draft | None:
    heading_label, heading = heading_product(block, page)
    conditions, spare = surrounding_conditions(block, page)
    meter, label, product = "price", heading_label, heading
    own: dict[str, str] = {}
    if stated.label:
        if lexicon("not_a_rate", "label").pattern.search(fold(stated.label)):
            return None
        meant = read_heading(stated.label)
        if meant.is_token_meter or (meant.priced and meant.other):
            direction = (
                [meant.modality, meant.direction or "input", meant.cache]
                if meant.is_token_meter
                else []
            )
            meter = ".".join(filter(None, direction)) or meant.other
        elif meant.priced and not meant.other:
            pass
        elif tier := lexicon("tier").exactly(stated.label):
            own["tier"] = tier
        else:
            named = read_label(stated.label, page.aliases, page.day)
            if not named.products or not named.products[0]:
                return None
            label, product = named.names[0], named.products[0]
            own.update(named.conditions)
    if _QUESTION.search(heading_label) and product == heading:
        product, label = _of_question(block, page) or (product, label)
    if not product:
        return None
    period = next((thing for thing in stated.unit.things if thing in TIMES), "")
    words = stated.sentence[: stated.amount.start]
    spares = [("period", period)] if period else []
    if block.kind == "li" and block.label and block.label != label:
        spares.insert(0, ("group", slug(_item_name(block.label))))
    spares += [("unit", slug(str(stated.unit))), *spare, ("words", _gist(words, stated.sentence))]
    amount = stated.amount
    sentence = " ".join(stated.sentence.split())
    return Draft(
        product=product,
        label=label,
        meter=meter,
        amount=amount.value,
        currency=amount.currency or page.currency or "USD",
        unit=stated.unit,
        evidence=Evidence(
            excerpt=sentence if len(sentence) <= 240 else sentence[:239] + "…",
            where=" › ".join((*block.headings[-2:], label)),
            rules=("prose: sentence", f"unit: {amount.unit_text or 'shared'}"),
        ),
        standing=Standing.PROSE,
        conditions={**conditions, **own},
        spare=tuple(spares),
        qualifier=amount.qualifier,
        upper=amount.upper,
    )


def _of_question(block: Text, page: Page) -> tuple[str, str] | None:
    """Under a question the heading above it names the product."""
    for heading in reversed(block.headings[:-1]):
        if not _QUESTION.search(heading) and not lexicon("generic", "heading").exactly(heading):
            label = read_label(heading, page.aliases, page.day)
            if label.products and label.products[0]:
                return label.products[0], label.names[0]
    return None


def _item_name(text: str) -> str:
    """What a list item names: its words before a colon or a dash, if they are few."""
    name = re.split(r"[:：]|\s[–—-]\s", text)[0].strip(" *_`")
    return name if len(name.split()) <= 6 else ""


def _gist(before: str, sentence: str) -> str:
    """A few telling words of the sentence, the last resort to tell two prices apart."""
    words = re.findall(r"[^\W\d_]{4,}", fold(before)) or re.findall(r"[^\W\d_]{4,}", fold(sentence))
    return "-".join(words[:3])


def _card(at: int, block: Text, page: Page) -> Iterator[Draft]:
    """A price that stands alone, its unit in the next line: `$20` over `per seat / month`."""
    amounts = find_amounts(block.text)
    alone = len(amounts) == 1 and not re.sub(
        r"\W", "", block.text[: amounts[0].start] + block.text[amounts[0].end :]
    )
    if not alone or amounts[0].unit or at + 1 >= len(page.document.blocks):
        return
    following = page.document.blocks[at + 1]
    if not isinstance(following, Text) or following.headings != block.headings:
        return
    if not re.match(r"^\s*(/|per\b|pro\b|por\b|par\b|每|毎|a month|a year)", following.text, re.I):
        return
    joined = f"{block.text} {following.text.splitlines()[0]}"
    found = find_amounts(joined)
    if found and found[0].unit and len(following.text.split()) <= 12:
        stated = _Stated(found[0], found[0].unit, "", joined)
        if draft := _draft(stated, block, page):
            yield draft
