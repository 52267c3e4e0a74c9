"""A newsletter at Buttondown, as https://docs.buttondown.com/api-introduction describes its API.

POST /emails with `status: about_to_send` sends (api-emails-create); `metadata` carries our id of
the message, by which GET /emails is searched (api-emails-list, api-pagination). The same request
under one X-Idempotency-Key is done once (api-idempotency-keys). Answers are those of
api-response-codes and api-rate-limits; the header that confirms a first sending is that of the
version 2026-04-01 of the API.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import httpx

from ratewire.announce.couriers import DeliveryResult, DeliveryStatus, Parcel
from ratewire.announce.hosted import Broadcast, Refusal, ask, judged
from ratewire.announce.telling import Telling
from ratewire.config import ButtondownSettings
from ratewire.services import ServiceClient
from ratewire.wording.catalogue import Words
from ratewire.wording.text import plain

__all__ = ["Buttondown"]

_VERSION = "2026-04-01"
_MOST_PAGES = 200
_OURS = "ratewire"
"""The key of our id within an email's metadata."""
_HTML = "<!-- buttondown-editor-mode: fancy -->"
"""Says that the body is HTML and not Markdown."""


class Buttondown:
    """The courier to one newsletter."""

    def __init__(
        self,
        settings: ButtondownSettings,
        key: str,
        clock: Callable[[], datetime],
        words: Words,
    ) -> None:
        self._tag, self._words = settings.tag, words
        self._clock = clock
        self._client = ServiceClient(
            base_url=settings.api.rstrip("/"),
            headers={
                "authorization": f"Token {key}",
                "x-api-version": _VERSION,
            },
            timeout=settings.timeout,
        )

    def deliver(self, parcel: Parcel[Telling], begin: Callable[[], None]) -> DeliveryResult:
        id = parcel.message.id
        try:
            if parcel.unsure and self._has(id):
                return DeliveryResult(DeliveryStatus.ACCEPTED, found=True)
        except Refusal as refusal:
            return refusal.outcome
        begin()
        try:
            response = self._client.request(
                "POST", "/emails", json=self._email(parcel), headers=self._once(id)
            )
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            return DeliveryResult(
                DeliveryStatus.DOWN, f"{self._client.host}: {type(error).__name__}"
            )
        except httpx.HTTPError as error:
            return DeliveryResult(DeliveryStatus.UNKNOWN, f"no answer: {type(error).__name__}")
        if response.is_success:
            return DeliveryResult(DeliveryStatus.ACCEPTED)
        if _code(response) == "email_duplicate":
            try:
                if self._has(id):
                    return DeliveryResult(DeliveryStatus.ACCEPTED, found=True)
            except Refusal as refusal:
                return DeliveryResult(
                    DeliveryStatus.UNKNOWN, refusal.outcome.why, refusal.outcome.wait
                )
        return judged(self._client, response)

    def accepted(self) -> str:
        try:
            ask(self._client, "GET", "/emails", {"page": 1})
        except Refusal as refusal:
            return refusal.outcome.why
        return ""

    def close(self) -> None:
        self._client.close()

    def _email(self, parcel: Parcel[Telling]) -> dict[str, Any]:
        broadcast = Broadcast.of(parcel.telling, self._words)
        email = {
            "subject": broadcast.subject,
            "body": f"{_HTML}\n{broadcast.html}",
            "status": "about_to_send",
            "metadata": {_OURS: parcel.message.id, "sort": broadcast.sort},
        }
        if self._tag:
            has_tag = {"field": "subscriber.tags", "operator": "contains", "value": self._tag}
            email["filters"] = {"filters": [has_tag], "groups": [], "predicate": "and"}
        return email

    def _once(self, id: str) -> dict[str, str]:
        # A key stands for the answer as well, so that a message which was refused and is sent
        # again by its owner, another day, needs a new one.
        return {
            "x-idempotency-key": f"{id}-{self._clock():%Y%m%d}",
            "x-buttondown-live-dangerously": "true",
        }

    def _has(self, id: str) -> bool:
        """Whether an email with our id is there, in whatever state. Raises Refusal."""
        for page in range(1, _MOST_PAGES + 1):
            answer = ask(self._client, "GET", "/emails", {"page": page})
            try:
                if any((one.get("metadata") or {}).get(_OURS) == id for one in answer["results"]):
                    return True
                if not answer.get("next"):
                    return False
            except (AttributeError, KeyError, TypeError):
                why = "answered with no list of emails"
                raise Refusal(DeliveryResult(DeliveryStatus.LATER, why)) from None
        raise Refusal(DeliveryResult(DeliveryStatus.LATER, "its list of emails does not end"))


def _code(response: httpx.Response) -> str:
    try:
        body = response.json()
    except ValueError:
        return ""
    return plain(str(body.get("code", "")), 80) if isinstance(body, dict) else ""
