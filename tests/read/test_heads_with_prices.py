"""Plans along the top with their prices, prices by how they are paid, periods said above."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.read.reading_of import rates_of, reading

WORDS = [  # month, what is counted, free
    ("/ mo", "Seats", "Free"),
    ("pro Monat", "Plätze", "Kostenlos"),
    ("al mes", "Asientos", "Gratis"),
    ("/月", "席位", "免费"),
    ("par mois", "Sièges", "Gratuit"),
]


@given(
    st.sampled_from(WORDS),
    st.lists(st.decimals(Decimal(1), Decimal(900), places=2), min_size=2, max_size=4),
    st.sampled_from(["{} ({})", "{}（{}）", "{} – {}", "{}<br>{}"]),
)
def test_prices_in_the_heads_of_plans(
    words: tuple[str, str, str], amounts: list[Decimal], form: str
) -> None:
    month, seats, free = words
    names = ["Sparrow", "Heron", "Osprey", "Condor"][: len(amounts)]
    heads = [
        form.format(name, f"€{amount} {month}") for name, amount in zip(names, amounts, strict=True)
    ]
    line = f"| | {free} | {' | '.join(heads)} | Enterprise |"
    row = f"| {seats} | 1 | {' | '.join('5' for _ in heads)} | – |"
    page = f"# Halden prices\n\n{line}\n|{'---|' * (len(heads) + 3)}\n{row}\n"
    found = {(r.product, r.amount, str(r.unit)) for r in reading(page).facts.rates if r.amount}
    assert found == {
        (name.lower(), amount, "month") for name, amount in zip(names, amounts, strict=True)
    }


@pytest.mark.parametrize(
    ("cell", "yearly"),
    [
        ("$20/mo ($16/mo billed annually)", True),
        ("20 € pro Monat (16 € pro Monat bei jährlicher Zahlung)", True),
        ("20 € al mes (16 € al mes con pago anual)", True),
        ("$20/month（$16/month 年付）", True),
        ("$20/mo ($0.0274/hour)", False),
        ("$20/mo (about $16/mo)", False),
    ],
)
def test_a_bracket_holds_the_price_of_those_who_pay_otherwise(cell: str, yearly: bool) -> None:
    page = f"# Halden prices\n\n| Plan | Price |\n|---|---|\n| Heron | {cell} |\n"
    rates = reading(page).facts.rates
    told = {(f"{rate.amount}", rate.conditions.get("period")) for rate in rates}
    assert told == ({("20", ""), ("16", "year")} if yearly else {("20", "")})


@pytest.mark.parametrize(
    "said",
    [
        "All plans have a monthly base package price, whatever you use:",
        "Für jeden Plan gilt eine monatliche Grundgebühr, egal wie viel Sie nutzen:",
        "Cada plan tiene una tarifa mensual que no depende del uso:",
    ],
)
def test_a_sentence_above_says_for_how_long(said: str) -> None:
    page = f"""# Halden prices

- Per minute pricing, where you pay for what you use.

## Plans

{said}

| Sparrow | Heron |
|---|---|
| $29 | $399 |
"""
    assert rates_of(page) == [
        "heron | price | 399 USD per month",
        "sparrow | price | 29 USD per month",
    ]


def test_a_long_value_is_a_price_where_it_begins_with_one() -> None:
    page = """# Halden prices

| Wallets | Free | Build |
|---|---|---|
| Cost | $0 | $25 per month |
| MAU | 2,000 included | $0.025 per additional wallet user (the first 2,000 are free for all) |
| Scale | Reliable | Made for applications that grow and grow with all you do |
"""
    assert [each for each in rates_of(page) if "0.025" in each] == [
        "build | mau | 0.025 USD per user"
    ]


@given(
    st.sampled_from([("month", "{} / month"), ("month", "{} pro Monat"), ("hour", "{}/h")]),
    st.sampled_from(["$0", "Free", "0 €", "Kostenlos"]),
    st.booleans(),
)
def test_nothing_costs_nothing_for_as_long_as_the_others(
    unit: tuple[str, str], nothing: str, across: bool
) -> None:
    name, form = unit
    cells = [nothing, form.format("$5"), form.format("$20")]
    if across:
        table = f"| | Wren | Heron | Osprey |\n|---|---|---|---|\n| Price | {' | '.join(cells)} |\n"
    else:
        plans = zip(("Wren", "Heron", "Osprey"), cells, strict=True)
        table = "| Plan | Price |\n|---|---|\n" + "".join(f"| {a} | {b} |\n" for a, b in plans)
    rates = reading(f"# Halden prices\n\n{table}").facts.rates
    assert {(rate.product, str(rate.unit)) for rate in rates} == {
        (plan, name) for plan in ("wren", "heron", "osprey")
    }


def test_what_a_head_with_a_price_names_is_a_plan_though_no_row_is_about_money() -> None:
    page = """# Halden

| Feature | Free | Heron ($30 / mo) | Osprey ($200 / mo + usage) |
|---|---|---|---|
| Storage | 500 MB cap | 2 GB cap | 5 GB + $1.50 / GB-month |
| Egress | 10 GB cap | 100 GB cap | 1 TB + $0.002 / GB |
"""
    assert rates_of(page) == [
        "heron | price | 30 USD per month",
        "osprey | egress | 0.002 USD per GB",
        "osprey | price | 200 USD per month",
        "osprey | storage | 1.50 USD per GB-month",
    ]


def test_tiers_that_nothing_stands_over_are_what_is_sold() -> None:
    rows = "| Launch | $0 + usage |\n| Scale | $250/month |\n"
    page = f"# Pricing\n\n| Tier | Price |\n|---|---|\n{rows}"
    assert rates_of(page) == [
        "launch | price | 0 USD per month",
        "scale | price | 250 USD per month",
    ]


def test_sizes_of_pictures_are_no_tokens() -> None:
    page = """# Halden API pricing

Prices per 1M tokens unless noted.

| Model | ID | Price |
|---|---|---|
| Lumo 2 | `lumo-2` | 1K: $0.27, 2K: $0.51 |
"""
    assert {each.split(" per ")[1].split(" | ")[0] for each in rates_of(page)} == {"image"}


def test_a_card_may_be_called_like_a_tier() -> None:
    page = """<html><head><title>Pricing · Halden</title></head><body><h1>Grow with Halden</h1>
<ul><li><div><p>Shared</p><p>512 MB RAM</p></div><p>$0.05/box-hour</p></li>
<li><div><p>Fast</p><p>6 GB RAM</p></div><p>$0.80/box-hour</p></li></ul>
<ul><li><div><p>Standard</p><p>1 hour rollback</p></div><p>$50 — $3,500</p></li></ul>"""
    assert "50–3500 USD per unit" in " ".join(rates_of(page, "text/html"))
