"""HTML to a `Document`: headings, panes, tables with their spans filled in, runs of text.

Presentation is ignored: no class name, no position and no wrapper decides anything, but for
the few marks that say what is not on screen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import etree
from lxml.html import document_fromstring

from ratewire.errors import ReadError
from ratewire.read.bounds import LONGEST_HEADING, LONGEST_TEXT, parts
from ratewire.read.cards import Cards, find_cards
from ratewire.read.document import Document, Grid, Pane, Table, Text
from ratewire.read.embedded import price_lists
from ratewire.read.grids import (
    cell,
    is_table,
    joined_heads,
    laid_out_grid,
    short_pair,
    spaced_grid,
    table_grid,
)
from ratewire.read.headings import is_bold_line, name_and_price, names_section, scope_of
from ratewire.read.markup import (
    INLINE,
    Element,
    cents,
    glues,
    heading_level,
    hides,
    is_mark,
    is_struck,
    text_of,
    tidy,
)  # fmt: skip
from ratewire.read.panes import Tabs, find_tabs, pane_of
from ratewire.read.payloads import island_payload
from ratewire.read.quantities import find_amounts
from ratewire.read.rows import table_rows
from ratewire.read.scripts import script_tables
from ratewire.read.sections import sections
from ratewire.read.silent import has_price, is_closed, is_silent, never_shows
from ratewire.read.styles import strike_out
from ratewire.read.titles import is_slogan, is_title
from ratewire.read.unseen import unseen_money

__all__ = ["parse_html"]

_KINDS = frozenset({"li", "dd", "dt", "small", "summary", "figcaption"})
_FOLD = 7
"""Level of a fold's summary, below all headings."""
_BOLD = 8
"""Level of a line that is all bold, below a fold's summary."""
_CARD = 9
"""Level of a card's name, below all others; cards within cards below it."""
_FRAGMENT = re.compile(
    r"\{\{[-\s]{0,9}[A-Za-z_][\w.]{0,60}\(\s{0,9}\w{1,60}\s{0,9}=\s{0,9}[\"'][^{}]{0,2000}\}\}"
)
"""`{{ image(url="tick.svg", width="16") }}`: a template's call by named arguments puts a picture
or a fragment there. `{{ price }}` stands for a value, and stays.
"""
_DEEPEST = 24
"""Folds in folds; what lies deeper takes the place of the last."""


def parse_html(text: str) -> Document:
    """The page as blocks in reading order. Raises ReadError where it is no HTML at all."""
    parser = etree.HTMLParser(
        huge_tree=True, remove_comments=True, remove_pis=True, encoding="utf-8"
    )
    source = _FRAGMENT.sub("", text.replace("\x00", "")).encode("utf-8", "replace")
    if not source.strip():
        return Document("", "", ())
    try:
        root = document_fromstring(source, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        if "unknown error" in str(error):  # so the parser says that it was given no more memory
            raise MemoryError from error
        raise ReadError(f"the page is not HTML that can be parsed: {error}") from error
    last = parser.error_log.last_error
    if last is not None and last.type_name == "ERR_RESOURCE_LIMIT":
        limit = "its elements lie within each other deeper, or are longer, than any page's do"
        raise ReadError(f"the page is not HTML that can be parsed: {limit}")
    strike_out(root)
    return _Walker(root).document()


@dataclass(frozen=True, slots=True)
class _Open:
    """An element that is entered and not yet left, with what held before it."""

    element: Element
    panes: int
    hidden: int
    quiet: int
    spoken: int
    items: int
    named: int
    """How many headings stood before it."""
    headings: tuple[tuple[int, str], ...] | None
    """The headings before it, where its own end with it."""
    floor: int


@dataclass
class _Walker:
    """One pass over the tree; all state of the pass lives here."""

    root: Element
    blocks: list[Text | Table] = field(default_factory=list)
    headings: list[tuple[int, str]] = field(default_factory=list)
    floor: int = 0
    """How many of the headings stand round the fold that is open: those in it do not end them."""
    panes: list[Pane] = field(default_factory=list)
    hidden: int = 0
    quiet: int = 0
    """Elements such as navigation that are open: only what holds a price is kept of them."""
    spoken: int = 0
    """Elements that are open though they are passed over elsewhere, for the price in them."""
    run: list[str] = field(default_factory=list)
    struck: list[str] = field(default_factory=list)
    """What is struck out in the run."""
    unseen: list[str] = field(default_factory=list)
    """Prices amid the run that are not on screen."""
    kinds: list[str] = field(default_factory=list)
    terms: list[str] = field(default_factory=list)
    items: list[str] = field(default_factory=list)
    open: list[_Open] = field(default_factory=list)
    named: int = 0
    """Headings so far."""
    tabs: Tabs = field(default_factory=Tabs)
    cards: Cards = field(default_factory=Cards)
    bold: Element | None = None
    """The line, all bold, that is being read."""
    bold_in: list[Element] = field(default_factory=list)
    """What the bold lines so far stand in: as headings they end with it."""
    unsaid: str = ""
    """The last heading, where it holds figures and no block stands under it yet."""
    orphan_heading: int = 0
    """Level of a heading that closed empty: the next run of text is its text."""

    def document(self) -> Document:
        title = self.root.findtext(".//title") or ""
        language = (
            self.root.get("lang")
            or self.root.get("{http://www.w3.org/XML/1998/namespace}lang")
            or ""
        )
        body = self.root.find("body")
        for stray in () if body is None else list(body.itersiblings()):
            body.append(stray)  # what stands behind a body that was closed too early
        self.walk(body if body is not None else self.root)
        blocks = (*joined_heads(self.blocks), *_of_scripts(self.root))
        return Document(
            tidy(title)[:LONGEST_HEADING], language[:LONGEST_HEADING].strip().lower(), blocks
        )

    def walk(self, top: Element) -> None:
        self.tabs = find_tabs(top)
        self.cards = find_cards(top)
        walker = etree.iterwalk(top, events=("start", "end"))
        whole: Element | None = None
        for event, element in walker:
            tag = element.tag if isinstance(element.tag, str) else ""
            if event == "start":
                if self.take_whole(element, tag):
                    whole = element
                    walker.skip_subtree()
                else:
                    self.enter(element, tag)
            elif whole is not None and whole is element:
                whole = None
                self.say(element.tail)
            else:
                self.exit(element, tag)
                if element is not top:
                    self.say(element.tail)
        self.flush()
        self.say_heading()

    # ── elements ──

    def take_whole(self, element: Element, tag: str) -> bool:
        """Elements that are read, or passed over, in one piece."""
        if element in self.cards.names:
            return False
        if tag == "button" and (text := cell(element).text) and find_amounts(text):
            self.flush()
            for part in parts(text):
                self.text(part, "button", "")
            return True
        if is_silent(element, tag):
            return never_shows(tag) or not (self.spoken or has_price(element))
        if tag in INLINE and tag != "br" and hides(element):
            if text := unseen_money(element):
                self.unseen.extend(parts(text))
            return True
        if is_struck(element, tag):
            self.struck.append(tidy(text_of(element)))
            return True
        if tag in ("sup", "sub"):
            text = text_of(element)
            decimals = cents("".join(self.run[-6:]), text)
            self.run.append(decimals)
            return bool(decimals) or is_mark(element)
        return self.take_table(element, tag)

    def take_table(self, element: Element, tag: str) -> bool:
        if is_table(element, tag):
            rows = table_rows(element)
            grid = table_grid(rows)
            for stray in rows.strays:
                self.flush()
                self.say(stray if isinstance(stray, str) else cell(stray).text)
            for titles, part in sections(grid):
                for title in titles:
                    self.flush()
                    self.say(title)
                self.table(part, element)
            return True
        if laid_out := laid_out_grid(element, tag):
            self.table(laid_out, element)
            return True
        if tag == "pre":
            if spaced := spaced_grid(text_of(element)):
                self.table(spaced, element)
            return True
        if pair := short_pair(element, tag):
            self.flush()
            self.text(pair[1], "dd", pair[0])
            return True
        return False

    def enter(self, element: Element, tag: str) -> None:
        level = heading_level(element, tag)
        silent = is_silent(element, tag)
        hidden = (hides(element) and not level) or (silent and is_closed(element, tag))
        pane = pane_of(element, tag, self.tabs) if tag not in INLINE else None
        card = self.cards.names.get(element, "")
        if level or hidden or pane or card or tag not in INLINE or element in self.cards.parts:
            self.flush()
        elif glues(self.run, element):
            self.run.append(" ")
        if hidden or pane or card or silent or tag in ("details", "li", "dl", "ul", "ol"):
            self.open.append(self.before(element, bool(pane or card or silent or tag == "details")))
        if card:
            deepest = self.headings[-1][0] if self.headings else 0
            self.push_heading(max(_CARD, deepest + 1), card)
        elif is_bold_line(element, tag):
            self.bold = element
        if pane:
            self.panes.append(pane)
        self.hidden += hidden
        self.spoken += silent
        self.quiet += silent and tag != "button"
        if tag == "details" and len(self.headings) < _DEEPEST:
            self.floor = len(self.headings)
        if props := element.get("props"):
            self.island(props)
        if level:
            self.kinds.append("heading")
        elif tag in _KINDS:
            self.kinds.append(tag)
        elif tag == "br":
            self.run.append("\n")
        self.say(element.text)

    def before(self, element: Element, ends: bool) -> _Open:
        return _Open(
            element, len(self.panes), self.hidden, self.quiet, self.spoken, len(self.items),
            self.named, tuple(self.headings) if ends else None, self.floor,
        )  # fmt: skip

    def exit(self, element: Element, tag: str) -> None:
        level = heading_level(element, tag)
        if level:
            self.heading(level, element)
        elif (
            tag not in INLINE
            or (tag == "small" and self.kinds[-1:] == ["small"])
            or element in self.cards.parts
            or element in self.cards.names
        ):
            self.flush()
        if element is self.bold:
            self.bold = None
        while self.bold_in and self.bold_in[-1] is element:
            self.bold_in.pop()
            self.headings = [pair for pair in self.headings if pair[0] != _BOLD]
        if (level or tag in _KINDS) and self.kinds:
            self.kinds.pop()
        if tag == "dl":
            self.terms.clear()
        if self.open and self.open[-1].element is element:
            before = self.open.pop()
            if before.headings is not None:
                self.say_heading()
                self.headings, self.floor = list(before.headings), before.floor
            self.hidden, self.quiet, self.spoken = before.hidden, before.quiet, before.spoken
            del self.panes[before.panes :]
            del self.items[before.items :]

    # ── headings ──

    def heading(self, level: int, element: Element) -> None:
        text = tidy("".join(self.run))
        self.run.clear()
        if text:
            self.section(level, text)
        elif not element.tail:  # it may have closed early: `<h2><p>Text</p></h2>`
            self.orphan_heading = level

    def section(self, level: int, text: str) -> None:
        """What a heading opens: a section, if it names something, and a price that stands in it."""
        if len(text) > LONGEST_HEADING:  # it names nothing
            self.end_sections(level)
            for part in parts(text):
                self.text(part, "p", "")
            return
        name, price = name_and_price(text)
        if name:
            self.push_heading(level, name)
        elif is_slogan(text):  # a sentence: what stood above is over, but it names nothing
            self.end_sections(level)
        if price:
            self.text(price, "heading", "")

    def push_heading(self, level: int, text: str) -> None:
        self.end_sections(level)
        text = text.strip("#¶ \u200b").strip()
        self.headings.append((level, text))
        self.unsaid = text if find_amounts(text) else ""
        self.named += 1
        self.orphan_heading = 0
        self.terms.clear()
        self.items.clear()

    def say_heading(self) -> None:
        """A heading with figures in it and nothing under it would be lost with its section."""
        if text := self.unsaid:
            self.headings.pop()
            self.text(text, "heading", "")

    def end_sections(self, level: int) -> None:
        """Those of the fold that is open; what stands round it goes on."""
        self.say_heading()
        above = [pair for pair in self.headings[self.floor :] if pair[0] < level]
        self.headings = [*self.headings[: self.floor], *above]

    # ── text ──

    def say(self, text: str | None) -> None:
        if text:
            self.run.append(text.replace("\n", " "))

    def flush(self) -> None:
        if "heading" in self.kinds:
            self.run.append(" ")
            return
        text = tidy("".join(self.run)) if self.run else ""
        self.run.clear()
        said = [part for part in parts(text) if not self.quiet or find_amounts(part)]
        for part in said:
            self.block(part, self.kinds[-1] if self.kinds else "p")
        if not said and self.struck:
            self.text("", "p", "")
        for unseen in self.unseen:
            self.blocks.append(Text(self.path, tuple(self.panes), True, False, unseen))
        self.unseen.clear()

    def block(self, text: str, kind: str) -> None:
        if self.orphan_heading:
            level, self.orphan_heading = self.orphan_heading, 0
            if is_title(text) and not find_amounts(text):
                self.push_heading(level, text)
                return
        if self.bold is not None and names_section(text):
            self.push_heading(_BOLD, text.rstrip(" :："))
            if (box := scope_of(self.bold)) is not None:
                self.bold_in.append(box)
            return
        if kind == "dt":
            self.terms[:] = [text]
            if find_amounts(text):
                self.text(text, "p", "")
        elif kind == "summary":
            self.section(_FOLD, text)
            self.floor = len(self.headings) if len(self.headings) < _DEEPEST else self.floor
        elif kind == "li" and self.open and self.named > self.open[-1].named:
            self.text(text, "p", "")  # a card: its heading names it
        elif kind == "li":
            self.text(text, kind, self.items[-1] if self.items else "")
            self.items.append(text)
        else:
            self.text(text, kind, self.terms[-1] if kind == "dd" and self.terms else "")

    def text(self, text: str, kind: str, label: str) -> None:
        panes, hidden, struck = (
            tuple(self.panes),
            bool(self.hidden),
            " ".join(self.struck)[:LONGEST_TEXT],
        )
        self.struck.clear()
        self.unsaid = ""
        self.blocks.append(Text(self.path, panes, hidden, False, text, kind, label, struck))

    @property
    def path(self) -> tuple[str, ...]:
        return tuple(text for _, text in self.headings)

    # ── tables ──

    def table(self, grid: Grid, element: Element) -> None:
        self.flush()
        if grid.rows:
            hidden = bool(self.hidden) or hides(element)
            pane = pane_of(element, str(element.tag), self.tabs)
            panes = (*self.panes, pane) if pane else tuple(self.panes)
            name = (element.get("data-component") or "")[:LONGEST_HEADING]
            self.unsaid = ""
            self.blocks.append(Table(self.path, panes, hidden, False, grid, name))

    def island(self, props: str) -> None:
        for table in price_lists(island_payload(props)):
            shown = (*self.path, *table.headings), tuple(self.panes), bool(self.hidden)
            self.blocks.append(Table(*shown, True, table.grid))


def _of_scripts(root: Element) -> Iterator[Table]:
    tables, markup = script_tables(root)
    yield from tables
    for block in _Walker(document_fromstring(markup)).document().blocks if markup else ():
        if isinstance(block, Table):
            yield replace(block, embedded=True)
