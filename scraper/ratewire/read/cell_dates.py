"""From when to when each price of a line of a cell holds: `$0.75 through 31 December / $1.50 from
1 January`, `Until May 31: $3, then $4`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from ratewire.read.dates import Effective, find_dates, find_effective
from ratewire.read.lexicon import fold, lexicon
from ratewire.read.quantities import Amount

__all__ = ["dated_prices"]


def dated_prices(
    line: str, amounts: Sequence[Amount], day: date | None
) -> tuple[str, tuple[Effective | None, ...]]:
    """The line with the words of its dates blanked, so that they are no labels, and of each amount
    what they say of it. `day`: of the capture, for dates without a year.
    """
    if not amounts or not find_dates(line, near=day):
        return line, (None,) * len(amounts)
    edges = [0, *(point for a in amounts for point in (a.start, max(a.end, a.unit_end))), len(line)]
    gaps = list(zip(edges[::2], edges[1::2], strict=True))
    found = [find_effective(line[start:end], day) for start, end in gaps]
    blanked = line
    for each, (start, _) in zip(found, gaps, strict=True):
        if each:
            first, last = start + each.start, start + each.end
            blanked = blanked[:first] + " " * (last - first) + blanked[last:]
    told = found[:-1] if found[0] else found[1:]
    for at in range(1, len(told)):
        before, after = told[at - 1], gaps[at]
        if told[at] is None and before and before.effective_to and _follows(blanked[slice(*after)]):
            following = before.effective_to + timedelta(days=1)
            told[at] = Effective(following, None, before.start, before.end, before.text)
    return blanked, tuple(told)


def _follows(words: str) -> bool:
    return bool(lexicon("prose", "thereafter").search(fold(words)))
