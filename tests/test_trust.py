"""Two hundred seeds of faults over a history of our own: told is what is told without faults."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest

from ratewire.compare import accept, alteration_key, compare
from ratewire.config import CompareSettings
from ratewire.fetch.saved import date_of
from ratewire.judge import judge
from ratewire.model import Capture, Change, Pending, Reading, Snapshot, Source
from ratewire.read import read

ROOT = Path(__file__).parents[1]
CAPTURES = ROOT / "demo" / "captures" / "northlight-pricing"
SOURCE = Source("northlight", "Prices", "Northlight", "https://northlight.example/pricing")


@pytest.fixture
def trust(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    import trust

    return trust


class Watched:
    """Judge, read and compare, the records in memory; each page is read once."""

    readings: dict[str, Reading] = {}  # noqa: RUF012

    def __init__(self) -> None:
        self.snapshot: Snapshot | None = None
        self.pending: Pending | None = None
        self.log: list[Change] = []

    def check(self, body: bytes, status: int, kind: str, at: datetime) -> None:
        capture = Capture(SOURCE.url, body, at, status, kind)
        if not judge(capture, SOURCE).genuine:
            return
        if capture.sha256 not in self.readings:
            self.readings[capture.sha256] = read(capture, SOURCE)
        found = compare(
            self.snapshot, self.pending, self.readings[capture.sha256], capture, SOURCE,
            CompareSettings(), at, history=self.log,
        )  # fmt: skip
        self.snapshot, self.pending = found.snapshot, found.pending
        self.log += found.changes

    def accept_held(self, at: datetime) -> None:
        if self.pending is not None and self.pending.held is not None:
            found = accept(self.snapshot, self.pending, SOURCE, at, history=self.log)
            self.snapshot, self.pending = found.snapshot, found.pending
            self.log += found.changes

    def told(self) -> Counter[str]:
        return Counter(alteration_key(a) for change in self.log for a in change.alterations)


def watched(trust: ModuleType, seed: int | None) -> Watched:
    luck = random.Random(seed)
    files = [file for file in sorted(CAPTURES.glob("*.html")) if "wall" not in file.name]
    dates = tuple(date_of(file) or datetime(2026, 1, 1, tzinfo=UTC) for file in files)
    bodies = tuple(file.read_bytes() for file in files)
    series = trust.Series("northlight", SOURCE, "text/html", bodies, dates)
    page, at = Watched(), dates[0]
    for step, date in enumerate(dates):
        with_fault = step and seed is not None and luck.random() < trust.SHARE
        fault = luck.choice(trust.FAULTS) if with_fault else ""
        at = max(at, date)
        for shown in trust.checks(series, step, fault, luck):
            page.check(shown.body, shown.status, shown.kind, at)
            at += trust.HOUR
        page.accept_held(at)
    return page


@pytest.mark.slow
def test_with_faults_the_same_is_told_as_without(trust: ModuleType) -> None:
    clean = watched(trust, None)
    assert sum(clean.told().values()) > 5
    for seed in range(200):
        faulty = watched(trust, seed)
        ids = [change.id for change in faulty.log]
        assert len(set(ids)) == len(ids), f"seed {seed}: told twice"
        assert faulty.told() == clean.told(), f"seed {seed}"
        assert faulty.snapshot is not None
        assert clean.snapshot is not None
        assert faulty.snapshot.facts == clean.snapshot.facts, f"seed {seed}"
