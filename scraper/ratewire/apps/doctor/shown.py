"""Whether the site, as it is built here and as it stands at its address, shows what is recorded."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from ratewire.apps.doctor.findings import NOWHERE, CheckStatus, Finding
from ratewire.config import Site, duration
from ratewire.errors import FetchError
from ratewire.fetch.client import Client
from ratewire.fetch.routes import Routes
from ratewire.fetch.visits import Visits
from ratewire.model import Source
from ratewire.model.moments import parse_rfc3339
from ratewire.record import Store

__all__ = ["built", "deployed"]

_PATIENCE = 5.0
"""Seconds for one file."""
_UNDER_WAY = timedelta(hours=1)
"""So long a record may wait to be seen at the site's address."""
_FILES = ("sources.json", "changes.json")
"""What tells all that is recorded, below `api/v1/`."""


def built(site: Site, store: Store) -> Iterator[Finding]:
    """Whether the folder of the built site says what is recorded."""
    data = site.output / "api" / "v1"
    if not (site.output / "index.html").is_file():
        words = f"{site.output} holds no built site"
        yield Finding("build", CheckStatus.NOTE, words, "build it: ratewire build")
        return
    try:
        shown = _Shown.of(*((data / name).read_bytes() for name in _FILES))
    except (OSError, ValueError, RecursionError, KeyError, TypeError):
        words = f"{data} cannot be read"
        yield Finding("build", CheckStatus.WRONG, words, "build anew: ratewire build --no-cache")
        return
    if shown.behind(site, store):
        words = "the built site is behind what is recorded"
        yield Finding("build", CheckStatus.WRONG, words, "build it, then deploy it: ratewire build")
        return
    at = datetime.fromtimestamp((data / _FILES[0]).stat().st_mtime, UTC)
    yield Finding("build", CheckStatus.OK, f"shows what is recorded; built {at:%Y-%m-%d} or later")


def deployed(site: Site, store: Store, latest: datetime | None, now: datetime) -> Iterator[Finding]:
    """Whether what stands at the site's address says what is recorded. Asks it for two files.

    `latest`: of when the newest record is; a deploy, and the caches before it, take their time.
    """
    url = site.settings.url
    if (urlsplit(url).hostname or "").rpartition(".")[2] in NOWHERE:
        return  # of which the settings' own finding speaks
    try:
        files = asyncio.run(_asked(site))
        shown = _Shown.of(*files)
    except FetchError as error:
        words = f"{url}: {error.reason}, so it is not known what it shows"
        remedy = "if it is deployed, see whether the network is in the way; else deploy it"
        yield Finding("deploy", CheckStatus.NOTE, words, remedy)
        return
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        words = f"what stands at {url} is not this site"
        remedy = "deploy it there, or set site.url to where it stands"
        yield Finding("deploy", CheckStatus.WRONG, words, remedy)
        return
    if shown.behind(site, store):
        words = f"{url} is behind what is recorded"
        remedy = "build and deploy; if a job does that, see how its last run went"
        new = latest is not None and now - latest < _UNDER_WAY
        yield Finding("deploy", CheckStatus.NOTE if new else CheckStatus.WRONG, words, remedy)
        return
    if _stands_still(site, shown, now):
        words = f"{url} was last verified {shown.verified:%Y-%m-%d}: nothing checks its sources"
        remedy = "see that the schedule is on, and how its last run went"
        yield Finding("deploy", CheckStatus.WRONG, words, remedy)
        return
    verified = f"; last verified {shown.verified:%Y-%m-%d}" if shown.verified else ""
    yield Finding("deploy", CheckStatus.OK, f"{url} shows what is recorded{verified}")


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a site's data says of the records behind it."""

    captures: dict[str, str]
    """Of each source, the page that its facts are from."""
    changes: frozenset[str]
    verified: datetime | None
    """When a source was last verified, the latest of all; None: never."""

    @classmethod
    def of(cls, sources: bytes, changes: bytes) -> _Shown:
        """Raises ValueError, KeyError, TypeError where it is no such data."""
        told = json.loads(sources)["sources"]
        return cls(
            {one["id"]: one["snapshot"]["capture"] for one in told if one["snapshot"]},
            frozenset(one["id"] for one in json.loads(changes)["changes"]),
            max((parse_rfc3339(at) for one in told if (at := one["verified_at"])), default=None),
        )

    def behind(self, site: Site, store: Store) -> bool:
        records = {source.id: store.load(source.id)[0] for source in site.sources}
        old = any(one and self.captures.get(id) != one.capture for id, one in records.items())
        confirmed = {one.id for one in store.changes(None) if not one.follows}
        return old or not confirmed <= self.changes


def _stands_still(site: Site, shown: _Shown, now: datetime) -> bool:
    """Whether even the source that was seen last was seen too long ago for any."""
    if not shown.verified or not site.sources:
        return False
    limit = min(duration(source.stale_after) for source in site.sources)
    return now - shown.verified > limit


async def _asked(site: Site) -> list[bytes]:
    """The two files of the deployed site. Raises FetchError."""
    url = site.settings.url
    settings = replace(
        site.fetch, connect_timeout=_PATIENCE, timeout=_PATIENCE, retries=0, robots=False, delay=0
    )
    found = []
    async with Client(settings, Routes({})) as client:
        visits = Visits(
            settings, client, contact=site.settings.contact, now=lambda: datetime.now(UTC)
        )
        try:
            for name in _FILES:
                at = f"{url}/api/v1/{name}"
                answer = await visits.page(at, Source("site", "site", "", url), {})
                if answer.status != 200:
                    raise FetchError(at, f"answered {answer.status}")
                found.append(answer.body)
        finally:
            visits.close()
    return found
