"""Feed documents as JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json
from collections.abc import Mapping

from ratewire.config import Site
from ratewire.model.moments import rfc3339
from ratewire.publish.feeds.channel import FeedDocument
from ratewire.publish.feeds.entry import categories, text
from ratewire.wording.stories import Story, change_url
from ratewire.wording.text import plain

__all__ = ["json_feed"]


def json_feed(document: FeedDocument, site: Site, html: Mapping[str, str]) -> bytes:
    """The document as JSON Feed; `next_url` leads to the archive before it. `html`: of each
    story, by its change.
    """
    settings = site.settings
    feed: dict[str, object] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": document.channel.title,
        "home_page_url": f"{settings.url}/",
        "feed_url": f"{settings.url}/{document.name}.json",
        "description": document.channel.description,
        "language": settings.language,
        "authors": [{"name": plain(settings.author or settings.title, 120) or "ratewire"}],
        "items": [_item(story, site, html[story.change.id]) for story in document.stories],
    }
    if document.older:
        feed["next_url"] = f"{settings.url}/{document.older}.json"
    if site.announce.websub_hub and not document.archive:
        feed["hubs"] = [{"type": "WebSub", "url": site.announce.websub_hub}]
    return (json.dumps(feed, indent=1) + "\n").encode("ascii")


def _item(story: Story, site: Site, html: str) -> dict[str, object]:
    item: dict[str, object] = {
        "id": change_url(site.settings.ids, story.change.id),
        "url": story.url,
        "title": story.headline,
        "summary": story.summary,
        "content_html": html,
        "content_text": text(story),
        "date_modified": rfc3339(story.updated),
        "tags": list(dict.fromkeys(term for _, term in categories(story))),
    }
    if story.published:
        item["date_published"] = rfc3339(story.published)
    if story.source_url:
        item["external_url"] = story.source_url
    return item
