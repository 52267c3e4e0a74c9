"""Two figures that are one: what is the same about them, and what the later one prints.

Both sides are read alike: what the reader makes of the later figure counts as far as the figure's
own words differ, never for what the words round it do to them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from decimal import Decimal

from ratewire.compare.entries import DATED, same_figure
from ratewire.compare.places import Printed
from ratewire.compare.words import NOISE, contradict, figures, likeness, words
from ratewire.model import Conditions, Rate

__all__ = [
    "another_name",
    "fits",
    "is_another",
    "is_labelled",
    "names",
    "read_alike",
    "same_text",
    "speaks_of",
    "with_own_words",
]


_SCALES = frozenset(Decimal(10) ** power for power in range(-6, 7))


def same_text(one: Printed, other: Printed) -> bool:
    """The figure itself is printed alike, but for how its number is written."""
    return one.value == other.value and one.sign == other.sign


def _same_words(one: Printed, other: Printed) -> bool:
    """The words of its own line and of its column's heads, where a unit and conditions stand."""
    return one.words == other.words and one.heads == other.heads


def read_alike(rate: Rate, read: Rate | None, one: Printed, other: Printed) -> Rate | None:
    """The rate on record with what the later figure prints; None: it prints no price.

    `read`: what the reader takes the later figure for, if for anything.
    """
    same = same_text(one, other)
    if read is None or (same and not fits(read, other)):
        return rate if same else _scaled(rate, one, other)
    if same and read.amount != rate.amount and fits(rate, one):
        return rate  # the reader sees another number in the same digits
    unit = read.unit if _unit_moved(rate, read, one, other) else rate.unit
    currency = read.currency if same or one.sign != other.sign else rate.currency
    amount = read.amount
    if unit != read.unit:  # as it is on record: the words of its unit are the same
        amount = _in_terms_of(rate, one, other, read)
    own = same and _same_words(one, other)
    return replace(
        rate,
        amount=amount,
        percent=rate.percent if own else read.percent,
        terms=rate.terms if own else read.terms,
        upper=read.upper,
        qualifier=read.qualifier,
        currency=currency,
        unit=unit,
        conditions=_dated_as(rate, read),
        evidence=read.evidence,
    )


def fits(rate: Rate, figure: Printed) -> bool:
    """Whether the figure prints the amount of the rate; true where its digits are no number."""
    values = figure.figure.values
    return not values or rate.amount in values


def _unit_moved(rate: Rate, read: Rate, one: Printed, other: Printed) -> bool:
    """The unit is another because the words beside the figure are, or it is said more fully; or
    the figure was put in another unit that is stated once for many (`per 1M` became `per 1K`).
    """
    if rate.unit == read.unit:
        return False
    if one.is_cell != other.is_cell:  # a list names in its line what a table has in its labels
        return one.per != other.per
    if not _same_words(one, other):
        return not _said_anyway(rate, read, one, other)
    if not same_text(one, other) and rate.amount and read.amount:
        factor = rate.unit.factor_to(read.unit)
        if factor is not None:  # which of the two ways is the smaller step
            step = read.amount / rate.amount
            return _size(step * factor[1] / factor[0]) < _size(step)
    return same_figure(replace(rate, amount=read.amount, currency=read.currency), read)


def _said_anyway(rate: Rate, read: Rate, one: Printed, other: Printed) -> bool:
    """One of the two units is what the label or the heading counts, and they say so on both sides:
    the other is only said no more, or said for the first time.
    """
    mine, theirs = words(*rate.unit.things), words(*read.unit.things)
    both = _over(one) & _over(other)
    return any(fresh and fresh <= both for fresh in (theirs - mine, mine - theirs))


def _over(figure: Printed) -> frozenset[str]:
    place = figure.figure.place
    return words(*place.labels, *place.headings)


def _size(step: Decimal) -> Decimal:
    """How far a price moved, up or down alike."""
    return max(step, 1 / step)


def _in_terms_of(rate: Rate, one: Printed, other: Printed, read: Rate) -> Decimal:
    scaled = _scaled(rate, one, other)
    return read.amount if scaled is None else scaled.amount


def _dated_as(rate: Rate, read: Rate) -> Conditions:
    """The days of a dated price follow the page; they are no part of its name."""
    days = {key: day for key, day in read.conditions if key in DATED}
    return Conditions.of({**dict(rate.conditions.without(*DATED).items), **days})


def _scaled(rate: Rate, one: Printed, other: Printed) -> Rate | None:
    """A figure that only the earlier reading understood, read as that did."""
    if not other.figure.values:
        return None
    amount, *upper = other.figure.values
    was = one.figure.values[0] if one.figure.values else None
    if was and was != rate.amount and (factor := rate.amount / was) in _SCALES:
        amount *= factor  # cents, or thousands left out
    evidence = replace(rate.evidence, excerpt=other.figure.line)
    if rate.percent is not None and "%" in other.sign:
        return replace(rate, percent=amount, evidence=evidence)
    return replace(rate, amount=amount, upper=upper[0] if upper else None, evidence=evidence)


def another_name(
    rate: Rate, read: Rate, one: Printed, other: Printed, *, retitled: bool = False
) -> Rate | None:
    """The rate under the name that the page's own words give it now; None: under the one on record.

    `retitled`: the heading over the figure is gone from the page, and another is there instead.

    Only where the label or a cell beside the figure says another thing than before, and both
    readings took their names from it. Words that tell nothing (`new`, `legacy`) make no other name.
    """
    mine, theirs = _own_words(one), _own_words(other)
    headed = retitled and _is_headed(rate, one) and _is_headed(read, other)
    if mine == theirs and not headed and not _under_other_numbers(one, other):
        return None
    named = rate
    under = _follows(rate.product, read.product, words(one.title), words(other.title))
    labelled = is_labelled(read.product, other) and not one.label_bag
    if (
        _follows(rate.product, read.product, mine, theirs)
        or (headed and under)
        or (is_another(rate, read) and (under or labelled))
    ):
        named = replace(named, product=read.product, label=read.label)
    for key, value in rate.conditions.without(*DATED):
        now = read.conditions.get(key)
        if now and _follows(value, now, mine, theirs):
            named = replace(named, conditions=named.conditions.with_(**{key: now}))
    if named == rate and _is_relabelled(rate, read, one, other):
        conditions = _dated_as(replace(rate, conditions=read.conditions), rate)
        named = replace(
            named, product=read.product, label=read.label, meter=read.meter, conditions=conditions
        )
    return None if named == rate else named


def _is_relabelled(rate: Rate, read: Rate, one: Printed, other: Printed) -> bool:
    """The label of its row has no word in common with the one before, and either name is made of
    the one that it had.
    """
    mine, theirs = (words(*f.figure.place.labels[:1]) - {""} for f in (one, other))
    if not mine or not theirs or mine & theirs or one.labels == other.labels:
        return False
    if (mine <= NOISE and _says_noise(other)) or (theirs <= NOISE and _says_noise(one)):
        return False  # `Price` that is `Regular price` now
    return _names(rate, mine) and _names(read, theirs)


def _says_noise(figure: Printed) -> bool:
    label = "".join(figure.figure.place.labels[:1])
    return not NOISE.isdisjoint(label.casefold().split())


def _names(rate: Rate, label: frozenset[str]) -> bool:
    """Whether a name of the rate has words of a label, or neither says more than `Price`."""
    named = words(rate.product, rate.meter, *(value for _, value in rate.conditions))
    return bool(named & label) or (label <= NOISE and words(rate.meter) <= NOISE)


def _is_headed(rate: Rate, figure: Printed) -> bool:
    """The heading over a figure is the product's name and nothing else."""
    return bool(figure.title) and words(rate.product) == words(figure.title)


def is_another(rate: Rate, read: Rate) -> bool:
    """Whether the names are of two things: 4.6 is never a new name of 4.7."""
    return contradict(figures(rate.product), figures(read.product))


def _under_other_numbers(one: Printed, other: Printed) -> bool:
    return contradict(figures(one.title), figures(other.title))


def _follows(old: str, new: str, mine: frozenset[str], theirs: frozenset[str]) -> bool:
    """A name that the page took back, and one that it gives in its stead."""
    if _tight(old) == _tight(new):
        return False
    was, now = words(old), words(new)
    return was != now and was <= mine and now <= theirs and not now <= mine and not was <= theirs


def _tight(name: str) -> str:
    return name.replace("-", "").replace(" ", "")


def names(product: str, figure: Printed) -> bool:
    """Whether the words of a figure's own row and line name a product."""
    return words(product.replace("-", " ")) <= _own_words(figure)


def is_labelled(product: str, figure: Printed) -> bool:
    """Whether the labels of a figure's row alone name a product."""
    return bool(words(product)) and words(product) <= figure.label_bag


def _own_words(figure: Printed) -> frozenset[str]:
    place = figure.figure.place
    line = place.words.replace("#", " ")
    return words(*place.labels, *place.beside, *place.heads, place.group, line)


def speaks_of(figure: Printed, read: Rate, rate: Rate) -> bool:
    """Whether a sentence states the price of `rate` once more: its figure, and what it is for."""
    if read.amount != rate.amount and read.unit == rate.unit:
        return False  # asked of every rate for every sentence: the quick answer first
    if not (read.same_price(rate) or same_figure(read, rate)):
        return False
    place = figure.figure.place
    named = words(place.words.replace("#", " "), *place.labels, *place.headings[-1:])
    mine = words(read.product, read.meter, *(value for _, value in read.conditions))
    theirs = words(rate.product, rate.meter, *(value for _, value in rate.conditions))
    return words(rate.product) <= named | mine or likeness(mine, theirs) >= 0.5


def with_own_words(rate: Rate, figure: Printed, taken: Collection[tuple[str, ...]]) -> Rate:
    """The rate told apart from others of its name by the words of its own place."""
    place = figure.figure.place
    for key, text in (
        ("row", " ".join(place.labels)),
        ("column", " ".join(place.heads)),
        ("section", place.headings[-1] if place.headings else ""),
        ("words", place.words.replace("#", " ")),
    ):
        value = "-".join(sorted(words(text))) if text else ""
        named = replace(rate, conditions=rate.conditions.with_(**{key: value}))
        if value and named.identity not in taken:
            return named
    number = 2
    while True:
        named = replace(rate, conditions=rate.conditions.with_(entry=str(number)))
        if named.identity not in taken:
            return named
        number += 1
