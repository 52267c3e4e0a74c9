"""What people wrote down as changed between two captures, against what was announced.

A label speaks as people do (`Claude Sonnet 4.5 / 4`, `standard: input/cached/output`, `5/0.5/30`);
it is taken apart into atoms, one for each price, and each announced row is given to at most one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ratewire.model import Unit
from ratewire.read.quantities import find_amounts, find_unit, parse_number

KINDS: Mapping[str, str] = {
    "added": "added",
    "removed": "removed",
    "rate_up": "rate_up",
    "rate_down": "rate_down",
    "scheduled": "scheduled",
    "scheduled_change_cancelled": "scheduled",
}
"""Labels that are to be found, and the kind of row that finds them."""
TRAPS = frozenset({"unchanged", "format_only", "text_only"})
"""Labels of what looks like a change and is none."""
WIDENED = "scope_widened"
"""A rate that now holds for more: rows about it are true, however they put it."""
RATE_KINDS = frozenset({"added", "removed", "rate_up", "rate_down", "unit", "scheduled"})

_TIERS = frozenset({"batch", "flex", "priority", "fast"})
_LIKE_ENOUGH = 0.5


@dataclass(frozen=True)
class Row:
    """One announced change of a rate."""

    kind: str
    product: str
    meter: str
    conditions: str
    old: Decimal | None
    new: Decimal | None
    unit: Unit | None
    label: str = ""
    """The product in the page's words."""
    around: str = ""
    """Headings over it, and the page's name."""
    excerpts: tuple[str, str] = ("", "")

    @property
    def name(self) -> frozenset[str]:
        """The words that name what is priced."""
        return words(f"{self.product} {self.label} {self.meter} {self.conditions}")

    def __str__(self) -> str:
        conditions = f" ({self.conditions})" if self.conditions else ""
        return (
            f"{self.kind}: {self.product} · {self.meter}{conditions}: "
            f"{self.old if self.old is not None else '–'} → "
            f"{self.new if self.new is not None else '–'} per {self.unit}"
        )


@dataclass(frozen=True)
class Atom:
    """One price that a label says has changed."""

    kind: str
    products: tuple[str, ...]
    """Ways to say what is priced; one of them must fit."""
    meter: str
    old: Decimal | None
    new: Decimal | None
    unit: Unit | None
    covers: bool
    """The label stands for all meters of the product, not only for those that it lists."""
    must: bool = True
    """Counts towards recall."""

    def __str__(self) -> str:
        return (
            f"{self.kind}: {self.products[0]} · {self.meter}: "
            f"{self.old if self.old is not None else '–'} → "
            f"{self.new if self.new is not None else '–'} per {self.unit}"
        )


@dataclass(frozen=True)
class Outcome:
    """How the announced rows of one pair fare against its labels."""

    found: tuple[tuple[Atom, Row], ...] = ()
    missed: tuple[Atom, ...] = ()
    covered: tuple[Row, ...] = ()
    trapped: tuple[Row, ...] = ()
    unlabelled: tuple[Row, ...] = ()


# ── Labels into atoms ────────────────────────────────────────────────────────────────────────


def atoms(label: Mapping[str, Any]) -> list[Atom]:
    """The single prices of one label of TRUTH.jsonl."""
    kind = label["kind"]
    tiers, _, listed = label["category"].rpartition(": ")
    old, new = _values(label["old"]), _values(label["new"])
    count = max(len(old), len(new))
    meters = listed.split("/") if listed.count("/") + 1 == count > 1 else [listed] * count
    several = len(meters) > 1 and meters[0] != meters[-1]
    if several:  # `batch input/output`: what stands before the first part holds for all
        shared = meters[0].rpartition(" ")[0]
        meters = [meters[0], *(f"{shared} {meter}".strip() for meter in meters[1:])]
    found = []
    for tier in tiers.split("+"):
        for i, meter in enumerate(meters):
            before, after = _at(old, i), _at(new, i)
            if before is None and after is None:
                continue
            unit = find_unit(label["unit"]) or find_unit(meter)
            found.append(
                Atom(
                    KINDS.get(kind, kind), tuple(_products(label["model"])),
                    f"{tier} {meter}".strip(), before, after, unit[0] if unit else None,
                    covers=several or listed == "all", must=kind in KINDS,
                )
            )  # fmt: skip
    return found


def _products(text: str) -> Iterable[str]:
    """`Claude Sonnet 4.5 / 4` names one row, or the two products that share it."""
    text = re.sub(r"\(.*?\)", " ", text).partition("->")[0].strip()
    yield text
    first, _, rest = text.partition(" / ")
    for other in filter(None, rest.split(" / ")):
        yield first
        lead = first.split()
        yield other if len(other.split()) > 1 else " ".join([*lead[:-1], other])


def _values(text: str | None) -> list[Decimal | None]:
    if text is None:
        return []
    plain = re.sub(r"\(.*?\)", "", text).strip()
    if amounts := find_amounts(plain):
        return [amount.value for amount in amounts]
    parts = plain.removeprefix("less than ").split("/")
    return [Decimal(0) if part == "Free" else parse_number(part.split(",  ")[0]) for part in parts]


def _at(values: Sequence[Decimal | None], index: int) -> Decimal | None:
    return values[index] if index < len(values) else None


# ── Rows against atoms ───────────────────────────────────────────────────────────────────────


def judge(rows: Sequence[Row], labels: Iterable[Mapping[str, Any]]) -> Outcome:
    """Give each row to one atom, the best fitting pairs first, and say what became of the rest."""
    labels = list(labels)
    wanted = [a for x in labels if x["kind"] in KINDS for a in atoms(x)]
    spare = [a for x in labels if x["kind"] == WIDENED for a in atoms(x)]
    traps = [a for x in labels if x["kind"] in TRAPS for a in atoms(x)]
    pairs = sorted(
        (
            (_likeness(atom, row), -i, -j)
            for i, atom in enumerate(wanted)
            for j, row in enumerate(rows)
            if _fits(atom, row)
        ),
        reverse=True,
    )
    given: dict[int, int] = {}
    for _, i, j in pairs:
        if -i not in given and -j not in given.values():
            given[-i] = -j
    rest = [row for j, row in enumerate(rows) if j not in given.values()]
    covered = [row for row in rest if _is_covered(row, wanted, spare)]
    trapped = [r for r in rest if r not in covered and any(_springs(t, r) for t in traps)]
    return Outcome(
        found=tuple((wanted[i], rows[j]) for i, j in sorted(given.items())),
        missed=tuple(atom for i, atom in enumerate(wanted) if i not in given),
        covered=tuple(covered),
        trapped=tuple(trapped),
        unlabelled=tuple(r for r in rest if r not in covered and r not in trapped),
    )


def words(text: str) -> frozenset[str]:
    """Lower-case words and numbers, singular: `GPT-5.5 Prices` is {gpt, 5.5, price}."""
    found = re.findall(r"[a-z]*\d+(?:\.\d+)*[a-z\d]*|[^\W\d_]+", text.casefold())
    return frozenset(
        w[:-1] if len(w) > 2 and w.endswith("s") and w[-2] != "s" else w for w in found
    )


def _fits(atom: Atom, row: Row) -> bool:
    # What was free and now has a price is new to one reader and dearer to another.
    from_free = atom.kind == "added" and row.kind == "rate_up" and row.old == 0
    return (
        (row.kind == atom.kind or from_free)
        and (from_free or _same(atom.old, row.old, atom, row))
        and _same(atom.new, row.new, atom, row)
        and _names(atom, row)
        and _same_meter(atom, row)
    )


def _same(wanted: Decimal | None, amount: Decimal | None, atom: Atom, row: Row) -> bool:
    """Equal amounts, each in its unit; of units that do not convert the figures alone."""
    if wanted is None or amount is None:
        return wanted is amount
    factor = row.unit.factor_to(atom.unit) if row.unit and atom.unit else None
    if factor is not None:
        return amount * factor[0] == wanted * factor[1]
    return amount == wanted


def _names(atom: Atom, row: Row) -> bool:
    return any(_share(product, atom, row) >= _LIKE_ENOUGH for product in atom.products)


def _share(product: str, atom: Atom, row: Row) -> float:
    """How much of a label's product a row names, itself or in the headings over it.

    0 where a number in the product is missing, or where the row itself has no word of the label.
    """
    wanted, named = words(product), row.name
    numbers = {word for word in wanted if any(map(str.isdigit, word))}
    if not numbers <= named or not (wanted | words(atom.meter)) & named:
        return 0.0
    return len(wanted & (named | words(row.around))) / len(wanted)


def _same_meter(atom: Atom, row: Row) -> bool:
    """No direction, cache or service tier that the other contradicts."""
    wanted = words(f"{atom.meter} {atom.products[0]}")
    said = words(f"{row.meter} {row.conditions} {row.product} {row.label}")
    if wanted & _TIERS != said & _TIERS:
        return False
    meter = words(row.meter)
    for word in ("input", "output"):
        other = {"input": "output", "output": "input"}[word]
        if word in wanted and other not in wanted and other in meter and word not in meter:
            return False
    cached = bool(meter & {"cached", "cache"})
    return not (atom.meter.split()[-1:] == ["input"] and cached)


def _likeness(atom: Atom, row: Row) -> float:
    product = max(_share(product, atom, row) for product in atom.products)
    wanted = words(f"{atom.products[0]} {atom.meter}")
    both = wanted & row.name
    return product + len(both) / len(wanted | row.name)


def _is_covered(row: Row, wanted: Iterable[Atom], spare: Iterable[Atom]) -> bool:
    """Told by a label that stands for the whole product, or of whose ways one was matched."""
    for atom in wanted:
        whole = atom.covers and atom.kind == row.kind
        if (whole or (len(atom.products) > 1 and _fits(atom, row))) and _names(atom, row):
            return True
    return any(
        _names(atom, row) and {row.old, row.new} <= {atom.old, atom.new, None} for atom in spare
    )


def _springs(trap: Atom, row: Row) -> bool:
    values = {trap.old, trap.new} - {None}
    return _names(trap, row) and bool(values & {row.old, row.new})


def printed(amount: Decimal) -> str:
    """A pattern for all the ways in which a page may print a figure."""
    whole, _, fraction = f"{amount.normalize():f}".partition(".")
    digits = ",?".join(re.findall(r"\d{1,3}(?=(?:\d{3})*$)", whole))
    tail = rf"\.{fraction}0*" if fraction else r"(?:\.0+)?"
    return rf"(?<![\d.,]){'0?' if whole == '0' and fraction else digits}{tail}(?![\d]|[.,]\d)"


def is_borne_out(row: Row, gone: Sequence[str], came: Sequence[str]) -> bool:
    """Do the lines that left a page and came to it say themselves what a row says?

    A figure that came (or left) beside a word of the product, and did not also leave (or come).
    A check that knows nothing of reading or comparing; it cannot see what moved between lines.
    """

    def beside(lines: Sequence[str], amount: Decimal | None) -> bool:
        if amount is None:
            return False
        figure = re.compile("free|kostenlos|免费" if amount == 0 else printed(amount), re.I)
        named = words(f"{row.product} {row.label}")
        return any(figure.search(line) and words(line) & named for line in lines)

    old_went, old_came = beside(gone, row.old), beside(came, row.old)
    new_came, new_went = beside(came, row.new), beside(gone, row.new)
    if row.old is None:
        return new_came and not new_went
    if row.new is None:
        return old_went and not old_came
    return old_went and new_came


@dataclass
class Tally:
    """Counts over many pairs."""

    pairs: int = 0
    labelled: int = 0
    found: int = 0
    announced: int = 0
    true: int = 0
    false_alarms: int = 0
    unlabelled: int = 0
    borne_out: int = 0

    def add(self, other: Tally) -> None:
        for name in self.__dataclass_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def recall(self) -> float | None:
        return round(self.found / self.labelled, 4) if self.labelled else None

    @property
    def precision(self) -> float | None:
        return round(self.true / self.announced, 4) if self.announced else None


@dataclass(frozen=True)
class Verdict:
    """One pair, its rows and how they fared."""

    pair: Mapping[str, Any]
    rows: tuple[Row, ...]
    outcome: Outcome
    false_alarms: tuple[Row, ...] = ()
    borne_out: tuple[Row, ...] = ()
    """Of the unlabelled and the false alarms those that the page's changed lines bear out."""
    renamed: tuple[Row, ...] = ()
    held: str = ""

    @property
    def tally(self) -> Tally:
        return Tally(
            pairs=1,
            labelled=len(self.outcome.found) + len(self.outcome.missed),
            found=len(self.outcome.found),
            announced=len(self.rows),
            true=len(self.outcome.found) + len(self.outcome.covered),
            false_alarms=len(self.false_alarms),
            unlabelled=len(self.outcome.unlabelled),
            borne_out=sum(row in self.borne_out for row in self.outcome.unlabelled),
        )
