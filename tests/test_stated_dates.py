"""Dates as precise as a page states them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratewire.model import Precision, StatedDate

DATES = st.builds(StatedDate, st.dates(), st.sampled_from(Precision))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-09-30", "2026-09-30", "2026-09-30"),
        ("2026-09", "2026-09-01", "2026-09-30"),
        ("2028-02", "2028-02-01", "2028-02-29"),
        ("2026-12", "2026-12-01", "2026-12-31"),
        ("2026-Q1", "2026-01-01", "2026-03-31"),
        ("2026-Q4", "2026-10-01", "2026-12-31"),
        ("2026", "2026-01-01", "2026-12-31"),
        ("9999", "9999-01-01", "9999-12-31"),
    ],
)
def test_what_is_written_has_a_first_and_a_last_day(text: str, first: str, last: str) -> None:
    stated = StatedDate.parse(text)
    assert (str(stated.first), str(stated.last)) == (first, last)


@pytest.mark.parametrize("text", ["", "soon", "2026-13", "2026-Q5", "2026-02-30", "26-09"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        StatedDate.parse(text)


@given(DATES)
def test_a_date_is_written_and_read_again(stated: StatedDate) -> None:
    assert StatedDate.parse(str(stated)) == stated


@given(DATES)
def test_a_day_is_over_when_it_comes_and_a_month_when_it_has_ended(stated: StatedDate) -> None:
    assert not (stated.first > date.min and stated.is_over(stated.first - timedelta(days=1)))
    assert stated.is_over(stated.last) is stated.is_day
    assert stated.last == date.max or stated.is_over(stated.last + timedelta(days=1))


@given(DATES, DATES)
def test_dates_agree_where_one_lies_within_the_other(one: StatedDate, other: StatedDate) -> None:
    inner, outer = sorted((one, other), key=lambda each: each.last - each.first)
    within = outer.first <= inner.first and inner.last <= outer.last
    assert one.agrees(other) is other.agrees(one) is within


def test_html_has_no_form_for_a_quarter() -> None:
    assert StatedDate.parse("2026-Q3").isoformat() == "2026"
    assert StatedDate.parse("2026-09").isoformat() == "2026-09"
