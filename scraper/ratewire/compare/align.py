"""Which figure of the later capture is which of the earlier: both are aligned by what they print.

The surest first: figures whose place is the same to the word, then places that differ in what
stands further off (panes, headings), then the rows, columns and blocks that the figures found so
far show to be the same, then rows under another label, sentences in other words, and what moved
from a table to a sentence. No step looks at what a figure means.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterator, Sequence
from difflib import SequenceMatcher

from ratewire.compare.alignment import Alignment
from ratewire.compare.cards import align_reordered, printed
from ratewire.compare.elsewhere import align_moved, align_only_ones, align_reworded
from ratewire.compare.places import Printed
from ratewire.compare.tables import align_series, align_structure
from ratewire.model import Figure

__all__ = ["Alignment", "align"]

Key = Callable[[Printed], Hashable | None]
"""None: the step does not speak of this figure."""
_MANY_ALIKE = 250_000
"""Pairs of figures in like places, beyond which no longest common sequence is looked for."""
_CARD = 6
"""Words of a line that is hardly more than a figure and its unit."""


def align(before: Sequence[Figure], after: Sequence[Figure]) -> Alignment:
    """Every figure of both sides at most once in a pair. Pure; the same turned round."""
    found = Alignment(
        printed(before),
        printed(after),
    )
    align_reordered(found)
    for key in (_with_its_row, _to_the_word, _in_its_card, _without_near, _without_line):
        _by_key(found, key)
    _by_key(found, _anywhere, equal=True)
    _by_key(found, _under_other_heads, equal=True)
    align_structure(found)
    align_series(found)
    _by_key(found, _anywhere_alone, alone=True)
    align_reworded(found)
    align_moved(found)
    align_structure(found)  # of rows and tables that what moved shows to be one
    align_only_ones(found)
    return found


def _with_its_row(f: Printed) -> Hashable | None:
    """Rows that only their quantities tell apart."""
    return (*_to_the_word(f), f.beside) if f.is_cell and f.beside else None


def _to_the_word(f: Printed) -> tuple[Hashable, ...]:
    return (
        f.headings, f.panes, f.over_card, f.near, f.group, f.labels, f.heads, f.words, f.nth,
        f.is_cell,
    )  # fmt: skip


def _in_its_card(f: Printed) -> Hashable | None:
    """In a card whose lines come in another order."""
    if f.is_cell or not f.line_bag:
        return None
    return (f.headings, f.over_card, f.labels, f.words, f.nth)


def _without_near(f: Printed) -> Hashable | None:
    """In text that is nothing but a figure and its unit the neighbours are all that tells."""
    if not f.is_cell and not f.labels and len(f.line_bag) < 2:
        return None
    return (f.headings, f.group, f.labels, f.heads, f.words, f.nth, f.is_cell)


def _without_line(f: Printed) -> Hashable | None:
    """The same cell with other words in it, the same card with its price put otherwise."""
    if f.is_cell:
        return (f.headings, f.group, f.labels, f.heads, f.nth) if f.labels else None
    short = len(f.words.split()) <= _CARD
    return (f.headings, f.near, f.nth) if f.near and short else None


def _anywhere(f: Printed) -> Hashable | None:
    """Under whatever heading: for figures of one value only."""
    if not f.tells or not (f.labels or len(f.line_bag) > 1):
        return None
    return (f.group, f.labels, f.heads, f.words, f.nth)


def _under_other_heads(f: Printed) -> Hashable | None:
    """The same words in the same row: columns that were renamed, or put into one."""
    if not (f.is_cell and f.tells and f.labels):
        return None
    return (f.group, f.labels, f.words, f.value)


def _anywhere_alone(f: Printed) -> Hashable | None:
    return (f.labels, f.heads, f.words, f.nth) if f.labels or len(f.line_bag) > 2 else None


def _by_key(found: Alignment, key: Key, *, equal: bool = False, alone: bool = False) -> None:
    """Pair the figures of each key: those of one value in their order, then what is left.

    `equal`: only figures of one value. `alone`: only where one is left on either side.
    """
    groups: dict[Hashable, tuple[list[Printed], list[Printed]]] = defaultdict(lambda: ([], []))
    for side, figures in enumerate((found.gone, found.came)):
        for figure in figures:
            if (place := key(figure)) is not None:
                groups[place][side].append(figure)
    for olds, news in groups.values():
        if not olds or not news or (alone and (len(olds), len(news)) != (1, 1)):
            continue
        for one, other in _in_order(olds, news, equal=equal):
            found.pair(one, other)


def _in_order(
    olds: Sequence[Printed], news: Sequence[Printed], *, equal: bool
) -> Iterator[tuple[Printed, Printed]]:
    """The longest common sequence of values; then what stands between, where it is as many."""
    if len(olds) == len(news) == 1:
        if not equal or olds[0].same_value(news[0]):
            yield olds[0], news[0]
        return
    if len(olds) * len(news) > _MANY_ALIKE:
        yield from _of_values(olds, news, equal=equal)
        return
    matcher = SequenceMatcher(None, [o.value for o in olds], [n.value for n in news], False)
    left: tuple[list[Printed], list[Printed]] = ([], [])
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal" or (tag == "replace" and j - i == m - k and not equal):
            yield from zip(olds[i:j], news[k:m], strict=True)
        else:
            left[0].extend(olds[i:j])
            left[1].extend(news[k:m])
    for one in left[0]:  # a value that changed its place among its like
        other = next((each for each in left[1] if each.same_value(one)), None)
        if other is not None:
            left[1].remove(other)
            yield one, other


def _of_values(
    olds: Sequence[Printed], news: Sequence[Printed], *, equal: bool
) -> Iterator[tuple[Printed, Printed]]:
    """Of very many alike: each with the next of its value; what is left in order, if as many."""
    waiting: dict[Hashable, deque[Printed]] = defaultdict(deque)
    for other in news:
        waiting[other.value].append(other)
    left = []
    for one in olds:
        if others := waiting.get(one.value):
            yield one, others.popleft()
        else:
            left.append(one)
    rest = sorted((each for others in waiting.values() for each in others), key=lambda f: f.number)
    if not equal and len(left) == len(rest):
        yield from zip(left, rest, strict=True)
