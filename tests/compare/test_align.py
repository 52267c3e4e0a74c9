"""Which figure is which, by what the pages print round it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.compare.captures import compared, reading_of, said

from ratewire.compare.align import align
from ratewire.compare.places import normal
from ratewire.model import Figure, Place

Cells = list[list[str]]


def grid(
    *rows: str, heads: str = "Month Year", block: int = 0, headings: tuple[str, ...] = ()
) -> list[Figure]:
    """Rows of `label: amount amount`; `-` is a cell without a figure."""
    return [
        figure(
            amount,
            Place("#", (label,), heads=(heads.split()[column],), headings=headings,
                  block=block, row=at, column=column + 1),
        )
        for at, (label, _, amounts) in enumerate(row.partition(": ") for row in rows)
        for column, amount in enumerate(amounts.split())
        if amount != "-"
    ]  # fmt: skip


def text(*lines: str, headings: tuple[str, ...] = (), block: int = 5) -> list[Figure]:
    """Sentences with one amount each."""
    found = []
    for at, line in enumerate(lines):
        amount = next(word for word in line.split() if word.startswith("$"))
        place = Place(line.replace(amount, "#"), headings=headings, block=block + at)
        found.append(figure(amount.removeprefix("$"), place))
    return found


def figure(amount: str, place: Place) -> Figure:
    return Figure(f"${amount}", place, (Decimal(amount),))


def pairs(before: list[Figure], after: list[Figure]) -> list[str]:
    """`old>new` of each pair, then what went and what came."""
    found = align(before, after)
    both = [f"{one.figure.text}>{other.figure.text}" for one, other in found.pairs]
    gone = [f"{each.figure.text}>" for each in found.gone]
    return [*both, *gone, *(f">{each.figure.text}" for each in found.came)]


LIST = grid("Otter: 5 50", "Heron: 7 70", "Teal: 9 90")
SAME = ["$5>$5", "$50>$50", "$7>$7", "$70>$70", "$9>$9", "$90>$90"]

STANDS = {
    "itself": LIST,
    "another order of rows": grid("Teal: 9 90", "Otter: 5 50", "Heron: 7 70"),
    "another order of columns": grid("Otter: 50 5", "Heron: 70 7", "Teal: 90 9",
                                     heads="Year Month"),
    "under another heading": grid("Otter: 5 50", "Heron: 7 70", "Teal: 9 90",
                                  headings=("In detail",)),
    "under other heads": grid("Otter: 5 50", "Heron: 7 70", "Teal: 9 90", heads="Short Long"),
    "labels with marks": grid("Otter™: 5 50", "**Heron**: 7 70", "Teal [1]: 9 90"),
    "a row under another name": grid("Otter: 5 50", "Plover: 7 70", "Teal: 9 90"),
    "in two tables": [*grid("Otter: 5 50"), *grid("Heron: 7 70", "Teal: 9 90", block=1)],
}  # fmt: skip


@pytest.mark.parametrize("name", STANDS)
def test_figures_that_stand_are_found(name: str) -> None:
    assert sorted(pairs(LIST, STANDS[name])) == sorted(SAME)
    assert sorted(pairs(STANDS[name], LIST)) == sorted(SAME)


MOVES = {
    "a price": (LIST, grid("Otter: 5 50", "Heron: 8 70", "Teal: 9 90"), ["$7>$8"]),
    "a row that came": (
        LIST, grid("Otter: 5 50", "Plover: 6 60", "Heron: 7 70", "Teal: 9 90"), [">$6", ">$60"]
    ),
    "a row that went": (LIST, grid("Otter: 5 50", "Teal: 9 90"), ["$7>", "$70>"]),
    "a column that came": (
        LIST,
        grid("Otter: 5 20 50", "Heron: 7 21 70", "Teal: 9 22 90", heads="Month Quarter Year"),
        [">$20", ">$21", ">$22"],
    ),
    "a price in a column under another head": (
        LIST, grid("Otter: 5 50", "Heron: 7 70", "Teal: 9 95", heads="Month Annual"), ["$90>$95"]
    ),
    "another version at the same price": (
        grid("Otter 4.6: 5 50"), grid("Otter 4.7: 5 50"), ["$5>", "$50>", ">$5", ">$50"]
    ),
    "a sentence": (
        text("Storage costs $5 per GB.", "Support costs $9 per month."),
        text("Storage costs $6 per GB.", "Support costs $9 per month."),
        ["$5>$6"],
    ),
    "a sentence with another unit": (
        text("Storage costs $5 per GB."), text("Storage costs $6 per TB."), ["$5>$6"]
    ),
    "a sentence put otherwise": (
        text("Storage costs $5 per GB."), text("We bill storage at $5 per GB each month."), []
    ),
    "a sentence of another thing": (
        text("Storage costs $5 per GB."), text("Transfer costs $6 per request."), ["$5>", ">$6"]
    ),
    "a row that became a card": (
        grid("Otter: 5 50"), text("$5 monthly", headings=("Pricing", "Otter")), ["$50>"]
    ),
    "a price in a heading above": (
        text("Otter at $3 monthly", headings=("Setup is $40.",)),
        text("Otter at $4 monthly", headings=("Setup is $45.",)),
        ["$3>$4"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MOVES)
def test_what_moved_is_found_and_nothing_else(name: str) -> None:
    before, after, expected = MOVES[name]
    moved = [each for each in pairs(before, after) if len(set(each.split(">"))) > 1]
    assert moved == expected
    back = [">".join(reversed(each.split(">"))) for each in pairs(after, before)]
    assert sorted(each for each in back if len(set(each.split(">"))) > 1) == sorted(expected)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Pay-as-you-go", "Pay–as–you–go"),
        ("Otter™ [1]", "**otter**"),
        ("per\u00a0month", "per month"),
        ("“Large”", '"Large":'),
        ("tool-calls", "tool calls"),
    ],
)
def test_what_says_nothing_is_left_out_of_places(one: str, other: str) -> None:
    assert normal(one) == normal(other)


@pytest.mark.parametrize("number", ["1. ", "12) ", "2.1 "])
def test_headings_get_numbers_and_are_what_they_were(number: str) -> None:
    rows = "| Meter | Price |\n|---|---|\n| Input | Free |\n| Output | Free |\n"
    page = "# Pricing\n\n## {0}Otter\n\n{1}\n## {0}Heron\n\n{1}"
    assert said(compared(page.format("", rows), page.format(number, rows))) == []
    assert said(compared(page.format(number, rows), page.format("", rows))) == []


def test_rows_that_only_their_quantities_tell_apart_change_places() -> None:
    head = "# Pricing\n\n| Monthly users | Monthly price | Yearly price |\n|---|---|---|\n"
    rows = ["| 10,000 | $99 | $990 |", "| 100,000 | $99 | $990 |", "| 500,000 | $495 | $4,950 |"]
    assert said(compared(head + "\n".join(rows), head + "\n".join(rows[::-1]))) == []


def test_rebates_below_zero_are_figures() -> None:
    page = (
        "# Trading\n\n| Tier | Maker (bps) | Taker (bps) |\n|---|---|---|\n"
        "| 1 | {} | 5.0 |\n| 2 | -0.7 | 2.5 |\n"
    )
    found = reading_of(page.format("-0.5")).figures
    assert Decimal("-0.5") in {value for figure in found for value in figure.values}
    assert said(compared(page.format("-0.5"), page.format("-0.6")))
