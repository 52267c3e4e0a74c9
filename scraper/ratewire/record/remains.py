"""What is left of a source whose facts are damaged or gone, and which page it was that stood."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ratewire.model import Capture, Change, Health, HealthState, Pending
from ratewire.record.forms import Inventory

__all__ = ["Remains", "missed", "pointers"]

_NAMED = re.compile(rb'"capture": ?"([0-9a-f]{64})"')


@dataclass(frozen=True, slots=True)
class Remains:
    """A page from which facts may be rebuilt."""

    source: str
    page: Capture
    told: tuple[Change, ...]
    """The source's log, as far as it is sound, in the order in which it was written."""
    certain: bool
    """The page is the one that stood; else it is the likeliest of those that are kept."""


def pointers(figures: Inventory, damaged: bytes) -> tuple[str, ...]:
    """Digests of the page that stood: as the figures beside the facts name it, or what is left of
    the facts themselves.
    """
    named = [digest.decode() for digest in _NAMED.findall(damaged)]
    return tuple(dict.fromkeys(filter(None, (figures.capture, *named))))


def missed(pending: Pending | None, health: Health | None) -> bool:
    """Whether what waits, or how the source does, shows that there were facts."""
    if pending is not None and (pending.sightings or pending.unread or pending.rejected):
        return True
    if pending is not None and pending.held is not None:
        return False  # a first reading that is held
    return health is not None and health.state is not HealthState.NEVER_SEEN
