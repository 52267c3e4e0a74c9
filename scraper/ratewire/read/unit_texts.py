"""What a heading, a caption, a sentence or the words before an amount say that prices are for:
`Prices per 1M tokens`, `(USD / GB)`, `100万トークンあたり5ドル`, `Monthly price`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ratewire.model import PERIODS, Unit
from ratewire.read.numerals import plain_characters
from ratewire.read.units import (
    Word,
    count_at,
    factor,
    is_known,
    name_of,
    noun_run,
    times,
    unit_after,
)
from ratewire.read.vocabulary import CJK, LETTER, key, vocabulary

__all__ = ["billed_unit", "find_unit", "unit_before"]

_HYPHENED = re.compile(r"\bper-(?!token)(?=[a-z])", re.IGNORECASE)
_ENGLISH = re.compile(r"/|per|for", re.IGNORECASE)
"""After other words for `per`, names are taken for nouns too easily: `Pro Preview`."""
_BYTES = ("B", "iB")
_OF_A_KIND = re.compile(
    r"\s{1,3}(?:of|an|von|de|av|af|di)\s{1,3}[^\W\d]{2,30}(?:\s[^\W\d]{2,30})?(?=\W|$)"
)
_MULTI = re.compile(r"\bmulti[- ]?(?P<thing>[^\W\d]{2,20}) (?:rates?|fares?)\b", re.IGNORECASE)
_AS = re.compile(r"\bas\s*$", re.IGNORECASE)
_LAST_WORD = re.compile(rf"{LETTER}{{1,40}}$")
_SENTENCE_END = re.compile(r"[.!?。；;]\s")
_PRO = re.compile(
    r"\W*Pro\s+(?:[Pp]lan|[Tt]ier|[Ee]dition|[Aa]ccount|[Ss]ubscription|[Vv]ersion|[Ll]icen[cs]e|Tarif|Paket"
    r"|Max|Plus|Team)\b"
)
"""`Pro Plan: $19`: the name of a plan, and no `per` of the German."""
_TOPIC = re.compile(r"(?<=[^\s])[はが은는、，]")
"""What ends the topic of a sentence."""
_REACH = 90
"""How many characters before an amount its unit may begin."""
_LONGEST = 1000
"""Characters; further on no text says what the prices beside it are for."""
_REMEMBERED = 4096
"""Headings repeat over a page."""
_HEADING = 80
"""A text longer than this many characters is a sentence, where a bare period word says nothing."""


def unit_before(text: str, start: int, end: int, *, led: bool = False) -> tuple[Unit, str] | None:
    """The unit stated just before an amount that stands at `end`, with its words; with `led`
    only where a word like `per` leads it.

    `per 1M tokens: $5`, `每百万tokens 5元`, `100万トークンあたり5ドル`, `100K requests cost $0.20`.
    """
    words = vocabulary()
    start = max(start, end - _REACH)
    start = max([start, *(match.end() for match in _SENTENCE_END.finditer(text, start, end))])
    segment = text[start:end]
    if not segment.strip(" \u00a0*_("):
        return None
    for lead in words.lead.finditer(segment):
        if lead["slash"] or lead["article"] or lead["weak"] or _PRO.match(segment, lead.start()):
            continue
        found = unit_after(segment, lead.start())
        if found and not is_known(found[0]) and _says_what_for(segment[: lead.start()]):
            continue
        if found and (unit := _linked(found[0], segment, _past_kind(segment, found[1]))):
            return unit, segment[lead.start() : found[1]].strip(" (,")
    if led:
        return None
    for match in words.count.finditer(segment):
        part = factor(segment, match.start())
        if part is None or match.end() >= part[1]:
            continue
        tail = words.after.match(segment, part[1]) or words.counted.match(segment, part[1])
        if tail and (unit := _linked(part[0], segment, tail.end())):
            return unit, segment[match.start() : part[1]]
    return _thing_after(segment) or _period_before(segment)


def _says_what_for(before: str) -> bool:
    """`Mora per ritardo: € 30`: after words that are no price a `per` means for what."""
    return bool(before.strip(" \u00a0*_(")) and not vocabulary().price.search(before)


def _past_kind(segment: str, end: int) -> int:
    """Over `of storage` in `the price for each GB of storage is $0.07`."""
    match = _OF_A_KIND.match(segment, end)
    return match.end() if match else end


def _linked(unit: Unit, segment: str, end: int) -> Unit | None:
    """The unit that ends there, where nothing but a link or a period follows up to the amount:
    `ユーザーあたり月額500円`, `per user, monthly: $5`.
    """
    words = vocabulary()
    if words.link.fullmatch(segment, end):
        return unit
    period = _period_before(segment[end:])
    return times(unit, period[0].things[0]) if period else None


def _period_before(segment: str) -> tuple[Unit, str] | None:
    """`月額1,980円`, `월 9,900원`, `Monthly: $20`, where nothing else is said before the amount."""
    words = vocabulary()
    segment = segment.strip(" ,、，").strip()
    if segment and re.match(CJK, segment[-1]):  # a name stands before: `Pro 月額5,900円`, `Aは月額`
        segment = _TOPIC.split(segment.split()[-1])[-1] or segment
    if period := words.periods_before.get(segment):
        return Unit.of(period), segment
    adverb = words.adverb.match(segment)
    if adverb and words.link.fullmatch(segment, adverb.end()):
        return Unit.of(words.adverbs[key(adverb[1])]), adverb[1]
    return None


def _thing_after(segment: str) -> tuple[Unit, str] | None:
    """`画像1枚あたり`, `時間あたり`: the thing alone before its particle."""
    words = vocabulary()
    for after in words.after.finditer(segment):
        for length in range(8, 0, -1):
            begin = max(after.start() - length, 0)
            part = factor(segment, begin)
            if part and part[1] == after.start():
                unit = _linked(part[0], segment, after.end())
                return (unit, segment[begin : after.end()].strip()) if unit else None
    return None


@lru_cache(_REMEMBERED)
def find_unit(text: str) -> tuple[Unit, str] | None:
    """The unit that a heading, caption or sentence states for the prices under it, and its
    words.

    `Prices per 1M tokens.`, `(USD / MTok)`, `元/百万tokens`, `100万トークンあたり`,
    `Monthly price`.
    """
    words = vocabulary()
    folded = plain_characters(text[:_LONGEST])
    if len(folded) <= _HEADING / 2:  # in a sentence `per-token rates` say how, not how many
        folded = _HYPHENED.sub("per ", folded)
    for lead in words.lead.finditer(folded):
        if not _leads(lead, folded):
            continue
        found = unit_after(folded, lead.start(), priced=bool(lead["weak"]))
        if found is None:
            continue
        if not is_known(found[0]) and (len(folded) > _HEADING / 2 or not _ENGLISH.match(lead[0])):
            continue
        unit = _with_period(found[0], folded[: lead.start()], folded[found[1] :])
        return unit, text[lead.start() : found[1]].strip(" (,")
    if len(folded) > _HEADING:
        return None
    for find in (_thing_after_in, _bare_adverb, _bare_count, _several):
        if bare := find(folded):
            return bare
    return None


def _leads(lead: re.Match[str], text: str) -> bool:
    """Whether this word or slash of a heading leads a unit: the slash of `USD/GB`, `Price / hour`
    and `Input / 1M tokens` does, that of `Read/Write` does not.
    """
    words = vocabulary()
    before = text[max(lead.start() - _REACH, 0) : lead.start()]
    if lead["weak"]:  # `Cena za 1 miesiąc`
        return bool(words.price_end.search(before.rstrip()))
    if lead["article"]:
        return False
    named = _LAST_WORD.search(before.rstrip())
    left = name_of(Word(named[0], 0, "")) if named else ""
    if not lead["slash"]:
        return not _AS.search(before[-6:]) and not _is_a_pace(text, left, lead.end())
    before = before.rstrip(" \u00a0*_")
    if before[-1:].isdigit() and text[lead.end() : lead.end() + 1].isdigit():
        return False  # `24/7`, `5/8 inch`
    if not before or not before[-1].isalpha() or words.price_end.search(before):
        return True
    if count_at(text, position := lead.end() + (text[lead.end() :][:1] == " "))[1] > position:
        return True
    run = noun_run(text, position, most=1)
    right = key(run[0].text) if run else ""
    measures = right in words.compounds or words.periods.get(right) or _is_size(right)
    counted = left in words.by_the_count or left in words.data["periods"] or left[1:] in _BYTES
    return bool(measures) and not counted


def _is_a_pace(text: str, thing: str, start: int) -> bool:
    """`Requests per minute` tells how many, and not for how much."""
    words = vocabulary()
    run = noun_run(text, start + (text[start : start + 1] == " "), most=1)
    timely = bool(run) and key(run[0].text) in words.periods
    return timely and thing in words.by_the_count and not words.price.search(text)


def _is_size(word: str) -> bool:
    return vocabulary().things.get(word, "")[1:] in _BYTES


def _with_period(unit: Unit, before: str, after: str) -> Unit:
    """`Annual price per device` is for a device and a year."""
    if PERIODS.intersection(unit.things) or len(before) + len(after) > _HEADING:
        return unit
    adverb = _bare_adverb(f"{before} {after}")
    return times(unit, adverb[0].things[0]) if adverb and re.search(r"\w", before) else unit


def _thing_after_in(text: str) -> tuple[Unit, str] | None:
    words = vocabulary()
    for after in words.after.finditer(text):
        if found := unit_before(text[: after.end()], 0, after.end()):
            return found
    return None


def _several(text: str) -> tuple[Unit, str] | None:
    """`Multi-ride rate`: what one costs of those who buy several."""
    words = vocabulary()
    match = _MULTI.search(text)
    thing = words.things.get(key(match["thing"]), "") if match else ""
    return (Unit.of(thing), match[0]) if match and thing in words.by_the_count else None


def _bare_count(text: str) -> tuple[Unit, str] | None:
    """`1M tokens` or `1 ride` alone, or beside a word for price; but no number of a section, no
    number of days, and no size of a machine.
    """
    words = vocabulary()
    for match in words.count.finditer(text):
        part = factor(text, match.start())
        described = match[0].endswith("-")  # a 3-month commitment, a 5-minute cache
        if part is None or part[1] <= match.end() or described:
            continue
        if part[0].count % 1 or part[0].things[0] not in words.by_the_count:
            continue
        rest = text[: match.start()] + " " + text[part[1] :]
        described = all(key(word) in words.describing for word in re.findall(r"\w+", rest))
        if described or words.price.search(rest):
            return part[0], text[match.start() : part[1]]
    compound = words.compound.search(text)
    if compound:
        return words.compounds[key(compound[0])], compound[0]
    return None


def _bare_adverb(text: str) -> tuple[Unit, str] | None:
    words = vocabulary()
    for match in words.adverb.finditer(text):
        if words.paid.search(text, 0, match.start(1)):  # `billed annually`
            continue
        rest = text[: match.start()] + " " + text[match.end() :]
        priced = key(match[1]) in words.priced_adverbs
        if priced or not re.search(r"\w", rest) or words.price.search(rest):
            return Unit.of(words.adverbs[key(match[1])]), match[1]
    return None


def billed_unit(text: str) -> Unit | None:
    """The thing of which a sentence says that it is billed: `SMS messages are billed monthly`."""
    words = vocabulary()
    verb = words.billed.search(text)
    named = _LAST_WORD.search(text[max(verb.start() - _REACH, 0) : verb.start()]) if verb else None
    thing = words.things.get(key(named[0]), "") if named else ""
    return Unit.of(thing) if thing in words.by_the_count else None
