"""The label of a row that is another beside the same prices: a new name, or the same said again."""

from __future__ import annotations

import pytest
from tests.compare.captures import compared, said

COLUMNS = """# Prices

| | {} | {} |
|---|---|---|
| {} | $10 | $20 |
| {} | $3 | $5 |
"""
HTML = (
    "<h1>Prices</h1><table><tr><th></th><th>{}</th><th>{}</th></tr>"
    "<tr><td>{}</td><td>$10</td><td>$20</td></tr>"
    "<tr><td>{}</td><td>$3</td><td>$5</td></tr></table>"
)


@pytest.mark.parametrize("page", [COLUMNS, HTML])
@pytest.mark.parametrize(
    ("plain", "name", "plans", "other"),
    [
        ("Price", "Storage", ("Heron", "Stork"), "Setup"),
        ("Cost", "Backups", ("Large", "Small"), "Support"),
    ],
)
def test_a_label_that_names_nothing_becomes_a_name(
    page: str, plain: str, name: str, plans: tuple[str, str], other: str
) -> None:
    before, after = (page.format(*plans, label, other) for label in (plain, name))
    assert said(compared(before, after)) == ["renamed 10>10"]
    assert said(compared(after, before)) == ["renamed 10>10"]


@pytest.mark.parametrize("page", [COLUMNS, HTML])
@pytest.mark.parametrize("label", ["Cost", "Regular price", "Monthly fee", "Our price", "Price"])
def test_a_price_by_another_word_is_no_new_name(page: str, label: str) -> None:
    before, after = (page.format("Heron", "Stork", each, "Setup") for each in ("Price", label))
    assert said(compared(before, after)) == []
    assert said(compared(after, before)) == []
