"""Signed webhooks after the Standard Webhooks specification 1.0.0.

Headers webhook-id (the same for every try, so that a receiver can tell a repetition),
webhook-timestamp and webhook-signature (`v1,` HMAC-SHA256 of `id.timestamp.body`).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Generic, TypeVar

import httpx

from ratewire.announce.couriers import DeliveryResult, DeliveryStatus, Parcel, Subject, asked_wait
from ratewire.announce.telling import Telling
from ratewire.config import WebhookSettings
from ratewire.errors import ConfigError
from ratewire.model.moments import rfc3339
from ratewire.services import ServiceClient
from ratewire.wording import data as published
from ratewire.wording.data import AlterationData
from ratewire.wording.stories import Story
from ratewire.wording.text import plain

__all__ = ["MOST_BYTES", "Messenger", "compact", "payload", "secrets", "sign"]

_AT_ONCE = (1.0, 5.0)
"""Seconds before the second and the third try within one run."""
MOST_BYTES = 65_536
_PREFIX = "whsec_"
T = TypeVar("T", bound=Subject)


def secrets(settings: WebhookSettings, environment: Mapping[str, str]) -> tuple[bytes, ...]:
    """The keys to sign with, of 24 to 64 bytes each. Raises ConfigError."""
    name = settings.secret_env
    words = environment.get(name, "").split()
    if not words:
        raise ConfigError(
            f"a webhook has no secret: set {name} to whsec_ and the base64 of 32 random bytes "
            '(`echo "whsec_$(openssl rand -base64 32)"`)'
        )
    keys = []
    for word in words:
        try:
            keys.append(base64.b64decode(word.removeprefix(_PREFIX), validate=True))
        except binascii.Error:
            raise ConfigError(f"{name} is not whsec_ and base64") from None
        if not 24 <= len(keys[-1]) <= 64:
            raise ConfigError(f"{name} has {len(keys[-1])} bytes; a secret has 24 to 64")
    return tuple(keys)


def sign(keys: tuple[bytes, ...], id: str, timestamp: int, body: bytes) -> str:
    """The value of webhook-signature: one signature a key, separated by spaces."""
    signed = f"{id}.{timestamp}.".encode() + body
    digests = (hmac.new(key, signed, hashlib.sha256).digest() for key in keys)
    return " ".join(f"v1,{base64.b64encode(digest).decode()}" for digest in digests)


def payload(telling: Telling) -> bytes:
    """`{"type", "timestamp", "data"}`; ASCII, and the same for the same news.

    `type` is `change.confirmed`, `change.corrected`, `change.retracted` with one change as data,
    or `changes.digest` with `{"changes": […]}`. What would be too long is `shortened`: it lacks
    `alterations` and `rows`, which are on the page of the change.
    """
    changes = [_change(story) for story in telling.stories]
    if telling.digest:
        kind, data = "changes.digest", {"changes": changes}
    else:
        kind, data = f"change.{telling.stories[0].state}", changes[0]
    body = {"type": kind, "timestamp": rfc3339(telling.updated), "data": data}
    made = compact(body)
    if len(made) > MOST_BYTES:
        for change in changes:
            change |= {"alterations": [], "rows": [], "shortened": True}
        made = compact(body)
    return made


def compact(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, separators=(",", ":")).encode("ascii")


def _change(story: Story) -> dict[str, Any]:
    change, latest = story.truth, story.latest
    return {
        "id": story.change.id,
        "kind": story.change.kind.value,
        "state": story.state,
        "headline": story.headline,
        "detail": story.detail,
        "url": story.url,
        "source": {"id": change.source, "name": story.source, "url": story.source_url},
        "products": [plain(product, 120) for product in change.products],
        "basis": story.change.basis.value or None,
        "looks": story.change.looks or None,
        "confirmed_at": rfc3339(story.change.recorded_at),
        "updated_at": rfc3339(story.updated),
        "note": plain(latest.note, 400),
        "last_seen_old": rfc3339(change.window.last_seen_old),
        "first_seen_new": rfc3339(change.window.first_seen_new),
        "rows": [
            {"what": row.subject, "before": row.before, "after": row.after, "change": row.step}
            for row in story.rows
        ],
        "alterations": published.plain([AlterationData.of(each) for each in change.alterations]),
    }


class Messenger(Generic[T]):
    """The courier of webhooks. Redirects are not followed."""

    def __init__(
        self,
        environment: Mapping[str, str],
        clock: Callable[[], datetime],
        pause: Callable[[float], None],
        payload: Callable[[T], bytes],
    ) -> None:
        self._environment = environment
        self._payload = payload
        self._clock = clock
        self._pause = pause
        self._client = ServiceClient()

    def deliver(self, parcel: Parcel[T], begin: Callable[[], None]) -> DeliveryResult:
        settings = parcel.recipient.webhook
        assert settings is not None, "a webhook's recipient has its settings"
        keys = secrets(settings, self._environment)
        id, body = f"msg_{parcel.message.id}", self._payload(parcel.telling)
        begin()
        for seconds in (*_AT_ONCE, None):
            outcome = self._post(settings, keys, id, body)
            asked = outcome.wait.total_seconds() if outcome.wait else 0.0
            if outcome.answer is not DeliveryStatus.LATER or seconds is None or asked > seconds:
                break
            self._pause(seconds)
        return outcome

    def close(self) -> None:
        self._client.close()

    def _post(
        self, settings: WebhookSettings, keys: tuple[bytes, ...], id: str, body: bytes
    ) -> DeliveryResult:
        timestamp = int(self._clock().timestamp())
        headers = {
            "content-type": "application/json",
            "webhook-id": id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": sign(keys, id, timestamp, body),
        }
        try:
            response = self._client.request(
                "POST", settings.url, content=body, headers=headers, timeout=settings.timeout,
                read_body=False,
            )  # fmt: skip
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol) as error:
            return DeliveryResult(DeliveryStatus.LATER, f"no connection: {type(error).__name__}")
        except httpx.HTTPError as error:
            return DeliveryResult(DeliveryStatus.UNKNOWN, f"no answer: {type(error).__name__}")
        return _judged(response)


def _judged(response: httpx.Response) -> DeliveryResult:
    status = response.status_code
    if 200 <= status < 300:
        return DeliveryResult(DeliveryStatus.ACCEPTED)
    if status == 410:
        return DeliveryResult(DeliveryStatus.REFUSED, "410 Gone: the receiver wants no more")
    wait = asked_wait(response.headers.get("retry-after", ""))
    return DeliveryResult(DeliveryStatus.LATER, f"answered {status}", wait)
