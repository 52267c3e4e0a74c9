"""Prices as sentences state them: an amount, what it is for, and the words that say what is priced.

A sentence states a price when nothing in it says that the figure is an average, an example, a
credit, a threshold or somebody else's. The words are data: vocabulary.toml, [prose] and
[not_a_rate].
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ratewire.model import PERIODS, Unit
from ratewire.read.document import Text
from ratewire.read.lexicon import fold, lexicon, slug
from ratewire.read.meters import NOTHING, Metered, is_measure, read_heading
from ratewire.read.other_money import other_money
from ratewire.read.quantities import Amount, find_amounts, find_unit
from ratewire.read.shares import limits_share
from ratewire.read.subjects import (
    fee_of,
    is_scaled,
    is_sold_whole,
    own_title,
    says_only_price,
    subject,
    unit_in_aside,
)

__all__ = ["Statement", "equates", "sentences", "statements"]

_ABBREVIATED = (
    r"e\.g\.", r"i\.e\.", r"[Ii]ncl\.", r"[Ee]xcl\.", r"[Aa]pprox\.", r"Mio\.", r"Mrd\.", r"Tsd\.",
    r"z\.B\.", r"z\. B\.", r"ca\.", r"vs\.", r"inkl\.", r"zzgl\.", r"exkl\.", r"gem\.",
    r"kg\.", r"stk\.", r"szt\.", r"pers\.", r"Pers\.", r"[A-Z]\.", r"gesetzl\.", r"p\. ej\.",
    r"p\.ej\.",
)  # fmt: skip
_NO_END = "".join(rf"(?<!\b{words}\s)" for words in _ABBREVIATED)
_GAP = (
    rf"\s(?:(?<=[.!?]\s){_NO_END}\s*"
    r"(?!(?:Jan|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez)\w*\.?\s+\d{4})"
    r"(?=[A-Z\"'(*$€£¥À-Þ\u0410-\u042f\u3040-\u9fff\uac00-\ud7a3])|(?<=\n))"
)
_SENTENCE = re.compile(_GAP)
_WIDE_SENTENCE = re.compile(rf"(?<=[。！？])\s*|{_GAP}")
_NAMED_BRACKET = re.compile(
    r"(?P<name>[A-Z][\w+-]*(?:\s+[A-Z0-9][\w+-]*){0,3}"
    r"|(?:(?<=^)|(?<=,\s)|(?<=and\s)|(?<=und\s)|(?<=\sy\s)|(?<=\set\s))[^\W\d][\w-]*(?:\s[^\W\d][\w-]*){0,2})"
    r"\s*\(\\?(?:starting at|from|starts at)?\s*$"
)
_EACH = re.compile(r"\s*(?:each|apiece|pro Stück|c/u|cada un[oa])\b", re.I)
_EVERY = re.compile(r"\W*(?:each|every|per)\b", re.I)
_COUNTED = re.compile(r"(?:\s+[\w-]+){1,4}?\s*(?=\bper\b|/|\bpro\b)", re.I)
_JOINT = re.compile(r"\s*(?:[,;/&|·+]|\b(?:and|or|und|oder|y|o|then|plus)\b)+\s*", re.I)
_OTHERWISE = re.compile(r"\s*,\s*(?:or|oder|o|ou)\b", re.I)
"""`$12,400, or $344 a week`: the same in another way."""
_ADDED = re.compile(r"\+|\bplus\b", re.I)
_GOES_ON = re.compile(r"(?:[,;/]|\b(?:and|or|und|oder|y|o)\b)\W*$", re.I)
_STEP_EDGES = re.compile(
    r"^\W*(?:(?:for|on|für|para|por)\s+)?(?:(?:the|die|den|los|las)\s+)?"
    r"|(?:[\W_]|\b(?:and|then|und|dann|y|luego)\b)+$",
    re.I,
)
_EACH_UNIT = Unit.of("unit")
_PAID_YEARLY = re.compile(
    r"\b(?:paid|billed|payable|zahlbar|bezahlt|abgerechnet|pagad[oa]|facturad[oa]|payée?|facturée?)"
    r"\s+(?:annual\w*|yearly|jährlich\w*|anual\w*|annuel\w*)\b", re.I,
)  # fmt: skip
_MORE_FOR_EACH = re.compile(r"[^()（）]*[(（]\s*\+\s*\\?")
_FOR_WHOM = re.compile(r"\s+(?:for|für|para|pour)\s+(?P<group>[^\W\d][^()$€£¥,;]{1,40})\)", re.I)
_FOR_THEM = re.compile(
    r"\s+(?:for|für|para|pour|per|dla|för|for|voor|pro|для)\s+(?!an?\b|each\b|the\b|one\b)"
    r"(?P<group>[^\W\d][^()$€£¥,;:.\d]{2,40}?)[\s.*]*",
    re.I,
)
"""`£48 for students`"""
_FOR_SEVERAL = re.compile(
    r"\s+(?:for|für|para|pour|per|dla|för|voor|pro|za|для)\s+"
    r"(?P<group>\d{1,3}\+?\s[^\W\d]{3,20})[\s.*]*",
    re.I,
)
"""`€80 für 2 Personen`"""
_PEOPLE = frozenset({"person", "user", "adult", "child", "student", "employee"})
_OPENS = re.compile(r"[\s•*·_–-]*")
_PERCENT_BEFORE = re.compile(r"%\s*\+\s*\\?$")
_PERCENT_BEHIND = re.compile(r"\s*\+\s*\d[\d.,]*\s*%")
_IS = re.compile(
    r"[\s*_]*=\s*(?P<counted>\d[\d.,]*\s?(?:[KMB]\b|million|thousand)?\s*"
    r"(?P<name>[^\W\d][\w ]{2,30}))"
)
"""`0.10 USD = 1M API credits`"""
_EQUALS = re.compile(r"(?<![\w.,])\d[\d.,]*\s?[KMB]?\s?(?P<name>[^\W\d][\w ]{0,30})=[\s*_]*$")
"""`1M API credits = $0.10`"""
_PRICE_PER = re.compile(
    r"\b(?:price|pricing|costs?|fees?|rate|charge|preis|kosten|gebühr|precio|coste|prix|tarif)\b"
    r"[^.,;:$€£¥]{0,40}?"
    r"\b(?P<unit>(?:for each|for every|per|pro|je|por cada|por|par)\s[^.,;:$€£¥]{2,40})"
    r"|\b(?:cost|price|rate)\s+of\s+(?:[^\W\d]+ing\s+)?(?:an?|each|every|one)\s+"
    r"(?P<one>[^\W\d]+(?:\s[^\W\d]+)?)\s+(?:is|will|goes|rises|changes|increases)\b",
    re.I,
)
"""`The price for each GB of storage is …`"""
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_TERM_LEAD = re.compile(r"[\s•*·–-]*\d[^:：\d]{1,20}[:：]\s*")
_MINIMUM = re.compile(r"\b(?:minim\w*|mindest\w*|mínim\w*)\b[^,;]*$", re.I)
_GOES_UP = re.compile(r"\b(?:go|goes|going|went|rises?|moves?) up to\s*$", re.I)
_LONGEST = 60
"""Words; a longer sentence tells a story."""
_PER_YEAR = {
    "second": Decimal(31_536_000), "minute": Decimal(525_600), "hour": Decimal(8_760),
    "day": Decimal(365), "week": Decimal(52), "month": Decimal(12), "year": Decimal(1),
}  # fmt: skip
_NEARLY = Decimal("0.05")
"""Months have 28 to 31 days: a price said again in another period differs by so much."""


@dataclass(frozen=True, slots=True)
class Statement:
    """An amount that a sentence states as a price."""

    amount: Amount
    unit: Unit
    label: str
    """What the sentence says is priced; empty: the heading does."""
    metered: Metered
    """Of a token price, what the words beside the amount say is counted."""
    sentence: str
    step: str = ""
    """Of a price that changes with use, the part that it is for: `first-50-tb`, `thereafter`."""
    group: str = ""
    """Whom it is for, where a bracket says so: `FOSS plans`."""
    equated: bool = False
    """So many of what it prices are said to equal the amount: `1M credits = $0.10`."""


def sentences(text: str) -> list[str]:
    """A text's sentences and lines; abbreviations end none."""
    wide = not text.isascii() and any(map(text.__contains__, "。！？"))
    gap = _WIDE_SENTENCE if wide else _SENTENCE
    return [sentence for sentence in gap.split(text) if sentence.strip()]


def statements(sentence: str, block: Text, *, about_money: bool = False) -> Iterator[Statement]:
    """The prices that one sentence of a block states. `about_money`: the page or the section is
    about prices, so that an amount need not say what it is for.
    """
    if len(sentence.split()) > _LONGEST:
        return
    found = find_amounts(sentence)
    amounts = [
        _gone_up(amount, sentence) for amount in found
        if not amount.struck and amount.percent is None
        and not limits_share(sentence, amount.start)
    ]  # fmt: skip
    if not amounts:
        return
    others = other_money(sentence, amounts)
    if all(others):
        return
    units = _units(sentence, amounts)
    counted = _counted(sentence, amounts)
    steps = _steps(sentence, amounts)
    label, last = "", -1
    for number, amount in enumerate(amounts):
        before = sentence[_end(amounts[number - 1]) if number else 0 : amount.start]
        named = _NAMED_BRACKET.search(before)
        group = _condition_in_brackets(sentence, amounts, number)
        if others[number] or (
            not group and _is_no_amount(amount, before, sentence, named is not None)
        ):
            continue
        if units[number] is None:
            if whole := _without_unit(sentence, amounts, number, block, about_money):
                yield whole
            continue
        if number and not group and _restates(before, amounts[number - 1], amount):
            continue
        own = named.group("name") if named else subject(sentence, amounts, number, block)
        equated = _equated(sentence, amount)
        own = own or equated or own
        next_step = bool(steps[number]) and last == number - 1 >= 0
        if (next_step and own and _thereafter(own)) or group:
            own = ""
        other_term = _is_other_term(before, amounts, number)
        own = "" if other_term else own
        if own is None and not (number and (counted[number].is_token_meter or next_step)):
            continue
        goes_on = (
            counted[number].is_token_meter or next_step or _GOES_ON.search(before) or group
            or other_term
        )  # fmt: skip
        follows = number and not own and goes_on
        label, last = label if follows else own or "", number
        unit = units[number] or _EACH_UNIT
        yield Statement(
            amount, unit, label, counted[number], sentence, steps[number], group.strip(),
            bool(equated),
        )  # fmt: skip


def _is_other_term(before: str, amounts: Sequence[Amount], number: int) -> bool:
    """`$449/month, paid annually with 20% discount comes to $4,310/year`: the same thing, paid
    otherwise.
    """
    if not number:
        return False
    units = [each.unit for each in (amounts[number - 1], amounts[number])]
    periods = [unit.things for unit in units if unit and set(unit.things) <= PERIODS]
    return len(periods) == 2 and periods[0] != periods[1] and bool(_PAID_YEARLY.search(before))


def _gone_up(amount: Amount, sentence: str) -> Amount:
    """`Will go up to $5` says what the price will be, and not that it is less."""
    goes = amount.qualifier == "up to" and _GOES_UP.search(sentence, 0, amount.start)
    return replace(amount, qualifier="") if goes else amount


def _condition_in_brackets(sentence: str, amounts: Sequence[Amount], number: int) -> str:
    """`$50/month ($25/month for FOSS plans)`, `$79/month (+$24/seat)`: the bracket holds a price
    of its own; what it is for, a space where that is not said; empty: it is no such bracket.
    """
    if not number or amounts[number].unit is None or amounts[number - 1].unit is None:
        return ""
    between = sentence[_end(amounts[number - 1]) : amounts[number].start]
    after = sentence[_end(amounts[number]) :]
    if _MORE_FOR_EACH.fullmatch(between) and re.match(r"\s*[)）]", after):
        return " "
    group = _FOR_WHOM.match(after)
    return group["group"] if group and re.fullmatch(r"\s*\(\s*\\?", between) else ""


def _without_unit(
    sentence: str, amounts: Sequence[Amount], number: int, block: Text, about_money: bool
) -> Statement | None:
    """`A flat $25 transfer fee`, `Dedicated hosts cost $449`: the price of one."""
    amount = amounts[number]
    if amount.upper is not None or is_scaled(amount.text):
        return None
    if fee := fee_of(sentence, amounts, number):
        return Statement(amount, fee.unit, fee.name, NOTHING, sentence)
    if about_money and (own := is_sold_whole(sentence, amounts, block)):
        unit = unit_in_aside(sentence, amount) or _EACH_UNIT
        return Statement(amount, unit, own, NOTHING, sentence)
    whom = _whom(sentence, amount) if about_money and number == 0 else ""
    if whom and _OPENS.fullmatch(sentence, 0, amount.start):
        return Statement(amount, _EACH_UNIT, "", NOTHING, sentence, group=whom)
    starts = amount.qualifier == "from" and says_only_price(sentence[: amount.start])
    if about_money and starts and (title := own_title(block)):
        return Statement(amount, _EACH_UNIT, title, NOTHING, sentence)
    return None


def _whom(sentence: str, amount: Amount) -> str:
    """For whom a price is, or for how many; empty: nothing behind it says so."""
    if several := _FOR_SEVERAL.fullmatch(sentence, amount.end):
        found = find_unit(f"per {several['group']}")
        return several["group"] if found and _PEOPLE.issuperset(found[0].things) else ""
    whom = _FOR_THEM.fullmatch(sentence, amount.end)
    return whom["group"] if whom and not _has_verb(whom["group"]) else ""


def _has_verb(words: str) -> bool:
    """`for what you use`, `for all who join`: no name of some customers."""
    return bool(lexicon("slogan", "word").search(fold(words)))


def _end(amount: Amount) -> int:
    return max(amount.end, amount.unit_end)


# ── what it is for ───────────────────────────────────────────────────────────────────────────


def _units(sentence: str, amounts: Sequence[Amount]) -> list[Unit | None]:
    """Each amount's unit; `$5 for input and $25 for output per 1M tokens` shares its one."""
    starts = [0, *map(_end, amounts)]
    units = [
        _own_unit(amount, sentence, start) for amount, start in zip(amounts, starts, strict=False)
    ]
    for number in range(len(amounts) - 2, -1, -1):
        between = sentence[amounts[number].end : amounts[number + 1].start]
        added = _ADDED.search(between)  # `$60 + $30 a year`
        shares = _only_joins(between) and not added and not _OTHERWISE.match(between)
        if units[number] is None and units[number + 1] and shares:
            units[number] = units[number + 1]
    for number in range(1, len(amounts)):
        between = sentence[_end(amounts[number - 1]) : amounts[number].start]
        named = _words_after(sentence, amounts, number)
        joined = named.is_token_meter and _only_joins(between)
        if units[number] is None and (joined or _thereafter(_after(sentence, amounts, number))):
            units[number] = units[number - 1]
    return units


def _own_unit(amount: Amount, sentence: str, start: int) -> Unit | None:
    """The unit beside an amount; `start`: where what belongs to the amount before it ends."""
    stated = _PRICE_PER.search(sentence, start, amount.start)
    lead = find_unit(stated["unit"] or f"per {stated['one']}") if stated else None
    if amount.unit:
        alone = amount.unit.count == 1 and set(amount.unit.things) <= PERIODS
        if lead and alone and not PERIODS.intersection(lead[0].things):
            return Unit.of(*lead[0].things, *amount.unit.things, count=lead[0].count)
        return amount.unit
    if lead and lead[0].things != ("unit",):
        return lead[0]
    if equals := _IS.match(sentence, amount.end):
        counted = find_unit(f"per {equals['counted']}")
        return counted[0] if counted else None
    beyond = _COUNTED.match(sentence, amount.end)
    if beyond and _only_joins(beyond.group()):  # `$25 for output per 1M tokens`
        found = find_amounts(f"{amount.text} {sentence[beyond.end() :]}")
        return found[0].unit if found else None
    if not _EACH.match(sentence, amount.end):
        return None
    words = re.findall(r"[^\W\d]+", sentence[: amount.start])
    candidates = (find_unit(f"per {word}") for word in reversed(words[-6:]))
    return next((found[0] for found in candidates if found and found[0].things != ("unit",)), None)


def equates(text: str) -> bool:
    """`10,000 credits = $10`: so many of something are sold for so much."""
    return any(_equated(text, amount) for amount in find_amounts(text))


def _equated(sentence: str, amount: Amount) -> str:
    """What so much money is equal to, as the thing priced."""
    equals = _IS.match(sentence, amount.end) or _EQUALS.search(sentence[: amount.start])
    return equals["name"].strip() if equals else ""


def _only_joins(between: str) -> bool:
    """Nothing but `and`, `/` and words for what is counted."""
    rest = fold(_JOINT.sub(" ", between))
    for section in ("direction", "cache"):
        rest = lexicon(section).sub(" ", rest)
    return not re.sub(r"\b(?:for|per|of|tokens?|fur|por|de)\b|[\s()]", "", rest)


def _counted(sentence: str, amounts: Sequence[Amount]) -> list[Metered]:
    """What each amount counts: `$2/$10 per million input/output tokens` is dealt out in order."""
    counted = [_words_after(sentence, amounts, number) for number in range(len(amounts))]
    for number, amount in enumerate(amounts):
        named = [meaning for meaning, *_ in lexicon("direction").find(fold(amount.unit_text))]
        first = number + 1 - len(named)
        if len(named) < 2:
            continue
        joined = first >= 0 and all(
            _only_joins(sentence[amounts[at].end : amounts[at + 1].start])
            for at in range(first, number)
        )
        for at in range(max(first, 0), number + 1):
            counted[at] = Metered(direction=named[at - first] if joined else "")
    return counted


def _steps(sentence: str, amounts: Sequence[Amount]) -> list[str]:
    """What part of the use each amount is for: `$0.026 for the first 50 TB and $0.022 thereafter`,
    `$0.05 for the first 10 TB, then $0.03`. Empty where the sentence does not say.
    """
    steps: list[str] = []
    for number in range(len(amounts)):
        after = _after(sentence, amounts, number)
        words = _STEP_EDGES.sub("", after)
        before = _after(sentence, amounts, number - 1) if number else ""
        if number and (_thereafter(after) or _thereafter(before.rpartition(",")[2])):
            steps[-1] = steps[-1] or "first"
            steps.append("thereafter")
        else:
            steps.append(slug(words) if is_measure(words) else "")
    return steps if len(steps) > 1 else [""] * len(steps)


def _thereafter(text: str) -> bool:
    words = re.sub(r"^\W*(?:and|und|y)\b|^\W+|\W+$", "", text, flags=re.I)
    return bool(lexicon("prose", "thereafter").exactly(words))


def _after(sentence: str, amounts: Sequence[Amount], number: int) -> str:
    """The words from the end of an amount to the next amount or the end of the sentence."""
    end = amounts[number + 1].start if number + 1 < len(amounts) else len(sentence)
    return sentence[_end(amounts[number]) : end]


def _words_after(sentence: str, amounts: Sequence[Amount], number: int) -> Metered:
    amount = amounts[number]
    if (meant := read_heading(amount.unit_text)).is_token_meter:
        return meant
    after = _after(sentence, amounts, number)
    after = re.split(r"[,;.()/|·]|\b(?:and|or|und|y|per|pro)\b", after)[0]
    meant = read_heading(after) if 0 < len(after.split()) <= 4 else NOTHING
    if not meant.is_token_meter and len(amounts) == 1 and _CJK.search(sentence):
        clause = re.split(r"[,;:，；：、。]", sentence[: amount.start])[-1]
        meant = read_heading(clause)  # no word order to tell a subject by
    return replace(meant, other="") if meant.is_token_meter else NOTHING


# ── whether it is a price ────────────────────────────────────────────────────────────────────


def _is_no_amount(amount: Amount, before: str, sentence: str, named: bool) -> bool:
    """About so much, up to so much, over so much, formerly so much, so much for ten hours."""
    percent = _PERCENT_BEFORE.search(before) or _PERCENT_BEHIND.match(sentence, amount.end)
    if (
        percent
        or _is_minimum(before, sentence[: amount.start])
        or amount.qualifier in ("about", "up to")
        or (before.rstrip().endswith("(") and not named)
    ):
        return True
    words = fold(before)
    if any(end == len(words) for *_, end in lexicon("not_a_rate", "before").find(words)):
        return True
    stated_before = amount.unit is not None and amount.unit_end <= amount.end
    if not stated_before or amount.unit is None or _EVERY.match(before):
        return False
    if _TERM_LEAD.fullmatch(before):  # `7 days: $350`
        return False
    several = amount.unit.count != 1 and bool(PERIODS.intersection(amount.unit.things))
    return several or bool(re.search(r"\bfor\s+\d", before))


def _is_minimum(before: str, whole: str) -> bool:
    """`3% of the sum, with a minimum fee of $5`: a term of the price that stands before."""
    others = len(before) < len(whole) or re.search(r"\d\s?%", whole)
    return bool(others) and bool(_MINIMUM.search(before))


def _restates(between: str, first: Amount, second: Amount) -> bool:
    """`$0.50 per hour, or $360 per month`: the same price once more. `$50/month or $480/year` is
    another one.
    """
    again = r"\s*[,;(=]?\s*(?:or|i\.e\.|that is|equivalent to)\s*|.*\bfor\s*"
    if first.unit is None or not re.fullmatch(again, between, re.I | re.S):
        return False
    if second.unit is None or not second.value or not first.value:
        return True
    if ({*first.unit.things} ^ {*second.unit.things}) - PERIODS:
        return False
    times = [_PER_YEAR.get(p, Decimal(1)) for p in (_period(first.unit), _period(second.unit))]
    return abs(first.value * times[0] / (second.value * times[1]) - 1) <= _NEARLY


def _period(unit: Unit) -> str:
    return next((thing for thing in unit.things if thing in PERIODS), "")
