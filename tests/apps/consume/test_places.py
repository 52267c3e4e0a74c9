"""Figures and their places: nothing but a figure is ever replaced."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from typing import Any

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from ratewire.apps.consume.figures import in_unit_of, respelt, rewritten
from ratewire.apps.consume.places import (
    Placed,
    TextSpan,
    find,
    parse_csv,
    parse_json,
    parse_jsonl,
    parse_toml,
)
from ratewire.errors import ConfigError
from ratewire.model import Rate, Unit

LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
)
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))


def numbers(value: Any) -> list[Placed]:
    match value:
        case Placed():
            return [value]
        case dict():
            return [each for inner in value.values() for each in numbers(inner)]
        case list():
            return [each for inner in value for each in numbers(inner)]
    return []


@given(VALUES, st.sampled_from([None, 1, "\t"]), st.booleans())
def test_json_is_what_json_is_and_each_number_is_where_it_says(
    value: Any, indent: Any, plain: bool
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=plain)
    parsed = parse_json(text)
    assert parsed == json.loads(text, parse_float=Decimal, parse_int=Decimal)
    for one in numbers(parsed):
        assert Decimal(text[one.start : one.end]) == one


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), min_size=1), st.sampled_from(",;\t|"))
def test_csv_is_what_csv_is(rows: list[list[str]], delimiter: str) -> None:
    rows = [["name", "price"], *[[cell.replace("\r", "") for cell in row] for row in rows]]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    parsed = parse_csv(text.getvalue())
    assert [list(row.values()) for row in parsed] == rows[1:]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("line", ["5.00,a", '"5.00","a ""b"""', "5.00,"])
def test_a_cell_is_where_it_says(line: str, end: str) -> None:
    text = f"price,what{end}{line}{end}1,x"
    found = find(parse_csv(text), (0, "price"))
    assert rewritten(text, [(found, "4.50")]) == text.replace("5.00", "4.50")


TOML = """# Prices, by hand.
[models."aurora-2"]   # ours
output = 12.00        # per million
"input" = 3
words = '$1.50'

[[list]]
id = "a"
price = { usd = 1_000.5, eur = 2.0 }

[[list]]
id = "b"
price = { usd = 7.5 }
"""


@pytest.mark.parametrize(
    ("path", "old"),
    [
        (("models", "aurora-2", "output"), "12.00"),
        (("models", "aurora-2", "input"), "3"),
        (("models", "aurora-2", "words"), "1.50"),
        (("list", {"id": "a"}, "price", "eur"), "2.0"),
        (("list", {"id": "b"}, "price", "usd"), "7.5"),
        (("list", 1, "price", "usd"), "7.5"),
    ],
)
def test_a_figure_of_toml_is_replaced_and_nothing_else(path: Any, old: str) -> None:
    found = find(parse_toml(TOML), path)
    assert TOML[found.start : found.end] == old
    after = rewritten(TOML, [(found, "99.5")])
    assert after != TOML
    assert tomlkit.parse(after)
    assert (len(after), after.count("#")) == (len(TOML) - len(old) + 4, TOML.count("#"))


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (("models", "aurora-3"), "models › aurora-3: is not in the file"),
        (("models",), "models: is no number"),
        (("list", {"id": "c"}, "price"), "0 entries are like that"),
        (("list", {}, "price"), "2 entries are like that"),
        (("list", 5), "is not in the file"),
        (("list", {"id": "a"}, "price", "usd"), "is no number"),
        (("list", {"id": "a"}, "id"), "holds not one plain number"),
    ],
)
def test_a_place_that_is_none_is_named(path: Any, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        find(parse_toml(TOML), path)


@pytest.mark.parametrize("text", ["{", '{"a": NaN}', "[1,]", "", "<html>"])
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_json(text)


def test_a_line_of_json_lines_is_named_and_has_its_own_places() -> None:
    text = '{"a": "x\u2028y", "amount": 1}\n\n{"amount": 22}\n'
    assert [text[one.start : one.end] for one in numbers(parse_jsonl(text))] == ["1", "22"]
    with pytest.raises(ValueError, match="line 2"):
        parse_jsonl('{"a": 1}\n{')


@pytest.mark.parametrize(
    ("old", "amount", "quoted", "new"),
    [
        ("5.00", "4", False, "4.00"),
        ("5.00", "4.125", False, "4.125"),
        ("5", "4", False, "4"),
        ("5", "4.80", False, "4.8"),
        ("12.75", "9", True, "9.00"),
        ("12.75", "9", False, "9.0"),
        ("0.075", "0.1", False, "0.1"),
        ("5e-06", "0.0000096", False, "9.6e-06"),
        ("5.0E-6", "0.000004", False, "4.0E-6"),
        ("5e-06", "0", False, "0e00"),
        ("1e+3", "20000", False, "2e+4"),
        ("0.000005", "0.0000096", False, "0.0000096"),
    ],
)
def test_a_figure_is_spelt_as_the_one_before(old: str, amount: str, quoted: bool, new: str) -> None:
    assert respelt(old, Decimal(amount), quoted=quoted) == new
    assert Decimal(new) == Decimal(amount)


@given(st.decimals(0, 10**6, places=9), st.sampled_from(["5.00", "5", "5e-06", "0.1", "1.0E+2"]))
def test_however_it_is_spelt_it_is_that_amount(amount: Decimal, old: str) -> None:
    assert Decimal(respelt(old, amount, quoted=False)) == amount


@pytest.mark.parametrize("text", ["$5.00", "5.00 USD", "ab 5.00"])
def test_a_number_in_text_is_found(text: str) -> None:
    found = TextSpan.at(text, 10).number
    assert (found, text[found.start - 10 : found.end - 10]) == (Decimal("5.00"), "5.00")


@pytest.mark.parametrize(
    ("amount", "unit", "listed", "old", "found"),
    [
        ("9.60", "1M tokens", "token", "0.00001", "0.0000096"),
        ("9.60", "1M tokens", "1K tokens", "0.01", "0.0096"),
        ("6", "hour", "minute", "0.2", "0.1"),
        ("1", "hour", "minute", "0.02", "0.016667"),
        ("1", "hour", "minute", "0.01666666", "0.01666667"),
        ("1", "hour", "image", "1", None),
    ],
)
def test_units_are_converted_exactly_or_rounded_as_the_figure_is(
    amount: str, unit: str, listed: str, old: str, found: str | None
) -> None:
    official = Rate("p", "m", Decimal(amount), "USD", Unit.parse(unit))
    asked = Rate("p", "m", Decimal(old), "USD", Unit.parse(listed))
    assert in_unit_of(official, asked, old) == (None if found is None else Decimal(found))
