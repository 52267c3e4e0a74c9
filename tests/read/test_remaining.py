"""What figures are that no reader took for a rate: each by its words, its table, its neighbours."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.read.reading_of import reading

from ratewire.model import Role


def roles(text: str) -> dict[str, Role]:
    """By its words with the figure in them what each figure of a page is."""
    return {each.line: each.role for each in reading(text).figures}


SENTENCES = [
    ("Fees = 100 (GB) × $0.015/30 (days) = $0.05", Role.TOTAL),
    ("Payouts >= $1,000 carry no fees.", Role.BOUND),
    ("Pay as you go, $10 minimum.", Role.LIMIT),
    ("最低購入額：$10", Role.LIMIT),
    ("Mindestbestellwert 10 €", Role.LIMIT),
    ("Halden runners: cheaper than $0.30 elsewhere, unlike Vell", Role.COMPETITOR),
    ("If you keep it for 60 days, you are charged $14.", Role.EXAMPLE),
    ("Our backers put in $8.8 billion last year.", Role.UNREAD),
    ("Our backers put in $8.8 billion (1024×768).", Role.UNREAD),
    ("12 × $0.15 a day", Role.TOTAL),
]


@pytest.mark.parametrize(("sentence", "role"), SENTENCES)
def test_a_sentence_says_what_its_money_is(sentence: str, role: Role) -> None:
    assert set(roles(f"# Orlo\n\n{sentence}\n").values()) == {role}


ROWS = [
    ("$10 per GB per month ($0.0137 per GB per hour)", "$0.0137", Role.REPEATED),
    ("$0.05 per GB ($0.00005 per MB)", "$0.00005", Role.REPEATED),
    ("$0.05 per GB ($0.02 per MB)", "$0.02", Role.UNREAD),
    ("$5 per 1,000 requests", "1,000", Role.BOUND),
]


@pytest.mark.parametrize(("cell", "figure", "role"), ROWS)
def test_what_stands_beside_the_price_of_a_cell(cell: str, figure: str, role: Role) -> None:
    page = f"# Orlo\n\n| Resource | Price |\n|---|---|\n| Disk | {cell} |\n"
    found = {each.text: each.role for each in reading(page).figures}
    assert found[figure] is role


def test_a_price_that_a_sentence_repeats() -> None:
    page = (
        "# Orlo\n\n| Clip | Price per clip |\n|---|---|\n| Long | $0.105 |\n\nHours long, $0.105.\n"
    )
    assert Role.REPEATED in roles(page).values()


TABLES = [
    (  # sums that decide
        "| Net collateral | Orders |\n|---|---|\n| < $20 | 1 |\n| >= $20 and < $100 | 4 |",
        {Role.BOUND, Role.QUANTITY},
    ),
    (  # worked out
        "For example, an hour:\n\n| Item | Amount |\n|---|---|\n| Job | $50 |\n| Tax | $5 |",
        {Role.EXAMPLE},
    ),
]


@pytest.mark.parametrize(("table", "expected"), TABLES)
def test_a_table_says_what_its_money_is(table: str, expected: set[Role]) -> None:
    assert set(roles(f"# Orlo\n\n{table}\n").values()) <= expected


WORDS = [
    ("Price per month", "Mailboxes", "Free"),
    ("Preis pro Monat", "Postfächer", "Kostenlos"),
    ("Precio al mes", "Buzones", "Gratis"),
    ("每月价格", "邮箱", "免费"),
]


@given(
    st.sampled_from(WORDS),
    st.lists(st.integers(2, 900), min_size=3, max_size=3),
    st.lists(st.decimals(Decimal(1), Decimal(99), places=2), min_size=3, max_size=3),
)
def test_counts_beside_prices_are_no_money(
    words: tuple[str, str, str], counts: list[int], prices: list[Decimal]
) -> None:
    price, boxes, free = words
    plans = (free, "Small", "Large")
    down = "\n".join(
        f"| {plan} | {count} | ${amount} |"
        for plan, count, amount in zip(plans, counts, prices, strict=True)
    )
    across = "\n".join(
        f"| {label} | {' | '.join(map(str, cells))} |"
        for label, cells in ((boxes, counts), (price, [f"${each}" for each in prices]))
    )
    for table in (
        f"| Plan | {boxes} | {price} |\n|---|---|---|\n{down}",
        f"| | Small | Medium | Large |\n|---|---|---|---|\n{across}",
    ):
        figures = reading(f"# Halden mail prices\n\n{table}\n").figures
        told = {each.role for each in figures if "$" not in each.text}
        assert told <= {Role.QUANTITY, Role.BOUND}
        assert {each.role for each in figures if "$" in each.text} == {Role.RATE}


def test_the_prices_of_others_are_theirs() -> None:
    page = """# Halden runners

Halden is cheaper than Vell Actions.

| Size | Halden | Vell |
|---|---|---|
| 2 cores | $0.001/min | $0.006/min |
| 4 cores | $0.002/min | $0.012/min |
"""
    figures = reading(page, url="https://halden.example/pricing").figures
    told = {each.place.heads[-1]: each.role for each in figures if "$" in each.text}
    assert told == {"Halden": Role.RATE, "Vell": Role.COMPETITOR}


REASONS = [
    ("Our backers put in $8.8 billion last year.", "no words say what it is the price of"),
    ("| | Registered | Guest |\n| --- | --- | --- |\n| Seats | 2 | 1 |\n| Cost | - | Free |",
     "does not say clearly what"),
    ("| Plan | Registered |\n| --- | --- |\n| User | Free |\n| Seat | - |", "something is free"),
    ("<p>{{ price_of('pro') }} $</p>", "placeholder"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "reason"), REASONS)
def test_a_figure_that_is_not_understood_says_why(text: str, reason: str) -> None:
    unread = [each for each in reading(f"# Orlo\n\n{text}\n").figures if each.role is Role.UNREAD]
    assert any(reason in each.reason for each in unread), [each.reason for each in unread]


@pytest.mark.parametrize("cell", ["2 text messages", "1 request", "3 images"])
def test_a_count_of_things_under_a_word_for_price_is_a_quantity(cell: str) -> None:
    table = f"# Orlo\n\n| Length | Charge |\n| --- | --- |\n| Up to 306 characters | {cell} |\n"
    figures = [each for each in reading(table).figures if each.place.column == 1]
    assert {each.role for each in figures} == {Role.QUANTITY}


@pytest.mark.parametrize("head", ["Pre-paid amount", "Cumulative top-up", "累计充值金额"])
def test_sums_that_decide_a_discount_are_bounds(head: str) -> None:
    table = (
        f"# Orlo limits\n\n| Tier | {head} | Requests |\n| --- | --- | --- |\n| One | $50 | 20 |\n"
    )
    roles = {each.text: each.role for each in reading(table).figures}
    assert roles["$50"] is Role.BOUND


@pytest.mark.parametrize(
    ("head", "role"),
    [
        ("Original price", Role.LIST_PRICE),
        ("Precio anterior", Role.LIST_PRICE),
        ("原价", Role.LIST_PRICE),
        ("You save", Role.SAVING),
        ("Ersparnis", Role.SAVING),
        ("Max charge", Role.LIMIT),
        ("Invoice total", Role.TOTAL),
    ],
)
def test_the_label_of_what_is_no_rate_says_what_it_is(head: str, role: Role) -> None:
    columns = f"| Plan | {head} | Price per month |\n| --- | --- | --- |\n| Team | $30 | $20 |\n"
    rows = f"| | Team |\n| --- | --- |\n| Price per month | $20 |\n| {head} | $30 |\n"
    for table in (columns, rows):
        found = {each.text: each.role for each in reading(f"# Orlo pricing\n\n{table}").figures}
        assert (found["$30"], found["$20"]) == (role, Role.RATE)
