"""Killed, without space, read-only, several at once: the same records, nothing lost or doubled."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import keeping
import pytest
from keeping import SERIES, SOURCE, check, facts, records

from ratewire.errors import StoreError
from ratewire.model import Change
from ratewire.record import DirectoryStore

PROGRAM = Path(keeping.__file__)
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(PROGRAM.parents[2] / "scraper")}


@dataclass(frozen=True)
class Done:
    returncode: int
    stdout: str
    stderr: str

    @property
    def last(self) -> int:
        """The step that it was at; of one that came to its end, the number of calls."""
        return int(self.stdout.split()[-1])


def program(root: Path, *more: str) -> Done:
    """In an interpreter of its own."""
    done = subprocess.run(
        [sys.executable, str(PROGRAM), str(root), *more],
        capture_output=True, text=True, check=False,
        env=ENVIRONMENT,
    )  # fmt: skip
    return Done(done.returncode, done.stdout, done.stderr)


def forked(root: Path, *more: str) -> Done:
    """The same in a copy of this process, which takes no time to start."""
    out, err = (root.with_suffix(suffix) for suffix in (".out", ".err"))
    child = os.fork()
    if child == 0:
        with out.open("w") as sys.stdout, err.open("w") as sys.stderr:
            code = keeping.main([str(root), *more])
        os._exit(code)
    status = os.waitpid(child, 0)[1]
    return Done(os.waitstatus_to_exitcode(status), out.read_text(), err.read_text())


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    root = tmp_path_factory.mktemp("undisturbed")
    goes_on(root, 0)
    snapshot, pending = DirectoryStore(root).load(SOURCE.id)
    assert snapshot is not None
    assert snapshot.facts == facts("10")
    assert pending is not None, "the slip is remembered"
    assert pending.waiting == ()
    assert len(DirectoryStore(root).changes()) == 3
    return records(root)


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> int:
    """How many calls of the whole series change the disk."""
    done = forked(tmp_path_factory.mktemp("counted"))
    assert done.returncode == 0, done.stderr
    return done.last


def goes_on(root: Path, start: int) -> tuple[Change, ...]:
    """The checks from a step on, as a job that is run again does."""
    store = DirectoryStore(root)
    for step in range(start, len(SERIES)):
        check(store, step)
    return store.changes()


# ── Killed ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.slow
@pytest.mark.parametrize("how", ["kill", "half"])
def test_killed_at_any_call_and_run_again_it_ends_with_the_same_records(
    how: str, calls: int, undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    def stopped(at: int) -> str:
        root = tmp_path / str(at)
        done = forked(root, "--stop-at", str(at), "--how", how)
        assert done.returncode == -9, done.stderr
        told = DirectoryStore(root).changes()
        if goes_on(root, done.last)[: len(told)] != told:
            return f"stopped at {at}: the log was {told}"
        left = records(root)
        if left != undisturbed:
            return f"stopped at {at}: {sorted(left)}"
        return ""

    wrong = list(filter(None, map(stopped, range(1, calls + 1))))
    assert not wrong


@pytest.mark.slow
def test_killed_at_any_call_and_overtaken_by_the_page_it_tells_what_was_sure(
    calls: int, tmp_path: Path
) -> None:
    """The repeated run meets a page that moved on: what had been told stands in the facts."""

    def stopped(at: int) -> str:
        root = tmp_path / str(at)
        step = forked(root, "--stop-at", str(at)).last
        told = DirectoryStore(root).changes()
        after = goes_on(root, min(step + 1, len(SERIES) - 2))
        snapshot, _ = DirectoryStore(root).load(SOURCE.id)
        assert snapshot is not None
        chain = [c.alterations[0] for c in after]
        linked = all(a.after == b.before for a, b in pairwise(chain))
        whole = chain[-1].after in snapshot.facts.rates if chain else True
        ids = [change.id for change in after]
        fine = linked and whole and after[: len(told)] == told and len(set(ids)) == len(ids)
        return "" if fine else f"stopped at {at}: {chain}"

    wrong = list(filter(None, map(stopped, range(1, calls + 1))))
    assert not wrong


def test_killed_while_it_writes_the_log(undisturbed: dict[str, bytes], tmp_path: Path) -> None:
    """The same for a few calls, among them the half-written line of a change."""
    for at in (1, 60, 75, 76, 77, 90):
        root = tmp_path / str(at)
        done = forked(root, "--stop-at", str(at), "--how", "half")
        assert done.returncode == -9, done.stderr
        goes_on(root, done.last)
        assert records(root) == undisturbed


# ── No space ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.slow
def test_a_full_disk_at_any_call_leaves_what_stood_and_says_so(
    calls: int, undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    def filled(at: int) -> str:
        root = tmp_path / str(at)
        done = forked(root, "--stop-at", str(at), "--how", "full")
        if done.returncode == 0:
            return "" if records(root) == undisturbed else f"full at {at}: unnoticed"
        if done.returncode != 3 or "cannot be written" not in done.stderr:
            return f"full at {at}: {done.returncode} {done.stderr}"
        DirectoryStore(root).load(SOURCE.id)
        goes_on(root, done.last)
        return "" if records(root) == undisturbed else f"full at {at}: {sorted(records(root))}"

    wrong = list(filter(None, map(filled, range(1, calls + 1))))
    assert not wrong


# ── Read-only ────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def read_only(tmp_path: Path) -> Path:
    """A store on which nothing can be written any more, not even by root."""
    root = tmp_path / "store"
    goes_on(root, 3)
    for path in (root, *root.rglob("*")):
        path.chmod(path.stat().st_mode & ~0o222)
    return root


def _only_to_read(call: Callable[..., int]) -> Callable[..., int]:
    def opened(path: str, flags: int, *more: Any, **named: Any) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        return call(path, flags, *more, **named)

    return opened


def test_a_read_only_store_is_read_and_named_when_written(
    read_only: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if os.geteuid() == 0:
        monkeypatch.setattr(os, "open", _only_to_read(os.open))
    store, before = DirectoryStore(read_only), records(read_only)
    snapshot, pending = store.load(SOURCE.id)
    assert snapshot is not None
    assert store.changes()
    with pytest.raises(StoreError, match="permissions"):
        store.save(SOURCE.id, snapshot, None, [], [keeping.capture("99", snapshot.taken_at)])
    assert records(read_only) == before
    assert DirectoryStore(read_only).load(SOURCE.id) == (snapshot, pending)
    for path in (read_only, *read_only.rglob("*")):
        path.chmod(path.stat().st_mode | 0o200)


# ── At once ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.slow
@pytest.mark.parametrize("runs", [2, 8])
def test_runs_at_once_tell_each_change_once(
    runs: int, undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    with ThreadPoolExecutor(runs) as pool:
        done = list(pool.map(lambda _: program(tmp_path), range(runs)))
    assert [each.returncode for each in done] == [0] * runs, [each.stderr for each in done]
    assert records(tmp_path) == undisturbed


@pytest.mark.slow
def test_a_lock_dies_with_its_owner(undisturbed: dict[str, bytes], tmp_path: Path) -> None:
    hold = (
        "import sys, time; from pathlib import Path; from ratewire.record import DirectoryStore\n"
        f"with DirectoryStore(Path({str(tmp_path)!r})).lock({SOURCE.id!r}):\n"
        "    print('held', flush=True); time.sleep(600)"
    )
    owner = subprocess.Popen([sys.executable, "-c", hold], stdout=subprocess.PIPE, env=ENVIRONMENT)
    assert owner.stdout is not None
    assert owner.stdout.readline() == b"held\n"
    with ThreadPoolExecutor(2) as pool:
        waiting = [pool.submit(program, tmp_path) for _ in range(2)]
        with pytest.raises(StoreError, match="another run"):
            DirectoryStore(tmp_path).lock(SOURCE.id, timeout=0.2).__enter__()
        assert not any(run.done() for run in waiting)
        owner.kill()
        owner.communicate()
        assert [run.result().returncode for run in waiting] == [0, 0]
    assert records(tmp_path) == undisturbed
