"""HTML to blocks: what is seen, what is passed over, and pages that no sane tool wrote."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ratewire.errors import ReadError
from ratewire.model import Capture, Source
from ratewire.read import read
from ratewire.read.document import Document, Table, Text
from ratewire.read.html import parse_html

URL = "https://vendor.example/pricing"
PRICES = (
    "<table><tr><th>Model</th><th>Price per 1M tokens</th></tr>"
    "<tr><td>m-1</td><td>$3</td></tr></table>"
)


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Text)]


def table(html: str) -> Table:
    return next(block for block in parse_html(html).blocks if isinstance(block, Table))


def amounts(body: str | bytes) -> list[str]:
    raw = body.encode("utf-8", "replace") if isinstance(body, str) else body
    capture = Capture(URL, raw, datetime(2026, 5, 1, tzinfo=UTC), media_type="text/html")
    rates = read(capture, Source("page", "Page", "Vendor", URL)).facts.rates
    return [f"{rate.product} {rate.amount:f} {rate.currency} / {rate.unit}" for rate in rates]


@pytest.mark.parametrize(
    ("html", "seen"),
    [
        ("<p>One <b>two</b>\n three</p>", ["One two three"]),
        ("<p>One<br>two</p>", ["One\ntwo"]),
        ("<p>a</p><nav><p>b</p></nav><footer>c</footer><p>d</p>", ["a", "d"]),
        ("<div role='dialog'>Cookies</div><p>d</p>", ["d"]),
        ("<p>now <del>$18 <b>each</b></del> $15</p>", ["now $15"]),
        ("<p><span>$</span><span>9</span><sup>99</sup>/mo</p>", ["$9.99/mo"]),
        ("<p><sup>$</sup>49<sup>.95</sup>/mo</p>", ["$49.95/mo"]),
        ("<p>$0.30<sup>2</sup> per call</p>", ["$0.30 per call"]),
        ("<p>soft\u00adhyphen and zero\u200bwidth</p>", ["softhyphen and zerowidth"]),
        ("<p>a <span hidden>b</span> c</p>", ["a c"]),
        ("<p>plain</p><pre>$ code</pre>", ["plain"]),
    ],
)
def test_sees_what_a_reader_sees(html: str, seen: list[str]) -> None:
    assert texts(parse_html(html)) == seen


def test_headings_above_a_block_come_outermost_first() -> None:
    blocks = parse_html("<h1>A</h1><h3>B</h3><p>x</p><h2>C</h2><p>y</p>").blocks
    assert [block.headings for block in blocks] == [("A", "B"), ("A", "C")]


def test_a_fold_is_a_section_that_ends_with_it() -> None:
    html = "<h1>A</h1><details><summary>F</summary><p>x</p></details><p>y</p>"
    assert [block.headings for block in parse_html(html).blocks] == [("A", "F"), ("A",)]


def test_a_pane_knows_its_label_its_siblings_and_its_switcher() -> None:
    html = (
        '<div role="tablist" aria-label="Region"><button role="tab" id="a">US</button>'
        '<button role="tab" id="b">EU</button></div>'
        f'<div><div role="tabpanel" aria-labelledby="a">{PRICES}</div>'
        f'<div role="tabpanel" aria-labelledby="b" hidden>{PRICES}</div></div>'
    )
    first, second = parse_html(html).blocks
    assert [pane.label for pane in (*first.panes, *second.panes)] == ["US", "EU"]
    assert first.panes[0].siblings == ("US", "EU")
    assert first.panes[0].switcher == "Region"
    assert (first.hidden, second.hidden) == (False, True)


def test_a_label_and_a_price_side_by_side_are_a_definition() -> None:
    (block,) = parse_html("<div><span>Input</span><span>$15 / MTok</span></div>").blocks
    assert isinstance(block, Text)
    assert (block.kind, block.label, block.text) == ("dd", "Input", "$15 / MTok")


def test_spans_are_filled_in() -> None:
    grid = table(
        "<table><tr><th rowspan=2>M</th><th colspan=2>Std</th></tr><tr><th>In</th><th>Out</th></tr>"
        "<tr><td>m-1</td><td>1</td><td>2</td></tr></table>"
    ).grid
    rows = [[cell.text for cell in row] for row in grid.rows]
    assert rows == [["M", "Std", "Std"], ["M", "In", "Out"], ["m-1", "1", "2"]]
    assert grid.head_rows == 2


def test_plain_elements_laid_out_as_a_table_are_one() -> None:
    row = "<div><span>{}</span><span>{}</span></div>"
    html = f"<div>{row.format('Plan', 'Price')}{row.format('Basic', '$5')}</div>"
    assert [[cell.text for cell in row] for row in table(html).grid.rows] == [
        ["Plan", "Price"], ["Basic", "$5"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    "html",
    [
        "<div><div><h3>A</h3><p>$5</p></div><div><h3>B</h3><p>$7</p></div></div>",
        "<ul><li><p>Fast</p><p>Cheap</p></li><li><p>Big</p><p>Safe</p></li></ul>",
    ],
)
def test_cards_and_lists_are_no_tables(html: str) -> None:
    assert not any(isinstance(block, Table) for block in parse_html(html).blocks)


# ── pages that no sane tool wrote ────────────────────────────────────────────────────────────

ONE = ["m-1 3 USD / 1M tokens"]


@pytest.mark.parametrize(
    ("body", "rates"),
    [
        pytest.param("", [], id="empty"),
        pytest.param(" \n\t", [], id="white space"),
        pytest.param(f"<<<>>><table</table><tr><td>{PRICES}</b></i></html></html>", ONE, id="mess"),
        pytest.param(PRICES.replace("</td>", "").replace("</tr>", ""), ONE, id="unclosed"),
        pytest.param("\0" * 99 + PRICES.replace("<td>", "<td>\0"), ONE, id="nulls"),
        pytest.param(bytes(range(256)) + PRICES.encode(), ONE, id="bytes of no charset"),
        pytest.param(PRICES.replace("<td>$", "<td colspan=1000000>$"), ONE, id="colspan"),
        pytest.param(PRICES.replace("<td>m", f"<td rowspan={'9' * 99}>m"), ONE, id="rowspan"),
        pytest.param(PRICES.replace("<td>m", "<td rowspan=-1 colspan=x>m"), ONE, id="odd spans"),
        pytest.param(f'<div data-x="{"x" * 2_000_000}">{PRICES}</div>', ONE, id="huge attribute"),
        pytest.param("<div>" * 1500 + PRICES, ONE, id="nested"),
        pytest.param(PRICES.replace("$3", "<span>" * 1500 + "$3"), ONE, id="nested in a cell"),
        pytest.param(
            '<script type="application/json">{"price":' + "[" * 100_000 + "</script>" + PRICES,
            ONE, id="nested data",
        ),
        pytest.param(
            '<script type="application/json">{"price": 1e999999999}</script>' + PRICES,
            ONE, id="numbers beyond reason",
        ),
        pytest.param("<table></table><table><tr></tr></table>" + PRICES, ONE, id="empty tables"),
    ],
)  # fmt: skip
def test_reads_what_there_is(body: str | bytes, rates: list[str]) -> None:
    assert amounts(body) == rates


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("<div>" * 5000 + PRICES, id="nested beyond reason"),
        pytest.param(
            "<table>" + f"<tr>{'<td colspan=1000>x</td>' * 30}</tr>" * 80 + "</table>",
            id="more cells than any price list has",
        ),
    ],
)
def test_says_what_it_cannot_read(body: str) -> None:
    with pytest.raises(ReadError, match="not"):
        amounts(body)


@pytest.mark.slow
def test_a_table_of_many_rows_is_read_whole() -> None:
    rows = "".join(f"<tr><td>m-{n}</td><td>${n % 89}.25</td></tr>" for n in range(15_000))
    html = f"<table><tr><th>Model</th><th>Price per hour</th></tr>{rows}</table>"
    assert len(amounts(html)) == 15_000


@pytest.mark.slow
def test_ten_megabytes_of_words_are_read() -> None:
    assert amounts("<p>" + "word " * 2_000_000 + "</p>" + PRICES) == ONE


def test_a_row_that_was_cut_short_says_how_far_it_reaches() -> None:
    grid = table(
        "<table><tr><th>Model</th><th>Length</th><th>In</th></tr>"
        "<tr><td rowspan=2>m-1</td><td>short</td><td>$1</td></tr><tr><td>long</td><td>$2</td></tr>"
        "<tr><td>longest</td><td>$3</td></tr></table>"
    ).grid
    assert grid.reach == (3, 3, 3, 2)
    assert table(PRICES).grid.reach == ()


@pytest.mark.parametrize("between", ["", "<p>And more.</p>"])
def test_a_head_that_stands_apart_joins_its_table_or_stays(between: str) -> None:
    head = "<table><tr><th>Model</th><th>Price</th></tr></table>"
    short = "<table><tr><td>m-1</td><td>$3</td></tr><tr><td>m-2</td></tr></table>"
    wide = "<table><tr><td>m-1</td><td>$3</td><td>$4</td></tr></table>"
    joined = [b for b in parse_html(head + between + short).blocks if isinstance(b, Table)]
    assert [(len(each.grid.rows), each.grid.reach) for each in joined] == [(3, (2, 2, 1))]
    apart = [b for b in parse_html(head + between + wide).blocks if isinstance(b, Table)]
    assert [each.grid.width for each in apart] == [2, 3]
    assert texts(parse_html(head + between)) == (["And more."] if between else [])
    assert table(head + between).grid.width == 2
