"""The ground: units that convert exactly and are written as people say them."""

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ratewire.model import Conditions, Rate, Unit
from ratewire.model.units import _BASE

WRITTEN = [
    ("token", Unit.of("token")),
    ("1M tokens", Unit.of("token", count=10**6)),
    ("100K messages", Unit.of("message", count=10**5)),
    ("1K searches", Unit.of("search", count=1000)),
    ("1K queries", Unit.of("query", count=1000)),
    ("1K keys", Unit.of("key", count=1000)),
    ("10 boxes", Unit.of("box", count=10)),
    ("1K uses", Unit.of("use", count=1000)),
    ("1K classes", Unit.of("class", count=1000)),
    ("10 x gas", Unit.of("gas", count=10)),
    ("seat-month", Unit.of("seat", "month")),
    ("GB-day", Unit.of("GB", "day")),
    ("20 container-minutes", Unit.of("container", "minute", count=20)),
    ("10 GB", Unit.of("GB", count=10)),
    ("0.5 hours", Unit.of("hour", count=Decimal("0.5"))),
    ("2B tokens", Unit.of("token", count=2 * 10**9)),
    ("1500M tokens", Unit.of("token", count=1500 * 10**6)),
    ("10 dishes", Unit.of("dish", count=10)),
    ("2 APIs", Unit.of("API", count=2)),
    ("3 API-GB", Unit.of("API", "GB", count=3)),
]


@pytest.mark.parametrize(("text", "unit"), WRITTEN)
def test_a_unit_is_written_as_people_say_it_and_read_back(text: str, unit: Unit) -> None:
    assert str(unit) == text
    assert Unit.parse(text) == unit


THINGS = st.text(st.sampled_from("abcdefghinosxyz- "), min_size=1, max_size=8)


@given(
    st.lists(THINGS, min_size=1, max_size=3),
    st.decimals(min_value=Decimal("0.001"), max_value=10**9, places=3, allow_nan=False),
)
def test_any_unit_survives_being_written(things: list[str], count: Decimal) -> None:
    unit = Unit.of(*things, count=count)
    assume(unit.things)
    assert Unit.parse(str(unit)) == unit


@pytest.mark.parametrize("text", ["", "1M", "many tokens", "0 tokens", "-1 tokens", "1M of tokens"])
def test_what_is_no_unit_is_refused_with_an_example(text: str) -> None:
    if text == "1M":  # a thing may bear any name
        assert Unit.parse(text) == Unit.of("1M")
        return
    with pytest.raises(ValueError, match=r"unit|count"):
        Unit.parse(text)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("1,000 tokens", Unit.of("token", count=1000)),
        ("10 x gas", Unit.of("gas", count=10)),
        ("2 seat-months", Unit.of("seat", "month", count=2)),
        ("1000 GB", Unit.of("GB", count=1000)),
    ],
)
def test_other_spellings_are_read_as_well(text: str, unit: Unit) -> None:
    assert Unit.parse(text) == unit


def test_a_count_has_28_digits_at_the_most() -> None:
    assert Unit.parse(f"{'9' * 28} tokens").count == Decimal("9" * 28)
    assert Unit.parse("1E28 tokens").count == 10**28
    assert Unit.parse("1E-28 tokens").count == Decimal("1E-28")
    for long in ("9" * 29, "1." + "0" * 27 + "1", "1E29", "1E-29"):
        with pytest.raises(ValueError, match="28 digits"):
            Unit.parse(f"{long} tokens")


@pytest.mark.parametrize("text", ["1M x of tokens", "1M x tokens more", "1M y tokens"])
def test_words_that_belong_to_no_unit_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a unit"):
        Unit.parse(text)


def priced(amount: str, unit: str, currency: str = "USD") -> Rate:
    return Rate("x", "input", Decimal(amount), currency, Unit.parse(unit))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (priced("0.005", "1K tokens"), priced("5", "1M tokens"), True),
        (priced("0.000005", "token"), priced("5.00", "1M tokens"), True),
        (priced("1", "hour"), priced("0.0166", "minute"), False),
        (priced("0.6", "hour"), priced("0.01", "minute"), True),
        (priced("120", "year"), priced("10", "month"), True),
        (priced("5", "month"), priced("5", "hour"), False),
        (priced("5", "1M tokens"), priced("5", "1M tokens", "EUR"), False),
        (priced("20", "TB-month"), priced("0.02", "GB-month"), True),
    ],
)
def test_one_price_in_two_notations(one: Rate, other: Rate, same: bool) -> None:
    assert one.same_price(other) is same
    assert other.same_price(one) is same


CONVERTED = [
    ("millisecond", "0.001", "second"),
    ("minute", "60", "second"),
    ("hour", "3600", "second"),
    ("day", "86400", "second"),
    ("week", "604800", "second"),
    ("quarter", "3", "month"),
    ("year", "12", "month"),
    ("KB", "1000", "B"),
    ("MB", "1000000", "B"),
    ("GB", "1000000000", "B"),
    ("TB", "1000000000000", "B"),
    ("PB", "1000000000000000", "B"),
    ("KiB", "1024", "B"),
    ("MiB", "1048576", "B"),
    ("GiB", "1073741824", "B"),
    ("TiB", "1099511627776", "B"),
    ("PiB", "1125899906842624", "B"),
    ("kWh", "1000", "Wh"),
    ("MWh", "1000000", "Wh"),
    ("km", "1000", "m"),
]


@pytest.mark.parametrize(("larger", "count", "smaller"), CONVERTED)
def test_a_unit_converts_by_its_exact_factor(larger: str, count: str, smaller: str) -> None:
    assert Unit.of(larger).normal == Unit.of(smaller, count=count).normal
    assert priced(count, larger).per(Unit.of(smaller)) == 1
    assert priced("1", smaller).per(Unit.of(larger)) == Decimal(count)


def test_every_unit_that_converts_has_a_test() -> None:
    assert {larger for larger, _, _ in CONVERTED} | {"B"} == set(_BASE)


@pytest.mark.parametrize(
    ("written", "count"), [("1K", 10**3), ("1M", 10**6), ("1B", 10**9), ("1k", 10**3)]
)
def test_a_count_in_words_is_its_number(written: str, count: int) -> None:
    assert Unit.parse(f"{written} tokens").count == count


def test_a_month_is_no_number_of_days() -> None:
    assert priced("30", "month").per(Unit.of("day")) is None


def test_conditions_are_a_set() -> None:
    one, other = (
        Conditions.of(tier="batch", size="1x1"),
        Conditions.of({"size": "1x1"}, tier="batch"),
    )
    assert one == other
    assert hash(one) == hash(other)
    assert one.without("size") == Conditions.of(tier="batch")


def test_a_rate_below_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="0 or more"):
        priced("-1", "image")
