"""Whether a product can be used: deprecation tables, model lists, remarks beside a name,
sentences that say so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from scraper.model import Availability, Evidence, Stage
from scraper.read.dates import find_dates, find_effective
from scraper.read.document import Cell, Table, Text
from scraper.read.lexicon import fold, lexicon, slug
from scraper.read.names import read_label
from scraper.read.page import Page

__all__ = ["merge_availability", "read_availability", "read_stage_sentences"]

_BRACKETED = re.compile(r"\s*[(（\[].*?[)）\]]")
_COLUMN_RULE = "table: stage column"
_OPEN_END = re.compile(
    r"not (?:sooner|earlier|before)|no earlier|at least|n/a|tbd|frühestens", re.I
)
_HEADING_DATE = re.compile(r"^\s*(\d{4}-\d{2}-\d{2})\s*[:–-]")
_CLAIM = re.compile(
    r"\b(?:is|are|was|were|has been|have been|will be|wird|wurde|está|es)\s+"
    r"(?:now\s+|currently\s+|being\s+)?",
    re.I,
)


def read_availability(at: int, page: Page) -> Iterator[Availability]:
    """The stages that the table at block `at` states, by a column or beside a name."""
    table = page.document.blocks[at]
    assert isinstance(table, Table)
    roles = _roles(table)
    if "stage" in roles or "shutdown" in roles:
        yield from _from_columns(table, roles, page)
    else:
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


def _from_columns(table: Table, roles: Sequence[str], page: Page) -> Iterator[Availability]:
    if "product" not in roles:
        return
    announced = next((found for heading in reversed(table.headings)
                      if (found := _heading_day(heading))), None)  # fmt: skip
    for row in table.grid.rows[table.grid.head_rows or 1 :]:
        cells = {role: row[column] for column, role in reversed(list(enumerate(roles))) if role}
        label = read_label(cells["product"].text, page.aliases, page.day)
        shutdown = _day(cells.get("shutdown"))
        stage = label.stage or _stage(cells.get("stage"))
        if stage is None and shutdown:
            stage = Stage.DEPRECATED if shutdown > page.day else Stage.RETIRED
        if stage is None:
            continue
        replacement = cells.get("replacement")
        substitute = read_label(replacement.text, page.aliases, page.day) if replacement else None
        for product, name in zip(label.products, label.names, strict=True):
            if product and not lexicon("stage").exactly(name):
                yield Availability(
                    product=product,
                    stage=stage,
                    announced_on=_day(cells.get("announced")) or announced,
                    shutdown_on=shutdown,
                    replacement=_replacement(substitute.products if substitute else ()),
                    exceptions=label.exceptions,
                    label=name,
                    evidence=_evidence(_row_text(row), table.headings, name, _COLUMN_RULE),
                )


def _row_text(row: Sequence[Cell]) -> str:
    return " | ".join(cell.line for cell in dict.fromkeys(row) if cell.line)


def _replacement(products: Sequence[str]) -> str:
    named = [product for product in products if any(char.isalnum() for char in product)]
    return named[0] if named and named[0] not in ("n-a", "none", "na") else ""


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


def read_stage_sentences(
    at: int, page: Page, known: Iterable[tuple[str, str]]
) -> Iterator[Availability]:
    """Stages that a sentence states of a product known on the page: `X is deprecated`.

    `known`: (label, product id) of the page's own products.
    """
    block = page.document.blocks[at]
    assert isinstance(block, Text)
    if (
        block.hidden
        or len(block.text) > 600
        or not lexicon("stage").pattern.search(fold(block.text))
    ):
        return
    for sentence in re.split(r"(?<=[.!?。])\s+|\n", block.text):
        claim = _CLAIM.search(sentence)
        if not claim or len(sentence.split()) > 40:
            continue
        subject, said = sentence[: claim.start()], fold(sentence[claim.end() :])
        match = lexicon("stage").pattern.match(said)
        if not match or re.search(
            r"\b(if|when|once|unless|no longer|not|wenn|si)\b", fold(subject)
        ):
            continue
        stage = Stage(lexicon("stage").first(match.group()))
        product = _sole_product(subject, known)
        if product:
            effective = find_effective(sentence, page.day)
            days = find_dates(sentence, near=page.day)
            shutdown = days[0].date if days and stage in (Stage.DEPRECATED, Stage.RETIRED) else None
            yield Availability(
                product=product[1],
                stage=stage,
                label=product[0],
                shutdown_on=(effective.effective_to if effective else None) or shutdown,
                evidence=_evidence(
                    " ".join(sentence.split())[:240], block.headings, product[0], "prose: stage"
                ),
            )


def _sole_product(subject: str, known: Iterable[tuple[str, str]]) -> tuple[str, str] | None:
    """The one product that a sentence's subject is; None: it is about something else as well."""
    words = slug(re.sub(r"^(the|all|our)\s+", "", subject.strip(" *_`,:"), flags=re.I))
    words = re.sub(r"-(model|models|api|machines?)$", "", words)
    return next(
        ((label, product) for label, product in known if words in (slug(label), product)), None
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


def _day(cell: Cell | None) -> date | None:
    if cell is None or _OPEN_END.search(cell.line):
        return None
    found = find_dates(cell.line)
    return found[0].date if found else None


def _heading_day(heading: str) -> date | None:
    match = _HEADING_DATE.match(heading)
    try:
        return date.fromisoformat(match.group(1)) if match else None
    except ValueError:
        return None


def _evidence(excerpt: str, headings: Sequence[str], name: str, rule: str) -> Evidence:
    return Evidence(excerpt[:240], " › ".join((*headings[-2:], name)), (rule,))
