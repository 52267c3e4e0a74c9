"""Changes of figures that nobody understands: told to the owner, never guessed and never silent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from decimal import Decimal

from ratewire.compare.alignment import Alignment
from ratewire.compare.alike import same_text
from ratewire.compare.places import Printed
from ratewire.compare.restated import RestatedFigures
from ratewire.model import Role, Shown, UnreadChange

__all__ = ["came_or_went", "moved_unread", "unread_change"]

_SILENT = (Role.QUANTITY, Role.UNTRACKED)
"""What is none of a site's business, whatever becomes of it."""


def unread_change(one: Printed | None, other: Printed | None, why: str) -> UnreadChange:
    """The words of a figure before and after, either of which may be missing."""
    sides = [each.figure if each else None for each in (one, other)]
    old, new = (figure.line if figure else "" for figure in sides)
    place = next(figure.place for figure in reversed(sides) if figure)
    return UnreadChange(old, new, str(place), why)


def moved_unread(aligned: Alignment, known: Collection[int]) -> Iterator[UnreadChange]:
    """Figures that are others now. `known`: numbers of later figures that print or printed rates,
    of which the comparison of rates tells.
    """
    for one, other in aligned.pairs:
        if other.number not in known and _is_another_figure(one, other) and _counts(one, other):
            yield unread_change(one, other, other.figure.reason or one.figure.reason)


def came_or_went(aligned: Alignment, named: Collection[int]) -> Iterator[UnreadChange]:
    """Figures without a counterpart, but for those that say what another figure says, and those
    of one value that went here and came there in the same unit. `named`: numbers of later figures
    that print rates.
    """
    stayed = RestatedFigures(one for one, _ in aligned.pairs)
    stays = RestatedFigures(other for _, other in aligned.pairs)
    gone = [f for f in aligned.gone if f.figure.role is Role.UNREAD and stayed.of(f) is None]
    came = [
        f
        for f in aligned.came
        if f.figure.role is Role.UNREAD and f.number not in named and stays.of(f) is None
    ]
    moved = set[int]()
    left = defaultdict[tuple[Decimal, ...] | str, list[Printed]](list)
    for other in came:
        left[other.value].append(other)
    for one in gone:
        same = left[one.value]
        if not same:
            yield unread_change(one, None, one.figure.reason)
            continue
        at = next((n for n, f in enumerate(same) if f.per == one.per), 0)
        elsewhere = same.pop(at)
        moved.add(elsewhere.number)
        if one.per and elsewhere.per and one.per != elsewhere.per:
            yield unread_change(one, elsewhere, elsewhere.figure.reason)
    for other in came:
        if other.number not in moved:
            yield unread_change(None, other, other.figure.reason)


def _is_another_figure(one: Printed, other: Printed) -> bool:
    """Another number, or the same for another unit."""
    return not same_text(one, other) or one.per != other.per


def _counts(one: Printed, other: Printed) -> bool:
    silent = one.figure.role in _SILENT and other.figure.role in _SILENT
    return not silent and Shown.EMBEDDED not in (one.figure.shown, other.figure.shown)
