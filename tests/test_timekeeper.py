"""What time it is where the clock may be wrong: by the hosts, by the last run, and what follows."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from types import ModuleType

import pytest

from ratewire.announce.outbox import Outbox
from ratewire.announce.recipients import Key
from ratewire.compare import mended
from ratewire.fetch.dates import ServerDates
from ratewire.model import (
    Alteration,
    ChangeKind,
    Facts,
    OtherLook,
    Pending,
    Sighting,
    Snapshot,
    Window,
)
from ratewire.timekeeper import Timekeeper, agreed

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR, DAY, YEAR = timedelta(hours=1), timedelta(days=1), timedelta(days=365)
BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


@pytest.fixture(scope="module")
def hostile() -> Iterator[ModuleType]:
    sys.path.insert(0, str(BENCHMARKS))
    import hostile_clocks

    yield hostile_clocks
    sys.path.remove(str(BENCHMARKS))


def test_no_clock_makes_news_or_loses_any(hostile: ModuleType) -> None:
    found = hostile.measure(hostile.Run(quick=True))
    assert found.said == ()
    assert found.cases > 20


# ── What hosts say ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        ([], None),
        ([0], 0),
        ([0.9], 0),
        ([2], None),
        ([2, 2.5], 2),
        ([-5, -5.2, -5.4], -5.2),
        ([0, 90], 0),
        ([0, 90, 90], 90),
        ([90, 200], None),
        ([90, 90, 200, 300], None),
        ([90, 90, 90, 200, 0], 90),
        ([0.9, 1.1], 0),
        ([1.1, 1.2, 1.3], 1.2),
    ],
)
def test_hosts_that_agree_say_what_time_it_is(ahead: list[float], said: float | None) -> None:
    found = agreed([hours * HOUR for hours in ahead])
    assert found == (None if said is None else said * HOUR)


@pytest.mark.parametrize(
    ("headers", "ahead"),
    [
        ({"date": format_datetime(NOW + DAY, usegmt=True)}, DAY),
        ({"date": format_datetime(NOW - DAY, usegmt=True), "age": "86400"}, timedelta()),
        ({"date": format_datetime(NOW, usegmt=True), "age": "-1"}, timedelta()),
        ({"date": format_datetime(NOW, usegmt=True), "age": "9" * 40}, timedelta()),
        ({"date": "Sun, 01 Mar 2026 12:00:00"}, timedelta()),
        ({}, None),
        ({"date": ""}, None),
        ({"date": "yesterday"}, None),
        ({"date": "Sun, 99 Mar 2026 12:00:00 GMT"}, None),
        ({"date": "Sun, 01 Mar 99999999 12:00:00 GMT"}, None),
        ({"date": "1" * 100_000}, None),
        ({"date": "Fri, 31 Dec 9999 23:59:59 GMT", "age": "99999999"}, None),
    ],
)
def test_a_host_names_its_time_and_how_old_the_answer_is(
    headers: dict[str, str], ahead: timedelta | None
) -> None:
    dates = ServerDates()
    dates.note("https://lark.example/pricing", headers, NOW)
    assert dates.ahead == ({} if ahead is None else {"lark.example": ahead})


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "127.8.8.8", "[::1]:80", "localhost"])
def test_a_server_on_this_machine_has_no_clock_of_its_own(host: str) -> None:
    dates = ServerDates()
    dates.note(f"http://{host}/pricing", {"date": format_datetime(NOW, usegmt=True)}, NOW + DAY)
    assert dates.ahead == {}


# ── What the last run knew ───────────────────────────────────────────────────────────────────


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "clock.json"


def ran(file: Path, now: datetime, *hosts: timedelta) -> Timekeeper:
    keeper = Timekeeper(file)
    keeper.decide(now, hosts) or keeper.fall_back(now, hosts)
    keeper.note(now)
    return keeper


def test_the_time_is_theirs_where_hosts_agree_that_the_clock_is_wrong(file: Path) -> None:
    keeper = ran(file, NOW + 10 * YEAR, -10 * YEAR, -10 * YEAR)
    assert keeper.ahead == -10 * YEAR
    assert "ahead by what 2 hosts say" in keeper.doubt
    assert keeper.is_steady, "the looks are at their true times"
    assert Timekeeper(file).refuses(NOW + 10 * YEAR + HOUR) == keeper.doubt
    assert Timekeeper(file).time(NOW + 10 * YEAR + HOUR) == NOW + HOUR, "of a later command too"
    assert not Timekeeper(file).refuses(NOW), "it was put right"
    assert Timekeeper(file).time(NOW) == NOW


@pytest.mark.parametrize(
    ("first", "second", "steady"),
    [
        (timedelta(), HOUR, True),
        (timedelta(), YEAR, True),
        (timedelta(), -HOUR / 2, True),
        (timedelta(), -2 * HOUR, False),
        (10 * YEAR, timedelta(), False),
    ],
)
def test_without_hosts_a_clock_that_went_backwards_is_in_doubt(
    file: Path, first: timedelta, second: timedelta, steady: bool
) -> None:
    assert ran(file, NOW + first).is_steady
    assert not Timekeeper(file).refuses(NOW + first)
    before = Timekeeper(file).refuses(NOW + second)
    assert bool(before) is not steady
    keeper = ran(file, NOW + second)
    assert (keeper.is_steady, bool(keeper.doubt)) == (steady, not steady)
    later = NOW + second + HOUR
    assert ran(file, later).is_steady, "in the second run it has stood"
    assert not Timekeeper(file).refuses(later)


def test_a_clock_that_leaps_to_and_fro_stays_in_doubt(file: Path) -> None:
    ran(file, NOW)
    for _ in range(3):
        assert not ran(file, NOW - YEAR).is_steady
        assert not ran(file, NOW).is_steady
    assert ran(file, NOW, timedelta()).is_steady, "until a host confirms it"


def test_one_host_alone_proves_nothing(file: Path) -> None:
    first = ran(file, NOW, YEAR)
    assert first.doubt
    assert not first.ahead
    second = ran(file, NOW + HOUR, YEAR)
    assert not second.doubt, "the clock goes on as it should; the host is the one that is wrong"


@pytest.mark.parametrize("damage", [b"", b"[]", b'{"latest": "x"}', b"\xff"])
def test_what_the_last_run_knew_may_get_lost(file: Path, damage: bytes) -> None:
    ran(file, NOW)
    file.write_bytes(damage)
    assert not Timekeeper(file).refuses(NOW - YEAR)
    assert ran(file, NOW - YEAR).is_steady


# ── Records from the future ──────────────────────────────────────────────────────────────────


def test_times_after_now_are_mended() -> None:
    late = NOW + 10 * YEAR
    alteration = Alteration(ChangeKind.ADDED, None, None)
    sighting = Sighting(alteration, Window(NOW - DAY, late), "", "", late)
    snapshot = Snapshot("lark", Facts(), "", "", late, "", others=(OtherLook("x", "", late),))
    pending = Pending(Facts(), "", "", late, (sighting,), elsewhere=(sighting,))
    stood, waits = mended(snapshot, pending, NOW, sure=True)
    right = replace(sighting, window=Window(NOW - DAY, NOW), last_counted=NOW)
    assert stood == replace(snapshot, taken_at=NOW, others=(OtherLook("x", "", NOW),))
    assert waits == replace(pending, seen_at=NOW, sightings=(right,), elsewhere=(right,))
    _, waits = mended(None, pending, NOW, sure=False)
    assert waits is not None
    assert waits.sightings == (replace(right, times=0),), "nobody knows how long ago it was"
    for at in (late, late - HOUR / 2):
        same = mended(snapshot, pending, at, sure=False)
        assert (same[0] is snapshot, same[1] is pending) == (True, True), "another machine's clock"
    assert mended(None, None, NOW, sure=False) == (None, None)


def outbox(folder: Path, now: datetime) -> Outbox:
    return Outbox(folder, Key(b"public"), now)


def test_recipients_enrolled_in_the_future_hear_what_comes_from_now_on(tmp_path: Path) -> None:
    first = outbox(tmp_path, NOW + 10 * YEAR)
    first.enrol(["ann"])
    first.postponed(first.message("ann", ["waits"]), "busy", NOW + 10 * YEAR + HOUR)
    first.compact()
    later = outbox(tmp_path, NOW)
    later.mend([("old", NOW - YEAR), ("new", NOW)])
    assert later.since["ann"] == NOW - DAY
    assert later.waiting["ann", "waits"].next == NOW
    assert later.passed == set()


def test_under_a_clock_that_is_behind_nobody_hears_what_is_old(tmp_path: Path) -> None:
    """What is recorded from here on is dated before they came; what was on record is no news."""
    first = outbox(tmp_path, NOW)
    first.enrol(["ann"])
    first.compact()
    behind = outbox(tmp_path, NOW - YEAR)
    behind.mend([("older", NOW - YEAR - 10 * DAY), ("old", NOW - 30 * DAY), ("last", NOW - HOUR)])
    assert behind.since["ann"] == NOW - YEAR - DAY
    assert behind.passed == {"old"}, "of the last day everyone was to hear"
    behind.compact()
    assert json.loads((tmp_path / "outbox.json").read_bytes())["passed"] == ["old"]
    assert outbox(tmp_path, NOW).passed == {"old"}
