"""What an amount is for, in words: `/ 1M tokens`, `per GB-month`, `元/百万tokens`, `pro Monat`.

The words themselves are data: units.toml.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from scraper.model import Unit
from scraper.read.numerals import fold, parse_numeral
from scraper.read.vocabulary import CJK, LATIN, key, vocabulary

__all__ = ["find_unit", "unit_after", "unit_before"]

_UNKNOWN_NOUN = re.compile(rf"{LATIN}[{LATIN[1:-1]}\d_]+")
_ASIDE = re.compile(r"\s+(?:of\s+)?[^\W\d]+(?:[ -][^\W\d]+){0,2}?(?=\s*(?:/|,?\s*per\b))")
_QUALITY = re.compile(r"(?:ful|ed|ing|al|ive|ic|able|ary|ous|bound|ly)$", re.IGNORECASE)
"""How words end that say which, and not what: `per successful charge`."""
_POINTED = re.compile(r"[1-9]\d{0,2}(?:\.000)+")
"""A count of things that points group: `je 1.000 Zeichen`."""
_HYPHENED = re.compile(r"\bper-(?!token)(?=[a-z])", re.IGNORECASE)
_NOTHING = re.compile(r"\s*(?:$|[^\w\s%$€£¥])")
_EITHER = re.compile(r"[ \u00a0]?[-/]?[ \u00a0]?")
_GAP, _NO_GAP = re.compile(r"[ \u00a0]?-?[ \u00a0]?"), re.compile("")
_SENTENCE_END = re.compile(r"[.!?。；;]\s")
_REACH = 90
"""How many characters before an amount its unit may begin."""
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
    while lead := words.per.match(text, position):
        tight = priced and lead[0] == "/"
        part = _part(
            text, lead.end(), slash=bool(lead["slash"]) and not tight,
            article=bool(lead["article"]), first=not things,
        )  # fmt: skip
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


def _past_description(text: str, position: int) -> int:
    """Over `of provisioned capacity` in `per GB of provisioned capacity per month`."""
    words = vocabulary()
    match = _ASIDE.match(text, position)
    if match and not words.per.match(text, position):
        return match.end()
    return position


def _part(
    text: str, start: int, *, slash: bool, article: bool, first: bool
) -> tuple[Unit, int] | None:
    """One factor, from its count on: `1M input tokens`, `20 minutes`, `GB-month`, `CCU`."""
    words = vocabulary()
    count, position, counted = Decimal(1), start, False
    if match := words.count.match(text, start):
        thousands = bool(_POINTED.fullmatch(match["number"] or ""))
        number = parse_numeral(match["number"], comma=thousands) if match["number"] else Decimal(1)
        scale = words.counts.get(key(match["scale"] or match["word"] or ""), Decimal(1))
        if number:
            count, position, counted = number * scale, match.end(), True
    run = _run(text, position)
    if run and not counted and (slash or text[start - 1 : start] == "/"):
        letter = words.after_slash.get(key(run[0].text))
        if letter:
            return Unit.of(letter), run[0].end
    known = _known(run)
    if known is not None:
        unit, end = known
        if article and not set(unit.things) <= set(words.data["periods"]):
            return None
        return Unit(unit.count * count, unit.things), end
    described = all(key(word.text) in words.describing for word in run)
    if counted and count > 1 and described and (run or _ends(text, position)):
        end = run[-1].end if run else start + len(text[start:position].rstrip())
        return Unit.of("unit", count=count), end
    if article or (slash and not counted) or not first:
        return None
    noun = next((word for word in run if not _QUALITY.search(word.text)), None)
    if noun is None or key(noun.text) in words.describing:
        return None
    if not _UNKNOWN_NOUN.fullmatch(noun.text):
        return None
    return Unit.of(_singular(noun.text.lower()), count=count), noun.end


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
        if key(match[1]) in words.stop and not (run and match[1] == "A"):
            break
        if run and not gap[0] and re.match(LATIN, match[1]) and re.match(LATIN, run[-1].text):
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
    for lead in words.per.finditer(segment):
        if lead["slash"] or lead["article"]:
            continue
        found = unit_after(segment, lead.start())
        if found and words.link.fullmatch(segment, found[1]):
            return found[0], segment[lead.start() : found[1]].strip(" (,")
    for match in words.count.finditer(segment):
        part = _part(segment, match.start(), slash=True, article=False, first=True)
        if part is None or match.end() >= part[1]:
            continue
        tail = words.after.match(segment, part[1]) or words.counted.match(segment, part[1])
        if tail and words.link.fullmatch(segment, tail.end()):
            return part[0], segment[match.start() : part[1]]
    return _thing_after(segment) or _adverb_before(segment)


def _adverb_before(segment: str) -> tuple[Unit, str] | None:
    """`月額1,980円`, `Monthly: $20`, where nothing else is said before the amount."""
    words = vocabulary()
    adverb = words.adverb.match(segment.lstrip())
    if adverb and words.link.fullmatch(segment.lstrip(), adverb.end()):
        return Unit.of(words.adverbs[key(adverb[1])]), adverb[1]
    return None


def _thing_after(segment: str) -> tuple[Unit, str] | None:
    """`画像1枚あたり`, `時間あたり`: the thing alone before its particle."""
    words = vocabulary()
    for after in words.after.finditer(segment):
        if words.link.fullmatch(segment, after.end()):
            for length in range(8, 0, -1):
                begin = max(after.start() - length, 0)
                part = _part(segment, begin, slash=True, article=False, first=True)
                if part and part[1] == after.start():
                    return part[0], segment[begin : after.end()].strip()
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
    for lead in words.per.finditer(folded):
        if lead["article"] or re.search(r"\bas\s*$", folded[: lead.start() + 1], re.IGNORECASE):
            continue
        found = unit_after(folded, lead.start())
        unknown = found and not _all_known(found[0])
        if found is None or (unknown and len(folded) > _HEADING / 2):
            continue
        return found[0], text[lead.start() : found[1]].strip(" (,")
    if len(folded) > _HEADING:
        return None
    return _thing_after_in(folded) or _bare_adverb(folded) or _bare_count(folded)


def _all_known(unit: Unit) -> bool:
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
    """`1M tokens` alone, or beside a word for price."""
    words = vocabulary()
    for match in words.count.finditer(text):
        part = _part(text, match.start(), slash=True, article=False, first=True)
        described = match[0].endswith("-")  # a 3-month commitment, a 5-minute cache
        if part is None or part[1] <= match.end() or part[0].count == 1 or described:
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
        rest = text[: match.start()] + " " + text[match.end() :]
        if not re.search(r"\w", rest) or words.price.search(rest):
            return Unit.of(words.adverbs[key(match[1])]), match[1]
    return None
