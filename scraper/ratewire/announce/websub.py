"""The ping by which a WebSub hub learns that feeds have news (https://www.w3.org/TR/websub/).

The hub then fetches the feeds, so it is pinged once they stand at their public addresses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import httpx

from ratewire.announce.couriers import DeliveryResult, DeliveryStatus, Parcel
from ratewire.announce.telling import Telling
from ratewire.config import Site
from ratewire.publish.feeds import FEED_TYPES, feed_path
from ratewire.services import ServiceClient
from ratewire.wording.stories import Story

__all__ = ["Pinger", "topics"]


def topics(site: Site, stories: Iterable[Story]) -> tuple[str, ...]:
    """Addresses of all feeds in which these stories stand."""
    known = {product.id for product in site.products}
    told = {*site.announce.immediate, *site.announce.digest_kinds}
    paths: dict[str, None] = {}
    for story in stories:
        change = story.change
        paths[feed_path("kind", change.kind.value)] = None
        if change.kind.value not in told:
            continue
        paths[feed_path("all")] = None
        paths[feed_path("source", change.source)] = None
        for product in known.intersection(story.products):
            paths[feed_path("product", product)] = None
    return tuple(
        f"{site.settings.url}/{path}.{form}" for path in sorted(paths) for form in FEED_TYPES
    )


class Pinger:
    """The courier of pings."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._client = ServiceClient()

    def deliver(self, parcel: Parcel[Telling], begin: Callable[[], None]) -> DeliveryResult:
        urls = list(topics(self._site, parcel.telling.stories))
        begin()
        try:
            form = {"hub.mode": "publish", "hub.url": urls}
            response = self._client.request("POST", parcel.recipient.address, data=form)
        except httpx.HTTPError as error:  # a second ping does no harm
            return DeliveryResult(DeliveryStatus.LATER, f"no answer: {type(error).__name__}")
        if response.is_success:
            return DeliveryResult(DeliveryStatus.ACCEPTED)
        return DeliveryResult(DeliveryStatus.LATER, f"answered {response.status_code}")

    def close(self) -> None:
        self._client.close()
