"""A small site and changes of every kind, for tests of what is published and announced."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from ratewire.config import (
    AnnounceSettings,
    CompareSettings,
    FetchSettings,
    Product,
    Site,
    SiteSettings,
    SubscribeSettings,
)
from ratewire.model import (
    Alteration,
    Availability,
    Change,
    ChangeKind,
    ChangeState,
    Conditions,
    Evidence,
    Impact,
    Incident,
    Limit,
    Passage,
    Rate,
    Source,
    Stage,
    StatedDate,
    Unit,
    Window,
)

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
"""A Monday, after the hour of digests."""


def make_site(
    root: Path = Path("/nowhere"),
    *,
    announce: AnnounceSettings | None = None,
    settings: Mapping[str, Any] | None = None,
) -> Site:
    return Site(
        root,
        SiteSettings(
            **{"title": "Example Prices", "url": "https://prices.example"} | dict(settings or {})
        ),
        FetchSettings(),
        CompareSettings(),
        announce or AnnounceSettings(),
        SubscribeSettings(),
        (
            Source("acme-pricing", "Acme pricing", "Acme", "https://acme.example/pricing"),
            Source("brush-docs", "Model docs", "Brush", "https://brush.example/docs"),
        ),
        (Product("paint-2", "Paint 2", "Acme"), Product("draw-1", "Draw 1", "Brush")),
    )


def rate(
    amount: str = "32.00",
    product: str = "paint-2",
    meter: str = "image.output",
    unit: str = "1M tokens",
    label: str = "",
    excerpt: str = "",
    **conditions: str,
) -> Rate:
    return Rate(
        product,
        meter,
        Decimal(amount),
        "USD",
        Unit.parse(unit),
        Conditions.of(conditions),
        label=label,
        evidence=Evidence(excerpt=excerpt),
    )


def step(before: Rate, after: Rate) -> Alteration:
    percent = ((after.amount / before.amount - 1) * 100).quantize(Decimal("0.01"))
    kind = ChangeKind.RATE_UP if percent > 0 else ChangeKind.RATE_DOWN
    return Alteration(kind, before, after, percent)


def change(
    id: str,
    *alterations: Alteration,
    at: datetime = NOW,
    source: str = "acme-pricing",
    state: ChangeState = ChangeState.CONFIRMED,
    url: str = "https://acme.example/pricing",
    note: str = "",
    follows: str = "",
    kind: ChangeKind | None = None,
) -> Change:
    return Change(
        id=id,
        kind=kind or (alterations[0].kind if alterations else ChangeKind.RATE_DOWN),
        source=source,
        alterations=alterations,
        window=Window(at - timedelta(hours=2), at - timedelta(hours=1)),
        before_capture="a" * 64,
        after_capture="b" * 64,
        state=state,
        recorded_at=at,
        url=url,
        note=note,
        follows=follows,
    )


def cut(id: str = "cut", at: datetime = NOW, **more: Any) -> Change:
    """A price cut from $32.00 to $30.00."""
    return change(id, step(rate("32.00"), rate("30.00")), at=at, **more)


def retraction(of: Change, id: str = "", at: datetime | None = None) -> Change:
    at = at or of.recorded_at + timedelta(hours=3)
    note = "The page showed a draft."
    return change(
        id or f"{of.id}-retracted", at=at, state=ChangeState.RETRACTED, note=note,
        follows=of.id, kind=of.kind, source=of.source,
    )  # fmt: skip


def correction(of: Change, *alterations: Alteration, at: datetime | None = None) -> Change:
    at = at or of.recorded_at + timedelta(hours=3)
    return change(
        f"{of.id}-corrected", *alterations, at=at, state=ChangeState.CORRECTED,
        note="The unit was misread.", follows=of.id, kind=of.kind, source=of.source,
    )  # fmt: skip


def of_every_kind() -> tuple[Change, ...]:
    """One change of each kind, an hour apart, oldest first."""
    listed = Availability("draw-1", Stage.AVAILABLE)
    leaving = replace(
        listed,
        stage=Stage.DEPRECATED,
        shutdown_on=StatedDate(date(2026, 11, 3)),
        replacement="paint-2",
    )
    incident = Incident("i1", "Slow image generation", Impact.MAJOR, NOW - timedelta(hours=9))
    passage = Passage("Billing", "You pay for each image.")
    kinds = (
        step(rate("32.00"), rate("30.00")),
        step(rate("5.00", meter="text.input"), rate("6.00", meter="text.input")),
        Alteration(ChangeKind.ADDED, None, rate("8.00", meter="text.input.cached")),
        Alteration(ChangeKind.REMOVED, rate("9.00", tier="batch"), None),
        Alteration(ChangeKind.UNIT, rate("30.00"), rate("0.04", unit="image")),
        Alteration(ChangeKind.RENAMED, rate("1", product="draw-0"), rate("1", product="draw-1")),
        Alteration(ChangeKind.AVAILABILITY, listed, leaving),
        Alteration(
            ChangeKind.LIMIT,
            Limit("paint-2", "tpm", Decimal(100000), "tier-1"),
            Limit("paint-2", "tpm", Decimal(250000), "tier-1"),
            Decimal("150"),
        ),
        Alteration(ChangeKind.SCHEDULED, rate("30.00"), rate("28.00", effective_from="2026-12-01")),
        Alteration(ChangeKind.INCIDENT, None, incident),
        Alteration(ChangeKind.PASSAGE, passage, replace(passage, text="You pay for each try.")),
    )
    start = NOW - timedelta(hours=len(kinds))
    return tuple(
        change(f"c{n:02}", alteration, at=start + timedelta(hours=n))
        for n, alteration in enumerate(kinds)
    )
