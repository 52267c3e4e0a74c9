"""What an amount is for, in words: `/ 1M tokens`, `per GB-month`, `元/百万tokens`, `pro Monat`.

The words themselves are data: units.toml.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from scraper.model import PERIODS, Unit
from scraper.read.numerals import fold, parse_numeral
from scraper.read.vocabulary import CJK, LETTER, key, vocabulary

__all__ = [
    "billed_unit",
    "counted_unit",
    "find_unit",
    "is_known",
    "past_tax",
    "unit_after",
    "unit_before",
]

_UNKNOWN_NOUN = re.compile(rf"{LETTER}[{LETTER[1:-1]}\d_]+")
_ASIDE = re.compile(
    r"\s{1,3}(?:of\s{1,3})?[^\W\d]{1,30}(?:[ -][^\W\d]{1,30}){0,2}?(?=\s{0,3}(?:/|,?\s{0,3}per\b))"
)
_QUALITY = re.compile(r"(?:ful|ed|ing|al|ive|ic|able|ary|ous|bound|ly)$", re.IGNORECASE)
"""How words end that say which, and not what: `per successful charge`."""
_POINTED = re.compile(r"[1-9]\d{0,2}(?:\.000)+")
_SIZES = re.compile(
    r"(?:(?:\d{1,2}(?:\.5)?k(?!\w)|\d{3,4}p(?!\w)|\d{3,4}\s?[x×]\s?\d{3,4}(?!\w))\s?[/,]?\s?){1,4}",
    re.IGNORECASE,
)
"""Of pictures: `per 1K/2K image`, `per 1080p video`, `per 1024x1024 image`."""
"""A count of things that points group: `je 1.000 Zeichen`."""
_HYPHENED = re.compile(r"\bper-(?!token)(?=[a-z])", re.IGNORECASE)
_ENGLISH = re.compile(r"/|per|for", re.IGNORECASE)
"""After other words for `per`, names are taken for nouns too easily: `Pro Preview`."""
_BYTES = ("B", "iB")
_OF = re.compile(r" of ([a-z]{3,30})\b(?!-)(?<!\bthe)(?<!\byour)(?<!\bour)(?<!\bany)(?<!\beach)")
_AS = re.compile(r"\bas\s*$", re.IGNORECASE)
_LAST_WORD = re.compile(rf"{LETTER}{{1,40}}$")
_NOTHING = re.compile(r"\s*(?:$|[^\w\s%$€£¥])")
_EITHER = re.compile(r"[ \u00a0]?[-/]?[ \u00a0]?")
_GAP, _NO_GAP = re.compile(r"[ \u00a0]?-?[ \u00a0]?"), re.compile("")
_SENTENCE_END = re.compile(r"[.!?。；;]\s")
_REACH = 90
"""How many characters before an amount its unit may begin."""
_MOST_FACTORS, _MOST_TAX_WORDS = 4, 8
_REMEMBERED = 1024
"""Headings repeat over a page."""
_HEADING = 80
"""A text longer than this many characters is a sentence, where a bare period word says nothing."""


# ── A unit after `per` ───────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    end: int
    gap: str
    """What stood before it: nothing, a space or a hyphen."""


def unit_after(text: str, start: int, *, priced: bool = False) -> tuple[Unit, int] | None:
    """The unit that is stated from `start` on, and where it ends: `/ 1M tokens`, `monthly`.

    `text` is folded. Several in a row multiply: `/GB per month` is a GB-month. Right after an
    amount (`priced`) any noun that touches its slash is a unit: `$0.30/kWh`.
    """
    words = vocabulary()
    count, things, end = Decimal(1), list[str](), -1
    position = start
    while len(things) < _MOST_FACTORS and (lead := words.per.match(text, position)):
        if lead["weak"] and not priced:
            break
        part = _part(text, lead.end(), _Lead.of(lead, first=not things, priced=priced))
        if part is None:
            break
        count *= part[0].count
        things += part[0].things
        end = position = part[1]
        position = _past_description(text, position)
    if things and (joined := words.joined.match(text, end)):
        period = words.periods[key(joined[1])]
        if not set(things) & set(words.data["periods"]):
            things, end = [*things, period], joined.end()
    if things:
        return Unit.of(*things, count=count), end
    if adverb := words.adverb.match(text, start):
        return Unit.of(words.adverbs[key(adverb[1])]), adverb.end()
    return None


@dataclass(frozen=True, slots=True)
class _Lead:
    """What led a factor of a unit, and so what it may be."""

    slash: bool = True
    touching: bool = False
    """The slash touches an amount: any noun after it is a unit."""
    priced: bool = False
    """Stands after an amount."""
    article: str = ""
    """`a`, `im`: nothing but a period may follow."""
    weak: bool = False
    """Nothing but a known unit may follow."""
    first: bool = True

    @classmethod
    def of(cls, lead: re.Match[str], *, first: bool, priced: bool) -> _Lead:
        slash = bool(lead["slash"])
        return cls(
            slash, slash and priced and lead[0] == "/", priced, lead["article"] or "",
            bool(lead["weak"]), first,
        )  # fmt: skip


def _past_description(text: str, position: int) -> int:
    """Over `of provisioned capacity` in `per GB of provisioned capacity per month`."""
    words = vocabulary()
    match = _ASIDE.match(text, position)
    if match and not words.per.match(text, position):
        return match.end()
    return position


def _part(text: str, start: int, lead: _Lead = _Lead()) -> tuple[Unit, int] | None:
    """One factor, from its count on: `1M input tokens`, `20 minutes`, `GB-month`, `CCU`."""
    words = vocabulary()
    start = _past_sizes(text, start, slash=lead.slash)
    count, position = _count(text, start)
    counted = position > start
    run = _run(text, position)
    if run and not counted and text[start - 1 : start] == "/":
        letter = words.after_slash.get(key(run[0].text))
        if letter:
            return Unit.of(letter), run[0].end
    known = _known(run)
    if known is not None:
        unit, end = known
        timely = set(unit.things) <= set(words.data["periods"])
        if lead.article and (not timely or (counted and lead.article.casefold() in ("a", "an"))):
            return None
        return Unit(unit.count * count, unit.things), end
    described = all(key(word.text) in words.describing for word in run)
    if counted and count > 1 and described and (run or _ends(text, position)):
        end = run[-1].end if run else start + len(text[start:position].rstrip())
        return Unit.of("unit", count=count), end
    if lead.article or lead.weak or not lead.first:
        return None
    return _unknown(text, run, count, counted, lead)


def _count(text: str, start: int) -> tuple[Decimal, int]:
    """The count that stands at `start`, and where it ends; one, and `start`, where none does."""
    words = vocabulary()
    match = words.count.match(text, start)
    if not match:
        return Decimal(1), start
    thousands = bool(_POINTED.fullmatch(match["number"] or ""))
    number = parse_numeral(match["number"], comma=thousands) if match["number"] else Decimal(1)
    scale = words.counts.get(key(match["scale"] or match["word"] or ""), Decimal(1))
    return (number * scale, match.end()) if number else (Decimal(1), start)


def _past_sizes(text: str, start: int, *, slash: bool) -> int:
    """Over `4K` in `per 4K image`: a size. `1K images` and `/ 1K image` are a thousand."""
    match = _SIZES.match(text, start)
    if not match:
        return start
    run = _run(text, match.end(), most=3)
    names = [_name(word) for word in run]
    thing = next((at for at, name in enumerate(names) if name), None)
    if thing is None or "token" in names:
        return start
    if match[0].rstrip()[-1] in "kK":
        thousand = match[0].strip() in ("1K", "1k") and (slash or run[thing].text.endswith("s"))
        if thousand or names[thing] not in vocabulary().sized:
            return start
    return match.end()


def _unknown(
    text: str, run: list[_Word], count: Decimal, counted: bool, lead: _Lead
) -> tuple[Unit, int] | None:
    """A noun that no list has, where its lead leaves no doubt: `per CCU`, `$0.30/request`."""
    words = vocabulary()
    noun = next((word for word in run if not _QUALITY.search(word.text)), None)
    if noun is None or key(noun.text) in words.describing:
        return None
    if not _UNKNOWN_NOUN.fullmatch(noun.text):
        return None
    if lead.slash and not counted and not lead.touching:
        alone = noun.text.islower() and len(run) == 1 and _nothing_follows(text, noun.end)
        if not (lead.priced and alone):  # `$5 / Basic`, `Read/Write`
            return None
    name = _singular(noun.text.lower())
    if of := _OF.match(text, noun.end):  # `place of business`
        return Unit.of(f"{name} of {of[1]}", count=count), of.end()
    return Unit.of(name, count=count), noun.end


def _nothing_follows(text: str, position: int) -> bool:
    return bool(_NOTHING.match(text, position)) or bool(vocabulary().per.match(text, position))


def counted_unit(text: str, start: int) -> tuple[Unit, int] | None:
    """The count and the known thing at `start`, which nothing leads: `10 GB`, `users`."""
    part = _part(text, start, _Lead(weak=True))
    return part if part and part[0].things != ("unit",) else None


def billed_unit(text: str) -> Unit | None:
    """The thing of which a sentence says that it is billed: `SMS messages are billed monthly`."""
    words = vocabulary()
    verb = words.billed.search(text)
    named = _LAST_WORD.search(text[max(verb.start() - _REACH, 0) : verb.start()]) if verb else None
    thing = words.things.get(key(named[0]), "") if named else ""
    return Unit.of(thing) if thing in words.by_the_count else None


def _ends(text: str, position: int) -> bool:
    """Does nothing follow a count that could be counted?"""
    word = vocabulary().token.match(text, position)
    return key(word[1]) in vocabulary().stop if word else bool(_NOTHING.match(text, position))


def _run(text: str, start: int, most: int = 9) -> list[_Word]:
    """The words from `start` on that can belong to one noun phrase."""
    words = vocabulary()
    run: list[_Word] = []
    position = start
    while len(run) < most:
        # `per million input/output tokens`
        either_ = bool(run) and key(run[-1].text) in words.describing
        gap = (_EITHER if either_ else _GAP if run else _NO_GAP).match(text, position)
        match = words.token.match(text, gap.end()) if gap else None
        if gap is None or match is None:
            break
        # `Class A operations`: a letter is a name, and no article, after a word.
        if "/" in gap[0] and key(match[1]) not in words.describing:
            break
        stops = key(match[1]) in words.stop and not (run and match[1] == "A")
        if stops and (run or key(match[1]) not in words.periods):  # `par an`
            break
        if run and not gap[0] and re.match(LETTER, match[1]) and re.match(LETTER, run[-1].text):
            break
        run.append(_Word(match[1], match.end(), gap[0].strip() or gap[0][:1]))
        position = match.end()
    return run


def _known(run: list[_Word]) -> tuple[Unit, int] | None:
    """The unit among these words, with what describes it passed over; None: none is known."""
    words = vocabulary()
    names = [_name(word) for word in run]
    first = next((i for i, name in enumerate(names) if name), None)
    if first is None or (first > 4 and not re.match(CJK, run[first].text)):
        return None
    last = _head(run, names, first)
    compound = words.compounds.get(key(run[last].text))
    unit = compound or Unit.of(names[last])
    if last == first and first and names[first] in words.data["periods"]:
        owner = run[first - 1]
        if _UNKNOWN_NOUN.fullmatch(owner.text) and key(owner.text) not in words.describing:
            unit = Unit.of(_singular(owner.text.lower()), names[first])
    following = last + 1
    if following < len(run) and names[following] and run[following].gap:
        period = names[following] in words.data["periods"]
        mere = key(run[last].text) in words.describing and run[following].gap != "-"
        if period and names[last] not in words.data["periods"]:
            unit = Unit.of(names[following]) if mere else _times(unit, names[following])
            last = following
    return unit, run[last].end


def _head(run: list[_Word], names: list[str], first: int) -> int:
    """Of `image tokens` or `image output tokens` the last noun is what is counted."""
    words = vocabulary()
    last = first
    if names[first] in words.data["periods"]:
        return first
    for i in range(first + 1, len(run)):
        if not run[i].gap and not (names[i] and re.match(CJK, run[i].text)):
            break
        if names[i] and names[i] not in words.data["periods"] and run[i].gap != "-":
            last = i
        elif key(run[i].text) not in words.describing:
            break
    return last


def _name(word: _Word) -> str:
    words, name = vocabulary(), key(word.text)
    if name in words.compounds:
        return words.compounds[name].things[0]
    return words.things.get(name) or words.periods.get(name) or ""


def _times(unit: Unit, thing: str) -> Unit:
    return Unit.of(*unit.things, thing, count=unit.count)


def _singular(noun: str) -> str:
    if noun.endswith("ies") and len(noun) > 4:
        return noun[:-3] + "y"
    if noun.endswith(("sses", "xes", "ches", "shes")):
        return noun[:-2]
    return noun[:-1] if noun.endswith("s") and not noun.endswith(("ss", "us", "is")) else noun


def past_tax(text: str, start: int) -> int:
    """Where a remark on tax ends that stands at `start`, `(plus VAT)`; `start`: there is none."""
    position = end = start
    for _ in range(_MOST_TAX_WORDS):
        match = vocabulary().tax.match(text, position)
        if not match:
            break
        position = match.end()
        end = position if match["tax"] or end > start else start
    return end


# ── A unit before the amount, and in headings ────────────────────────────────────────────────


def unit_before(text: str, start: int, end: int) -> tuple[Unit, str] | None:
    """The unit stated just before an amount that stands at `end`, with its words.

    `per 1M tokens: $5`, `每百万tokens 5元`, `100万トークンあたり5ドル`, `100K requests cost $0.20`.
    """
    words = vocabulary()
    start = max(start, end - _REACH)
    start = max([start, *(match.end() for match in _SENTENCE_END.finditer(text, start, end))])
    segment = text[start:end]
    if not segment.strip(" \u00a0*_("):
        return None
    for lead in words.lead.finditer(segment):
        if lead["slash"] or lead["article"] or lead["weak"]:
            continue
        found = unit_after(segment, lead.start())
        if found and (unit := _linked(found[0], segment, found[1])):
            return unit, segment[lead.start() : found[1]].strip(" (,")
    for match in words.count.finditer(segment):
        part = _part(segment, match.start())
        if part is None or match.end() >= part[1]:
            continue
        tail = words.after.match(segment, part[1]) or words.counted.match(segment, part[1])
        if tail and (unit := _linked(part[0], segment, tail.end())):
            return unit, segment[match.start() : part[1]]
    return _thing_after(segment) or _period_before(segment)


def _linked(unit: Unit, segment: str, end: int) -> Unit | None:
    """The unit that ends there, where nothing but a link or a period follows up to the amount:
    `ユーザーあたり月額500円`, `per user, monthly: $5`.
    """
    words = vocabulary()
    if words.link.fullmatch(segment, end):
        return unit
    period = _period_before(segment[end:])
    return _times(unit, period[0].things[0]) if period else None


def _period_before(segment: str) -> tuple[Unit, str] | None:
    """`月額1,980円`, `월 9,900원`, `Monthly: $20`, where nothing else is said before the amount."""
    words = vocabulary()
    segment = segment.strip(" ,、，").strip()
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
            part = _part(segment, begin)
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
    folded = fold(text)
    if len(folded) <= _HEADING / 2:  # in a sentence `per-token rates` say how, not how many
        folded = _HYPHENED.sub("per ", folded)
    for lead in words.lead.finditer(folded):
        if not _leads(lead, folded):
            continue
        found = unit_after(folded, lead.start())
        if found is None:
            continue
        if not is_known(found[0]) and (len(folded) > _HEADING / 2 or not _ENGLISH.match(lead[0])):
            continue
        unit = _with_period(found[0], folded[: lead.start()], folded[found[1] :])
        return unit, text[lead.start() : found[1]].strip(" (,")
    if len(folded) > _HEADING:
        return None
    return _thing_after_in(folded) or _bare_adverb(folded) or _bare_count(folded)


def _leads(lead: re.Match[str], text: str) -> bool:
    """Whether this word or slash of a heading leads a unit: the slash of `USD/GB`, `Price / hour`
    and `Input / 1M tokens` does, that of `Read/Write` does not.
    """
    words = vocabulary()
    if lead["article"] or lead["weak"]:
        return False
    before = text[max(lead.start() - _REACH, 0) : lead.start()]
    named = _LAST_WORD.search(before.rstrip())
    left = _name(_Word(named[0], 0, "")) if named else ""
    if not lead["slash"]:
        return not _AS.search(before[-6:]) and not _is_a_pace(text, left, lead.end())
    before = before.rstrip(" \u00a0*_")
    if not before or not before[-1].isalpha() or words.price_end.search(before):
        return True
    if _count(text, position := lead.end() + (text[lead.end() :][:1] == " "))[1] > position:
        return True
    run = _run(text, position, most=1)
    right = key(run[0].text) if run else ""
    measures = right in words.compounds or words.periods.get(right) or _is_size(right)
    counted = left in words.by_the_count or left in words.data["periods"] or left[1:] in _BYTES
    return bool(measures) and not counted


def _is_a_pace(text: str, thing: str, start: int) -> bool:
    """`Requests per minute` tells how many, and not for how much."""
    words = vocabulary()
    run = _run(text, start + (text[start : start + 1] == " "), most=1)
    timely = bool(run) and key(run[0].text) in words.periods
    return timely and thing in words.by_the_count and not words.price.search(text)


def _is_size(word: str) -> bool:
    return vocabulary().things.get(word, "")[1:] in _BYTES


def _with_period(unit: Unit, before: str, after: str) -> Unit:
    """`Annual price per device` is for a device and a year."""
    if PERIODS.intersection(unit.things) or len(before) + len(after) > _HEADING:
        return unit
    adverb = _bare_adverb(f"{before} {after}")
    return _times(unit, adverb[0].things[0]) if adverb and re.search(r"\w", before) else unit


def is_known(unit: Unit) -> bool:
    """Whether all it is made of stands in the lists: no noun that merely follows a `per`."""
    words = vocabulary()
    known = {*words.data["things"], *words.data["periods"]}
    return all(thing in known for thing in unit.things)


def _thing_after_in(text: str) -> tuple[Unit, str] | None:
    words = vocabulary()
    for after in words.after.finditer(text):
        if found := unit_before(text[: after.end()], 0, after.end()):
            return found
    return None


def _bare_count(text: str) -> tuple[Unit, str] | None:
    """`1M tokens` or `1 ride` alone, or beside a word for price; but no number of a section, no
    number of days, and no size of a machine.
    """
    words = vocabulary()
    for match in words.count.finditer(text):
        part = _part(text, match.start())
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
