"""Amounts of money in a page's text, with what they are for: the page's words to exact facts.

Pure and quick: a text without a digit or without a word for money is left at once. The words
and signs are data (units.toml); `units.py` reads what an amount is for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, lru_cache
from typing import Literal

from ratewire.model import PERIODS, Unit
from ratewire.read.bounds import LONGEST_TEXT
from ratewire.read.currencies import money
from ratewire.read.numerals import SPACED_NUMERAL, has_digit, parse_numeral, plain_characters
from ratewire.read.shares import share_after, share_before, speaks_of_share
from ratewire.read.unit_texts import find_unit, unit_before
from ratewire.read.units import joint_unit, past_tax, unit_after
from ratewire.read.vocabulary import key, vocabulary

__all__ = [
    "Amount",
    "CellContent",
    "CellKind",
    "find_amounts",
    "find_currency",
    "find_unit",
    "parse_number",
    "read_cell",
]


@dataclass(frozen=True, slots=True)
class Amount:
    """One amount of money, or a range of it, as it stands in a text."""

    value: Decimal
    currency: str
    """ISO 4217; empty where the text has a bare number."""
    start: int
    end: int
    """Span in the text, currency sign included; of a range, both ends."""
    text: str
    """The page's own words for the amount."""
    qualifier: str = ""
    """`from`, `up to`, `about`, or empty: exact."""
    upper: Decimal | None = None
    struck: bool = False
    """An old price that holds no longer: `$18 → $15`, `was $18`."""
    unit: Unit | None = None
    """What is stated right after or right before it."""
    unit_text: str = ""
    """The words that gave the unit, `per million input tokens`."""
    unit_end: int = -1
    """Where the words for the unit end; `end` where they stand before; -1: no unit."""
    ambiguous: bool = False
    """The sign stands for several currencies (`$`, `kr`), and nothing here says for which:
    `currency` is but the likeliest.
    """
    percent: Decimal | None = None
    """The share to which the amount is added: `2.9% + $0.30`."""


CellKind = Literal[
    "amounts", "free", "none", "included", "contact", "unlimited", "custom", "number", "text"
]


@dataclass(frozen=True, slots=True)
class CellContent:
    """What a table cell says."""

    kind: CellKind
    amounts: tuple[Amount, ...] = ()


_CELL, _REMEMBERED = 200, 4096
"""Texts as short as cells repeat on a page."""
_PARAGRAPH, _REMEMBERED_LONG = LONGEST_TEXT, 64
"""Longer ones do not, but one reader after another looks into the same."""
_SIGN = 8
"""Most characters that a sign and its space take up."""
_PLAIN_NUMBER = re.compile(SPACED_NUMERAL)
_NUMBER = re.compile(r"\.?\d+")
_FOOTNOTE = re.compile(r"[*†‡§¹²³⁴⁵⁶⁷⁸⁹⁰]+|\[\w{1,2}\]|\(\d\)")
_GROUP_REFERENCE = re.compile(r"[1-9]")
_DENOMINATOR = re.compile(
    r"(?:\bper|(?<![$€£¥\d.,])(?!(?:19|20)\d\d\s?/)\d[\d.,]*\s?[KMB]?\s?/)\s*$"
)
_DASH = ".-"
"""Stands for the sign of a round sum that has none."""
_NEGATIVE = re.compile(r"(?:^|[\s(])[-−]$")


# ── Amounts in running text ──────────────────────────────────────────────────────────────────


def find_amounts(text: str, *, currency: str = "") -> tuple[Amount, ...]:
    """The amounts in a text that a sign, code or word marks as money, in order.

    `currency` (ISO 4217) says what an ambiguous sign means, and makes a text that is nothing
    but a number an amount. Percentages, versions, dates, shell and regex variables are none.
    """
    if not has_digit(text):
        return ()
    if len(text) <= _CELL:
        return _repeated(text, currency)
    return (_repeated_long if len(text) <= _PARAGRAPH else _found)(text, currency)


def _found(text: str, currency: str) -> tuple[Amount, ...]:
    folded = plain_characters(text)
    figures = list(_figures(folded))
    if not figures:
        return _bare(text, folded, currency) if currency else ()
    hints = money().hints(folded, currency)
    found = [
        amount for figure in figures if (amount := _amount(figure, text, folded, hints)) is not None
    ]
    joined = _with_shares(_joined(found, text, folded), text, folded)
    return tuple(_with_units(joined, text, folded)) if found else ()


_repeated = lru_cache(_REMEMBERED)(_found)
_repeated_long = lru_cache(_REMEMBERED_LONG)(_found)


def _figures(folded: str) -> Iterator[re.Match[str]]:
    """Each number with the sign before or after it, as `signed` or `followed` matches it."""
    words = money()
    position = 0
    while start := _NUMBER.search(folded, position):
        begin = start.start()
        before = folded[begin - 1 : begin]
        if before in (" ", "\u00a0"):
            before = folded[begin - 2 : begin - 1]
        match = None
        if before in words.last and (
            sign := words.leading.search(folded, max(begin - _SIGN, position), begin)
        ):
            match = words.signed.match(folded, sign.start())
        match = match or words.followed.match(folded, begin)
        if match:
            yield match
        position = match.end() if match else start.end()


def _bare(text: str, folded: str, currency: str) -> tuple[Amount, ...]:
    number = parse_number(folded)
    if number is None:
        return ()
    start = len(text) - len(text.lstrip())
    end = len(text.rstrip())
    return (Amount(number, currency, start, end, text[start:end]),)


def _amount(match: re.Match[str], text: str, folded: str, hints: tuple[str, ...]) -> Amount | None:
    words = money()
    leads = match.re is words.signed
    if not leads and match["unsigned"] is not None:
        return _unsigned(match, text, folded)
    sign = match["sign"] if leads else match["sign"] or match["pence"] or _DASH
    if leads and _is_no_price(match, folded):
        return None
    if not leads and _is_last_part(match, folded):
        return None
    cents = "" if leads else words.cents.get(key(sign), "")
    written = (match["code"] or match["nation"]) if leads else None
    round_ = "EUR" if sign == _DASH else ""
    named = written or cents or round_ or words.signs_after.get(sign) or words.words[key(sign)]
    code = named if written else words.meant(named, sign, hints)
    family = () if written else words.family(named, sign)
    value = parse_numeral(match["number"], comma=_divides_by_comma(match, code, leads=leads))
    if value is None:
        return None
    if match["scale"]:
        value *= vocabulary().counts[key(match["scale"])]
    if cents:
        value /= 100
    start, end = match.span()
    old = words.before.search(folded, max(start - 24, 0), start)
    qualifier = _qualifier(old)
    if not qualifier and words.behind.match(folded, end):
        qualifier = "from"
    return Amount(
        value, code, start, end, text[start:end].replace("\\", ""), qualifier,
        struck=bool(old and old["old"]), ambiguous=bool(family) and not set(hints) & set(family),
    )  # fmt: skip


def _unsigned(match: re.Match[str], text: str, folded: str) -> Amount | None:
    """`Fra 1 250,-`, in a currency that only the page can tell."""
    value = parse_numeral(match["number"], comma=True)
    if value is None:
        return None
    start, end = match.span()
    old = money().before.search(folded, max(start - 24, 0), start)
    struck = bool(old and old["old"])
    return Amount(value, "", start, end, text[start:end], _qualifier(old), struck=struck)


def _divides_by_comma(match: re.Match[str], code: str, *, leads: bool) -> bool:
    """Whether, where three digits leave it open, a point groups: `1.249 €`, `€ 1.249,-`."""
    words = money()
    if match["round"] or code in words.data["grouped"]:
        return "." in match["number"]
    parted = not leads or bool(match["gap"])
    return code in words.data["comma"] or (parted and code in words.data["comma_after"])


def _is_last_part(match: re.Match[str], folded: str) -> bool:
    """Of `555-123 €` the last part, where the first does not begin a range: `9-12 €`."""
    start = match.start()
    if folded[max(start - 1, 0) : start] != "-":
        return False
    lower = money().bare_lower.search(folded, max(start - 16, 0), start)
    if lower is None or folded[max(lower.start() - 1, 0) : lower.start()] == "-":
        return True
    begins = parse_numeral(lower["lower"])
    ends = parse_numeral(match["number"])
    return begins is None or ends is None or begins >= ends


def _is_no_price(match: re.Match[str], folded: str) -> bool:
    """`$1` of a shell or a regular expression, `foo$2`, amounts below zero, `20M / $1`."""
    start, end = match.span()
    before = folded[max(start - 2, 0) : start]
    if _NEGATIVE.search(before) or _DENOMINATOR.search(folded, max(start - 12, 0), start):
        return True
    if match["sign"] != "$":
        if match["sign"].endswith("/") and folded[end : end + 1].isalpha():
            return True  # `S/4HANA`
        return before[-1:].isalpha() and match["sign"][0].isalpha()
    if folded[end : end + 1].isalpha() or folded[end : end + 1] == "_":
        return not match["code"] and bool(_GROUP_REFERENCE.fullmatch(match["number"]))
    in_code = before[-1:] in tuple("$}{\\") or re.match(r"[\w]", before[-1:])
    return bool(in_code and _GROUP_REFERENCE.fullmatch(match["number"]))


def _qualifier(match: re.Match[str] | None) -> str:
    if match is None:
        return ""
    names = (("lower", "from"), ("upper", "up to"), ("about", "about"))
    return next((qualifier for name, qualifier in names if match[name]), "")


def _joined(found: list[Amount], text: str, folded: str) -> Iterator[Amount]:
    """Two amounts that are one range made one; of an old and a new one the old marked."""
    words = money()
    index = 0
    while index < len(found):
        amount = _bare_range(found[index], text, folded)
        following = found[index + 1] if index + 1 < len(found) else None
        between = folded[amount.end : following.start] if following else ""
        if following and words.arrow.fullmatch(between):
            yield replace(amount, struck=True)
        elif following and amount.upper is None and _is_range(between, amount, following, folded):
            if words.change.search(folded[max(amount.start - 40, 0) : amount.start]):
                yield replace(amount, struck=True, qualifier="")
            elif following.value > amount.value:
                upper = following.value
                span = text[amount.start : following.end].replace("\\", "")
                yield replace(
                    amount, end=following.end, text=span, upper=upper, qualifier="",
                    currency=following.currency,
                )  # fmt: skip
                index += 1
            else:
                yield amount
        else:
            yield amount
        index += 1


def _is_range(between: str, amount: Amount, following: Amount, folded: str) -> bool:
    if following.currency != amount.currency:
        return False
    words = money()
    if words.conjunction.fullmatch(between):
        return bool(words.between.search(folded, max(amount.start - 12, 0), amount.start))
    return bool(words.range.fullmatch(between))


def _bare_range(amount: Amount, text: str, folded: str) -> Amount:
    """`$2–4` and `2–4 €`, where one end has no sign of its own."""
    words = money()
    if match := words.bare_upper.match(folded, amount.end):
        upper = parse_numeral(match["upper"])
        if upper is not None and upper > amount.value:
            end = match.end()
            return replace(amount, end=end, text=text[amount.start : end], upper=upper)
    if folded[amount.start : amount.start + 1].isdigit():
        begin = max(amount.start - 16, 0)
        match = words.bare_lower.search(folded, begin, amount.start)
        lower = parse_numeral(match["lower"]) if match else None
        if match and lower is not None and lower < amount.value:
            start = match.start()
            return replace(
                amount,
                start=start,
                text=text[start : amount.end],
                value=lower,
                upper=amount.value,
                qualifier=_qualifier(words.before.search(folded, max(start - 24, 0), start)),
            )
    return amount


def _with_shares(amounts: Iterator[Amount], text: str, folded: str) -> Iterator[Amount]:
    """Each amount with the percentage that is charged beside it."""
    if not speaks_of_share(folded):
        yield from amounts
        return
    position = 0
    for amount in amounts:
        start, end = amount.start, amount.end
        if share := share_before(folded, position, start):
            start = share[1]
        elif share := share_after(folded, end):
            end = share[1]
        position = end
        if share is None:
            yield amount
        else:
            words = text[start:end].replace("\\", "")
            yield replace(amount, start=start, end=end, text=words, percent=share[0], qualifier="")


# ── What they are for ────────────────────────────────────────────────────────────────────────


def _with_units(amounts: Iterator[Amount], text: str, folded: str) -> list[Amount]:
    """Each amount with the unit beside it; joined ones (`$3 / $15 per MTok`) share theirs."""
    found: list[Amount] = []
    position = 0
    for amount in amounts:
        unit = _unit(amount, position, text, folded)
        position = max(unit.unit_end, unit.end)
        found.append(unit)
    joined: list[Amount] = []  # the last first
    for amount in reversed(found):
        leads = joined and _leads_to_more(amount, joined[-1], folded)
        first = replace(amount, unit=None, unit_text="", unit_end=-1) if leads else amount
        if joined and _spans(first, joined[-1], folded):
            joined[-1] = _spanning(first, joined[-1], text)
        else:
            joined.append(_sharing(first, joined[-1], folded) if joined else first)
    return joined[::-1]


def _leads_to_more(first: Amount, second: Amount, folded: str) -> bool:
    """`$30 per additional room $15`: what stands between them is what the second is for."""
    if first.unit is None or second.unit_end > second.end or first.unit_end <= first.end:
        return False
    between = key(folded[first.end : second.start])
    return bool(
        first.unit_end <= second.start
        and len(folded[first.unit_end : second.start].split()) <= 1
        and not vocabulary().more_alone.isdisjoint(between.split())
    )


def _sharing(first: Amount, second: Amount, folded: str) -> Amount:
    """The first of `$3 / $15 per MTok`, with the unit that the second has behind it."""
    if first.unit or second.unit is None or second.unit_end <= second.end:
        return first
    between = folded[first.end : second.start]
    if between.strip() in ("/", "|") or money().arrow.fullmatch(between) or first.struck:
        return replace(first, unit=second.unit, unit_text=second.unit_text)
    return first


def _spans(first: Amount, second: Amount, folded: str) -> bool:
    """`$0.10/hr – $0.20/hr`: one range, its unit said twice."""
    return (
        first.unit is not None
        and (first.currency, first.unit) == (second.currency, second.unit)
        and first.upper is second.upper is None
        and not first.struck
        and first.value < second.value
        and first.end < first.unit_end <= second.start
        and bool(money().dash.fullmatch(folded, first.unit_end, second.start))
    )


def _spanning(first: Amount, second: Amount, text: str) -> Amount:
    words = text[first.start : second.end].replace("\\", "")
    return replace(
        second, value=first.value, upper=second.value, start=first.start, text=words,
        qualifier="",
    )  # fmt: skip


def _unit(amount: Amount, position: int, text: str, folded: str) -> Amount:
    start = amount.end
    if note := _FOOTNOTE.match(folded, start) or money().behind.match(folded, start):
        start = note.end()
    after = unit_after(folded, start, priced=True)
    if not after and (taxed := past_tax(folded, start)) > start:
        start = taxed
        after = unit_after(folded, start, priced=True)
    if after:
        unit, end = after
        words = text[start:end].strip(" \u00a0,(*")
        if PERIODS.issuperset(unit.things):  # `per user: $75/mo`
            before = unit_before(folded, position, amount.start, led=True)
            unit = joint_unit(unit, before[0] if before else None)
        from_ = "from" if money().behind.match(folded, end) else ""
        qualifier = amount.qualifier or from_
        return replace(amount, unit=unit, unit_text=words, unit_end=end, qualifier=qualifier)
    if before := unit_before(folded, position, amount.start):
        unit, words = before
        return replace(amount, unit=unit, unit_text=words, unit_end=amount.end)
    return amount


# ── Cells, currencies, plain numbers ─────────────────────────────────────────────────────────

_ORNAMENT = re.compile(r"^[\s*_`|~\"'.:;]+|[\s*_`|~\"'.:;!†‡¹²³]+$")


def read_cell(text: str, *, currency: str = "") -> CellContent:
    """What a table cell means. With `currency` a bare number is an amount in it."""
    return (_cell if len(text) <= _CELL else _whole_cell)(text, currency)


def _whole_cell(text: str, currency: str) -> CellContent:
    kind = (
        _cell_words().get(key(_ORNAMENT.sub("", plain_characters(text))))
        if len(text) < 60
        else None
    )
    if kind is not None:
        return CellContent(kind)
    if not text.strip(" \t\r\n\u00a0*_`"):
        return CellContent("none")
    if amounts := find_amounts(text, currency=currency):
        return CellContent("amounts", amounts)
    return CellContent("number" if parse_number(text) is not None else "text")


_cell = lru_cache(_REMEMBERED)(_whole_cell)


@cache
def _cell_words() -> dict[str, CellKind]:
    cells: dict[CellKind, list[str]] = vocabulary().data["cells"]
    kinds = {key(plain_characters(word)): kind for kind, words in cells.items() for word in words}
    return {**kinds, **{key(_ORNAMENT.sub("", word)): kind for word, kind in kinds.items()}}


@lru_cache(_REMEMBERED)
def find_currency(text: str, hints: tuple[str, ...] = (), *, sure: bool = False) -> str:
    """The currency (ISO 4217) that a sentence, heading or caption names; empty: none.

    A code or word outranks a sign: `All prices ($) are in AUD` is in Australian dollars. Of a
    sign that several share, `hints` say which is meant; with `sure` it names none.
    """
    folded, words = plain_characters(text), money()
    if code := _alone(words.codes_at, folded):
        return code
    if name := _alone(words.words_at, folded.casefold()):
        code = words.words[name]
    elif name := _alone(words.signs_at, folded):
        code = words.signs[name]
    if sure and words.family(code, name):
        return ""
    return words.meant(code, name, (*hints, *words.hints(folded)))


def _alone(pattern: re.Pattern[str], text: str) -> str:
    """The first match that is no part of a longer word; empty: there is none."""
    for match in pattern.finditer(text):
        start, end = match.span()
        cuts = _is_latin(text[start - 1 : start]) and _is_latin(text[start])
        if not cuts and not (_is_latin(text[end - 1]) and _is_latin(text[end : end + 1])):
            return match[0]
    return ""


def _is_latin(character: str) -> bool:
    return character.isalpha() and character < "\u0250"


def parse_number(text: str, *, comma: bool = False) -> Decimal | None:
    """A text that is one number in any notation (`1,234.56`, `1.234,56`, `1 234,56`), else None.

    Where three digits after a single mark leave it open, a comma groups and a point divides;
    with `comma` the other way round.
    """
    folded = plain_characters(text).strip()
    if not folded[-1:].isdecimal() or not _PLAIN_NUMBER.fullmatch(folded):
        return None
    return parse_numeral(folded, comma=comma)
