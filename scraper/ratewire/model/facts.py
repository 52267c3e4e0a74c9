"""What a page says: typed, each with its identity and its evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from ratewire.model.dates import StatedDate
from ratewire.model.figures import Figure, UnreadChange
from ratewire.model.lines import Lines
from ratewire.model.terms import Terms
from ratewire.model.units import Unit

__all__ = [
    "Availability",
    "Conditions",
    "Evidence",
    "Fact",
    "Facts",
    "Impact",
    "Incident",
    "Limit",
    "Multiplier",
    "Passage",
    "Rate",
    "Reading",
    "Snapshot",
    "Stage",
]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a fact stood and in which words."""

    excerpt: str = ""
    """The page's own words, at most a line or two."""
    where: str = ""
    """Headings, row and column, `Pricing › Image models › gpt-image-2 › Output`. No positions."""
    rules: tuple[str, ...] = ()
    """Which rules decided product, meter, conditions and unit; for `ratewire explain`."""
    lines: tuple[str, ...] = ()
    """Marks of the lines of the page that say it (see `Lines`), of facts that have no figure."""


@dataclass(frozen=True, slots=True, order=True)
class Conditions:
    """Under what a rate holds: sorted pairs; equal sets are equal and hash alike."""

    items: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, pairs: Mapping[str, str] | None = None, /, **more: str) -> Conditions:
        merged = {**(pairs or {}), **more} if more else pairs or {}
        return cls(tuple(sorted(merged.items())))

    def get(self, key: str, default: str = "") -> str:
        return next((value for name, value in self.items if name == key), default)

    def with_(self, **more: str) -> Conditions:
        return Conditions.of(dict(self.items), **more)

    def without(self, *keys: str) -> Conditions:
        return Conditions(tuple(pair for pair in self.items if pair[0] not in keys))

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.items)

    def __bool__(self) -> bool:
        return bool(self.items)

    def __str__(self) -> str:
        return ", ".join(f"{name} {value}" for name, value in self.items)


@dataclass(frozen=True, slots=True)
class Rate:
    """What one `unit` of `meter` of `product` costs under `conditions`. A free one is amount 0.

    With `percent` it is a fee: so many hundredths of the unit's value, and `amount` on top of it.
    """

    product: str
    meter: str
    amount: Decimal
    currency: str
    """ISO 4217, or the letters of a vendor's own unit of account (`DBU`)."""
    unit: Unit
    conditions: Conditions = Conditions()
    qualifier: str = ""
    """`from`, `up to`, `about`, or empty: exact."""
    upper: Decimal | None = None
    """The upper end where the page prints a range."""
    label: str = ""
    """The product in the page's own words and case."""
    evidence: Evidence = field(default=Evidence(), compare=False)
    percent: Decimal | None = None
    """Of a fee; below zero: a rebate. A fee without a fixed part may have no currency."""
    terms: Terms = field(default=Terms())
    """Bracket, included quantity, minimum, cap, billing, sale, hours."""

    def __post_init__(self) -> None:
        if not self.amount.is_finite() or self.amount < 0:
            raise ValueError(f"a rate's amount is 0 or more, not {self.amount}")
        if self.percent is not None and not self.percent.is_finite():
            raise ValueError(f"a fee's percentage is a number, not {self.percent}")

    @property
    def is_fee(self) -> bool:
        """A share of a value, with or without a fixed part."""
        return self.percent is not None

    @property
    def is_free(self) -> bool:
        return not self.amount and not self.percent and not self.qualifier and self.upper is None

    @property
    def billed_every(self) -> str:
        """How often it is paid: as the page says, else by the month or the year in its unit."""
        if self.terms.billing and self.terms.billing.every:
            return self.terms.billing.every
        return next((thing for thing in self.unit.things if thing in ("month", "year")), "")

    @property
    def identity(self) -> tuple[str, ...]:
        """Product, meter and conditions: what makes two rates one and the same."""
        return (self.product, self.meter, *(f"{k}={v}" for k, v in self.conditions))

    def per(self, unit: Unit) -> Decimal | None:
        """The amount for one `unit`, exact where a decimal can be; None: not convertible."""
        factor = self.unit.factor_to(unit)
        return None if factor is None else self.amount * factor[0] / factor[1]

    def same_price(self, other: Rate) -> bool:
        """The same money for the same thing, however each page puts it."""
        factor = self.unit.factor_to(other.unit)
        return (
            factor is not None
            and self.currency == other.currency
            and self.percent == other.percent
            and self.amount * factor[0] == other.amount * factor[1]
        )

    def same_terms(self, other: Rate) -> bool:
        """Due for the same part of the use, at the same times, and paid alike, as far as both
        say. A month's price paid month by month is not one paid for a year, nor a year's price,
        unless it is the same money.
        """
        if self.terms.conflicts(other.terms):
            return False
        every = self.billed_every, other.billed_every
        return every[0] == every[1] or not all(every) or self.same_price(other)


class Stage(StrEnum):
    """A product's stage of life, in the order in which it passes through them."""

    ANNOUNCED = "announced"
    LIMITED = "limited"
    PREVIEW = "preview"
    AVAILABLE = "available"
    DEPRECATED = "deprecated"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether a product can be used, since when, until when, and what follows it."""

    product: str
    stage: Stage
    announced_on: StatedDate | None = None
    """When the deprecation (or the product) was announced."""
    shutdown_on: StatedDate | None = None
    """When it stops, or stopped."""
    shutdown_not_before: StatedDate | None = None
    """`Earliest June 2026`: a lower bound, on which no clock acts."""
    replacement: str = ""
    exceptions: str = ""
    """Where the stage does not hold, in the page's words: `except on Example Cloud`."""
    regions: tuple[str, ...] = ()
    conditions: Conditions = Conditions()
    label: str = ""
    evidence: Evidence = field(default=Evidence(), compare=False)

    @property
    def identity(self) -> tuple[str, ...]:
        return (self.product, *(f"{k}={v}" for k, v in self.conditions))


@dataclass(frozen=True, slots=True)
class Limit:
    """How much of a product may be used: `what` is `rpm`, `tpm`, `ipm`, or the heading's slug."""

    product: str
    what: str
    amount: Decimal | None
    """None: the page says unlimited."""
    tier: str = ""
    unit: str = ""
    conditions: Conditions = Conditions()
    evidence: Evidence = field(default=Evidence(), compare=False)

    @property
    def identity(self) -> tuple[str, ...]:
        return (self.product, self.what, self.tier, *(f"{k}={v}" for k, v in self.conditions))


class Impact(StrEnum):
    NONE = "none"
    MAINTENANCE = "maintenance"
    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True)
class Incident:
    """From a vendor's status feed."""

    id: str
    title: str
    impact: Impact
    started_at: datetime
    resolved_at: datetime | None = None
    components: tuple[str, ...] = ()
    url: str = ""
    evidence: Evidence = field(default=Evidence(), compare=False)

    @property
    def identity(self) -> tuple[str, ...]:
        return (self.id,)


@dataclass(frozen=True, slots=True)
class Passage:
    """A watched passage of text, white space folded."""

    name: str
    text: str
    evidence: Evidence = field(default=Evidence(), compare=False)

    @property
    def identity(self) -> tuple[str, ...]:
        return (self.name,)


@dataclass(frozen=True, slots=True)
class Multiplier:
    """What prices are multiplied by under a condition: batch × 0.5, a region × 1.1."""

    product: str
    """What the page names: a product, or a way of using all of them (`batch-api`)."""
    factor: Decimal
    conditions: Conditions = Conditions()
    label: str = ""
    evidence: Evidence = field(default=Evidence(), compare=False)

    def __post_init__(self) -> None:
        if not self.factor.is_finite() or self.factor < 0:
            raise ValueError(f"a multiplier is 0 or more, not {self.factor}")

    @property
    def identity(self) -> tuple[str, ...]:
        return (self.product, *(f"{k}={v}" for k, v in self.conditions))


Fact = Rate | Availability | Limit | Incident | Passage | Multiplier


@dataclass(frozen=True, slots=True)
class Facts:
    """All that was read from one capture; each tuple sorted by identity."""

    rates: tuple[Rate, ...] = ()
    availability: tuple[Availability, ...] = ()
    limits: tuple[Limit, ...] = ()
    incidents: tuple[Incident, ...] = ()
    passages: tuple[Passage, ...] = ()
    missing: tuple[str, ...] = ()
    """Sections that announce a price list and show none: what was in them is unseen, not gone."""
    multipliers: tuple[Multiplier, ...] = ()

    @classmethod
    def of(cls, facts: Iterable[Fact], missing: tuple[str, ...] = ()) -> Facts:
        """Facts of any kinds, sorted."""
        ordered = sorted(facts, key=lambda fact: fact.identity)
        return cls(
            rates=tuple(fact for fact in ordered if isinstance(fact, Rate)),
            availability=tuple(fact for fact in ordered if isinstance(fact, Availability)),
            limits=tuple(fact for fact in ordered if isinstance(fact, Limit)),
            incidents=tuple(fact for fact in ordered if isinstance(fact, Incident)),
            passages=tuple(fact for fact in ordered if isinstance(fact, Passage)),
            multipliers=tuple(fact for fact in ordered if isinstance(fact, Multiplier)),
            missing=missing,
        )

    def __iter__(self) -> Iterator[Fact]:
        yield from self.rates
        yield from self.availability
        yield from self.limits
        yield from self.incidents
        yield from self.passages
        yield from self.multipliers

    def __bool__(self) -> bool:
        return any(True for _ in self)


@dataclass(frozen=True, slots=True)
class Reading:
    """What `read` made of one genuine capture."""

    facts: Facts
    marks: tuple[str, ...] = ()
    """What a person should know of it: `visible and embedded figures disagree: …`."""
    figures: tuple[Figure, ...] = ()
    """Every figure of the page, in its order; each in one role."""
    lines: Lines = field(default=Lines())
    """All that the page says, line by line."""


@dataclass(frozen=True, slots=True)
class OtherLook:
    """The page of another address of a source: what a later look at that address is compared with,
    and nothing else is.
    """

    asked: str
    capture: str
    """sha256."""
    taken_at: datetime


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A source's facts as of one capture: what is stored and what the site is built from."""

    source: str
    facts: Facts
    """The facts that stand: confirmed, and told where they were a change."""
    capture: str
    """sha256 of the latest capture whose whole reading stands."""
    url: str
    """Address the capture came from."""
    taken_at: datetime
    reader: str
    """Version of the reader that read it."""
    figures: tuple[Figure, ...] = ()
    """Every figure of that capture, each with the rate that it prints."""
    lines: Lines = field(default=Lines())
    """All that that capture says, line by line."""
    refused: tuple[str, ...] = ()
    """Keys of alterations that the owner refused and the page shows; as in what waits, whose file
    may get lost."""
    unsure: bool = False
    """Rebuilt from a page of which it is not certain that it stood: what differs from it waits for
    the owner."""
    asked: str = ""
    """Address that was asked for the capture, which may have led to `url`; empty in a record of an
    older ratewire."""
    begun_at: datetime | None = None
    """When the source's prices were first read; None in a record of an older ratewire."""
    unread: tuple[UnreadChange, ...] = field(default=(), compare=False)
    """Changes of figures that are not understood, as in what waits, whose file may get lost."""
    logged: int = field(default=0, compare=False)
    """Changes that the source's log has at the least."""
    others: tuple[OtherLook, ...] = ()
    """What other addresses of the source showed when they were first asked in its stead."""
