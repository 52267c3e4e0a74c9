"""What a site publishes under `/api/v1/`, checked against its digests, as types. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeVar

from ratewire.apps.lists import Official, plain_amount
from ratewire.config import duration
from ratewire.errors import ConsumeError
from ratewire.model import Availability, Facts, Rate, Snapshot, Source
from ratewire.wording.data import AvailabilityData, PriceData, RateData, structure

__all__ = [
    "DIGESTS",
    "FILES",
    "Published",
    "PublishedChange",
    "StatedRate",
    "digests_of",
    "is_address",
    "story_of",
]

DIGESTS = "digests.json"
FILES = ("rates.json", "products.json", "sources.json", "changes.json")
"""What is asked for, below `/api/v1/`."""
_VERSION = 1
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
Json = Mapping[str, Any]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class StatedRate:
    """A rate that stands, and how sure it is."""

    rate: Rate
    source: str
    url: str
    """The official page."""
    verified_on: date
    stale: bool
    """Its page was not seen for longer than its limit."""
    disputed: bool
    """Another official page states another amount."""


@dataclass(frozen=True, slots=True)
class PublishedChange:
    """A change of rates that stands, as the site tells it."""

    headline: str
    url: str
    """The change's own page."""
    last_seen_old: str
    first_seen_new: str
    rates: tuple[tuple[Rate, tuple[str, ...]], ...]
    """Each rate after it, with the official page's words before and after."""


@dataclass(frozen=True)
class Published:
    """A site's figures with their evidence, as of one moment."""

    site: str
    """Its address, without a trailing slash."""
    stated: tuple[StatedRate, ...]
    availability: tuple[Availability, ...]
    aliases: Mapping[str, str]
    """Names of products, in lower case, to ids."""
    sources: Mapping[str, Source]
    stories: tuple[PublishedChange, ...]
    """Newest first."""

    @classmethod
    def of(cls, site: str, files: Mapping[str, bytes], digests: Mapping[str, str]) -> Published:
        """Raises ConsumeError where a file is another than its digest says, or no such data."""
        told = {}
        for name in FILES:
            if hashlib.sha256(files[name]).hexdigest() != digests.get(name):
                raise ConsumeError(
                    f"{site}/api/v1/{name}: its SHA-256 is not the one in {DIGESTS}; "
                    "a deploy may be under way, try again later"
                )
            told[name.removesuffix(".json")] = _document(f"{site}/api/v1/{name}", files[name])

        def each(name: str, make: Callable[[Json], T]) -> tuple[T, ...]:
            return _each(f"{site}/api/v1/{name}.json", told[name].get(name), make)

        named = each("products", _names)
        return cls(
            site,
            each("rates", _stated),
            tuple(stage for stage in each("products", _availability) if stage),
            {name.lower(): id for id, names in named for name in names},
            {source.id: source for source in each("sources", _source)},
            tuple(story for story in each("changes", _story) if story),
        )

    def official(self, on: date) -> Official:
        """Those that hold on a day, as lists are held against them."""
        by_source: dict[str, list[Rate | Availability]] = {id: [] for id in self.sources}
        for one in self.stated:
            if holds(one.rate, on):
                by_source.setdefault(one.source, []).append(one.rate)
        first = next(iter(by_source), "")
        if first:
            by_source[first] += self.availability
        standing = [
            (
                self.sources.get(id) or Source(id, id, "", self.site),
                Snapshot(id, Facts.of(facts), "", self._url(id), _LONG_AGO, ""),
            )
            for id, facts in by_source.items()
        ]
        return Official(standing, (), self.aliases)

    def seen_too_long_ago(self, stated: StatedRate, on: date) -> bool:
        """Also where the site itself is no longer built, and so does not say it."""
        source = self.sources.get(stated.source)
        limit = duration(source.stale_after) if source else timedelta()
        return stated.stale or on - stated.verified_on > limit + timedelta(days=1)

    def stating(self, rate: Rate) -> StatedRate:
        """What is known of a rate that `official` gave."""
        return self._by_identity[rate.identity]

    @cached_property
    def _by_identity(self) -> Mapping[tuple[str, ...], StatedRate]:
        return {one.rate.identity: one for one in self.stated}

    def _url(self, source: str) -> str:
        found = self.sources.get(source)
        return found.url if found else ""


def holds(rate: Rate, on: date) -> bool:
    """Whether it is in force on a day: one that is announced for later is not."""
    day, conditions = on.isoformat(), rate.conditions
    begun = conditions.get("effective_from", "") <= day
    return begun and day <= conditions.get("effective_to", "9999")


def digests_of(site: str, data: bytes) -> Mapping[str, str]:
    """SHA-256 by the file's name. Raises ConsumeError."""
    url = f"{site}/api/v1/{DIGESTS}"
    files = _document(url, data).get("files")
    if not isinstance(files, dict) or not all(isinstance(one, str) for one in files.values()):
        raise ConsumeError(f"{url}: has no table of digests under `files`")
    return files


def _document(url: str, data: bytes) -> Json:
    try:
        value = json.loads(data, parse_float=Decimal)
    except (ValueError, RecursionError):
        what = "a page of HTML" if data.lstrip()[:1] == b"<" else "no JSON"
        raise ConsumeError(f"{url}: is {what}; see that {url} is a ratewire site's own") from None
    version = value.get("version") if isinstance(value, dict) else None
    if version != _VERSION:
        raise ConsumeError(
            f"{url}: is of version {version!r}, and this ratewire reads version {_VERSION}"
        )
    return dict(value)


def _each(url: str, entries: Any, make: Callable[[Json], T]) -> tuple[T, ...]:
    found = []
    for number, entry in enumerate(entries if isinstance(entries, list) else [None]):
        try:
            found.append(make(entry))
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            what = f"{type(error).__name__}: {error}"
            raise ConsumeError(
                f"{url}: entry {number} is not as ratewire publishes it ({what[:200]})"
            ) from None
    return tuple(found)


# ── Entries ──────────────────────────────────────────────────────────────────────────────────


def _rate(told: PriceData) -> Rate:
    for amount in filter(None, (told.amount, told.upper, told.percent)):
        plain_amount(str(amount))
    return told.rate


def _stated(entry: Json) -> StatedRate:
    told = structure(entry, RateData)
    disputed = bool(told.disputed_by)
    return StatedRate(
        _rate(told), told.source, _address(told.url), told.verified_on, told.stale, disputed
    )


def _names(entry: Json) -> tuple[str, tuple[str, ...]]:
    id = str(entry["id"])
    return id, (id, str(entry["name"]), *map(str, entry["aliases"]))


def _availability(entry: Json) -> Availability | None:
    if entry["availability"] is None:
        return None
    told = structure(entry["availability"], AvailabilityData)
    return Availability(
        told.product, told.stage, shutdown_on=told.shutdown_on, replacement=told.replacement
    )


def _source(entry: Json) -> Source:
    url = _address(entry["url"])
    id, name, publisher = (str(entry[key]) for key in ("id", "name", "publisher"))
    duration(entry["stale_after"])
    return Source(id, name, publisher, url, stale_after=entry["stale_after"])


def _story(entry: Json) -> PublishedChange | None:
    """None: it was retracted, or tells of no rate."""
    if entry["state"] == "retracted":
        return None
    rates = tuple(
        (_rate(structure(altered["after"], PriceData)), tuple(map(str, altered["excerpts"])))
        for altered in entry["alterations"]
        if altered["after"] and "amount" in altered["after"] and "meter" in altered["after"]
    )
    window = entry["window"]
    return (
        rates
        and PublishedChange(
            str(entry["headline"]),
            _address(entry["url"]),
            str(window["last_seen_old"]),
            str(window["first_seen_new"]),
            rates,
        )
    ) or None


def is_address(text: str) -> bool:
    """Whether it may stand in a link."""
    return bool(re.fullmatch(r"https?://[^\s<>\"'`\\|{}^]+", text))


def _address(value: Any) -> str:
    if not is_address(str(value)):
        raise ValueError(f"not an address of the web: {str(value)[:80]!r}")
    return str(value)


def story_of(
    stories: Iterable[PublishedChange], rate: Rate
) -> tuple[PublishedChange, tuple[str, ...]] | None:
    """The newest change that led to this rate, and the official page's words."""
    for story in stories:
        for after, excerpts in story.rates:
            if after.identity == rate.identity:
                return (story, excerpts) if after.same_price(rate) else None
    return None
