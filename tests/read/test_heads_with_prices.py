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
