"""Sections that announce prices and hold none."""

from __future__ import annotations

from datetime import date

import pytest

from ratewire.model import Hints
from ratewire.read.hollow import hollow_sections
from ratewire.read.html import parse_html
from ratewire.read.page import survey

TABLE = "<table><tr><th>Model</th><th>Input</th></tr><tr><td>m-1</td><td>$3</td></tr></table>"
NOTE = "<p>Prices per 1M tokens.</p>"


@pytest.mark.parametrize(
    ("html", "hollow"),
    [
        pytest.param(f"<h2>Text</h2>{NOTE}{TABLE}", (), id="a table follows"),
        pytest.param(f"<h2>Text</h2>{NOTE}<p>m-1: $3</p>", (), id="an amount follows"),
        pytest.param(f"<h2>A</h2>{NOTE}<h2>B</h2><p>x: $3</p>", ("A",), id="of another section"),
        pytest.param(f"<h2>Text</h2>{NOTE}", ("Text",), id="nothing follows"),
        pytest.param(
            f"<h2>A</h2><p>Audio</p>{NOTE}<p>Video</p>{NOTE}{TABLE}", ("Audio",), id="twice"
        ),
        pytest.param("<h2>Text</h2><p>We keep our prices low.</p>", (), id="no unit"),
    ],
)  # fmt: skip
def test_names_what_is_not_there(html: str, hollow: tuple[str, ...]) -> None:
    page = survey(parse_html(html), Hints(), date(2026, 5, 1), "https://vendor.example/pricing")
    assert hollow_sections(page) == hollow
