"""A table of very many columns: each of its figures is told from few cells of its row."""

from __future__ import annotations

import pytest
from tests.read.reading_of import reading


def wide(cells: str, columns: int) -> str:
    heads = "".join(f"<th>Plan {n}" for n in range(columns))
    row = "".join(cells.format(n + 1) for n in range(columns))
    return f"<h1>Pricing</h1><table><tr><th>Price{heads}<tr><td>Orlo{row}</table>"


@pytest.mark.parametrize("cells", ["<td>{}", "<td>{} GB", "<td>word {}<td>$1"])
def test_a_place_names_few_of_many_cells(cells: str) -> None:
    for figure in reading(wide(cells, 200)).figures:
        assert len(figure.place.beside) <= 40
        assert len(figure.place.labels) <= 40


def test_all_prices_of_many_columns_are_read() -> None:
    figures = reading(wide("<td>${}.25", 200)).figures
    assert [each.text for each in figures] == [f"${n}.25" for n in range(1, 201)]
