"""Tables of every make to a `Grid`: `table`, ARIA roles, and siblings that are laid out as one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ratewire.errors import ReadError
from ratewire.read.bounds import LONGEST_HEADING, LONGEST_TEXT, parts
from ratewire.read.document import Cell, Grid, Table, Text
from ratewire.read.fences import spaced_rows
from ratewire.read.flattened import with_hanging_cells
from ratewire.read.markup import HEADINGS, INLINE, Element, gather, tidy
from ratewire.read.meters import read_heading
from ratewire.read.quantities import find_amounts, read_cell
from ratewire.read.rows import MarkupRow, Rows
from ratewire.read.unit_labels import says_more

__all__ = ["is_table", "joined_heads", "laid_out_grid", "short_pair", "spaced_grid",
           "table_grid"]  # fmt: skip

_MAX_SPAN = 1000
_MAX_CELLS = 2_000_000
_MAX_FILLED = 250
"""Cells that one printed cell may fill by its spans, on the average of a large table."""
_LARGE = 20_000
_MAX_ROWS = 20_000
"""No price list is longer; a longer table is refused before its cells take memory."""
_CONTAINERS = frozenset({"div", "ul", "ol", "section", "article"})
_LONGEST_CELL = 12
"""Words; siblings with longer texts are paragraphs, not cells."""
_WIDEST = 12
_LARGEST_CELL = 30
"""Elements in one cell."""
_LONGEST_PRICE = 40
"""Characters of an attribute."""
_DITTO = frozenset({":::", "^^", "〃"})
_NAME_PART = re.compile(r"[^\W_]+")
_STRUCTURE = frozenset({"ul", "ol", "table", "li", "dl"})


def is_table(element: Element, tag: str) -> bool:
    """A table of data; one that holds others only lays the page out, unless it has heads."""
    if tag == "table":
        return element.find(".//table") is None or _has_heads(element)
    return element.get("role") in ("table", "grid", "treegrid")


def _has_heads(table: Element) -> bool:
    """A heading cell of its own, in a row of several."""
    if table.get("role") in ("presentation", "none"):
        return False
    for row in (*table.findall("tr"), *table.findall("*/tr")):
        cells = [child for child in row if child.tag in ("td", "th")]
        if len(cells) > 1 and all(child.tag == "th" for child in cells):
            return all(child.find(".//table") is None for child in cells)
    return False


def table_grid(table: Rows) -> Grid:
    """The cells of a table with all spans filled in; what is too long for a cell strays from it.

    Raises ReadError where there are more cells than any price list has.
    """
    caption = " ".join(filter(None, (cell(each).line for each in table.captions)))[:LONGEST_TEXT]
    rows = table.rows
    if len(rows) > _MAX_ROWS:
        raise ReadError(f"a table of {len(rows):,} rows is not read; {_MAX_ROWS:,} is the most")
    filled: list[tuple[Cell, ...]] = []
    spans: dict[int, tuple[int, Cell]] = {}
    heads: list[bool] = []
    cells = width = printed = 0
    for at, each in enumerate(rows):
        if at and each.group is not rows[at - 1].group:
            spans.clear()
        row = _row(each, spans, table.strays)
        if not row:
            continue
        filled.append(row)
        heads.append(each.in_head or all(one.head for one in row))
        width = max(width, len(row))
        cells += len(row)
        printed += len(each.cells)
        filling = max(cells, width * len(filled))
        if filling > _MAX_CELLS:
            raise ReadError(f"a table of more than {_MAX_CELLS:,} cells is not read")
        if filling > _LARGE + _MAX_FILLED * printed:
            raise ReadError(f"a table whose {printed:,} cells span {filling:,} is not read")
    filled, width = _across(_with_dittos(filled), width)
    empty = Cell("")
    full = tuple(
        row if len(row) == width else row + (empty,) * (width - len(row)) for row in filled
    )
    head_rows = next((at for at, head in enumerate(heads) if not head), len(heads))
    if head_rows == len(heads) and head_rows > 1 and not any(each.in_head for each in rows):
        head_rows = 1
    reach = tuple(map(len, filled))
    full = with_hanging_cells(full, reach, head_rows)
    reach = reach if min(reach, default=width) < width else ()
    return _unfolded(Grid(full, width, head_rows, caption, reach))


def _unfolded(grid: Grid) -> Grid:
    """A long table that is set in strips side by side, `kg | Price | kg | Price`, as one."""
    if grid.head_rows != 1:
        return grid
    heads = [each.line for each in grid.rows[0]]
    for width in range(2, grid.width // 2 + 1):
        strip = heads[:width]
        if grid.width % width or len(set(strip)) < width or not all(strip):
            continue
        if strip * (grid.width // width) == heads:
            starts = range(0, grid.width, width)
            body = (row[at : at + width] for at in starts for row in grid.rows[1:])
            rows = (grid.rows[0][:width], *(row for row in body if any(c.line for c in row)))
            return Grid(rows, width, 1, grid.caption)
    return grid


def _across(rows: list[tuple[Cell, ...]], width: int) -> tuple[list[tuple[Cell, ...]], int]:
    """The rows with those of one cell no wider than the others: a span of 8 over 7 columns is one
    over 7.
    """
    several = max((len(row) for row in rows if row[0] is not row[-1]), default=width)
    return [row[:several] if row[0] is row[-1] else row for row in rows], several


def _row(
    printed: MarkupRow, spans: dict[int, tuple[int, Cell]], strays: list[Element | str]
) -> tuple[Cell, ...]:
    """One row's cells in their columns; `spans` carries what hangs down from the rows above."""
    row: dict[int, Cell] = {}
    for column, (left, hanging) in list(spans.items()):
        row[column] = hanging
        if left <= 1:
            del spans[column]
        else:
            spans[column] = (left - 1, hanging)
    column = 0
    for child in printed.cells:
        while column in row:
            column += 1
        is_head = child.tag == "th" or child.get("role") in ("columnheader", "rowheader")
        head = printed.in_head or is_head
        filled = _bounded(cell(child, head), strays)
        down = _span(child, "rowspan")
        for _ in range(_span(child, "colspan")):
            row[column] = filled
            if down > 1:
                spans[column] = (down - 1, filled)
            column += 1
        if column > _MAX_CELLS:
            raise ReadError(f"a table of more than {_MAX_CELLS:,} cells is not read")
    width = max(row, default=-1) + 1
    return tuple(row[at] if at in row else Cell("") for at in range(width))


def _with_dittos(rows: Sequence[tuple[Cell, ...]]) -> list[tuple[Cell, ...]]:
    """The rows with the cell above in place of each mark that says so: `:::`, `^^`, `〃`."""
    filled: list[tuple[Cell, ...]] = []
    for row in rows:
        above = filled[-1] if filled else ()
        marked = any(each.line in _DITTO for each in row)
        filled.append(tuple(map(_or_above, row, above + row[len(above) :])) if marked else row)
    return filled


def _or_above(each: Cell, above: Cell) -> Cell:
    return above if each.line in _DITTO else each


def _bounded(whole: Cell, strays: list[Element | str]) -> Cell:
    if len(whole.text) <= LONGEST_TEXT and len(whole.struck) <= LONGEST_TEXT:
        return whole
    text, *rest = *parts(whole.text), ""
    strays += filter(None, rest)
    return replace(whole, text=text, struck=whole.struck[:LONGEST_TEXT])


def _span(element: Element, name: str) -> int:
    stated = element.get(name) or element.get(f"aria-{name}")
    if not stated:
        return 1
    try:
        span = int(stated.strip("{} ")[:9])
    except ValueError:
        return 1
    if span == 0 and name == "rowspan":
        return _MAX_SPAN
    return min(max(span, 1), _MAX_SPAN)


def cell(element: Element, head: bool = False) -> Cell:
    """One cell's visible text, what is struck out in it and the marks of its footnotes."""
    if len(element) == 0:
        text = tidy((element.text or "").replace("\n", " "))
        return Cell(text or _drawn(element), head)
    parts: list[str] = []
    struck: list[str] = []
    refs: list[str] = []
    gather(element, parts, struck, refs)
    return Cell(tidy("".join(parts)), head, tidy(" ".join(struck)), tuple(refs))


def _drawn(element: Element) -> str:
    """The prices that a script is to draw in an empty cell, from its attributes; one a line:
    `<td east-monthly="$0.026" west-monthly="$0.023">`.
    """
    found = [
        (" ".join(_NAME_PART.findall(name.removeprefix("data-"))), value.strip())
        for name, value in zip(map(str, element.keys()), map(str, element.values()), strict=True)
        if len(value) <= _LONGEST_PRICE and name not in ("class", "id", "style")
    ]
    prices = [(name, value) for name, value in found if _is_price(value)]
    if len(prices) == 1:
        return prices[0][1]
    return "\n".join(f"{name} {value}" for name, value in prices)


def _is_price(value: str) -> bool:
    amounts = find_amounts(value)
    return len(amounts) == 1 and bool(amounts[0].currency) and amounts[0].start == 0


def joined_heads(blocks: Iterable[Text | Table]) -> Iterator[Text | Table]:
    """A table that is all head belongs to the next one of its width (sticky-head widgets)."""
    waiting: list[Text | Table] = []
    for block in blocks:
        head, fresh = waiting[0] if waiting else None, block
        if isinstance(head, Table) and isinstance(block, Table):
            joined = _joined(head, block)
            yield from waiting[1:] if joined else waiting
            waiting, fresh = [], joined or block
        if waiting or (isinstance(fresh, Table) and _is_all_head(fresh.grid)):
            waiting.append(fresh)
        else:
            yield fresh
    yield from waiting


def _joined(head: Table, table: Table) -> Table | None:
    """The table below a head of its own; None where it is not that head's."""
    grid = table.grid
    if head.grid.width != grid.width or grid.head_rows:
        return None
    rows = head.grid.rows + grid.rows
    joined = replace(grid, rows=rows, head_rows=len(head.grid.rows), reach=_reach(head, grid))
    return replace(table, grid=joined)


def _reach(head: Table, grid: Grid) -> tuple[int, ...]:
    if not grid.reach:
        return ()
    return (head.grid.reach or (grid.width,) * len(head.grid.rows)) + grid.reach


def _is_all_head(grid: Grid) -> bool:
    return 0 < len(grid.rows) <= 2 and all(each.head for row in grid.rows for each in row)


# ── tables that are not marked as such ───────────────────────────────────────────────────────


def laid_out_grid(element: Element, tag: str) -> Grid | None:
    """Siblings of one make that read as a price list: a row of headings, then rows with money.

    `<div><div><p>Model</p><p>Input</p></div><div><p>kite-1</p><p>$2</p></div>…</div>`, also where
    the head stands apart from the rows, or all cells are siblings.
    """
    if tag not in _CONTAINERS or len(element) < 2:
        return None
    for rows in (_sibling_rows(element), _rows_below_head(element), _flowing_rows(element)):
        if rows and (grid := _priced(rows)):
            return grid
    return _columns_of_lists(element)


def _columns_of_lists(element: Element) -> Grid | None:
    """Lists side by side, the first of names and the others of their prices, a heading over each or
    over none: `Weight: 0–1 kg, 1–2 kg | Price: $5, $7`.
    """
    columns = [_list_of(child) for child in _children(element)]
    if not 2 <= len(columns) <= _WIDEST or not all(columns):
        return None
    heads = [cell(each[0], True) if each else Cell("", True) for each, _ in filter(None, columns)]
    lists = [[cell(item) for item in items] for _, items in filter(None, columns)]
    named = (*heads, *lists[0])
    if len(set(map(len, lists))) > 1 or any(find_amounts(each.text) for each in named):
        return None
    if not all(find_amounts(each.text) for column in lists[1:] for each in column):
        return None
    if not all(each.line for each in lists[0]):
        return None
    rows = tuple(zip(*lists, strict=True))
    headed = any(each.line for each in heads)
    return Grid((tuple(heads), *rows) if headed else rows, len(lists), int(headed))


def _list_of(element: Element) -> tuple[list[Element], list[Element]] | None:
    """The heading (none or one) and the items of an element that is a list, or holds but that."""
    parts = [element] if element.tag in ("ul", "ol") else _children(element)
    if not parts or parts[-1].tag not in ("ul", "ol") or len(parts) > 2:
        return None
    items = _children(parts[-1])
    if len(items) < 2 or any(item.tag != "li" for item in items):
        return None
    return None if any(map(_is_structure, items)) else (parts[:-1], items)


def _children(element: Element) -> list[Element]:
    return [child for child in element if isinstance(child.tag, str)]


def _sibling_rows(element: Element) -> list[list[Element]]:
    """Each child a row of as many cells as the others."""
    return _even([_children(child) for child in element if isinstance(child.tag, str)])


def _rows_below_head(element: Element) -> list[list[Element]]:
    """Two children: the head, and what holds the rows."""
    parts = _children(element)
    if len(parts) != 2 or len(parts[1]) < 1:
        return []
    top = _children(parts[0])
    head = _children(top[0]) if len(top) == 1 else top
    return _even([head, *(_children(row) for row in _children(parts[1]))])


def _even(rows: list[list[Element]]) -> list[list[Element]]:
    if len(rows) < 2 or not 2 <= len(rows[0]) <= _WIDEST:
        return []
    return rows if all(len(row) == len(rows[0]) for row in rows) else []


def _flowing_rows(element: Element) -> list[list[Element]]:
    """All cells are siblings and a style sheet breaks them into rows."""
    cells = _children(element)
    if len(cells) < 6 or len({child.tag for child in cells}) > 1:
        return []
    if any(map(_is_structure, cells)):
        return []
    money = [at for at, child in enumerate(cells) if find_amounts(cell(child).text)]
    for width in range(2, min(_WIDEST, len(cells) // 2) + 1):
        columns = {at % width for at in money}
        full = len(cells) % width == 0 and money and 0 not in columns and money[0] >= width
        if full and len(money) == len(columns) * (len(cells) // width - 1):
            return [cells[at : at + width] for at in range(0, len(cells), width)]
    return []


def _priced(rows: Sequence[Sequence[Element]]) -> Grid | None:
    """The rows as a grid, if the first names what the others price."""
    if any(_is_structure(each) for row in rows for each in row):
        return None
    head = [cell(each, True) for each in rows[0]]
    if not _is_head(head):
        return None
    body = [tuple(cell(each) for each in row) for row in rows[1:]]
    if any(len(each.text) > LONGEST_TEXT for row in (head, *body) for each in row):
        return None
    if any(len(each.text.split()) > _LONGEST_CELL for row in body for each in row[:1]):
        return None
    prices = {at for row in body for at, each in enumerate(row) if find_amounts(each.text)}
    if not prices or 0 in prices:
        return None
    told = any(read_heading(head[at].line).says_something for at in prices)
    if not told and not _are_filled(head, body):
        return None
    return Grid((tuple(head), *body), len(head), 1)


def _are_filled(head: Sequence[Cell], body: Sequence[Sequence[Cell]]) -> bool:
    """Several columns that hold a price or a word for one (`free`) in each row, under a head that
    holds none: no run of cards, the first of them free.
    """
    columns = zip(*([read_cell(each.text).kind for each in row] for row in body), strict=True)
    full = sum(all(kind not in ("text", "number") for kind in kinds) for kinds in columns)
    plain = all(read_cell(each.text).kind == "text" for each in head[1:])
    return full > 1 and len(body) > 1 and plain


def _is_structure(element: Element) -> bool:
    """Holds headings, lists, tables or much else, so it is no cell."""
    for number, child in enumerate(element.iter()):
        if number == 0 and child.tag == "li":
            continue  # an item of a list that is a row
        if number > _LARGEST_CELL or child.tag in HEADINGS or child.tag in _STRUCTURE:
            return True
    return False


def _is_head(cells: Sequence[Cell]) -> bool:
    texts = [each.line for each in cells]
    return (
        all(len(text.split()) <= _LONGEST_CELL and not find_amounts(text) for text in texts)
        and all(texts[1:])
        and len(set(texts)) == len(texts)
    )


def spaced_grid(text: str) -> Grid | None:
    """A table set with spaces, as preformatted text holds them."""
    rows = spaced_rows(text.split("\n"))
    if not rows:
        return None
    cells = tuple(
        tuple(Cell(tidy(text[:LONGEST_TEXT]), at == 0) for text in row)
        for at, row in enumerate(rows)
    )
    return Grid(cells, len(rows[0]), 1)


def _part_alone(first: Element, second: Element) -> bool:
    """Whether two neighbours are parts of their own, not words of one line with a space between."""
    between = first.tail or ""
    if between.strip():
        return False
    return not between or "\n" in between or first.tag not in INLINE or second.tag not in INLINE


def _without_remark(element: Element, label: str) -> str:
    """A name without what stands small below it: `Lamp<small>with bulb and cable</small>`."""
    last = element[-1] if len(element) else None
    if last is None or last.tag != "small" or (last.tail or "").strip():
        return label
    return label.removesuffix(cell(last).line).strip() or label


def short_pair(element: Element, tag: str) -> tuple[str, str] | None:
    """(label, value) of an element that is two short texts, the second of them a price."""
    if tag not in _CONTAINERS and tag != "li":
        return None
    if len(element) != 2 or (element.text or "").strip():
        return None
    first, second = element
    if (second.tail or "").strip() or not _part_alone(first, second):
        return None
    if not isinstance(first.tag, str) or first.tag in HEADINGS or first.tag in ("dt", "summary"):
        return None
    if not isinstance(second.tag, str) or _is_structure(second) or _is_structure(first):
        return None
    label, value = cell(first).line, cell(second).line
    if len(label) + len(value) > LONGEST_HEADING:
        return None
    name = _without_remark(first, label)
    if not name or len(name.split()) > 6 or not any(map(str.isalpha, name)):
        return None
    if name != label and len(label.split()) > 6:
        label = name
    if any(map(str.isdigit, label)) and first.tag in INLINE and second.tag not in INLINE:
        return None
    amounts = find_amounts(value)
    if not amounts or amounts[0].start > 0 or len(value.split()) > _LONGEST_CELL:
        return None
    if tag in ("ul", "ol") and label[0].isdigit() and says_more(value):
        return None  # `10,000 messages`, `$0.80 per additional 1,000 messages`
    joined = find_amounts(f"{label} {value}")
    if find_amounts(label) or not joined or joined[0].qualifier or joined[0].struck:
        return None
    return label, value
