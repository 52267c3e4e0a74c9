"""Times after which a price is another: `Year 1 — Registration`, `dal 2° anno`, `first month`.

They name no product; the heading above them does. The words are data: vocabulary.toml, [phase].
"""

from __future__ import annotations

import re
from functools import lru_cache

from ratewire.read.lexicon import fold, lexicon
from ratewire.read.vocabulary import key, vocabulary

__all__ = ["is_phase"]

_PARTED = re.compile(r"\s[–—-]{1,2}\s|[:：(]")
_NUMBERED = re.compile(r"\d{1,2}(?:st|nd|rd|th|°|º|ª|er|re|e|eme|o|a|\.|\.º)")
_NUMBER = re.compile(r"\d{1,2}\+?")
_MOST_WORDS = 7


@lru_cache(maxsize=2048)
def is_phase(text: str) -> bool:
    """Whether a label says when a price holds, by the number of a period: not `12 months`, which
    says for how long.
    """
    name = _PARTED.split(text, maxsplit=1)[0].strip()
    words = name.split()
    if not 1 < len(words) <= _MOST_WORDS:
        return False
    periods = vocabulary().periods
    at = next((at for at, word in enumerate(words) if key(word.strip(".,")) in periods), None)
    if at is None:
        return False
    before, after = words[:at], words[at + 1 :]
    if len(after) > 1 or (after and not _NUMBER.fullmatch(after[0])):
        return False
    which = [word for word in before if _NUMBERED.fullmatch(fold(word)) or _is_ordinal(word)]
    number = before[-1:] if which[:1] != before[-1:] and _NUMBER.fullmatch(before[-1]) else []
    others = " ".join(word for word in before if word not in which and word not in number)
    if others and not lexicon("phase", "start").exactly(others):
        return False
    return bool(which or (after and not number))


def _is_ordinal(word: str) -> bool:
    return bool(lexicon("phase", "ordinal").exactly(word))
