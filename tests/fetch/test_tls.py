"""TLS errors are errors."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import trustme
from hostile import BEHAVIOURS, NOW, Behaviour, Exchange, hostile, served_with

from ratewire.config import FetchSettings
from ratewire.fetch.fetcher import Fetcher
from ratewire.model import Source

Make = Callable[..., FetchSettings]
MakeSource = Callable[..., Source]


@pytest.mark.parametrize(
    ("kind", "problem"),
    [
        ("good", ""),
        ("of another authority", "the certificate is not valid"),
        ("expired", "the certificate is not valid: certificate has expired"),
        ("of another host", "the certificate is not valid: IP address mismatch"),
    ],
)
def test_certificates(
    kind: str, problem: str, authority: trustme.CA, settings: Make, source: MakeSource
) -> None:
    match kind:
        case "of another authority":
            certificate = trustme.CA().issue_cert("127.0.0.1")
        case "expired":
            past = datetime.now(UTC) - timedelta(days=2)
            certificate = authority.issue_cert("127.0.0.1", not_after=past)
        case "of another host":
            certificate = authority.issue_cert("elsewhere.example")
        case _:
            certificate = authority.issue_cert("127.0.0.1")

    async def check() -> None:
        async with hostile(tls=served_with(certificate)) as server:
            async with Fetcher(settings(retries=2), now=lambda: NOW) as fetch:
                fetched = await fetch.fetch(source(server.url("served/x")), {})
            if problem:
                assert fetched.problem.startswith(problem)
                assert not server.asked
            else:
                assert fetched.capture is not None, fetched.problem

    asyncio.run(check())


def test_a_redirect_to_an_open_connection_is_refused(
    authority: trustme.CA, settings: Make, source: MakeSource
) -> None:
    async def check() -> None:
        certificate = authority.issue_cert("127.0.0.1")
        async with hostile() as plain, hostile(tls=served_with(certificate)) as server:

            async def downgrade(x: Exchange) -> None:
                await x.redirect(plain.url("served/x"))

            BEHAVIOURS["downgrade"] = Behaviour(downgrade, "")
            async with Fetcher(settings(), now=lambda: NOW) as fetch:
                fetched = await fetch.fetch(source(server.url("downgrade")), {})
            del BEHAVIOURS["downgrade"]
            assert fetched.problem == "redirects from https to http"
            assert not plain.asked

    asyncio.run(check())


def test_no_tls_where_tls_is_due(settings: Make, source: MakeSource) -> None:
    async def check() -> None:
        async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read(10)
            writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            writer.close()

        server = await asyncio.start_server(plain, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with server, Fetcher(settings(), now=lambda: NOW) as fetch:
            fetched = await fetch.fetch(source(f"https://127.0.0.1:{port}/"), {})
            assert fetched.problem.startswith("no secure connection")

    asyncio.run(check())


def test_a_handshake_that_hangs(settings: Make, source: MakeSource) -> None:
    async def check() -> None:
        async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read()
            writer.close()

        server = await asyncio.start_server(mute, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with server, Fetcher(settings(connect_timeout=0.3), now=lambda: NOW) as fetch:
            fetched = await fetch.fetch(source(f"https://127.0.0.1:{port}/"), {})
            assert fetched.problem == "did not connect within 0.3 s"

    asyncio.run(check())
