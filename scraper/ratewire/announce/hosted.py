"""Announcing through a hosted list: one broadcast a message, which the list sends to its own.

What is common to the lists: the broadcast's words, made safe for templates that lists run over
them, and what their answers mean. A list is a recipient like any other in the outbox. Where it is
unknown whether a broadcast was taken, the list is asked for it before it is sent again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import httpx
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ratewire.announce.couriers import DeliveryResult, DeliveryStatus, Parcel, asked_wait
from ratewire.announce.mail import plain_text
from ratewire.announce.telling import Telling
from ratewire.config import Site
from ratewire.errors import ConfigError
from ratewire.services import ServiceClient
from ratewire.wording.catalogue import ENGLISH, Words, words_of
from ratewire.wording.text import plain

__all__ = ["Broadcast", "HostedList", "Refusal", "ask", "hosted_list", "judged"]

_MOST_ROWS = 50
_MOST_SAID = 300


class HostedList(Protocol):
    """A courier that can also say whether its key is accepted."""

    def deliver(self, parcel: Parcel[Telling], begin: Callable[[], None]) -> DeliveryResult: ...

    def accepted(self) -> str:
        """Empty, or why the list would take nothing; sends nothing."""
        ...

    def close(self) -> None: ...


def _now() -> datetime:
    return datetime.now(UTC)


def hosted_list(
    site: Site, environment: Mapping[str, str], clock: Callable[[], datetime] = _now
) -> HostedList:
    """The list that `[subscribe]` names. Raises ConfigError where its key is not there."""
    # Here, so that a site without a list loads neither.
    from ratewire.announce.buttondown import Buttondown
    from ratewire.announce.listmonk import Listmonk

    settings = site.subscribe
    if settings.provider == "buttondown":
        key = _secret(environment, settings.buttondown.key_env)
        return Buttondown(settings.buttondown, key, clock, words_of(site))
    key = _secret(environment, settings.listmonk.token_env)
    return Listmonk(settings.listmonk, key, words_of(site))


def _secret(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name, "").strip()
    if not value.isascii() or not value.isprintable() or not value:
        raise ConfigError(
            f"the hosted list is written to with {name}, which the environment does not have; "
            "set it to the key that the list gave you (docs/subscriptions.md)"
        )
    return value


@dataclass(frozen=True, slots=True)
class Broadcast:
    """A message for all of a list, in words that a list's template engine leaves alone."""

    subject: str
    html: str
    text: str
    sort: str
    """`change`, `correction` or `digest`."""

    @classmethod
    def of(cls, telling: Telling, words: Words = ENGLISH) -> Broadcast:
        page = Environment(
            loader=FileSystemLoader(Path(__file__).parent),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            finalize=_without_braces,
        ).get_template("broadcast.html")
        html = page.render(stories=telling.stories, most_rows=_MOST_ROWS, say=words.html)
        sort = "digest" if telling.digest else "correction" if telling.correction else "change"
        return cls(
            _apart(plain(telling.subject, 200)), html, _apart(plain_text(telling, words)), sort
        )


def _without_braces(value: Any) -> Any:
    """Braces as character references: a list would run `{{ … }}` and `{% … %}` as its own."""
    if isinstance(value, str) and not isinstance(value, Markup) and re.search(r"[{}]", value):
        escaped = Markup.escape(value)
        return Markup(str(escaped).replace("{", "&#123;").replace("}", "&#125;"))
    return value


def _apart(text: str) -> str:
    """Text has no such references, so what would open a template's tag is pulled apart."""
    return re.sub(r"\{(?=[{%#])", "{ ", text)


class Refusal(Exception):  # noqa: N818 - it carries an outcome and is no fault of the program
    """A question to the list failed; nothing was handed over by it."""

    def __init__(self, outcome: DeliveryResult) -> None:
        super().__init__(outcome.why)
        self.outcome = outcome


def ask(
    client: ServiceClient, method: str, path: str, params: Mapping[str, Any] | None = None
) -> Any:
    """The answer to a question that changes nothing. Raises Refusal."""
    try:
        response = client.request(method, path, params=params)
    except httpx.HTTPError as error:
        words = f"{client.host}: {type(error).__name__}"
        raise Refusal(DeliveryResult(DeliveryStatus.DOWN, words)) from None
    if response.status_code != 200:
        outcome = judged(client, response)
        if outcome.answer is DeliveryStatus.UNKNOWN:  # nothing was sent that could have been taken
            outcome = DeliveryResult(DeliveryStatus.LATER, outcome.why)
        raise Refusal(outcome)
    try:
        return response.json()
    except ValueError:
        words = f"{client.host} answered something that is not JSON"
        raise Refusal(DeliveryResult(DeliveryStatus.LATER, words)) from None


def judged(client: ServiceClient, response: httpx.Response) -> DeliveryResult:
    """What an answer other than consent to a request means.

    401 and 403: nothing goes to this list in this run. 429: later, with Retry-After heeded. Other
    4xx: not this message. 5xx: nobody knows what was done before it.
    """
    status = response.status_code
    why = f"{client.host} answered {status}{_said(response)}"
    if status in (401, 403):
        return DeliveryResult(DeliveryStatus.DOWN, why)
    if status == 429:
        return DeliveryResult(
            DeliveryStatus.LATER, why, asked_wait(response.headers.get("retry-after", ""))
        )
    if 400 <= status < 500:
        return DeliveryResult(DeliveryStatus.REFUSED, why)
    return DeliveryResult(DeliveryStatus.UNKNOWN, why)


def _said(response: httpx.Response) -> str:
    """The list's own words for what is wrong: `detail` at Buttondown, `message` at listmonk."""
    try:
        body = response.json()
    except ValueError:
        return ""
    said = (body.get("detail") or body.get("message")) if isinstance(body, dict) else None
    return f": {plain(said, _MOST_SAID)}" if isinstance(said, str) else ""
