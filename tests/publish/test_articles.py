from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from lumen import Sample

from ratewire.config.load import load_site
from ratewire.errors import BuildError
from ratewire.publish.articles import load_article, load_articles, render


def test_front_matter(sample: Sample, article: Callable[..., Path]) -> None:
    file = article(
        "Text.", 'title = "T"\nslug = "t-1"\npublished = 2026-05-01\nproducts = ["lumen-draft"]'
    )
    one = load_article(file)
    assert (one.path, one.title, one.products) == ("/articles/t-1/", "T", ("lumen-draft",))
    assert one.published == one.reviewed == date(2026, 5, 1)
    assert not one.faq


@pytest.mark.parametrize(
    ("front", "line", "message"),
    [
        ('description = "x"', 2, "title: is missing"),
        ('title = "x"\ntilte = "y"', 3, 'tilte: no such key; did you mean "title"'),
        ('title = "x"\nwhat = "y"', 3, "what: no such key; known here: title"),
        ('title = "x"\npublished = "2026-05-01"', 3, "published: must be a date such as"),
        ('title = "x"\norder = "1"', 3, "order: must be a whole number"),
        ('title = "x"\norder = true', 3, "order: must be a whole number"),
        ('title = "x"\n\nslug = "No Spaces"', 4, "'No Spaces' is not an address"),
        ('title = "x', 2, "not TOML"),
    ],
)
def test_broken_front_matter_is_named_with_file_line_and_key(
    article: Callable[..., Path], front: str, line: int, message: str
) -> None:
    file = article("Text.", front)
    with pytest.raises(BuildError) as caught:
        load_article(file)
    assert str(caught.value).startswith(f"{file}:{line}: ")
    assert message in str(caught.value)


def test_a_file_without_front_matter(sample: Sample) -> None:
    file = sample.site.content / "articles" / "bare.md"
    file.write_text("# Only text")
    with pytest.raises(BuildError, match=r"bare\.md:1: starts with a line \+\+\+"):
        load_articles(sample.site.content)


def test_two_articles_at_one_address(sample: Sample, article: Callable[..., Path]) -> None:
    article("Text.", 'title = "x"\nslug = "plain-words"')
    with pytest.raises(BuildError, match=r"same address /articles/plain-words/ as \S+here\.md"):
        load_articles(sample.site.content)


def test_articles_stand_in_their_order_and_others_at_the_top(sample: Sample) -> None:
    paths = [one.path for one in load_articles(sample.site.content)]
    assert paths == ["/articles/what-an-image-costs/", "/articles/plain-words/", "/faq/"]


def html(sample: Sample, file: Path) -> str:
    return render(load_article(file), sample.figures).html


def test_links_from_the_root_become_relative(sample: Sample, article: Callable[..., Path]) -> None:
    text = html(
        sample, article("[log](/changes/) [out](https://lumen.example/) [mail](mailto:a@b)")
    )
    assert '<a href="changes/">log</a>' in text
    assert '<a href="https://lumen.example/" rel="external">out</a>' in text
    assert '<a href="mailto:a@b">mail</a>' in text


def test_a_link_to_no_page_fails(sample: Sample, article: Callable[..., Path]) -> None:
    with pytest.raises(BuildError, match=r"no page /chanes/; did you mean /changes/"):
        html(sample, article("[log](/chanes/)"))


def test_a_link_to_no_page_is_named_with_file_and_line(
    sample: Sample, article: Callable[..., Path]
) -> None:
    file = article("One.\n\n[log](/chanes/)")
    line = file.read_text().split("\n").index("[log](/chanes/)") + 1
    with pytest.raises(BuildError) as caught:
        sample.build()
    assert str(caught.value).startswith(f"{file}:{line}: no page /chanes/; did you mean")


@pytest.mark.parametrize("name", ["lumen-image-2.md", "lumen-image-2.de.md"])
def test_so_is_one_in_the_words_of_a_product(sample: Sample, name: str) -> None:
    products = sample.site.content / "products"
    (products / "lumen-image-2.de.md").write_text("Malt.", "utf-8")
    with (products / name).open("a", encoding="utf-8") as file:
        file.write("\n\n[log](/chanes/)\n")
    lines = (products / name).read_text("utf-8").split("\n")
    with pytest.raises(BuildError) as caught:
        replace(sample, site=load_site(sample.site.root)).build()
    at = f"{products / name}:{lines.index('[log](/chanes/)') + 1}"
    assert str(caught.value).startswith(f"{at}: no page /chanes/; did you mean")


def test_tables_carry_no_style_and_scroll_by_themselves(
    sample: Sample, article: Callable[..., Path]
) -> None:
    text = html(sample, article("| a | b |\n| --- | ---: |\n| 1 | 2 |\n"))
    assert "style=" not in text
    assert '<td class="number">2</td>' in text
    assert '<div aria-label="Table" class="scroll" role="group" tabindex="0"><table>' in text


def test_a_table_of_rates_stands_alone_in_the_text(
    sample: Sample, article: Callable[..., Path]
) -> None:
    text = html(sample, article('Before\n\n{{ rate_table("lumen-draft") }}\n\nAfter'))
    assert "<p><div" not in text
    assert "\ue000" not in text


def test_headings_have_steady_ids_and_their_figures(
    sample: Sample, article: Callable[..., Path]
) -> None:
    body = '## Now {{ amount("lumen-image-2", "image.output") }} an output\n\n### Below\n'
    text = render(load_article(article(body)), sample.figures)
    assert [(h.id, h.text) for h in text.headings] == [("now-an-output", "Now $30.00 an output")]


def test_answers_of_an_faq(sample: Sample) -> None:
    one = load_article(sample.site.content / "faq.md", "/")
    first, second = render(one, sample.figures).answers
    assert first.question == "Is there a price for text?"
    assert "$5.00 per 1M tokens" in first.text
    assert "verified 20 June 2026" in first.text
    assert "<" not in first.text
    assert second.id == "can-i-still-use-the-first-model"


def test_code_is_left_alone(sample: Sample, article: Callable[..., Path]) -> None:
    body = "{% raw %}`{{ x }}`{% endraw %}\n\n```python\na = {1: 2}\n```\n"
    text = html(sample, article(body))
    assert "<code>{{ x }}</code>" in text
    assert "a = {1: 2}" in text
