"""HTML to a `Document`: headings, panes, tables with their spans filled in, runs of text.

Presentation is ignored: no class name, no position and no wrapper decides anything, but for
the few marks that say what is not on screen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from lxml import etree
from lxml.html import HTMLParser, document_fromstring

from scraper.errors import ReadError
from scraper.read.document import Cell, Document, Grid, Pane, Table, Text
from scraper.read.embedded import flight_html, island_grids, json_grids

__all__ = ["parse_html"]

Element: TypeAlias = etree._Element

_SILENT = frozenset(
    {
        "script", "style", "template", "noscript", "svg", "nav", "footer", "iframe", "textarea",
        "select", "option", "button", "input", "canvas", "video", "audio", "object", "embed", "map",
        "math", "dialog", "head", "pre",
    }
)  # fmt: skip
_INLINE = frozenset(
    {
        "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "dfn", "em", "font", "i", "ins",
        "kbd", "label", "mark", "q", "ruby", "rt", "rp", "samp", "small", "span", "strong", "sub",
        "sup", "time", "tt", "u", "var", "wbr", "big", "del", "s", "strike", "img", "br", "output",
    }
)  # fmt: skip
_KINDS = frozenset({"li", "dd", "dt", "small", "summary", "figcaption"})
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_PANE_TAGS = frozenset({"tab", "tabitem", "tabpanel", "tab-panel", "tab-item", "hfoption"})
_HIDDEN_CLASSES = frozenset(
    {"hidden", "is-hidden", "d-none", "sr-only", "visually-hidden", "screen-reader-text"}
)
_LABEL_ATTRIBUTES = ("title", "label", "data-label", "data-title", "aria-label", "data-tab",
                     "data-value", "data-name", "value", "name", "id")  # fmt: skip
_SPACE = re.compile(r"[ \t\r\f\v\u00a0\u2007\u2009\u200a\u202f]+")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff\u202a-\u202e\u2066-\u2069]")
_NO_DISPLAY = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_STRUCK_STYLE = re.compile(r"text-decoration[^;]*line-through", re.I)
_MAX_SPAN = 1000
_MAX_CELLS = 2_000_000


def parse_html(text: str) -> Document:
    """The page as blocks in reading order. Raises ReadError where it is no HTML at all."""
    parser = HTMLParser(huge_tree=False, remove_comments=True, remove_pis=True, encoding="utf-8")
    source = text.replace("\x00", "").encode("utf-8", "replace")
    if not source.strip():
        return Document("", "", ())
    try:
        root = document_fromstring(source, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise ReadError(f"the page is not HTML that can be parsed: {error}") from error
    return _Walker(root).document()


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
        blocks = (*_with_heads(self.blocks), *_embedded(self.root))
        return Document(_tidy(title), language.strip().lower(), blocks)

    def walk(self, top: Element) -> None:
        labels = _tab_labels(top)
        leave: list[tuple[Element, int, int, int]] = []
        walker = etree.iterwalk(top, events=("start", "end"))
        skipped: Element | None = None
        for event, element in walker:
            tag = element.tag if isinstance(element.tag, str) else ""
            if event == "start":
                if self._silent(element, tag):
                    skipped = element
                    walker.skip_subtree()
                    continue
                if self._is_table(element, tag):
                    self.flush()
                    self.table(element)
                    skipped = element
                    walker.skip_subtree()
                    continue
                self.enter(element, tag, labels, leave)
            elif skipped is not None and skipped is element:
                skipped = None
                self.say(element.tail)
            else:
                self.exit(element, tag, leave)
                if element is not top:
                    self.say(element.tail)
        self.flush()

    # ── elements ──

    def enter(self, element: Element, tag: str, labels: dict[str, str],
              leave: list[tuple[Element, int, int, int]]) -> None:  # fmt: skip
        level = _HEADINGS.get(tag) or _aria_heading(element)
        hides = _hides(element) and tag not in _HEADINGS
        pane = _pane(element, tag, labels) if tag not in _INLINE else None
        if level or hides or pane or tag not in _INLINE:
            self.flush()
        if hides or pane or tag in ("details", "li", "dl", "ul", "ol"):
            leave.append((element, len(self.panes), self.hidden, len(self.items)))
        if pane:
            self.panes.append(pane)
        if hides:
            self.hidden += 1
        if props := element.get("props"):
            for grid in island_grids(props):
                self.blocks.append(
                    Table(self.path, tuple(self.panes), bool(self.hidden), True, grid)
                )
        if level:
            self.kinds.append("heading")
        elif tag in _KINDS:
            self.kinds.append(tag)
        elif tag == "br":
            self.run.append("\n")
        if tag in ("sup", "sub") and _is_mark(element):
            return
        if tag in ("del", "s", "strike") or _STRUCK_STYLE.search(element.get("style") or ""):
            return
        self.say(element.text)

    def exit(self, element: Element, tag: str,
             leave: list[tuple[Element, int, int, int]]) -> None:  # fmt: skip
        level = _HEADINGS.get(tag) or _aria_heading(element)
        if level:
            self.heading(level)
        elif tag not in _INLINE or (tag == "small" and self.kinds[-1:] == ["small"]):
            self.flush()
        if (level or tag in _KINDS) and self.kinds:
            self.kinds.pop()
        if tag == "dl":
            self.terms.clear()
        if leave and leave[-1][0] is element:
            _, panes, self.hidden, items = leave.pop()
            del self.panes[panes:]
            del self.items[items:]
            if tag == "details":
                self.headings = [pair for pair in self.headings if pair[0] < 7]

    def heading(self, level: int) -> None:
        text = _tidy("".join(self.run))
        self.run.clear()
        if text:
            self.push_heading(level, text)
        else:
            self.orphan_heading = level

    def push_heading(self, level: int, text: str) -> None:
        text = text.strip("#¶ \u200b").strip()
        self.headings = [pair for pair in self.headings if pair[0] < level]
        self.headings.append((level, text))
        self.orphan_heading = 0
        self.terms.clear()
        self.items.clear()

    def _silent(self, element: Element, tag: str) -> bool:
        if not tag or tag in _SILENT:
            return True
        if element.get("role") in ("navigation", "menu", "menubar", "tablist", "tooltip", "search"):
            return True
        if (
            tag == "a"
            and (element.get("class") or "").find("skip") >= 0
            and element.get("href", "").startswith("#")
        ):
            return True
        return tag in _INLINE and tag != "br" and _hides(element)

    @staticmethod
    def _is_table(element: Element, tag: str) -> bool:
        if tag == "table":
            return element.find(".//table") is None
        return element.get("role") in ("table", "grid", "treegrid")

    # ── text ──

    def say(self, text: str | None) -> None:
        if text:
            self.run.append(text.replace("\n", " "))

    def flush(self) -> None:
        if not self.run:
            return
        text = _tidy("".join(self.run))
        self.run.clear()
        if not text:
            return
        kind = self.kinds[-1] if self.kinds else "p"
        if self.orphan_heading:
            if len(text.split()) <= 14:
                self.push_heading(self.orphan_heading, text)
                return
            self.orphan_heading = 0
        if kind == "dt":
            self.terms[:] = [text]
            return
        if kind == "summary":
            self.headings = [pair for pair in self.headings if pair[0] < 7]
            self.headings.append((7, text))
            return
        label = self.terms[-1] if kind == "dd" and self.terms else ""
        if kind == "li":
            label = self.items[-1] if self.items else ""
            self.items.append(text)
        self.blocks.append(
            Text(self.path, tuple(self.panes), bool(self.hidden), False, text, kind, label)
        )

    @property
    def path(self) -> tuple[str, ...]:
        return tuple(text for _, text in self.headings)

    # ── tables ──

    def table(self, element: Element) -> None:
        grid = _grid(element)
        if grid.rows:
            hidden = bool(self.hidden) or _hides(element)
            name = element.get("data-component") or ""
            self.blocks.append(Table(self.path, tuple(self.panes), hidden, False, grid, name))


def _with_heads(blocks: Iterable[Text | Table]) -> Iterator[Text | Table]:
    """A table that is all head belongs to the next one of its width (sticky-head widgets)."""
    head: Table | None = None
    for block in blocks:
        if not isinstance(block, Table):
            yield block
            continue
        grid = block.grid
        if head and head.grid.width == grid.width and grid.head_rows == 0:
            rows = head.grid.rows + grid.rows
            grid = replace(grid, rows=rows, head_rows=len(head.grid.rows))
        table = replace(block, grid=grid)
        head = table if grid.rows and len(grid.rows) <= 2 and _all_head(grid) else None
        if head is None:
            yield table


def _all_head(grid: Grid) -> bool:
    return all(cell.head for row in grid.rows for cell in row)


# ── tables ───────────────────────────────────────────────────────────────────────────────────


def _grid(table: Element) -> Grid:
    caption = ""
    rows: list[tuple[Element, bool]] = []
    for element in table.iter():
        tag = element.tag if isinstance(element.tag, str) else ""
        if tag == "caption":
            caption = _cell(element).line
        elif tag == "tr" or element.get("role") == "row":
            parent = element.getparent()
            in_head = parent is not None and parent.tag == "thead"
            rows.append((element, in_head))
    filled: list[tuple[Cell, ...]] = []
    spans: dict[int, tuple[int, Cell]] = {}
    heads: list[bool] = []
    cells = 0
    for element, in_head in rows:
        row = _row(element, in_head, spans)
        if not row:
            continue
        filled.append(row)
        heads.append(in_head or all(cell.head for cell in row))
        cells += len(row)
        if cells > _MAX_CELLS:
            raise ReadError(f"a table of more than {_MAX_CELLS:,} cells is not read")
    width = max((len(row) for row in filled), default=0)
    empty = Cell("")
    rows_ = tuple(row + (empty,) * (width - len(row)) for row in filled)
    head_rows = next((at for at, head in enumerate(heads) if not head), len(heads))
    if head_rows == len(heads) and head_rows > 1 and not any(in_head for _, in_head in rows):
        head_rows = 1
    return Grid(rows_, width, head_rows, caption)


def _row(element: Element, in_head: bool, spans: dict[int, tuple[int, Cell]]) -> tuple[Cell, ...]:
    """One row's cells in their columns; `spans` carries what hangs down from the rows above."""
    row: dict[int, Cell] = {}
    for column, (left, cell) in list(spans.items()):
        row[column] = cell
        if left <= 1:
            del spans[column]
        else:
            spans[column] = (left - 1, cell)
    column = 0
    for child in element:
        role = child.get("role")
        if child.tag not in ("td", "th") and role not in (
            "cell",
            "gridcell",
            "columnheader",
            "rowheader",
        ):
            continue
        while column in row:
            column += 1
        head = in_head or child.tag == "th" or role in ("columnheader", "rowheader")
        cell = _cell(child, head)
        down = _span(child, "rowspan")
        for _ in range(_span(child, "colspan")):
            row[column] = cell
            if down > 1:
                spans[column] = (down - 1, cell)
            column += 1
    width = max(row, default=-1) + 1
    return tuple(row.get(at, Cell("")) for at in range(width))


def _span(cell: Element, name: str) -> int:
    try:
        span = int((cell.get(name) or "1").strip("{} "))
    except ValueError:
        return 1
    if span == 0 and name == "rowspan":
        return _MAX_SPAN
    return min(max(span, 1), _MAX_SPAN)


def _cell(element: Element, head: bool = False) -> Cell:
    if len(element) == 0:
        return Cell(_tidy((element.text or "").replace("\n", " ")), head)
    parts: list[str] = []
    struck: list[str] = []
    refs: list[str] = []
    _gather(element, parts, struck, refs)
    return Cell(_tidy("".join(parts)), head, _tidy(" ".join(struck)), tuple(refs))


def _gather(element: Element, parts: list[str], struck: list[str], refs: list[str]) -> None:
    """The visible text of an element into `parts`, lines kept."""
    parts.append((element.text or "").replace("\n", " "))
    for child in element:
        tag = child.tag if isinstance(child.tag, str) else ""
        if tag in ("sup", "sub") and _is_mark(child):
            refs.append("".join(child.itertext()).strip())
        elif tag in ("del", "s", "strike") or _STRUCK_STYLE.search(child.get("style") or ""):
            struck.append("".join(child.itertext()))
        elif tag == "br":
            parts.append("\n")
        elif tag == "img":
            parts.append(child.get("alt") or "")
        elif tag and (tag not in _SILENT or tag in ("button", "pre")) and not _hides(child):
            loose = tag in ("p", "div", "li") and bool("".join(parts).strip())
            block = loose or (tag not in _INLINE and tag not in ("button", "p", "div"))
            if block:
                parts.append("\n")
            _gather(child, parts, struck, refs)
            if block or tag in ("p", "div", "li"):
                parts.append("\n")
        parts.append((child.tail or "").replace("\n", " "))


# ── marks of what a thing is ─────────────────────────────────────────────────────────────────


def _hides(element: Element) -> bool:
    """Not on screen as served."""
    if element.get("hidden") is not None and element.get("hidden") != "false":
        return True
    style = element.get("style")
    if style and _NO_DISPLAY.search(style):
        return True
    classes = element.get("class")
    if not classes or not _HIDDEN_CLASSES.intersection(names := classes.split()):
        return False
    # `hidden md:block` is hidden on small screens only.
    return not any(":" in name or name.startswith(("d-md", "d-lg", "d-sm")) for name in names)


def _is_mark(element: Element) -> bool:
    """A footnote's mark, not the decimals of a price (`$9<sup>.99</sup>`) or a word."""
    text = "".join(element.itertext()).strip()
    return len(text) <= 6 and not text.startswith((".", ",")) and not text.isalpha()


def _aria_heading(element: Element) -> int:
    if element.get("role") != "heading":
        return 0
    level = element.get("aria-level") or "2"
    return int(level) if level.isdigit() and 1 <= int(level) <= 6 else 2


def _tab_labels(top: Element) -> dict[str, str]:
    """Texts of the tabs by the id of the pane they control and by their own id."""
    labels: dict[str, str] = {}
    for tab in top.iter("button", "a", "li", "div", "span", "label"):
        if tab.get("role") != "tab" and tab.get("aria-controls") is None:
            continue
        text = _tidy(" ".join(tab.itertext()))
        if text and len(text) < 60:
            for key in (tab.get("aria-controls"), tab.get("id")):
                if key:
                    labels[key] = text
    return labels


def _pane(element: Element, tag: str, labels: dict[str, str]) -> Pane | None:
    if tag in _HEADINGS or tag in ("li", "tr", "td", "th", "body", "p", "a"):
        return None
    group = _pane_group(element, tag)
    if not group:
        return None
    names = tuple(_pane_label(member, labels) for member in group)
    label = names[group.index(element)]
    if not label or not all(names) or len(set(names)) != len(names):
        return None
    return Pane(label, names)


def _pane_group(element: Element, tag: str) -> list[Element]:
    """The panes of the switcher that this element is a pane of; empty where it is none."""
    parent = element.getparent()
    if parent is None:
        return []
    if element.get("role") == "tabpanel":
        return [child for child in parent if child.get("role") == "tabpanel"]
    if tag in _PANE_TAGS:
        return [child for child in parent if child.tag == tag]
    if element.get("hidden") is None and not _alternates_hidden(element):
        return []
    shape = _shape(element)
    group = [child for child in parent if child.tag == element.tag and _shape(child) == shape]
    return group if len(group) > 1 else []


def _alternates_hidden(element: Element) -> bool:
    """Stands beside a hidden twin."""
    for step in (element.getnext(), element.getprevious()):
        if step is not None and step.tag == element.tag and step.get("hidden") is not None:
            return True
    return False


def _shape(element: Element) -> frozenset[str]:
    """Names of the attributes that a pane has in common with its siblings."""
    return frozenset(
        name
        for name in map(str, element.attrib)
        if name not in ("hidden", "style", "class", "tabindex") and not name.startswith("aria-")
    )


def _pane_label(pane: Element, labels: dict[str, str]) -> str:
    for key in (pane.get("aria-labelledby"), pane.get("id")):
        if key and key in labels:
            return labels[key]
    for name in _LABEL_ATTRIBUTES[:3]:
        if pane.get(name):
            return _tidy(pane.get(name) or "")
    first = next((child for child in pane if isinstance(child.tag, str)), None)
    if first is not None and _hides(first):
        text = _tidy(" ".join(first.itertext()))
        if text and len(text.split()) <= 5:
            return text
    for name in _LABEL_ATTRIBUTES[3:]:
        if pane.get(name):
            return _tidy((pane.get(name) or "").replace("-", " ").replace("_", " "))
    return ""


def _embedded(root: Element) -> Iterator[Table]:
    """The price lists that the page's scripts carry."""
    flight: list[str] = []
    for script in root.iter("script"):
        text = script.text or ""
        kind = (script.get("type") or "").lower()
        if "__next_f" in text:
            flight.append(text)
        elif kind.endswith("json"):
            for grid in json_grids(kind, text):
                yield Table(embedded=True, grid=grid)
    if markup := flight_html(flight):
        for block in _Walker(document_fromstring(markup)).document().blocks:
            if isinstance(block, Table):
                yield replace(block, embedded=True)


def _tidy(text: str) -> str:
    """White space folded within lines, empty lines and invisible characters dropped."""
    if "\u00ad" in text or any(ord(c) > 0x200A for c in text):
        text = _INVISIBLE.sub("", text)
    text = _SPACE.sub(" ", text)
    if "\n" not in text:
        return text.strip()
    return "\n".join(line.strip() for line in text.split("\n") if line.strip())
