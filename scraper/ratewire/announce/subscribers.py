"""Those who subscribed at the bundled service: asked for over HTTP when it is announced.

The service is the owner's own, often on another machine than the one that announces; nothing but
what is needed to write to someone comes over, page by page, and nothing of it is stored here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit

import httpx

from ratewire.announce.mail import address_is_safe
from ratewire.announce.recipients import Channel, Key, Recipient, SubscriberLinks
from ratewire.config import ServiceSettings, Site
from ratewire.errors import ConfigError
from ratewire.services import ServiceClient

__all__ = ["ask", "unanswered", "with_subscribers"]

_MOST_PAGES = 10_000


def with_subscribers(
    site: Site, key: Key, named: Sequence[Recipient], environment: Mapping[str, str]
) -> tuple[tuple[Recipient, ...], str]:
    """Those that the settings name and those who subscribed, and why the latter are absent.

    What someone chose at the service stands in for what the settings say of the same address.
    Raises ConfigError where the secret for asking is missing.
    """
    if site.subscribe.provider != "service":
        return tuple(named), ""
    settings = site.subscribe.service
    if not (token := environment.get(settings.token_env, "").strip()):
        raise ConfigError(
            f"the subscribers are asked for with {settings.token_env}, which the environment does "
            "not have; set it to what the service has there (docs/subscriptions.md)"
        )
    everyone = {recipient.id: recipient for recipient in named}
    try:
        for row in ask(settings, token):
            recipient = _recipient(key, settings, row)
            everyone[recipient.id] = recipient
    except _TROUBLES as error:
        return tuple(named), f"subscribers: {_told(settings, error)}"
    return tuple(everyone.values()), ""


def unanswered(settings: ServiceSettings, token: str) -> str:
    """Why the service does not tell who is subscribed; empty: it does."""
    try:
        next(iter(ask(settings, token)), None)
    except _TROUBLES as error:
        return _told(settings, error)
    return ""


_TROUBLES = (httpx.HTTPError, ValueError, KeyError, TypeError)


def _told(settings: ServiceSettings, error: Exception) -> str:
    """Our own words are shown; another error's may have a value in them."""
    why = str(error) if isinstance(error, _NoAnswerError) else type(error).__name__
    return f"{_where(settings)}: {why}"


class _NoAnswerError(ValueError):
    """The service said no, in words that name nobody."""


def ask(settings: ServiceSettings, token: str) -> Iterator[Mapping[str, Any]]:
    """Each confirmed subscriber as the service tells it. Raises httpx.HTTPError, ValueError."""
    after = ""
    # Redirects are not followed: the token is for this address alone.
    asking = ServiceClient(
        base_url=_where(settings),
        headers={"authorization": f"Bearer {token}"},
        timeout=settings.timeout,
    )
    with closing(asking) as client:
        for _ in range(_MOST_PAGES):
            response = client.request("GET", "/recipients", params={"after": after})
            if response.status_code != 200:
                raise _NoAnswerError(_refusal(response.status_code, settings))
            page = response.json()
            yield from page["recipients"]
            if not (after := page["next"]):
                return
    raise _NoAnswerError("the list of recipients does not end")


def _where(settings: ServiceSettings) -> str:
    return settings.internal_url or settings.url


def _refusal(status: int, settings: ServiceSettings) -> str:
    if status in (401, 403):
        return f"does not accept {settings.token_env}; it has to be the same there and here"
    return f"answered {status}"


def _recipient(key: Key, settings: ServiceSettings, row: Mapping[str, Any]) -> Recipient:
    """Raises ValueError, KeyError where it is not as the service tells it."""
    address, serial, digest = (_text(row, name) for name in ("address", "id", "digest"))
    if not (address_is_safe(address) and serial.isalnum() and serial.isascii()):
        raise ValueError("not a recipient")
    links = SubscriberLinks(serial, _text(row, "unsubscribe"), _text(row, "preferences"))
    for link in (links.unsubscribe, links.preferences):
        home = urlsplit(settings.url)
        parts = urlsplit(link)
        bare = link.isascii() and link.isprintable() and not {" ", "<", ">", '"'} & set(link)
        if not bare or (parts.scheme, parts.netloc) != (home.scheme, home.netloc):
            raise ValueError("a link leads elsewhere")
    return Recipient(
        key.digest(Channel.EMAIL, address.casefold()),
        Channel.EMAIL,
        address,
        frozenset(str(product) for product in row["products"]),
        # Also those that there are not: whoever asked for nothing else hears nothing, not all.
        frozenset(str(kind) for kind in row["kinds"]),
        digest if digest in ("daily", "weekly") else "",
        links=links,
    )


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row[name]
    if not isinstance(value, str):
        raise ValueError(f"{name} is no text")
    return value
