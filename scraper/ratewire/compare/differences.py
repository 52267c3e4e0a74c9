"""Two readings of one page: what belongs together on both sides, and what became of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from ratewire.compare import classify
from ratewire.compare.entries import DATED, PriceEntry, entries, starts
from ratewire.compare.follow import follow
from ratewire.compare.followed import Followed
from ratewire.compare.stated import stated
from ratewire.compare.words import words
from ratewire.model import (
    Alteration,
    Availability,
    ChangeKind,
    Conditions,
    Evidence,
    Fact,
    Facts,
    Figure,
    Incident,
    Limit,
    Lines,
    Multiplier,
    Passage,
    Rate,
    UnreadChange,
)

__all__ = ["Differences", "Pair", "differences", "settled", "tells_unread", "with_unread"]

F = TypeVar("F", Availability, Limit, Incident, Passage, Multiplier)
_UNREAD = ("not understood",)
_NOT_REPEATED = "the page announces this price no more, and does not say that it is taken back"
Name = tuple[str, str, Conditions]
"""Product, meter and conditions without days."""


@dataclass(frozen=True, slots=True)
class Pair:
    """What belongs together on both sides, and what it means.

    Without alterations: the page says the same, perhaps in other words.
    """

    before: tuple[Fact, ...]
    after: tuple[Fact, ...]
    alterations: tuple[Alteration, ...]


@dataclass(frozen=True, slots=True)
class Differences:
    """All that two readings of one page differ in; neither guarded nor confirmed."""

    pairs: tuple[Pair, ...]
    """Every fact of both readings in exactly one pair."""
    followed: Followed
    """The later reading under the recorded names."""

    @property
    def alterations(self) -> tuple[Alteration, ...]:
        return tuple(a for pair in self.pairs for a in pair.alterations)


def differences(
    before: Facts,
    after: Facts,
    *,
    on: date,
    since: date | None = None,
    figures: Sequence[Figure] = (),
    later: Sequence[Figure] = (),
    lines: tuple[Lines, Lines] = (Lines(), Lines()),
    trusting: bool = False,
) -> Differences:
    """What a reader would call changed. Pure.

    `on` is the day of the later reading, `since` that of the earlier where it is known: a price
    dated between the two came into force. `figures` and `later` are those of the two captures, and
    so are `lines`. For `trusting` see `follow`.
    """
    after, assumed = stated(before, after, *lines, on)
    followed = follow(before, figures, after, later, lines=lines, trusting=trusting)
    followed = replace(followed, unread=(*followed.unread, *_dropped(before, followed, since, on)))
    after = followed.facts
    pairs = (
        *_rate_pairs(before, followed, on, since),
        *_pair(
            (*before.availability, *assumed.availability),
            after.availability,
            lambda b, a: classify.of_availability(b, a, on),
            lambda fact: (words(fact.product), _spoken(fact)),
        ),
        *_pair(
            (*before.limits, *assumed.limits),
            after.limits,
            # A page that had no limits and has some was not read this far before.
            classify.of_limit if before.limits else lambda b, a: None,
            lambda fact: (words(fact.product), words(fact.what), words(fact.tier), _spoken(fact)),
            # Of whom a heading speaks is another's guess under another heading.
            lambda fact: (words(fact.what), words(fact.tier), _spoken(fact), fact.amount),
        ),
        *_pair(
            before.incidents,
            after.incidents,
            lambda b, a: classify.of_incident(b, a, since or on),
            lambda fact: fact.id,
        ),
        *_pair(before.passages, after.passages, classify.of_passage, lambda fact: words(fact.name)),
        *_pair(
            (*before.multipliers, *assumed.multipliers),
            after.multipliers,
            # A page that had none and has some was not read this far before.
            classify.of_multiplier if before.multipliers else lambda b, a: None,
            lambda fact: (words(fact.product), _spoken(fact)),
        ),
    )
    return Differences(pairs, followed)


def with_unread(found: Differences) -> Differences:
    """The same with changes of figures that are not understood as passages among the others."""
    told = (Pair((), (), (_passage(change),)) for change in found.followed.unread)
    return replace(found, pairs=(*found.pairs, *told))


def tells_unread(alteration: Alteration) -> bool:
    """Whether it is one of those that `with_unread` adds."""
    return alteration.fact.evidence.rules == _UNREAD


def _passage(change: UnreadChange) -> Alteration:
    before, after = (
        Passage(change.where, text, Evidence(text, change.where, _UNREAD)) if text else None
        for text in (change.old, change.new)
    )
    return Alteration(ChangeKind.PASSAGE, before, after)


def settled(
    pairs: Iterable[Pair], stands: Callable[[Pair], bool], missing: tuple[str, ...] = ()
) -> Facts:
    """The facts when only the pairs that `stands` approves have moved to their later side.

    `missing` are the sections that the later reading did not show.
    """
    facts = (fact for pair in pairs for fact in (pair.after if stands(pair) else pair.before))
    return Facts.of(facts, missing)


# ── Rates: each entry under one name on both sides ───────────────────────────────────────────


def _rate_pairs(before: Facts, followed: Followed, on: date, since: date | None) -> Iterable[Pair]:
    after = followed.facts
    olds = _by_name(entries((*before.rates, *followed.before), since or on))
    news = _by_name(entries((*after.rates, *followed.still), on))
    recorded, read = set(before.rates), set(after.rates)
    by_identity = {rate.identity: rate for rate in (*before.rates, *after.rates)}
    names = {
        _name(by_identity[old]): _name(by_identity[new]) for old, new in followed.renamed.items()
    }
    known = {fact.product for fact in before.availability}
    known |= {fact.product for fact in before.limits}
    # A list that is shown for the first time is a baseline; one price, or one elsewhere, is news.
    shown = not set(before.missing) <= set(after.missing)
    unread = not before.rates and shown and len(news) > 1
    for name, entry in olds.items():
        other = news.pop(names.get(name, name), None)
        earlier = _as_it_held(entry, other) if since is None else entry
        if other is None and _is_announcement(entry):
            yield Pair(_of(entry, recorded), (), ())
            continue
        found = classify.of_entry(earlier, other, on, renamed=name in names)
        if not found and other is not None:
            found = _of_contents(earlier, other, followed)
        yield Pair(_of(entry, recorded), _of(other, read), found)
    for name, entry in news.items():
        first = unread and name[0] not in known
        found = () if first else classify.of_entry(None, entry, on)
        yield Pair((), _of(entry, read), found)


def _is_announcement(entry: PriceEntry) -> bool:
    """A price of which the page only ever said, in a sentence, that it will hold from a day."""
    return entry.current is None and all(
        rate.evidence.rules[:1] and rate.evidence.rules[0].startswith("prose")
        for rate in entry.rates
    )


def _dropped(
    before: Facts, followed: Followed, since: date | None, on: date
) -> Iterator[UnreadChange]:
    """Announcements that leave their page before their day: taken back, or only not repeated."""
    names = {_name(rate) for rate in followed.facts.rates}
    for entry in entries(before.rates, since or on):
        if entry.identity in names or not _is_announcement(entry):
            continue
        for rate in entry.scheduled:
            if (starts(rate) or on) > on:
                said = rate.evidence
                yield UnreadChange(said.excerpt, "", said.where, _NOT_REPEATED)


def _of_contents(
    before: PriceEntry, after: PriceEntry, followed: Followed
) -> tuple[Alteration, ...]:
    """The same money for another quantity."""
    moved = followed.contents.get(before.lead.identity)
    if moved is None:
        return ()
    old, new = (
        replace(rate, terms=replace(rate.terms, included=quantity))
        for rate, quantity in zip((before.lead, after.lead), moved, strict=True)
    )
    return (Alteration(ChangeKind.UNIT, old, new),)


def _by_name(found: Iterable[PriceEntry]) -> dict[Name, PriceEntry]:
    return {entry.identity: entry for entry in found}


def _name(rate: Rate) -> Name:
    return rate.product, rate.meter, rate.conditions.without(*DATED)


def _of(entry: PriceEntry | None, real: set[Rate]) -> tuple[Rate, ...]:
    return tuple(rate for rate in entry.rates if rate in real) if entry else ()


def _as_it_held(before: PriceEntry, after: PriceEntry | None) -> PriceEntry:
    """The day of the earlier reading is unknown: what it said for the later price held then."""
    if after is None or after.current is None:
        return before
    now = after.current
    held = next((rate for rate in before.rates if rate.same_price(now)), None)
    return before if held is None else before.as_of(held)


# ── Other facts: by identity, then by the same words ─────────────────────────────────────────


def _pair(
    before: Sequence[F],
    after: Sequence[F],
    meaning: Callable[[F | None, F | None], Alteration | None],
    *likeness: Callable[[F], Hashable],
) -> Iterable[Pair]:
    found: list[tuple[F | None, F | None]] = []
    gone, came = list(before), list(after)
    for key in (lambda fact: fact.identity, *likeness):
        old, new = _by(key, gone), _by(key, came)
        found += [(old[name], new[name]) for name in old if name in new]
        gone = [old[name] for name in old if name not in new]
        came = [new[name] for name in new if name not in old]
    found += [(fact, None) for fact in gone]
    found += [(None, fact) for fact in came]
    for b, a in found:
        alteration = meaning(b, a)
        yield Pair(
            () if b is None else (b,),
            () if a is None else (a,),
            () if alteration is None else (alteration,),
        )


def _by(key: Callable[[F], Hashable], facts: Iterable[F]) -> Mapping[Hashable, F]:
    """By key; of facts that share one, all are kept, the later under a number."""
    found: dict[Hashable, F] = {}
    count: dict[Hashable, int] = defaultdict(int)
    for fact in facts:
        name = key(fact)
        found[(name, count[name]) if count[name] else name] = fact
        count[name] += 1
    return found


def _spoken(fact: Availability | Limit | Multiplier) -> frozenset[str]:
    return words(*(value for _, value in fact.conditions))
