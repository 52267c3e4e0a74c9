"""Rendering with a real Chromium, on loopback pages."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from hostile import BEHAVIOURS, NOW, Behaviour, Exchange, Hostile, hostile

from ratewire.config import FetchSettings
from ratewire.fetch.fetcher import Fetcher
from ratewire.judge import judge
from ratewire.model import Source

Make = Callable[..., FetchSettings]
MakeSource = Callable[..., Source]

pytestmark = [pytest.mark.browser, pytest.mark.slow]
if not any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))):
    if "CI" in os.environ:
        raise RuntimeError("the browser tests need a Chromium, and CI is to run them")
    pytest.skip("no Chromium is installed", allow_module_level=True)

APP = b"""<!doctype html><html lang=en><head><title>Pricing</title></head><body><div id=root></div>
<img src=/render/picture.png><link rel=stylesheet href=/render/style.css>
<script src=/render/app.js></script></body></html>"""
SCRIPT = b"""fetch('/render/data.json').then(r => r.json()).then(rows => {
  document.getElementById('root').innerHTML = '<h1>Pricing</h1><table>' + rows.map(
    r => `<tr><td>${r.id}</td><td>$${r.price} per 1M tokens</td></tr>`).join('') + '</table>';
});"""
DATA = b'[{"id":"alpha","price":"5.00"},{"id":"beta","price":"7.00"}]'


@asynccontextmanager
async def application(page: bytes = APP, script: bytes = SCRIPT) -> AsyncIterator[Hostile]:
    def answering(body: bytes, media_type: str) -> Behaviour:
        async def serve(x: Exchange) -> None:
            await x.answer(body, media_type=media_type)

        return Behaviour(serve, "")

    own = {
        "render/page": answering(page, "text/html"),
        "render/app.js": answering(script, "text/javascript"),
        "render/data.json": answering(DATA, "application/json"),
    }
    BEHAVIOURS.update(own)
    try:
        async with hostile() as server:
            yield server
    finally:
        for name in own:
            del BEHAVIOURS[name]


def test_a_source_that_says_so_is_rendered(settings: Make, source: MakeSource) -> None:
    async def check() -> None:
        async with application() as server:
            async with Fetcher(settings(timeout=20.0), now=lambda: NOW, judge=judge) as fetch:
                page = source(server.url("render/page"), render=True)
                fetched = await fetch.fetch(page, {})
            assert fetched.capture is not None, fetched.problem
            assert "$5.00 per 1M tokens" in fetched.capture.text
            assert fetched.capture.url == page.url
            assert fetched.validators is None
            assert set(server.asked) == {"/render/page", "/render/app.js", "/render/data.json"}

    asyncio.run(check())


@pytest.mark.parametrize("more", ["#api", "?plan='x'", "?plan=\xfc", "?a=%7B|<>"])
def test_an_address_that_the_browser_writes_otherwise_is_rendered(
    more: str, settings: Make, source: MakeSource
) -> None:
    async def check() -> None:
        async with application() as server:
            async with Fetcher(settings(timeout=20.0), now=lambda: NOW, judge=judge) as fetch:
                page = source(server.url(f"render/page{more}"), render=True)
                fetched = await fetch.fetch(page, {})
            assert fetched.capture is not None, fetched.problem
            assert "$5.00 per 1M tokens" in fetched.capture.text

    asyncio.run(check())


ASKS = b"""fetch('/render/graphql', {method: 'POST', headers: {'content-type': 'application/json'},
  body: JSON.stringify({query: 'OPERATION { plans { id subscription { price } } }'})})
.then(r => r.json()).then(a => { document.getElementById('root').innerHTML = '<h1>Pricing</h1>' +
  a.data.plans.map(p => `<p>${p.id} costs $${p.price}</p>`).join(''); });"""


@pytest.mark.parametrize(
    ("operation", "asked"), [(b"query Plans", True), (b"", True), (b"mutation Buy", False)]
)
def test_a_page_may_ask_in_graphql_for_what_it_shows(
    operation: bytes, asked: bool, settings: Make, source: MakeSource
) -> None:
    bodies: list[bytes] = []

    async def plans(x: Exchange) -> None:
        bodies.append(await x.reader.readexactly(int(x.headers["content-length"])))
        await x.answer(
            b'{"data":{"plans":[{"id":"alpha","price":"5.00"}]}}', media_type="application/json"
        )

    async def check() -> None:
        async with application(script=ASKS.replace(b"OPERATION", operation)) as server:
            BEHAVIOURS["render/graphql"] = Behaviour(plans, "")
            async with Fetcher(settings(timeout=20.0), now=lambda: NOW, judge=judge) as fetch:
                fetched = await fetch.fetch(source(server.url("render/page"), render=True), {})
            del BEHAVIOURS["render/graphql"]
            assert fetched.capture is not None, fetched.problem
            assert ("alpha costs $5.00" in fetched.capture.text) is asked
            assert ("POST" in server.methods) is asked
            assert [b"plans" in body for body in bodies] == [True] * asked

    asyncio.run(check())


def test_what_a_page_still_waits_for_ends_with_it(
    settings: Make, source: MakeSource, caplog: pytest.LogCaptureFixture
) -> None:
    ended = asyncio.Event()

    async def hang(x: Exchange) -> None:
        await x.reader.read()  # until the other side leaves
        ended.set()

    async def check() -> None:
        script = b"fetch('/render/never');" + SCRIPT
        async with application(script=script) as server:
            BEHAVIOURS["render/never"] = Behaviour(hang, "")
            async with Fetcher(settings(timeout=20.0), now=lambda: NOW, judge=judge) as fetch:
                fetched = await fetch.fetch(source(server.url("render/page"), render=True), {})
                assert fetched.capture is not None, fetched.problem
                assert "$5.00" in fetched.capture.text
                await asyncio.wait_for(ended.wait(), 2)
            del BEHAVIOURS["render/never"]

    asyncio.run(check())
    assert not caplog.records


@pytest.mark.parametrize("allowed", [True, False])
def test_a_shell_is_rendered_where_the_owner_allows_it(
    allowed: bool, settings: Make, source: MakeSource
) -> None:
    async def check() -> None:
        async with application() as server:
            limits = settings(timeout=20.0, render=allowed)
            async with Fetcher(limits, now=lambda: NOW, judge=judge) as fetch:
                fetched = await fetch.fetch(source(server.url("render/page")), {})
            assert fetched.capture is not None, fetched.problem
            assert ("$7.00" in fetched.capture.text) is allowed
            word = "genuine" if allowed else "shell"
            assert f": {word}" in fetched.attempts[0]

    asyncio.run(check())


@pytest.mark.parametrize(
    "script",
    [
        b"fetch('http://127.0.0.1:PORT/secret').then(r => r.text()).then(t => document.title = t)",
        b"new WebSocket('ws://127.0.0.1:PORT/secret')",
        b"new EventSource('http://127.0.0.1:PORT/secret')",
        b"navigator.sendBeacon('http://127.0.0.1:PORT/secret', 'x')",
        b"fetch('http://127.0.0.1:PORT/secret', {method: 'POST', body: '{\"query\": \"{a}\"}'})",
        b"fetch('/render/data.json', {method: 'POST', body: '{\"visits\": 1}'})",
        b"location.href = 'http://127.0.0.1:PORT/secret'",
        b"document.write('<iframe src=http://127.0.0.1:PORT/secret></iframe>')",
        b"window.open('http://127.0.0.1:PORT/secret')",
        b"navigator.serviceWorker.register('/render/app.js')",
    ],
)
def test_the_browser_reaches_nothing_by_itself(
    script: bytes, settings: Make, source: MakeSource
) -> None:
    """A page on a public address (here: routed) cannot look at what stands inside."""

    async def check() -> None:
        async with hostile() as inside:
            aimed = script.replace(b"PORT", str(inside.port).encode())
            async with application(script=aimed) as server:
                routes = {"http://acme.example/": server.url("")}
                limits = settings(timeout=20.0, allow_private=False)
                async with Fetcher(limits, now=lambda: NOW, routes=routes, judge=judge) as fetch:
                    page = source("http://acme.example/render/page", render=True)
                    fetched = await fetch.fetch(page, {})
                    assert fetched.capture is not None, fetched.problem
            assert not inside.asked

    asyncio.run(check())


@pytest.mark.parametrize(
    ("script", "problem"),
    [
        (b"while (true) {}", "did not stand in the browser within 4 s"),
        (b"document.body.innerHTML = 'x'.repeat(500000)", "grows too large in the browser"),
    ],
)
def test_limits_hold_in_the_browser(
    script: bytes, problem: str, settings: Make, source: MakeSource
) -> None:
    async def check() -> None:
        limits = settings(timeout=4.0)
        async with application(script=script) as server, Fetcher(limits, now=lambda: NOW) as fetch:
            page = source(server.url("render/page"), render=True)
            fetched = await fetch.fetch(page, {})
            assert fetched.problem == problem
            # The browser still serves the next page.
            BEHAVIOURS["render/app.js"] = Behaviour(_script, "")
            again = await fetch.fetch(page, {})
            assert again.capture is not None, again.problem
            assert "$5.00" in again.capture.text

    asyncio.run(check())


async def _script(x: Exchange) -> None:
    await x.answer(SCRIPT, media_type="text/javascript")


def test_an_error_is_not_rendered(settings: Make, source: MakeSource) -> None:
    async def check() -> None:
        async with hostile() as server, Fetcher(settings(), now=lambda: NOW) as fetch:
            fetched = await fetch.fetch(source(server.url("status-404"), render=True), {})
            assert fetched.capture is not None
            assert fetched.capture.status == 404

    asyncio.run(check())
