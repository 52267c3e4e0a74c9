"""The site's feeds: RSS 2.0, Atom and JSON Feed 1.1 for everything and for each product, kind and
source, and one OPML list of them all. Pure: the same changes give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from ratewire.config import Site
from ratewire.model import Change
from ratewire.publish.feeds.channel import Channel, Document, channels, documents, feed_path
from ratewire.publish.feeds.entry import Entry, entry, web_url
from ratewire.publish.feeds.json import json_feed
from ratewire.publish.feeds.xml import FEED_TYPES, atom, entry_elements, opml, rss
from ratewire.publish.statements import Vocabulary
from ratewire.publish.stories import stories
from ratewire.publish.words import words_of

__all__ = [
    "FEED_TYPES",
    "OPML_PATH",
    "Channel",
    "Document",
    "Entry",
    "entry",
    "feed_path",
    "feeds",
    "site_channels",
    "web_url",
]

OPML_PATH = "feeds/feeds.opml"

_GROUPS = ("all", "product", "kind", "source")


def site_channels(site: Site, changes: Iterable[Change]) -> tuple[Channel, ...]:
    """Every feed of the site with its entries, oldest first; `.path` lacks the suffix."""
    vocabulary = Vocabulary.of(site)
    entries = [entry(story, site, vocabulary) for story in stories(changes)]
    return tuple(channels(site, entries, vocabulary.words))


def feeds(site: Site, changes: Iterable[Change], *, updated: datetime) -> Mapping[str, bytes]:
    """Every feed document by its path below the site: `feeds/all.rss`, `feeds/archive/all-1.rss`,
    `feeds/product/<id>.atom`, `feeds/kind/<kind>.json`, `feeds/source/<id>.rss`,
    `feeds/feeds.opml`.

    Pending changes are in none. `updated` dates only a feed that has no entries yet: pass a time
    that comes from the data.
    """
    every = site_channels(site, changes)
    elements = {
        each.id: entry_elements(each, site) for channel in every for each in channel.entries
    }
    made: dict[str, bytes] = {}
    for channel in every:
        for document in documents(channel, site.settings.feed_entries, updated):
            within = [elements[each.id] for each in document.entries]
            made[f"{document.name}.rss"] = rss(document, site, within)
            made[f"{document.name}.atom"] = atom(document, site, within)
            made[f"{document.name}.json"] = json_feed(document, site)
    words = words_of(site)
    groups = [(group, words(f"channel.group_{group}")) for group in _GROUPS]
    made[OPML_PATH] = opml(every, words("channel.opml", site=site.settings.title), site, groups)
    return made
