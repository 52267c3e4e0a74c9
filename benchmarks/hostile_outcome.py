"""What the parts of hostile.py count."""

from __future__ import annotations

from dataclasses import dataclass, fields


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
