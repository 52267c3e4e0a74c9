"""How a language writes days, numbers, money and plurals, by the Unicode CLDR.

English is written as this site has always written it, without looking anything up; for every other
language Babel is asked, which is loaded only then.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from ratewire.config.languages import locale_of

if TYPE_CHECKING:
    from babel import Locale

__all__ = ["CATEGORIES", "Forms", "forms_of", "native_name", "territory_tag"]

CATEGORIES = ("zero", "one", "two", "few", "many", "other")
"""CLDR's plural categories; a language has `other` and some of the rest."""

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_HARD_SPACE = "\N{NO-BREAK SPACE}"


class Forms(Protocol):
    """Numbers come as `1,234.50`, and leave as the language writes them."""

    def day(self, value: date) -> str:
        """`4 December 2026`"""

    def month(self, value: date) -> str:
        """`December 2026`"""

    def quarter(self, value: date) -> str:
        """`Q4 2026`"""

    def number(self, digits: str) -> str: ...

    def money(self, digits: str, symbol: str, code: str) -> str:
        """`$1,234.50`; without a symbol `CHF 1,234.50`."""

    def percent(self, digits: str) -> str: ...

    def plural(self, count: int | Decimal) -> str:
        """The category of the number."""

    def categories(self) -> frozenset[str]:
        """All that the language has."""


class _English:
    def day(self, value: date) -> str:
        return f"{value.day} {self.month(value)}"

    def month(self, value: date) -> str:
        return f"{_MONTHS[value.month - 1]} {value.year}"

    def quarter(self, value: date) -> str:
        return f"Q{(value.month + 2) // 3} {value.year}"

    def number(self, digits: str) -> str:
        return digits

    def money(self, digits: str, symbol: str, code: str) -> str:
        return f"{symbol}{digits}" if symbol else f"{code} {digits}".strip()

    def percent(self, digits: str) -> str:
        return f"{digits}%"

    def plural(self, count: int | Decimal) -> str:
        return "one" if count == 1 else "other"

    def categories(self) -> frozenset[str]:
        return frozenset({"one", "other"})


class _Cldr:
    def __init__(self, locale: Locale) -> None:
        self._locale = locale
        symbols: Mapping[str, str] = locale.number_symbols["latn"]
        self._marks = str.maketrans({",": symbols["group"], ".": symbols["decimal"]})
        money, percent = locale.currency_formats["standard"], locale.percent_formats[None]
        self._money = (money.prefix[0], money.suffix[0])
        self._percent = (percent.prefix[0], percent.suffix[0])

    def day(self, value: date) -> str:
        from babel.dates import format_date

        return format_date(value, "long", self._locale)

    def month(self, value: date) -> str:
        from babel.dates import format_skeleton

        return format_skeleton("yMMMM", value, locale=self._locale)

    def quarter(self, value: date) -> str:
        from babel.dates import format_skeleton

        return format_skeleton("yQQQQ", value, locale=self._locale)

    def number(self, digits: str) -> str:
        return digits.translate(self._marks)

    def money(self, digits: str, symbol: str, code: str) -> str:
        before, after = self._money
        sign = symbol or code + (_HARD_SPACE if before.endswith("¤") else "")
        return f"{before.replace('¤', sign)}{self.number(digits)}{after.replace('¤', sign)}".strip()

    def percent(self, digits: str) -> str:
        return f"{self._percent[0]}{self.number(digits)}{self._percent[1]}"

    def plural(self, count: int | Decimal) -> str:
        return str(self._locale.plural_form(count))

    def categories(self) -> frozenset[str]:
        return frozenset({*self._locale.plural_form.tags, "other"})


@lru_cache(maxsize=16)
def forms_of(language: str) -> Forms:
    """The forms of a BCP 47 tag. Raises ValueError where CLDR does not know the language."""
    if language.split("-")[0].lower() == "en":
        return _English()
    return _Cldr(locale_of(language))


def native_name(tag: str) -> str:
    """The language in its own words: `Deutsch`."""
    name = locale_of(tag).get_display_name() or tag
    return name[:1].upper() + name[1:]


@lru_cache(maxsize=64)
def territory_tag(tag: str) -> str:
    """`de_DE` for `de`: language and the territory in which most speak it (for Open Graph)."""
    from babel.core import get_global

    locale = locale_of(tag)
    if locale.territory:
        return f"{locale.language}_{locale.territory}"
    short = "_".join(filter(None, (locale.language, locale.script)))
    likely = str(get_global("likely_subtags").get(short, ""))
    return f"{locale.language}_{likely.rpartition('_')[2]}" if likely else locale.language
