"""In which currencies a page prints its prices: what it states, what it uses, where it stands."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from urllib.parse import urlsplit

from ratewire.read.accounts import unit_of_account
from ratewire.read.currencies import money
from ratewire.read.document import Block, Document, Table, Text
from ratewire.read.lexicon import has_any
from ratewire.read.quantities import Amount, find_amounts, find_currency
from ratewire.read.statements import sentences
from ratewire.read.tongue import nordic, tags

__all__ = ["Currencies", "page_currencies"]

_HAN, _KANA = re.compile("[\u4e00-\u9fff]"), re.compile("[\u3040-\u30ff]")
_LONGEST_STATEMENT = 45
"""Words; in a longer paragraph a currency is one of many things."""
_ASIDE = re.compile(r"[(（](?:in\s)?[^\W\d]{1,12}\.?[)）]|[(（]\s?[$€£¥₽₹]\s?[)）]", re.I)
"""`(USD)`, `(руб.)`: a line that names a currency and nothing else."""
_ROWS = 200
"""Rows of a table that are looked at: prices of one table are in one currency."""
_ENOUGH = 4
"""One amount with a code for so many with a bare sign says what the sign means."""
_OPEN = {mark: re.compile(rf"(?<![\d.,])[1-9]\d{{0,2}}\{mark}\d{{3}}(?![\d.,])") for mark in ".,"}
"""A number in which this mark may group or divide."""
_ROUND = re.compile(r"[,]\d00(?![\d.,])")
"""What is written in full hundreds is no fraction."""
_DIVIDING_POINT = re.compile(r"\.\d{1,2}(?![\d.,])|(?<![\d.,])0\.\d|\d,\d{3}(?!\d)")
_DIVIDING_COMMA = re.compile(r"\d,\d{1,2}(?![\d.,])|(?<![\d.,])0,\d")


_REGISTRIES = ("com", "gov", "gob", "net", "org", "edu")
"""Before the end of an address they make it one of its country: `.com.co`."""


@dataclass(frozen=True, slots=True)
class Currencies:
    """A page's currencies (ISO 4217), or a vendor's own unit of account (`DBU`)."""

    main: str = ""
    """Of numbers that carry none; empty: unknown."""
    meant: tuple[str, ...] = ()
    """What a sign of several currencies may mean on this page, the surest first."""
    stated: bool = False
    """The page says in so many words in which currency its prices are."""
    grouping: str = ""
    """The mark in its numbers that groups thousands where three digits leave it open: a point in
    `€1.200`, a comma in `8,000 kr`; empty: as the currency has it.
    """

    def settle(self, amount: Amount) -> Amount:
        """An amount whose sign or number leaves it open what it means, as the page means it."""
        if self.grouping and _OPEN[self.grouping].search(amount.text):
            amount = replace(
                amount,
                value=_as_grouped(amount.value),
                upper=amount.upper and _as_grouped(amount.upper),
            )
        if not amount.currency:
            return replace(amount, currency=self.main or next(iter(self.meant), ""))
        if not amount.ambiguous:
            return amount
        code = money().settled(amount.currency, self.meant)
        return replace(amount, currency=code, ambiguous=code == amount.currency)

    def named(self, text: str) -> str:
        """The currency that a heading names, its bare sign read as the page means it."""
        return find_currency(text, self.meant)


def page_currencies(document: Document, url: str, given: str = "") -> Currencies:
    """Look the page over. `given`: what the owner says of it, which outranks everything."""
    clear, bare, numbers = Counter[str](), Counter[str](), list[str]()
    for text in _texts(document.blocks):
        for amount in find_amounts(text):
            (bare if amount.ambiguous else clear)[amount.currency] += 1
            numbers.append(amount.text)
    stated = _stated(document)
    hints = (given, *stated, *_used(clear, bare), *_of_the_place(document, url))
    meant = tuple(dict.fromkeys(filter(None, hints)))
    for code, count in bare.items():
        clear[money().settled(code, meant)] += count
    clear.pop("", None)
    most = clear.most_common(1)
    account = unit_of_account(_all_remarks(document))
    main = next(filter(None, (given, account, *stated)), most[0][0] if most else "")
    grouping = _grouping(numbers, next(tags(document, url), ("", "")))
    return Currencies(main, meant, bool(given or account or stated), grouping)


def _grouping(numbers: Sequence[str], tongue: tuple[str, str]) -> str:
    """The mark that groups thousands, as a page's own numbers, or else its language, say."""
    divides = any(map(_DIVIDING_COMMA.search, numbers))
    if any(map(_OPEN["."].search, numbers)) and not any(map(_DIVIDING_POINT.search, numbers)):
        data = money().data
        groups = tongue[0] in data["comma_tongues"] and tongue[1] not in data["point_regions"]
        return "." if divides or groups else ""
    commas = [number for number in numbers if _OPEN[","].search(number)]
    return "," if commas and not divides and all(map(_ROUND.search, commas)) else ""


def _as_grouped(value: Decimal) -> Decimal:
    """`1.200`, read as one and a fifth, as the thousands that it means; others as they are."""
    return Decimal(int(value * 1000)) if value.as_tuple().exponent == -3 else value


def _stated(document: Document) -> list[str]:
    """What is said of the prices: `All prices in Australian dollars`; the most often first."""
    found: Counter[str] = Counter()
    for text in dict.fromkeys(_remarks(document)):
        about = has_any(text, "price", "words") or has_any(text, "prose", "currency")
        about = about or bool(_ASIDE.fullmatch(text.strip()))
        if len(text.split()) > _LONGEST_STATEMENT or not about:
            continue
        if not find_amounts(text) and (code := find_currency(text, sure=True)):
            found[code] += 1
    return [code for code, _ in found.most_common()]


def _remarks(document: Document) -> Iterator[str]:
    yield document.title
    for block in document.blocks:
        yield from block.headings
        if isinstance(block, Text):
            yield block.text
        elif isinstance(block, Table):
            yield block.grid.caption


def _all_remarks(document: Document) -> Iterator[str]:
    """The sentences of all remarks, and the heads of the tables."""
    for remark in _remarks(document):
        yield from sentences(remark)
    for block in document.blocks:
        if isinstance(block, Table):
            heads = block.grid.rows[: block.grid.head_rows]
            yield from (cell.line for row in heads for cell in row)


def _used(clear: Mapping[str, int], bare: Mapping[str, int]) -> Iterator[str]:
    """What the amounts with a code tell of those with a bare sign: `100 kr` beside `1500 NOK`.

    A sign that nearly always means one currency takes more than one code to mean another.
    """
    words = money()
    for default, count in bare.items():
        members = [code for code in words.members(default) if clear.get(code)]
        members.sort(key=lambda code: -clear[code])
        vague = default in words.data["vague"]
        if members and (vague or (default not in members and clear[members[0]] * _ENOUGH >= count)):
            yield members[0]


def _of_the_place(document: Document, url: str) -> Iterator[str]:
    """What a bare sign means in the page's country and language."""
    words = money()
    stated = tuple(tags(document, url))
    for tongue, region in stated:
        if tongue in ("en", "fr") and region in words.countries:
            yield words.countries[region]
    *_, second, ending = ("", *(urlsplit(url).hostname or "").split("."))
    sold_anywhere = ending in words.data["sold_anywhere"] and second not in _REGISTRIES
    if ending in words.countries and not sold_anywhere:
        yield words.countries[ending]
    for tongue, _ in stated:
        if tongue in words.languages:
            yield words.languages[tongue]
    if not document.language:
        if _is_chinese(document):
            yield words.languages["zh"]
        if tongue := nordic(_texts(document.blocks)):
            yield words.languages[tongue]


def _is_chinese(document: Document) -> bool:
    """Whether a yen sign on this page means renminbi."""
    words = "".join([document.title, *_texts(document.blocks[:80])])
    if words.isascii():
        return False
    han, kana = len(_HAN.findall(words)), len(_KANA.findall(words))
    return han > 20 and kana * 20 < han


def _texts(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Text):
            yield block.text
        elif isinstance(block, Table):
            for row in block.grid.rows[:_ROWS]:
                yield from (cell.text for cell in row)
