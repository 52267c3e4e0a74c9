"""Tables that are one: what stands in the same row and column, whatever these are called now."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from itertools import islice

from ratewire.compare.alignment import MANY, Alignment
from ratewire.compare.places import Printed, normal
from ratewire.compare.words import contradict, likeness, words
from ratewire.compare.words import figures as numbers_in
from ratewire.model import Role

__all__ = ["align_series", "align_structure"]

Row = tuple[int, int]
Column = tuple[int, int, int]
"""Table, column and which figure of its cells."""

_REWORDED = 0.5
"""Share of its words that a label keeps when it is put otherwise around the same figures."""
_EDITED = 0.6
"""The same where figures differ as well."""
_SAME_TABLE = 0.5
"""Share of the labels of its rows by which a column is found in another table."""
_SAME_HEADS = 0.3
"""Share of the words over it that it has to have in common then."""
_MOST_PARTS = 30
"""Tables into which one was split."""


def align_structure(found: Alignment) -> None:
    """What stands in the same row and column of the same table, whatever their names are now."""
    for old_block, new_block in _same_tables(found):
        columns = _same_columns(found, old_block, new_block)
        rows = _same_rows(found, old_block, new_block, columns)
        _in_rows(found, old_block, new_block, rows, columns)
        more = _same_columns(found, old_block, new_block)  # by what was found in those rows
        if more != columns:
            _in_rows(found, old_block, new_block, rows, more)


def _same_tables(found: Alignment) -> list[tuple[int, int]]:
    """Tables that are one: those whose figures were found in each other, the most first."""
    votes: Counter[tuple[int, int]] = Counter()
    for one, other in found.pairs:
        if one.is_cell and other.is_cell:
            votes[one.block, other.block] += 1
    same = [pair for pair, _ in sorted(votes.items(), key=lambda item: (-item[1], item[0]))]
    return [*_of_few(same), *_under_one_heading(found, same)]


def _of_few(same: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """No table is looked through for more than its best others."""
    seen: tuple[Counter[int], Counter[int]] = (Counter(), Counter())
    for old, new in same:
        if seen[0][old] < _MOST_PARTS and seen[1][new] < _MOST_PARTS:
            seen[0][old] += 1
            seen[1][new] += 1
            yield old, new


def _under_one_heading(
    found: Alignment, known: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """Tables of which no figure stayed: the only one with its heads under its heading, on both
    sides.
    """
    olds = _by_heads(found.gone, {old for old, _ in known})
    news = _by_heads(found.came, {new for _, new in known})
    for place, blocks in olds.items():
        if len(blocks) == len(news.get(place, ())) == 1:
            yield min(blocks), min(news[place])


def _by_heads(figures: Iterable[Printed], known: set[int]) -> dict[Hashable, set[int]]:
    heads: dict[int, dict[str, None]] = defaultdict(dict)
    over: dict[int, tuple[str, str]] = {}
    for f in figures:
        if f.is_cell and f.block not in known and f.figure.role is not Role.QUANTITY:
            heads[f.block][f.heads] = None
            over[f.block] = f.headings, f.panes
    found: dict[Hashable, set[int]] = defaultdict(set)
    for block, columns in heads.items():
        found[over[block], frozenset(columns)].add(block)
    return found


def _same_columns(found: Alignment, old: int, new: int) -> dict[int, int]:
    """Columns of two tables that are one: by the figures found in both, else by their heads."""
    votes: Counter[tuple[int, int]] = Counter()
    for one, other in found.pairs_between(old, new):
        if one.is_cell and other.is_cell:
            votes[one.column, other.column] += 1
    columns: dict[int, int] = {}
    taken: set[int] = set()
    for (mine, theirs), _ in sorted(votes.items(), key=lambda item: (-item[1], item[0])):
        if mine not in columns and theirs not in taken:
            columns[mine] = theirs
            taken.add(theirs)
    olds = {f.column: f.heads for f in found.gone_from(old)}
    news = {f.column: f.heads for f in found.came_to(new)}
    free: dict[str, set[int]] = defaultdict(set)
    for column, heads in news.items():
        if column not in taken:
            free[heads].add(column)
    for mine, heads in olds.items():
        if mine not in columns and len(free[heads]) == 1:
            columns[mine] = free[heads].pop()
    left, open_columns = olds.keys() - columns.keys(), news.keys() - columns.values()
    if len(left) * len(open_columns) > MANY:
        return columns
    for mine in sorted(left):
        alike = [c for c in open_columns if _heads_alike(olds[mine], news[c])]
        if len(alike) == 1:
            columns[mine] = alike[0]
            open_columns.discard(alike[0])
    return columns


def _heads_alike(old: str, new: str) -> bool:
    """`Input ($/1M tokens)` that is `Input ($/1M)` now."""
    mine, theirs = words(old), words(new)
    return bool(mine and theirs) and (mine <= theirs or theirs <= mine)


def _same_rows(
    found: Alignment, old: int, new: int, columns: dict[int, int]
) -> list[tuple[Row, Row]]:
    """Rows of two tables that are one: by the figures found in both, by their labels, by labels
    that are alike, by a first label that no other row has, and by their place between rows that
    are one around the same figures.
    """
    rows: dict[Row, Row] = {}

    def add(one: Row, other: Row) -> None:
        if one not in rows and other not in taken:
            rows[one] = other
            taken.add(other)

    taken: set[Row] = set()
    votes: Counter[tuple[Row, Row]] = Counter()
    for one, other in found.pairs_between(old, new):
        if one.is_cell and other.is_cell:
            votes[one.row, other.row] += 1
    for (a, b), _ in sorted(votes.items(), key=lambda item: (-item[1], item[0])):
        add(a, b)
    olds, news = _rows(found.gone_from(old), rows), _rows(found.came_to(new), taken)
    all_old, all_new = found.blocks_before.get(old, ()), found.blocks_after.get(new, ())
    told_apart = _told_apart(all_old), _told_apart(all_new)
    for score, a, b in _ranked(olds, news, columns):
        if score > 0:
            add(a, b)
    firsts = _by_first_label(all_old), _by_first_label(all_new)
    for label in firsts[0].keys() & firsts[1].keys():
        add(firsts[0][label], firsts[1][label])
    for a, b in _renamed(olds, news, columns, rows, taken):
        if a in told_apart[0] and b in told_apart[1]:
            add(a, b)
    return list(rows.items())


def _rows(figures: Iterable[Printed], known: Collection[Row]) -> dict[Row, list[Printed]]:
    rows: dict[Row, list[Printed]] = defaultdict(list)
    for f in figures:
        if f.is_cell and f.row not in known:
            rows[f.row].append(f)
    return dict(rows)


def _ranked(
    olds: dict[Row, list[Printed]], news: dict[Row, list[Printed]], columns: dict[int, int]
) -> list[tuple[float, Row, Row]]:
    """Pairs of rows whose labels are alike, the likest first; of very many, those of one label."""
    if len(olds) * len(news) > MANY:
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
    numbers = [numbers_in(*f.figure.place.labels) for f in (one, other)]
    if numbers[0] != numbers[1] and (contradict(*numbers) or not same):
        return 0
    alike = likeness(one.label_bag, other.label_bag)
    longer = one.label_bag <= other.label_bag or other.label_bag <= one.label_bag
    if not one.label_bag or not other.label_bag:
        return 0
    if alike >= _EDITED or (alike >= _REWORDED and (same or longer)) or (longer and same):
        return alike + same
    return 0


def _by_first_label(figures: Iterable[Printed]) -> dict[str, Row]:
    """Rows whose first cell names them alone: the others describe what bears that name."""
    rows: dict[str, set[Row]] = defaultdict(set)
    for f in figures:
        if f.is_cell and len(f.figure.place.labels) > 1:
            rows[normal(f.figure.place.labels[0])].add(f.row)
    return {label: min(found) for label, found in rows.items() if label and len(found) == 1}


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
    if len(left) * len(free) > MANY:
        return
    itself = {f.column: f.column for row in left for f in olds[row]}
    for one in left:
        same = [other for other in free if _same_figures(olds[one], news[other], columns)]
        rivals = (row for row in left if _same_figures(olds[row], olds[one], itself))
        if len(same) != 1 or len(list(islice(rivals, 2))) != 1:
            continue
        if not _stands_alike(one, same[0], rows):
            continue
        names = (side[0].figure.place.labels for side in (olds[one], news[same[0]]))
        if not contradict(*(numbers_in(*labels) for labels in names)):
            yield one, same[0]


def _told_apart(figures: Iterable[Printed]) -> set[Row]:
    """Rows of a table that no other row of it has the figures of."""
    rows = _rows(figures, ())
    said = {row: tuple((f.column, f.nth, f.value) for f in each) for row, each in rows.items()}
    count = Counter(said.values())
    return {row for row, values in said.items() if count[values] == 1}


def _stands_alike(one: Row, other: Row, rows: dict[Row, Row]) -> bool:
    """The rows right before and after it, as far as they are known, are so on both sides."""
    above = max((row for row in rows if row < one), default=None)
    below = min((row for row in rows if row > one), default=None)
    return (above is None or rows[above] < other) and (below is None or rows[below] > other)


def _in_rows(
    found: Alignment,
    old: int,
    new: int,
    rows: Iterable[tuple[Row, Row]],
    columns: dict[int, int],
) -> None:
    """Pair what is left in rows that are one: by column, then by value."""
    olds: dict[Row, list[Printed]] = defaultdict(list)
    news: dict[Row, list[Printed]] = defaultdict(list)
    for f in found.gone_from(old):
        olds[f.row].append(f)
    for f in found.came_to(new):
        news[f.row].append(f)
    for one, other in rows:
        for f in list(olds[one]):
            at = columns.get(f.column)
            here = (g for g in news[other] if g.column == at and g.nth == f.nth)
            match = next((g for g in here if not _another_kind(f, g)), None)
            if match is not None and at is not None:
                found.pair(f, match)
                olds[one].remove(f)
                news[other].remove(match)
        for f in olds[one]:
            match = next((g for g in news[other] if g.same_value(f) and f.tells), None)
            if match is not None:
                found.pair(f, match)
                news[other].remove(match)


def _another_kind(f: Printed, g: Printed) -> bool:
    """Money where `4 hours` stands now is not the same figure."""
    return bool(f.sign) != bool(g.sign) and f.words != g.words


# ── Columns under other heads, in other tables ───────────────────────────────────────────────


def align_series(found: Alignment) -> None:
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
