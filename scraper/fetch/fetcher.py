"""The fetcher: sources in, captures out, politely."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from datetime import datetime
from types import TracebackType
from typing import Self

from scraper.config import FetchSettings
from scraper.fetch.answers import Fetched, Validators
from scraper.model import Capture, Source, Verdict


class Fetcher:
    """Owns the connections; use as `async with Fetcher(…) as fetcher`."""

    def __init__(
        self,
        settings: FetchSettings,
        *,
        contact: str = "",
        now: Callable[[], datetime],
        routes: Mapping[str, str] | None = None,
        judge: Callable[[Capture, Source], Verdict] | None = None,
    ) -> None:
        self.settings, self.contact, self.now = settings, contact, now
        self.routes, self.judge = dict(routes or {}), judge

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None

    async def fetch(self, source: Source, validators: Mapping[str, Validators]) -> Fetched:
        """Check one source. Never raises for a trouble of the network: it says it."""
        return Fetched(source.id, self.now(), problem="the fetcher is not built yet")

    async def fetch_all(
        self, sources: Iterable[Source], validators: Mapping[str, Validators]
    ) -> AsyncIterator[Fetched]:
        """Check many sources; each is given as it finishes."""
        for source in sources:
            yield await self.fetch(source, validators)
