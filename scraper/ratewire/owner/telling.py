"""Tell the owner: what began and what is over goes out once, in one message, at most once an hour.

Who was told is kept by an outbox of its own in `announced/owner/`, so a run that is killed neither
loses nor doubles anything, as with the readers' messages. A message that is refused is tried
again for ever: somebody has to hear.
"""

from __future__ import annotations

import os
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ratewire.announce import AnnounceReport
from ratewire.announce.apprise import Herald, check_services
from ratewire.announce.couriers import Parcel
from ratewire.announce.deliver import Couriers, check
from ratewire.announce.outbox import Outbox
from ratewire.announce.recipients import Channel, Key, Recipient, recipients
from ratewire.announce.rounds import Planned, Round, planned
from ratewire.announce.smtp import Postman
from ratewire.announce.webhooks import Messenger
from ratewire.config import (
    AnnounceSettings,
    AppriseSettings,
    Site,
    SubscribeSettings,
    duration,
    is_due,
)
from ratewire.errors import AnnounceError, ConfigError
from ratewire.owner.briefing import Briefing, BriefingLetters, Event, briefing, note, payload
from ratewire.owner.log import LogEntry, NoticeLog
from ratewire.owner.notices import Notice
from ratewire.owner.standing import (
    away,
    standing,
    stopped,
    undelivered,
    unrendered,
    wrong_clock,
)
from ratewire.record import Store

__all__ = ["OwnerReport", "has_owner_recipients", "owner_recipients", "tell"]

_LOCK = "owner"
_PATIENCE = 60.0
"""Seconds to wait for another run that tells the owner."""
_BETWEEN = "1h"
_FORGOTTEN = timedelta(days=30)
"""What was over for so long when a message could go at last is not told any more."""


@dataclass(frozen=True, slots=True)
class OwnerReport:
    """What stands, and what came of telling it."""

    standing: tuple[Notice, ...] = ()
    planned: tuple[Planned, ...] = ()
    accepted: int = 0
    troubles: tuple[str, ...] = ()
    """What was not taken, one line each; a later run tells it."""

    @property
    def ok(self) -> bool:
        return not self.troubles


def has_owner_recipients(site: Site) -> bool:
    """Whether anybody is named to hear of what waits."""
    owner = site.owner
    return bool(owner.email or owner.webhooks or owner.apprise)


def owner_recipients(
    site: Site, environment: Mapping[str, str]
) -> tuple[Key, tuple[Recipient, ...]]:
    """The owner's own addresses. Raises ConfigError."""
    return recipients(_desk(site), environment)


def tell(
    site: Site,
    store: Store,
    *,
    now: datetime,
    announced: AnnounceReport | None = None,
    error: str = "",
    doubt: str = "",
    left_out: Mapping[str, str] | None = None,
    dry_run: bool = False,
    environment: Mapping[str, str] = os.environ,
    tls: ssl.SSLContext | None = None,
    pause: Callable[[float], None] = time.sleep,
) -> OwnerReport | None:
    """Look what stands, and tell what is new of it. None: nobody is named to hear it.

    `announced` is what came of announcing in this run, `error` what ended it early, `doubt` why
    the machine's clock is not trusted, `left_out` the pages that the last build could not render,
    each with the reason. A dry run sends and writes nothing. Raises ConfigError and StoreError as
    announcing does.
    """
    if not has_owner_recipients(site):
        return None
    desk = _desk(site)
    key, named = recipients(desk, environment)
    check(desk, named, environment)
    with ExitStack() as stack:
        if not dry_run:
            stack.enter_context(store.lock(_LOCK, timeout=_PATIENCE))
        found = _now(site, store, now, announced, error, doubt, left_out or {}, environment)
        notices = tuple(found)
        outbox = Outbox(site.announced / "owner", key, now, read_only=dry_run)
        stack.callback(outbox.close)
        log = NoticeLog(site.announced / "owner", read_only=dry_run)
        log.observe(notices, now)
        outbox.enrol(one.id for one in named)
        outbox.mend(())
        parcels = [
            parcel for one in named if (parcel := _parcel(site, log, outbox, one, now)) is not None
        ]
        if dry_run:
            return OwnerReport(notices, tuple(map(planned, parcels)))
        if not parcels:
            if outbox.cut_off:
                outbox.compact()
            return OwnerReport(notices, troubles=_open(outbox, named))
        outbox.compact()
        start = time.monotonic()

        def clock() -> datetime:
            return now + timedelta(seconds=time.monotonic() - start)

        services = check_services(one for one in named if one.channel is Channel.APPRISE)
        couriers: Couriers[Briefing] = Couriers(
            {
                Channel.EMAIL: lambda: Postman(
                    desk, environment, clock, tls, BriefingLetters(desk)
                ),
                Channel.WEBHOOK: lambda: Messenger(environment, clock, pause, payload),
                Channel.APPRISE: lambda: Herald(services, note),
            }
        )
        stack.callback(couriers.close)
        run = Round(outbox, clock, gives_up=False, begin=lambda m: log.sending(m.to, now))
        run.deliver_all(parcels, couriers.of)
        report = run.report()
        troubles = (*report.troubles, *_open(outbox, named))
    return OwnerReport(notices, report.planned, report.accepted, troubles)


def _open(outbox: Outbox, named: Iterable[Recipient]) -> tuple[str, ...]:
    """What was not taken and waits for another try, a line for each recipient."""
    why = {to: wait.why for (to, _), wait in sorted(outbox.waiting.items())}
    return tuple(f"{one.label}: {why[one.id]}" for one in named if one.id in why)


def _desk(site: Site) -> Site:
    """The site as one that announces to its owner alone, by its own mail server."""
    owner, announce = site.owner, site.announce
    settings = AnnounceSettings(
        email=replace(announce.email, to=owner.email, recipients=(), unsubscribe="",
                      return_path=""),
        webhooks=owner.webhooks,
        apprise=tuple(AppriseSettings(url) for url in owner.apprise),
        key_env=announce.key_env,
    )  # fmt: skip
    return replace(site, announce=settings, subscribe=SubscribeSettings())


def _now(
    site: Site,
    store: Store,
    now: datetime,
    announced: AnnounceReport | None,
    error: str,
    doubt: str,
    left_out: Mapping[str, str],
    environment: Mapping[str, str],
) -> Iterator[Notice]:
    """All that stands at this moment."""
    yield from standing(site, store, now, duration(site.owner.grace_period))
    yield from _letters(site, now, environment)
    yield from away(announced.troubles if announced else ())
    yield from unrendered(left_out)
    if doubt:
        yield wrong_clock(doubt)
    if error:
        yield stopped(error)


def _letters(site: Site, now: datetime, environment: Mapping[str, str]) -> Iterator[Notice]:
    """Messages to readers that were given up."""
    try:
        key, named = recipients(site, environment)
        outbox = Outbox(site.announced, key, now, read_only=True)
    except (ConfigError, AnnounceError):
        return  # of which the run itself has told
    yield from undelivered(outbox.dead_letters(), {one.id: one.label for one in named})


# ── What is due ──────────────────────────────────────────────────────────────────────────────


def _parcel(
    site: Site, log: NoticeLog, outbox: Outbox, to: Recipient, now: datetime
) -> Parcel[Briefing] | None:
    """The one message for a recipient; None: there is nothing to say, or it is too early."""
    last = log.last_message.get(to.id)
    if last is not None and last <= now and not is_due(_BETWEEN, last, now):
        return None
    waiting = [wait.next for (one, _), wait in outbox.waiting.items() if one == to.id]
    if any(moment > now for moment in waiting):
        return None
    for message in outbox.unsure():
        if message.to == to.id and (events := _events(log, message.changes)):
            return Parcel(message, to, briefing(site, events), unsure=True)
    events = list(_news(log, outbox, to.id, now))
    if not events:
        return None
    message = outbox.message(to.id, (event.id for event in events), digest=True)
    return Parcel(message, to, briefing(site, events))


def _events(log: NoticeLog, ids: Sequence[str]) -> list[Event]:
    found = [(id, entry) for id in ids if (entry := log.find(id)) is not None]
    return [Event(entry, id == entry.ending) for id, entry in found]


def _news(log: NoticeLog, outbox: Outbox, to: str, now: datetime) -> Iterator[Event]:
    """What began and has not been told, and what is over of what was told.

    What was over before a message could go is not told at all; nor is what is over and has begun
    again, which for them goes on.
    """
    begun: dict[tuple[str, str, str], Event] = {}
    over: dict[tuple[str, str, str], Event] = {}
    for entry in _late(log.entries, now):
        matter = entry.notice.matter
        heard = any(to in outbox.told(id) for id in entry.ids)
        if entry.ended is None and not heard:
            begun[matter] = Event(entry, is_end=False)
        elif entry.ended is not None and heard and to not in outbox.told(entry.ending):
            over[matter] = Event(entry, is_end=True)
    for goes_on in begun.keys() & over.keys():
        del begun[goes_on], over[goes_on]
    yield from begun.values()
    yield from over.values()


def _late(entries: Iterable[LogEntry], now: datetime) -> Iterator[LogEntry]:
    return (one for one in entries if one.ended is None or now - one.ended < _FORGOTTEN)
