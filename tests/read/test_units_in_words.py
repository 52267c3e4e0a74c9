"""What prices are for where the words for it stand apart: behind a label, in the note below, in
the row beside, in another cell.
"""

from __future__ import annotations

import pytest
from tests.read.reading_of import rates_of, reading

from ratewire.read.quantities import find_amounts, find_unit


def units(page: str) -> dict[str, str]:
    rates = reading(page, url="https://orlo.example/pricing").facts.rates
    return {f"{rate.product} {rate.amount}": str(rate.unit) for rate in rates}


NOTES = [
    "Token prices are USD per 1 million tokens. Sessions ($0.02/hour) are charged separately.",
    "Prices are per 1M tokens. Storage costs $0.10 per GB.",
    "Preise gelten pro 1M Token. Speicher kostet 0,10 $ pro GB.",
]


@pytest.mark.parametrize("note", NOTES)
def test_a_sentence_below_a_table_says_what_all_its_prices_are_for(note: str) -> None:
    table = "| Model | Input | Output |\n|---|---|---|\n| Orlo 2 | $6 | $30 |\n"
    found = units(f"# Models\n\n{table}\n{note}\n")
    assert found["orlo-2 6"] == found["orlo-2 30"] == "1M tokens"


def test_a_sentence_of_one_other_price_says_nothing_of_the_table() -> None:
    table = "| Plan | Price |\n|---|---|\n| Wren | $6 |\n"
    assert (
        units(f"# Plans\n\n{table}\nEach seat is $3 per user. Disks are $5.\n")["wren 6"] == "unit"
    )


@pytest.mark.parametrize(
    ("cell", "units_"),
    [
        ("$0.27 in / $1.70 out per 1M", ["1M tokens", "1M tokens"]),
        ("$4 in / $15 out per 1M • $0.064/min", ["1M tokens", "1M tokens", "minute"]),
        ("$4 input, $15 output per 1M tokens", ["1M tokens", "1M tokens"]),
    ],
)
def test_what_follows_the_last_label_of_a_cell_is_for_all(cell: str, units_: list[str]) -> None:
    page = f"# Models\n\n| Model | Price |\n|---|---|\n| `orlo-2` | {cell} |\n"
    rates = reading(page).facts.rates
    assert sorted(str(rate.unit) for rate in rates) == sorted(units_)
    assert {rate.meter for rate in rates} >= {"input", "output"}


def test_a_sale_of_so_many_percent_leaves_the_price() -> None:
    page = "# Plans\n\n| Plan | Yearly |\n|---|---|\n| Wren | $15 (20% discount) |\n"
    assert rates_of(page) == ["wren | price | 15 USD per year"]


def test_the_first_heading_names_what_a_row_of_prices_is_for() -> None:
    tables = "\n".join(
        f"| {name} licence | Monthly subscription | Annual subscription |\n|---|---|---|\n"
        f"| Price | ${at}.50 | ${at}5 |\n| Night bundle | | ${at} |\n"
        for at, name in ((1, "Lone"), (7, "Team"))
    )
    rates = reading(f"# Pricing\n\n{tables}").facts.rates
    assert {rate.product for rate in rates} == {"lone-licence", "team-licence", "night-bundle"}
    groups = {str(rate.conditions) for rate in rates if rate.product == "night-bundle"}
    assert len(groups) == 2
    assert all("lone-licence" in each or "team-licence" in each for each in groups)


def test_a_head_that_is_no_name_names_nothing() -> None:
    page = "# Orlo\n\n| Feature | Monthly | Yearly |\n|---|---|---|\n| Price | $5 | $50 |\n"
    assert "feature" not in {rate.product for rate in reading(page).facts.rates}


@pytest.mark.parametrize("label", ["Valid", "Laufzeit", "Vigencia", "有效期", "Validité"])
def test_a_row_of_terms_says_for_how_long_plans_are_sold(label: str) -> None:
    page = (
        "# Packages\n\n| Package | Wren | Tern |\n|---|---|---|\n| Price | $950 | $2,250 |\n"
        f"| {label} | 1 month | 1 year |\n"
    )
    assert units(page) == {"wren 950": "month", "tern 2250": "year"}


def test_a_row_of_seconds_is_no_term() -> None:
    page = (
        "# Clips\n\n| Clip | Wren | Tern |\n|---|---|---|\n| Price | $950 | $960 |\n"
        "| Valid | 10 seconds | 20 seconds |\n"
    )
    assert units(page) == {"wren 950": "unit", "tern 960": "unit"}


@pytest.mark.parametrize(
    ("now", "old"),
    [
        ("Discounted price", "Original price"),
        ("Sale price", "Old price"),
        ("Aktionspreis", "Alter Preis"),
        ("Precio con descuento", "Precio original"),
        ("折扣价", "原价"),
        ("割引価格", "旧価格"),
    ],
)
def test_the_price_that_holds_stands_beside_the_old_one(now: str, old: str) -> None:
    page = f"# Pricing\n\n| Plan | {now} | {old} |\n|---|---|---|\n| Wren | $950 | $1,000 |\n"
    rates = reading(page).facts.rates
    assert [(rate.product, rate.meter, rate.amount) for rate in rates] == [("wren", "price", 950)]


def test_a_free_cell_is_for_what_the_prices_of_its_row_are_for() -> None:
    page = (
        "# API pricing\n\n## Orlo 2\n\n| | Free tier | Paid tier, per 1M tokens in USD |\n"
        "|---|---|---|\n| Input price | Free of charge | $0.10 |\n"
        "| Picture pricing | Free of charge | $0.039 per image |\n"
    )
    free = {str(r.unit) for r in reading(page).facts.rates if not r.amount}
    assert free == {"1M tokens", "image"}


def test_numbers_of_a_letter_behind_a_slash() -> None:
    (amount,) = find_amounts("2元/6s")
    assert str(amount.unit) == "6 seconds"


def test_a_film_that_lasts_as_long_as_its_price_is_for_is_paid_whole() -> None:
    row = "| Orlo | 6s的768P视频 2元/6s，10s的768P视频 4元/10s |"
    rates = reading(f"# 视频定价\n\n| 模型名称 | 计费说明 |\n|---|---|\n{row}\n").facts.rates
    assert sorted((str(rate.amount), str(rate.unit)) for rate in rates) == [
        ("2", "video"),
        ("4", "video"),
    ]


@pytest.mark.parametrize(
    "text", ["Multi-ride rate", "Multi-ride rate/ Town pass", "Multi ride fare"]
)
def test_a_rate_for_several_is_for_one_of_them(text: str) -> None:
    found = find_unit(text)
    assert found is not None
    assert str(found[0]) == "ride"


def test_a_licence_for_several_is_not() -> None:
    assert find_unit("Multi-site licence") is None
    assert find_unit("Multi-user rate") is None


def test_plans_that_are_called_like_prices_are_names() -> None:
    page = "# Тарифы\n\n| | Тариф 1 | Тариф 2 |\n|---|---|---|\n| Цена | 5000 ₽ | 9000 ₽ |\n"
    assert {rate.product for rate in reading(page).facts.rates} == {"тариф-1", "тариф-2"}


@pytest.mark.parametrize("line", ["(руб.)", "(USD)", "(€)", "（CNY）"])
def test_a_line_that_is_a_currency_is_that_of_the_prices(line: str) -> None:
    page = f"# Orlo\n\n{line}\n\n| Plan | Price |\n|---|---|\n| Wren | 5 |\n| Tern | 9 |\n"
    codes = {rate.currency for rate in reading(page).facts.rates}
    assert codes == {{"(руб.)": "RUB", "(USD)": "USD", "(€)": "EUR", "（CNY）": "CNY"}[line]}


def test_names_before_brackets_with_prices() -> None:
    page = (
        "# Pricing\n\nBrowser sessions ($0.02/hour) and network traffic ($5/GB) are charged "
        "separately.\n"
    )
    assert rates_of(page) == [
        "browser-sessions | price | 0.02 USD per hour",
        "network-traffic | price | 5 USD per GB",
    ]


def test_what_one_price_in_the_text_is_for_is_not_all_of_the_table_s() -> None:
    page = (
        "# Team\n\nTeam costs $79 / month; each further seat $24 / seat / month.\n\n"
        "| Item | Price |\n|---|---|\n| Fee | $79 / month |\n| Seat | $24 / seat / month |\n"
    )
    rates = reading(page, url="https://orlo.example/pricing").facts.rates
    assert {str(rate.unit) for rate in rates if rate.amount == 79} == {"month"}
