"""A product's label as the page prints it: its id, and what hangs on it.

`Wick 4 (retired, except on Example Cloud)` is a product, a stage and an exception;
`model-x (<272K context length)` a product and a condition; `X 4.6 / 4.5` two products.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

from ratewire.model import Stage
from ratewire.read.bands import context_band
from ratewire.read.dates import find_effective
from ratewire.read.lexicon import fold, lexicon, slug
from ratewire.read.stage_words import stage_of_remark
from ratewire.read.voids import is_no_rate

__all__ = ["Label", "name_line", "read_label"]

_BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]|（([^（）]*)）")
_MARKS = re.compile(r"(?<=\w)[*†‡§¹²³⁴⁵⁶⁷⁸⁹⁰]+|[*†‡§]+$|^[*†‡§]+")
_TRADE = str.maketrans("", "", "™®©℠")
_ID = re.compile(r"(?=[^\d]*\d)[\w.]+(?:-[\w.]+)+")
_PINNED = re.compile(r"-(?:\d{3,}|latest|v?\d+$)")
_LONGEST_NAME = 6
"""Words of one name among several."""
_VERSION = re.compile(r"^v?\d+(?:\.\d+)*[a-z]?$", re.I)


@dataclass(frozen=True, slots=True)
class Label:
    """What a product's label says. `names` are in the page's own words, `products` their ids."""

    names: tuple[str, ...]
    products: tuple[str, ...]
    conditions: Mapping[str, str] = field(default_factory=dict)
    stage: Stage | None = None
    exceptions: str = ""
    variant: str = ""
    """Words of further lines in the cell, for telling two rows of one product apart."""


def read_label(text: str, aliases: Mapping[str, str], near: date | None = None) -> Label:
    """Take a label apart. `aliases`: folded label to product id, from the source's hints."""
    label = _read_label(text, near)
    if not aliases:
        return label
    products = tuple(
        aliases.get(fold(name)) or product
        for name, product in zip(label.names, label.products, strict=True)
    )
    return replace(label, products=products)


_SENTENCE_END = re.compile(
    r"(?<=[^\W\d][^\W\d][.?!？！。])\s*(?=[A-ZÀ-Þ\u0410-\u042f\u3040-\u9fff])"
)


@lru_cache(maxsize=5_000)  # the labels of a page recur in its tables
def _read_label(text: str, near: date | None) -> Label:
    lines = [line for line in (_clean(part) for part in text.split("\n")) if line]
    if not lines:
        return Label((), ())
    if _are_of_a_kind(lines):
        return Label(tuple(lines), tuple(map(slug, lines)))
    first, rest = lines[0], [line for line in lines[1:] if not _is_badge(line)]
    if _is_badge(first) and rest:
        first, rest = rest[0], rest[1:]
    label = Label((), ())
    first = _without_sentences(first)
    bare, label = _brackets(first, label, near)
    bare, label = _effective(bare, label, near)
    for line in rest:
        label = _further_line(line, label, near)
    bare = _strip_badges(bare) or first
    names = _split_names(bare)
    products = tuple(slug(name) for name in names)
    return replace(label, names=names, products=products)


def name_line(text: str) -> str:
    """Of a label over lines that describe what it names the first; else the whole."""
    first, _, rest = text.partition("\n")
    return first if first.strip() and len(rest.split()) > _LONGEST_NAME else text


def _without_sentences(line: str) -> str:
    """`Own name? Letters come from …`: a name that is followed by what is said of it."""
    if len(line.split()) <= 2 * _LONGEST_NAME:
        return line
    name = _SENTENCE_END.split(line, maxsplit=1)[0]
    return name.rstrip("?？") if name and len(name.split()) <= _LONGEST_NAME else line


def _are_of_a_kind(lines: Sequence[str]) -> bool:
    """Names of several products, a line each: all begin, or end, with one and the same word."""
    if _are_ids(lines):
        return True
    words = [line.split() for line in lines]
    if len(lines) < 2 or not all(1 < len(each) <= _LONGEST_NAME for each in words):
        return False
    if len(set(lines)) < len(lines) or any(line[-1] in ".:,)]" for line in lines):
        return False
    return any(len({each[at] for each in words}) == 1 for at in (0, -1))


def _are_ids(lines: Sequence[str]) -> bool:
    """Ids of one family, none a dated or pinned version of another: `lumo-01`, `lumo-01-live`."""
    if len(set(lines)) < 2 or not all(map(_ID.fullmatch, lines)):
        return False
    tails = (line.removeprefix(other) for line in lines for other in lines if line != other)
    return len({line.partition("-")[0] for line in lines}) == 1 and not any(
        map(_PINNED.match, tails)
    )


def _clean(text: str) -> str:
    text = _MARKS.sub("", text.translate(_TRADE).strip())
    text = re.sub(r"\s*[\[(]\d{1,2}[\])]\s*$", "", text)
    return " ".join(text.split()).strip(" :：")


def _is_badge(text: str) -> bool:
    return bool(lexicon("generic", "badge").exactly(text))


def _strip_badges(text: str) -> str:
    words = text.split()
    while len(words) > 1 and _is_badge(words[-1]) and words[-1][:1].isupper():
        words.pop()
    while len(words) > 1 and not words[-1].isascii() and _is_badge(words[-1]):
        words.pop()
    return " ".join(words)


def _brackets(text: str, label: Label, near: date | None) -> tuple[str, Label]:
    """Bracketed remarks that mean something are taken off the name; others are part of it."""
    kept = text
    for match in list(_BRACKETS.finditer(text)):
        inside = next(group for group in match.groups() if group is not None).strip()
        changed = _remark(inside, label, near)
        if changed is not None:
            label = changed
            kept = kept.replace(match.group(), " ")
    return " ".join(kept.split()), label


def _remark(text: str, label: Label, near: date | None) -> Label | None:
    """The label with a remark's meaning added; None: the remark is part of the name."""
    folded = fold(text)
    if not folded or _is_badge(text) or _is_saving(folded):
        return label
    stage = stage_of_remark(text)
    if stage is not None and stage is not Stage.AVAILABLE:
        exception = re.search(r"(?:except|außer|excepto|ausser|sauf).*", text, re.I)
        exceptions = exception.group() if exception else label.exceptions
        return replace(label, stage=stage, exceptions=exceptions)
    if lexicon("stage_around", "old").exactly(text):
        return replace(label, variant=label.variant or slug(text))
    if effective := find_effective(text, near):
        return replace(label, conditions={**label.conditions, **_dates(effective)})
    if band := context_band(text):
        return replace(label, conditions={**label.conditions, "context": band})
    if tier := lexicon("tier").exactly(text):
        return replace(label, conditions={**label.conditions, "tier": tier})
    if stage is Stage.AVAILABLE:
        return label
    if re.fullmatch(r"\d{1,2}", folded):  # a footnote
        return label
    return None


def _is_saving(folded: str) -> bool:
    """`(save 10%)` beside a plan's name."""
    return "%" in folded and is_no_rate(folded)


def _effective(text: str, label: Label, near: date | None) -> tuple[str, Label]:
    effective = find_effective(text, near)
    if not effective or effective.start == 0:
        return text, label
    conditions = {**label.conditions, **_dates(effective)}
    rest = f"{text[: effective.start]} {text[effective.end :]}"
    return " ".join(rest.split()).strip(" ,;:-–"), replace(label, conditions=conditions)


def _dates(effective: object) -> dict[str, str]:
    pairs = {
        "effective_from": getattr(effective, "effective_from", None),
        "effective_to": getattr(effective, "effective_to", None),
    }
    return {key: day.isoformat() for key, day in pairs.items() if day}


def _further_line(line: str, label: Label, near: date | None) -> Label:
    changed = _remark(line.strip("()"), label, near)
    if changed is not None:
        return changed
    variant = slug(" ".join(filter(None, (label.variant.replace("-", " "), line))))
    return replace(label, variant="-".join(variant.split("-")[:8]))


def _split_names(text: str) -> tuple[str, ...]:
    """`X 4.6 / 4.5 / 4` as three names; `Input / output` stays for the caller to judge."""
    if re.search(r"[(\[][^)\]]*,[^(\[]*[)\]]", text):  # a list in brackets describes one thing
        return (text,)
    parts = [part.strip() for part in re.split(r"\s+/\s+|\s+&\s+|,\s+(?:and\s+)?|\s+and\s+", text)]
    parts = [part for part in parts if part]
    if len(parts) < 2 or len(parts) > 6 or any(len(part.split()) > 5 for part in parts):
        return (text,)
    if not all(any(char.isdigit() for char in part) for part in parts):
        return (text,)
    head = parts[0].split()
    stem = head
    while stem and _VERSION.match(stem[-1]):
        stem = stem[:-1]
    names = [parts[0]]
    for part in parts[1:]:
        words = part.split()
        alone = all(_VERSION.match(word) for word in words)
        names.append(" ".join([*stem, *words]) if alone and stem else part)
    return tuple(names)
