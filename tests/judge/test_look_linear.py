"""Looking at a page takes no more than in proportion to it, however its headings nest."""

from __future__ import annotations

import time

import pytest

from ratewire.judge.look import look


def seconds(text: str) -> float:
    best = 1e9
    for _ in range(3):
        begun = time.process_time()
        look(text)
        best = min(best, time.process_time() - begun)
    return best


@pytest.mark.parametrize("tag", ["h1", "h2", "button"])
def test_headings_in_headings_are_not_read_for_each(tag: str) -> None:
    short, long = (seconds("<table><tr><td>" + f"<{tag}>" * count) for count in (400, 1600))
    assert long < 9 * short


def test_a_heading_of_few_elements_is_read_whole() -> None:
    heading = "<h1>Prices <b>of <i>all</i> our</b> models</h1>"
    assert look(f"<body>{heading}").headings == ["Prices of all our models"]
