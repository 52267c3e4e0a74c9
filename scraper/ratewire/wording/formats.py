"""Values as words: money, prices, percentages, days, conditions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache

from ratewire.model import (
    Bracket,
    Conditions,
    Hours,
    Precision,
    Quantity,
    Rate,
    StatedDate,
    Terms,
    Unit,
)
from ratewire.wording.catalogue import ENGLISH, Words
from ratewire.wording.text import plain

__all__ = [
    "amount",
    "amount_on_terms",
    "conditions_words",
    "dated",
    "day",
    "meter_words",
    "moment",
    "money",
    "per",
    "percent",
    "price",
    "price_on_terms",
    "price_step",
    "size_words",
    "span",
    "terms_words",
    "things_words",
    "times",
    "value_words",
]

_SYMBOLS: Mapping[str, str] = {
    "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "CNY": "CN¥", "INR": "₹", "KRW": "₩",
    "AUD": "A$", "CAD": "CA$", "NZD": "NZ$", "HKD": "HK$", "BRL": "R$", "MXN": "MX$", "ILS": "₪",
}  # fmt: skip
_WHOLE = frozenset({"JPY", "KRW", "CLP", "VND", "ISK", "UGX"})
"""Currencies without a minor unit in ISO 4217."""

_NO_CONDITIONS = Conditions()
_QUALIFIERS = {"from": "from", "up to": "up_to", "about": "about"}

_BY = re.compile(r"(?<=[0-9]) ?x ?(?=[0-9])")
"""In a size in pixels."""

MINUS = "\N{MINUS SIGN}"


@lru_cache(maxsize=4096)
def money(amount: Decimal, currency: str, words: Words = ENGLISH) -> str:
    """`$30.00`, `$0.005`, `¥1,200`, `CHF 4.50`: every digit that counts and never a rounded one."""
    places = 0 if currency in _WHOLE else 2
    exponent = amount.normalize().as_tuple().exponent
    assert isinstance(exponent, int), "a rate's amount is finite"
    digits = f"{amount:,.{max(places, -exponent)}f}"
    return words.forms.money(digits, _SYMBOLS.get(currency, ""), plain(currency, 8))


def amount(rate: Rate, words: Words = ENGLISH) -> str:
    """A price without what it is for: `$30.00`, `from $5.00`, `free`, `2.9% + $0.30`."""
    if rate.percent is not None:
        digits = f"{abs(rate.percent).normalize():,f}"
        share = f"{MINUS if rate.percent < 0 else ''}{words.forms.percent(digits)}"
        fixed = f" + {money(rate.amount, rate.currency, words)}" if rate.amount else ""
        return f"{share}{fixed}"
    low = money(rate.amount, rate.currency, words)
    if rate.upper is not None:
        return words("price.range", low=low, high=money(rate.upper, rate.currency, words))
    if rate.amount == 0 and not rate.qualifier:
        return words("price.free")
    if not rate.qualifier:
        return low
    known = _QUALIFIERS.get(rate.qualifier)
    if known:
        return words(f"price.{known}", amount=low)
    return words("price.other", qualifier=plain(rate.qualifier, 12), amount=low)


@lru_cache(maxsize=1024)
def _unit(unit: Unit, words: Words) -> str:
    """`1M tokens`, in the language's words for things and counts where it has them."""
    told = plain(str(unit), 40)
    number, _, many = told.rpartition(" ")
    thing = things_words(unit, words)
    if not number:
        return thing or told
    short = words.named("counts", number[-1])
    written = words.forms.number(number[:-1] if short else number)
    return f"{short.format(number=written) if short else written} {thing or many}"


def things_words(unit: Unit, words: Words = ENGLISH) -> str:
    """What a unit counts, in as many as it counts; empty where the language has no word for it."""
    name = str(Unit(Decimal(1), unit.things))
    if whole := words.named("things", name, unit.count):
        return whole
    *first, last = name.split("-")
    parts = [*(words.named("things", p) for p in first), words.named("things", last, unit.count)]
    return "-".join(parts) if all(parts) else ""


@lru_cache(maxsize=1024)
def per(unit: Unit, words: Words = ENGLISH) -> str:
    """`per 1M tokens`"""
    return words("price.per", unit=_unit(unit, words))


def price(rate: Rate, words: Words = ENGLISH) -> str:
    """`$30.00 per 1M tokens`, `from $4.00 per image`, `free`."""
    told = amount(rate, words)
    if rate.is_free or (rate.is_fee and rate.unit.things == ("unit",)):
        return told
    return words("price.each", amount=told, unit=_unit(rate.unit, words))


def price_step(before: Rate, after: Rate, arrow: str = "→", words: Words = ENGLISH) -> str:
    """`$32.00 → $30.00 per 1M tokens`; both units are named where they differ."""
    if before.terms != after.terms:
        old, new = (price_on_terms(rate, words) for rate in (before, after))
        return f"{old} {arrow} {new}"
    alike = before.unit == after.unit and not after.is_free
    old = amount(before, words) if alike else price(before, words)
    return f"{old} {arrow} {price(after, words)}"


def price_on_terms(rate: Rate, words: Words = ENGLISH) -> str:
    """`$10.00 per user-month (billed yearly)`."""
    return _with(price(rate, words), rate, words)


def amount_on_terms(rate: Rate, words: Words = ENGLISH) -> str:
    """`$10.00 (billed yearly)`."""
    return _with(amount(rate, words), rate, words)


def _with(told: str, rate: Rate, words: Words) -> str:
    terms = terms_words(rate.terms, rate.currency, words, rate.conditions)
    return words("terms.with", told=told, terms=terms) if terms else told


def terms_words(
    terms: Terms, currency: str, words: Words = ENGLISH, conditions: Conditions = _NO_CONDITIONS
) -> str:
    """`billed yearly, 10 GB included, instead of $20.00`: what conditions do not say already."""
    told: list[str] = []
    if terms.bracket:
        told += _bracket_words(terms.bracket, words, named=_have_numbers(conditions))
    if terms.billing and terms.billing.every in _BILLED:
        told.append(words(f"terms.billed.{terms.billing.every}"))
    if terms.billing and terms.billing.months:
        told.append(words("terms.months", count=terms.billing.months))
    if terms.billing and terms.billing.upfront in _UPFRONT:
        told.append(words(f"terms.upfront.{terms.billing.upfront}"))
    if terms.included:
        number = words.forms.number(f"{terms.included.amount:,f}")
        told.append(words("terms.included", amount=number, of=plain(terms.included.of, 40)))
    for name, value in (("minimum", terms.minimum), ("cap", terms.cap)):
        if value is not None:
            told.append(words(f"terms.{name}", amount=money(value, currency, words)))
    for quantity in terms.least:
        told.append(words("terms.least", amount=_count(quantity, words)))
    if terms.step:
        told.append(words("terms.step", amount=_count(terms.step, words)))
    if terms.sale and terms.sale.list_price is not None:
        told.append(words("terms.instead", amount=money(terms.sale.list_price, currency, words)))
    elif terms.sale and terms.sale.off is not None:
        told.append(words("terms.off", percent=percent(terms.sale.off, words)))
    if terms.sale and terms.sale.ends:
        told.append(words("terms.until", day=day(terms.sale.ends, words)))
    if terms.hours:
        told.append(_hours_words(terms.hours, words))
    return words("list.comma").join(told)


def _count(quantity: Quantity, words: Words) -> str:
    """`128 KB`, `30 days` in the words for units."""
    number = words.forms.number(f"{quantity.amount.normalize():,f}")
    return f"{number} {plain(quantity.of, 40)}"


_BILLED = ("month", "quarter", "year", "once")
_UPFRONT = ("all", "partial", "none")


def _have_numbers(conditions: Conditions) -> bool:
    """Whether a condition may say the bounds of a bracket, in the page's words."""
    rest = conditions.without("tier", "size", "quality", "effective_from", "effective_to")
    return any(char.isdigit() for _, value in rest for char in value)


def _bracket_words(bracket: Bracket, words: Words, *, named: bool) -> Iterator[str]:
    """`10–50 TB`, unless conditions have `named` the bounds; and how its parts add up."""
    start, end = (
        "" if bound is None else words.forms.number(f"{bound.normalize():,f}")
        for bound in (bracket.start, bracket.end)
    )
    of = plain(bracket.of, 40)
    if not named:
        if not end:
            told = words("terms.bracket.from", start=start, of=of)
        elif bracket.start:
            told = words("terms.bracket.between", start=start, end=end, of=of)
        else:
            told = words("terms.bracket.to", end=end, of=of)
        yield told.strip()
    if bracket.graduated is not None:
        yield words("terms.bracket.graduated" if bracket.graduated else "terms.bracket.volume")


def _hours_words(hours: Hours, words: Words) -> str:
    """`01:00–04:00, Mon–Fri, UTC`; `not 01:00–04:00 UTC`."""
    spans = (f"{start:%H:%M}–{end:%H:%M}" for start, end in hours.spans)
    days = (words(f"terms.days.{day.value}") for day in hours.days)
    told = [" ".join(filter(None, (", ".join(spans), plain(hours.zone, 30)))), " ".join(days)]
    text = words("list.comma").join(filter(None, told))
    return words("terms.outside", hours=text) if hours.outside else text


def times(factor: Decimal, words: Words = ENGLISH) -> str:
    """`× 0.5`"""
    return f"× {words.forms.number(f'{factor.normalize():,f}')}"


def percent(value: Decimal, words: Words = ENGLISH, *, signed: bool = False) -> str:
    """`6.25%`, or with `signed` `−6.25%` and `+6.25%`."""
    digits = f"{abs(value):,.2f}"
    digits = digits.rstrip("0").rstrip(".")
    sign = "" if not signed or value == 0 else MINUS if value < 0 else "+"
    return f"{sign}{words.forms.percent(digits)}"


def day(value: date | StatedDate, words: Words = ENGLISH) -> str:
    """`4 December 2026`; of what is less precise `December 2026`, `Q4 2026`, `2026`."""
    if isinstance(value, date):
        return words.forms.day(value)
    match value.precision:
        case Precision.DAY:
            return words.forms.day(value.first)
        case Precision.MONTH:
            return words.forms.month(value.first)
        case Precision.QUARTER:
            return words.forms.quarter(value.first)
        case Precision.YEAR:
            return words("time.year", year=f"{value.first:%Y}")


def dated(key: str, when: StatedDate, words: Words = ENGLISH, **more: object) -> str:
    """A phrase with a date: `stops on {day}`, or of a month `stops in {day}`."""
    return words(key if when.is_day else f"coarse.{key}", day=day(when, words), **more)


def moment(value: datetime, words: Words = ENGLISH) -> str:
    """`4 December 2026, 09:05 UTC`."""
    utc = value.astimezone(UTC)
    return words("time.moment", day=day(utc, words), clock=clock(utc))


def span(first: datetime, last: datetime, words: Words = ENGLISH) -> str:
    """`4 May 2026, 10:00 and 11:00 UTC`; both days where it spans several."""
    old, new = first.astimezone(UTC), last.astimezone(UTC)
    old_day, new_day = day(old, words), day(new, words)
    if old_day == new_day:
        return words("time.same_day", day=old_day, old=clock(old), new=clock(new))
    days = {"old_day": old_day, "new_day": new_day}
    return words("time.two_days", old=clock(old), new=clock(new), **days)


def clock(utc: datetime) -> str:
    return f"{utc.hour:02}:{utc.minute:02}"


def meter_words(meter: str, own: Mapping[str, str], words: Words = ENGLISH) -> str:
    """The site's words for a meter as they stand within a sentence, else the language's, else its
    name read out: `text.input.cached` is `cached text input`.
    """
    told = own.get(meter) or words.named("meters", meter)
    if not told:
        return _read_out(meter)
    named = plain(told, 80)
    if named[1:2].isupper() or not words.small_within:
        return named
    return named[:1].lower() + named[1:]


@lru_cache(maxsize=1024)
def _read_out(meter: str) -> str:
    parts = [plain(part.replace("-", " "), 60) for part in meter.split(".")]
    if len(parts) > 1 and parts[-1] == "cached":
        parts = [parts[-1], *parts[:-1]]
    return " ".join(part for part in parts if part)


def value_words(value: str, words: Words = ENGLISH, limit: int = 80) -> str:
    """A condition's value, in the language's word for it where it has one."""
    return words.named("values", value) or plain(value, limit)


def size_words(size: str, words: Words = ENGLISH) -> str:
    """`1024x1024` → `1024 × 1024`; a size may also be a word, such as `max`."""
    return _BY.sub(" × ", value_words(size, words))


def conditions_words(conditions: Conditions, words: Words = ENGLISH) -> str:
    """`batch, 1024 × 1024, low quality`; the standard tier goes without saying."""
    if not conditions:
        return ""
    told = []
    for key, text in conditions:
        name, value = plain(key, 40), plain(text, 80)
        match name:
            case "tier" if value == "standard":
                continue
            case "size":
                told.append(size_words(value, words))
            case "tier" | "region" | "period":
                told.append(value_words(value, words))
            case "quality":
                told.append(words("condition.quality", value=value_words(value, words)))
            case "effective_from" | "effective_to":
                told.append(words(f"condition.{name}", day=_day_words(value, words)))
            case _:
                read = words.named("names", name) or name.replace("_", " ").replace("-", " ")
                told.append(words("condition.other", name=read, value=value_words(value, words)))
    return words("list.comma").join(told)


def _day_words(value: str, words: Words) -> str:
    try:
        return day(date.fromisoformat(value), words)
    except ValueError:
        return value
