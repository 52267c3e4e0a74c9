"""What a message tells: its stories, ready for any channel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from ratewire.announce.outbox import Message
from ratewire.wording.stories import Story

__all__ = ["Telling", "by_change", "telling"]


@dataclass(frozen=True, slots=True)
class Telling:
    """One message's stories, the oldest first, and whether it is a digest."""

    stories: tuple[Story, ...]
    digest: bool
    correction: bool
    """It mends what the recipient was told before."""

    @property
    def subject(self) -> str:
        first, words = self.stories[0].headline, self.stories[0].words
        if not self.digest:
            return first
        if len(self.stories) == 1:
            return words("mail.one", headline=first)
        return words("mail.several", count=len(self.stories), headline=first)

    @property
    def updated(self) -> datetime:
        return max(story.updated for story in self.stories)


def by_change(stories: Iterable[Story]) -> dict[str, Story]:
    """Each story by the id of its change and of each of its corrections."""
    return {change.id: story for story in stories for change in (story.change, *story.corrections)}


def telling(message: Message, known: Mapping[str, Story]) -> Telling | None:
    """None: nothing is known (any longer) of the message's changes."""
    found = {
        story.change.id: story for id in message.changes if (story := known.get(id)) is not None
    }
    if not found:
        return None
    told = tuple(sorted(found.values(), key=lambda story: story.change.recorded_at))
    return Telling(told, message.digest, found.keys().isdisjoint(message.changes))
