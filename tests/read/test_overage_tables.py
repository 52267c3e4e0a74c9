"""What use beyond a plan costs, in tables: `Extra requests` at so much `per 1,000`."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading_of import rates_of, reading

TONGUES = {
    "en": ("Plan", "Included {}", "Extra {}", "requests", "per 1,000", "1K requests"),
    "en counted": ("Plan", "Included {}", "Additional {}", "messages", "/ 1M", "1M messages"),
    "de": ("Tarif", "Inklusive", "{}", "Anfragen", "je 1.000", "1K requests"),
    "es": ("Plan", "Incluido", "{}", "mensajes", "por 1.000", "1K messages"),
    "pt": ("Plano", "Incluído", "{}", "mensagens", "a cada 1.000", "1K messages"),
}


@given(
    tongue=st.sampled_from(sorted(TONGUES)),
    cents=st.lists(st.integers(1, 900), min_size=2, max_size=4, unique=True),
)
@settings(max_examples=30, deadline=None)
def test_a_bare_count_is_of_what_the_head_counts(tongue: str, cents: list[int]) -> None:
    plan, included, extra, thing, per, unit = TONGUES[tongue]
    names = ("Kestrel", "Merlin", "Harrier", "Osprey")
    rows = [
        f"| {name} | {(at + 1) * 10}K/month | ${amount / 100:.2f} {per} |"
        for at, (name, amount) in enumerate(zip(names, cents, strict=False))
    ]
    heads = f"| {plan} | {included.format(thing)} | {extra.format(thing)} |\n|---|---|---|"
    facts = reading(f"# Pricing\n\n{heads}\n" + "\n".join(rows)).facts
    found = {(rate.product, rate.amount, str(rate.unit)) for rate in facts.rates}
    assert found == {
        (name.lower(), Decimal(amount) / 100, unit)
        for name, amount in zip(names, cents, strict=False)
    }


def test_a_head_of_more_is_another_meter_than_what_is_included() -> None:
    found = rates_of("""
# Pricing

| Plan | Price | Extra credits |
|---|---|---|
| Kestrel | $20/mo | $0.80 per 1,000 |
""")
    assert found == [
        "kestrel | extra-credits | 0.80 USD per 1K credits",
        "kestrel | price | 20 USD per month",
    ]


@pytest.mark.parametrize("mark", [":::", "^^", "〃"])
def test_a_mark_stands_for_the_cell_above(mark: str) -> None:
    found = rates_of(f"""
# Halden storage

| Item | Charge | Price |
|---|---|---|
| Traffic fee | Downloads | 00:00-08:00 (off-peak): $0.25 / GB |
| {mark} | {mark} | 08:00-24:00 (peak): $0.45 / GB |
| {mark} | Uploads | 00:00-08:00 (off-peak): $0.05 / GB |
| {mark} | {mark} | 08:00-24:00 (peak): $0.07 / GB |
""")
    assert [line.split(" | ")[2:] for line in found] == [
        ["0.05 USD per GB", "charge uploads, period off-peak"],
        ["0.07 USD per GB", "charge uploads, period peak"],
        ["0.25 USD per GB", "charge downloads, period off-peak"],
        ["0.45 USD per GB", "charge downloads, period peak"],
    ]


def test_a_fee_in_percent_is_nobodys_name() -> None:
    found = rates_of("""
# Pricing

## Founders

| Monthly fee | Subscription fee |
|---|---|
| $4 | +0.5% |
""")
    assert [line.split(" | ")[0] for line in found if "4 USD" in line] == ["founders"]


@pytest.mark.parametrize(
    ("heading", "read"),
    [
        ("Kestrel plan vs. Merlin plan", True),
        ("Kestrel プラン vs. Merlin プラン", True),
        ("Kestrel-Tarif vs. Merlin-Tarif", True),
        ("Halden vs. Zephyr", False),
    ],
)
def test_own_plans_side_by_side_are_no_comparison_with_others(heading: str, read: bool) -> None:
    found = rates_of(f"""
# Halden pricing

## {heading}

| | Kestrel | Merlin |
|---|---|---|
| Monthly price | $19/month | $79/month |
""")
    assert bool(found) is read


def test_where_plans_break_even_is_no_price() -> None:
    assert not rates_of("""
# Pricing

| Plan | Breakeven |
|---|---|
| Kestrel | ~$1,379 /mo in sales |
| Merlin | ~$5,634 /mo in sales |
""")


@pytest.mark.parametrize(
    "words", ["in sales", "of revenue", "de ventas", "Umsatz", "de chiffre d'affaires"]
)
def test_a_sum_of_sales_is_no_price(words: str) -> None:
    table = f"| Plan | Limit |\n|---|---|\n| Kestrel | $900 /mo {words} |"
    assert not rates_of(f"# Pricing\n\n{table}\n")
