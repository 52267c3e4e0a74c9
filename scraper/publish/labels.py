"""What tables and figures are labelled with, and in which order they stand."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal

from scraper.model import ChangeKind, Conditions, Limit, Rate, Stage, Unit
from scraper.publish.phrases import MINUS, conditions_words, meter_words, money, plain, price

__all__ = [
    "KINDS",
    "STAGES",
    "amount",
    "capitalised",
    "limit_kind",
    "meter",
    "meter_order",
    "per",
    "quality_order",
    "reckoned",
    "tier",
    "tier_order",
    "under",
]

KINDS: Mapping[ChangeKind, str] = {
    ChangeKind.RATE_UP: "Price increase",
    ChangeKind.RATE_DOWN: "Price cut",
    ChangeKind.ADDED: "Added",
    ChangeKind.REMOVED: "Removed",
    ChangeKind.UNIT: "Unit changed",
    ChangeKind.RENAMED: "Renamed",
    ChangeKind.AVAILABILITY: "Availability",
    ChangeKind.LIMIT: "Limits",
    ChangeKind.SCHEDULED: "Scheduled",
    ChangeKind.INCIDENT: "Incident",
    ChangeKind.PASSAGE: "Reworded",
}
STAGES: Mapping[Stage, str] = {
    Stage.ANNOUNCED: "Announced",
    Stage.LIMITED: "Limited access",
    Stage.PREVIEW: "Preview",
    Stage.AVAILABLE: "Available",
    Stage.DEPRECATED: "Deprecated",
    Stage.RETIRED: "Retired",
}
_LIMITS = {
    "rpm": "requests per minute",
    "rpd": "requests per day",
    "tpm": "tokens per minute",
    "tpd": "tokens per day",
    "ipm": "images per minute",
    "ipd": "images per day",
}
_TIERS = ("", "standard", "batch", "flex", "priority")
_QUALITIES = ("", "low", "standard", "medium", "high", "hd", "auto")
_MODALITIES = ("", "text", "image", "audio", "video")
_DIRECTIONS = ("", "input", "output")
_EXACT_TO = 6
"""Decimals up to which a reckoned amount is shown as it is; beyond, it comes of a division."""


def capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def reckoned(value: Decimal, currency: str) -> str:
    """Money that an article worked out. Up to six decimals exactly; the outcome of a division to
    cents, or to three figures below one.
    """
    if max(0, -int(value.normalize().as_tuple().exponent)) > _EXACT_TO:
        decimals = 2 - value.adjusted() if abs(value) < 1 else 2
        value = value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_EVEN)
    sign = MINUS if value < 0 else ""
    return sign + money(abs(value), currency)


def amount(rate: Rate) -> str:
    """A price without what it is for: `$30.00`, `from $5.00`, `free`."""
    return price(rate).removesuffix(f" {per(rate.unit)}")


def per(unit: Unit) -> str:
    """`per 1M tokens`"""
    return f"per {plain(str(unit), 40)}"


def meter(name: str, words: Mapping[str, str]) -> str:
    """`Cached image input`"""
    return capitalised(meter_words(name, words))


def meter_order(name: str) -> tuple[int, int, int, str]:
    """Text before image, input before output, plain before cached; unknown ones last, by name."""
    parts = name.split(".")
    direction = next((part for part in parts if part in _DIRECTIONS), "")
    modality = parts[0] if parts[0] in _MODALITIES else "" if direction else parts[0]
    return (_place(modality, _MODALITIES), _place(direction, _DIRECTIONS), len(parts), name)


def tier(name: str) -> str:
    return capitalised(plain(name.replace("-", " "), 40)) or "Price"


def tier_order(name: str) -> tuple[int, str]:
    return (_place(name, _TIERS), name)


def quality_order(name: str) -> tuple[int, str]:
    return (_place(name, _QUALITIES), name)


def _place(name: str, order: tuple[str, ...]) -> int:
    return order.index(name) if name in order else len(order)


def under(conditions: Conditions, *without: str) -> str:
    """Conditions in words, but for those that the table's head already names."""
    return conditions_words(conditions.without(*without))


def limit_kind(what: str) -> str:
    """`rpm` → `requests per minute`"""
    return _LIMITS.get(what, plain(what.replace("-", " "), 40))


def limit(one: Limit) -> str:
    """`150,000 tokens per minute`"""
    if one.amount is None:
        return f"unlimited {limit_kind(one.what)}"
    return f"{one.amount.normalize():,f} {limit_kind(one.what)}"
