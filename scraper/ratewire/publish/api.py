"""The site's figures as data: versioned JSON (described by an OpenAPI document) and CSV.

Amounts are decimal strings, times RFC 3339 in UTC. What was published under `v1` keeps its
meaning; keys may be added.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from ratewire.model import (
    Availability,
    Fact,
    Incident,
    Limit,
    Multiplier,
    Passage,
    Rate,
    spelled,
)
from ratewire.model.moments import rfc3339
from ratewire.publish.calculator import calculator_file
from ratewire.publish.health import health_files
from ratewire.publish.labels import Labels, meter_order, tier_order
from ratewire.publish.ledger import Ledger
from ratewire.publish.openapi import openapi
from ratewire.publish.stated import Quoted, StatedLimit, StatedMultiplier, Watched
from ratewire.wording import data
from ratewire.wording.data import (
    AvailabilityData,
    ChangeData,
    DisputedData,
    HistoryData,
    IncidentData,
    PointData,
    PriceData,
    ProductData,
    RateData,
    SnapshotData,
    SourceData,
    SourcedLimitData,
    SourcedMultiplierData,
)
from ratewire.wording.stories import Story
from ratewire.wording.text import plain

__all__ = ["data_files"]

Json = dict[str, object]
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def data_files(ledger: Ledger) -> Mapping[str, bytes]:
    """Every data file by its path in the site."""
    products = ledger.products()
    rates = [one for product in products for one in _ordered(ledger, product.id)]
    stories = ledger.stories()
    vocabulary = ledger.vocabulary
    labels = Labels(vocabulary.words, vocabulary.meters)
    files = {
        "api/v1/rates.json": _json({"rates": [_rate(one) for one in rates]}),
        "api/v1/limits.json": _json(
            {"limits": [_limit(one) for p in products for one in ledger.limits(p.id)]}
        ),
        "api/v1/multipliers.json": _json(
            {"multipliers": [_multiplied(one) for one in ledger.multipliers()]}
        ),
        "api/v1/products.json": _json({"products": [_product(ledger, p.id) for p in products]}),
        "api/v1/changes.json": _json({"changes": [ChangeData.of(story) for story in stories]}),
        "api/v1/sources.json": _json({"sources": [_source(ledger, one) for one in ledger.watch()]}),
        "api/v1/incidents.json": _json(
            {"incidents": [IncidentData.of(i) for i in ledger.incidents(100)]}
        ),
        "api/v1/openapi.json": openapi(ledger.site.settings, vocabulary.words),
        "api/v1/rates.csv": _csv(_RATE_COLUMNS, (_rate_row(one) for one in rates)),
        "api/v1/multipliers.csv": _csv(
            _MULTIPLIER_COLUMNS, (_multiplier_row(one) for one in ledger.multipliers())
        ),
        "api/v1/changes.csv": _csv(_CHANGE_COLUMNS, _change_rows(stories)),
        "calculator/lines.json": calculator_file(ledger, labels, vocabulary),
        **health_files(ledger),
    }
    for product in products:
        files[f"api/v1/products/{product.id}.json"] = _json(
            data.plain(_product(ledger, product.id))
            | {
                "rates": [_rate(one) for one in _ordered(ledger, product.id)],
                "limits": [_limit(one) for one in ledger.limits(product.id)],
                "multipliers": [_multiplied(one) for one in ledger.multipliers(product.id)],
                "history": [_history(ledger, one) for one in _ordered(ledger, product.id)],
            }
        )
    files["api/v1/digests.json"] = _digests(files)
    return files


def _digests(files: Mapping[str, bytes]) -> bytes:
    """SHA-256 (FIPS 180-4) of each file below `api/v1/`: who has them all has one moment's data."""
    below = {name.removeprefix("api/v1/"): body for name, body in files.items()}
    return _json(
        {
            "files": {
                name: hashlib.sha256(body).hexdigest()
                for name, body in sorted(below.items())
                if f"api/v1/{name}" in files
            }
        }
    )


# ── JSON ─────────────────────────────────────────────────────────────────────────────────────


def _json(value: Json) -> bytes:
    """One key a line, and of lists one entry a line: quick to write, and fit to be compared."""
    told = {"version": 1, **data.plain(value)}
    lines = (f"{_plain(key)}: {_entries(each)}" for key, each in told.items())
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()


def _entries(value: object) -> str:
    if not isinstance(value, list) or not value:
        return _plain(value)
    return "[\n" + ",\n".join(map(_plain, value)) + "\n]"


def _plain(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _time(when: datetime | None) -> str | None:
    return rfc3339(when, timespec="seconds") if when is not None else None


def _terms(rate: Rate) -> Json:
    said = spelled(rate.terms)
    assert isinstance(said, dict)
    return said


def _ordered(ledger: Ledger, product: str) -> list[Quoted]:
    """Standard tier first, then as tables have them."""
    return sorted(
        ledger.rates(product),
        key=lambda one: (
            tier_order(one.rate.conditions.get("tier")),
            meter_order(one.rate.meter),
            one.rate.identity,
        ),
    )


def _rate(one: Quoted) -> RateData:
    seen = one.seen
    return RateData.of(
        one.rate,
        source=one.source.id,
        url=one.source.url,
        verified_on=seen.day,
        stale=seen.stale,
        disputed_by=tuple(DisputedData.of(o.rate, source=o.source.id) for o in one.others),
    )


def _limit(one: StatedLimit) -> SourcedLimitData:
    return SourcedLimitData.of(one.limit, source=one.source.id)


def _multiplied(one: StatedMultiplier) -> SourcedMultiplierData:
    return SourcedMultiplierData.of(
        one.multiplier,
        source=one.source.id,
        url=one.source.url,
        verified_on=one.seen.day,
        stale=one.seen.stale,
    )


def _product(ledger: Ledger, id: str) -> ProductData:
    known, stated = ledger.product(id), ledger.availability(id)
    assert known is not None, "products come from the ledger itself"
    return ProductData(
        id=known.id,
        name=known.name,
        publisher=known.publisher,
        aliases=known.aliases,
        stage=stated.stage if stated else None,
        availability=AvailabilityData.of(stated.fact) if stated and stated.fact else None,
        url=f"{ledger.site.settings.url}/products/{known.id}/",
    )


def _history(ledger: Ledger, one: Quoted) -> HistoryData:
    rate = one.rate
    return HistoryData(
        meter=rate.meter,
        conditions=rate.conditions,
        points=tuple(
            PointData(
                since=point.at,
                change=point.change or None,
                rate=PriceData.of(point.rate) if point.rate else None,
            )
            for point in ledger.history(rate.product, rate.meter, rate.conditions)
        ),
    )


def _source(ledger: Ledger, one: Watched) -> SourceData:
    source, snapshot = one.source, ledger.snapshot(one.source.id)
    return SourceData(
        id=source.id,
        name=source.name,
        publisher=source.publisher,
        url=source.url,
        kind=source.kind,
        every=source.every,
        stale_after=source.stale_after,
        state=one.state,
        since=one.since,
        verified_at=one.seen.at if one.seen else None,
        stale=one.seen.stale if one.seen else None,
        awaiting_confirmation=one.waiting,
        not_understood=one.unread,
        snapshot=SnapshotData(taken_at=snapshot.taken_at, capture=snapshot.capture)
        if snapshot
        else None,
    )


# ── CSV (RFC 4180) ───────────────────────────────────────────────────────────────────────────

_RATE_COLUMNS = (
    "product", "meter", "conditions", "amount", "currency", "unit", "source", "url", "verified_on",
    "percent", "terms",
)  # fmt: skip
_MULTIPLIER_COLUMNS = ("product", "conditions", "factor", "source", "url", "verified_on")
_CHANGE_COLUMNS = (
    "id", "recorded_at", "state", "kind", "source", "product", "meter", "conditions", "before",
    "after", "currency", "unit", "percent",
)  # fmt: skip


def _csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue().encode()


def _cell(value: object) -> str:
    """One line of plain text that no spreadsheet takes for a formula."""
    text = plain(str(value), 500)
    return f"'{text}" if text.startswith(_FORMULA) and not _is_number(text) else text


def _is_number(text: str) -> bool:
    return text.lstrip("-").replace(".", "", 1).isdigit()


def _pairs(fact: Rate | Multiplier) -> str:
    return ";".join(f"{key}={value}" for key, value in fact.conditions)


def _rate_row(one: Quoted) -> tuple[object, ...]:
    rate = one.rate
    return (
        rate.product, rate.meter, _pairs(rate), f"{rate.amount:f}", rate.currency, rate.unit,
        one.source.id, one.source.url, one.seen.day,
        "" if rate.percent is None else f"{rate.percent:f}", _told_terms(rate),
    )  # fmt: skip


def _multiplier_row(one: StatedMultiplier) -> tuple[object, ...]:
    fact = one.multiplier
    return (
        fact.product, _pairs(fact), f"{fact.factor:f}", one.source.id, one.source.url, one.seen.day,
    )  # fmt: skip


def _told_terms(rate: Rate) -> str:
    """As JSON, in one cell; empty: none."""
    return json.dumps(_terms(rate), ensure_ascii=False) if rate.terms else ""


def _change_rows(stories: Iterable[Story]) -> Iterable[tuple[object, ...]]:
    for story in stories:
        change = story.truth
        for altered in change.alterations:
            fact, before, after = altered.fact, altered.before, altered.after
            rate = fact if isinstance(fact, Rate) else None
            yield (
                story.change.id,
                _time(story.change.recorded_at),
                story.state,
                altered.kind.value,
                change.source,
                getattr(fact, "product", ""),
                rate.meter if rate else getattr(fact, "what", ""),
                _pairs(fact) if isinstance(fact, Rate | Multiplier) else "",
                _brief(before),
                _brief(after),
                rate.currency if rate else "",
                rate.unit if rate else "",
                "" if altered.percent is None else f"{altered.percent:f}",
            )


def _brief(fact: Fact | None) -> str:
    match fact:
        case Rate() if fact.percent is not None:
            return f"{fact.percent:f}%" + (f" + {fact.amount:f}" if fact.amount else "")
        case Rate():
            return f"{fact.amount:f}"
        case Availability():
            return fact.stage.value
        case Limit():
            return "unlimited" if fact.amount is None else f"{fact.amount:f}"
        case Incident():
            return fact.title
        case Passage():
            return fact.text
        case Multiplier():
            return f"{fact.factor:f}"
        case None:
            return ""
