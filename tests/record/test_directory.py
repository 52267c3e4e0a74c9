"""The default store: what is kept, how little is written, and what becomes of damage."""

from __future__ import annotations

import json
import logging
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from keeping import SERIES, SOURCE, START, check, facts, records

from ratewire.compare import lens
from ratewire.errors import StoreError
from ratewire.model import Capture, Change, Facts, Health, HealthState, Pending, Snapshot
from ratewire.record import DirectoryStore, Remains, Store, codec, files, migrations
from ratewire.record.checksum import sealed

S = SOURCE.id


@pytest.fixture
def store(tmp_path: Path) -> DirectoryStore:
    return DirectoryStore(tmp_path / "snapshots")


@pytest.fixture
def kept(store: DirectoryStore) -> DirectoryStore:
    """After the first true change is told and another waits."""
    for step in range(7):
        check(store, step)
    return store


def state(store: DirectoryStore) -> tuple[Snapshot | None, Pending | None, tuple[Change, ...]]:
    return *store.load(S), store.changes(S)


# ── What is kept ─────────────────────────────────────────────────────────────────────────────


def test_an_empty_store_holds_nothing_and_is_not_made_by_looking(store: DirectoryStore) -> None:
    kept: Store = store
    assert kept.load(S) == (None, None)
    assert kept.changes() == kept.changes(S) == ()
    assert kept.health(S) is None
    assert kept.page(S, "0" * 64) is None
    assert kept.sources() == ()
    assert not store.root.exists()


def test_what_is_saved_is_loaded(kept: DirectoryStore) -> None:
    snapshot, pending, changes = state(DirectoryStore(kept.root))
    assert snapshot is not None
    assert snapshot.facts == facts("8")
    assert pending is not None
    assert pending.facts == facts("7")
    assert [c.kind.value for c in changes] == ["rate_down"]
    assert kept.sources() == (S,)


def test_pages_are_kept_with_all_that_was_known_of_them(store: DirectoryStore) -> None:
    page = Capture(
        "https://example.org/é", b"\x00\xff\n\nbody", START, 206, "text/html", "latin-1",
        {"etag": '"x"'}, "https://example.org/",
    )  # fmt: skip
    assert store.save(S, None, None, (), {page.sha256: page})
    assert store.page(S, page.sha256) == page
    assert not store.save(S, None, None, (), [page])


def test_what_stands_already_is_not_written_again(kept: DirectoryStore) -> None:
    snapshot, pending, changes = state(kept)
    before = {path: path.stat().st_mtime_ns for path in kept.root.rglob("*.json*")}
    assert not kept.save(S, snapshot, pending, changes)
    assert {path: path.stat().st_mtime_ns for path in kept.root.rglob("*.json*")} == before


def test_a_change_is_appended_once(kept: DirectoryStore) -> None:
    snapshot, _, (change,) = state(kept)
    other = replace(change, id="other")
    path = kept.root / S / "changes.jsonl"
    before = path.read_bytes()
    assert kept.save(S, snapshot, None, [change, other, other])
    assert [c.id for c in kept.changes(S)] == [change.id, "other"]
    assert path.read_bytes().startswith(before), "what was written stays as it is"


def test_without_a_snapshot_the_facts_stay(kept: DirectoryStore) -> None:
    snapshot, pending, _ = state(kept)
    assert kept.save(S, None, None)
    assert kept.load(S) == (snapshot, None)
    assert pending is not None


def test_a_digest_is_of_what_is_stored_now_whoever_stored_it(kept: DirectoryStore) -> None:
    other = DirectoryStore(kept.root)
    snapshot, _ = kept.load(S)
    with_pending = kept.digest(S)
    assert kept.digest(S) == other.digest(S) == with_pending
    other.save(S, snapshot, None)
    assert kept.digest(S) == other.digest(S) != with_pending
    data = (kept.root / S / "facts.json").read_bytes()
    before = kept.digest(S)
    (kept.root / S / "facts.json").write_bytes(data + b"\n")
    assert kept.digest(S) != before
    (kept.root / S / "facts.json").write_bytes(data)
    assert kept.digest(S) == before


def test_the_log_of_all_sources_is_in_order_of_time(kept: DirectoryStore) -> None:
    (change,) = kept.changes()
    earlier = replace(change, id="e", source="a", recorded_at=START)
    later = replace(change, id="l", source="a", recorded_at=START.replace(year=2030))
    kept.save("a", None, None, [later, earlier])
    assert [c.id for c in kept.changes()] == ["e", change.id, "l"]
    assert kept.sources() == ("a", S)


def test_of_one_publisher_no_other_changes_are_decoded(
    kept: DirectoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    (change,) = kept.changes()
    ours = replace(change, id="ours", publisher="Acme")
    kept.save("a", None, None, [ours, replace(change, id="theirs", publisher="Brush")])
    decoded: list[object] = []
    decode = codec.decode
    monkeypatch.setattr(
        codec, "decode", lambda value, cls: decoded.append(value["id"]) or decode(value, cls)
    )
    assert kept.changes(publisher="Acme") == (ours,)
    assert decoded == ["ours"]
    assert kept.changes("a", publisher="") == ()


@pytest.mark.parametrize("name", ['"Quoted" \\ Sons', "Brötchen & Söhne", "Acme/Ltd"])
@pytest.mark.parametrize("spelt", ["as written", "in ASCII", "with solidus"])
def test_a_publisher_is_found_however_the_line_spells_it(
    kept: DirectoryStore, name: str, spelt: str
) -> None:
    (change,) = kept.changes()
    kept.save("a", None, None, [replace(change, id="ours", publisher=name)])
    log = kept.root / "a" / "changes.jsonl"
    if spelt == "in ASCII":
        log.write_text(json.dumps(json.loads(log.read_text())) + "\n")
    elif spelt == "with solidus":
        log.write_text(log.read_text().replace("/", "\\/"))
    assert [one.id for one in kept.changes(publisher=name)] == ["ours"]


def test_health_is_written_when_the_state_changes(store: DirectoryStore) -> None:
    def save(state: HealthState, hour: int, detail: str = "") -> bool:
        return store.save_health(S, Health(state, START.replace(hour=hour), detail))

    assert save(HealthState.OK, 1)
    assert not save(HealthState.OK, 2)
    assert save(HealthState.FAILING, 3, "HTTP 503")
    assert not save(HealthState.FAILING, 4, "timeout")
    assert save(HealthState.HELD, 5, "most rates gone")
    assert save(HealthState.HELD, 6, "currency")
    assert store.health(S) == Health(HealthState.HELD, START.replace(hour=6), "currency")
    assert json.loads((store.root / S / "health.json").read_text())["format"] == 2


def test_files_are_the_same_on_every_machine(tmp_path: Path) -> None:
    stores = [DirectoryStore(tmp_path / name) for name in ("one", "two")]
    for store in stores:
        for step in range(len(SERIES)):
            check(store, step)
    assert records(stores[0].root) == records(stores[1].root)


def test_pages_that_are_evidence_stay_and_of_others_a_few(store: DirectoryStore) -> None:
    for step in range(len(SERIES)):
        check(store, step)
    for n in range(30):
        page = Capture("https://example.org", f"wall {n}".encode(), START)
        store.save(S, None, store.load(S)[1], (), [page])
    snapshot, _ = store.load(S)
    assert snapshot is not None
    store.save(S, snapshot, None, (), [Capture("https://example.org", b"last", START)])
    kept = {path.stem for path in (store.root / S / "pages").glob("*")}
    evidence = {sha for c in store.changes() for sha in (c.before_capture, c.after_capture)}
    assert {snapshot.capture, *evidence} <= kept
    assert len(kept - evidence - {snapshot.capture}) <= 8


# ── Damage ───────────────────────────────────────────────────────────────────────────────────


def rebuilding(root: Path) -> DirectoryStore:
    """Reads a kept page as the series made it: its price is its third word."""

    def rebuild(remains: Remains) -> Snapshot | None:
        page = remains.page
        amount = page.text.split()[2].removesuffix("input")
        return Snapshot(
            remains.source, facts(amount), page.sha256, page.url, page.fetched_at, lens(SOURCE, ""),
            unsure=not remains.certain,
        )  # fmt: skip

    return DirectoryStore(root, rebuild=rebuild)


@pytest.mark.parametrize("damage", [b"", b"{", b"<<<<<<< HEAD\n", b"[]", b'{"format": 1}', b"\xff"])
def test_damaged_facts_are_set_aside_and_rebuilt_from_kept_pages(
    kept: DirectoryStore, damage: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    path = kept.root / S / "facts.json"
    path.write_bytes(damage)
    snapshot, pending = rebuilding(kept.root).load(S)
    assert snapshot is not None
    assert snapshot.facts == facts("8")
    assert pending is not None, "and what waits still waits"
    assert (path.parent / "facts.json.damaged-1").read_bytes() == damage
    assert str(path) in caplog.text
    assert kept.load(S)[0] == snapshot, "it is stored again"
    assert not snapshot.unsure, "what is beside it names the page"
    check(kept, 7)
    assert [c.alterations[0].fact for c in kept.changes()][-1] == facts("7").rates[0]


def test_facts_that_cannot_be_rebuilt_are_named(
    kept: DirectoryStore, caplog: pytest.LogCaptureFixture
) -> None:
    (kept.root / S / "facts.json").write_bytes(b"{")
    assert kept.load(S)[0] is None
    assert any(r.levelno == logging.ERROR and "git" in r.message for r in caplog.records)


@pytest.mark.parametrize("name", ["pending.json", "health.json"])
def test_other_damaged_files_are_set_aside(kept: DirectoryStore, name: str) -> None:
    path = kept.root / S / name
    for number in (1, 2):
        path.write_bytes(b"{")
        assert kept.load(S)[1] is None if name == "pending.json" else kept.health(S) is None
        assert (path.parent / f"{name}.damaged-{number}").exists()
        assert not path.exists()


@pytest.mark.parametrize(
    ("spoil", "left"),
    [
        (lambda lines: [*lines, lines[0][:40]], 2),
        (lambda lines: [lines[0][:40] + b"\n", *lines], 2),
        (lambda lines: [b"<<<<<<< ours\n", lines[0], b"=======\n", lines[1], b">>>>>>> x\n"], 2),
        (lambda lines: [lines[0], b"\n", lines[1]], 2),
        (lambda lines: [b'{"format":1}\n', lines[1]], 1),
    ],
)
def test_a_damaged_log_keeps_its_sound_lines(
    kept: DirectoryStore, spoil: object, left: int
) -> None:
    check(kept, 7)
    path = kept.root / S / "changes.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    assert len(lines) == 2
    spoiled = b"".join(spoil(lines))  # type: ignore[operator]
    path.write_bytes(spoiled)
    assert len(kept.changes(S)) == left
    assert (path.parent / "changes.jsonl.damaged-1").read_bytes() == spoiled
    assert len(path.read_bytes().splitlines()) == left
    kept.changes(S)
    assert not (path.parent / "changes.jsonl.damaged-2").exists()


def test_a_damaged_page_is_as_good_as_none(kept: DirectoryStore) -> None:
    snapshot, _ = kept.load(S)
    assert snapshot is not None
    path = kept.root / S / "pages" / f"{snapshot.capture}.zst"
    path.write_bytes(path.read_bytes()[:-5])
    assert kept.page(S, snapshot.capture) is None
    assert not path.exists()


def test_a_page_under_a_wrong_name_is_not_taken_for_it(kept: DirectoryStore) -> None:
    snapshot, pending = kept.load(S)
    assert snapshot is not None
    assert pending is not None
    folder = kept.root / S / "pages"
    (folder / f"{pending.capture}.zst").rename(folder / f"{snapshot.capture}.zst")
    assert kept.page(S, snapshot.capture) is None


# ── Formats ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["facts.json", "pending.json", "changes.jsonl"])
def test_what_a_newer_ratewire_wrote_is_left_alone(kept: DirectoryStore, name: str) -> None:
    path = kept.root / S / name
    kind, (line,) = path.stem, [path.read_text()]
    body = sealed(kind, S, {**json.loads(line), "format": 3})
    path.write_text(json.dumps(body) + "\n")
    before = records(kept.root)
    with pytest.raises(StoreError, match="upgrade"):
        state(kept)
    assert records(kept.root) == before


def test_an_older_format_is_brought_up_step_by_step() -> None:
    formats = {"facts": 3}
    steps: dict[tuple[str, int], migrations.Step] = {
        ("facts", 1): lambda value: {**value, "one": value["zero"]},
        ("facts", 2): lambda value: {**value, "two": value["one"] + 1},
    }
    found = migrations.migrate("facts", {"format": 1, "zero": 5}, formats=formats, steps=steps)
    assert found["two"] == 6
    found = migrations.migrate("facts", {"format": 2, "one": 1}, formats=formats, steps=steps)
    assert found["two"] == 2
    with pytest.raises(StoreError, match="format"):
        migrations.migrate("facts", {"format": True}, formats=formats, steps=steps)


def test_every_step_up_to_today_s_formats_is_there() -> None:
    for kind, number in migrations.FORMATS.items():
        assert all((kind, n) in migrations.STEPS for n in range(1, number))


# ── A save on its way ────────────────────────────────────────────────────────────────────────


def stopped_before_its_journal_was_carried_through(
    store: DirectoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Leave a store as a process does that was killed right after the journal was written."""
    snapshot, _, (change,) = state(store)
    assert snapshot is not None

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    moved, fresh = replace(snapshot, facts=facts("7")), replace(change, id="n")
    with monkeypatch.context() as stopping:
        stopping.setattr(files, "append_at", stop)
        with pytest.raises(KeyboardInterrupt):
            store.save(S, moved, None, [fresh])
    assert (store.root / S / "journal.json").exists()


def test_readers_see_a_save_that_is_on_its_way_as_done(
    kept: DirectoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped_before_its_journal_was_carried_through(kept, monkeypatch)
    snapshot, pending, changes = state(kept)
    assert snapshot is not None
    assert snapshot.facts == facts("7")
    assert pending is None
    assert [c.id for c in changes][-1:] == ["n"]


@pytest.mark.parametrize("calls", range(1, 30))
def test_facts_and_pending_are_saved_as_one(
    kept: DirectoryStore, monkeypatch: pytest.MonkeyPatch, calls: int
) -> None:
    """Also without a change for the log: stopped at any call, both are old or both are new."""
    snapshot, pending, _ = state(kept)
    assert snapshot is not None
    assert pending is not None
    moved, later = replace(snapshot, facts=facts("7")), replace(pending, facts=facts("9"))
    left = calls

    def stopping(call: Callable[..., object]) -> Callable[..., object]:
        def at(*args: object, **more: object) -> object:
            nonlocal left
            left -= 1
            if not left:
                raise KeyboardInterrupt
            return call(*args, **more)

        return at

    with monkeypatch.context() as stop, suppress(KeyboardInterrupt):
        for name in ("write", "fsync", "replace", "unlink"):
            stop.setattr(os, name, stopping(getattr(os, name)))
        kept.save(S, moved, later)
    now, waiting, _ = state(DirectoryStore(kept.root))
    assert now is not None
    assert waiting is not None
    assert (now.facts, waiting.facts) in (
        (snapshot.facts, pending.facts),
        (moved.facts, later.facts),
    )


def test_the_next_save_carries_it_through(
    kept: DirectoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped_before_its_journal_was_carried_through(kept, monkeypatch)
    seen = state(kept)
    kept.save(S, seen[0], seen[1])
    assert not (kept.root / S / "journal.json").exists()
    assert state(kept) == seen
    assert json.loads((kept.root / S / "facts.json").read_text())["facts"]


def test_a_damaged_journal_is_set_aside(kept: DirectoryStore) -> None:
    before = state(kept)
    (kept.root / S / "journal.json").write_bytes(b"{")
    assert state(kept) == before
    assert (kept.root / S / "journal.json.damaged-1").exists()


# ── Locks ────────────────────────────────────────────────────────────────────────────────────


def test_a_lock_keeps_others_out_and_may_be_taken_twice(store: DirectoryStore) -> None:
    other = DirectoryStore(store.root)
    with (
        store.lock(S), store.lock(S), other.lock("another"),
        pytest.raises(StoreError, match="another run"), other.lock(S, timeout=0),
    ):  # fmt: skip
        pass
    with other.lock(S, timeout=0):
        pass


def test_threads_of_one_process_wait_for_each_other(store: DirectoryStore) -> None:
    inside, most, done = 0, 0, 0
    guard = threading.Lock()

    def work() -> None:
        nonlocal inside, most, done
        for _ in range(20):
            with store.lock(S):
                with guard:
                    inside += 1
                    most = max(most, inside)
                with guard:
                    inside, done = inside - 1, done + 1

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (most, done) == (1, 80)


def test_git_passes_over_the_locks(store: DirectoryStore) -> None:
    with store.lock(S):
        assert (store.root / ".locks" / ".gitignore").read_text() == "*\n"
    assert store.sources() == ()


def test_facts_of_nothing_are_facts(store: DirectoryStore) -> None:
    empty = Snapshot(S, Facts(), "0" * 64, SOURCE.url, START, "1")
    store.save(S, empty, None)
    assert store.load(S) == (empty, None)
