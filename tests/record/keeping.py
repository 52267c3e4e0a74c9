"""A little watching to keep records of, and the same as a program that can be stopped anywhere.

As a program: `python keeping.py ROOT [--start STEP] [--stop-at N [--how kill|half|full]]` checks
the series below, prints the number of each step as it starts and, in the end, how many calls
changed the disk. At call N it is killed (half: in the middle of a write), or the disk is full.
"""

from __future__ import annotations

import argparse
import errno
import os
import signal
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from ratewire.compare import compare
from ratewire.config import CompareSettings
from ratewire.errors import StoreError
from ratewire.model import Capture, Change, Facts, Rate, Reading, Source, Unit
from ratewire.record import DirectoryStore

SOURCE = Source("prices", "Prices", "Example", "https://example.org/pricing")
START = datetime(2026, 7, 1, tzinfo=UTC)
SERIES = ("10", "10", "8", "8", "9", "8", "7", "7", "10", "10")
"""Inputs' prices at each check: two true changes up to the seventh, a slip, and two more."""


def facts(amount: str) -> Facts:
    token = Unit.parse("1M tokens")
    return Facts(
        rates=(
            Rate("x", "input", Decimal(amount), "USD", token),
            Rate("x", "output", Decimal(amount) * 5, "USD", token),
            Rate("y", "input", Decimal(1), "USD", token),
        )
    )


def capture(amount: str, at: datetime) -> Capture:
    return Capture(SOURCE.url, f"input costs {amount}".encode() * 50, at)


def check(store: DirectoryStore, step: int) -> tuple[Change, ...]:
    """The check number `step` of the series: the same however often it is repeated."""
    at = START + step * timedelta(hours=1)
    page = capture(SERIES[step], at)
    with store.lock(SOURCE.id):
        snapshot, pending = store.load(SOURCE.id)
        found = compare(
            snapshot, pending, Reading(facts(SERIES[step])), page, SOURCE, CompareSettings(), at,
            history=store.changes(None),
        )  # fmt: skip
        store.save(SOURCE.id, found.snapshot, found.pending, found.changes, [page])
    return found.changes


def records(root: Path) -> dict[str, bytes]:
    """All that stands in a store, by path; locks are none of it."""
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and ".locks" not in path.parts
    }


class Stop:
    """Counts the calls that change the disk, and stops the process at one of them."""

    CALLS = ("write", "fsync", "replace", "unlink", "ftruncate")

    def __init__(self, at: int, how: str) -> None:
        self.count, self.at, self.how = 0, at, how
        for name in self.CALLS:
            setattr(os, name, self._counted(name, getattr(os, name)))

    def _counted(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **more: Any) -> Any:
            self.count += 1
            if self.how == "full" and self.count >= self.at > 0 and name in {"write", "ftruncate"}:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            if self.count == self.at and self.how != "full":
                if self.how == "half" and name == "write":
                    call(args[0], bytes(args[1])[: len(args[1]) // 2])
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*args, **more)

        return counted


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("root", type=Path)
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--stop-at", type=int, default=0)
    parser.add_argument("--how", choices=["kill", "half", "full"], default="kill")
    asked = parser.parse_args(arguments)
    stop = Stop(asked.stop_at, asked.how)
    store = DirectoryStore(asked.root)
    try:
        for step in range(asked.start, len(SERIES)):
            print(step, flush=True)
            check(store, step)
    except StoreError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    print(stop.count)
    return 0


if __name__ == "__main__":
    sys.exit(main())
