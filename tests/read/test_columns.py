"""What each column of a table holds, whatever the rest of its rows say."""

from __future__ import annotations

import pytest
from tests.read.reading_of import rates_of

from ratewire.read.columns import column_roles, is_threshold
from ratewire.read.document import Cell
from ratewire.read.meters import read_heading


def roles(*lines: str, bare: bool = False) -> tuple[str, ...]:
    """Of a table whose cells are parted by bars, the first line its head."""
    head, *body = ([text.strip() for text in line.split("|")] for line in lines)
    meters = [read_heading(each) for each in head]
    return column_roles(head, meters, [[Cell(text) for text in row] for row in body], bare)


WORDS_BESIDE_PRICES = [
    ("| Basic | Plus", "Server | $5 | $9", "Region | – | Two sites", "Help | – | In hours"),
    ("| Basis | Plus", "Server | 5 € | 9 €", "Region | – | zwei Orte", "Hilfe | – | werktags"),
    ("| Básico | Plus", "Servidor | 5 € | 9 €", "Región | – | dos sitios", "Ayuda | – | en días"),
    ("| 基本 | 高级", "服务器 | $5 | $9", "地区 | – | 两个地点", "支持 | – | 工作时间"),
    ("| 基本 | 上級", "サーバー | $5 | $9", "場所 | – | 二か所", "支援 | – | 営業時間"),
]


@pytest.mark.parametrize("table", WORDS_BESIDE_PRICES)
def test_rows_of_words_take_no_price_away(table: tuple[str, ...]) -> None:
    for rows in range(2, len(table) + 1):
        assert roles(*table[:rows]) == ("product", "price", "price")


def test_one_free_cell_among_words_is_a_price() -> None:
    assert roles("Tool | Price", "Nest | FREE", "Wing | Part of care", "Fin | See care") == (
        "product",
        "price",
    )


def test_a_free_column_beside_prices_is_one_of_prices() -> None:
    assert roles("Traffic | Within a site | Between sites", "0-1 TB | Free | $0.12") == (
        "product",
        "price",
        "price",
    )
    assert roles("Model | Free tier | Paid tier", "m-1 | Free | $2")[1] == "label"


def test_steps_of_a_discount_have_no_price() -> None:
    table = ("Paid in advance | Discount", "$10,000 - $24,999 | 2%", "$25,000 - $49,999 | 4%")
    assert "price" not in roles(*table)


def test_numbers_are_prices_by_their_heading_alone() -> None:
    head = "Country | Code | Dial code | Unit price (USD)"
    assert roles(head, "Freedonia | FR | 33 | 0.07") == ("product", "label", "label", "price")
    more = roles(
        head, "Freedonia | FR | 33 | 0.07", "Utopia | UT | 1 | on demand", "Oz | OZ | 2 | ?"
    )
    assert more == ("product", "label", "label", "price")


@pytest.mark.parametrize(
    "table",
    [
        ("Gross yearly sales | Licence fee", "$0 - $199,999.99 | $1,080", "$200,000 or more | $9"),
        ("Umsatz im Jahr | Gebühr", "0 € – 1.000 € | 10 €", "über 1.000 € | 20 €"),
        ("Ventas | Tarifa", "0 € – 1.000 € | 10 €", "1.000 € – 2.000 € | 20 €"),
        ("销售额 | 费用", "0 元 - 1000 元 | 10 元", "1000 元 - 2000 元 | 20 元"),
    ],
)
def test_brackets_of_money_are_the_keys_of_their_rows(table: tuple[str, ...]) -> None:
    assert roles(*table) == ("key", "price")


@pytest.mark.parametrize(
    "head", ["30d trailing volume", "Net collateral", "Billable amount per month"]
)
def test_sums_that_decide_a_price_are_none(head: str) -> None:
    assert is_threshold(head)
    assert "price" not in roles(
        f"Tier | {head} | Taker (bps)", "1 | < $1M | 5.0", "2 | ≥ $1M | 4.5"
    )


def test_the_price_of_a_volume_is_a_price() -> None:
    assert not is_threshold("Price per volume")
    assert roles("Volume | Price per volume", "HDD | $0.05") == ("product", "price")


@pytest.mark.parametrize(
    ("head", "role"),
    [
        ("Unit price (first year, subject to any discounts for later years)", "price"),
        ("Within one location (for example, north-1 to north-1)", "price"),
        ("Preis (Beispiel: Nord)", "price"),
        ("Discount", "skip"),
        ("Remarks", "remark"),
        ("备注", "remark"),
        ("Previous fee", "skip"),
        ("Ancien tarif", "skip"),
        ("New fee", "price"),
    ],
)
def test_an_aside_in_a_heading_takes_no_column_away(head: str, role: str) -> None:
    assert roles(f"Model | {head}", "OV | $5", "EV | $9")[1] == role


def test_a_bound_and_a_sum_worked_out_are_no_prices() -> None:
    table = """
| Coin | Held | Worth |
|---|---|---|
| Abe | ≥ $5M | 2 x 0.5 x 100% = 1.00 USD |
| Bea | < $1M | 3 x 0.5 x 100% = 1.50 USD |
"""
    assert rates_of(f"# Coins\n{table}", "text/markdown") == []


def test_a_threshold_in_a_sentence_of_a_cell_is_no_price() -> None:
    table = """
| | Usage-based |
|---|---|
| Annual | Buy in the shop, or contact support for plans over $3,300 |
"""
    assert rates_of(f"# Plans\n{table}", "text/markdown") == []


def test_the_ends_of_a_band_are_told_each_by_its_name() -> None:
    assert roles("From | To | Price", "0 GB | 10 GB | $5", "10 GB | | $4") == (
        "end",
        "end",
        "price",
    )
    assert roles("Von | Bis | Preis", "0 GB | 10 GB | 5 €") == ("end", "end", "price")
    assert roles("起 | 止 | 价格", "0 GB | 10 GB | 5 元") == ("end", "end", "price")
    assert roles("Up to | Cost", "$100 | $1", "$200 | $2") == ("end", "price")
    assert roles("Item | Min | Max", "Dunlin | $5 | $9") == ("product", "price", "price")


@pytest.mark.parametrize("thing", ["MP", "pages", "files"])
def test_bare_numbers_of_what_goes_in_are_no_prices(thing: str) -> None:
    table = (f"Job | Input {thing} | Output {thing}", "Draw | 0 | 1", "Edit | 2 | 1")

    assert "price" not in roles(*table, bare=True)


def test_bare_numbers_of_tokens_under_a_heading_of_money_are_prices() -> None:
    table = ("Model | Input tokens | Output tokens", "Otter | 0.5 | 1", "Mink | 2 | 8")

    assert roles(*table, bare=True) == ("product", "price", "price")
