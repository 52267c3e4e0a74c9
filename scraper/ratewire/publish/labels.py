"""What tables and figures are labelled with, and in which order they stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal

from ratewire.model import ChangeKind, Conditions, HealthState, Limit, Rate, Stage, Unit
from ratewire.wording import formats
from ratewire.wording.catalogue import ENGLISH, Words
from ratewire.wording.formats import MINUS, conditions_words, meter_words, money, value_words
from ratewire.wording.text import plain

__all__ = [
    "Labels",
    "capitalised",
    "meter_order",
    "quality_order",
    "reckoned",
    "tier_order",
]

_LIMITS = frozenset({"rpm", "rpd", "tpm", "tpd", "ipm", "ipd"})
_TIERS = ("", "standard", "batch", "flex", "priority")
_QUALITIES = ("", "low", "standard", "medium", "high", "hd", "auto")
_MODALITIES = ("", "text", "image", "audio", "video")
_DIRECTIONS = ("", "input", "output")
_EXACT_TO = 6
"""Decimals up to which a reckoned amount is shown as it is; beyond, it comes of a division."""


def capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def reckoned(value: Decimal, currency: str, words: Words = ENGLISH) -> str:
    """Money that an article worked out. Up to six decimals exactly; the outcome of a division to
    cents, or to three figures below one.
    """
    if max(0, -int(value.normalize().as_tuple().exponent)) > _EXACT_TO:
        decimals = 2 - value.adjusted() if abs(value) < 1 else 2
        value = value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_EVEN)
    sign = MINUS if value < 0 else ""
    return sign + money(abs(value), currency, words)


def meter_order(name: str) -> tuple[int, int, int, str]:
    """Text before image, input before output, plain before cached; unknown ones last, by name."""
    parts = name.split(".")
    direction = next((part for part in parts if part in _DIRECTIONS), "")
    modality = parts[0] if parts[0] in _MODALITIES else "" if direction else parts[0]
    return (_place(modality, _MODALITIES), _place(direction, _DIRECTIONS), len(parts), name)


def tier_order(name: str) -> tuple[int, str]:
    return (_place(name, _TIERS), name)


def quality_order(name: str) -> tuple[int, str]:
    return (_place(name, _QUALITIES), name)


def _place(name: str, order: tuple[str, ...]) -> int:
    return order.index(name) if name in order else len(order)


@dataclass(frozen=True, slots=True)
class Labels:
    """Labels in a language's words; `meters` are the site's own names of meters."""

    words: Words = ENGLISH
    meters: Mapping[str, str] = field(default_factory=dict)

    def kind(self, kind: ChangeKind) -> str:
        """`Price increase`"""
        return self.words(f"kind.{kind.value}")

    def stage(self, stage: Stage, *, within: bool = False) -> str:
        """`Limited access`; `within` a sentence `limited access`."""
        return self.words(f"stage.within.{stage.value}" if within else f"stage.{stage.value}")

    def health(self, state: HealthState, *, within: bool = False) -> str:
        """`Not reachable`; `within` a sentence `not reachable`."""
        return self.words(f"health.within.{state.value}" if within else f"health.{state.value}")

    def meter(self, name: str, *, within: bool = False) -> str:
        """`Cached image input`; `within` a sentence `cached image input`."""
        told = capitalised(meter_words(name, self.meters, self.words))
        return told.lower() if within and self.words.small_within else told

    def tier(self, name: str) -> str:
        told = self.words.named("values", name) or plain(name.replace("-", " "), 40)
        return capitalised(told) or self.words("table.price")

    def quality(self, name: str) -> str:
        told = self.words.named("values", name) or plain(name, 40).capitalize()
        return capitalised(told) or self.words("table.any_quality")

    def value(self, value: str) -> str:
        """A condition's value: `low`, `1024x1024`."""
        return value_words(value, self.words)

    def amount(self, rate: Rate) -> str:
        """A price without what it is for: `$30.00`, `from $5.00`, `free`."""
        return formats.amount(rate, self.words)

    def amount_on_terms(self, rate: Rate) -> str:
        """`$10.00 (billed yearly)`: where the terms have no place of their own."""
        return formats.amount_on_terms(rate, self.words)

    def price_on_terms(self, rate: Rate) -> str:
        """`$10.00 per user-month (billed yearly)`"""
        return formats.price_on_terms(rate, self.words)

    def per(self, unit: Unit) -> str:
        """`per 1M tokens`"""
        return formats.per(unit, self.words)

    def price(self, rate: Rate) -> str:
        """`$30.00 per 1M tokens`"""
        return formats.price(rate, self.words)

    def under(self, conditions: Conditions, *without: str) -> str:
        """Conditions in words, but for those that the table's head already names."""
        return conditions_words(conditions.without(*without), self.words)

    def beside(self, rate: Rate, *without: str) -> str:
        """Conditions and terms of a rate in words."""
        terms = formats.terms_words(rate.terms, rate.currency, self.words, rate.conditions)
        told = (self.under(rate.conditions, *without), terms)
        return self.words("list.comma").join(filter(None, told))

    def limit_kind(self, what: str) -> str:
        """`rpm` → `requests per minute`"""
        if what in _LIMITS:
            return self.words(f"limit.{what}")
        return plain(what.replace("-", " "), 40)

    def limit(self, one: Limit) -> str:
        """`150,000 tokens per minute`"""
        kind = self.limit_kind(one.what)
        if one.amount is None:
            return self.words("limit.unlimited", unit=kind)
        amount = self.words.forms.number(f"{one.amount.normalize():,f}")
        return self.words("limit.amount", amount=amount, unit=kind)
