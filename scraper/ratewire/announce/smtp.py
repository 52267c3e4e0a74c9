"""Mail over SMTP (RFC 5321) with STARTTLS or implicit TLS, and AUTH; one connection for all.

The steps of a transaction are taken one by one, because it matters where one fails: before the
body's last line the message was certainly not accepted, after it nobody knows.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from email.utils import parseaddr
from typing import Generic, Protocol, TypeVar

from ratewire.announce.couriers import DeliveryResult, DeliveryStatus, Parcel, Subject
from ratewire.announce.mail import Letter, address_is_safe
from ratewire.config import EmailSettings, Site
from ratewire.wording.text import plain

__all__ = ["Postman", "connect", "hand_over", "verdict"]

_CLOSING = 421
_LONG = 2000
"""Characters of a reply that are looked at."""
_TOO_MUCH = 552
"""Exceeded storage allocation."""
_NOT_ALLOWED = frozenset({530, 534, 535, 538})
"""Replies of AUTH (RFC 4954)."""
_POLICY = re.compile(
    rb"\b(?:relay|authenticat|not permitted|not allowed|denied|policy|blocked|block ?list|"
    rb"black ?list|spam|reputation)",
    re.IGNORECASE,
)
_MAILBOX_FULL = ("2.2", "2.3")
_NOT_THE_ADDRESS = re.compile(r"1\.[78]$|[3457]\.")
"""The sender's address, the system, the network, the protocol, a policy."""
_LONGEST_REPLY = 100_000
"""Bytes of a reply that are read."""
T = TypeVar("T", bound=Subject)
Told = TypeVar("Told", bound=Subject, contravariant=True)


class LetterWriter(Protocol[Told]):
    """Makes letters of what is to be told."""

    def letter(self, telling: Told, now: datetime, *, personal: bool = False) -> Letter: ...


class Postman(Generic[T]):
    """The courier of emails."""

    def __init__(
        self,
        site: Site,
        environment: Mapping[str, str],
        clock: Callable[[], datetime],
        tls: ssl.SSLContext | None,
        letters: LetterWriter[T],
    ) -> None:
        self._settings: EmailSettings = site.announce.email
        self._password = environment.get(self._settings.password_env, "")
        self._sender = parseaddr(self._settings.sender)[1]
        self._letters = letters
        self._clock = clock
        self._tls = tls
        self._server: smtplib.SMTP | None = None
        self._last: tuple[T, bool, Letter] | None = None

    def deliver(self, parcel: Parcel[T], begin: Callable[[], None]) -> DeliveryResult:
        address = parcel.recipient.address
        if not address_is_safe(address):
            return DeliveryResult(DeliveryStatus.REFUSED, "is not one plain email address")
        if not address_is_safe(self._sender):
            return DeliveryResult(
                DeliveryStatus.DOWN, "announce.email.sender is not a plain email address"
            )
        recipient, links = parcel.recipient, parcel.recipient.links
        letter = self._letter(parcel.telling, personal=links is not None)
        data = letter.to(address, recipient.id, parcel.message.id, parcel.replies_to, links)
        back = self._settings.return_path or self._sender
        back = back.replace("{recipient}", links.serial if links else recipient.id)
        outcome = self._handed(back, address, data, begin)
        return replace(outcome, why=_nameless(outcome.why, address))

    def _handed(
        self, back: str, address: str, data: bytes, begin: Callable[[], None]
    ) -> DeliveryResult:
        try:
            server = self._server or self._connect()
        except (OSError, smtplib.SMTPException) as error:
            return DeliveryResult(DeliveryStatus.DOWN, f"{self._settings.host}: {_words(error)}")
        try:
            return self._transact(server, back, address, data, begin)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            return DeliveryResult(DeliveryStatus.LATER, _words(error))

    def close(self) -> None:
        if self._server is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._server.quit()
            self._server = None

    def _letter(self, telling: T, *, personal: bool) -> Letter:
        if self._last is None or self._last[:2] != (telling, personal):
            letter = self._letters.letter(telling, self._clock(), personal=personal)
            self._last = telling, personal, letter
        return self._last[2]

    def _connect(self) -> smtplib.SMTP:
        settings = self._settings
        if settings.security != "none" and self._tls is None:
            self._tls = ssl.create_default_context()
        self._server = connect(settings, self._password, self._tls)
        return self._server

    def _transact(
        self,
        server: smtplib.SMTP,
        back: str,
        address: str,
        data: bytes,
        begin: Callable[[], None],
    ) -> DeliveryResult:
        # Both addresses are plain addr-specs, which need none of smtplib's parsing.
        code, words = server.docmd("MAIL", f"FROM:<{back}>")
        if code != 250:
            return self._declined(server, code, words, of_sender=True)
        code, words = server.docmd("RCPT", f"TO:<{address}>")
        if code not in (250, 251):
            return self._declined(server, code, words)
        code, words = server.docmd("DATA")
        if code != 354:
            return self._declined(server, code, words)
        begin()
        try:
            code, words = hand_over(server, data)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            return DeliveryResult(DeliveryStatus.UNKNOWN, _words(error))
        if code == 250:
            return DeliveryResult(DeliveryStatus.ACCEPTED)
        return self._declined(server, code, words, after_body=True)

    def _declined(
        self,
        server: smtplib.SMTP,
        code: int,
        words: bytes,
        *,
        of_sender: bool = False,
        after_body: bool = False,
    ) -> DeliveryResult:
        """A reply that is not consent; the connection is made fit for the next transaction."""
        why = f"{code} {plain(words.decode('ascii', 'replace'), _LONG)}"
        if code == _CLOSING or code < 200:
            self._drop()
        elif not after_body:
            server.rset()
        if of_sender and 500 <= code < 600:
            return DeliveryResult(
                DeliveryStatus.DOWN, f"{self._settings.host} refuses the sender: {why}"
            )
        return DeliveryResult(verdict(code, words), why)

    def _drop(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None


class _Replies:
    """Lines of a server's replies, each reply in time and of bounded length.

    The timeout of a socket holds for each read, so a reply that drips a byte at a time never ends.
    """

    def __init__(self, sock: socket.socket, within: float) -> None:
        self._sock, self._within = sock, within
        self._left = b""

    def expect(self) -> None:
        """The next reply has to come from now on."""
        self._deadline = time.monotonic() + self._within
        self._read = 0

    def readline(self, limit: int) -> bytes:
        while b"\n" not in self._left and len(self._left) < limit:
            left = self._deadline - time.monotonic()
            if left <= 0 or self._read > _LONGEST_REPLY:
                raise TimeoutError(f"no whole reply within {self._within:g} s")
            self._sock.settimeout(left)
            chunk = self._sock.recv(4096)
            if not chunk:
                break
            self._read += len(chunk)
            self._left += chunk
        self._sock.settimeout(self._within)
        end = self._left.find(b"\n") + 1 or len(self._left)
        line, self._left = self._left[: min(end, limit)], self._left[min(end, limit) :]
        return line

    def close(self) -> None:
        """The socket is the server's to close."""


class _InTime(smtplib.SMTP):
    """Waits for each whole reply no longer than for one read."""

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock is not None:
            self.file = _Replies(self.sock, self.timeout)
        if self.file is not None:
            self.file.expect()
        return super().getreply()


class _InTimeOverTls(_InTime, smtplib.SMTP_SSL):
    """With TLS from the start."""


def connect(settings: EmailSettings, password: str, tls: ssl.SSLContext | None) -> smtplib.SMTP:
    """A connection over which mail can be sent. Raises OSError, smtplib.SMTPException."""
    if settings.security == "tls":
        server: smtplib.SMTP = _InTimeOverTls(
            settings.host, settings.port, timeout=settings.timeout, context=tls
        )
    else:
        server = _InTime(settings.host, settings.port, timeout=settings.timeout)
    try:
        server.ehlo_or_helo_if_needed()
        if settings.security == "starttls":
            server.starttls(context=tls)  # raises where the server offers none
            server.ehlo()
        if settings.user:
            server.login(settings.user, password)
    except (OSError, smtplib.SMTPException):
        server.close()
        raise
    return server


def hand_over(server: smtplib.SMTP, data: bytes) -> tuple[int, bytes]:
    """Send a body whose lines end in CRLF, dots doubled, and wait for the answer.

    In one go: a last line on its own would wait for the acknowledgement of what went before.
    """
    stuffed = (b"." + data if data.startswith(b".") else data).replace(b"\r\n.", b"\r\n..")
    server.send(stuffed.removesuffix(b"\r\n") + b"\r\n.\r\n")
    return server.getreply()


def verdict(code: int, words: bytes) -> DeliveryStatus:
    """What a reply other than consent to a recipient or a message means (RFC 5321, RFC 3463).

    REFUSED: the address takes no mail. BARRED: the server relays no mail for this sender, or
    not this message, whoever it is for: relaying, authentication, policy, a fault of its own.
    LATER: anything that may pass, a full mailbox included.
    """
    if not 500 <= code < 600 or code == _TOO_MUCH:
        return DeliveryStatus.LATER
    status = re.match(rb"5\.(\d{1,3}\.\d{1,3})(?!\d)", words)
    if status is None:
        barred = code in _NOT_ALLOWED or _POLICY.search(words[:_LONG])
        return DeliveryStatus.BARRED if barred else DeliveryStatus.REFUSED
    detail = status[1].decode("ascii")
    if detail in _MAILBOX_FULL:
        return DeliveryStatus.LATER
    return DeliveryStatus.BARRED if _NOT_THE_ADDRESS.match(detail) else DeliveryStatus.REFUSED


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error
        shown = text.decode("ascii", "replace") if isinstance(text, bytes) else str(text)
        return f"{error.smtp_code} {plain(shown, _LONG)}"
    return plain(str(error), _LONG) or type(error).__name__


def _nameless(said: str, address: str) -> str:
    """Servers like to repeat whom they refuse, and what they say is logged and kept in git."""
    name = address.rpartition("@")[0]
    said = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "…", said, flags=re.IGNORECASE)
    return plain(re.sub(r"[^\s<>(]*@[^\s<>),;]*", "…", said), 200)
