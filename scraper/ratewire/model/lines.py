"""The lines of a capture: what it says in words, whatever they mean."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

__all__ = ["Lines", "leveled", "marks_of", "normal"]

_DROPPED = str.maketrans("", "", "™®©℠*_`†‡§¹²³⁴⁵⁶⁷⁸⁹⁰\u200b\u200c\u200d\ufeff\u00ad\\")
_KINDS = str.maketrans({**dict.fromkeys("‐‑‒–—―−", "-"), **dict.fromkeys("‘’‚‛′`", "'"),
                        **dict.fromkeys("“”„‟″«»", '"')})  # fmt: skip
_FOOTNOTE = re.compile(r"\[\d{1,2}\]|\(\d\)")


@lru_cache(maxsize=20_000)
def normal(text: str) -> str:
    """A text without what says nothing: case, spaces, dashes and quotes, ™, emphasis, marks of
    footnotes.
    """
    return " ".join(leveled(text).replace("-", " ").split()).strip(" :;,.")


def leveled(text: str) -> str:
    """The same with its spaces and dashes."""
    text = _FOOTNOTE.sub("", text).translate(_DROPPED)
    return unicodedata.normalize("NFKC", text).casefold().translate(_KINDS)


def mark_of(line: str) -> str:
    """Eight letters for a line: equal for the same words, however they are written."""
    digest = hashlib.blake2b(normal(line).encode(), digest_size=6).digest()
    return urlsafe_b64encode(digest).decode()


@dataclass(frozen=True, eq=False)
class Lines:
    """Which lines stand on a capture, and how often. Kept as marks, which are short."""

    texts: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    """Their marks where the texts are no longer known."""

    @cached_property
    def marks(self) -> tuple[str, ...]:
        return self.kept or tuple(sorted(map(mark_of, self.texts)))

    @cached_property
    def _counts(self) -> Counter[str]:
        return Counter(self.marks)

    def count(self, mark: str) -> int:
        return self._counts[mark]

    def as_often_in(self, other: Lines) -> Lines:
        """The lines that stand in another capture as often as in this."""
        return Lines(kept=tuple(m for m in self.marks if other.count(m) == self.count(m)))

    def without(self, marks: Collection[str]) -> Lines:
        return Lines(kept=tuple(m for m in self.marks if m not in marks))

    def __bool__(self) -> bool:
        return bool(self.texts or self.kept)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Lines) and self.marks == other.marks

    def __hash__(self) -> int:
        return hash(self.marks)


def marks_of(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(mark_of, filter(None, lines))))
