"""Official pages, their captures, and whether a capture is the page at all."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property

__all__ = [
    "Capture",
    "Expectations",
    "Hints",
    "Source",
    "SourceKind",
    "Validators",
    "Verdict",
    "VerdictKind",
]


class SourceKind(StrEnum):
    """What a page is mainly read for. Every reader still runs on every page but a status feed."""

    PRICING = "pricing"
    AVAILABILITY = "availability"
    LIMITS = "limits"
    STATUS = "status"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Hints:
    """How to read a page that needs telling; set in the source's TOML, never in code."""

    scope: str = ""
    """Heading under which alone facts are read; empty: the whole page."""
    products: tuple[str, ...] = ()
    """Keep only facts of these products (ids or `gpt-image-*` patterns); empty: all."""
    currency: str = ""
    """ISO 4217 code where the page prints bare numbers."""
    unit: str = ""
    """Unit where the page states none, as `Unit.parse` takes it."""
    meters: Mapping[str, str] = field(default_factory=dict)
    """Page's heading (any case) to meter name."""
    aliases: Mapping[str, str] = field(default_factory=dict)
    """Page's product label (any case) to product id."""
    conditions: Mapping[str, str] = field(default_factory=dict)
    """Conditions that hold for the whole page."""
    passages: tuple[str, ...] = ()
    """Headings whose text is watched word for word."""


@dataclass(frozen=True, slots=True)
class Expectations:
    """What a genuine reading of a page always has; less than this is suspect, never a change."""

    must_have: tuple[str, ...] = ()
    """`product` or `product meter`, each of which must be read."""
    min_rates: int = 0
    language: str = ""
    """BCP 47 primary tag; a page in another language is not the page."""
    currency: str = ""
    text: tuple[str, ...] = ()
    """Words that the genuine page always carries."""


@dataclass(frozen=True, slots=True)
class Source:
    """One official page watched."""

    id: str
    name: str
    publisher: str
    url: str
    kind: SourceKind = SourceKind.PRICING
    alternates: tuple[str, ...] = ()
    every: str = "1h"
    """Schedule: a duration (`30m`, `1h`, `1d`) or five cron fields."""
    rank: int = 100
    """Where two sources disagree the lower number wins."""
    stale_after: str = "3d"
    """Not seen for longer: figures turn from "verified" to "last seen on"."""
    render: bool = False
    http2: bool = False
    """Ask over HTTP/2 from the start; a host that refuses HTTP/1.1 is asked so without it."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Extra request headers; `env:NAME` values are read from the environment at fetch time."""
    hints: Hints = field(default_factory=Hints)
    expect: Expectations = field(default_factory=Expectations)

    @property
    def addresses(self) -> tuple[str, ...]:
        """Where the page is, in the order in which they are asked."""
        return (self.url, *self.alternates)


@dataclass(frozen=True)
class Capture:
    """One answer of a server, decoded once; its identity is the digest of the body's bytes."""

    url: str
    """Final address, after redirects."""
    body: bytes
    """What came over the wire, after content decoding."""
    fetched_at: datetime
    status: int = 200
    media_type: str = ""
    """Lower-case, without parameters; empty where the server named none."""
    charset: str = "utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    """Only those that matter (etag, last-modified, content-language, server …), lower-case."""
    requested_url: str = ""
    """The address asked for, where a redirect led elsewhere."""

    @property
    def asked(self) -> str:
        """The address that was asked for it."""
        return self.requested_url or self.url

    def __getstate__(self) -> dict[str, object]:
        """What is sent to another process: not the body once more as text."""
        return {name: value for name, value in vars(self).items() if name != "text"}

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.body).hexdigest()

    @cached_property
    def text(self) -> str:
        """The body as text; undecodable bytes become U+FFFD, never an error."""
        try:
            return self.body.decode(self.charset or "utf-8", "replace").removeprefix("\ufeff")
        except LookupError:
            return self.body.decode("utf-8", "replace").removeprefix("\ufeff")


@dataclass(frozen=True, slots=True)
class Validators:
    """What a conditional request needs (RFC 9110 §13), tied to the capture it came from.

    Without etag and last-modified the request is a plain one, and the same bytes as the stored
    capture's count as unchanged.
    """

    url: str
    """The address that answered, after redirects; a mapping of validators is keyed by it."""
    etag: str
    last_modified: str
    capture_sha256: str
    """Digest of the stored capture. Empty: nothing is stored, so no condition is sent."""
    asked: str = ""
    """The address asked, where a redirect led from it to `url`. Another address that comes to be
    redirected there is no check of this capture."""

    def hold_for(self, address: str) -> bool:
        """Are these for a check that begins at `address`?"""
        return bool(self.capture_sha256) and (self.asked or self.url) == address


class VerdictKind(StrEnum):
    GENUINE = "genuine"
    BLOCKED = "blocked"
    SHELL = "shell"
    MISSING = "missing"
    ERROR = "error"
    WRONG_LOCALE = "wrong-locale"
    TRUNCATED = "truncated"
    MOVED = "moved"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Is this capture the page at all? Only a genuine one is read."""

    kind: VerdictKind
    evidence: str = ""
    """What gave it away, in the page's own words where there are any."""

    @property
    def genuine(self) -> bool:
        return self.kind is VerdictKind.GENUINE
