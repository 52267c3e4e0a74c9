"""Of a page that moved in part, the figures that are kept say what stands and nothing else."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from price_lists import rate

from ratewire.compare.followed import Followed
from ratewire.compare.kept import in_step, put_back
from ratewire.model import Facts, Figure, Place, Rate, Role

OTTER, HERON = rate("otter", "input", "5"), rate("heron", "input", "3")


def at(rate: Rate, amount: str) -> Rate:
    return replace(rate, amount=Decimal(amount))


def cell(text: str, *rates: Rate, row: int = 1, heading: str = "Prices", block: int = 2) -> Figure:
    place = Place(
        "#", ("row",), heads=("Price",), headings=(heading,), block=block, row=row, column=1
    )
    return Figure(
        f"${text}", place, (Decimal(text),), role=Role.RATE if rates else Role.UNREAD,
        reason="" if rates else "no head", rates=tuple(each.identity for each in rates),
    )  # fmt: skip


def shown(figures: tuple[Figure, ...]) -> list[str]:
    return [figure.text for figure in figures]


def moved(*pairs: tuple[Figure | None, Figure | None], rates: tuple[Rate, ...]) -> Followed:
    """`pairs`: the earlier and the later figure of each place; `rates`: those of the later page."""
    later = [new for _, new in pairs if new is not None]
    olds = [(old, new) for old, new in pairs if old is not None]
    aligned = {i: later.index(new) for i, (_, new) in enumerate(olds) if new is not None}
    return Followed(Facts.of(rates), tuple(later), aligned)


@pytest.mark.parametrize(
    ("stands", "waiting", "expected"),
    [
        ("4", (), ["$4"]),
        ("5", (), ["$5"]),
        ("4", (OTTER.identity,), ["$5"]),
    ],
    ids=["what was told", "what was not told", "what another alteration of the rate waits for"],
)
def test_a_figure_moves_with_its_rate(
    stands: str, waiting: tuple[tuple[str, ...], ...], expected: list[str]
) -> None:
    old, new = cell("5", OTTER), cell("4", OTTER)
    followed = moved((old, new), rates=(at(OTTER, "4"),))
    facts = Facts.of([at(OTTER, stands)])
    assert shown(in_step((old,), followed, facts, waiting)) == expected


def test_a_figure_of_two_rates_moves_when_both_have() -> None:
    old, new = cell("5", OTTER, HERON), cell("4", OTTER, HERON)
    followed = moved((old, new), rates=(at(OTTER, "4"), at(HERON, "4")))
    half, whole = ([at(OTTER, "4"), at(HERON, amount)] for amount in ("5", "4"))
    assert shown(in_step((old,), followed, Facts.of(half))) == ["$5"]
    assert shown(in_step((old,), followed, Facts.of(whole))) == ["$4"]
    assert shown(in_step((old,), followed, Facts.of(whole), (HERON.identity,))) == ["$5"]


def test_a_later_figure_lies_where_the_earlier_one_lay() -> None:
    old = cell("5", OTTER, row=3, block=7)
    new = cell("5", OTTER, row=1, block=0, heading="Plans")
    (kept,) = in_step((old,), moved((old, new), rates=(OTTER,)), Facts.of([OTTER]))
    assert kept.place.headings == ("Plans",)
    assert (kept.place.block, kept.place.row, kept.place.column) == (7, 3, 1)


@pytest.mark.parametrize(("stands", "expected"), [((OTTER,), ["$5"]), ((), [])])
def test_a_figure_that_is_gone_stays_as_long_as_its_rate(
    stands: tuple[Rate, ...], expected: list[str]
) -> None:
    old = cell("5", OTTER)
    assert shown(in_step((old,), moved((old, None), rates=()), Facts.of(stands))) == expected


@pytest.mark.parametrize(
    ("noted", "role", "expected"),
    [
        (True, Role.UNREAD, []),
        (False, Role.UNREAD, ["$9"]),
        (True, Role.BOUND, ["$9"]),
    ],
)
def test_what_is_not_understood_and_gone_stays_until_the_owner_knows(
    noted: bool, role: Role, expected: list[str]
) -> None:
    old = replace(cell("9"), role=role)
    followed = moved((old, None), rates=())
    assert shown(in_step((old,), followed, Facts(), noted=noted)) == expected


@pytest.mark.parametrize(("noted", "expected"), [(True, ["$8"]), (False, ["$9"])])
def test_what_is_not_understood_and_moved_stays_until_the_owner_knows(
    noted: bool, expected: list[str]
) -> None:
    old, new = cell("9"), cell("8")
    followed = moved((old, new), rates=())
    assert shown(in_step((old,), followed, Facts(), noted=noted)) == expected


@pytest.mark.parametrize(
    ("stands", "waiting", "expected"),
    [
        ((OTTER, HERON), (), ["$5", "$3"]),
        ((OTTER,), (), ["$5"]),
        ((OTTER, HERON), (HERON.identity,), ["$5"]),
    ],
)
def test_a_figure_that_came_is_kept_once_its_rate_stands(
    stands: tuple[Rate, ...], waiting: tuple[tuple[str, ...], ...], expected: list[str]
) -> None:
    old, new = cell("5", OTTER, block=4), cell("3", HERON, block=0)
    followed = moved((old, old), (None, new), rates=(OTTER, HERON))
    kept = in_step((old,), followed, Facts.of(stands), waiting)
    assert shown(kept) == expected
    assert [figure.place.block for figure in kept] == [4, 5][: len(expected)]


def test_what_is_not_understood_and_came_is_kept_once_the_owner_knows() -> None:
    followed = moved((None, cell("8")), rates=())
    assert shown(in_step((), followed, Facts())) == ["$8"]
    assert shown(in_step((), followed, Facts(), noted=False)) == []


def test_figures_print_what_the_owner_says_that_they_should() -> None:
    figures = (cell("5", OTTER), cell("3", HERON))
    before, after = Facts.of([OTTER, HERON]), Facts.of([at(OTTER, "6"), HERON])
    put = put_back(figures, before, after)
    assert [(figure.text, figure.values) for figure in put] == [
        ("6 USD", (Decimal("6"),)),
        ("$3", (Decimal("3"),)),
    ]
