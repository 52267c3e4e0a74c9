"""Is everything here that a site needs to run by itself? Each finding with its remedy.

Asks each host that the site's pages are on for its robots.txt, and the site itself for two files,
once and with little patience; writes nothing but a file that it takes away again.
"""

from __future__ import annotations

import asyncio
import json
import socket
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from lxml import etree

from ratewire.announce.apprise import check_services
from ratewire.announce.github import token
from ratewire.announce.hosted import hosted_list
from ratewire.announce.outbox import Outbox
from ratewire.announce.recipients import recipients
from ratewire.announce.subscribers import unanswered
from ratewire.apps.doctor.findings import NOWHERE, CheckStatus, Finding
from ratewire.apps.doctor.shown import built, deployed
from ratewire.apps.subscriptions.looking import database_here
from ratewire.config import Site, duration, is_due
from ratewire.errors import AnnounceError, ConfigError, FetchError, StoreError
from ratewire.fetch.client import Client, Response
from ratewire.fetch.dates import time_told
from ratewire.fetch.headers import common
from ratewire.fetch.routes import Routes
from ratewire.heartbeat import address as heartbeat
from ratewire.owner import has_owner_recipients, owner_recipients
from ratewire.record import Cache, Store
from ratewire.record.former import former_sources, is_same_page

__all__ = ["examine"]

_PATIENCE = 5.0
"""Seconds for one host in all."""
_CLOCK = timedelta(minutes=5)
"""What a clock may be out by."""
_UNDELIVERED = timedelta(hours=4)
"""How long a message may wait before that is more than a server's bad hour."""
_LATE = timedelta(days=2)
"""How long a source that is due may wait: schedules of free runners are not exact."""


def examine(
    site: Site,
    store: Store,
    cache: Cache,
    environment: Mapping[str, str],
    *,
    now: Callable[[], datetime],
) -> Iterator[Finding]:
    """Look at everything, the quick things first."""
    yield from _settings(site)
    yield from _former(site, store)
    yield from _keys(site, environment)
    yield from _owner(site, environment)
    yield from _writing(site)
    yield from _records(site)
    answers = []
    for finding, answer in _hosts(site):
        yield finding
        answers += [answer] if answer else []
    yield from _mail_server(site)
    yield from _subscriptions(site, environment)
    yield from _outbox(site, environment, now())
    latest = _latest(site, store)
    yield _clock(answers, latest, now())
    yield from _schedule(site, cache, now())
    yield from _feeds(site)
    yield from built(site, store)
    yield from deployed(site, store, latest, now())


# ── What the site says of itself ─────────────────────────────────────────────────────────────


def _settings(site: Site) -> Iterator[Finding]:
    host = urlsplit(site.settings.url).hostname or ""
    if host.rpartition(".")[2] in NOWHERE:
        yield Finding(
            "settings",
            CheckStatus.NOTE,
            f"site.url is {site.settings.url}, which is no address of the open web",
            "set it before the first deploy: links and feed ids start with it",
        )
    if not site.settings.contact:
        yield Finding(
            "settings",
            CheckStatus.NOTE,
            "site.contact is empty: neither readers nor the pages' owners can reach you",
            "set it to an address or a page",
        )
    if not site.sources:
        words = "content/sources/ names no page, so there is nothing to watch"
        yield Finding("settings", CheckStatus.WRONG, words, "add one: docs/sources.md says how")
        return
    words = f"{len(site.sources)} sources, {len(site.products)} products"
    yield Finding("settings", CheckStatus.OK, words)


def _former(site: Site, store: Store) -> Iterator[Finding]:
    """Records whose source has no file any more."""
    for former in former_sources(store, site.sources):
        words = f"{former.id} is recorded and no longer watched; its facts are shown as last seen"
        heir = next((one.id for one in site.sources if is_same_page(former, one)), "")
        remedy = (
            f"run `ratewire check {heir}`: what is recorded goes on under that id"
            if heir
            else f"restore content/sources/{former.id}.toml, or remove snapshots/{former.id}/"
        )
        yield Finding("records", CheckStatus.NOTE, words, remedy)


def _keys(site: Site, environment: Mapping[str, str]) -> Iterator[Finding]:
    """Secrets that the settings ask of the environment. Their values are never told."""
    named: dict[str, str] = {}
    email = site.announce.email
    if email.user:
        named[email.password_env] = "announce.email.user"
    for webhook in site.announce.webhooks:
        named[webhook.secret_env] = "announce.webhook"
    for webhook in site.owner.webhooks:
        named[webhook.secret_env] = "owner.webhook"
    named |= _subscription_keys(site)
    for source in site.sources:
        for name, value in source.headers.items():
            if value.startswith("env:"):
                named[value.removeprefix("env:")] = f"{source.id}: headers.{name}"
    missing = [name for name in named if not environment.get(name, "").strip()]
    for name in missing:
        yield Finding(
            "keys",
            CheckStatus.WRONG,
            f"{named[name]} needs {name}, which the environment does not have",
            f"set {name}; in continuous integration as a secret of the step that uses it",
        )
    try:
        heartbeat(environment)
    except ValueError as error:
        remedy = "set it to the address that the switch gave you, or take it away"
        yield Finding("keys", CheckStatus.WRONG, str(error), remedy)
    try:
        everyone = recipients(site, environment)[1]
        if site.announce.github is not None:
            token(environment)
        check_services(one for one in everyone if one.apprise is not None)
    except ConfigError as error:
        words, _, remedy = str(error).partition("; ")
        yield Finding("keys", CheckStatus.WRONG, words, remedy or "see docs/announcing.md")
    else:
        if not missing:
            yield Finding("keys", CheckStatus.OK, f"{len(named)} needed, all there")


def _subscription_keys(site: Site) -> dict[str, str]:
    match site.subscribe.provider:
        case "buttondown":
            return {site.subscribe.buttondown.key_env: "subscribe.buttondown"}
        case "listmonk":
            return {site.subscribe.listmonk.token_env: "subscribe.listmonk"}
        case "service":
            # The key that signs links is needed where the service runs, and only there.
            return {site.subscribe.service.token_env: "subscribe.service"}
    return {}


def _owner(site: Site, environment: Mapping[str, str]) -> Iterator[Finding]:
    """Whether anybody hears of what waits."""
    if not has_owner_recipients(site):
        words = "nobody hears of held readings, unread changes and sources that fail"
        remedy = "set [owner] in ratewire.toml: docs/running.md says how"
        yield Finding("owner", CheckStatus.NOTE, words, remedy)
        return
    email = site.announce.email
    if site.owner.email and not (email.host and email.sender):
        words = "owner.email is set, but announce.email has no host and sender to send by"
        yield Finding("owner", CheckStatus.WRONG, words, "set announce.email.host and sender")
        return
    try:
        named = owner_recipients(site, environment)[1]
        check_services(one for one in named if one.apprise is not None)
    except ConfigError as error:
        words, _, remedy = str(error).partition("; ")
        yield Finding("owner", CheckStatus.WRONG, words, remedy or "see docs/running.md")
        return
    labels = ", ".join(one.label for one in named)
    yield Finding("owner", CheckStatus.OK, f"{labels} hears of what waits")


# ── The machine ──────────────────────────────────────────────────────────────────────────────


def _writing(site: Site) -> Iterator[Finding]:
    # The site's folder is swapped in whole, so it is the folder around it that counts.
    for folder in (site.snapshots, site.announced, site.cache, site.output.parent):
        there = next(each for each in (folder, *folder.parents) if each.is_dir())
        try:
            with tempfile.TemporaryFile(dir=there, prefix=".doctor-") as file:
                file.write(b"ratewire")
                file.flush()
        except OSError as error:
            yield Finding(
                "writing",
                CheckStatus.WRONG,
                f"{there} cannot be written to ({error.strerror})",
                "mend its owner and permissions, or free some space",
            )
        else:
            yield Finding("writing", CheckStatus.OK, str(folder))


def _records(site: Site) -> Iterator[Finding]:
    """Records that were damaged and set aside: there until somebody has looked at them."""
    for path in sorted(site.snapshots.glob("*/*.damaged-*")):
        yield Finding(
            "records",
            CheckStatus.NOTE,
            f"{path.relative_to(site.snapshots.parent)} was found damaged and set aside",
            "compare it with the file as git had it, then delete it: docs/running.md says how",
        )


def _hosts(site: Site) -> Iterator[tuple[Finding, Response | None]]:
    """One finding for each host, and what it answered."""
    origins = {
        f"{parts.scheme}://{parts.netloc}"
        for source in site.sources
        for parts in map(urlsplit, (source.url, *source.alternates))
    }

    async def ask_all() -> list[tuple[Finding, Response | None]]:
        return [found async for found in _asked(site, sorted(origins))]

    yield from asyncio.run(ask_all())


async def _asked(site: Site, origins: list[str]) -> AsyncIterator[tuple[Finding, Response | None]]:
    settings = replace(site.fetch, connect_timeout=_PATIENCE, timeout=_PATIENCE)
    saying = common(settings, site.settings.contact)
    async with Client(settings, Routes({})) as client:

        async def ask(origin: str) -> Response | FetchError:
            try:
                return await client.ask(f"{origin}/robots.txt", saying, _PATIENCE)
            except FetchError as error:
                return error

        answers = await asyncio.gather(*map(ask, origins))
    for origin, answer in zip(origins, answers, strict=True):
        if isinstance(answer, FetchError):
            remedy = "see whether the network, a proxy or a firewall is in the way; else wait"
            yield Finding("hosts", CheckStatus.WRONG, f"{origin}: {answer.reason}", remedy), None
        else:
            yield Finding("hosts", CheckStatus.OK, f"{origin} answers"), answer


def _mail_server(site: Site) -> Iterator[Finding]:
    email = site.announce.email
    if not email.host:
        return
    place = f"{email.host}:{email.port}"
    try:
        with socket.create_connection((email.host, email.port), timeout=_PATIENCE):
            yield Finding("hosts", CheckStatus.OK, f"{place} takes connections")
    except OSError as error:
        words = f"{place}: {error.strerror or error}"
        remedy = "check announce.email.host and port; many networks let port 25 not out"
        yield Finding("hosts", CheckStatus.WRONG, words, remedy)


def _subscriptions(site: Site, environment: Mapping[str, str]) -> Iterator[Finding]:
    """Whether the list takes the key, or the service and its database are there."""
    provider = site.subscribe.provider
    names = _subscription_keys(site)
    if not names:
        return
    if all(environment.get(name, "").strip() for name in names):  # else it is told of as a key
        if provider == "service":
            yield _service(site, environment)
        else:
            yield _list(site, environment)
    if provider == "service":
        well, wrong = database_here(site, environment)
        if wrong:
            remedy = "see subscribe.service.database in docs/subscriptions.md"
            yield Finding("subscriptions", CheckStatus.WRONG, wrong, remedy)
        elif well:
            yield Finding("subscriptions", CheckStatus.OK, well)


def _service(site: Site, environment: Mapping[str, str]) -> Finding:
    settings = replace(site.subscribe.service, timeout=_PATIENCE)
    remedy = f"see that the service runs, with the same {settings.token_env} as here"
    if trouble := unanswered(settings, environment[settings.token_env].strip()):
        return Finding("subscriptions", CheckStatus.WRONG, trouble, remedy)
    where = settings.internal_url or settings.url
    return Finding("subscriptions", CheckStatus.OK, f"{where} tells who is subscribed")


def _list(site: Site, environment: Mapping[str, str]) -> Finding:
    chosen = hosted_list(site, environment)
    try:
        trouble = chosen.accepted()
    finally:
        chosen.close()
    remedy = "see the key, and [subscribe] in docs/subscriptions.md"
    if trouble:
        return Finding("subscriptions", CheckStatus.WRONG, trouble, remedy)
    return Finding("subscriptions", CheckStatus.OK, f"{site.subscribe.provider} takes the key")


def _outbox(site: Site, environment: Mapping[str, str], now: datetime) -> Iterator[Finding]:
    """Messages that servers do not take, and why."""
    if not (site.announced / "outbox.json").is_file():
        return
    try:
        outbox = Outbox(site.announced, recipients(site, environment)[0], now, read_only=True)
    except ConfigError:  # told of as a key
        return
    except (AnnounceError, StoreError) as error:
        yield Finding("outbox", CheckStatus.WRONG, str(error), "see docs/announcing.md")
        return
    if outbox.waiting:
        oldest = min(outbox.waiting.values(), key=lambda wait: wait.first)
        words = (
            f"{len(outbox.waiting)} messages wait for a retry, the first since "
            f"{oldest.first:%Y-%m-%d %H:%M}: {oldest.why}"
        )
        late = now - oldest.first > _UNDELIVERED
        remedy = "mend what the server names, then run `ratewire announce --retry-failed`"
        yield Finding("outbox", CheckStatus.WRONG if late else CheckStatus.NOTE, words, remedy)
    if letters := outbox.dead_letters():
        words = f"{len(letters)} messages were given up, the last: {letters[-1].why}"
        remedy = "if the address is right, run `ratewire announce --retry-failed`; else remove it"
        yield Finding("outbox", CheckStatus.NOTE, words, remedy)


def _clock(answers: list[Response], latest: datetime | None, now: datetime) -> Finding:
    """Against the time that hosts name, and against what is recorded."""
    remedy = "set it, by NTP if you can: times of changes are taken from it"
    told = (time_told(answer.headers) for answer in answers)
    offs = sorted(now - each for each in told if each is not None)
    off = offs[len(offs) // 2] if offs else timedelta()
    if abs(off) > _CLOCK:
        way = "fast" if off > timedelta() else "slow"
        words = f"the clock is {abs(off)} {way}, by what {len(offs)} hosts say"
        return Finding("clock", CheckStatus.WRONG, words, remedy)
    if latest is not None and latest - now > _CLOCK:
        words = f"the clock says {now:%Y-%m-%d %H:%M}, before what is recorded ({latest:%Y-%m-%d})"
        return Finding("clock", CheckStatus.WRONG, words, remedy)
    against = f"{len(offs)} hosts" if offs else "what is recorded; no host named its own"
    return Finding("clock", CheckStatus.OK, f"{now:%Y-%m-%d %H:%M} UTC, held against {against}")


# ── How it went so far ───────────────────────────────────────────────────────────────────────


def _schedule(site: Site, cache: Cache, now: datetime) -> Iterator[Finding]:
    last = {source.id: cache.load(source.id).checked_at for source in site.sources}
    never = [id for id, at in last.items() if at is None]
    remedy = "see that `ratewire run` is called at least hourly, and that .ratewire/ is kept"
    if never:
        words = f"{len(never)} of {len(last)} sources never checked here, as far as is known"
        yield Finding("schedule", CheckStatus.NOTE, words, remedy)
    for source in site.sources:
        at = last[source.id]
        if at is None:
            continue
        if is_due(source.every, at, now - _LATE):
            words = f"{source.id} was last checked {at:%Y-%m-%d %H:%M}, and is due every "
            yield Finding("schedule", CheckStatus.WRONG, words + source.every, remedy)
        verified = cache.load(source.id).verified_at
        if verified is not None and now - verified > duration(source.stale_after):
            words = f"{source.id} was last seen {verified:%Y-%m-%d}; its figures say so to readers"
            advice = f"`ratewire check {source.id} -v` says what is in the way"
            yield Finding("schedule", CheckStatus.NOTE, words, advice)
    known = [at for at in last.values() if at is not None]
    if known:
        yield Finding("schedule", CheckStatus.OK, f"last check {max(known):%Y-%m-%d %H:%M} UTC")


def _feeds(site: Site) -> Iterator[Finding]:
    """Whether those of the built site can be read as what they say they are."""
    found = sorted((site.output / "feeds").rglob("*"))
    feeds = [file for file in found if file.suffix in (".rss", ".atom", ".json", ".opml")]
    if not feeds:
        return
    damaged = [file for file in feeds if not _parses(file)]
    for file in damaged:
        words = f"{file.relative_to(site.output)} cannot be parsed"
        yield Finding("feeds", CheckStatus.WRONG, words, "build anew: ratewire build --no-cache")
    if not damaged:
        yield Finding("feeds", CheckStatus.OK, f"{len(feeds)} of the built site, all parse")


def _parses(file: Path) -> bool:
    try:
        if file.suffix == ".json":
            version = json.loads(file.read_bytes())["version"]
            return isinstance(version, str) and version.startswith("https://jsonfeed.org/version/")
        # An XML parser that loads nothing from outside.
        root = etree.fromstring(
            file.read_bytes(), etree.XMLParser(resolve_entities=False, no_network=True)
        )
        roots = {".rss": "rss", ".atom": "feed", ".opml": "opml"}
        return str(etree.QName(root).localname) == roots[file.suffix]
    except (OSError, ValueError, RecursionError, KeyError, TypeError, etree.XMLSyntaxError):
        return False


def _latest(site: Site, store: Store) -> datetime | None:
    """The latest moment of which anything is recorded."""
    times = [change.recorded_at for change in store.changes(None)]
    for source in site.sources:
        snapshot, _ = store.load(source.id)
        times += [snapshot.taken_at] if snapshot else []
    return max(times, default=None)
