"""Proxies that the environment names: for which addresses, with which credentials."""

from __future__ import annotations

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
import trustme
from hostile import NOW, PAGE, hostile, served_with
from hostile_http2 import hostile_http2

from ratewire.config import FetchSettings
from ratewire.fetch.fetcher import Fetcher
from ratewire.model import Source

Make = Callable[..., FetchSettings]
MakeSource = Callable[..., Source]
NAMES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


class Tunnel:
    """A proxy that takes every CONNECT to one port of loopback."""

    def __init__(self, port: int) -> None:
        self.to, self.port = port, 0
        self.asked: list[str] = []
        self.credentials: list[str] = []

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        self.asked.append(head[0].rsplit(" ", 1)[0])
        self.credentials += [line.split(" ")[-1] for line in head if line[:11] == "Proxy-Autho"]
        there, back = await asyncio.open_connection("127.0.0.1", self.to)
        writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")
        with suppress(ConnectionError):
            await asyncio.gather(_pipe(reader, back), _pipe(there, writer))


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
        await writer.drain()
    writer.close()


@asynccontextmanager
async def tunnel(port: int) -> AsyncIterator[Tunnel]:
    proxy = Tunnel(port)
    server = await asyncio.start_server(proxy.connected, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()


@pytest.mark.parametrize("http2", [False, True])
def test_a_secure_page_comes_through_a_tunnel(
    http2: bool, tls: ssl.SSLContext, settings: Make, source: MakeSource,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    async def run() -> None:
        async with (
            hostile_http2(tls) if http2 else hostile(tls=tls) as server,
            tunnel(server.port) as proxy,
        ):
            address = f"http://reader:secret@127.0.0.1:{proxy.port}"
            monkeypatch.setenv("https_proxy", address)
            # The proxy's own address passes the guard, and nothing else inside does.
            fetcher = Fetcher(settings(allow_private=False), now=lambda: NOW)
            async with fetcher:
                page = source("https://acme.example/served", http2=http2)
                fetched = await fetcher.fetch(page, {})
            assert fetched.capture is not None, fetched.problem
            assert fetched.capture.body == PAGE
            assert proxy.asked == ["CONNECT acme.example:443"]
            expected = base64.b64encode(b"reader:secret").decode()
            assert proxy.credentials == [expected]

    asyncio.run(run())


@pytest.mark.parametrize(
    ("environment", "through"),
    [
        ({"http_proxy": "{proxy}"}, True),
        ({"http_proxy": "127.0.0.1:{port}"}, True),
        ({"all_proxy": "{proxy}"}, True),
        ({"https_proxy": "{proxy}"}, False),
        ({"http_proxy": "{proxy}", "no_proxy": "127.0.0.1"}, False),
        ({"http_proxy": "{proxy}", "no_proxy": "*"}, False),
        ({"http_proxy": "{proxy}", "no_proxy": "elsewhere.example"}, True),
        ({}, False),
    ],
)
def test_which_pages_come_through_a_proxy(
    environment: dict[str, str], through: bool, settings: Make, source: MakeSource,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    async def run() -> None:
        async with hostile() as proxy, hostile() as host:
            for name, value in environment.items():
                monkeypatch.setenv(name, value.format(proxy=proxy.url(""), port=proxy.port))
            async with Fetcher(settings(), now=lambda: NOW) as fetcher:
                fetched = await fetcher.fetch(source(host.url("served/x")), {})
            assert fetched.capture is not None, fetched.problem
            assert (len(proxy.asked), len(host.asked)) == ((1, 0) if through else (0, 1))

    asyncio.run(run())


@pytest.mark.parametrize("trusted", [True, False])
def test_a_proxy_over_tls_shows_a_certificate_for_pages_without_any(
    trusted: bool, tls: ssl.SSLContext, settings: Make, source: MakeSource,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    stranger = served_with(trustme.CA().issue_cert("127.0.0.1"))

    async def run() -> None:
        async with hostile(tls=tls if trusted else stranger) as proxy, hostile() as host:
            monkeypatch.setenv("http_proxy", f"https://127.0.0.1:{proxy.port}")
            async with Fetcher(settings(), now=lambda: NOW) as fetcher:
                fetched = await fetcher.fetch(source(host.url("served/x")), {})
        assert (len(proxy.asked), len(host.asked)) == (int(trusted), 0)
        assert (fetched.capture is not None) == trusted
        assert trusted or "certificate" in fetched.problem

    asyncio.run(run())


def test_credentials_of_a_netrc_are_nobody_s_business(
    settings: Make, source: MakeSource, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password secret\n")
    (tmp_path / "netrc").chmod(0o600)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))

    async def run() -> None:
        async with hostile() as server:
            async with Fetcher(settings(), now=lambda: NOW) as fetcher:
                await fetcher.fetch(source(server.url("served/x")), {})
            assert "authorization" not in server.headers[0]

    asyncio.run(run())


@pytest.mark.parametrize("http2", [False, True])
def test_a_proxy_of_another_kind_is_said(
    http2: bool, settings: Make, source: MakeSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("all_proxy", "socks5h://reader:secret@127.0.0.1:9")

    async def run() -> None:
        async with Fetcher(settings(allow_private=False), now=lambda: NOW) as fetcher:
            fetched = await fetcher.fetch(source("https://acme.example/", http2=http2), {})
        assert "its proxy is one for socks5h" in fetched.problem
        assert "secret" not in repr(fetched)

    asyncio.run(run())
