"""What every way of delivery has in common: what may come of handing a message over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from ratewire.announce.outbox import Message
from ratewire.announce.recipients import Recipient

__all__ = [
    "LONGEST_WAIT",
    "Courier",
    "DeliveryResult",
    "DeliveryStatus",
    "Parcel",
    "Subject",
    "asked_wait",
]


class Subject(Protocol):
    """What a message says, of which a courier's own writer makes words."""

    @property
    def subject(self) -> str: ...


Said = TypeVar("Said", bound=Subject, covariant=True)
Told = TypeVar("Told", bound=Subject, contravariant=True)

LONGEST_WAIT = timedelta(days=1)
"""Who asks to be left alone for longer is asked again after that."""


class DeliveryStatus(StrEnum):
    ACCEPTED = "accepted"
    LATER = "later"
    """Certainly not accepted; may be tried again."""
    REFUSED = "refused"
    """Never, for this recipient."""
    BARRED = "barred"
    """Not accepted, for a reason that is the sender's or the server's: it holds for everybody
    until the owner mends it. Where the server took another message, it is this recipient's."""
    UNKNOWN = "unknown"
    """Handed over, and no answer came."""
    DOWN = "down"
    """Nothing was handed over and nothing will be in this run: the server is away, or refuses
    the sender."""


@dataclass(frozen=True, slots=True)
class DeliveryResult:
    answer: DeliveryStatus
    why: str = ""
    wait: timedelta | None = None
    """How long the server asks to be left alone."""
    found: bool = False
    """It was there from an earlier try, so nothing was sent twice."""


@dataclass(frozen=True, slots=True)
class Parcel(Generic[Said]):
    """A message with all that is needed to deliver it."""

    message: Message
    recipient: Recipient
    telling: Said
    replies_to: str = ""
    """Id of the message that this one corrects."""
    unsure: bool = False
    """An earlier try may have been accepted."""


def asked_wait(retry_after: str) -> timedelta | None:
    """What a Retry-After header (RFC 9110, 10.2.3) asks for in seconds; None where it does not."""
    asked = retry_after.strip()
    return min(timedelta(seconds=int(asked[:9])), LONGEST_WAIT) if asked.isdecimal() else None


class Courier(Protocol[Told]):
    def deliver(self, parcel: Parcel[Told], begin: Callable[[], None]) -> DeliveryResult:
        """Hand the parcel over; `begin` is called once, before it is out of hand. Never raises
        for a trouble of the network or the server."""
        ...

    def close(self) -> None: ...
