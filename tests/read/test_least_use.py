"""How much is charged for at least, and what use is rounded up to."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.read.reading_of import reading

from ratewire.model import Quantity, Terms
from ratewire.read.terms.least import least_of, step_of

LEAST = [
    ("128 KB minimum object size", "128 KB"),
    ("Minimum storage duration: 30 days", "30 day"),
    ("billed per second with a 1-minute minimum", "1 minute"),
    ("A minimum charge of 60 seconds applies", "60 second"),
    ("Mindestspeicherdauer: 30 Tage", "30 day"),
    ("Duración mínima de 30 días", "30 day"),
    ("taille minimale de 128 KB", "128 KB"),
    ("最低存储时长 30 天", "30 day"),
    ("最小计费单位为 64 KB", "64 KB"),
    ("minimum of 3 seats", "3 seat"),
    ("12-month minimum commitment", ""),
    ("minimum $5", ""),
    ("up to 30 days", ""),
]
STEPS = [
    ("billed in 6-second increments", "6 second"),
    ("one-second increments", "1 second"),
    ("rounded up to the nearest minute", "1 minute"),
    ("abgerechnet je angefangene Stunde", "1 hour"),
    ("in 15-Minuten-Schritten", "15 minute"),
    ("facturé par tranches de 10 minutes", "10 minute"),
    ("en incrementos de 10 GB", "10 GB"),
    ("billed per minute", ""),
]


@pytest.mark.parametrize(("text", "told"), LEAST)
def test_the_least_that_is_charged_for(text: str, told: str) -> None:
    assert [f"{each.amount} {each.of}" for each in least_of([text])] == ([told] if told else [])


@pytest.mark.parametrize(("text", "told"), STEPS)
def test_what_use_is_rounded_up_to(text: str, told: str) -> None:
    step = step_of([text])
    assert (f"{step.amount} {step.of}" if step else "") == told


def test_the_nearest_words_win_each_kind_once() -> None:
    texts = ["minimum 30 days", "minimum 90 days", "minimum object size 128 KB"]
    assert least_of(texts) == (Quantity(Decimal(30), "day"), Quantity(Decimal(128), "KB"))


HEADS = [
    ("Price per GB-month", "Minimum storage duration", "{} days"),
    ("Preis pro GB und Monat", "Mindestspeicherdauer", "{} Tage"),
    ("Precio por GB al mes", "Duración mínima", "{} días"),
    ("单价（元/GB/月）", "最低存储时长", "{} 天"),
]


@given(
    st.sampled_from(HEADS),
    st.lists(st.integers(1, 365), min_size=2, max_size=4),
    st.booleans(),
)
def test_a_column_of_least_durations(
    heads: tuple[str, str, str], days: list[int], noted: bool
) -> None:
    price, duration, form = heads
    names = ["Wren", "Heron", "Osprey", "Condor"][: len(days)]
    rows = "".join(
        f"| {name} | 0.0{at + 1} | {form.format(count)} |\n"
        for at, (name, count) in enumerate(zip(names, days, strict=True))
    )
    note = "\nHeron has a minimum object size of 128 KB for billing.\n" if noted else ""
    page = f"# Halden ¥ prices\n\n| Class | {price} | {duration} |\n|---|---|---|\n{rows}{note}"
    for rate in reading(page.replace("| 0.", "| ¥0.")).facts.rates:
        told = {(each.amount, each.of) for each in rate.terms.least}
        count = days[names.index(rate.label)]
        size = {(Decimal(128), "KB")} if noted and rate.label == "Heron" else set()
        assert told == {(Decimal(count), "day")} | size


def test_a_sentence_about_all_use_is_about_each_price() -> None:
    page = """# Halden compute

| Size | Price per hour |
|---|---|
| Small | $0.02 |
| Large | $0.08 |

All use is billed in one-second increments, with a minimum of 60 seconds.

We answer within at least 2 days.
"""
    terms = {rate.terms for rate in reading(page).facts.rates}
    assert terms == {
        Terms(least=(Quantity(Decimal(60), "second"),), step=Quantity(Decimal(1), "second"))
    }


def test_other_least_quantities_are_other_terms() -> None:
    day, days = Quantity(Decimal(1), "day"), Quantity(Decimal(30), "day")
    assert Terms(least=(day,)).conflicts(Terms(least=(days,)))
    assert not Terms(least=(day,)).conflicts(Terms(least=(Quantity(Decimal(24), "hour"),)))
    assert not Terms(least=(day,)).conflicts(Terms())
    assert Terms(step=day).conflicts(Terms(step=days))
