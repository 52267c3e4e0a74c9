"""A figure is verified when it was seen: of a page that shows something else it is not."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from tests.test_pipeline import Watch, page

from ratewire.model import HealthState


@pytest.fixture
def watch(tmp_path: Any, served: Any) -> Watch:
    watch = Watch(tmp_path, served, "lark")
    watch.check()
    return watch


def api(watch: Watch, name: str) -> Any:
    watch.job.build()
    return json.loads((watch.root / "site" / "api" / "v1" / f"{name}.json").read_text())


def test_a_page_that_never_shows_the_same_is_not_verified(watch: Watch) -> None:
    verified = watch.time
    for hour in range(60):
        watch.served.show("/lark", page(f"{13 + hour}.00"))
        report = watch.check()
        assert report.outcomes[0].changes == ()
    assert report.outcomes[0].health.state is HealthState.OK
    assert {one["verified_on"] for one in api(watch, "rates")["rates"]} == {f"{verified:%Y-%m-%d}"}
    for hour in range(20):
        watch.served.show("/lark", page(f"{93 + hour}.00"))
        report = watch.check()
    assert report.exit_code == 1
    assert report.outcomes[0].health.state is HealthState.FAILING
    assert "keeps changing: since 2026-03-01 13:00" in report.outcomes[0].health.detail
    assert {one["stale"] for one in api(watch, "rates")["rates"]} == {True}
    watch.served.show("/lark", page())
    assert watch.check().outcomes[0].health.state is HealthState.OK
    assert {one["stale"] for one in api(watch, "rates")["rates"]} == {False}


def test_what_waits_to_be_confirmed_and_is_held_is_not_verified(watch: Watch) -> None:
    watch.served.show("/lark", page("13.00"))
    first = watch.time
    watch.check(60 * 24)
    checks = watch.job.cache.load("lark")
    assert (checks.verified_at, checks.read_at) == (first, watch.time)
    watch.check(60)
    assert watch.job.cache.load("lark").verified_at == watch.time
    watch.served.show("/lark", page().replace("$", "$NaN"))
    before = watch.time
    watch.check(60)
    assert watch.job.cache.load("lark").verified_at == before


def test_the_window_of_a_change_opens_with_the_last_look_at_the_page(watch: Watch) -> None:
    """Also while something else of the page waits."""
    watch.served.show("/lark", page("13.00"))
    watch.check(1)
    before = watch.time
    watch.served.show("/lark", page("13.00", **{"lark-1": "21.00"}))
    watch.check(60)
    watch.check(60)
    changes = watch.job.store.changes("lark")
    windows = {one.products: one.window.last_seen_old for one in changes}
    assert windows[("lark-1",)] == before


def test_the_history_of_a_price_begins_at_the_first_reading(watch: Watch) -> None:
    first = watch.time
    watch.check(60 * 24 * 30)
    watch.served.show("/lark", page("13.00"))
    watch.check()
    watch.check()
    histories = api(watch, "products/lark-2")["history"]
    (points,) = (one["points"] for one in histories if one["meter"] == "output")
    times = [one["since"][:10] for one in points]
    assert times == [f"{first:%Y-%m-%d}", f"{first + timedelta(days=30):%Y-%m-%d}"]
