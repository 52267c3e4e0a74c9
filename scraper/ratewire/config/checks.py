"""What types cannot say of a setting: addresses, slugs, durations, ranges, choices."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import is_dataclass
from datetime import UTC, datetime
from email.utils import parseaddr
from functools import cache
from typing import Any, TypeVar
from urllib.parse import urlsplit

from ratewire.config.languages import TAG
from ratewire.config.schedule import duration, is_due
from ratewire.config.settings import (
    AnnounceSettings,
    AppriseSettings,
    ButtondownSettings,
    CompareSettings,
    EmailSettings,
    FetchSettings,
    GithubSettings,
    ListmonkSettings,
    OwnerSettings,
    Product,
    ReadSettings,
    RecipientSettings,
    ServiceSettings,
    SiteSettings,
    SubscribeSettings,
    WebhookSettings,
)
from ratewire.config.toml import Step, TomlDocument, did_you_mean, keys_of
from ratewire.errors import ConfigError
from ratewire.model import ChangeKind, Expectations, Hints, Source, Unit

__all__ = ["checked", "missing_for_the_way"]

T = TypeVar("T")
Check = Callable[[Any], object]
"""Raises ValueError with words that follow the key: `is 1 or more, not 0`."""


def _nothing(_: Any) -> None: ...


def _matches(pattern: str, words: str) -> Check:
    def check(value: str) -> None:
        if not re.fullmatch(pattern, value):
            raise ValueError(f"{words}, not {value!r}")

    return check


def _url(value: str) -> None:
    try:
        parts = urlsplit(value)
        good = parts.scheme in ("http", "https") and parts.hostname and not re.search(r"\s", value)
        _ = parts.port  # raises on a port that is none
    except ValueError:
        good = False
    if not good:
        raise ValueError(f"is an address like https://example.com/pricing, not {value!r}")
    if parts.username or parts.password:
        raise ValueError("carries a password; put it in headers as env:NAME, never in a file")


def _range(low: float, high: float = float("inf")) -> Check:
    def check(value: float) -> None:
        if not low <= value <= high:
            reach = f"{low} or more" if high == float("inf") else f"between {low} and {high}"
            raise ValueError(f"is {reach}, not {value}")

    return check


def _one_of(*choices: str) -> Check:
    def check(value: str) -> None:
        if value not in choices:
            hint = did_you_mean(value, choices)
            raise ValueError(f"is one of {', '.join(choices)}, not {value!r}{hint}")

    return check


def _optional(check: Check) -> Check:
    return lambda value: check(value) if value else None


class _EntryError(ValueError):
    """What is wrong with one entry of a table."""

    def __init__(self, key: str, words: str) -> None:
        super().__init__(words)
        self.key = key


def _each(check: Check) -> Check:
    """For all of a list, or all values of a table."""

    def check_all(values: tuple[Any, ...] | Mapping[str, Any]) -> None:
        if isinstance(values, tuple):
            for value in values:
                check(value)
            return
        for key, value in values.items():
            try:
                check(value)
            except ValueError as error:
                raise _EntryError(key, str(error)) from None

    return check_all


def _headers(values: Mapping[str, str]) -> None:
    for name, value in values.items():
        if not re.fullmatch(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+", name):
            raise _EntryError(name, "is not a header's name (RFC 9110)")
        if re.search(r"[^\x20-\x7e]", value):
            raise _EntryError(name, "is one line of plain letters (ASCII), as headers are")


def _cron_or_duration(value: str) -> None:
    try:
        is_due(value, datetime(2000, 1, 1, tzinfo=UTC), datetime(2000, 1, 1, tzinfo=UTC))
    except ValueError as error:
        raise ValueError(f"{error} (or five cron fields, as in `5 * * * *`)") from None


def _sender(value: str) -> None:
    _mailbox(parseaddr(value)[1])
    if re.search(r"[\r\n\0]", value):
        raise ValueError("is one line")


def _unsubscribe(value: str) -> None:
    if not re.fullmatch(r"(?:mailto:|https://)[!-;=?-~]+", value):
        raise ValueError(f"is a mailto: or https: address, not {value!r}")


def _return_path(value: str) -> None:
    _mailbox(value.replace("{recipient}", "0" * 32))


def _safe_url(value: str) -> None:
    """Secrets and addresses go there: in the clear only within the machine."""
    _url(value)
    parts = urlsplit(value)
    if parts.scheme == "http" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
        raise ValueError(f"is https, or http on the same machine, not {value!r}")
    if parts.path.strip("/") not in ("", "v1") or parts.query or parts.fragment:
        raise ValueError(f"is an address without a path, not {value!r}")


def _database(value: str) -> None:
    """The value may have a password in it, and so is not repeated."""
    if re.search(r"://[^@]*:[^@]*@|[?&]password=", value, re.IGNORECASE):
        raise ValueError("carries a password; name a variable as env:NAME, never in a file")
    scheme = value.partition(":")[0].partition("+")[0]
    schemes = ("sqlite", "postgres", "postgresql")
    if not re.fullmatch(_environment, value) and scheme not in schemes:
        raise ValueError(
            "is sqlite:////path/to/file.db or env:NAME, and may be postgresql://host/name"
        )


_mailbox = _matches(
    r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[\w-]{1,63}\.)*[\w-]{1,63}", "is an email address"
)
_environment = r"env:[A-Za-z_][A-Za-z0-9_]*"


def _recipient(value: str) -> None:
    if not re.fullmatch(_environment, value):
        try:
            _mailbox(value)
        except ValueError as error:
            raise ValueError(f"{error}; or env:NAME, a list in the environment") from None


def _secret(value: str) -> None:
    if not re.fullmatch(_environment, value):  # which may be a secret, and so is not repeated
        raise ValueError(
            "is env:NAME, and NAME in the environment holds the address: it is a secret, and "
            "whoever reads this file could write in your name"
        )


def _api(value: str) -> None:
    _url(value)
    parts = urlsplit(value)
    if parts.scheme != "https" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
        raise ValueError(f"is an https: address, for a token is sent to it, not {value!r}")


_repository = _matches(
    r"[A-Za-z0-9][A-Za-z0-9-]{0,38}/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}", "is `owner/name`"
)
_variable = _matches(r"[A-Za-z_][A-Za-z0-9_]*", "is the name of an environment variable")
_uuid = _matches(r"(?i)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", "is a UUID")
_name = _matches(r"[A-Za-z0-9][A-Za-z0-9._-]*", "is a name of letters, digits, dots and dashes")
_slug = _matches(
    r"[a-z0-9]+(?:[._-][a-z0-9]+)*", "is a slug of a-z, 0-9 and inner dots, dashes, underscores"
)
_said = _matches(r"(?s).*\S.*", "is not empty")
_currency = _matches(r"[A-Z]{3}", "is an ISO 4217 code like USD")
_language = _matches(TAG, "is a BCP 47 tag like en or pt-BR")
_meter = _matches(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*", "is a meter like text.input.cached")
_must_have = _matches(r"\S+(?: \S+)?", "is `product` or `product meter`")
_above_zero, _not_below_zero, _once = _range(0.001), _range(0), _range(1)

_CHECKS: Mapping[type, Mapping[str, Check]] = {
    SiteSettings: {
        "title": _said,
        "url": _url,
        "language": _language,
        "repository": _optional(_url),
        "moved_from": _optional(_url),
        "featured_product": _optional(_slug),
        "feed_entries": _once,
    },
    FetchSettings: {
        "user_agent": _matches(r"[!-~](?:[ -~]*[!-~])?", "is one line of plain letters (ASCII)"),
        "concurrency": _once,
        "per_host": _once,
        "delay": _not_below_zero,
        "connect_timeout": _above_zero,
        "timeout": _above_zero,
        "min_speed": _not_below_zero,
        "min_speed_window": _above_zero,
        "max_download": _once,
        "max_body": _once,
        "max_headers": _once,
        "max_redirects": _not_below_zero,
        "retries": _not_below_zero,
        "backoff": _not_below_zero,
    },
    ReadSettings: {"seconds": _not_below_zero, "memory": _once},
    CompareSettings: {
        "confirmations": _once,
        "min_interval": duration,
        "settle_after": duration,
        "settle_captures": _once,
        "max_removed": _range(0, 1),
    },
    AnnounceSettings: {
        "immediate": _each(_one_of(*ChangeKind)),
        "digest_kinds": _each(_one_of(*ChangeKind)),
        "digest": _one_of("daily", "weekly"),
        "websub_hub": _optional(_url),
        "max_per_run": _once,
    },
    EmailSettings: {
        "port": _range(1, 65535),
        "security": _one_of("starttls", "tls", "none"),
        "sender": _optional(_sender),
        "to": _each(_recipient),
        "unsubscribe": _optional(_unsubscribe),
        "return_path": _optional(_return_path),
        "timeout": _above_zero,
    },
    RecipientSettings: {
        "address": _recipient,
        "products": _each(_slug),
        "kinds": _each(_one_of(*ChangeKind)),
        "digest": _optional(_one_of("daily", "weekly")),
    },
    WebhookSettings: {"url": _url, "timeout": _above_zero},
    AppriseSettings: {
        "url": _secret,
        "products": _each(_slug),
        "kinds": _each(_one_of(*ChangeKind)),
        "digest": _optional(_one_of("daily", "weekly")),
        "timeout": _above_zero,
    },
    GithubSettings: {
        "repository": _repository,
        "form": _one_of("release", "issue"),
        "api": _api,
        "products": _each(_slug),
        "kinds": _each(_one_of(*ChangeKind)),
        "timeout": _above_zero,
    },
    OwnerSettings: {
        "email": _each(_recipient),
        "apprise": _each(_secret),
        "grace_period": duration,
    },
    SubscribeSettings: {
        "provider": _one_of("none", "form", "buttondown", "listmonk", "service"),
        "action": _optional(_url),
    },
    ButtondownSettings: {
        "newsletter": _optional(_name),
        "key_env": _variable,
        "api": _safe_url,
        "timeout": _above_zero,
    },
    ListmonkSettings: {
        "url": _optional(_safe_url),
        "list": _not_below_zero,
        "uuid": _optional(_uuid),
        "token_env": _variable,
        "timeout": _above_zero,
    },
    ServiceSettings: {
        "url": _optional(_safe_url),
        "internal_url": _optional(_safe_url),
        "database": _database,
        "key_env": _variable,
        "token_env": _variable,
        "confirmation_ttl": duration,
        "per_address": _once,
        "per_client": _once,
        "timeout": _above_zero,
    },
    Source: {
        "id": _slug,
        "name": _said,
        "publisher": _said,
        "url": _url,
        "alternates": _each(_url),
        "every": _cron_or_duration,
        "stale_after": duration,
        "headers": _headers,
    },
    Hints: {
        "currency": _optional(_currency),
        "unit": _optional(Unit.parse),
        "meters": _each(_meter),
        "aliases": _each(_slug),
    },
    Expectations: {
        "must_have": _each(_must_have),
        "min_rates": _not_below_zero,
        "language": _optional(_language),
        "currency": _optional(_currency),
    },
    Product: {
        "id": _slug,
        "name": _said,
        "publisher": _said,
        "successor": _optional(_slug),
    },
}


def checked(document: TomlDocument, settings: T) -> T:
    """The settings themselves, where nothing is wrong with them.

    Raises ConfigError, listing every mistake.
    """
    document.raise_for(_wrong(settings, ()))
    return settings


_NEEDED: Mapping[str, tuple[str, ...]] = {
    "form": ("action",),
    "buttondown": ("buttondown.newsletter",),
    "listmonk": ("listmonk.url", "listmonk.list", "listmonk.uuid", "listmonk.user"),
    "service": ("service.url",),
}
"""What a provider of `[subscribe]` cannot do without."""


def missing_for_the_way(
    document: TomlDocument, settings: SubscribeSettings, email: EmailSettings
) -> Iterator[ConfigError]:
    """An error for each key that the chosen provider needs and that is not set."""
    provider = settings.provider
    for key in _NEEDED.get(provider, ()):
        value: Any = settings
        for step in key.split("."):
            value = getattr(value, step)
        if not value:
            words = f'is not set, and provider = "{provider}" needs it (docs/subscriptions.md)'
            yield document.error(words, "subscribe", *key.split("."))
    if provider == "service":
        for key in ("host", "sender"):
            if not getattr(email, key):
                words = 'is not set, and [subscribe] provider = "service" sends mail'
                yield document.error(f"{words} (docs/subscriptions.md)", "announce", "email", key)


def _wrong(settings: Any, path: tuple[Step, ...]) -> Iterator[tuple[tuple[Step, ...], str]]:
    if isinstance(settings, tuple):
        for index, one in enumerate(settings):
            yield from _wrong(one, (*path, index))
    for name, key, check in _checks_of(settings.__class__):
        value = getattr(settings, name)
        try:
            check(value)
        except ValueError as error:
            entry = (error.key,) if isinstance(error, _EntryError) else ()
            yield (*path, key, *entry), str(error)
        if isinstance(value, tuple) or is_dataclass(value):
            yield from _wrong(value, (*path, key))


@cache
def _checks_of(cls: type[Any]) -> tuple[tuple[str, str, Check], ...]:
    """Field, its TOML key, and what looks at it; nothing of what is no settings."""
    if not is_dataclass(cls):
        return ()
    checks = _CHECKS.get(cls, {})
    return tuple((name, key, checks.get(name, _nothing)) for name, key in keys_of(cls).items())
