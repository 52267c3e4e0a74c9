"""Figures in other words or other places: sentences put otherwise, prices moved to a sentence."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

from ratewire.compare.alignment import MANY, Alignment, pair_best
from ratewire.compare.places import Printed
from ratewire.compare.words import figures as numbers_in
from ratewire.compare.words import likeness, words
from ratewire.model import Role

__all__ = ["align_moved", "align_only_ones", "align_reworded"]

_REWORDED = 0.5
"""Share of its words that a sentence keeps when it is put otherwise around the same figure."""
_EDITED = 0.6
"""The same where its figure differs as well."""
_TAIL = 2
"""Words behind a figure that are more than its unit."""
_SHORT = 40
"""Characters of a line that says little more than its figure."""
_PAIRS, _NEAR = 4_000, 8
"""Pairs of figures of one value that are weighed when they moved, and the fewest for each: those
that stand about as far down among the figures of this value.
"""
_SAME_VALUE = 0.15
"""What the same figure counts beside the likeness of the words round it."""


def align_reworded(found: Alignment) -> None:
    """Text put otherwise around the same figure; around another one where it begins with the same
    words or words only came or went, for another name in the same words is another thing.
    """
    olds = [f for f in found.gone if not f.is_cell]
    news = [f for f in found.came if not f.is_cell]
    if len(olds) * len(news) > MANY:
        return
    scored = []
    for one in olds:
        for other in news:
            alike = _words_alike(one, other)
            here = one.headings == other.headings or _beside_one(found, one, other)
            if one.same_value(other) and one.tells:
                if alike >= (0.3 if here else _REWORDED) or (here and _adds_words(one, other)):
                    scored.append((alike + _SAME_VALUE, one, other))
            elif here and one.lead == other.lead and len(one.lead.split()) > 1:
                scored.append((1 + alike + (one.per == other.per), one, other))
            elif here and alike >= _REWORDED and _is_other_half(one, other):
                scored.append((1.5 + alike, one, other))
            elif here and (
                _ends_alike(one, other) or (alike >= _EDITED and _only_longer(one, other))
            ):
                scored.append((alike, one, other))
    pair_best(found, scored)


def _words_alike(one: Printed, other: Printed) -> float:
    """How alike two lines are; a label beside the figure may have become a part of its line."""
    alike = likeness(one.line_bag, other.line_bag)
    if not one.label_bag and not other.label_bag:
        return alike
    return max(alike, likeness(one.line_bag | one.label_bag, other.line_bag | other.label_bag))


def _beside_one(found: Alignment, one: Printed, other: Printed) -> bool:
    """Whether the figures right before or right after both, in their sections, are one: a section
    under another heading.
    """
    for step in (-1, 1):
        number = found.later.get(one.number + step)
        if number == other.number + step and one.headings and other.headings:
            near, there = found.before[one.number + step], found.after[number]
            if near.headings == one.headings and there.headings == other.headings:
                return True
    return False


def _ends_alike(one: Printed, other: Printed) -> bool:
    """The same words follow, and those before only became more: `The fee is $5 / month by card`
    that became `If you pay monthly, the fee is $6 / month by card`.
    """
    longer = one.line_bag <= other.line_bag or other.line_bag <= one.line_bag
    return longer and one.tail == other.tail and len(one.tail.split()) > _TAIL


def _is_other_half(one: Printed, other: Printed) -> bool:
    """Of two prices of a sentence the one that is left, by its unit: `$40 per month or $400 per
    year` that became `$420 per year`.
    """
    longer = one.line_bag <= other.line_bag or other.line_bag <= one.line_bag
    fewer = one.words.count("#") != other.words.count("#")
    return fewer and longer and one.nth != other.nth and bool(one.per) and one.per == other.per


def _adds_words(one: Printed, other: Printed) -> bool:
    """One is nothing but the figure, the other says more of it: `$5` that became `$5 one-time`."""
    bare = not one.line_bag or not other.line_bag
    return bare and bool(one.headings) and max(len(one.words), len(other.words)) < _SHORT


def _only_longer(one: Printed, other: Printed) -> bool:
    mine, theirs = one.line_bag, other.line_bag
    return len(mine) > 2 and (mine <= theirs or theirs <= mine) and one.nth == other.nth


def align_moved(found: Alignment) -> None:
    """The same figure with its name elsewhere: from a table to a sentence, from two columns into
    one, from rows into columns.
    """
    news: dict[Hashable, list[Printed]] = defaultdict(list)
    for f in found.came:
        if f.tells:
            news[f.value, f.sign].append(f)
    turned = _turned(found)
    common = _common(found.before) | _common(found.after)
    scored = []
    for one, others in _of_one_value([f for f in found.gone if f.tells], news):
        for other in others:
            whole = (one.block, other.block) in turned
            if not whole and (one.value, one.sign) in common and _in_other_rows(one, other):
                continue  # of many things that cost the same one went and another came
            alike = _named_alike(one, other) or _put_otherwise(one, other)
            if not alike and whole:
                alike = likeness(one.bag | one.around, other.bag | other.around)
            if alike > 0:
                scored.append((alike, one, other))
    pair_best(found, scored)


def _of_one_value(
    olds: Iterable[Printed], news: Mapping[Hashable, Sequence[Printed]]
) -> Iterator[tuple[Printed, Sequence[Printed]]]:
    """Each figure and those that it may have become: all of its value, or of many the nearest."""
    by_value: dict[Hashable, list[Printed]] = defaultdict(list)
    for f in olds:
        by_value[f.value, f.sign].append(f)
    for value, figures in by_value.items():
        others = news.get(value, ())
        width = max(_NEAR, _PAIRS // len(figures))
        for at, f in enumerate(figures):
            first = max(0, min(at * len(others) // len(figures) - width // 2, len(others) - width))
            yield f, others[first : first + width]


def _common(figures: Iterable[Printed]) -> set[Hashable]:
    """What stands in several rows."""
    rows: dict[Hashable, set[tuple[int, int]]] = defaultdict(set)
    for f in figures:
        rows[f.value, f.sign].add(f.row)
    return {value for value, found in rows.items() if len(found) > 1}


def _turned(found: Alignment) -> set[tuple[int, int]]:
    """Tables of which nearly all figures that are left stand in one table of the other side."""
    olds, news = _left_in_tables(found.gone), _left_in_tables(found.came)
    return {
        (one, other)
        for one, old in olds.items()
        for other, new in news.items()
        if len(old) > 2 and (old & new).total() >= 0.8 * old.total()
    }


def _left_in_tables(figures: Iterable[Printed]) -> dict[int, Counter[Hashable]]:
    left: dict[int, Counter[Hashable]] = defaultdict(Counter)
    for f in figures:
        if f.is_cell and f.tells:
            left[f.block][f.value] += 1
    return left


def _named_alike(one: Printed, other: Printed) -> float:
    """How many of the words that name a figure name the other as well; 0: too few."""
    labels = [numbers_in(*f.figure.place.labels) for f in (one, other)]
    if all(labels) and labels[0] != labels[1]:
        return 0  # 4.6 is another thing than 4.7
    mine, theirs = _naming(one), _naming(other)
    if not mine or not theirs:
        return 0
    wide, wide_too = mine | one.around, theirs | other.around
    shared = mine & theirs
    if not (mine <= wide_too or theirs <= wide or likeness(mine, theirs) >= _REWORDED):
        return 0
    return likeness(mine, theirs) + 0.1 if shared else 0


def _in_other_rows(one: Printed, other: Printed) -> bool:
    """Whether both stand in rows, and these have names of which neither is the other's."""
    mine, theirs = one.label_bag, other.label_bag
    named = bool(mine and theirs) and not (mine <= theirs or theirs <= mine)
    return named and likeness(mine, theirs) < _REWORDED


def _put_otherwise(one: Printed, other: Printed) -> float:
    """A row of a table that became a card or an item of a list, under its own name."""
    if one.is_cell == other.is_cell:
        return 0
    row, text = (one, other) if one.is_cell else (other, one)
    if row.label_bag and row.label_bag <= words(text.lead):
        return 0.05
    theirs = _name_of(text)
    names = (_name_of(row), words(*row.figure.place.labels[:1]) - {""})
    alike = (mine and theirs and (mine <= theirs or theirs <= mine) for mine in names)
    return 0.05 if any(alike) else 0


def _name_of(f: Printed) -> frozenset[str]:
    place = f.figure.place
    named = words(*place.labels) if place.labels else words(f.title or f.lead)
    return named - {""}


def align_only_ones(found: Alignment) -> None:
    """What is left of one value on either side and nowhere else: nothing to pay in the same words,
    whatever stands over it; and what only one side of the two understands.
    """
    olds, news = _left_alone(found.gone), _left_alone(found.came)
    for value, one in olds.items():
        other = news.get(value)
        if one is None or other is None:
            continue
        if one.tells and (one.figure.role is Role.UNREAD) != (other.figure.role is Role.UNREAD):
            if one.figure.role is Role.UNREAD or one.around & other.around:
                found.pair(one, other)
        elif not one.tells and one.words == other.words and one.is_cell == other.is_cell:
            found.pair(one, other)


def _left_alone(figures: Iterable[Printed]) -> dict[Hashable, Printed | None]:
    """Prices and what may be one by value; None: several figures of it are left."""
    left: dict[Hashable, Printed | None] = {}
    for f in figures:
        if f.figure.role in (Role.RATE, Role.UNREAD):
            left[f.value, f.sign] = None if (f.value, f.sign) in left else f
    return left


def _naming(f: Printed) -> frozenset[str]:
    return frozenset(word for word in f.bag if not word.isdigit())
