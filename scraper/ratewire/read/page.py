"""What the whole page says that single figures lean on: currency, words around a table, dates."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from ratewire.model import Hints, Unit
from ratewire.read.document import Block, Document, Table, Text
from ratewire.read.lexicon import fold, has_any, lexicon
from ratewire.read.names import read_label
from ratewire.read.page_currency import Currencies, page_currencies
from ratewire.read.quantities import find_amounts, find_unit
from ratewire.read.rivals import compared_words, own_words
from ratewire.read.statements import sentences
from ratewire.read.subjects import stands_alone
from ratewire.read.titles import is_title
from ratewire.read.tongue import tongues
from ratewire.read.unit_texts import billed_unit
from ratewire.read.voids import names_credit

__all__ = ["PageContext", "survey"]

_UNIT_ALONE = re.compile(r"per\s|[$€£¥]?\s*/", re.I)
_PACED = re.compile(
    r"\b(?:hourly|daily|weekly|monthly|quarterly|annual|yearly|monatliche\w?|jährliche\w?|stündliche\w?)\s"
    r"(?:[^\W\d]{1,20}\s){0,2}(?:price|cost|fee|rate|charge|preis|gebühr|grundgebühr|grundpreis)\w?\b"
    r"|\b(?:precio|cuota|tarifa|prix|tarif|prezzo|canone|preço)s?\s(?:[^\W\d]{1,20}\s)?"
    r"(?:mensual|anual|mensuel|annuel|mensile|annuale|mensal)(?:e?s)?\b",
    re.I,
)
_COMPOUND = re.compile("实例|實例|比例|案例|条例|慣例|惯例|例外")
"""Words that have 例 in them and are about no example."""
_LONGEST_LIST = 30
"""Items of a list that a text above it is asked about."""
_LONGEST_NOTE = 45
"""Words; a longer paragraph is prose, not a note on a table."""
_OPENING = 3
"""Words in which a sentence about all prices says so."""
_LONGEST_KICKER = 4
"""Words."""


@dataclass(frozen=True, slots=True)
class PageContext:
    """The surroundings of every figure on one page."""

    document: Document
    hints: Hints
    day: date
    """Day of the capture, by which dates without a year are understood."""
    money: Currencies
    """What it says of the currency of its prices."""
    unit: Unit | None
    """Stated for the whole page."""
    aliases: Mapping[str, str]
    """Folded product label to product id."""
    about_money: bool
    """Title or address speak of prices."""
    own: frozenset[str] = frozenset()
    """What its publisher is called, in single words."""
    compared: tuple[str, ...] = ()
    """What stands behind each word that compares: `cheaper than …`, `vs. …`."""
    tongues: frozenset[str] = frozenset()
    """The languages that it, or its address, says it is in."""
    labels: tuple[tuple[str, str], ...] = ()
    """(label, product id) of the rows of its tables, the longest labels first."""
    plans: frozenset[tuple[str, ...]] = frozenset()
    """Headings of cards that are plans though they say no more than `Standard`: others beside them
    are names.
    """

    @property
    def currency(self) -> str:
        """Of numbers that carry none: stated, or that of most amounts; empty: unknown."""
        return self.money.main

    def notes(self, at: int) -> Iterator[str]:
        """Short texts near block `at`, nearest first: before it, after it, the heading of its
        section, and so on outwards.
        """
        blocks = self.document.blocks
        here = blocks[at]
        before = list(_same_section(map(blocks.__getitem__, range(at - 1, -1, -1)), here, 4))
        after = list(_same_section(map(blocks.__getitem__, range(at + 1, len(blocks))), here, 2))
        yield from before[:2]
        yield from after
        yield from before[2:]
        yield from here.headings[-1:]
        for depth in range(len(here.headings) - 1, 0, -1):
            yield from self._above(at, here.headings[:depth])
            yield here.headings[depth - 1]

    def above(self, at: int) -> Text | None:
        """The text right above block `at`, in its section and pane; a line that only closes a
        thought (`**`, `*`) is none.
        """
        here = self.document.blocks[at]
        for block in self.document.blocks[max(0, at - 3) : at][::-1]:
            if block.headings != here.headings or not isinstance(block, Text):
                return None
            if not _shares_panes(block, here) or (block.hidden and not here.hidden):
                return None
            if any(map(str.isalnum, block.text)):
                return block
        return None

    def over_list(self, at: int) -> Text | None:
        """The text right above the list of which block `at` is an item."""
        here = self.document.blocks[at]
        for block in self.document.blocks[max(0, at - _LONGEST_LIST) : at][::-1]:
            if block.headings != here.headings or not isinstance(block, Text):
                return None
            if block.kind != "li":
                return block
        return None

    def _above(self, at: int, headings: tuple[str, ...]) -> Iterator[str]:
        blocks = self.document.blocks
        for number in range(at - 1, max(0, at - 200) - 1, -1):
            block = blocks[number]
            if block.headings != headings or not isinstance(block, Text) or not _is_note(block):
                continue
            if block.kind != "li" and not _is_kicker(block, blocks[number + 1]):
                yield block.text

    def products_near(self, at: int) -> tuple[tuple[str, str], ...]:
        """(label, id) of the products of the page's tables that the nearest text above block
        `at` speaks of; none where it speaks of more than a table would be about.
        """
        here = self.document.blocks[at]
        for block in self.document.blocks[max(0, at - 3) : at][::-1]:
            if not isinstance(block, Text) or block.headings != here.headings:
                break
            if found := self.named_in(block.text):
                return found if len(found) <= 4 else ()
        return ()

    def named_in(self, text: str) -> tuple[tuple[str, str], ...]:
        """(label, id) of the products of the page's tables that a text names."""
        left = fold(text)
        found: dict[str, str] = {}
        for label, product in self.labels:
            for words in _short_forms(fold(label)):
                if words not in left:
                    continue
                pattern = rf"(?<![\w-]){re.escape(words)}(?![\w-]|\.\d)"
                if re.search(pattern, left):
                    left = re.sub(pattern, " ", left)
                    found.setdefault(product, label)
        return tuple((label, product) for product, label in sorted(found.items()))

    def unit_near(self, at: int) -> tuple[Unit, str] | None:
        """The unit that a note near block `at` states for it, with its words."""
        above = self.above(at)
        below = self._below(at)
        told = (
            *(sentences(above.text) if above else ()),
            *(_about_all(below.text) if below else ()),
            *self.notes(at),
        )
        for note in told:
            about = has_any(note, "price", "words") or _UNIT_ALONE.match(note)
            if about and not find_amounts(note) and (found := find_unit(note) or _paced(note)):
                return found
        return None

    def _below(self, at: int) -> Text | None:
        """The text right below block `at`, in its section and pane."""
        here, after = self.document.blocks[at], self.document.blocks[at + 1 : at + 2]
        for block in after:
            if isinstance(block, Text) and block.headings == here.headings:
                return block if _shares_panes(block, here) else None
        return None

    def billed_near(self, at: int) -> Unit | None:
        """The thing that a note near block `at` says is billed: `Messages are billed monthly`."""
        return next((unit for note in self.notes(at) if (unit := billed_unit(note))), None)


def _about_all(note: str) -> list[str]:
    """Of a note that states other prices as well the sentences about all prices of a table:
    `Token prices are per 1M tokens. Storage costs $5 per GB.`
    """
    if not find_amounts(note):
        return []
    opened = ((" ".join(each.split()[:_OPENING]), each) for each in sentences(note))
    return [each for words, each in opened if has_any(words, "price", "words")]


def _paced(note: str) -> tuple[Unit, str] | None:
    """`Plans have a monthly base price`: a period that describes the price, in a sentence."""
    match = _PACED.search(note)
    return find_unit(match.group()) if match else None


def _short_forms(label: str) -> Iterator[str]:
    """`Brand Thing 4.5` is also called `Thing 4.5`."""
    yield label
    words = label.split()
    if len(words) > 2 and any(char.isdigit() for char in words[-1]):
        yield " ".join(words[1:])


def survey(document: Document, hints: Hints, day: date, url: str) -> PageContext:
    """Look the whole page over once."""
    aliases = {fold(label): product for label, product in hints.aliases.items()}
    currencies = page_currencies(document, url, hints.currency)
    return PageContext(
        document=document,
        hints=hints,
        day=day,
        money=currencies,
        tongues=tongues(document, url, currencies.meant),
        unit=Unit.parse(hints.unit) if hints.unit else None,
        aliases=aliases,
        labels=_labels(document, aliases, day),
        plans=_plans(document),
        own=own_words(document, url),
        compared=compared_words(document),
        about_money=has_any(f"{document.title} {url.replace('-', ' ').replace('/', ' ')}",
                            "price", "words"),
    )  # fmt: skip


def _labels(
    document: Document, aliases: Mapping[str, str], day: date
) -> tuple[tuple[str, str], ...]:
    found: dict[str, str] = {}
    for block in document.blocks:
        if not isinstance(block, Table):
            continue
        for row in block.grid.rows[block.grid.head_rows : 400]:
            label = read_label(row[0].text, aliases, day)
            for name, product in zip(label.names, label.products, strict=True):
                if any(char.isdigit() for char in name) and any(char.isalpha() for char in name):
                    found.setdefault(name, product)
    return tuple(sorted(found.items(), key=lambda pair: -len(pair[0])))


def _plans(document: Document) -> frozenset[tuple[str, ...]]:
    cards: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for block in document.blocks:
        if isinstance(block, Text) and block.headings and stands_alone(block.text):
            cards[block.headings[:-1]].add(block.headings[-1])
    tier = lexicon("tier").exactly
    return frozenset(
        (*above, name)
        for above, names in cards.items()
        if sum(not tier(name) for name in names) > len(names) / 2
        for name in names
        if tier(name)
    )


def _same_section(blocks: Iterable[Block], here: Block, most: int) -> Iterator[str]:
    """Notes of the section of `here` until its heading, another table or `most` of them."""
    for block in blocks:
        if block.headings != here.headings or most == 0:
            return
        if isinstance(block, Table):
            if block.panes == here.panes and (here.embedded or not block.embedded):
                return
            continue
        if isinstance(block, Text) and _is_note(block) and _shares_panes(block, here):
            most -= 1
            yield block.text


def _shares_panes(block: Block, here: Block) -> bool:
    """The note stands in the same pane, or outside the switcher."""
    return block.panes == here.panes[: len(block.panes)]


def _is_kicker(block: Text, following: Block) -> bool:
    """A few words right over the heading of a section belong to that section: `Hourly rates`."""
    opens = len(following.headings) > len(block.headings)
    return opens and len(block.text.split()) <= _LONGEST_KICKER and is_title(block.text)


def _is_note(block: Text) -> bool:
    if not block.text or (block.hidden and not block.panes):
        return False
    return len(block.text.split()) <= _LONGEST_NOTE


def section_is_no_price_list(headings: Sequence[str], *, names_price: bool = False) -> bool:
    """A heading says that what follows are examples, credits, thresholds or the like. `Credits` do
    so right under their own heading alone, and not where that speaks of their price, or what stands
    there does (`names_price`).
    """
    return _is_no_price_list(tuple(headings[-2:]), names_price)


@lru_cache(maxsize=1024)
def _is_no_price_list(headings: tuple[str, ...], names_price: bool) -> bool:
    whole, aside = lexicon("not_a_rate", "heading"), lexicon("not_a_rate", "aside")
    if any(whole.search(fold(heading)) for heading in headings):
        return True
    nearest = _COMPOUND.sub("", fold(headings[-1])) if headings else ""
    if lexicon("price").search(nearest):
        return False
    compares = lexicon("not_a_rate", "compares").search(nearest)
    if compares and lexicon("prose", "plan").search(nearest):  # `Solo plan vs. Team plan`
        return False
    return bool(aside.search(nearest)) or (names_credit(nearest) and not names_price)
