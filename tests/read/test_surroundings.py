"""What stands round a table: what it is called, and whether it is but an example."""

from __future__ import annotations

import pytest
from tests.read.reading_of import rates_of

MARKDOWN, HTML = "text/markdown", "text/html"


def two_tables(first: str, second: str) -> str:
    """Two price lists of one head under one heading, each with a line above it."""
    head = "| Size | Price per month |\n| --- | --- |\n"
    return f"# Hosts\n\n{first}\n\n{head}| S | $5 |\n\n{second}\n\n{head}| S | $9 |\n"


@pytest.mark.parametrize(
    ("first", "second", "names"),
    [
        ("Standard type:", "High frequency type:", ["high-frequency-type", "standard-type"]),
        ("Kleine Rechner", "Große Rechner", ["große-rechner", "kleine-rechner"]),
        ("Équipe de nuit :", "Équipe de jour :", ["equipe-de-jour", "equipe-de-nuit"]),
        ("通用型：", "高频型：", ["通用型", "高频型"]),
        ("標準タイプ", "高周波タイプ", ["標準タイプ", "高周波タイプ"]),
    ],
)
def test_a_line_above_tells_tables_apart(first: str, second: str, names: list[str]) -> None:
    for page in (two_tables(first, second), two_tables(second, first)):
        found = rates_of(page, MARKDOWN)
        assert sorted(rate.split("table ")[-1] for rate in found) == sorted(
            name.replace("ß", "ss") for name in names
        )


def test_a_caption_tells_tables_apart() -> None:
    table = (
        "<table><caption>{}</caption><tr><th>Licence</th><th>Fee</th></tr>"
        "<tr><td>Maker</td><td>${}</td></tr></table>"
    )
    page = f"<h1>Fees</h1>{table.format('Initial', 1080)}{table.format('Minor amendment', 540)}"
    assert rates_of(page, HTML) == [
        "maker | price | 1080 USD per unit | table initial",
        "maker | price | 540 USD per unit | table minor-amendment",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "The prices are listed in the table below.",
        "All prices in USD",
        "See the following table:",
        "Die folgenden Preise gelten:",
        "Los precios siguientes:",
        "价格如下：",
    ],
)
def test_a_line_that_only_points_names_no_table(line: str) -> None:
    found = rates_of(two_tables(line, "Fast hosts:"), MARKDOWN)
    assert len(found) == 2
    assert not any("table the" in rate or "prices" in rate for rate in found)


EXAMPLE = "\n\n| Item | Amount |\n| --- | --- |\n| Product | $50 |\n| Tax | $10.50 |\n"


@pytest.mark.parametrize(
    "line",
    [
        "Eg. For a customer buying a product worth $50 find the detailed breakdown:",
        "Suppose a trader holds 1,000 coins.",
        "The table shows what 1 TB of parts costs in a month.",
        "In this example a shop sells twice a day:",
        "Angenommen, ein Kunde kauft zweimal:",
        "Supongamos que un cliente compra dos veces:",
        "Par exemple, pour deux achats :",
        "假设客户购买两次：",
        "例えば、二回購入する場合：",
    ],
)
def test_a_table_announced_as_an_example_has_no_prices(line: str) -> None:
    assert rates_of(f"# Fees\n\n{line}{EXAMPLE}", MARKDOWN) == []


def test_a_table_beside_an_example_has_its_prices() -> None:
    page = f"# Fees\n\nFor example, two sales cost twice.\n\nOur fees:{EXAMPLE}"
    assert len(rates_of(page, MARKDOWN)) == 2


@pytest.mark.parametrize(
    ("first", "second"),
    [("Hourly rates", "Fixed fees"), ("Stundensätze", "Pauschalen"), ("Monthly plans", "One-off")],
)
def test_the_words_over_a_heading_hold_for_its_section_alone(first: str, second: str) -> None:
    page = (
        f"<title>Fees</title><h1>Fees</h1><div>{first}</div><h2>By the clock</h2><p>As follows.</p>"
        f"<div>{second}</div><h2>By the case</h2><table><tr><th>Service</th><th>Fee</th></tr>"
        "<tr><td>Visa</td><td>$1,500</td></tr><tr><td>Will</td><td>$350</td></tr></table>"
    )
    assert rates_of(page, HTML) == [
        "visa | price | 1500 USD per unit",
        "will | price | 350 USD per unit",
    ]
