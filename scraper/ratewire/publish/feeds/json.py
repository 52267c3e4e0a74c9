"""Feed documents as JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json

from ratewire.config import Site
from ratewire.model.moments import rfc3339
from ratewire.publish.feeds.channel import Document
from ratewire.publish.feeds.entry import Entry
from ratewire.publish.phrases import plain

__all__ = ["json_feed"]


def json_feed(document: Document, site: Site) -> bytes:
    """The document as JSON Feed; `next_url` leads to the archive before it."""
    settings = site.settings
    feed: dict[str, object] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": document.channel.title,
        "home_page_url": f"{settings.url}/",
        "feed_url": f"{settings.url}/{document.name}.json",
        "description": document.channel.description,
        "language": settings.language,
        "authors": [{"name": plain(settings.author or settings.title, 120) or "ratewire"}],
        "items": [_item(entry) for entry in document.entries],
    }
    if document.older:
        feed["next_url"] = f"{settings.url}/{document.older}.json"
    if site.announce.websub_hub and not document.archive:
        feed["hubs"] = [{"type": "WebSub", "url": site.announce.websub_hub}]
    return (json.dumps(feed, indent=1) + "\n").encode("ascii")


def _item(entry: Entry) -> dict[str, object]:
    item: dict[str, object] = {
        "id": entry.id,
        "url": entry.url,
        "title": entry.title,
        "summary": entry.summary,
        "content_html": entry.html,
        "content_text": entry.text,
        "date_modified": rfc3339(entry.updated),
        "tags": list(dict.fromkeys(term for _, term in entry.categories)),
    }
    if entry.published:
        item["date_published"] = rfc3339(entry.published)
    if entry.source_url:
        item["external_url"] = entry.source_url
    return item
