"""One cause is one change, and one change has one id wherever it is found."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from price_lists import SOURCE, Page, facts, rate, table

from ratewire.compare import retract
from ratewire.model import Availability, Facts, Rate, Source, Stage, StatedDate

LIST = table(
    """
    Opus 4.5: input 5, input.cached 0.50, output 25
    Sonnet 4.5: input 3, input.cached 0.30, output 15
    Haiku 4.5: input 1, input.cached 0.10, output 5
    Haiku 3.5: input 0.80, input.cached 0.08, output 4
    """
)


def times(factor: str, rates: tuple[Rate, ...] = LIST) -> tuple[Rate, ...]:
    return tuple(replace(r, amount=(r.amount * Decimal(factor)).quantize(Decimal("0.001")))
                 for r in rates)  # fmt: skip


def batch(rates: tuple[Rate, ...]) -> tuple[Rate, ...]:
    return tuple(
        replace(r, conditions=r.conditions.with_(tier="batch")) for r in times("0.5", rates)
    )


def staged(stage: Stage, *products: str) -> Facts:
    day = StatedDate(date(2027, 1, 1)) if stage is Stage.DEPRECATED else None
    return Facts.of(
        [*LIST, *(Availability(product, stage, shutdown_on=day) for product in products)]
    )


ONE_CAUSE = {
    "a fifth off the whole list": (facts(LIST), facts(times("0.8")), [("rate_down", 12)]),
    "a product with all its rates": (
        facts(LIST), facts(LIST, table("Nano: input 0.1, output 0.4")), [("added", 2)]
    ),
    "two products": (
        facts(LIST), facts(LIST, table("Nano: input 0.1\nMax: input 9")),
        [("added", 1), ("added", 1)],
    ),
    "a product gone": (facts(LIST), facts(LIST[:-3]), [("removed", 3)]),
    "a tier": (facts(LIST), facts(LIST, batch(LIST)), [("added", 12)]),
    "a column": (
        facts(LIST), facts(LIST, (replace(r, meter="cache-write") for r in LIST[::3])),
        [("added", 4)],
    ),
    "a product's new name": (
        facts(LIST),
        facts(replace(r, product="Maestro 4.5") if r.product == "Opus 4.5" else r
              for r in LIST),
        [("renamed", 3)],
    ),
    "prices of one product up and down": (
        facts(LIST),
        facts(replace(LIST[0], amount=Decimal(6)), LIST[1], replace(LIST[2], amount=Decimal(20)),
              LIST[3:]),
        [("rate_down", 1), ("rate_up", 1)],
    ),
    "two products, each its own way": (
        facts(LIST),
        facts(replace(LIST[0], amount=Decimal(6)), LIST[1:3], replace(LIST[3], amount=Decimal(6)),
              LIST[4:]),
        [("rate_up", 1), ("rate_up", 1)],
    ),
    "prices dated to one day": (
        facts(LIST),
        facts(LIST, (replace(r, conditions=r.conditions.with_(effective_from="2027-01-01"))
                     for r in times("1.5"))),
        [("scheduled", 12)],
    ),
    "products deprecated on one day": (
        facts(LIST), staged(Stage.DEPRECATED, "Haiku 3.5", "Opus 3"), [("availability", 2)]
    ),
    "stages without a day": (
        facts(LIST), staged(Stage.PREVIEW, "Nano", "Max"),
        [("availability", 1), ("availability", 1)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ONE_CAUSE)
def test_one_cause_is_one_change(name: str) -> None:
    before, after, expected = ONE_CAUSE[name]
    page = Page()
    for shown in (before, after, after):
        page.check(shown)
    assert [(c.kind.value, len(c.alterations)) for c in page.log] == expected
    assert page.pending is None


def prices(amount: str) -> Facts:
    return facts(LIST, rate("X", "input", amount))


def watched(*amounts: str, source: Source = SOURCE, log: list[object] | None = None) -> Page:
    """Each twice, so that it is confirmed, and so far apart that each is a change of its own."""
    page = Page(source=source, step=timedelta(days=16))
    page.log = log if log is not None else page.log  # type: ignore[assignment]
    for amount in amounts:
        page.check(prices(amount))
        page.check(prices(amount))
    return page


def test_the_id_depends_neither_on_time_nor_on_the_source() -> None:
    (one,) = watched("10", "8").log
    other = Page(source=replace(SOURCE, id="another"))
    other.check(prices("10"))
    for _ in range(3):
        other.check(prices("10"))
    other.check(prices("8.00"))
    other.check(prices("8.00"))
    assert [change.id for change in other.log] == [one.id]


def test_the_id_depends_on_the_publisher() -> None:
    (one,) = watched("10", "8").log
    (other,) = watched("10", "8", source=replace(SOURCE, publisher="Another")).log
    assert one.id != other.id


def test_the_same_change_later_is_another_one_on_every_machine() -> None:
    here, there = watched("10", "8", "10", "8"), watched("10", "8", "10", "8")
    ids = [change.id for change in here.log]
    assert len(set(ids)) == 3
    assert ids == [change.id for change in there.log]


def test_two_sources_with_one_log_find_one_change() -> None:
    log: list[object] = []
    first = watched("10", "8", "10", "8", log=log)
    second = watched("10", "8", source=replace(SOURCE, id="another"), log=log)
    assert [change.id for change in second.log[3:]] == [first.log[2].id]
    assert [change.source for change in second.log[3:]] == ["another"]


def test_what_the_source_s_own_log_ends_with_is_not_told_again() -> None:
    page = watched("10", "8")
    lost = watched("10")
    lost.log = list(page.log)
    lost.check(prices("8"))
    lost.check(prices("8"))
    assert lost.log == page.log
    assert lost.snapshot is not None
    assert lost.snapshot.facts == prices("8")


def test_after_a_retraction_the_same_is_told_under_another_id() -> None:
    page = watched("10", "8")
    page.take(retract(page.log[0], page.snapshot, page.pending, "no", page.now))
    page.check(prices("10"))
    page.check(prices("8"))
    page.check(prices("8"))
    assert len({change.id for change in page.log}) == 3
