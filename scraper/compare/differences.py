"""Two readings of one page, fact by fact."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from scraper.compare import classify
from scraper.compare.entries import Entry, entries
from scraper.compare.match import Match, echoes, match
from scraper.compare.words import words
from scraper.model import (
    Alteration,
    Availability,
    Fact,
    Facts,
    Incident,
    Limit,
    Passage,
    Rate,
)

__all__ = ["Pair", "differences", "pairs", "settled"]

F = TypeVar("F", Availability, Limit, Incident, Passage)


@dataclass(frozen=True, slots=True)
class Pair:
    """What belongs together on both sides, and what it means.

    Without alterations: the page says the same, perhaps in other words.
    """

    before: tuple[Fact, ...]
    after: tuple[Fact, ...]
    alterations: tuple[Alteration, ...]
    rule: str = ""
    """Which rule of matching found it."""


def differences(
    before: Facts, after: Facts, *, on: date, since: date | None = None
) -> tuple[Alteration, ...]:
    """What a reader would call changed; neither guarded nor confirmed. Pure.

    `on` is the day of the later reading, `since` that of the earlier where it is known: a price
    dated between the two came into force.
    """
    return tuple(a for pair in pairs(before, after, on=on, since=since) for a in pair.alterations)


def pairs(before: Facts, after: Facts, *, on: date, since: date | None = None) -> tuple[Pair, ...]:
    """Every fact of both readings in exactly one pair."""
    return (
        *_rate_pairs(before, after, on, since),
        *_pair(
            before.availability,
            after.availability,
            lambda b, a: classify.of_availability(b, a, on),
            lambda fact: (words(fact.product), _spoken(fact)),
        ),
        *_pair(
            before.limits,
            after.limits,
            # A page that had no limits and has some was not read this far before.
            classify.of_limit if before.limits else lambda b, a: None,
            lambda fact: (words(fact.product), words(fact.what), words(fact.tier), _spoken(fact)),
        ),
        *_pair(
            before.incidents,
            after.incidents,
            lambda b, a: classify.of_incident(b, a, since or on),
            lambda fact: fact.id,
        ),
        *_pair(before.passages, after.passages, classify.of_passage, lambda fact: words(fact.name)),
    )


def settled(
    pairs: Iterable[Pair], stands: Callable[[Pair], bool], missing: tuple[str, ...] = ()
) -> Facts:
    """The facts when only the pairs that `stands` approves have moved to their later side.

    `missing` are the sections that the later reading did not show.
    """
    facts = (fact for pair in pairs for fact in (pair.after if stands(pair) else pair.before))
    return Facts.of(facts, missing)


# ── Rates ────────────────────────────────────────────────────────────────────────────────────


def _rate_pairs(before: Facts, after: Facts, on: date, since: date | None) -> Iterable[Pair]:
    matches = match(entries(before.rates, since or on), entries(after.rates, on))
    quiet = {id(found) for found in echoes(matches)}
    known = {fact.product for fact in before.availability}
    known |= {fact.product for fact in before.limits}
    for found in matches:
        if since is None:
            found = _undated(found)  # noqa: PLW2901
        unread = not before.rates and bool(before.missing)
        first = unread and found.after is not None and found.after.product not in known
        alterations = () if id(found) in quiet or first else classify.of_entry(found, on)
        yield Pair(_rates(found.before), _rates(found.after), alterations, found.rule)


def _undated(found: Match) -> Match:
    """The day of the earlier reading is unknown: what it said for the later price held then."""
    if found.before is None or found.after is None or found.after.current is None:
        return found
    now = found.after.current
    held = next((rate for rate in found.before.rates if rate.same_price(now)), None)
    return found if held is None else replace(found, before=found.before.as_of(held))


def _rates(entry: Entry | None) -> tuple[Rate, ...]:
    return entry.rates if entry else ()


# ── Other facts: by identity, then by the same words ─────────────────────────────────────────


def _pair(
    before: Sequence[F],
    after: Sequence[F],
    meaning: Callable[[F | None, F | None], Alteration | None],
    likeness: Callable[[F], Hashable],
) -> Iterable[Pair]:
    old, new = _by(lambda fact: fact.identity, before), _by(lambda fact: fact.identity, after)
    found: list[tuple[F | None, F | None, str]] = [
        (old[key], new[key], "same identity") for key in old if key in new
    ]
    gone = _by(likeness, (old[key] for key in old if key not in new))
    came = _by(likeness, (new[key] for key in new if key not in old))
    found += [(gone[key], came[key], "same words") for key in gone if key in came]
    found += [(gone[key], None, "gone") for key in gone if key not in came]
    found += [(None, came[key], "came") for key in came if key not in gone]
    for b, a, rule in found:
        alteration = meaning(b, a)
        yield Pair(
            () if b is None else (b,),
            () if a is None else (a,),
            () if alteration is None else (alteration,),
            rule,
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


def _spoken(fact: Availability | Limit) -> frozenset[str]:
    return words(*(value for _, value in fact.conditions))
