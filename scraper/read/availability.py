"""Whether a product can be used, as tables say it: deprecations, lists of models, remarks beside
a name, a heading over all.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from scraper.model import Availability, Conditions, Evidence, Stage, StatedDate
from scraper.read.dates import find_dates
from scraper.read.document import Cell, Table, Text
from scraper.read.lexicon import fold, lexicon, slug
from scraper.read.names import Label, read_label
from scraper.read.page import Page
from scraper.read.quantities import find_amounts
from scraper.read.stages import successor

__all__ = ["merge_availability", "read_availability"]

_BRACKETED = re.compile(r"\s*[(（\[].*?[)）\]]")
_COLUMN_RULE = "table: stage column"
_OPEN_END = re.compile(
    r"\bnot? (?:sooner|earlier|before)|or later|at the earliest|at least|n/a|tbd|frühestens", re.I
)
_OR = re.compile(r"\s+(?:or|oder|o)\s+|または|或")
_ID = re.compile(r"[\w.:/@-]*\d[\w.:/@-]*")
"""A model's id, which stands for a product of its own on a line of its own."""


def read_availability(at: int, page: Page) -> Iterator[Availability]:
    """The stages that the table at block `at` states, by a column or beside a name."""
    table = page.document.blocks[at]
    assert isinstance(table, Table)
    roles = _roles(table)
    if "stage" in roles or "shutdown" in roles:
        yield from _from_columns(at, table, roles, page)
    else:
        yield from _from_heading(table, roles, page)
        yield from _from_labels(table, page)


def _roles(table: Table) -> tuple[str, ...]:
    if not table.grid.rows:
        return ()
    head = table.grid.rows[max(table.grid.head_rows - 1, 0)]
    kinds = lexicon("column")
    roles = [kinds.exactly(_BRACKETED.sub("", cell.line)) for cell in head]
    if "product" not in roles and roles:
        free = next((i for i, role in enumerate(roles) if not role), None)
        if free is not None:
            roles[free] = "product"
    return tuple(roles)


def _from_columns(
    at: int, table: Table, roles: Sequence[str], page: Page
) -> Iterator[Availability]:
    if "product" not in roles:
        return
    announced = _announced_above(at, page)
    named = Counter(row[roles.index("product")].line for row in _body(table))
    repeated = frozenset(slug(name) for name, times in named.items() if times > 1)
    for row in _body(table):
        cells = {role: row[column] for column, role in reversed(list(enumerate(roles))) if role}
        free = [row[column].line for column, role in enumerate(roles) if not role]
        shutdown = _day(cells.get("shutdown"))
        stated = _stage(cells.get("stage"))
        if stated is None and shutdown:
            stated = Stage.RETIRED if shutdown.is_over(page.day) else Stage.DEPRECATED
        for label in _labels(cells["product"].text, page):
            stage = label.stage or stated
            if stage is None:
                continue
            for product, name in zip(label.products, label.names, strict=True):
                if product and not lexicon("stage").exactly(name):
                    yield Availability(
                        product=product,
                        stage=stage,
                        announced_on=_day(cells.get("announced")) or announced,
                        shutdown_on=shutdown,
                        replacement=_replacement(cells.get("replacement"), free, page),
                        exceptions=label.exceptions,
                        regions=_regions(cells.get("region")),
                        conditions=_version(cells, product, repeated),
                        label=name,
                        evidence=_evidence(_row_text(row), table.headings, name, _COLUMN_RULE),
                    )


def _body(table: Table) -> tuple[tuple[Cell, ...], ...]:
    return table.grid.rows[table.grid.head_rows or 1 :]


def _version(cells: Mapping[str, Cell], product: str, repeated: frozenset[str]) -> Conditions:
    """A product that has a row for each of its versions is told apart by them."""
    cell = cells.get("version")
    if cell is None or product not in repeated or not cell.line:
        return Conditions()
    return Conditions.of(version=slug(cell.line))


def _labels(text: str, page: Page) -> list[Label]:
    """The products of one cell; ids on lines of their own are a product each."""
    lines = [line for line in text.split("\n") if line.strip()]
    each = lines if all(_ID.fullmatch(line.strip()) for line in lines) else [text]
    return [read_label(line, page.aliases, page.day) for line in each]


def _regions(cell: Cell | None) -> tuple[str, ...]:
    if cell is None or not cell.line:
        return ()
    return tuple(sorted({part.strip() for part in re.split(r"[,;/、，\n]", cell.text)} - {""}))


def _announced_above(at: int, page: Page) -> StatedDate | None:
    """The day that a heading begins with, or that a sentence above the table announces on."""
    here = page.document.blocks[at]
    for heading in reversed(here.headings):
        days = find_dates(heading)
        if days and days[0].start <= 2:
            return days[0].stated
    for block in page.document.blocks[max(0, at - 3) : at][::-1]:
        if not isinstance(block, Text) or block.headings != here.headings:
            return None
        if lexicon("succession", "announces").pattern.search(fold(block.text)):
            days = find_dates(block.text, near=page.day)
            return days[0].stated if days and days[0].date <= page.day else None
    return None


def _row_text(row: Sequence[Cell]) -> str:
    return " | ".join(cell.line for cell in dict.fromkeys(row) if cell.line)


def _replacement(cell: Cell | None, free: Sequence[str], page: Page) -> str:
    """What follows the product: the column for it says so, or a sentence in another cell."""
    if cell is not None and not lexicon("succession", "phrase").pattern.search(fold(cell.line)):
        first = _OR.split(cell.text)[0]
        named = read_label(first, page.aliases, page.day).products
        told = [product for product in named if any(char.isalnum() for char in product)]
        return told[0] if told and told[0] not in ("n-a", "none", "na", "tbd") else ""
    texts = [*([cell.line] if cell else []), *free]
    return next((found for text in texts if (found := successor(text, page))), "")


def _from_labels(table: Table, page: Page) -> Iterator[Availability]:
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
            if product and not name[:1].isdigit() and not lexicon("stage").exactly(name):
                yield Availability(
                    product=product,
                    stage=label.stage,
                    exceptions=label.exceptions,
                    label=name,
                    evidence=_evidence(cell.line, table.headings, name, "table: remark"),
                )


def _from_heading(table: Table, roles: Sequence[str], page: Page) -> Iterator[Availability]:
    """Under `Deprecated models` all that the first column names is deprecated."""
    stage = _stage_of_heading(table.headings[-1] if table.headings else "")
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
                            _row_text(row), table.headings, name, "table: stage in its heading"
                        ),
                    )


def _stage_of_heading(heading: str) -> Stage | None:
    """The stage of a heading that says nothing else: `Deprecated models`, `Retired`."""
    folded = fold(heading)
    found = lexicon("stage").find(folded)
    if len(found) != 1 or found[0][0] in ("available", "announced"):
        return None
    rest = folded[: found[0][1]] + folded[found[0][2] :]
    rest = lexicon("generic", "filler").pattern.sub(" ", rest)
    rest = re.sub(r"\b(?:versions?|products?|modelle|modelos)\b|模型|モデル|\W", "", rest)
    return Stage(found[0][0]) if not rest else None


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
        best[each.identity] = replace(
            first,
            announced_on=first.announced_on or second.announced_on,
            shutdown_on=first.shutdown_on or second.shutdown_on,
            replacement=first.replacement or second.replacement,
            exceptions=first.exceptions or second.exceptions,
        )
    return tuple(best[key] for key in sorted(best))


def _stage(cell: Cell | None) -> Stage | None:
    if cell is None or not cell.line:
        return None
    found = lexicon("stage").exactly(cell.line) or lexicon("stage").first(fold(cell.line))
    return Stage(found) if found else None


def _day(cell: Cell | None) -> StatedDate | None:
    if cell is None or _OPEN_END.search(cell.line):
        return None
    found = find_dates(cell.line)
    return found[0].stated if found else None


def _evidence(excerpt: str, headings: Sequence[str], name: str, rule: str) -> Evidence:
    return Evidence(excerpt[:240], " › ".join((*headings[-2:], name)), (rule,))
