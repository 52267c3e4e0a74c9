"""Whether a text names something: a title, and no sentence, slogan, question, badge or id.

The words are data: vocabulary.toml, [slogan] and [generic].
"""

from __future__ import annotations

import re
from functools import lru_cache

from ratewire.read.lexicon import fold, lexicon

__all__ = ["is_badge", "is_slogan", "is_title"]

_MOST_WORDS, _MOST_CHARS = 8, 64
_MOST_UNSPACED = 24
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_ENDS = re.compile(r"[.!?。！？…]\W*$")
_ORNAMENTS = re.compile(r"^[\W_]+|[\W_]+$")
_ABBREVIATED = re.compile(r"\b(?:inc|incl|excl|max|min|etc|no|vs|ltd|approx)\.\W*$", re.I)
_ID = re.compile(
    r"(?=[^\s]*\d)(?=[^\s]*[a-z])[a-z\d]{16,}|[\da-f]{8}-[\da-f]{4}-[\da-f-]{13,}", re.I
)


def is_title(text: str) -> bool:
    """Whether a short text can be the name of what is priced below or beside it."""
    text = text.strip(" *_#:：")
    if not text or not any(map(str.isalpha, text)) or "%" in text:
        return False
    if len(text) > _MOST_CHARS or len(text.split()) > _MOST_WORDS:
        return False
    if _CJK.search(text) and len(re.sub(r"[\x00-\x7f]+", "", text)) > _MOST_UNSPACED:
        return False
    return not is_slogan(text)


def is_badge(text: str) -> bool:
    """`⭐ Most popular`: a mark of praise on a card, and no name."""
    return bool(lexicon("generic", "badge").exactly(_ORNAMENTS.sub("", text)))


@lru_cache(maxsize=4096)
def is_slogan(text: str) -> bool:
    """A text that says something instead of naming something: a sentence, a question, a slogan, a
    badge, an id of a content system.
    """
    text = text.strip(" *_#")
    if _ENDS.search(text) and not _ABBREVIATED.search(text):
        return True
    if _ID.fullmatch(text) or is_badge(text):
        return True
    folded = lexicon("slogan", "neutral").sub("plan", fold(text))
    if lexicon("slogan", "word").search(folded):
        return True
    opening = lexicon("slogan", "opening").match(folded)
    return bool(opening) and len(folded.split()) > 2
