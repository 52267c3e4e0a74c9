"""Servers that tests of announcing talk to, and the desk they announce from."""

from __future__ import annotations

import email
import email.policy
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from typing import Any

from sample_changes import NOW

from ratewire.announce import AnnounceReport, announce
from ratewire.config import Site
from ratewire.model import Change
from ratewire.record.directory import DirectoryStore


@dataclass
class MailServer:
    """Takes mail; `rcpt` and `data` may answer otherwise."""

    mails: list[tuple[str, bytes]] = field(default_factory=list)
    rcpt: Callable[[str], str] = lambda address: "250 OK"
    data: Callable[[str], str] = lambda address: "250 OK"
    host: str = ""
    port: int = 0

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        answer = self.rcpt(address)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        (address,) = envelope.rcpt_tos
        answer = self.data(address)
        if answer == "hang up":
            self.mails.append((address, envelope.original_content))
            server.transport.abort()
            return "250 never sent"
        if answer.startswith("250"):
            self.mails.append((address, envelope.original_content))
        return answer

    @property
    def messages(self) -> list[EmailMessage]:
        return [parsed(body) for _, body in self.mails]

    @property
    def addresses(self) -> list[str]:
        return [address for address, _ in self.mails]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


def parsed(body: bytes) -> EmailMessage:
    return email.message_from_bytes(body, policy=email.policy.default)


@dataclass
class HttpServer:
    """Takes POSTs; `answers` are given in turn, the last ever after: a status, headers. While
    `hold` is not set, none is given.
    """

    url: str
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=lambda: [(204, {})])
    seen: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    hold: threading.Event | None = None


@dataclass
class Desk:
    """A site with a store, from which to announce."""

    site: Site
    store: DirectoryStore
    environment: dict[str, str] = field(default_factory=dict)
    pauses: list[float] = field(default_factory=list)

    def record(self, *changes: Change) -> None:
        for change in changes:
            self.store.save(change.source, None, None, [change])

    def announce(self, now: datetime = NOW, **more: Any) -> AnnounceReport:
        return announce(
            self.site, self.store, now=now, environment=self.environment,
            pause=self.pauses.append, **more,
        )  # fmt: skip
