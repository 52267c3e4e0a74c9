"""The rates of one cell of a table, by what its row, its column and the table say of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from sys import intern
from types import MappingProxyType

from ratewire.model import PERIODS, Evidence, Unit
from ratewire.read.cells import CellFigure, cell_figures, holds_money, is_price
from ratewire.read.document import Cell
from ratewire.read.drafts import Draft, Precedence
from ratewire.read.effective import effective_of_figure
from ratewire.read.figures import Spot
from ratewire.read.labels import RowLabels
from ratewire.read.lexicon import fold, lexicon, slug
from ratewire.read.meters import NOTHING, Metered, join_meter, merge, read_heading, several_meters
from ratewire.read.quantities import Amount, find_amounts
from ratewire.read.remarks import named_further
from ratewire.read.shares import limits_share
from ratewire.read.sizes import bare_size, is_resolution
from ratewire.read.table_context import Context
from ratewire.read.terms.billing import billed
from ratewire.read.tongue import in_tongue
from ratewire.read.units import counted_thing, joint_unit
from ratewire.read.vocabulary import vocabulary
from ratewire.read.voids import is_no_rate

__all__ = ["read_cell_rates"]

_EACH = Unit.of("unit")
_NO_CONDITIONS: Mapping[str, str] = MappingProxyType({})
_SHORT_LABEL = 5
"""Words."""
_PER_WORD = re.compile(r"(?:per|pro|je|por|par)\s|每|毎", re.I)
_BRACKET = re.compile(r"[(（]([^()（）]{3,120})[)）]")
_LISTS = re.compile(r"\s?[/|,、]\s?")
_EACH_WORD = re.compile(r"\s*(?:each|apiece|pro Stück|c/u)\b", re.I)


def read_cell_rates(
    cell: Cell, meter: Metered, said: RowLabels, head: str, context: Context, bare: str = ""
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


def _drafts(
    figure: CellFigure, meter: Metered, said: RowLabels, head: str, cell: Cell, context: Context
) -> Iterator[Draft]:
    amount = figure.amount
    if amount.percent is not None or limits_share(figure.line, amount.start):
        return  # fee_tables.py reads them
    scope, inner = _scoped(figure.scope), _inner(figure.words)
    spare: list[tuple[str, str]] = []
    if figure.words:
        if inner.is_token_meter:
            meter = merge(meter, replace(inner, other=""))
        elif is_no_rate(figure.words):
            if "%" not in figure.words:  # `$15 (20% discount)` is what is left to pay
                return
        elif inner.other and not inner.conditions:
            spare.append(("variant", slug(named_further(figure.words))))
    if scope.is_token_meter:
        meter = merge(replace(scope, other=""), meter)
    elif figure.scope and not scope.conditions:
        spare.append(("variant", slug(figure.scope)))
    joined = merge(said.metered, meter)
    if joined.cache == "cached" and inner.other == "storage":
        joined = replace(joined, cache="cache-storage")
    conditions = {**context.conditions, **said.conditions, **joined.conditions,
                  **_timed(scope.conditions), **_timed(inner.conditions),
                  **effective_of_figure(figure, cell, context.at, context.page)}  # fmt: skip
    unit, unit_rule = _unit(amount, figure.line, joined, said, conditions, context)
    if unit == _EACH and context.billed and vocabulary().unit_price.search(head):
        unit, unit_rule = context.billed, "what is billed"
    if noted := context.said.of_note(cell, figure.words) if amount.unit is None else None:
        unit, unit_rule = noted, "footnote"
    unit = in_tongue(context.said.completed(unit), context.page.tongues)
    if inner.unit and amount.unit is None and _PER_WORD.match(figure.words):
        unit, unit_rule = inner.unit, figure.words
    modalities = _modalities(figure.words)
    if len(modalities) == 1 and _is_whole(unit, figure.words):
        unit, unit_rule = Unit.of(modalities[0]), f"{unit_rule}: all of it"
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


def _is_whole(unit: Unit, words: str) -> bool:
    """`$2/6s` for `a video of 6s`: what is paid for is the whole of it."""
    if unit.things != ("second",) or unit.count <= 1:
        return False
    lasting = rf"(?<!\d){unit.count:f}[ -]?(?:s|sec|seconds?|Sekunden|segundos|秒)(?![a-z])"
    return bool(re.search(lasting, words, re.I))


def _timed(conditions: Mapping[str, str]) -> Mapping[str, str]:
    """Peak and off-peak beside a price are its times, and leave its row and column their tier."""
    tier = conditions.get("tier", "")
    if tier not in ("peak", "off-peak"):
        return conditions
    return {**{key: value for key, value in conditions.items() if key != "tier"}, "period": tier}


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
    return read_heading(words) if words else NOTHING


def _scoped(scope: str) -> Metered:
    """What the words before all prices of a line say of each, but for their units."""
    if not scope:
        return NOTHING
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
def _rules(standing: Precedence, unit_rule: str, head: str, name: str) -> tuple[str, ...]:
    return (
        "table" if standing is not Precedence.EMBEDDED else "embedded: table",
        f"unit: {unit_rule}",
        f"meter: {head or 'order of unnamed figures'} → {name}",
    )


def _unit(
    amount: Amount,
    line: str,
    meter: Metered,
    said: RowLabels,
    conditions: Mapping[str, str],
    context: Context,
) -> tuple[Unit, str]:
    """What the figure is for, and which words said so: the nearest that say anything."""
    if _EACH_WORD.match(line[amount.end :]):
        return _EACH, "each"
    if amount.unit:
        completed = _completed(amount.unit, meter, said.label.names)
        return joint_unit(completed, said.unit), amount.unit_text
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


def _completed(unit: Unit, meter: Metered, names: Sequence[str]) -> Unit:
    """`$0.5 per DB` under `Price per month` is for a database and a month; `$0.30 per million`
    under `Requests`, or in their row, is for a million requests.
    """
    heading = meter.unit
    count = _BARE_COUNTS.get(unit.things, int(unit == Unit.of("unit", count=unit.count)))
    if count and count * unit.count >= _MANY:
        if meter.is_token_meter:  # `$1.75/M` under `Input`
            return Unit.of("token", count=count * unit.count)
        named = counted_thing(meter.other.replace("-", " "), *names)
        return Unit.of(*named.things, count=count * unit.count) if named else unit
    if heading is None or heading.count != 1 or unit.count != 1 or len(heading.things) > 1:
        return unit
    return joint_unit(unit, heading) if PERIODS.issuperset(heading.things) else unit


_MANY = 10
_BARE_COUNTS: Mapping[tuple[str, ...], int] = {("thousand",): 10**3, ("million",): 10**6}


def _excerpt(words: Sequence[str], head: str, figure: str) -> str:
    labels = " ".join(" ".join(words).split())
    text = f"{labels} | {head}: {figure}" if head else f"{labels} | {figure}"
    return text if len(text) <= 240 else text[:239] + "…"
