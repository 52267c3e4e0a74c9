"""What a message tells: its stories, in the words of the site, ready for any channel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ratewire.announce.outbox import Message
from ratewire.config import Site
from ratewire.model import ChangeKind
from ratewire.publish.feeds import web_url
from ratewire.publish.statements import Vocabulary
from ratewire.publish.stories import Story, change_url
from ratewire.publish.wording import Row, rows, wording
from ratewire.publish.words import ENGLISH, Words

__all__ = ["Item", "Telling", "items", "telling"]


@dataclass(frozen=True, slots=True)
class Item:
    """One story, in plain text that no outlet has escaped yet."""

    story: Story
    headline: str
    detail: str
    """What stands below the headline."""
    rows: tuple[Row, ...]
    url: str
    source: str
    source_url: str
    """Empty where it is not a web address."""
    words: Words = field(default=ENGLISH, repr=False, compare=False)
    """Those of the site's language, in which it is told."""

    @property
    def state(self) -> str:
        """`confirmed`, `corrected` or `retracted`."""
        return self.story.latest.state.value

    @property
    def kind(self) -> ChangeKind:
        return self.story.change.kind


@dataclass(frozen=True, slots=True)
class Telling:
    """One message's stories, the oldest first, and whether it is a digest."""

    items: tuple[Item, ...]
    digest: bool
    correction: bool
    """It mends what the recipient was told before."""

    @property
    def subject(self) -> str:
        first, words = self.items[0].headline, self.items[0].words
        if not self.digest:
            return first
        if len(self.items) == 1:
            return words("mail.one", headline=first)
        return words("mail.several", count=len(self.items), headline=first)

    @property
    def updated(self) -> datetime:
        return max(item.story.updated for item in self.items)


def items(site: Site, stories: Sequence[Story]) -> dict[str, Item]:
    """Each story's item by the id of its change and of each of its corrections."""
    vocabulary = Vocabulary.of(site)
    found: dict[str, Item] = {}
    for story in stories:
        said = wording(story, vocabulary)
        item = Item(
            story,
            said.headline,
            said.detail,
            rows(story.truth, vocabulary),
            change_url(site.settings.url, story.change.id),
            vocabulary.source(story.change.source),
            web_url(story.change.url),
            vocabulary.words,
        )
        for change in (story.change, *story.corrections):
            found[change.id] = item
    return found


def telling(message: Message, known: Mapping[str, Item]) -> Telling | None:
    """None: nothing is known (any longer) of the message's changes."""
    found = {item.url: item for id in message.changes if (item := known.get(id)) is not None}
    if not found:
        return None
    told = tuple(sorted(found.values(), key=lambda item: item.story.change.recorded_at))
    firsts = {item.story.change.id for item in told}
    return Telling(told, message.digest, firsts.isdisjoint(message.changes))
