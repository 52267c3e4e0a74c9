"""When money in a sentence is no price: an example, a credit, a threshold, somebody else's.

Three signs, from the widest to the nearest: a word that makes all of its sentence a story; one
that does so for its clause; what the amount itself is said to be. The words are data:
vocabulary.toml, [story], [clause], [nature]. Remarks in brackets say nothing against a price.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from ratewire.read.lexicon import fold, lexicon
from ratewire.read.quantities import Amount

__all__ = ["is_story", "other_meaning", "other_money", "without_asides"]

_BRACKETED = re.compile(r"\([^()]*\)|（[^（）]*）")
_NEUTRAL = re.compile(
    r"\b(?:credit|debit)[ -]cards?\b|\bcredit card\b|\btarjetas? de crédito\b"
    r"|\bcartes? de crédit\b|\bkreditkarten?\b",
    re.I,
)
"""Payment, not promotion."""
_CLAUSE = re.compile(
    r"[;,:，；、（）()]|\s[–—-]{1,2}\s|。|\b(?:but|while|whereas|aber|pero|mais)\b"
    r"|(?<=[^\W\d]\s)(?:that|which)\b",
    re.I,
)
_SUM = re.compile(
    r"[×*]\s?(?:\\?[$€£¥]|[A-Z]{3}\s?\d)|\d\s+x\s+\\?[$€£¥]|[$€£¥]\s?\d[\d.,]*(?:\s*\([^()]*\))?\s*[×*]\s*\d"
    r"|\d\s*[×*]\s*\d[^=]*="
)
_RESULT = re.compile(r"=\s*$")
_CASE = re.compile(
    r"\b(?:if|when|wenn|falls|si|cuando)\s+(?:you|your|one|sie|ihr|man|usted|tu|su|vous|votre)\b"
    r"(?P<case>[^,;]*)",
    re.I,
)
_BEYOND = re.compile(
    r"\b(?:exceed\w*|more than|over|beyond|above|additional|mehr als|über|más de|plus de"
    r"|or more|oder mehr|o más|ou plus)\b",
    re.I,
)
"""What a condition with a figure says of use that costs extra, and not of an example."""
_YEARLY = re.compile(r"\b(?:annual\w*|yearly|jährlich\w*|anual\w*|annuel\w*)\b", re.I)
"""`… $449 per month; paid annually this comes to $4,310 per year`: the price of another term."""
_SHARE_OFF = re.compile(r"%[\s*_]*$")
"""`with 20% discount is $2,870`: the discount is the share, and the money what is left to pay."""
_HYPOTHESIS = re.compile(r"\b(?:if|wenn|falls)\b[^,;]*$", re.I)
_LINK = re.compile(
    r"(?:[\s:=*_]|\b(?:of|is|are|to|worth|von|in höhe von|de|es|ist|beträgt|est|least)\b)*$",
    re.I,
)
_KIND_OF = re.compile(
    r"[\s*_]*(?:(?:of|in|worth|as|de|en|an|als)\s+)?(?:(?!(?:for|with|per|plus|and|or|includ\w*)\b)"
    r"[^\W\d]+\s+){0,3}",
    re.I,
)
_OF = re.compile(r"[\s*_]*(?:of|worth of)\s+(?:\w+\s+){0,2}(?:usage|use|spend)\b", re.I)


def is_story(sentence: str) -> bool:
    """Whether a word of the sentence makes all money in it something else than a price."""
    return bool(_of_sentence(without_asides(sentence)))


def other_money(sentence: str, amounts: Sequence[Amount]) -> list[str]:
    """What each amount of a sentence is, if it is no price; empty: it may well be one."""
    told = without_asides(sentence)
    if whole := _of_sentence(told):
        return [whole] * len(amounts)
    return [_of_amount(told, amounts, at) for at in range(len(amounts))]


@lru_cache(maxsize=2048)
def other_meaning(sentence: str) -> str:
    """What the words of a sentence make of figures that no reader took; empty: they do not say."""
    told = without_asides(sentence)
    if whole := _of_sentence(told):
        return whole
    folded = fold(told)
    return lexicon("clause").first(folded) or lexicon("nature").first(folded)


def without_asides(sentence: str) -> str:
    """The sentence with brackets that hold no figure, and ways to pay, blanked."""
    bare = _BRACKETED.sub(lambda m: m[0] if _has_money(m[0]) else " " * len(m[0]), sentence)
    return _NEUTRAL.sub(lambda m: " " * len(m[0]), bare)


def _has_money(text: str) -> bool:
    save = lexicon("clause").first(fold(text)) == "saving"
    return any(char.isdigit() for char in text) and not save


def _of_sentence(told: str) -> str:
    if found := lexicon("story").first(fold(told)):
        return found
    if _SUM.search(told):
        return "sum"
    return ""


def _of_amount(told: str, amounts: Sequence[Amount], at: int) -> str:
    amount = amounts[at]
    start = _end(amounts[at - 1]) if at else 0
    stop = amounts[at + 1].start if at + 1 < len(amounts) else len(told)
    before, after = told[start : amount.start], told[_end(amount) : stop]
    if _is_worked_out(told[: amount.start]) or _HYPOTHESIS.search(before):
        return "example"
    if _RESULT.search(before) and not _is_unit_side(amount):
        return "sum"
    last = at + 1 == len(amounts)
    behind = _head(after) if last or _CLAUSE.search(after) else ""  # or it leads to the next
    for words in (_tail(before) if at else before, behind):
        found = lexicon("clause").first(fold(words))
        if found and not (found == "total" and at and _YEARLY.search(before)):
            return found
    return _nature("" if _is_unit_side(amount) else before, after)


def _is_worked_out(before: str) -> bool:
    """A condition with a figure in it stands before: what follows is reckoned for that case."""
    case = _CASE.search(before)
    return bool(case and re.search(r"\d", case["case"]) and not _BEYOND.search(case["case"]))


def _is_unit_side(amount: Amount) -> bool:
    """`1M credits = $0.10`: the unit stands before the sign."""
    return amount.unit is not None and amount.unit_end <= amount.end


def _nature(before: str, after: str) -> str:
    """`$5 in free credits`, `a budget of $50`."""
    if _OF.match(after):
        return "allowance"
    folded = fold(_head(after))
    lead = _KIND_OF.match(folded)
    for meaning, start, end in lexicon("nature").find(folded):
        if lead and start <= lead.end() and folded[end : end + 1] != "-":
            return meaning
    folded = fold(before)
    for meaning, start, end in lexicon("nature").find(folded):
        told_apart = meaning == "saving" and _SHARE_OFF.search(folded[:start])
        if _LINK.fullmatch(folded, end) and not told_apart:
            return meaning
    return ""


def _head(text: str) -> str:
    cut = _CLAUSE.search(text)
    return text[: cut.start()] if cut else text


def _tail(text: str) -> str:
    *_, cut = [0, *(match.end() for match in _CLAUSE.finditer(text))]
    return text[cut:]


def _end(amount: Amount) -> int:
    return max(amount.end, amount.unit_end)
