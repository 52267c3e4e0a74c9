"""No page takes more than in proportion to its length, whatever it repeats."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable

import pytest

from ratewire.errors import ReadError
from ratewire.read.html import parse_html
from ratewire.read.markdown import looks_like_markdown, markdown_to_html

LENGTH = 8_000
"""Characters of the shortest page; the longest has four times as many."""
MOST = 9
"""Times as long as the shortest that a page of four times its length may take; squares take 16."""
NOTHING = 0.02
"""Seconds of work that are too little to compare."""

MARKDOWN = [
    "*", "*a ", "**a*", "_a ", "~~a ", "`", "`` ` ", "[", "[a](", "![a](", "[a][", "[^a", "\\",
    "\n", "\n\n ", "\t", "\t|", " ", "|", "|a\n", "-", "- a\n", "-\n", " -\n", "> ", ">\n", "#",
    "# \n", "```\n", "``` a\n", "~~~a\n", "    a\n", "    a\n\n", "=\n", "a\n=\n", ": a\n",
    "a\n: b\n", "<", "<a ", "<a", "<a b=", "<a b={", "<A {", "<A b='", "<CodeBlock>",
    "<A>b</A> c ", "<A t='b'/> ", "</a>", "<!--", "{{", "{{ a ", "{%", "<%", "{/*", "{'a' ",
    "export const a = [\n", "const a = '\n", "const a = 1\n{a}", "rows: [", "[\"a\",\n", "  [a(",
    "title: \"a\", rows: [", ":::", "::: a\n", "=== \"a\"\n", "!!! a\n", "+-", "+---+\n",
    "= = =\n", "|===\n", ".. a::\n", "1. a\n", "<https://", "\u200b", "**a**", "a  \n",
    "[a]: b\n", "--|--\n", "a|b\n-|-\n",
]  # fmt: skip


def growth(work: Callable[[str], object], shape: str, before: str = "", after: str = "") -> float:
    """How many times as long a text of four times the length takes."""
    taken = []
    for times in (1, 4):
        text = before + (shape * (LENGTH * times))[: LENGTH * times] + after
        best = 1e9
        for _ in range(2):
            start = time.process_time()
            with contextlib.suppress(ReadError):
                work(text)
            best = min(best, time.process_time() - start)
        taken.append(best)
    return 1 if taken[1] < NOTHING else taken[1] / max(taken[0], NOTHING / 8)


HTML = [
    "<p>", "<div>", "<div hidden>", "<div hidden>a</div>", "<div hidden></div><div>",
    "<p hidden>a", "<table>", "<table><tr><td>", "<tr>", "<td>", "<table></table>",
    "<td rowspan=9>", "<b>", "<b>a</b>", "<sup>1</sup>", "<sup>", "<del>1</del>",
    "<details><summary>a</summary>", "<details>", "<h2>", "<h2>a</h2>", "<h2>$1</h2>", "<li>",
    "<li>a", "<ul><li>$1", "<dl>", "<dt>a", "<dd>$1", "<br>", "<a>", "<nav>$1",
    "<button>$1</button>", "<select><option>$1", "<template>", "<noscript>$1", "<pre>a  b\n",
    "<tab title=a>", "<tab title=a></tab>", "<p role=tabpanel>", "<i role=tab id=a>",
    "<i aria-controls=a>a", "<p role=row>", "<p role=table>", "<p role=cell>",
    "<div role=table><p role=row><p role=cell>", "<p style='text-decoration: '>",
    "<p style='display: none'>a", "<i style='line-through'>", "&lt;", "&", "<!--", "<script>",
    "<", "</", "<a b=", "<a b='", "<div><p>a</p><p>$1</p></div>", "<div><p>a</p>",
    "<table><tr><b>a</b>", "<td><p></p><p>", "<caption>a", "<td x='$1'></td>",
    "<tr><td>a</td></tr>", "<span class=sr-only>$1</span>", "<ins>", "<p>a</p>$1",
    "<b>a</b><b>b</b>", "<td><td>$1",
]  # fmt: skip
WRAPPED = [
    ("<p style='", "text-decoration ", "'>a</p>"),
    ("<p style='", "text-decoration:", "'>a</p>"),
    ("<p style='", "display ", "'>a</p>"),
    ("<p class='", "hidden ", "'>a</p>"),
    ("<table><tr><td>", "<p></p>", "</table>"),
    ("<table><tr>", "<td>a</td>", "</table>"),
    ("<div>", "<p hidden>a</p>", "</div>"),
    ("<div>", "<p>a</p><p>$1</p>", "</div>"),
    ("<p>", "<b>a</b><sup>1</sup>", "</p>"),
    ("<h2>", "<div>a</div>", "</h2>"),
    ("<script>", "window.a=[1/*", "</script>"),
    ("<script>price; ", "window.a=[1/*", "</script>"),
    ("<script>price; ", "window.a=['", "</script>"),
    ("<script>price; ", "window.a={b:", "</script>"),
    ("<script>price; ", "window.a=[", "</script>"),
    ("<script>price; window.a=", "[", "</script>"),
    ("<script>price; window.a=[1", "/* */", "</script>"),
    ("<script>price; ", "window . ", "</script>"),
    ("<script>price; ", "window ", "</script>"),
    ("<script type=application/json>", '{"price":[', "</script>"),
    ("<script type=application/json>[", '{"price":1},', "{}]</script>"),
    ('<script type=application/json>[{"price":1},', "[1],", "1]</script>"),
    ("<script type=application/ld+json>", '{"offers":', "</script>"),
    ("<script>self.__next_f.push([1,", '"price $1",', "1])</script>"),
    ("", '<script>self.__next_f.push([1,"$1:["])</script>', ""),
    ("<p props='{", '"price":[1,', "}'>"),
]


@pytest.mark.parametrize("shape", HTML)
def test_html(shape: str) -> None:
    assert growth(parse_html, shape) < MOST


@pytest.mark.parametrize("shape", WRAPPED)
def test_html_with_much_in_one_element(shape: tuple[str, str, str]) -> None:
    assert growth(parse_html, shape[1], shape[0], shape[2]) < MOST


@pytest.mark.parametrize("shape", MARKDOWN)
def test_markdown(shape: str) -> None:
    assert growth(markdown_to_html, shape) < MOST
    assert growth(looks_like_markdown, shape) < MOST
