"""The whole job against a vendor on loopback, on a clock of its own."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ratewire import stages
from ratewire.checking import Checker
from ratewire.config.load import load_site
from ratewire.errors import StoreError
from ratewire.fetch import Fetched
from ratewire.fetch.dates import ServerDates
from ratewire.model import Basis, ChangeKind, ChangeState, HealthState, Source
from ratewire.pipeline import Job, Outcome, Report
from ratewire.record import Cache, DirectoryStore
from ratewire.record.checksum import sealed

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
SETTINGS = """\
[site]
title = "Prices"
url = "https://prices.example"

[fetch]
delay = 0
retries = 0
"""
SOURCE = """\
name = "{name} pricing"
publisher = "{name}"
url = "https://{name}.example/{name}"
every = "1h"
"""


def page(out: str = "12.00", words: str = "Prices", **more: str) -> str:
    prices = {"lark-2": out, "lark-1": "20.00", **more}
    rows = "".join(
        f"<tr><td>{model}</td><td>$3.00</td><td>${price}</td></tr>"
        for model, price in prices.items()
    )
    return (
        f"<!doctype html><html lang=en><title>Pricing</title><h1>{words}</h1>"
        "<p>Prices per 1M tokens.</p><table><tr><th>Model</th><th>Input</th><th>Output</th></tr>"
        f"{rows}</table></html>"
    )


WALL = (
    "<!doctype html><title>Just a moment...</title><h1>Checking your browser</h1>"
    "<form id=challenge-form></form><p>Enable JavaScript and cookies to continue.</p>"
)


class Watch:
    """A site in a folder, a vendor, and a clock that is moved by hand."""

    def __init__(self, root: Path, served: Any, *names: str) -> None:
        self.root, self.served, self.time = root, served, START
        (root / "content" / "sources").mkdir(parents=True)
        (root / "ratewire.toml").write_text(SETTINGS)
        for name in names:
            (root / "content" / "sources" / f"{name}.toml").write_text(SOURCE.format(name=name))
            served.show(f"/{name}", page())
        self.routes = {f"https://{name}.example/": f"{served.url}/" for name in names}

    @property
    def job(self) -> Job:
        return Job.of(load_site(self.root), now=lambda: self.time, routes=self.routes)

    def check(self, minutes: int = 60) -> Report:
        self.time += timedelta(minutes=minutes)
        job = self.job
        return job.check(job.site.sources, seen=_quiet)

    def rate(self, source: str = "lark", product: str = "lark-2") -> Decimal:
        snapshot, _ = self.job.store.load(source)
        assert snapshot is not None
        (rate,) = (r for r in snapshot.facts.rates if (r.product, r.meter) == (product, "output"))
        return rate.amount

    def tree(self) -> Mapping[str, str]:
        """Digests of all stored files."""
        files = [path for path in (self.root / "snapshots").rglob("*") if path.is_file()]
        return {
            str(path.relative_to(self.root)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in files
            if ".locks" not in path.parts
        }


def _quiet(_: Outcome) -> None:
    pass


def _never(*_: object) -> None:
    raise AssertionError("this is not to be called")


@pytest.fixture
def watch(tmp_path: Path, served: Any) -> Watch:
    return Watch(tmp_path / "site", served, "lark")


def test_a_change_is_found_confirmed_and_told_once(watch: Watch) -> None:
    assert watch.check().exit_code == 0
    assert watch.rate() == Decimal("12.00")
    watch.served.show("/lark", page("9.00"))
    (found,) = watch.check().outcomes
    assert found.changes == ()
    assert found.pending is not None
    assert watch.rate() == Decimal("12.00"), "until confirmed the old facts stand"
    (confirmed,) = watch.check().outcomes
    (change,) = confirmed.changes
    assert (change.kind, change.state) == (ChangeKind.RATE_DOWN, ChangeState.CONFIRMED)
    assert (change.basis, change.looks) == (Basis.LOOKS, 2)
    assert change.window.last_seen_old == START + timedelta(hours=1)
    assert change.window.first_seen_new == START + timedelta(hours=2)
    assert watch.rate() == Decimal("9.00")
    assert watch.check().outcomes[0].changes == ()
    assert [c.id for c in watch.job.store.changes()] == [change.id]


def test_not_modified_confirms_as_well_as_the_page_itself(watch: Watch) -> None:
    watch.check()
    watch.served.show("/lark", page("9.00"))
    watch.check()
    assert len(watch.check().outcomes[0].changes) == 1
    pages = [status for path, status in watch.served.asked if path == "/lark"]
    assert pages == [200, 200, 304]


def test_a_typo_that_is_mended_is_never_told(watch: Watch) -> None:
    watch.check()
    watch.served.show("/lark", page("1.20"))
    watch.check()
    watch.served.show("/lark", page())
    (outcome,) = watch.check().outcomes
    assert outcome.changes == ()
    assert "gone again" in outcome.notes[0]
    assert watch.job.store.changes() == ()


def test_a_page_whose_bytes_differ_each_time_is_no_news(watch: Watch) -> None:
    watch.check()
    before = watch.tree()
    for number in range(3):
        watch.served.show("/lark", page() + f"<!-- build {number} -->")
        assert watch.check().exit_code == 0
    assert watch.tree() == before, "routine checks write nothing that git sees"


def test_a_wall_is_no_page(watch: Watch) -> None:
    watch.check()
    watch.served.show("/lark", WALL)
    (outcome,) = watch.check().outcomes
    assert outcome.health.state is HealthState.BLOCKED
    assert watch.rate() == Decimal("12.00")
    refused = watch.tree()
    watch.served.show("/lark", WALL + "<!-- another id -->")
    assert watch.check().exit_code == 1
    assert watch.tree() == refused, "only the first of a row is kept as evidence"
    assert watch.job.cache.load("lark").met == {"blocked": 2}
    watch.served.show("/lark", page("9.00"))
    watch.check()
    assert watch.job.cache.load("lark").met == {}
    assert watch.check().outcomes[0].changes[0].window.last_seen_old == START + timedelta(hours=1)


def test_a_wall_between_two_sights_changes_nothing_of_them(watch: Watch) -> None:
    watch.check()
    watch.served.show("/lark", page("9.00"))
    watch.check()
    watch.served.show("/lark", WALL)
    watch.check()
    watch.served.show("/lark", page("9.00"))
    assert len(watch.check().outcomes[0].changes) == 1


def test_a_source_that_is_away_stops_nothing_else(tmp_path: Path, served: Any) -> None:
    watch = Watch(tmp_path / "site", served, "lark", "wren")
    watch.routes["https://lark.example/"] = "http://127.0.0.1:1/"
    watch.time += timedelta(hours=1)
    told: list[Outcome] = []
    report = watch.job.run(watch.job.site.sources, seen=told.append)
    states = {outcome.source.id: outcome.health.state for outcome in told}
    assert states == {"lark": HealthState.NEVER_SEEN, "wren": HealthState.OK}
    assert all(outcome.health.detail for outcome in told if outcome.source.id == "lark")
    assert report.exit_code == 1
    assert report.built is not None
    assert (watch.root / "site" / "index.html").is_file()
    told_of = (watch.root / "site" / "health.json").read_text("utf-8")
    assert [one["met"] for one in json.loads(told_of)["sources"]] == [{"unreachable": 1}, {}]
    served.pages["/lark"] = (503, "text/plain", b"away")
    watch.routes["https://lark.example/"] = f"{served.url}/"
    assert watch.check().health["lark"].state is not HealthState.OK


def test_a_reader_that_breaks_on_one_page_stops_nothing_else(
    tmp_path: Path, served: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = Watch(tmp_path / "site", served, "lark", "wren")
    whole = stages.read

    def read(capture: Any, source: Any) -> Any:
        if source.id == "lark":
            raise RecursionError("deep")
        return whole(capture, source)

    monkeypatch.setattr(stages, "read", read)
    report = watch.check()
    assert report.health["wren"].state is HealthState.OK
    assert "RecursionError" in report.health["lark"].detail
    assert watch.job.cache.load("lark").met == {"unreadable": 1}
    monkeypatch.setattr(stages, "read", whole)
    assert watch.check().exit_code == 0, "the page is read anew, though it was not modified"


def test_a_judge_that_breaks_on_one_page_stops_nothing_else(
    tmp_path: Path, served: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = Watch(tmp_path / "site", served, "lark", "wren")
    whole = stages.judge

    def judge(capture: Any, source: Any) -> Any:
        if source.id == "lark":
            raise RecursionError("deep")
        return whole(capture, source)

    monkeypatch.setattr(stages, "judge", judge)
    report = watch.check()
    assert report.health["wren"].state is HealthState.OK
    assert "RecursionError" in report.health["lark"].detail


def test_another_hint_is_no_change_of_the_page(watch: Watch) -> None:
    watch.check()
    source = watch.root / "content" / "sources" / "lark.toml"
    source.write_text(source.read_text() + '\n[hints]\nproducts = ["lark-2"]\n')
    for _ in range(3):
        assert watch.check().outcomes[0].changes == ()
    snapshot, pending = watch.job.store.load("lark")
    assert snapshot is not None
    assert {rate.product for rate in snapshot.facts.rates} == {"lark-2"}
    assert pending is None


def test_the_cache_may_be_lost_at_any_time(watch: Watch) -> None:
    watch.check()
    shutil.rmtree(watch.root / ".ratewire")
    watch.served.show("/lark", page("9.00"))
    watch.check()
    shutil.rmtree(watch.root / ".ratewire")
    assert len(watch.check().outcomes[0].changes) == 1


def test_a_page_at_rest_is_verified_again_and_its_facts_are_not_looked_at(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch.check()
    stored = watch.tree()
    with monkeypatch.context() as patched:
        patched.setattr(DirectoryStore, "load", _never)
        patched.setattr(DirectoryStore, "lock", _never)
        assert watch.check().exit_code == 0
    assert watch.job.cache.checked("lark") == {"lark": watch.time}
    assert watch.tree() == stored


def test_a_page_that_is_had_again_is_well_again(watch: Watch) -> None:
    watch.check()
    watch.served.show("/lark", WALL)
    assert watch.check().exit_code == 1
    watch.served.show("/lark", page())
    stored = watch.tree()
    assert watch.check().exit_code == 0
    assert watch.job.cache.checked("lark") == {"lark": watch.time}
    assert {name for name in stored if stored[name] != watch.tree()[name]} == {
        "snapshots/lark/health.json"
    }


def test_records_that_others_changed_meanwhile_end_the_rest(watch: Watch) -> None:
    watch.check()
    path = watch.root / "snapshots/lark/facts.json"
    value = json.loads(path.read_text().replace("12.00", "13.00"))
    path.write_text(json.dumps(sealed("facts", "lark", value)))
    watch.check()
    (told,) = watch.check().outcomes[0].changes
    assert told.kind is ChangeKind.RATE_DOWN, "the page still says 12.00"


def test_an_old_cache_beside_other_records_hides_no_change(watch: Watch) -> None:
    """As when records come by git and the cache from an earlier run of another machine."""
    watch.check()
    elsewhere = watch.root.parent / "elsewhere"
    shutil.copytree(watch.root / "snapshots", elsewhere)
    watch.served.show("/lark", page("9.00"))
    watch.check()
    watch.check()
    assert watch.rate() == Decimal("9.00")
    shutil.rmtree(watch.root / "snapshots")
    shutil.copytree(elsewhere, watch.root / "snapshots")
    watch.check()
    assert len(watch.check().outcomes[0].changes) == 1
    assert watch.rate() == Decimal("9.00")


def test_only_what_is_due_is_asked_for(watch: Watch) -> None:
    watch.time += timedelta(hours=1)
    assert [source.id for source in watch.job.due()] == ["lark"]
    watch.job.check(seen=_quiet)
    watch.time += timedelta(minutes=20)
    report = watch.job.check(seen=_quiet)
    assert report.outcomes == ()
    assert report.exit_code == 0
    watch.time += timedelta(minutes=40)
    assert len(watch.job.check(seen=_quiet).outcomes) == 1


@pytest.mark.parametrize("older", [WALL, page("9.00")])
def test_what_an_overtaken_run_fetched_is_dropped(
    older: str, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between its fetch and its record another run fetches the prices and records them."""
    watch.check()
    watch.served.show("/lark", older)
    record, stored = Checker.check, {}

    def overtaken(checker: Checker, source: Source, fetched: Fetched) -> Outcome:
        monkeypatch.setattr(Checker, "check", record)
        watch.served.show("/lark", page(words="Our prices"))
        watch.check(5)
        stored.update(watch.tree())
        return record(checker, source, fetched)

    monkeypatch.setattr(Checker, "check", overtaken)
    (outcome,) = watch.check().outcomes
    assert outcome.pending is None
    assert outcome.health.state is HealthState.OK
    assert watch.tree() == stored
    assert watch.job.cache.load("lark").checked_at == watch.time


def test_a_clock_that_was_put_right_stops_no_check(watch: Watch) -> None:
    """A check that was noted in the future is another run's only if the future has come."""
    watch.time += timedelta(days=3650)
    watch.check()
    watch.time = START
    watch.served.show("/lark", page("9.00"))
    assert [source.id for source in watch.job.due()] == ["lark"]
    (outcome,) = watch.check().outcomes
    assert outcome.pending is not None
    assert watch.job.cache.load("lark").checked_at == watch.time


def test_records_that_cannot_be_written_are_told_with_their_own_code(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ratewire.record import DirectoryStore

    def full(*_: object, **__: object) -> bool:
        raise StoreError("the disk is full")

    monkeypatch.setattr(DirectoryStore, "save", full)
    report = watch.check()
    assert report.exit_code == 3
    assert report.outcomes[0].trouble is not None


def test_damaged_facts_are_read_again_from_the_kept_page(watch: Watch) -> None:
    watch.check()
    facts = watch.root / "snapshots" / "lark" / "facts.json"
    facts.write_text("{ damaged")
    assert watch.rate() == Decimal("12.00")
    assert watch.check().exit_code == 0
    assert watch.job.store.changes() == ()


def test_a_suspect_reading_is_held_and_the_facts_stand(watch: Watch) -> None:
    watch.served.show("/lark", page(**{f"lark-{n}": f"{n}.00" for n in range(3, 12)}))
    watch.check()
    watch.served.show("/lark", page())
    report = watch.check()
    assert report.health["lark"].state is HealthState.HELD
    assert report.exit_code == 1
    assert watch.rate(product="lark-7") == Decimal("7.00")
    assert watch.check().outcomes[0].changes == ()


def test_the_site_is_built_again_from_the_records_alone(watch: Watch) -> None:
    watch.check()
    watch.job.build()
    first = (watch.root / "site" / "index.html").read_bytes()
    watch.served.close()
    shutil.rmtree(watch.root / "site")
    watch.job.build()
    assert (watch.root / "site" / "index.html").read_bytes() == first


def test_a_run_that_dies_after_storing_leaves_no_half_truth(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stored, but not noted in the cache: the old page's "not modified" is then no second sight."""
    watch.check()
    watch.served.show("/lark", page("9.00"))
    with monkeypatch.context() as patch:

        def dies(*_: object) -> None:
            raise StoreError("killed here")

        patch.setattr(Cache, "save", dies)
        watch.check()
    assert watch.job.store.load("lark")[1] is not None
    watch.served.show("/lark", page())
    assert watch.check().outcomes[0].changes == ()
    assert watch.check().outcomes[0].changes == ()
    assert watch.rate() == Decimal("12.00")


def test_two_runs_at_once_tell_a_change_once(watch: Watch) -> None:
    watch.check()
    watch.served.show("/lark", page("9.00"))
    watch.check()
    watch.time += timedelta(hours=1)
    jobs = [watch.job, watch.job]
    with ThreadPoolExecutor() as pool:
        reports = list(pool.map(lambda job: job.check(job.site.sources, seen=_quiet), jobs))
    assert sum(len(report.outcomes[0].changes) for report in reports) == 1
    assert len(watch.job.store.changes()) == 1


def test_an_alternate_speaks_where_the_first_address_shows_a_wall(watch: Watch) -> None:
    source = watch.root / "content" / "sources" / "lark.toml"
    text = source.read_text().replace(
        "every", 'alternates = ["https://lark.example/lark.md"]\nevery'
    )
    source.write_text(text)
    markdown = (
        "# Pricing\n\nPrices per 1M tokens.\n\n| Model | Input | Output |\n|---|---|---|\n"
        "| lark-2 | $3.00 | ${} |\n| lark-1 | $3.00 | $20.00 |\n"
    )
    watch.served.pages["/lark.md"] = (200, "text/markdown", markdown.format("12.00").encode())
    watch.check()
    watch.served.show("/lark", WALL)
    (outcome,) = watch.check().outcomes
    assert outcome.health.state is HealthState.OK
    assert [line.split(": ")[1].split(" ")[0] for line in outcome.attempts] == [
        "blocked",
        "genuine",
    ]
    assert outcome.pending is None, "the same rates in other words"
    watch.served.pages["/lark.md"] = (200, "text/markdown", markdown.format("9.00").encode())
    watch.check()
    watch.served.show("/lark", page("9.00"))
    (outcome,) = watch.check().outcomes
    assert len(outcome.changes) == 1, "two addresses are two independent sights"


def test_a_stale_first_address_does_not_undo_what_an_alternate_said(watch: Watch) -> None:
    """The first address's 304 speaks of an older page than the one that was read last."""
    source = watch.root / "content" / "sources" / "lark.toml"
    text = source.read_text().replace("every", 'alternates = ["https://lark.example/two"]\nevery')
    source.write_text(text)
    watch.served.show("/two", page("9.00"))
    watch.check()
    shown = watch.served.pages["/lark"]
    watch.served.show("/lark", WALL)
    watch.check()
    watch.served.pages["/lark"] = shown
    assert watch.check().outcomes[0].changes == ()
    assert watch.check().outcomes[0].changes == ()
    assert watch.rate() == Decimal("12.00")


# ── A wrong clock ────────────────────────────────────────────────────────────────────────────


def dated(watch: Watch, monkeypatch: pytest.MonkeyPatch, *hosts: datetime) -> Job:
    """A job whose hosts name these times."""

    def note(dates: ServerDates, *_: object) -> None:
        dates.ahead |= {f"{n}.example": at - watch.time for n, at in enumerate(hosts)}

    monkeypatch.setattr(ServerDates, "note", note)
    return replace(watch.job, routed_dates=True)


def test_under_a_wrong_clock_times_are_the_hosts_and_nobody_is_told(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch.time = START + timedelta(days=3650)
    job = dated(watch, monkeypatch, START, START + timedelta(minutes=2))
    report = job.check(job.site.sources, seen=_quiet)
    assert report.exit_code == 1
    assert "3650 days" in report.doubt
    snapshot, _ = job.store.load("lark")
    assert snapshot is not None
    assert snapshot.taken_at == START
    assert job.health()["lark"].since == START
    assert job.cache.load("lark").checked_at == START
    assert job.announce().troubles == (f"clock: {report.doubt}",)
    assert watch.job.announce().troubles, "nor by a command that asks no host itself"


def test_what_hosts_contradict_waits_until_they_have_said_what_time_it_is(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch.time = START - timedelta(days=365)
    job = dated(watch, monkeypatch, START)
    report = job.check(job.site.sources, seen=_quiet)
    assert report.doubt, "one host alone proves nothing"
    assert [outcome.read for outcome in report.outcomes] == [True]
    snapshot, _ = job.store.load("lark")
    assert snapshot is not None
    assert snapshot.taken_at == watch.time


def test_a_change_first_seen_under_a_clock_ten_years_ahead_is_confirmed(watch: Watch) -> None:
    watch.check()
    watch.served.show("/lark", page("9.00"))
    watch.time += timedelta(days=3650)
    watch.check()
    watch.time = START + timedelta(hours=3)
    first = watch.check(0)
    assert first.doubt
    assert not first.outcomes[0].changes
    assert not watch.check().doubt
    (change,) = watch.check().outcomes[0].changes
    assert change.recorded_at == START + timedelta(hours=5)
    assert change.window.first_seen_new <= change.recorded_at


def test_a_clock_that_is_behind_does_not_shorten_the_time_between_two_looks(watch: Watch) -> None:
    watch.check()
    watch.served.show("/lark", page("9.00"))
    now = watch.time
    for number in range(3):
        watch.time = now - timedelta(days=365)
        assert not watch.check(number).outcomes[0].changes
        watch.time = now
        assert not watch.check(number).outcomes[0].changes
    watch.check()
    watch.check()
    assert len(watch.job.store.changes("lark")) == 1
