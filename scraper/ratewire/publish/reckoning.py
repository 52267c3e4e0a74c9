"""What use costs under a price: brackets, included quantities, fees, minimum and cap. Pure.

A line is one price as it is reckoned with: several rates, where they are the brackets of one
schedule. Quantities are in single things of the rate's unit: bytes of `GB` are converted, counts
of `1M tokens` are divided out. `templates/assets/calculator.js` reckons the same in the browser.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum
from fractions import Fraction

from ratewire.model import Quantity, Rate, Unit
from ratewire.model.units import PERIODS

__all__ = ["Line", "Step", "Way", "charge", "lines_of", "metered"]

_ZERO = Decimal(0)
_FINE = Decimal("1e-9")
"""So much more than a whole step comes of a conversion, and is none."""
_MONTHS = {"month": Decimal(1), "quarter": Decimal(3), "year": Decimal(12)}
_ASIDE = ("effective_from", "effective_to", "size", "quality")


class Way(StrEnum):
    """How often a quantity is used."""

    USE = "use"
    """By each request."""
    FEE = "fee"
    """A share of a value, by each request."""
    RECURRING = "recurring"
    """By the month or the year, whatever is requested."""
    ONCE = "once"


@dataclass(frozen=True, slots=True)
class Step:
    """A part of the use and what one thing of it costs."""

    start: Decimal
    end: Decimal | None
    each: Decimal
    rate: Rate


@dataclass(frozen=True, slots=True)
class Line:
    """One price, ready to be reckoned with."""

    steps: tuple[Step, ...]
    """In order, each from where the one before ends."""
    way: Way
    conditions: tuple[tuple[str, str], ...] = ()
    """Those of the rates but for the tier, and for what names their brackets."""
    graduated: bool | None = None
    by_request: bool = False
    """Brackets are reached by one request, not by what a month uses."""
    included: Decimal = _ZERO
    months: Decimal = Decimal(1)
    least: Decimal = _ZERO
    """One use counts as so much at least."""
    step: Decimal = _ZERO
    """One use is rounded up to whole ones of these."""

    @property
    def rate(self) -> Rate:
        return self.steps[0].rate

    @property
    def has_brackets(self) -> bool:
        first = self.steps[0]
        return len(self.steps) > 1 or bool(first.start) or first.end is not None


def metered(line: Line, use: Decimal) -> Decimal:
    """What one use counts as: at least so much, in whole steps."""
    lifted = max(use, line.least) if use > 0 else use
    if not line.step:
        return lifted
    steps = (lifted / line.step).quantize(_FINE).to_integral_value(ROUND_CEILING)
    return steps * line.step


def charge(line: Line, quantity: Decimal, value: Decimal = _ZERO) -> Decimal:
    """What so many things cost; of a fee so many, each of `value`."""
    if quantity <= 0:
        return _ZERO
    terms, rate = line.rate.terms, line.rate
    if line.way is Way.FEE:
        one = (rate.percent or _ZERO) / 100 * value + rate.amount
        return quantity * _within(one, terms.minimum, terms.cap)
    return _within(_stepped(line, max(_ZERO, quantity - line.included)), terms.minimum, terms.cap)


def _within(amount: Decimal, minimum: Decimal | None, cap: Decimal | None) -> Decimal:
    lifted = amount if minimum is None else max(amount, minimum)
    return lifted if cap is None else min(lifted, cap)


def _stepped(line: Line, quantity: Decimal) -> Decimal:
    if line.graduated:
        return sum((_part(step, quantity) * step.each for step in line.steps), _ZERO)
    for step in line.steps:
        if step.end is None or quantity <= step.end:
            return quantity * step.each if quantity > step.start else _ZERO
    return quantity * line.steps[-1].each


def _part(step: Step, quantity: Decimal) -> Decimal:
    """How much of the use lies in a step."""
    upper = quantity if step.end is None else min(quantity, step.end)
    return max(_ZERO, upper - step.start)


# ── Rates to lines ───────────────────────────────────────────────────────────────────────────


def lines_of(rates: Iterable[Rate]) -> tuple[Line, ...]:
    """Prices that can be reckoned with; those of dated rates, and of images by size, are not here.

    Under conditions other than a tier only those that have terms, or come by the month: the others
    are the same thing elsewhere, and would be counted twice.
    """
    known = [rate for rate in rates if not any(rate.conditions.get(key) for key in _ASIDE)]
    groups: dict[tuple[object, ...], list[Rate]] = defaultdict(list)
    for rate in known:
        groups[_schedule(rate, known)].append(rate)
    lines = (_line(group) for group in groups.values())
    return tuple(line for line in lines if line is not None)


def _schedule(rate: Rate, known: Sequence[Rate]) -> tuple[object, ...]:
    """What the brackets of one schedule have in common."""
    terms = rate.terms
    own = (rate.meter, rate.unit, rate.currency, rate.is_fee, terms.billing, terms.hours)
    if _bounds(rate) is None:
        return (*own, rate.conditions)
    return (*own, rate.conditions.without(_namer(rate, known)))


def _namer(rate: Rate, known: Sequence[Rate]) -> str:
    """The condition by which the page names a bracket; empty: it names it by none."""
    able = [key for key, value in rate.conditions if key != "tier" and _has_digits(value)]
    for key in able:
        rest = rate.conditions.without(key)
        if any(
            other is not rate
            and other.meter == rate.meter
            and other.terms.bracket
            and other.conditions.without(key) == rest
            for other in known
        ):
            return key
    return able[0] if able else ""


def _has_digits(text: str) -> bool:
    return any(char.isdigit() for char in text)


def _bounds(rate: Rate) -> tuple[Decimal, Decimal | None] | None:
    """Of its bracket, in single things of its unit; None: it has none that these can count."""
    bracket = rate.terms.bracket
    if bracket is None or rate.is_fee:
        return None
    factor = _things_of(bracket.of, rate.unit)
    if factor is None:
        return None
    end = None if bracket.end is None else _times(bracket.end, factor)
    return _times(bracket.start, factor), end


def _times(amount: Decimal, factor: Fraction) -> Decimal:
    return amount * factor.numerator / factor.denominator


def _things_of(of: str, unit: Unit) -> Fraction | None:
    """How many things of a unit one `of` is; a period in the unit does not count."""
    if not of:
        return Fraction(1)
    things = tuple(thing for thing in unit.things if thing not in PERIODS) or unit.things
    try:
        factor = Unit.parse(of).factor_to(Unit(Decimal(1), things))
    except ValueError:
        return None
    return None if factor is None else Fraction(factor[1]) / Fraction(factor[0])


def _counted(quantity: Quantity | None, unit: Unit) -> Decimal:
    """A quantity in single things of a unit; 0 where these cannot count it."""
    factor = _things_of(quantity.of, unit) if quantity else None
    return _times(quantity.amount, factor) if quantity and factor else _ZERO


def _line(rates: Sequence[Rate]) -> Line | None:
    first = rates[0]
    way = _way(first)
    bounded = [(bounds, rate) for rate in rates if (bounds := _bounds(rate)) is not None]
    steps = _steps(bounded) or (_step(_ZERO, None, first),)
    named = {key for key, _ in first.conditions if len({r.conditions.get(key) for r in rates}) > 1}
    if len(rates) == 1 and bounded:
        named.add(_namer(first, rates))
    conditions = tuple(first.conditions.without("tier", *named))
    if conditions and way is Way.USE and not any(rate.terms for rate in rates):
        return None
    bracket, included = first.terms.bracket, first.terms.included
    graduated = next(
        (r.terms.bracket.graduated for r in rates if r.terms.bracket
         and r.terms.bracket.graduated is not None), None,
    ) if bounded else None  # fmt: skip
    counted = [_counted(quantity, first.unit) for quantity in first.terms.least]
    return Line(
        steps,
        way,
        conditions,
        graduated,
        by_request=bool(bracket) and not graduated and "token" in first.unit.things,
        included=_counted(included, first.unit),
        months=next((_MONTHS[t] for t in first.unit.things if t in _MONTHS), Decimal(1)),
        least=max(counted, default=_ZERO) if way is Way.USE else _ZERO,
        step=_counted(first.terms.step, first.unit) if way is Way.USE else _ZERO,
    )


def _way(rate: Rate) -> Way:
    if rate.terms.billing and rate.terms.billing.every == "once":
        return Way.ONCE
    if any(thing in _MONTHS for thing in rate.unit.things):
        return Way.RECURRING
    return Way.FEE if rate.is_fee else Way.USE


def _step(start: Decimal, end: Decimal | None, rate: Rate) -> Step:
    return Step(start, end, rate.amount / rate.unit.count, rate)


def _steps(bounded: Iterable[tuple[tuple[Decimal, Decimal | None], Rate]]) -> tuple[Step, ...]:
    """Each from where the one before ends: `1–10` and `11–50` leave no gap."""
    steps: list[Step] = []
    for (start, end), rate in sorted(bounded, key=lambda one: one[0][0]):
        if not steps:
            counted = start == 1 and end is not None  # `1–10` of what is counted
            steps.append(_step(_ZERO if counted else start, end, rate))
            continue
        before = steps[-1]
        if before.end is None or before.end > start:
            before = steps[-1] = _step(before.start, start, before.rate)
        steps.append(_step(before.end or start, end, rate))
    return tuple(steps)
