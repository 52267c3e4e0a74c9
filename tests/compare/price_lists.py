"""Price lists in a few words, for tests of comparing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from ratewire.compare import Comparison, compare
from ratewire.config import CompareSettings
from ratewire.model import (
    Alteration,
    Capture,
    Change,
    Conditions,
    Evidence,
    Facts,
    Figure,
    Pending,
    Place,
    Rate,
    Reading,
    Role,
    Snapshot,
    Source,
    Unit,
)

DAY = date(2026, 7, 1)
START = datetime(2026, 7, 1, 12, tzinfo=UTC)
SOURCE = Source(id="example-prices", name="Prices", publisher="Example", url="https://example.org/")


def rate(
    product: str,
    meter: str,
    amount: str,
    *,
    per: str = "1M tokens",
    currency: str = "USD",
    excerpt: str = "",
    where: str = "",
    prose: bool = False,
    upper: str | None = None,
    **conditions: str,
) -> Rate:
    return Rate(
        product=product,
        meter=meter,
        amount=Decimal(amount),
        currency=currency,
        unit=Unit.parse(per),
        conditions=Conditions.of(conditions),
        upper=None if upper is None else Decimal(upper),
        label=product,
        evidence=Evidence(excerpt, where, ("prose: per-phrase" if prose else "table: cell",)),
    )


def table(text: str, **more: str) -> tuple[Rate, ...]:
    """Lines of `product: meter amount, meter amount`."""
    rates = []
    for line in filter(None, map(str.strip, text.splitlines())):
        product, _, cells = line.partition(":")
        for cell in cells.split(","):
            meter, amount = cell.split()
            rates.append(rate(product, meter, amount, **more))  # type: ignore[arg-type]
    return tuple(rates)


def facts(*rates: Rate | Iterable[Rate]) -> Facts:
    flat = [r for item in rates for r in ((item,) if isinstance(item, Rate) else item)]
    return Facts.of(flat)


def reading(*rates: Rate | Iterable[Rate], marks: tuple[str, ...] = ()) -> Reading:
    """A page that prints these rates and no other figure."""
    shown = facts(*rates)
    return Reading(shown, marks, printed(shown))


def printed(shown: Facts) -> tuple[Figure, ...]:
    """The figures of a page that prints its rates: a table, and below it its sentences.

    In the table a row for each product, a column for each meter with its conditions.
    """
    products = list(dict.fromkeys(rate.product for rate in shown.rates))
    columns = list(dict.fromkeys((rate.meter, rate.conditions) for rate in shown.rates))
    figures = [
        _figure(rate, products.index(rate.product), columns.index((rate.meter, rate.conditions)))
        for rate in shown.rates
    ]
    return tuple(sorted(figures, key=lambda each: (each.place.block, each.place.row)))


def _figure(rate: Rate, row: int, column: int) -> Figure:
    sign = {"USD": "$", "EUR": "€"}.get(rate.currency, f"{rate.currency} ")
    text = "Free" if rate.is_free else f"{sign}{rate.amount:f}"
    values = (rate.amount,)
    if rate.upper is not None:
        text, values = f"{text} – {sign}{rate.upper:f}", (rate.amount, rate.upper)
    where = tuple(filter(None, rate.evidence.where.split(" › ")))
    if rate.evidence.rules[0].startswith("prose"):
        place = _sentence(rate, sign, where)
    else:
        heads = (rate.meter, *(f"{key} {value}" for key, value in rate.conditions))
        place = Place(
            f"# / {rate.unit}",
            (rate.product,),
            heads=heads,
            headings=where[:-2],
            row=row,
            column=column,
        )
    return Figure(text, place, values, role=Role.RATE, rates=(rate.identity,))


def _sentence(rate: Rate, sign: str, where: tuple[str, ...]) -> Place:
    words = (
        rate.evidence.excerpt
        or f"{rate.product} {rate.meter} {rate.conditions} costs {sign}{rate.amount:f} "
        f"per {rate.unit}"
    )
    before, _, _ = words.partition(f"{sign}{rate.amount:f}")
    masked = re.sub(r"[$€]\d[\d.]*\d|[$€]\d", "#", words)
    return Place(masked, headings=where, number=len(re.findall(r"[$€]\d", before)), block=1)


def unread(words: str, text: str, *values: str, number: int = 0) -> Figure:
    """A figure of a sentence of which no reader makes anything."""
    return Figure(
        text, Place(words, number=number, block=2), tuple(map(Decimal, values)),
        reason="no words say what it is the price of",
    )  # fmt: skip


def told(alterations: Iterable[Alteration]) -> list[str]:
    """`kind product meter old>new` of each, sorted: what a reader would be told."""
    found = []
    for a in alterations:
        fact = a.fact
        name = f"{fact.product} {fact.meter}" if isinstance(fact, Rate) else str(fact.identity[0])
        old, new = (
            f"{side.amount:f}" if isinstance(side, Rate) else "-" if side is None else "+"
            for side in (a.before, a.after)
        )
        found.append(f"{a.kind} {name} {old}>{new}")
    return sorted(found)


class Page:
    """A source watched for a while: each `check` is a capture an hour after the last one."""

    def __init__(
        self,
        *,
        source: Source = SOURCE,
        settings: CompareSettings | None = None,
        step: timedelta = timedelta(hours=1),
        reader: str = "1",
    ) -> None:
        self.source, self.settings, self.step = source, settings or CompareSettings(), step
        self.reader = reader
        self.now = START
        self.snapshot: Snapshot | None = None
        self.pending: Pending | None = None
        self.log: list[Change] = []
        self.notes: list[str] = []

    def check(
        self,
        shown: Facts | Reading,
        *marks: str,
        figures: Iterable[Figure] = (),
        after: timedelta | None = None,
    ) -> Comparison:
        """`figures`: what the page prints beside its rates."""
        self.now += self.step if after is None else after
        if isinstance(shown, Facts):
            shown = Reading(shown, marks, (*printed(shown), *figures))
        body = repr(shown).encode()
        found = compare(
            self.snapshot,
            self.pending,
            shown,
            Capture(self.source.url, body, self.now),
            self.source,
            self.settings,
            self.now,
            history=self.log,
            reader=self.reader,
        )
        return self.take(found)

    def take(self, found: Comparison) -> Comparison:
        self.snapshot, self.pending = found.snapshot, found.pending
        self.log += found.changes
        self.notes += found.notes
        return found

    def told(self) -> list[str]:
        return [line for change in self.log for line in told(change.alterations)]
