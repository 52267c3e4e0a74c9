"""Prices in credits, with the money in brackets: a row that comes or goes is told to somebody."""

from __future__ import annotations

import pytest
from tests.compare.captures import compared, said

PAGE = """# Prices

| {} | {} |
|---|---|
| Heron | 100 credits ($0.10) |
| Stork | 200 credits ($0.20) |
"""


@pytest.mark.parametrize("heads", [("Model", "Price"), ("Task", "Cost per run")])
def test_a_row_priced_in_credits_comes_and_goes(heads: tuple[str, str]) -> None:
    before = PAGE.format(*heads)
    after = before + "| Egret | 300 credits ($0.30) |\n"
    assert said(compared(before, after)) == ["unread ># credits ($0.30)"]
    assert said(compared(after, before)) == ["unread # credits ($0.30)>"]
