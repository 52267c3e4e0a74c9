"""A change of a fee or of a price's terms is told by its kind, and bears one id wherever found."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from price_lists import rate

from ratewire.compare import change_rows
from ratewire.compare.classify import of_rate
from ratewire.compare.group import alteration_key
from ratewire.model import (
    Alteration,
    Billing,
    Bracket,
    ChangeKind,
    Hours,
    Quantity,
    Rate,
    Sale,
    Terms,
    Weekday,
)

UP, DOWN, UNIT = ChangeKind.RATE_UP, ChangeKind.RATE_DOWN, ChangeKind.UNIT


def fee(percent: str | None, plus: str = "0.30", terms: Terms | None = None) -> Rate:
    share = None if percent is None else Decimal(percent)
    paid = rate("halden", "price", plus, per="transaction")
    return replace(paid, percent=share, terms=terms or Terms())


def plan(amount: str, per: str = "user-month", **terms: object) -> Rate:
    return replace(rate("halden", "price", amount, per=per), terms=Terms(**terms))  # type: ignore[arg-type]


def bracket(end: int) -> Bracket:
    return Bracket(Decimal(0), Decimal(end), "TB", graduated=True)


MOVES = {
    "a share rises": (fee("2.9"), fee("3.1"), UP, "6.90"),
    "a share falls as the fixed part rises": (fee("2.9"), fee("2.7", "0.40"), DOWN, "-6.90"),
    "the fixed part falls": (fee("2.9"), fee("2.9", "0.25"), DOWN, "-16.67"),
    "a fixed fee gets a share": (fee(None), fee("1"), UP, None),
    "a rebate shrinks": (fee("-0.01", "0"), fee("-0.005", "0"), UP, "50.00"),
    "a minimum rises": (plan("5", minimum=Decimal(1)), plan("5", minimum=Decimal(2)), UP, "100.00"),
    "a minimum is new": (plan("5"), plan("5", minimum=Decimal(2)), UP, None),
    "a cap falls": (fee("1", "0", Terms(cap=Decimal(5))), fee("1", "0", Terms(cap=Decimal(4))),
                    DOWN, "-20.00"),
    "a cap is gone": (fee("1", "0", Terms(cap=Decimal(5))), fee("1", "0"), UP, None),
    "a yearly plan in a monthly one's place": (plan("10"), plan("114", "user-year"), UNIT, None),
    "a month's price, billed yearly": (
        plan("12"), plan("10", billing=Billing("year")), UNIT, None
    ),
    "billed yearly, the price as it was for monthly": (
        plan("12", billing=Billing("month")), plan("12", billing=Billing("year")), UNIT, None
    ),
    "both yearly": (plan("120", "user-year"), plan("114", "user-year"), DOWN, "-5.00"),
    "longer bound": (plan("5", billing=Billing("", 12)), plan("5", billing=Billing("", 36)), UNIT,
                     None),
    "a bracket moves": (plan("5", bracket=bracket(10)), plan("5", bracket=bracket(20)), UNIT, None),
    "a bracket moves with its price": (
        plan("5", bracket=bracket(10)), plan("4", bracket=bracket(20)), UNIT, None
    ),
    "less is included": (
        plan("5", included=Quantity(Decimal(10), "GB")),
        plan("5", included=Quantity(Decimal(5), "GB")), UNIT, None,
    ),
    "peak hours move": (
        plan("5", hours=Hours(days=(Weekday.MON,))), plan("5", hours=Hours()), UNIT, None
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MOVES)
def test_what_moved_is_told_by_its_kind(name: str) -> None:
    before, after, kind, percent = MOVES[name]
    found = of_rate(before, after)
    assert found is not None
    share = None if percent is None else Decimal(percent)
    assert (found.kind, found.percent) == (kind, share)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (plan("10"), plan("120", "user-year")),
        (plan("12"), plan("12", billing=Billing("year"))),
        (plan("5"), plan("5", bracket=bracket(10))),  # the page says more of the same price
        (plan("5", bracket=bracket(10)), plan("5")),
        (plan("5", bracket=Bracket(Decimal(0), Decimal(10), "TB")),
         plan("5", bracket=Bracket(Decimal(0), Decimal(10000), "GB"))),
        (plan("5", sale=Sale(Decimal(8))), plan("5")),
        (fee("2.9"), fee("2.90")),
    ],
)  # fmt: skip
def test_the_same_price_on_the_same_terms_is_no_news(before: Rate, after: Rate) -> None:
    assert of_rate(before, after) is None
    assert of_rate(after, before) is None


def test_a_fee_is_shown_whole() -> None:
    found = of_rate(fee("2.9"), fee("3.1"))
    assert found is not None
    (row,) = change_rows([found])
    assert (row.old, row.new) == ("2.9% + 0.30", "3.1% + 0.30")
    (row,) = change_rows([Alteration(ChangeKind.ADDED, None, fee("1.50", "0"))])
    assert row.new == "1.50%"


def test_two_moves_of_one_rate_have_two_ids() -> None:
    moves = [
        (fee("2.9"), fee("3.1")),
        (fee("2.9"), fee("3.2")),
        (plan("5", bracket=bracket(10)), plan("5", bracket=bracket(20))),
        (plan("5", bracket=bracket(10)), plan("5", bracket=bracket(50))),
    ]
    keys = {alteration_key(Alteration(UNIT, *move)) for move in moves}
    assert len(keys) == len(moves)


def test_an_id_does_not_depend_on_terms_that_stood_still() -> None:
    plain = Alteration(UP, plan("5"), plan("6"))
    told = Alteration(UP, plan("5", bracket=bracket(10)), plan("6", bracket=bracket(10)))
    on_sale = Alteration(UP, plan("5"), plan("6", sale=Sale(Decimal(8))))
    assert alteration_key(plain) == alteration_key(told) == alteration_key(on_sale)


NOTATIONS = [
    ("0.001", "1K tokens", "1", "1M tokens"),
    ("1", "1M tokens", "1000", "1B tokens"),
    ("0.001", "GB", "1", "TB"),
    ("1", "KB", "1000", "MB"),
    ("3", "GiB", "3072", "TiB"),
    ("0.001", "Wh", "1", "kWh"),
    ("1", "km", "1000", "1K km"),
    ("1", "hour", "168", "week"),
    ("1", "millisecond", "1000", "second"),
    ("2", "quarter", "8", "year"),
]


@pytest.mark.parametrize(("amount", "per", "other", "per_other"), NOTATIONS)
def test_the_same_price_in_another_unit_is_no_change(
    amount: str, per: str, other: str, per_other: str
) -> None:
    one, same = rate("x", "price", amount, per=per), rate("x", "price", other, per=per_other)
    assert of_rate(one, same) is None
    assert of_rate(same, one) is None
    dearer = of_rate(one, replace(same, amount=same.amount * 2))
    assert dearer is not None
    assert (dearer.kind, str(dearer.percent)) == (UP, "100.00")


def test_a_gibibyte_is_no_gigabyte() -> None:
    found = of_rate(rate("x", "price", "1", per="GB"), rate("x", "price", "1", per="GiB"))
    assert found is not None
    assert (found.kind, str(found.percent)) == (DOWN, "-6.87")
