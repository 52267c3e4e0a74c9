"""What use costs under brackets, included quantities, fees, minimum and cap: the site's calculator
and its reference say the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import pytest
from halden import TERMS, bracket, rate, two

from ratewire.model import Quantity, Rate
from ratewire.publish.reckoning import Line, Way, charge, lines_of, metered

GRADUATED = two("x", True)
VOLUME = two("x", False)
UNSAID = two("x", None)
CONTEXT = [fact for fact in TERMS["context"].facts if isinstance(fact, Rate)]
FEE = rate("x", "0.30", "transaction", "2.9")
BOUNDED = rate("x", "0", "transaction", "1", minimum=Decimal("0.5"), cap=Decimal(5))
INCLUDED = rate("x", "1.50", "GB", included=Quantity(Decimal(10), "GB"))
LEAST = rate("x", "0.10", "GB", minimum=Decimal(5), cap=Decimal(50))
FREE_TIER = (
    rate("x", "0", "GiB", conditions={"v": "first-10-gib"},
         bracket=bracket("0", "10", "GiB", True)),
    rate("x", "0.06", "GiB", conditions={"v": "next-50-tib"},
         bracket=bracket("0.009765625", "50.009765625", "TiB", True)),
)  # fmt: skip
COUNTED = (
    rate("x", "3", "seat-month", conditions={"seats": "1-10"}, bracket=bracket("1", "10", "seat")),
    rate("x", "2", "seat-month", conditions={"seats": "11-50"},
         bracket=bracket("11", "50", "seat")),
)  # fmt: skip


def line(rates: Iterable[Rate] | Rate) -> Line:
    (found,) = lines_of([rates] if isinstance(rates, Rate) else rates)
    return found


@pytest.mark.parametrize(
    ("rates", "quantity", "value", "cost"),
    [
        (GRADUATED, "0", "0", "0"),
        (GRADUATED, "10000", "0", "900"),
        (GRADUATED, "15000", "0", "1325"),  # 10,000 × 0.09 + 5,000 × 0.085
        (GRADUATED, "60000", "0", "4300"),  # past the last bound only what the page prices
        (VOLUME, "10000", "0", "900"),
        (VOLUME, "15000", "0", "1275"),  # all of it at 0.085
        (UNSAID, "15000", "0", "1275"),
        (CONTEXT, "200000", "0", "0.25"),
        (CONTEXT, "200001", "0", "0.5000025"),
        (FEE, "100", "50", "175"),  # 100 × (1.45 + 0.30)
        (FEE, "1", "0", "0.30"),
        (BOUNDED, "2", "10", "1"),  # at least 0.50 each
        (BOUNDED, "2", "10000", "10"),  # at most 5 each
        (BOUNDED, "2", "100", "2"),
        (INCLUDED, "10", "0", "0"),
        (INCLUDED, "12", "0", "3"),
        (LEAST, "1", "0", "5"),
        (LEAST, "0", "0", "0"),
        (LEAST, "9999", "0", "50"),
        (FREE_TIER, "10", "0", "0"),
        (FREE_TIER, "110", "0", "6"),
        (COUNTED, "10", "0", "30"),
        (COUNTED, "11", "0", "22"),
    ],
)
def test_what_use_costs(rates: Iterable[Rate] | Rate, quantity: str, value: str, cost: str) -> None:
    assert charge(line(rates), Decimal(quantity), Decimal(value)) == Decimal(cost)


@pytest.mark.parametrize(
    ("use", "counts"), [("0", "0"), ("0.2", "0.5"), ("0.5", "0.5"), ("0.55", "0.6"), ("2", "2")]
)
def test_one_use_counts_as_the_least_and_in_steps(use: str, counts: str) -> None:
    (rates,) = (fact for fact in TERMS["least-and-step"].facts)
    assert isinstance(rates, Rate)
    assert metered(line(rates), Decimal(use)) == Decimal(counts)


def test_bounds_are_converted_to_the_things_that_are_counted() -> None:
    steps = line(GRADUATED).steps
    assert [(step.start, step.end) for step in steps] == [(0, 10_000), (10_000, 50_000)]


def test_brackets_that_cannot_be_counted_stay_prices_of_their_own() -> None:
    by_sales = [
        rate("x", price, "licence", conditions={"sales": name}, bracket=bracket(low, high, "USD"))
        for price, name, low, high in (
            ("495", "0-499", "0", "499"), ("990", "from-500", "500", None),
        )
    ]  # fmt: skip
    lines = lines_of(by_sales)
    assert [one.conditions for one in lines] == [(("sales", "0-499"),), (("sales", "from-500"),)]
    assert [one.has_brackets for one in lines] == [False, False]


def test_what_another_condition_makes_the_same_thing_elsewhere_is_not_asked_for() -> None:
    here = rate("x", "3", "image")
    there = rate("x", "4", "image", conditions={"region": "north"})
    assert [one.rate for one in lines_of([here, there])] == [here]


def test_brackets_of_two_schedules_are_not_mixed() -> None:
    north = [
        rate("x", price, "GB", conditions={"region": "north", "volume": name},
             bracket=bracket(low, high, "TB", True))
        for price, name, low, high in (
            ("0.2", "first-1-tb", "0", "1"), ("0.1", "beyond-1-tb", "1", None),
        )
    ]  # fmt: skip
    lines = lines_of([*GRADUATED, *north])
    assert [len(one.steps) for one in lines] == [2, 2]
    assert lines[1].conditions == (("region", "north"),)
    assert lines[1].steps[-1].end is None


@pytest.mark.parametrize(
    ("one", "way"),
    [
        (rate("x", "3", "image"), Way.USE),
        (FEE, Way.FEE),
        (rate("x", "3", "GB-month"), Way.RECURRING),
        (rate("x", "3", "year"), Way.RECURRING),
    ],
)
def test_how_often_it_is_used(one: Rate, way: Way) -> None:
    assert line(one).way is way


def test_a_price_by_the_year_is_for_twelve_months() -> None:
    assert line(rate("x", "120", "year")).months == 12
