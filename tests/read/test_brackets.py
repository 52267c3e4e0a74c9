"""Brackets of use, as labels, headings and sentences put them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratewire.model import Bracket
from ratewire.read.terms.brackets import Bounds, bounds_of, find_bounds, graduation, with_start


def told(bounds: Bounds | None) -> str:
    """`0–10 TB graduated`; `?` for a start that the bracket before it leaves open."""
    if bounds is None:
        return ""
    start = "?" if bounds.start is None else f"{bounds.start:f}"
    end = "" if bounds.end is None else f"{bounds.end:f}"
    return f"{start}–{end} {bounds.of}{' graduated' if bounds.graduated else ''}".strip()


@pytest.mark.parametrize(
    ("label", "bounds"),
    [
        ("First 10 TB", "0–10 TB graduated"),
        ("First 10 TB / month", "0–10 TB graduated"),
        ("Next 40 TB", "?–40 TB graduated"),
        ("Over 150 TB", "150– TB"),
        ("0 - 10 TB", "0–10 TB"),
        ("150 - 1,500 TB", "150–1500 TB"),
        ("500 GB – 1 TB", "0.5–1 TB"),
        ("10TB-50TB", "10–50 TB"),
        ("≤ 200K", "0–200000"),
        ("<=200k tokens", "0–200000 token"),
        ("prompts > 200k tokens", "200000– token"),
        ("[0, 32K)", "0–32000"),
        ("32k<输入<=128k", "32000–128000"),
        ("输入<=32k", "0–32000"),
        ("8,192 < length ≤ 32,768 tokens", "8192–32768 token"),
        ("$0 - $199,999.99", "0–199999.99 USD"),
        ("$20,000,000 or more", "20000000– USD"),
        ("1-10 users", "1–10 user"),
        ("11+ users", "11– user"),
        ("1M+", "1000000–"),
        ("0–8,333 hrs/mo", "0–8333 hour"),
        ("over 10 GB up to 50 GB", "10–50 GB"),
        ("Erste 10 TB", "0–10 TB graduated"),
        ("bis 100 Nutzer", "0–100 user"),
        ("ab 51 Nutzern", "51–"),
        ("más de 50 TB", "50– TB"),
        ("Primeros 10 TB", "0–10 TB graduated"),
        ("前 10 万次", "0–100000 call graduated"),
        ("超过50GB", "50– GB"),
        ("100万トークン以上", "1000000– token"),
        ("最初の10GB", "0–10 GB graduated"),
        ("thereafter", "?–"),
        # no brackets
        ("Windows 10", ""),
        ("2024-2025", ""),
        ("24/7", ""),
        ("16 vCPU", ""),
        ("10,000", ""),
        ("Llama-3.1-8B", ""),
        ("gemma-3-27b-it", ""),
        ("GLM-4-Plus", ""),
        ("Senior (62+)", ""),
        ("10-5 users", ""),
        ("Up to date", ""),
        ("standard-2", ""),
        ("Between 3 and 7 people in 2 teams pay this", ""),
    ],
)
def test_a_label_that_is_a_bracket(label: str, bounds: str) -> None:
    assert told(bounds_of(label)) == bounds


@pytest.mark.parametrize(
    ("words", "bounds"),
    [
        (" per GB for the first 50 TB, ", "0–50 TB graduated"),
        (", next 40 TB ", "?–40 TB graduated"),
        (" per GB beyond 10 GB", "10– GB"),
        (" per seat up to 5 seats", "0–5 seat"),
        (" thereafter", "?–"),
        (" danach", "?–"),
        (" up to 50% off", ""),
        (" per hour", ""),
    ],
)
def test_words_in_a_sentence_that_state_a_bracket(words: str, bounds: str) -> None:
    assert told(find_bounds(words)) == bounds


def test_a_bracket_starts_where_the_one_before_it_ends() -> None:
    first = Bracket(Decimal(0), Decimal(500), "GB", True)
    then = Bounds(None, Decimal(2), "TB", True)
    assert with_start(then, first, None) == Bracket(Decimal("0.5"), Decimal("2.5"), "TB", True)
    assert with_start(Bounds(None, None), first, None) == Bracket(Decimal(500), None, "GB", True)
    assert with_start(then, None, None) is None
    assert with_start(then, Bracket(Decimal(3)), None) is None
    assert with_start(Bounds(Decimal(5), Decimal(4)), None, None) is None


@pytest.mark.parametrize(
    ("texts", "graduated"),
    [
        (["Graduated pricing"], True),
        (["Staffelpreise"], True),
        (["Volume pricing: all units at one rate"], False),
        (["Storage"], None),
    ],
)
def test_whether_brackets_are_graduated_is_said_near_them(
    texts: list[str], graduated: bool | None
) -> None:
    assert graduation(texts) is graduated


NUMBERS = st.integers(1, 10**9)
UNITS = st.sampled_from([("TB", "TB"), ("GB", "GB"), ("users", "user"), ("requests", "request")])
RANGES = ["{a} - {b} {u}", "{a}–{b} {u}", "{a} to {b} {u}", "{a} {u} – {b} {u}", "{a} bis {b} {u}"]
OPEN = ["over {b} {u}", "more than {b} {u}", "> {b} {u}", "{b}+ {u}", "{b} {u} or more",
        "über {b} {u}", "más de {b} {u}", "超过 {b} {u}"]  # fmt: skip
CLOSED = ["up to {b} {u}", "≤ {b} {u}", "bis zu {b} {u}", "hasta {b} {u}", "first {b} {u}"]


@given(NUMBERS, NUMBERS, UNITS, st.sampled_from(RANGES + OPEN + CLOSED), st.booleans())
def test_any_bracket_is_read_back(
    one: int, other: int, unit: tuple[str, str], form: str, grouped: bool
) -> None:
    low, high = sorted((one, other + one))
    written = [f"{value:,}" if grouped else str(value) for value in (low, high)]
    found = bounds_of(form.format(a=written[0], b=written[1], u=unit[0]))
    assert found is not None
    start, end = (low, high) if form in RANGES else (high, None) if form in OPEN else (0, high)
    assert (found.start, found.end, found.of) == (start, end, unit[1])


@given(st.text(max_size=60))
def test_any_text_is_taken(text: str) -> None:
    bounds_of(text)
    find_bounds(text)
