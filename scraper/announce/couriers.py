"""What every way of delivery has in common: what may come of handing a message over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Protocol

from scraper.announce.outbox import Message
from scraper.announce.recipients import Recipient
from scraper.announce.telling import Telling

__all__ = ["Answer", "Courier", "Outcome", "Parcel"]


class Answer(StrEnum):
    ACCEPTED = "accepted"
    LATER = "later"
    """Certainly not accepted; may be tried again."""
    REFUSED = "refused"
    """Never, for this recipient."""
    UNKNOWN = "unknown"
    """Handed over, and no answer came."""
    DOWN = "down"
    """Nothing was handed over and nothing will be in this run: the server is away, or refuses
    the sender."""


@dataclass(frozen=True, slots=True)
class Outcome:
    answer: Answer
    why: str = ""
    wait: timedelta | None = None
    """How long the server asks to be left alone."""
    found: bool = False
    """It was there from an earlier try, so nothing was sent twice."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message with all that is needed to deliver it."""

    message: Message
    recipient: Recipient
    telling: Telling
    replies_to: str = ""
    """Id of the message that this one corrects."""
    unsure: bool = False
    """An earlier try may have been accepted."""


class Courier(Protocol):
    def deliver(self, parcel: Parcel, begin: Callable[[], None]) -> Outcome:
        """Hand the parcel over; `begin` is called once, before it is out of hand. Never raises
        for a trouble of the network or the server."""
        ...

    def close(self) -> None: ...
