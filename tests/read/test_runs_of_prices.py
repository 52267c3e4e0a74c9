"""Prices in runs: lists side by side, names with prices under a line, so much for so much."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading_of import rates_of

HTML = "text/html"
WEIGHTS = ("0–1 kg", "1–2 kg", "2–5 kg", "5–10 kg")
HEADS = {
    "en": ("Weight", "Letter", "Parcel price"),
    "de": ("Gewicht", "Brief", "Paketpreis"),
    "es": ("Peso", "Carta", "Precio del paquete"),
    "pl": ("Waga", "List", "Cena paczki"),
    "zh": ("重量", "信件", "包裹价格"),
}


def listed(heading: str, items: list[str]) -> str:
    return f"<div><h4>{heading}</h4><ul>{''.join(f'<li>{item}</li>' for item in items)}</ul></div>"


@settings(deadline=None, max_examples=30)
@given(st.sampled_from(sorted(HEADS)), st.integers(2, 4), st.lists(st.integers(1, 99), min_size=8, max_size=8))  # fmt: skip  # noqa: E501
def test_lists_side_by_side_are_the_columns_of_a_table(
    language: str, rows: int, amounts: list[int]
) -> None:
    heads = HEADS[language]
    letters = [f"${amount}.10" for amount in amounts[:rows]]
    parcels = [f"${amount}.20" for amount in amounts[4 : 4 + rows]]
    columns = zip(heads, (list(WEIGHTS[:rows]), letters, parcels), strict=True)
    page = (
        f"<html lang={language}><title>Prices</title><h1>Prices</h1>"
        f"<div>{''.join(listed(*column) for column in columns)}</div></html>"
    )
    rates = rates_of(page, HTML)
    assert len(rates) == 2 * rows
    for amount, weight in zip(letters + parcels, 2 * WEIGHTS[:rows], strict=False):
        edge = weight.split("–")[0]
        assert any(f" {amount[1:]} USD" in each and f"{edge}-" in each for each in rates)


def test_lists_of_what_plans_include_are_no_columns() -> None:
    boxes = listed("Basic", ["One seat", "Help"]) + listed("Pro", ["$5 per seat", "Help"])
    assert len(rates_of(f"<title>Plans</title><h1>Plans</h1><div>{boxes}</div>", HTML)) == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [("With own key", "With digital key"), ("Mit eigenem Schlüssel", "Mit neuem Schlüssel"),
     ("Con clave propia", "Con clave nueva"), ("自備金鑰", "數位金鑰")],
)  # fmt: skip
def test_the_line_over_a_run_tells_it_from_another(first: str, second: str) -> None:
    row = "<div><span>{}</span> <span>€{}</span></div>\n"
    runs = [
        f"<div>{title}</div>\n"
        + row.format("Basic setup", price)
        + row.format("Full setup", price + 20)
        for title, price in ((first, 59), (second, 109))
    ]
    page = f"<title>Prices</title><h1>Prices</h1><h3>Windows</h3><div>{''.join(runs)}</div>"
    rates = rates_of(page, HTML)
    assert len(rates) == 4
    assert all("group" in each and "entry" not in each for each in rates)


def test_the_bracket_of_a_label_names_the_prices_of_its_row() -> None:
    page = (
        "<title>Fares</title><table><tr><th>Rider</th><th>Fare</th></tr>"
        "<tr><td>All</td><td>$2.00</td></tr>"
        "<tr><td>Students (bus/tram/ferry)</td><td>$1.00/$1.40/$2.20</td></tr></table>"
    )
    rates = [each for each in rates_of(page, HTML) if each.startswith("students")]
    assert len(rates) == 3
    assert all(f"variant {name}" in " ".join(rates) for name in ("bus", "tram", "ferry"))


@pytest.mark.parametrize(
    ("item", "product"),
    [
        ("3 days for $18,", "3-days"),
        ("na 30 dni za 48 zł,", "na-30-dni"),
        ("10 Fahrten für 25 €.", "10-fahrten"),
        ("10 viajes por 12 €", "10-viajes"),
        ("10 trajets pour 15 €", "10-trajets"),
    ],
)
def test_so_much_for_so_much_is_a_price(item: str, product: str) -> None:
    page = f"<title>Prices, tarifs, cennik</title><h1>Prices</h1><ul><li>{item}</li></ul>"
    assert [each.split(" | ")[0] for each in rates_of(page, HTML)] == [product]


@pytest.mark.parametrize(
    "joint", [", or $344 a week", ", oder $344 pro Woche", ", o $344 por semana"]
)
def test_a_price_said_in_another_way_lends_its_unit_to_none(joint: str) -> None:
    page = f"<title>Tuition</title><h1>Prices</h1><h4>Small school</h4><p>$12,400{joint}</p>"
    assert not [each for each in rates_of(page, HTML) if "12400" in each and "week" in each]


@pytest.mark.parametrize("head", ["Description", "Details", "Beschreibung"])
def test_a_first_column_of_descriptions_names_the_rows(head: str) -> None:
    page = (
        f"<title>Tuition</title><h2>Fees</h2><table><tr><th>{head}</th><th>Amount</th><th>Notes</th></tr>"
        "<tr><td>Grade one</td><td>$3849</td><td>Adjusted later</td></tr>"
        "<tr><td>Grade two</td><td>$6220</td><td></td></tr></table>"
    )
    assert [each.split(" | ")[0] for each in rates_of(page, HTML)] == ["grade-one", "grade-two"]


@pytest.mark.parametrize("head", ["Deduction", "Subsidy", "Abzug"])
def test_what_is_taken_off_is_no_price(head: str) -> None:
    page = (
        f"<title>Tuition</title><h2>Fees</h2><table><tr><th>Kind</th><th>{head}</th></tr>"
        "<tr><td>Second child</td><td>$160</td></tr></table>"
    )
    assert rates_of(page, HTML) == []


@pytest.mark.parametrize(
    ("line", "unit"),
    [("then $0.015 / credit", "credit"), ("danach $0.015 / Credit", "credit"),
     ("以降 $0.015 / クレジット", "credit"), ("luego $0.015 por crédito", "credit")],
)  # fmt: skip
def test_what_goes_beyond_a_plan_has_a_price_of_its_own(line: str, unit: str) -> None:
    cards = "".join(
        f"<div><div>{name}</div><div>${price}</div><div>500 credits, {line}</div><div>{line}</div></div>"  # noqa: E501
        for name, price in (("Starter", 50), ("Pro", 70))
    )
    rates = rates_of(f"<title>Prices</title><h1>Prices</h1><div>{cards}</div>", HTML)
    for name in ("starter", "pro"):
        assert any(each.startswith(name) and f"0.015 USD per {unit}" in each for each in rates)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Das Zimmer kostet 80 € pro Nacht.", "night"),
        ("The room costs $80 per person per night.", "night-person"),
        ("La camera costa 80 € a notte.", "night"),
        ("Storage costs $3 per pallet per month.", "month-pallet"),
        ("La carte coûte 3 € par kilo.", "kg"),
    ],
)
def test_units_of_other_trades(text: str, unit: str) -> None:
    rates = rates_of(f"<title>Prices</title><h1>Prices</h1><p>{text}</p>", HTML)
    assert [each.split(" per ")[-1] for each in rates] in (
        [unit],
        ["-".join(unit.split("-")[::-1])],
    )


def test_a_list_for_scripts_may_call_what_is_on_screen_by_its_full_name() -> None:
    offers = ",".join(
        f'{{"@type": "Offer", "name": "Kestrel {name}", "price": "{price}", "priceCurrency": "USD"}}'  # noqa: E501
        for name, price in (("Pro", 9), ("Max", 79))
    )
    page = (
        f'<script type="application/ld+json">{{"@type": "Product", "name": "", "offers": [{offers}]}}'  # noqa: E501
        "</script><title>Kestrel pricing</title><h1>Pricing</h1>"
        "<div><h3>Basic</h3><p>$0/month</p></div><div><h3>Pro</h3><p>$9/month</p></div>"
    )
    rates = rates_of(page, HTML)
    assert "pro | price | 9 USD per month" in rates
    assert not any(each.startswith("kestrel-pro") for each in rates)
    assert any("79 USD" in each for each in rates)
