"""Which figure of the later capture is which of the earlier: both are aligned by what they print.

The surest first: figures whose place is the same to the word, then places that differ in what
stands further off (panes, headings), then the rows, columns and blocks that the figures found so
far show to be the same, then rows under another label, sentences in other words, and what moved
from a table to a sentence. No step looks at what a figure means.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from scraper.compare.places import Printed
from scraper.compare.words import contradict, likeness, words
from scraper.compare.words import figures as numbers_in
from scraper.model import Figure, Role

__all__ = ["Alignment", "align"]

Key = Callable[[Printed], Hashable | None]
"""None: the step does not speak of this figure."""
Row = tuple[int, int]
Column = tuple[int, int, int]
"""Table, column and which figure of its cells."""

_REWORDED = 0.5
"""Share of its words that a sentence keeps when it is put otherwise around the same figure."""
_EDITED = 0.6
"""The same where its figure differs as well."""
_SAME_TABLE = 0.5
"""Share of the labels of its rows by which a column is found in another table."""
_SAME_HEADS = 0.3
"""Share of the words over it that it has to have in common then."""
_MANY = 40_000
"""Pairs of rows or sentences that are weighed against each other at the most."""
_LIKE = 200
"""Figures of one value among which one that moved is looked for."""
_SAME_VALUE = 0.15
"""What the same figure counts beside the likeness of the words round it."""


@dataclass
class Alignment:
    """The figures of two captures; `later[i]` is the number of the later one of earlier `i`."""

    before: Sequence[Printed]
    after: Sequence[Printed]
    later: dict[int, int] = field(default_factory=dict)
    earlier: dict[int, int] = field(default_factory=dict)

    def pair(self, one: Printed, other: Printed) -> None:
        self.later[one.number] = other.number
        self.earlier[other.number] = one.number

    @property
    def gone(self) -> list[Printed]:
        return [each for each in self.before if each.number not in self.later]

    @property
    def came(self) -> list[Printed]:
        return [each for each in self.after if each.number not in self.earlier]

    @property
    def pairs(self) -> Iterator[tuple[Printed, Printed]]:
        for one, other in sorted(self.later.items()):
            yield self.before[one], self.after[other]


def align(before: Sequence[Figure], after: Sequence[Figure]) -> Alignment:
    """Every figure of both sides at most once in a pair. Pure; the same turned round."""
    found = Alignment(
        [Printed(figure, number) for number, figure in enumerate(before)],
        [Printed(figure, number) for number, figure in enumerate(after)],
    )
    for key in (_to_the_word, _without_near, _without_line):
        _by_key(found, key)
    _by_key(found, _anywhere, equal=True)
    _by_key(found, _under_other_heads, equal=True)
    _by_structure(found)
    _by_series(found)
    _by_key(found, _anywhere_alone, alone=True)
    _reworded(found)
    _moved(found)
    return found


# ── The same place ───────────────────────────────────────────────────────────────────────────


def _to_the_word(f: Printed) -> Hashable:
    return (f.headings, f.panes, f.near, f.group, f.labels, f.heads, f.words, f.nth, f.is_cell)


def _without_near(f: Printed) -> Hashable | None:
    """In text that is nothing but a figure and its unit the neighbours are all that tells."""
    if not f.is_cell and not f.labels and len(f.line_bag) < 2:
        return None
    return (f.headings, f.group, f.labels, f.heads, f.words, f.nth, f.is_cell)


def _without_line(f: Printed) -> Hashable | None:
    """The same cell with other words in it, the same card with its price put otherwise."""
    if f.is_cell:
        return (f.headings, f.group, f.labels, f.heads, f.nth) if f.labels else None
    return (f.headings, f.near, f.nth) if f.near else None


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


# ── Rows, columns and blocks ─────────────────────────────────────────────────────────────────


def _by_structure(found: Alignment) -> None:
    """What stands in the same row and column of the same table, whatever their names are now."""
    for old_block, new_block in _same_tables(found):
        columns = _same_columns(found, old_block, new_block)
        rows = _same_rows(found, old_block, new_block, columns)
        _in_rows(found, rows, columns)
        more = _same_columns(found, old_block, new_block)  # by what was found in those rows
        if more != columns:
            _in_rows(found, rows, more)


def _same_tables(found: Alignment) -> list[tuple[int, int]]:
    """Tables that are one: those whose figures were found in each other, the most first."""
    votes: Counter[tuple[int, int]] = Counter()
    for one, other in found.pairs:
        if one.is_cell and other.is_cell:
            votes[one.block, other.block] += 1
    return [pair for pair, _ in sorted(votes.items(), key=lambda item: (-item[1], item[0]))]


def _same_columns(found: Alignment, old: int, new: int) -> dict[int, int]:
    """Columns of two tables that are one: by the figures found in both, else by their heads."""
    votes: Counter[tuple[int, int]] = Counter()
    for one, other in found.pairs:
        if (one.block, other.block) == (old, new) and one.is_cell and other.is_cell:
            votes[one.column, other.column] += 1
    columns: dict[int, int] = {}
    for (mine, theirs), _ in sorted(votes.items(), key=lambda item: (-item[1], item[0])):
        if mine not in columns and theirs not in columns.values():
            columns[mine] = theirs
    olds = {f.column: f.heads for f in found.gone if f.block == old}
    news = {f.column: f.heads for f in found.came if f.block == new}
    for mine, heads in olds.items():
        same = [c for c, text in news.items() if text == heads and c not in columns.values()]
        if mine not in columns and len(same) == 1:
            columns[mine] = same[0]
    return columns


def _same_rows(
    found: Alignment, old: int, new: int, columns: dict[int, int]
) -> list[tuple[Row, Row]]:
    """Rows of two tables that are one: by the figures found in both, by their labels, by labels
    that are alike, and by their place between rows that are one around the same figures.
    """
    rows: dict[Row, Row] = {}

    def add(one: Row, other: Row) -> None:
        if one not in rows and other not in taken:
            rows[one] = other
            taken.add(other)

    taken: set[Row] = set()
    votes: Counter[tuple[Row, Row]] = Counter()
    for one, other in found.pairs:
        if (one.block, other.block) == (old, new) and one.is_cell and other.is_cell:
            votes[one.row, other.row] += 1
    for (a, b), _ in sorted(votes.items(), key=lambda item: (-item[1], item[0])):
        add(a, b)
    olds, news = _rows(found.gone, old, rows), _rows(found.came, new, taken)
    for score, a, b in _ranked(olds, news, columns):
        if score > 0:
            add(a, b)
    for a, b in _renamed(olds, news, columns, rows, taken):
        add(a, b)
    return list(rows.items())


def _rows(figures: Iterable[Printed], block: int, known: Iterable[Row]) -> dict[Row, list[Printed]]:
    rows: dict[Row, list[Printed]] = defaultdict(list)
    known = set(known)
    for f in figures:
        if f.block == block and f.is_cell and f.row not in known:
            rows[f.row].append(f)
    return dict(rows)


def _ranked(
    olds: dict[Row, list[Printed]], news: dict[Row, list[Printed]], columns: dict[int, int]
) -> list[tuple[float, Row, Row]]:
    """Pairs of rows whose labels are alike, the likest first; of very many, those of one label."""
    if len(olds) * len(news) > _MANY:
        return _of_one_label(olds, news)
    scored = [
        (score, one, other)
        for one, old in olds.items()
        for other, new in news.items()
        if (score := _labels_alike(old, new, columns)) > 0
    ]
    return sorted(scored, key=lambda item: (-item[0], item[1], item[2]))


def _of_one_label(
    olds: dict[Row, list[Printed]], news: dict[Row, list[Printed]]
) -> list[tuple[float, Row, Row]]:
    named = {(new[0].labels, new[0].group): row for row, new in news.items()}
    keys = ((row, (old[0].labels, old[0].group)) for row, old in olds.items())
    return [(3, row, named[key]) for row, key in keys if key in named]


def _labels_alike(old: Sequence[Printed], new: Sequence[Printed], columns: dict[int, int]) -> float:
    """How alike two rows are; 0: not one row. Other numbers (sizes, versions) are another thing,
    but for a row whose figures are the very same.
    """
    one, other = old[0], new[0]
    same = _same_figures(old, new, columns)
    if one.labels == other.labels and one.group == other.group:
        return 3 + same
    if one.labels == other.labels and one.labels:
        return 2 + same
    if numbers_in(*one.figure.place.labels) != numbers_in(*other.figure.place.labels):
        return 0
    alike = likeness(one.label_bag, other.label_bag)
    longer = one.label_bag <= other.label_bag or other.label_bag <= one.label_bag
    if not one.label_bag or not other.label_bag:
        return 0
    if alike >= _EDITED or (alike >= _REWORDED and (same or longer)) or (longer and same):
        return alike + same
    return 0


def _same_figures(old: Sequence[Printed], new: Sequence[Printed], columns: dict[int, int]) -> bool:
    """Two rows hold the same figures in the same columns, and one of them tells."""
    mine = {(columns.get(f.column, -1), f.nth): f.value for f in old}
    theirs = {(f.column, f.nth): f.value for f in new}
    both = mine.keys() & theirs.keys()
    return (
        bool(both)
        and all(mine[at] == theirs[at] for at in both)
        and any(f.tells for f in old)
        and len(both) * 2 > max(len(mine), len(theirs))
    )


def _renamed(
    olds: dict[Row, list[Printed]],
    news: dict[Row, list[Printed]],
    columns: dict[int, int],
    rows: dict[Row, Row],
    taken: set[Row],
) -> Iterator[tuple[Row, Row]]:
    """A row whose figures are the same under another name: where nothing else is left to be it,
    and it stands where it stood.
    """
    left = [row for row in olds if row not in rows]
    free = [row for row in news if row not in taken]
    if len(left) * len(free) > _MANY:
        return
    itself = {f.column: f.column for row in left for f in olds[row]}
    for one in left:
        same = [other for other in free if _same_figures(olds[one], news[other], columns)]
        rivals = [row for row in left if _same_figures(olds[row], olds[one], itself)]
        if len(same) != 1 or len(rivals) != 1 or not _stands_alike(one, same[0], rows):
            continue
        names = (side[0].figure.place.labels for side in (olds[one], news[same[0]]))
        if not contradict(*(numbers_in(*labels) for labels in names)):
            yield one, same[0]


def _stands_alike(one: Row, other: Row, rows: dict[Row, Row]) -> bool:
    """The rows right before and after it, as far as they are known, are so on both sides."""
    above = max((row for row in rows if row < one), default=None)
    below = min((row for row in rows if row > one), default=None)
    return (above is None or rows[above] < other) and (below is None or rows[below] > other)


def _in_rows(found: Alignment, rows: Iterable[tuple[Row, Row]], columns: dict[int, int]) -> None:
    """Pair what is left in rows that are one: by column, then by value."""
    olds: dict[Row, list[Printed]] = defaultdict(list)
    news: dict[Row, list[Printed]] = defaultdict(list)
    for f in found.gone:
        olds[f.row].append(f)
    for f in found.came:
        news[f.row].append(f)
    for one, other in rows:
        for f in list(olds[one]):
            at = columns.get(f.column)
            match = next((g for g in news[other] if g.column == at and g.nth == f.nth), None)
            if match is not None and at is not None:
                found.pair(f, match)
                olds[one].remove(f)
                news[other].remove(match)
        for f in olds[one]:
            match = next((g for g in news[other] if g.same_value(f) and f.tells), None)
            if match is not None:
                found.pair(f, match)
                news[other].remove(match)


# ── Columns under other heads, in other tables ───────────────────────────────────────────────


def _by_series(found: Alignment) -> None:
    """Columns whose rows have the same labels, or whose figures are the same in the same order,
    under headings that have words in common: a table that was repriced under another heading,
    split, or renamed from top to bottom.
    """
    olds, news = _series(found.gone), _series(found.came)
    scored = [
        (score, at, to)
        for at, old in olds.items()
        for to, new in news.items()
        if (score := _series_alike(old, new)) > 0
    ]
    taken: tuple[set[Column], set[Column]] = (set(), set())
    for _, at, to in sorted(scored, key=lambda item: (-item[0], item[1], item[2])):
        if at in taken[0] or to in taken[1]:
            continue
        taken[0].add(at)
        taken[1].add(to)
        for one, other in _in_series(olds[at], news[to]):
            found.pair(one, other)


def _series(figures: Iterable[Printed]) -> dict[Column, list[Printed]]:
    """By table and column the figures of money of two rows or more."""
    series: dict[Column, list[Printed]] = defaultdict(list)
    for f in figures:
        if f.is_cell and f.tells and f.figure.role is not Role.QUANTITY:
            series[f.block, f.column, f.nth].append(f)
    return {at: column for at, column in series.items() if len(column) > 1}


def _series_alike(old: Sequence[Printed], new: Sequence[Printed]) -> float:
    mine, theirs = {f.labels for f in old} - {""}, {f.labels for f in new} - {""}
    labels = len(mine & theirs) / max(len(mine | theirs), 1)
    values = [f.value for f in old] == [f.value for f in new]
    words_alike = round(likeness(old[0].over, new[0].over), 1)
    if values and len({f.value for f in old}) > 1:
        return 2 + words_alike + labels if words_alike >= _SAME_HEADS or labels else 0
    if labels >= _SAME_TABLE and words_alike >= _SAME_HEADS:
        return words_alike + labels
    return 0


def _in_series(
    olds: Sequence[Printed], news: Sequence[Printed]
) -> Iterator[tuple[Printed, Printed]]:
    if [f.value for f in olds] == [f.value for f in news]:
        for one, other in zip(olds, news, strict=True):
            if not contradict(_numbers(one), _numbers(other)):
                yield one, other
        return
    left = list(news)
    for one in olds:
        same = next((f for f in left if f.labels == one.labels), None)
        if same is not None:
            left.remove(same)
            yield one, same


def _numbers(f: Printed) -> frozenset[str]:
    """Of the label of a figure: sizes, versions."""
    return numbers_in(*f.figure.place.labels)


# ── Other words, other places ────────────────────────────────────────────────────────────────


def _reworded(found: Alignment) -> None:
    """Text put otherwise around the same figure; around another one where it begins with the same
    words or words only came or went, for another name in the same words is another thing.
    """
    olds = [f for f in found.gone if not f.is_cell]
    news = [f for f in found.came if not f.is_cell]
    if len(olds) * len(news) > _MANY:
        return
    scored = []
    for one in olds:
        for other in news:
            alike = likeness(one.line_bag, other.line_bag)
            here = one.headings == other.headings
            if one.same_value(other) and one.tells:
                if alike >= (0.3 if here else _REWORDED):
                    scored.append((alike + _SAME_VALUE, one, other))
            elif here and one.lead == other.lead and len(words(one.lead)) > 1:
                scored.append((1 + alike, one, other))
            elif here and alike >= _EDITED and _only_longer(one, other):
                scored.append((alike, one, other))
    _pair_best(found, scored)


def _only_longer(one: Printed, other: Printed) -> bool:
    mine, theirs = one.line_bag, other.line_bag
    return len(mine) > 2 and (mine <= theirs or theirs <= mine) and one.nth == other.nth


def _moved(found: Alignment) -> None:
    """The same figure with its name elsewhere: from a table to a sentence, from two columns into
    one, from rows into columns.
    """
    news: dict[Hashable, list[Printed]] = defaultdict(list)
    for f in found.came:
        if f.tells:
            news[f.value, f.sign].append(f)
    turned = _turned(found)
    scored = []
    for one in found.gone:
        for other in news[one.value, one.sign][:_LIKE] if one.tells else ():
            alike = _named_alike(one, other)
            if not alike and (one.block, other.block) in turned:
                alike = likeness(one.bag | one.around, other.bag | other.around)
            if alike > 0:
                scored.append((alike, one, other))
    _pair_best(found, scored)


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
    wide, wide_too = mine | _around(one), theirs | _around(other)
    shared = mine & theirs
    if not (mine <= wide_too or theirs <= wide or likeness(mine, theirs) >= _REWORDED):
        return 0
    return likeness(mine, theirs) + 0.1 if shared else 0


def _naming(f: Printed) -> frozenset[str]:
    return frozenset(word for word in f.bag if not word.isdigit())


def _around(f: Printed) -> frozenset[str]:
    place = f.figure.place
    return words(*place.headings, place.group, place.near, *place.panes)


def _pair_best(found: Alignment, scored: list[tuple[float, Printed, Printed]]) -> None:
    scored.sort(key=lambda item: (-item[0], item[1].number, item[2].number))
    for _, one, other in scored:
        if one.number not in found.later and other.number not in found.earlier:
            found.pair(one, other)
