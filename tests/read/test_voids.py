"""Credits that are given, and credits that are sold."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.read.reading_of import rates_of, reading

from ratewire.read.voids import is_no_rate

GIVEN = ["Credits", "Included credits", "Guthaben", "Créditos incluidos", "赠送额度", "クレジット"]
SOLD = ["Price per 1M credits", "Preis je Guthaben", "Precio por crédito", "积分单价"]


@pytest.mark.parametrize("label", GIVEN)
def test_credits_are_no_price(label: str) -> None:
    assert is_no_rate(label)
    assert (
        rates_of(f"# Orlo prices\n\n| Plan | {label} |\n|---|---|\n| Pro | $10 / month |\n") == []
    )


@pytest.mark.parametrize("label", SOLD)
def test_the_price_of_credits_is_one(label: str) -> None:
    assert not is_no_rate(label)
    page = f"# Orlo prices\n\n| Plan | {label} |\n|---|---|\n| Pro | $10 |\n"
    assert [each.split(" | ")[0] for each in rates_of(page)] == ["pro"]


@given(
    st.sampled_from([*GIVEN, "Extra credits", "Top-up credits"]),
    st.lists(st.decimals(Decimal("0.1"), Decimal(90), places=2), min_size=2, max_size=4),
    st.booleans(),
)
def test_credits_at_so_much_for_so_many_are_sold(
    label: str, amounts: list[Decimal], across: bool
) -> None:
    cells = [f"${amount} per 1,000" for amount in amounts]
    plans = [f"Plan {letter}" for letter in "ABCD"[: len(cells)]]
    if across:
        table = f"| | {' | '.join(plans)} |\n|{'---|' * (len(plans) + 1)}\n"
        table += f"| {label} | {' | '.join(cells)} |\n"
    else:
        rows = "".join(f"| {plan} | {cell} |\n" for plan, cell in zip(plans, cells, strict=True))
        table = f"| Plan | {label} |\n|---|---|\n{rows}"
    found = reading(f"# Orlo prices\n\n{table}").facts.rates
    assert sorted(rate.amount for rate in found) == sorted(amounts)


@pytest.mark.parametrize("heading", ["Credit packages", "Credits by plan", "Guthaben-Pakete"])
def test_a_heading_of_credits_hides_no_column_of_prices(heading: str) -> None:
    page = f"""# Orlo

## {heading}

| Package | Price | Credits included |
|---|---|---|
| Small | $5 | 500 credits |
| Large | $25 | 2,500 credits |

New accounts get $5 a month.
"""
    assert rates_of(page) == ["large | price | 25 USD per unit", "small | price | 5 USD per unit"]
