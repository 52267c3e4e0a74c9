"""On which terms a price holds: brackets of use, what is included, billing, sales, hours.

What tells two rates of a page apart stands in their conditions too, in the page's words; here are
its values, for programs to reckon with.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from datetime import date, time
from decimal import Decimal
from enum import StrEnum

from ratewire.model.units import Unit

__all__ = ["Billing", "Bracket", "Hours", "Quantity", "Sale", "Terms", "Weekday", "spelled"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """So much of something: `10 GB`, `5,000 messages`."""

    amount: Decimal
    of: str = ""
    """A unit (`GB`, `1K requests`), or the page's words for what has none; empty: not said."""

    def same(self, other: Quantity) -> bool:
        """As much of the same, in whatever unit; what one side leaves unsaid is no difference."""
        return _same(self.amount, self.of, other.amount, other.of)


@dataclass(frozen=True, slots=True)
class Bracket:
    """The part of a use, a size or a turnover for which a rate holds: `first 10 TB`, `≤ 200K`."""

    start: Decimal = Decimal(0)
    end: Decimal | None = None
    """None: without an upper bound."""
    of: str = ""
    """What is counted: a unit, a currency (`USD`), or the page's words; empty: not said."""
    graduated: bool | None = None
    """True: each part of the use costs the rate of its bracket. False: all of it costs the rate of
    the bracket that it reaches. None: the page does not say."""

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise ValueError(f"a bracket does not end ({self.end}) before it starts ({self.start})")

    def same(self, other: Bracket) -> bool:
        """The same bounds, in whatever unit; what one side leaves unsaid is no difference."""
        both = {self.graduated, other.graduated} - {None}
        return (
            len(both) < 2
            and _same(self.start, self.of, other.start, other.of)
            and (self.end is None) == (other.end is None)
            and (self.end is None or _same(self.end, self.of, other.end or self.end, other.of))
        )


def _same(amount: Decimal, of: str, other: Decimal, others: str) -> bool:
    if not of or not others or of == others:
        return amount == other
    try:
        factor = Unit.parse(of).factor_to(Unit.parse(others))
    except ValueError:  # the page's own words
        return amount == other
    return factor is not None and amount * factor[1] == other * factor[0]


@dataclass(frozen=True, slots=True)
class Billing:
    """How a price is paid: `billed yearly`, `with a 3-year commitment`, once."""

    every: str = ""
    """`month`, `quarter`, `year` …, or `once`; empty: not said."""
    months: int = 0
    """How long one is committed; 0: not said."""
    upfront: str = ""
    """`all`, `partial` or `none` of a commitment is paid beforehand; empty: not said."""

    def same(self, other: Billing) -> bool:
        """Paid alike, as far as both say it."""
        mine = (self.every, self.months, self.upfront)
        theirs = (other.every, other.months, other.upfront)
        return all(a == b or not a or not b for a, b in zip(mine, theirs, strict=True))


@dataclass(frozen=True, slots=True)
class Sale:
    """A price below the usual one."""

    list_price: Decimal | None = None
    """The usual price, in the rate's currency and unit."""
    off: Decimal | None = None
    """How far below it, in hundredths, as the page says it."""
    ends: date | None = None
    """The last day; None: not said."""


class Weekday(StrEnum):
    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


@dataclass(frozen=True, slots=True)
class Hours:
    """When in the week a rate holds: peak hours, or with `outside` all but them."""

    spans: tuple[tuple[time, time], ...] = ()
    """From, to; one that ends before it begins goes over midnight. Empty: all day."""
    days: tuple[Weekday, ...] = ()
    """Empty: every day."""
    zone: str = ""
    """`UTC`, `UTC+8`, `Europe/Berlin`, as the page has it."""
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """All that a page says of one price beside the money."""

    bracket: Bracket | None = None
    included: Quantity | None = None
    """Use that costs nothing more: what a plan's price covers, or what comes before a price for
    each further unit."""
    minimum: Decimal | None = None
    """The least that is charged, in the rate's currency."""
    least: tuple[Quantity, ...] = ()
    """Use that is charged for at least: `128 KB` of an object, `30 days`."""
    step: Quantity | None = None
    """What use is rounded up to: `1 minute`."""
    cap: Decimal | None = None
    """The most that is charged for one unit, in the rate's currency."""
    billing: Billing | None = None
    sale: Sale | None = None
    hours: Hours | None = None

    def __bool__(self) -> bool:
        return self != _NONE

    def conflicts(self, other: Terms) -> bool:
        """Whether both say for what, how or when the money is due, and say it differently."""
        return (
            bool(self.bracket and other.bracket and not self.bracket.same(other.bracket))
            or bool(self.included and other.included and not self.included.same(other.included))
            or bool(self.least and other.least and not _alike(self.least, other.least))
            or bool(self.step and other.step and not self.step.same(other.step))
            or bool(self.billing and other.billing and not self.billing.same(other.billing))
            or bool(self.hours and other.hours and self.hours != other.hours)
        )


def _alike(some: tuple[Quantity, ...], others: tuple[Quantity, ...]) -> bool:
    """As many, each the same as one of the others."""
    return len(some) == len(others) and all(any(map(each.same, others)) for each in some)


_NONE = Terms()


def spelled(value: object) -> object:
    """Terms, or a part of them, as what JSON can hold; what a page does not say is left out."""
    if is_dataclass(value):
        parts = {each.name: (getattr(value, each.name), each.default) for each in fields(value)}
        return {name: spelled(part) for name, (part, usual) in parts.items() if part != usual}
    if isinstance(value, tuple):
        return [spelled(part) for part in value]
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, time):
        return value.isoformat("minutes")
    return value.isoformat() if isinstance(value, date) else value
