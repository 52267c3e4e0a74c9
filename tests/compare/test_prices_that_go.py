"""What a page that prints a price no more says of it: removed, taken back, or nothing."""

from __future__ import annotations

from datetime import date

import pytest
from captures import compared, said

FIRST = date(2026, 3, 1)

ANNOUNCED = {
    "en": "On 1 April 2026 the cost of sending a parcel will go up to $2.40.",
    "de": "Ab dem 1. April 2026 kostet der Tarif Otter 25 $ pro Monat.",
    "fr": "La formule Otter coûtera 25 $ par mois à partir du 1er avril 2026.",
    "es": "El precio del plan Otter sube a 25 $ al mes el 1 de abril de 2026.",
}


def page(*lines: str) -> str:
    return "\n\n".join(("# Otter pricing", *lines, "We answer on weekdays.")) + "\n"


@pytest.mark.parametrize("language", ANNOUNCED)
def test_an_announcement_that_is_not_repeated_takes_nothing_back(language: str) -> None:
    """Before its day the owner is told; once it has come nobody is."""
    before, after = page(ANNOUNCED[language]), page("Nothing else.")
    found = said(compared(before, after, since=FIRST, on=date(2026, 3, 28)))
    assert found == [f"unread {ANNOUNCED[language]}>"]
    assert said(compared(before, after, since=FIRST, on=date(2026, 4, 2))) == []


@pytest.mark.parametrize("placeholder", ["NEW_PRICE", "TBD"])
def test_an_announcement_without_its_figure_is_told_to_the_owner(placeholder: str) -> None:
    line = ANNOUNCED["en"]
    found = said(compared(page(line), page(line.replace("$2.40", placeholder))))
    assert found == [f"unread {line}>"]


def test_a_later_price_beside_the_one_in_force_is_taken_back() -> None:
    line = "The Otter plan costs $20 per month."
    later = "The Otter plan will cost $25 per month from 1 April 2026."
    assert said(compared(page(line, later), page(line))) == ["scheduled 25>-"]


def test_a_dated_price_of_a_table_that_goes_is_taken_back() -> None:
    rows = "| Plan | Per month |\n|---|---|\n| Otter | $20 |\n"
    dated = f"{rows}| Heron | $25 from 1 April 2026 |\n"
    assert said(compared(page(dated), page(rows))) == ["scheduled 25>-"]


LIMITS = (
    "| Tier | Projects | Seats | Regions |\n|---|---|---|---|\n"
    "| Small | 3 | 5 | 1 |\n| Large | 30 | 50 | 4 |\n"
)
PRICES = "| Machine | Per hour |\n|---|---|\n| A1 | $0.10 |\n| B1 | $0.20 |\n| C1 | $0.40 |\n"


def test_prices_that_go_from_a_page_which_stands_settle() -> None:
    found = compared(page(LIMITS, PRICES), page(LIMITS, "Ask us for a price."))
    assert found.held is not None
    assert (found.held.guard, found.held.settles) == ("most-gone", True)
    assert [line for line in said(found) if line.startswith("removed")] == [
        "removed 0.1>-", "removed 0.2>-", "removed 0.4>-",
    ]  # fmt: skip


def test_the_one_price_of_a_page_which_stands_is_removed() -> None:
    price = "The Otter plan costs $20 per month."
    assert said(compared(page(LIMITS, price), page(LIMITS))) == ["removed 20>-"]


def test_prices_that_go_with_all_else_are_damage() -> None:
    found = compared(page(LIMITS, PRICES), page("Loading."))
    assert found.held is not None
    assert (found.held.guard, found.held.settles) == ("none-left", False)


@pytest.mark.parametrize("blank", ["‐", "-", "–", "—"])
def test_a_table_that_goes_and_says_no_more_than_another_takes_nothing_away(blank: str) -> None:
    """A dash under the head of another column tells nothing of a price beside it."""
    stays = (
        "# Otter\n\n| | No help (software) | Help (24/7) | Full help |\n|---|---|---|---|\n"
        "| Desk (per year) | $25 | – | $300 |\n| Rack (per year) | $500 | $99 | $700 |\n"
    )
    goes = f"\n| No help | Help in infra | Full help |\n|---|---|---|\n| $500 | {blank} | $700 |\n"
    assert said(compared(stays + goes, stays)) == []
