"""A server on loopback that speaks HTTP/2 only, well and badly: the behaviours of `hostile` that
are HTTP/2's own.

`BEHAVIOURS` says of each what the fetcher must make of it: `genuine`, or words of the problem.
"""

from __future__ import annotations

import asyncio
import gzip
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import RequestReceived, WindowUpdated
from h2.exceptions import ProtocolError
from hostile import HANG, LIMIT_HEADERS, MEGABYTE, PAGE, listening


@dataclass
class Stream:
    """One request on a connection that may carry others."""

    id: int
    headers: dict[str, str]
    http2: H2Connection
    writer: asyncio.StreamWriter
    count: int
    """How many requests for this path came before."""
    window: asyncio.Event

    def head(self, *more: tuple[str, str], status: str = "200", end: bool = False) -> None:
        whole = [(":status", status), ("content-type", "text/html"), *more]
        self.http2.send_headers(self.id, whole, end_stream=end)

    async def flush(self) -> None:
        self.writer.write(self.http2.data_to_send())
        await self.writer.drain()

    async def send(self, body: bytes, *, end: bool = False) -> None:
        """As the client's windows allow."""
        while body:
            room = min(
                self.http2.local_flow_control_window(self.id), self.http2.max_outbound_frame_size
            )
            if room <= 0:
                self.window.clear()
                await self.window.wait()
                continue
            self.http2.send_data(self.id, body[:room])
            body = body[room:]
            await self.flush()
        if end:
            self.http2.end_stream(self.id)
            await self.flush()

    async def page(self, body: bytes = PAGE, *more: tuple[str, str], status: str = "200") -> None:
        self.head(*more, status=status)
        await self.send(body, end=True)


Serve = Callable[[Stream], Awaitable[None]]
BEHAVIOURS: dict[str, tuple[Serve, str]] = {}


def behaves(expect: str) -> Callable[[Serve], Serve]:
    def register(serve: Serve) -> Serve:
        BEHAVIOURS[serve.__name__.replace("_", "-")] = serve, expect  # type: ignore[attr-defined]
        return serve

    return register


@behaves("genuine")
async def served(s: Stream) -> None:
    await s.page()


@behaves("genuine")
async def compressed(s: Stream) -> None:
    await s.page(gzip.compress(PAGE), ("content-encoding", "gzip"))


@behaves("genuine")
async def in_many_frames(s: Stream) -> None:
    s.head()
    for at in range(0, len(PAGE), 7):
        await s.send(PAGE[at : at + 7])
    await s.send(b"", end=True)


@behaves("genuine")
async def pings_first(s: Stream) -> None:
    for number in range(500):
        s.http2.ping(number.to_bytes(8, "big"))
    await s.page()


@behaves("genuine")
async def page_and_farewell(s: Stream) -> None:
    """The connection takes no more requests, and this one is answered."""
    await s.page()
    s.http2.close_connection()
    await s.flush()


@behaves("reset the stream")
async def reset_before_the_answer(s: Stream) -> None:
    s.http2.reset_stream(s.id, ErrorCodes.REFUSED_STREAM)
    await s.flush()


@behaves("reset the stream")
async def reset_in_the_body(s: Stream) -> None:
    s.head()
    await s.send(PAGE[:20])
    s.http2.reset_stream(s.id, ErrorCodes.INTERNAL_ERROR)
    await s.flush()


@behaves("ended the connection")
async def farewell_before_the_answer(s: Stream) -> None:
    s.http2.close_connection(ErrorCodes.ENHANCE_YOUR_CALM, last_stream_id=0)
    await s.flush()


@behaves("closed the connection")
async def closed_in_the_body(s: Stream) -> None:
    s.head()
    await s.send(PAGE[:20])
    s.writer.close()


@behaves("took longer than")
async def a_frame_without_end(s: Stream) -> None:
    s.writer.write(b"\x00\x3f\xff\x00\x00" + s.id.to_bytes(4, "big"))
    await s.writer.drain()


@behaves("not valid HTTP")
async def a_frame_of_no_stream(s: Stream) -> None:
    s.writer.write(b"\x00\x00\x04\x00\x00\x00\x00\x00\x00" + b"none")
    await s.writer.drain()


@behaves("not valid HTTP")
async def longer_than_it_said(s: Stream) -> None:
    s.head(("content-length", "10"))
    with suppress(ProtocolError):
        await s.send(PAGE)
    raw = b"".join((len(PAGE).to_bytes(3, "big"), b"\0\1", s.id.to_bytes(4, "big"), PAGE))
    s.writer.write(raw)
    await s.writer.drain()


@behaves("the headers are larger than")
async def headers_over_the_limit(s: Stream) -> None:
    await s.page(PAGE, ("x-long", "x" * LIMIT_HEADERS))


@behaves("not valid HTTP")
async def headers_without_measure(s: Stream) -> None:
    await s.page(PAGE, *((f"x-{n}", "x" * 4000) for n in range(64)))


@behaves("longer than")
async def endless_body(s: Stream) -> None:
    s.head()
    while True:
        await s.send(MEGABYTE)


@behaves("unpacks to more than")
async def bomb(s: Stream) -> None:
    await s.page(gzip.compress(MEGABYTE * 20), ("content-encoding", "gzip"))


@behaves("bytes a second")
async def drip(s: Stream) -> None:
    s.head()
    for at in range(len(PAGE)):
        await s.send(PAGE[at : at + 1])
        await asyncio.sleep(0.05)


@behaves("took longer than")
async def hang(s: Stream) -> None:
    await asyncio.sleep(HANG)


@behaves("took longer than")
async def hang_after_the_headers(s: Stream) -> None:
    s.head()
    await s.flush()
    await asyncio.sleep(HANG)


@behaves("redirects in a loop")
async def round_and_round(s: Stream) -> None:
    s.head(("location", "/round-and-round"), status="302", end=True)
    await s.flush()


@behaves("a question without conditions")
async def unchanged_unasked(s: Stream) -> None:
    s.head(status="304", end=True)
    await s.flush()


# ── The server ───────────────────────────────────────────────────────────────────────────────


@dataclass
class Http2Server:
    port: int = 0
    asked: list[str] = field(default_factory=list)
    connections: int = 0
    open: int = 0
    """Connections that the other side has not closed."""

    def url(self, name: str) -> str:
        return f"https://127.0.0.1:{self.port}/{name}"


@asynccontextmanager
async def hostile_http2(tls: ssl.SSLContext) -> AsyncIterator[Http2Server]:
    """Serve every behaviour on a free port; who does not offer HTTP/2 gets no connection."""
    running = Http2Server()
    tasks: set[asyncio.Task[None]] = set()
    tls.set_alpn_protocols(["h2"])

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.current_task())  # type: ignore[arg-type]
        with suppress(ConnectionError, ProtocolError, ssl.SSLError):
            if writer.get_extra_info("ssl_object").selected_alpn_protocol() == "h2":
                running.connections += 1
                running.open += 1
                try:
                    await _connection(running, reader, writer, tasks)
                finally:
                    running.open -= 1
            else:  # OpenSSL goes on without a protocol where the client offers none
                writer.write(
                    b"HTTP/1.1 505 HTTP Version Not Supported\r\nContent-Length: 0\r\n\r\n"
                )
                await writer.drain()
        with suppress(ConnectionError, ssl.SSLError):
            writer.close()

    async with listening(connected, tasks, tls) as running.port:
        yield running


async def _connection(
    running: Http2Server,
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    tasks: set[asyncio.Task[None]],
) -> None:
    # The server must be able to say what is wrong.
    config = H2Configuration(client_side=False, validate_outbound_headers=False)
    http2, window = H2Connection(config), asyncio.Event()
    http2.initiate_connection()
    writer.write(http2.data_to_send())
    while data := await reader.read(65_536):
        for event in http2.receive_data(data):
            if isinstance(event, WindowUpdated):
                window.set()
            if isinstance(event, RequestReceived):
                said = {name.decode(): value.decode() for name, value in event.headers or ()}
                name = said[":path"].strip("/")
                count = running.asked.count(name)
                running.asked.append(name)
                assert event.stream_id is not None
                stream = Stream(event.stream_id, said, http2, writer, count, window)
                tasks.add(asyncio.create_task(_served(stream, name)))
        writer.write(http2.data_to_send())
        await writer.drain()


async def _served(stream: Stream, name: str) -> None:
    with suppress(ConnectionError, ProtocolError, ssl.SSLError):
        await BEHAVIOURS[name][0](stream)
