"""What waits for the owner now: one function for each topic, from what is recorded."""

from __future__ import annotations

import hashlib
import json
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ratewire.announce.outbox import DeadLetter
from ratewire.compare import DISAGREE, disagreements, questions, unread_key
from ratewire.config import CompareSettings, Site
from ratewire.errors import StoreError
from ratewire.model import HealthState, Pending, Rate, Snapshot, Source
from ratewire.owner.log import as_plain, from_plain
from ratewire.owner.notices import Notice, Topic
from ratewire.record import Store
from ratewire.record.files import make_folder, write_whole
from ratewire.wording.facts import SiteNames, subject, value
from ratewire.wording.formats import moment
from ratewire.wording.text import plain

__all__ = ["away", "standing", "stopped", "undelivered", "unrendered", "wrong_clock"]

log = logging.getLogger(__name__)

_VERSION = "1"
"""Of what `_recorded` makes of the records: what was kept by another one is not used."""
_SHOWN = 5
"""Changes of a held reading that a notice names."""
_FLIPS = 2
"""Reversals after which a page is taken to switch between versions."""
_CHECK = "ratewire check {} -v"
_REVIEW = "ratewire review shows it; ratewire review --accept {0}, or --reject {0}, settles it"


@dataclass(frozen=True, slots=True)
class Recorded:
    """A source and all that is recorded of what it says."""

    source: Source
    snapshot: Snapshot | None
    pending: Pending | None


def standing(site: Site, store: Store, now: datetime, grace_period: timedelta) -> Iterator[Notice]:
    """All that waits by what the store holds. Raises StoreError.

    `grace_period` is how long a source may fail before it is told.
    """
    yield from _of_records(site, store)
    for source in site.sources:
        yield from _unwell(source, store, now, grace_period)
        yield from _damaged(source, store)
        yield from _addresses(source, store)


def undelivered(letters: Iterable[DeadLetter], labels: Mapping[str, str]) -> Iterator[Notice]:
    """A notice for each recipient of whom messages were given up; `labels` by pseudonym."""
    by_recipient: dict[str, list[DeadLetter]] = defaultdict(list)
    for letter in letters:
        by_recipient[letter.message.to].append(letter)
    for to, given_up in by_recipient.items():
        label = labels.get(to, f"recipient {to[:8]}")
        yield Notice(
            Topic.UNDELIVERED, "", to,
            f"{label}: {_count(len(given_up), 'message')} given up",
            (("Why", given_up[-1].why), ("Since", moment(given_up[0].at))),
            "mend the cause, then: ratewire announce --retry-failed",
        )  # fmt: skip


def away(troubles: Iterable[str]) -> Iterator[Notice]:
    """A notice for each server that took nothing in this run: `email: smtp.example.org: …`."""
    for trouble in troubles:
        channel, _, why = trouble.partition(": ")
        yield Notice(
            Topic.UNDELIVERED, "", f"{channel} away", f"nothing can be sent by {channel} now",
            (("Why", why), ("Until then", "nothing is lost: what is due is sent by a later run")),
            "ratewire doctor says what is in the way",
        )  # fmt: skip


def unrendered(pages: Mapping[str, str]) -> Iterator[Notice]:
    """A notice for each page that the last build left out; `pages`: path to reason."""
    for path, why in sorted(pages.items()):
        yield Notice(
            Topic.UNRENDERED, "", path, f"the page {plain(path, 200)} is left out of the site",
            (("Why", plain(why, 400)), ("Until then", "all other pages are built and announced")),
            "ratewire build names it; if neither the theme nor the source's file is at fault, "
            "please report it",
        )  # fmt: skip


def wrong_clock(doubt: str) -> Notice:
    """A run that could not trust the clock of its machine."""
    return Notice(
        Topic.CLOCK, "", "clock", "the clock of this machine is wrong, or in doubt",
        (("What", doubt), ("Until then", "nobody is told of changes; nothing is lost")),
        "set the clock, by NTP if you can; ratewire doctor holds it against the hosts' times",
    )  # fmt: skip


def stopped(error: str) -> Notice:
    """A run that an error ended before it had built and announced."""
    return Notice(
        Topic.STOPPED, "", "run", "a run stopped; what it recorded is kept, the site stands still",
        (("Why", error),), "mend it as it says, then: ratewire run",
    )  # fmt: skip


# ── One source, by its records ───────────────────────────────────────────────────────────────


def _held(one: Recorded, site: Site) -> Iterator[Notice]:
    held = one.pending.held if one.pending else None
    if one.pending is None or held is None:
        return
    asked = questions(one.snapshot, one.pending)
    names = SiteNames.of(site)
    shown = [
        f"{subject(each.alteration.fact, names)}: "
        f"{value(each.alteration.before, names)} → {value(each.alteration.after, names)}"
        for each in asked[:_SHOWN]
    ]
    shown += [f"and {len(asked) - _SHOWN} more"] if len(asked) > _SHOWN else []
    rows = (
        ("Why it is held", f"{held.reason} (guard {held.guard})"),
        ("What proves it right", _proof(held.settles, site.compare)),
        *(("The page now says", line) for line in shown),
        ("Until then", "nothing of it is told, and what stood before is shown"),
    )
    headline = (
        f"{one.source.name}: {_count(held.figures, 'figure')} held"
        if held.figures
        else f"{one.source.name}: what the page now says is held"
    )
    remedy = _REVIEW.format(one.source.id)
    yield Notice(
        Topic.HELD, one.source.id, held.guard, headline, rows, remedy, _page(one.pending.url, one)
    )


def _proof(settles: bool, settings: CompareSettings) -> str:
    if settles:
        return (
            f"it confirms itself once it has stayed the same for {settings.settle_after} in at "
            f"least {settings.settle_captures} looks; you may accept it sooner"
        )
    return "nothing but you: it waits until the page is whole again, or until you accept it"


def _unread(one: Recorded, site: Site) -> Iterator[Notice]:
    for change in one.pending.unread if one.pending else ():
        key = unread_key(change)
        what = "changed" if change.old and change.new else "came" if change.new else "went"
        yield Notice(
            Topic.UNREAD, one.source.id, key,
            f"{one.source.name}: a figure {what} that is not understood",
            (
                ("Before", change.old or "(nothing)"),
                ("Now", change.new or "(nothing)"),
                ("Where", change.where),
                ("Why it waits", change.why or "what the figure is was not understood"),
            ),
            f"look at the page; ratewire review --accept {key} marks it as seen",
            _page("", one),
        )  # fmt: skip


def _places(one: Recorded, site: Site) -> Iterator[Notice]:
    for words in disagreements(one.snapshot) if one.snapshot else ():
        yield Notice(
            Topic.PLACES, one.source.id, _digest(words),
            f"{one.source.name}: two places of the page state two prices of one thing",
            (("What", words),),
            "it ends by itself once the page says one thing",
            _page("", one),
        )  # fmt: skip


def _unsteady(one: Recorded, site: Site) -> Iterator[Notice]:
    flips = max((s.reversals for s in one.pending.sightings), default=0) if one.pending else 0
    if flips < _FLIPS:
        return
    yield Notice(
        Topic.UNSTEADY, one.source.id, "",
        f"{one.source.name}: the page switches between versions",
        (
            ("So far", f"what it showed was gone again {flips} times"),
            ("Until then", "it has to hold longer each time before it is told"),
        ),
        f"see whether it is served in two versions: {_CHECK.format(one.source.id)}",
        _page("", one),
    )  # fmt: skip


_OF_ONE: tuple[Callable[[Recorded, Site], Iterator[Notice]], ...] = (
    _held, _unread, _places, _unsteady,
)  # fmt: skip


# ── Several sources of one publisher ─────────────────────────────────────────────────────────


def _sources(several: Sequence[Recorded], site: Site) -> Iterator[Notice]:
    """Rates that two pages of one publisher state under one name at two prices."""
    names = SiteNames.of(site)
    known: dict[tuple[str, ...], tuple[Source, Rate]] = {}
    for one in several:
        for rate in one.snapshot.facts.rates if one.snapshot else ():
            first, other = known.setdefault(rate.identity, (one.source, rate))
            if first is one.source or not _two_prices(other, rate):
                continue
            key = _digest("\n".join((*rate.identity, first.id)))
            yield Notice(
                Topic.SOURCES, one.source.id, key,
                f"{first.name} and {one.source.name} state two prices of "
                f"{subject(rate, names)}",
                ((first.name, value(other, names)), (one.source.name, value(rate, names))),
                "it ends by itself once they say the same; if they speak of two things, give one "
                "of them another name in its source file",
                _page("", one),
            )  # fmt: skip


def _two_prices(one: Rate, other: Rate) -> bool:
    alike = one.currency == other.currency and one.same_terms(other)
    return alike and one.unit.factor_to(other.unit) is not None and not one.same_price(other)


# ── Remembered between runs ──────────────────────────────────────────────────────────────────


def _of_records(site: Site, store: Store) -> Iterator[Notice]:
    """By publisher. What its records came to is kept in the cache for as long as they are the
    same, so that a quiet run reads none of them.
    """
    groups: dict[str, list[Source]] = defaultdict(list)
    for source in site.sources:
        groups[source.publisher].append(source)
    kept = _kept(site)
    found: dict[str, Any] = {}
    for publisher, sources in groups.items():
        parts = [(s.id, s.name, s.url, store.digest(s.id)) for s in sources]
        state = _digest(repr((_VERSION, site.compare, parts)))
        notices = _known(kept.get(publisher), state)
        if notices is None:
            several = [Recorded(source, *store.load(source.id)) for source in sources]
            notices = [n for one in several for make in _OF_ONE for n in make(one, site)]
            notices += _sources(several, site)
        found[publisher] = {"state": state, "notices": [as_plain(each) for each in notices]}
        yield from notices
    if found != kept:
        try:
            make_folder(site.cache)
            data = json.dumps(found, ensure_ascii=False).encode()
            write_whole(site.cache / "notices.json", data, durable=False)
        except StoreError as error:
            log.warning("%s", error)


def _kept(site: Site) -> dict[str, Any]:
    try:
        body = json.loads((site.cache / "notices.json").read_bytes())
        return body if isinstance(body, dict) else {}
    except (OSError, ValueError, RecursionError):
        return {}


def _known(kept: Any, state: str) -> list[Notice] | None:
    try:
        return [from_plain(row) for row in kept["notices"]] if kept["state"] == state else None
    except (TypeError, KeyError, ValueError, RecursionError):
        return None


# ── By its health, and by what lies in its folder ────────────────────────────────────────────


def _unwell(
    source: Source, store: Store, now: datetime, grace_period: timedelta
) -> Iterator[Notice]:
    health = store.health(source.id)
    if health is None or health.state in (HealthState.OK, HealthState.HELD):
        return
    if now - health.since < grace_period:
        return
    yield Notice(
        Topic.UNWELL, source.id, "", f"{source.name}: the page cannot be read",
        (
            ("Why", health.detail),
            ("Since", moment(health.since)),
            ("Until then", "what was last read is shown, and says when that was"),
        ),
        f"{_CHECK.format(source.id)} says what was tried; if the page moved, set its new address "
        f"in content/sources/{source.id}.toml",
        source.url,
    )  # fmt: skip


def _addresses(source: Source, store: Store) -> Iterator[Notice]:
    """An alternate that says otherwise than the page for which it stands in."""
    health = store.health(source.id)
    if health is None or not health.detail.startswith(DISAGREE):
        return
    yield Notice(
        Topic.SOURCES, source.id, "alternate", f"{source.name}: two of its addresses disagree",
        (("What", health.detail), ("Since", moment(health.since))),
        "it ends by itself once the first address answers; take the other out of `alternates` in "
        f"content/sources/{source.id}.toml if it is of no use",
        source.url,
    )  # fmt: skip


def _damaged(source: Source, store: Store) -> Iterator[Notice]:
    for name in store.set_aside(source.id):
        yield Notice(
            Topic.DAMAGED, source.id, name, f"{source.name}: a record was damaged and was mended",
            (("Set aside as", f"{source.id}/{name}"),),
            "compare it with git's copy; once all is well, remove it",
        )  # fmt: skip


def _page(url: str, one: Recorded) -> str:
    return url or (one.snapshot.url if one.snapshot else one.source.url)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"


def _digest(words: str) -> str:
    return hashlib.sha256(plain(words, 4000).encode()).hexdigest()[:16]
