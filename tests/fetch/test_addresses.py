"""Which addresses may be connected to, and that it is the address used that counts."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import Any

import pytest
from hostile import NOW, hostile

from ratewire.config import FetchSettings
from ratewire.fetch.addresses import is_public
from ratewire.fetch.fetcher import Fetcher
from ratewire.model import Source


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "10.1.2.3", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.9.9.9",
        "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1",
        "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1",
        "255.255.255.255", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::1",
        "2002:7f00:1::", "2002:a00:1::1", "2001::1", "2001:db8::1", "3fff::1", "5f00::1",
        "100::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1",
    ],
)  # fmt: skip
def test_special_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1",
        "192.167.1.1", "223.255.255.255", "2606:4700:4700::1111", "2a00:1450:4001::1",
        "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1",
    ],
)  # fmt: skip
def test_other_addresses_are_public(address: str) -> None:
    assert is_public(address)


Make = Callable[..., FetchSettings]
MakeSource = Callable[..., Source]


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "LOCALHOST", "127.1", "2130706433", "0x7f.1", "017700000001",
     "[::1]", "[::ffff:127.0.0.1]", "127.0.0.1.", "a.localhost", "①②⑦.⓪.⓪.①", "0.0.0.0"],
)  # fmt: skip
def test_loopback_is_refused_however_it_is_written(
    host: str, settings: Make, source: MakeSource
) -> None:
    async def check() -> None:
        async with hostile() as server:
            async with Fetcher(settings(allow_private=False), now=lambda: NOW) as fetch:
                fetched = await fetch.fetch(source(f"http://{host}:{server.port}/x"), {})
            assert fetched.problem
            assert not server.asked

    asyncio.run(check())


def test_a_name_at_a_private_address_is_refused(
    settings: Make, source: MakeSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And one that leads elsewhere when it is looked up again (DNS rebinding) gains nothing."""
    answers = iter([["127.0.0.1"], ["10.0.0.1", "fd00::1"], ["127.0.0.1"]])

    def lookup(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        assert host == "rebinding.example"
        return [
            (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, port, 0, 0))
            if ":" in address
            else (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
            for address in next(answers)
        ]

    monkeypatch.setattr(socket, "getaddrinfo", lookup)

    async def check() -> None:
        for _ in range(3):
            async with Fetcher(settings(allow_private=False), now=lambda: NOW) as fetch:
                fetched = await fetch.fetch(source("http://rebinding.example:9/"), {})
                assert "rebinding.example is at" in fetched.problem
                assert "not a public address" in fetched.problem

    asyncio.run(check())


def test_a_redirect_inwards_is_refused(
    settings: Make, source: MakeSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first address is public as far as the guard can tell: a proxy stands before it."""

    async def check() -> None:
        async with hostile() as server:
            monkeypatch.setenv("http_proxy", server.url(""))
            monkeypatch.delenv("no_proxy", raising=False)
            monkeypatch.delenv("NO_PROXY", raising=False)
            async with Fetcher(settings(allow_private=False), now=lambda: NOW) as fetch:
                through = await fetch.fetch(source("http://acme.example/served/x"), {})
                assert through.capture is not None, through.problem
                assert server.asked == ["http://acme.example/served/x"]
                for inside in (
                    "169.254.169.254", "localhost", "[fd00:ec2::254]", "10.0.0.1", "localhost.",
                    "a.LOCALHOST.", "169.254.169.254.", "2852039166", "0xa9.0xfea9fe",
                    "169.254.43518", "127.1", "[fe80::1%25eth0]",
                    "[::ffff:10.0.0.1]", "127%2e0.0.1", "%6cocalhost", "127%252e0.0.1",
                    "%EF%BC%91%EF%BC%92%EF%BC%97.0.0.1", "127%E3%80%820.0.1",
                ):  # fmt: skip
                    fetched = await fetch.fetch(source(f"http://{inside}/latest/meta-data"), {})
                    assert "not a public address" in fetched.problem
                assert len(server.asked) == 1

    asyncio.run(check())
