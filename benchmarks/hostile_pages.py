"""Pages that repeat something, at twice and four times their length: does reading keep pace?

Judged, read and compared in processes of their own, which are ended where a page takes too long.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import resource
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection, wait
from random import Random

from hostile_numbered import shapes
from hostile_outcome import Outcome, Run, alone
from hostile_shapes import Shape

from ratewire.compare import compare
from ratewire.config import CompareSettings
from ratewire.errors import ReadError
from ratewire.judge import judge
from ratewire.model import Capture, Facts, Reading, Snapshot, Source, SourceKind
from ratewire.read import read

NOW = datetime(2026, 3, 2, tzinfo=UTC)
SHORTEST, LONGEST = 2_000, 128_000
"""Characters repeated in the first page that is read, and in the last."""
STEP = 4
"""Times as long is the next page, until reading takes long enough to be timed."""
MOST = 2.6
"""Times as long as half a page that a page may take."""
DOUBTFUL = 2.2
AGAIN = 4
"""Times that a shape is timed again before it is called slow."""
WEIGHS = 0.1
"""Seconds of processor time; less is jitter."""
HANGS = 60
"""Seconds of processor time in which all pages of one shape are surely read."""
PATIENCE = 10
"""Times as long on the clock, as others may use the processor too."""
MEMORY = 3 << 30
EACH, QUICK = 5, 70
"""One shape in so many is read, and in a quick run: pieces of every sort in every place."""
AT_ONCE = CompareSettings(confirmations=1, min_interval="0m", settle_after="0m", settle_captures=1)


@dataclass(slots=True)
class Timed:
    """How long a shape's pages took, by their length."""

    shape: Shape
    seconds: dict[int, float] = field(default_factory=dict)
    _stood: dict[int, Snapshot | None] = field(default_factory=dict)
    _source: Source = field(init=False)

    def __post_init__(self) -> None:
        kind = SourceKind(self.shape.kind)
        self._source = Source("kite", "Kite", "kite", "https://kite.example/pricing", kind)

    def growth(self) -> float:
        """Times as long as half a page that a page took, at most; 1: not worth the question."""
        length = SHORTEST
        while self.take(length) < WEIGHS and length < LONGEST:
            length *= STEP
        if self.seconds[length] < WEIGHS:
            return 1
        self.take(length // 2)
        while self._ratio(length) > DOUBTFUL:
            self.take(length, again=2)
            self.take(length // 2, again=2)
            if self._ratio(length) <= DOUBTFUL or length >= LONGEST or self.seconds[length] > 2:
                break
            length *= 2
            self.take(length)
        for _ in range(AGAIN):  # a machine that others keep busy is not the page's doing
            if self._ratio(length) <= MOST:
                break
            for one in (length // 2, length):
                self.take(one, again=2)
        return self._ratio(length)

    def _ratio(self, length: int) -> float:
        return self.seconds[length] / max(self.seconds[length // 2], 1e-9)

    def take(self, length: int, *, again: int = 1) -> float:
        """The least that the page took so far."""
        for _ in range(again):
            gc.collect()
            took = self._take(length)
            self.seconds[length] = min(self.seconds.get(length, took), took)
        return self.seconds[length]

    def _take(self, length: int) -> float:
        capture = self._capture(self.shape.page(length), NOW)
        snapshot = self._earlier(length)
        begun = time.process_time()
        with contextlib.suppress(ReadError):
            judge(capture, self._source)
        reading = self._read(capture)
        compare(snapshot, None, reading, capture, self._source, AT_ONCE, NOW)
        return time.process_time() - begun

    def _earlier(self, length: int) -> Snapshot | None:
        """What stands when that page is read."""
        if length not in self._stood:
            at = NOW - timedelta(days=1)
            page = self._capture(self.shape.before(length), at)
            reading = self._read(page)
            first = compare(None, None, reading, page, self._source, AT_ONCE, at)
            self._stood[length] = first.snapshot
        return self._stood[length]

    def _capture(self, text: str, at: datetime) -> Capture:
        body = text.encode("utf-8", "replace")
        return Capture(
            self._source.url, body, at, media_type=self.shape.media_type, charset="utf-8"
        )

    def _read(self, capture: Capture) -> Reading:
        try:
            return read(capture, self._source)
        except ReadError:
            return Reading(Facts())


# ── In processes of their own ────────────────────────────────────────────────────────────────

Found = tuple[float | None, dict[int, float], str]
"""How a shape grows (None: it hangs), what its pages took, and an error."""
HUNG: Found = (None, {}, "")


def _serve(ours: Connection, asked: Connection, wanted: Sequence[Shape]) -> None:
    ours.close()  # so that this process ends with the other
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    Timed(wanted[0]).take(SHORTEST)  # what is made at its first use
    while True:
        at = asked.recv()
        used = int(time.process_time())
        resource.setrlimit(resource.RLIMIT_CPU, (used + HANGS, resource.RLIM_INFINITY))
        timed = Timed(wanted[at])
        try:
            asked.send((timed.growth(), timed.seconds, ""))
        except Exception as error:
            asked.send((1.0, timed.seconds, f"{type(error).__name__}: {str(error)[:80]}"))


class _Reader:
    """One process that reads shape after shape; another one takes its place where it hangs."""

    def __init__(self, wanted: Sequence[Shape]) -> None:
        self._wanted = wanted
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("fork")
        self.ours, theirs = context.Pipe()
        self._process = context.Process(
            target=_serve, args=(self.ours, theirs, self._wanted), daemon=True
        )
        self._process.start()
        theirs.close()

    def begin(self, at: int) -> None:
        self.at, self._until = at, time.monotonic() + HANGS * PATIENCE
        self.ours.send(at)

    def late(self) -> bool:
        return time.monotonic() > self._until

    def found(self) -> Found:
        """What was found, or that it hangs where nothing was in time."""
        try:
            if self.ours.poll():
                found: Found = self.ours.recv()
                return found
        except (EOFError, OSError):
            pass
        self.close()
        self._start()
        return HUNG

    def close(self) -> None:
        self._process.kill()
        self._process.join()


def timed(wanted: Sequence[Shape], jobs: int = 1) -> Iterator[tuple[Shape, float | None, str]]:
    """Each shape as soon as it is timed, how it grows (None: it hangs), and what a person wants to
    know of it.
    """
    left = iter(range(len(wanted)))
    busy = [_Reader(wanted) for _ in range(min(jobs, len(wanted)))]
    for reader in busy:
        reader.begin(next(left))
    while busy:
        answered = wait([reader.ours for reader in busy], timeout=1)
        for reader in [one for one in busy if one.ours in answered or one.late()]:
            ratio, seconds, error = reader.found()
            shape = wanted[reader.at]
            if (at := next(left, None)) is None:
                reader.close()
                busy.remove(reader)
            else:
                reader.begin(at)
            took = ", ".join(f"{size // 1000} KB {spent:.2f} s" for size, spent in seconds.items())
            yield shape, ratio, f"{took}{f', {error}' if error else ''}"


def _outcome(shape: Shape, ratio: float | None, told: str) -> Outcome:
    if ratio is None:
        return Outcome(shapes=1, cases=1, hung=1, said=(f"HUNG {shape.name}",))
    if ratio > MOST:
        return Outcome(shapes=1, cases=1, slow=1, said=(f"SLOW {ratio:.1f} {shape.name}: {told}",))
    if "Error" in told:
        return Outcome(shapes=1, cases=1, tracebacks=1, said=(f"ERROR {shape.name}: {told}",))
    return Outcome(shapes=1, cases=1)


def measure(run: Run) -> Outcome:
    every = list(shapes())[:: QUICK if run.quick else 1 if run.all else EACH]
    found = sum((run.known(shape.name) or Outcome() for shape in every), Outcome())
    wanted = [shape for shape in every if run.known(shape.name) is None]
    Random(18).shuffle(wanted)  # an interrupted run has seen something of everything
    run.expect(len(every))
    for shape, ratio, told in timed(wanted, run.jobs):
        outcome = _outcome(shape, ratio, told)
        run.note(shape.name, outcome)
        found += outcome
    return found


if __name__ == "__main__":
    alone("pages", measure, __doc__)
