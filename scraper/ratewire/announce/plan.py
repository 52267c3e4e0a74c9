"""Who is to be told what, now. Pure: recipients, stories and the outbox's record in, messages out.

A correction goes, at once, to those who got the word that it corrects and to nobody else; a
change that was retracted before a recipient heard of it is never told to them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta

from ratewire.announce.outbox import Message, Outbox
from ratewire.announce.recipients import Channel, Recipient
from ratewire.config import AnnounceSettings
from ratewire.model import Basis
from ratewire.wording.stories import Story

__all__ = ["due", "last_digest"]

_DIGEST_AT = time(8, tzinfo=UTC)
_CLOCKS = timedelta(hours=1)
"""What is recorded further in the future a wrong clock has dated."""
_READ_BY_PEOPLE = frozenset({Channel.EMAIL, Channel.APPRISE, Channel.LIST})
"""Those that many messages at once would bury."""


def last_digest(now: datetime, period: str) -> datetime:
    """The last moment not after `now` at which a `daily` or `weekly` digest was due."""
    today = now.astimezone(UTC).date()
    day = today - timedelta(days=today.weekday()) if period == "weekly" else today
    moment = datetime.combine(day, _DIGEST_AT)
    return moment if moment <= now else moment - timedelta(days=7 if period == "weekly" else 1)


def due(
    recipients: Sequence[Recipient],
    stories: Sequence[Story],
    outbox: Outbox,
    settings: AnnounceSettings,
    now: datetime,
) -> Iterator[Message]:
    """The messages to send now: first those of which it is unknown whether they arrived, then each
    story in order of time, then the digests.
    """
    everyone = {recipient.id: recipient for recipient in recipients}
    # In order: while one message waits for another try, later ones do too.
    resting = {to for (to, _), wait in outbox.waiting.items() if wait.next > now}
    claimed: set[tuple[str, str]] = set()
    whole = {story.change.id: story for story in stories}
    for message in outbox.unsure():
        if message.to in everyone and _complete(message, whole, outbox):
            claimed.update((message.to, change) for change in message.changes)
            if _due_again(outbox, message.to, message.changes, now):
                yield message
    at_once: list[tuple[Recipient, list[str]]] = []
    gathered: dict[str, list[str]] = {}
    for story in stories:
        ids = [story.change.id, *(correction.id for correction in story.corrections)]
        told = [outbox.told(id) for id in ids]
        if everyone.keys() <= told[-1]:
            continue
        for recipient in recipients:
            if recipient.id in resting:
                continue
            news = _news(recipient, story, ids, told, outbox, settings)
            news = [id for id in news if (recipient.id, id) not in claimed]
            if not news:
                continue
            first = news[0] == story.change.id
            period = _period(recipient, story, settings) if first else ""
            if recipient.channel is Channel.WEBSUB:
                gathered.setdefault(recipient.id, []).extend(news)
            elif not period:
                at_once.append((recipient, news))
            elif not last_digest(now, period) < story.change.recorded_at <= now + _CLOCKS:
                gathered.setdefault(recipient.id, []).extend(news)
    counts = Counter(recipient.id for recipient, _ in at_once)
    for recipient, news in at_once:
        if recipient.channel in _READ_BY_PEOPLE and counts[recipient.id] > settings.max_per_run:
            gathered.setdefault(recipient.id, []).extend(news)
        else:
            yield outbox.message(recipient.id, news)
    for to, changes in gathered.items():
        yield outbox.message(to, changes, digest=True)


def _complete(message: Message, stories: Mapping[str, Story], outbox: Outbox) -> bool:
    """Whether nothing was added to the message's stories: else a new message tells it all."""
    corrections = (
        correction.id
        for change in message.changes
        if change in stories
        for correction in stories[change].corrections
    )
    return all(id in message.changes or message.to in outbox.told(id) for id in corrections)


def _news(
    recipient: Recipient,
    story: Story,
    ids: Sequence[str],
    told: Sequence[set[str]],
    outbox: Outbox,
    settings: AnnounceSettings,
) -> list[str]:
    """Which of the story's ids the recipient is to hear, oldest first."""
    me = recipient.id
    heard = me in told[0]
    news = [id for id, by in zip(ids, told, strict=True) if me not in by]
    news = [id for id in news if (me, id) not in outbox.dead]
    if heard:
        return news
    left = outbox.waiting.get((me, ids[0])) or outbox.dead.get((me, ids[0]))
    if left is not None and left.unsure is not None:  # they may have heard
        return news
    if story.retracted or ids[0] not in news or ids[0] in outbox.passed:
        return []
    if story.change.basis is Basis.ARCHIVE:  # history that was filled in is no news
        return []
    if story.change.recorded_at < outbox.since.get(me, story.change.recorded_at):
        return []
    return news if _wanted(recipient, story, settings) else []


def _wanted(recipient: Recipient, story: Story, settings: AnnounceSettings) -> bool:
    kind = story.change.kind.value
    if kind not in (recipient.kinds or settings.immediate + settings.digest_kinds):
        return False
    return not recipient.products or not recipient.products.isdisjoint(story.products)


def _period(recipient: Recipient, story: Story, settings: AnnounceSettings) -> str:
    """`daily` or `weekly`; empty: at once."""
    if recipient.digest or recipient.channel is Channel.GITHUB:  # there each change stands alone
        return recipient.digest
    kind = story.change.kind.value
    is_gathered = kind in settings.digest_kinds and kind not in settings.immediate
    return settings.digest if is_gathered else ""


def _due_again(outbox: Outbox, to: str, changes: Sequence[str], now: datetime) -> bool:
    waits = (outbox.waiting.get((to, change)) for change in changes)
    return all(wait is None or wait.next <= now for wait in waits)
