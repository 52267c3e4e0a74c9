"""Words round a price list that say what its figures are: the lead of a list, ranges down the
side, a price for what stands behind a weak word, in several languages.
"""

from __future__ import annotations

import pytest
from tests.read.reading_of import rates_of, reading

from ratewire.read.meters import is_measure, read_heading
from ratewire.read.quantities import find_unit

LEADS = [
    ("Prices", "The following prices apply per person per month (excl. VAT):", "$", ""),
    ("Preise", "Es gelten folgende Preise pro Person und Monat:", "", " €"),
    ("Precios", "Precios por persona y mes:", "", " €"),
    ("Priser", "Da gjelder disse prisene per person per måned (eks. mva.):", "", " kr"),
    ("Prix", "Prix par personne et par mois :", "", " €"),
]


@pytest.mark.parametrize(("title", "lead", "before", "after"), LEADS)
def test_the_lead_of_a_list_says_what_its_prices_are_for(
    title: str, lead: str, before: str, after: str
) -> None:
    items = f"- Aldo: {before}190{after}\n- Bruno: {before}90{after}\n"
    rates = reading(f"# {title}\n\n{lead}\n{items}").facts.rates
    assert [(rate.label, str(rate.unit)) for rate in rates] == [
        ("Aldo", "person-month"),
        ("Bruno", "person-month"),
    ]


def test_a_lead_leaves_an_item_its_own_unit() -> None:
    page = "# Prices\n\nPrices per person:\n\n- Aldo: $5 per day\n- Bruno: $90\n"
    assert rates_of(page) == [
        "aldo | price | 5 USD per day",
        "bruno | price | 90 USD per person",
    ]


RANGES = [
    ("up to 20", "from 21 to 60", "over 60"),
    ("bis 20", "von 21 bis 60", "über 60"),
    ("hasta 20", "de 21 a 60", "más de 60"),
    ("jusqu'à 20", "de 21 à 60", "plus de 60"),
    ("do 20", "od 21 do 60", "powyżej 60"),
    ("до 20", "от 21 до 60", "свыше 60"),
    ("fino a 20", "da 21 a 60", "oltre 60"),
    ("upp till 20", "från 21 till 60", "över 60"),
]


@pytest.mark.parametrize("labels", RANGES)
def test_ranges_in_any_language_are_no_products(labels: tuple[str, str, str]) -> None:
    assert all(map(is_measure, labels))
    rows = "".join(f"| {label} | ${at}0 |\n" for at, label in enumerate(labels, 2))
    page = f"# Orlo\n\n## Vireo Ledger\n\n| Papers | Price per month |\n|---|---|\n{rows}"
    rates = reading(page).facts.rates
    assert {rate.product for rate in rates} == {"vireo-ledger"}
    brackets = filter(None, (rate.terms.bracket for rate in rates))
    ends = sorted((str(bracket.start), str(bracket.end)) for bracket in brackets)
    assert ends == [("0", "20"), ("21", "60"), ("60", "None")]


@pytest.mark.parametrize(
    ("heading", "unit"),
    [
        ("Cena za 1 miesiąc", "month"),
        ("Cena za 1 osobę miesięcznie", "person-month"),
        ("Цена за 1 ГБ", "GB"),
        ("Cena za hodinu", "hour"),
        ("Cijena za 1000 poruka", ""),
        ("Za 1 miesiąc", ""),
    ],
)
def test_a_weak_word_behind_a_word_of_price_leads_a_unit(heading: str, unit: str) -> None:
    found = find_unit(heading)
    assert str(found[0] if found else "") == unit


def test_a_product_that_ends_dates_no_price() -> None:
    assert read_heading("Orlo N2 - Deprecated from July 2027").conditions == {}
    assert read_heading("Price from July 2027").conditions == {"effective_from": "2027-07-01"}


SAVED = ["save $14.88", "you save: $14.88", "ahorra $14.88", "sparen: 14.88 $", "économisez $14.88"]


@pytest.mark.parametrize("words", SAVED)
def test_a_cell_that_tells_what_is_saved_holds_no_price(words: str) -> None:
    page = (
        "# Pricing\n\n| Plan | Pro | Max |\n|---|---|---|\n"
        f"| Price | $6.99/month | $39/month |\n| | ({words}) | ({words}) |\n"
    )
    assert {f"{rate.amount}" for rate in reading(page).facts.rates} == {"6.99", "39"}


def test_a_number_among_signed_prices_is_none() -> None:
    page = (
        "# Pricing\n\n| Item | Price |\n|---|---|\n| Calls | $0.20 per 1K calls |\n"
        "| Disk | $0.25 / GB |\n| Most calls in a second | 10,000 |\n"
    )
    assert {rate.product for rate in reading(page).facts.rates} == {"calls", "disk"}


def test_numbers_under_a_sign_on_the_first_price_are_prices() -> None:
    page = "# Pricing\n\n| Item | Price |\n|---|---|\n| Pen | $20 |\n| Ink | 30 |\n| Pad | 4 |\n"
    assert {rate.product for rate in reading(page).facts.rates} == {"pen", "ink", "pad"}


def test_bare_numbers_under_price_are_in_the_currency_of_the_page() -> None:
    table = "| Label | Price |\n|---|---|\n| Small | 20 |\n| Large | 35 |\n"
    page = f"# Prices\n\nA tag costs 45 €.\n\n{table}"
    assert rates_of(page)[:2] == [
        "large | price | 35 EUR per unit",
        "small | price | 20 EUR per unit",
    ]


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("Billing cycle", ("Monthly", "Yearly")),
        ("Recorrência", ("Mensal", "Anual")),
        ("Zahlweise", ("monatlich", "jährlich")),
        ("Periodicidad", ("Mensual", "Anual")),
        ("付费周期", ("每月", "每年")),
    ],
)
def test_a_column_of_periods_says_what_prices_are_for(head: str, said: tuple[str, str]) -> None:
    page = (
        f"# Pricing\n\n| Plan | {head} | Price |\n|---|---|---|\n"
        f"| Wren | {said[0]} | $5 |\n| Tern | {said[1]} | $50 |\n"
    )
    assert {(rate.product, str(rate.unit)) for rate in reading(page).facts.rates} == {
        ("wren", "month"),
        ("tern", "year"),
    }


@pytest.mark.parametrize(
    ("text", "product", "unit"),
    [
        ("For advice we charge $90 per hour.", "", ""),
        ("Für Beratung berechnen wir 90 € pro Stunde.", "beratung", "hour"),
        ("For veiledning tar vi 90 kr eks.mva per time.", "veiledning", "hour"),
        ("Voor advies rekenen we € 90 per uur.", "advies", "hour"),
        ("För rådgivning debiterar vi 90 kr per timme.", "radgivning", "hour"),
    ],
)
def test_what_a_seller_takes_so_much_for(text: str, product: str, unit: str) -> None:
    told = "Priser av tjenester som vi har, uten mva etter avtale." if "tar vi" in text else ""
    rates = reading(f"# Orlo\n\n{told}\n\n{text}\n", url="https://orlo.example/pricing").facts.rates
    if product:
        assert {(rate.product, str(rate.unit)) for rate in rates} == {(product, unit)}


def test_a_price_of_several_things_is_said_of_no_one() -> None:
    page = "# Pricing\n\n- **Place** — Halls, rooms, and desks all cost $0.99\n"
    assert not reading(page).facts.rates


@pytest.mark.parametrize("note", ["(one-time)", "(einmalig)", "(pago único)", "(jednorazowo)"])
def test_a_remark_that_a_price_is_paid_once_leaves_it_the_heading_s(note: str) -> None:
    page = f"# Pricing\n\n### Pilot\n\n**$3,900** {note}\n"
    assert rates_of(page) == ["pilot | price | 3900 USD per unit"]


def test_tokens_are_what_a_bare_million_counts_under_their_meters() -> None:
    page = (
        "# AI models\n\n| Model | Input | Output |\n|---|---|---|\n"
        "| `orlo/vireo-2` | $1.75/M | $14/M |\n| `orlo/tern` | $0.3/M | $1.2/M |\n"
    )
    assert {str(rate.unit) for rate in reading(page).facts.rates} == {"1M tokens"}


@pytest.mark.parametrize(
    ("address", "currency"),
    [
        ("https://orlo.co/pricing", "USD"),
        ("https://orlo.com.co/pricing", "COP"),
        ("https://orlo.gov.co/pricing", "COP"),
        ("https://orlo.ca/pricing", "CAD"),
    ],
)
def test_an_end_of_addresses_that_anybody_buys_is_no_country(address: str, currency: str) -> None:
    page = "# Pricing\n\n| Plan | Price |\n|---|---|\n| Wren | $5 |\n| Tern | $50 |\n"
    assert {rate.currency for rate in reading(page, url=address).facts.rates} == {currency}
