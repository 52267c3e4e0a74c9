"""Price lists among words that void no price, and among money that is none, in five languages: what
is read is what was drawn, no more and no less.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.read.reading_of import reading


@dataclass(frozen=True)
class Words:
    plan: str
    price: str
    month: str
    innocent: tuple[str, ...]
    """Headings over prices that have a word in them which may void."""
    noise: tuple[str, ...]
    """Sentences with money that is no price of the page."""


LANGUAGES: Mapping[str, Words] = {
    "en": Words(
        "Plan", "Price", "per month",
        ("Prices of credits plans", "Benchmark service pricing", "Prices, discounts apply later",
         "Pricing by usage tier", "Pricing changelog and current prices"),
        ("Sign up and get $7 in free credits.", "Save up to $77 a year.",
         "For example, a team of 3 would pay $777 a month.",
         "Discounts apply to spend over $7,700 a month.", "Our investors put in $77 million."),
    ),
    "de": Words(
        "Tarif", "Preis", "pro Monat",
        ("Preise der Instanzen", "Preise nach Nutzungsstufe", "Preise, ohne Rabatt"),
        ("Zum Start gibt es 7 € Guthaben.", "Sparen Sie bis zu 77 € im Jahr.",
         "Beispiel: Ein Team von 3 zahlt 777 € im Monat."),
    ),
    "es": Words(
        "Plan", "Precio", "al mes",
        ("Precios por nivel de uso", "Precios de las instancias", "Precios sin descuento"),
        ("Regístrate y recibe $7 de crédito gratis.", "Ahorra hasta $77 al año.",
         "Por ejemplo, un equipo de 3 paga $777 al mes."),
    ),
    "fr": Words(
        "Offre", "Prix", "par mois",
        ("Prix par niveau d'utilisation", "Prix des instances", "Prix hors remise"),
        ("7 € de crédit offerts à l'inscription.", "Économisez jusqu'à 77 € par an.",
         "Par exemple, une équipe de 3 paie 777 € par mois."),
    ),
    "zh": Words(
        "套餐", "价格", "每月",
        ("实例价格", "按比例计费价格", "案例库服务价格"),
        ("新用户赠送 ¥7 体验金额度。", "每年最多可节省 ¥77。", "例如，3 人团队每月支付 ¥777。"),
    ),
}  # fmt: skip
SIGNS = {"en": "${}", "de": "{} €", "es": "${}", "fr": "{} €", "zh": "¥{}"}

Prices = Mapping[str, Decimal]


def _written(amount: Decimal, language: str) -> str:
    text = f"{amount:.2f}"
    return SIGNS[language].format(text.replace(".", ",") if language in ("de", "fr") else text)


def as_table(prices: Prices, language: str, words: Words) -> str:
    head = f"| {words.plan} | {words.price} |\n| --- | --- |\n"
    rows = (f"| {n} | {_written(p, language)} {words.month} |" for n, p in prices.items())
    return head + "\n".join(rows)


def as_list(prices: Prices, language: str, words: Words) -> str:
    rows = (f"- **{n}**: {_written(p, language)} {words.month}" for n, p in prices.items())
    return "\n".join(rows)


def as_cards(prices: Prices, language: str, words: Words) -> str:
    cards = (f"### {n}\n\n{_written(p, language)} {words.month}\n" for n, p in prices.items())
    return "\n".join(cards)


LAYOUTS: Sequence[Callable[[Prices, str, Words], str]] = [as_table, as_list, as_cards]
PRICES = st.dictionaries(
    st.sampled_from(["Orlo", "Tern", "Siskin", "Vireo"]),
    st.integers(100, 69999).map(lambda cents: Decimal(cents) / 100),
    min_size=2,
)


def _read(text: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for rate in reading(text).facts.rates:
        found.setdefault(rate.product, set()).add(f"{rate.amount:.2f} {rate.unit}")
    return found


def _truth(prices: Prices) -> dict[str, set[str]]:
    return {name.lower(): {f"{amount:.2f} month"} for name, amount in prices.items()}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("language", LANGUAGES)
@given(prices=PRICES, data=st.data())
def test_a_word_in_a_heading_voids_no_price(
    layout: Callable[[Prices, str, Words], str], language: str, prices: Prices, data: st.DataObject
) -> None:
    words = LANGUAGES[language]
    heading = data.draw(st.sampled_from(words.innocent))
    text = f"# Heron {words.price}\n\n## {heading}\n\n{layout(prices, language, words)}\n"
    assert _read(text) == _truth(prices)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("language", LANGUAGES)
@given(prices=PRICES, data=st.data())
def test_money_that_is_no_price_is_none(
    layout: Callable[[Prices, str, Words], str], language: str, prices: Prices, data: st.DataObject
) -> None:
    words = LANGUAGES[language]
    before, after = (data.draw(st.sampled_from(words.noise)) for _ in range(2))
    body = layout(prices, language, words)
    text = f"# Heron {words.price}\n\n{before}\n\n{body}\n\n## FAQ\n\n{after}\n"
    assert _read(text) == _truth(prices)
