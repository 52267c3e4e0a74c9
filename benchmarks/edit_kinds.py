"""Edits of a page of which it is known what has to be told: each kind is a function over a source.

A kind yields the page after the edit, and which prices it moved: none for those after which
everything on the page stands as it stood.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from edit_layout import LAYOUT, Quiet, at_the_end, at_the_start, in_text
from edit_prices import NONE, PRICES, Made, Moving, changed_amount, printed_once
from edit_source import MONEY, Source, Table, amounts_in, numbers_in, plain

__all__ = ["KINDS", "MOVING", "QUIET", "Edit", "edits"]


@dataclass(frozen=True, slots=True)
class Edit:
    """A page after an edit."""

    kind: str
    text: str
    old: frozenset[Decimal] = frozenset()
    """Prices that went; empty: none did."""
    new: frozenset[Decimal] = frozenset()
    """Prices that came."""

    @property
    def moves(self) -> bool:
        return bool(self.old or self.new)


def edits(source: Source, kinds: Sequence[str], seed: str, each: int = 1) -> Iterator[Edit]:
    """One edit of each kind, `each` of single prices; of one seed always the same."""
    for kind in kinds:
        random = Random(f"{seed} {kind}")
        for _ in range(each if kind == "amount" else 1):
            if kind in MOVING:
                made = MOVING[kind](source, random)
            else:
                text = QUIET[kind](source, random)
                made = None if text is None else (text, NONE, NONE)
            if made is not None and made[0] != source.text:
                yield Edit(kind, *made)


# ── Edits that move prices ───────────────────────────────────────────────────────────────────


def _amount(source: Source, random: Random) -> Made | None:
    once = printed_once(source)
    if not once:
        return None
    price = random.choice(once)
    new = changed_amount(source, price, random)
    if new is None:
        return None
    old, came = price.amount(source.text), Decimal(new.replace(",", ""))
    return source.replaced(price.start, price.end, new), frozenset({old}), frozenset({came})


def _row_added(source: Source, random: Random) -> Made | None:
    table = _any_table(source, random)
    if table is None:
        return None
    model = random.choice([row for row in table.body if any(map(table.priced, row))])
    row = [table.filled(model[0], "Ptarmigan Nine"), *(_dearer(cell) for cell in model[1:])]
    came = frozenset().union(*(numbers_in(table.inner(cell)) for cell in row[1:]))
    if amounts_in(table.inner(model[0])) or not came:
        return None
    at = random.randint(table.head + 1, len(table.rows))
    rows = [*table.rows[:at], row, *table.rows[at:]]
    return source.replaced(table.start, table.end, table.render(rows)), NONE, came


def _row_removed(source: Source, random: Random) -> Made | None:
    table = _any_table(source, random)
    if table is None or len(table.body) < 3:
        return None
    labels = [table.words(row[0]) for row in table.body]
    alone = [
        row
        for row in table.body
        if labels.count(table.words(row[0])) == 1 and table.words(row[0])
        and any(map(table.priced, row[1:]))
    ]  # fmt: skip
    if not alone or not all(labels):
        return None
    gone = random.choice(alone)
    went = frozenset().union(*(numbers_in(table.inner(cell)) for cell in gone))
    rows = [row for row in table.rows if row is not gone]
    return source.replaced(table.start, table.end, table.render(rows)), went, NONE


def _column_added(source: Source, random: Random) -> Made | None:
    table = _any_table(source, random)
    if table is None or not table.priced_columns:
        return None
    column = random.choice(table.priced_columns)
    heads = [[*row, table.filled(row[column], "Ptarmigan tier")] for row in table.rows[:1]]
    rows = [*heads, *([*row, _dearer(row[column])] for row in table.body)]
    came = frozenset().union(*(amounts_in(table.inner(row[-1])) for row in rows[table.head :]))
    return source.replaced(table.start, table.end, table.render(rows)), NONE, came


def _column_removed(source: Source, random: Random) -> Made | None:
    table = _any_table(source, random)
    if table is None or len(table.priced_columns) < 2:
        return None
    column = random.choice(table.priced_columns)
    rows = [[*row[:column], *row[column + 1 :]] for row in table.rows]
    went = frozenset().union(*(amounts_in(table.inner(row[column])) for row in table.body))
    return source.replaced(table.start, table.end, table.render(rows)), went, NONE


def _price_sentence(source: Source, random: Random) -> Made | None:
    sentence = "Concierge support costs $8,123 per month."
    return at_the_end(source, sentence), NONE, frozenset({Decimal(8123)})


def _any_table(source: Source, random: Random) -> Table | None:
    return random.choice(source.tables) if source.tables else None


def _dearer(cell: str) -> str:
    """A cell with its prices a little over double: none that the page had."""

    def doubled(match: re.Match[str]) -> str:
        number = match["after"] or match["before"]
        amount = Decimal(number.replace(",", "")) * 2 + Decimal("0.07")
        return match.group().replace(number, f"{amount:f}")

    return MONEY.sub(doubled, cell)


# ── Edits that move nothing: of tables ───────────────────────────────────────────────────────


def _rows_reordered(source: Source, random: Random) -> str | None:
    table = _any_table(source, random)
    if table is None or not all(table.words(row[0]) for row in table.body):
        return None
    if any(not any(map(table.words, row[1:])) for row in table.body):
        return None  # banners name what stands below them
    return _with_rows(source, table, [*table.rows[: table.head], *table.body[::-1]])


def _columns_reordered(source: Source, random: Random) -> str | None:
    table = _any_table(source, random)
    if table is None or len(table.priced_columns) < 2:
        return None
    one, other = table.priced_columns[-2:]
    if table.words(table.rows[0][one]) == table.words(table.rows[0][other]):
        return None
    swap = {one: other, other: one}
    rows = [[row[swap.get(c, c)] for c in range(table.width)] for row in table.rows]
    return _with_rows(source, table, rows)


def _words_column(source: Source, random: Random) -> str | None:
    """A column that holds no price."""
    table = _any_table(source, random)
    if table is None:
        return None
    rows = [
        [*row, table.filled(row[-1], "Support" if at < table.head else "by email")]
        for at, row in enumerate(table.rows)
    ]
    return _with_rows(source, table, rows)


def _feature_row(source: Source, random: Random) -> str | None:
    table = _any_table(source, random)
    if table is None:
        return None
    row = [table.filled(cell, "Included" if at else "Backups") for at, cell in
           enumerate(table.body[0])]  # fmt: skip
    return _with_rows(source, table, [*table.rows, row])


def _banner_row(source: Source, random: Random) -> str | None:
    """A row that groups all rows below it."""
    table = _any_table(source, random)
    if table is None:
        return None
    row = [table.filled(cell, "" if at else "Our range") for at, cell in enumerate(table.body[0])]
    at = table.head
    return _with_rows(source, table, [*table.rows[:at], row, *table.rows[at:]])


def _labels(change: Callable[[str, bool], str]) -> Quiet:
    """The label of one row put otherwise."""

    def changed(source: Source, random: Random) -> str | None:
        table = _any_table(source, random)
        if table is None:
            return None
        named = [row for row in table.body if re.fullmatch(r"[\w .+-]+", table.inner(row[0]))]
        if not named:
            return None
        row = random.choice(named)
        label = table.filled(row[0], change(table.inner(row[0]), source.is_html))
        rows = [[label, *r[1:]] if r is row else r for r in table.rows]
        return _with_rows(source, table, rows)

    return changed


def _bold(label: str, is_html: bool) -> str:
    return f"<b>{label}</b>" if is_html else f"**{label}**"


def _link(label: str, is_html: bool) -> str:
    address = "https://example.org/more"
    return f'<a href="{address}">{label}</a>' if is_html else f"[{label}]({address})"


def _with_rows(source: Source, table: Table, rows: Sequence[Sequence[str]]) -> str:
    return source.replaced(table.start, table.end, table.render(rows))


def _table_moved(source: Source, random: Random) -> str | None:
    table = _any_table(source, random)
    if table is None:
        return None
    rest = Source(source.replaced(table.start, table.end, ""), source.is_html)
    return at_the_end(rest, source.text[table.start : table.end], paragraph=False)


def _table_in_tab(source: Source, random: Random) -> str | None:
    table = _any_table(source, random)
    if table is None:
        return None
    inner = source.text[table.start : table.end]
    if source.is_html:
        wrapped = (
            '<div role="tablist"><button role="tab" aria-controls="p1">Overview</button></div>'
            f'<div role="tabpanel" id="p1">{inner}</div>'
        )
    else:
        wrapped = f'<Tabs>\n<Tab title="Overview">\n\n{inner}\n</Tab>\n</Tabs>\n'
    return source.replaced(table.start, table.end, wrapped)


def _table_repeated(source: Source, random: Random) -> str | None:
    table = _any_table(source, random)
    if table is None:
        return None
    again = source.text[table.start : table.end]
    return source.replaced(table.end, table.end, again if source.is_html else f"\n{again}")


def _tables_swapped(source: Source, random: Random) -> str | None:
    """Two tables with nothing between them change places."""
    text = source.text
    for one, other in zip(source.tables, source.tables[1:], strict=False):
        between = text[one.end : other.start]
        if plain(between) or re.search(r"(?:title|label|role|id)=", between):
            continue  # it names the second one
        parts = (text[other.start : other.end], between, text[one.start : one.end])
        return source.replaced(one.start, other.end, "".join(parts))
    return None


def _caption(source: Source, random: Random) -> str | None:
    table = _any_table(source, random)
    if table is None:
        return None
    if not source.is_html:
        return source.replaced(table.start, table.start, "Our list in full:\n\n")
    if "<caption" in source.text[table.start : table.end]:
        return None
    at = source.text.index(">", table.start) + 1
    return source.replaced(at, at, "<caption>Our list in full</caption>")


def _heading_added(source: Source, random: Random) -> str | None:
    table = _any_table(source, random)
    if table is None:
        return None
    heading = "<h4>In detail</h4>" if source.is_html else "\n#### In detail\n\n"
    return source.replaced(table.start, table.start, heading)


def _heading_reworded(source: Source, random: Random) -> str | None:
    found = _heading_before(source, random)
    return source.replaced(found.end(1), found.end(1), " at a glance") if found else None


def _heading_removed(source: Source, random: Random) -> str | None:
    found = _heading_before(source, random)
    if found is None or len(source.tables) > 1:
        return None  # it tells two tables apart
    return source.replaced(found.start(), found.end(), "")


def _heading_before(source: Source, random: Random) -> re.Match[str] | None:
    """The heading right above a table, between text and the table."""
    table = _any_table(source, random)
    if table is None:
        return None
    if source.is_html:
        pattern = r"<h[1-6]\b[^<>]*>([^<>]+)</h[1-6]>"
    else:
        pattern = r"^#{1,6} +([^\n#{]*[^\n#{ ])[^\n]*\n"
    found = list(re.finditer(pattern, source.text[: table.start], re.MULTILINE))
    return found[-1] if found else None


# ── Edits that move nothing: of text and its signs ───────────────────────────────────────────


def _sentence(source: Source, random: Random) -> str:
    words = "We answer questions on weekdays."
    return at_the_start(source, f"<p>{words}</p>" if source.is_html else words)


def _cookies(source: Source, random: Random) -> str:
    words = "We use cookies to improve your experience. Accept all Reject all Settings"
    return at_the_start(source, f'<div class="consent">{words}</div>' if source.is_html else words)


def _title(source: Source, random: Random) -> str:
    if source.is_html:
        return re.sub(r"(<title[^<>]*>)", r"\1Updated: ", source.text, count=1)
    return re.sub(r"^title: *(['\"]?)", r"title: \1Updated: ", source.text, count=1, flags=re.M)


def _note(source: Source, random: Random) -> str | None:
    table = _any_table(source, random)
    if table is None:
        return None
    note = "<p>* See the terms of service.</p>" if source.is_html else "\n\\* See the terms.\n"
    return source.replaced(table.end, table.end, note)


def _questions(source: Source, random: Random) -> str:
    if source.is_html:
        added = "<h2>Questions</h2><p>Write to us at any time.</p>"
        return at_the_end(source, added, paragraph=False)
    return at_the_end(source, "## Questions\n\nWrite to us at any time.")


def _sentence_reworded(source: Source, random: Random) -> str | None:
    """A sentence with a price says that it is to be noted."""
    lines = [
        line
        for line in source.lines
        if len(amounts_in(source.text[line.start : line.end])) == 1
        and re.match(r"(?:The|A|An|Each|Every|We|All|This)\b", source.text[line.start : line.end])
    ]
    if not lines:
        return None
    at = random.choice(lines).start
    first = source.text[at].lower()
    return source.replaced(at, at + 1, f"Please note that {first}")


def _list_of_words(source: Source, random: Random) -> str:
    items = ("No card needed", "Cancel at any time")
    if source.is_html:
        listed = "".join(f"<li>{item}</li>" for item in items)
        return at_the_start(source, f"<ul>{listed}</ul>")
    return at_the_start(source, "\n".join(f"- {item}" for item in items))


MOVING: Mapping[str, Moving] = {
    "amount": _amount,
    "row added": _row_added,
    "row removed": _row_removed,
    "column added": _column_added,
    "column removed": _column_removed,
    "price sentence added": _price_sentence,
    **PRICES,
}
QUIET: Mapping[str, Quiet] = {
    "rows reordered": _rows_reordered,
    "columns reordered": _columns_reordered,
    "column of words": _words_column,
    "feature row": _feature_row,
    "banner row": _banner_row,
    "label bold": _labels(_bold),
    "label linked": _labels(_link),
    "label ™": _labels(lambda label, is_html: f"{label}™"),
    "label (new)": _labels(lambda label, is_html: f"{label} (new)"),
    "label (legacy)": _labels(lambda label, is_html: f"{label} (legacy)"),
    "label footnoted": _labels(lambda label, is_html: f"{label}<sup>1</sup>"),
    "label in capitals": _labels(lambda label, is_html: label.upper()),
    "table moved": _table_moved,
    "table in a tab": _table_in_tab,
    "table repeated": _table_repeated,
    "tables swapped": _tables_swapped,
    "caption": _caption,
    "heading added": _heading_added,
    "heading reworded": _heading_reworded,
    "heading removed": _heading_removed,
    "sentence added": _sentence,
    "cookie banner": _cookies,
    "title": _title,
    "note": _note,
    "section of words": _questions,
    "list of words": _list_of_words,
    "price sentence reworded": _sentence_reworded,
    "spaces": in_text(r"(?<=[$€£]) (?=\d)|(?<=\d) (?=(?:USD|EUR|€|per|/))", "\u00a0"),
    "dashes": in_text(r"(?<=\w) – (?=\w)|(?<=\w) — (?=\w)", " - "),
    "quotes": in_text(r"(?<=\w)'(?=[a-z])", "’"),
    "zeros": in_text(r"([$€£]\d+)(?![\d.,])(?!\w)(?! ?(?:[KkMB]|million|billion)\b)", r"\1.00"),
    **LAYOUT,
}
KINDS = (*MOVING, *QUIET)
