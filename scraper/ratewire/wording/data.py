"""Facts and changes as the JSON that programs read: in a site's files, in webhooks, in `consume`.

One type for each. `schema` describes them, `structure` reads them back. A key with a default is
left out where it has that value. Amounts are decimal strings, times RFC 3339 in UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Annotated, Any, Self, TypeVar

from cattrs import Converter, transform_error

from ratewire.model import (
    Alteration,
    Availability,
    Basis,
    Billing,
    Bracket,
    ChangeKind,
    ChangeState,
    Conditions,
    Fact,
    HealthState,
    Hours,
    Impact,
    Incident,
    Limit,
    Multiplier,
    Passage,
    Quantity,
    Rate,
    Sale,
    SourceKind,
    Stage,
    StatedDate,
    Terms,
    Unit,
    Window,
)
from ratewire.model.moments import rfc3339
from ratewire.record.codec import converter
from ratewire.wording.stories import Story

__all__ = [
    "AlterationData",
    "AvailabilityData",
    "Captures",
    "ChangeData",
    "DisputedData",
    "FactData",
    "HistoryData",
    "IncidentData",
    "LimitData",
    "MultiplierData",
    "PassageData",
    "PointData",
    "PriceData",
    "ProductData",
    "RateData",
    "SnapshotData",
    "SourceData",
    "SourcedLimitData",
    "SourcedMultiplierData",
    "fact_data",
    "plain",
    "structure",
]

T = TypeVar("T")
Url = Annotated[str, "uri"]
Currency = Annotated[str, "^([A-Z]{3,5})?$"]
"""ISO 4217, or the letters of a vendor's own unit of account."""


@dataclass(frozen=True, kw_only=True)
class PriceData:
    product: str
    meter: str
    conditions: Conditions
    amount: Decimal
    currency: Currency
    unit: Unit
    unit_count: Decimal
    unit_thing: str
    qualifier: str = ""
    upper: Decimal | None = None
    percent: Decimal | None = None
    bracket: Bracket | None = None
    included: Quantity | None = None
    minimum: Decimal | None = None
    least: tuple[Quantity, ...] = ()
    step: Quantity | None = None
    cap: Decimal | None = None
    billing: Billing | None = None
    sale: Sale | None = None
    hours: Hours | None = None

    @classmethod
    def of(cls, rate: Rate, **more: Any) -> Self:
        """`more`: what a subclass has besides."""
        return cls(
            product=rate.product,
            meter=rate.meter,
            conditions=rate.conditions,
            amount=rate.amount,
            currency=rate.currency,
            unit=rate.unit,
            unit_count=rate.unit.count,
            unit_thing="-".join(rate.unit.things),
            qualifier=rate.qualifier,
            upper=rate.upper,
            percent=rate.percent,
            **{each.name: getattr(rate.terms, each.name) for each in fields(Terms)},
            **more,
        )

    @property
    def rate(self) -> Rate:
        """Without its terms."""
        return Rate(
            self.product,
            self.meter,
            self.amount,
            self.currency,
            self.unit,
            self.conditions,
            self.qualifier,
            self.upper,
            percent=self.percent,
        )


@dataclass(frozen=True, kw_only=True)
class DisputedData(PriceData):
    """What another source says of the same thing."""

    source: str


@dataclass(frozen=True, kw_only=True)
class RateData(PriceData):
    """A price, and who says so."""

    source: str
    url: Url
    verified_on: date
    stale: bool
    disputed_by: tuple[DisputedData, ...]


class _OfFact:
    """Whose fields are the fact's, under the same names."""

    @classmethod
    def of(cls, fact: Fact, **more: Any) -> Self:
        """`more`: what the fact itself does not have."""
        names = [each.name for each in fields(cls) if each.name not in more]  # type: ignore[arg-type]
        return cls(**{name: getattr(fact, name) for name in names}, **more)


@dataclass(frozen=True, kw_only=True)
class AvailabilityData(_OfFact):
    product: str
    stage: Stage
    announced_on: StatedDate | None
    shutdown_on: StatedDate | None
    shutdown_not_before: StatedDate | None
    replacement: str
    exceptions: str
    regions: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class LimitData(_OfFact):
    product: str
    what: str
    tier: str
    amount: Decimal | None
    unit: str


@dataclass(frozen=True, kw_only=True)
class SourcedLimitData(LimitData):
    source: str


@dataclass(frozen=True, kw_only=True)
class IncidentData(_OfFact):
    id: str
    title: str
    impact: Impact
    started_at: datetime
    resolved_at: datetime | None
    components: tuple[str, ...]
    url: str


@dataclass(frozen=True, kw_only=True)
class PassageData(_OfFact):
    name: str
    text: str


@dataclass(frozen=True, kw_only=True)
class MultiplierData(_OfFact):
    product: str
    conditions: Conditions
    factor: Decimal


@dataclass(frozen=True, kw_only=True)
class SourcedMultiplierData(MultiplierData):
    label: str
    source: str
    url: Url
    verified_on: date
    stale: bool


_OtherData = AvailabilityData | LimitData | IncidentData | PassageData | MultiplierData
FactData = PriceData | _OtherData
_DATA: Mapping[type, type[_OtherData]] = {
    Availability: AvailabilityData,
    Limit: LimitData,
    Incident: IncidentData,
    Passage: PassageData,
    Multiplier: MultiplierData,
}


def fact_data(fact: Fact) -> FactData:
    return PriceData.of(fact) if isinstance(fact, Rate) else _DATA[type(fact)].of(fact)


@dataclass(frozen=True, kw_only=True)
class AlterationData:
    kind: ChangeKind
    before: FactData | None
    after: FactData | None
    percent: Decimal | None
    excerpts: tuple[str, ...]

    @classmethod
    def of(cls, altered: Alteration) -> AlterationData:
        before, after = altered.before, altered.after
        return cls(
            kind=altered.kind,
            before=fact_data(before) if before is not None else None,
            after=fact_data(after) if after is not None else None,
            percent=altered.percent,
            excerpts=tuple(one.evidence.excerpt for one in (before, after) if one is not None),
        )


@dataclass(frozen=True, kw_only=True)
class Captures:
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class ChangeData:
    id: str
    kind: ChangeKind
    state: ChangeState
    headline: str
    source: str
    products: tuple[str, ...]
    basis: Basis | None
    looks: int | None
    recorded_at: datetime
    updated_at: datetime
    window: Window
    captures: Captures
    alterations: tuple[AlterationData, ...]
    note: str
    url: Url

    @classmethod
    def of(cls, story: Story, **more: Any) -> Self:
        """As it is now known. `more`: what a subclass has besides."""
        change, truth = story.change, story.truth
        return cls(
            id=change.id,
            kind=truth.kind,
            state=story.latest.state,
            headline=story.headline,
            source=truth.source,
            products=truth.products,
            basis=change.basis or None,
            looks=change.looks or None,
            recorded_at=change.recorded_at,
            updated_at=story.updated,
            window=truth.window,
            captures=Captures(before=truth.before_capture, after=truth.after_capture),
            alterations=tuple(map(AlterationData.of, truth.alterations)),
            note=story.latest.note,
            url=story.url,
            **more,
        )


@dataclass(frozen=True, kw_only=True)
class ProductData:
    id: str
    name: str
    publisher: str
    aliases: tuple[str, ...]
    stage: Stage | None
    availability: AvailabilityData | None
    url: Url


@dataclass(frozen=True, kw_only=True)
class PointData:
    since: datetime
    change: str | None
    rate: PriceData | None


@dataclass(frozen=True, kw_only=True)
class HistoryData:
    meter: str
    conditions: Conditions
    points: tuple[PointData, ...]


@dataclass(frozen=True, kw_only=True)
class SnapshotData:
    taken_at: datetime
    capture: str


@dataclass(frozen=True, kw_only=True)
class SourceData:
    id: str
    name: str
    publisher: str
    url: Url
    kind: SourceKind
    every: str
    stale_after: str
    state: HealthState
    since: datetime | None
    verified_at: datetime | None
    stale: bool | None
    awaiting_confirmation: int
    not_understood: int
    snapshot: SnapshotData | None


# ── JSON ─────────────────────────────────────────────────────────────────────────────────────


def _to_bool(value: Any, _: type) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"neither true nor false: {value!r}")
    return value


def _published() -> Converter:
    made = converter(omit_if_default=True)
    made.register_unstructure_hook(datetime, partial(rfc3339, timespec="seconds"))
    made.register_structure_hook(bool, _to_bool)
    return made


_CONVERTER = _published()


def plain(value: object) -> Any:
    """As what `json` can write."""
    return _CONVERTER.unstructure(value)


def structure(value: Any, cls: type[T]) -> T:
    """The inverse of `plain`. Raises ValueError that names each key that is wrong."""
    try:
        return _CONVERTER.structure(value, cls)
    except Exception as error:
        raise ValueError("; ".join(transform_error(error)) or str(error)) from error
