"""From when to when prices hold: in a cell, by a footnote, in a sentence, by a note above."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading_of import rates_of

NOW, LATER = "$0.75", "$1.50"
UNTIL = "effective_to 2026-12-31"
FROM = "effective_from 2027-01-01"

CELLS = [
    "$0.75 through Dec 31, 2026<br>$1.50 starting January 1, 2027",
    "$0.75 through 31 December 2026 / $1.50 from 1 January 2027",
    "$0.75 until December 31, 2026, then $1.50",
    "Until December 31, 2026: $0.75, from January 1, 2027: $1.50",
    "$0.75 (until 2026-12-31)<br>$1.50 (from 2027-01-01)",
    "0,75 $ bis 31. Dezember 2026<br>1,50 $ ab 1. Januar 2027",
    "0,75 $ hasta el 31 de diciembre de 2026<br>1,50 $ a partir del 1 de enero de 2027",
    "0,75 $ jusqu'au 31 décembre 2026<br>1,50 $ à partir du 1er janvier 2027",
    "$0.75（2026年12月31日まで）<br>$1.50（2027年1月1日から）",
    "$0.75（截至2026年12月31日）<br>$1.50（自2027年1月1日起）",
]


@pytest.mark.parametrize("cell", CELLS)
def test_two_dated_prices_in_a_cell_are_two_rates(cell: str) -> None:
    page = f"# Pricing\n\n| Model | Input / 1M tokens |\n| --- | --- |\n| Onyx 3 | {cell} |\n"
    assert rates_of(page) == [
        f"onyx-3 | input | 0.75 USD per 1M tokens | {UNTIL}",
        f"onyx-3 | input | 1.50 USD per 1M tokens | {FROM}",
    ]


def test_a_dated_price_leaves_the_others_of_its_row_alone() -> None:
    page = (
        "# Pricing\n\n| Model | Input / 1M tokens | Output / 1M tokens |\n| --- | --- | --- |\n"
        "| Onyx 3 | $0.75 until December 31, 2026 | $3 |\n"
    )
    assert rates_of(page) == [
        f"onyx-3 | input | 0.75 USD per 1M tokens | {UNTIL}",
        "onyx-3 | output | 3 USD per 1M tokens",
    ]


@pytest.mark.parametrize(
    "note",
    [
        "(3) Onyx 3 is offered at a 75% discount until 2026/12/31 15:59 UTC.",
        "3. Introductory price, valid until December 31, 2026.",
        "(3) Angebot gültig bis 31. Dezember 2026.",
        "(3) Descuento válido hasta el 31 de diciembre de 2026.",
        "(3) 限时优惠，截至2026年12月31日。",
        "(3) セール価格は2026年12月31日まで。",
    ],
)
def test_a_footnote_says_when_a_sale_ends(note: str) -> None:
    page = (
        "<h1>Pricing</h1><table><tr><th>Model</th><th>Input / 1M tokens</th></tr>"
        "<tr><td>Onyx 2</td><td>$0.14</td></tr>"
        "<tr><td>Onyx 3</td><td>$0.75 (75% OFF<sup>(3)</sup>) <del>$3</del></td></tr></table>"
        f"<p>(1) A token is a part of a word.</p><p>{note}</p>"
    )
    assert rates_of(page, "text/html") == [
        "onyx-2 | input | 0.14 USD per 1M tokens",
        f"onyx-3 | input | 0.75 USD per 1M tokens | {UNTIL}",
    ]


@pytest.mark.parametrize(
    "note",
    [
        "(2) Onyx 3 is offered at a discount until December 31, 2026.",
        "(3) Measured until December 31, 2026.",
        "(3) The discount will not end before December 31, 2026.",
    ],
)
def test_another_footnote_dates_no_price(note: str) -> None:
    page = (
        "<h1>Pricing</h1><table><tr><th>Model</th><th>Input / 1M tokens</th></tr>"
        "<tr><td>Onyx 3</td><td>$0.75 <sup>(3)</sup></td></tr></table>"
        f"<p>{note}</p>"
    )
    assert rates_of(page, "text/html") == ["onyx-3 | input | 0.75 USD per 1M tokens"]


SENTENCES = [
    "The price of Relay rises to $25 per month on July 1, 2026.",
    "As of July 1, 2026 the price of Relay changes to $25 per month.",
    "Relay will cost $25 per month from July 1, 2026.",
    "On July 1, 2026, Relay will increase to $25 per month.",
    "Der Preis für Relay steigt am 1. Juli 2026 auf 25 $ pro Monat.",
    "Ab dem 1. Juli 2026 kostet Relay 25 $ pro Monat.",
    "El precio de Relay sube a 25 $ al mes el 1 de julio de 2026.",
    "Relay coûtera 25 $ par mois à partir du 1er juillet 2026.",
]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_price_that_changes_on_a_day_holds_from_that_day(sentence: str) -> None:
    assert rates_of(f"# Relay pricing\n\n{sentence}\n") == [
        "relay | price | 25 USD per month | effective_from 2026-07-01"
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "As of May 1, 2026 Relay costs $25 per month.",
        "Relay costs $25 per month (last updated July 1, 2026).",
        "Relay costs $25 per month. It was launched on May 1, 2026.",
        "Prices as of May 20, 2026. Relay costs $25 per month.",
    ],
)
def test_a_day_that_tells_how_new_the_page_is_dates_no_price(sentence: str) -> None:
    assert rates_of(f"# Relay pricing\n\n{sentence}\n") == ["relay | price | 25 USD per month"]


LEADS = [
    "On July 1, 2026:",
    "From July 1, 2026 these prices apply:",
    "Ab dem 1. Juli 2026:",
    "Ab 1. Juli 2026 gelten diese Preise:",
    "A partir del 1 de julio de 2026:",
    "À partir du 1er juillet 2026 :",
    "2026年7月1日から：",
]


@pytest.mark.parametrize("lead", LEADS)
def test_the_lead_in_of_a_list_dates_its_prices(lead: str) -> None:
    page = (
        f"# Relay pricing\n\nRelay Basic costs $9 per month.\n\n{lead}\n\n"
        "- Relay Plus costs $25 per month.\n- Relay Max costs $45 per month.\n\n"
        "Relay Mini costs $5 per month.\n"
    )
    assert rates_of(page) == [
        "relay-basic | price | 9 USD per month",
        "relay-max | price | 45 USD per month | effective_from 2026-07-01",
        "relay-mini | price | 5 USD per month",
        "relay-plus | price | 25 USD per month | effective_from 2026-07-01",
    ]


DAYS = [
    "Starting July 1, 2026", "Effective July 1, 2026", "Ab 1. Juli 2026",
    "A partir del 1 de julio de 2026",
    "À partir du 1er juillet 2026", "2026年7月1日から",
]  # fmt: skip


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize(
    "prices",
    ["The price of Relay is $25 per month.", "| Plan | Per month |\n|---|---|\n| Relay | $25 |"],
)
def test_a_line_of_nothing_but_a_day_dates_the_prices_of_its_section(day: str, prices: str) -> None:
    page = f"# Plans\n\n## Relay\n\n{day}\n\n{prices}\n\n## Moss\n\nMoss costs $7 per month.\n"
    assert [line for line in rates_of(page) if "effective" in line] == [
        "relay | price | 25 USD per month | effective_from 2026-07-01"
    ]


@pytest.mark.parametrize(
    "line",
    [
        "We published this page on July 1, 2026.",
        "Last updated July 1, 2026:",
        "On July 1, 2026 our office in Lyon opens its doors to all of you:",
        "Starting July 1, 2026 you find us in another building.",
        "Starting July 1, 2025",
    ],
)
def test_a_line_that_says_more_than_a_day_dates_no_price(line: str) -> None:
    page = f"# Relay pricing\n\n{line}\n\n- Relay costs $25 per month.\n"
    assert rates_of(page) == ["relay | price | 25 USD per month"]


def test_the_end_of_a_sale_tells_no_two_things_apart() -> None:
    tables = (
        "# Kestrel pricing\n\n## Machines\n\n{note}| Machine | Price |\n| --- | --- |\n"
        "| small-2 | $0.08/hour |\n\n## Databases\n\n| Database | Price |\n| --- | --- |\n"
        "| small-2 | $49/month |\n"
    )
    sale = "Sale: 20% off until June 30, 2026. Prices below include the discount.\n\n"
    plain, dated = rates_of(tables.format(note="")), rates_of(tables.format(note=sale))
    assert [line.replace("effective_to 2026-06-30, ", "") for line in dated] == plain
    assert any("effective_to 2026-06-30" in line for line in dated)


@given(st.text(alphabet="$0.751 untilfromJan,2027/()、31日まで\n", max_size=60))
def test_any_cell_is_read(text: str) -> None:
    rates_of(f"<table><tr><th>Model</th><th>Price</th></tr><tr><td>X 1</td><td>{text}", "text/html")
