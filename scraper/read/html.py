"""HTML to a `Document`: headings, panes, tables with their spans filled in, runs of text.

Presentation is ignored: no class name, no position and no wrapper decides anything, but for
the few marks that say what is not on screen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import etree
from lxml.html import HTMLParser, document_fromstring

from scraper.errors import ReadError
from scraper.read.cards import Cards, find_cards
from scraper.read.document import Document, Grid, Pane, Table, Text
from scraper.read.embedded import flight_html, offers, price_lists
from scraper.read.grids import is_table, joined_heads, laid_out_grid, short_pair, table_grid
from scraper.read.headings import is_bold_line, name_and_price, names_section, scope_of
from scraper.read.markup import (
    INLINE,
    SILENT,
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
from scraper.read.panes import Tabs, find_tabs, pane_of
from scraper.read.payloads import (
    flight_payloads,
    island_payload,
    json_payload,
    state_payloads,
)  # fmt: skip
from scraper.read.quantities import find_amounts
from scraper.read.titles import is_slogan, is_title

__all__ = ["parse_html"]

_KINDS = frozenset({"li", "dd", "dt", "small", "summary", "figcaption"})
_SILENT_ROLES = frozenset(
    {"navigation", "menu", "menubar", "tablist", "tooltip", "search", "dialog", "alertdialog"}
)
_FOLD = 7
"""Level of a fold's summary, below all headings."""
_BOLD = 8
"""Level of a line that is all bold, below a fold's summary."""
_CARD = 9
"""Level of a card's name, below all others; cards within cards below it."""


def parse_html(text: str) -> Document:
    """The page as blocks in reading order. Raises ReadError where it is no HTML at all."""
    parser = HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True, encoding="utf-8")
    source = text.replace("\x00", "").encode("utf-8", "replace")
    if not source.strip():
        return Document("", "", ())
    try:
        root = document_fromstring(source, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise ReadError(f"the page is not HTML that can be parsed: {error}") from error
    last = parser.error_log.last_error
    if last is not None and last.type_name == "ERR_RESOURCE_LIMIT":
        limit = "its elements lie within each other deeper, or are longer, than any page's do"
        raise ReadError(f"the page is not HTML that can be parsed: {limit}")
    return _Walker(root).document()


@dataclass(frozen=True, slots=True)
class _Open:
    """An element that is entered and not yet left, with what held before it."""

    element: Element
    panes: int
    hidden: int
    items: int
    named: int
    """How many headings stood before it."""
    headings: tuple[tuple[int, str], ...] | None = None
    """Of a card, the headings before it: its own end with it."""


@dataclass
class _Walker:
    """One pass over the tree; all state of the pass lives here."""

    root: Element
    blocks: list[Text | Table] = field(default_factory=list)
    headings: list[tuple[int, str]] = field(default_factory=list)
    panes: list[Pane] = field(default_factory=list)
    hidden: int = 0
    run: list[str] = field(default_factory=list)
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
        self.walk(body if body is not None else self.root)
        blocks = (*joined_heads(self.blocks), *_embedded(self.root))
        return Document(tidy(title), language.strip().lower(), blocks)

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

    # ── elements ──

    def take_whole(self, element: Element, tag: str) -> bool:
        """Elements that are read, or passed over, in one piece."""
        if element in self.cards.names:
            return False
        if tag == "button" and (text := tidy(text_of(element))) and find_amounts(text):
            self.flush()
            self.text(text, "button", "")
            return True
        if _is_silent(element, tag) or is_struck(element, tag):
            return True
        if tag in ("sup", "sub"):
            text = text_of(element)
            decimals = cents("".join(self.run[-6:]), text)
            self.run.append(decimals)
            return bool(decimals) or is_mark(element)
        if is_table(element, tag):
            self.table(table_grid(element), element)
            return True
        if grid := laid_out_grid(element, tag):
            self.table(grid, element)
            return True
        if pair := short_pair(element, tag):
            self.flush()
            self.text(pair[1], "dd", pair[0])
            return True
        return False

    def enter(self, element: Element, tag: str) -> None:
        level = heading_level(element, tag)
        hidden = hides(element) and not level
        pane = pane_of(element, tag, self.tabs) if tag not in INLINE else None
        card = self.cards.names.get(element, "")
        if level or hidden or pane or card or tag not in INLINE or element in self.cards.parts:
            self.flush()
        elif glues(self.run, element):
            self.run.append(" ")
        if hidden or pane or card or tag in ("details", "li", "dl", "ul", "ol"):
            before = len(self.panes), self.hidden, len(self.items), self.named
            headings = tuple(self.headings) if card else None
            self.open.append(_Open(element, *before, headings))
        if card:
            deepest = self.headings[-1][0] if self.headings else 0
            self.push_heading(max(_CARD, deepest + 1), card)
        elif is_bold_line(element, tag):
            self.bold = element
        if pane:
            self.panes.append(pane)
        if hidden:
            self.hidden += 1
        if props := element.get("props"):
            self.island(props)
        if level:
            self.kinds.append("heading")
        elif tag in _KINDS:
            self.kinds.append(tag)
        elif tag == "br":
            self.run.append("\n")
        self.say(element.text)

    def exit(self, element: Element, tag: str) -> None:
        level = heading_level(element, tag)
        if level:
            self.heading(level)
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
            self.hidden = before.hidden
            del self.panes[before.panes :]
            del self.items[before.items :]
            if before.headings is not None:
                self.headings = list(before.headings)
            if tag == "details":
                self.headings = [pair for pair in self.headings if pair[0] < _FOLD]

    def heading(self, level: int) -> None:
        text = tidy("".join(self.run))
        self.run.clear()
        if not text:
            self.orphan_heading = level
            return
        name, price = name_and_price(text)
        if name:
            self.push_heading(level, name)
        elif is_slogan(text):  # a sentence: what stood above is over, but it names nothing
            self.headings = [pair for pair in self.headings if pair[0] < level]
        if price:
            self.text(price, "heading", "")

    def push_heading(self, level: int, text: str) -> None:
        text = text.strip("#¶ \u200b").strip()
        self.headings = [pair for pair in self.headings if pair[0] < level]
        self.headings.append((level, text))
        self.named += 1
        self.orphan_heading = 0
        self.terms.clear()
        self.items.clear()

    # ── text ──

    def say(self, text: str | None) -> None:
        if text:
            self.run.append(text.replace("\n", " "))

    def flush(self) -> None:
        if not self.run:
            return
        text = tidy("".join(self.run))
        self.run.clear()
        if not text:
            return
        kind = self.kinds[-1] if self.kinds else "p"
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
        elif kind == "summary":
            self.headings = [pair for pair in self.headings if pair[0] < _FOLD]
            self.headings.append((_FOLD, text))
        elif kind == "li" and self.open and self.named > self.open[-1].named:
            self.text(text, "p", "")  # a card: its heading names it
        elif kind == "li":
            self.text(text, kind, self.items[-1] if self.items else "")
            self.items.append(text)
        else:
            self.text(text, kind, self.terms[-1] if kind == "dd" and self.terms else "")

    def text(self, text: str, kind: str, label: str) -> None:
        panes, hidden = tuple(self.panes), bool(self.hidden)
        self.blocks.append(Text(self.path, panes, hidden, False, text, kind, label))

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
            name = element.get("data-component") or ""
            self.blocks.append(Table(self.path, panes, hidden, False, grid, name))

    def island(self, props: str) -> None:
        for table in price_lists(island_payload(props)):
            shown = (*self.path, *table.headings), tuple(self.panes), bool(self.hidden)
            self.blocks.append(Table(*shown, True, table.grid))


def _is_silent(element: Element, tag: str) -> bool:
    """Speaks to no reader of prices: scripts, navigation, what is hidden amid a line."""
    if not tag or tag in SILENT or element.get("role") in _SILENT_ROLES:
        return True
    inside = tag == "a" and element.get("href", "").startswith("#")
    if inside and "skip" in (element.get("class") or ""):
        return True
    return tag in INLINE and tag != "br" and hides(element)


def _embedded(root: Element) -> Iterator[Table]:
    """The price lists that the page's scripts carry."""
    flight: list[str] = []
    for script in root.iter("script"):
        text = script.text or ""
        kind = (script.get("type") or "").lower()
        if "__next_f" in text:
            flight.append(text)
        elif "ld+json" in kind:
            yield from offers(json_payload(text))
        elif kind.endswith("json"):
            yield from price_lists(json_payload(text))
        else:
            for state in state_payloads(text):
                yield from price_lists(state)
    streamed = list(flight_payloads(flight))
    yield from price_lists(streamed)
    if markup := flight_html(streamed):
        for block in _Walker(document_fromstring(markup)).document().blocks:
            if isinstance(block, Table):
                yield replace(block, embedded=True)
