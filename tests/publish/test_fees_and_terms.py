"""Fees and terms of prices in words, for people, and as data."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

import pytest

from ratewire.apps.lists import write_list
from ratewire.model import (
    Billing,
    Bracket,
    Conditions,
    Hours,
    Quantity,
    Rate,
    Sale,
    Terms,
    Unit,
    Weekday,
)
from ratewire.publish.api import _brief
from ratewire.wording.data import PriceData
from ratewire.wording.data import plain as as_data
from ratewire.wording.formats import price, price_step, terms_words


def rate(amount: str, unit: str, percent: str | None = None, terms: Terms | None = None) -> Rate:
    share = None if percent is None else Decimal(percent)
    return Rate("halden", "price", Decimal(amount), "USD", Unit.parse(unit), percent=share,
                terms=terms or Terms())  # fmt: skip


FEE = rate("0.30", "transaction", "2.9")
YEARLY = Terms(
    billing=Billing("year", 12),
    included=Quantity(Decimal(10), "GB"),
    minimum=Decimal(5),
    cap=Decimal(50),
    sale=Sale(Decimal(20)),
    hours=Hours(((time(1), time(4)),), (Weekday.MON, Weekday.TUE), "UTC", outside=True),
)


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (FEE, "2.9% + $0.30 per transaction"),
        (rate("0", "transaction", "1.50"), "1.5% per transaction"),
        (rate("0", "unit", "10"), "10%"),
        (rate("0", "unit", "-0.005"), "−0.005%"),  # no digit is lost
        (rate("0", "unit", "0"), "0%"),
    ],
)
def test_a_fee_in_words(one: Rate, told: str) -> None:
    assert price(one) == told


def test_terms_in_words() -> None:
    assert terms_words(YEARLY, "USD") == (
        "billed yearly, 12-month commitment, 10 GB included, at least $5.00, at most $50.00, "
        "instead of $20.00, not 01:00–04:00 UTC, Mon Tue"
    )
    assert terms_words(Terms(sale=Sale(off=Decimal(20))), "USD") == "20% off"
    assert terms_words(Terms(), "USD") == ""


@pytest.mark.parametrize(
    ("bounds", "conditions", "told"),
    [
        (("2", None), {}, "from 2 GB"),
        (("0", "10"), {}, "up to 10 GB"),
        (("10", "50"), {}, "10–50 GB"),
        (("10", "50"), {"volume": "next-40-gb"}, ""),
        (("10", "50"), {"tier": "4"}, "10–50 GB"),
    ],
)
def test_the_bounds_of_a_bracket_are_said_where_no_condition_does(
    bounds: tuple[str, str | None], conditions: dict[str, str], told: str
) -> None:
    start, end = bounds
    bracket = Bracket(Decimal(start), None if end is None else Decimal(end), "GB")
    held = Conditions.of(conditions)
    assert terms_words(Terms(bracket=bracket), "USD", conditions=held) == told


def test_how_brackets_add_up_upfront_and_the_end_of_a_sale_are_said() -> None:
    terms = Terms(
        bracket=Bracket(Decimal(0), Decimal(1), "GB", graduated=True),
        billing=Billing("month", 12, "all"),
        sale=Sale(Decimal(20), ends=date(2026, 5, 31)),
    )
    assert terms_words(terms, "USD") == (
        "up to 1 GB, each bracket at its own rate, billed monthly, 12-month commitment, "
        "all paid upfront, instead of $20.00, until 31 May 2026"
    )


def test_a_step_names_the_terms_that_moved() -> None:
    monthly = rate("12", "user-month")
    yearly = rate("10", "user-month", terms=Terms(billing=Billing("year")))
    assert price_step(monthly, yearly) == (
        "$12.00 per user-month → $10.00 per user-month (billed yearly)"
    )


def test_fees_and_terms_as_data() -> None:
    assert as_data(PriceData.of(FEE))["percent"] == "2.9"
    assert "percent" not in as_data(PriceData.of(rate("1", "unit")))
    told = as_data(PriceData.of(rate("10", "user-month", terms=YEARLY)))
    assert told["billing"] == {"every": "year", "months": 12}
    assert told["minimum"] == "5"
    assert [*map(list, told["hours"]["spans"])] == [["01:00", "04:00"]]
    assert _brief(FEE) == "2.9% + 0.30"


def test_fees_and_terms_in_lists() -> None:
    rows = [FEE, rate("10", "user-month", terms=Terms(cap=Decimal(9)))]
    assert write_list(rows, "csv").decode().splitlines() == [
        "product,meter,conditions,amount,currency,unit,percent,terms",
        "halden,price,,0.30,USD,transaction,2.9,",
        'halden,price,,10,USD,user-month,,"{""cap"": ""9""}"',
    ]
    assert b'"percent": "2.9"' in write_list(rows, "json")
    assert write_list(rows[:1], "litellm") == b"{}\n"
    assert write_list([rate("1", "unit")], "csv").startswith(
        b"product,meter,conditions,amount,currency,unit\r\n"
    )
