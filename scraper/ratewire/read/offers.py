"""What schema.org data (JSON-LD) offers: prices, and what they are for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ratewire.read.document import Table
from ratewire.read.embedded import grid_of, text_of_value
from ratewire.read.payloads import DEEPEST

__all__ = ["offers"]

_THINGS = ("Product", "Service", "SoftwareApplication", "WebApplication")
_OTHERS = (
    "isRelatedTo",
    "isSimilarTo",
    "isAccessoryOrSparePartFor",
    "isConsumableFor",
    "isVariantOf",
)


def offers(data: Any) -> Iterator[Table]:
    """schema.org offers: `price`, `priceCurrency`, and what they are for."""
    nodes = list(_nodes(data))
    about = [node for node in nodes if _is_priced_thing(node)]
    rows = [row for node in about or nodes for row in _offer_rows(node, "", 0)]
    if rows:
        yield Table(embedded=True, grid=grid_of([["Product", "Offer", "Price"], *rows]))


def _nodes(data: Any) -> Iterator[Any]:
    """What a page says of itself, one thing each."""
    if isinstance(data, dict) and isinstance(data.get("@graph"), list):
        yield from data["@graph"]
    elif isinstance(data, list):
        for item in data:
            yield from _nodes(item) if isinstance(item, dict) else [item]
    else:
        yield data


def _is_priced_thing(node: Any) -> bool:
    """What the page is about, beside which a list of items is about others."""
    return isinstance(node, dict) and node.get("@type") in _THINGS and "offers" in node


def _offer_rows(value: Any, product: str, depth: int) -> Iterator[list[str]]:
    if depth > DEEPEST:
        return
    if isinstance(value, list):
        for item in value:
            yield from _offer_rows(item, product, depth + 1)
    elif isinstance(value, dict):
        name = text_of_value(value.get("name"))
        if stated := _offered_at(value):
            yield [product or name, name if product else "", stated]
            return
        inner = name if value.get("@type") in _THINGS else product
        for key, item in value.items():
            if isinstance(item, dict | list) and key not in _OTHERS:
                yield from _offer_rows(item, inner, depth + 1)


def _offered_at(value: Mapping[str, Any]) -> str:
    """What an offer states: `5.00 USD per month`; empty where it is no offer."""
    spec = value.get("priceSpecification")
    spec = spec[0] if isinstance(spec, list) and spec else spec
    spec = spec if isinstance(spec, dict) else {}
    price = value.get("price", spec.get("price"))
    is_offer = value.get("@type") in ("Offer", "AggregateOffer") or "priceCurrency" in value
    if price is None or not is_offer:
        return ""
    currency = text_of_value(value.get("priceCurrency") or spec.get("priceCurrency"))
    per = text_of_value(spec.get("unitText") or spec.get("referenceQuantity"))
    return f"{text_of_value(price)} {currency}" + (f" per {per}" if per else "")
