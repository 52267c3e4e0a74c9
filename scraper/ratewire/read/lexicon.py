"""What words mean on a pricing page: `vocabulary.toml` and `terms.toml`, matched with its words."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import chain

__all__ = [
    "Lexicon",
    "fold",
    "has_any",
    "joint_lexicon",
    "lexicon",
    "slug",
    "unbracketed",
    "unnamed_columns",
]

_FILES = ("vocabulary.toml", "terms.toml")
_SIGNS = (("<", " under "), (">", " over "), ("≤", " up-to "), ("≥", " from "))
_BRACKETED = re.compile(r"[(（\[][^()（）\[\]]*[)）\]]")
_SHORT_I, _YI = "и\u0306", "і\u0308"
_NO_SLUG = re.compile(r"(?:[^\w.]|_)+")
_GAPS = re.compile(r"[\s_-]+")
_WIDE = re.compile(r"[\u3040-\uffff]")
"""Characters of scripts without spaces, and others of their blocks."""
_LETTER = r"[0-9A-Z_a-zÀ-ÖØ-öø-ɏͰ-ӿ]"
"""Of a script with spaces: in Japanese and Chinese a Latin word stands right beside its neighbours.
Classes of many characters are slow to compile.
"""


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """Lower case, no accents, full-width forms made plain, white space folded."""
    if text.isascii():
        return " ".join(text.lower().split())
    text = unicodedata.normalize("NFKD", text).casefold()
    if _SHORT_I in text or _YI in text:  # letters of their own, no accents
        text = text.replace(_SHORT_I, "й").replace(_YI, "ї")
    text = "".join(c for c in text if not unicodedata.combining(c) or "\u3099" <= c <= "\u309a")
    return " ".join(unicodedata.normalize("NFC", text).split())


@lru_cache(maxsize=20_000)
def slug(text: str) -> str:
    """A label as an id: letters (of any script), digits and dots, the rest hyphens.

    >>> slug("Lumen Image 2"), slug("Wick-3.5 (v2)"), slug("X100 80G")
    ('lumen-image-2', 'wick-3.5-v2', 'x100-80g')
    """
    text = fold(text)
    for sign, word in _SIGNS:
        text = text.replace(sign, word)
    return _NO_SLUG.sub("-", text).strip("-.")


def unbracketed(text: str) -> str:
    """A text without its asides in brackets; of one that is all brackets, the whole.

    >>> unbracketed("Price (excl. tax)"), unbracketed("(USD)")
    ('Price', '(USD)')
    """
    return " ".join(_BRACKETED.sub(" ", text).split()) or text


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """One section of the vocabulary: meaning by word, found in running text."""

    meanings: Mapping[str, str]
    """Folded word to meaning, for whole texts."""
    source: str
    """Of its pattern, which is compiled when first asked for: some are never."""
    wide: str
    """Of the pattern for texts that hold a script without spaces."""
    stems: tuple[tuple[str, str], ...]
    """Words that ended in `*`, without it, and their meanings."""
    ends: tuple[tuple[str, str], ...] = ()
    """Words that began with `*`, without it, and their meanings."""

    def search(self, folded: str) -> re.Match[str] | None:
        """The first of its words in a folded text, the longest at a place."""
        return self._pattern(folded).search(folded)

    def match(self, folded: str) -> re.Match[str] | None:
        """The word that begins a folded text."""
        return self._pattern(folded).match(folded)

    def finditer(self, folded: str) -> Iterator[re.Match[str]]:
        """All its words in a folded text."""
        return self._pattern(folded).finditer(folded)

    def sub(self, put: str, folded: str) -> str:
        """A folded text with something else in place of its words."""
        return self._pattern(folded).sub(put, folded)

    def _pattern(self, folded: str) -> re.Pattern[str]:
        is_wide = not folded.isascii() and _WIDE.search(folded)
        return _compiled(self.wide if is_wide else self.source)

    @lru_cache(maxsize=8192)  # noqa: B019  (lexicons live as long as the program)
    def exactly(self, text: str) -> str:
        """The meaning of a text that is this word and nothing else; empty: none."""
        word = _key(fold(text).strip(" :.*†‡()[]"))
        if found := self.meanings.get(word):
            return found
        return next(
            (
                meaning
                for stem, meaning in self.stems
                if word.startswith(stem) and " " not in word[len(stem) :]
            ),
            "",
        )

    def find(self, folded: str) -> list[tuple[str, int, int]]:
        """(meaning, start, end) of each word in a folded text, the longest first at a place."""
        return [
            (self._meaning(match.group()), match.start(), match.end())
            for match in self.finditer(folded)
        ]

    @lru_cache(maxsize=4096)  # noqa: B019
    def first(self, folded: str) -> str:
        """The meaning of the first word found in a folded text; empty: none."""
        match = self.search(folded)
        return self._meaning(match.group()) if match else ""

    def _meaning(self, word: str) -> str:
        word = _key(word)
        if meaning := self.meanings.get(word):
            return meaning
        stems = (meaning for stem, meaning in self.stems if word.startswith(stem))
        ends = (meaning for end, meaning in self.ends if end in word)
        return next(chain(stems, ends), "")


@cache
def lexicon(section: str, entry: str = "") -> Lexicon:
    """The words of `[section]`, or of one entry of it alone."""
    words = _vocabulary()[section]
    return _compile({entry: words[entry]} if entry else words)


@cache
def joint_lexicon(*sections: str) -> Lexicon:
    """The words of several sections that have the same entries."""
    words: dict[str, list[str]] = {}
    for section in sections:
        for meaning, entries in _vocabulary()[section].items():
            words.setdefault(meaning, []).extend(entries)
    return _compile(words)


@lru_cache(maxsize=4096)
def has_any(text: str, section: str, entry: str) -> bool:
    """Whether a text holds any word of an entry."""
    return bool(lexicon(section, entry).search(fold(text)))


@cache
def unnamed_columns(count: int) -> tuple[str, ...]:
    """Meters of a price list whose `count` numbers carry no headings; empty: no convention."""
    return tuple(_vocabulary()["unnamed_columns"].get(str(count), ()))


@cache
def _vocabulary() -> dict[str, dict[str, list[str]]]:
    texts = (files("ratewire.read").joinpath(name).read_text("utf-8") for name in _FILES)
    return {section: words for text in texts for section, words in tomllib.loads(text).items()}


def _compile(words: Mapping[str, Iterable[str]]) -> Lexicon:
    meanings: dict[str, str] = {}
    stems: dict[str, str] = {}
    ends: dict[str, str] = {}
    for meaning, entries in words.items():
        for entry in entries:
            word = _key(fold(entry.strip("*")))
            kind = ends if entry.startswith("*") else stems if entry.endswith("*") else meanings
            kind.setdefault(word, meaning)
    ordered = [(word, "") for word in meanings] + [(word, r"\w*") for word in stems]
    ordered.sort(key=lambda pair: -len(pair[0]))
    spaced = [(word, tail) for word, tail in ordered if not _WIDE.search(word)]
    unspaced = [_as_pattern(word) + tail for word, tail in ordered if _WIDE.search(word)]
    source = _bounded(spaced, ends, r"\w")
    wide = "|".join((_bounded(spaced, ends, _LETTER), *unspaced))
    longest = tuple(sorted(stems.items(), key=lambda pair: -len(pair[0])))
    return Lexicon(meanings, source, wide, longest, tuple(ends.items()))


@cache
def _compiled(source: str) -> re.Pattern[str]:
    return re.compile(source)


@lru_cache(maxsize=20_000)
def _key(word: str) -> str:
    return _GAPS.sub(" ", word).strip()


def _as_pattern(word: str) -> str:
    return re.escape(word).replace(r"\ ", r"[\s_-]+")


def _bounded(words: Iterable[tuple[str, str]], ends: Iterable[str], letter: str) -> str:
    """Any of the words, whole, each with what may follow it in the same word; behind them those
    that may end or stand within a longer one. By their first letters: where none begins, a text
    is left at once.
    """
    by_first: dict[str, list[str]] = defaultdict(list)
    for word, tail in words:
        by_first[word[0]].append(_as_pattern(word[1:]) + tail)
    parts = [rf"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in by_first.items()]
    parts += [rf"\w*{_as_pattern(word)}\w*" for word in ends]
    return rf"(?<!{letter})(?:{'|'.join(parts)})(?!{letter})" if parts else r"(?!)"
