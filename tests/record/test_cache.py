"""What is known of routine checks: kept while it can be, and never missed badly."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ratewire.model import Validators
from ratewire.record import Cache, Checks

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = AT + timedelta(hours=1)
CHECKS = Checks(
    checked_at=AT,
    verified_at=AT,
    capture="c" * 64,
    state="s" * 16,
    at_rest=True,
    met={"blocked": 2},
    validators={"https://a.example/": Validators("https://a.example/", '"1"', "", "c" * 64)},
)


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache")


def test_what_is_saved_is_loaded_by_another(cache: Cache, tmp_path: Path) -> None:
    cache.save("a", CHECKS)
    assert Cache(tmp_path / "cache").load("a") == CHECKS
    assert cache.load("b") == Checks()


def test_a_rest_moves_the_times_and_nothing_else(cache: Cache, tmp_path: Path) -> None:
    cache.save("a", CHECKS)
    cache.save("b", CHECKS)
    cache.rest({"a": LATER})
    for each in (cache, Cache(tmp_path / "cache")):
        assert each.load("a").checked_at == each.load("a").verified_at == LATER
        assert each.load("a").validators == CHECKS.validators
        assert each.load("b") == CHECKS
        assert each.checked("a", "b") == {"a": LATER, "b": AT}


def test_rests_of_other_runs_stay(cache: Cache, tmp_path: Path) -> None:
    for name in ("a", "b"):
        cache.save(name, CHECKS)
    Cache(tmp_path / "cache").rest({"a": LATER})
    cache.rest({"b": LATER})
    assert cache.checked("a", "b") == {"a": LATER, "b": LATER}


def test_a_check_after_a_rest_counts(cache: Cache) -> None:
    cache.rest({"a": AT})
    blocked = Checks(checked_at=LATER, met={"blocked": 1})
    cache.save("a", blocked)
    assert cache.load("a") == blocked


def test_what_was_met_is_counted_until_the_page_is_genuine(cache: Cache) -> None:
    away = CHECKS.meeting("unreachable").meeting("blocked")
    assert away.met == {"blocked": 3, "unreachable": 1}
    cache.save("a", away)
    assert cache.load("a").met == away.met
    cache.rest({"a": LATER})
    assert cache.load("a").met == {}


def test_what_another_version_met_is_passed_over(cache: Cache) -> None:
    cache.save("a", CHECKS.meeting("abducted"))
    assert cache.load("a").met == {"blocked": 2}


def test_nothing_is_written_where_none_was_at_rest(cache: Cache, tmp_path: Path) -> None:
    cache.rest({})
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"a": 1}', '{"a": "yesterday"}', "null"])
@pytest.mark.parametrize("file", ["rested.json", "checks/a.json"])
def test_damage_is_as_good_as_nothing(
    file: str, text: str, cache: Cache, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    cache.save("a", CHECKS)
    cache.rest({"a": LATER})
    (tmp_path / "cache" / file).write_text(text)
    loaded = cache.load("a")
    assert loaded.checked_at == (AT if file == "rested.json" else LATER)
    assert "going on without it" in caplog.text
    cache.rest({"a": LATER})
    assert cache.load("a").checked_at == LATER
