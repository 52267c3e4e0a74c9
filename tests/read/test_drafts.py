"""Rates that look alike: what tells them apart, and that none is lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.read.reading_of import rates_of, reading


def table(head: str, *rows: str) -> str:
    width = head.count("|") + 1
    return "\n".join(f"| {line} |" for line in (head, " | ".join(["---"] * width), *rows))


def test_the_same_prices_under_other_headings_are_other_rates() -> None:
    plans = ("small | 0.05", "large | 0.10")
    text = "\n\n".join(
        f"## {city}\n\n{table('Instance | Price (USD/hr)', *plans)}" for city in ("Oslo", "Turin")
    )
    assert rates_of(text) == [
        "large | price | 0.10 USD per hour | section oslo",
        "large | price | 0.10 USD per hour | section turin",
        "small | price | 0.05 USD per hour | section oslo",
        "small | price | 0.05 USD per hour | section turin",
    ]


def test_a_few_rows_shown_again_are_the_same_rates() -> None:
    every = table("Model | Price", "kite-1 | $1", "kite-2 | $2", "kite-3 | $3")
    text = f"## Popular\n\n{table('Model | Price', 'kite-2 | $2')}\n\n## All models\n\n{every}"
    assert rates_of(text) == [
        "kite-1 | price | 1 USD per unit",
        "kite-2 | price | 2 USD per unit",
        "kite-3 | price | 3 USD per unit",
    ]


def test_all_rows_of_a_table_carry_what_one_of_them_needs() -> None:
    text = (
        f"## North\n\n{table('Plan | Price', 'Solo | $5', 'Duo | $8')}\n\n"
        f"## South\n\n{table('Plan | Price', 'Solo | $6', 'Trio | $9')}"
    )
    assert rates_of(text) == [
        "duo | price | 8 USD per unit | section north",
        "solo | price | 5 USD per unit | section north",
        "solo | price | 6 USD per unit | section south",
        "trio | price | 9 USD per unit | section south",
    ]


def test_two_prices_that_nothing_tells_apart_are_both_kept_and_marked() -> None:
    text = f"## Plans\n\n{table('Plan | Price', 'Solo | $5', 'Duo | $8', 'Solo | $6')}"
    assert rates_of(text) == [
        "duo | price | 8 USD per unit",
        "solo | price | 5 USD per unit",
        "solo | price | 6 USD per unit | entry 2",
    ]
    assert any("nothing tells apart" in mark for mark in reading(text).marks)


@given(st.lists(st.tuples(st.sampled_from(["Solo", "Duo"]), st.integers(1, 9)), min_size=1))
def test_no_price_of_a_table_is_lost(rows: list[tuple[str, int]]) -> None:
    text = table("Plan | Price", *(f"{plan} | ${price}" for plan, price in rows))
    read = {line.split(" | ")[0] + " " + line.split(" | ")[2].split()[0] for line in rates_of(text)}
    assert read == {f"{plan.lower()} {price}" for plan, price in rows}


def test_headings_of_two_levels_that_differ_both_tell_tables_apart() -> None:
    list_ = table("Host | Price", "Mac | $1 / minute", "Bat | $2 / minute")
    text = (
        f"## For one\n\n### 1. As you go\n\n{list_}\n\n## For teams\n\n### 1. As you go\n\n{list_}"
    )
    found = rates_of(text)
    assert len(found) == 4
    assert sum("chapter for-teams" in rate for rate in found) == 2


def test_the_heading_comes_before_what_a_row_holds() -> None:
    text = (
        f"## Machines\n\n{table('Machine | Disk | Price', 's-2 | 40GB | $1')}\n\n"
        f"## Databases\n\n{table('Machine | Disk | Price', 's-2 | 64GB | $2')}"
    )
    assert rates_of(text) == [
        "s-2 | price | 1 USD per unit | section machines",
        "s-2 | price | 2 USD per unit | section databases",
    ]
