"""What an amount is for, in words: `/ 1M tokens`, `per GB-month`, `元/百万tokens`, `pro Monat`.

The words themselves are data: units.toml.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from ratewire.model import PERIODS, Unit
from ratewire.read.numerals import parse_numeral
from ratewire.read.vocabulary import CJK, LETTER, key, vocabulary

__all__ = [
    "Word",
    "count_at",
    "counted_thing",
    "counted_unit",
    "factor",
    "is_known",
    "joint_unit",
    "name_of",
    "noun_run",
    "past_tax",
    "times",
    "unit_after",
]

_UNKNOWN_NOUN = re.compile(rf"{LETTER}[{LETTER[1:-1]}\d_]+")
_ASIDE = re.compile(
    r"\s{1,3}(?:of\s{1,3})?[^\W\d]{1,30}(?:[ -][^\W\d]{1,30}){0,2}?(?=\s{0,3}(?:/|,?\s{0,3}per\b))"
)
_QUALITY = re.compile(r"(?:ful|ed|ing|al|ive|ic|able|ary|ous|bound|ly)$", re.IGNORECASE)
"""How words end that say which, and not what: `per successful charge`."""
_POINTED = re.compile(r"[1-9]\d{0,2}(?:\.000)+")
"""A count of things that points group: `je 1.000 Zeichen`."""
_SIZES = re.compile(
    r"(?:(?:(?:0\.5|1|2|4|8|16)k(?!\w)|\d{3,4}p(?!\w)|\d{3,4}\s?[x×]\s?\d{3,4}(?!\w))\s?[/,]?\s?){1,4}",
    re.IGNORECASE,
)
"""Of pictures: `per 1K/2K image`, `per 1080p video`, `per 1024x1024 image`."""
_OF = re.compile(r" of ([a-z]{3,30})\b(?!-)(?<!\bthe)(?<!\byour)(?<!\bour)(?<!\bany)(?<!\beach)")
_NOTHING = re.compile(r"\s*(?:$|[^\w\s%$€£¥])")
_EITHER = re.compile(r"[ \u00a0]?[-/]?[ \u00a0]?")
_GAP, _NO_GAP = re.compile(r"[ \u00a0]?-?[ \u00a0]?"), re.compile("")
_MOST_FACTORS, _MOST_TAX_WORDS = 4, 8


# ── A unit after `per` ───────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a noun phrase that may be a unit."""

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
        periods = PERIODS.issuperset(things)
        fresh = not things or (priced and periods and not lead["slash"])
        part = factor(
            text, _past_second_lead(text, lead), Lead.of(lead, first=fresh, priced=priced)
        )
        if part is None:
            break
        count *= part[0].count
        things += part[0].things
        end = position = part[1]
        position = _past_description(text, position)
        if text.startswith((". /", "./"), position):  # an abbreviation: `/ pers. / mo.`
            position += 1
    if things and (joined := words.joined.match(text, end)):
        period = words.periods[key(joined[1])]
        if not set(things) & set(words.data["periods"]):
            things, end = [*things, period], joined.end()
    elif things and PERIODS.issuperset(things) and (also := _joined_thing(text, end)):
        things, end = [*also[0].things, *things], also[1]
    adverb = words.adverb.match(text, end if things else start)
    if things and not (adverb and PERIODS.isdisjoint(things)):
        return Unit.of(*things, count=count), end
    if adverb:  # `monthly`, `per site yearly`, `monthly per site`
        period, end = words.adverbs[key(adverb[1])], adverb.end()
        further = None if things or not words.per.match(text, end) else unit_after(text, end)
        if further and is_known(further[0]) and PERIODS.isdisjoint(further[0].things):
            return Unit.of(*further[0].things, period, count=further[0].count), further[1]
        return Unit.of(*things, period, count=count), end
    return None


def _joined_thing(text: str, position: int) -> tuple[Unit, int] | None:
    """The thing joined to a period that stands before it: `par mois et par site`."""
    words = vocabulary()
    lead = words.joined_lead.match(text, position)
    part = factor(text, lead.end(), Lead(weak=True)) if lead else None
    return part if part and PERIODS.isdisjoint(part[0].things) else None


@dataclass(frozen=True, slots=True)
class Lead:
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
    """No thing was counted before it."""

    @classmethod
    def of(cls, lead: re.Match[str], *, first: bool, priced: bool) -> Lead:
        slash = bool(lead["slash"])
        return cls(
            slash, slash and priced and lead[0] == "/", priced, lead["article"] or "",
            bool(lead["weak"]), first,
        )  # fmt: skip


def _past_second_lead(text: str, lead: re.Match[str]) -> int:
    """Where the unit begins behind a lead and a word that says the same: `/每千次`, `/ per GB`,
    `per ogni stanza`.
    """
    again = vocabulary().per.match(text, lead.end()) if not lead["article"] else None
    if again is None or again["slash"] or again["article"] or again["weak"]:
        return lead.end()
    return again.end()


def _past_description(text: str, position: int) -> int:
    """Over `of provisioned capacity` in `per GB of provisioned capacity per month`."""
    words = vocabulary()
    match = _ASIDE.match(text, position)
    if match and not words.per.match(text, position):
        return match.end()
    return position


def factor(text: str, start: int, lead: Lead = Lead()) -> tuple[Unit, int] | None:
    """One factor, from its count on: `1M input tokens`, `20 minutes`, `GB-month`, `CCU`."""
    words = vocabulary()
    start = _past_more(text, _past_sizes(text, start, slash=lead.slash))
    count, position = count_at(text, start)
    counted = position > start
    run = noun_run(text, position)
    if run and text[max(start - 3, 0) : start].rstrip().endswith("/"):
        letter = words.after_slash.get(key(run[0].text))
        if letter and (not counted or (len(run[0].text) == 1 and text[position - 1].isdigit())):
            return Unit.of(letter, count=count), run[0].end
    known = _known(run)
    if known is not None:
        unit, end = known
        timely = set(unit.things) <= set(words.data["periods"])
        if lead.article and (not timely or (counted and lead.article.casefold() in ("a", "an"))):
            return None
        return Unit(unit.count * count, unit.things), end
    if lead.slash and len(run) == 1 and (period := words.adverbs.get(key(run[0].text))):
        return Unit.of(period, count=count), run[0].end  # `29 zł / miesięcznie`
    described = all(key(word.text) in words.describing for word in run)
    if counted and count > 1 and described and (run or _ends(text, position)):
        end = run[-1].end if run else start + len(text[start:position].rstrip())
        return Unit.of("unit", count=count), end
    if lead.article or lead.weak or not lead.first:
        return None
    return _unknown(text, run, count, counted, lead)


def count_at(text: str, start: int) -> tuple[Decimal, int]:
    """The count that stands at `start`, and where it ends; one, and `start`, where none does."""
    words = vocabulary()
    match = words.count.match(text, start)
    if not match:
        return Decimal(1), start
    thousands = bool(_POINTED.fullmatch(match["number"] or ""))
    number = parse_numeral(match["number"], comma=thousands) if match["number"] else Decimal(1)
    scale = words.counts.get(key(match["scale"] or match["word"] or ""), Decimal(1))
    return (number * scale, match.end()) if number else (Decimal(1), start)


def _past_more(text: str, start: int) -> int:
    """Over `additional` in `per additional 1,000 messages`, where a count follows."""
    match = vocabulary().more.match(text, start)
    return match.end() if match and count_at(text, match.end())[1] > match.end() else start


def _past_sizes(text: str, start: int, *, slash: bool) -> int:
    """Over `4K` in `per 4K image`: a size. `1K images` and `/ 1K image` are a thousand."""
    match = _SIZES.match(text, start)
    if not match:
        return start
    run = noun_run(text, match.end(), most=3)
    names = [name_of(word) for word in run]
    thing = next((at for at, name in enumerate(names) if name), None)
    if thing is None or "token" in names:
        return start
    if match[0].rstrip()[-1] in "kK":
        sized = match[0].strip().upper() in ("2K", "4K", "8K")
        several = slash or run[thing].text.endswith("s")
        thousand = several and not sized and "/" not in match[0]
        if thousand or names[thing] not in vocabulary().sized:
            return start
    return match.end()


def _unknown(
    text: str, run: list[Word], count: Decimal, counted: bool, lead: Lead
) -> tuple[Unit, int] | None:
    """A noun that no list has, where its lead leaves no doubt: `per CCU`, `$0.30/request`."""
    words = vocabulary()
    noun = next((word for word in run if not _QUALITY.search(word.text)), None)
    if noun is None and len(run) == 1 and lead.priced and _nothing_follows(text, run[0].end):
        noun = run[0]  # `per aanpassing`
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
    part = factor(text, start, Lead(weak=True))
    return part if part and part[0].things != ("unit",) else None


def counted_thing(*texts: str) -> Unit | None:
    """What the first of the texts to do so counts by its last word: `Edge requests`; no period
    and no size.
    """
    words = vocabulary()
    for text in texts:
        run = noun_run(text, 0)
        name = name_of(run[-1]) if run and run[-1].end == len(text) else ""
        if name in words.by_the_count or name == "credit":
            return Unit.of(name)
    return None


def _ends(text: str, position: int) -> bool:
    """Does nothing follow a count that could be counted?"""
    word = vocabulary().token.match(text, position)
    return key(word[1]) in vocabulary().stop if word else bool(_NOTHING.match(text, position))


def noun_run(text: str, start: int, most: int = 9) -> list[Word]:
    """The words from `start` on that can belong to one noun phrase."""
    words = vocabulary()
    run: list[Word] = []
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
        run.append(Word(match[1], match.end(), gap[0].strip() or gap[0][:1]))
        position = match.end()
    return run


def _known(run: list[Word]) -> tuple[Unit, int] | None:
    """The unit among these words, with what describes it passed over; None: none is known."""
    words = vocabulary()
    names = [name_of(word) for word in run]
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
            unit = Unit.of(names[following]) if mere else times(unit, names[following])
            last = following
    return unit, run[last].end


def _head(run: list[Word], names: list[str], first: int) -> int:
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


def name_of(word: Word) -> str:
    words, name = vocabulary(), key(word.text)
    if name in words.compounds:
        return words.compounds[name].things[0]
    return words.things.get(name) or words.periods.get(name) or ""


def times(unit: Unit, thing: str) -> Unit:
    return Unit.of(*unit.things, thing, count=unit.count)


def _singular(noun: str) -> str:
    if noun.endswith("ies") and len(noun) > 4:
        return noun[:-3] + "y"
    if noun.endswith(("sses", "xes", "ches", "shes")):
        return noun[:-2]
    return noun[:-1] if noun.endswith("s") and not noun.endswith(("ss", "us", "is")) else noun


def joint_unit(unit: Unit, other: Unit | None) -> Unit:
    """Of a thing and a period that are said in two places, both: `vCPU` under `Per month`."""
    if other is None or not unit.things or not other.things:
        return unit
    timely, otherwise = (PERIODS.issuperset(each.things) for each in (unit, other))
    if timely == otherwise or PERIODS.intersection((other if timely else unit).things):
        return unit
    return Unit.of(*unit.things, *other.things, count=unit.count * other.count)


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


def is_known(unit: Unit) -> bool:
    """Whether all it is made of stands in the lists: no noun that merely follows a `per`."""
    words = vocabulary()
    known = {*words.data["things"], *words.data["periods"]}
    return all(thing in known for thing in unit.things)
