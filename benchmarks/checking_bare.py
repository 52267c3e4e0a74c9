"""What `checking.py` compares with: a bare httpx client on the same transport, which only asks."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Mapping

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport


async def bare(addresses: Iterable[str], etags: Mapping[str, str], at_once: int) -> float:
    """Seconds. `etags`: of the addresses that are asked with a condition."""
    urls = iter(addresses)
    started = time.perf_counter()
    session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
    async with httpx.AsyncClient(transport=AiohttpTransport(client=session)) as client:

        async def work() -> None:
            for url in urls:
                etag = etags.get(url, "")
                answer = await client.get(url, headers={"if-none-match": etag} if etag else {})
                assert answer.status_code in (200, 304)

        await asyncio.gather(*(work() for _ in range(at_once)))
    return time.perf_counter() - started


def whole(base: str, count: int, at_once: int) -> None:
    """One whole run of it, over pages that did not change."""
    urls = [f"{base}/304/{n}" for n in range(count)]
    asyncio.run(bare(urls, dict.fromkeys(urls, '"0"'), at_once))
