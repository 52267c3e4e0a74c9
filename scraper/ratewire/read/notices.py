"""Notices that a product ends: `We will shut down X on 1 May 2027`, `X 将于 2027 年 5 月 1 日下线`.

A sentence gives one where nothing but words without a meaning of their own stands between the
product, the words that end it and the date: `We will shut down the X playground` is about another
thing. The words are data: vocabulary.toml, [notice].
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from ratewire.read.dates import DateHit
from ratewire.read.lexicon import fold, lexicon, slug

__all__ = ["carried_on", "noticed", "speaks_of_ends"]

_PRODUCT, _DATE, _END = "\ue001", "\ue002", "\ue003"
"""Marks in place of the product, a date, the words that end it."""
_CLAUSE = re.compile(r"[,;:!?。、，；：()（）]|(?<!\w)[–—-](?!\w)|\.(?:\s|$)")
_LETTER = r"[^\W\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
_WORD = rf"(?:(?=[A-Z])|v?(?=\d))(?:{_LETTER}|[.+-])+"
_NAME = re.compile(rf"(?<![\w.-])(?=[A-Z]){_WORD}(?:\s+{_WORD}){{0,3}}")
"""Of words in capitals or figures, in a script with spaces."""
_NUMBERED = re.compile(r"(?=.*[^\W\d])(?:.*\s)?\S*\d\S*")
"""A name that ends in its version, which is one wherever it stands: `Onyx 2`."""
_PRONOUN = re.compile(
    r"\W*(?:(?:it|they|this|these|those|er|sie|es|dieser?|dieses|il|elle|ils|elles|este|esta|estos|ce|cette)\b"
    r"(?:\s(?:model|models|service|api|product|endpoint|version|plan|modell|dienst|produkt|modelo|servicio"
    r"|modèle|service|produit)\b)?|(?:the|der|das|el|la|le)\s(?:model|models|service|api|product|endpoint"
    r"|version|plan|modell|dienst|produkt|modelo|servicio|modèle|produit)\b"
    r"|(?:该|此|这个|本|同)(?:模型|服务|产品|接口|版本|モデル|サービス)|(?=(?:dejará|cessera|dejarán)\b))",
    re.IGNORECASE,
)
"""What stands for the product of the sentence before."""


def noticed(
    sentence: str, days: Sequence[DateHit], known: Sequence[tuple[str, str]], headings: str
) -> tuple[str, str] | None:
    """(label, product) of which a sentence says that it ends; None: it gives no such notice.

    `known`: (label, product) of the page; `headings`: its title and headings, where a product
    stands that no table or price names.
    """
    masked = sentence
    for day in reversed(days):
        masked = f"{masked[: day.start]} {_DATE} {masked[day.end :]}"
    for label, product in (*known, *_named(masked, headings)):
        if (text := _masked(masked, label)) and _is_notice(fold(text)):
            return label, product
    return None


def carried_on(sentence: str, label: str) -> str:
    """A sentence with the name of the product that the one before it ends in place of the word that
    stands for it; empty: it does not go on about that. `It will stop working on 1 May 2027.`
    """
    match = _PRONOUN.match(sentence)
    rest = sentence[match.end() :].lstrip() if match else ""
    return f"{label} {rest[:1].lower()}{rest[1:]}" if rest else ""


def speaks_of_ends(folded: str) -> bool:
    """The cheap first look."""
    return bool(_openings().search(folded) or lexicon("notice", "ends").search(folded))


def _named(masked: str, headings: str) -> list[tuple[str, str]]:
    """Names in capitals that the page's headings hold, too, the longest first."""
    folded = f" {fold(headings)} "
    names = {match.group() for match in _NAME.finditer(masked)}
    told = {words for name in names for words in (name, name.partition(" ")[2]) if len(words) > 2}
    held = {name for name in told if _holds(folded, fold(name))}
    held |= {name for name in map(_without_article, names) if _NUMBERED.fullmatch(name)}
    meant = [name for name in held if not lexicon("notice", "around").exactly(name)]
    return [(name, slug(name)) for name in sorted(meant, key=lambda name: (-len(name), name))]


def _without_article(name: str) -> str:
    """`The Onyx 2` without the words that only stand around a name."""
    first, _, rest = name.partition(" ")
    return rest if rest and lexicon("notice", "around").exactly(first) else name


def _holds(folded: str, name: str) -> bool:
    """Whether a text holds a name as whole words."""
    return name in folded and bool(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", folded))


def _masked(sentence: str, label: str) -> str:
    """The sentence with a mark in place of the label, which it holds as a whole; empty: it does
    not, or holds it twice.
    """
    if label.casefold() not in sentence.casefold():
        return ""
    pattern = rf"(?<![A-Za-z0-9.-]){re.escape(label)}(?![A-Za-z0-9-]|\.\d)"
    text, times = re.subn(pattern, f" {_PRODUCT} ", sentence, flags=re.IGNORECASE)
    return text if times == 1 else ""


def _is_notice(folded: str) -> bool:
    clauses = [clause for clause in _CLAUSE.split(folded) if clause and clause.strip()]
    at = next((n for n, clause in enumerate(clauses) if _PRODUCT in clause), None)
    if at is None or not all(_says_nothing(clause) for clause in clauses[:at]):
        return False
    clause = _ended(clauses[at])
    if _END not in clause or _is_order(clause):
        return False
    needed = max(clause.find(mark) for mark in (_PRODUCT, _END))
    then = next((start for _, start, _ in lexicon("notice", "then").find(clause)
                 if start > needed), len(clause))  # fmt: skip
    return _says_nothing(clause[:then])


def _is_order(clause: str) -> bool:
    """`To turn off X, …`, `Turn off X`: nobody says that it ends."""
    first = clause.split()[0]
    return first == "to" or (first == _END and _DATE not in clause)


def _ended(clause: str) -> str:
    """The clause with marks in place of the words that end a product."""
    for first, second in _split_verbs():
        opens, closes = first.search(clause), second.search(clause)
        if opens and closes and opens.end() <= closes.start():
            middle = clause[opens.end() : closes.start()]
            return f"{clause[: opens.start()]} {_END} {middle} {clause[closes.end() :]}"
    return lexicon("notice", "ends").sub(f" {_END} ", clause)


@cache
def _split_verbs() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    pairs = (entry.split("...") for entry in lexicon("notice", "split").meanings)
    return tuple(
        (re.compile(rf"\b{re.escape(first.strip())}\b"),
         re.compile(rf"\b{re.escape(second.strip())}\s*$"))
        for first, second in pairs
    )  # fmt: skip


@cache
def _openings() -> re.Pattern[str]:
    """What any verb of two parts begins with."""
    return re.compile("|".join(first.pattern for first, _ in _split_verbs()) or r"(?!)")


def _says_nothing(clause: str) -> bool:
    """No words but those that stand around a notice, and the marks."""
    rest = lexicon("notice", "around").sub(" ", clause)
    return not re.search(r"[^\W\d_]|\d", re.sub(f"[{_PRODUCT}{_DATE}{_END}]", " ", rest))
