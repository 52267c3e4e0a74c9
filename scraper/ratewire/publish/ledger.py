"""All that is recorded, in the shape in which pages ask for it.

A page gets its own `Ledger.listen()`: it answers the same, and writes down what it was asked.
`build` keeps that list, and asks the same questions again next time: a page whose every answer
is the same need not be rendered.
"""

from __future__ import annotations

import copy
import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from ratewire.config import Product, Site, duration
from ratewire.model import (
    Conditions,
    HealthState,
    Incident,
    Multiplier,
    Pending,
    Rate,
    Snapshot,
    Source,
    Stage,
)
from ratewire.publish.ids import Owners, safe_id
from ratewire.publish.stated import (
    LastSeen,
    Point,
    Quoted,
    Records,
    StatedAvailability,
    StatedLimit,
    StatedMultiplier,
    Watched,
)
from ratewire.record.former import former_sources
from ratewire.wording.facts import SiteNames
from ratewire.wording.stories import Story, stories

__all__ = ["Ledger", "Query"]

P = ParamSpec("P")
T = TypeVar("T")
Query = tuple[Any, ...]
"""A method's name and its arguments: what a page asked."""

_ANY = Conditions()


def _asked(method: Callable[Concatenate[Ledger, P], T]) -> Callable[Concatenate[Ledger, P], T]:
    """Write down that the method was called, and answer each question once only."""

    @wraps(method)
    def ask(self: Ledger, /, *args: P.args, **kwargs: P.kwargs) -> T:
        query = (method.__name__, *args)
        self.heard[query] = None
        if query not in self._answers:
            self._answers[query] = method(self, *args, **kwargs)
        answer: T = self._answers[query]
        return answer

    return ask


@dataclass(frozen=True, slots=True)
class _Move:
    """What a change made of one rate; `number` orders changes by time."""

    number: int
    story: Story
    was: Rate | None
    became: Rate | None


class Ledger:
    """All snapshots, changes and states of health of a site. Questions take positional arguments.

    `checked` tells when each source was last seen to be genuine, whatever it said; `met`, what
    checks met since then.
    """

    def __init__(
        self,
        site: Site,
        store: Records,
        *,
        now: datetime,
        checked: Mapping[str, datetime],
        met: Mapping[str, Mapping[str, int]] | None = None,
    ) -> None:
        self.site = site
        self.heard: dict[Query, None] = {}
        self._answers: dict[Query, Any] = {}
        self._digests: dict[Query, str] = {}
        self._now = now
        self.vocabulary = SiteNames.of(site)
        """In the site's own language."""
        former = tuple(former_sources(store, site.sources))
        every = (*site.sources, *former)
        self._sources = {source.id: source for source in every}
        self._names = {
            name.lower(): product.id
            for product in site.products
            for name in (*product.aliases, product.id)
        }
        self._snapshots: dict[str, Snapshot] = {}
        self._labels: dict[str, str] = {}
        """What the pages call the products whose ids on the site are others than their own."""
        self._pending: dict[str, Pending] = {}
        self._health = {source.id: store.health(source.id) for source in every}
        stated: list[tuple[Source, Snapshot]] = []
        for source in sorted(every, key=lambda source: (source.rank, source.id)):
            snapshot, pending = store.load(source.id)
            if snapshot is not None:
                stated.append((source, snapshot))
            if pending is not None:
                self._pending[source.id] = pending
        owners = Owners.of(stated, site.products, store.owners())
        self.owners = owners.by_product
        for source, snapshot in stated:
            self._snapshots[source.id] = owners.in_snapshot(snapshot, source.publisher)
            self._labels |= _labels(snapshot, source, owners)
        self._met = {id: tuple(sorted(each.items())) for id, each in sorted((met or {}).items())}
        self._seen = {id: self._sight(id, checked.get(id)) for id in self._snapshots}
        changes = map(owners.in_change, store.changes(None))
        self._stories = stories(changes, self.vocabulary)

    def listen(self) -> Ledger:
        """The same ledger with an empty list of what was `heard`."""
        # Worked out here, for all copies; each would do it for itself.
        _ = self._by_product, self._told, self._told_of, self._moves
        ledger = copy.copy(self)
        ledger.heard = {}
        return ledger

    def digest(self, query: Query) -> str:
        """Of the answer to a query that was heard before; asking leaves no trace. Empty where it
        can be asked no more: of a source that is gone.
        """
        if query not in self._digests:
            try:
                answer = getattr(self.listen(), query[0])(*query[1:])
            except KeyError:
                return ""
            self._digests[query] = _sha256(self._in_short(answer))[:16]
        return self._digests[query]

    def _in_short(self, answer: object) -> str:
        """Its every word; in place of changes, of which many are in many answers, their digests."""
        if isinstance(answer, Story):
            return self._told[answer.change.id][1]
        if isinstance(answer, tuple) and answer and isinstance(answer[0], Story):
            return repr([self._in_short(story) for story in answer])
        return repr(answer)

    # ── Products ─────────────────────────────────────────────────────────────────────────────

    def resolve(self, name: str) -> str:
        """A product's id for any of its names."""
        return self._names.get(name.lower()) or (safe_id(name) if name else name)

    @_asked
    def products(self) -> tuple[Product, ...]:
        """Those that the site follows; where it names none, those that have a rate."""
        if self.site.products:
            return self.site.products
        names = {rate.product: rate.product for rate in self._rates_in_order()} | self._labels
        return tuple(Product(id=id, name=names[id], publisher="") for id in sorted(names))

    def product(self, name: str) -> Product | None:
        id = self.resolve(name)
        return next((product for product in self.products() if product.id == id), None)

    def known(self, name: str) -> bool:
        """Whether the site follows the product or any source speaks of it."""
        return self.product(name) is not None or bool(self.rates(self.resolve(name)))

    # ── Rates ────────────────────────────────────────────────────────────────────────────────

    @_asked
    def rates(self, product: str) -> tuple[Quoted, ...]:
        """All rates of a product that hold, in the order of their identity."""
        return self._by_product.get(self.resolve(product), ())

    @_asked
    def rate(self, product: str, meter: str, conditions: Conditions = _ANY) -> Quoted | None:
        """One rate: under these very conditions; else, no tier asked, in the standard tier; else
        the only one that has the conditions asked. None: there is none, or several.
        """
        return self._rate(product, meter, conditions)

    @_asked
    def meters(self, publisher: str) -> tuple[str, ...]:
        """Every meter for which any product of a publisher has a rate."""
        ids = [product.id for product in self.products() if product.publisher == publisher]
        return tuple(sorted({q.rate.meter for id in ids for q in self._by_product.get(id, ())}))

    @_asked
    def scheduled(self, product: str) -> tuple[Quoted, ...]:
        """Rates announced for a day to come."""
        today = self._now.date().isoformat()
        return tuple(
            q
            for q in self._by_product.get(self.resolve(product), ())
            if q.rate.conditions.get("effective_from") > today
        )

    @_asked
    def history(self, product: str, meter: str, conditions: Conditions = _ANY) -> tuple[Point, ...]:
        """What the rate was, from the first time known, oldest first, through renames."""
        quoted = self._rate(product, meter, conditions)
        identity = (self.resolve(product), meter, *(f"{k}={v}" for k, v in conditions))
        if quoted is not None:
            identity = quoted.rate.identity
        points: list[Point] = []
        before: tuple[datetime, Rate] | None = None
        for story, was, became in self._moves_of(identity):
            points.append(Point(story.truth.window.first_seen_new, became, story.change.id))
            before = (self._first_read(story), was) if was is not None else None
            if was is not None:
                identity = was.identity
        if before is not None:
            points.append(Point(*before))
        if not points and quoted is not None:
            snapshot = self._snapshots[quoted.source.id]
            points.append(Point(snapshot.begun_at or snapshot.taken_at, quoted.rate))
        return tuple(reversed(points))

    def _first_read(self, story: Story) -> datetime:
        """When what the change found there was first read, as far as is known."""
        snapshot, old = self._snapshots.get(story.change.source), story.truth.window.last_seen_old
        return min(snapshot.begun_at or old, old) if snapshot else old

    @_asked
    def multipliers(self, product: str = "") -> tuple[StatedMultiplier, ...]:
        """What prices are multiplied by; with a product those said of it, or on a page that prices
        it of a way of using all that there is (`batch`).
        """
        id = self.resolve(product) if product else ""
        pages = {one.source.id for one in self._by_product.get(id, ())}
        found: dict[tuple[str, ...], StatedMultiplier] = {}
        for source_id, snapshot in self._snapshots.items():
            for fact in snapshot.facts.multipliers:
                mine = self.resolve(fact.product) == id
                if product and not mine and (self._is_product(fact) or source_id not in pages):
                    continue
                source, seen = self._sources[source_id], self._seen[source_id]
                found.setdefault(fact.identity, StatedMultiplier(fact, source, seen))
        return tuple(found.values())

    def _is_product(self, fact: Multiplier) -> bool:
        id = self.resolve(fact.product)
        return id in self._by_product or any(one.id == id for one in self.site.products)

    # ── Availability and limits ──────────────────────────────────────────────────────────────

    @_asked
    def availability(self, product: str) -> StatedAvailability | None:
        """What the source of the lowest rank says of the product; prices without a word count as
        available.
        """
        id, today = self.resolve(product), self._now.date()
        for source_id, snapshot in self._snapshots.items():
            facts = [fact for fact in snapshot.facts.availability if fact.product == id]
            for fact in sorted(facts, key=lambda fact: len(fact.conditions.items)):
                past = fact.shutdown_on is not None and fact.shutdown_on.is_over(today)
                source, seen = self._sources[source_id], self._seen[source_id]
                return StatedAvailability(fact.stage, fact, source, seen, past)
        for quoted in self._by_product.get(id, ()):
            return StatedAvailability(Stage.AVAILABLE, None, quoted.source, quoted.seen)
        return None

    @_asked
    def limits(self, product: str) -> tuple[StatedLimit, ...]:
        id = self.resolve(product)
        found: dict[tuple[str, ...], StatedLimit] = {}
        for source_id, snapshot in self._snapshots.items():
            for limit in snapshot.facts.limits:
                if limit.product == id:
                    stated = StatedLimit(limit, self._sources[source_id], self._seen[source_id])
                    found.setdefault(limit.identity, stated)
        return tuple(found.values())

    # ── Changes ──────────────────────────────────────────────────────────────────────────────

    @_asked
    def stories(self, product: str = "", most: int = 0) -> tuple[Story, ...]:
        """The change log, newest first; of one product, where it is named."""
        known = self._told_of.get(self.resolve(product), ()) if product else self._stories
        found = tuple(reversed(known))
        return found[:most] if most else found

    @_asked
    def story(self, id: str) -> Story | None:
        known = self._told.get(id)
        return known[0] if known else None

    @_asked
    def moved(self, product: str, meter: str = "") -> tuple[Story, ...]:
        """Changes that stand, of a product or one of its meters, newest first."""
        id = self.resolve(product)
        return tuple(
            story
            for story in reversed(self._told_of.get(id, ()))
            if not story.retracted
            and any(
                getattr(alteration.fact, "product", "") == id
                and meter in ("", getattr(alteration.fact, "meter", meter))
                for alteration in story.truth.alterations
            )
        )

    @_asked
    def incidents(self, most: int = 0) -> tuple[Incident, ...]:
        """From status feeds: open ones first, then newest first."""
        found = {i.id: i for s in self._snapshots.values() for i in s.facts.incidents}
        ordered = sorted(
            found.values(), key=lambda i: (i.resolved_at is None, i.started_at, i.id), reverse=True
        )
        return tuple(ordered[:most] if most else ordered)

    # ── The watch ────────────────────────────────────────────────────────────────────────────

    @_asked
    def watch(self) -> tuple[Watched, ...]:
        """Every source, in the order of rank."""
        return tuple(
            self._watched(source)
            for source in sorted(self.site.sources, key=lambda s: (s.rank, s.id))
        )

    @_asked
    def watched(self, source_id: str) -> Watched:
        return self._watched(self._sources[source_id])

    @cached_property
    def last_seen(self) -> datetime | None:
        """When anything was last verified; None: nothing is recorded yet."""
        return max((seen.at for seen in self._seen.values()), default=None)

    @_asked
    def moments(self) -> Mapping[str, datetime]:
        """When each source was last verified, to the second; a page that asks is rendered anew
        after every check.
        """
        return self._moments

    @_asked
    def pulse(self) -> tuple[int, int, LastSeen | None]:
        """The watch in short, for every page's foot: how many sources are well, of how many, and
        the latest sight of any, where that is worth a word: it was long ago, or is the snapshot's.

        A day that moves with the checks would make another page of each, every day.
        """
        watched = [self._watched(source) for source in self.site.sources]
        latest = max((w.seen for w in watched if w.seen), key=lambda seen: seen.at, default=None)
        old = latest is not None and (latest.stale or latest.from_snapshot)
        return sum(one.ok for one in watched), len(watched), latest if old else None

    @cached_property
    def state(self) -> str:
        """A digest of everything in here: equal states answer every question alike."""
        pending = {id: (len(one.waiting), len(one.unread)) for id, one in self._pending.items()}
        whole = (
            self._snapshots,
            self.owners,
            self.told,
            self._health,
            pending,
            self._seen,
            self._met,
        )
        times = sorted(self._moments.items())
        dated = any(
            key.startswith("effective") for r in self._rates_in_order() for key, _ in r.conditions
        )
        today = self._now.date() if dated else None
        return _sha256(repr((whole, times, today)))

    @cached_property
    def told(self) -> str:
        """A digest of all changes, corrections and retractions."""
        return _sha256("".join(digest for _, digest in self._told.values()))

    @cached_property
    def _told(self) -> Mapping[str, tuple[Story, str]]:
        """Every story with its digest, by the id of its change, oldest first."""
        return {story.change.id: (story, _sha256(repr(story))) for story in self._stories}

    @cached_property
    def _moments(self) -> Mapping[str, datetime]:
        return {id: seen.at for id, seen in self._seen.items()}

    @_asked
    def snapshot(self, source_id: str) -> Snapshot | None:
        """All that is stored of a source."""
        return self._snapshots.get(source_id)

    @property
    def beginning(self) -> datetime | None:
        """When the oldest snapshot that stands was taken."""
        return min((one.taken_at for one in self._snapshots.values()), default=None)

    # ── Inside ───────────────────────────────────────────────────────────────────────────────

    def _rate(self, product: str, meter: str, conditions: Conditions) -> Quoted | None:
        known = self._by_product.get(self.resolve(product), ())
        quoted = [one for one in known if one.rate.meter == meter]
        wanted = [conditions]
        if not conditions.get("tier"):
            wanted.append(conditions.with_(tier="standard"))
        for exact in wanted:
            for one in quoted:
                if one.rate.conditions == exact:
                    return one
        fitting = [q for q in quoted if set(conditions) <= set(q.rate.conditions)]
        return fitting[0] if len(fitting) == 1 else None

    def _watched(self, source: Source) -> Watched:
        snapshot, health = self._snapshots.get(source.id), self._health[source.id]
        pending = self._pending.get(source.id)
        state = HealthState.OK if snapshot is not None else HealthState.NEVER_SEEN
        return Watched(
            source=source,
            state=health.state if health is not None else state,
            since=health.since if health is not None else None,
            detail=health.detail if health is not None else "",
            seen=self._seen.get(source.id),
            waiting=len(pending.waiting) if pending is not None else 0,
            unread=len(pending.unread) if pending is not None else 0,
            met=self._met.get(source.id, ()),
        )

    def _sight(self, source_id: str, checked: datetime | None) -> LastSeen:
        taken = self._snapshots[source_id].taken_at
        at = max(checked, taken) if checked is not None else taken
        limit = duration(self._sources[source_id].stale_after)
        return LastSeen(at, stale=self._now - at > limit, from_snapshot=checked is None)

    def _rates_in_order(self) -> Iterator[Rate]:
        for snapshot in self._snapshots.values():
            yield from snapshot.facts.rates

    @cached_property
    def _by_product(self) -> Mapping[str, tuple[Quoted, ...]]:
        """Each identity once, as the source of the lowest rank states it."""
        stated: dict[tuple[str, ...], list[Quoted]] = defaultdict(list)
        today = self._now.date().isoformat()
        for source_id, snapshot in self._snapshots.items():
            for rate in snapshot.facts.rates:
                if "" < rate.conditions.get("effective_to") < today:
                    continue
                stated[rate.identity].append(
                    Quoted(rate, self._sources[source_id], self._seen[source_id])
                )
        by_product: dict[str, list[Quoted]] = defaultdict(list)
        for first, *rest in stated.values():
            others = tuple(one for one in rest if not one.rate.same_price(first.rate))
            by_product[first.rate.product].append(
                Quoted(first.rate, first.source, first.seen, others)
            )
        return {
            id: tuple(sorted(quoted, key=lambda q: q.rate.identity))
            for id, quoted in by_product.items()
        }

    @cached_property
    def _told_of(self) -> Mapping[str, Sequence[Story]]:
        """The change log by product, oldest first."""
        found: dict[str, list[Story]] = defaultdict(list)
        for story in self._stories:
            for product in story.truth.products:
                found[product].append(story)
        return dict(found)

    @cached_property
    def _moves(self) -> Mapping[tuple[str, ...], Sequence[_Move]]:
        """What the changes that stand made of each rate, by the name it has since; newest first."""
        found: dict[tuple[str, ...], list[_Move]] = defaultdict(list)
        for number, story in reversed([*enumerate(self._stories)]):
            if story.retracted:
                continue
            for alteration in story.truth.alterations:
                was, became = alteration.before, alteration.after
                now_called = became if became is not None else was
                if isinstance(now_called, Rate):
                    assert was is None or isinstance(was, Rate)
                    assert became is None or isinstance(became, Rate)
                    found[now_called.identity].append(_Move(number, story, was, became))
        return dict(found)

    def _moves_of(
        self, identity: tuple[str, ...]
    ) -> Iterator[tuple[Story, Rate | None, Rate | None]]:
        """Newest first; the identity follows the rate back through its renames."""
        before = len(self._stories)
        while move := next((m for m in self._moves.get(identity, ()) if m.number < before), None):
            yield move.story, move.was, move.became
            before = move.number
            if move.was is not None:
                identity = move.was.identity


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _labels(snapshot: Snapshot, source: Source, owners: Owners) -> dict[str, str]:
    """Names for products under ids that are not their own, by those ids."""
    found = {}
    for rate in snapshot.facts.rates:
        id = owners.id(rate.product, source.publisher)
        if id != rate.product:
            label = rate.label or rate.product
            shared = rate.product in owners.by_product
            found[id] = f"{label} ({source.publisher})" if shared else label
    return found
