"""What the fetcher makes of each behaviour of the hostile server."""

from __future__ import annotations

import asyncio
import tracemalloc
from collections.abc import Callable

import pytest
from hostile import BEHAVIOURS, NOW, PAGE, hostile

from ratewire.config import FetchSettings
from ratewire.fetch import Fetched
from ratewire.fetch.fetcher import Fetcher
from ratewire.judge import judge
from ratewire.model import Source

Make = Callable[..., FetchSettings]


def outcome(fetched: Fetched, source: Source) -> str:
    if fetched.problem:
        assert fetched.capture is None
        assert "\n" not in fetched.problem
        return fetched.problem
    if fetched.unchanged:
        return "unchanged"
    assert fetched.capture is not None
    return judge(fetched.capture, source).kind.value


def test_there_are_many_behaviours() -> None:
    assert len(BEHAVIOURS) >= 60


@pytest.mark.parametrize("name", sorted(BEHAVIOURS))
def test_behaviour(name: str, settings: Make, source: Callable[..., Source]) -> None:
    """The stated verdict or problem; and a source fetched beside it, from the same host, is
    unharmed."""

    async def check() -> None:
        behaviour = BEHAVIOURS[name]
        async with (
            hostile() as server,
            Fetcher(settings(retries=behaviour.retries), now=lambda: NOW, judge=judge) as fetcher,
        ):
            bad, good = source(server.url(name)), source(server.url("served/page"))
            async with asyncio.timeout(10):
                before = await fetcher.fetch(good, {})
                fetched, beside = await asyncio.gather(
                    fetcher.fetch(bad, {}), fetcher.fetch(good, {})
                )
            seen = outcome(fetched, bad)
            if behaviour.expect in ("genuine", "blocked", "empty", "error", "missing", "moved",
                                    "shell", "truncated"):  # fmt: skip
                assert seen == behaviour.expect, fetched.attempts
            else:
                assert fetched.problem, fetched
                assert behaviour.expect in seen
            assert len(fetched.attempts) == 1
            for other in (before, beside):
                assert other.capture is not None, other.problem
                assert other.capture.body == PAGE

    asyncio.run(check())


GREEDY = (
    "br-bomb", "endless-body", "endless-headers", "endless-status-line", "gzip-bomb",
    "gzip-bomb-in-a-bomb", "zstd-bomb",
)  # fmt: skip


@pytest.mark.parametrize("name", GREEDY)
def test_memory_is_bounded(name: str, settings: Make, source: Callable[..., Source]) -> None:
    async def check() -> int:
        async with hostile() as server, Fetcher(settings(), now=lambda: NOW) as fetcher:
            tracemalloc.start()
            try:
                fetched = await fetcher.fetch(source(server.url(name)), {})
                assert fetched.problem
                return tracemalloc.get_traced_memory()[1]
            finally:
                tracemalloc.stop()

    assert asyncio.run(check()) < 16_000_000
