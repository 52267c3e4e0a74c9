"""One price that a page states in several places: what comes, moves and goes is told once."""

from __future__ import annotations

import pytest
from captures import compared, said

ROWS = "| Item | Price |\n|---|---|\n{}| Runner | $0.04 per minute |\n"
SEAT = "| Team seat | $12 per month |\n"


def page(rows: str, *lines: str) -> str:
    return "\n\n".join(("# Otter pricing", "## Otter for teams", *lines, ROWS.format(rows))) + "\n"


SENTENCE = {
    "the row's name": "Each team seat costs $12 per month.",
    "in a longer sentence": "Team seats that were used in a month are charged $12 per month.",
}


@pytest.mark.parametrize("name", SENTENCE)
def test_a_row_and_the_sentence_that_repeats_it_go_and_come_as_one(name: str) -> None:
    whole, bare = page(SEAT, SENTENCE[name]), page("", "Seats are free.")
    assert [line for line in said(compared(whole, bare)) if "12" in line] == ["removed 12>-"]
    assert [line for line in said(compared(bare, whole)) if "12" in line] == ["added ->12"]


def test_a_sentence_of_another_thing_is_no_repetition_of_what_costs_as_much_now() -> None:
    """It went with its price, and another price rose to it."""
    plain, audit = (
        "The Otter plan costs $500 per month.",
        "Otter with audits costs $1,000 per month.",
    )
    before = page(SEAT, plain, audit)
    after = page(SEAT, plain.replace("$500", "$1,000"))
    assert said(compared(before, after)) == ["rate_up 500>1000", "removed 1000>-"]


WIDE = (
    "## Care plans\n\n| Machine | Self care (software) | Full care |\n|---|---|---|\n"
    "| Laptop (device/year) | $25 | $300 |\n| Rack (machine/year) | $500 | $3,400 |\n"
)
NARROW = "## Care\n\n| Self care | Full care |\n|---|---|\n| $25 | $3,400 |\n"
OTHER = "## Care\n\n| Self care | Night care |\n|---|---|\n| $25 | $3,400 |\n"


def test_a_table_that_another_one_contains_goes_without_news() -> None:
    head = "# Otter pricing\n\n"
    assert said(compared(f"{head}{WIDE}\n{NARROW}", f"{head}{WIDE}")) == []
    assert said(compared(f"{head}{WIDE}\n{OTHER}", f"{head}{WIDE}")) == ["removed 3400>-"]


SAME_PRICE = "| Call | Per call |\n|---|---|\n{}"


def calls(*names: str) -> str:
    return "# Otter API\n\n" + SAME_PRICE.format("".join(f"| `{n}` | $0.007 |\n" for n in names))


def test_of_many_things_at_one_price_one_goes_and_another_comes() -> None:
    before = calls("otter_getBlocks", "otter_getLogs", "otter_getTransfers")
    after = calls("otter_getBlocks", "otter_getLogs", "otter_getTokenMoves")
    assert said(compared(before, after)) == ["added ->0.007", "removed 0.007>-"]


def test_a_thing_with_a_price_of_its_own_is_renamed() -> None:
    before = calls("otter_getBlocks", "otter_getLogs") + "| `otter_getTransfers` | $0.02 |\n"
    assert said(compared(before, before.replace("getTransfers", "getTokenMoves"))) == [
        "renamed 0.02>0.02"
    ]
