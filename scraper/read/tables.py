"""Tables to rates, as a person reads them. No table is known beforehand.

`layout.py` says which way a table runs and what its columns hold, `labels.py` what the labels of
a row say, `cells.py` which figures a cell holds; here they come together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import takewhile
from sys import intern
from types import MappingProxyType

from scraper.model import PERIODS, Evidence, Unit
from scraper.read.cells import (
    Figure,
    cell_figures,
    common_unit,
    holds_money,
    is_free,
    is_nothing,
    is_price,
    unnamed_meters,
)
from scraper.read.continued import with_heads
from scraper.read.document import Cell, Table
from scraper.read.drafts import Draft, Standing
from scraper.read.effective import effective_of_figure
from scraper.read.figures import Spot
from scraper.read.labels import Labels, continuation, read_labels
from scraper.read.layout import (
    Frame,
    banner,
    fresh_heads,
    heading_meter,
    is_priced,
    lay_out,
    row_takes_numbers,
)
from scraper.read.lexicon import fold, lexicon, slug, unbracketed
from scraper.read.meters import (
    Metered,
    is_measure,
    is_meter_only,
    is_unit_only,
    join_meter,
    merge,
    modality_of_section,
    read_heading,
    several_meters,
)  # fmt: skip
from scraper.read.names import Label, read_label
from scraper.read.page import Page, section_is_no_price_list
from scraper.read.quantities import Amount, find_amounts, read_cell
from scraper.read.rivals import rivals
from scraper.read.shares import limits_share
from scraper.read.sizes import bare_size, is_resolution
from scraper.read.surroundings import (
    is_example,
    names_product,
    products_above,
    surrounding_conditions,
    table_title,
)  # fmt: skip
from scraper.read.terms.billing import billed
from scraper.read.tongue import in_tongue
from scraper.read.units import joint_unit
from scraper.read.vocabulary import vocabulary
from scraper.read.voids import is_no_rate

__all__ = ["read_table"]

_EACH = Unit.of("unit")
_MOST_LABELS = 30
"""Rows whose labels are asked whether they name money."""
_NO_CONDITIONS: Mapping[str, str] = MappingProxyType({})
_LONGEST_VALUE = 8
"""Words."""
_SHORT_LABEL = 5
"""Words."""
_MODEL = re.compile(r"[^\W\d]-\w|[^\W\d] ?\d")
"""What no heading over mere values has: `orlo-chat`, `Orlo 2`."""
_PER_WORD = re.compile(r"(?:per|pro|je|por|par)\s|每|毎", re.I)
_BRACKET = re.compile(r"[(（]([^()（）]{3,120})[)）]")
_LISTS = re.compile(r"\s?[/|,、]\s?")
_EACH_WORD = re.compile(r"\s*(?:each|apiece|pro Stück|c/u)\b", re.I)


def read_table(at: int, page: Page) -> Iterator[Draft]:
    """The rates of the table at block `at` of the page, each with all that bears on it."""
    table = with_heads(at, page)
    prices = _names_price(table)
    if section_is_no_price_list(table.headings, names_price=prices) or not table.grid.rows:
        return
    if not _has_money(table, page) or is_example(at, page):
        return
    frame = lay_out(table, page, _speaks_of_money(at, table, page))
    if frame is None:
        return
    frame = _without_rivals(frame, page)
    context = _Context.of(at, table, page)
    yield from (_read_transposed if frame.transposed else _read_rows)(frame, context)


def _without_rivals(frame: Frame, page: Page) -> Frame:
    """The layout without the columns and rows that hold another company's prices."""
    at = frame.roles.index("product") if "product" in frame.roles else 0
    labels = (row[at].line for row in frame.body)
    if rows := rivals(labels, page.own, page.compared):
        frame = replace(frame, body=tuple(r for r in frame.body if r[at].line not in rows))
    others = rivals(frame.heads[1:], page.own, page.compared)
    if not others:
        return frame
    roles = tuple(
        "skip" if head in others and role == "price" else role
        for head, role in zip(frame.heads, frame.roles, strict=True)
    )
    return replace(frame, roles=roles, skipped=frozenset(others))


def _has_money(table: Table, page: Page) -> bool:
    if any(holds_money(cell) for row in table.grid.rows for cell in row):
        return True
    return page.about_money or _named_for_money(table) or _heads_name_money(table)


def _heads_name_money(table: Table) -> bool:
    """`Unit price (USD)` over bare numbers."""
    rows = table.grid.rows
    heads = {cell.line for row in rows[: max(table.grid.head_rows, 1)] for cell in row}
    heads |= {row[0].line for row in rows[:_MOST_LABELS]}
    meant = map(read_heading, heads)
    return any(meter.currency and (meter.priced or meter.unit) for meter in meant)


def _names_price(table: Table) -> bool:
    """A head or a label is a word for price and nothing else."""
    rows = table.grid.rows
    heads = {cell.line for row in rows[: max(table.grid.head_rows, 1)] for cell in row}
    heads |= {row[0].line for row in rows[:_MOST_LABELS]}
    return any(meant.priced and not meant.other for meant in map(read_heading, heads))


def _named_for_money(table: Table) -> bool:
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", table.name)
    words = " ".join((name, table.grid.caption, *table.headings[-1:]))
    return bool(lexicon("price").search(fold(words)))


def _speaks_of_money(at: int, table: Table, page: Page) -> bool:
    """Whether numbers without a currency may be prices here: something near says so."""
    near = table.embedded or page.money.stated or _named_for_money(table)
    return near or page.unit_near(at) is not None


@dataclass(frozen=True, slots=True)
class _Context:
    """What bears on every figure of a table."""

    at: int
    table: Table
    page: Page
    named: Label
    """What the headings and the text above the table name."""
    conditions: Mapping[str, str]
    modality: str
    unit: tuple[Unit, str] | None
    billed: Unit | None
    """What a `unit price` is for."""
    spare: tuple[tuple[str, str], ...]
    standing: Standing
    made: str
    """What the headings say is made: `image`, `video`; empty: they say of neither."""

    @property
    def section(self) -> str:
        """What the nearest heading is about; empty: prices in general."""
        return next((slug(h) for h in self.table.headings[-1:] if names_product(h)), "")

    @classmethod
    def of(cls, at: int, table: Table, page: Page) -> _Context:
        above = products_above(table, page, at)
        named = Label(tuple(label for label, _ in above), tuple(product for _, product in above))
        conditions, spare = surrounding_conditions(table, page, table_title(at, page))
        caption = read_heading(table.grid.caption) if table.grid.caption else Metered()
        unit = (caption.unit, table.grid.caption) if caption.unit else page.unit_near(at)
        standing = Standing.SHOWN
        if table.embedded:
            standing = Standing.EMBEDDED
        elif table.hidden and not table.panes:
            standing = Standing.TWIN
        if not caption.other:
            conditions = {**conditions, **caption.conditions}
        return cls(
            at, table, page, named, conditions,
            modality_of_section(table.headings), unit, page.billed_near(at), spare, standing,
            _made((*table.headings[-3:], table.grid.caption)),
        )  # fmt: skip


def _made(texts: Sequence[str]) -> str:
    """The picture or film that the nearest of the texts speaks of."""
    for text in reversed(texts):
        found = {kind for kind, *_ in lexicon("modality").find(fold(text))} & {"image", "video"}
        if found:
            return "video" if "video" in found else "image"
    return ""


# ── rows are products ────────────────────────────────────────────────────────────────────────


def _read_rows(frame: Frame, context: _Context) -> Iterator[Draft]:
    page = context.page
    group = ""
    last_product = ""
    units: dict[int, Unit | None] = {}
    """By column what all its prices are for."""
    meters, heads = frame.meters, frame.heads
    kinds = tuple(map(str, meters))
    for row in frame.body:
        if title := banner(row):
            group = title
            continue
        if meters and (fresh := fresh_heads(row, frame, page)):
            heads, meters = fresh
            kinds = tuple(map(str, meters))
            frame = replace(frame, heads=heads)
            continue
        labels = [(column, row[column]) for column, role in enumerate(frame.roles)
                  if role not in ("price", "skip")]  # fmt: skip
        product_cell = next((cell for c, cell in labels if frame.roles[c] == "product"), None)
        product_text = product_cell.text if product_cell and product_cell.line else last_product
        further = continuation(product_text) if last_product else ""
        product_text = last_product if further else product_text
        last_product = product_text
        if product_text and is_no_rate(product_text, row):
            continue
        said = read_labels(product_text, labels, frame, group, context.named, page, further)
        beside = [cell for cell, role in zip(row, frame.roles, strict=True) if role == "price"]
        for column, cell, meter in _figures(row, frame, meters, kinds):
            named = page.money.named(heads[column]) or meter.currency
            bare = named or said.currency or page.currency or "USD"
            bare = bare if column in frame.bare else ""
            words = said
            if is_nothing(cell):
                if column not in units:
                    units[column] = common_unit(each[column] for each in frame.body)
                words = replace(said, unit=said.unit or common_unit(beside) or units[column])
            yield from _read_cell(cell, meter, words, heads[column], context, bare)


def _figures(
    row: Sequence[Cell], frame: Frame, meters: Sequence[Metered], kinds: Sequence[str]
) -> Iterator[tuple[int, Cell, Metered]]:
    """`kinds`: of each meter what is the same for equal ones; made once for all rows."""
    columns = [column for column, role in enumerate(frame.roles) if role == "price"]
    if meters:
        seen: set[tuple[int, str]] = set()
        for column in columns:
            key = (id(row[column]), kinds[column])
            unnamed = not frame.heads[column] and any(key[0] == at for at, _ in seen)
            if key not in seen and not unnamed:
                seen.add(key)
                yield column, row[column], meters[column]
        return
    tail = columns
    while tail and not row[tail[-1]].line:
        tail = tail[:-1]
    names = unnamed_meters(tuple(row[column] for column in tail))
    for column, name in zip(tail, names, strict=True):
        direction, _, cached = name.partition(".")
        if direction not in ("input", "output"):
            yield column, row[column], Metered(other=name, priced=True)
        else:
            meter = Metered(direction=direction, cache=cached, priced=True)
            yield column, row[column], meter


# ── columns are products ─────────────────────────────────────────────────────────────────────


def _read_transposed(frame: Frame, context: _Context) -> Iterator[Draft]:
    first = _first_value(frame)
    columns = [
        column
        for column in range(first, len(frame.heads))
        if frame.heads[column]
        and frame.heads[column] not in frame.skipped
        and not is_no_rate(unbracketed(frame.heads[column]))
        and any(is_priced(row, column) or is_free(row[column]) for row in frame.body)
    ]
    named = {column: _column_labels(column, first, frame, context) for column in columns}
    group = ""
    for row in frame.body:
        if title := banner(row):
            group = title
            continue
        if not any(is_priced(row, column) for column in columns):
            continue
        texts = _row_words(row, first)
        if is_no_rate(" ".join(texts), row):
            continue
        meter, conditions = _row_meter(texts, frame, context.page)
        if not meter.says_something and any(_tells_more(row[c]) for c in columns):
            continue
        if is_unit_only(" ".join(texts)) and not meter.priced and context.section:
            conditions = {**conditions, "section": context.section}
        money = meter.currency or context.page.currency or "USD"
        bare = money if row_takes_numbers(row[0].line) else ""
        done: set[tuple[int, str]] = set()
        unit = common_unit(row[column] for column in columns)
        for column in columns:
            said = named[column]
            if not said.label.products or (id(row[column]), frame.heads[column]) in done:
                continue
            done.add((id(row[column]), frame.heads[column]))
            said = replace(
                said, conditions={**said.conditions, **conditions},
                spare=(("group", slug(group)),) if group else (),
                words=tuple(filter(None, (group, frame.heads[column]))),
            )  # fmt: skip
            if is_nothing(row[column]):
                said = replace(said, unit=said.unit or unit)
            yield from _read_cell(row[column], meter, said, " ".join(texts), context, bare)


def _tells_more(cell: Cell) -> bool:
    """A sentence rather than a value: long, and no price with its unit at its start."""
    if len(unbracketed(cell.line).split()) <= _LONGEST_VALUE:
        return False
    amounts = find_amounts(cell.line)
    return not (amounts and amounts[0].start == 0 and amounts[0].unit)


def _row_words(row: Sequence[Cell], first: int) -> tuple[str, ...]:
    """A row's labels: the cells before column `first`, and what is metered right behind them,
    where a converter lost the span of the price.
    """
    slid = takewhile(lambda cell: not holds_money(cell) and is_meter_only(cell.line), row[first:])
    cells = (*row[:first], *slid)
    return tuple(dict.fromkeys(cell.line for cell in cells if cell.line))


def _first_value(frame: Frame) -> int:
    """The first column that is no label: of words alone in all rows that have a price."""
    if not frame.labelled:
        return 0
    rows = [row for row in frame.body if any(map(holds_money, row))]
    labels = ("", frame.heads[0])
    for column, head in enumerate(frame.heads):
        if column and head not in labels and not all(map(_is_words, (row[column] for row in rows))):
            return column
    return 1


def _is_words(cell: Cell) -> bool:
    return read_cell(cell.text).kind == "text"


def _column_labels(column: int, first: int, frame: Frame, context: _Context) -> Labels:
    """What the head of a column names: a product, or a plan of the product in the heading."""
    meant = frame.meters[column] if frame.meters else Metered()
    if len(frame.heads) - first == 1 and not _MODEL.search(frame.heads[column]):
        return Labels(context.named)
    if plan := meant.conditions.get("plan"):
        return Labels(context.named, unit=meant.unit, conditions={"plan": plan})
    label = read_label(frame.heads[column], context.page.aliases, context.page.day)
    return Labels(label, conditions=label.conditions)


def _row_meter(texts: Sequence[str], frame: Frame, page: Page) -> tuple[Metered, Mapping[str, str]]:
    """The meter that the labels of a row of a transposed table name, or the range they give."""
    if frame.measured and any(map(is_measure, texts)):
        return Metered(), {slug(frame.heads[0]) or "size": slug(" ".join(texts))}
    meter = Metered()
    for text in texts:
        meter = merge(meter, heading_meter(text, page))
    return meter, {}


# ── one cell ─────────────────────────────────────────────────────────────────────────────────


def _read_cell(
    cell: Cell, meter: Metered, said: Labels, head: str, context: _Context, bare: str = ""
) -> Iterator[Draft]:
    """`bare`: the currency of numbers without one; empty: such numbers are no prices."""
    named = meter.priced or meter.is_token_meter
    if holds_money(cell) and not (named or is_price(cell)):
        return
    money = context.page.money
    currency = money.named(head) or meter.currency or money.main
    stated = bool(meter.unit or said.unit or said.metered.unit)
    names = several_meters(head) or (_listed(said.words) if _is_wordless(cell.text) else ())
    for figure in cell_figures(cell, bare, currency, names, stated, context.page.day):
        amount = money.settle(figure.amount)
        settled = figure if amount is figure.amount else replace(figure, amount=amount)
        yield from _drafts(settled, meter, said, head, cell, context)


def _drafts(figure: Figure, meter: Metered, said: Labels, head: str, cell: Cell, context: _Context
            ) -> Iterator[Draft]:  # fmt: skip
    amount = figure.amount
    if amount.percent is not None or limits_share(figure.line, amount.start):
        return  # fee_tables.py reads them
    scope, inner = _scoped(figure.scope), _inner(figure.words)
    spare: list[tuple[str, str]] = []
    if figure.words:
        if inner.is_token_meter:
            meter = merge(meter, replace(inner, other=""))
        elif is_no_rate(figure.words):
            return
        elif inner.other and not inner.conditions:
            spare.append(("variant", slug(figure.words)))
    if scope.is_token_meter:
        meter = merge(replace(scope, other=""), meter)
    elif figure.scope and not scope.conditions:
        spare.append(("variant", slug(figure.scope)))
    joined = merge(said.metered, meter)
    if joined.cache == "cached" and inner.other == "storage":
        joined = replace(joined, cache="cache-storage")
    conditions = {**context.conditions, **said.conditions, **joined.conditions,
                  **scope.conditions, **inner.conditions,
                  **effective_of_figure(figure, cell, context.at, context.page)}  # fmt: skip
    unit, unit_rule = _unit(amount, figure.line, joined, said, conditions, context)
    if unit == _EACH and context.billed and vocabulary().unit_price.search(head):
        unit, unit_rule = context.billed, "what is billed"
    unit = in_tongue(unit, context.page.tongues)
    if inner.unit and amount.unit is None and _PER_WORD.match(figure.words):
        unit, unit_rule = inner.unit, figure.words
    modalities = _modalities(figure.words)
    if modalities:
        joined = replace(joined, modality=modalities[0] if len(modalities) == 1 else "")
        modality = joined.modality
    else:
        modality = said.modality or ("" if joined.modality else context.modality)
    name = intern(join_meter(joined, modality))
    if name == "price" and unit.things == ("image",) and conditions.keys() & {"size", "quality"}:
        name = "image.output"
    always = _spare(head, unit, context.spare)
    own = (*spare, *said.spare)
    where = " › ".join((*context.table.headings[-2:], *(p.label for p in context.table.panes),
                        *said.words, head))  # fmt: skip
    evidence = Evidence(
        excerpt=_excerpt(said.words, head, figure.line or cell.line),
        where=" ".join(where.split()),
        rules=_rules(context.standing, unit_rule, head, name),
    )
    currency = amount.currency or joined.currency or said.currency or context.page.currency
    for product, label in zip(said.label.products, said.label.names, strict=True):
        yield Draft(
            product=product, label=label, meter=name, amount=amount.value,
            currency=currency or "USD", unit=unit, evidence=evidence, standing=context.standing,
            conditions=conditions or _NO_CONDITIONS, spare=(*own, *always) if own else always,
            qualifier=amount.qualifier,
            upper=amount.upper, origin=context.at,
            spot=Spot(context.at, cell.spot, amount.text),
        )  # fmt: skip


def _is_wordless(text: str) -> bool:
    """Amounts and signs between them, and no word: `$1/$2`."""
    rest = text
    for amount in find_amounts(text)[::-1]:
        rest = rest[: amount.start] + rest[amount.end :]
    return not any(map(str.isalpha, rest))


def _listed(labels: Sequence[str]) -> tuple[str, ...]:
    """What the bracket of a row's label lists: `Students (bus / tram)`."""
    match = _BRACKET.search(" ".join(labels))
    names = tuple(filter(None, map(str.strip, _LISTS.split(match[1])))) if match else ()
    return names if len(names) > 1 else ()


def _inner(words: str) -> Metered:
    if size := bare_size(words):
        return Metered(conditions={"size": size})
    if (paid := billed(words)) in PERIODS:
        return Metered(conditions={"period": paid})
    return read_heading(words) if words else Metered()


def _scoped(scope: str) -> Metered:
    """What the words before all prices of a line say of each, but for their units."""
    if not scope:
        return Metered()
    meant = replace(read_heading(scope), unit=None, currency="")
    if len(scope.split()) <= _SHORT_LABEL:
        return meant
    kept = {key: value for key, value in meant.conditions.items() if key != "tier"}
    return replace(meant, conditions=kept)  # `Same as Standard, no batch price yet`


def _modalities(words: str) -> tuple[str, ...]:
    """The modalities that the words beside a price name: `text / image / video`, `images`."""
    if not words or len(words.split()) > _SHORT_LABEL:
        return ()
    return tuple(dict.fromkeys(found for found, *_ in lexicon("modality").find(fold(words))))


@lru_cache(maxsize=1024)
def _spare(
    head: str, unit: Unit, around: tuple[tuple[str, str], ...]
) -> tuple[tuple[str, str], ...]:
    """What all figures of a column may be told apart by; shared, for a table may be long."""
    period = next((("period", thing) for thing in unit.things if thing in PERIODS), None)
    return (
        *([period] if period else ()),
        ("column", slug(head)),
        ("unit", slug(str(unit))),
        *around,
    )


@lru_cache(maxsize=1024)
def _rules(standing: Standing, unit_rule: str, head: str, name: str) -> tuple[str, ...]:
    return (
        "table" if standing is not Standing.EMBEDDED else "embedded: table",
        f"unit: {unit_rule}",
        f"meter: {head or 'order of unnamed figures'} → {name}",
    )


def _unit(
    amount: Amount,
    line: str,
    meter: Metered,
    said: Labels,
    conditions: Mapping[str, str],
    context: _Context,
) -> tuple[Unit, str]:
    """What the figure is for, and which words said so: the nearest that say anything."""
    if _EACH_WORD.match(line[amount.end :]):
        return _EACH, "each"
    if amount.unit:
        return joint_unit(_completed(amount.unit, meter), said.unit), amount.unit_text
    size = conditions.get("size", "")
    tokens = context.unit is not None and "token" in context.unit[0].things
    if tokens and bare_size(size) and not meter.is_token_meter:
        return Unit.of(context.made or "image"), "a price by size"
    if meter.unit:
        return joint_unit(meter.unit, said.unit), "heading"
    if said.unit:
        return joint_unit(said.unit, context.unit[0] if context.unit else None), "unit column"
    if context.unit:
        return context.unit[0], context.unit[1]
    if context.page.unit:
        return context.page.unit, "hint"
    if is_resolution(conditions.get("size", "")):
        made = context.made or ("image" if "x" in conditions["size"] else "")
        return (Unit.of(made), "a price by size") if made else (_EACH, "none stated")
    return _EACH, "none stated"


def _completed(unit: Unit, meter: Metered) -> Unit:
    """`$0.5 per DB` under `Price per month` is for a database and a month; `$0.30 per million`
    under `Requests` is for a million requests.
    """
    heading = meter.unit
    if count := _BARE_COUNTS.get(unit.things):
        named = read_heading(f"per {meter.other}").unit if meter.other else None
        return Unit.of(*named.things, count=count * unit.count) if named else unit
    if heading is None or heading.count != 1 or unit.count != 1 or len(heading.things) > 1:
        return unit
    return joint_unit(unit, heading) if PERIODS.issuperset(heading.things) else unit


_BARE_COUNTS: Mapping[tuple[str, ...], int] = {("thousand",): 10**3, ("million",): 10**6}


def _excerpt(words: Sequence[str], head: str, figure: str) -> str:
    labels = " ".join(" ".join(words).split())
    text = f"{labels} | {head}: {figure}" if head else f"{labels} | {figure}"
    return text if len(text) <= 240 else text[:239] + "…"
