"""What every store does, wherever it keeps its records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from ratewire.model import Capture, Change, Health, Pending, Snapshot

__all__ = ["Store"]


class Store(Protocol):
    """Snapshots, what waits, the log of changes, captures and states of health, by source.

    What is saved is saved whole or not at all, whatever stops the process. Everything raises
    StoreError where records cannot be read or written.
    """

    def sources(self) -> tuple[str, ...]:
        """Ids of all sources of which anything is stored, sorted."""
        ...

    def load(self, source_id: str, /) -> tuple[Snapshot | None, Pending | None]:
        """The facts that stand and what waits, both of one moment."""
        ...

    def digest(self, source_id: str, /) -> str:
        """Of what `load` would give, without the work of understanding it.

        The same for the same records, another for others.
        """
        ...

    def changes(
        self, source_id: str | None = None, /, *, publisher: str | None = None
    ) -> tuple[Change, ...]:
        """The log, of one source or of all, in order of time: changes, corrections, retractions.

        A change that two sources told is there twice, with one id. With `publisher` its changes
        alone, and the others are not even decoded.
        """
        ...

    def log_mark(self, source_id: str, /) -> str:
        """Equal marks, equal logs of the source; far cheaper than to read them."""
        ...

    def damages(self, source_id: str, /) -> tuple[str, ...]:
        """What was found damaged since this was last asked, and what was done, for the owner."""
        ...

    def save(
        self,
        source_id: str,
        snapshot: Snapshot | None,
        pending: Pending | None,
        changes: Sequence[Change] = (),
        pages: Mapping[str, Capture] | Sequence[Capture] = (),
    ) -> bool:
        """Store facts and what waits, append to the log, keep captures; all or nothing.

        A change whose id is in the source's log already is not written again. False: all of it
        stood there before and nothing was written.
        """
        ...

    def adopt(self, former: str, source_id: str) -> None:
        """All that is recorded of `former` goes on under another id; nothing is `former`'s then.

        Killed halfway it is found under both.
        """
        ...

    def page(self, source_id: str, sha256: str) -> Capture | None:
        """A capture that was kept; None: never, or no longer."""
        ...

    def health(self, source_id: str, /) -> Health | None: ...

    def save_health(self, source_id: str, health: Health) -> bool:
        """Written only where the state (or what is held) differs; False: it does not."""
        ...

    def set_aside(self, source_id: str, /) -> tuple[str, ...]:
        """Names of what was found damaged and set aside, until the owner takes it away."""
        ...

    def owners(self) -> Mapping[str, str]:
        """By product, the publisher whose it is: the one that had its address on the site first."""
        ...

    def save_owners(self, owners: Mapping[str, str]) -> bool:
        """Replace them. False: the same stood there before and nothing was written."""
        ...

    def lock(self, name: str, *, timeout: float = -1) -> AbstractContextManager[None]:
        """Keep two runs apart, for a source (its id) or anything else that has a name.

        Held for the time between `load` and `save`; dies with its owner. Raises StoreError
        where it is not free within `timeout` seconds (below zero: waits for ever).
        """
        ...
