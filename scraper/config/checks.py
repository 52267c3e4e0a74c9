"""What types cannot say of a setting: addresses, slugs, durations, ranges, choices."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import is_dataclass
from datetime import UTC, datetime
from email.utils import parseaddr
from typing import Any, TypeVar
from urllib.parse import urlsplit

from scraper.config.schedule import duration, is_due
from scraper.config.settings import (
    AnnounceSettings,
    CompareSettings,
    EmailSettings,
    FetchSettings,
    Product,
    RecipientSettings,
    SiteSettings,
    SubscribeSettings,
    WebhookSettings,
)
from scraper.config.toml import Document, Step, did_you_mean, keys_of
from scraper.model import ChangeKind, Expectations, Hints, Source, Unit

__all__ = ["checked"]

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
        if re.search(r"[\r\n\0]", value):
            raise _EntryError(name, "is one line")


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


_slug = _matches(
    r"[a-z0-9]+(?:[._-][a-z0-9]+)*", "is a slug of a-z, 0-9 and inner dots, dashes, underscores"
)
_said = _matches(r"(?s).*\S.*", "is not empty")
_currency = _matches(r"[A-Z]{3}", "is an ISO 4217 code like USD")
_language = _matches(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", "is a BCP 47 tag like en or pt-BR")
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
        "feature": _optional(_slug),
        "entries": _once,
    },
    FetchSettings: {
        "user_agent": _said,
        "in_flight": _once,
        "per_host": _once,
        "delay": _not_below_zero,
        "connect_timeout": _above_zero,
        "timeout": _above_zero,
        "slowest": _not_below_zero,
        "slowest_over": _above_zero,
        "max_wire": _once,
        "max_body": _once,
        "max_headers": _once,
        "max_redirects": _not_below_zero,
        "retries": _not_below_zero,
        "backoff": _not_below_zero,
    },
    CompareSettings: {
        "confirmations": _once,
        "apart": duration,
        "most_gone": _range(0, 1),
    },
    AnnounceSettings: {
        "at_once": _each(_one_of(*ChangeKind)),
        "in_digest": _each(_one_of(*ChangeKind)),
        "digest": _one_of("daily", "weekly"),
        "websub_hub": _optional(_url),
    },
    EmailSettings: {
        "port": _range(1, 65535),
        "security": _one_of("starttls", "tls", "none"),
        "sender": _optional(_sender),
        "to": _each(_recipient),
        "unsubscribe": _optional(_unsubscribe),
        "timeout": _above_zero,
    },
    RecipientSettings: {
        "address": _recipient,
        "products": _each(_slug),
        "kinds": _each(_one_of(*ChangeKind)),
        "digest": _optional(_one_of("daily", "weekly")),
    },
    WebhookSettings: {"url": _url, "timeout": _above_zero},
    SubscribeSettings: {"way": _one_of("none", "form"), "action": _optional(_url)},
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


def checked(document: Document, settings: T) -> T:
    """The settings themselves, where nothing is wrong with them.

    Raises ConfigError, listing every mistake.
    """
    document.raise_for(_wrong(settings, ()))
    return settings


def _wrong(settings: Any, path: tuple[Step, ...]) -> Iterator[tuple[tuple[Step, ...], str]]:
    if isinstance(settings, tuple):
        for index, one in enumerate(settings):
            yield from _wrong(one, (*path, index))
    elif is_dataclass(settings):
        checks = _CHECKS.get(type(settings), {})
        for name, key in keys_of(type(settings)).items():
            value, place = getattr(settings, name), (*path, key)
            try:
                checks.get(name, _nothing)(value)
            except ValueError as error:
                entry = (error.key,) if isinstance(error, _EntryError) else ()
                yield (*place, *entry), str(error)
            yield from _wrong(value, place)
