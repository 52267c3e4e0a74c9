"""Facts of a capture in their order, conditions, and the marks of lines."""

from __future__ import annotations

import copy
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from ratewire.model import (
    Availability,
    Capture,
    Conditions,
    Facts,
    Impact,
    Incident,
    Limit,
    Lines,
    Multiplier,
    Passage,
    Place,
    Precision,
    Rate,
    Stage,
    StatedDate,
    Unit,
    Validators,
)
from ratewire.model.lines import mark_of, marks_of, normal

NOW = datetime(2026, 7, 1, tzinfo=UTC)


def rate(product: str) -> Rate:
    return Rate(product, "input", Decimal(1), "USD", Unit.of("image"))


def test_facts_are_gathered_by_kind_and_sorted() -> None:
    one, two = rate("a"), rate("b")
    stage = Availability("a", Stage.PREVIEW)
    limit = Limit("a", "rpm", Decimal(5))
    incident = Incident("i", "Down", Impact.MAJOR, NOW)
    passage = Passage("note", "words")
    multiplier = Multiplier("batch", Decimal("0.5"))
    given = [multiplier, passage, incident, limit, stage, two, one]
    facts = Facts.of(given, ("Prices",))
    assert facts == Facts(
        rates=(one, two),
        availability=(stage,),
        limits=(limit,),
        incidents=(incident,),
        passages=(passage,),
        missing=("Prices",),
        multipliers=(multiplier,),
    )
    assert list(facts) == [one, two, stage, limit, incident, passage, multiplier]
    assert all(Facts.of([fact]) for fact in given)
    assert not Facts.of([], ("Prices",))


@pytest.mark.parametrize("factor", ["-0.1", "NaN", "Infinity"])
def test_a_multiplier_is_a_number_from_zero_on(factor: str) -> None:
    assert Multiplier("batch", Decimal(0)).factor == 0
    with pytest.raises(ValueError, match="multiplier"):
        Multiplier("batch", Decimal(factor))


@pytest.mark.parametrize("amount", ["-0.1", "NaN", "Infinity"])
def test_an_amount_is_a_number_from_zero_on(amount: str) -> None:
    with pytest.raises(ValueError, match="amount"):
        Rate("a", "input", Decimal(amount), "USD", Unit.of("image"))


def test_conditions_are_changed_by_name() -> None:
    given = Conditions.of({"tier": "batch"}, size="2K")
    assert given.with_(tier="flex") == Conditions.of(tier="flex", size="2K")
    assert given.without("tier") == Conditions.of(size="2K")
    assert (given.get("size"), given.get("region"), given.get("region", "eu")) == ("2K", "", "eu")
    assert str(given) == "size 2K, tier batch"


# ── Lines ────────────────────────────────────────────────────────────────────────────────────


def test_the_mark_of_a_line_is_stable() -> None:
    """Marks are stored: another digest would make every stored line unknown."""
    assert mark_of("Batch is half price.") == "UPd9NA8g"
    assert mark_of("BATCH\u2014is  half price!") != mark_of("Batch is half price.")


def test_what_says_nothing_is_left_out_of_a_line() -> None:
    assert normal("**Fast\u2122**\u00a0\u2013 price[1]:") == "fast price"
    assert mark_of("**Fast\u2122**\u00a0\u2013 price[1]:") == mark_of("fast price")


def test_marks_of_lines_are_told_apart_once_each() -> None:
    assert marks_of(["one", "", "two", "One"]) == (mark_of("one"), mark_of("two"))


def test_lines_are_counted_and_compared_by_their_marks() -> None:
    lines = Lines(("one", "two", "two", "three"))
    assert lines.count(mark_of("two")) == 2
    assert lines == Lines(("three", "two", "One", "two"))
    assert hash(lines) == hash(Lines(("three", "two", "One", "two")))
    assert hash(lines) != hash(Lines(("three",)))
    assert lines != Lines(("one", "two"))
    assert lines != "lines"
    fewer = Lines(("one", "two"))
    assert lines.as_often_in(fewer) == fewer.as_often_in(lines) == Lines(("one",))
    assert lines.without([mark_of("two")]) == Lines(("one", "three"))


def test_kept_marks_are_lines_too() -> None:
    assert Lines(kept=(mark_of("one"),)) == Lines(("one",))
    assert (bool(Lines(("one",))), bool(Lines(kept=("x",))), bool(Lines())) == (True, True, False)


# ── Places, captures, dates ──────────────────────────────────────────────────────────────────


def test_a_place_is_named_by_what_stands_above_and_beside_it() -> None:
    place = Place(
        "#", labels=("Fast  2", "Fast 2"), heads=("Output",), group="Models",
        headings=("Docs", "Pricing", "Images"), panes=("Batch",),
    )  # fmt: skip
    assert str(place) == "Pricing › Images › Batch › Models › Fast 2 › Output"


def test_a_capture_is_sent_without_its_text() -> None:
    capture = Capture("https://x.example/", b"words", NOW)
    assert capture.text == "words"
    state = capture.__getstate__()
    assert "text" not in state
    assert state["body"] == b"words"
    assert copy.copy(capture) == capture


@pytest.mark.parametrize(
    ("asked", "digest", "address", "held"),
    [
        ("", "d", "https://x.example/", True),
        ("", "", "https://x.example/", False),
        ("", "d", "https://y.example/", False),
        ("https://y.example/", "d", "https://y.example/", True),
        ("https://y.example/", "d", "https://x.example/", False),
    ],
)
def test_validators_hold_for_the_address_that_was_asked(
    asked: str, digest: str, address: str, held: bool
) -> None:
    validators = Validators("https://x.example/", "e", "", digest, asked)
    assert validators.hold_for(address) is held


@pytest.mark.parametrize(
    ("precision", "text"),
    [
        (Precision.DAY, "2026-09-17"),
        (Precision.MONTH, "2026-09"),
        (Precision.QUARTER, "2026-Q3"),
        (Precision.YEAR, "2026"),
    ],
)
def test_a_stated_date_is_as_precise_as_it_says(precision: Precision, text: str) -> None:
    stated = StatedDate(date(2026, 9, 17), precision)
    assert str(stated) == text
    assert StatedDate.parse(text) == stated


@pytest.mark.parametrize("month", range(1, 13))
def test_every_month_has_its_quarter(month: int) -> None:
    stated = StatedDate(date(2026, month, 28), Precision.QUARTER)
    assert str(stated) == f"2026-Q{(month + 2) // 3}"
    assert stated.first == date(2026, (month - 1) // 3 * 3 + 1, 1)
