"""Values as words: money, prices, percentages, days, conditions. Pure, and the same everywhere.

Text that came off a page is hostile: `plain` makes it one bounded line without control
characters or direction overrides. It does not escape; every outlet escapes for its own grammar.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache

from scraper.model import Conditions, Rate, Unit

__all__ = [
    "conditions_words",
    "day",
    "joined",
    "meter_words",
    "moment",
    "money",
    "percent",
    "plain",
    "price",
    "price_step",
    "shortened",
]

_SYMBOLS: Mapping[str, str] = {
    "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "CNY": "CN¥", "INR": "₹", "KRW": "₩",
    "AUD": "A$", "CAD": "CA$", "NZD": "NZ$", "HKD": "HK$", "BRL": "R$", "MXN": "MX$", "ILS": "₪",
}  # fmt: skip
_WHOLE = frozenset({"JPY", "KRW", "CLP", "VND", "ISK", "UGX"})
"""Currencies without a minor unit in ISO 4217."""

_JOINERS = "\u200c\u200d"
"""Format characters that spell words and emoji; all others (bidi controls, tags) only deceive."""
_MARKS_IN_A_ROW = 4
"""More combining marks than any script stacks on one letter."""

_SHORT = 200
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

MINUS = "\N{MINUS SIGN}"


def plain(text: str, limit: int = 300) -> str:
    """One line of at most `limit` characters, white space folded.

    Control, format, surrogate, private and unassigned characters are dropped, stacked combining
    marks cut short; what is cut off ends in `…`.
    """
    return _plain_short(text, limit) if len(text) <= _SHORT else _plain(text, limit)


def _plain(text: str, limit: int) -> str:
    if text.isascii() and text.isprintable():
        return shortened(" ".join(text[: limit * 8].split()), limit)
    kept: list[str] = []
    marks = 0
    for char in text[: limit * 8]:  # enough for any honest text; bounds the work on a huge one
        category = unicodedata.category(char)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if char.isspace():
            kept.append(" ")
        elif (category[0] != "C" or char in _JOINERS) and marks <= _MARKS_IN_A_ROW:
            kept.append(char)
    return shortened(" ".join("".join(kept).split()), limit)


_plain_short = lru_cache(maxsize=8192)(_plain)
"""Names and units recur in every change; what is long does not, and would fill the memory."""


def shortened(line: str, limit: int) -> str:
    """The line, or as much of it as goes before an `…`."""
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def joined(names: Sequence[str], most: int = 2) -> str:
    """`A`, `A and B`, `A, B and C`, or with too many names `A, B and 3 more`."""
    if len(names) > most:
        names = [*names[:most], f"{len(names) - most} more"]
    return " and ".join([*filter(None, [", ".join(names[:-1])]), *names[-1:]])


@lru_cache(maxsize=4096)
def money(amount: Decimal, currency: str) -> str:
    """`$30.00`, `$0.005`, `¥1,200`, `CHF 4.50`: every digit that counts and never a rounded one."""
    places = 0 if currency in _WHOLE else 2
    exponent = amount.normalize().as_tuple().exponent
    assert isinstance(exponent, int), "a rate's amount is finite"
    digits = f"{amount:,.{max(places, -exponent)}f}"
    symbol = _SYMBOLS.get(currency)
    return f"{symbol}{digits}" if symbol else f"{plain(currency, 8)} {digits}".strip()


def _amount(rate: Rate) -> str:
    if rate.upper is not None:
        return f"{money(rate.amount, rate.currency)}–{money(rate.upper, rate.currency)}"
    if rate.amount == 0 and not rate.qualifier:
        return "free"
    amount = money(rate.amount, rate.currency)
    return f"{plain(rate.qualifier, 12)} {amount}".strip() if rate.qualifier else amount


@lru_cache(maxsize=1024)
def _per(unit: Unit) -> str:
    return f"per {plain(str(unit), 40)}"


def price(rate: Rate) -> str:
    """`$30.00 per 1M tokens`, `from $4.00 per image`, `free`."""
    amount = _amount(rate)
    return amount if amount == "free" else f"{amount} {_per(rate.unit)}"


def price_step(before: Rate, after: Rate, arrow: str = "→") -> str:
    """`$32.00 → $30.00 per 1M tokens`; both units are named where they differ."""
    new = price(after)
    old = _amount(before) if before.unit == after.unit and new != "free" else price(before)
    return f"{old} {arrow} {new}"


def percent(value: Decimal, *, signed: bool = False) -> str:
    """`6.25%`, or with `signed` `−6.25%` and `+6.25%`."""
    digits = f"{abs(value):,.2f}"
    digits = digits.rstrip("0").rstrip(".")
    sign = "" if not signed or value == 0 else MINUS if value < 0 else "+"
    return f"{sign}{digits}%"


def day(value: date) -> str:
    """`4 December 2026`."""
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def moment(value: datetime) -> str:
    """`4 December 2026, 09:05 UTC`."""
    utc = value.astimezone(UTC)
    return f"{day(utc)}, {utc.hour:02}:{utc.minute:02} UTC"


def meter_words(meter: str, words: Mapping[str, str]) -> str:
    """The site's words for a meter as they stand within a sentence, else its name read out:
    `text.input.cached` is `cached text input`.
    """
    if meter not in words:
        return _read_out(meter)
    own = plain(words[meter], 80)
    return own if own[1:2].isupper() else own[:1].lower() + own[1:]


@lru_cache(maxsize=1024)
def _read_out(meter: str) -> str:
    parts = [plain(part.replace("-", " "), 60) for part in meter.split(".")]
    if len(parts) > 1 and parts[-1] == "cached":
        parts = [parts[-1], *parts[:-1]]
    return " ".join(part for part in parts if part)


def conditions_words(conditions: Conditions) -> str:
    """`batch, 1024x1024, low quality`; the standard tier goes without saying."""
    if not conditions:
        return ""
    words = []
    for key, text in conditions:
        name, value = plain(key, 40), plain(text, 80)
        match name:
            case "tier" if value == "standard":
                continue
            case "tier" | "size" | "region" | "period":
                words.append(value)
            case "quality":
                words.append(f"{value} quality")
            case "effective_from":
                words.append(f"from {_day_words(value)}")
            case "effective_to":
                words.append(f"until {_day_words(value)}")
            case _:
                words.append(f"{name.replace('_', ' ').replace('-', ' ')} {value}")
    return ", ".join(words)


def _day_words(value: str) -> str:
    try:
        return day(date.fromisoformat(value))
    except ValueError:
        return value
