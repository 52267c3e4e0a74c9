"""Records come back as they went, and the same record is the same bytes."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ratewire.errors import StoreError
from ratewire.model import (
    Alteration,
    Billing,
    Bracket,
    Change,
    Conditions,
    Evidence,
    Facts,
    Figure,
    Health,
    Hours,
    Incident,
    Limit,
    Lines,
    Pending,
    Quantity,
    Rate,
    Sale,
    Sighting,
    Snapshot,
    Terms,
    Unit,
    Weekday,
    Window,
    spelled,
)
from ratewire.record import codec, inventory

text = st.text(max_size=12)
slugs = st.from_regex(r"[a-z]{1,6}(-[a-z0-9]{1,4})?", fullmatch=True)
decimals = st.decimals(0, 10**9, allow_nan=False, allow_infinity=False, places=6)
times = st.datetimes(
    datetime(2000, 1, 1),  # noqa: DTZ001
    datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30))]),
)
conditions = st.dictionaries(slugs, text, max_size=3).map(Conditions.of)
units = st.sampled_from(
    ["1M tokens", "image", "hour", "GB-month", "seat-month", "20 minutes", "1K requests"]
).map(Unit.parse)
brackets = st.builds(
    lambda bounds, open_, of, graduated: Bracket(
        bounds[0], None if open_ else bounds[1], of, graduated
    ),
    st.tuples(decimals, decimals).map(sorted),
    st.booleans(),
    text,
    st.sampled_from([None, True, False]),
)
evidence = st.builds(Evidence, text, text, st.tuples(text))
plain: dict[type, st.SearchStrategy[Any]] = {
    str: text,
    Decimal: decimals,
    datetime: times,
    date: st.dates(),
    time: st.times().map(lambda clock: clock.replace(second=0, microsecond=0)),
    Bracket: brackets,
    Conditions: conditions,
    Unit: units,
    Evidence: evidence,
}
for cls, strategy in plain.items():
    st.register_type_strategy(cls, strategy)

small = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)


@pytest.mark.parametrize(
    "cls", [Rate, Terms, Limit, Incident, Facts, Alteration, Window, Sighting, Pending, Snapshot,
            Health, Change]
)  # fmt: skip
def test_what_goes_in_comes_out(cls: type) -> None:
    @small
    @given(st.from_type(cls))
    def check(record: object) -> None:
        if isinstance(record, Snapshot):  # its figures and lines have a file of their own
            record = replace(record, figures=(), lines=Lines())
        data = codec.encode(codec.plain(record))
        back = codec.decode(json.loads(data), cls)
        assert back == record
        assert codec.encode(codec.plain(back)) == data
        line = codec.encode_line(codec.plain(record))
        assert line.count(b"\n") == 1
        assert codec.decode(json.loads(line), cls) == record

    check()


RATE = Rate(
    "gpt", "text.input", Decimal("30.00"), "USD", Unit.parse("1M tokens"),
    Conditions.of(tier="batch"), evidence=Evidence("gpt $30.00", "Pricing › gpt"),
)  # fmt: skip


def test_a_reviewer_reads_what_the_page_says() -> None:
    assert codec.encode(codec.plain(RATE)).decode() == (
        "{\n"
        '  "amount": "30.00",\n'
        '  "conditions": {\n'
        '    "tier": "batch"\n'
        "  },\n"
        '  "currency": "USD",\n'
        '  "evidence": {\n'
        '    "excerpt": "gpt $30.00",\n'
        '    "where": "Pricing › gpt"\n'
        "  },\n"
        '  "meter": "text.input",\n'
        '  "product": "gpt",\n'
        '  "unit": "1M tokens"\n'
        "}\n"
    )


def test_a_rate_recorded_before_there_were_fees_and_terms_still_loads() -> None:
    old = {
        "product": "gpt", "meter": "text.input", "amount": "30.00", "currency": "USD",
        "unit": "1M tokens", "conditions": {"tier": "batch"}, "label": "GPT",
    }  # fmt: skip
    back = codec.decode(old, Rate)
    assert (back.percent, back.terms) == (None, Terms())
    assert codec.plain(back) == old


def test_a_fee_and_its_terms_are_written_as_pages_say_them() -> None:
    fee = replace(
        RATE,
        percent=Decimal("2.9"),
        terms=Terms(
            bracket=Bracket(Decimal(0), Decimal(10), "TB", graduated=True),
            included=Quantity(Decimal(5), "GB"),
            cap=Decimal(5),
            billing=Billing("year", months=12),
            sale=Sale(Decimal("40.00"), ends=date(2026, 12, 31)),
            hours=Hours(((time(1), time(4)),), (Weekday.MON, Weekday.TUE), "UTC"),
        ),
    )
    written = json.loads(json.dumps(codec.plain(fee)))
    assert written["percent"] == "2.9"
    assert written["terms"] == {
        "bracket": {"end": "10", "of": "TB", "graduated": True},
        "included": {"amount": "5", "of": "GB"},
        "cap": "5",
        "billing": {"every": "year", "months": 12},
        "sale": {"list_price": "40.00", "ends": "2026-12-31"},
        "hours": {"spans": [["01:00", "04:00"]], "days": ["mon", "tue"], "zone": "UTC"},
    }
    assert codec.decode(written, Rate) == fee


@small
@given(st.from_type(Terms))
def test_terms_are_spelled_alike_in_files_and_in_data(terms: Terms) -> None:
    assert json.loads(json.dumps(spelled(terms))) == json.loads(json.dumps(codec.plain(terms)))


def test_evidence_survives_though_facts_compare_without_it() -> None:
    back = codec.decode(codec.plain(RATE), Rate)
    assert back.evidence == RATE.evidence


def test_times_are_written_in_utc() -> None:
    time = datetime(2026, 7, 1, 2, tzinfo=timezone(timedelta(hours=2)))
    assert codec.plain(Window(time, time))["last_seen_old"] == "2026-07-01T00:00:00Z"


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"amount": 30}, "amount"),
        ({"amount": "thirty"}, "amount"),
        ({"amount": "-1"}, "rate"),
        ({"unit": "a b c"}, "unit"),
        ({"conditions": ["tier"]}, "conditions"),
        ({"percent": "NaN"}, "rate"),
        ({"terms": {"bracket": {"start": "9", "end": "3"}}}, "bracket"),
        ({"product": None}, ""),
    ],
)
def test_what_is_wrong_is_named(wrong: dict[str, object], named: str) -> None:
    value = {**codec.plain(RATE), **wrong}
    if wrong == {"product": None}:
        del value["product"]
        named = "product"
    with pytest.raises(StoreError, match=named):
        codec.decode(value, Rate)


def test_a_time_without_a_zone_and_an_unknown_fact_are_wrong() -> None:
    with pytest.raises(StoreError, match="last_seen_old"):
        codec.decode(
            {"last_seen_old": "2026-07-01T00:00:00", "first_seen_new": "2026-07-01T00:00:00Z"},
            Window,
        )
    with pytest.raises(StoreError, match="before"):
        codec.decode({"kind": "added", "before": {"fact": "rumour"}, "after": None}, Alteration)


@small
@given(st.lists(st.from_type(Figure), max_size=5))
def test_figures_go_in_and_come_out(figures: list[Figure]) -> None:
    data = inventory.to_lines(inventory.to_plain(figures))
    assert inventory.from_plain(json.loads(data)) == tuple(figures)


@small
@given(st.lists(st.text(max_size=9)))
def test_lines_go_in_and_come_out(texts: list[str]) -> None:
    lines = Lines(tuple(texts))
    data = json.dumps({"lines": list(lines.marks)})
    assert inventory.lines_from(json.loads(data)) == lines


def test_a_file_of_before_lines_were_kept_has_none() -> None:
    assert not inventory.lines_from({"shared": [], "figures": []})
    with pytest.raises(StoreError, match="a list of marks"):
        inventory.lines_from({"lines": {"x": 1}})


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"shared": [], "figures": [["$5"]]},
        {"shared": [], "figures": [["$5", ["x"], 0, 0, 0, 0, 0, "visible", "rate", 0, 0]]},
        {"shared": [""], "figures": 5},
    ],
)
def test_figures_that_are_none_are_one_clear_error(wrong: dict[str, object]) -> None:
    with pytest.raises(StoreError, match="not an inventory of figures"):
        inventory.from_plain(wrong)
