"""What use beyond a plan costs, in lists and sentences; and what a price is for where only the
subject of its sentence says so.
"""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading_of import rates_of, reading

ITEMS = {
    "en": ("{}/month", "10,000 messages included", "{} per additional 1,000 messages"),
    "en extra": ("{}/month", "10,000 messages", "Extra messages: {} per 1,000"),
    "de": ("{} pro Monat", "10.000 Nachrichten", "{} je weitere 1.000 Nachrichten"),
    "es": ("{} al mes", "10.000 mensajes", "{} por cada 1.000 mensajes adicionales"),
    "pt": ("{} por mês", "10.000 mensagens", "{} a cada 1.000 mensagens adicionais"),
}


@given(
    tongue=st.sampled_from(sorted(ITEMS)),
    plans=st.lists(st.tuples(st.integers(1, 400), st.integers(1, 99)), min_size=1, max_size=3),
)
@settings(max_examples=30, deadline=None)
def test_what_goes_beyond_a_plan_is_of_that_plan(tongue: str, plans: list[tuple[int, int]]) -> None:
    monthly, included, beyond = ITEMS[tongue]
    names = ("Kestrel", "Merlin", "Harrier")
    page, truth = "# Pricing\n", set()
    for name, (dollars, cents) in zip(names, plans, strict=False):
        page += f"\n## {name}\n\n{monthly.format(f'${dollars}')}\n\n"
        page += f"- {included}\n- {beyond.format(f'$0.{cents:02}')}\n"
        truth.add((name.lower(), Decimal(dollars), "month"))
        truth.add((name.lower(), Decimal(cents) / 100, "1K messages"))
    facts = reading(page).facts
    assert {(rate.product, rate.amount, str(rate.unit)) for rate in facts.rates} == truth


@pytest.mark.parametrize("label", ["Overage", "Additional", "Zusätzlich", "追加"])
def test_a_word_for_more_is_no_product(label: str) -> None:
    listed = f"# Pricing\n\n## Kestrel\n\n$29/month\n\n- {label}: $0.10 per GB\n"
    tabled = f"""
# Pricing

## Kestrel

| Service | Price |
|---|---|
| Storage | $0.20 per GB |
| {label} | $0.10 per GB |
"""
    for text in (listed, tabled):
        (found,) = (line for line in rates_of(text) if "0.10 USD per GB" in line)
        assert found.startswith("kestrel | ")


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("Each GB-hour costs $0.05.", ["compute | price | 0.05 USD per GB-hour"]),
        (
            "Functions cost $0.02 per GB-hour of memory and $0.20 per million requests.",
            [
                "functions | price | 0.02 USD per GB-hour | period hour",
                "functions | price | 0.20 USD per 1M requests",
            ],
        ),
        ("Dedicated hosts cost $449.", ["dedicated-hosts | price | 449 USD per unit"]),
    ],
)
def test_what_a_sentence_says_a_price_is_for(sentence: str, found: list[str]) -> None:
    assert rates_of(f"# Pricing\n\n## Compute\n\n{sentence}\n") == found


def test_a_plan_may_be_called_like_the_first_word_of_a_slogan() -> None:
    found = rates_of("""
# Pricing

## Growth

$99/month

<Card title="Scale — $299/mo">
  - Extra storage: $0.02/GB-month
</Card>
""")
    assert "scale | extra-storage | 0.02 USD per GB-month" in found


def test_credits_that_equal_money_are_sold() -> None:
    text = "# Pricing\n\n## Credit system\n\n- **10,000 credits = $10**\n"
    assert [line.split(" | ")[-1] for line in rates_of(text)] == ["10 USD per 10K credits"]


@pytest.mark.parametrize("label", ["Mindestumsatz", "Minimum turnover", "Facturación mínima"])
def test_the_least_that_is_paid_is_no_price(label: str) -> None:
    page = (
        f"# Pricing\n\n| Service | Price |\n|---|---|\n| SMS | $0.07 per SMS |\n| {label} | $25 |\n"
    )
    (rate,) = reading(page).facts.rates
    assert rate.product == "sms"


@pytest.mark.parametrize(
    ("head", "read"), [("Official price", True), ("官方价格", False), ("公式価格", False)]
)
def test_the_makers_price_beside_ones_own_is_none_of_these(head: str, read: bool) -> None:
    found = rates_of(f"""
# Pricing

| Model | Price | {head} |
|---|---|---|
| Orlo Pro 1.1 | $0.04 | $0.06 |
""")
    assert any("0.06" in line for line in found) is read
    assert "orlo-pro-1.1 | price | 0.04 USD per unit" in found


def test_a_table_of_prices_per_thing_works_nothing_out() -> None:
    table = "| Resource | Price |\n|---|---|\n| vCPU | {} |\n| RAM | {} |\n"
    each = table.format("$0.012 per vCPU-hour", "$0.004 per GB-hour")
    sums = table.format("$24 per month", "$8 per month")
    lead = "# Pricing\n\nFor example, 2 machines:\n\n"
    assert len(rates_of(lead + each)) == 2
    assert not rates_of(lead + sums)


@pytest.mark.parametrize(
    ("head", "unit"),
    [
        ("API requests (per 1,000)", "1K requests"),
        ("Anfragen (je 1.000)", "1K requests"),
        ("Store writes (per 1,000)", "1K units"),
        ("Price per 1,000", "1K units"),
        ("Price per 1K", "unit"),
    ],
)
def test_a_count_without_a_thing_in_a_head_is_no_single_one(head: str, unit: str) -> None:
    found = rates_of(f"# Pricing\n\n| Plan | {head} |\n|---|---|\n| Kestrel | $0.05 |\n")
    assert [line.split(" | ")[2] for line in found] == [f"0.05 USD per {unit}"]


def test_use_that_is_included_is_no_price() -> None:
    found = rates_of("""
# Pricing

| Plan | Subscription | Included usage |
|---|---|---|
| Kestrel | $5/month | $5 |
| Merlin | $20/month | $20 |
""")
    assert [line.split(" | ")[0] for line in found] == ["kestrel", "merlin"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Funktionen kosten 0,01 € je Aufruf.",
        "Au-delà, au tarif de 0,01 € par crédit supplémentaire.",
    ],
)
def test_a_rate_of_so_much_per_thing_is_a_price(sentence: str) -> None:
    assert len(rates_of(f"# Tarifs\n\n## Dépassements\n\n{sentence}\n")) == 1
