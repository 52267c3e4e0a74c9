"""Tables to rates, as a person reads them: which way they run, what each heading means, what the
figures are for. No table is known beforehand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from scraper.model import Evidence, Unit
from scraper.read.document import Cell, Table
from scraper.read.drafts import Draft, Standing
from scraper.read.lexicon import fold, lexicon, slug, unnamed_columns
from scraper.read.meters import TIMES, Metered, join_meter, modality_of_section, read_heading
from scraper.read.names import Label, read_label
from scraper.read.page import Page, section_is_no_price_list
from scraper.read.quantities import Amount, find_amounts, parse_number, read_cell
from scraper.read.surroundings import products_above, surrounding_conditions

__all__ = ["read_table"]

_EACH = Unit.of("unit")
_EACH_WORD = re.compile(r"\s*(?:each|apiece|pro Stück|c/u)\b", re.I)
_MEASURE = re.compile(
    r"(?:up to|first|next|over|above|under|below|from|more than|less than|[<>≤≥])?\s*"
    r"[\d.,]+\s*(?:[kmgt]?b|[km]|gb|%)?(?:\s*(?:-|–|to)\s*[\d.,]+\s*(?:[kmgt]?b|[km])?)?\+?"
)
_ID = re.compile(r"(?=\S*[\d-])[\w.:/-]+(?: \(.*\))?")
_CONDITION_COLUMNS = ("modality", "tier", "region", "size", "quality", "context")


@dataclass(frozen=True, slots=True)
class _Frame:
    """A table's layout: which rows are head, which columns hold figures, which labels."""

    heads: tuple[str, ...]
    """By column, its heading rows joined from the top."""
    meters: tuple[Metered, ...]
    """By column, what its heading meters."""
    roles: tuple[str, ...]
    """By column: `price`, `product`, `unit`, `skip`, a condition's name, or `label`."""
    body: tuple[tuple[Cell, ...], ...]
    transposed: bool
    bare: frozenset[int] = frozenset()
    """Price columns without a single currency: there, and only there, a number is a price."""


def read_table(at: int, page: Page) -> Iterator[Draft]:
    """The rates of the table at block `at` of the page, each with all that bears on it."""
    table = page.document.blocks[at]
    assert isinstance(table, Table)
    if section_is_no_price_list(table.headings) or not table.grid.rows:
        return
    if not _has_money(table, page):
        return
    frame = _frame(table, page, _speaks_of_money(at, table, page))
    if frame is None:
        return
    context = _Context.of(at, table, page)
    if frame.transposed:
        yield from _read_transposed(frame, context)
    else:
        yield from _read_rows(frame, context)


def _has_money(table: Table, page: Page) -> bool:
    if any(find_amounts(cell.text) for row in table.grid.rows for cell in row):
        return True
    return page.about_money or _named_for_money(table)


def _named_for_money(table: Table) -> bool:
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", table.name)
    words = " ".join((name, table.grid.caption, *table.headings[-1:]))
    return bool(lexicon("price").pattern.search(fold(words)))


def _speaks_of_money(at: int, table: Table, page: Page) -> bool:
    """Whether numbers without a currency may be prices here: something near says so."""
    return table.embedded or _named_for_money(table) or page.unit_near(at) is not None


# ── layout ───────────────────────────────────────────────────────────────────────────────────


def _frame(table: Table, page: Page, bare: bool) -> _Frame | None:
    grid = table.grid
    head_rows = _head_rows(table)
    body = grid.rows[head_rows:]
    if not body:
        return None
    heads = tuple(
        " ".join(
            dict.fromkeys(row[column].line for row in grid.rows[:head_rows] if row[column].line)
        )
        for column in range(grid.width)
    )
    meters = tuple(
        _column_meter(grid.rows[:head_rows], column, page) for column in range(grid.width)
    )
    if not any(heads):
        meters = ()
    roles = _roles(heads, meters, body, bare or (not any(heads) and page.about_money))
    if _runs_sideways(heads, meters, roles, body):
        return _Frame(heads, meters, roles, body, True)
    if "price" not in roles:
        return None
    bare_columns = frozenset(
        column
        for column, role in enumerate(roles)
        if role == "price" and not any(_holds_money(row[column]) for row in body)
    )
    return _Frame(heads, meters, roles, body, False, bare_columns)


def _head_rows(table: Table) -> int:
    grid = table.grid
    marked = grid.head_rows if grid.head_rows < len(grid.rows) else 0
    while marked and any(_holds_money(cell) for cell in grid.rows[marked - 1]):
        marked -= 1
    if marked:
        return marked
    first = grid.rows[0]
    later = grid.rows[1:]
    if not later or any(
        _holds_money(cell) or parse_number(cell.line) is not None for cell in first[1:]
    ):
        return 0
    if first[0].head and not any(cell.head for cell in first[1:]):
        return 0
    plain = all(cell.line and not _nothing(cell) for cell in first[1:])
    return 1 if plain and any(_holds_money(cell) for row in later for cell in row) else 0


def _column_meter(heads: Sequence[Sequence[Cell]], column: int, page: Page) -> Metered:
    """Heading rows from the top: what the upper say holds unless the lower says otherwise."""
    meant = Metered()
    seen: set[str] = set()
    for row in heads:
        text = row[column].line
        if text and text not in seen:
            seen.add(text)
            meant = _merge(meant, _heading(text, page))
    return meant


def _heading(text: str, page: Page) -> Metered:
    for label, meter in page.hints.meters.items():
        if fold(label) == fold(text):
            return replace(read_heading(text), modality="", direction="", cache="", other=meter)
    return read_heading(text)


def _merge(upper: Metered, lower: Metered) -> Metered:
    return Metered(
        modality=lower.modality or upper.modality,
        direction=lower.direction or upper.direction,
        cache=lower.cache or upper.cache,
        ttl=lower.ttl or upper.ttl,
        other="-".join(filter(None, dict.fromkeys((upper.other, lower.other)))),
        conditions={**upper.conditions, **lower.conditions},
        unit=lower.unit or upper.unit,
        currency=lower.currency or upper.currency,
        priced=upper.priced or lower.priced,
    )


def _roles(
    heads: Sequence[str], meters: Sequence[Metered], body: Sequence[Sequence[Cell]], bare: bool
) -> tuple[str, ...]:
    roles = [
        _role(
            head,
            meters[column] if meters else Metered(),
            [row[column] for row in body],
            column,
            bare,
        )
        for column, head in enumerate(heads)
    ]
    if "product" not in roles and not any(heads):
        labels = [at for at, role in enumerate(roles) if role == "label"]
        ids = [at for at in labels[1:2] if all(_ID.fullmatch(row[at].line) for row in body)]
        if ids:  # `Embedding | text-embed-3`: a group and its members
            roles[ids[0]] = "product"
    if "product" not in roles:
        about = lexicon("column")
        first = next(
            (
                at
                for at, role in enumerate(roles)
                if role == "label" and not about.exactly(heads[at])
            ),
            None,
        )
        if first is not None and not any(r in _CONDITION_COLUMNS for r in roles[:first]):
            roles[first] = "product"
    return tuple(roles)


def _role(head: str, meter: Metered, cells: Sequence[Cell], column: int, bare: bool) -> str:
    folded = fold(head)
    if lexicon("not_a_rate", "label").pattern.search(folded):
        return "skip"
    if not meter.priced and lexicon("limit").pattern.search(folded):
        return "skip"
    kinds = [read_cell(cell.text).kind for cell in cells]
    money = kinds.count("amounts") + kinds.count("free")
    words = kinds.count("text")
    numbers = kinds.count("number")
    if kinds.count("amounts") and money >= words:
        return "price"
    if numbers and numbers >= words and column > 0:
        listed = (meter.is_token_meter or meter.priced) and not _counts_things(head)
        if (bare and (listed or not head)) or meter.currency or (meter.priced and meter.unit):
            return "price"
    named = meter.is_token_meter or meter.priced or (bare and not head)
    if money and not words and not numbers and named:
        return "price"
    kind = lexicon("column").exactly(re.sub(r"\s*[(（].*?[)）]", "", head)) if head else ""
    if kind in ("product", "unit", *_CONDITION_COLUMNS):
        return kind
    return "label"


def _counts_things(head: str) -> bool:
    return bool(re.search(r"\b(count|number|max|limit|rate limit|per minute|size)\b", fold(head)))


def _runs_sideways(heads: Sequence[str], meters: Sequence[Metered], roles: Sequence[str],
                   body: Sequence[Sequence[Cell]]) -> bool:  # fmt: skip
    """Meters down the side and products along the top."""
    money_columns = [
        column for column in range(1, len(heads))
        if any(_holds_money(row[column]) for row in body)
    ]  # fmt: skip
    if len(heads) < 2 or not any(heads[1:]) or not money_columns:
        return False
    if any(_holds_money(row[0]) for row in body):
        return False
    column_hits = sum(meters[c].says_something for c in money_columns)
    money_rows = [row for row in body if any(_holds_money(row[c]) for c in money_columns)]
    row_hits = sum(_row_meter(row, money_columns[0]).says_something for row in money_rows)
    if column_hits == 0 and row_hits > 0:
        return row_hits * 2 >= len(money_rows) or len(body) > 2 * len(money_rows)
    return row_hits == len(money_rows) and column_hits * 2 < len(money_columns) and row_hits > 1


def _row_meter(row: Sequence[Cell], first_money: int) -> Metered:
    labels = dict.fromkeys(cell.line for cell in row[:first_money] if cell.line)
    meant = Metered()
    for text in labels:
        meant = _merge(meant, read_heading(text))
    return meant


def _holds_money(cell: Cell) -> bool:
    return bool(find_amounts(cell.text))


def _nothing(cell: Cell) -> bool:
    return read_cell(cell.text).kind == "none"


# ── what bears on every figure of a table ────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Context:
    at: int
    table: Table
    page: Page
    named: Label
    """What the headings and the text above the table name."""
    conditions: Mapping[str, str]
    modality: str
    unit: tuple[Unit, str] | None
    spare: tuple[tuple[str, str], ...]
    standing: Standing

    @classmethod
    def of(cls, at: int, table: Table, page: Page) -> _Context:
        above = products_above(table, page, at)
        named = Label(tuple(label for label, _ in above), tuple(product for _, product in above))
        conditions, spare = surrounding_conditions(table, page)
        caption = read_heading(table.grid.caption) if table.grid.caption else Metered()
        unit = (caption.unit, table.grid.caption) if caption.unit else page.unit_near(at)
        standing = Standing.SHOWN
        if table.embedded:
            standing = Standing.EMBEDDED
        elif table.hidden and not table.panes:
            standing = Standing.TWIN
        return cls(
            at, table, page, named, {**conditions, **caption.conditions},
            modality_of_section(table.headings), unit, spare, standing,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Row:
    """What the labels of one row, or of one column of a transposed table, say together."""

    label: Label
    metered: Metered
    modality: str = ""
    unit: Unit | None = None
    conditions: Mapping[str, str] = field(default_factory=dict)
    spare: tuple[tuple[str, str], ...] = ()
    words: tuple[str, ...] = ()


# ── rows are products ────────────────────────────────────────────────────────────────────────


def _read_rows(frame: _Frame, context: _Context) -> Iterator[Draft]:
    group = ""
    last_product = ""
    meters, heads = frame.meters, frame.heads
    for row in frame.body:
        if banner := _banner(row):
            group = banner
            continue
        if meters and (fresh := _fresh_heads(row, frame, context.page)):
            heads, meters = fresh
            frame = replace(frame, heads=heads)
            continue
        labels = [(column, row[column]) for column, role in enumerate(frame.roles)
                  if role not in ("price", "skip")]  # fmt: skip
        product_cell = next((cell for c, cell in labels if frame.roles[c] == "product"), None)
        product_text = product_cell.text if product_cell and product_cell.line else last_product
        last_product = product_text
        if product_text and lexicon("not_a_rate", "label").pattern.search(fold(product_text)):
            continue
        meant = _read_labels(product_text, labels, frame, group, context)
        for column, cell, meter in _figures(row, frame, meters):
            currency = context.page.currency or "USD" if column in frame.bare else ""
            yield from _read_cell_rates(cell, meter, meant, heads[column], context, currency)


def _figures(
    row: Sequence[Cell], frame: _Frame, meters: Sequence[Metered]
) -> Iterator[tuple[int, Cell, Metered]]:
    columns = [column for column, role in enumerate(frame.roles) if role == "price"]
    if meters:
        seen: set[tuple[int, str]] = set()
        for column in columns:
            key = (id(row[column]), str(meters[column]))
            if key not in seen:
                seen.add(key)
                yield column, row[column], meters[column]
        return
    tail = columns
    while tail and not row[tail[-1]].line:
        tail = tail[:-1]
    names = _unnamed(tuple(row[column] for column in tail))
    for column, name in zip(tail, names, strict=True):
        parts = name.split(".")
        yield (
            column,
            row[column],
            Metered(
                direction=parts[0] if parts[0] in ("input", "output") else "",
                cache=parts[1] if len(parts) > 1 else "",
                other="" if parts[0] in ("input", "output") else name,
                priced=True,
            ),
        )


def _unnamed(cells: Sequence[Cell]) -> tuple[str, ...]:
    """Meters of a row of bare numbers by the order in which such lists are written."""
    if any(_holds_money(cell) and not re.fullmatch(r"[^\w]*[\d.,]+", cell.line) for cell in cells):
        return ("price",) * len(cells)
    if sum(parse_number(cell.line) is not None for cell in cells) < min(2, len(cells)):
        return ("price",) * len(cells)
    names = unnamed_columns(len(cells))
    figures = dict(zip(names, (parse_number(cell.line) for cell in cells), strict=False))
    base, cached = figures.get("input"), figures.get("input.cached")
    written, output = figures.get("input.cache-write"), figures.get("output")
    fits = (
        bool(names)
        and (base is None or cached is None or cached <= base)
        and (base is None or written is None or written >= base)
        and (base is None or output is None or output >= base or output == 0)
    )
    return names if fits else tuple(f"column-{at}" for at in range(1, len(cells) + 1))


def _banner(row: Sequence[Cell]) -> str:
    """A row that is one cell across is a heading for the rows under it."""
    if len(row) > 1 and all(cell is row[0] for cell in row) and not _holds_money(row[0]):
        return row[0].line
    if len(row) > 1 and row[0].line and not any(cell.line for cell in row[1:]):
        return row[0].line if not _holds_money(row[0]) else ""
    return ""


def _fresh_heads(
    row: Sequence[Cell], frame: _Frame, page: Page
) -> tuple[tuple[str, ...], tuple[Metered, ...]] | None:
    """A row of headings amid the body holds for the rows below it."""
    columns = [column for column, role in enumerate(frame.roles) if role == "price"]
    cells = [row[column] for column in columns]
    if not any(cell.line for cell in cells) or any(
        read_cell(cell.text).kind not in ("text", "number") for cell in cells
    ):
        return None
    meant = [_heading(cell.line, page) for cell in cells]
    marked = all(cell.head or not cell.line for cell in row)
    if not marked and not all(each.conditions or each.is_token_meter for each in meant):
        return None
    heads, meters = list(frame.heads), list(frame.meters)
    for column, each in zip(columns, meant, strict=True):
        heads[column], meters[column] = row[column].line, each
    return tuple(heads), tuple(meters)


def _read_labels(product_text: str, labels: Sequence[tuple[int, Cell]], frame: _Frame, group: str,
                 context: _Context) -> _Row:  # fmt: skip
    page = context.page
    named = read_label(product_text, page.aliases, page.day)
    metered = Metered()
    conditions: dict[str, str] = dict(named.conditions)
    spare: list[tuple[str, str]] = []
    modality, unit = "", None
    if not named.products or _is_meter_only(product_text) or _is_measure(product_text):
        metered = read_heading(product_text) if named.products else Metered()
        if _is_measure(product_text):
            column = frame.roles.index("product") if "product" in frame.roles else 0
            metered = Metered()
            conditions[slug(frame.heads[column]) or "size"] = slug(product_text)
        group_label = read_label(group, page.aliases, page.day)
        named = group_label if group_label.products else context.named
        conditions.update(named.conditions)
    elif group:
        conditions.update(read_heading(group).conditions)
        spare.append(("group", slug(group)))
    if named.variant:
        spare.append(("variant", named.variant))
    words = [group, product_text]
    for column, cell in labels:
        role, text = frame.roles[column], cell.line
        if role == "product" or not text or _nothing(cell):
            continue
        words.append(text)
        meant = read_heading(text)
        if role == "unit":
            unit = unit or meant.unit
        elif len({meaning for meaning, *_ in lexicon("modality").find(fold(text))}) > 1:
            pass  # what it takes in, not what is metered
        elif role == "modality" and _is_meter_only(text):
            metered = _merge(metered, meant)
        elif role == "modality" or (role == "label" and lexicon("modality").exactly(text)):
            modality = lexicon("modality").first(fold(text)) or slug(text)
        elif role == "context" and "context" not in meant.conditions:
            spare.append(("context", slug(text)))  # how much it takes, not a band of prices
        elif role in ("tier", "region", "size", "quality", "context"):
            value = meant.conditions.get(role) or lexicon(role).exactly(text) if role in (
                "tier", "quality") else meant.conditions.get(role) or slug(text)  # fmt: skip
            conditions[role] = value or slug(text)
        elif meant.conditions and not _is_attribute(frame.heads[column]):
            conditions = {**meant.conditions, **conditions}
        else:
            spare.append((slug(frame.heads[column]) or f"label-{column}", slug(text)[:60]))
    return _Row(
        named, metered, modality, unit, conditions, tuple(spare), tuple(filter(None, words))
    )


def _is_attribute(head: str) -> bool:
    """A column that describes the product (its window, its memory) and sets no condition."""
    return bool(
        re.search(r"window|memory|max|maximum|support|release|ram|vcpu|disk|上下文", fold(head))
    )


def _is_measure(text: str) -> bool:
    """A row label that is a size or a range and names no product: `10MB`, `First 10`, `10-100`."""
    return bool(_MEASURE.fullmatch(fold(text)))


def _is_meter_only(text: str) -> bool:
    """A row label that names no product but what is metered: `Input`, `Cached input tokens`."""
    meant = read_heading(text)
    return meant.is_token_meter and not meant.other


# ── columns are products ─────────────────────────────────────────────────────────────────────


def _read_transposed(frame: _Frame, context: _Context) -> Iterator[Draft]:
    page = context.page
    first = next((c for c in range(1, len(frame.heads)) if frame.heads[c] != frame.heads[0]), 1)
    columns = [
        column
        for column in range(first, len(frame.heads))
        if frame.heads[column] and any(_holds_money(row[column]) for row in frame.body)
    ]
    group = ""
    for row in frame.body:
        if banner := _banner(row):
            group = banner
            continue
        if not any(_holds_money(row[column]) for column in columns):
            continue
        texts = tuple(dict.fromkeys(cell.line for cell in row[:first] if cell.line))
        if lexicon("not_a_rate", "label").pattern.search(fold(" ".join(texts))):
            continue
        meter = Metered()
        for text in texts:
            meter = _merge(meter, _heading(text, page))
        if not meter.says_something and any(len(row[c].line.split()) > 8 for c in columns):
            continue
        done: set[tuple[int, str]] = set()
        for column in columns:
            named = read_label(frame.heads[column], page.aliases, page.day)
            if len(frame.heads) - first == 1:  # names and values: the heading above has the product
                named = context.named
            if not named.products or (id(row[column]), frame.heads[column]) in done:
                continue
            done.add((id(row[column]), frame.heads[column]))
            spare = (("group", slug(group)),) if group else ()
            meant = _Row(named, Metered(), conditions=named.conditions, spare=spare,
                         words=tuple(filter(None, (group, frame.heads[column]))))  # fmt: skip
            yield from _read_cell_rates(row[column], meter, meant, " ".join(texts), context)


# ── one cell ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Figure:
    """One price of a cell with the words before it in the cell."""

    amount: Amount
    words: str = ""
    line: str = ""


def _read_cell_rates(
    cell: Cell, meter: Metered, row: _Row, head: str, context: _Context, bare: str = ""
) -> Iterator[Draft]:
    """`bare`: the currency of numbers without one; empty: such numbers are no prices."""
    for figure in _cell_figures(cell, bare, meter.currency or context.page.currency):
        yield from _drafts(figure, meter, row, head, cell, context)


def _cell_figures(cell: Cell, bare: str, currency: str) -> Iterator[_Figure]:
    if read_cell(cell.text).kind == "free":
        yield _Figure(Amount(Decimal(0), "", 0, 0, cell.line), "", cell.line)
        return
    found: list[_Figure] = []
    for line in cell.text.split("\n"):
        # The hint tells what an ambiguous sign means; alone it would make any number money.
        amounts = find_amounts(line, currency=bare or currency)
        amounts = tuple(a for a in amounts if not a.struck and (bare or _signed(a)))
        figures = list(_line_figures(line, amounts))
        shared = next((f.amount for f in reversed(figures) if f.amount.unit), None)
        found += [_with_unit_of(figure, shared) for figure in figures]
    if len(found) > 1 and not all(figure.words for figure in found[1:]):
        found = [found[0], *(figure for figure in found[1:] if figure.words)]
    yield from found


def _signed(amount: Amount) -> bool:
    return any(not (char.isdigit() or char in ".,' ") for char in amount.text)


def _with_unit_of(figure: _Figure, other: Amount | None) -> _Figure:
    if figure.amount.unit or other is None:
        return figure
    amount = replace(figure.amount, unit=other.unit, unit_text=other.unit_text)
    return replace(figure, amount=amount)


def _line_figures(line: str, amounts: Sequence[Amount]) -> Iterator[_Figure]:
    """The prices of one line: the first, and each further one that has a label of its own."""
    end = 0
    for number, amount in enumerate(amounts):
        before = line[end : amount.start]
        words = re.sub(r"^[\s,;/|+)]+|[\s:：(–-]+$", "", before).strip()
        end = max(amount.end, amount.unit_end)
        if before.rstrip().endswith("(") or amount.qualifier == "about":
            continue
        if not words and read_heading(amount.unit_text).is_token_meter:
            words = amount.unit_text
        if number and not words:
            continue
        yield _Figure(amount, words if len(words.split()) <= 7 else "", line)


def _drafts(figure: _Figure, meter: Metered, row: _Row, head: str, cell: Cell, context: _Context
            ) -> Iterator[Draft]:  # fmt: skip
    amount = figure.amount
    inner = read_heading(figure.words) if figure.words else Metered()
    spare: list[tuple[str, str]] = []
    if figure.words:
        if inner.is_token_meter:
            meter = _merge(meter, replace(inner, other=""))
        elif lexicon("not_a_rate", "label").pattern.search(fold(figure.words)):
            return
        elif not inner.priced or inner.other:
            spare.append(("variant", slug(figure.words)))
    joined = _merge(row.metered, meter) if row.metered.says_something else meter
    conditions = {**context.conditions, **row.conditions, **joined.conditions, **inner.conditions}
    unit, unit_rule = _unit(amount, figure.line, joined, row, conditions, context)
    modality = row.modality or ("" if joined.modality else context.modality)
    name = join_meter(joined, modality)
    if name == "price" and unit.things == ("image",) and conditions.keys() & {"size", "quality"}:
        name = "image.output"
    period = next((thing for thing in unit.things if thing in TIMES), "")
    spare += [*row.spare, *((("period", period),) if period else ()),
              ("column", slug(head)), ("unit", slug(str(unit))), *context.spare]  # fmt: skip
    where = " › ".join((*context.table.headings[-2:], *(p.label for p in context.table.panes),
                        *row.words, head))  # fmt: skip
    evidence = Evidence(
        excerpt=_excerpt(row.words, head, figure.line or cell.line),
        where=" ".join(where.split()),
        rules=(
            "table" if context.standing is not Standing.EMBEDDED else "embedded: table",
            f"unit: {unit_rule}",
            f"meter: {head or 'order of unnamed figures'} → {name}",
        ),
    )
    for product, label in zip(row.label.products, row.label.names, strict=True):
        yield Draft(
            product=product, label=label, meter=name, amount=amount.value,
            currency=amount.currency or joined.currency or context.page.currency or "USD",
            unit=unit, evidence=evidence, standing=context.standing, conditions=conditions,
            spare=tuple(spare), qualifier=amount.qualifier, upper=amount.upper, origin=context.at,
        )  # fmt: skip


def _unit(
    amount: Amount,
    line: str,
    meter: Metered,
    row: _Row,
    conditions: Mapping[str, str],
    context: _Context,
) -> tuple[Unit, str]:
    """What the figure is for, and which words said so: the nearest that say anything."""
    if _EACH_WORD.match(line[amount.end :]):
        return _EACH, "each"
    if amount.unit:
        return _completed(amount.unit, meter.unit), amount.unit_text
    if meter.unit:
        return meter.unit, "heading"
    if row.unit:
        return row.unit, "unit column"
    if context.unit:
        return context.unit[0], context.unit[1]
    if context.page.unit:
        return context.page.unit, "hint"
    if re.fullmatch(r"\d+x\d+", conditions.get("size", "")):
        return Unit.of("image"), "a price by size in pixels is for an image"
    return _EACH, "none stated"


def _completed(unit: Unit, heading: Unit | None) -> Unit:
    """`$0.5 per DB` under `Price per month` is for a database and a month."""
    if heading is None or heading.count != 1 or unit.count != 1:
        return unit
    is_period = len(heading.things) == 1 and heading.things[0] in TIMES
    if is_period and not TIMES.intersection(unit.things):
        return Unit.of(*unit.things, *heading.things)
    return unit


def _excerpt(words: Sequence[str], head: str, figure: str) -> str:
    labels = " ".join(" ".join(words).split())
    text = f"{labels} | {head}: {figure}" if head else f"{labels} | {figure}"
    return text if len(text) <= 240 else text[:239] + "…"
