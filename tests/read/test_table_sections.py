"""Tables of plain cells: lines across above a head, heads of two rows, heads amid the rows."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.read.blocks_of import lines_of, rows_of
from tests.read.reading_of import rates_of, reading

MARKS = [  # the heads of a list, what says its currency, that currency
    ("Type", "Model", "Price (hour)", "Prices are in US dollars.", "USD"),
    ("Art", "Modell", "Preis (Stunde)", "Alle Preise in Euro.", "EUR"),
    ("Tipo", "Modelo", "Precio (hora)", "Moneda: EUR", "EUR"),
    ("類型", "型號", "定價 (小時)", "貨幣單位：新台幣 (NTD)", "TWD"),
    ("类型", "型号", "单价（小时）", "货币单位：人民币", "CNY"),
]
Mark = tuple[str, str, str, str, str]


def row(*cells: object, span: str = "") -> str:
    return "<tr>" + "".join(f"<td{span}>{cell}</td>" for cell in cells) + "</tr>"


def page(body: str, said: str) -> str:
    return f"<h1>Pricing</h1><p>{said}</p><h2>Orlo Compute</h2><table>{body}</table>"


def prices(text: str) -> set[tuple[str, str, str]]:
    facts = reading(text, "text/html").facts
    return {(f"{rate.amount}", rate.currency, str(rate.unit)) for rate in facts.rates}


AMOUNTS = st.lists(
    st.decimals(Decimal("0.01"), Decimal(900), places=2), min_size=2, max_size=5, unique=True
)


@given(st.sampled_from(MARKS), AMOUNTS, st.integers(0, 3), st.booleans())
def test_a_line_across_is_no_head(
    mark: Mark, amounts: list[Decimal], wider: int, several: bool
) -> None:
    kind, model, price, said, code = mark
    line = "<ul><li>Orlo machines come in three sizes.</li><li>Read more.</li></ul>"
    rows = [
        f"<tr><td colspan={3 + wider}>{line}</td></tr>" * (1 + several),
        row(kind, model, price),
    ]
    rows += [row("Orlo", f"o{at}.small", amount) for at, amount in enumerate(amounts)]
    text = page("".join(rows), said)
    assert prices(text) == {(f"{amount}", code, "hour") for amount in amounts}
    assert any("three sizes" in line for line in lines_of(text, "text/html"))


@given(st.sampled_from(MARKS), AMOUNTS)
def test_a_head_amid_the_rows_is_one_for_those_below(mark: Mark, amounts: list[Decimal]) -> None:
    kind, model, price, said, code = mark
    rows = [row(kind, model, "GB", "Cores", price)]
    rows += [row("Orlo", f"o{at}.a", 8, 4, each) for at, each in enumerate(amounts[:1])]
    rows += [row(kind, model, "Cores", price, "")]
    rows += [row("Vell", f"v{at}.b", 16, each, "") for at, each in enumerate(amounts[1:])]
    text = page("".join(rows), said)
    assert prices(text) == {(f"{amount}", code, "hour") for amount in amounts}


@given(st.sampled_from(MARKS), AMOUNTS)
def test_a_head_of_two_rows(mark: Mark, amounts: list[Decimal]) -> None:
    kind, model, price, said, code = mark
    head = f"<tr>{row(kind, model, span=' rowspan=2')[4:-5]}<td colspan=2>{price}</td></tr>"
    below = row("Linux", "Solaris")
    rows = [row("Orlo", f"o{at}", each, each + 1) for at, each in enumerate(amounts)]
    found = reading(page("".join((head, below, *rows)), said), "text/html").facts.rates
    told = {(rate.meter, f"{rate.amount}", rate.currency) for rate in found}
    assert told == {("linux", f"{each}", code) for each in amounts} | {
        ("solaris", f"{each + 1}", code) for each in amounts
    }


def test_a_group_over_prices_stays_in_its_table() -> None:
    text = page(f"{row('Storage', span=' colspan=2')}{row('Fast', '$2')}{row('Slow', '$1')}", "")
    assert rows_of(text, "text/html")[0] == ["Storage", "Storage"]
    assert [each.partition(" | ")[0] for each in rates_of(text, "text/html")] == ["fast", "slow"]


def test_hidden_cells_take_up_no_column() -> None:
    body = (
        "<tr><th>Model<th hidden>GPUs<th>Cores<th>Price per hour</tr>"
        "<tr><td>o1<td hidden>-<td>4<td>$2</tr><tr hidden><td>o2<td>-<td>8<td>$4</tr>"
    )
    assert rows_of(f"<table>{body}</table>", "text/html") == [
        ["Model", "Cores", "Price per hour"],
        ["o1", "4", "$2"],
    ]


def test_how_many_there_are_is_no_product() -> None:
    text = """
| Kind | Size | GPU | Price per hour |
|---|---|---|---|
| Training | o1.large | 1 | $58 |
| Training | o2.large | 2 | $116 |
| Command line | o3.free | - | $60 |
"""
    assert {each.split(" | ")[0] for each in rates_of(text)} == {"command-line", "training"}


@pytest.mark.parametrize(
    ("heading", "unit"),
    [
        ("Price (hour)", "hour"),
        ("Preis (Monat)", "month"),
        ("Precio (GB-mes)", "GB-month"),
        ("Tarif (Go)", "GB"),
        ("定價 (GB-月)", "GB-month"),
        ("単価（時間）", "hour"),
        ("Price (text)", "unit"),
        ("Price (2026)", "unit"),
    ],
)
def test_a_unit_alone_in_brackets(heading: str, unit: str) -> None:
    text = f"## Orlo\n\n| Plan | {heading} |\n|---|---|\n| Small | $2 |\n| Large | $5 |\n"
    assert {each.split(" per ")[-1] for each in rates_of(text)} == {unit}
