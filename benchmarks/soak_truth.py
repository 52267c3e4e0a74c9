"""What was to be told, how long it took, and what became of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

from soak_pages import Told
from soak_site import Clone
from soak_vendors import Event
from soak_world import World

from ratewire.decide import accept_waiting, waiting
from ratewire.model import Alteration, Availability, Rate

__all__ = ["Ledger", "heard"]


def heard(alteration: Alteration) -> Told:
    """An alteration in the words of the vendors."""
    before, after = alteration.before, alteration.after
    mine, theirs = (getattr(fact, "product", "") for fact in (before, after))
    what = "stage" if isinstance(alteration.fact, Availability) else _meter(alteration.fact)
    return str(alteration.kind), mine, theirs, what, _value(before), _value(after)


def _meter(fact: object) -> str:
    name = getattr(fact, "meter", type(fact).__name__)
    return "cached" if "cached" in name else name


def _value(fact: object) -> str:
    if isinstance(fact, Rate):
        count, things = fact.unit.normal
        per = Decimal(10**6) if "token" in things else Decimal(1)
        return f"{fact.amount / count * per:.2f}" + ("" if fact.currency == "USD" else "?")
    return str(fact.stage) if isinstance(fact, Availability) else ""


@dataclass
class Open:
    """A true change that is not in the log yet."""

    source: str
    event: Event
    sights: int = 0
    disturbed: bool = False
    accepted: bool = False


@dataclass
class Ledger:
    """What was to be told, how long it took, and what became of it."""

    expected: Counter[tuple[str, Told]] = field(default_factory=Counter)
    open: list[Open] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    def happened(self, source: str, event: Event) -> None:
        self.counts["events"] += 1
        for told, count in event.told.items():
            self.expected[source, told] += count
        if event.told:
            self.counts["true_events"] += 1
            self.open.append(Open(source, event))

    def seen(self, clone: Clone, world: World, *, disturbed: bool) -> None:
        """After an hour: which of the open changes are told by now."""
        store = clone.job.store
        for one in [*self.open]:
            one.sights += world.places[one.source].true > 0
            one.disturbed |= disturbed
            if not one.sights:
                continue
            told: Counter[Told] = Counter()
            for change in store.changes(one.source):
                if change.recorded_at >= one.event.at:
                    told.update(map(heard, change.alterations))
            if one.event.told <= told:
                self.open.remove(one)
                if one.sights > 2 and not one.accepted:
                    self.counts["late_disturbed" if one.disturbed else "late"] += 1
                    self.notes.append(
                        f"{one.source} {one.event.at:%F %R} {one.event.name}: "
                        f"{one.sights} checks{' (disturbed)' if one.disturbed else ''}"
                    )

    def look(self, clone: Clone, world: World) -> None:
        """As an owner does once a day: accept what is held where the page seen is right."""
        for id, (pending, _) in waiting(clone.job).items():
            place = world.places[id]
            if pending.held is None or place.fault(pending.seen_at):
                continue
            planned = [one for one in self.open if one.source == id and one.event.held]
            for one in self.open:
                one.accepted |= one.source == id
            accept_waiting(clone.job, id)
            self.counts["accepted" if planned else "accepted_unplanned"] += 1
            if not planned:
                self.notes.append(f"{id} {world.time:%F %R} held: {pending.held.reason}")
