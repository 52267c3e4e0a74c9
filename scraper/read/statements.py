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

from scraper.model import PERIODS, Unit
from scraper.read.dates import find_dates
from scraper.read.document import Text
from scraper.read.lexicon import fold, lexicon, slug
from scraper.read.meters import Metered, is_measure, read_heading
from scraper.read.other_money import other_money
from scraper.read.quantities import Amount, find_amounts, find_unit

__all__ = ["Statement", "sentences", "statements"]

_SENTENCE = re.compile(
    r"(?<=[.!?])(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\b[Ii]ncl\.)(?<!\b[Ee]xcl\.)(?<!\b[Aa]pprox\.)"
    r"(?<!\bMio\.)(?<!\bMrd\.)(?<!\bTsd\.)(?<!\bz\.B\.)(?<!\bz\. B\.)(?<!\bca\.)(?<!\bvs\.)"
    r"(?<!\binkl\.)(?<!\bp\. ej\.)(?<!\bp\.ej\.)\s+"
    r"(?!(?:Jan|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez)\w*\.?\s+\d{4})"
    r"(?=[A-Z\"'(*$€£¥À-Þ\u3040-\u9fff])"
    r"|(?<=[。！？])\s*|\n"
)
_LEAD = re.compile(
    r"^[\s•*·–-]*(?P<label>[^:：$€£¥]{2,60}?)"
    r"(?:\s*[:：]\s*|\s+[–—-]\s+(?=\W*$|from\b|starting\b))"
)
_NAMED_BRACKET = re.compile(
    r"(?P<name>[A-Z][\w+-]*(?:\s+[A-Z0-9][\w+-]*){0,3})\s*\((?:starting at|from|starts at)?\s*$"
)
_ARTICLE = re.compile(
    r"^(?:the|a|an|each|every|all|our|any|additional|der|die|das|ein|eine|el|la|los|las|un|una)"
    r"\s+", re.I
)  # fmt: skip
_KIND = re.compile(r"^(?:tarif|plan|paket|modell|modelo|model)\s+(?=[A-Z\d])", re.I)
_NO_SUBJECT = re.compile(
    r"\d|\b(when|if|while|or|and|you|we|it|this|that|they|there|which|what|usage|beyond|pricing|prices?|costs?|charges?|"
    r"wir|sie|es|preis|precio)\b",
    re.I,
)
_NAME = re.compile(r"[A-Za-z][\w.+-]*(?:\s+(?:[A-Z][\w.+-]*|v?\d[\w.]*))*")
"""A product's name with a number in it: `Onyx 2`, `onyx-2-mini`."""
_EACH = re.compile(r"\s*(?:each|apiece|pro Stück|c/u|cada un[oa])\b", re.I)
_EVERY = re.compile(r"\W*(?:each|every|per)\b", re.I)
_COUNTED = re.compile(r"(?:\s+[\w-]+){1,4}?\s*(?=\bper\b|/|\bpro\b)", re.I)
_JOINT = re.compile(r"\s*(?:[,;/&|·+]|\b(?:and|or|und|oder|y|o|then|plus)\b)+\s*", re.I)
_GOES_ON = re.compile(r"(?:[,;/]|\b(?:and|or|und|oder|y|o)\b)\W*$", re.I)
_STEP_EDGES = re.compile(
    r"^\W*(?:(?:for|on|für|para|por)\s+)?(?:(?:the|die|den|los|las)\s+)?"
    r"|(?:[\W_]|\b(?:and|then|und|dann|y|luego)\b)+$",
    re.I,
)
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


def sentences(text: str) -> list[str]:
    """A text's sentences and lines; abbreviations end none."""
    return [sentence for sentence in _SENTENCE.split(text) if sentence.strip()]


def statements(sentence: str, block: Text) -> Iterator[Statement]:
    """The prices that one sentence of a block states."""
    if len(sentence.split()) > _LONGEST:
        return
    found = find_amounts(sentence)
    amounts = [amount for amount in found if not amount.struck and amount.percent is None]
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
        unit = units[number]
        named = _NAMED_BRACKET.search(before)
        if others[number] or unit is None or _is_no_amount(amount, before, named is not None):
            continue
        if number and _restates(before, amounts[number - 1], amount):
            continue
        own = named.group("name") if named else _subject(sentence, amounts, number, block)
        next_step = bool(steps[number]) and last == number - 1 >= 0
        if next_step and own and _thereafter(own):
            own = ""
        if own is None and not (number and (counted[number].is_token_meter or next_step)):
            continue
        goes_on = counted[number].is_token_meter or next_step or _GOES_ON.search(before)
        follows = number and not own and goes_on
        label, last = label if follows else own or "", number
        yield Statement(amount, unit, label, counted[number], sentence, steps[number])


def _end(amount: Amount) -> int:
    return max(amount.end, amount.unit_end)


# ── what it is for ───────────────────────────────────────────────────────────────────────────


def _units(sentence: str, amounts: Sequence[Amount]) -> list[Unit | None]:
    """Each amount's unit; `$5 for input and $25 for output per 1M tokens` shares its one."""
    units = [_own_unit(amount, sentence) for amount in amounts]
    for number in range(len(amounts) - 2, -1, -1):
        between = sentence[amounts[number].end : amounts[number + 1].start]
        if units[number] is None and units[number + 1] and _only_joins(between):
            units[number] = units[number + 1]
    for number in range(1, len(amounts)):
        between = sentence[_end(amounts[number - 1]) : amounts[number].start]
        named = _words_after(sentence, amounts, number)
        joined = named.is_token_meter and _only_joins(between)
        if units[number] is None and (joined or _thereafter(_after(sentence, amounts, number))):
            units[number] = units[number - 1]
    return units


def _own_unit(amount: Amount, sentence: str) -> Unit | None:
    if amount.unit:
        return amount.unit
    beyond = _COUNTED.match(sentence, amount.end)
    if beyond and _only_joins(beyond.group()):  # `$25 for output per 1M tokens`
        found = find_amounts(f"{amount.text} {sentence[beyond.end() :]}")
        return found[0].unit if found else None
    if not _EACH.match(sentence, amount.end):
        return None
    words = re.findall(r"[^\W\d]+", sentence[: amount.start])
    candidates = (find_unit(f"per {word}") for word in reversed(words[-6:]))
    return next((found[0] for found in candidates if found and found[0].things != ("unit",)), None)


def _only_joins(between: str) -> bool:
    """Nothing but `and`, `/` and words for what is counted."""
    rest = fold(_JOINT.sub(" ", between))
    for section in ("direction", "cache"):
        rest = lexicon(section).pattern.sub(" ", rest)
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
    meant = read_heading(after) if 0 < len(after.split()) <= 4 else Metered()
    return replace(meant, other="") if meant.is_token_meter else Metered()


# ── whether it is a price ────────────────────────────────────────────────────────────────────


def _is_no_amount(amount: Amount, before: str, named: bool) -> bool:
    """About so much, up to so much, over so much, formerly so much, so much for ten hours."""
    if amount.qualifier in ("about", "up to") or (before.rstrip().endswith("(") and not named):
        return True
    words = fold(before)
    if any(end == len(words) for *_, end in lexicon("not_a_rate", "before").find(words)):
        return True
    stated_before = amount.unit is not None and amount.unit_end <= amount.end
    if not stated_before or amount.unit is None or _EVERY.match(before):
        return False
    several = amount.unit.count != 1 and bool(PERIODS.intersection(amount.unit.things))
    return several or bool(re.search(r"\bfor\s+\d", before))


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


# ── what is priced ───────────────────────────────────────────────────────────────────────────


def _subject(sentence: str, amounts: Sequence[Amount], number: int, block: Text) -> str | None:
    """What is priced, in the sentence's words; empty for the heading's; None: no price at all."""
    amount = amounts[number]
    before = sentence[_end(amounts[number - 1]) if number else 0 : amount.start]
    if lead := _LEAD.match(before):
        rest = before[lead.end() :].strip(" *_(")
        free = lexicon("prose", "free").pattern.search(fold(rest))
        if not rest or free or len(rest.split()) <= 6:
            return lead.group("label").strip(" *_`")
    bare = before.strip(" *_`-–•(")
    if not bare or lexicon("prose", "opening").exactly(bare):
        return block.label if block.kind in ("dd", "li") and len(block.label.split()) <= 8 else ""
    if number and _JOINT.fullmatch(bare):
        return ""
    if (subject := _before_verb(before)) is not None:
        return subject
    if number:
        listed = re.match(r"[,;/|]\s*(?:and |or )?", before.lstrip())
        plain = re.sub(r"^[,;/|\s]*(?:and |or )?", "", bare)
        fits = listed and len(plain.split()) <= 6 and not _NO_SUBJECT.search(plain)
        return plain if fits else None
    priced = lexicon("prose", "priced").pattern.search(fold(sentence))
    if priced or re.match(r"\W*[$€£¥]", sentence) or block.kind in ("li", "dd"):
        return ""
    return None


def _before_verb(before: str) -> str | None:
    """The subject of the first verb that states a price; empty: it names none; None: no verb."""
    folded = fold(before)
    verb = next((hit for hit in lexicon("prose", "verb").find(folded) if hit[1] >= 2), None)
    if verb is None:
        return None
    same = before.lstrip() if len(before.strip()) == len(folded) else folded
    subject = _ARTICLE.sub("", same[: verb[1]].strip(" *_`,;、，"))
    subject = re.sub(r"(?:的|の)$", "", subject)
    subject = _KIND.sub("", subject)
    if "," in subject and find_dates(subject):
        subject = _ARTICLE.sub("", re.split(r",\s+", subject)[-1])
    if not 2 <= len(subject) <= 70 or len(subject.split()) > 8:
        return ""
    is_name = _NAME.fullmatch(subject) and re.search(r"\d", subject)
    return subject if is_name or not _NO_SUBJECT.search(subject) else ""
