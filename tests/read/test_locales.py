"""Prices written as people in many countries write them, each with the truth beside it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ratewire.model import Unit
from ratewire.read.quantities import find_amounts, find_unit


@dataclass(frozen=True)
class Locale:
    """How a country writes amounts and what they are for."""

    group: str
    point: str
    forms: tuple[tuple[str, str], ...]
    """(form, currency); `{}` stands for the number."""
    per: tuple[str, ...]
    things: tuple[tuple[str, str], ...]
    """(word after `per`, what it is)."""
    tax: str = ""
    hint: str = ""
    """What the page says that a bare sign means."""


TIGHT = ("/", " / ")
LOCALES = {
    "en-US": Locale(",", ".", (("${}", "USD"), ("US${}", "USD"), ("USD {}", "USD"), ("{} USD", "USD")),
                    (" per ", ", per ", *TIGHT), (("user", "user"), ("month", "month"), ("GB", "GB"), ("image", "image"), ("hour", "hour")), " plus tax"),
    "en-GB": Locale(",", ".", (("£{}", "GBP"), ("GBP {}", "GBP"), ("£ {}", "GBP")),
                    (" per ", *TIGHT), (("message", "message"), ("letter", "letter"), ("month", "month")), " + VAT"),
    "en-AU": Locale(",", ".", (("A${}", "AUD"), ("${}", "AUD"), ("AU${}", "AUD"), ("${} AUD", "AUD")),
                    (" per ", *TIGHT), (("seat", "seat"), ("year", "year")), " incl. GST", "AUD"),
    "en-IN": Locale(",", ".", (("₹{}", "INR"), ("Rs. {}", "INR"), ("INR {}", "INR")),
                    (" per ", *TIGHT), (("user", "user"), ("month", "month")), " + GST"),
    "de-DE": Locale(".", ",", (("{} €", "EUR"), ("{}\u00a0€", "EUR"), ("€ {}", "EUR"), ("{} EUR", "EUR"), ("EUR {}", "EUR")),
                    (" pro ", " je ", *TIGHT), (("Nutzer", "user"), ("Monat", "month"), ("Stunde", "hour"), ("Anfrage", "request"), ("Bild", "image")), " zzgl. MwSt."),
    "de-CH": Locale("'", ".", (("CHF {}", "CHF"), ("{} CHF", "CHF"), ("Fr. {}", "CHF")),
                    (" pro ", *TIGHT), (("Jahr", "year"), ("Benutzer", "user")), " exkl. MwSt."),
    "fr-FR": Locale("\u202f", ",", (("{} €", "EUR"), ("{}\u00a0€", "EUR"), ("{} EUR", "EUR")),
                    (" par ", *TIGHT), (("utilisateur", "user"), ("mois", "month"), ("an", "year"), ("requête", "request")), " HT"),
    "es-ES": Locale(".", ",", (("{} €", "EUR"), ("{} euros", "EUR")),
                    (" por ", " cada ", *TIGHT), (("usuario", "user"), ("mes", "month"), ("imagen", "image")), " + IVA"),
    "it-IT": Locale(".", ",", (("{} €", "EUR"), ("€ {}", "EUR")),
                    (" per ", *TIGHT), (("utente", "user"), ("mese", "month"), ("pagina", "page")), " + IVA"),
    "pt-BR": Locale(".", ",", (("R$ {}", "BRL"), ("R${}", "BRL"), ("BRL {}", "BRL")),
                    (" por ", *TIGHT), (("usuário", "user"), ("mês", "month"), ("hora", "hour"))),
    "nl-NL": Locale(".", ",", (("€ {}", "EUR"), ("{} euro", "EUR")),
                    (" per ", *TIGHT), (("gebruiker", "user"), ("maand", "month"), ("uur", "hour")), " excl. btw"),
    "sv-SE": Locale("\u00a0", ",", (("{} kr", "SEK"), ("{} SEK", "SEK"), ("{}\u00a0kr", "SEK")),
                    (" per ", *TIGHT), (("användare", "user"), ("månad", "month"), ("timme", "hour"), ("dygn", "day")), " exkl. moms"),
    "nb-NO": Locale("\u00a0", ",", (("kr {}", "NOK"), ("{} kr", "NOK"), ("NOK {}", "NOK")),
                    (" per ", *TIGHT), (("bruker", "user"), ("måned", "month"), ("år", "year")), " ekskl. mva", "NOK"),
    "da-DK": Locale(".", ",", (("{} kr.", "DKK"), ("kr. {}", "DKK"), ("{} DKK", "DKK")),
                    (" pr. ", *TIGHT), (("bruger", "user"), ("måned", "month")), " ekskl. moms", "DKK"),
    "pl-PL": Locale("\u00a0", ",", (("{} zł", "PLN"), ("{} PLN", "PLN")),
                    (" za ", *TIGHT), (("użytkownika", "user"), ("miesiąc", "month"), ("godzinę", "hour")), " netto"),
    "cs-CZ": Locale("\u00a0", ",", (("{} Kč", "CZK"), ("{} CZK", "CZK")),
                    (" za ", *TIGHT), (("uživatele", "user"), ("měsíc", "month")), " bez DPH"),
    "ru-RU": Locale("\u00a0", ",", (("{} ₽", "RUB"), ("{} руб.", "RUB")),
                    (" за ", *TIGHT), (("пользователя", "user"), ("месяц", "month"), ("запрос", "request"))),
    "ja-JP": Locale(",", ".", (("¥{}", "JPY"), ("{}円", "JPY"), ("{} 円", "JPY")),
                    TIGHT, (("月", "month"), ("ユーザー", "user"), ("時間", "hour"), ("リクエスト", "request")), "（税込）", "JPY"),
    "zh-CN": Locale(",", ".", (("¥{}", "CNY"), ("{}元", "CNY"), ("{} 元", "CNY"), ("RMB {}", "CNY")),
                    TIGHT, (("月", "month"), ("次", "call"), ("张", "image"), ("用户", "user"), ("小时", "hour"), ("秒", "second")), "（不含税）", "CNY"),
    "ko-KR": Locale(",", ".", (("₩{}", "KRW"), ("{}원", "KRW"), ("{} 원", "KRW")),
                    TIGHT, (("월", "month"), ("사용자", "user"), ("건", "item"), ("시간", "hour")), " (부가세 별도)"),
}  # fmt: skip
# ruff: noqa: E501 — a row a country is easier to check than any wrapping of it


def grouped(digits: str, mark: str) -> str:
    head = len(digits) % 3 or 3
    return mark.join([digits[:head], *(digits[i : i + 3] for i in range(head, len(digits), 3))])


def printed(value: Decimal, locale: Locale) -> str:
    whole, _, fraction = f"{value:f}".partition(".")
    return grouped(whole, locale.group) + (locale.point + fraction if fraction else "")


values = st.integers(1, 10**8).map(lambda n: Decimal(n).scaleb(-2)) | st.integers(1, 10**6).map(
    Decimal
)
locales = st.sampled_from(sorted(LOCALES))
many = settings(max_examples=400, deadline=None, derandomize=True)


@many
@given(st.data(), locales, values)
def test_an_amount_reads_back_in_every_country(
    data: st.DataObject, name: str, value: Decimal
) -> None:
    locale = LOCALES[name]
    form, currency = data.draw(st.sampled_from(locale.forms))
    text = form.format(printed(value, locale))
    (amount,) = find_amounts(text, currency=locale.hint)
    assert (amount.value, amount.currency) == (value, currency)
    assert amount.text == text


@many
@given(st.data(), locales, values)
def test_a_unit_reads_back_in_every_language(
    data: st.DataObject, name: str, value: Decimal
) -> None:
    locale = LOCALES[name]
    form, currency = data.draw(st.sampled_from(locale.forms))
    per = data.draw(st.sampled_from(locale.per))
    word, thing = data.draw(st.sampled_from(locale.things))
    tax = data.draw(st.sampled_from(("", locale.tax)))
    text = f"{form.format(printed(value, locale))}{tax}{per}{word}"
    (amount,) = find_amounts(text, currency=locale.hint)
    assert (amount.value, amount.currency, amount.unit) == (value, currency, Unit.of(thing))


@pytest.mark.parametrize("name", sorted(LOCALES))
def test_a_heading_reads_back_in_every_language(name: str) -> None:
    locale = LOCALES[name]
    _, currency = locale.forms[0]
    for word, thing in locale.things:
        found = find_unit(f"({currency}/{word})")
        assert found is not None
        assert found[0] == Unit.of(thing)


NOTATIONS = {
    "per {c}{t}": "", " / {c}{t}": "", "/{c}{t}": "", " ({c}{t})": "none", " each": "none",
    " per {c}{t} per month": "month", "/{c}{t}/month": "month", " / {c}{t} / mo": "month",
    " per {c}{t}, per month": "month", " per {c}{t}, billed annually": "", " per {c}{t} (plus VAT)": "",
    " plus VAT per {c}{t}": "", " (excl. VAT) / {c}{t}": "", " for every {c}{t}": "", " (per {c}{t})": "",
    " **per {c}{t}**": "",
}  # fmt: skip
COUNTS = {"": 1, "1 ": 1, "100 ": 100, "1,000 ": 1000, "1K ": 1000, "10k ": 10**4, "1M ": 10**6, "million ": 10**6}  # fmt: skip
SINGULAR = ("request", "message", "user", "GB", "token", "page", "document", "transaction", "frame")


@many
@given(
    st.sampled_from(sorted(NOTATIONS)), st.sampled_from(sorted(COUNTS)), st.sampled_from(SINGULAR)
)
def test_a_unit_reads_back_in_every_notation(form: str, count: str, thing: str) -> None:
    several = "s" if COUNTS[count] > 1 and thing != "GB" else ""
    words = form.format(c=count, t=f"{thing}{several}")
    lead = "" if words.startswith(("/", " ")) else " "
    (amount,) = find_amounts(f"$5{lead}{words}")
    expected = Unit.of(thing, *filter(None, [NOTATIONS[form]]), count=COUNTS[count])
    assert amount.unit == (None if NOTATIONS[form] == "none" else expected)


UNLED = ("{n} {t}", "up to {n} {t}", "{n} {t} past expiry", "with {n} {t}", "first {n} {t}")
MEASURES = ("days", "months", "vCPUs", "GB", "users", "cores", "minutes", "years", "TB")


@many
@given(st.sampled_from(UNLED), st.integers(2, 400), st.sampled_from(MEASURES))
def test_a_number_of_something_that_nothing_leads_is_no_unit(form: str, n: int, thing: str) -> None:
    words = form.format(n=n, t=thing)
    assert find_unit(words) is None
    assert find_unit(f"Price {words}") is None
    assert find_unit(f"Fee ({words})") is None
    (amount,) = find_amounts(f"$5 {words}")
    assert amount.unit is None
