"""A short soak: what is told is what is true; and an engine that errs is found out."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import ratewire.checking as stages
from ratewire.announce.outbox import Outbox
from ratewire.compare import Comparison, compare_readings, confirm
from ratewire.model import Capture, Reading, Source
from ratewire.read import read

ROOT = Path(__file__).parents[1]
HOUR = timedelta(hours=1)
WELL = {"missed": 0, "false": 0, "duplicated": 0, "not_in_log": 0, "never_confirmed": 0}


@pytest.fixture
def soak(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(name, "/dev/null")
    monkeypatch.setenv("RATEWIRE_WEBHOOK_SECRET", "")
    import soak

    logging.disable(logging.WARNING)
    yield soak
    logging.disable(logging.NOTSET)


def verdict(soak: ModuleType, root: Path, **more: Any) -> dict[str, int]:
    """Of a new year's days over a few pages."""
    given = {"seed": 6, "days": 2, "sources": 6, "troubles": 0.0, **more}
    start = datetime(2027, 12, 31, tzinfo=UTC)
    run = soak.Soak(root, start=start, pace=5 * HOUR, settling=5 * HOUR, **given)
    try:
        run.run()
        found: dict[str, int] = run.verdict() | dict(run.counts)
        return found
    finally:
        run.world.close()


def faults(found: dict[str, int]) -> dict[str, int]:
    return {name: found.get(name, 0) for name in WELL}


@pytest.mark.slow
def test_each_change_is_told_once_whatever_happens(soak: ModuleType, tmp_path: Path) -> None:
    found = verdict(soak, tmp_path, seed=3, days=3, sources=8, troubles=2.0)
    assert faults(found) == WELL
    assert found["changes"] > 10
    assert found.get("late", 0) == 0
    assert found["crashes"]
    assert found["overlaps"]


@pytest.mark.slow
def test_a_soak_without_trouble_finds_nothing(soak: ModuleType, tmp_path: Path) -> None:
    found = verdict(soak, tmp_path)
    assert faults(found) == WELL
    assert found["changes"] > 10


@pytest.mark.slow
def test_the_command_ends_with_its_result(tmp_path: Path) -> None:
    command = [sys.executable, "benchmarks/soak.py", "--quick", "--days", "2", "--sources", "2"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    name, _, result = done.stdout.splitlines()[-1].partition(" ")
    found = json.loads(result)
    assert name == "RESULT"
    assert faults(found) == WELL
    assert {"years", "changes", "mb_per_year", "runs", "seconds"} <= found.keys()


# ── Engines that err ─────────────────────────────────────────────────────────────────────────


def tells_at_first_sight(patch: pytest.MonkeyPatch) -> None:
    def here(
        _: Any, work: Callable[..., Any], *arguments: Any, stay: Any = None, **more: Any
    ) -> Any:
        return work(*arguments, **more, **(stay or {}))

    # Another process does not know what is patched.
    patch.setattr("ratewire.checking.limited", here)
    patch.setattr("ratewire.stages.limited", here)
    patch.setattr(confirm, "is_sure", lambda *_, **__: True)


def drops_each_third(patch: pytest.MonkeyPatch) -> None:
    """What it drops stands all the same, and so is never told."""
    count = 0

    def dropping(compare: Callable[..., Comparison]) -> Callable[..., Comparison]:
        def compared(*arguments: Any, **more: Any) -> Comparison:
            nonlocal count
            found = compare(*arguments, **more)
            count += bool(found.changes)
            return replace(found, changes=()) if found.changes and count % 3 == 0 else found

        return compared

    for name in ("compare", "compare_unchanged"):
        patch.setattr(stages, name, dropping(getattr(stages, name)))


def forgets_whom_it_told(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Outbox, "told", lambda *_: set())


def asks_for_more_sights(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(confirm, "is_sure", lambda sighting, *_, **__: sighting.times >= 4)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("broken", "found_as"),
    [
        (tells_at_first_sight, "false"),
        (drops_each_third, "missed"),
        (forgets_whom_it_told, "duplicated"),
        (asks_for_more_sights, "late"),
    ],
)
def test_an_engine_that_errs_is_found_out(
    broken: Callable[[pytest.MonkeyPatch], None],
    found_as: str,
    soak: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken(monkeypatch)
    assert verdict(soak, tmp_path)[found_as] > 0


@pytest.mark.slow
def test_between_two_states_of_a_page_the_engine_sees_what_the_truth_says(
    soak: ModuleType,
) -> None:
    """All shapes, one after the other, without the job around them."""
    from soak_pages import page_of
    from soak_truth import heard
    from soak_vendors import vendors

    start = datetime(2027, 7, 1, tzinfo=UTC)
    events = 0
    for vendor in vendors(20, 2, start, start + timedelta(days=365)):
        source = Source(vendor.id, "Prices", vendor.house, f"https://{vendor.id}.example/pricing")

        def reading(state: Any, at: datetime, source: Source = source) -> Reading:
            body, media_type = page_of(state)
            return read(Capture(source.url, body, at, 200, media_type), source)

        state, before = vendor.start, reading(vendor.start, start)
        for event in vendor.events:
            if event.state == state:
                continue
            day, after = event.at.date(), reading(event.state, event.at)
            found = compare_readings(before, after, on=day, since=day, source=source)
            where = f"{vendor.id} {event.at} {event.name}"
            assert bool(found.held) == event.held, where
            told = Counter(map(heard, found.alterations))
            assert found.held or renamed_once(told) == renamed_once(event.told), where
            state, before = event.state, found.later
            events += 1
    assert events > 300


def renamed_once(told: Counter[Any]) -> Counter[Any]:
    """With one line for each product that was renamed, however many prices bear its name."""
    renamed = {each[:3]: 1 for each in told if each[0] == "renamed"}
    return Counter({each: n for each, n in told.items() if each[0] != "renamed"} | renamed)


def test_the_truth_follows_from_the_seed(soak: ModuleType) -> None:
    import soak_vendors

    start = datetime(2028, 2, 20, tzinfo=UTC)
    one, same, other = (
        soak_vendors.vendors(5, seed, start, start + timedelta(days=90)) for seed in (1, 1, 2)
    )
    assert one == same
    assert one != other
    told = [event.told.total() for vendor in one for event in vendor.events]
    assert any(told)
    assert not all(told)
