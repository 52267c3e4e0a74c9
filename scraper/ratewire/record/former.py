"""Sources that are recorded and watched no more: their file was renamed, or is gone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from ratewire.model import Change, Pending, Snapshot, Source

__all__ = ["former_sources", "is_same_page"]

_LAST = 1_000_000
"""Rank: what any watched page states comes first."""


class _Records(Protocol):
    def sources(self) -> tuple[str, ...]: ...

    def load(self, source_id: str, /) -> tuple[Snapshot | None, Pending | None]: ...

    def changes(self, source_id: str | None = None, /) -> tuple[Change, ...]: ...


def former_sources(store: _Records, watched: Iterable[Source]) -> Iterator[Source]:
    """Each as far as its records name it; what it states is stale, for nobody looks any more.

    Raises StoreError where records cannot be read.
    """
    known = {source.id for source in watched}
    for id in store.sources():
        if id in known:
            continue
        snapshot, _ = store.load(id)
        changes = store.changes(id)
        if snapshot is None and not changes:
            continue
        publisher = changes[-1].publisher if changes else ""
        url = snapshot.url if snapshot else changes[-1].url
        asked = (snapshot.asked,) if snapshot and snapshot.asked not in ("", url) else ()
        yield Source(id, id, publisher, url, alternates=asked, rank=_LAST, stale_after="1m")


def is_same_page(former: Source, watched: Source) -> bool:
    """Whether they are the same page, whose source was given another id."""
    return bool({*former.addresses} & {*watched.addresses})
