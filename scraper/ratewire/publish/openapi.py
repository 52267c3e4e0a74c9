"""The OpenAPI 3.1 document of the published JSON; its schemas are JSON Schema 2020-12."""

from __future__ import annotations

import json
from collections.abc import Mapping

from ratewire.config import SiteSettings
from ratewire.wording.catalogue import Words
from ratewire.wording.data import (
    ChangeData,
    HistoryData,
    IncidentData,
    ProductData,
    RateData,
    SourceData,
    SourcedLimitData,
    SourcedMultiplierData,
)
from ratewire.wording.schema import Schema, list_of, ref, schemas

__all__ = ["openapi"]

_VERSION: Schema = {"const": 1}
_LISTS: Mapping[str, type] = {
    "rates": RateData,
    "limits": SourcedLimitData,
    "multipliers": SourcedMultiplierData,
    "products": ProductData,
    "changes": ChangeData,
    "sources": SourceData,
    "incidents": IncidentData,
}


def openapi(settings: SiteSettings, words: Words) -> bytes:
    """Describes every file under `api/v1/` that is data."""
    paths: dict[str, object] = {
        f"/api/v1/{name}.json": _get(
            words(f"api.{name}"), _object(version=_VERSION, **{name: list_of(schema)})
        )
        for name, schema in _LISTS.items()
    }
    whole = {
        "allOf": [
            ref(ProductData),
            _object(
                version=_VERSION,
                rates=list_of(RateData),
                limits=list_of(SourcedLimitData),
                multipliers=list_of(SourcedMultiplierData),
                history=list_of(HistoryData),
            ),
        ]
    }
    digest: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
    digests = _object(version=_VERSION, files={"type": "object", "additionalProperties": digest})
    paths["/api/v1/digests.json"] = _get(words("api.digests"), digests)
    product = _get(words("api.product"), whole)
    product["parameters"] = [
        {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    ]
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
        "components": {"schemas": schemas(*_LISTS.values(), HistoryData)},
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _get(told: str, schema: Mapping[str, object]) -> dict[str, object]:
    content = {"application/json": {"schema": schema}}
    return {
        "get": {"summary": told, "responses": {"200": {"description": told, "content": content}}}
    }


def _object(**properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties)}
