"""Rows that a number alone names, with a mark behind it: the same row under the same name."""

from __future__ import annotations

import pytest
from tests.compare.captures import compared, said

MARKDOWN = """# Parcels

## By weight

| Kg | Price |
|---|---|
| 1 | $7 |
| {} | ${} |
| 3 | $15 |
"""
SIDE_BY_SIDE = (
    "<h1>Parcels</h1><h2>By weight</h2><table>"
    "<tr><th>Kg</th><th>Price</th><th>Kg</th><th>Price</th></tr>"
    "<tr><td>1</td><td>$7</td><td>4</td><td>$19</td></tr>"
    "<tr><td>{}</td><td>${}</td><td>5</td><td>$23</td></tr>"
    "<tr><td>3</td><td>$15</td><td>6</td><td>$27</td></tr></table>"
)


@pytest.mark.parametrize("page", [MARKDOWN, SIDE_BY_SIDE])
@pytest.mark.parametrize("mark", ["™", " ®", " (legacy)", " (new)"])
def test_a_mark_behind_a_number_is_no_news(page: str, mark: str) -> None:
    before, after = page.format("2", 11), page.format(f"2{mark}", 11)
    assert said(compared(before, after)) == said(compared(after, before)) == []


@pytest.mark.parametrize("page", [MARKDOWN, SIDE_BY_SIDE])
def test_another_number_is_another_row(page: str) -> None:
    before, after = page.format("2", 11), page.format("2.5 (new)", 11)
    assert said(compared(before, after)) == ["added ->11", "removed 11>-"]
