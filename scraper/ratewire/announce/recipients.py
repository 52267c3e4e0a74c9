"""Who is to be told: the recipients that the settings name, under pseudonyms.

An address may stand in the environment (`env:NAME`) instead of a file, and nothing here shows or
stores one: the outbox knows a recipient by the HMAC-SHA256 of channel and address under the
owner's key, so that it can lie in public git and give no address away, not even to a guess.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit

from ratewire.config import (
    AppriseSettings,
    GithubSettings,
    RecipientSettings,
    Site,
    SubscribeSettings,
    WebhookSettings,
)
from ratewire.errors import ConfigError
from ratewire.model import ChangeKind

__all__ = ["Channel", "Key", "Recipient", "SubscriberLinks", "recipients"]


class Channel(StrEnum):
    EMAIL = "email"
    WEBHOOK = "webhook"
    WEBSUB = "websub"
    APPRISE = "apprise"
    GITHUB = "github"
    LIST = "list"
    """A hosted list, which tells its own subscribers."""


@dataclass(frozen=True, slots=True)
class Key:
    """The secret under which recipients and messages get their pseudonyms."""

    secret: bytes = field(repr=False)

    def digest(self, *words: str) -> str:
        """32 hexadecimal digits that say nothing of the words."""
        message = b"".join(len(word.encode()).to_bytes(8, "big") + word.encode() for word in words)
        return hmac.new(self.secret, message, hashlib.sha256).hexdigest()[:32]

    @property
    def mark(self) -> str:
        """Tells whether two keys are the same."""
        return self.digest("ratewire", "key")


@dataclass(frozen=True, slots=True)
class SubscriberLinks:
    """A subscriber's own addresses, by which they leave or change what they get."""

    serial: str
    """Names them to the service, for mail that comes back."""
    unsubscribe: str
    preferences: str


@dataclass(frozen=True, slots=True)
class Recipient:
    """One address on one channel, with its wishes."""

    id: str
    """Pseudonym."""
    channel: Channel
    address: str = field(repr=False)
    products: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    digest: str = ""
    webhook: WebhookSettings | None = field(default=None, repr=False)
    apprise: AppriseSettings | None = None
    github: GithubSettings | None = None
    links: SubscriberLinks | None = field(default=None, repr=False)
    """Of one who subscribed at the bundled service."""

    @property
    def label(self) -> str:
        """For reports and logs, which may be public: `email a…@example.org`, `webhook 3f2a91bc`,
        `github owner/name`; of an Apprise address the scheme: `discord 3f2a91bc`."""
        if self.channel is Channel.LIST:
            return f"list {self.address}"
        if self.channel is Channel.EMAIL:
            name, _, domain = self.address.rpartition("@")
            return f"email {name[:1]}…@{domain}"
        if self.github is not None:
            return f"{self.channel} {self.github.repository}"
        if self.apprise is not None:
            scheme = re.match(r"[A-Za-z]{2,20}(?=://)", self.address)
            return f"{scheme[0].lower() if scheme else self.channel} {self.id[:8]}"
        return f"{self.channel} {self.id[:8]}"


def recipients(site: Site, environment: Mapping[str, str]) -> tuple[Key, tuple[Recipient, ...]]:
    """The key and all recipients that the settings name, each address once.

    Raises ConfigError where the environment lacks a list, or the key that hides it.
    """
    settings = site.announce
    wishes = (
        *(RecipientSettings(address) for address in settings.email.to),
        *settings.email.recipients,
    )
    hidden = bool(settings.apprise) or any(wish.address.startswith("env:") for wish in wishes)
    hidden = hidden or site.subscribe.provider == "service"
    key = _key(site, environment, hidden=hidden)
    found: dict[str, Recipient] = {}
    for wish in wishes:
        for address in _addresses(wish.address, environment):
            id = key.digest(Channel.EMAIL, address.casefold())
            found[id] = Recipient(  # a later entry, with wishes, stands in for an earlier one
                id,
                Channel.EMAIL,
                address,
                frozenset(wish.products),
                frozenset(wish.kinds),
                wish.digest,
            )
    for webhook in settings.webhooks:
        id = key.digest(Channel.WEBHOOK, webhook.url)
        found[id] = Recipient(id, Channel.WEBHOOK, webhook.url, webhook=webhook)
    for service in settings.apprise:
        for address in _services(service.url, environment):
            id = key.digest(Channel.APPRISE, address)
            found[id] = Recipient(
                id,
                Channel.APPRISE,
                address,
                frozenset(service.products),
                frozenset(service.kinds),
                service.digest,
                apprise=service,
            )
    if (github := settings.github) is not None:
        address = f"{github.api.rstrip('/')}/repos/{github.repository}"
        id = key.digest(Channel.GITHUB, address.casefold(), github.form)
        found[id] = Recipient(
            id,
            Channel.GITHUB,
            address,
            frozenset(github.products),
            frozenset(github.kinds),
            github=github,
        )
    if settings.websub_hub:
        id = key.digest(Channel.WEBSUB, settings.websub_hub)
        every = frozenset(kind.value for kind in ChangeKind)  # each kind has a feed
        found[id] = Recipient(id, Channel.WEBSUB, settings.websub_hub, kinds=every)
    if hosted := _hosted(site.subscribe):
        id = key.digest(Channel.LIST, hosted)
        found[id] = Recipient(id, Channel.LIST, hosted)
    return key, tuple(found.values())


def _hosted(settings: SubscribeSettings) -> str:
    """The hosted list's name; no secret."""
    match settings.provider:
        case "buttondown":
            tag = f" {settings.buttondown.tag}" if settings.buttondown.tag else ""
            return f"buttondown {settings.buttondown.newsletter}{tag}"
        case "listmonk":
            host = urlsplit(settings.listmonk.url).netloc
            return f"listmonk {host} {settings.listmonk.list}"
    return ""


def _key(site: Site, environment: Mapping[str, str], *, hidden: bool) -> Key:
    name = site.announce.key_env
    secret = environment.get(name, "")
    if secret and len(secret) < 16:
        raise ConfigError(
            f"{name} has {len(secret)} characters; a key that cannot be guessed has 16 or more, "
            "as `openssl rand -hex 32` makes them"
        )
    if hidden and not secret:
        raise ConfigError(
            f"the recipients' addresses are to be hidden, but {name} is not set; without that key "
            "anyone could guess them from the folder announced/. Set it to a long random text "
            "(`openssl rand -hex 32`) and keep it"
        )
    # Without hidden addresses there is nothing to hide: the settings are as public as the outbox.
    return Key(secret.encode() or b"public")


def _addresses(named: str, environment: Mapping[str, str]) -> Iterator[str]:
    if not named.startswith("env:"):
        yield named
        return
    name = named.removeprefix("env:")
    if name not in environment:
        raise ConfigError(
            f"{named}: the environment has no {name}; set it to addresses separated by commas"
        )
    yield from _listed(re.split(r"[,;\s]+", environment[name]))


def _services(named: str, environment: Mapping[str, str]) -> list[str]:
    """Apprise's addresses, which have commas of their own."""
    name = named.removeprefix("env:")
    addresses = environment.get(name, "").split()
    if not addresses:
        raise ConfigError(
            f"{named}: the environment has no {name}; set it to the service's Apprise address, "
            "like discord://ID/TOKEN"
        )
    return addresses


def _listed(words: Iterable[str]) -> Iterator[str]:
    return (word for word in words if word)
