"""Moments are written and read in one way, in one place."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratewire.model.moments import parse_rfc3339, rfc3339

PACKAGE = Path(__file__).parents[1] / "scraper" / "ratewire"
SECONDS = st.floats(min_value=86_400, max_value=4e9)


@given(SECONDS, st.integers(-14 * 60, 14 * 60))
def test_a_moment_is_written_in_utc_and_read_back(seconds: float, minutes: int) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)
    elsewhere = moment.astimezone(timezone(timedelta(minutes=minutes)))
    text = rfc3339(elsewhere)
    assert text.endswith("Z")
    assert parse_rfc3339(text) == moment
    assert parse_rfc3339(elsewhere.isoformat()).utcoffset() == timedelta(0)


def test_seconds_are_cut_off_where_they_are_asked_for() -> None:
    moment = datetime(2026, 7, 1, 12, 0, 0, 999_999, tzinfo=UTC)
    assert rfc3339(moment, timespec="seconds") == "2026-07-01T12:00:00Z"
    assert rfc3339(moment) == "2026-07-01T12:00:00.999999Z"


@pytest.mark.parametrize("text", ["2026-07-01", "2026-07-01T12:00:00", "yesterday", ""])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"zone|format"):
        parse_rfc3339(text)


def test_no_other_module_writes_the_format_itself() -> None:
    """Status feeds and dates in names of files come in other forms, and are read where they are."""
    own = re.compile(r"""\+00:00["'], ["']Z|%Y-%m-%dT|\bdatetime\.fromisoformat\(""")
    found = {
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        if own.search(path.read_text("utf-8"))
    }
    assert found == {
        "fetch/saved.py", "model/moments.py", "read/status_json.py", "read/status_text.py"
    }  # fmt: skip
