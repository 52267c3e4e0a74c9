"""A list of a listmonk of one's own, as https://listmonk.app/docs/apis/campaigns/ describes it.

A campaign is made (POST /api/campaigns) and then set running (PUT /api/campaigns/{id}/status). Its
tags carry our id of the message, by which GET /api/campaigns is searched: what was made and not
set running by a run that was cut off is set running, and nothing is made twice. Authentication and
answers are those of https://listmonk.app/docs/apis/apis/.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx

from ratewire.announce.couriers import DeliveryResult, DeliveryStatus, Parcel
from ratewire.announce.hosted import Broadcast, Refusal, ask, judged
from ratewire.announce.telling import Telling
from ratewire.config import ListmonkSettings
from ratewire.services import ServiceClient
from ratewire.wording.catalogue import Words

__all__ = ["Listmonk"]

_A_PAGE = 100
_MOST_PAGES = 200


class Listmonk:
    """The courier to one list."""

    def __init__(self, settings: ListmonkSettings, token: str, words: Words) -> None:
        self._list, self._words = settings.list, words
        self._client = ServiceClient(
            base_url=settings.url.rstrip("/"),
            headers={"authorization": f"token {settings.user}:{token}"},
            timeout=settings.timeout,
        )

    def deliver(self, parcel: Parcel[Telling], begin: Callable[[], None]) -> DeliveryResult:
        tag = f"ratewire-{parcel.message.id}"
        try:
            campaign = self._find(tag) if parcel.unsure else None
        except Refusal as refusal:
            return refusal.outcome
        begin()
        if campaign is not None:
            if campaign.get("status") != "draft":  # running, or what its owner made of it since
                return DeliveryResult(DeliveryStatus.ACCEPTED, found=True)
            started = self._start(campaign["id"])
            return replace(started, found=started.answer is DeliveryStatus.ACCEPTED)
        made = self._send("POST", "/api/campaigns", self._campaign(parcel, tag))
        if isinstance(made, DeliveryResult):
            return made
        try:
            number = int(made.json()["data"]["id"])
        except (ValueError, KeyError, TypeError):
            return DeliveryResult(DeliveryStatus.UNKNOWN, "answered with no campaign")
        return self._start(number)

    def accepted(self) -> str:
        try:
            ask(self._client, "GET", f"/api/lists/{self._list}")
        except Refusal as refusal:
            return refusal.outcome.why
        return ""

    def close(self) -> None:
        self._client.close()

    def _start(self, number: int) -> DeliveryResult:
        path = f"/api/campaigns/{number}/status"
        outcome = self._send("PUT", path, {"status": "running"})
        if not isinstance(outcome, DeliveryResult):
            return DeliveryResult(DeliveryStatus.ACCEPTED)
        # The campaign is there: whatever came of starting it, it is looked for before another.
        return DeliveryResult(DeliveryStatus.UNKNOWN, outcome.why, outcome.wait)

    def _send(
        self, method: str, path: str, body: dict[str, Any]
    ) -> httpx.Response | DeliveryResult:
        try:
            response = self._client.request(method, path, json=body)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            return DeliveryResult(
                DeliveryStatus.DOWN, f"{self._client.host}: {type(error).__name__}"
            )
        except httpx.HTTPError as error:
            return DeliveryResult(DeliveryStatus.UNKNOWN, f"no answer: {type(error).__name__}")
        return response if response.is_success else judged(self._client, response)

    def _campaign(self, parcel: Parcel[Telling], tag: str) -> dict[str, Any]:
        broadcast = Broadcast.of(parcel.telling, self._words)
        return {
            "name": f"{broadcast.subject} [{parcel.message.id[:8]}]",
            "subject": broadcast.subject,
            "lists": [self._list],
            "type": "regular",
            "content_type": "html",
            "body": broadcast.html,
            "altbody": broadcast.text,
            "messenger": "email",
            "tags": ["ratewire", broadcast.sort, tag],
        }

    def _find(self, tag: str) -> dict[str, Any] | None:
        """The campaign with this tag. Raises Refusal."""
        for page in range(1, _MOST_PAGES + 1):
            asked = {
                "tags": tag, "page": page, "per_page": _A_PAGE,
                "order_by": "created_at", "order": "DESC",
            }  # fmt: skip
            answer = ask(self._client, "GET", "/api/campaigns", asked)
            try:
                results = answer["data"]["results"] or []
                # Looked at here as well: an older listmonk does not know the filter.
                found = next((one for one in results if tag in (one.get("tags") or ())), None)
            except (AttributeError, KeyError, TypeError):
                why = "answered with no list of campaigns"
                raise Refusal(DeliveryResult(DeliveryStatus.LATER, why)) from None
            if found is not None or len(results) < _A_PAGE:
                return found
        raise Refusal(DeliveryResult(DeliveryStatus.LATER, "its list of campaigns does not end"))
