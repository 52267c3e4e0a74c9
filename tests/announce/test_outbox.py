"""The journal of the outbox is on the disk before a message leaves the process."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ratewire.announce.outbox import Outbox
from ratewire.announce.recipients import Key

NOW = datetime(2026, 7, 1, tzinfo=UTC)


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    return Outbox(tmp_path, Key(b"secret"), NOW)


@pytest.fixture
def synced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What the journal held at each `fdatasync`."""
    found: list[bytes] = []
    sync = os.fdatasync

    def noted(descriptor: int) -> None:
        found.append((tmp_path / "journal.jsonl").read_bytes())
        sync(descriptor)

    monkeypatch.setattr(os, "fdatasync", noted)
    return found


def test_the_first_attempt_is_synced_and_then_once_a_second(
    outbox: Outbox, synced: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: clock)
    message = outbox.message("reader", ["change"])
    outbox.trying(message)
    assert [line.count(b"\n") for line in synced] == [1]
    outbox.accepted(message)
    assert len(synced) == 1
    clock = 101.5
    outbox.trying(outbox.message("reader", ["another"]))
    assert [line.count(b"\n") for line in synced] == [1, 3]
