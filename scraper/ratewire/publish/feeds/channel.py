"""Which feeds there are, and how each is cut into a current document and archives (RFC 5005)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from ratewire.config import Site
from ratewire.model import ChangeKind
from ratewire.wording.catalogue import Words
from ratewire.wording.changes import kind_name
from ratewire.wording.stories import Story
from ratewire.wording.text import plain

__all__ = ["FeedChannel", "FeedDocument", "channels", "documents", "feed_path"]


def feed_path(group: str, name: str = "") -> str:
    """Path of a feed below the site, without its suffix: `feeds/all`, `feeds/product/gpt-image-2`.

    The suffixes are `.rss`, `.atom` and `.json`.
    """
    return f"feeds/{group}/{name}" if name else f"feeds/{group}"


@dataclass(frozen=True, slots=True)
class FeedChannel:
    """One feed: everything, or one product, kind or source."""

    path: str
    group: str
    title: str
    description: str
    stories: tuple[Story, ...]
    """Oldest first."""

    def archive(self, number: int) -> str:
        """Path of an archive, without suffix: in a folder of its own, where no feed is called so.

        Next to the feeds, the first archive of `x` would be the feed of a product `x-1`.
        """
        return f"feeds/archive/{self.path.removeprefix('feeds/')}-{number}"


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """One file's worth of a channel: the current entries, or an archive of older ones."""

    channel: FeedChannel
    name: str
    """Path without suffix."""
    stories: tuple[Story, ...]
    """Newest first."""
    updated: datetime
    archive: bool
    older: str = ""
    """Path without suffix of the archive before this document."""
    newer: str = ""


def channels(site: Site, stories: Sequence[Story], words: Words) -> Iterator[FeedChannel]:
    """Every feed of a site; products, kinds and sources without a change have an empty one.

    Kinds that the owner neither announces at once nor in a digest stand in their own feed only.
    """
    settings = site.announce
    told = {*settings.immediate, *settings.digest_kinds}
    ordered = sorted(stories, key=lambda s: (s.change.recorded_at, s.change.id))
    announced = [story for story in ordered if story.change.kind.value in told]
    title = plain(site.settings.title, 120)

    def channel(
        group: str, name: str, label: str, among: Sequence[Story], belongs: Callable[[Story], bool]
    ) -> FeedChannel:
        return FeedChannel(
            feed_path(group, name),
            group,
            words("channel.title", site=title, feed=plain(label, 120)),
            words("channel.description", feed=plain(label, 120)),
            tuple(story for story in among if belongs(story)),
        )

    yield channel("all", "", words("channel.all"), announced, lambda _: True)
    for product in site.products:
        of_product = partial(_of_product, product.id)
        yield channel("product", product.id, product.name, announced, of_product)
    for kind in ChangeKind:
        name = kind_name(kind, words, within=True)
        yield channel("kind", kind, name, ordered, partial(_of_kind, kind))
    for source in site.sources:
        yield channel("source", source.id, source.name, announced, partial(_of_source, source.id))


def _of_product(product: str, story: Story) -> bool:
    return product in story.products


def _of_kind(kind: ChangeKind, story: Story) -> bool:
    return story.change.kind is kind


def _of_source(source: str, story: Story) -> bool:
    return story.change.source == source


def documents(channel: FeedChannel, most: int, updated: datetime) -> Iterator[FeedDocument]:
    """The current document, then the archives, oldest first.

    An archive is full once and keeps its number and its entries ever after. The current document
    has the `most` newest by `updated`, so that a correction of an old entry shows there too, and
    whatever is in no archive yet. `updated` dates a feed without entries.
    """
    most = max(1, most)
    stories = channel.stories
    full = max(0, (len(stories) - 1) // most)
    names = [channel.archive(number + 1) for number in range(full)]

    def newest_first(some: Sequence[Story]) -> tuple[Story, ...]:
        return tuple(sorted(some, key=lambda s: (s.updated, s.change.id), reverse=True))

    def document(name: str, some: Sequence[Story], older: str, newer: str) -> FeedDocument:
        latest = max((story.updated for story in some), default=updated)
        return FeedDocument(
            channel, name, newest_first(some), latest, name != channel.path, older, newer
        )

    loose = stories[full * most :]
    kept = {story.change.id for story in loose}
    newest = newest_first(stories)[:most]
    recent = [story for story in newest if story.change.id not in kept]
    yield document(channel.path, (*loose, *recent), names[-1] if names else "", "")
    for number, name in enumerate(names):
        yield document(
            name,
            stories[number * most : (number + 1) * most],
            names[number - 1] if number else "",
            names[number + 1] if number + 1 < full else "",
        )
