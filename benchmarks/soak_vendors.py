"""Fifty vendors who never were: what their pages say at any time, and what of it is news.

Everything follows from a seed. A vendor's page is a `State`; its story is a list of `Event`s, each
with the alterations that a reader is to hear of, which are none for a redesign, an outage or a
mistake that is mended within the hour. What a page is, and how two of them differ, is in
soak_pages.py.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from soak_pages import SHAPES, WORDINGS, Product, State, Told, alterations

__all__ = ["DAY", "HOUR", "LONG_AGO", "Event", "Fault", "Vendor", "vendors"]

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
STAGES = ("preview", "available", "deprecated", "retired")
SCHEDULES = ("1h", "2h", "3h", "6h", "12h", "1d", "0 */4 * * *", "30 5 * * *")
WEIGHTS = (1, 1, 3, 10, 15, 16, 2, 2)
HOUSES = (
    "Alder", "Basalt", "Cinder", "Dunlin", "Ember", "Fathom", "Garnet", "Harrow", "Isobar",
    "Juniper", "Kestrel", "Lumen", "Marlow", "Nimbus", "Onyx", "Pelican", "Quarry", "Rowan",
    "Sable", "Tundra", "Umber", "Vesper", "Willow", "Yarrow", "Zephyr", "Acorn", "Bramble",
    "Cobalt", "Drift", "Elm", "Flint", "Gable", "Heron", "Inlet", "Jasper", "Knoll", "Larch",
    "Mistral", "Nettle", "Osprey", "Pumice", "Quill", "Russet", "Sorrel", "Thistle", "Upland",
    "Vireo", "Wren", "Yonder", "Zinnia",
)  # fmt: skip
LINES = (
    "Falcon", "Meadow", "Piston", "Saffron", "Tango", "Cello", "Orbit", "Velvet", "Gravel",
    "Monsoon", "Sextant", "Trellis", "Walnut", "Zither", "Banjo", "Cipher", "Dahlia", "Fjord",
    "Glacier", "Harvest", "Indigo", "Jigsaw", "Kayak", "Lattice", "Mosaic", "Nougat", "Oboe",
    "Parsnip", "Quartet", "Ribbon", "Sparrow", "Turbine", "Utopia", "Viaduct", "Whistle",
)  # fmt: skip
# ── What happens ─────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Fault:
    """For a while something else than the page is served."""

    kind: str
    until: datetime
    shown: State | None = None
    """For `typo` and `flip`: the other page."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happens to a page."""

    at: datetime
    name: str
    state: State
    """What the page says from then on."""
    told: Counter[Told] = field(default_factory=Counter)
    """What of it is news."""
    fault: Fault | None = None
    held: bool = False
    """The guard is to hold it until the owner has looked."""


@dataclass(frozen=True, slots=True)
class Vendor:
    id: str
    house: str
    every: str
    validators: str
    """`etag`, `date` or none at all: then the page has other bytes at every request."""
    start: State
    events: tuple[Event, ...]


def vendors(
    count: int, seed: int, start: datetime, end: datetime, *, pace: timedelta = 8 * DAY
) -> tuple[Vendor, ...]:
    """`count` vendors, and all that happens to them between two times.

    `pace`: between two events of one vendor, at the most, beside the time for which they last and
    four checks. Where it is less than a day all pages are looked at every hour or two.
    """
    return tuple(_vendor(number, seed, start, end, pace) for number in range(count))


def _vendor(number: int, seed: int, start: datetime, end: datetime, pace: timedelta) -> Vendor:
    luck = random.Random(f"{seed} {number}")
    house = HOUSES[number % len(HOUSES)] + ("" if number < len(HOUSES) else f"{number}")
    kind = luck.choices(("tokens", "seats", "stages"), (8, 1, 1))[0]
    if number < 3:
        kind = ("tokens", "seats", "stages")[number]
    story = _Story(luck, house, kind)
    every = luck.choices(SCHEDULES, WEIGHTS)[0] if pace >= DAY else luck.choice(SCHEDULES[:2])
    validators = luck.choices(("etag", "date", "none"), (6, 2, 2))[0]
    first = story.state
    return Vendor(
        house.lower(), house, every, validators, first,
        tuple(story.events(start, end, _period(every), pace)),
    )  # fmt: skip


def _period(every: str) -> timedelta:
    if every.endswith("h"):
        return HOUR * int(every[:-1])
    return {"0 */4 * * *": 4 * HOUR}.get(every, DAY)


class _Story:
    """One vendor's life, as luck has it."""

    def __init__(self, luck: random.Random, house: str, kind: str) -> None:
        self.luck, self.kind = luck, kind
        self.lines = luck.sample(LINES, len(LINES))
        self.numbers = 1
        shape = luck.choice(SHAPES) if kind == "tokens" else "table"
        self.state = State(house, kind, (), shape)
        while len(self.state.products) < luck.randint(4, 9):
            self.state = self.grown()

    def events(
        self, start: datetime, end: datetime, period: timedelta, pace: timedelta
    ) -> Iterator[Event]:
        """Each comes when the one before is over and told; so does the end."""
        at = start + min(pace, 2 * DAY)
        while (at := at + 4 * period + self.luck.random() * pace) < end:
            at = at.replace(minute=self.luck.randint(0, 59), second=0, microsecond=0)
            event = self.event(at, period)
            if event is None:
                continue
            over = max(at, event.fault.until) if event.fault else at
            over += 3 * DAY if event.held else timedelta(0)
            if over + 8 * period > end:
                continue
            self.state = event.state
            yield event
            at = over

    def event(self, at: datetime, period: timedelta) -> Event | None:
        names = [name for name, _ in CAST]
        name = self.luck.choices(names, [weight for _, weight in CAST])[0]
        act = getattr(self, f"_{name}")
        made = act(at, period)
        if made is None:
            return None
        assert isinstance(made, Event)
        return replace(made, name=name)

    # Prices and products.

    def value(self) -> tuple[str, ...]:
        """Figures that no other product of the page has."""
        if self.kind == "stages":
            return (self.luck.choice(("preview", "available")),)
        taken = {v for product in self.state.products for v in product.values}
        size = 1 if self.kind == "seats" else 3
        while True:
            base = self.luck.uniform(0.8, 24)
            values = tuple(f"{base * f:.2f}" for f in (1, 0.17, 4.1)[:size])
            if not taken & set(values):
                return values

    def grown(self) -> State:
        """With one more product, of a name that no other has."""
        taken = {product.name.split()[0] for product in self.state.products}
        while (name := self.lines[self.numbers % len(self.lines)]) in taken:
            self.numbers += 1
        mark = 2 + self.numbers % 7 if self.luck.random() < 0.5 else 0
        again = "" if self.numbers < len(self.lines) else f" R{self.numbers}"
        self.numbers += 1
        new = Product(f"{name} {mark}{again}" if mark else f"{name}{again}", self.value())
        return replace(self.state, products=(*self.state.products, new))

    def scaled(self, product: Product, factor: float) -> Product:
        return replace(product, values=tuple(f"{Decimal(v) * Decimal(f'{factor:.4f}'):.2f}"
                                             for v in product.values))  # fmt: skip

    def plain(self, at: datetime, state: State, **more: object) -> Event | None:
        """An event without a fault; None where two figures of the page became the same."""
        values = [v for product in state.products for v in product.values]
        if self.kind != "stages" and len(set(values)) < len(values):
            return None
        told = alterations(self.state, state)
        return replace(Event(at, "", state, told), **more)  # type: ignore[arg-type]

    def with_product(self, place: int, product: Product) -> State:
        products = [*self.state.products]
        products[place] = product
        return replace(self.state, products=tuple(products))

    def _price(self, at: datetime, _: timedelta) -> Event | None:
        place = self.luck.randrange(len(self.state.products))
        product = self.state.products[place]
        if self.kind == "stages":
            stage = STAGES.index(product.values[0]) + 1
            if stage >= len(STAGES):
                return None
            return self.plain(at, self.with_product(place, Product(product.name, (STAGES[stage],))))
        factor = self.luck.choice((0.65, 0.75, 0.8, 0.9, 1.1, 1.2, 1.35))
        changed = self.scaled(product, factor)
        if self.kind == "tokens" and self.luck.random() < 0.4:
            kept = self.luck.randrange(3)
            values = [*product.values]
            values[kept] = changed.values[kept]
            changed = Product(product.name, tuple(values))
        return self.plain(at, self.with_product(place, changed))

    def _list_cut(self, at: datetime, _: timedelta) -> Event | None:
        if self.kind == "stages":
            return None
        factor = self.luck.choice((0.7, 0.8, 0.88, 1.08, 1.15))
        if self.kind == "tokens":
            products = tuple(self.scaled(p, factor) for p in self.state.products)
            return self.plain(at, replace(self.state, products=products))
        return None

    def _came(self, at: datetime, _: timedelta) -> Event | None:
        if len(self.state.products) > 14:
            return None
        return self.plain(at, self.grown())

    def _went(self, at: datetime, _: timedelta) -> Event | None:
        if len(self.state.products) < 5 or self.kind == "stages":
            return None
        products = [*self.state.products]
        products.pop(self.luck.randrange(len(products)))
        return self.plain(at, replace(self.state, products=tuple(products)))

    def _renamed(self, at: datetime, _: timedelta) -> Event | None:
        if self.kind != "tokens":
            return None
        place = self.luck.randrange(len(self.state.products))
        old = self.state.products[place]
        number = " ".join(word for word in old.name.split()[1:])
        taken = {product.name.split()[0] for product in self.state.products}
        free = [line for line in LINES if line not in taken]
        new = replace(old, name=f"{self.luck.choice(free)} {number}".strip())
        state = self.with_product(place, new)
        told = alterations(self.state, state, (old.slug, new.slug))
        return Event(at, "", state, told)

    def _most_gone(self, at: datetime, _: timedelta) -> Event | None:
        """A new generation takes the old one's place: held, for so looks a broken page as well."""
        if self.kind != "tokens" or len(self.state.products) < 6:
            return None
        return self.plain(
            at, replace(self.state, products=self.state.products[-2:]), held=True
        )  # fmt: skip

    # What is no news.

    def _redesign(self, at: datetime, _: timedelta) -> Event | None:
        if self.kind != "tokens":
            return None
        shapes = [shape for shape in SHAPES if shape != self.state.shape]
        return self.plain(at, replace(self.state, shape=self.luck.choice(shapes)))

    def _unit(self, at: datetime, _: timedelta) -> Event | None:
        if self.kind != "tokens":
            return None
        return self.plain(at, replace(self.state, per_thousand=not self.state.per_thousand))

    def _columns(self, at: datetime, _: timedelta) -> Event | None:
        if self.kind != "tokens":
            return None
        wording = self.luck.choice([n for n in range(len(WORDINGS)) if n != self.state.wording])
        return self.plain(at, replace(self.state, wording=wording))

    def _order(self, at: datetime, _: timedelta) -> Event | None:
        products = tuple(self.luck.sample(self.state.products, len(self.state.products)))
        return self.plain(at, replace(self.state, products=products))

    def _chrome(self, at: datetime, _: timedelta) -> Event | None:
        return self.plain(at, replace(self.state, chrome=self.state.chrome + 1))

    def _moved(self, at: datetime, _: timedelta) -> Event | None:
        """The page lives elsewhere, and the old address leads there."""
        depth = self.luck.choice(("", "/product", "/docs", "/en"))
        return self.plain(at, replace(self.state, path=f"{depth}/pricing"))

    # What goes wrong.

    def fault(self, at: datetime, kind: str, lasts: timedelta) -> Event:
        return Event(at, "", self.state, fault=Fault(kind, at + lasts))

    def _wall(self, at: datetime, _: timedelta) -> Event:
        kind = self.luck.choice(("wall", "wall", "shell", "soft404"))
        return self.fault(at, kind, HOUR * self.luck.choice((1, 5, 30, 200)))

    def _outage(self, at: datetime, _: timedelta) -> Event:
        kind = self.luck.choice(("error", "dropped", "half", "foreign"))
        return self.fault(at, kind, HOUR * self.luck.choice((1, 2, 8, 30)))

    def _missing(self, at: datetime, _: timedelta) -> Event:
        """Not found, for weeks; in the end it is there again."""
        return self.fault(at, "missing", DAY * self.luck.choice((1, 6, 25)))

    def _dark_change(self, at: datetime, _: timedelta) -> Event | None:
        """A price changes while nobody can see the page."""
        made = self._price(at, timedelta())
        if made is None:
            return None
        kind = self.luck.choice(("wall", "error", "missing", "dropped"))
        return replace(made, fault=Fault(kind, at + HOUR * self.luck.choice((3, 26, 150, 504))))

    def _other(self) -> State | None:
        """The page with another price: what somebody mistyped, or what is being tried out."""
        if self.kind == "stages":
            return None
        place = self.luck.randrange(len(self.state.products))
        product = self.state.products[place]
        wrong = f"{Decimal(product.values[0]) * Decimal('1.37') + Decimal('0.03'):.2f}"
        if any(wrong in each.values for each in self.state.products):
            return None
        return self.with_product(place, replace(product, values=(wrong, *product.values[1:])))

    def _typo(self, at: datetime, _: timedelta) -> Event | None:
        other = self._other()
        start = at.replace(minute=0)
        return other and Event(start, "", self.state, fault=Fault("typo", start + HOUR, other))

    def _flip(self, at: datetime, period: timedelta) -> Event | None:
        """Two pages, served in turn."""
        other = self._other()
        lasts = period * self.luck.randint(3, 8)
        return other and Event(at, "", self.state, fault=Fault("flip", at + lasts, other))

    def _try_out(self, at: datetime, period: timedelta) -> Event | None:
        """Two designs of one page, served in turn."""
        if self.kind != "tokens":
            return None
        shapes = [shape for shape in SHAPES if shape != self.state.shape]
        other = replace(self.state, shape=self.luck.choice(shapes))
        lasts = period * self.luck.randint(3, 8)
        return Event(at, "", self.state, fault=Fault("flip", at + lasts, other))


CAST: tuple[tuple[str, int], ...] = (
    ("price", 22), ("list_cut", 3), ("came", 7), ("went", 5), ("renamed", 3), ("most_gone", 1),
    ("dark_change", 5), ("redesign", 4), ("unit", 3), ("columns", 3), ("order", 4), ("chrome", 8),
    ("moved", 3), ("wall", 7), ("outage", 8), ("missing", 3), ("typo", 5), ("flip", 4),
    ("try_out", 3),
)  # fmt: skip
"""What happens, and how often of a hundred times."""

LONG_AGO = datetime(2027, 7, 1, tzinfo=UTC)
"""The day on which a simulation of two years begins: the leap day lies within."""
