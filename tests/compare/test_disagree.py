"""Places of one page that print another price than the one that stands."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from ratewire.compare import disagreements
from ratewire.model import Facts, Figure, Place, Rate, Role, Shown, Snapshot, Unit

SEAT = Rate("lark", "seat", Decimal(12), "USD", Unit.parse("month"))


def snapshot(*figures: Figure, rate: Rate = SEAT) -> Snapshot:
    at = datetime(2026, 3, 1, tzinfo=UTC)
    return Snapshot("lark", Facts.of([rate]), "a" * 64, "https://lark.example", at, "1", figures)


def figure(value: str, role: Role = Role.RATE, shown: Shown = Shown.VISIBLE) -> Figure:
    place = Place("Lark is # a seat", headings=("Teams",))
    names = (SEAT.identity,) if role is Role.RATE else ()
    return Figure(f"${value}", place, (Decimal(value),), shown, role, rates=names)


def test_another_price_is_said_with_its_words_and_place() -> None:
    (words,) = disagreements(snapshot(figure("12"), figure("10.00")))
    assert words == ("lark seat stands as 12 USD, but “Lark is $10.00 a seat” is printed at Teams")


@pytest.mark.parametrize("value", ["12.00", "1200", "0.012", "144", "1"])
def test_the_same_price_put_otherwise_agrees(value: str) -> None:
    assert disagreements(snapshot(figure("12"), figure(value))) == ()


@pytest.mark.parametrize(
    "other",
    [figure("10", Role.LIST_PRICE), figure("10", shown=Shown.EMBEDDED),
     figure("10", shown=Shown.HIDDEN)],
)  # fmt: skip
def test_what_is_no_price_shown_to_readers_says_nothing(other: Figure) -> None:
    assert disagreements(snapshot(figure("12"), other)) == ()


def test_a_fee_and_a_range_agree_with_each_of_their_figures() -> None:
    fee = Rate("lark", "seat", Decimal("0.30"), "USD", Unit.parse("sale"), percent=Decimal("2.9"))
    assert disagreements(snapshot(figure("2.9"), figure("0.30"), rate=fee)) == ()
    span = Rate("lark", "seat", Decimal(12), "USD", Unit.parse("month"), upper=Decimal(20))
    assert disagreements(snapshot(figure("12"), figure("20"), rate=span)) == ()
