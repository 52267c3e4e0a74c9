"""Cards: figures of a text that stand below one line of words, whatever order they come in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import replace

from ratewire.compare.alignment import Alignment
from ratewire.compare.places import Printed, normal
from ratewire.model import Figure

__all__ = ["align_reordered", "printed"]


def printed(figures: Sequence[Figure]) -> list[Printed]:
    """The figures of a capture, each with the line of words that its card begins with.

    A price right below another one stands below the same line as that.
    """
    found: list[Printed] = []
    for number, figure in enumerate(figures):
        one = Printed(figure, number, normal(figure.place.near))
        above = found[-1] if found else None
        if above is not None and _goes_on(above, one):
            one = replace(one, over_card=above.over_card)
        found.append(one)
    return found


def _goes_on(above: Printed, one: Printed) -> bool:
    """Whether no words stand between two, but those beside the upper one."""
    if above.is_cell or one.is_cell or above.headings != one.headings:
        return False
    same_line = above.row == one.row and above.words == one.words
    return same_line or ("#" in one.near and one.near == above.words)


def align_reordered(found: Alignment) -> None:
    """Cards that print the same amounts in another order, one of them without words of its own:
    each amount is the one it was. An amount with words beside it is found by these.
    """
    olds, news = _by_amounts(found.before), _by_amounts(found.after)
    for key, old in olds.items():
        new = news.get(key, [])
        if len(old) == len(new) == 1 and _is_turned(old[0], new[0]):
            amounts = {other.value: other for other in new[0]}
            for one in old[0]:
                found.pair(one, amounts[one.value])


def _by_amounts(figures: Iterable[Printed]) -> dict[Hashable, list[list[Printed]]]:
    """Cards of several different amounts, by these and what stands over them."""
    found: dict[Hashable, list[list[Printed]]] = defaultdict(list)
    for card in _cards(figures):
        amounts = frozenset((f.value, f.sign) for f in card)
        if len(card) == len(amounts) > 1:
            found[card[0].title, card[0].over_card, amounts].append(card)
    return found


def _cards(figures: Iterable[Printed]) -> Iterator[list[Printed]]:
    card: list[Printed] = []
    for f in figures:
        if card and not _goes_on(card[-1], f):
            yield card
            card = []
        if not f.is_cell:
            card.append(f)
    if card:
        yield card


def _is_turned(old: Sequence[Printed], new: Sequence[Printed]) -> bool:
    bare = any(not f.line_bag for f in (*old, *new))
    return bare and [f.value for f in old] != [f.value for f in new]
