"""The OpenAPI 3.1 document of the published JSON; its schemas are JSON Schema 2020-12."""

from __future__ import annotations

import json
from collections.abc import Mapping

from ratewire.config import SiteSettings
from ratewire.model import (
    Basis,
    ChangeKind,
    ChangeState,
    HealthState,
    Impact,
    SourceKind,
    Stage,
    Weekday,
)
from ratewire.wording.catalogue import Words

__all__ = ["openapi"]

Schema = dict[str, object]
_TEXT: Schema = {"type": "string"}
_DAY: Schema = {"type": "string", "format": "date"}
_DATE: Schema = {
    "type": "string",
    "pattern": r"^[0-9]{4}(-Q[1-4]|-[0-9]{2}(-[0-9]{2})?)?$",
}
"""A day, or the month, quarter or year of which the page says no more."""
_TIME: Schema = {"type": "string", "format": "date-time"}
_DECIMAL: Schema = {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}
_YES: Schema = {"type": "boolean"}
_URL: Schema = {"type": "string", "format": "uri"}


def openapi(settings: SiteSettings, words: Words) -> bytes:
    """Describes every file under `api/v1/` that is data."""
    lists = {
        "rates": "Rate",
        "limits": "Limit",
        "multipliers": "Multiplier",
        "products": "Product",
        "changes": "Change",
        "sources": "Source",
        "incidents": "Incident",
    }
    paths: dict[str, object] = {
        f"/api/v1/{name}.json": _get(
            words(f"api.{name}"), _object(version=_VERSION, **{name: _list_of(schema)})
        )
        for name, schema in lists.items()
    }
    whole = {
        "allOf": [
            _ref("Product"),
            _object(
                version=_VERSION,
                rates=_list_of("Rate"),
                limits=_list_of("Limit"),
                multipliers=_list_of("Multiplier"),
                history=_list_of("History"),
            ),
        ]
    }
    digest: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
    digests = _object(version=_VERSION, files={"type": "object", "additionalProperties": digest})
    paths["/api/v1/digests.json"] = _get(words("api.digests"), digests)
    product = _get(words("api.product"), whole)
    product["parameters"] = [{"name": "id", "in": "path", "required": True, "schema": _TEXT}]
    paths["/api/v1/products/{id}.json"] = product
    document = {
        "openapi": "3.1.0",
        "info": {
            "title": settings.title,
            "version": "1",
            "description": words("api.description"),
        },
        "servers": [{"url": settings.url}],
        "paths": paths,
        "components": {"schemas": _SCHEMAS | {"Alteration": _alteration(words)}},
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _alteration(words: Words) -> Schema:
    fact: Schema = {"type": ["object", "null"], "description": words("api.fact")}
    return _object(
        kind=_one_of(ChangeKind),
        before=fact,
        after=fact,
        percent=_or_null(_DECIMAL),
        excerpts=_TEXTS,
    )


def _get(told: str, schema: Mapping[str, object]) -> dict[str, object]:
    content = {"application/json": {"schema": schema}}
    return {
        "get": {"summary": told, "responses": {"200": {"description": told, "content": content}}}
    }


def _object(optional: tuple[str, ...] = (), /, **properties: Mapping[str, object]) -> Schema:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _list_of(name: str) -> Schema:
    return {"type": "array", "items": _ref(name)}


def _one_of(kinds: type) -> Schema:
    return {"type": "string", "enum": [str(kind) for kind in kinds]}  # type: ignore[attr-defined]


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


_VERSION: Schema = {"const": 1}
_TEXTS: Schema = {"type": "array", "items": _TEXT}
_CONDITIONS: Schema = {"type": "object", "additionalProperties": _TEXT}
_PRICE: dict[str, Schema] = {
    "product": _TEXT,
    "meter": _TEXT,
    "conditions": _CONDITIONS,
    "amount": _DECIMAL,
    "currency": {"type": "string", "pattern": "^([A-Z]{3,5})?$"},
    "unit": _TEXT,
    "unit_count": _DECIMAL,
    "unit_thing": _TEXT,
    "qualifier": _TEXT,
    "upper": _DECIMAL,
    "percent": _DECIMAL,
    "bracket": _ref("Bracket"),
    "included": _ref("Quantity"),
    "minimum": _DECIMAL,
    "least": {"type": "array", "items": _ref("Quantity")},
    "step": _ref("Quantity"),
    "cap": _DECIMAL,
    "billing": _ref("Billing"),
    "sale": _ref("Sale"),
    "hours": _ref("Hours"),
}
_MAYBE = (
    "qualifier", "upper", "percent", "bracket", "included", "minimum", "least", "step", "cap",
    "billing", "sale", "hours",
)  # fmt: skip
_CLOCK: Schema = {"type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9]$"}
_TERMS: Schema = {
    "Bracket": _object(
        ("start", "end", "of", "graduated"), start=_DECIMAL, end=_DECIMAL, of=_TEXT, graduated=_YES
    ),
    "Quantity": _object(("of",), amount=_DECIMAL, of=_TEXT),
    "Billing": _object(
        ("every", "months", "upfront"), every=_TEXT, months={"type": "integer"}, upfront=_TEXT
    ),
    "Sale": _object(("list_price", "off", "ends"), list_price=_DECIMAL, off=_DECIMAL, ends=_DAY),
    "Hours": _object(
        ("spans", "days", "zone", "outside"),
        spans={
            "type": "array",
            "items": {"type": "array", "items": _CLOCK, "minItems": 2, "maxItems": 2},
        },
        days={"type": "array", "items": _one_of(Weekday)},
        zone=_TEXT,
        outside=_YES,
    ),
}
_SCHEMAS: Schema = {
    **_TERMS,
    "Price": _object(_MAYBE, **_PRICE),
    "Rate": _object(
        _MAYBE,
        **_PRICE,
        source=_TEXT,
        url=_URL,
        verified_on=_DAY,
        stale=_YES,
        disputed_by={"type": "array", "items": _ref("Price")},
    ),
    "Limit": _object(
        product=_TEXT, what=_TEXT, tier=_TEXT, amount=_or_null(_DECIMAL), unit=_TEXT, source=_TEXT
    ),
    "Multiplier": _object(
        product=_TEXT,
        conditions=_CONDITIONS,
        factor=_DECIMAL,
        label=_TEXT,
        source=_TEXT,
        url=_URL,
        verified_on=_DAY,
        stale=_YES,
    ),
    "Availability": _object(
        product=_TEXT,
        stage=_one_of(Stage),
        announced_on=_or_null(_DATE),
        shutdown_on=_or_null(_DATE),
        shutdown_not_before=_or_null(_DATE),
        replacement=_TEXT,
        exceptions=_TEXT,
        regions=_TEXTS,
    ),
    "Product": _object(
        id=_TEXT,
        name=_TEXT,
        publisher=_TEXT,
        aliases=_TEXTS,
        stage=_or_null(_one_of(Stage)),
        availability=_or_null(_ref("Availability")),
        url=_URL,
    ),
    "History": _object(
        meter=_TEXT,
        conditions=_CONDITIONS,
        points={
            "type": "array",
            "items": _object(since=_TIME, change=_or_null(_TEXT), rate=_or_null(_ref("Price"))),
        },
    ),
    "Alteration": {},
    "Change": _object(
        id=_TEXT,
        kind=_one_of(ChangeKind),
        state=_one_of(ChangeState),
        headline=_TEXT,
        source=_TEXT,
        products=_TEXTS,
        basis=_or_null({"type": "string", "enum": [one.value for one in Basis if one]}),
        looks=_or_null({"type": "integer"}),
        recorded_at=_TIME,
        updated_at=_TIME,
        window=_object(last_seen_old=_TIME, first_seen_new=_TIME),
        captures=_object(before=_TEXT, after=_TEXT),
        alterations=_list_of("Alteration"),
        note=_TEXT,
        url=_URL,
    ),
    "Source": _object(
        id=_TEXT,
        name=_TEXT,
        publisher=_TEXT,
        url=_URL,
        kind=_one_of(SourceKind),
        every=_TEXT,
        stale_after=_TEXT,
        state=_one_of(HealthState),
        since=_or_null(_TIME),
        verified_at=_or_null(_TIME),
        stale=_or_null(_YES),
        awaiting_confirmation={"type": "integer"},
        not_understood={"type": "integer"},
        snapshot=_or_null(_object(taken_at=_TIME, capture=_TEXT)),
    ),
    "Incident": _object(
        id=_TEXT,
        title=_TEXT,
        impact=_one_of(Impact),
        started_at=_TIME,
        resolved_at=_or_null(_TIME),
        components=_TEXTS,
        url=_TEXT,
    ),
}
