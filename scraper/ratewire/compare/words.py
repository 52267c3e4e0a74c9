"""Names as sets of words: what stays the same when a page says the same thing otherwise."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

__all__ = ["NOISE", "contradict", "figures", "likeness", "words"]

_WORD = re.compile(r"[^\W_]+(?:[.,]\d[^\W_]*)*|[<>≤≥]")
_VERSION = re.compile(r"(?<!\d)(?<!\d-)(\d{1,2})-(\d{1,2})(?!\d|-\d)")
_DATE = re.compile(r"(?<!\d)20\d\d[-./]?\d\d[-./]?\d\d(?!\d)|(?<!\d)20\d\d(?!\d)")
_TRADE = str.maketrans("", "", "™®©℠")

NOISE = frozenset(
    {"an", "and", "are", "at", "by", "for", "from", "in", "is", "of", "on", "or", "our", "per"}
    | {"the", "to", "with", "your"}
    | {"api", "charge", "cost", "fee", "model", "price", "pricing", "rate"}
    | {"deprecated", "discontinued", "legacy", "new", "recommended", "retired"}
)
"""Words that tell no product, meter or condition from another."""


@lru_cache(maxsize=8192)
def words(*names: str) -> frozenset[str]:
    """The telling words of names: order, case, punctuation, plurals and noise gone.

    A name of nothing but noise keeps it.
    """
    plain = " ".join(names).translate(_TRADE)
    folded = unicodedata.normalize("NFKC", plain).casefold()
    folded = _VERSION.sub(r"\1.\2", folded).replace("<=", "≤").replace(">=", "≥")
    found = frozenset(_singular(word) for word in _WORD.findall(folded))
    return found - NOISE or found


@lru_cache(maxsize=8192)
def figures(*names: str) -> frozenset[str]:
    """The numbers in names (versions, sizes), without dates: a release's day is an annotation."""
    bare = _DATE.sub(" ", " ".join(names))
    return frozenset(word for word in words(bare) if any(c.isdigit() for c in word))


def contradict(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two names' numbers are of two things: each has one that the other has not."""
    return not (one <= other or other <= one)


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Share of words in common, 0 to 1 (Jaccard); 1 where both are empty."""
    return len(one & other) / len(one | other) if one or other else 1.0


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
