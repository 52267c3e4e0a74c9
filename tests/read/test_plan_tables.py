"""Tables of plans as documentation prints them: described rows, `so many included, then …`, and
what may be said of a price in brackets without taking it away.
"""

from __future__ import annotations

import pytest
from tests.read.reading_of import rates_of, reading

from ratewire.read.cells import is_price
from ratewire.read.document import Cell
from ratewire.read.names import name_line
from ratewire.read.quantities import find_amounts

NEUTRAL = [
    "(volume discounts)",
    "(volume discounts available)",
    "(against credit)",
    "(can be paid with included credit)",
    "(Mengenrabatt möglich)",
    "(descuentos por volumen)",
    "（批量优惠）",
]


def plans(cell: str, label: str = "Requests") -> str:
    return (
        "# Pricing\n\n| Feature | Free plan | Pay-as-you-go plan |\n|---|---|---|\n"
        f"| {label} | Limited to 20,000 | 100 included, then {cell} |\n"
    )


@pytest.mark.parametrize("remark", NEUTRAL)
def test_how_a_price_may_be_lessened_leaves_it_a_price(remark: str) -> None:
    rates = reading(plans(f"$5 per hour {remark}")).facts.rates
    assert {(rate.amount, str(rate.unit)) for rate in rates} == {(5, "hour")}


def test_a_discount_in_money_is_still_none() -> None:
    assert not reading("# Pricing\n\n| Plan | Discount |\n|---|---|\n| Wren | $5 |\n").facts.rates


DESCRIBED = [
    "**Requests** <br /> The total of all that your endpoints are asked for in a month.",
    "**Requests** <br /> All calls, for example those of a client, count as much as others.",
]


@pytest.mark.parametrize("label", DESCRIBED)
def test_what_describes_a_row_takes_no_price_away(label: str) -> None:
    rates = reading(plans("$5 per hour", label)).facts.rates
    assert {rate.amount for rate in rates} == {5}
    assert all("total" not in f"{rate.product} {rate.meter}" for rate in rates)


def test_the_first_of_several_lines_is_the_name() -> None:
    assert name_line("Data out\nAll that leaves our network for yours") == "Data out"
    assert name_line("Data out\n(per GB)") == "Data out\n(per GB)"
    assert name_line("Data out") == "Data out"


def test_pay_as_you_go_is_told_in_its_own_words() -> None:
    assert "pay-as-you-go" in " ".join(rates_of(plans("$5 per hour")))


@pytest.mark.parametrize(
    ("old", "new"), [("Before", "Now"), ("Anterior", "Nuevo"), ("Bisher", "Neu"), ("旧", "新")]
)
def test_a_column_of_what_held_before_holds_no_prices(old: str, new: str) -> None:
    page = f"# Pricing\n\n| {old} | {new} |\n|---|---|\n| Basic: $299 | Single: $60 |\n"
    assert {rate.amount for rate in reading(page).facts.rates} == {60}


@pytest.mark.parametrize("about", ["aprox. 15-30€", "environ 15–30 €", "ca. 15-30 €"])
def test_a_range_of_about_so_much_is_about_so_much(about: str) -> None:
    (amount,) = find_amounts(f"Cuesta {about}/año según extensión")
    assert (amount.value, amount.upper, amount.qualifier) == (15, 30, "about")


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("Ein Platz für 265.-/Monat", 265, "month"),
        ("Bare 199,- per måned", 199, "month"),
        ("Abo: 1'250.- pro Jahr", 1250, "year"),
        ("Plats 99,-/tim", 99, "hour"),
    ],
)
def test_round_sums_without_a_sign(text: str, value: int, unit: str) -> None:
    (amount,) = find_amounts(text)
    assert (amount.value, str(amount.unit), amount.ambiguous) == (value, unit, True)


@pytest.mark.parametrize("text", ["1.- Objetivo por mes", "5.-7. Mai pro Tag", "in 2012.- 300 pro"])
def test_numbers_of_paragraphs_and_days_are_no_money(text: str) -> None:
    assert not find_amounts(text)


def test_the_sign_that_a_round_sum_lacks_is_that_of_the_country() -> None:
    page = "# Angebote\n\n- Preis pro Parkplatz: 150.-/Monat\n"
    codes = [
        reading(page, url=f"https://orlo.{ending}/angebote").facts.rates[0].currency
        for ending in ("ch", "de", "no", "cz")
    ]
    assert codes == ["CHF", "EUR", "NOK", "CZK"]


def test_a_comma_within_a_number_parts_no_list() -> None:
    page = (
        "# Pricing\n\n## Pro\n\n- **1,000 credits** - $250/month\n- **100 credits** - $25/month\n"
    )
    found = " ".join(rates_of(page))
    assert "100-credits" in found
    assert "1-000-credits" in found


def test_a_price_with_its_sale_is_one() -> None:
    assert is_price(Cell("$15.00 (20% discount)"))
