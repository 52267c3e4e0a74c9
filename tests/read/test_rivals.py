"""Prices of other companies that a page shows beside its own."""

from __future__ import annotations

import pytest
from tests.read.reading_of import rates_of

from ratewire.read.rivals import rivals

URL = "https://gate.example/pricing"


def columns(said: str, own: str = "Gate", other: str = "BigForge") -> str:
    return (
        f"# Pricing\n\n| vCPU | {own} | {other} |\n|---|---|---|\n| 2 | $1/min | $5/min |\n"
        f"| 4 | $2/min | $8/min |\n\n{said}\n"
    )


@pytest.mark.parametrize(
    "said",
    [
        "Cheaper than BigForge.",
        "Half the price: Gate vs. BigForge",
        "Günstiger als BigForge.",
        "Más barato que BigForge.",
        "Moins cher que BigForge.",
        "与相比 BigForge 更便宜",
    ],
)
def test_another_company_s_column_is_not_one_s_own(said: str) -> None:
    found = rates_of(columns(said), url=URL)
    assert len(found) == 2
    assert not any("forge" in rate or "5 USD" in rate or "8 USD" in rate for rate in found)


def test_another_company_s_row_is_not_one_s_own() -> None:
    rows = (
        "# Pricing\n\nWe are cheaper than BigForge.\n\n| Service | Price |\n|---|---|\n"
        "| Gate Runner | $1 |\n| BigForge Actions | $5 |\n"
    )
    assert rates_of(rows, url=URL) == ["gate-runner | price | 1 USD per unit"]


def test_two_products_of_one_s_own_stay_though_compared() -> None:
    found = rates_of(columns("Gate 2 is cheaper than Gate 1.", "Gate 1", "Gate 2"), url=URL)
    assert len(found) == 4


def test_a_name_that_nothing_is_compared_with_stays() -> None:
    assert len(rates_of(columns("Both run everywhere."), url=URL)) == 4


def test_nothing_is_another_s_where_no_name_is_one_s_own() -> None:
    assert rivals(("Tin", "BigForge"), frozenset({"gate"}), ("bigforge",)) == frozenset()
    assert rivals(("Gate", "BigForge"), frozenset({"gate"}), ("bigforge",)) == {"BigForge"}
