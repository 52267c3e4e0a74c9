from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ratewire.errors import ConfigError
from ratewire.fetch import due, parse_duration

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("every", "minutes_ago", "is_due"),
    [
        ("1h", None, True),
        ("1h", 60, True),
        ("1h", 59, True),
        ("1h", 30, False),
        ("30m", 30, True),
        ("1d", 60 * 25, True),
        ("*/30 * * * *", None, True),
        ("*/30 * * * *", 29, True),
        ("0 12 * * *", 1, True),
        ("5 12 * * *", 60, False),
        ("0 0 1 * *", 60 * 24 * 2, False),
        ("0 0 1 * *", 60 * 24 * 5, True),
    ],
)
def test_due(every: str, minutes_ago: int | None, is_due: bool) -> None:
    last = None if minutes_ago is None else NOON - timedelta(minutes=minutes_ago)
    assert due(every, last, NOON) is is_due


@pytest.mark.parametrize("wrong", ["", "soon", "61 * * * *", "* * * *", "h1", "99999999999999w"])
def test_what_is_no_schedule_is_said(wrong: str) -> None:
    with pytest.raises(ConfigError, match="not a"):
        due(wrong, NOON, NOON)


def test_duration() -> None:
    assert parse_duration("1h30m") == timedelta(minutes=90)
    with pytest.raises(ConfigError, match="not a duration"):
        parse_duration("an hour")
