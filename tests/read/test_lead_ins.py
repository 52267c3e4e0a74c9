"""What the line over a list, a title, or an equation says of the prices beside it."""

from __future__ import annotations

import pytest
from tests.read.reading_of import rates_of, reading

from ratewire.model import Role

EXAMPLES = [
    "**Example (Pro plan):** Your December invoice includes:",
    "**Beispiel:** Ihre Rechnung enthält:",
    "Por ejemplo, su factura incluye:",
    "例如，您的账单包括：",
]


@pytest.mark.parametrize("lead", EXAMPLES)
def test_the_items_of_an_example_are_no_prices(lead: str) -> None:
    page = f"# Halden prices\n\n{lead}\n\n- $20 per month for Pro\n- $5 per month for disks\n"
    found = reading(page)
    assert not found.facts.rates
    assert {figure.role for figure in found.figures} == {Role.EXAMPLE}


def test_the_items_of_other_lists_are() -> None:
    page = (
        "# Halden prices\n\nThere are two plans:\n\n- Wren: $20 per month\n- Heron: $50 per month\n"
    )
    assert rates_of(page) == [
        "heron | price | 50 USD per month",
        "wren | price | 20 USD per month",
    ]


STARTS = [
    ("Own numbers", "For you alone. Prices start at $5, by country."),
    ("Rufnummern", "Für Sie allein. Preise ab 5 €, je nach Land."),
    ("Números", "Para ti. Precios desde 5 €, según el país."),
    ("Numéros", "Pour vous. Prix à partir de 5 €, selon le pays."),
    ("独享号码", "仅供您使用。价格从5美元起，因国家而异。"),
    ("Номера", "Только для вас. Цены от 5 рублей, зависят от страны."),
]


@pytest.mark.parametrize(("title", "text"), STARTS)
def test_the_title_of_an_item_is_what_its_prices_start_for(title: str, text: str) -> None:
    rates = reading(f"# Halden prices\n\n- **{title}**: {text}\n").facts.rates
    assert [(rate.label, f"{rate.amount}", rate.qualifier) for rate in rates] == [
        (title, "5", "from")
    ]


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("- **10,000 credits = £10**", "10K credits"),
        ("- £10 = 10,000 credits", "10K credits"),
        ("- 1M credits = £10", "1M credits"),
    ],
)
def test_so_many_credits_for_so_much(text: str, unit: str) -> None:
    assert rates_of(f"# Halden pricing\n\n{text}\n") == [f"credits | price | 10 GBP per {unit}"]


def test_more_for_each_in_a_bracket_of_any_script() -> None:
    page = "# 価格\n\n- **Heron** — 3 シートで US$79/月（+US$24/シート）\n"
    assert rates_of(page) == [
        "heron | price | 24 USD per seat",
        "heron | price | 79 USD per month | period month",
    ]


def test_what_has_no_name_is_the_site_s() -> None:
    page = "# Pricing\n\nThere is a very affordable $10 a month plan for private work.\n"
    assert rates_of(page, url="https://docs.halden.example/pricing") == [
        "halden | price | 10 USD per month"
    ]
