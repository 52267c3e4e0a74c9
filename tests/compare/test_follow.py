"""Names are sticky, one price may stand in two places, and what is not understood is never lost."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from price_lists import DAY, facts, printed, rate, table, told, unread
from tests.compare.captures import compared, said

from ratewire.compare import Differences, differences
from ratewire.compare.guard import damaged
from ratewire.model import Facts, Figure, Place, Rate, Role

LIST = table("Otter: input 5, output 25\nHeron: input 3, output 15\nTeal: input 1, output 4")


def between(
    before: Facts,
    after: Facts,
    *,
    figures: tuple[Figure, ...] = (),
    later: tuple[Figure, ...] = (),
    trusting: bool = False,
) -> Differences:
    """`figures` and `later`: what either page prints beside its table."""
    return differences(
        before, after, on=DAY, trusting=trusting,
        figures=(*printed(before), *figures), later=(*printed(after), *later),
    )  # fmt: skip


def says(words: str, text: str, value: str, rates: tuple[Rate, ...] = ()) -> Figure:
    """A sentence below the table."""
    role = Role.RATE if rates else Role.UNREAD
    return Figure(
        text, Place(words, block=9), (Decimal(value),), role=role,
        reason="" if rates else "no words say what it is the price of",
        rates=tuple(each.identity for each in rates),
    )  # fmt: skip


# ── Names ────────────────────────────────────────────────────────────────────────────────────


def test_a_rate_goes_on_under_its_recorded_name() -> None:
    """The reader names all otherwise, the page prints the same."""
    named = facts(replace(r, product=f"pricing-{r.product}", meter="price") for r in LIST)
    after = facts(
        replace(r, conditions=r.conditions.with_(column=old.meter))
        for r, old in zip(named.rates, facts(LIST).rates, strict=True)
    )
    identities = dict(zip((r.identity for r in facts(LIST).rates),
                          (r.identity for r in after.rates), strict=True))  # fmt: skip
    same_page = tuple(
        replace(each, rates=tuple(identities[name] for name in each.rates))
        for each in printed(facts(LIST))
    )
    found = differences(facts(LIST), after, on=DAY, figures=printed(facts(LIST)), later=same_page)
    assert found.alterations == ()
    assert {r.identity for r in found.followed.facts.rates} == set(identities)
    assert {n for f in found.followed.figures for n in f.rates} == set(identities)


def test_a_price_that_is_read_for_the_first_time_is_no_news() -> None:
    words = "Support costs # per month"
    support = rate("support", "month", "40", per="month", prose=True)
    before = (says(words, "$40", "40"),)
    later = (says(words, "$40", "40", (support,)),)
    after = facts(LIST, support)
    found = differences(
        facts(LIST), after, on=DAY,
        figures=(*printed(facts(LIST)), *before), later=(*printed(facts(LIST)), *later),
    )  # fmt: skip
    assert found.alterations == ()
    assert support in found.followed.facts.rates


def test_a_price_that_is_read_no_more_and_stands_is_no_removal() -> None:
    words = "Support costs # per month"
    support = rate("support", "month", "40", per="month", prose=True)
    figures = printed(facts(LIST))
    for text, value, expected in (
        ("$40", "40", []), ("$45", "45", ["rate_up support month 40>45"])
    ):  # fmt: skip
        found = differences(
            facts(LIST, support), facts(LIST), on=DAY,
            figures=(*figures, says(words, "$40", "40", (support,))),
            later=(*figures, says(words, text, value)),
        )  # fmt: skip
        assert told(found.alterations) == expected
        assert found.followed.unread == ()


# ── Two places ───────────────────────────────────────────────────────────────────────────────

TWICE = "The Otter takes # per input"


def two_places(in_table: str, in_text: str) -> tuple[Facts, tuple[Figure, ...]]:
    shown = facts(replace(LIST[0], amount=Decimal(in_table)), LIST[1:])
    return shown, (*printed(shown), says(TWICE, f"${in_text}", in_text, LIST[:1]))


def test_of_two_places_of_one_price_one_moves() -> None:
    """Told once; that the places disagree is said; when the other catches up it is no news."""
    (before, figures), (after, later) = two_places("5", "5"), two_places("4", "5")
    found = differences(before, after, on=DAY, figures=figures, later=later)
    assert told(found.alterations) == ["rate_down Otter input 5>4"]
    assert [mark.partition(":")[0] for mark in found.followed.marks] == ["places disagree"]
    now, both = two_places("4", "4")
    caught_up = differences(
        found.followed.facts, now, on=DAY, figures=found.followed.figures, later=both
    )
    assert caught_up.alterations == ()
    assert caught_up.followed.marks == ()
    assert caught_up.followed.unread == ()


def test_a_second_place_that_comes_or_goes_is_no_news() -> None:
    shown, both = two_places("5", "5")
    for figures, later in ((printed(shown), both), (both, printed(shown))):
        found = differences(shown, shown, on=DAY, figures=figures, later=later)
        assert (found.alterations, found.followed.unread) == ((), ())


# ── What is not understood ───────────────────────────────────────────────────────────────────

LINE = "Concierge from #"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (unread(LINE, "$70", "70"), unread(LINE, "$80", "80"),
         [("Concierge from $70", "Concierge from $80")]),
        (None, unread(LINE, "$80", "80"), [("", "Concierge from $80")]),
        (unread(LINE, "$70", "70"), None, [("Concierge from $70", "")]),
        (unread(LINE, "$70", "70"), unread(LINE, "$70.00", "70.00"), []),
        (unread(LINE, "$70", "70"), unread("Concierge now from #", "$70", "70"), []),
        (replace(unread(LINE, "70", "70"), role=Role.QUANTITY),
         replace(unread(LINE, "80", "80"), role=Role.QUANTITY), []),
    ],
)  # fmt: skip
def test_unread_changes(
    before: Figure | None, after: Figure | None, expected: list[tuple[str, str]]
) -> None:
    found = between(
        facts(LIST), facts(LIST),
        figures=tuple(filter(None, [before])), later=tuple(filter(None, [after])),
    )  # fmt: skip
    assert found.alterations == ()
    assert [(each.old, each.new) for each in found.followed.unread] == expected
    assert all(each.why for each in found.followed.unread)


# ── Damage of single figures ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "values", "is_damage"),
    [("$NaN", (), True), ("{{price}}", (), True), ("$0.00", ("0",), True), ("Free", ("0",), False)],
)
def test_damage_of_one_figure_holds_that_figure(
    text: str, values: tuple[str, ...], is_damage: bool
) -> None:
    before = facts(LIST)
    free = facts(replace(LIST[0], amount=Decimal(0)), LIST[1:])
    after = free if values else facts(LIST[1:])
    later = tuple(
        replace(each, text=text, values=tuple(map(Decimal, values)),
                rates=each.rates if values else ())
        if each.rates == (LIST[0].identity,) else each
        for each in printed(before)
    )  # fmt: skip
    found = differences(before, after, on=DAY, figures=printed(before), later=later)
    held = damaged(found)
    assert (held is not None) is is_damage
    if held is None:
        assert told(found.alterations) == ["rate_down Otter input 5>0"]
        return
    assert (held.guard, held.figures, held.is_final) == ("figures-damaged", 1, False)
    assert found.alterations == ()
    assert LIST[0] in found.followed.facts.rates, "it stays as it is on record"


def test_the_owner_may_trust_what_looks_like_damage() -> None:
    before = facts(LIST)
    after = facts(replace(LIST[0], amount=Decimal(0)), LIST[1:])
    later = tuple(
        replace(each, text="$0.00") if each.values == (Decimal(0),) else each
        for each in printed(after)
    )
    found = differences(before, after, on=DAY, figures=printed(before), later=later, trusting=True)
    assert told(found.alterations) == ["rate_down Otter input 5>0"]


def fees(name: str, *prices: str) -> str:
    """A table of bounds and fees, without a word in its rows."""
    bounds = ("$0 - $99", "$100 - $199", "$200 - $299", "$300 - $399")
    rows = "".join(
        f"<tr><td>{bound}</td><td>${price}</td></tr>"
        for bound, price in zip(bounds, prices, strict=False)
        if price
    )
    return (
        f"<table><caption>{name}</caption><tr><th>Yearly sales</th><th>Fee</th></tr>{rows}</table>"
    )


def test_rows_that_go_are_told_though_their_figures_stand_in_another_table() -> None:
    first = "<h1>Fees</h1>" + fees("New licences", "270", "405", "540", "675")
    both = first + fees("Renewals", "270", "405", "540", "675")
    less = first + fees("Renewals", "270", "", "", "675")
    assert [each for each in said(compared(both, less)) if "405" in each]
    assert said(compared(both + fees("Renewals", "270", "405", "540", "675"), both)) == []


def test_a_heading_that_was_there_is_no_new_name() -> None:
    page = (
        "# Fees\n\n## Merchants\n\nThose who sell.\n\n{}- Transaction fee: 4% + $0.40\n\n"
        "## Payouts\n\n- Payout fee: $5 per payout\n"
    )
    assert said(compared(page.format("## Pay-in\n\n"), page.format(""))) == []
