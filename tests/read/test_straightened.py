"""Tables with a column that counts their rows, and with lists side by side."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading_of import rates_of

HTML = "text/html"
TONGUES = {
    "en": ("#", "Service", "Price", "${}"),
    "de": ("Nr.", "Leistung", "Preis", "{} €"),
    "es": ("N°", "Servicio", "Precio", "{} €"),
    "pl": ("Lp.", "Usługa", "Cena", "{} zł"),
    "ru": ("№", "Услуга", "Цена", "{} руб."),
}
NAMES = ("Onyx lamp", "Quartz lamp", "Opal lamp", "Jade lamp", "Ruby lamp", "Pearl lamp")


def table(rows: list[list[str]]) -> str:
    head, *body = rows
    lines = ["".join(f"<th>{cell}</th>" for cell in head)]
    lines += ["".join(f"<td>{cell}</td>" for cell in row) for row in body]
    return f"<table>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"


@settings(deadline=None, max_examples=30)
@given(st.sampled_from(sorted(TONGUES)), st.booleans(), st.integers(3, 6), st.integers(1, 900))
def test_a_number_of_the_row_names_nothing(
    language: str, headed: bool, count: int, amount: int
) -> None:
    number, service, price, shape = TONGUES[language]
    rows = [[number if headed else "", service, price]]
    rows += [[str(n + 1), NAMES[n], shape.format(amount + n)] for n in range(count)]
    found = rates_of(f"<title>{price}</title><h1>{price}</h1>{table(rows)}", HTML)
    assert [each.split(" | ")[0] for each in found] == sorted(
        name.lower().replace(" ", "-") for name in NAMES[:count]
    )
    assert not any("size" in each or "number" in each for each in found)


@settings(deadline=None, max_examples=30)
@given(st.sampled_from(sorted(TONGUES)), st.integers(2, 3), st.integers(1, 900))
def test_each_price_of_lists_side_by_side_is_that_of_the_name_before_it(
    language: str, count: int, amount: int
) -> None:
    _, service, price, shape = TONGUES[language]
    rows = [[service, price, service, price]]
    for n in range(count):
        left, right = shape.format(amount + n), shape.format(amount + 100 + n)
        rows.append([NAMES[n], left, NAMES[n + 3], right])
    found = rates_of(f"<title>{price}</title><h1>{price}</h1>{table(rows)}", HTML)
    amounts = {each.split(" | ")[0]: each.split(" | ")[2].split()[0] for each in found}
    for n in range(count):
        assert amounts[NAMES[n].lower().replace(" ", "-")] == str(amount + n)
        assert amounts[NAMES[n + 3].lower().replace(" ", "-")] == str(amount + 100 + n)


def test_numbers_that_do_not_count_the_rows_are_kept() -> None:
    rows = [["", "Disk", "Price"], ["1", "SSD", "$5"], ["2", "SSD", "$9"], ["8", "SSD", "$30"]]
    assert len(rates_of(f"<title>Prices</title><h1>Prices</h1>{table(rows)}", HTML)) == 3


@pytest.mark.parametrize(
    ("head", "upto", "shape"),
    [("Payment", "up to", "${}"), ("Betrag", "bis zu", "{} €"), ("Сумма платежа", "до", "{} руб"),
     ("Montant", "jusqu'à", "{} €"), ("Importo", "fino a", "{} €"), ("Beløb", "op til", "{} kr")],
)  # fmt: skip
def test_a_sum_up_to_which_a_price_holds_is_none(head: str, upto: str, shape: str) -> None:
    rows = [[head, "Price"]]
    rows += [[f"{upto} {shape.format(s)}", shape.format(p)] for s, p in ((5000, 7), (9000, 4))]
    found = rates_of(f"<title>Prices</title><h1>Prices</h1>{table(rows)}", HTML)
    assert [each.split(" | ")[2].split()[0] for each in found] == ["4", "7"]
    assert all("5000" in each or "9000" in each for each in found)


def test_what_is_said_of_a_name_is_no_part_of_it() -> None:
    remark = "Letters sent so come from our own number and reach every one of your customers"
    rows = [[f"Own name? {remark}.", "Price"], ["Onyx", "$5"]]
    heading = f"<h2>Own name? {remark}.</h2>"
    found = rates_of(f"<title>Prices</title>{heading}{table(rows)}", HTML)
    assert found
    assert not any("customers" in each.split(" | ")[0] for each in found)


def test_another_company_s_guessed_prices_are_none_of_ours() -> None:
    rows = [["", "Halden", "Otherco", "Thirdco"], ["Year 1", "€49.90", "~€290", "~€130"],
            ["Year 2", "€10", "~€290", "~€130"]]  # fmt: skip
    text = f"<title>Halden price</title><h1>Price</h1>{table(rows)}"
    found = rates_of(text, HTML, url="https://halden.example/price")
    assert sorted(each.split(" | ")[2].split()[0] for each in found) == ["10", "49.90"]
