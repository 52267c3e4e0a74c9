"""`announce`: what is due goes out, and what came of it is on record before the next goes."""

from __future__ import annotations

import logging
import os
import ssl
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from scraper.announce.apprise import Herald, Service, check_services
from scraper.announce.couriers import Answer, Courier, Outcome, Parcel
from scraper.announce.github import Clerk, token
from scraper.announce.hosted import hosted_list
from scraper.announce.outbox import DeadLetter, Message, Outbox
from scraper.announce.plan import due
from scraper.announce.recipients import Channel, Key, Recipient, recipients
from scraper.announce.settled import Settled
from scraper.announce.smtp import Postman
from scraper.announce.subscribers import with_subscribers
from scraper.announce.telling import Item, Telling, items, telling
from scraper.announce.webhooks import Messenger, secrets
from scraper.announce.websub import Pinger
from scraper.config import Site
from scraper.errors import ConfigError, StoreError
from scraper.publish.stories import stories
from scraper.record.store import Store

__all__ = ["AnnounceReport", "Planned", "announce", "dead_letters", "send_again"]

log = logging.getLogger(__name__)

_LOCK = "announce"
_PATIENCE = 60.0
"""Seconds to wait for another run that is announcing."""
_PAUSES = tuple(timedelta(minutes=m) for m in (15, 60, 240, 720, 1440))
"""Before the second try, the third … of one message; the last ever after."""
_LAST_DIGEST = timedelta(days=8)
"""By then whatever is recorded now has gone out in a digest."""
_GIVE_UP = timedelta(days=5)
"""RFC 5321, 4.5.4.1: the give-up time generally needs to be at least 4-5 days."""
_UNKNOWN_IN_A_ROW = 2
"""A mail server that takes so many messages without an answer, and none with one in between, is
left alone for the rest of the run."""


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
    def well(self) -> bool:
        return not (self.later or self.refused or self.unknown or self.troubles)


def announce(
    site: Site,
    store: Store,
    *,
    now: datetime,
    dry_run: bool = False,
    environment: Mapping[str, str] = os.environ,
    tls: ssl.SSLContext | None = None,
    pause: Callable[[float], None] = time.sleep,
) -> AnnounceReport:
    """Tell every recipient what is due, exactly once as far as the world allows.

    A dry run opens no connection and writes nothing. Passwords, secrets and `env:` recipients
    come from `environment`; `tls` is the trust for the SMTP server, by default the system's.
    Servers' troubles are in the report. Raises ConfigError where a setting or secret is missing,
    StoreError where the outbox cannot be read or written or another run holds it, AnnounceError
    where the outbox was written under another key.
    """
    key, named = recipients(site, environment)
    _check(site, named, environment)
    everyone, absent = with_subscribers(site, key, named, environment)
    troubles = (absent,) if absent else ()
    if not everyone:
        return AnnounceReport(troubles=troubles)
    settled = Settled(site, key, everyone)
    # The marks first: what is recorded from here on is not in them.
    marks = {id: store.log_mark(id) for id in store.sources()}
    unsettled = settled.unsettled(marks)
    if marks and not unsettled and not dry_run:
        return AnnounceReport(troubles=troubles)
    # A process of its own, so only where something may have to go.
    services = check_services(one for one in named if one.channel is Channel.APPRISE)
    changes = [change for id in _read(site, marks, unsettled) for change in store.changes(id)]
    told = stories(changes)
    known = items(site, told)
    if dry_run:
        outbox = Outbox(site.announced, key, now, read_only=True)
        outbox.enrol((recipient.id for recipient in everyone), keep=bool(absent))
        parcels = _parcels(everyone, due(everyone, told, outbox, site.announce, now), known, outbox)
        return AnnounceReport(
            tuple(_planned(parcel) for parcel in parcels),
            dead=len(outbox.dead_letters()),
            troubles=troubles,
        )
    start = time.monotonic()

    def clock() -> datetime:
        return now + timedelta(seconds=time.monotonic() - start)

    with store.lock(_LOCK, timeout=_PATIENCE):
        outbox = Outbox(site.announced, key, now)
        outbox.enrol((recipient.id for recipient in everyone), keep=bool(absent))
        outbox.fold()  # newcomers, and what a run that was cut off left behind, are on record
        messages = tuple(due(everyone, told, outbox, site.announce, now))
        with ExitStack() as stack:
            run = _Run(outbox, clock, troubles)
            stack.callback(outbox.close)
            couriers = _Couriers(site, environment, clock, tls, pause, key, services)
            stack.callback(couriers.close)
            for parcel in _parcels(everyone, messages, known, outbox):
                run.deliver(parcel, couriers[parcel.recipient.channel])
            outbox.fold()
        later = due(everyone, told, outbox, site.announce, now + _LAST_DIGEST)
        still = [id for message in later for id in message.changes]
        still += [id for _, id in (*outbox.waiting, *outbox.dead)]
        if not absent:  # else some of those who asked are not here to be told
            try:
                settled.note(marks, changes, still)
            except StoreError as error:  # then the next run looks at all logs
                log.warning("%s", error)
    return run.report()


def dead_letters(
    site: Site, *, now: datetime, environment: Mapping[str, str] = os.environ
) -> tuple[tuple[str, DeadLetter], ...]:
    """Each dead letter with its recipient's label. Raises as `announce` does."""
    key, named = recipients(site, environment)
    everyone, _ = with_subscribers(site, key, named, environment)
    labels = {recipient.id: recipient.label for recipient in everyone}
    outbox = Outbox(site.announced, key, now, read_only=True)
    return tuple((labels.get(each.message.to, "gone"), each) for each in outbox.dead_letters())


def send_again(
    site: Site,
    store: Store,
    *,
    now: datetime,
    messages: Sequence[str] | None = None,
    environment: Mapping[str, str] = os.environ,
) -> int:
    """Make dead letters (all, or those with these ids) due again; the next `announce` sends them.

    Returns how many. Raises as `announce` does.
    """
    key, _ = recipients(site, environment)
    with store.lock(_LOCK, timeout=_PATIENCE):
        outbox = Outbox(site.announced, key, now)
        count = outbox.revive(messages)
        outbox.fold()
    return count


def _check(site: Site, everyone: Sequence[Recipient], environment: Mapping[str, str]) -> None:
    """Raises ConfigError for what would otherwise be found after half the mails are out."""
    channels = {recipient.channel for recipient in everyone}
    email = site.announce.email
    if Channel.EMAIL in channels or site.subscribe.way == "service":
        for name, value in (("host", email.host), ("sender", email.sender)):
            if not value:
                raise ConfigError(
                    "there are recipients, but this is not set", key=f"announce.email.{name}"
                )
        if email.user and not environment.get(email.password_env):
            raise ConfigError(
                f"announce.email.user is set, but the environment has no {email.password_env}"
            )
    for recipient in everyone:
        if recipient.webhook is not None:
            secrets(recipient.webhook, environment)
    if Channel.GITHUB in channels:
        token(environment)
    if Channel.LIST in channels:
        hosted_list(site, environment).close()


def _parcels(
    everyone: Sequence[Recipient],
    messages: Iterator[Message] | Sequence[Message],
    known: Mapping[str, Item],
    outbox: Outbox,
) -> Iterator[Parcel]:
    by_id = {recipient.id: recipient for recipient in everyone}
    last: tuple[tuple[tuple[str, ...], bool], Telling | None] = (((), False), None)
    for message in messages:
        composition = (message.changes, message.digest)
        if last[0] != composition:  # the same news for many recipients is put together once
            last = composition, telling(message, known)
        told = last[1]
        if told is None:
            continue
        corrected = ""
        if told.correction:
            first = told.items[0].story.change.id
            corrected = outbox.message(message.to, (first,)).id
        unsure = (wait := outbox.tries(message)) is not None and wait.unsure is not None
        yield Parcel(message, by_id[message.to], told, corrected, unsure)


def _read(site: Site, marks: Iterable[str], unsettled: Sequence[str]) -> Iterator[str]:
    """Sources whose logs are needed: two pages of one publisher can tell the same change, and
    what became of it stands in either."""
    publisher = {source.id: source.publisher for source in site.sources}
    moved = {publisher.get(id) for id in unsettled}
    return (id for id in marks if publisher.get(id) in moved or None in moved)


def _planned(parcel: Parcel) -> Planned:
    message = parcel.message
    return Planned(message.id, parcel.recipient.label, parcel.telling.subject, message.changes)


class _Couriers:
    """One courier a channel, made when the first parcel comes."""

    def __init__(
        self,
        site: Site,
        environment: Mapping[str, str],
        clock: Callable[[], datetime],
        tls: ssl.SSLContext | None,
        pause: Callable[[float], None],
        key: Key,
        services: Mapping[str, Service],
    ) -> None:
        self._makers: Mapping[Channel, Callable[[], Courier]] = {
            Channel.EMAIL: lambda: Postman(site, environment, clock, tls),
            Channel.WEBHOOK: lambda: Messenger(environment, clock, pause),
            Channel.WEBSUB: lambda: Pinger(site),
            Channel.APPRISE: lambda: Herald(services),
            Channel.GITHUB: lambda: Clerk(environment, clock, key, pause),
            Channel.LIST: lambda: hosted_list(site, environment, clock),
        }
        self._made: dict[Channel, Courier] = {}

    def __getitem__(self, channel: Channel) -> Courier:
        if channel not in self._made:
            self._made[channel] = self._makers[channel]()
        return self._made[channel]

    def close(self) -> None:
        for courier in self._made.values():
            courier.close()


@dataclass
class _Run:
    """Delivers, keeps the record and counts."""

    outbox: Outbox
    clock: Callable[[], datetime]
    troubles: tuple[str, ...] = ()
    counts: Counter[Answer] = field(default_factory=Counter)
    repeated: int = 0
    planned: list[Planned] = field(default_factory=list)
    down: dict[Channel, str] = field(default_factory=dict)
    resting: set[str] = field(default_factory=set)
    """Recipients who did not take a message: the rest waits for a later run, in order."""
    unanswered: Counter[Channel] = field(default_factory=Counter)

    def deliver(self, parcel: Parcel, courier: Courier) -> None:
        self.planned.append(_planned(parcel))
        message, channel = parcel.message, parcel.recipient.channel
        if channel in self.down or message.to in self.resting:
            return
        outcome = courier.deliver(parcel, lambda: self.outbox.trying(message))
        answer = self._record(parcel, outcome)
        self.counts[answer] += 1
        if answer is Answer.ACCEPTED:
            self.unanswered[channel] = 0
            self.repeated += parcel.unsure and not outcome.found
            return
        log.warning("%s: %s: %s", parcel.recipient.label, answer, outcome.why)
        self.resting.add(message.to)
        self.unanswered[channel] += outcome.answer is Answer.UNKNOWN
        if outcome.answer is Answer.DOWN:
            self.down[channel] = outcome.why
        elif channel is Channel.EMAIL and self.unanswered[channel] >= _UNKNOWN_IN_A_ROW:
            self.down[channel] = f"messages are taken but not answered: {outcome.why}"

    def _record(self, parcel: Parcel, outcome: Outcome) -> Answer:
        message, outbox = parcel.message, self.outbox
        answer = outcome.answer
        before = outbox.tries(message)
        tired = before is not None and self.clock() - before.first > _GIVE_UP
        if tired and answer in (Answer.LATER, Answer.UNKNOWN):
            answer = Answer.REFUSED
        tries = before.tries if before else 0
        next = self.clock() + (outcome.wait or _PAUSES[min(tries, len(_PAUSES) - 1)])
        match answer:
            case Answer.ACCEPTED:
                outbox.accepted(message)
            case Answer.LATER:
                outbox.postponed(message, outcome.why, next)
            case Answer.UNKNOWN:
                outbox.unknown(message, outcome.why, next)
            case Answer.REFUSED:
                unsure = outcome.answer is Answer.UNKNOWN
                outbox.refused(message, outcome.why, unsure=unsure)
            case Answer.DOWN:
                pass
        return answer

    def report(self) -> AnnounceReport:
        return AnnounceReport(
            tuple(self.planned),
            self.counts[Answer.ACCEPTED],
            self.counts[Answer.LATER],
            self.counts[Answer.REFUSED],
            self.counts[Answer.UNKNOWN],
            self.repeated,
            len(self.outbox.dead_letters()),
            (*self.troubles, *(f"{channel}: {why}" for channel, why in self.down.items())),
        )
