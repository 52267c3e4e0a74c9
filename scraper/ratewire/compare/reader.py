"""With what a page is read: another reader's doing is no change of the page."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace

from ratewire.model import Hints, Pending, Reading, Snapshot, Source

__all__ = ["lens", "needs_rebase", "only_decided", "rebase"]


def lens(source: Source, reader: str) -> str:
    """What a page is read with: the reader, and all that the source says of how and where."""
    hints = [(name, _sorted(getattr(source.hints, name))) for name in _HINTS]
    said = repr((source.kind.value, source.addresses, source.expect.language, hints))
    return f"{reader}+{hashlib.sha256(said.encode()).hexdigest()[:8]}"


_HINTS = tuple(sorted(Hints.__dataclass_fields__))


def _sorted(value: object) -> object:
    return sorted(value.items()) if isinstance(value, Mapping) else value


def needs_rebase(snapshot: Snapshot, source: Source, reader: str) -> bool:
    """The capture that stands was read by another reader, or before figures and lines were kept."""
    facts = snapshot.facts
    unkept = bool(facts.rates) and not snapshot.figures
    unkept = unkept or (bool(facts.availability or facts.limits) and not snapshot.lines)
    return unkept or snapshot.reader != lens(source, reader)


def rebase(snapshot: Snapshot, reading: Reading, source: Source, reader: str) -> Snapshot:
    """The snapshot as today's reader and hints see its capture: their doing is no change.

    To be called, with a new reading of the capture that `snapshot.capture` names, whenever
    `needs_rebase`; what waits is then void.
    """
    return replace(
        snapshot,
        facts=reading.facts,
        figures=reading.figures,
        lines=reading.lines,
        reader=lens(source, reader),
    )


def only_decided(pending: Pending) -> Pending | None:
    """What the owner has said or is to say, whatever reads the page; the rest is void after a
    `rebase`.
    """
    if not pending.unread and not pending.rejected:
        return None
    return replace(pending, sightings=(), elsewhere=(), held=None)
