"""What the parts of hostile.py count."""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

__all__ = ["Case", "Measure", "Outcome", "Run", "Told", "alone", "command_line", "told_against"]

Told = tuple[str, str, str]
"""Product, price before, price after."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Counts of one part, which add up; a part leaves those that it does not look at."""

    shapes: int = 0
    """Generated shapes of pages that were read."""
    slow: int = 0
    """Shapes whose reading grows faster than in proportion to the page."""
    hung: int = 0
    """Reads, requests or runs that did not end in time."""
    builds_broken: int = 0
    """Builds that left out pages they should have, or ended."""
    tracebacks: int = 0
    """Errors that were told as a defect of the program."""
    false: int = 0
    """Changes announced that did not happen."""
    lost: int = 0
    """Changes, readers or sources that were lost or never told of."""
    said: tuple[str, ...] = ()
    """A line for each thing that went wrong: what a person looks at."""
    cases: int = 0
    """How many cases were tried, shapes included."""

    def __add__(self, other: Outcome) -> Outcome:
        return Outcome(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    @property
    def counts(self) -> dict[str, int]:
        """As RESULT wants them."""
        return {f.name: getattr(self, f.name) for f in fields(self)[:7]}


def told_against(name: str, true: Counter[Told], told: Counter[Told]) -> Outcome:
    """Of one case what its reader heard, against what happened."""
    false, lost = told - true, true - told
    said = [f"{name}: told {one} falsely" for one in false.elements()]
    said += [f"{name}: lost {one}" for one in lost.elements()]
    return Outcome(false=false.total(), lost=lost.total(), said=tuple(said), cases=1)


Case = tuple[str, Callable[[], Outcome]]
"""Its name among the cases of its part, and what tries it."""


@dataclass(slots=True)
class Run:
    """How a part is run, how far it is, and what an earlier run that was interrupted found."""

    part: str = ""
    quick: bool = False
    all: bool = False
    jobs: int = 1
    checkpoint: Path | None = None
    """Has a line for each case that is done."""
    _known: dict[str, Outcome] = field(default_factory=dict)
    _every: int = 0
    _done: int = 0
    _told: float = 0

    def __post_init__(self) -> None:
        if self.checkpoint is None or not self.checkpoint.exists():
            return
        for line in self.checkpoint.read_text("utf-8").splitlines():
            one = json.loads(line)
            if one["part"] == self.part:
                said = tuple(one["outcome"].pop("said"))
                self._known[one["case"]] = Outcome(**one["outcome"], said=said)

    def known(self, case: str) -> Outcome | None:
        return self._known.get(case)

    def expect(self, every: int) -> None:
        """So many cases in all, for the progress."""
        self._every, self._done = every, len(self._known)

    def note(self, case: str, outcome: Outcome) -> None:
        """One more is done."""
        self._done += 1
        if self.checkpoint is not None:
            line = {"part": self.part, "case": case, "outcome": asdict(outcome)}
            with self.checkpoint.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")
        for line in outcome.said:
            print(f"{self.part}: {line}", file=sys.stderr)
        if time.monotonic() > self._told + EVERY:
            self._told = time.monotonic()
            print(f"{self.part}: {self._done} of {self._every}", file=sys.stderr)

    def each(self, cases: Iterable[Case]) -> Outcome:
        """All cases in turn, but for those that are known."""
        wanted = list(cases)
        self.expect(len(wanted))
        found = Outcome()
        for name, act in wanted:
            outcome = self.known(name)
            if outcome is None:
                outcome = act()
                self.note(name, outcome)
            found += outcome
        return found


EVERY = 10.0
"""Seconds between two words on how far it is."""
Measure = Callable[[Run], Outcome]


def command_line(about: str | None) -> argparse.ArgumentParser:
    """`about` is the module's docstring."""
    parser = argparse.ArgumentParser(description=(about or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="a small sample")
    parser.add_argument("--all", action="store_true", help="every shape of page: takes hours")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes at once")
    parser.add_argument(
        "--checkpoint", type=Path, metavar="FILE",
        help="note each case that is done there; started again with it, the run goes on",
    )  # fmt: skip
    return parser


def alone(part: str, measure: Measure, about: str | None) -> None:
    """The command line of one part by itself."""
    logging.disable()
    asked = command_line(about).parse_args()
    found = measure(Run(part, asked.quick, asked.all, asked.jobs, asked.checkpoint))
    print(*found.said, sep="\n")
    print(found.cases, found.counts)
