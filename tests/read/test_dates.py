"""Dates and effective dates, in the languages and forms that pages use."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratewire.read.dates import find_dates, find_effective

NEAR = date(2026, 6, 15)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-31", "2026-03-31"),
        ("2026/03/31", "2026-03-31"),
        ("2026-03-31T10:00:00Z", "2026-03-31"),
        ("March 31, 2026", "2026-03-31"),
        ("March 31 2026", "2026-03-31"),
        ("March 31st, 2026", "2026-03-31"),
        ("Mar 31, 2026", "2026-03-31"),
        ("Mar. 31, 2026", "2026-03-31"),
        ("Sept. 1, 2026", "2026-09-01"),
        ("31 March 2026", "2026-03-31"),
        ("31st of March, 2026", "2026-03-31"),
        ("31. März 2026", "2026-03-31"),
        ("31.03.2026", "2026-03-31"),
        ("1. Mai 2026", "2026-05-01"),
        ("31 de marzo de 2026", "2026-03-31"),
        ("1 de septiembre del 2026", "2026-09-01"),
        ("2026年3月31日", "2026-03-31"),
        ("２０２６年３月３１日", "2026-03-31"),
        ("3/31/2026", "2026-03-31"),
        ("31/03/2026", "2026-03-31"),
        ("January 2027", "2027-01-01"),
        ("enero de 2027", "2027-01-01"),
        ("2027年1月", "2027-01-01"),
        ("Sonnet 4 May 22, 2025", "2025-05-22"),
    ],
)
def test_date(text: str, day: str) -> None:
    (hit,) = find_dates(text)
    assert hit.date.isoformat() == day
    assert text[hit.start : hit.end] == hit.text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no date",
        "3/4/2026",
        "2026-13-01",
        "February 30, 2026",
        "March 31",
        "may 5",
        "version 1.2.2026.4",
        "gpt-4-2026",
        "$1,234.56",
        "mark 5",
    ],
)
def test_no_date(text: str) -> None:
    assert find_dates(text) == ()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("March 31", "2026-03-31"),
        ("31 March", "2026-03-31"),
        ("January 5", "2027-01-05"),
        ("December 31", "2026-12-31"),
        ("3月31日", "2026-03-31"),
        ("31 de marzo", "2026-03-31"),
        ("1. September", "2026-09-01"),
    ],
)
def test_a_date_without_a_year_is_a_near_one(text: str, day: str) -> None:
    assert [hit.date.isoformat() for hit in find_dates(text, near=NEAR)] == [day]


def test_nearest_crosses_the_turn_of_the_year() -> None:
    (hit,) = find_dates("January 5", near=date(2026, 12, 20))
    assert hit.date == date(2027, 1, 5)


@pytest.mark.parametrize("text", ["you may 5", "Mar 5.5", "March 5%", "march 31"])
def test_a_word_like_a_month_is_no_date_without_a_year(text: str) -> None:
    assert find_dates(text, near=NEAR) == ()


@pytest.mark.parametrize(
    ("text", "begin", "end"),
    [
        ("through August 31, 2026", None, "2026-08-31"),
        ("Introductory price through Aug 31, 2026.", None, "2026-08-31"),
        ("until March 31", None, "2026-03-31"),
        ("valid until 2026-08-31", None, "2026-08-31"),
        ("ends on August 31, 2026", None, "2026-08-31"),
        ("before August 31, 2026", None, "2026-08-30"),
        ("through August 2026", None, "2026-08-31"),
        ("until February 2028", None, "2028-02-29"),
        ("starting September 1, 2026", "2026-09-01", None),
        ("Starting on Monday, June 1, 2026", "2026-06-01", None),
        ("from 2026-09-01", "2026-09-01", None),
        ("It costs more from 2026-09-01.", "2026-09-01", None),
        ("effective June 1, 2026", "2026-06-01", None),
        ("Effective from June 1", "2026-06-01", None),
        ("as of July 1, 2026", "2026-07-01", None),
        ("starting January 2027", "2027-01-01", None),
        ("beginning 1 September 2026", "2026-09-01", None),
        ("ab dem 1. März 2026", "2026-03-01", None),
        ("bis zum 31. März 2026", None, "2026-03-31"),
        ("a partir del 1 de septiembre de 2026", "2026-09-01", None),
        ("hasta el 31 de marzo de 2026", None, "2026-03-31"),
        ("2026年9月1日から", "2026-09-01", None),
        ("2026年9月1日まで", None, "2026-09-01"),
        ("自2026年9月1日起", "2026-09-01", None),
        ("from June 1 to August 31, 2026", "2026-06-01", "2026-08-31"),
        ("2026-06-01 – 2026-08-31", "2026-06-01", "2026-08-31"),
        ("June 1, 2026 through August 31, 2026", None, "2026-08-31"),
    ],
)
def test_effective(text: str, begin: str | None, end: str | None) -> None:
    found = find_effective(text, NEAR)
    assert found is not None
    dates = [day and day.isoformat() for day in (found.effective_from, found.effective_to)]
    assert dates == [begin, end]
    assert text[found.start : found.end] == found.text


@pytest.mark.parametrize(
    "text", ["Released March 31, 2026", "$5 per month", "until further notice", "", "2026-03-31"]
)
def test_no_effective_date(text: str) -> None:
    assert find_effective(text, NEAR) is None


FORMS = ["%Y-%m-%d", "%B %d, %Y", "%d %B %Y", "%b %d, %Y", "%Y年%m月%d日", "%d.%m.%Y"]


@given(st.dates(date(1990, 1, 1), date(2099, 12, 31)), st.sampled_from(FORMS))
def test_any_date_reads_back(day: date, form: str) -> None:
    assert [hit.date for hit in find_dates(f"on {day.strftime(form)}, at last")] == [day]


@given(st.text(alphabet="0123456789/-. 年月日MarchMay,stuntilfrom", max_size=60))
def test_any_soup_of_digits_is_read_without_error(text: str) -> None:
    for hit in find_dates(text, near=NEAR):
        assert text[hit.start : hit.end] == hit.text
    find_effective(text, NEAR)
