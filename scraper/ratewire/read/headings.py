"""What headings name, apart from the price that stands in them; bold lines that are headings."""

from __future__ import annotations

import re

from ratewire.read.lexicon import fold, lexicon
from ratewire.read.markup import Element
from ratewire.read.other_money import other_money
from ratewire.read.quantities import find_amounts, find_currency, find_unit
from ratewire.read.titles import is_slogan, is_title

__all__ = ["is_bold_line", "name_and_price", "names_section", "scope_of"]

_SEPARATED = re.compile(r"(?:[-–—:：(|,·/]|\s-{2})\s*$")
_EDGES = re.compile(r"^[\s\-–—:：(|,·/]+|[\s\-–—:：(|,·/]+$")
_PICTURE = r"[\s\u2600-\u27bf\u2b00-\u2bff\ufe0f\U0001f000-\U0001faff]+"
_PICTURES = re.compile(f"^{_PICTURE}|{_PICTURE}$")
"""`🚀` before or behind a heading says nothing."""
_EQUALS = re.compile(r"^([^\d=]{2,60}?)\s*=\s*")
"""`Basic package = $49`, which works nothing out."""
_MOST_NAME_WORDS = 5


def name_and_price(heading: str) -> tuple[str, str]:
    """A heading parted: `Pro — $20/mo` is a name and a price, `$9 per user` a price alone, and
    what is no price (`Plans over $3,300`) or holds none a name alone.
    """
    heading = _PICTURES.sub("", heading)
    heading = _EQUALS.sub(r"\1 – ", heading)
    amounts = find_amounts(heading)
    if not amounts or all(amount.struck for amount in amounts):
        return heading, ""
    if all(other_money(heading, amounts)):
        return heading, ""
    start = _opening(heading[: amounts[0].start])
    before, rest = heading[:start], heading[start:]
    if _ends_a_bound(heading[: amounts[0].start]):
        return heading, ""
    name = _EDGES.sub("", before)
    if not name:
        return "", heading
    separated = bool(_SEPARATED.search(before))
    if is_slogan(name if separated else heading):  # `Scale — $299/mo` is none
        return "", heading
    led = amounts[0].qualifier == "from" and start < amounts[0].start
    short = len(name.split()) <= _MOST_NAME_WORDS
    if separated or led or (is_title(name) and short):
        return name, _unbracketed(rest)
    return heading, ""


def _opening(before: str) -> int:
    """Where the words that open a price (`from`, `starting at`) begin, right before it."""
    words = before.rstrip()
    folded = fold(words)
    hits = lexicon("prose", "opening").find(folded)
    if len(folded) == len(words):
        for _, start, end in hits:
            if end == len(folded):
                return start
    return len(before)


def _ends_a_bound(before: str) -> bool:
    folded = fold(before)
    return any(end == len(folded) for *_, end in lexicon("not_a_rate", "before").find(folded))


def _unbracketed(text: str) -> str:
    """The price of `Hobby ($30 / mo)` without the bracket that the name opened."""
    return text[:-1].strip() if text.endswith(")") and text.count("(") < text.count(")") else text


def is_bold_line(element: Element, tag: str) -> bool:
    """A paragraph that is bold from end to end."""
    if tag not in ("p", "div") or not _has_one_child(element) or (element.text or "").strip():
        return False
    child = element[0]
    bold = child.tag in ("strong", "b") and not (child.tail or "").strip(" :：\n\t")
    return bold and not any(
        isinstance(each.tag, str) and each.tag in ("div", "p") for each in child
    )


def scope_of(line: Element) -> Element | None:
    """The box that a bold line is the heading of; a wrapper of its own does not count."""
    box = line.getparent()
    while box is not None and _has_one_child(box) and not (box.text or "").strip():
        box = box.getparent()
    return box


def _has_one_child(element: Element) -> bool:
    """Without counting them, which takes as long as there are children."""
    first = next(iter(element), None)
    return first is not None and first.getnext() is None


def names_section(text: str) -> bool:
    """Whether a bold line is the heading of what follows, and no remark or note on prices."""
    bare = text.rstrip(" :：")
    if not is_title(bare) or find_amounts(text) or lexicon("period").exactly(bare):
        return False
    return not find_unit(text) and not find_currency(text)
