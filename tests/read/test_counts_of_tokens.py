"""Counts in heads that do not name what they count, and columns that name no unit at all."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.read.reading_of import rates_of, reading

from ratewire.model import Unit
from ratewire.read.meters import read_heading
from ratewire.read.voids import is_no_rate

PRICES = st.lists(st.decimals(Decimal("0.01"), Decimal(90), places=2), min_size=4, max_size=4)
HEADS = [
    ("Model", "Input", "Output", "Cache write", "Cache read"),
    ("模型", "输入", "输出", "缓存写入", "缓存读取"),
    ("Modell", "Eingabe", "Ausgabe", "Cache write", "Cache read"),
]
COUNTS = {" / 1M": 10**6, "/M": 10**6, " per 1M": 10**6, " / 1K": 1000, " per million": 10**6}


@given(st.sampled_from(HEADS), st.sampled_from(sorted(COUNTS)), PRICES)
def test_a_count_after_what_goes_in_or_out_is_one_of_tokens(
    heads: tuple[str, ...], count: str, amounts: list[Decimal]
) -> None:
    name, taken, given_out, *caches = heads
    head = [name, taken + count, *caches, given_out + count]
    table = f"| {' | '.join(head)} |\n|{'---|' * len(head)}\n"
    table += f"| orlo-2 | {' | '.join(f'${amount}' for amount in amounts)} |\n"
    found = reading(f"# Orlo prices\n\n{table}").facts.rates
    assert sorted(rate.amount for rate in found) == sorted(amounts)
    assert {rate.unit for rate in found} == {Unit.of("token", count=Decimal(COUNTS[count]))}


@pytest.mark.parametrize("head", ["Price / 1K", "Cost per 1M", "价格 / 1K"])
def test_a_count_of_nothing_named_counts_nothing(head: str) -> None:
    assert read_heading(head).unit is None


@pytest.mark.parametrize(("sizes", "read"), [("1024²", "1024x1024"), ("512²", "512x512")])
def test_a_square_has_two_sides(sizes: str, read: str) -> None:
    page = f"# 图像模型\n\n| 模型 | 分辨率 | 每图 |\n|---|---|---|\n| orlo-2 | {sizes} | $0.02 |\n"
    (rate,) = reading(page).facts.rates
    assert (rate.conditions.get("size"), rate.unit) == (read, Unit.of("image"))


@given(PRICES)
def test_plans_that_are_prices_are_told_apart_by_their_credits(amounts: list[Decimal]) -> None:
    rows = {amount: number * 1000 for number, amount in enumerate(amounts, 1)}
    table = "".join(f"| ${amount}/mo | {number:,} |\n" for amount, number in rows.items())
    found = reading(f"# Orlo\n\n## Plans\n\n| Plan | Monthly credits |\n|---|---|\n{table}")
    read = {rate.amount: rate.conditions.get("monthly-credits") for rate in found.facts.rates}
    if len(rows) > 1:
        assert read == {amount: f"{number // 1000}-000" for amount, number in rows.items()}


def test_packs_of_credits_are_sold_and_routes_hold_no_balance() -> None:
    assert not is_no_rate("1,000 credits")
    assert not is_no_rate("GET /v1/wallet/balance")
    assert is_no_rate("Wallet balance")
    page = """# Orlo prices

| Pack | Price | What you get |
|---|---|---|
| 1,000 credits | $10 | about 300 images |
| 2,500 credits | $25 | about 800 images |
"""
    assert len(rates_of(page)) == 2
