"""Figures first, from page to owner: what is not understood, damaged, or much at once."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from tests.test_pipeline import Watch, page

from ratewire.decide import accept_waiting, waiting
from ratewire.model import ChangeKind, HealthState

NOTE = "<p>Our office coffee budget is $4,711, which is a figure of no consequence.</p>"


@pytest.fixture
def watch(tmp_path: Any, served: Any) -> Watch:
    return Watch(tmp_path, served, "lark")


def _noted(amount: str, out: str = "12.00") -> str:
    return page(out).replace("</html>", NOTE.replace("4,711", amount) + "</html>")


def test_a_changed_figure_that_is_not_understood_waits_for_the_owner(watch: Watch) -> None:
    watch.served.show("/lark", _noted("4,711"))
    watch.check()
    watch.served.show("/lark", _noted("4,712"))
    report = watch.check()
    (outcome,) = report.outcomes
    assert outcome.changes == ()
    assert outcome.pending is not None
    (unread,) = outcome.pending.unread
    assert "$4,711" in unread.old
    assert "$4,712" in unread.new
    assert report.exit_code == 1
    assert len(watch.check().outcomes[0].pending.unread) == 1, "told once"  # type: ignore[union-attr]
    accept_waiting(watch.job, "lark")
    assert waiting(watch.job) == {}
    assert watch.check().exit_code == 0


def test_going_back_takes_an_unread_change_away(watch: Watch) -> None:
    watch.served.show("/lark", _noted("4,711"))
    watch.check()
    watch.served.show("/lark", _noted("4,712"))
    watch.check()
    watch.served.show("/lark", _noted("4,711"))
    assert watch.check().exit_code == 0


def test_unread_changes_are_published_where_the_owner_says_so(watch: Watch) -> None:
    with (watch.root / "ratewire.toml").open("a") as settings:
        settings.write("\n[announce]\nunread = true\n")
    watch.served.show("/lark", _noted("4,711"))
    watch.check()
    watch.served.show("/lark", _noted("4,712"))
    assert watch.check().outcomes[0].changes == (), "seen once"
    report = watch.check()
    (change,) = report.outcomes[0].changes
    assert change.kind is ChangeKind.PASSAGE
    assert "$4,712" in change.alterations[0].fact.text  # type: ignore[union-attr]
    assert report.exit_code == 0
    assert watch.check().outcomes[0].changes == ()


def test_a_damaged_figure_is_held_and_the_others_are_told(watch: Watch) -> None:
    watch.check()
    watch.served.show("/lark", page("9.00").replace("$20.00", "$NaN"))
    watch.check()
    report = watch.check()
    (outcome,) = report.outcomes
    assert [change.kind for change in outcome.changes] == [ChangeKind.RATE_DOWN]
    assert outcome.health.state is HealthState.HELD
    assert "$NaN" in outcome.health.detail
    watch.served.show("/lark", page("9.00"))
    assert watch.check().outcomes[0].health.state is HealthState.OK
    assert watch.check().outcomes[0].changes == ()


def test_a_repricing_by_one_factor_confirms_itself(watch: Watch) -> None:
    more = {f"lark-{n}": "20.00" for n in range(3, 9)}
    watch.served.show("/lark", page(**more))
    watch.check()
    whole = page(**more)
    for amount in ("3.00", "12.00", "20.00"):
        whole = whole.replace(f"${amount}", f"${Decimal(amount) / 10}")
    watch.served.show("/lark", whole)
    told, checks = 0, 0
    while not told and checks < 12:
        report = watch.check(minutes=12 * 60)
        told = sum(len(change.alterations) for change in report.outcomes[0].changes)
        checks += 1
        state = report.outcomes[0].health.state
        assert state is (HealthState.OK if told else HealthState.HELD)
    assert told == 16
    assert checks == 7, "three days after it was first seen"


def test_a_record_from_before_figures_were_kept_makes_no_news(watch: Watch) -> None:
    watch.check()
    folder = watch.root / "snapshots" / "lark"
    (folder / "figures.json").unlink()
    watch.served.show("/lark", page(words="Pricing that scales with you"))
    for _ in range(3):
        assert watch.check().outcomes[0].changes == ()
    watch.served.show("/lark", page("9.00"))
    watch.check()
    (change,) = watch.check().outcomes[0].changes
    assert change.kind is ChangeKind.RATE_DOWN
    assert json.loads((folder / "figures.json").read_text())["figures"]


def test_damaged_figures_are_set_aside_and_read_anew(watch: Watch) -> None:
    watch.check()
    folder = watch.root / "snapshots" / "lark"
    (folder / "figures.json").write_text("{")
    watch.served.show("/lark", page("9.00"))
    watch.check()
    assert len(watch.check().outcomes[0].changes) == 1
    assert (folder / "figures.json.damaged-1").exists()
