"""What prices are multiplied by, in sentences of several languages."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading_of import DAY, reading

from ratewire.compare import change_rows
from ratewire.compare.differences import differences
from ratewire.model import Conditions


def factors(sentence: str, heading: str = "Batch processing") -> list[str]:
    found = reading(f"# Halden\n\n## {heading}\n\n{sentence}\n").facts.multipliers
    return [f"{each.factor:f} {each.conditions}".strip() for each in found]


@pytest.mark.parametrize(
    ("sentence", "factor"),
    [
        ("The Batch API offers a 50% discount on both input and output tokens.", "0.5 tier batch"),
        ("US-only inference incurs a 1.1x multiplier on all token pricing.", "1.1"),
        ("Requests in this region are priced at 2x the standard rate.", "2"),
        ("A 10% premium applies to all prices.", "1.1"),
        ("Cache hits cost 10% of the standard input price.", "0.1"),
        ("Im Batch-Betrieb gelten 50 % Rabatt auf alle Preise.", "0.5 tier batch"),
        ("En esta región las tarifas son un 10 % más caras, un recargo.", "1.1"),
        ("Los precios por lotes tienen 50 % de descuento.", "0.5 tier batch"),
        ("批量调用的价格享受 50% 折扣。", "0.5 tier batch"),
        ("Save 50% on all prices.", ""),
        ("50% discount on all prices until 31 May.", ""),
        ("Up to 50% discount on input tokens.", ""),
        ("2-5x the usage at the same price.", ""),
        ("~10x the price of Pro.", ""),
        ("20% discount on annual plans, whatever the price.", ""),
        ("Input costs 50% less and output costs 20% less.", ""),  # which of them?
        ("The instance has 2x the memory at the same price.", ""),
        ("99.9% uptime at any price.", ""),
    ],
)
def test_a_sentence_that_multiplies_prices(sentence: str, factor: str) -> None:
    assert factors(sentence) == ([factor] if factor else [])


PAGE = """# Halden

## Batch processing

The Batch API offers a {share}% discount on input and output tokens.
"""


@given(st.integers(1, 99), st.integers(1, 99))
def test_a_factor_that_moves_is_told(old: int, new: int) -> None:
    before, after = (reading(PAGE.format(share=share)) for share in (old, new))
    assert before.facts.multipliers[0].factor == 1 - Decimal(old) / 100
    assert before.facts.multipliers[0].conditions == Conditions.of(tier="batch")
    found = differences(before.facts, after.facts, on=DAY.date())
    rows = change_rows(found.alterations)
    kinds = [row.kind.value for row in rows]
    assert kinds == ([] if old == new else ["rate_up"] if new < old else ["rate_down"])
