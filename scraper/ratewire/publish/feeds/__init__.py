"""The site's feeds: RSS 2.0, Atom and JSON Feed 1.1 for everything and for each product, kind and
source, and one OPML list of them all. Pure: the same changes give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from ratewire.config import Site
from ratewire.publish.feeds.channel import FeedChannel, FeedDocument, channels, documents, feed_path
from ratewire.publish.feeds.entry import html
from ratewire.publish.feeds.json import json_feed
from ratewire.publish.feeds.xml import FEED_TYPES, atom, entry_elements, opml, rss
from ratewire.wording.catalogue import words_of
from ratewire.wording.stories import Story

__all__ = ["FEED_TYPES", "OPML_PATH", "FeedChannel", "FeedDocument", "feed_path", "feeds"]

OPML_PATH = "feeds/feeds.opml"

_GROUPS = ("all", "product", "kind", "source")


def feeds(site: Site, stories: Iterable[Story], *, updated: datetime) -> Mapping[str, bytes]:
    """Every feed document by its path below the site: `feeds/all.rss`, `feeds/archive/all-1.rss`,
    `feeds/product/<id>.atom`, `feeds/kind/<kind>.json`, `feeds/source/<id>.rss`,
    `feeds/feeds.opml`.

    `updated` dates only a feed that has no entries yet: pass a time that comes from the data.
    """
    stories, words = tuple(stories), words_of(site)
    every = tuple(channels(site, stories, words))
    contents = {story.change.id: html(story) for story in stories}
    elements = {
        story.change.id: entry_elements(story, site, contents[story.change.id]) for story in stories
    }
    made: dict[str, bytes] = {}
    for channel in every:
        for document in documents(channel, site.settings.feed_entries, updated):
            within = [elements[story.change.id] for story in document.stories]
            made[f"{document.name}.rss"] = rss(document, site, within)
            made[f"{document.name}.atom"] = atom(document, site, within)
            made[f"{document.name}.json"] = json_feed(document, site, contents)
    groups = [(group, words(f"channel.group_{group}")) for group in _GROUPS]
    made[OPML_PATH] = opml(every, words("channel.opml", site=site.settings.title), site, groups)
    return made
