"""What a page says of its currency holds for bare signs and numbers."""

from __future__ import annotations

import pytest
from tests.read.reading_of import rates_of, reading


def prices(
    page: str, media_type: str = "text/markdown", url: str = "https://halden.example/pricing"
) -> set[str]:
    facts = reading(page, media_type, url=url).facts
    return {f"{rate.product} {rate.amount} {rate.currency}" for rate in facts.rates}


TABLE = """
| Product | Per month |
|---|---|
| Small | {}100 |
| Large | {}250 |
"""


@pytest.mark.parametrize(
    ("sign", "said", "url", "code"),
    [
        ("$", "All prices are in Australian dollars (AUD).", "", "AUD"),
        ("$", "Prices in CAD.", "", "CAD"),
        ("$", "Prix en dollars canadiens.", "", "CAD"),
        ("$", "Prices in dollars.", "", "USD"),
        ("$", "Preise in Schweizer Franken.", "", "USD"),
        ("$", "Everything else costs A$5 per month.", "", "AUD"),
        ("$", "Everything else costs US$5, or A$7, per month.", "", "USD"),
        ("$", "", "https://halden.example.au/pricing", "AUD"),
        ("$", "", "https://halden.ca/pricing", "CAD"),
        ("$", "", "https://halden.example/en-nz/pricing", "NZD"),
        ("$", "All prices are in US dollars.", "https://halden.ca/pricing", "USD"),
        ("kr ", "", "https://halden.example/no/priser", "NOK"),
        ("kr ", "", "https://halden.dk/priser", "DKK"),
        ("kr ", "Alle priser i norske kroner.", "https://halden.dk/priser", "NOK"),
        ("kr ", "Minst 1500 NOK per måned.", "", "NOK"),
        ("kr ", "", "", "SEK"),
        ("¥", "", "https://halden.example/zh-cn/pricing", "CNY"),
        ("¥", "", "https://halden.jp/pricing", "JPY"),
        ("¥", "所有价格均以人民币计。", "", "CNY"),
        ("Rs. ", "", "https://halden.pk/pricing", "PKR"),
        ("Bs. ", "", "https://halden.example/precios", "BOB"),
        ("Bs. ", "", "https://halden.ve/precios", "VES"),
    ],
)
def test_a_bare_sign_means_what_the_page_says(sign: str, said: str, url: str, code: str) -> None:
    page = f"# Pricing\n\n{said}\n{TABLE.format(sign, sign)}"
    found = prices(page, url=url or "https://halden.example/pricing")
    assert {f"small 100 {code}", f"large 250 {code}"} <= found


def test_the_language_of_a_page_says_what_its_crowns_are() -> None:
    page = (
        '<html lang="nb"><body><h1>Priser</h1><table><tr><th>Produkt<th>Per måned'
        "<tr><td>Liten<td>100 kr</table></body></html>"
    )
    assert prices(page, "text/html") == {"liten 100 NOK"}


def test_the_sign_in_a_heading_is_that_of_the_page() -> None:
    page = """# Pricing

All prices in Australian dollars.

| Product | Price ($) |
|---|---|
| Small | 100 |

| Product | Price (USD) |
|---|---|
| Large | 80 |
"""
    assert prices(page) == {"small 100 AUD", "large 80 USD"}


def test_a_sentence_takes_the_currency_of_its_page() -> None:
    page = "# Hosting\n\nAll prices in New Zealand dollars.\n\nA seat costs $5 per month.\n"
    assert prices(page) == {"seat 5 NZD"}


def test_one_code_among_many_bare_signs_changes_nothing() -> None:
    rows = "\n".join(f"| Plan {n} | ${n}0 |" for n in range(1, 9))
    page = f"# Pricing\n\n| Plan | Per month |\n|---|---|\n{rows}\n| Plan 9 | A$90 |\n"
    found = prices(page)
    assert "plan-1 10 USD" in found
    assert "plan-9 90 AUD" in found


def test_numbers_without_a_sign_take_the_currency_that_is_stated() -> None:
    page = """# Preise

Preise in Schweizer Franken.

| Produkt | Preis pro Monat |
|---|---|
| Klein | 100 |
"""
    assert prices(page) == {"klein 100 CHF"}


@pytest.mark.parametrize(
    ("text", "currency"),
    [("Ring og få en aftale, uden gebyr, efter klokken ni.", "DKK"),
     ("Ring og få en avtale, uten gebyr, etter klokken ni.", "NOK"),
     ("Ring och boka, utan avgift, för alla är det så från och med nio.", "SEK"),
     ("Call us for a date", "SEK")],
)  # fmt: skip
def test_the_words_of_a_page_say_whose_crowns_it_means(text: str, currency: str) -> None:
    page = f"<title>Priser</title><h1>Priser</h1><h2>Onyx</h2><p>500 kr</p><p>{text}</p>"
    assert f" 500 {currency} " in rates_of(page, "text/html")[0]
