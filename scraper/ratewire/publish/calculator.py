"""What the calculator's form asks, and the prices that it reckons with, in the site's words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ratewire.model import Conditions, Rate, Unit
from ratewire.model.units import PERIODS
from ratewire.publish.labels import Labels, capitalised, meter_order, quality_order, tier_order
from ratewire.publish.ledger import Ledger
from ratewire.publish.reckoning import Line, Way, lines_of
from ratewire.wording.catalogue import Words
from ratewire.wording.facts import SiteNames, subject
from ratewire.wording.formats import meter_words, size_words, terms_words, things_words, times

__all__ = ["Field", "calculator_file", "fields", "has_images", "tiers"]

_USUAL = {"text.input": 150, "image.output": 1200}
_COUNTLESS = ("ask_plan", "ask_once")
"""Questions that name no thing to count."""
Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Field:
    """A line with the words of its field in the form."""

    key: str
    """Its name in the address."""
    name: str
    label: str
    line: Line
    value: int
    """Of how much the form first asks."""

    @property
    def tier(self) -> str:
        return self.line.rate.conditions.get("tier")

    @property
    def is_output(self) -> bool:
        return self.line.rate.meter.endswith("output")

    @property
    def is_cached(self) -> bool:
        return self.line.rate.meter.endswith(".cached")


def fields(rates: Iterable[Rate], labels: Labels) -> tuple[Field, ...]:
    """Of one product, those of a tier in the order of its tables."""

    def order(one: Field) -> tuple[object, ...]:
        return tier_order(one.tier), meter_order(one.line.rate.meter), one.key

    return tuple(sorted((_field(line, labels) for line in lines_of(rates)), key=order))


def tiers(of: Sequence[Field]) -> list[str]:
    return sorted({one.tier for one in of}, key=tier_order)


def has_images(rates: Iterable[Rate]) -> bool:
    return any(True for _ in _images(rates))


def calculator_file(ledger: Ledger, labels: Labels, vocabulary: SiteNames) -> bytes:
    """`/calculator/lines.json`, which the script loads."""
    products = []
    for product in ledger.products():
        rates = [one.rate for one in ledger.rates(product.id)]
        if not rates:
            continue
        known = fields(rates, labels)
        own = {one.tier for one in known}
        products.append(
            {
                "id": product.id,
                "tiers": [
                    {"id": tier, "name": labels.tier(tier) if tier else ""} for tier in tiers(known)
                ],
                "lines": [_plain(one, labels) for one in known],
                "images": [_image(rate, labels) for rate in _images(rates)],
                "multipliers": [
                    {
                        "name": f"{subject(one.multiplier, vocabulary)} "
                        f"{times(one.multiplier.factor, labels.words)}",
                        "factor": f"{one.multiplier.factor:f}",
                    }
                    for one in ledger.multipliers(product.id)
                    if one.multiplier.conditions.get("tier") not in own - {""}
                ],
            }
        )
    return (json.dumps({"products": products}, ensure_ascii=False) + "\n").encode()


def _images(rates: Iterable[Rate]) -> list[Rate]:
    sized = [r for r in rates if r.conditions.get("size") or r.conditions.get("quality")]
    return sorted(
        (r for r in sized if not r.conditions.get("effective_from")),
        key=lambda r: (quality_order(r.conditions.get("quality")), r.identity),
    )


def _image(rate: Rate, labels: Labels) -> Json:
    words, held = labels.words, rate.conditions
    quality, size = held.get("quality"), held.get("size")
    said = (labels.value(quality) if quality else "", size_words(size, words) if size else "")
    return {
        "key": f"{quality} {size}".strip(),
        "name": " ".join(filter(None, said)),
        "meter": rate.meter,
        "currency": rate.currency,
        "each": f"{rate.amount / rate.unit.count:f}",
    }


def _field(line: Line, labels: Labels) -> Field:
    rate, words = line.rate, labels.words
    meter = capitalised(meter_words(rate.meter, labels.meters, words))
    note = _note(line, labels)
    name = words("calculator.noted", name=meter, note=note) if note else meter
    key = ";".join((rate.meter, *(f"{k}={v}" for k, v in line.conditions)))
    asks = _asks(line)
    counted = {} if asks in _COUNTLESS else {"things": _things(rate, words)}
    label = words(f"calculator.{asks}", name=name, **counted)
    return Field(key, name, label, line, 0 if line.conditions else _USUAL.get(rate.meter, 0))


def _asks(line: Line) -> str:
    rate = line.rate
    match line.way:
        case Way.FEE:
            return "ask_fee"
        case Way.ONCE:
            return "ask_once"
        case Way.RECURRING:
            counted = any(thing not in PERIODS for thing in rate.unit.things)
            return "ask_month" if counted else "ask_plan"
        case Way.USE:
            return "ask_output" if rate.meter.endswith("output") else "ask_request"


def _things(rate: Rate, words: Words) -> str:
    things = tuple(thing for thing in rate.unit.things if thing not in PERIODS) or rate.unit.things
    many = Unit(Decimal(2), things)
    return things_words(many, words) or str(many).partition(" ")[2]


def _note(line: Line, labels: Labels) -> str:
    """Conditions and terms; the bounds of several brackets stand in the steps."""
    rate = line.rate
    terms = replace(rate.terms, bracket=None) if line.has_brackets else rate.terms
    told = (
        labels.under(Conditions.of(dict(line.conditions))),
        terms_words(terms, rate.currency, labels.words, rate.conditions),
    )
    return labels.words("list.comma").join(filter(None, told))


def _plain(one: Field, labels: Labels) -> Json:
    line, rate = one.line, one.line.rate
    told: Json = {
        "key": one.key,
        "tier": one.tier,
        "meter": rate.meter,
        "name": one.name,
        "label": one.label,
        "way": line.way.value,
        "currency": rate.currency,
        "value": one.value,
        "steps": [
            [float(step.start), None if step.end is None else float(step.end), f"{step.each:f}",
             labels.price(step.rate)]
            for step in line.steps
        ],
    }  # fmt: skip
    more = {
        "graduated": line.graduated or None,
        "unsaid": True if line.has_brackets and line.graduated is None else None,
        "by_request": line.by_request or None,
        "included": float(line.included) or None,
        "least": float(line.least) or None,
        "step": float(line.step) or None,
        "months": float(line.months) if line.months != 1 else None,
        "percent": None if rate.percent is None else f"{rate.percent:f}",
        "fixed": f"{rate.amount:f}" if rate.is_fee and rate.amount else None,
        "minimum": None if rate.terms.minimum is None else f"{rate.terms.minimum:f}",
        "cap": None if rate.terms.cap is None else f"{rate.terms.cap:f}",
    }
    return told | {key: value for key, value in more.items() if value is not None}
