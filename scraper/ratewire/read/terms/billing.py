"""How prices are paid: `billed yearly`, a pane `Annual (save 17%)`, `3-year commitment`, once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from ratewire.model import PERIODS, Billing, Unit
from ratewire.read.lexicon import fold, lexicon, unbracketed

__all__ = ["billed", "billing_of", "period_of"]

_TERM = re.compile(
    r"(?<![\w.,])(?P<count>\d{1,2})[\s-]?(?P<unit>years?|yrs?|jahren?|jährig\w*|anos?|ans?|año|años"
    r"|years'|months?|mos?|monaten?|monate|meses|mois|mnd|年|个月|か月|ヶ月)(?![a-z])"
)
_MONTHLY = re.compile(r"^(?:mo|mes|mois|mn|个月|か月|ヶ月)")
_LONGEST = 14
"""Words of a text that says but how one pays."""
_SWITCH = 6
"""Words of the label of a pane."""
_NOT_SAID = Billing()


def billing_of(beside: Sequence[str], around: Iterable[str], unit: Unit) -> Billing | None:
    """How a price in `unit` is paid, by the words beside it, else by those around it (heads,
    panes, notes); None: nobody says more than the unit does.
    """
    own = _NOT_SAID
    for text in beside:
        own = _both(own, _stated(text))
    for text in around:
        if len(text.split()) <= _LONGEST:
            own = _both(own, _stated(text))
            period = period_of(text)
            if period and period not in unit.things:
                own = _both(own, Billing(period))
    if own.every == "once" and PERIODS.intersection(unit.things):
        own = Billing("", own.months, own.upfront)
    return own if own != _NOT_SAID else None


def billed(text: str) -> str:
    """`year`, `month`, `quarter` or `once`, where the text says so in so many words and but one."""
    found = {meaning for meaning, *_ in lexicon("billing").find(fold(text))}
    return found.pop() if len(found) == 1 else ""


@lru_cache(maxsize=2048)
def period_of(label: str) -> str:
    """The period that a switch or a heading is: `Annual (save 17%)`, `Yearly – 2 months free`."""
    known = lexicon("period")
    if exact := known.exactly(unbracketed(label)):
        return exact if exact in PERIODS else ""
    folded = fold(label)
    if len(folded.split()) > _SWITCH:
        return ""
    hits = known.find(folded)
    first = hits[0] if hits and hits[0][1] == 0 else None
    rest = folded[first[2] :] if first else ""
    saves = re.search(r"%|[-–—+,|·]|\bfree\b|\bgratis\b|\bsave\b", rest)
    return first[0] if first and saves and first[0] in PERIODS else ""


@lru_cache(maxsize=2048)
def _stated(text: str) -> Billing:
    folded = fold(text)
    every = billed(text)
    months, upfront = 0, ""
    if lexicon("commitment").search(folded):
        months, upfront = _months(folded), _upfront(folded)
    return Billing(every, months, upfront) if every or months or upfront else _NOT_SAID


def _months(folded: str) -> int:
    terms = list(_TERM.finditer(folded))
    if len(terms) == 1:
        count = int(terms[0]["count"])
        return count if _MONTHLY.match(terms[0]["unit"]) else count * 12
    if not terms and lexicon("commitment", "year").search(folded):
        return 12
    return 0


def _upfront(folded: str) -> str:
    for name in ("all", "partial", "none"):
        if lexicon("commitment", name).search(folded):
            return name
    return ""


def _both(own: Billing, other: Billing) -> Billing:
    """What is said nearer wins."""
    if not (other.every or other.months or other.upfront):
        return own
    return Billing(
        own.every or other.every, own.months or other.months, own.upfront or other.upfront
    )
