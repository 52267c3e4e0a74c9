from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import lumen
import pytest
from lumen import Sample

from ratewire.errors import BuildError
from ratewire.model import Availability, Facts, Limit, Stage
from ratewire.publish.articles import live, markdown
from ratewire.publish.grids import cost_grids

TAGS = re.compile(r"<[^>]+>")


def said(sample: Sample, text: str) -> tuple[str, str]:
    """What an article's text comes to: plain words of the HTML, and the Markdown."""
    figures = sample.figures
    source = live(text, figures, sample.site.content / "x.md")
    html, _ = markdown(source, figures)
    return " ".join(TAGS.sub(" ", html).split()), figures.slots.markdown(source).strip()


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ('rate("lumen-image-2", "image.output")', "$30.00 per 1M tokens"),
        ('rate("lumen-image-2", "image.output", tier="batch")', "$15.00 per 1M tokens"),
        ('amount("lumen-image-2", "text.input", tier="batch")', "$2.50"),
        ('amount("lumen-draft", "image.output")', "$0.006"),
        ('value("lumen-image-2", "image.output")', "30.00"),
        ('money(value("lumen-image-2", "image.output", per="token") * 1000000)', "$30.00"),
        ('money(value("lumen-image-2", "image.output", per="token") * 1000)', "$0.03"),
        ("money(1 / 3)", "$0.333"),
        ('money("0.625")', "$0.625"),
        ('money(1200, "JPY")', "¥1,200"),
        ('money("16.6666", digits=2)', "$16.67"),
        ("ratio(30, 8)", "3.75"),
        ("ratio(30, 15)", "2"),
        ("percent(15, 30)", "50%"),
        ('stage("lumen-image-1")', "deprecated"),
        ('available("lumen-image-1")', "True"),
        ('available("lumen-image-9")', "False"),
        ('has_rate("lumen-image-2", "text.output")', "False"),
        ('limit("lumen-image-2", "tpm", tier="tier-2")', "250,000 tokens per minute"),
        ('limit("lumen-image-2", "tpm", tier="tier-3")', "unlimited tokens per minute"),
        ('verified("lumen-image-2")', "verified 20 June 2026"),
        ('verified("lumen-image-1")', "last seen on 1 June 2026"),
        (
            'availability("lumen-image-1")',
            "Lumen Image 1 has been deprecated since 20 May 2026 and stops on 20 November 2026; "
            "Lumen Labs recommends Lumen Image 2 instead.",
        ),
    ],
)
def test_a_figure_says_the_same_in_both_forms(sample: Sample, call: str, expected: str) -> None:
    html, twin = said(sample, f"{{{{ {call} }}}}")
    assert html == expected
    assert twin.replace("\\", "") == expected


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ('rate("lumen-image-2", "text.output")', "no single rate 'text.output' of 'lumen-image-2'"),
        ('rate("lumen-image-2", "image.output", tier="flex")', "known: image.output, quality="),
        ('rate("lumen-image-3", "image.output")', "did you mean lumen-image-2"),
        (
            'value("lumen-image-2", "image.output", per="image")',
            "priced per 1M tokens, not per image",
        ),
        ('value("lumen-image-2", "image.output", per="")/0', "divides by zero"),
        ('limits_table("lumen-draft")', "no source states limits"),
        ('limit("lumen-image-2", "rpm")', "known: ipm, tier='tier-1'"),
        ('cost_table("lumen-image-1")', "no single rate 'size and quality'"),
        ('verified("nothing")', "no source speaks of product 'nothing'"),
        ('link("/chnages/")', "no page /chnages/; did you mean /changes/"),
        ("percent(1, 0)", "a share of zero"),
        ("rate()", "missing 2 required positional arguments"),
        ("nonsense()", "'nonsense' is undefined"),
    ],
)
def test_what_is_not_there_fails_the_build_with_file_and_line(
    sample: Sample, call: str, message: str
) -> None:
    file = sample.site.content / "x.md"
    with pytest.raises(BuildError, match=message.replace("(", r"\(")) as caught:
        live(f"one\n\n{{{{ {call} }}}}\n", sample.figures, file, first_line=5)
    assert (caught.value.file, caught.value.line) == (file, 7)


def test_a_broken_template_is_named_with_its_line(sample: Sample) -> None:
    file = sample.site.content / "x.md"
    with pytest.raises(BuildError, match=r"x\.md:6: ") as caught:
        live("one\n{% if %}\n", sample.figures, file, first_line=5)
    assert caught.value.line == 6


def test_tables(sample: Sample) -> None:
    _, twin = said(sample, '{{ rate_table("lumen-image-2", tier="*") }}')
    assert "| Meter | Standard | Batch |" in twin
    assert "| Cached text input | $1.25 | – |" in twin
    assert "| Medium | $0.053 | $0.041 |" in twin
    _, twin = said(sample, '{{ rate_table("lumen-image-2") }}')
    assert "| Image output | $30.00 |" in twin
    assert "Medium" not in twin
    assert "Batch" not in twin
    _, twin = said(sample, '{{ cost_table("lumen-image-2", sizes=["1024x1024"]) }}')
    assert "| Quality | 1024 × 1024 |" in twin
    _, twin = said(sample, '{{ limits_table("lumen-image-2") }}')
    assert "| Tier 3 | 50 | unlimited |" in twin


def test_only_a_size_in_pixels_has_a_sign_of_times(sample: Sample) -> None:
    quoted = next(q for q in sample.ledger.rates("lumen-image-2") if q.rate.conditions.get("size"))
    conditions = quoted.rate.conditions
    sized = [
        replace(quoted, rate=replace(quoted.rate, conditions=conditions.with_(size=size)))
        for size in ("max", "512x512", "64 x 64")
    ]
    (grid,) = cost_grids(sized, sample.figures.labels)
    assert set(grid.columns) == {"max", "512 × 512", "64 × 64"}


def test_only_like_units_stand_bare_beside_each_other(sample: Sample) -> None:
    call = '{{ compare_table(["lumen-image-2", "lumen-draft"]) }}'
    _, twin = said(sample, call)
    assert "Prices per 1M tokens unless another unit is named" in twin
    assert "| Image output | $30.00 | $0.006 per image |" in twin


def test_a_rate_carries_its_parts_and_its_source(sample: Sample) -> None:
    figures = sample.figures
    html = figures.slots.html(figures.rate("lumen-image-2", "image.output"))
    assert 'data-amount="30.00" data-currency="USD" data-unit="1M tokens"' in html
    assert 'title="Lumen pricing, verified 20 June 2026"' in html
    assert list(figures.cited) == ["lumen-pricing"]


def test_sources_are_listed_wherever_the_list_stands(sample: Sample) -> None:
    text = '{{ sources_list() }}\n\n{{ rate("lumen-image-2", "image.output") }}'
    html, twin = said(sample, text)
    assert "Lumen pricing verified 20 June 2026" in html
    assert "- [Lumen pricing](https://lumen.example/pricing), verified 20 June 2026" in twin


HOSTILE = '<script>alert(1)</script> [x](javascript:alert(2)) "onload="x" {{ 7*7 }} | *'


def test_scraped_text_is_never_markup(sample: Sample) -> None:
    fact = Availability("lumen-image-2", Stage.LIMITED, exceptions=HOSTILE, regions=(HOSTILE,))
    limit = Limit("lumen-image-2", HOSTILE, Decimal(5), tier=HOSTILE)
    odd = lumen.rate("lumen-image-2", HOSTILE, "1", context=HOSTILE, tier=HOSTILE)
    facts = Facts(rates=(odd,), availability=(fact,), limits=(limit,))
    sample.store.save("lumen-guide", lumen.snapshot("lumen-guide", facts), None)
    figures = sample.figures
    calls = ("availability", "limits_table", "rate_table")
    text = "\n\n".join(f'{{{{ {name}("lumen-image-2") }}}}' for name in calls)
    text += '\n\n{{ rate_table("lumen-image-2", tier="*") }}'
    source = live(text, figures, sample.site.content / "x.md")
    html, _ = markdown(source, figures)
    twin = figures.slots.markdown(source)
    assert "<script>alert" not in html
    assert "<script>alert" not in twin
    assert 'href="javascript' not in html
    assert not re.search(r"(?<!\\)\]\(javascript", twin)
    assert "&lt;script&gt;alert(1)" in html
    assert "49" not in html
    assert ' "onload="' not in html


def test_no_product_page_no_link(sample: Sample) -> None:
    html, twin = said(sample, '{{ product_link("unheard-of") }}')
    assert (html, twin) == ("unheard-of", "unheard-of")
    _, twin = said(sample, '{{ product_link("lumen-image-1") }}')
    assert twin == "[Lumen Image 1](products/lumen-image-1/)"
