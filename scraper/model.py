"""The types that flow between the stages. Imports nothing of ours.

Money is `Decimal`, times are aware and in UTC, everything is frozen. A fact's identity never
depends on where on the page it stood.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

__all__ = [
    "Alteration",
    "Availability",
    "Capture",
    "Change",
    "ChangeKind",
    "ChangeState",
    "Conditions",
    "Evidence",
    "Expectations",
    "Fact",
    "Facts",
    "Health",
    "HealthState",
    "Held",
    "Hints",
    "Impact",
    "Incident",
    "Limit",
    "Passage",
    "Pending",
    "Rate",
    "Reading",
    "Sighting",
    "Snapshot",
    "Source",
    "SourceKind",
    "Stage",
    "Unit",
    "Validators",
    "Verdict",
    "VerdictKind",
    "Window",
]


# ── Sources and captures ─────────────────────────────────────────────────────────────────────


class SourceKind(StrEnum):
    """What a page is mainly read for. Every reader still runs on every page but a status feed."""

    PRICING = "pricing"
    AVAILABILITY = "availability"
    LIMITS = "limits"
    STATUS = "status"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Hints:
    """How to read a page that needs telling; set in the source's TOML, never in code."""

    scope: str = ""
    """Heading under which alone facts are read; empty: the whole page."""
    products: tuple[str, ...] = ()
    """Keep only facts of these products (ids or `gpt-image-*` patterns); empty: all."""
    currency: str = ""
    """ISO 4217 code where the page prints bare numbers."""
    unit: str = ""
    """Unit where the page states none, as `Unit.parse` takes it."""
    meters: Mapping[str, str] = field(default_factory=dict)
    """Page's heading (any case) to meter name."""
    aliases: Mapping[str, str] = field(default_factory=dict)
    """Page's product label (any case) to product id."""
    conditions: Mapping[str, str] = field(default_factory=dict)
    """Conditions that hold for the whole page."""
    passages: tuple[str, ...] = ()
    """Headings whose text is watched word for word."""


@dataclass(frozen=True, slots=True)
class Expectations:
    """What a genuine reading of a page always has; less than this is suspect, never a change."""

    must_have: tuple[str, ...] = ()
    """`product` or `product meter`, each of which must be read."""
    min_rates: int = 0
    language: str = ""
    """BCP 47 primary tag; a page in another language is not the page."""
    currency: str = ""
    text: tuple[str, ...] = ()
    """Words that the genuine page always carries."""


@dataclass(frozen=True, slots=True)
class Source:
    """One official page watched."""

    id: str
    name: str
    publisher: str
    url: str
    kind: SourceKind = SourceKind.PRICING
    alternates: tuple[str, ...] = ()
    every: str = "1h"
    """Schedule: a duration (`30m`, `1h`, `1d`) or five cron fields."""
    rank: int = 100
    """Where two sources disagree the lower number wins."""
    stale_after: str = "3d"
    """Not seen for longer: figures turn from "verified" to "last seen on"."""
    render: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)
    """Extra request headers; `env:NAME` values are read from the environment at fetch time."""
    hints: Hints = field(default_factory=Hints)
    expect: Expectations = field(default_factory=Expectations)


@dataclass(frozen=True)
class Capture:
    """One answer of a server, decoded once; its identity is the digest of the body's bytes."""

    url: str
    """Final address, after redirects."""
    body: bytes
    """What came over the wire, after content decoding."""
    fetched_at: datetime
    status: int = 200
    media_type: str = ""
    """Lower-case, without parameters; empty where the server named none."""
    charset: str = "utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    """Only those that matter (etag, last-modified, content-language, server …), lower-case."""
    requested_url: str = ""
    """The address asked for, where a redirect led elsewhere."""

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.body).hexdigest()

    @cached_property
    def text(self) -> str:
        """The body as text; undecodable bytes become U+FFFD, never an error."""
        try:
            return self.body.decode(self.charset or "utf-8", "replace").removeprefix("\ufeff")
        except LookupError:
            return self.body.decode("utf-8", "replace").removeprefix("\ufeff")


@dataclass(frozen=True, slots=True)
class Validators:
    """What a conditional request needs (RFC 9110 §13), tied to the capture it came from.

    Without etag and last-modified the request is a plain one, and the same bytes as the stored
    capture's count as unchanged.
    """

    url: str
    """The address that answered, after redirects; a mapping of validators is keyed by it."""
    etag: str
    last_modified: str
    capture_sha256: str
    """Digest of the stored capture. Empty: nothing is stored, so no condition is sent."""
    asked: str = ""
    """The address asked, where a redirect led from it to `url`. Another address that comes to be
    redirected there is no check of this capture."""

    def hold_for(self, address: str) -> bool:
        """Are these for a check that begins at `address`?"""
        return bool(self.capture_sha256) and (self.asked or self.url) == address


class VerdictKind(StrEnum):
    GENUINE = "genuine"
    BLOCKED = "blocked"
    SHELL = "shell"
    MISSING = "missing"
    ERROR = "error"
    WRONG_LOCALE = "wrong-locale"
    TRUNCATED = "truncated"
    MOVED = "moved"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Is this capture the page at all? Only a genuine one is read."""

    kind: VerdictKind
    evidence: str = ""
    """What gave it away, in the page's own words where there are any."""

    @property
    def genuine(self) -> bool:
        return self.kind is VerdictKind.GENUINE


# ── Quantities ───────────────────────────────────────────────────────────────────────────────

_BASE: Mapping[str, tuple[str, Decimal]] = {
    "minute": ("second", Decimal(60)),
    "hour": ("second", Decimal(3600)),
    "day": ("second", Decimal(86400)),
    "week": ("second", Decimal(604800)),
    "year": ("month", Decimal(12)),
    "KB": ("B", Decimal(10**3)),
    "MB": ("B", Decimal(10**6)),
    "GB": ("B", Decimal(10**9)),
    "TB": ("B", Decimal(10**12)),
    "KiB": ("B", Decimal(2**10)),
    "MiB": ("B", Decimal(2**20)),
    "GiB": ("B", Decimal(2**30)),
    "TiB": ("B", Decimal(2**40)),
}
_PERIODS = frozenset({"second", "minute", "hour", "day", "week", "month", "year"})
_COUNT_WORDS = {"K": Decimal(10**3), "M": Decimal(10**6), "B": Decimal(10**9)}


@dataclass(frozen=True, slots=True, order=True)
class Unit:
    """What one price is for: `1M tokens`, `image`, `hour`, `GB-month`, `seat-month`.

    `count` of the product of `things` (sorted, singular). Converts exactly where both reduce to
    the same base (minutes and hours, GB and TB by SI, years of twelve months); a month is never
    days.
    """

    count: Decimal
    things: tuple[str, ...]

    @classmethod
    def of(cls, *things: str, count: int | str | Decimal = 1) -> Unit:
        """A thing of several words (`tool-call`, `input token`) is its words: what is written of
        a unit can always be read back.
        """
        words = (word for thing in things for word in thing.replace("-", " ").split())
        return cls(Decimal(count), tuple(sorted(words)))

    @classmethod
    def parse(cls, text: str) -> Unit:
        """The inverse of `str`: `1M tokens`, `1K requests`, `20 minutes`, `GB-month`, `image`.

        Raises ValueError.
        """
        words = text.split()
        if not words or len(words) > 3 or words[1:-1] not in ([], ["x"]):
            raise ValueError(f"not a unit: {text!r}; write e.g. `1M tokens`, `image`, `GB-month`")
        count = Decimal(1)
        if len(words) > 1:
            number = words[0].replace(",", "")
            factor = _COUNT_WORDS.get(number[-1:].upper())
            try:
                count = Decimal(number[:-1] if factor else number) * (factor or 1)
            except ArithmeticError:
                raise ValueError(f"not a count: {words[0]!r} in unit {text!r}") from None
            if not count.is_finite() or count <= 0:
                raise ValueError(f"a unit's count is above zero, not {words[0]!r}")
        name = _singular(words[-1]) if len(words) == 2 else words[-1]
        return cls.of(*name.split("-"), count=count)

    @property
    def normal(self) -> tuple[Decimal, tuple[str, ...]]:
        """Count and things in base units: the same things convert into each other."""
        count, things = self.count, []
        for thing in self.things:
            base, factor = _BASE.get(thing, (thing, Decimal(1)))
            count *= factor
            things.append(base)
        return count, tuple(sorted(things))

    def factor_to(self, other: Unit) -> tuple[Decimal, Decimal] | None:
        """(n, d) so that a price per `self` times n / d is the price per `other`; None: no way."""
        (mine, things), (theirs, others) = self.normal, other.normal
        return (theirs, mine) if things == others else None

    def __str__(self) -> str:
        # As people say it, a period comes last: seat-month, GB-day.
        ordered = sorted(self.things, key=lambda thing: (thing in _PERIODS, thing))
        name = "-".join(ordered)
        if self.count == 1:
            return name
        for word, factor in (("B", 10**9), ("M", 10**6), ("K", 10**3)):
            if self.count >= factor and self.count % factor == 0:
                number = f"{self.count / factor:f}{word}"
                break
        else:
            number = f"{self.count.normalize():f}"
        plural = _plural(name)
        if _singular(plural) != name:  # a plural that is another word's as well
            return f"{number} x {name}"
        return f"{number} {plural}"


def _plural(name: str) -> str:
    if name[-1:].isupper() and name.split("-")[-1] in _BASE:
        return name
    if name.endswith("y") and name[-2:-1] not in tuple("aeiou"):
        return f"{name[:-1]}ies"
    return f"{name}es" if name.endswith(("s", "x", "ch", "sh")) else f"{name}s"


def _singular(name: str) -> str:
    """The inverse of `_plural`."""
    if not name.endswith("s") or name.split("-")[-1] in _BASE:
        return name
    if name.endswith("ies"):
        return f"{name[:-3]}y"
    return name[:-2] if name.endswith(("sses", "xes", "ches", "shes")) else name[:-1]


# ── Facts ────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a fact stood and in which words."""

    excerpt: str = ""
    """The page's own words, at most a line or two."""
    where: str = ""
    """Headings, row and column, `Pricing › Image models › gpt-image-2 › Output`. No positions."""
    rules: tuple[str, ...] = ()
    """Which rules decided product, meter, conditions and unit; for `ratewire explain`."""


@dataclass(frozen=True, slots=True, order=True)
class Conditions:
    """Under what a rate holds: sorted pairs; equal sets are equal and hash alike."""

    items: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, pairs: Mapping[str, str] | None = None, /, **more: str) -> Conditions:
        return cls(tuple(sorted({**(pairs or {}), **more}.items())))

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
    """What one `unit` of `meter` of `product` costs under `conditions`. A free one is amount 0."""

    product: str
    meter: str
    amount: Decimal
    currency: str
    unit: Unit
    conditions: Conditions = Conditions()
    qualifier: str = ""
    """`from`, `up to`, `about`, or empty: exact."""
    upper: Decimal | None = None
    """The upper end where the page prints a range."""
    label: str = ""
    """The product in the page's own words and case."""
    evidence: Evidence = field(default=Evidence(), compare=False)

    def __post_init__(self) -> None:
        if not self.amount.is_finite() or self.amount < 0:
            raise ValueError(f"a rate's amount is 0 or more, not {self.amount}")

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
            and self.amount * factor[0] == other.amount * factor[1]
        )


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
    announced_on: date | None = None
    """Day on which the deprecation (or the product) was announced."""
    shutdown_on: date | None = None
    """Day on which it stops, or stopped."""
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


Fact = Rate | Availability | Limit | Incident | Passage


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
            missing=missing,
        )

    def __iter__(self) -> Iterator[Fact]:
        yield from self.rates
        yield from self.availability
        yield from self.limits
        yield from self.incidents
        yield from self.passages

    def __bool__(self) -> bool:
        return any(True for _ in self)


@dataclass(frozen=True, slots=True)
class Reading:
    """What `read` made of one genuine capture."""

    facts: Facts
    marks: tuple[str, ...] = ()
    """What a person should know of it: `visible and embedded figures disagree: …`."""


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


# ── Changes ──────────────────────────────────────────────────────────────────────────────────


class ChangeKind(StrEnum):
    RATE_UP = "rate_up"
    RATE_DOWN = "rate_down"
    ADDED = "added"
    REMOVED = "removed"
    UNIT = "unit"
    RENAMED = "renamed"
    AVAILABILITY = "availability"
    LIMIT = "limit"
    SCHEDULED = "scheduled"
    INCIDENT = "incident"
    PASSAGE = "passage"


class ChangeState(StrEnum):
    PENDING = "pending"
    CONFIRMED = "confirmed"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Alteration:
    """One fact before and after; one of them is None for what was added or removed."""

    kind: ChangeKind
    before: Fact | None
    after: Fact | None
    percent: Decimal | None = None
    """Of a rate: how much higher (or, below zero, lower) in hundredths, to two places."""

    @property
    def fact(self) -> Fact:
        fact = self.after if self.after is not None else self.before
        assert fact is not None
        return fact


@dataclass(frozen=True, slots=True)
class Window:
    """Between these two the page changed."""

    last_seen_old: datetime
    first_seen_new: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """One cause, one change: what is announced. Never edited, only followed by a correction."""

    id: str
    """Stable: the same change found twice, on two machines or from two sources of one publisher,
    has one id. A correction or withdrawal has an id of its own."""
    kind: ChangeKind
    source: str
    alterations: tuple[Alteration, ...]
    """Sorted; all of the change's kind."""
    window: Window
    before_capture: str
    after_capture: str
    state: ChangeState
    """`confirmed`, or `corrected` / `withdrawn` for an entry that follows an earlier one."""
    recorded_at: datetime
    """When it took its state."""
    publisher: str = ""
    url: str = ""
    """Address of the page that shows it."""
    note: str = ""
    """Why it was corrected or withdrawn, or what a person should know."""
    follows: str = ""
    """Id of the change that this one corrects or withdraws."""

    @property
    def products(self) -> tuple[str, ...]:
        names = {getattr(alteration.fact, "product", "") for alteration in self.alterations}
        return tuple(sorted(names - {""}))


@dataclass(frozen=True, slots=True)
class Held:
    """A reading that is suspect: nothing is announced, the old facts stand."""

    guard: str
    """Which guard: `most-gone`, `one-factor`, `currency-flipped`, `columns-shifted` …"""
    reason: str
    """In words, for the owner."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """An alteration that the page shows and that does not stand yet."""

    alteration: Alteration
    window: Window
    capture: str
    """sha256 of the capture that showed it first."""
    url: str
    last_counted: datetime
    """When it was last counted as seen."""
    times: int = 1
    """Independent captures in a row that showed it; 0: reverted, or only seen while held."""
    shown: bool = True
    """The latest reading shows it; else it is kept only for its reversals."""
    reversals: int = 0
    """How often it was seen and then gone again: each makes the proof asked for longer."""


@dataclass(frozen=True, slots=True)
class Pending:
    """The latest reading, as far as its facts do not stand yet, and what is known of them."""

    facts: Facts
    """All that the latest reading says, standing or not."""
    capture: str
    """sha256 of that reading's capture."""
    url: str
    seen_at: datetime
    sightings: tuple[Sighting, ...] = ()
    held: Held | None = None
    """Set: the reading is suspect and waits for the owner, not for a second sight."""
    rejected: tuple[str, ...] = ()
    """Keys of alterations the owner refused: not asked again for as long as the page shows them."""

    @property
    def waiting(self) -> tuple[Alteration, ...]:
        """What the page shows now and does not stand yet."""
        return tuple(sighting.alteration for sighting in self.sightings if sighting.shown)


class HealthState(StrEnum):
    OK = "ok"
    FAILING = "failing"
    BLOCKED = "blocked"
    HELD = "held"
    NEVER_SEEN = "never-seen"


@dataclass(frozen=True, slots=True)
class Health:
    """How a source does, written only when the state changes."""

    state: HealthState
    since: datetime
    detail: str = ""
    """One clause for the owner and for the site's status page."""
