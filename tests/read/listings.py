"""Random price lists as pages lay them out, with the truth beside them: for tests of the reader."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from html import escape

from hypothesis import strategies as st
from tests.read.price_words import LANGUAGES, Words

from ratewire.read.lexicon import slug

__all__ = ["LAYOUTS", "Listing", "Truth", "listings"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A cell as a page writes it."""

    text: str
    head: bool = False
    across: int = 1
    down: int = 1


@dataclass(frozen=True, slots=True)
class Sheet:
    rows: tuple[tuple[Piece, ...], ...]
    caption: str = ""
    above: str = ""

    @property
    def is_plain(self) -> bool:
        return all(cell.across == cell.down == 1 for row in self.rows for cell in row)

    def html(self) -> str:
        rows = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in self.rows)
        caption = f"<caption>{escape(self.caption)}</caption>" if self.caption else ""
        above = f"<p>{escape(self.above)}</p>" if self.above else ""
        return f"{above}<table>{caption}{rows}</table>"

    def markdown(self) -> str:
        head, *body = ("| " + " | ".join(cell.text for cell in row) + " |" for row in self.rows)
        rule = "|" + " --- |" * len(self.rows[0])
        above = self.above or self.caption
        return "\n".join(filter(None, (above and f"{above}\n", head, rule, *body)))


def _cell(cell: Piece) -> str:
    tag = "th" if cell.head else "td"
    across = f' colspan="{cell.across}"' if cell.across > 1 else ""
    down = f' rowspan="{cell.down}"' if cell.down > 1 else ""
    return f"<{tag}{across}{down}>{escape(cell.text)}</{tag}>"


@dataclass(frozen=True, slots=True)
class Truth:
    """One price of a list, with all words that tell what it is for."""

    words: tuple[str, ...]
    amount: Decimal
    currency: str
    unit: str = ""
    """Empty: the page names none."""

    @property
    def slugs(self) -> tuple[str, ...]:
        return tuple(map(slug, self.words))


@dataclass(frozen=True, slots=True)
class Listing:
    title: str
    language: str
    sheets: tuple[Sheet, ...]
    truths: tuple[Truth, ...]
    layout: str = field(default="")

    def html(self) -> str:
        body = "".join(sheet.html() for sheet in self.sheets)
        return f'<html lang="{self.language}"><h1>{escape(self.title)}</h1>{body}</html>'

    def markdown(self) -> str | None:
        """The same in Markdown; None where it has spans, which Markdown has not."""
        if not all(sheet.is_plain for sheet in self.sheets):
            return None
        return f"# {self.title}\n\n" + "\n\n".join(sheet.markdown() for sheet in self.sheets)


# ── What is drawn ────────────────────────────────────────────────────────────────────────────

_NAMES = ("Kestrel", "Lapwing", "Plover", "Dunlin", "Siskin", "Bunting", "Wryneck", "Godwit")
_PLANS = ("Essential", "Team", "Advanced", "Everything")
_amounts = st.integers(1, 99_999).map(lambda cents: Decimal(cents) / 100)


def _names(least: int = 2, most: int = 4) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(_NAMES), min_size=least, max_size=most, unique=True)


def _written(amount: Decimal, words: Words) -> str:
    number = f"{amount:,.2f}"
    if words.comma:
        number = number.translate(str.maketrans(",.", ".,"))
    return f"{number} {words.sign}" if words.after else f"{words.sign}{number}"


def _plain(amount: Decimal) -> str:
    return f"{amount:.2f}"


def _heads(*texts: str) -> tuple[Piece, ...]:
    return tuple(Piece(text, True) for text in texts)


def _row(*texts: str) -> tuple[Piece, ...]:
    return tuple(map(Piece, texts))


Draw = Callable[..., object]


@st.composite
def simple(draw: Draw, words: Words) -> tuple[tuple[Sheet, ...], tuple[Truth, ...]]:
    """A row for each item, the unit in the head."""
    unit, head = draw(st.sampled_from([("month", words.monthly), ("1K requests", words.requests)]))
    rows, truths = [], []
    for name in draw(_names()):
        amount = draw(_amounts)
        rows.append(_row(name, _written(amount, words)))
        truths.append(Truth((name,), amount, words.code, unit))
    return (Sheet((_heads(words.item, head), *rows)),), tuple(truths)


@st.composite
def plans(draw: Draw, words: Words) -> tuple[tuple[Sheet, ...], tuple[Truth, ...]]:
    """Plans along the top; rows of words stand among those of prices."""
    top = _PLANS[: draw(st.integers(2, 4))]
    rows, truths = [], []
    for name in draw(_names()):
        cells = [draw(st.one_of(st.none(), _amounts)) for _ in top]
        texts = ["–" if amount is None else _written(amount, words) for amount in cells]
        rows.append(_row(name, *texts))
        truths += [
            Truth((name, plan), amount, words.code)
            for plan, amount in zip(top, cells, strict=True)
            if amount is not None
        ]
    feature = st.sampled_from(["–", words.yes, words.hours])
    for name in draw(st.lists(st.sampled_from([words.support, words.region]), unique=True)):
        at = draw(st.integers(0, len(rows)))
        rows.insert(at, _row(name, *(draw(feature) for _ in top)))
    return (Sheet((_heads("", *top), *rows)),), tuple(truths)


@st.composite
def bands(draw: Draw, words: Words) -> tuple[tuple[Sheet, ...], tuple[Truth, ...]]:
    """From and to in columns of their own."""
    bounds = sorted(draw(st.lists(st.integers(1, 500), min_size=2, max_size=4, unique=True)))
    rows, truths = [], []
    for low, high in zip([0, *bounds], [*bounds, None], strict=False):
        amount = draw(_amounts)
        ends = f"{low} GB", "" if high is None else f"{high} GB"
        rows.append(_row(*ends, _written(amount, words)))
        truths.append(Truth(tuple(filter(None, ends)), amount, words.code))
    return (Sheet((_heads(words.start, words.end, words.price), *rows)),), tuple(truths)


@st.composite
def banners(draw: Draw, words: Words) -> tuple[tuple[Sheet, ...], tuple[Truth, ...]]:
    """A row of one cell across heads the rows below it."""
    head = draw(st.booleans())
    rows, truths = [], []
    items = draw(_names(1, 3))
    for kind in words.kinds:
        rows.append((Piece(kind, head, across=2),))
        for name in items:
            amount = draw(_amounts)
            rows.append(_row(name, _written(amount, words)))
            truths.append(Truth((kind, name), amount, words.code, "month"))
    return (Sheet((_heads(words.item, words.monthly), *rows)),), tuple(truths)


@st.composite
def two_row_heads(draw: Draw, words: Words) -> tuple[tuple[Sheet, ...], tuple[Truth, ...]]:
    """The upper head spans the regions that the lower one names."""
    upper = (Piece(words.item, True, down=2), Piece(words.monthly, True, across=2))
    rows, truths = [], []
    for name in draw(_names()):
        amounts = [draw(_amounts) for _ in words.regions]
        rows.append(_row(name, *(_written(amount, words) for amount in amounts)))
        truths += [
            Truth((name, region), amount, words.code, "month")
            for region, amount in zip(words.regions, amounts, strict=True)
        ]
    return (Sheet((upper, _heads(*words.regions), *rows)),), tuple(truths)


@st.composite
def unit_columns(draw: Draw, words: Words) -> tuple[tuple[Sheet, ...], tuple[Truth, ...]]:
    """A column says what each price is for."""
    units = st.sampled_from([("month", words.month), ("request", words.request)])
    rows, truths = [], []
    for name in draw(_names()):
        amount, (unit, word) = draw(_amounts), draw(units)
        rows.append(_row(name, word, _written(amount, words)))
        truths.append(Truth((name,), amount, words.code, unit))
    return (Sheet((_heads(words.item, words.unit, words.price), *rows)),), tuple(truths)


@st.composite
def currency_columns(draw: Draw, words: Words) -> tuple[tuple[Sheet, ...], tuple[Truth, ...]]:
    """One price in several currencies, a column each."""
    codes = draw(st.lists(st.sampled_from(["USD", "EUR", "GBP", "CHF"]), min_size=2, unique=True))
    rows, truths = [], []
    for name in draw(_names()):
        amounts = [draw(_amounts) for _ in codes]
        rows.append(_row(name, *map(_plain, amounts)))
        truths += [
            Truth((name,), amount, code) for code, amount in zip(codes, amounts, strict=True)
        ]
    return (Sheet((_heads(words.item, *codes), *rows)),), tuple(truths)


@st.composite
def bare_numbers(draw: Draw, words: Words) -> tuple[tuple[Sheet, ...], tuple[Truth, ...]]:
    """The heading alone says that its numbers are money; others count something."""
    rows, truths = [], []
    for name in draw(_names()):
        amount, count = draw(_amounts), draw(st.integers(1, 999))
        rows.append(_row(name, str(count), _plain(amount)))
        truths.append(Truth((name,), amount, words.code))
    heads = _heads(words.item, "QPS", f"{words.price} ({words.code})")
    return (Sheet((heads, *rows)),), tuple(truths)


@st.composite
def row_spans(draw: Draw, words: Words) -> tuple[tuple[Sheet, ...], tuple[Truth, ...]]:
    """An item's cell hangs down over its regions."""
    rows, truths = [], []
    for name in draw(_names()):
        for number, region in enumerate(words.regions):
            amount = draw(_amounts)
            first = (Piece(name, down=2),) if number == 0 else ()
            rows.append((*first, *_row(region, _written(amount, words))))
            truths.append(Truth((name, region), amount, words.code, "month"))
    return (Sheet((_heads(words.item, words.region, words.monthly), *rows)),), tuple(truths)


@st.composite
def captions(draw: Draw, words: Words) -> tuple[tuple[Sheet, ...], tuple[Truth, ...]]:
    """Two tables of one head and the same items, told apart by a caption or the line above."""
    items, captioned = draw(_names()), draw(st.booleans())
    sheets, truths = [], []
    for kind in words.kinds:
        rows = []
        for name in items:
            amount = draw(_amounts)
            rows.append(_row(name, _written(amount, words)))
            truths.append(Truth((kind, name), amount, words.code, "month"))
        cells = (_heads(words.item, words.monthly), *rows)
        sheets.append(Sheet(cells, kind) if captioned else Sheet(cells, "", f"{kind}:"))
    return tuple(sheets), tuple(truths)


@st.composite
def money_brackets(draw: Draw, words: Words) -> tuple[tuple[Sheet, ...], tuple[Truth, ...]]:
    """A range of sales decides the fee; it is none itself."""
    bounds = sorted(draw(st.lists(st.integers(2, 900), min_size=2, max_size=4, unique=True)))
    rows, truths = [], []
    for low, high in zip([1, *bounds], bounds, strict=False):
        amount = draw(_amounts)
        ends = Decimal(low * 1000), Decimal(high * 1000 - 1)
        bracket = " – ".join(_written(end, words) for end in ends)
        rows.append(_row(bracket, _written(amount, words)))
        truths.append(Truth((bracket,), amount, words.code))
    return (Sheet((_heads(words.sales, words.price), *rows)),), tuple(truths)


@st.composite
def remarks(draw: Draw, words: Words) -> tuple[tuple[Sheet, ...], tuple[Truth, ...]]:
    """A column of asides beside the prices, some of which are but words."""
    rows, truths = [], []
    for name in draw(_names(3, 5)):
        amount = draw(st.one_of(st.none(), _amounts))
        price = words.hours if amount is None else _written(amount, words)
        rows.append(_row(name, price, draw(st.sampled_from(["–", words.hours]))))
        if amount is not None:
            truths.append(Truth((name,), amount, words.code, "month"))
    return (Sheet((_heads(words.item, words.monthly, words.remark), *rows)),), tuple(truths)


@st.composite
def sizes(draw: Draw, words: Words) -> tuple[tuple[Sheet, ...], tuple[Truth, ...]]:
    """Two columns of sizes under one heading of a section name the rows together."""
    shapes = draw(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 64)), min_size=2, max_size=4,
                           unique=True))  # fmt: skip
    rows, truths = [], []
    for cores, memory in shapes:
        amount = draw(_amounts)
        rows.append(_row(str(cores), f"{memory} GB", _written(amount, words)))
        truths.append(Truth((), amount, words.code, "month"))
    return (Sheet((_heads("vCPU", "RAM", words.monthly), *rows)),), tuple(truths)


@st.composite
def one_row_of_plans(draw: Draw, words: Words) -> tuple[tuple[Sheet, ...], tuple[Truth, ...]]:
    """Plans along the top over a row of prices without a label."""
    top = _PLANS[: draw(st.integers(2, 4))]
    amounts = [draw(_amounts) for _ in top]
    cells = _row(*(_written(amount, words) for amount in amounts))
    truths = [Truth((p,), a, words.code) for p, a in zip(top, amounts, strict=True)]
    return (Sheet((_heads(*top), cells)),), tuple(truths)


@st.composite
def free_cells(draw: Draw, words: Words) -> tuple[tuple[Sheet, ...], tuple[Truth, ...]]:
    """Some cells say that nothing is to pay."""
    rows, truths = [], []
    for name in draw(_names()):
        amount = draw(st.one_of(st.just(Decimal(0)), _amounts))
        rows.append(_row(name, _written(amount, words) if amount else words.free))
        truths.append(Truth((name,), amount, words.code, "month"))
    rows.append(_row("Heron", _written(amount := draw(_amounts), words)))
    truths.append(Truth(("Heron",), amount, words.code, "month"))
    return (Sheet((_heads(words.item, words.monthly), *rows)),), tuple(truths)


LAYOUTS = {
    each.__name__: each
    for each in (
        simple, plans, bands, banners, two_row_heads, unit_columns, currency_columns, bare_numbers,
        row_spans, captions, money_brackets, remarks, sizes, one_row_of_plans, free_cells,
    )
}  # fmt: skip


@st.composite
def listings(draw: Draw, layout: str, languages: Sequence[str] = tuple(LANGUAGES)) -> Listing:
    """A page with one price list in the layout of that name."""
    language = draw(st.sampled_from(languages))
    words = LANGUAGES[language]
    sheets, truths = draw(LAYOUTS[layout](words))
    return Listing(f"Heron {words.price}", language, sheets, truths, layout)
