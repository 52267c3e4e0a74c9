"""The later reading under the names that are on record: each rate follows its figures.

What a rate is called is the reader's guess and depends on the page round it; which figure is which
does not. So a rate goes on under the name it was recorded with for as long as one of its figures
is found again. Where a figure's own text differs, both sides are read alike; where neither side
understands it, it is an unread change.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from ratewire.compare import classify
from ratewire.compare.align import Alignment, align
from ratewire.compare.alike import (
    another_name,
    is_another,
    names,
    read_alike,
    same_text,
    speaks_of,
    with_own_words,
)
from ratewire.compare.emptied import emptied, without_price
from ratewire.compare.followed import Followed, Identity
from ratewire.compare.offers import (
    is_another_bundle,
    is_another_offer,
    moved_quantity,
    offered_as,
)
from ratewire.compare.places import Printed
from ratewire.compare.priced import Priced
from ratewire.compare.restated import RestatedFigures, still_stated
from ratewire.compare.unread import came_or_went, moved_unread, unread_change
from ratewire.compare.words import words
from ratewire.model import Facts, Figure, Lines, Quantity, Rate, Role, Shown, UnreadChange, marks_of

__all__ = ["follow"]

Places = Sequence[tuple[Printed, Printed | None]]
"""Figures of one rate, and where each is in the later capture."""
_ENOUGH = 3
"""Figures beside the rates by which a page shows that it is whole."""
_FEW = 2
"""Sentences without their prices; more at once are damage."""


def follow(
    before: Facts,
    figures: Sequence[Figure],
    after: Facts,
    later: Sequence[Figure],
    *,
    lines: tuple[Lines, Lines] = (Lines(), Lines()),
    trusting: bool = False,
) -> Followed:
    """The rates of `after` under the names of `before`. Pure.

    `figures` are those of the capture from which `before` is known, with the recorded identities;
    `later` those of the capture of `after`, with the reader's; `lines` those of the two captures.
    `trusting`: a price of 0 where there was one is a price, and a placeholder says that there is
    none.
    """
    return _Follower(before, after, align(figures, later), lines, trusting).followed()


class _Follower:
    def __init__(
        self,
        before: Facts,
        after: Facts,
        aligned: Alignment,
        lines: tuple[Lines, Lines],
        trusting: bool,
    ) -> None:
        self.after = after
        self.aligned = aligned
        self.lines = lines
        self.trusting = trusting
        self.old = {rate.identity: rate for rate in before.rates}
        self.new = {rate.identity: rate for rate in after.rates}
        self.rates: dict[Identity, Rate] = {}
        """The rates of the later capture under the names they go on under."""
        self.followed_by: dict[Identity, Identity] = {}
        """Recorded name to the name it goes on under."""
        self.read_as: dict[Identity, Identity] = {}
        """The reader's name of a rate to the name it goes on under."""
        self.headings = tuple(
            {heading for f in side for heading in f.figure.place.headings}
            for side in (aligned.before, aligned.after)
        )
        self.embedded: set[Identity] = set()
        """Rates that go on by figures in data for scripts alone."""
        self.going_on: set[Identity] = set()
        """Rates that the page goes on stating, or states in a new row as well."""
        self.names: dict[int, dict[Identity, None]] = defaultdict(dict)
        """Number of a later figure to the rates that it prints."""
        self.renamed: dict[Identity, Identity] = {}
        self.contents: dict[Identity, tuple[Quantity, Quantity]] = {}
        self.rows: set[tuple[int, int]] = set()
        """Later rows of which it is told that their price buys another quantity."""
        self.offers: dict[int, Printed] = {}
        """By number of a later figure the earlier one in whose row other quantities stood, at
        another price."""
        self.assumed: list[Rate] = []
        self.unread: list[UnreadChange] = []
        self.damaged: list[str] = []
        self.marks: list[str] = []

    def followed(self) -> Followed:
        for name, places in self._places().items():
            self._go_on(self.old[name], places)
        self._understood_now()
        self._by_name()
        self._came()
        self._without_amount()
        self.unread += self._not_understood()
        rates = tuple(sorted(self.rates.values(), key=lambda rate: rate.identity))
        return Followed(
            replace(self.after, rates=rates),
            tuple(self._named(each) for each in self.aligned.after),
            self.aligned.later,
            self.renamed,
            self.contents,
            tuple(self.assumed),
            tuple(still_stated(self.aligned, self.old, self.rates, self.followed_by)),
            tuple(sorted(set(self.unread))),
            self._stays(),
            tuple(self.damaged),
            tuple(self.marks),
        )

    # ── Rates on record ──────────────────────────────────────────────────────────────────────

    def _places(self) -> Mapping[Identity, Places]:
        """By recorded rate its figures, those that show it best first, and where each is now."""
        found: dict[Identity, list[tuple[Printed, Printed | None]]] = defaultdict(list)
        for one in self.aligned.before:
            for name in one.figure.rates:
                if name in self.old:
                    number = self.aligned.later.get(one.number)
                    other = None if number is None else self.aligned.after[number]
                    found[name].append((one, other))
        order = list(Shown)
        for places in found.values():
            places.sort(key=lambda p: (order.index(p[0].figure.shown), not p[0].is_cell))
        return found

    def _go_on(self, rate: Rate, places: Places) -> None:
        """A rate whose figures are found again: what they print now, the first that moved."""
        moved: list[tuple[Printed, Printed, Rate]] = []
        stood: list[tuple[Printed, Printed, Rate]] = []
        behind: list[tuple[Printed, Printed, Rate]] = []
        broken: list[tuple[Printed, Printed]] = []
        for one, other in places:
            if other is None or self._is_named_no_longer(rate, one, other):
                continue
            if self._is_list_price(rate, one, other):
                continue
            if not same_text(one, other) and is_another_offer(rate, one, other):
                self.offers[other.number] = one
                continue
            now = read_alike(rate, self._read(rate, one, other), one, other)
            if now is None or (_is_wiped(rate, now, other) and not self.trusting):
                broken.append((one, other))
            elif classify.of_rate(rate, now) is None:
                stood.append((one, other, now))
                self._buys(rate, one, other)
            elif same_text(one, other) and now.amount != rate.amount:
                behind.append((one, other, now))  # it has not followed the others yet
            else:
                moved.append((one, other, now))
        if not moved and not stood and not behind:
            self._without_price(rate, broken)
            return
        one, other, now = (moved or stood or behind)[0]
        now = self._under_its_name(rate, now, one, other)
        self._keep(rate, now)
        if all(where.figure.shown is Shown.EMBEDDED for _, where, _ in (*moved, *stood, *behind)):
            self.embedded.add(now.identity)
        for each, where, price in (*moved, *stood, *behind):
            self._print(where, now, self._read(rate, each, where))
            if classify.of_rate(now, replace(price, product=now.product)) is not None:
                self._disagrees(now, each, where)
        for each, where in broken:
            self._print(where, now, self._read(rate, each, where))

    def _buys(self, rate: Rate, one: Printed, other: Printed) -> None:
        """Another quantity for the same money is told once for its row, whatever currencies it is
        priced in.
        """
        if other.row in self.rows:
            return
        if moved := moved_quantity(rate, one, other):
            self.rows.add(other.row)
            self.contents[rate.identity] = moved
        elif is_another_bundle(rate, one, other):
            self.rows.add(other.row)
            old, new = (" | ".join(each.figure.place.labels) for each in (one, other))
            why = "the same money buys other quantities"
            self.unread.append(UnreadChange(old, new, str(other.figure.place), why))

    def _without_price(self, rate: Rate, broken: Sequence[tuple[Printed, Printed]]) -> None:
        """No figure of it prints a price that could be told: it stays as it is on record."""
        if not broken or self.trusting:
            return
        self._keep(rate, rate)
        for one, other in broken:
            self._print(other, rate, self._read(rate, one, other))
            name = f"{rate.label or rate.product} {rate.meter}"
            self.damaged.append(f"“{other.figure.line}” stands where {name} was {rate.amount}")

    def _read(self, rate: Rate, one: Printed, other: Printed) -> Rate | None:
        """What the reader takes a later figure for; of several products the one that is meant."""
        found = [self.new[name] for name in other.figure.rates if name in self.new]
        if len(found) == len(one.figure.rates) == 1:
            return found[0]
        same = [read for read in found if words(read.product) == words(rate.product)]
        return same[0] if same else None

    def _is_named_no_longer(self, rate: Rate, one: Printed, other: Printed) -> bool:
        """Of a figure for several products: its label does not name this one any more."""
        if len(one.figure.rates) == 1 and len(other.figure.rates) < 2:
            return False
        return names(rate.product, one) and not names(rate.product, other)

    def _is_list_price(self, rate: Rate, one: Printed, other: Printed) -> bool:
        """Its figure is struck out since, and the reader finds another price of that name."""
        was_price = one.figure.role is not Role.LIST_PRICE
        return was_price and other.figure.role is Role.LIST_PRICE and rate.identity in self.new

    def _under_its_name(self, rate: Rate, now: Rate, one: Printed, other: Printed) -> Rate:
        """The recorded name; the page's own where its words for the figure are others now.

        With another price or another number in its name as well it is another thing: the one is
        gone and the other came.
        """
        read = self._read(rate, one, other)
        retitled = now.same_price(rate) and not one.is_cell and self._is_retitled(one, other)
        named = another_name(now, read, one, other, retitled=retitled) if read else None
        if named is None or named.identity in self.old or named.identity in self.rates:
            return now
        if now.same_price(rate) and not is_another(rate, named):
            self.renamed[rate.identity] = named.identity
        return named

    def _is_retitled(self, one: Printed, other: Printed) -> bool:
        """The heading over a figure is nowhere any more, and the one that is there now is new."""
        old, new = one.figure.place.headings, other.figure.place.headings
        if len(old) != len(new) or old[:-1] != new[:-1] or old == new:
            return False
        return not self._is_on(1, old[-1]) and not self._is_on(0, new[-1])

    def _is_on(self, side: int, heading: str) -> bool:
        """Whether a heading stands on a capture, with figures below it or not."""
        (mark,) = marks_of((heading,))
        return heading in self.headings[side] or self.lines[side].count(mark) > 0

    def _keep(self, rate: Rate, now: Rate) -> None:
        self.rates[now.identity] = now
        self.followed_by[rate.identity] = now.identity

    def _print(self, figure: Printed, rate: Rate, read: Rate | None) -> None:
        """A later figure prints this rate, which the reader calls `read`."""
        self.names[figure.number][rate.identity] = None
        if read is not None:
            self.read_as.setdefault(read.identity, rate.identity)

    def _disagrees(self, rate: Rate, one: Printed, other: Printed) -> None:
        """Another place prints another price of the same thing."""
        self.marks.append(
            f"places disagree: {rate.label or rate.product} {rate.meter} is {rate.amount} "
            f"{rate.currency}, but “{other.figure.line}” stands at {other.figure.place}"
        )
        if not same_text(one, other):
            why = "another place prints another price of the same thing"
            self.unread.append(unread_change(one, other, why))

    # ── What the reader names and the record does not know ───────────────────────────────────

    def _understood_now(self) -> None:
        """The same words read as a rate for the first time are no news; with another figure in
        them the earlier one is read alike. A product that the label names besides is news.
        """
        for one, other in self.aligned.pairs:
            for read in self._not_named(other):
                if self._repeats(other, read) or self._is_price_again(read, one, other):
                    continue
                if one.figure.rates and (same_text(one, other) and names(read.product, one)):
                    continue  # the owner has taken it back
                now = self._free(read, other)
                self.rates[now.identity] = now
                self._print(other, now, read)
                another = other.number in self.offers
                if another or (one.figure.rates and not names(read.product, one)):
                    continue
                was = now if same_text(one, other) else read_alike(now, None, other, one)
                if was is not None:
                    self.assumed.append(was)

    def _is_price_again(self, read: Rate, one: Printed, other: Printed) -> bool:
        """A figure that was struck out is the price once more: the one in its stead is gone."""
        rate = self.old.get(read.identity)
        if rate is None or read.identity in self.followed_by or read.identity in self.rates:
            return False
        if one.figure.role is not Role.LIST_PRICE or other.figure.role is not Role.RATE:
            return False
        self._keep(rate, read)
        self._print(other, read, read)
        return True

    def _not_named(self, figure: Printed) -> list[Rate]:
        """What the reader takes a later figure for and no recorded rate goes on as."""
        read = [self.new[name] for name in figure.figure.rates if name in self.new]
        return [
            rate
            for rate in read
            if self.read_as.get(rate.identity) is None
            or self.read_as[rate.identity] not in self.names[figure.number]
        ]

    def _by_name(self) -> None:
        """Rates none of whose figures is found again, under a name that the reader gives still."""
        gone, came = (_by_rate(side) for side in (self.aligned.gone, self.aligned.came))
        for name, rate in self.old.items():
            if name in self.followed_by or name in self.rates or name in self.read_as:
                continue
            one, other = gone.get(name), came.get(name)
            if one and other and not same_text(one, other) and is_another_offer(rate, one, other):
                self.offers[other.number] = one
            elif name in self.new:
                self._keep(rate, self.new[name])
                self.read_as[name] = name

    def _came(self) -> None:
        """Figures that are new: another place of a rate, or a rate that was added."""
        twins = RestatedFigures(other for _, other in self.aligned.pairs)
        priced = Priced(self.rates.values())
        self.going_on = set(self.followed_by.values())
        for figure in sorted(self.aligned.came, key=lambda f: not f.is_cell):
            twin = twins.of(figure)
            for read in self._not_named(figure):
                if self._outranks(read, figure):
                    self.rates[read.identity] = read
                    priced.add(read)
                    self.embedded.discard(read.identity)
                    self._print(figure, read, read)
                    continue
                if twin is not None or self._repeats(figure, read):
                    continue
                now = self._said_elsewhere(read, figure, priced) or self._free(read, figure)
                priced.add(self.rates.setdefault(now.identity, now))
                self._print(figure, now, read)
                if figure.is_cell:
                    self.going_on.add(now.identity)
            for name in self.names[twin.number] if twin is not None else ():
                self.names[figure.number][name] = None
        printed = {name for figure in self.aligned.after for name in figure.figure.rates}
        for name, read in self.new.items():  # of which no figure is known
            if name not in self.read_as and name not in printed:
                self.rates.setdefault(name, read)

    def _repeats(self, figure: Printed, read: Rate) -> bool:
        """Another place of a rate that goes on under another name, or under this one."""
        name = self.read_as.get(read.identity)
        if name is None or name not in self.rates:
            return False
        self.names[figure.number][name] = None
        return True

    def _said_elsewhere(self, read: Rate, figure: Printed, priced: Priced) -> Rate | None:
        """A rate that the page goes on stating elsewhere, or states in a new row as well, and that
        a new sentence repeats.
        """
        if figure.is_cell:
            return None
        known = (rate for rate in priced.like(read) if rate.identity in self.going_on)
        return next((rate for rate in known if speaks_of(figure, read, rate)), None)

    def _outranks(self, read: Rate, figure: Printed) -> bool:
        """A price on screen counts more than one that only stands in data for scripts."""
        return read.identity in self.embedded and figure.figure.shown is Shown.VISIBLE

    def _free(self, read: Rate, figure: Printed) -> Rate:
        """The rate under a name that no other rate of the page goes on under."""
        if (earlier := self.offers.get(figure.number)) is not None:
            read = offered_as(read, earlier, figure)
        if read.identity not in self.rates:
            return read
        return with_own_words(read, figure, self.rates.keys())

    def _without_amount(self) -> None:
        """Sentences that stand without their price: how much it is now, if anything, is not said.
        The rate stays as it is on record, and the owner hears of it; of many at once a guard.
        """
        gone = _by_rate(self.aligned.gone)
        lost = (name for name in self.old if name not in self.followed_by.keys() | self.rates)
        found = [(name, said) for name in lost
                 if (said := without_price(self.old[name], self.lines))]  # fmt: skip
        if self.trusting or len(found) > _FEW:
            return
        for name, said in found:
            self._keep(self.old[name], self.old[name])
            if (one := gone.get(name)) is not None:
                why = "the sentence stands without its price"
                place = str(one.figure.place)
                self.unread.append(UnreadChange(one.figure.line, said, place, why))

    # ── The whole ────────────────────────────────────────────────────────────────────────────

    def _stays(self) -> bool:
        others = [one.number for one in self.aligned.before if not one.figure.rates]
        found = sum(number in self.aligned.later for number in others)
        return len(others) >= _ENOUGH and found * 2 > len(others)

    def _not_understood(self) -> Iterator[UnreadChange]:
        printed = {number for number, rates in self.names.items() if rates}
        recorded = {
            other.number
            for one, other in self.aligned.pairs
            if any(name in self.old for name in one.figure.rates)
        }
        yield from moved_unread(self.aligned, printed | recorded)
        for one in emptied(self.aligned, self.followed_by, self.lines[1]):
            yield unread_change(one, None, "its price stands elsewhere on the page still")
        yield from came_or_went(self.aligned, printed)

    def _named(self, figure: Printed) -> Figure:
        mine, found = figure.figure, tuple(self.names[figure.number])
        if found == mine.rates:
            return mine
        if not found:
            return replace(mine, rates=())
        return replace(mine, role=Role.RATE, reason="", rates=found)


def _by_rate(figures: Iterable[Printed]) -> Mapping[Identity, Printed]:
    """The first figure that prints each rate."""
    return {name: f for f in reversed(list(figures)) for name in f.figure.rates}


def _is_wiped(rate: Rate, now: Rate, other: Printed) -> bool:
    """A price of 0 in digits where there was one: damage, until the page says `free`."""
    return now.amount == 0 < rate.amount and any(map(str.isdigit, other.figure.text))
