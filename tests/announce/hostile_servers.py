"""Servers on loopback that answer as no honest one does, each connection by a script."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

PACE = 0.05
"""Seconds between two bytes of what drips."""


@dataclass
class Hostile:
    """One such server; `play` has the whole of each connection."""

    play: Callable[[socket.socket], None]
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
def hostile(play: Callable[[socket.socket], None]) -> Iterator[Hostile]:
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


def drip(connection: socket.socket, data: bytes = b"x" * 400) -> None:
    """A byte at a time: each read of the client succeeds, and the whole takes twenty seconds."""
    for byte in data:
        connection.sendall(bytes([byte]))
        time.sleep(PACE)


def flood(data: bytes) -> Callable[[socket.socket], None]:
    """The same for ever, as fast as it is taken."""

    def play(connection: socket.socket) -> None:
        while True:
            connection.sendall(data * 1000)

    return play
