"""What is kept of articles with figures saves work and changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from lumen import Sample, pricing, snapshot

from ratewire.errors import BuildError
from ratewire.publish import prepared
from ratewire.publish.articles import load_article, render
from ratewire.publish.figures import Figures

TEXT = """It costs {{ rate("lumen-image-2", "image.output", tier="standard") }}.
See [what we know](/data/#what).

## Now {{ amount("lumen-image-2", "image.output", tier="standard") }}

| a | b |
| - | - |
| {{ amount("lumen-image-2", "image.output", tier="standard") }} | `x` |
"""


@pytest.fixture
def converted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every text that was converted anew."""
    texts: list[str] = []
    convert = prepared.convert

    def noted(source: str, *more: str) -> object:
        texts.append(source)
        return convert(source, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(prepared, "convert", noted)
    return texts


def reprice(sample: Sample, amount: str) -> None:
    sample.store.save("lumen-pricing", snapshot("lumen-pricing", pricing(amount)), None)


def test_a_new_rate_takes_no_new_conversion(
    sample: Sample, article: Callable[..., Path], converted: list[str]
) -> None:
    one = load_article(article(TEXT))
    first = render(one, sample.figures)
    assert len(converted) == 1
    assert "$" not in converted[0]
    converted.clear()
    reprice(sample, "77.00")
    second = render(one, sample.figures)
    assert not converted
    assert "$77.00" in second.html
    assert "$77.00" in second.headings[0].text
    assert second.html == first.html.replace("$30.00", "$77.00").replace('"30.00"', '"77.00"')


def test_the_links_of_a_kept_text_are_known_to_be_there(
    sample: Sample, article: Callable[..., Path], converted: list[str]
) -> None:
    one = load_article(article(TEXT))
    figures = sample.figures
    render(one, figures)
    again = sample.figures
    render(one, again)
    assert again.linked == figures.linked != {}
    gone = Figures(again.ledger, again.theme, again.path, again.paths - {"/data/"})
    with pytest.raises(BuildError, match="no page /data/"):
        render(one, gone)


def test_a_link_that_leads_elsewhere_is_converted_anew(
    sample: Sample, article: Callable[..., Path], converted: list[str]
) -> None:
    one = load_article(article(TEXT))
    render(one, sample.figures)
    figures = sample.figures
    deeper = Figures(figures.ledger, figures.theme, "/articles/a/b/", figures.paths)
    assert "../../../data/" in render(one, deeper).html
    assert len(converted) == 2


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"of": 1}', "null"])
def test_what_was_kept_and_is_damaged_counts_as_lost(
    sample: Sample, article: Callable[..., Path], damage: str
) -> None:
    one = load_article(article(TEXT))
    first = render(one, sample.figures)
    (file,) = (sample.site.cache / "markdown").iterdir()
    file.write_text(damage)
    assert render(one, sample.figures) == first


def test_an_edited_text_takes_the_place_of_what_was_kept(
    sample: Sample, article: Callable[..., Path]
) -> None:
    for text in (TEXT, f"{TEXT}\nMore."):
        html = render(load_article(article(text)), sample.figures).html
    assert html.endswith("<p>More.</p>")
    assert len([*(sample.site.cache / "markdown").iterdir()]) == 1


def test_of_an_article_without_figures_nothing_is_kept(
    sample: Sample, article: Callable[..., Path]
) -> None:
    render(load_article(article("Only words.")), sample.figures)
    assert not (sample.site.cache / "markdown").exists()


def test_a_cache_that_cannot_be_written_stops_no_build(
    sample: Sample, article: Callable[..., Path]
) -> None:
    (sample.site.cache / "markdown").mkdir(parents=True)
    one = load_article(article(TEXT))
    first = render(one, sample.figures)
    (file,) = (sample.site.cache / "markdown").iterdir()
    file.unlink()
    file.mkdir()  # neither read nor replaced
    assert render(one, sample.figures) == first
