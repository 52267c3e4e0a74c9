"""`announce`: what is due goes out, and what came of it is on record before the next goes."""

from __future__ import annotations

import logging
import os
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from ratewire.announce.apprise import Herald, check_services
from ratewire.announce.apprise import message as chat_message
from ratewire.announce.couriers import Courier, Parcel, Subject
from ratewire.announce.github import Clerk, token
from ratewire.announce.hosted import hosted_list
from ratewire.announce.mail import Letters
from ratewire.announce.outbox import DeadLetter, Message, Outbox
from ratewire.announce.plan import due
from ratewire.announce.recipients import Channel, Recipient, recipients
from ratewire.announce.rounds import AnnounceReport, Planned, Round, planned
from ratewire.announce.settled import Settled
from ratewire.announce.smtp import Postman
from ratewire.announce.subscribers import with_subscribers
from ratewire.announce.telling import Telling, by_change, telling
from ratewire.announce.webhooks import Messenger, payload, secrets
from ratewire.announce.websub import Pinger
from ratewire.config import Site
from ratewire.errors import ConfigError, StoreError
from ratewire.record.store import Store
from ratewire.wording.facts import SiteNames
from ratewire.wording.stories import Story, stories

__all__ = [
    "AnnounceReport",
    "Couriers",
    "Planned",
    "announce",
    "check",
    "dead_letters",
    "send_again",
]

log = logging.getLogger(__name__)
T = TypeVar("T", bound=Subject)

_LOCK = "announce"
_PATIENCE = 60.0
"""Seconds to wait for another run that is announcing."""
_LAST_DIGEST = timedelta(days=8)
"""By then whatever is recorded now has gone out in a digest."""


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
    check(site, named, environment)
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
    told = stories(changes, SiteNames.of(site))
    known = by_change(told)
    if dry_run:
        outbox = Outbox(site.announced, key, now, read_only=True)
        outbox.enrol((recipient.id for recipient in everyone), keep=bool(absent))
        outbox.mend((change.id, change.recorded_at) for change in changes)
        parcels = _parcels(everyone, due(everyone, told, outbox, site.announce, now), known, outbox)
        return AnnounceReport(
            tuple(planned(parcel) for parcel in parcels),
            dead=len(outbox.dead_letters()),
            troubles=troubles,
        )
    start = time.monotonic()

    def clock() -> datetime:
        return now + timedelta(seconds=time.monotonic() - start)

    with store.lock(_LOCK, timeout=_PATIENCE):
        outbox = Outbox(site.announced, key, now)
        outbox.enrol((recipient.id for recipient in everyone), keep=bool(absent))
        outbox.mend((change.id, change.recorded_at) for change in changes)
        outbox.compact()  # newcomers, and what a run that was cut off left behind, are on record
        messages = tuple(due(everyone, told, outbox, site.announce, now))
        with ExitStack() as stack:
            run = Round(outbox, clock, troubles)
            stack.callback(outbox.close)
            couriers: Couriers[Telling] = Couriers(
                {
                    Channel.EMAIL: lambda: Postman(site, environment, clock, tls, Letters(site)),
                    Channel.WEBHOOK: lambda: Messenger(environment, clock, pause, payload),
                    Channel.WEBSUB: lambda: Pinger(site),
                    Channel.APPRISE: lambda: Herald(services, chat_message),
                    Channel.GITHUB: lambda: Clerk(environment, clock, key, pause),
                    Channel.LIST: lambda: hosted_list(site, environment, clock),
                }
            )
            stack.callback(couriers.close)
            run.deliver_all(_parcels(everyone, messages, known, outbox), couriers.of)
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
    """Make dead letters, and what waits for a later try, due now (all, or the messages with these
    ids); the next `announce` sends them.

    Returns how many were dead letters. Raises as `announce` does.
    """
    key, _ = recipients(site, environment)
    with store.lock(_LOCK, timeout=_PATIENCE):
        outbox = Outbox(site.announced, key, now)
        count = outbox.revive(messages)
        outbox.compact()
    return count


def check(site: Site, everyone: Sequence[Recipient], environment: Mapping[str, str]) -> None:
    """Raises ConfigError for what would otherwise be found after half the mails are out."""
    channels = {recipient.channel for recipient in everyone}
    email = site.announce.email
    if Channel.EMAIL in channels or site.subscribe.provider == "service":
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
    known: Mapping[str, Story],
    outbox: Outbox,
) -> Iterator[Parcel[Telling]]:
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
            first = told.stories[0].change.id
            corrected = outbox.message(message.to, (first,)).id
        unsure = (wait := outbox.tries(message)) is not None and wait.unsure is not None
        yield Parcel(message, by_id[message.to], told, corrected, unsure)


def _read(site: Site, marks: Iterable[str], unsettled: Sequence[str]) -> Iterator[str]:
    """Sources whose logs are needed: two pages of one publisher can tell the same change, and
    what became of it stands in either."""
    publisher = {source.id: source.publisher for source in site.sources}
    moved = {publisher.get(id) for id in unsettled}
    return (id for id in marks if publisher.get(id) in moved or None in moved)


class Couriers(Generic[T]):
    """One courier a channel, made when the first parcel comes."""

    def __init__(self, makers: Mapping[Channel, Callable[[], Courier[T]]]) -> None:
        self._makers = makers
        self._made: dict[Channel, Courier[T]] = {}

    def of(self, channel: Channel) -> Courier[T]:
        if channel not in self._made:
            self._made[channel] = self._makers[channel]()
        return self._made[channel]

    def close(self) -> None:
        for courier in self._made.values():
            courier.close()
