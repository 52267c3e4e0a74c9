"""Price history as step lines in SVG, drawn on the server; readable without a script.

Colours come from the style sheet. A picture has a title and a description in words; the page
that shows it has the figures in a table as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from markupsafe import Markup, escape

from ratewire.publish.stated import Point
from ratewire.wording.catalogue import ENGLISH, Words
from ratewire.wording.formats import amount, day, price

__all__ = ["ChartLine", "line_of", "sparkline", "step_chart"]

_WIDTH, _HEIGHT = 360, 132
_LEFT, _RIGHT, _TOP, _BOTTOM = 4, 4, 22, 24


@dataclass(frozen=True, slots=True)
class ChartLine:
    """A rate through time, in the unit in which it stands last: (since, amount or None)."""

    points: tuple[tuple[datetime, Decimal | None], ...]
    until: datetime
    words: tuple[str, ...]
    """What each point says: `$30.00 per 1M tokens`, `not offered`."""
    amounts: tuple[str, ...]
    """The same without what it is for: `$30.00`."""
    changes: tuple[str, ...] = ()
    """Id of the change at each point; empty at the first."""

    @property
    def moves(self) -> bool:
        return len({amount for _, amount in self.points}) > 1


def line_of(points: Sequence[Point], until: datetime, words: Words = ENGLISH) -> ChartLine:
    """A rate's history as a line; amounts that its last unit cannot express are left out."""
    last = next((point.rate for point in reversed(points) if point.rate is not None), None)
    drawn: list[tuple[datetime, Decimal | None]] = []
    told: list[tuple[str, str]] = []
    changes = []
    for point in points:
        rate = point.rate
        value = rate.per(last.unit) if rate is not None and last is not None else None
        if rate is not None and (value is None or rate.currency != last.currency):  # type: ignore[union-attr]
            continue
        drawn.append((point.at, value))
        changes.append(point.change)
        gone = words("chart.not_offered")
        told.append((gone, gone) if rate is None else (price(rate, words), amount(rate, words)))
    latest = max([until, *(at for at, _ in drawn)])
    whole, short = zip(*told, strict=True) if told else ((), ())
    return ChartLine(tuple(drawn), latest, whole, short, tuple(changes))


def describe(line: ChartLine, words: Words = ENGLISH) -> str:
    """`$40.00 per 1M tokens from 3 May 2026; $30.00 … from …`"""
    told = [
        words("chart.from", price=price, day=day(at, words))
        for (at, _), price in zip(line.points, line.words, strict=True)
    ]
    return "; ".join(told)


def step_chart(line: ChartLine, name: str, key: str, words: Words = ENGLISH) -> Markup:
    """A small chart with its first and last day. `key` makes the ids unique in the page."""
    if not line.points:
        return Markup("")
    xs, ys = _places(line, _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM)
    points = [(x + _LEFT, None if y is None else y + _TOP) for x, y in zip(xs, ys, strict=True)]
    end = _WIDTH - _RIGHT
    base = _HEIGHT - _BOTTOM + 4
    dots = Markup("").join(
        Markup('<circle cx="{}" cy="{}" r="3"/>').format(_n(x), _n(y))
        for x, y in points
        if y is not None
    )
    ends = [
        Markup('<text x="{}" y="{}"{}>{}</text>').format(
            x, _HEIGHT - 4, Markup(' text-anchor="end"') if anchor else "", day(when, words)
        )
        for x, anchor, when in (
            (_LEFT, False, line.points[0][0]),
            (end, True, line.until),
        )
    ]
    if line.points[0][0].date() == line.until.date():
        ends = ends[1:]
    marks = Markup("").join(_tag(points, line, end))
    return Markup(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-labelledby="{}-t {}-d">'
        '<title id="{}-t">{}</title><desc id="{}-d">{}</desc>'
        '<line class="axis" x1="{}" y1="{}" x2="{}" y2="{}"/>'
        '<path d="{}"/>{}{}{}</svg>'
    ).format(
        _WIDTH, _HEIGHT, key, key, key, words("chart.title", rate=name), key,
        describe(line, words),
        _LEFT, base, end, base, _path(points, end), dots, marks, Markup("").join(ends),
    )  # fmt: skip


def sparkline(line: ChartLine) -> Markup:
    """A line without words, for tables; the cell beside it has the figures."""
    if not line.moves:
        return Markup("")
    xs, ys = _places(line, 72, 16)
    points = [(x + 2, None if y is None else y + 4) for x, y in zip(xs, ys, strict=True)]
    return Markup(
        '<svg class="spark" viewBox="0 0 76 24" aria-hidden="true"><path d="{}"/></svg>'
    ).format(_path(points, 74))


def _places(line: ChartLine, width: int, height: int) -> tuple[list[float], list[float | None]]:
    """From zero up, so that a step looks as large as it is."""
    start = line.points[0][0].timestamp()
    span = line.until.timestamp() - start or 1.0
    high = max((amount for _, amount in line.points if amount), default=Decimal(1))
    xs = [(at.timestamp() - start) / span * width for at, _ in line.points]
    ys = [
        None if amount is None else float((high - amount) / high) * height
        for _, amount in line.points
    ]
    return xs, ys


def _path(points: Sequence[tuple[float, float | None]], end: float) -> str:
    """Horizontal from each point to the next, then up or down; a gap where nothing was offered."""
    parts: list[str] = []
    drawing = False
    for index, (x, y) in enumerate(points):
        if y is None:
            drawing = False
            continue
        until = points[index + 1][0] if index + 1 < len(points) else end
        parts.append(f"V{_n(y)}" if drawing else f"M{_n(x)} {_n(y)}")
        parts.append(f"H{_n(until)}")
        drawing = True
    return "".join(parts)


def _tag(points: Sequence[tuple[float, float | None]], line: ChartLine, end: float) -> list[Markup]:
    """The amounts beside the first and the last step."""
    tagged = []
    shown = [i for i, (_, y) in enumerate(points) if y is not None]
    for index in dict.fromkeys(shown[:1] + shown[-1:]):
        x, y = points[index]
        assert y is not None
        text = line.amounts[index]
        last = index == shown[-1] and len(shown) > 1
        tagged.append(
            Markup('<text class="amount" x="{}" y="{}"{}>{}</text>').format(
                _n(end if last else x),
                _n(y + 17 if last and _falls(points, index) else y - 7),
                Markup(' text-anchor="end"') if last else "",
                escape(text),
            )
        )
    return tagged


def _falls(points: Sequence[tuple[float, float | None]], index: int) -> bool:
    """Whether the step to this point goes down: its amount then stands below the line."""
    before = points[index - 1][1] if index else None
    here = points[index][1]
    return before is not None and here is not None and here > before


def _n(value: float) -> str:
    """At most one decimal: small output, and the same on every machine."""
    return f"{value:.1f}".removesuffix(".0")
