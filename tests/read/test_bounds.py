"""Texts of any length are read in parts, and no figure in them is lost."""

from __future__ import annotations

import pytest
from reading_of import reading

from ratewire.read.bounds import LONGEST_HEADING, LONGEST_TEXT, parts
from ratewire.read.html import parse_html


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("One. Two", ["One. Two"]),
        ("Three. Two, three", ["Three.", "Two, three"]),
        ("一二三四五六。七八九十", ["一二三四五六。", "七八九十"]),
        ("abcdefghijklm", ["abcdefghij", "klm"]),
        ("          a", ["a"]),
    ],
)
def test_a_long_text_is_parted_where_a_sentence_ends(text: str, found: list[str]) -> None:
    assert list(parts(text, 10)) == found


FILLER = "All of our plans come with support in several languages. "
LONG = FILLER * (2 * LONGEST_TEXT // len(FILLER))


@pytest.mark.parametrize(
    "page",
    [
        f"<p>{LONG}Kite costs $7 per month. {LONG}</p>",
        f"<h2>{LONG}Kite costs $7 per month.</h2>",
        f"<details><summary>{LONG}Kite costs $7 per month.</summary>{LONG}</details>",
        f"<table><tr><th>Plan<th>Price<tr><td>{LONG}Kite costs $7 per month.<td>$1</table>",
        f"<button>{LONG}Kite costs $7 per month.</button>",
        f"<p>{LONG}<b hidden>Kite costs $7 per month.</b></p>",
        f"<div><p>Kite {LONG}</p><p>$7 per month</p></div>",
    ],
)
def test_no_figure_of_a_long_text_is_lost(page: str) -> None:
    document = parse_html(page)
    texts = [text for block in document.blocks for text in (getattr(block, "text", ""),)]
    assert max(map(len, texts)) <= LONGEST_TEXT
    assert all(len(head) <= LONGEST_HEADING for b in document.blocks for head in b.headings)
    assert "$7" in "".join(figure.text for figure in reading(page, "text/html").figures)
