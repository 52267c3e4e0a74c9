"""Markdown and MDX as vendors' docs write it, each page with the rates it holds, by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from reading_of import rates_of

PAGES = sorted(
    path
    for path in (Path(__file__).parents[1] / "fixtures" / "markdown").iterdir()
    if path.suffix != ".txt"
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_of_docs_reads_as_a_person_reads_it(page: Path) -> None:
    expected = page.with_suffix(".txt").read_text("utf-8").splitlines()
    kind = "text/mdx" if page.suffix == ".mdx" else "text/markdown" if page.suffix == ".md" else ""
    assert rates_of(page.read_text("utf-8"), kind) == sorted(expected)
