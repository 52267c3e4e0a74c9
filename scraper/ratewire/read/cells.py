"""The prices of one cell, each with the words that the cell itself says of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache

from ratewire.model import Unit
from ratewire.read.cell_dates import dated_prices
from ratewire.read.dates import Effective
from ratewire.read.document import Cell
from ratewire.read.lexicon import fold, lexicon, unnamed_columns
from ratewire.read.meters import read_heading
from ratewire.read.other_money import other_money
from ratewire.read.quantities import Amount, find_amounts, find_unit, parse_number, read_cell
from ratewire.read.sizes import size_within
from ratewire.read.terms.billing import billed
from ratewire.read.voids import is_no_rate

__all__ = [
    "CellFigure",
    "cell_figures",
    "common_unit",
    "holds_money",
    "is_free",
    "is_nothing",
    "is_price",
    "says_nothing",
    "unnamed_meters",
]

_LONGEST = 7
"""Words of a label inside a cell."""
_SHORT = 6
"""Words of a cell that is a figure with its unit rather than a sentence."""
_LONGEST_LEAD = 4
"""Words before the first amount of a cell that states it."""
_SHORT_CELL = 12
_SIGNED = r"[^\w\s]?\s*[a-z]{0,3}[$€£¥]?\s*\d[\d.,]*"
_BOUND = re.compile(
    rf"[<>≤≥]=?\s*{_SIGNED}"
    r"|(?:less than|more than|greater than|over|under|above|below|at least|at most"
    r"|unter|über|weniger als|mehr als|menos de|más de|moins de|plus de|超过|低于|不足|未満)\s*"
    rf"{_SIGNED}\s*(?:[kmb]|million|billion|mio|[a-z]{{3}})?\W*$"
)
"""`≥ $5M and < $9M`, `less than 1000 €`"""
_DIGIT = re.compile(r"\d")
_TIMES = re.compile(r"\s[x×*·]\s")
_NEAR = 4
"""Words right behind an amount that say what it is."""
_REMARK = re.compile(r"\s*[(（][^()（）;；]*[^\W\d][^()（）;；]*[)）]")
_PER = re.compile(r"(?<=\w)\s(?:per|pro|je|por|par|за|na)\s", re.I)
_STOP = re.compile(r"[(（,，;；.。:：]")
_AND = re.compile(r"[\s,;]*(?:and|or|und|oder|y|o|et|ou|和|或|または)?[\s,;]*", re.I)
_EDGES = re.compile(r"^[\s,;/|+)(：:–→⇒➔^*†‡•·-]+|[\s:：(),;/|–→⇒➔^*†‡•·-]+$")


@dataclass(frozen=True, slots=True)
class CellFigure:
    """One price of a cell with the words beside it in the cell."""

    amount: Amount
    words: str = ""
    line: str = ""
    """The line of the cell that it stands in."""
    scope: str = ""
    """What stands before all prices of the line and holds for each."""
    effective: Effective | None = None
    """From when to when it holds, as its own words say."""


def holds_money(cell: Cell) -> bool:
    return bool(find_amounts(cell.text))


def is_price(cell: Cell) -> bool:
    """Holds a line that is an amount with little beside it, or starts with one; no bound
    (`≥ $5M`), no sum worked out (`3 x $2 = $6`), no sentence that has an amount in it.
    """
    return _is_price(cell.text)


@lru_cache(maxsize=2048)
def _is_price(text: str) -> bool:
    return not _is_bound(text) and any(map(_is_price_line, text.split("\n")))


def _is_price_line(line: str) -> bool:
    amounts = find_amounts(line)
    if not amounts or _is_sum(line):
        return False
    lead = line[: amounts[0].start].split()
    return len(lead) <= _LONGEST_LEAD or len(line.split()) <= _SHORT_CELL


def _is_bound(text: str) -> bool:
    """Nothing but a sum that is not reached or is passed."""
    return bool(_BOUND.match(fold(text)))


def is_free(cell: Cell) -> bool:
    return read_cell(cell.text).kind == "free"


def _is_sum(line: str) -> bool:
    """`3 x $2 = $6`"""
    for part in line.split("=")[:-1]:
        first = _DIGIT.search(part)
        times = _TIMES.search(part, first.end()) if first else None
        if times and _DIGIT.search(part, times.end()):
            return True
    return False


def is_nothing(cell: Cell) -> bool:
    """Free, or a price of 0 of which the cell does not say for what."""
    amounts = find_amounts(cell.text)
    return is_free(cell) or (len(amounts) == 1 and not amounts[0].value and not amounts[0].unit)


def common_unit(cells: Iterable[Cell]) -> Unit | None:
    """What all prices of a row or a column are for that are more than 0; None: not of one unit."""
    amounts = [amount for cell in cells for amount in find_amounts(cell.text) if amount.value]
    units = {amount.unit for amount in amounts}
    return units.pop() if len(units) == 1 else None


def says_nothing(cell: Cell) -> bool:
    return read_cell(cell.text).kind == "none"


def cell_figures(
    cell: Cell,
    bare: str,
    currency: str,
    names: Sequence[str] = (),
    stated: bool = False,
    day: date | None = None,
) -> Iterator[CellFigure]:
    """The prices of a cell. `bare`: the currency of numbers without one; empty: such numbers are
    no prices. `currency`: what an ambiguous sign means. `names`: of the prices, where the heading
    names several (`Input / Output` over `$2 / $8`, in one line or a line each). `stated`: a
    heading gives the unit of prices that carry none. `day`: of the capture.
    """
    if is_free(cell):
        yield CellFigure(Amount(Decimal(0), "", 0, 0, cell.line), "", cell.line)
        return
    found: list[CellFigure] = []
    for written in cell.text.split("\n"):
        amounts = () if _is_sum(written) else find_amounts(written, currency=bare or currency)
        line = _without_old(written, amounts)
        amounts = tuple(
            a for a in amounts
            if not a.struck and (bare or _signed(a)) and not _is_threshold(a, written)
        )  # fmt: skip
        line, dates = dated_prices(line, amounts, day)
        when = dict(zip((amount.start for amount in amounts), dates, strict=True))
        figures = [
            replace(each, line=written, effective=when.get(each.amount.start))
            if line != written or when.get(each.amount.start)
            else each
            for each in _line_figures(line, amounts, {at for at, date in when.items() if date})
        ]
        if len(names) == len(amounts) > 1 and not any(_counts(each) for each in figures):
            pairs = zip(amounts, names, strict=True)
            figures = [CellFigure(amount, name, written) for amount, name in pairs]
        if not stated:
            figures = _with_shared_units(figures)
        found += figures
    if len(names) == len(found) > 1 and not any(figure.words for figure in found):
        found = [replace(each, words=name) for each, name in zip(found, names, strict=True)]
    if len(found) > 1 and not all(figure.words or figure.effective for figure in found[1:]):
        units = {figure.amount.unit for figure in found}
        once = [figure.amount.unit for figure in found]
        found = [found[0], *(f for f in found[1:] if f.words or f.effective
                             or len(units) == len(found)
                             or (f.amount.unit and once.count(f.amount.unit) == 1))]  # fmt: skip
    yield from found


def _counts(figure: CellFigure) -> bool:
    """Says itself which tokens it is for, whatever the heading's order."""
    return read_heading(figure.words).is_token_meter


def _without_old(line: str, amounts: Sequence[Amount]) -> str:
    """The line with old prices blanked, so that they are no words about the new ones."""
    for old in (amount for amount in amounts if amount.struck):
        line = line[: old.start] + " " * (old.end - old.start) + line[old.end :]
    return line


def _signed(amount: Amount) -> bool:
    """Is more than a number: the hint of a currency alone would make any number money."""
    return any(not (char.isdigit() or char in ".,' ") for char in amount.text)


def _is_threshold(amount: Amount, line: str) -> bool:
    """`plans over $3,300`: what is passed, or held no longer."""
    words = fold(line[: amount.start])
    return any(end == len(words) for *_, end in lexicon("not_a_rate", "before").find(words))


def _with_shared_units(figures: Sequence[CellFigure]) -> list[CellFigure]:
    """Those without a unit are for what the next one is for, or else the last: `$2 in, $8 out per
    1M`, `$2 per hour, $8`.
    """
    shared = next((f.amount for f in reversed(figures) if f.amount.unit), None)
    found: list[CellFigure] = []
    for figure in reversed(figures):
        if figure.amount.unit:
            shared = figure.amount
        found.append(_with_unit_of(figure, shared))
    return found[::-1]


def _with_unit_of(figure: CellFigure, other: Amount | None) -> CellFigure:
    if figure.amount.unit or other is None:
        return figure
    amount = replace(figure.amount, unit=other.unit, unit_text=other.unit_text)
    return replace(figure, amount=amount)


# ── the words beside each amount ─────────────────────────────────────────────────────────────


def _line_figures(
    line: str, amounts: Sequence[Amount], dated: Set[int] = frozenset()
) -> Iterator[CellFigure]:
    """The prices of one line: the first, and each further one that has a label or a unit of its
    own. `dated`: where those begin that have days of their own. What restates a price, or is
    credit, an example or the like, is none.
    """
    if not amounts:
        return
    lead, *gaps = _between(line, amounts)
    scope, lead = _scope(lead)
    behind = [_bracket(gap) for gap in gaps]
    rests = [gap[len(inside) :] for gap, inside in zip(gaps, behind, strict=True)]
    follow = _labels_follow(lead, rests, behind)
    if all(behind) and _words(lead):  # a note before labelled prices is about all of them
        scope, lead = scope or _words(lead), ""
    others, void = _others(line, amounts, gaps), False
    for at, amount in enumerate(amounts):
        ahead = rests[at - 1] if at else lead
        void = _restates(ahead) or (void and bool(_AND.fullmatch(ahead)))
        if void or others[at]:
            continue
        aside = ahead.rstrip().endswith(("(", "（"))
        alike = at and amount.unit is not None and amount.unit == amounts[at - 1].unit
        paid = _words(gaps[at]) if aside and alike and billed(gaps[at]) else ""
        if (aside and not paid) or (at and amount.qualifier == "about"):
            continue
        label = (behind[at], rests[at] if follow else ahead)
        words = paid or " ".join(filter(None, map(_words, label)))
        words, figure = _with_own_unit(words, amount)
        if not words and read_heading(figure.unit_text).is_token_meter:
            words = figure.unit_text
        words = words or size_within(figure.unit_text)
        undated = amount.start not in dated
        if at and undated and not words and figure.unit in (None, amounts[at - 1].unit):
            continue
        yield CellFigure(figure, words if len(words.split()) <= _LONGEST else "", line, scope)


def _with_own_unit(words: str, amount: Amount) -> tuple[str, Amount]:
    """`$3 out per 1M`: what a label behind a price is followed by is what it is for."""
    led = _PER.search(words) if amount.unit is None else None
    found = find_unit(words[led.start() :]) if led else None
    if led is None or found is None or fold(found[1]) != fold(words[led.start() :]):
        return words, amount
    return words[: led.start()].strip(), replace(amount, unit=found[0], unit_text=found[1])


def _scope(lead: str) -> tuple[str, str]:
    """`≤ 32K: input $2, output $8`: what stands before the first label holds for the line."""
    first, colon, rest = lead.replace("：", ":").partition(":")
    if colon and _words(rest) and read_heading(first).conditions:
        return _words(first), rest
    return "", lead


def _labels_follow(lead: str, rests: Sequence[str], brackets: Sequence[str]) -> bool:
    """Whether labels stand behind their prices: `$2 input / $6 output`, `$1 (text)`."""
    if _words(lead):
        return False
    if _is_label_behind(rests[0]):
        return True
    return bool(brackets[0]) and all(brackets) and len(rests) == 1


def _bracket(gap: str) -> str:
    """A remark in brackets right behind a price: `$0.50 (text / image)`."""
    match = _REMARK.match(gap)
    return match.group() if match else ""


def _restates(ahead: str) -> bool:
    """`$2 per 1M tokens, equivalent to $0.0011 per image`: the same price once more."""
    return bool(lexicon("not_a_rate", "restated").search(fold(ahead)))


def _others(line: str, amounts: Sequence[Amount], gaps: Sequence[str]) -> list[str]:
    """What each amount is, if it is no price: credit, a deposit, an example. Of a cell that is
    short only the words right behind an amount say it.
    """
    behind = (" ".join(_STOP.split(gap)[0].split()[:_NEAR]) for gap in gaps)
    found = ["label" if is_no_rate(words) or _is_of_sales(words) else "" for words in behind]
    ahead = (line[: amount.start] for amount in amounts)
    found = [one or ("saving" if _is_saved(words) else "")
             for one, words in zip(found, ahead, strict=True)]  # fmt: skip
    if len(line.split()) <= _SHORT or any(map(_restates, gaps)):
        return found
    return [one or other for one, other in zip(found, other_money(line, amounts), strict=True)]


def _is_saved(before: str) -> bool:
    """`Save $20`"""
    words = fold(before).rstrip(" *_:~")
    return any(
        meaning == "saving" and end == len(words)
        for meaning, _, end in lexicon("clause").find(words)
    )


def _is_of_sales(words: str) -> bool:
    """`$900 /mo in sales`"""
    return bool(lexicon("nature", "turnover").match(fold(words)))


def _between(line: str, amounts: Sequence[Amount]) -> Iterator[str]:
    """The text before the first amount, and that after each."""
    end = 0
    for amount in amounts:
        yield line[end : amount.start]
        end = max(amount.end, amount.unit_end)
    yield line[end:]


def _words(text: str) -> str:
    return _EDGES.sub("", text).strip()


def _is_label_behind(text: str) -> bool:
    """`$2 input / $6 output`, `$1.25, prompts ≤ 200K`: what stands after a price is its label;
    but not in `$5 (cached: $0.50)`, where it leads to the next.
    """
    words = _words(text)
    if not words or text.rstrip().endswith((":", "：", "(", "=")) or len(words.split()) > _LONGEST:
        return False
    meant = read_heading(words)
    known = meant.is_token_meter and not meant.other
    return known or "context" in meant.conditions or bool(lexicon("modality").first(fold(words)))


# ── numbers without headings ─────────────────────────────────────────────────────────────────


def unnamed_meters(cells: Sequence[Cell]) -> tuple[str, ...]:
    """Meters of a row of bare numbers by the order in which such lists are written."""
    if any(holds_money(cell) and not re.fullmatch(r"[^\w]*[\d.,]+", cell.line) for cell in cells):
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
