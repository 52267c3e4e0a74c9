"""JavaScript literals in props and page data: read as they stand, nothing evaluated."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratewire.read.literals import Literal, parse_literal


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("'a'", "a"),
        ('"a\\"b"', 'a"b'),
        ("`a ${b}`", "a ${b}"),
        (r'"\u20ac\x41\n"', "€A\n"),
        ("5", "5"),
        ("-1.50", "-1.50"),
        (".5", ".5"),
        ("1_000", "1000"),
        ("1e-6", "1e-6"),
        ("true", True),
        ("false", False),
        ("null", None),
        ("undefined", None),
        ("[]", []),
        ("[1, 'a', null,]", ["1", "a", None]),
        ("[,1]", ["1"]),
        ("{a: 1, 'b-c': 'd', \"e\": [2]}", {"a": "1", "b-c": "d", "e": ["2"]}),
        ("{ // why\n a: 1, /* and */ b: 2 }", {"a": "1", "b": "2"}),
        ("price('3.50', 'USD')", "3.50"),
        ("[usd(3), usd(15)]", ["3", "15"]),
        ("{icon: <Star/>, name: 'x'}", {"icon": "<Star/>", "name": "x"}),
        ("[<b>a</b>, 'c']", ["<b>a</b>", "c"]),
    ],
)
def test_a_literal_is_read_as_it_stands(source: str, value: Literal) -> None:
    assert parse_literal(source) == (value, len(source))


def test_a_price_keeps_its_digits() -> None:
    assert parse_literal("0.10000000000000000001") == ("0.10000000000000000001", 22)


@pytest.mark.parametrize(
    "source", ["", "[", "{", "{a}", "{a: }", "'a", "[1", "=> 1", "{...rest}", "[" * 60 + "]" * 60]
)
def test_what_is_no_literal_is_none(source: str) -> None:
    assert parse_literal(source) is None


@given(st.text(alphabet="[]{}()'\"`:,.\\/*<> ab1-\n", max_size=60))
def test_any_text_is_a_literal_or_none(text: str) -> None:
    found = parse_literal(text)
    assert found is None or 0 < found[1] <= len(text)
