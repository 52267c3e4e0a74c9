"""Which of the dated prices of one thing is in force on a day."""

from __future__ import annotations

from datetime import date

import pytest
from price_lists import rate

from ratewire.compare.entries import entries
from ratewire.model import Rate

SALE = rate("X", "input", "2", effective_to="2026-07-31")
NEXT = rate("X", "input", "4", effective_from="2026-08-01")
LATER = rate("X", "input", "5", effective_from="2026-10-01")
USUAL = rate("X", "input", "3")
WINDOW = rate("X", "input", "1", effective_from="2026-07-10", effective_to="2026-07-20")


@pytest.mark.parametrize(
    ("rates", "day", "current", "scheduled"),
    [
        ((SALE, NEXT), "2026-07-30", "2", ["4"]),
        ((SALE, NEXT), "2026-07-31", "2", ["4"]),
        ((SALE, NEXT), "2026-08-01", "4", []),
        ((SALE, NEXT, LATER), "2026-09-01", "4", ["5"]),
        ((SALE, USUAL), "2026-07-31", "2", []),
        ((SALE, USUAL), "2026-08-01", "3", []),
        ((USUAL, WINDOW), "2026-07-09", "3", ["1"]),
        ((USUAL, WINDOW), "2026-07-10", "1", []),
        ((USUAL, WINDOW), "2026-07-20", "1", []),
        ((USUAL, WINDOW), "2026-07-21", "3", []),
        ((NEXT,), "2026-07-31", None, ["4"]),
    ],
)
def test_the_price_in_force(
    rates: tuple[Rate, ...], day: str, current: str | None, scheduled: list[str]
) -> None:
    for given in (rates, rates[::-1]):
        (entry,) = entries(given, date.fromisoformat(day))
        assert (entry.current and str(entry.current.amount)) == current
        assert [str(rate.amount) for rate in entry.scheduled] == scheduled


def test_two_undated_prices_are_two_entries_and_dates_belong_to_the_cheaper() -> None:
    dearer = rate("X", "input", "9")
    first, second = entries((dearer, NEXT, USUAL), date(2026, 8, 1))
    assert (first.rates, first.current) == ((USUAL, NEXT), NEXT)
    assert (second.rates, second.current) == ((dearer,), dearer)
