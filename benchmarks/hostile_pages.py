"""Pages that repeat something, at twice and four times their length: does reading keep pace?

Judged, read and compared in a process of its own, which is ended where a page takes too long.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import resource
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing.connection import Connection

from hostile_outcome import Outcome
from hostile_shapes import Shape, shapes

from scraper.compare import compare_readings
from scraper.errors import ReadError
from scraper.judge import judge
from scraper.model import Capture, Facts, Reading, Source, SourceKind
from scraper.read import read

NOW = datetime(2026, 3, 2, tzinfo=UTC)
SHORTEST, LONGEST = 4_000, 64_000
"""Characters repeated in the first page that is read, and in the last where doubts remain."""
MOST = 2.6
"""Times as long as half a page that a page may take."""
DOUBTFUL = 2.2
WEIGHS = 0.08
"""Seconds of processor time; less is jitter."""
HANGS = 60
"""Seconds of processor time in which all pages of one shape are surely read."""
MEMORY = 3 << 30
QUICK = 70
"""In a quick run one shape in so many."""


@dataclass(slots=True)
class Timed:
    """How long a shape's pages took, by their length."""

    shape: Shape
    seconds: dict[int, float] = field(default_factory=dict)
    _readings: dict[int, Reading] = field(default_factory=dict)
    _source: Source = field(init=False)

    def __post_init__(self) -> None:
        kind = SourceKind(self.shape.kind)
        self._source = Source("kite", "Kite", "kite", "https://kite.example/pricing", kind)

    def growth(self) -> float:
        """Times as long as half a page that the longest page took; 1: not worth the question."""
        length = SHORTEST
        for _ in range(3):
            self.take(length)
            length *= 2
        length //= 2
        while self._ratio(length) > DOUBTFUL:
            self.take(length, again=2)
            self.take(length // 2, again=2)
            if self._ratio(length) <= DOUBTFUL or length >= LONGEST:
                break
            if self._ratio(length) > MOST and self.seconds[length] > 2:
                break
            length *= 2
            self.take(length)
        if self._ratio(length) > MOST:  # a machine that others keep busy is not the page's doing
            for one in (length // 2, length):
                self.take(one, again=3)
        return self._ratio(length)

    def _ratio(self, length: int) -> float:
        took = self.seconds[length]
        return 1 if took < WEIGHS else took / max(self.seconds[length // 2], 1e-9)

    def take(self, length: int, *, again: int = 0) -> None:
        for _ in range(again or 1):
            body = self.shape.page(length).encode("utf-8", "replace")
            capture = Capture(
                self._source.url, body, NOW, media_type=self.shape.media_type, charset="utf-8"
            )
            gc.collect()
            begun = time.process_time()
            with contextlib.suppress(ReadError):
                judge(capture, self._source)
            reading = Reading(Facts())
            with contextlib.suppress(ReadError):
                reading = read(capture, self._source)
            half = self._readings.get(length // 2, reading)
            compare_readings(half, reading, on=NOW.date(), source=self._source)
            took = time.process_time() - begun
            self._readings[length] = reading
            self.seconds[length] = min(self.seconds.get(length, took), took)


# ── In a process of its own ──────────────────────────────────────────────────────────────────


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
        self._ours, theirs = context.Pipe()
        self._process = context.Process(
            target=_serve, args=(self._ours, theirs, self._wanted), daemon=True
        )
        self._process.start()
        theirs.close()

    def growth(self, at: int) -> tuple[float, dict[int, float], str] | None:
        """None: it did not end in time."""
        self._ours.send(at)
        try:
            if self._ours.poll(HANGS * 10):
                found: tuple[float, dict[int, float], str] = self._ours.recv()
                return found
        except (EOFError, OSError):
            pass
        self.close()
        self._start()
        return None

    def close(self) -> None:
        self._process.kill()
        self._process.join()


def timed(wanted: Sequence[Shape]) -> Iterator[tuple[Shape, float | None, str]]:
    """Each shape, how it grows (None: it hangs), and what a person wants to know of it."""
    reader = _Reader(wanted)
    for at, shape in enumerate(wanted):
        found = reader.growth(at)
        if found is None:
            yield shape, None, ""
            continue
        ratio, seconds, error = found
        took = ", ".join(f"{length // 1000} KB {took:.2f} s" for length, took in seconds.items())
        yield shape, ratio, f"{took}{f', {error}' if error else ''}"
    reader.close()


def measure(quick: bool) -> Outcome:
    wanted = list(shapes())[:: QUICK if quick else 1]
    slow = hung = tracebacks = 0
    said = []
    for shape, ratio, told in timed(wanted):
        if ratio is None:
            hung += 1
            said.append(f"HUNG {shape.name}")
        elif ratio > MOST:
            slow += 1
            said.append(f"SLOW {ratio:.1f} {shape.name}: {told}")
        elif "Error" in told:
            tracebacks += 1
            said.append(f"ERROR {shape.name}: {told}")
    return Outcome(
        shapes=len(wanted), cases=len(wanted), slow=slow, hung=hung, tracebacks=tracebacks,
        said=tuple(said),
    )  # fmt: skip
