"""Tables that are built of plain elements, and figures that are none beside them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading_of import rates_of, reading

from ratewire.model import Role

HTML = "text/html"
ROW = {
    "rows of divs": ("<div class='t'>{}</div>", "<div>{}</div>", "<div>{}</div>"),
    "rows of lists": ("<section>{}</section>", "<ul>{}</ul>", "<li>{}</li>"),
    "cells in paragraphs": ("<div>{}</div>", "<div>{}</div>", "<div><p>{}</p></div>"),
}
WORDS = {
    "en": ("Ending", "Registration", "Transfer", "Free", "Order"),
    "de": ("Endung", "Registrierung", "Umzug", "kostenlos", "Bestellen"),
    "es": ("Extensión", "Registro", "Traslado", "gratis", "Pedir"),
    "fr": ("Extension", "Enregistrement", "Transfert", "gratuit", "Commander"),
    "ja": ("ドメイン", "取得", "移管", "無料", "申込"),
}


def built(build: str, rows: list[list[str]]) -> str:
    table, row, cell = ROW[build]
    return table.format("".join(row.format("".join(map(cell.format, cells))) for cells in rows))


@settings(deadline=None, max_examples=40)
@given(
    st.sampled_from(sorted(WORDS)),
    st.sampled_from(sorted(ROW)),
    st.lists(st.tuples(st.integers(1, 90), st.integers(0, 90)), min_size=2, max_size=5),
)
def test_several_columns_of_prices_are_a_table_whatever_their_heads_say(
    language: str, build: str, prices: list[tuple[int, int]]
) -> None:
    name, first, second, free, order = WORDS[language]
    rows = [[name, first, second, order]]
    expected = []
    for at, (one, two) in enumerate(prices):
        rows.append([f"zone{at}", f"${one}.50", f"${two}.25" if two else free, order])
        expected += [f"zone{at} {one}.50", f"zone{at} {two}.25" if two else f"zone{at} 0"]
    page = f"<html lang={language}><title>Prices</title><h1>Prices</h1>{built(build, rows)}</html>"
    rates = [rate.split(" | ") for rate in rates_of(page, HTML)]
    assert sorted(f"{each[0]} {each[2].split(' ')[0]}" for each in rates) == sorted(expected)
    assert len({each[1] for each in rates}) == 2


def test_cards_of_which_the_first_is_free_are_no_table() -> None:
    cards = [["Hobby", "Free", "For one", "Start"], ["Pro", "$5", "For some", "Go"],
             ["Max", "$9", "For many", "Buy"]]  # fmt: skip
    page = f"<title>Plans</title><h1>Plans</h1>{built('rows of divs', cards)}"
    assert rates_of(page, HTML)[-2:] == [
        "max | price | 9 USD per unit",
        "pro | price | 5 USD per unit",
    ]


@pytest.mark.parametrize("head", ["Pro · $59/month", "Pro – 59 € pro Monat", "Pro 月額5,900円"])
def test_numbers_under_a_plan_with_its_price_are_quantities(head: str) -> None:
    page = (
        f"<h1>Prices</h1><table><tr><th>Feature</th><th>{head}</th></tr>"
        "<tr><td>Messages</td><td>500</td></tr><tr><td>Sites</td><td>3 (or 2)</td></tr></table>"
    )
    figures = reading(page, HTML).figures
    assert [f.role for f in figures if f.text in ("500", "3", "2")] == [Role.QUANTITY] * 3


def test_a_list_for_scripts_that_repeats_the_screen_adds_no_product() -> None:
    data = (
        '<script type="application/ld+json">{"@type": "SoftwareApplication", "name": "Kestrel App",'
        '"offers": {"@type": "Offer", "price": "9", "priceCurrency": "USD"}}</script>'
    )
    cards = "<div><h3>Basic</h3><p>$0/month</p></div><div><h3>Pro</h3><p>$9/month</p></div>"
    page = f"<title>Kestrel pricing</title><h1>Pricing</h1>{data}{cards}"
    assert rates_of(page, HTML) == [
        "basic | price | 0 USD per month",
        "pro | price | 9 USD per month",
    ]
    assert not [f for f in reading(page, HTML).figures if f.role is Role.UNREAD]
    dearer = page.replace('"price": "9"', '"price": "12"')
    assert any("12 USD" in rate for rate in rates_of(dearer, HTML))


STRIPS = {"en": ("Weight", "Price"), "es": ("Kg", "Valor"), "de": ("Gewicht", "Preis"), "ja": ("重量", "料金"), "pl": ("Waga", "Cena")}  # fmt: skip  # noqa: E501


@settings(deadline=None, max_examples=40)
@given(st.sampled_from(sorted(STRIPS)), st.integers(2, 3), st.integers(2, 4), st.booleans())
def test_a_table_set_in_strips_side_by_side_is_one(
    language: str, strips: int, rows: int, short: bool
) -> None:
    heads = STRIPS[language]
    cells = [(f"{at} kg", f"${at * 3}.50") for at in range(1, strips * rows + 1)]
    if short:
        cells[-1] = ("", "")
    lines = [
        "".join(f"<td>{cell}</td>" for strip in range(strips) for cell in cells[strip * rows + row])
        for row in range(rows)
    ]
    page = (
        f"<html lang={language}><title>Prices</title><h1>Parcel prices</h1><table><thead><tr>"
        f"{''.join(f'<th>{head}</th>' for head in heads * strips)}</tr></thead>"
        f"<tbody>{''.join(f'<tr>{line}</tr>' for line in lines)}</tbody></table></html>"
    )
    rates = rates_of(page, HTML)
    assert len(rates) == strips * rows - short
    for weight, price in filter(all, cells):
        number = weight.split(" ")[0]
        assert any(f" {price[1:]} USD" in each and f"{number}-kg" in each for each in rates)


def test_columns_of_one_name_are_no_strips() -> None:
    page = (
        "<title>Prices</title><h1>Prices</h1><table><thead><tr><th>Plan</th><th>Price</th><th>Limit</th>"
        "<th>Price</th></tr></thead><tr><td>Basic</td><td>$5</td><td>10</td><td>$7</td></tr></table>"
    )
    assert len(rates_of(page, HTML)) == 2


@pytest.mark.parametrize("mark", ["line-through", "text-gray-400 line-through",
                                  "text-decoration-line-through"])  # fmt: skip
def test_a_style_framework_strikes_a_price_by_a_class(mark: str) -> None:
    card = "<div><h3>{0}</h3><p><span class='" + mark + "'>${1}</span> ${2}</p></div>"
    cards = card.format("Basic", 59, 29) + card.format("Pro", 99, 79)
    assert rates_of(f"<title>Prices</title><h1>Prices</h1>{cards}", HTML) == [
        "basic | price | 29 USD per unit",
        "pro | price | 79 USD per unit",
    ]
