"""Prices that are more than an amount: when two are the same, and when they are not comparable."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratewire.model import Billing, Bracket, Hours, Quantity, Rate, Terms, Unit, Weekday


def rate(
    amount: str = "10", unit: str = "unit", percent: str | None = None, terms: Terms | None = None
) -> Rate:
    return Rate(
        "halden", "price", Decimal(amount), "USD", Unit.parse(unit),
        percent=None if percent is None else Decimal(percent), terms=terms or Terms(),
    )  # fmt: skip


def upto(end: str, of: str, start: str = "0") -> Terms:
    return Terms(bracket=Bracket(Decimal(start), Decimal(end), of))


PEAK = Hours(((time(1), time(4)),), (Weekday.MON,), "UTC")


def test_a_share_is_part_of_the_price() -> None:
    fee = rate("0.30", "transaction", "2.9")
    assert fee.is_fee
    assert not fee.is_free
    assert fee.same_price(rate("0.30", "transaction", "2.90"))
    assert not fee.same_price(rate("0.30", "transaction"))
    assert not fee.same_price(rate("0.30", "transaction", "2.7"))


def test_nothing_but_nothing_is_free() -> None:
    assert rate("0").is_free
    assert rate("0", percent="0").is_free
    assert not rate("0", percent="1.5").is_free
    assert not replace(rate("0"), upper=Decimal(5)).is_free


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (upto("10", "TB"), upto("10000", "GB"), True),
        (upto("10", "TB"), upto("10", "GB"), False),
        (upto("10", "TB"), upto("10", ""), True),  # one page names the unit elsewhere
        (upto("10", "TB"), upto("50", "TB"), False),
        (upto("10", "TB"), upto("10", "TB", "1"), False),
        (upto("200000", "input tokens"), upto("200000", "tokens of input"), True),
        (upto("10", "TB"), Terms(bracket=Bracket(of="TB")), False),
        (upto("10", "TB"), Terms(), True),
        (Terms(bracket=Bracket(graduated=True)), Terms(bracket=Bracket(graduated=False)), False),
        (Terms(bracket=Bracket(graduated=True)), Terms(bracket=Bracket()), True),
        (Terms(included=Quantity(Decimal(1), "TB")), Terms(included=Quantity(Decimal(1000), "GB")),
         True),
        (Terms(included=Quantity(Decimal(1), "TB")), Terms(included=Quantity(Decimal(2), "TB")),
         False),
        (Terms(billing=Billing("year")), Terms(billing=Billing("month")), False),
        (Terms(billing=Billing("year")), Terms(billing=Billing("year", 12)), True),
        (Terms(billing=Billing("", 12)), Terms(billing=Billing("", 36)), False),
        (Terms(billing=Billing("year", upfront="all")),
         Terms(billing=Billing("year", upfront="none")), False),
        (Terms(hours=PEAK), Terms(hours=replace(PEAK, days=())), False),
        (Terms(hours=PEAK), Terms(), True),
    ],
)  # fmt: skip
def test_terms_conflict_where_both_sides_differ(one: Terms, other: Terms, same: bool) -> None:
    assert rate(terms=one).same_terms(rate(terms=other)) is same
    assert rate(terms=other).same_terms(rate(terms=one)) is same


YEARLY, MONTHLY = Terms(billing=Billing("year")), Terms(billing=Billing("month"))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (rate("10", "user-month"), rate("114", "user-year"), False),
        (rate("10", "user-month"), rate("120", "user-year"), True),  # the same money
        (rate("12", "user-month"), rate("10", "user-month", terms=YEARLY), False),
        (rate("12", "user-month"), rate("12", "user-month", terms=YEARLY), True),
        (rate("12", "user-month"), rate("11", "user-month", terms=MONTHLY), True),
        (rate("12", "user-month"), rate("11", "user-month"), True),
        (rate("12", "user-month", terms=MONTHLY), rate("12", "user-month", terms=YEARLY), False),
        (rate("12", "user"), rate("120", "user", terms=YEARLY), True),  # not said of the first
        (rate("1", "GB"), rate("2", "hour"), True),
    ],
)
def test_a_yearly_plan_is_no_cheaper_monthly_one(one: Rate, other: Rate, same: bool) -> None:
    assert one.same_terms(other) is same
    assert other.same_terms(one) is same


def test_a_bracket_does_not_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match="bracket"):
        Bracket(Decimal(5), Decimal(4))


@given(st.decimals(0, 10**6, places=3), st.sampled_from(["TB", "GB", "MB"]))
def test_a_quantity_is_the_same_in_any_unit(amount: Decimal, of: str) -> None:
    small = amount * {"TB": 10**6, "GB": 10**3, "MB": 1}[of]
    assert Quantity(amount, of).same(Quantity(small, "MB"))
    assert not Quantity(amount, of).same(Quantity(small + 1, "MB"))


OF_USE = {
    "the same least use, otherwise ordered": (
        Terms(least=(Quantity(Decimal(128), "KB"), Quantity(Decimal(30), "day"))),
        Terms(least=(Quantity(Decimal(720), "hour"), Quantity(Decimal(128), "KB"))),
        True,
    ),
    "one least use more": (
        Terms(least=(Quantity(Decimal(128), "KB"),)),
        Terms(least=(Quantity(Decimal(128), "KB"), Quantity(Decimal(30), "day"))),
        False,
    ),
    "another least use": (
        Terms(least=(Quantity(Decimal(128), "KB"),)),
        Terms(least=(Quantity(Decimal(64), "KB"),)),
        False,
    ),
    "a least use that one page leaves out": (
        Terms(least=(Quantity(Decimal(128), "KB"),)), Terms(), True,
    ),
    "the same step in another unit": (
        Terms(step=Quantity(Decimal(1), "minute")), Terms(step=Quantity(Decimal(60), "second")),
        True,
    ),
    "another step": (
        Terms(step=Quantity(Decimal(1), "minute")), Terms(step=Quantity(Decimal(1), "hour")), False,
    ),
    "a step that one page leaves out": (Terms(step=Quantity(Decimal(1), "minute")), Terms(), True),
    "a bracket in another unit": (upto("1000", "GB", "10"), upto("1", "TB", "0.01"), True),
    "a bracket that starts elsewhere": (upto("1000", "GB", "10"), upto("1", "TB", "0.02"), False),
    "a bracket without a unit on one side": (upto("10", "GB"), upto("10", ""), True),
    "a bracket of the page's own words": (upto("10", "big loads"), upto("10", "loads x y"), True),
    "a commitment of another length": (
        Terms(billing=Billing("year", 12)), Terms(billing=Billing("year", 36)), False,
    ),
    "a commitment of a length not said": (
        Terms(billing=Billing("year", 12)), Terms(billing=Billing("year")), True,
    ),
    "paid otherwise beforehand": (
        Terms(billing=Billing("year", 12, "all")), Terms(billing=Billing("year", 12, "none")),
        False,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("one", "other", "same"), OF_USE.values(), ids=OF_USE)
def test_terms_of_use_conflict_where_both_sides_differ(
    one: Terms, other: Terms, same: bool
) -> None:
    assert one.conflicts(other) is not same
    assert other.conflicts(one) is not same
