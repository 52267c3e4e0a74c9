"""Servers on loopback that answer as no honest one does, each connection by a script."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

__all__ = [
    "ANSWERS", "MAIL", "Hostile", "Play", "after_the_request", "drip", "flood", "hostile",
    "pass_on", "say", "script", "then",
]  # fmt: skip

PACE = 0.05
"""Seconds between two bytes of what drips."""

Play = Callable[[socket.socket], object]


@dataclass
class Hostile:
    """One such server; `play` has the whole of each connection."""

    play: Play
    port: int = 0
    connections: int = 0
    finished: list[bool] = field(default_factory=list)
    """For each connection whether all was said before the client hung up."""

    def talk(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            try:
                self.play(connection)
            except OSError:
                self.finished.append(False)
            else:
                self.finished.append(True)


@contextlib.contextmanager
def hostile(play: Play) -> Iterator[Hostile]:
    there = Hostile(play)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        there.port = listening.getsockname()[1]

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = listening.accept()
                    there.connections += 1
                    threading.Thread(target=there.talk, args=(connection,), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        yield there


# ── What a connection says ───────────────────────────────────────────────────────────────────


def say(data: bytes) -> Play:
    return lambda connection: connection.sendall(data)


def then(*steps: Play) -> Play:
    def played(connection: socket.socket) -> None:
        for step in steps:
            step(connection)

    return played


def drip(connection: socket.socket, data: bytes = b"x" * 400) -> None:
    """A byte at a time: each read of the client succeeds, and the whole takes twenty seconds."""
    for byte in data:
        connection.sendall(bytes([byte]))
        time.sleep(PACE)


def flood(data: bytes) -> Play:
    """The same for ever, as fast as it is taken."""

    def play(connection: socket.socket) -> None:
        while True:
            connection.sendall(data * 1000)

    return play


def pass_on(port: int) -> Play:
    """To an honest server on loopback, and its answers back."""

    def pump(one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(65_536):
                other.sendall(data)
        with contextlib.suppress(OSError):
            other.shutdown(socket.SHUT_WR)

    def play(connection: socket.socket) -> None:
        with socket.create_connection(("127.0.0.1", port)) as honest:
            threading.Thread(target=pump, args=(honest, connection), daemon=True).start()
            pump(connection, honest)

    return play


def after_the_request(play: Play) -> Play:
    return then(lambda connection: connection.recv(65_536), play)


def _moved(place: bytes) -> Play:
    return say(b"HTTP/1.1 302 Found\r\nlocation: " + place + b"\r\ncontent-length: 0\r\n\r\n")


def _head(status: bytes, *headers: bytes) -> bytes:
    return b"\r\n".join((b"HTTP/1.1 " + status, *headers, b"", b""))


_OK = b"HTTP/1.1 204 No Content\r\n"
ANSWERS: dict[str, Play] = {
    "drips its first line": drip,
    "drips its headers": then(say(_OK + b"x: "), drip),
    "floods headers": then(say(_OK), flood(b"a: b\r\n")),
    "one endless header": then(say(_OK + b"x: "), flood(b"y")),
    "no HTTP": say(b"\x00\xff\r\n\r\n"),
    "no status": say(b"HTTP/1.1 9999999 No\r\n\r\n"),
    "hangs up": say(b"HTTP/1.1 2"),
    "closes": socket.socket.close,
    "moved to no address": _moved(b"http://[::1"),
    "moved to no name": _moved(b"http://\xff\xfe/"),
    "moved to no host": _moved(b"//"),
    "moved to no port": _moved(b"http://a:99999999/"),
    "moved to a control character": _moved(b"\x01"),
    "moved to no IDNA name": _moved(b"http://xn--/"),
    "moved to an endless name": _moved(b"http://" + b"a" * 300 + b"/"),
    "moved to an endless query": _moved(b"?" * 70_000),
    "asks to wait a thousand years": say(
        _head(b"503 Busy", b"retry-after: 31536000000", b"content-length: 0")
    ),
    "asks to wait for no time": say(_head(b"429 No", b"retry-after: soon", b"content-length: 0")),
    "a wall": say(_head(b"403 Forbidden", b"content-length: 6") + b"Denied"),
    "an error of its own": say(_head(b"500 Error", b"content-length: 0")),
}
"""Answers to an HTTP request, none of which is consent, nor a page."""


# ── Mail ─────────────────────────────────────────────────────────────────────────────────────


def script(*replies: Play) -> Play:
    """The greeting, then a reply for each thing that the client says."""

    def played(connection: socket.socket) -> None:
        for number, reply in enumerate(replies):
            if number and not connection.recv(65_536):
                return
            reply(connection)
        connection.recv(65_536)

    return played


_GREETING = b"220 mx.example ESMTP\r\n"
_DELIVERED = tuple(
    map(say, (_GREETING, b"250 mx.example\r\n", b"250 OK\r\n", b"250 OK\r\n", b"354 Go on\r\n"))
)
"""Up to the body."""
_STEPS = range(len(_DELIVERED) + 1)
MAIL: dict[str, Play] = {
    "floods its greeting": script(flood(b"220-more\r\n")),
    "one endless line": script(flood(b"2")),
    "no reply": script(say(b"\x00\xff\x00\r\n")),
    "no mail server": script(say(b"HTTP/1.1 400 Bad Request\r\n\r\n")),
    **{f"drips reply {step}": script(*_DELIVERED[:step], drip) for step in _STEPS},
    **{f"hangs up at {step}": script(*_DELIVERED[:step], socket.socket.close) for step in _STEPS},
    **{
        f"refuses at {step}": script(*_DELIVERED[:step], say(b"550 relay not permitted\r\n"))
        for step in _STEPS
    },
    **{
        f"puts off at {step}": script(*_DELIVERED[:step], say(b"451 try again later\r\n"))
        for step in _STEPS
    },
}
"""Conversations in which no mail is taken for certain."""
