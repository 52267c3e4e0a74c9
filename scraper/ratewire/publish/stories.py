"""A confirmed change and what was said of it later, as one story: one page, one feed entry."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from ratewire.model import Change, ChangeState

__all__ = ["Story", "change_url", "stories"]


def change_url(site_url: str, change_id: str) -> str:
    """The page of a change, which is its id in every feed too: it never moves."""
    return f"{site_url.rstrip('/')}/changes/{quote(change_id, safe='')}/"


@dataclass(frozen=True, slots=True)
class Story:
    """A confirmed change and the corrections that followed it, oldest first."""

    change: Change
    corrections: tuple[Change, ...] = ()

    @property
    def latest(self) -> Change:
        return self.corrections[-1] if self.corrections else self.change

    @property
    def updated(self) -> datetime:
        return max(self.latest.recorded_at, self.change.recorded_at)

    @property
    def retracted(self) -> bool:
        return self.latest.state is ChangeState.RETRACTED

    @property
    def products(self) -> tuple[str, ...]:
        """Products that the change speaks of, or that its correction does."""
        if self.truth is self.change:
            return self.change.products
        return tuple(sorted({*self.change.products, *self.truth.products}))

    @property
    def truth(self) -> Change:
        """The change as it is now known: the last word that states any facts."""
        if not self.corrections:
            return self.change
        stated = [c for c in self.corrections if c.state is ChangeState.CORRECTED and c.alterations]
        return stated[-1] if stated else self.change


def stories(changes: Iterable[Change]) -> tuple[Story, ...]:
    """Corrections gathered under the change that they follow; oldest first, pending ones left out.

    A correction of a correction belongs to the first; one whose change is unknown stands alone.
    """
    known = sorted(
        (c for c in changes if c.state is not ChangeState.PENDING),
        key=lambda c: (c.recorded_at, c.id),
    )
    by_id: dict[str, Change] = {}
    for change in known:  # two sources may tell one change: the first to do so counts
        by_id.setdefault(change.id, change)

    def root(change: Change) -> str:
        seen = {change.id}
        while change.follows in by_id and change.follows not in seen:
            change = by_id[change.follows]
            seen.add(change.id)
        return change.id

    corrections: dict[str, list[Change]] = {}
    for change in by_id.values():
        first = root(change)
        if first != change.id:
            corrections.setdefault(first, []).append(change)
    return tuple(
        Story(change, tuple(corrections.get(change.id, ())))
        for change in by_id.values()
        if root(change) == change.id
    )
