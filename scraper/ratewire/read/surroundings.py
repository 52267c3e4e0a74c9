"""What headings and panes give to the figures under them: a product, conditions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ratewire.read.bands import context_band
from ratewire.read.document import Block, Pane, Table
from ratewire.read.lexicon import fold, has_any, lexicon, slug
from ratewire.read.meters import read_heading
from ratewire.read.names import read_label
from ratewire.read.page import PageContext
from ratewire.read.phases import is_phase
from ratewire.read.quantities import find_amounts, find_currency, find_unit
from ratewire.read.titles import is_slogan

_PRICE_WORDS = re.compile(r"\b(pricing|prices?|costs?|rates?|fees?|billing|plans?)\b", re.I)
_JOINS = re.compile(r"(?:and|or|of|for|the|our|&|und|für|y|de|et|\s)*", re.I)
_TASK = re.compile(
    r"[^()\d]{3,40}"
    r"\((?P<product>[A-Z][^\W\d_]{2,}(?:[ -][A-Z\d][\w.]*){0,3}[ -]v?\d[\w.]*(?: [A-Z][a-z]+)?)\)"
)
_PRAISE = re.compile(
    r"\s*(?:[(（\[|·–—-]|\b(?:save|sparen?|spare|ahorra|économisez|up to|bis zu)\b|[-–−]?\d).*$",
    re.I,
)

__all__ = [
    "heading_product",
    "is_example",
    "is_of_example",
    "names_product",
    "products_above",
    "surrounding_conditions",
    "table_title",
]

_LONGEST_TITLE = 9
"""Words of a line above a table that may be its title."""
_MOST_SIBLINGS = 40
"""Panes of a switcher whose labels say what it switches."""
_LONGEST_SLUG = 16
_SENTENCE = re.compile(r"(?<=[.!?。！？:：])\s*")


def products_above(block: Block, page: PageContext, at: int) -> tuple[tuple[str, str], ...]:
    """(label, product id) for the figures of a table that has no labels of its own.

    Where the nearest heading names but a tier or a context band, the text before the table (its
    number on the page is `at`) is asked for products first.
    """
    nearest = block.headings[-1] if block.headings else ""
    if not _telling(nearest, False) and (noted := page.products_near(at)):
        return noted
    return (heading_product(block, page),)


def table_title(at: int, page: PageContext) -> str:
    """What a table is called: its caption, or a short line right above it that is no sentence
    about it (`Standard type:`); empty: nothing calls it anything.
    """
    table = page.document.blocks[at]
    assert isinstance(table, Table)
    if table.grid.caption:
        return table.grid.caption
    above = page.above(at)
    text = " ".join(above.text.split()) if above and above.kind == "p" else ""
    name = text.rstrip(" :：")
    if not 0 < len(name.split()) <= _LONGEST_TITLE or name.endswith((".", "。", "!", "?", ",")):
        return ""
    if find_amounts(name) or find_unit(name) or has_any(name, "generic", "pointing"):
        return ""
    return name if _telling(name, True) else ""


def is_example(at: int, page: PageContext) -> bool:
    """The sentence or the line above a table says that it works something out."""
    above = page.above(at)
    return above is not None and _announces_example(above.text)


def is_of_example(at: int, page: PageContext) -> bool:
    """The text over the list of which block `at` is an item says that it works something out, and
    not that it lists prices.
    """
    lead = page.over_list(at)
    if lead is None or has_any(lead.text, "not_a_rate", "example_prices"):
        return False
    return _announces_example(lead.text)


def _announces_example(text: str) -> bool:
    opens, says = lexicon("not_a_rate", "example_opens"), lexicon("not_a_rate", "example_says")
    parts = [sentence for sentence in map(fold, _SENTENCE.split(text)) if sentence]
    return any(
        (opens.match(sentence) and _works_out(sentence)) or says.search(sentence)
        for sentence, following in zip(parts, (*parts[1:], ""), strict=True)
        if not _is_told(following if sentence[-1] in ":：" and following else sentence)
    )


def _is_told(sentence: str) -> bool:
    """Whether an example is told to its end: `For example, a team of 3 pays $60 a month.` What
    stands below is none of it.
    """
    ends = sentence.rstrip()[-1:] in (".", "。", "!")
    leads_on = has_any(sentence, "generic", "pointing") or sentence.count(":") > 1
    return ends and not leads_on and bool(find_amounts(sentence))


def _works_out(sentence: str) -> bool:
    """An example that stands for itself, leads on or has figures; others only explain a word."""
    return len(sentence) <= 24 or sentence[-1] in ":：" or any(map(str.isdigit, sentence))


def heading_product(block: Block, page: PageContext) -> tuple[str, str]:
    """(label, product id) that the nearest telling heading names."""
    for keep_tier in (False, True):
        for heading in (*reversed(block.headings), page.document.title):
            if name := _telling(heading, keep_tier):
                name = _of_task(name)
                label = read_label(name, page.aliases, page.day)
                if label.products and label.products[0]:
                    return label.names[0], label.products[0]
    return "", "page"


def _of_task(heading: str) -> str:
    """`Transcription (Vox 2)`: a task, and in brackets the product that does it."""
    match = _TASK.fullmatch(heading)
    return match["product"] if match else heading


def names_product(heading: str) -> bool:
    """Whether a heading says more than price, unit, tier or context band."""
    return bool(_telling(heading, False))


def _telling(heading: str, keep_tier: bool) -> str:
    """The heading without its words of price; empty where nothing of its own is left."""
    heading = heading.strip(" #_*")
    if lexicon("generic", "heading").exactly(heading) or is_slogan(heading) or is_phase(heading):
        return ""
    bare = _PRICE_WORDS.sub(" ", _without_unit(heading))
    rest = lexicon("tier").sub(" ", fold(bare)).strip(" -:")
    if not keep_tier and (not rest or (context_band(heading) and len(rest.split()) <= 2)):
        return ""
    bare = " ".join(bare.split()).strip(" -:–—&,")
    return "" if _JOINS.fullmatch(bare) or _is_blank(bare) else bare


def _is_blank(text: str) -> bool:
    """A heading in a script without spaces that is made of words for price and model alone."""
    if text.isascii():
        return False
    rest = lexicon("price").sub("", fold(text))
    return not re.sub(r"[\W_]+", "", lexicon("generic", "blank").sub("", rest))


def _without_unit(heading: str) -> str:
    """`Price per seat per month` names nothing but a unit."""
    found = find_unit(heading) if has_any(heading, "price", "words") else None
    return re.sub(rf"(?:\bper\s+)?{re.escape(found[1])}", " ", heading) if found else heading


def surrounding_conditions(block: Block, page: PageContext, title: str = ""
                           ) -> tuple[Mapping[str, str], tuple[tuple[str, str], ...]]:  # fmt: skip
    """Conditions that hold under the headings and panes round a block, and spare ones. `title`:
    what a table is called.
    """
    conditions: dict[str, str] = dict(page.hints.conditions)
    spare: list[tuple[str, str]] = []
    for heading in block.headings[-2:]:
        conditions.update(_heading_conditions(heading))
    for pane in block.panes:
        key, value = _pane_condition(pane)
        if key:
            conditions[key] = value
        else:
            spare.append(("option", value))
    if title:
        spare.append(("table", "-".join(slug(title).split("-")[:_LONGEST_SLUG])))
    spare += [("section", slug(heading)) for heading in reversed(block.headings) if slug(heading)][
        :1
    ]
    spare += [("chapter", slug(heading)) for heading in block.headings[-2:-1]]
    return conditions, tuple(spare)


def _heading_conditions(heading: str) -> Mapping[str, str]:
    """A heading that is about a tier or a context band gives it to all under it."""
    found: dict[str, str] = {}
    words = re.sub(
        r"\b(pricing|prices?|api|processing|rates?|mode|tier|costs?)\b", " ", fold(heading)
    )
    if tier := lexicon("tier").exactly(heading) or lexicon("tier").exactly(words):
        found["tier"] = tier
    elif len(heading.split()) <= 3 and not (meant := read_heading(heading)).other:
        tier = meant.conditions.get("tier", "")
        if tier not in ("", "standard", "on-demand", "pay-as-you-go"):
            found["tier"] = tier
    if len(heading.split()) <= 6 and (band := context_band(heading)):
        found["context"] = band
    return found


def _bare(label: str) -> str:
    """`Annual (save 17%)`, `Yearly – 2 months free`: a tab without its praise."""
    return _PRAISE.sub("", label).strip()


def _pane_condition(pane: Pane) -> tuple[str, str]:
    """(condition, value) of a pane; no condition where its kind is unknown: then it is spare."""
    switched = lexicon("column").exactly(pane.switcher) if pane.switcher else ""
    if switched in ("region", "size"):
        return switched, slug(pane.label)
    siblings = pane.siblings[:_MOST_SIBLINGS]
    if all(len(label) <= 8 and find_currency(label) for label in siblings):
        return "currency", find_currency(pane.label).lower()
    for kind in ("tier", "period", "quality"):
        known: Sequence[str] = [lexicon(kind).exactly(_bare(label)) for label in siblings]
        own = lexicon(kind).exactly(_bare(pane.label))
        if own or sum(map(bool, known)) > 1:
            return kind, own or slug(pane.label)
    if band := context_band(pane.label):
        return "context", band
    return "", slug(pane.label)
