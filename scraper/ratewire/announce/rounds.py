"""One round of messages: what goes out, what came of each on record before the next, and counts."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from ratewire.announce.couriers import Courier, DeliveryResult, DeliveryStatus, Parcel, Subject
from ratewire.announce.outbox import Message, Outbox
from ratewire.announce.recipients import Channel

__all__ = ["AnnounceReport", "Planned", "Round", "planned"]

log = logging.getLogger(__name__)
T = TypeVar("T", bound=Subject)

_PAUSES = tuple(timedelta(minutes=m) for m in (15, 60, 240, 720, 1440))
"""Before the second try, the third … of one message; the last ever after."""
_GIVE_UP = timedelta(days=5)
"""RFC 5321, 4.5.4.1: the give-up time generally needs to be at least 4-5 days."""
_UNKNOWN_IN_A_ROW = 2
"""A mail server that takes so many messages without an answer, and none with one in between, is
left alone for the rest of the round."""
_RELAYS_NO_MAIL = "the server relays no mail"
_BARRED_IN_A_ROW = 3
"""The same for one that passes so many on to nobody."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One message that is due: to whom (no address), and what it says first."""

    message: str
    to: str
    subject: str
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnnounceReport:
    """What a run did, in numbers of messages; `planned` is all that was due."""

    planned: tuple[Planned, ...] = ()
    accepted: int = 0
    later: int = 0
    """Not taken yet, and tried again by a later run."""
    refused: int = 0
    """New dead letters."""
    unknown: int = 0
    """Handed over without an answer in this run; a later run sends them again."""
    repeated: int = 0
    """Sent again in this run because an earlier one could not know whether they arrived."""
    dead: int = 0
    """Dead letters in all."""
    troubles: tuple[str, ...] = ()
    """Servers that are away, one line each."""

    @property
    def ok(self) -> bool:
        return not (self.later or self.refused or self.unknown or self.troubles)


def planned(parcel: Parcel[T]) -> Planned:
    message = parcel.message
    return Planned(message.id, parcel.recipient.label, parcel.telling.subject, message.changes)


@dataclass
class Round:
    """Delivers, keeps the record and counts."""

    outbox: Outbox
    clock: Callable[[], datetime]
    troubles: tuple[str, ...] = ()
    gives_up: bool = True
    """What is refused, or not taken for days, becomes a dead letter; else it is tried for ever."""
    begin: Callable[[Message], None] = lambda message: None
    """Called with each message right before it is out of hand."""
    counts: Counter[DeliveryStatus] = field(default_factory=Counter)
    repeated: int = 0
    planned: list[Planned] = field(default_factory=list)
    down: dict[Channel, str] = field(default_factory=dict)
    resting: set[str] = field(default_factory=set)
    """Recipients who did not take a message: the rest waits for a later run, in order."""
    unanswered: Counter[Channel] = field(default_factory=Counter)
    took: Counter[Channel] = field(default_factory=Counter)
    """Messages that a server accepted."""
    barred: list[tuple[Message, Channel, str]] = field(default_factory=list)
    """With what the server said. Whose fault it is shows at the end: whether it took others."""

    def deliver_all(
        self, parcels: Iterable[Parcel[T]], courier: Callable[[Channel], Courier[T]]
    ) -> None:
        """All that is due, by the courier of each channel; then all is on record."""
        for parcel in parcels:
            self._deliver(parcel, courier(parcel.recipient.channel))
        self._settle()
        self.outbox.compact()

    def _deliver(self, parcel: Parcel[T], courier: Courier[T]) -> None:
        self.planned.append(planned(parcel))
        message, channel = parcel.message, parcel.recipient.channel
        if channel in self.down or message.to in self.resting:
            return
        outcome = courier.deliver(parcel, lambda: self._begin(message))
        if outcome.answer is DeliveryStatus.BARRED:
            self._bar(parcel, outcome.why)
            return
        answer = self._record(message, outcome)
        self.counts[answer] += 1
        if answer is DeliveryStatus.ACCEPTED:
            self.unanswered[channel] = 0
            self.took[channel] += 1
            self.repeated += parcel.unsure and not outcome.found
            return
        log.warning("%s: %s: %s", parcel.recipient.label, answer, outcome.why)
        self.resting.add(message.to)
        self.unanswered[channel] += outcome.answer is DeliveryStatus.UNKNOWN
        if outcome.answer is DeliveryStatus.DOWN:
            self.down[channel] = outcome.why
        elif channel is Channel.EMAIL and self.unanswered[channel] >= _UNKNOWN_IN_A_ROW:
            self.down[channel] = f"messages are taken but not answered: {outcome.why}"

    def _begin(self, message: Message) -> None:
        self.begin(message)
        self.outbox.trying(message)

    def _bar(self, parcel: Parcel[T], why: str) -> None:
        log.warning("%s: %s: %s", parcel.recipient.label, DeliveryStatus.BARRED, why)
        channel = parcel.recipient.channel
        self.barred.append((parcel.message, channel, why))
        self.resting.add(parcel.message.to)
        count = sum(among is channel for _, among, _ in self.barred)
        if count >= _BARRED_IN_A_ROW and not self.took[channel]:
            self.down[channel] = f"{_RELAYS_NO_MAIL}: {why}"

    def _settle(self) -> None:
        """At the end of the round: what was barred waits, for days where the server took other
        messages, else until the owner mends what bars all."""
        for message, channel, why in self.barred:
            if not self.took[channel]:
                self.down.setdefault(channel, f"{_RELAYS_NO_MAIL}: {why}")
            later = DeliveryResult(DeliveryStatus.LATER, why)
            self.counts[self._record(message, later, others=self.took[channel] > 0)] += 1

    def _record(
        self, message: Message, outcome: DeliveryResult, *, others: bool = True
    ) -> DeliveryStatus:
        """`others`: the server takes messages for others, so that this one may be given up."""
        outbox = self.outbox
        answer = outcome.answer
        before = outbox.tries(message)
        tired = before is not None and self.clock() - before.first > _GIVE_UP
        if not self.gives_up and answer is DeliveryStatus.REFUSED:
            answer = DeliveryStatus.LATER
        elif (
            self.gives_up
            and others
            and tired
            and answer in (DeliveryStatus.LATER, DeliveryStatus.UNKNOWN)
        ):
            answer = DeliveryStatus.REFUSED
        tries = before.tries if before else 0
        next = self.clock() + (outcome.wait or _PAUSES[min(tries, len(_PAUSES) - 1)])
        match answer:
            case DeliveryStatus.ACCEPTED:
                outbox.accepted(message)
            case DeliveryStatus.LATER:
                outbox.postponed(message, outcome.why, next)
            case DeliveryStatus.UNKNOWN:
                outbox.unknown(message, outcome.why, next)
            case DeliveryStatus.REFUSED:
                unsure = outcome.answer is DeliveryStatus.UNKNOWN
                outbox.refused(message, outcome.why, unsure=unsure)
            case DeliveryStatus.BARRED | DeliveryStatus.DOWN:
                pass
        return answer

    def report(self) -> AnnounceReport:
        return AnnounceReport(
            tuple(self.planned),
            self.counts[DeliveryStatus.ACCEPTED],
            self.counts[DeliveryStatus.LATER],
            self.counts[DeliveryStatus.REFUSED],
            self.counts[DeliveryStatus.UNKNOWN],
            self.repeated,
            len(self.outbox.dead_letters()),
            (*self.troubles, *(f"{channel}: {why}" for channel, why in self.down.items())),
        )
