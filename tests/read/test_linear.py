"""No page takes more than in proportion to its length, whatever it repeats."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable

import pytest

from scraper.errors import ReadError
from scraper.read.markdown import looks_like_markdown, markdown_to_html

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


def growth(work: Callable[[str], object], shape: str) -> float:
    """How many times as long a text of four times the length takes."""
    taken = []
    for times in (1, 4):
        text = (shape * (LENGTH * times))[: LENGTH * times]
        best = 1e9
        for _ in range(2):
            start = time.process_time()
            with contextlib.suppress(ReadError):
                work(text)
            best = min(best, time.process_time() - start)
        taken.append(best)
    return 1 if taken[1] < NOTHING else taken[1] / max(taken[0], NOTHING / 8)


@pytest.mark.parametrize("shape", MARKDOWN)
def test_markdown(shape: str) -> None:
    assert growth(markdown_to_html, shape) < MOST
    assert growth(looks_like_markdown, shape) < MOST
