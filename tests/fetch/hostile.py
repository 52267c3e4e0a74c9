"""A server on loopback that does to a client what the web does, and worse.

Each behaviour is a coroutine on the raw connection, reached by its name as path. `BEHAVIOURS` says
of each what the fetcher must make of it: a verdict (`genuine`, `blocked` …), `unchanged`, or words
of the problem.
"""

from __future__ import annotations

import asyncio
import gzip
import socket
import ssl
import struct
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import brotli
import trustme
import zstandard

PAGE = (
    b"<!doctype html><html lang=en><head><title>Pricing</title></head><body><h1>Pricing</h1>"
    b"<p>Alpha costs $5.00 per 1M tokens, Beta $7.00.</p></body></html>"
)
MEGABYTE = b"\0" * 1_000_000
LIMIT_WIRE, LIMIT_BODY, LIMIT_HEADERS = 200_000, 400_000, 8_192
HANG = 30.0
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class Exchange:
    """One request on one connection."""

    path: str
    headers: dict[str, str]
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    count: int
    """How many requests for this path came before."""

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def answer(
        self,
        body: bytes = PAGE,
        *headers: str,
        status: str = "200 OK",
        media_type: str | None = "text/html",
        length: int | None = None,
    ) -> None:
        lines = [f"HTTP/1.1 {status}", *headers]
        if media_type:
            lines.append(f"Content-Type: {media_type}")
        lines.append(f"Content-Length: {len(body) if length is None else length}")
        head = "\r\n".join([*lines, "Connection: close", "", ""])
        await self.send(head.encode("latin-1") + body)

    async def redirect(self, to: str, *headers: str, status: str = "302 Found") -> None:
        await self.answer(b"", f"Location: {to}", *headers, status=status)

    def reset(self) -> None:
        sock: socket.socket = self.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


Serve = Callable[[Exchange], Awaitable[None]]


@dataclass(frozen=True)
class Behaviour:
    serve: Serve
    expect: str
    retries: int = 0


BEHAVIOURS: dict[str, Behaviour] = {}


def behaves(expect: str, *, retries: int = 0) -> Callable[[Serve], Serve]:
    def register(serve: Serve) -> Serve:
        name = serve.__name__.replace("_", "-")  # type: ignore[attr-defined]
        BEHAVIOURS[name] = Behaviour(serve, expect, retries)
        return serve

    return register


def simply(name: str, expect: str, *args: object, **keys: object) -> None:
    """A behaviour that is one plain answer."""

    async def serve(x: Exchange) -> None:
        await x.answer(*args, **keys)  # type: ignore[arg-type]

    BEHAVIOURS[name] = Behaviour(serve, expect)


def raw(name: str, expect: str, data: bytes) -> None:
    """A behaviour that is bytes as they are, and the end of the connection."""

    async def serve(x: Exchange) -> None:
        await x.send(data)

    BEHAVIOURS[name] = Behaviour(serve, expect)


def redirecting(name: str, expect: str, to: str, **keys: str) -> None:
    async def serve(x: Exchange) -> None:
        await x.redirect(to, **keys)

    BEHAVIOURS[name] = Behaviour(serve, expect)


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"

# ── Silence and slowness ─────────────────────────────────────────────────────────────────────


@behaves("no answer came")
async def hang_before_the_answer(x: Exchange) -> None:
    await asyncio.sleep(HANG)


@behaves("no answer came")
async def hang_in_the_status_line(x: Exchange) -> None:
    await x.send(b"HTTP/1.1 2")
    await asyncio.sleep(HANG)


@behaves("no answer came")
async def hang_in_the_headers(x: Exchange) -> None:
    await x.send(HEAD)
    await asyncio.sleep(HANG)


@behaves("its body did not end")
async def hang_before_the_body(x: Exchange) -> None:
    await x.send(HEAD + b"Content-Length: 100\r\n\r\n")
    await asyncio.sleep(HANG)


@behaves("its body did not end")
async def hang_in_the_body(x: Exchange) -> None:
    await x.send(HEAD + b"Content-Length: 100000\r\n\r\n" + PAGE)
    await asyncio.sleep(HANG)


@behaves("its body did not end")
async def hang_after_a_body_without_length(x: Exchange) -> None:
    await x.send(HEAD + b"\r\n" + PAGE)
    await asyncio.sleep(HANG)


@behaves("genuine")
async def hang_after_the_whole_body(x: Exchange) -> None:
    await x.send(HEAD + b"Content-Length: %d\r\n\r\n" % len(PAGE) + PAGE)
    await asyncio.sleep(HANG)


@behaves("bytes a second")
async def drip_the_body(x: Exchange) -> None:
    await x.send(HEAD + b"Content-Length: 100000\r\n\r\n")
    while True:
        await x.send(b"x")
        await asyncio.sleep(0.02)


@behaves("bytes a second")
async def drip_chunks(x: Exchange) -> None:
    await x.send(CHUNKED)
    while True:
        await x.send(b"1\r\nx\r\n")
        await asyncio.sleep(0.02)


@behaves("no answer came")
async def drip_the_headers(x: Exchange) -> None:
    await x.send(HEAD)
    for number in range(1000):
        await x.send(b"X-%d: a\r\n" % number)
        await asyncio.sleep(0.02)


# ── Connections that end ─────────────────────────────────────────────────────────────────────


@behaves("closed the connection without an answer")
async def close_at_once(x: Exchange) -> None:
    x.writer.close()


@behaves("connection")
async def reset_at_once(x: Exchange) -> None:
    x.reset()


@behaves("connection")
async def reset_in_the_headers(x: Exchange) -> None:
    await x.send(HEAD)
    await asyncio.sleep(0.05)
    x.reset()


@behaves("the body broke off")
async def reset_in_the_body(x: Exchange) -> None:
    await x.send(HEAD + b"Content-Length: 100000\r\n\r\n" + PAGE)
    await asyncio.sleep(0.05)
    x.reset()


@behaves("genuine", retries=2)
async def reset_twice_then_serve(x: Exchange) -> None:
    if x.count < 2:
        x.reset()
    else:
        await x.answer()


raw("close-in-the-headers", "connection", HEAD)
simply("body-shorter-than-stated", "the body broke off", length=len(PAGE) + 100)
simply("body-longer-than-stated", "not valid HTTP", PAGE + b"<p>more</p>", length=len(PAGE))
raw("body-without-length", "genuine", HEAD + b"\r\n" + PAGE)
raw("chunk-cut", "the body broke off", CHUNKED + b"1000\r\n" + PAGE)
raw("chunks-without-end", "the body broke off", CHUNKED + b"%x\r\n%s\r\n" % (len(PAGE), PAGE))
raw("chunk-garbage", "", CHUNKED + b"zz\r\n" + PAGE)
raw("chunk-size-huge", "", CHUNKED + b"f" * 40 + b"\r\n" + PAGE)
raw("chunk-size-negative", "", CHUNKED + b"-5\r\n" + PAGE + b"\r\n0\r\n\r\n")
raw(
    "chunks-with-extensions-and-trailers",
    "genuine",
    CHUNKED + b"%x;a=b\r\n%s\r\n0\r\nX-Trailer: 1\r\n\r\n" % (len(PAGE), PAGE),
)

# ── Too much ─────────────────────────────────────────────────────────────────────────────────


@behaves("is longer than 200 KB")
async def endless_body(x: Exchange) -> None:
    await x.send(HEAD + b"\r\n")
    while True:
        await x.send(b"x" * 65536)


@behaves("is longer than 200 KB")
async def endless_chunks(x: Exchange) -> None:
    await x.send(CHUNKED)
    while True:
        await x.send(b"1000\r\n" + b"x" * 4096 + b"\r\n")


@behaves("")
async def endless_headers(x: Exchange) -> None:
    await x.send(HEAD)
    for number in range(10_000_000):
        await x.send(b"X-%d: %s\r\n" % (number, b"a" * 1000))


@behaves("")
async def endless_status_line(x: Exchange) -> None:
    await x.send(b"HTTP/1.1 200 ")
    while True:
        await x.send(b"O" * 65536)


raw("length-huge", "is longer than 200 KB", HEAD + b"Content-Length: 9999999999999\r\n\r\n" + PAGE)
simply("header-huge", "", PAGE, "X-Large: " + "a" * 100_000)
simply("headers-large-together", "headers are larger than 8.19 KB", PAGE,
       *(f"X-{n}: {'a' * 200}" for n in range(60)))  # fmt: skip
simply("headers-many", "", PAGE, *(f"X-{n}: a" for n in range(2000)))
simply("cookies-many", "genuine", PAGE, *(f"Set-Cookie: c{n}=1" for n in range(60)))

# ── Content codings ──────────────────────────────────────────────────────────────────────────


def _raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


PACKED = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.ZstdCompressor().compress,
}
for _coding, _pack in PACKED.items():
    _whole, _noise = _pack(PAGE), bytes(range(256)) * 4
    _says = f"Content-Encoding: {_coding}"
    simply(f"{_coding}-good", "genuine", _whole, _says)
    simply(f"{_coding}-bomb", "unpacks to more than 400 KB", _pack(MEGABYTE * 20), _says)
    simply(f"{_coding}-cut", "breaks off amid its", _whole[:-12], _says)
    simply(f"{_coding}-garbage", "is not valid", _noise, _says)
    simply(f"{_coding}-of-nothing", "empty", b"", _says)
simply("deflate-bare", "genuine", _raw_deflate(PAGE), "Content-Encoding: deflate")
simply("gzip-twice", "genuine", gzip.compress(gzip.compress(PAGE)), "Content-Encoding: gzip, gzip")
simply("gzip-members", "genuine", gzip.compress(PAGE[:40]) + gzip.compress(PAGE[40:]),
       "Content-Encoding: gzip")  # fmt: skip
simply("gzip-with-a-tail", "genuine", gzip.compress(PAGE) + b"tail", "Content-Encoding: x-gzip")
simply("gzip-bomb-in-a-bomb", "unpacks to more than 400 KB",
       gzip.compress(gzip.compress(MEGABYTE * 100)), "Content-Encoding: gzip, gzip")  # fmt: skip
simply("coding-unknown", "packed in an unknown way", PAGE, "Content-Encoding: rot13")
simply("codings-many", "packed 9 times", PAGE, "Content-Encoding: " + ",".join(["gzip"] * 9))
simply("coding-said-but-not-used", "is not valid gzip", PAGE, "Content-Encoding: gzip")

# ── Redirects and cookies ────────────────────────────────────────────────────────────────────

redirecting("redirect-to-itself", "redirects in a loop", "/redirect-to-itself")
redirecting("redirect-loop-a", "redirects in a loop", "/redirect-loop-b")
redirecting("redirect-loop-b", "redirects in a loop", "/redirect-loop-a")
redirecting("redirect-nowhere", "without saying where to", "")
redirecting("redirect-to-ftp", "redirects to a ftp: address", "ftp://127.0.0.1/x")
redirecting("redirect-to-a-file", "redirects to a file: address", "file:///etc/passwd")
redirecting("redirect-to-a-script", "redirects to a javascript: address", "javascript:alert(1)")
redirecting("redirect-to-garbage", "redirects to what is not an address", "http://[::1")
redirecting(
    "redirect-to-a-name-that-is-none", "redirects to what is not an address", "http://xn--a/"
)
redirecting("redirect-to-a-port-that-is-none", "", "http://127.0.0.1:99999/")
redirecting("redirect-within", "genuine", "/served/redirect-within", status="308 Permanent")
redirecting("redirect-home", "moved", "/")
simply("redirect-that-says-it-is-a-picture", "genuine", b"GIF",
       "Location: /served/redirect-that-says-it-is-a-picture", status="302 Found",
       media_type="image/gif")  # fmt: skip
redirecting("redirect-to-login", "blocked", "/login")
redirecting("redirect-to-a-dead-port", "refuses the connection", "http://127.0.0.1:9/")


@behaves("redirects more than 3 times")
async def redirect_on_and_on(x: Exchange) -> None:
    await x.redirect(f"/redirect-on-and-on?{x.count}")


@behaves("genuine")
async def cookie_needed(x: Exchange) -> None:
    if "seen=1" in x.headers.get("cookie", ""):
        await x.answer()
    else:
        await x.redirect("/cookie-needed", "Set-Cookie: seen=1; Path=/")


@behaves("redirects")
async def cookie_never_enough(x: Exchange) -> None:
    await x.redirect("/cookie-never-enough", f"Set-Cookie: n={x.count}; Path=/")


simply("cookie-set-for-two-paths", "genuine", PAGE,
       "Set-Cookie: a=1; Path=/", "Set-Cookie: a=2; Path=/cookie-set-for-two-paths")  # fmt: skip
simply("cookie-without-a-value", "genuine", PAGE, "Set-Cookie: seen; Path=/")
simply("cookies-of-garbage", "genuine", PAGE, "Set-Cookie: ;;=;", "Set-Cookie: a=b; Max-Age=9e99")


@behaves("genuine")
async def cookie_that_no_header_can_carry(x: Exchange) -> None:
    if x.count:
        await x.answer()
    else:
        await x.redirect("/cookie-that-no-header-can-carry?again", "Set-Cookie: a=\xe4; Path=/")


# ── Statuses ─────────────────────────────────────────────────────────────────────────────────

simply("status-401", "blocked", status="401 Unauthorized")
simply("status-403", "blocked", b"<h1>403 Forbidden</h1>", status="403 Forbidden")
simply("status-404", "missing", b"<h1>Not found</h1>", status="404 Not Found")
simply("status-410", "missing", b"", status="410 Gone")
simply("status-500", "error", b"<h1>Oops</h1>", status="500 Internal Server Error")
simply("status-204", "empty", b"", status="204 No Content")
simply("status-206", "truncated", status="206 Partial Content")
simply("status-200-of-nothing", "empty", b"")
simply("storm-of-429", "blocked", b"slow down", status="429 Too Many Requests")
simply("rest-for-an-hour", "error", b"", "Retry-After: 3600", status="503 Service Unavailable")
for _number, _rest in enumerate((
    "99999999999", "9" * 400, "3600, 3600", "3600.5", "Fri, 01 Jan 2027 00:00:00 GMT",
)):  # fmt: skip
    simply(f"rest-for-long-{_number}", "host asks to be left alone", b"", f"Retry-After: {_rest}",
           status="503 Service Unavailable")  # fmt: skip
    BEHAVIOURS[f"rest-for-long-{_number}"] = replace(
        BEHAVIOURS[f"rest-for-long-{_number}"], retries=1
    )
for _number, _rest in enumerate((
    "", "soon", "-5", "Thu, 01 Jan 99999999999999999999 00:00:00 GMT",
    "Thu, 01 Jan 2026 00:00:00 +99999999999999999999", "Thu, 99 Foo 0000",
)):  # fmt: skip
    simply(f"rest-for-nonsense-{_number}", "error", b"", f"Retry-After: {_rest}",
           status="503 Service Unavailable")  # fmt: skip
raw("not-modified-unasked", "answered 304", b'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\n\r\n')
raw("status-of-six-digits", "not valid HTTP", b"HTTP/1.1 999999 No\r\n\r\n")
raw("status-without-reason", "genuine", b"HTTP/1.1 200\r\nContent-Type: text/html\r\n\r\n" + PAGE)
raw(
    "early-hints",
    "genuine",
    b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + HEAD + b"\r\n" + PAGE,
)
raw("continue-unasked", "genuine", b"HTTP/1.1 100 Continue\r\n\r\n" + HEAD + b"\r\n" + PAGE)


@behaves("genuine", retries=2)
async def busy_once(x: Exchange) -> None:
    if x.count:
        await x.answer()
    else:
        await x.answer(b"", "Retry-After: 0", status="429 Too Many Requests")


@behaves("genuine", retries=2)
async def unavailable_once(x: Exchange) -> None:
    if x.count:
        await x.answer()
    else:
        await x.answer(
            b"", "Retry-After: Thu, 01 Jan 2026 00:00:00 GMT", status="503 Service Unavailable"
        )


@behaves("left alone for 3600 s", retries=2)
async def rest_for_an_hour_and_asked_again(x: Exchange) -> None:
    await x.answer(b"", "Retry-After: 3600", status="429 Too Many Requests")


# ── No HTTP, or bad HTTP ─────────────────────────────────────────────────────────────────────

raw("banner-of-another-protocol", "not valid HTTP", b"SSH-2.0-OpenSSH_9.6\r\n")
raw("body-without-a-head", "not valid HTTP", PAGE)
raw("frames-of-http-2", "not valid HTTP", b"\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0\x80" * 4)
raw("frame-of-http-2-reset", "not valid HTTP", b"\0\0\x04\x07\0\0\0\0\0" + b"\0\0\0\x0b" * 2)
raw("header-without-a-colon", "not valid HTTP", HEAD + b"oops\r\n\r\n" + PAGE)
raw("header-with-a-nul", "not valid HTTP", HEAD + b"X-A: b\0c\r\n\r\n" + PAGE)
raw("lengths-that-differ", "", HEAD + b"Content-Length: 5\r\nContent-Length: 9\r\n\r\n" + PAGE)
raw("length-and-chunks", "", CHUNKED[:-2] + b"Content-Length: 5\r\n\r\n0\r\n\r\n")
raw("length-that-is-no-number", "not valid HTTP", HEAD + b"Content-Length: five\r\n\r\n" + PAGE)
raw("nothing-but-noise", "not valid HTTP", bytes(range(256)) * 8)

# ── What the body is ─────────────────────────────────────────────────────────────────────────

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0" + b"\0" * 40
simply("picture", "is image/png", PNG, media_type="image/png")
simply("document-to-print", "is application/pdf", b"%PDF-1.7", media_type="application/pdf")
simply("picture-said-to-be-a-page", "says it is text/html, but is not text", PNG)
simply("archive-without-a-type", "is not text", b"PK\3\4" + b"\0" * 64, media_type=None)
simply("page-said-to-be-bytes", "genuine", media_type="application/octet-stream")
simply("page-without-a-type", "genuine", media_type=None)
simply("type-of-garbage", "genuine", media_type=";;;=\x01charset")
simply("page-with-nuls", "genuine", PAGE.replace(b"Pricing", b"Pri\0cing"))
simply("latin-1-said-to-be-utf-8", "genuine", PAGE.replace(b"Alpha", b"\xc4lpha"),
       media_type="text/html; charset=utf-8")  # fmt: skip
simply("utf-8-said-to-be-latin-1", "genuine", "Zähler".encode() + PAGE,
       media_type="text/html; charset=iso-8859-1")  # fmt: skip
simply("mark-of-utf-8", "genuine", b"\xef\xbb\xbf" + PAGE, media_type="text/html; charset=ascii")
simply("mark-of-utf-16", "genuine", PAGE.decode().encode("utf-16"))
simply("charset-that-is-a-codec", "genuine", media_type="text/html; charset=zlib_codec")
simply("charset-that-is-slow", "genuine", PAGE + b"a-" * 50_000,
       media_type="text/html; charset=punycode")  # fmt: skip
simply("charset-unknown", "genuine", media_type="text/html; charset=x-no-such")
simply("tags-nested-deep", "genuine", b"<div>" * 30_000 + PAGE)
simply("body-cut-by-the-maker", "truncated", PAGE[:-40].replace(b"<p>", b"<div><p>"))
simply(
    "challenge-as-200",
    "blocked",
    b"<html><head><title>Just a moment...</title></head><body><noscript>Enable JavaScript and"
    b" cookies to continue</noscript><script src=/challenge.js></script></body></html>",
)
simply(
    "shell", "shell", b"<html><body><div id=root></div><script src=/app.js></script></body></html>"
)
simply(
    "error-as-200", "error", b"<html><title>502 Bad Gateway</title><h1>502 Bad Gateway</h1></html>"
)


@behaves("genuine")
async def now_this_now_that(x: Exchange) -> None:
    """Another page every time: two replicas that are not in step."""
    await x.answer(PAGE.replace(b"5.00", b"%d.00" % (5 + x.count % 2)))


@behaves("genuine")
async def nonce_that_rotates(x: Exchange) -> None:
    await x.answer(PAGE.replace(b"</body>", b"<script nonce=%d></script></body>" % x.count))


@behaves("genuine")
async def two_answers_to_one_question(x: Exchange) -> None:
    """A second answer that waits on the connection for whoever asks next."""
    good = HEAD + b"Content-Length: %d\r\n\r\n" % len(PAGE) + PAGE
    await x.send(good + good.replace(b"Pricing", b"Hostile"))


# ── The server ───────────────────────────────────────────────────────────────────────────────


@dataclass
class Hostile:
    """A running server."""

    port: int
    asked: list[str] = field(default_factory=list)
    """Paths, in the order in which they were asked."""
    headers: list[dict[str, str]] = field(default_factory=list)
    """The headers of each request, names in lower case."""
    methods: list[str] = field(default_factory=list)
    """The method of each request."""
    robots: bytes = b""
    scheme: str = "http"

    def url(self, name: str, host: str = "127.0.0.1") -> str:
        return f"{self.scheme}://{host}:{self.port}/{name}"


@asynccontextmanager
async def hostile(*, tls: ssl.SSLContext | None = None) -> AsyncIterator[Hostile]:
    """Serve every behaviour on a free port of loopback."""
    running = Hostile(0, scheme="https" if tls else "http")
    tasks: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        with suppress(ConnectionError, asyncio.IncompleteReadError, TimeoutError):
            await _exchange(running, reader, writer)
        tasks.discard(task)
        with suppress(ConnectionError):
            writer.close()

    async with listening(connected, tasks, tls) as running.port:
        yield running


def served_with(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


@asynccontextmanager
async def listening(
    connected: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
    tasks: set[asyncio.Task[None]],
    tls: ssl.SSLContext | None = None,
) -> AsyncIterator[int]:
    """The port; in the end the tasks that serve it are ended."""
    server = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _exchange(
    running: Hostile, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    path = head[0].split(" ")[1]
    headers = dict(line.lower().split(": ", 1) for line in head[1:] if ": " in line)
    name = path.partition("?")[0].strip("/")
    count = sum(asked.partition("?")[0].strip("/") == name for asked in running.asked)
    running.asked.append(path)
    running.methods.append(head[0].split(" ")[0])
    running.headers.append(headers)
    x = Exchange(path, headers, reader, writer, count)
    if name in BEHAVIOURS:
        await BEHAVIOURS[name].serve(x)
    elif name == "robots.txt" and running.robots:
        await x.answer(running.robots, media_type="text/plain")
    elif name == "robots.txt":
        await x.answer(b"", status="404 Not Found")
    else:
        await x.answer()
