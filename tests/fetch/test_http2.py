"""HTTP/2: where a source asks for it, where a host wants it, and what goes wrong in it."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest
import trustme
from hostile import NOW, PAGE, hostile
from hostile_http2 import BEHAVIOURS, Http2Server, hostile_http2

from ratewire.config import FetchSettings
from ratewire.fetch import Fetched
from ratewire.fetch.fetcher import Fetcher
from ratewire.judge import judge
from ratewire.model import Source

Make = Callable[..., FetchSettings]
MakeSource = Callable[..., Source]


def body(fetched: Fetched) -> bytes:
    assert fetched.capture is not None, fetched.problem
    return fetched.capture.body


@pytest.mark.parametrize("name", sorted(BEHAVIOURS))
def test_behaviour(name: str, tls: ssl.SSLContext, settings: Make, source: MakeSource) -> None:
    """The stated outcome; and a page fetched beside it, from the same host, is unharmed."""
    _, expected = BEHAVIOURS[name]

    async def check(server: Http2Server, fetcher: Fetcher) -> None:
        bad = source(server.url(name), http2=True)
        good = source(server.url("served"), http2=True)
        async with asyncio.timeout(10):
            fetched = await fetcher.fetch(bad, {})
            after = await fetcher.fetch(good, {})
        assert body(after) == PAGE
        if expected == "genuine":
            assert body(fetched) == PAGE
        else:
            assert expected in fetched.problem

    async def run() -> None:
        # Where time is not what is to run out, a busy machine has enough of it.
        limits = settings() if "took longer" in expected else settings(timeout=5.0)
        fetcher = Fetcher(limits, now=lambda: NOW, judge=judge)
        async with hostile_http2(tls) as server, fetcher:
            await check(server, fetcher)

    asyncio.run(run())


def test_many_pages_share_a_connection(
    tls: ssl.SSLContext, settings: Make, source: MakeSource
) -> None:
    async def run() -> None:
        async with hostile_http2(tls) as server:
            async with Fetcher(settings(), now=lambda: NOW) as fetcher:
                await fetcher.fetch(source(server.url("served"), http2=True), {})
                pages = [fetcher.fetch(source(server.url("served")), {}) for _ in range(20)]
                assert {body(each) for each in await asyncio.gather(*pages)} == {PAGE}
            assert server.connections == 1
            assert len(server.asked) == 21

    asyncio.run(run())


def test_a_host_that_refuses_http_1_is_asked_over_http_2(
    tls: ssl.SSLContext, settings: Make, source: MakeSource
) -> None:
    """Nothing in the source's file says so."""

    async def run() -> None:
        async with hostile_http2(tls) as server:
            async with Fetcher(settings(), now=lambda: NOW) as fetcher:
                assert body(await fetcher.fetch(source(server.url("served")), {})) == PAGE
                assert body(await fetcher.fetch(source(server.url("compressed")), {})) == PAGE
            assert server.asked == ["served", "compressed"]

    asyncio.run(run())


def test_a_host_that_has_no_http_2_answers_in_http_1(
    tls: ssl.SSLContext, settings: Make, source: MakeSource
) -> None:
    async def run() -> None:
        fetcher = Fetcher(settings(), now=lambda: NOW)
        async with hostile(tls=tls) as server, hostile() as plain, fetcher:
            for url in (server.url("served/x"), plain.url("served/x")):
                assert body(await fetcher.fetch(source(url, http2=True), {})) == PAGE

    asyncio.run(run())


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("https://127.0.0.1:{port}/served", "not a public address"),
        ("https://localhost:{port}/served", "not a public address"),
        ("https://inside.example:{port}/served", "inside.example is at 127.0.0.1, which is not a"),
    ],
)
def test_addresses_are_guarded_as_over_http_1(
    url: str, problem: str, tls: ssl.SSLContext, settings: Make, source: MakeSource,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    async def run() -> None:
        loop = asyncio.get_running_loop()
        resolve = loop.getaddrinfo

        async def resolved(host: str, port: int, **more: int) -> object:
            return await resolve("127.0.0.1" if host == "inside.example" else host, port, **more)

        monkeypatch.setattr(loop, "getaddrinfo", resolved)
        async with hostile_http2(tls) as server:
            async with Fetcher(settings(allow_private=False), now=lambda: NOW) as fetcher:
                inside = source(url.format(port=server.port), http2=True)
                assert problem in (await fetcher.fetch(inside, {})).problem
            assert server.connections == 0

    asyncio.run(run())


def test_certificates_and_lost_hosts_are_told_as_over_http_1(
    tls: ssl.SSLContext, settings: Make, source: MakeSource, monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:  # fmt: skip
    trustme.CA().cert_pem.write_to_path(str(tmp_path / "other.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "other.pem"))

    async def run() -> None:
        async with hostile_http2(tls) as server:
            closed = server.port
            async with Fetcher(settings(), now=lambda: NOW) as fetcher:
                fetched = await fetcher.fetch(source(server.url("served"), http2=True), {})
                assert fetched.problem.startswith("the certificate is not valid")
        async with Fetcher(settings(), now=lambda: NOW) as fetcher:
            for url, problem in (
                (f"https://127.0.0.1:{closed}/", "the host refuses the connection"),
                ("https://nowhere.invalid/", "no address is known for"),
            ):
                assert problem in (await fetcher.fetch(source(url, http2=True), {})).problem

    asyncio.run(run())


def test_a_handshake_that_hangs(settings: Make, source: MakeSource) -> None:
    async def run() -> None:
        async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read()
            writer.close()

        server = await asyncio.start_server(mute, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with server, Fetcher(settings(connect_timeout=0.3), now=lambda: NOW) as fetcher:
            fetched = await fetcher.fetch(source(f"https://127.0.0.1:{port}/", http2=True), {})
            assert fetched.problem == "did not connect within 0.3 s"

    asyncio.run(run())


def test_connections_that_were_left_are_closed(
    tls: ssl.SSLContext, settings: Make, source: MakeSource
) -> None:
    """Each request that runs out of time leaves one behind; a page beside it still comes."""

    async def check(server: Http2Server, fetcher: Fetcher) -> None:
        good = source(server.url("served"), http2=True)
        for name in ("hang", "hang-after-the-headers", "hang", "hang"):
            bad = source(server.url(name), http2=True)
            fetched, beside = await asyncio.gather(fetcher.fetch(bad, {}), fetcher.fetch(good, {}))
            assert "took longer" in fetched.problem
            assert body(beside) == PAGE
        assert body(await fetcher.fetch(good, {})) == PAGE
        async with asyncio.timeout(2):
            while server.open > 1:
                await asyncio.sleep(0.01)

    async def run() -> None:
        fetcher = Fetcher(settings(timeout=0.8), now=lambda: NOW)
        async with hostile_http2(tls) as server, fetcher:
            await check(server, fetcher)

    asyncio.run(run())
