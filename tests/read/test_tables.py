"""How a table is laid out, and which figures a cell holds."""

from __future__ import annotations

from datetime import date

import pytest
from tests.read.reading_of import rates_of

from ratewire.model import Hints
from ratewire.read.cells import cell_figures, unnamed_meters
from ratewire.read.document import Cell, Table
from ratewire.read.html import parse_html
from ratewire.read.layout import Frame, lay_out
from ratewire.read.page import survey


def frame(html: str, hints: Hints = Hints()) -> Frame | None:  # noqa: B008 (frozen)
    document = parse_html(html)
    page = survey(document, hints, date(2026, 5, 1), "https://vendor.example/pricing")
    return lay_out(
        next(block for block in document.blocks if isinstance(block, Table)), page, False
    )


def rows(*lines: str) -> str:
    """A table whose cells are parted by bars, the first line its head."""
    head, *body = (line.split("|") for line in lines)
    cells = "".join(f"<th>{text.strip()}</th>" for text in head)
    rest = "".join(
        "<tr>" + "".join(f"<td>{text.strip()}</td>" for text in line) + "</tr>" for line in body
    )
    return f"<table><tr>{cells}</tr>{rest}</table>"


@pytest.mark.parametrize(
    ("html", "roles"),
    [
        (rows("Model | Input | Output", "m-1 | $1 | $2"), ("product", "price", "price")),
        (rows("Region | Plan | Price", "EU | Pro | $2"), ("region", "product", "price")),
        (rows("Plan | Price | You save", "Pro | $2 | $1"), ("product", "price", "skip")),
        (rows("Item | Price | Currency", "Seat | 12.50 | EUR"), ("product", "price", "currency")),
        (rows("Model | Old price | New price", "m-1 | $3 | $2"), ("product", "skip", "price")),
        (rows("Model | RPM | Price", "m-1 | 500 | $2"), ("product", "skip", "price")),
    ],
)  # fmt: skip
def test_each_column_has_its_role(html: str, roles: tuple[str, ...]) -> None:
    laid = frame(html)
    assert laid is not None
    assert laid.roles == roles


@pytest.mark.parametrize(
    ("html", "sideways"),
    [
        (rows("Model | Input | Output", "m-1 | $1 | $2", "m-2 | $3 | $4"), False),
        (rows("Meter | m-1 | m-2", "Input | $1 | $2", "Output | $3 | $4"), True),
        (rows("Users | Basic | Plus", "1-10 | $1 | $2", "11-100 | $3 | $4"), True),
        (rows("Size | Low | High", "512x512 | $1 | $2", "1024x1024 | $3 | $4"), False),
    ],
)
def test_which_way_a_table_runs(html: str, sideways: bool) -> None:
    laid = frame(html)
    assert laid is not None
    assert laid.transposed is sideways


@pytest.mark.parametrize(
    ("heads", "prices"),
    [
        ("Free | Standard | Pro", "N/A | $29 | $399"),
        ("Frei | Standard | Profi", "kostenlos | 29 € | 399 €"),
        ("免费版 | 标准版 | 专业版", "免费 | 29 元 | 399 元"),
    ],
)
def test_plans_over_a_row_of_prices_need_no_labels(heads: str, prices: str) -> None:
    laid = frame(rows(heads, prices))
    assert laid is not None
    assert (laid.transposed, laid.labelled) == (True, False)


@pytest.mark.parametrize(
    "lines",
    [
        ("Input | Output", "$3 | $15"),
        ("Plan | Pro | Max", "Price | $5 | $9"),
        ("Sales | Fee", "$0 - $199 | $10"),
        ("Net worth | Lowest", "≥ $100 and < $1M | $10"),
    ],
)
def test_a_row_that_begins_with_a_label_or_a_range_is_no_row_of_plans(
    lines: tuple[str, ...],
) -> None:
    laid = frame(rows(*lines))
    assert laid is None or laid.labelled


def test_a_row_of_one_heading_cell_is_a_banner_even_under_the_head() -> None:
    laid = frame(
        "<table><tr><th>Fare</th><th>1 ride</th></tr><tr><th colspan=2>HILL BUS</th></tr>"
        "<tr><td>Adult</td><td>$5</td></tr><tr><th colspan=2>TOWN BUS</th></tr>"
        "<tr><td>Adult</td><td>$1</td></tr></table>"
    )
    assert laid is not None
    assert laid.heads == ("Fare", "1 ride")
    assert [cell.text for cell, _ in laid.body] == ["HILL BUS", "Adult", "TOWN BUS", "Adult"]


def test_a_title_across_the_head_stays_head() -> None:
    laid = frame(
        "<table><tr><th colspan=2>Prices in EUR</th></tr><tr><th>Fare</th><th>1 ride</th></tr>"
        "<tr><td>Adult</td><td>5.00</td></tr></table>"
    )
    assert laid is not None
    assert laid.heads == ("Prices in EUR Fare", "Prices in EUR 1 ride")


def test_a_table_without_a_price_has_no_layout() -> None:
    assert frame(rows("Model | Context", "m-1 | 200K")) is None


def test_prices_in_the_heads_become_a_row() -> None:
    laid = frame(rows("Feature | Pro<br>$5 / month | Max<br>$9 / month", "Seats | 1 | 5"))
    assert laid is not None
    assert laid.heads == ("Feature", "Pro", "Max")
    assert [cell.text for cell in laid.body[0]] == ["Price", "$5 / month", "$9 / month"]


def figures(text: str, names: tuple[str, ...] = ()) -> list[str]:
    found = cell_figures(Cell(text), "", "USD", names)
    return [f"{figure.amount.value:f} {figure.words}".strip() for figure in found]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("$5", ["5"]),
        ("Free", ["0"]),
        ("12", []),
        ("N/A", []),
        ("$18 → $15", ["15"]),
        ("$0.20 input / $0.60 output", ["0.20 input", "0.60 output"]),
        ("Input: $1\nOutput: $2", ["1 Input", "2 Output"]),
        ("$5 (cached: $0.50)", ["5", "0.50 cached"]),
        ("$1.25, prompts <= 200k\n$2.50, prompts > 200k",
         ["1.25 prompts <= 200k", "2.50 prompts > 200k"]),
        ("$20 ($240 billed yearly)", ["20"]),
        ("$0.50 (text / image) $1.00 (audio)", ["0.50 text / image", "1.00 audio"]),
        ("As in Standard, not in batches $0.50 (text) $1.00 (audio)",
         ["0.50 text", "1.00 audio"]),
        ("$2.00 (text), equivalent to $0.0011 per image and $0.01 per video", ["2.00 text"]),
        ("$30 free usage credits, one time", []),
        ("$0.01 per unit (fixed; discounts apply elsewhere)", ["0.01"]),
        ("$5 / month $50 / year", ["5", "50"]),
    ],
)  # fmt: skip
def test_each_price_of_a_cell_with_its_words(text: str, told: list[str]) -> None:
    assert figures(text) == told


@pytest.mark.parametrize("mark", [":", "："])
def test_what_stands_before_all_prices_of_a_line_holds_for_each(mark: str) -> None:
    cell = Cell(f"prompts ≤ 32K tokens{mark} input $2, output $8")
    found = [(f.amount.value, f.words, f.scope) for f in cell_figures(cell, "", "USD")]
    assert found == [(2, "input", "prompts ≤ 32K tokens"), (8, "output", "prompts ≤ 32K tokens")]


@pytest.mark.parametrize(("stated", "units"), [(True, ["None", "hour"]), (False, ["hour", "hour"])])
def test_the_last_unit_of_a_cell_is_for_all_where_no_heading_gives_one(
    stated: bool, units: list[str]
) -> None:
    cell = Cell("$1 (text) $2 per hour (storage)")
    assert [str(f.amount.unit) for f in cell_figures(cell, "", "", (), stated)] == units


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("$2 / $8", ["2 Input", "8 Output"]),
        ("$2\n$8", ["2 Input", "8 Output"]),
        # the cell's own words count for more than the heading's order
        ("$8 output / $2 input", ["8 output", "2 input"]),
        ("Output: $8\nInput: $2", ["8 Output", "2 Input"]),
    ],
)
def test_the_heading_may_name_the_prices_of_a_cell(text: str, told: list[str]) -> None:
    assert figures(text, ("Input", "Output")) == told


@pytest.mark.parametrize(
    ("numbers", "meters"),
    [
        (("1", "4"), ("input", "output")),
        (("1", "0.1", "4"), ("input", "input.cached", "output")),
        (("1", "2", "4"), ("column-1", "column-2", "column-3")),
    ],
)
def test_numbers_without_headings_go_by_their_order(
    numbers: tuple[str, ...], meters: tuple[str, ...]
) -> None:
    assert unnamed_meters([Cell(number) for number in numbers]) == meters


def test_words_beside_a_price_say_what_is_metered() -> None:
    text = """## Orlo 5

|               | Paid, per 1M tokens in USD |
|---------------|----------------------------|
| Input price (text, image) | $0.50 (text / image) $1.00 (audio) |
| Context caching price | $0.05 (text / image) $1.00 / 1,000,000 tokens per hour (storage price) |
"""
    assert rates_of(text) == [
        "orlo-5 | audio.input | 1.00 USD per 1M tokens",
        "orlo-5 | input | 0.50 USD per 1M tokens",
        "orlo-5 | input.cache-storage | 1.00 USD per 1M token-hours",
        "orlo-5 | input.cached | 0.05 USD per 1M tokens",
    ]


def read(*lines: str, title: str = "Pricing") -> list[str]:
    """What is read of a table whose cells are parted by bars, under a heading."""
    return rates_of(f"<h1>{title}</h1>{rows(*lines)}", "text/html")


def test_a_free_cell_is_free_for_what_the_others_of_its_row_cost() -> None:
    assert read("Traffic | Inside | Outside", "0-1 TB | Free | $0.12/GB", title="Network") == [
        "network | inside | 0 USD per GB | traffic 0-1-tb",
        "network | outside | 0.12 USD per GB | traffic 0-1-tb",
    ]


def test_currencies_along_the_top_are_one_price_in_each() -> None:
    assert read("SKU | USD | EUR | AUD", "EDGE-1 | $5 | €4 | AU$8") == [
        "edge-1 | price | 4 EUR per unit | currency eur",
        "edge-1 | price | 5 USD per unit | currency usd",
        "edge-1 | price | 8 AUD per unit | currency aud",
    ]


def test_a_row_that_says_only_per_what_is_about_the_section() -> None:
    found = read("Billing | Fee", "Monthly | $30", "Yearly | $300", title="Fleet tools")
    assert found == [
        "fleet-tools | price | 30 USD per month | period month",
        "fleet-tools | price | 300 USD per year | period year",
    ]


def test_a_row_that_says_per_what_is_told_by_its_section_among_plans() -> None:
    found = read("Feature | Self-service | Full", "Per machine, yearly | $30 | $50", title="Fleet")
    assert found == [
        "full | price | 50 USD per machine-year | section fleet",
        "self-service | price | 30 USD per machine-year | section fleet",
    ]


@pytest.mark.parametrize(
    ("label", "found"),
    [
        ("Price (USD/month)", ["USD per month"] * 2),
        ("Preis (EUR/Monat)", ["EUR per month"] * 2),
        ("价格（元/月）", ["CNY per month"] * 2),
        ("Seats", []),
    ],
)
def test_numbers_in_a_row_are_prices_by_its_label(label: str, found: list[str]) -> None:
    rates = read("Spec | Small | Large", "vCPU | 2 | 4", f"{label} | 5 | 9.50", title="Hosts")
    assert [rate.split("| ")[2].partition(" ")[2].strip() for rate in rates] == found


def test_a_term_beside_months_and_years_is_what_one_pays_for() -> None:
    assert read("Plan | Monthly | Yearly | 2 years", "Nest | $5 | $50 | $90") == [
        "nest | price | 5 USD per month | period month",
        "nest | price | 50 USD per year | period year",
        "nest | price | 90 USD per 2 years | period 2-years",
    ]


@pytest.mark.parametrize(
    "note",
    [
        "All plans share one window of five hours, and further limits for each week may apply. "
        "Heron Plus at $30 has twice the use that is shown above until the end of the year.",
        "Heron Plus $30 gets a boost on the use above until May 31.",
    ],
)
def test_a_note_across_a_table_prices_none_of_its_columns(note: str) -> None:
    body = "".join(f"<tr><td>Otter {n}</td><td>${n}</td><td>${n + 5}</td></tr>" for n in (2, 3))
    page = (
        "<h1>Pricing</h1><table><tr><th>Model</th><th>Input</th><th>Output</th></tr>"
        f"{body}<tr><td colspan='3'>{note}</td></tr></table>"
    )
    assert len(rates_of(page, "text/html")) == 4
