"""Mail that came back, and complaints: whose it was and what it means. Pure.

Delivery reports are those of RFC 3464 (statuses: RFC 3463), complaints those of RFC 5965. Who it
is about is told, best first, by the address that the report went to (`bounces+SERIAL@…`), by the
unsubscribing link or the Message-ID of the mail that is returned in it, and last by the address
that it names. Anybody can send a report that names an address; a serial only who got the mail.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import Message
from urllib.parse import parse_qs, urlsplit

__all__ = ["DeliveryReport", "is_hard", "read_report"]

_MOST_BYTES = 1_000_000
_MOST_OF_A_HEADER = 10_000
_LINK = re.compile(r"<(https?://[^<>]+)>")
_SERIAL = re.compile(r"[+=-]([0-9a-f]{32})@", re.IGNORECASE)
_OUR_ID = re.compile(r"<\d+\.([0-9a-f]{32})@")
_TO = ("to", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to")
_NOT_THE_ADDRESS = re.compile(r"5\.(?:2\.2|2\.3|3\.\d+|4\.\d+|7\.\d+)$")
"""A full mailbox, a mail too large, the system, the network, a policy: no fault of the address."""


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """One recipient's."""

    serial: str = ""
    """Proven; empty: not known."""
    address: str = field(default="", repr=False)
    """As the report claims it."""
    hard: bool = False
    """The address will not take mail, ever."""
    complaint: bool = False


def read_report(data: bytes, serial_of: Callable[[str], str]) -> tuple[DeliveryReport, ...]:
    """What a mail reports, one for each recipient that failed; empty: it is no such report.

    `serial_of` reads an unsubscribing link's token and raises ValueError where it is not ours.
    Raises nothing for a mail that is damaged.
    """
    try:
        message = email.message_from_bytes(data[:_MOST_BYTES], policy=email.policy.compat32)
    except RecursionError:  # parts nested by the hundred: no honest report
        return ()
    kind = _text(message.get_param("report-type", "")).lower()
    parts = list(_parts(message))
    serial = _serial(message, parts, serial_of)
    if kind == "feedback-report" or _of(parts, "message/feedback-report"):
        return tuple(_complaints(parts, serial))
    return tuple(_failures(parts, serial))


def is_hard(status: str) -> bool:
    """Whether an enhanced status (RFC 3463) says that the address will not take mail, ever."""
    return status.startswith("5") and not _NOT_THE_ADDRESS.match(status)


def _parts(message: Message) -> Iterator[Message]:
    """All parts, those of what is enclosed included; not deeper than any honest report."""
    waiting = [(message, 0)]
    while waiting:
        part, depth = waiting.pop(0)
        yield part
        content = part.get_payload()
        if isinstance(content, list) and depth < 6:
            waiting += [(one, depth + 1) for one in content[:50] if isinstance(one, Message)]


def _of(parts: list[Message], kind: str) -> list[Message]:
    return [part for part in parts if part.get_content_type() == kind]


def _serial(message: Message, parts: list[Message], serial_of: Callable[[str], str]) -> str:
    for name in _TO:
        for value in message.get_all(name, ()):
            if found := _SERIAL.search(_text(value)):
                return found[1].lower()
    for part in _returned(parts):
        for token in _tokens(_text(part.get("list-unsubscribe", ""))):
            with suppress(ValueError):
                return serial_of(token)
        if found := _OUR_ID.search(_text(part.get("message-id", ""))):
            return found[1]
    return ""


def _tokens(unsubscribe: str) -> Iterator[str]:
    """Those of the links in a List-Unsubscribe (RFC 2369)."""
    for link in _LINK.findall(unsubscribe[:_MOST_OF_A_HEADER]):
        with suppress(ValueError):
            yield from parse_qs(urlsplit(link).query).get("t", ())


def _returned(parts: list[Message]) -> Iterator[Message]:
    """The mail that the report is about, or its headers."""
    for part in _of(parts, "message/rfc822"):
        content = part.get_payload()
        if isinstance(content, list) and content and isinstance(content[0], Message):
            yield content[0]
    for part in _of(parts, "text/rfc822-headers"):
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            yield email.message_from_bytes(content, policy=email.policy.compat32)


def _failures(parts: list[Message], serial: str) -> Iterator[DeliveryReport]:
    for status in _of(parts, "message/delivery-status"):
        blocks = status.get_payload()
        for block in blocks if isinstance(blocks, list) else ():
            if not isinstance(block, Message) or _text(block["action"]).strip().lower() != "failed":
                continue  # the block of the whole message; or delayed, delivered, relayed
            found = re.search(r"[245]\.\d{1,3}\.\d{1,3}", _text(block["status"]))
            code = found[0] if found else "5.0.0"
            named = block["original-recipient"] or block["final-recipient"]
            yield DeliveryReport(serial, _address(_text(named)), is_hard(code))


def _complaints(parts: list[Message], serial: str) -> Iterator[DeliveryReport]:
    for part in _of(parts, "message/feedback-report"):
        fields = _fields(part)
        if _text(fields["feedback-type"]).strip().lower() == "not-spam":
            continue
        address = _address(_text(fields["original-rcpt-to"] or fields["removal-recipient"]))
        yield DeliveryReport(serial, address, complaint=True)


def _fields(part: Message) -> Message:
    content = part.get_payload()
    if isinstance(content, list) and content and isinstance(content[0], Message):
        return content[0]
    raw = part.get_payload(decode=True)
    return email.message_from_bytes(raw if isinstance(raw, bytes) else b"")


def _address(named: str) -> str:
    """`rfc822; a@example.org` → `a@example.org`."""
    return named.rpartition(";")[2].strip().strip("<>")


def _text(value: object) -> str:
    return str(value) if value is not None else ""
