"""Chats and other services by way of Apprise (https://github.com/caronc/apprise).

It runs in a child, with a limit of time: `apprise_child.py` says why. Its addresses are secrets
and go to the child by a pipe; no answer, report or record holds one.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Generic, TypeVar

from ratewire.announce.chat import html_note, text_note
from ratewire.announce.couriers import DeliveryResult, DeliveryStatus, Parcel, Subject, asked_wait
from ratewire.announce.recipients import Recipient
from ratewire.announce.telling import Telling
from ratewire.errors import ConfigError

__all__ = ["Herald", "ServiceLimits", "check_services", "judged", "message"]

_CHILD = Path(__file__).with_name("apprise_child.py")
_TO_LOAD = 60.0
"""Seconds for the child to load Apprise and look at addresses."""
T = TypeVar("T", bound=Subject)


@dataclass(frozen=True, slots=True)
class ServiceLimits:
    """What a service takes; lengths in the service's own characters."""

    format: str
    """`html`, `markdown` or `text`."""
    title: int
    """0: it has none, and Apprise puts the title before the body."""
    body: int


def check_services(recipients: Iterable[Recipient]) -> dict[str, ServiceLimits]:
    """What each recipient's service takes, by the recipient's pseudonym. Opens no connection.

    Raises ConfigError where Apprise is not installed or does not know an address.
    """
    named = list(recipients)
    if not named:
        return {}
    if find_spec("apprise") is None:
        raise ConfigError(
            "announce.apprise needs the extra of that name; install it: "
            "pip install 'ratewire[apprise]'"
        )
    told = _asked({"about": [recipient.address for recipient in named]}, _TO_LOAD)
    if told is None:
        raise ConfigError("Apprise does not start; see whether `apprise --version` does")
    services = {}
    for recipient, one in zip(named, told, strict=True):
        if one is None:
            where = recipient.apprise.url if recipient.apprise else ""
            raise ConfigError(
                f"announce.apprise: Apprise does not know the address in {where} "
                f"({recipient.label}); its documentation says how each service's is written"
            )
        services[recipient.id] = ServiceLimits(**one)
    return services


def message(telling: Telling, service: ServiceLimits) -> dict[str, str]:
    """`title`, `body` and the `format` in which they are written."""
    if service.format == "html":
        note = html_note(telling, service.title, service.body)
        return {"title": note.title, "body": note.body, "format": "html"}
    # What Apprise escapes for a service's Markdown becomes longer by it.
    most = service.body * 3 // 4 if service.format == "markdown" else service.body
    note = text_note(telling, service.title, most)
    return {"title": note.title, "body": note.body, "format": "text"}


def judged(taken: bool, answers: Sequence[Mapping[str, Any]]) -> DeliveryResult:
    """What Apprise's yes or no means, by what became of its requests."""
    if taken:
        return DeliveryResult(DeliveryStatus.ACCEPTED)
    statuses = [one["status"] for one in answers if one["what"] == "answered"]
    if any(one["what"] == "unanswered" for one in answers):
        return DeliveryResult(DeliveryStatus.UNKNOWN, "no answer")
    if not answers:
        return DeliveryResult(DeliveryStatus.UNKNOWN, "Apprise says that it failed, and not how")
    refusals = [status for status in statuses if not 200 <= status < 300]
    if len(refusals) < len(statuses):
        return DeliveryResult(DeliveryStatus.UNKNOWN, "a part of it was taken")
    if not refusals:
        return DeliveryResult(DeliveryStatus.LATER, "no connection")
    if 410 in refusals:
        return DeliveryResult(DeliveryStatus.REFUSED, "410 Gone: the service wants no more")
    waits = [asked_wait(str(one.get("wait", ""))) for one in answers]
    wait = max((wait for wait in waits if wait is not None), default=None)
    return DeliveryResult(DeliveryStatus.LATER, f"answered {refusals[-1]}", wait)


class Herald(Generic[T]):
    """The courier of Apprise's services."""

    def __init__(
        self,
        services: Mapping[str, ServiceLimits],
        message: Callable[[T, ServiceLimits], Mapping[str, str]],
    ) -> None:
        self._services = services
        self._message = message

    def deliver(self, parcel: Parcel[T], begin: Callable[[], None]) -> DeliveryResult:
        recipient = parcel.recipient
        assert recipient.apprise is not None, "a service's recipient has its settings"
        words = self._message(parcel.telling, self._services[recipient.id])
        begin()
        told = _asked({"url": recipient.address, **words}, recipient.apprise.timeout)
        if told is None:
            return DeliveryResult(DeliveryStatus.UNKNOWN, "no answer in time")
        return judged(told["taken"], told["answers"])

    def close(self) -> None: ...


def _asked(question: Mapping[str, Any], timeout: float) -> Any:
    """The child's answer; None: there was none in time, or it fell over."""
    try:
        done = subprocess.run(
            [sys.executable, "-P", str(_CHILD)],
            input=json.dumps(question).encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=timeout,
            check=True,
        )
        return json.loads(done.stdout)
    except (subprocess.SubprocessError, OSError, ValueError, RecursionError):
        return None
