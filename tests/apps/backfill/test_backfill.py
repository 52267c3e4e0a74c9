"""A page's past: found with its true dates, once, and beside what the log knows already."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ratewire.apps.backfill import backfill, from_folder, from_git
from ratewire.config import CompareSettings
from ratewire.errors import ConfigError
from ratewire.model import Basis, Capture, ChangeState, Rate, Source
from ratewire.record import DirectoryStore

URL = "https://acme.example/pricing"
SOURCE = Source("acme", "Prices", "Acme", URL)
START = datetime(2026, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 7, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def page(spark: str, nova: str = "3", more: str = "") -> bytes:
    rows = "".join(
        f"<tr><td>{name}</td><td>${price}</td><td>${float(price) * 5:.2f}</td></tr>"
        for name, price in (("Spark 2", spark), ("Nova 1", nova), ("Lite 1", "0.50"))
    )
    return (
        "<!doctype html><html lang=en><head><title>Pricing</title></head><body><h1>Pricing</h1>"
        "<p>Prices per 1M tokens, in US dollars. Usage is billed monthly, by the token.</p>"
        f"<table><tr><th>Model</th><th>Input</th><th>Output</th></tr>{rows}</table>{more}"
        "</body></html>"
    ).encode()


def captured(*bodies: bytes, start: datetime = START, step: timedelta = DAY) -> list[Capture]:
    return [
        Capture(URL, body, start + n * step, media_type="text/html")
        for n, body in enumerate(bodies)
    ]


@pytest.fixture
def store(tmp_path: Path) -> DirectoryStore:
    return DirectoryStore(tmp_path / "snapshots")


def told(store: DirectoryStore) -> list[tuple[str, str, str]]:
    """Day, product and input's move of each change."""
    found = []
    for change in store.changes("acme"):
        for a in change.alterations:
            if (
                isinstance(a.before, Rate)
                and isinstance(a.after, Rate)
                and a.after.meter == "input"
            ):
                move = f"{a.before.amount}>{a.after.amount}"
                found.append((f"{change.recorded_at:%m-%d}", a.after.product, move))
    return found


def fill(store: DirectoryStore, captures: Iterable[Capture]):  # type: ignore[no-untyped-def]
    return backfill(store, SOURCE, captures, CompareSettings(), until=NOW)


def test_changes_have_the_dates_at_which_they_were_seen(store: DirectoryStore) -> None:
    series = captured(page("10"), page("10"), page("8"), page("8", "2"), page("7", "2"))
    found = fill(store, reversed(series))
    assert (found.read, found.refused, found.held, found.known) == (5, (), (), 0)
    assert [(day, move) for day, _, move in told(store)] == [
        ("01-03", "10>8"), ("01-04", "3>2"), ("01-05", "8>7"),
    ]  # fmt: skip
    first = store.changes("acme")[0]
    assert first.window.last_seen_old == START + DAY
    assert first.window.first_seen_new == START + 2 * DAY
    assert (first.state, first.basis, first.looks) == (ChangeState.CONFIRMED, Basis.ARCHIVE, 0)
    snapshot, pending = store.load("acme")
    assert snapshot is not None
    assert pending is None
    assert {str(r.amount) for r in snapshot.facts.rates if r.meter == "input"} == {
        "7", "2", "0.50",
    }  # fmt: skip
    for change in store.changes("acme"):
        assert store.page("acme", change.after_capture) is not None


def test_what_was_gone_within_the_half_hour_is_not_told(store: DirectoryStore) -> None:
    slip = captured(page("10"), page("8"), page("10"), step=timedelta(minutes=10))
    fill(store, slip)
    assert told(store) == []


def test_once_more_adds_nothing(store: DirectoryStore) -> None:
    series = captured(page("10"), page("8"), page("7"))
    fill(store, series)
    before = store.changes(), store.load("acme")
    found = fill(store, series)
    assert (found.read, found.known, found.changes) == (0, 3, ())
    assert (store.changes(), store.load("acme")) == before


def test_walls_and_suspect_pages_are_passed_over_and_named(store: DirectoryStore) -> None:
    wall = b"<html><head><title>Just a moment...</title></head><body>Checking your browser</body>"
    broken = page("10").replace(b"$10", b"$10000").replace(b"$3", b"$3000")
    broken = broken.replace(b"$0.50", b"$500").replace(b"$50.00", b"$50000")
    broken = broken.replace(b"$15.00", b"$15000").replace(b"$2.50", b"$2500")
    found = fill(store, captured(page("10"), wall, broken, page("8")))
    assert told(store) == [("01-04", told(store)[0][1], "10>8")]
    assert [at for at, _ in found.refused] == [START + DAY]
    assert [at for at, _ in found.held] == [START + 2 * DAY]


def test_a_new_shape_that_stays_is_taken_and_not_told(store: DirectoryStore) -> None:
    others = page("10").replace(b"Spark 2", b"Comet 9").replace(b"Nova 1", b"Halo 7")
    new = others.replace(b"$10", b"$91").replace(b"$50.00", b"$92").replace(b"$3<", b"$93<")
    new = new.replace(b"$15.00", b"$94").replace(b"Lite 1", b"Dot 5").replace(b"$0.50", b"$95")
    fresh = new.replace(b"$91", b"$90")
    found = fill(store, captured(page("10"), new, new, new, fresh))
    assert len(found.held) == 3
    assert [move for _, _, move in told(store)] == ["91>90"]


def test_a_past_is_put_before_what_is_recorded(store: DirectoryStore) -> None:
    live = captured(page("8"), page("6"), start=START + 10 * DAY)
    fill(store, live)
    before = store.load("acme")
    found = fill(store, [*captured(page("10"), page("9")), *live])
    assert found.known == 2
    assert [(day, move) for day, _, move in told(store)] == [
        ("01-02", "10>9"), ("01-11", "9>8"), ("01-12", "8>6"),
    ]  # fmt: skip
    assert store.load("acme") == before, "what stands is not touched"


def test_what_happened_again_later_keeps_its_id(store: DirectoryStore) -> None:
    fill(store, captured(page("10"), page("8"), start=START + 10 * DAY))
    (later,) = store.changes("acme")
    fill(store, captured(page("10"), page("8"), page("10")))
    ids = [change.id for change in store.changes("acme")]
    assert len(set(ids)) == 3
    assert ids[-1] == later.id


# ── Folder and git ───────────────────────────────────────────────────────────────────────────


def test_a_folder_of_dated_files(tmp_path: Path) -> None:
    for name, spark in (("2026-01-02_a.html", "8"), ("2026-01-01_b.html", "10"),
                        ("2026-01-02_b.html", "7"), ("notes.txt", "1")):  # fmt: skip
        (tmp_path / name).write_bytes(page(spark))
    found = list(from_folder(tmp_path, URL))
    assert [each.body for each in found] == [page("10"), page("8"), page("7")]
    assert found[0].fetched_at == START
    assert found[1].fetched_at < found[2].fetched_at
    assert {each.media_type for each in found} == {"text/html"}
    with pytest.raises(ConfigError, match="begins with a date"):
        list(from_folder(tmp_path / "none", URL))


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    folder.mkdir()

    def git(*arguments: str, day: int = 1) -> None:
        date = f"2026-01-{day:02}T12:00:00+02:00"
        subprocess.run(
            ["git", "-c", "user.name=Docs", "-c", "user.email=docs@acme.example", *arguments],
            cwd=folder, check=True, capture_output=True,
            env={"PATH": "/usr/bin:/bin:/usr/local/bin", "HOME": str(tmp_path),
                 "GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date},
        )  # fmt: skip

    def commit(name: str, body: bytes, day: int) -> None:
        (folder / name).write_bytes(body)
        git("add", name)
        git("commit", "-qm", f"Edit {name}", day=day)

    git("init", "-q")
    commit("old.html", page("10"), 1)
    commit("other.html", page("1"), 2)
    commit("old.html", page("8"), 3)
    git("mv", "old.html", "pricing é.html")
    git("commit", "-qm", "Rename", day=4)
    commit("pricing é.html", page("7"), 5)
    return folder


def test_a_git_history_is_followed_through_renames(repository: Path) -> None:
    found = list(from_git(repository, "pricing é.html", URL))
    assert [each.body for each in found] == [page("10"), page("8"), page("8"), page("7")]
    assert [each.fetched_at.day for each in found] == [1, 3, 4, 5]
    assert found[0].fetched_at == datetime(2026, 1, 1, 10, tzinfo=UTC)


def test_a_git_history_becomes_a_log(repository: Path, store: DirectoryStore) -> None:
    fill(store, from_git(repository, "pricing é.html", URL))
    assert [(day, move) for day, _, move in told(store)] == [("01-03", "10>8"), ("01-05", "8>7")]


def test_what_git_does_not_know_is_named(repository: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no commit here ever changed none\.html"):
        list(from_git(repository, "none.html", URL))
    with pytest.raises(ConfigError, match="not a git repository"):
        list(from_git(tmp_path, "x", URL))
