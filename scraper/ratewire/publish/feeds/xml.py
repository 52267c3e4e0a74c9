"""Feed documents as RSS 2.0 and Atom (RFC 4287), through feedgen, and the list of them as OPML 2.0.

Archives are marked as RFC 5005 section 4 has it, the hub as WebSub section 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from feedgen.entry import FeedEntry
from feedgen.ext.base import BaseExtension
from feedgen.feed import FeedGenerator
from lxml import etree

from ratewire.config import Site
from ratewire.publish.feeds.channel import FeedChannel, FeedDocument
from ratewire.publish.feeds.entry import categories
from ratewire.wording.stories import Story, change_url
from ratewire.wording.text import plain

__all__ = ["FEED_TYPES", "atom", "entry_elements", "opml", "rss"]

FEED_TYPES = {
    "rss": "application/rss+xml",
    "atom": "application/atom+xml",
    "json": "application/feed+json",
}

_ATOM = "http://www.w3.org/2005/Atom"
_HISTORY = "http://purl.org/syndication/history/1.0"


class _History(BaseExtension):  # type: ignore[misc]
    """`fh:archive`, and in RSS the links that feedgen writes in Atom only.

    A description in RSS is HTML: plain text is escaped for that as well.
    """

    archive = False
    links: Sequence[tuple[str, str]] = ()

    def extend_ns(self) -> dict[str, str]:
        return {"fh": _HISTORY} if self.archive else {}

    def extend_atom(self, feed: Any) -> Any:
        if self.archive:
            etree.SubElement(feed, f"{{{_HISTORY}}}archive")
        return feed

    def extend_rss(self, feed: Any) -> Any:
        (channel,) = feed
        _escape_description(channel)
        for rel, href in self.links:
            etree.SubElement(channel, f"{{{_ATOM}}}link", rel=rel, href=href)
        if self.archive:
            etree.SubElement(channel, f"{{{_HISTORY}}}archive")
        return feed


class _Item(BaseExtension):  # type: ignore[misc]
    """An RSS item: its description escaped, and `atom:updated` where it was corrected, since RSS
    itself has one date only.
    """

    on = ""

    def extend_rss(self, item: Any) -> Any:
        _escape_description(item)
        if self.on:
            etree.SubElement(item, f"{{{_ATOM}}}updated").text = self.on
        return item


def _escape_description(parent: Any) -> None:
    description = parent.find("description")
    if description is not None:
        description.text = escape(description.text or "", quote=False)


def entry_elements(story: Story, site: Site, html: str) -> FeedEntry:
    """A feedgen entry; one serves every feed that holds it."""
    made, id = FeedEntry(), change_url(site.settings.ids, story.change.id)
    made.guid(id, permalink=id == story.url)
    made.title(story.headline)
    if story.source_url:
        made.link(href=story.source_url, rel="via")
    made.link(href=story.url, rel="alternate")  # last: some readers take the last link for it
    made.summary(story.summary)
    made.content(html, type="html")
    if story.published:
        made.published(story.published)
    made.updated(story.updated)
    base = f"{site.settings.url}/feeds"
    made.category([{"term": t, "scheme": f"{base}/{name}/"} for name, t in categories(story)])
    made.register_extension("item", _Item, atom=False, rss=True)
    if story.updated != story.change.recorded_at:
        made.item.on = story.updated.isoformat()
    return made


def rss(document: FeedDocument, site: Site, elements: Sequence[FeedEntry]) -> bytes:
    """The document as RSS 2.0; `elements` are its entries', in its order."""
    return bytes(_generator(document, site, elements, "rss").rss_str())


def atom(document: FeedDocument, site: Site, elements: Sequence[FeedEntry]) -> bytes:
    """The document as Atom; `elements` are its entries', in its order."""
    return bytes(_generator(document, site, elements, "atom").atom_str())


def _generator(
    document: FeedDocument, site: Site, elements: Sequence[FeedEntry], form: str
) -> FeedGenerator:
    settings = site.settings

    def address(name: str) -> str:
        return f"{settings.url}/{name}.{form}"

    links = [("current", document.channel.path)] if document.archive else []
    links += [("prev-archive", document.older)] if document.older else []
    links += [("next-archive", document.newer)] if document.newer else []
    related = [(rel, address(name)) for rel, name in links]
    hub = site.announce.websub_hub
    if hub and not document.archive:
        related.append(("hub", hub))

    feed = FeedGenerator()
    feed.id(f"{settings.ids}/{document.channel.path}.{form}")
    feed.title(document.channel.title)
    feed.subtitle(document.channel.description)
    feed.language(settings.language)
    feed.author(name=plain(settings.author or settings.title, 120) or "ratewire")
    feed.generator("ratewire")
    feed.updated(document.updated)
    feed.link(href=address(document.name), rel="self", type=FEED_TYPES[form])
    for rel, href in related:
        feed.link(href=href, rel=rel)
    feed.link(href=f"{settings.url}/", rel="alternate", type="text/html")  # the last is RSS's own
    feed.register_extension("history", _History)
    feed.history.archive, feed.history.links = document.archive, related
    for element in elements:
        feed.add_entry(element, order="append")
    return feed


def opml(
    channels: Sequence[FeedChannel], title: str, site: Site, groups: Sequence[tuple[str, str]]
) -> bytes:
    """All feeds as an OPML 2.0 list, gathered under `groups` (group, heading)."""
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = plain(title)
    body = etree.SubElement(root, "body")
    for group, heading in groups:
        within = [channel for channel in channels if channel.group == group]
        if not within:
            continue
        parent = etree.SubElement(body, "outline", text=heading)
        for channel in within:
            etree.SubElement(
                parent,
                "outline",
                type="rss",
                text=channel.title,
                title=channel.title,
                description=channel.description,
                xmlUrl=f"{site.settings.url}/{channel.path}.atom",
                htmlUrl=f"{site.settings.url}/",
            )
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True))
