"""Names as sets of words: what stays the same when a page says the same thing otherwise."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher

__all__ = ["NOISE", "figures", "likeness", "same_figures", "spelt_alike", "words"]

_WORD = re.compile(r"[^\W_]+(?:[.,]\d[^\W_]*)*|[<>≤≥]")
_VERSION = re.compile(r"(?<!\d)(\d{1,2})-(\d{1,2})(?![\d-])")
_DATE = re.compile(r"(?<!\d)20\d\d[-./]?\d\d[-./]?\d\d(?!\d)|(?<!\d)20\d\d(?!\d)")

NOISE = frozenset(
    {"an", "and", "are", "at", "by", "for", "from", "in", "is", "of", "on", "or", "our", "per"}
    | {"the", "to", "with", "your"}
    | {"api", "charge", "cost", "fee", "model", "price", "pricing", "rate"}
    | {"deprecated", "discontinued", "legacy", "new", "recommended", "retired"}
)
"""Words that tell no product, meter or condition from another."""


def words(*names: str) -> frozenset[str]:
    """The telling words of names: order, case, punctuation, plurals and noise gone.

    A name of nothing but noise keeps it.
    """
    folded = unicodedata.normalize("NFKC", " ".join(names)).casefold()
    folded = _VERSION.sub(r"\1.\2", folded).replace("<=", "≤").replace(">=", "≥")
    found = frozenset(_singular(word) for word in _WORD.findall(folded))
    return found - NOISE or found


def figures(*names: str) -> frozenset[str]:
    """The numbers in names (versions, sizes), without dates: a release's day is an annotation."""
    bare = _DATE.sub(" ", " ".join(names))
    return frozenset(word for word in words(bare) if any(c.isdigit() for c in word))


def same_figures(one: str, other: str) -> bool:
    """Two names with different numbers are two things: 4.6 is never a new name of 4.7."""
    return figures(one) == figures(other)


def spelt_alike(one: str, other: str) -> bool:
    """One name with words added or dropped, or spelt a little otherwise; never other numbers."""
    if not same_figures(one, other):
        return False
    mine, theirs = words(one), words(other)
    longer = mine <= theirs or theirs <= mine
    close = SequenceMatcher(None, one.casefold(), other.casefold()).ratio() >= 0.85
    return (longer and likeness(mine, theirs) >= 0.5) or close


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Share of words in common, 0 to 1 (Jaccard); 1 where both are empty."""
    return len(one & other) / len(one | other) if one or other else 1.0


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
