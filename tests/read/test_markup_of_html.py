"""What HTML's markup shows: to blocks, before anything is read in them."""

from __future__ import annotations

import pytest
from blocks_of import document_of, lines_of, rows_of

from ratewire.read.document import Table, Text
from ratewire.read.figures import inventory
from ratewire.read.html import parse_html

ROWS = [["Plan", "Price"], ["Moss", "$5"], ["Fern", "$6"]]


@pytest.mark.parametrize(
    "html",
    [
        "<table><tr><th>Plan<th>Price<tr><td>Moss<td>$5<tr><td>Fern<td>$6</table>",
        "<table><th>Plan<th>Price<tr><td>Moss<td>$5</tr><td>Fern</td><td>$6</td></tr></table>",
        "<table><thead><th>Plan<th>Price</thead><tr><td>Moss<td>$5<tr><td>Fern<td>$6</table>",
        "<table><tr x\"><th>Plan<th>Price</tr><td>Moss<td>$5</tr><td>Fern<td>$6</tr></table>",
        "<table><tbody><tr\"><th>Plan<th>Price</tr><tr><td>Moss<td>$5</tr><tr><td>Fern<td>$6</table>",
        "<table><form><tr><th>Plan<th>Price</tr><tr><form><td>Moss<td>$5</form></tr>"
        "<td>Fern<td>$6</form></table>",
        "<div role=table><div role=row><div><i role=columnheader>Plan</i>"
        "<i role=columnheader>Price</i></div></div>"
        "<div role=row><i role=cell>Moss</i><i role=cell>$5</i></div>"
        "<div role=row><i role=cell>Fern</i><i role=cell>$6</i></div></div>",
        "<pre>Plan    Price\nMoss    $5\n\nFern    $6</pre>",
        "<table><tr><td><table><tr><th>Plan<th>Price<tr><td>Moss<td>$5<tr><td>Fern<td>$6</table></table>",
        "<table><tr><th>Plan<th>Price<tr><td>Moss<td><table><tr><td>$5</table><tr><td>Fern<td>$6</table>",
    ],
)  # fmt: skip
def test_a_broken_table_is_mended_as_a_browser_mends_it(html: str) -> None:
    assert rows_of(html, "text/html") == ROWS


def test_what_strays_between_rows_stands_before_the_table() -> None:
    page = "<table><tr><b>All for $9</b><td>$5</td></tr> or $8<tr><td>$6</td></tr></table>"
    assert lines_of(page, "text/html") == ["All for $9", "or $8"]
    assert rows_of(page, "text/html") == [["$5"], ["$6"]]


def test_a_span_ends_with_the_part_of_the_table_that_it_began_in() -> None:
    page = (
        "<table><thead><tr><th rowspan=0>Plan</th><th>Price</th></tr></thead>"
        "<tbody><tr><td rowspan=9>Moss</td><td>$5</td></tr><tr><td>$6</td></tr></tbody>"
        "<tbody><tr><td>Fern</td><td>$7</td></tr></tbody></table>"
    )
    assert rows_of(page, "text/html")[1:] == [["Moss", "$5"], ["Moss", "$6"], ["Fern", "$7"]]


@pytest.mark.parametrize(
    ("cell", "seen"),
    [
        ("<td x-pricer region=a north-monthly='$0.026' data-south-monthly='€0.023'></td>",
         "north monthly $0.026\nsouth monthly €0.023"),
        ("<td class='$9' data-price='$0.026'></td>", "$0.026"),
        ("<td data-sort='$9'>$0.026</td>", "$0.026"),
        ("<td data-count='12' title='from $5'></td>", ""),
    ],
)  # fmt: skip
def test_prices_that_a_script_draws_in_an_empty_cell(cell: str, seen: str) -> None:
    assert rows_of(f"<table><tr><td>Moss</td>{cell}</tr></table>", "text/html") == [["Moss", seen]]


@pytest.mark.parametrize(
    ("html", "seen"),
    [
        ("<p>€9 <span>per member / month</span><span>billed annually</span></p>",
         ["€9 per member / month billed annually"]),
        ("<p><b>$10</b><b>per month</b></p>", ["$10 per month"]),
        ("<p><b>$10</b><b>$8</b></p>", ["$10 $8"]),
        ("<p><b>US</b><b>$</b><b>1</b><b>,000</b><b>.50</b></p>", ["US$1,000.50"]),
        ("<p><i>E</i><i>nterprise</i> pri<i>ce</i></p>", ["Enterprise price"]),
        ("<p><i>每月</i><i>价格</i></p>", ["每月价格"]),
        ("<ul><li><a>Docs</a><a>Pricing</a></li></ul>", ["Docs Pricing"]),
        ("<div>Moss <button>Buy for $5</button></div>", ["Moss", "Buy for $5"]),
        ("<button>Menu</button><p>x</p>", ["x"]),
        ("<h2><div>Moss</div><div>$5 / month</div></h2><p>x</p>", ["$5 / month", "x"]),
        ("<h3>Moss</h3><h3>$5 / month</h3>", ["$5 / month"]),
        ("<h3>Moss – $5 / month</h3>", ["$5 / month"]),
        ("<dl><dt>$5 / month<dt>Moss<dd>One box</dl>", ["$5 / month", "One box"]),
    ],
)  # fmt: skip
def test_words_stand_apart_or_together_as_they_are_seen(html: str, seen: list[str]) -> None:
    assert lines_of(html, "text/html") == seen
    if "<h" not in html and "<d" not in html and "<button>M" not in html and "<ul" not in html:
        assert rows_of(f"<table><tr><td>{html}</td></tr></table>", "text/html")[0][0].split() == (
            " ".join(seen).split()
        )


@pytest.mark.parametrize(
    "html",
    [
        "<template><p>$5</p></template>",
        "<noscript><table><tr><td>Moss</td><td>$5</td></tr></table></noscript>",
        "<select><option>Moss</option><option>Fern, $5</option></select>",
        "<div role=dialog><p>Only $5</p><button>Close</button></div>",
        "<nav><p>Home</p><p>Plans from $5</p></nav>",
        "<footer><p>Imprint</p><p>From $5</p></footer>",
        "<p>Moss <span class='sr-only'>$5</span> plan</p>",
        "<div hidden><p>$5</p></div>",
    ],
)
def test_a_price_that_is_not_on_screen_is_kept_and_marked(html: str) -> None:
    blocks = document_of(f"<html><body><p>x</p>{html}</body></html>", "text/html").blocks
    priced = [block for block in blocks if "$5" in str(block)]
    assert len(priced) == 1
    assert priced[0].hidden
    assert not any("Imprint" in str(block) or "Home" in str(block) for block in blocks)


def test_a_price_that_is_struck_out_goes_with_the_text_it_stands_in() -> None:
    page = "<p><del>$229.00</del> <ins>$183.20</ins> now</p><p><s>$9</s></p><p>x</p>"
    blocks = parse_html(page).blocks
    assert [(each.text, each.struck) for each in blocks if isinstance(each, Text)] == [
        ("$183.20 now", "$229.00"),
        ("", "$9"),
        ("x", ""),
    ]


def test_headings_in_a_fold_or_a_pane_hold_no_longer_than_it() -> None:
    page = (
        "<h2>Prices</h2><details><summary>Moss</summary><h2>Yearly</h2><p>$5</p>"
        "<details><summary>More</summary><p>$6</p></details><p>$7</p></details><p>$8</p>"
    )
    blocks = parse_html(page).blocks
    assert [(each.headings, each.text) for each in blocks if isinstance(each, Text)] == [
        (("Prices", "Moss", "Yearly"), "$5"),
        (("Prices", "Moss", "Yearly", "More"), "$6"),
        (("Prices", "Moss", "Yearly"), "$7"),
        (("Prices",), "$8"),
    ]  # fmt: skip


@pytest.mark.parametrize("empty", ["<h3></h3>\n", "<h3> </h3> ", "<h3><img></h3> "])
def test_an_empty_heading_names_nothing(empty: str) -> None:
    block = parse_html(f"<h2>Prices</h2>{empty}<p>Short text</p>").blocks[0]
    assert isinstance(block, Text)
    assert (block.headings, block.text) == (("Prices",), "Short text")


def test_the_only_pane_of_a_switcher_is_no_choice() -> None:
    table = "<table><tr><td>Moss</td><td>$5</td></tr></table>"
    one = parse_html(f"<tabs><tab title='Standard'>{table}</tab></tabs>").blocks
    two = parse_html(
        f"<tabs><tab title='A'>{table}</tab><tab title='B'>{table}</tab></tabs>"
    ).blocks
    assert one == parse_html(table).blocks
    assert [each.panes[0].label for each in two if isinstance(each, Table)] == ["A", "B"]


def test_a_pair_is_two_parts_and_not_words_of_a_line() -> None:
    assert lines_of("<ul><li><a>每月</a> <b>$2</b> 起</li></ul>", "text/html") == ["每月 $2 起"]
    assert lines_of("<ul><li><b>Moss</b> <b>$2</b></li></ul>", "text/html") == ["Moss $2"]
    assert lines_of("<div><b>Moss</b><b>$2</b></div>", "text/html") == ["$2"]
    assert lines_of("<div>\n<b>Moss</b>\n<b>$2</b>\n</div>", "text/html") == ["$2"]


def test_a_price_that_is_struck_out_of_a_text_is_in_the_inventory() -> None:
    page = document_of("<p><del>$229.00</del> $183.20</p><p><s>$9</s></p>", "text/html")
    assert [(each.text, str(each.role)) for each in inventory(page)] == [
        ("$183.20", "not understood"),
        ("$229.00", "list price"),
        ("$9", "list price"),
    ]


@pytest.mark.parametrize("after", ["", "<h2>More</h2><p>x</p>", "<h4>More</h4><p>x</p>"])
def test_figures_in_a_heading_with_nothing_under_it_are_kept(after: str) -> None:
    page = "<h2>Plans</h2><details><summary>Fold</summary><h4>Plans over $3,300</h4></details>"
    assert "Plans over $3,300" in lines_of(page + after, "text/html")
    filled = "<h4>Plans over $3,300</h4><p>a</p>"
    assert lines_of(filled, "text/html") == ["a"]
