"""The figures that are kept with a snapshot say what it says, also where only a part of it moved.

The next capture is compared with them: one that prints a price that is no longer on record would
make the way back to it look as if nothing had happened.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from ratewire.compare.followed import Followed
from ratewire.model import Facts, Figure, Rate, Role

__all__ = ["in_step", "put_back"]

Identity = tuple[str, ...]


def in_step(
    figures: Sequence[Figure],
    followed: Followed,
    facts: Facts,
    waiting: Collection[Identity] = (),
    *,
    noted: bool = True,
) -> tuple[Figure, ...]:
    """The earlier figures, but for those whose rates moved or which are no rates: these are the
    later ones.

    `facts` are what stands now; `followed` is the whole later reading, of which alterations of the
    rates `waiting` are not sure yet. `noted`: its unread changes are known to the owner; else the
    figures that are not understood stay, so that these are seen again.
    """
    standing, later = _by_identity(facts), _by_identity(followed.facts)

    def stands(figure: Figure) -> bool:
        if not figure.rates:
            return noted
        if any(name in waiting for name in figure.rates):
            return False
        return all(name in standing and standing[name] == later.get(name) for name in figure.rates)

    kept = []
    for number, figure in enumerate(figures):
        at = followed.aligned.get(number)
        if at is None:
            prints = any(name in standing for name in figure.rates)
            if prints or not noted or figure.role not in (Role.RATE, Role.UNREAD):
                kept.append(figure)
        elif stands(followed.figures[at]):
            kept.append(_where(figure, followed.figures[at]))
        else:
            kept.append(figure)
    found = set(followed.aligned.values())
    below = 1 + max((figure.place.block for figure in figures), default=0)
    for number, figure in enumerate(followed.figures):
        if number not in found and stands(figure):
            place = replace(figure.place, block=figure.place.block + below)
            kept.append(replace(figure, place=place))
    return tuple(kept)


def put_back(figures: Iterable[Figure], before: Facts, after: Facts) -> tuple[Figure, ...]:
    """The figures as they would be if the page said what the owner says that it should have."""
    old, new = _by_identity(before), _by_identity(after)
    moved = {name for name in old.keys() & new.keys() if old[name] != new[name]}

    def as_it_should_be(figure: Figure) -> Figure:
        name = next((name for name in figure.rates if name in moved), None)
        return figure if name is None else _printing(figure, new[name])

    return tuple(map(as_it_should_be, figures))


def _where(old: Figure, new: Figure) -> Figure:
    """A later figure in the layout of the earlier capture."""
    spot = old.place
    place = replace(new.place, block=spot.block, row=spot.row, column=spot.column)
    return replace(new, place=place)


def _printing(figure: Figure, rate: Rate) -> Figure:
    values = (rate.amount,) if rate.upper is None else (rate.amount, rate.upper)
    if rate.percent is not None:
        values = (rate.percent, *values)
    return replace(figure, text=f"{rate.amount:f} {rate.currency}".strip(), values=values)


def _by_identity(facts: Facts) -> Mapping[Identity, Rate]:
    return {rate.identity: rate for rate in facts.rates}
