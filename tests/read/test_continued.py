"""A table that goes on without its head."""

from __future__ import annotations

from tests.read.reading_of import rates_of

HEAD = "<tr><th>Fare</th><th>1 trip</th><th>Pass</th></tr>"


def rows(*lines: str) -> str:
    return "".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in line.split("|")) + "</tr>" for line in lines
    )


FIRST = f"<p>Hill service</p><table>{HEAD}{rows('Adult|$3|$59', 'Youth|$2|$54')}</table>"


def test_a_table_without_a_head_stands_under_that_of_its_kind() -> None:
    second = rows("Adult|$4|$82", "Youth|$1|$77")
    page = f"<h1>Fares</h1>{FIRST}<p>Town service</p><table>{second}</table>"
    assert [rate for rate in rates_of(page, "text/html") if "town" in rate] == [
        "adult | 1-trip | 4 USD per ride | table town-service",
        "adult | pass | 82 USD per unit | table town-service",
        "youth | 1-trip | 1 USD per ride | table town-service",
        "youth | pass | 77 USD per unit | table town-service",
    ]


def test_a_table_of_other_rows_has_no_part_in_it() -> None:
    page = f"<h1>Fares</h1>{FIRST}<p>Boats</p><table>{rows('Canoe|$4|$82', 'Raft|$1|$77')}</table>"
    boats = [rate for rate in rates_of(page, "text/html") if "canoe" in rate or "raft" in rate]
    assert boats
    assert not any("trip" in rate for rate in boats)
