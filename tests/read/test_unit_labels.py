"""Units that a row's labels state."""

from __future__ import annotations

import pytest
from reading_of import rates_of

from ratewire.model import Unit
from ratewire.read.unit_labels import led_unit, unit_of_label
from ratewire.read.units import joint_unit


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("per 1 GB", "GB"),
        ("/ request", "request"),
        ("je 1.000 Anfragen", "1K requests"),
        ("per GB and month", "GB-month"),
        ("Requests per minute", ""),
        ("1M tokens", ""),
        ("GB", ""),
        ("Billed per hour of use", ""),
    ],
)
def test_a_cell_that_is_all_unit(text: str, unit: str) -> None:
    assert str(led_unit(text) or "") == unit


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Support per hour", "hour"),
        ("Storage (per GB)", "GB"),
        ("Traffic, je TB", "TB"),
        ("Additional user", "user"),
        ("Each additional 10 GB", "10 GB"),
        ("EDGE-OVERAGE-1TB", "TB"),
        ("Extra 1,000 requests", "1K requests"),
        ("Weitere 1.000 Anfragen", "1K requests"),
        ("REQUEST-OVERAGE-50M", "50M requests"),
        ("Users overage 50M", ""),
        ("追加ユーザー", ""),
        ("Extra storage", ""),
        ("Additional users and groups", ""),
        ("Onyx 3 Pro Preview", ""),
        ("First 10 TB / Month", ""),
        ("Messages per day", ""),
        ("Costs $5 per user", ""),
    ],
)
def test_what_a_product_says_that_it_is_sold_by(text: str, unit: str) -> None:
    assert str(unit_of_label(text) or "") == unit


def test_a_thing_and_a_period_said_in_two_places_are_both_meant() -> None:
    month, core = Unit.of("month"), Unit.of("core")
    assert joint_unit(month, core) == joint_unit(core, month) == Unit.of("core", "month")
    assert joint_unit(core, Unit.of("user")) == core
    assert joint_unit(month, Unit.of("year")) == month
    assert joint_unit(Unit.of("user", "month"), Unit.of("hour")) == Unit.of("user", "month")
    assert joint_unit(month, None) == month


def test_a_column_of_units_and_a_heading_with_a_period() -> None:
    page = """# Pricing

| Item | Charged per | Per month |
|---|---|---|
| Windows | vCPU | $17 |
| Address | IP address | $2 |

| Item | Metric | Price |
|---|---|---|
| Calls | per 1,000 requests | $0.10 |
| Licence | je Nutzer | $5 |
| Additional seat | | $8 / month |
"""
    assert rates_of(page) == [
        "additional-seat | price | 8 USD per seat-month",
        "address | price | 2 USD per address-month",
        "calls | price | 0.10 USD per 1K requests",
        "licence | price | 5 USD per user",
        "windows | price | 17 USD per vcpu-month",
    ]
