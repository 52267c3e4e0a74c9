"""What of `checking.py` runs ours: a process that is timed whole imports nothing else."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from ratewire.config import FetchSettings
from ratewire.fetch import Validators
from ratewire.fetch.fetcher import Fetcher
from ratewire.judge import judge
from ratewire.model import Source

AT_ONCE = 20
SETTINGS = FetchSettings(
    allow_private=True, robots=False, delay=0.0, concurrency=AT_ONCE, per_host=AT_ONCE, retries=0
)


def sources(base: str, kind: str, count: int) -> list[Source]:
    return [
        Source(id=f"s{n}", name=f"s{n}", publisher="p", url=f"{base}/{kind}/{n}")
        for n in range(count)
    ]


async def check(
    watched: list[Source], known: Mapping[str, Validators]
) -> tuple[float, dict[str, Validators]]:
    """Our check: seconds, and the validators for the next."""
    seen = dict(known)
    started = time.perf_counter()
    async with Fetcher(SETTINGS, now=lambda: datetime.now(UTC), judge=judge) as fetcher:
        async for fetched in fetcher.fetch_all(watched, known):
            assert not fetched.problem, fetched.problem
            if fetched.validators:
                seen[fetched.validators.url] = fetched.validators
    return time.perf_counter() - started, seen


def whole(base: str, count: int, store: Path) -> None:
    """One whole run of ours: to fetch and judge so many pages, and keep their validators."""
    known = {
        url: Validators(**values)
        for url, values in (json.loads(store.read_text()) if store.exists() else {}).items()
    }
    _, known = asyncio.run(check(sources(base, "304", count), known))
    store.write_text(json.dumps({
        url: {name: getattr(values, name) for name in Validators.__slots__}
        for url, values in known.items()
    }))  # fmt: skip
