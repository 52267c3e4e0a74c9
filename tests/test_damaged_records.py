"""Whatever becomes of a record: nothing false is told, nothing true is lost, the owner hears."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from test_pipeline import START, Watch, page

from ratewire.compare import as_told
from ratewire.decide import retract_change, waiting
from ratewire.errors import StoreError
from ratewire.model import ChangeState, Facts
from ratewire.record import checksum

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
KINDS = {"facts.json": "facts", "figures.json": "figures", "pending.json": "pending",
         "health.json": "health"}  # fmt: skip


@pytest.fixture
def watch(tmp_path: Path, served: Any) -> Watch:
    """A change was told, and another was seen once."""
    watch = Watch(tmp_path / "site", served, "lark", "wren")
    watch.check()
    watch.served.show("/lark", page("9.00"))
    watch.check()
    watch.check()
    watch.served.show("/lark", page("9.00", **{"lark-1": "21.00"}))
    watch.check()
    return watch


def record(watch: Watch, name: str) -> Path:
    return watch.root / "snapshots" / "lark" / name


def told(watch: Watch) -> list[tuple[str, str, str]]:
    """Product, price before and after, of all that is in the log."""
    return [
        (a.fact.product, str(a.before.amount), str(a.after.amount))  # type: ignore[union-attr]
        for change in watch.job.store.changes("lark")
        for a in change.alterations
    ]


BOTH = [("lark-2", "12.00", "9.00"), ("lark-1", "20.00", "21.00")]


# ── Every sort of damage, by the benchmark that makes them ───────────────────────────────────


@pytest.fixture(scope="module")
def hostile() -> Iterator[ModuleType]:
    sys.path.insert(0, str(BENCHMARKS))
    import hostile_records

    yield hostile_records
    sys.path.remove(str(BENCHMARKS))


def test_no_damage_makes_news_or_loses_any(hostile: ModuleType) -> None:
    found = hostile.measure(hostile.Run(quick=True))
    assert found.said == ()
    assert found.cases > 50


# ── Checksums ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", KINDS)
def test_every_record_says_what_it_was(watch: Watch, name: str) -> None:
    value = json.loads(record(watch, name).read_text())
    checksum.verify(KINDS[name], "lark", value, required=True)
    for wrong in ({**value, "format": 3}, {**value, "more": 1}):
        with pytest.raises(StoreError, match="checksum differs"):
            checksum.verify(KINDS[name], "lark", wrong, required=True)
    with pytest.raises(StoreError, match="checksum differs"):
        checksum.verify(KINDS[name], "wren", value, required=True)
    del value["checksum"]
    with pytest.raises(StoreError, match="missing"):
        checksum.verify(KINDS[name], "lark", value, required=True)


def test_other_line_ends_and_another_indent_are_no_damage(watch: Watch) -> None:
    for name in KINDS:
        path = record(watch, name)
        value = json.loads(path.read_text())
        path.write_bytes(json.dumps(value, indent=7).replace("\n", "\r\n").encode())
    report = watch.check()
    assert all(not outcome.damages for outcome in report.outcomes)
    assert told(watch) == BOTH


def test_records_of_an_older_ratewire_migrate_without_news(watch: Watch) -> None:
    for path in (watch.root / "snapshots").glob("*/*.json"):
        value = json.loads(path.read_text())
        for key in ("checksum", *(("capture", "taken_at") if path.stem == "figures" else ())):
            del value[key]
        path.write_text(json.dumps({**value, "format": 1}))
    log = record(watch, "changes.jsonl")
    value = json.loads(log.read_text())
    del value["checksum"]
    log.write_text(json.dumps({**value, "format": 1}) + "\n")
    report = watch.check()
    assert report.exit_code == 0
    assert told(watch) == BOTH
    assert "checksum" in json.loads(record(watch, "facts.json").read_text())
    assert not list((watch.root / "snapshots").glob("*/*.damaged-*"))


# ── What is rebuilt, and from what ───────────────────────────────────────────────────────────


def remove(path: Path) -> None:
    path.unlink()


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:200])


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("spoil", [remove, cut, a_folder])
def test_the_owner_hears_and_what_waited_is_told(
    watch: Watch, spoil: Callable[[Path], None]
) -> None:
    spoil(record(watch, "facts.json"))
    report = watch.check()
    assert report.exit_code == 1
    (damages,) = [o.damages for o in report.outcomes if o.source.id == "lark"]
    assert "facts.json" in damages[0]
    assert "rebuilt from the page of 2026-03-01 14:00" in damages[-1]
    assert told(watch) == BOTH
    assert watch.job.store.set_aside("lark") == ("facts.json.damaged-1",)
    assert watch.check().exit_code == 0


def test_a_page_that_was_held_is_not_what_stood(tmp_path: Path, served: Any) -> None:
    watch = Watch(tmp_path / "site", served, "lark")
    served.show("/lark", page(**{"lark-3": "1.00", "lark-4": "2.00", "lark-5": "3.00"}))
    watch.check()
    served.show("/lark", page("12.00"))
    assert watch.check().exit_code == 1, "most of it is gone"
    cut(record(watch, "facts.json"))
    watch.check()
    assert watch.job.store.load("lark")[0].facts.rates[-1].product == "lark-5"  # type: ignore[union-attr]
    served.show("/lark", page(**{"lark-3": "1.00", "lark-4": "2.00", "lark-5": "3.00"}))
    for _ in range(3):
        watch.check()
    assert told(watch) == []


def test_without_a_word_of_the_page_that_stood_the_owner_decides(watch: Watch) -> None:
    remove(record(watch, "facts.json"))
    remove(record(watch, "figures.json"))
    for _ in range(3):
        assert watch.check().exit_code == 1
    assert told(watch) == BOTH[:1]
    pending, asked = waiting(watch.job)["lark"]
    assert pending.held is not None
    assert pending.held.guard == "rebuilt"
    assert [one.alteration.fact.product for one in asked] == ["lark-1"]  # type: ignore[union-attr]


def test_what_was_retracted_is_not_told_again_when_what_waits_is_lost(watch: Watch) -> None:
    watch.check()
    change = watch.job.store.changes("lark")[-1]
    retract_change(watch.job, change.id, "A mistake of ours.")
    remove(record(watch, "pending.json"))
    for _ in range(3):
        watch.check()
        assert watch.rate("lark", "lark-1") == 20
    assert [c.state for c in watch.job.store.changes("lark")].count(ChangeState.CONFIRMED) == 2


def log_lost(path: Path) -> None:
    path.write_bytes(b"")


def a_line_lost(path: Path) -> None:
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[1:]))


@pytest.mark.parametrize(("spoil", "lost"), [(log_lost, 2), (remove, 2), (a_line_lost, 1)])
def test_a_log_that_lost_whole_lines_is_told_once(
    watch: Watch, spoil: Callable[[Path], None], lost: int
) -> None:
    watch.check()
    spoil(record(watch, "changes.jsonl"))
    watch.served.show("/lark", page("9.00", **{"lark-1": "23.00"}))
    report = watch.check()
    assert report.exit_code == 1
    (damages,) = [o.damages for o in report.outcomes if o.source.id == "lark"]
    assert f"{lost} of 2 changes are gone" in damages[0]
    assert "as git had it" in damages[0]
    assert watch.job.store.set_aside("lark") == ("changes.jsonl.damaged-1",)
    assert watch.check().exit_code == 0, "told once"
    assert told(watch) == [*BOTH[lost:], ("lark-1", "21.00", "23.00")]


def test_a_log_that_is_longer_than_the_facts_know_is_no_damage(watch: Watch) -> None:
    """As a merge leaves it."""
    watch.check()
    old = record(watch, "facts.json").read_bytes()
    watch.served.show("/lark", page("9.00", **{"lark-1": "23.00"}))
    watch.check()
    watch.check()
    record(watch, "facts.json").write_bytes(old)
    watch.job.store.load("lark")
    assert watch.job.store.set_aside("lark") == ()


BUDGET = "<p>Our office coffee budget is ${}, which is a figure of no consequence.</p></html>"


@pytest.mark.parametrize("spoil", [remove, cut])
def test_unread_changes_outlive_the_file_of_what_waits(
    watch: Watch, spoil: Callable[[Path], None]
) -> None:
    for budget in ("4,711", "4,712"):
        shown = page("9.00", **{"lark-1": "21.00"}).replace("</html>", BUDGET.format(budget))
        watch.served.show("/lark", shown)
        watch.check()
        watch.check()
    pending, _ = waiting(watch.job)["lark"]
    assert pending.unread
    spoil(record(watch, "pending.json"))
    report = watch.check()
    assert report.exit_code == 1
    (damages,) = [o.damages for o in report.outcomes if o.source.id == "lark"]
    assert "pending.json" in damages[0]
    again, _ = waiting(watch.job)["lark"]
    assert again.unread == pending.unread
    (later,) = [o for o in watch.check().outcomes if o.source.id == "lark"]
    assert later.damages == ()


def test_a_reader_of_another_version_finds_nothing_twice(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One change was told while another waits: the page on record does not show the first."""
    watch.check()
    watch.served.show("/lark", page("8.00", **{"lark-1": "21.00"}))
    watch.check()
    watch.served.show("/lark", page("8.00", **{"lark-1": "22.00"}))
    watch.check()
    before = told(watch)
    assert before[-1] == ("lark-2", "9.00", "8.00")
    monkeypatch.setattr("ratewire.checking.reader_mark", lambda: "another")
    for _ in range(3):
        watch.check()
        assert watch.rate() == 8, "what was told stands"
    assert told(watch) == [*before, ("lark-1", "21.00", "22.00")]


# ── What was told since ──────────────────────────────────────────────────────────────────────


def test_as_told_goes_through_the_log(watch: Watch) -> None:
    snapshot, _ = watch.job.store.load("lark")
    (change,) = watch.job.store.changes("lark")
    assert snapshot is not None
    (alteration,) = change.alterations
    old, new = alteration.before, alteration.after
    assert old is not None
    assert new is not None
    others = [fact for fact in snapshot.facts if fact.identity != new.identity]
    before = replace(snapshot, facts=Facts.of([*others, old]))
    assert as_told(before, [change], START).facts == snapshot.facts
    assert as_told(snapshot, [change], START) is snapshot, "it shows it already"
    assert as_told(before, [change], change.recorded_at.replace(year=2027)) is before
    assert as_told(before, [replace(change, source="wren")], START) is before
    back = replace(change, id="w", state=ChangeState.RETRACTED)
    assert as_told(before, [change, back], START).facts == before.facts
    came = replace(change, alterations=(replace(alteration, before=None),))
    went = replace(change, alterations=(replace(alteration, before=new, after=None),))
    assert as_told(replace(snapshot, facts=Facts.of(others)), [came], START).facts == snapshot.facts
    assert as_told(snapshot, [went], START).facts == Facts.of(others)


def test_a_corrected_change_is_replayed_as_it_truly_was(watch: Watch) -> None:
    snapshot, _ = watch.job.store.load("lark")
    (change,) = watch.job.store.changes("lark")
    (alteration,) = change.alterations
    assert snapshot is not None
    right = replace(alteration.after, amount=alteration.after.amount + 1)  # type: ignore[arg-type,union-attr,type-var]
    entry = replace(
        change,
        id="c",
        state=ChangeState.CORRECTED,
        alterations=(replace(alteration, after=right),),
    )
    rates: Mapping[str, Any] = {
        rate.product: rate.amount
        for rate in as_told(snapshot, [change, entry], START).facts.rates
        if rate.meter == "output"
    }
    assert str(rates["lark-2"]) == "10.00"
