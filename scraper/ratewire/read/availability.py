"""Whether a product can be used, as tables say it: deprecations, lists of models, remarks beside
a name, a heading over all.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from ratewire.model import Availability, Conditions, Evidence, Stage, StatedDate, marks_of
from ratewire.read.dates import find_dates, read_date, without_bound
from ratewire.read.document import Cell, Table, Text
from ratewire.read.lexicon import fold, joint_lexicon, lexicon, slug
from ratewire.read.lines import row_line
from ratewire.read.names import Label, read_label
from ratewire.read.page import PageContext
from ratewire.read.quantities import find_amounts
from ratewire.read.stage_regions import by_region, region_stages
from ratewire.read.stage_words import ENDING, stage_of_cell, stage_of_heading
from ratewire.read.stages import successor

__all__ = ["merge_availability", "read_availability"]

_BRACKETED = re.compile(r"\s*[(（\[].*?[)）\]]")
_COLUMN_RULE = "table: stage column"
_OR = re.compile(r"\s+(?:or|oder|o)\s+|または|或")
_ID = re.compile(r"[\w.:/@-]*\d[\w.:/@-]*")
"""A model's id, which stands for a product of its own on a line of its own."""


def read_availability(at: int, page: PageContext) -> Iterator[Availability]:
    """The stages that the table at block `at` states, by a column or beside a name."""
    table = page.document.blocks[at]
    assert isinstance(table, Table)
    roles = _roles(table)
    if not roles:
        return
    if "stage" in roles or "shutdown" in roles:
        yield from _from_columns(at, table, roles, page)
    elif matrix := list(region_stages(_heads(table), _body(table), table.headings, page)):
        yield from matrix
    else:
        yield from _from_heading(table, roles, page)
        yield from _from_labels(table, page)


def _roles(table: Table) -> tuple[str, ...]:
    if not table.grid.rows:
        return ()
    roles = [_role(_BRACKETED.sub("", cell.line)) for cell in _heads(table)]
    if "product" not in roles and roles:
        first = next((i for i, role in enumerate(roles) if role in ("", "version")), None)
        if first is not None:
            roles[first] = "product"
    return tuple(roles)


def _heads(table: Table) -> tuple[Cell, ...]:
    return table.grid.rows[max(table.grid.head_rows - 1, 0)]


def _role(head: str) -> str:
    """What a column is by its head, `earliest shutdown` and `Kestrel GA` among them."""
    kinds, life = lexicon("column"), lexicon("life")
    bare = without_bound(head)
    name, _, rest = head.partition(" ")
    after_a_name = life.exactly(rest) if name[:1].isupper() else ""
    return kinds.exactly(head) or kinds.exactly(bare) or life.exactly(head) or after_a_name


def _from_columns(
    at: int, table: Table, roles: Sequence[str], page: PageContext
) -> Iterator[Availability]:
    if "product" not in roles:
        return
    announced, announcement = _announced_above(at, page)
    named = Counter(row[roles.index("product")].line for row in _body(table))
    repeated = frozenset(slug(name) for name, times in named.items() if times > 1)
    says_ending = _says_ending(at, table, page)
    heads = tuple(head.line for head in _heads(table))
    for row in _body(table):
        cells = {role: row[column] for column, role in reversed(list(enumerate(roles))) if role}
        free = [row[column].line for column, role in enumerate(roles) if not role]
        shutdown, not_before = _last_end(row, roles, heads)
        replacement = _replacement(cells.get("replacement"), free, page)
        own = _day(cells.get("announced"))
        told_on = own or announced
        stated = stage_of_cell(cells["stage"].line) if "stage" in cells else None
        if stated is None and (shutdown or not_before):
            begun = told_on is not None and told_on.is_over(page.day)
            ending = begun or (own is None and (says_ending or bool(replacement)))
            stated = _planned(cells, shutdown, page, ending=ending)
        for label in _labels(cells["product"].text, page):
            stage = label.stage or stated
            if stage is None:
                continue
            for product, name in zip(label.products, label.names, strict=True):
                if product and not _is_stage(name):
                    found = Availability(
                        product=product,
                        stage=stage,
                        announced_on=told_on if stage in ENDING else None,
                        shutdown_on=shutdown,
                        shutdown_not_before=not_before,
                        replacement=replacement,
                        exceptions=label.exceptions,
                        regions=_regions(cells.get("region")),
                        conditions=_version(cells, product, repeated),
                        label=name,
                        evidence=_evidence(
                            row_line(row),
                            table.headings,
                            name,
                            _COLUMN_RULE,
                            () if own else (announcement,),
                        ),
                    )
                    yield from by_region(found, cells["stage"].text if "stage" in cells else "")


def _is_stage(name: str) -> bool:
    return bool(joint_lexicon("stage", "stage_column").exactly(name))


def _planned(
    cells: Mapping[str, Cell], shutdown: StatedDate | None, page: PageContext, *, ending: bool
) -> Stage:
    """The stage of a row that states dates and no stage: an end that is planned from the first day
    is no deprecation, one that the page announces is.
    """
    if shutdown and shutdown.is_over(page.day):
        return Stage.RETIRED
    if shutdown and ending:
        return Stage.DEPRECATED
    released, preview = (_day(cells.get(role)) for role in ("released", "preview_since"))
    if released is None or released.first <= page.day:
        return Stage.AVAILABLE
    return Stage.PREVIEW if preview and preview.first <= page.day else Stage.ANNOUNCED


def _says_ending(at: int, table: Table, page: PageContext) -> bool:
    """Whether the table is one of products that end, by its headings from the nearest outwards, the
    page's title, or what is written right above it.
    """
    above = page.document.blocks[at - 1] if at else None
    note = above.text if isinstance(above, Text) and above.headings == table.headings else ""
    texts = [table.grid.caption, *(pane.label for pane in table.panes[::-1]), *table.headings[::-1]]
    for text in (*texts, page.document.title, " ".join(note.split()[:40])):
        folded = fold(text)
        if lexicon("ending", "plan").search(folded):
            return False
        if lexicon("ending", "words").search(folded):
            return True
    return False


def _body(table: Table) -> tuple[tuple[Cell, ...], ...]:
    return table.grid.rows[table.grid.head_rows or 1 :]


def _version(cells: Mapping[str, Cell], product: str, repeated: frozenset[str]) -> Conditions:
    """A product that has a row for each of its versions is told apart by them."""
    cell = cells.get("version")
    if cell is None or product not in repeated or not cell.line:
        return Conditions()
    return Conditions.of(version=slug(cell.line))


def _labels(text: str, page: PageContext) -> list[Label]:
    """The products of one cell; ids on lines of their own are a product each."""
    lines = [line for line in text.split("\n") if line.strip()]
    each = lines if all(_ID.fullmatch(line.strip()) for line in lines) else [text]
    return [read_label(line, page.aliases, page.day) for line in each]


def _regions(cell: Cell | None) -> tuple[str, ...]:
    if cell is None or not cell.line:
        return ()
    return tuple(sorted({part.strip() for part in re.split(r"[,;/、，\n]", cell.text)} - {""}))


def _announced_above(at: int, page: PageContext) -> tuple[StatedDate | None, str]:
    """The day that a heading begins with, or that a sentence above the table announces on; and
    that heading or text.
    """
    here = page.document.blocks[at]
    for heading in reversed(here.headings):
        days = find_dates(heading)
        if days and days[0].start <= 2:
            return days[0].stated, heading
    for block in page.document.blocks[max(0, at - 3) : at][::-1]:
        if not isinstance(block, Text) or block.headings != here.headings:
            break
        if lexicon("succession", "announces").search(fold(block.text)):
            days = find_dates(block.text, near=page.day)
            return (days[0].stated, block.text) if days and days[0].date <= page.day else (None, "")
    return None, ""


def _replacement(cell: Cell | None, free: Sequence[str], page: PageContext) -> str:
    """What follows the product: the column for it says so, or a sentence in another cell."""
    if cell is not None and not lexicon("succession", "phrase").search(fold(cell.line)):
        first = _OR.split(cell.text)[0]
        named = read_label(first, page.aliases, page.day).products
        told = [product for product in named if any(char.isalnum() for char in product)]
        return told[0] if told and told[0] not in ("n-a", "none", "na", "tbd") else ""
    texts = [*([cell.line] if cell else []), *free]
    return next((found for text in texts if (found := successor(text, page))), "")


def _from_labels(table: Table, page: PageContext) -> Iterator[Availability]:
    """Stages in remarks beside the names in the first columns."""
    heads = table.grid.rows[: table.grid.head_rows]
    cells = [cell for row in heads for cell in row[1:]]
    cells += [row[0] for row in table.grid.rows[table.grid.head_rows :]]
    for cell in dict.fromkeys(cells):
        if not re.search(r"[(\[（\n]", cell.text):
            continue
        label = read_label(cell.text, page.aliases, page.day)
        if label.stage is None:
            continue
        for product, name in zip(label.products, label.names, strict=True):
            if product and not name[:1].isdigit() and not _is_stage(name):
                yield Availability(
                    product=product,
                    stage=label.stage,
                    exceptions=label.exceptions,
                    label=name,
                    evidence=_evidence(cell.line, table.headings, name, "table: remark"),
                )


def _from_heading(table: Table, roles: Sequence[str], page: PageContext) -> Iterator[Availability]:
    """Under `Deprecated models` all that the first column names is deprecated."""
    stage = stage_of_heading(table.headings[-1] if table.headings else "")
    if stage is None:
        return
    column = roles.index("product") if "product" in roles else 0
    replaced = roles.index("replacement") if "replacement" in roles else None
    for row in table.grid.rows[table.grid.head_rows or 1 :]:
        for label in _labels(row[column].text, page):
            for product, name in zip(label.products, label.names, strict=True):
                if any(char.isdigit() for char in name) and not find_amounts(name):
                    yield Availability(
                        product=product,
                        stage=label.stage or stage,
                        replacement=_replacement(
                            row[replaced] if replaced is not None else None, (), page
                        ),
                        exceptions=label.exceptions,
                        label=name,
                        evidence=_evidence(
                            row_line(row),
                            table.headings,
                            name,
                            "table: stage in its heading",
                            table.headings[-1:],
                        ),
                    )


def merge_availability(found: Iterable[Availability]) -> tuple[Availability, ...]:
    """One for each product: a column's word over a remark's, a later stage over an earlier."""
    order = list(Stage)
    best: dict[tuple[str, ...], Availability] = {}
    for each in found:
        held = best.get(each.identity)
        if held is None:
            best[each.identity] = each
            continue
        first, second = sorted(
            (held, each),
            key=lambda one: (-order.index(one.stage), one.evidence.rules[0] != _COLUMN_RULE),
        )
        lines = dict.fromkeys((*first.evidence.lines, *second.evidence.lines))
        best[each.identity] = replace(
            first,
            evidence=replace(first.evidence, lines=tuple(lines)),
            announced_on=first.announced_on or second.announced_on,
            shutdown_on=first.shutdown_on or second.shutdown_on,
            shutdown_not_before=_bound(first, second),
            replacement=first.replacement or second.replacement,
            exceptions=first.exceptions or second.exceptions,
        )
    return tuple(best[key] for key in sorted(best))


def _bound(first: Availability, second: Availability) -> StatedDate | None:
    """A day on which it stops is more than one before which it does not."""
    if first.shutdown_on or second.shutdown_on:
        return None
    return first.shutdown_not_before or second.shutdown_not_before


def _day(cell: Cell | None) -> StatedDate | None:
    """The date of a cell; a lower bound is none."""
    stated, is_bound = read_date(cell.line) if cell else (None, False)
    return None if is_bound else stated


def _last_end(
    row: Sequence[Cell], roles: Sequence[str], heads: Sequence[str]
) -> tuple[StatedDate | None, StatedDate | None]:
    """(when it stops, before when it does not): of several ends of support the last."""
    ends = [_end(row[at], heads[at]) for at, role in enumerate(roles) if role == "shutdown"]
    dated = ((stated.first, end) for end in ends for stated in end if stated)
    return max(dated, key=lambda pair: pair[0], default=(None, (None, None)))[1]


def _end(cell: Cell | None, head: str) -> tuple[StatedDate | None, StatedDate | None]:
    """(when it stops, before when it does not)."""
    stated, is_bound = read_date(cell.line) if cell else (None, False)
    is_bound = is_bound or without_bound(head) != head
    return (None, stated) if is_bound else (stated, None)


def _evidence(
    line: str, headings: Sequence[str], name: str, rule: str, above: Sequence[str] = ()
) -> Evidence:
    """`above`: what stands over the line and says a part of it."""
    where = " › ".join((*headings[-2:], name))
    return Evidence(line[:240], where, (rule,), marks_of((line, *above)))
