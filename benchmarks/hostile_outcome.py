"""What the parts of hostile.py count."""

from __future__ import annotations

import argparse
import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, fields

__all__ = ["Outcome", "Told", "alone", "told_against"]

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


def alone(measure: Callable[[bool], Outcome], about: str | None) -> None:
    """The command line of one part by itself; `about` is its module's docstring."""
    logging.disable()
    parser = argparse.ArgumentParser(description=(about or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="a sample")
    found = measure(parser.parse_args().quick)
    print(*found.said, sep="\n")
    print(found.cases, found.counts)
