"""How watching goes, for those who watch the watcher: JSON, and OpenMetrics text.

A site that is no longer built cannot say so by itself: look at `verified_at`, or at the time of
its newest sample, and not at `ok` alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime

from ratewire.model.moments import rfc3339
from ratewire.publish.ledger import Ledger
from ratewire.publish.stated import Watched
from ratewire.wording.text import plain

__all__ = ["health_files"]


def health_files(ledger: Ledger) -> dict[str, bytes]:
    """`health.json` and `metrics.txt`, by their paths in the site."""
    watched = ledger.watch()
    health = {
        "version": 1,
        "ok": all(one.ok for one in watched),
        "sources": [_source(one) for one in watched],
    }
    return {
        "health.json": (json.dumps(health, ensure_ascii=False, indent=1) + "\n").encode(),
        "metrics.txt": "".join(f"{line}\n" for line in _metrics(watched)).encode(),
    }


def _source(one: Watched) -> dict[str, object]:
    return {
        "id": one.source.id,
        "ok": one.ok,
        "state": one.state.value,
        "since": _time(one.since),
        "detail": plain(one.detail),
        "verified_at": _time(one.seen.at if one.seen else None),
        "stale": one.seen.stale if one.seen else None,
        "failures": one.failures,
        "met": dict(one.met),
        "awaiting_confirmation": one.waiting,
        "not_understood": one.unread,
    }


def _metrics(watched: tuple[Watched, ...]) -> Iterator[str]:
    """OpenMetrics 1.0; a source's id is a slug and needs no escape."""
    yield "# TYPE ratewire_source_healthy gauge"
    yield "# HELP ratewire_source_healthy 1 where the source is seen, genuine and not stale."
    for one in watched:
        yield f'ratewire_source_healthy{{source="{one.source.id}"}} {int(one.ok)}'
    yield "# TYPE ratewire_source_verified_timestamp_seconds gauge"
    yield "# UNIT ratewire_source_verified_timestamp_seconds seconds"
    yield "# HELP ratewire_source_verified_timestamp_seconds When it was last seen to be genuine."
    for one in watched:
        if one.seen:
            name = "ratewire_source_verified_timestamp_seconds"
            yield f'{name}{{source="{one.source.id}"}} {one.seen.at.timestamp():.0f}'
    yield "# TYPE ratewire_source_failures gauge"
    yield "# HELP ratewire_source_failures Checks since it was last seen to be genuine."
    for one in watched:
        yield f'ratewire_source_failures{{source="{one.source.id}"}} {one.failures}'
    yield "# EOF"


def _time(when: datetime | None) -> str | None:
    return rfc3339(when, timespec="seconds") if when is not None else None
