"""Dates in a dozen languages, as precise as they are printed, and lower bounds."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratewire.read.dates import find_dates, find_effective, read_date

DAYS = {
    "English": "September 5, 2026", "British": "5th of September 2026",
    "German": "5. September 2026",
    "Spanish": "5 de septiembre de 2026", "French": "5 septembre 2026",
    "Portuguese": "5 de setembro de 2026", "Italian": "5 settembre 2026",
    "Dutch": "5 september 2026", "Polish": "5 września 2026", "Swedish": "5 september 2026",
    "Russian": "5 сентября 2026", "Czech": "5. září 2026", "Turkish": "5 Eylül 2026",
    "Chinese": "2026年9月5日", "traditional Chinese": "2026年9月5號", "Japanese": "2026年 9月 5日",
    "Korean": "2026년 9월 5일", "ISO": "2026-09-05",
}  # fmt: skip
MONTHS = {
    "English": "September 2026", "German": "September 2026", "Spanish": "septiembre de 2026",
    "French": "septembre 2026", "Portuguese": "setembro de 2026", "Italian": "settembre 2026",
    "Dutch": "september 2026", "Polish": "wrzesień 2026", "Russian": "сентябрь 2026",
    "Czech": "září 2026", "Turkish": "Eylül 2026", "Chinese": "2026年9月", "Korean": "2026년 9월",
    "ISO": "2026-09", "figures": "09/2026",
}  # fmt: skip
QUARTERS = {
    "English": "Q3 2026", "words": "third quarter of 2026", "turned round": "2026 Q3",
    "hyphen": "2026-Q3", "German": "3. Quartal 2026", "Spanish": "tercer trimestre de 2026",
    "French": "T3 2026", "Chinese": "2026年第三季度", "Japanese": "2026年第3四半期",
    "Korean": "2026년 3분기",
}  # fmt: skip
YEARS = {"English": "2026", "end": "end of 2026", "German": "Ende 2026", "Chinese": "2026年"}
FORMS = [
    *(pytest.param(text, "2026-09-05", id=f"day {name}") for name, text in DAYS.items()),
    *(pytest.param(text, "2026-09", id=f"month {name}") for name, text in MONTHS.items()),
    *(pytest.param(text, "2026-Q3", id=f"quarter {name}") for name, text in QUARTERS.items()),
    *(pytest.param(text, "2026", id=f"year {name}") for name, text in YEARS.items()),
]


@pytest.mark.parametrize(("text", "stated"), FORMS)
def test_a_cell_has_a_date_of_its_own_precision(text: str, stated: str) -> None:
    found, is_bound = read_date(text)
    assert (str(found), is_bound) == (stated, False)


@pytest.mark.parametrize(
    "text",
    [
        "Earliest {}", "Not before {}", "No earlier than {}", "Not sooner than {}", "{} or later",
        "{} at the earliest", "Frühestens {}", "Nicht vor {}", "Frühestens ab {}", "No antes de {}",
        "Como pronto {}", "Au plus tôt {}", "Pas avant {}", "Non prima di {}", "Niet eerder dan {}",
        "不早于{}", "最早{}", "{}以降", "{}或之后",
    ],
)  # fmt: skip
@pytest.mark.parametrize("stated", ["2026-09-05", "September 2026", "2026年9月"])
def test_a_lower_bound_is_told_from_a_date(text: str, stated: str) -> None:
    found, is_bound = read_date(text.format(stated))
    assert found is not None
    assert is_bound
    assert found.first.isoformat()[:7] == "2026-09"


@pytest.mark.parametrize(
    "text",
    ["", "N/A", "TBD", "–", "soon", "v2026", "8192", "10月1号", "2026 tokens", "Q5 2026", "1999.5"],
)
def test_a_cell_without_a_date_has_none(text: str) -> None:
    assert read_date(text) == (None, False)


@pytest.mark.parametrize("text", ["not before {}", "no earlier than {}", "frühestens ab {}"])
def test_a_price_is_not_dated_by_a_lower_bound(text: str) -> None:
    assert find_effective(text.format("September 5, 2026")) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [("le 1er juin", "2026-06-01"), ("5 septembre", "2026-09-05"), ("9월 5일", "2026-09-05"),
     ("you may 5", None), ("we march 3 miles", None), ("5 days ago 3", None)],
)  # fmt: skip
def test_a_day_without_a_year_needs_a_name_that_is_no_other_word(
    text: str, day: str | None
) -> None:
    found = [hit.date.isoformat() for hit in find_dates(text, near=date(2026, 5, 20))]
    assert found == ([day] if day else [])


@given(st.text(alphabet="0123456789 /-.年月日Q第季度ofJunembr後以降", max_size=24))
def test_any_cell_is_read_or_has_no_date(text: str) -> None:
    found, is_bound = read_date(text)
    assert found is not None or not is_bound
