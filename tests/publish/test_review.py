from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from lumen import Sample
from typer.testing import CliRunner

from scraper.cli import app
from scraper.publish.review import stale_articles, typed_prices


def test_articles_whose_facts_moved_after_their_review(sample: Sample) -> None:
    found = stale_articles(sample.ledger)
    assert [(one.article.slug, [t.story.change.id for t in one.moved]) for one in found] == [
        ("what-an-image-costs", ["c-cut-2"]),
        ("faq", ["c-life"]),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It costs $30.00 now.", ["$30.00"]),
        ("It costs 30 USD, or 5 cents.", ["30 USD", "5 cents"]),
        ("From € 5 to £1,200.50", ["£1,200.50"]),
        ('{{ amount("p", "m") }} and {% set a = "$5" %}', []),
        ("`$5` and\n```\n$5.00\n```\n", []),
        ("Version 2.5 of 2026, 30 tokens, a $ sign", []),
    ],
)
def test_typed_in_prices(
    sample: Sample, article: Callable[[str], Path], text: str, found: list[str]
) -> None:
    file = article(f"One\n\n{text}")
    assert [p.text for p in typed_prices(sample.site.content) if p.file == file] == found


def test_the_line_is_the_files(sample: Sample, article: Callable[..., Path]) -> None:
    file = article("One\n{{ 1\n + 1 }}\n\nFor $5.", 'title = "Only $9"\norder = 2')
    lines = [(p.line, p.text) for p in typed_prices(sample.site.content) if p.file == file]
    assert lines == [(2, "$9"), (9, "$5")]


def test_the_commands(sample: Sample, article: Callable[..., Path]) -> None:
    runner = CliRunner()
    site = ["--site", str(sample.site.root)]
    assert runner.invoke(app, ["lint", *site]).exit_code == 0
    file = article("For $5.")
    linted = runner.invoke(app, ["lint", *site])
    assert linted.exit_code == 1
    assert f"{file}:4: $5 is typed in" in linted.stdout
    stale = runner.invoke(app, ["stale", *site])
    assert stale.exit_code == 1
    assert "what-an-image-costs.md: reviewed 2026-05-02" in stale.stdout
    assert "$32.00 → $30.00 per 1M tokens" in stale.stdout
