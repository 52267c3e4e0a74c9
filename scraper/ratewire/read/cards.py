"""Cards: boxes of one make whose texts are a name, a price and what one gets for it.

Plans are built of divs, lists, links, buttons, labels or definition lists, with or without a
heading. What makes a card is what it says: a title first (or a heading anywhere), then a price
that stands alone, beside siblings that do the same. No class name decides anything.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ratewire.read.grids import short_pair
from ratewire.read.lexicon import fold, lexicon
from ratewire.read.markup import HEADINGS, INLINE, SILENT, Element, hides, tidy
from ratewire.read.meters import read_heading
from ratewire.read.quantities import find_amounts, read_cell
from ratewire.read.subjects import stands_alone
from ratewire.read.titles import is_slogan, is_title

__all__ = ["Cards", "find_cards"]

_BOXES = frozenset(
    {"div", "li", "section", "article", "a", "label", "button", "ul", "ol", "dl", "p"}
)
_SIGNS = "€£¥₹₩₽元円"
_CODE = re.compile(r"[A-Z](?<![^\W\d_][A-Z])[A-Z]{2}(?!\w)")
_NAMED = (
    "kr", "Kr", "KR", "zł", "Kč", "kč", "pence", "dollar", "dollars", "euro", "euros", "Euro",
    "Euros", "FCFA", "CFA", "lei", "Lei", "Ft", "Rp", "RM", "TL", "Fr", "Franken", "руб", "грн",
    "лв", "тг", "сум", "ден", "дин",
)  # fmt: skip
_NO_LETTER = r"(?<![^\W\d_]%s)"
_WORD = re.compile(
    rf"(?:{'|'.join(word[0] + _NO_LETTER % word[0] + word[1:] for word in _NAMED)})\b"
)
"""Begins with letters, not with a bound: so it is quick."""
_BEGINNINGS = (
    "kr", "Kr", "KR", "pence", "dollar", "uro", "CFA", "ei", "Ft", "Rp", "RM", "TL", "Fr",
)  # fmt: skip
"""One of these is in every such word of plain letters: the cheap first look."""
_HIGHEST = 10
"""Levels between a price and its card."""
_FIRST_LINES = 3
"""Lines of a card that may name it, besides badges and slogans."""
_MOST_TEXTS, _MOST_CHARS = 40, 3000
_MOST_CARDS = 60


@dataclass(frozen=True, slots=True)
class Cards:
    """The cards of a page: their names, and the inline parts that are lines of their own."""

    names: Mapping[Element, str] = field(default_factory=dict)
    parts: frozenset[Element] = frozenset()


class _Text(NamedTuple):
    text: str
    heading: bool


def find_cards(top: Element) -> Cards:
    """The cards anywhere under an element."""
    names: dict[Element, str] = {}
    parts: set[Element] = set()
    for parent, boxes in _groups(top):
        found = {box: name for box in boxes if (name := _name(box))}
        alone = parent.tag in ("ul", "ol") and all(box.tag == "li" for box in found)
        if len(found) < 2 and not (alone and found and _is_built(next(iter(found)))):
            continue
        if len(set(found.values())) < len(found):
            continue
        tag = next(iter(found)).tag
        others = [each for each in parent if each not in found and each.tag == tag]
        found |= {box: name for box in others if (name := _name(box, free=True))}
        names |= found
        for box in found:
            parts.update(_inline_parts(box))
    return Cards(names, frozenset(parts))


def _groups(top: Element) -> Iterator[tuple[Element, Sequence[Element]]]:
    """Elements with the children of one tag that hold money, the outermost last."""
    priced: dict[Element, None] = {}
    for element in _with_money(top):
        above: Element | None = element
        for _ in range(_HIGHEST):
            if above is None or above in priced:
                break
            priced[above] = None
            above = above.getparent()
    by_parent: dict[Element, list[Element]] = defaultdict(list)
    for element in priced:
        parent = element.getparent()
        if parent is not None and element.tag in _BOXES:
            by_parent[parent].append(element)
    for parent, boxes in by_parent.items():
        if len({box.tag for box in boxes}) == 1 and len(boxes) <= _MOST_CARDS:
            yield parent, boxes


def _with_money(top: Element) -> Iterator[Element]:
    """The elements in which money stands, in none of their children."""
    for element in top.iter():
        text, tail = element.text, element.tail
        if text and not text.isspace() and _is_shown(element) and _speaks_of_money(text):
            yield element
        if tail and not tail.isspace() and element is not top and _speaks_of_money(tail):
            parent = element.getparent()
            if parent is not None and _is_shown(parent):
                yield parent


def _is_shown(element: Element) -> bool:
    return isinstance(element.tag, str) and element.tag not in ("script", "style")


def _speaks_of_money(text: str) -> bool:
    if "$" in text or ",-" in text or ":-" in text or _CODE.search(text):
        return True
    if text.isascii():
        return any(map(text.__contains__, _BEGINNINGS)) and bool(_WORD.search(text))
    return bool(_WORD.search(text)) or any(map(text.__contains__, _SIGNS))


def _name(box: Element, *, free: bool = False) -> str:
    """The name of what a box prices; empty: it is no card."""
    texts = _texts(box)
    if len(texts) < 2:
        split = _inline_parts(box)
        texts = [_Text(tidy("".join(map(str, part.itertext()))), False) for part in split]
    if not 2 <= len(texts) <= _MOST_TEXTS or not all(each.text for each in texts):
        return ""
    if len(texts) == 2 and short_pair(box, str(box.tag)):
        return ""
    name = _title(texts)
    rest = [each.text for each in texts if each.text != name]
    if not name or sum(len(text) for text in rest) > _MOST_CHARS:
        return ""
    if free:
        return name if any(read_cell(t).kind in ("free", "contact", "custom") for t in rest) else ""
    return name if any(map(stands_alone, rest)) else ""


def _title(texts: Sequence[_Text]) -> str:
    """A heading over the price, else the first line over it, else a heading below it."""
    price = next((at for at, each in enumerate(texts) if stands_alone(each.text)), len(texts))
    above, below = texts[:price], texts[price:]
    if heading := _heading(above):
        return heading
    if any(each.heading and not _is_generic(each.text) for each in above):
        return ""
    return _first_line(texts[: max(price, _FIRST_LINES)]) or _heading(below)


def _heading(texts: Sequence[_Text]) -> str:
    """The first heading that is a name, and not that of a part of the card: `Features`."""
    names = (each.text for each in texts if each.heading and _is_name(each.text))
    return next((name for name in names if not _is_generic(name)), "")


def _is_generic(text: str) -> bool:
    return bool(find_amounts(text) or lexicon("generic", "heading").exactly(text))


def _first_line(texts: Sequence[_Text]) -> str:
    told = [each for each in texts if any(map(str.isalnum, each.text))]
    for number, each in enumerate(told[: _FIRST_LINES + 2]):
        if is_slogan(each.text) or _says_for_whom(each.text, told[number + 1 :]):
            continue
        if lexicon("column", "product").exactly(each.text) and number + 1 < len(told):
            following = told[number + 1].text  # `Plan: Basic`, in two parts
            return following if _is_name(following) else ""
        if _is_free(each.text) and any(stands_alone(other.text) for other in told[number + 1 :]):
            return each.text  # `Free` over `$0 / month`
        return each.text if _is_name(each.text) else ""
    return ""


def _says_for_whom(text: str, below: Sequence[_Text]) -> bool:
    """`For those who start` over `Base`, over its price."""
    opens = lexicon("slogan", "audience").match(fold(text)) and len(text.split()) > 2
    named = below and _is_name(below[0].text) and not stands_alone(below[0].text)
    return bool(opens and named)


def _is_free(text: str) -> bool:
    return read_cell(text).kind in ("free", "custom")


def _is_name(text: str) -> bool:
    if not is_title(text) or find_amounts(text) or read_cell(text).kind not in ("text", "number"):
        return False
    if lexicon("period").exactly(text) or lexicon("modality").exactly(text):
        return False
    meant = read_heading(text)
    return not meant.is_token_meter and bool(meant.other or not meant.says_something)


def _texts(box: Element) -> list[_Text]:
    """The texts of a box as lines on screen, in order; one too many where there are too many."""
    found: list[_Text] = []
    run: list[str] = []

    def flush(heading: bool = False) -> None:
        if run and (text := tidy("".join(run).replace("\n", " "))):
            found.append(_Text(text, heading))
        run.clear()

    def walk(element: Element, depth: int) -> None:
        if text := element.text:
            run.append(text)
        for child in element:
            if len(found) > _MOST_TEXTS or depth > 12:
                return
            tag = child.tag if isinstance(child.tag, str) else ""
            if tag == "table":
                found.extend([_Text("", False)] * _MOST_TEXTS)
                return
            unseen = tag in INLINE and hides(child)  # the price of another period
            if tag and (tag not in SILENT or tag == "button") and not unseen:
                block = tag not in INLINE or tag == "br"
                if block:
                    flush()
                walk(child, depth + 1)
                if block:
                    flush(tag in HEADINGS)
            if tail := child.tail:
                run.append(tail)

    walk(box, 0)
    flush()
    return found


def _inline_parts(box: Element) -> list[Element]:
    """The children of a box that has nothing but inline ones, each a line of its own."""
    children = [child for child in box if isinstance(child.tag, str) and child.tag not in SILENT]
    loose = [box.text, *(child.tail for child in box)]
    if any((text or "").strip() for text in loose) or len(children) < 2:
        return []
    return children if all(child.tag in INLINE for child in children) else []


def _is_built(box: Element) -> bool:
    """A box of several blocks, not a line of a list."""
    return sum(child.tag not in INLINE for child in box.iter() if isinstance(child.tag, str)) > 2
