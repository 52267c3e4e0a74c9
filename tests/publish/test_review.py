from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from lumen import Sample
from typer.testing import CliRunner

from ratewire.cli import app
from ratewire.publish.review import stale_articles, typed_prices


def test_articles_whose_facts_moved_after_their_review(sample: Sample) -> None:
    found = stale_articles(sample.ledger)
    assert [(one.article.slug, [t.change.id for t in one.moved]) for one in found] == [
        ("what-an-image-costs", ["c-cut-2"]),
        ("faq", ["c-life"]),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It costs $30.00 now.", ["$30.00"]),
        ("It costs 30 USD, or 5 cents.", ["30 USD", "5 cents"]),
        ("From € 5 to £1,200.50", ["€ 5", "£1,200.50"]),
        ("Für 30,00 $, 1.200,50\u00a0€ oder 5 Euro.", ["30,00 $", "1.200,50\u00a0€", "5 Euro"]),
        ("One of 5 $10 notes", ["$10"]),
        ('{{ amount("p", "m") }} and {% set a = "$5" %}', []),
        ("`$5` and\n```\n$5.00\n```\n", []),
        ("Version 2.5 of 2026, 30 tokens, a $ sign, 5 euroscience", []),
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


def test_the_words_of_products_are_looked_at_too(sample: Sample) -> None:
    folder = sample.site.content / "products"
    own, german = folder / "lumen-image-2.md", folder / "lumen-image-2.de.md"
    own.write_text(own.read_text("utf-8") + "\nOnly $5.\n", "utf-8")
    german.write_text("Malt.\n\nNur 5 $.\n", "utf-8")
    found = {p.file: (p.line, p.text) for p in typed_prices(sample.site.content)}
    line = len(own.read_text("utf-8").splitlines())
    assert found == {own: (line, "$5"), german: (3, "5 $")}
    linted = CliRunner().invoke(app, ["lint", "--site", str(sample.site.root)])
    assert "5 $ is typed in; leave it out" in linted.stdout


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
