"""The whole way from a capture to a reading: media types, hints, evidence."""

from __future__ import annotations

import gc
import json
from importlib import import_module

import pytest
from reading_of import DAY, line, rates_of, reading, stages_of

from ratewire.errors import ReadError
from ratewire.model import Capture, Expectations, Hints, Source, SourceKind
from ratewire.read import read

TABLE = """# Models

## Chat

| Model | Input | Output |
| --- | --- | --- |
| Onyx 2 | $2 | $6 |
| Onyx 2 mini | $0.2 | $0.6 |

Prices per 1M tokens.

## Images

| Model | Price |
| --- | --- |
| Sketch | $0.02 per image |
"""

ONYX_2 = ["onyx-2 | input | 2 USD per 1M tokens", "onyx-2 | output | 6 USD per 1M tokens"]
MINI = [
    "onyx-2-mini | input | 0.2 USD per 1M tokens",
    "onyx-2-mini | output | 0.6 USD per 1M tokens",
]
SKETCH = ["sketch | price | 0.02 USD per image"]
HTML = (
    "<h1>Models</h1><table><tr><th>Model</th><th>Price per image</th></tr>"
    "<tr><td>Sketch</td><td>$0.02</td></tr></table>"
)
PIPES = "| Model | Price per image |\n| --- | --- |\n| Sketch | $0.02 |"
PROPS = "<T rows={[['Sketch', '$0.02']]} columns={['Model', 'Price per image']} />"
ITEM = {"name": "Sketch", "price_per_image": "$0.02"}


@pytest.mark.parametrize(
    ("media_type", "text"),
    [
        ("text/html", HTML),
        ("application/xhtml+xml", HTML),
        ("", f"<!doctype html><html><body>{HTML}</body></html>"),
        ("text/plain", f"# Models\n\n{PIPES}"),
        ("text/markdown", f"# Models\n\n{PIPES}"),
        ("text/x-markdown", "# Models\n\n|Model|Price per image|\n|---|---|\n|Sketch|$0.02|"),
        ("text/mdx", f"# Models\n\n{PROPS}"),
        ("", f"---\ntitle: Models\n---\n\n{PIPES}"),
        ("application/json", json.dumps({"prices": [ITEM, ITEM]})),
        ("application/ld+json", json.dumps({
            "@context": "https://schema.org", "@type": "Product", "name": "Sketch", "offers": {
            "@type": "Offer", "price": "0.02", "priceCurrency": "USD",
            "priceSpecification": {"unitText": "image"}}})),
    ],
)  # fmt: skip
def test_a_price_reads_alike_whatever_the_page_is_written_in(media_type: str, text: str) -> None:
    rates = reading(text, media_type).facts.rates
    assert [(r.product, str(r.amount), r.currency, str(r.unit)) for r in rates] == [
        ("sketch", "0.02", "USD", "image")
    ]


@pytest.mark.parametrize("body", ["", " \n\t", "\x00\x01\x02", "%PDF-1.7 \x00\xff"])
def test_a_body_that_is_no_text_gives_no_facts(body: str) -> None:
    assert not reading(body, "").facts


def test_scope_reads_below_one_heading_alone() -> None:
    assert rates_of(TABLE, hints=Hints(scope="Images")) == SKETCH


def test_products_keep_what_is_asked_for() -> None:
    assert rates_of(TABLE, hints=Hints(products=("onyx-*",))) == sorted(ONYX_2 + MINI)
    assert rates_of(TABLE, hints=Hints(products=("sketch", "onyx-2"))) == sorted(ONYX_2 + SKETCH)


def test_aliases_name_a_label_of_the_page() -> None:
    found = rates_of(TABLE, hints=Hints(aliases={"onyx 2 MINI": "onyx-2-mini-2026"}))
    assert "onyx-2-mini-2026 | input | 0.2 USD per 1M tokens" in found


def test_meters_name_a_heading_of_the_page() -> None:
    found = rates_of(TABLE, hints=Hints(meters={"input": "text.input"}))
    assert "onyx-2 | text.input | 2 USD per 1M tokens" in found


def test_conditions_hold_for_the_whole_page() -> None:
    found = rates_of(TABLE, hints=Hints(conditions={"region": "eu"}))
    assert len(found) == 5
    assert all(" | region eu" in each for each in found)


def test_currency_is_that_of_bare_numbers() -> None:
    page = "# Prices\n\n| Model | Price per image |\n| --- | --- |\n| Sketch | 0.02 |\n"
    assert rates_of(page, hints=Hints(currency="EUR")) == ["sketch | price | 0.02 EUR per image"]


def test_unit_is_that_of_figures_without_one() -> None:
    page = "# Prices\n\n| Model | Input | Output |\n| --- | --- | --- |\n| Onyx | $2 | $6 |\n"
    assert rates_of(page, hints=Hints(unit="1M tokens")) == [
        "onyx | input | 2 USD per 1M tokens",
        "onyx | output | 6 USD per 1M tokens",
    ]


def test_passages_are_read_word_for_word() -> None:
    page = "# Terms\n\n## Refunds\n\nWe  refund\nwithin 30 days.\n\n## Else\n\nNothing.\n"
    passages = reading(page, hints=Hints(passages=("refunds", "absent"))).facts.passages
    assert [(passage.name, passage.text) for passage in passages] == [
        ("refunds", "We refund within 30 days.")
    ]


def test_a_status_source_that_is_no_feed_is_read_as_a_page() -> None:
    assert [line(r) for r in reading(TABLE, kind=SourceKind.STATUS).facts.rates] != []


def test_evidence_says_where_a_figure_stood_and_which_rules_decided() -> None:
    rate = next(r for r in reading(TABLE).facts.rates if r.product == "onyx-2")
    assert "Onyx 2" in rate.evidence.excerpt
    assert "$2" in rate.evidence.excerpt
    assert "Chat" in rate.evidence.where
    assert any(rule.startswith("unit: ") for rule in rate.evidence.rules)
    assert any("Input" in rule for rule in rate.evidence.rules)


def test_the_evidence_of_a_sentence_names_what_gave_the_product() -> None:
    page = "# Nimbus\n\nStorage costs $0.10 per GB per month.\n"
    (rate,) = reading(page).facts.rates
    assert rate.evidence.excerpt == "Storage costs $0.10 per GB per month."
    assert "product: the sentence's subject" in rate.evidence.rules


EFFECTIVE = [
    ("| Onyx 2 (until March 31, 2027) | $2 |", "effective_to 2027-03-31"),
    ("| Onyx 2 (through August 31) | $2 |", "effective_to 2026-08-31"),
    ("| Onyx 2 starting September 1, 2026 | $2 |", "effective_from 2026-09-01"),
    ("| Onyx 2 (ab 1. September 2026) | $2 |", "effective_from 2026-09-01"),
    ("| Onyx 2（2026年9月1日から） | $2 |", "effective_from 2026-09-01"),
]


@pytest.mark.parametrize(("row", "condition"), EFFECTIVE)
def test_a_label_says_from_when_to_when_a_price_holds(row: str, condition: str) -> None:
    page = f"# Pricing\n\n| Model | Input per 1M tokens |\n| --- | --- |\n{row}\n"
    assert rates_of(page) == [f"onyx-2 | input | 2 USD per 1M tokens | {condition}"]


@pytest.mark.parametrize(
    ("note", "condition"),
    [
        ("Starting September 1, 2026, the following prices apply.", "effective_from 2026-09-01"),
        ("The prices below are valid until December 31, 2026.", "effective_to 2026-12-31"),
        ("Effective September 1, 2026:", "effective_from 2026-09-01"),
    ],
)
def test_a_note_above_a_table_says_from_when_its_prices_hold(note: str, condition: str) -> None:
    page = f"# Pricing\n\n{note}\n\n| Model | Input per 1M tokens |\n| --- | --- |\n| Onyx | $2 |\n"
    assert rates_of(page) == [f"onyx | input | 2 USD per 1M tokens | {condition}"]


@pytest.mark.parametrize(
    "note",
    [
        "Prices as of May 1, 2026.",
        "Last updated: May 1, 2026.",
        "The price increase planned for September 1, 2026 will not occur.",
        "We changed how we bill storage starting May 1, 2025.",
    ],
)
def test_a_date_that_is_none_of_a_price_is_no_condition(note: str) -> None:
    page = f"# Pricing\n\n{note}\n\n| Model | Input per 1M tokens |\n| --- | --- |\n| Onyx | $2 |\n"
    assert rates_of(page) == ["onyx | input | 2 USD per 1M tokens"]


def test_a_section_that_starts_later_gives_its_day_to_its_prices() -> None:
    page = (
        "# Pricing\n\n| Model | Input per 1M tokens |\n| --- | --- |\n| Onyx | $2 |\n\n"
        "## Prices from September 1, 2026\n\n"
        "| Model | Input per 1M tokens |\n| --- | --- |\n| Onyx | $3 |\n"
    )
    assert rates_of(page) == [
        "onyx | input | 2 USD per 1M tokens",
        "onyx | input | 3 USD per 1M tokens | effective_from 2026-09-01",
    ]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Storage costs $0.10 per GB per month until August 31, 2026.",
         "storage | price | 0.10 USD per GB-month | effective_to 2026-08-31"),
        ("Starting September 1, 2026, storage costs $0.20 per GB per month.",
         "storage | price | 0.20 USD per GB-month | effective_from 2026-09-01"),
    ],
)  # fmt: skip
def test_a_sentence_says_from_when_to_when_its_price_holds(sentence: str, expected: str) -> None:
    assert rates_of(f"# Nimbus pricing\n\n{sentence}\n") == [expected]


@pytest.mark.parametrize(
    ("lang", "marks"), [("de", ("language: de",)), ("de-AT", ("language: de-at",)), ("en-GB", ())]
)
def test_another_language_than_expected_is_marked(lang: str, marks: tuple[str, ...]) -> None:
    page = f'<html lang="{lang}"><body><h1>Prices</h1><p>Storage is $1 per GB.</p></body></html>'
    source = Source("s", "S", "P", "https://example.com/", expect=Expectations(language="en"))
    capture = Capture("https://example.com/", page.encode(), DAY, media_type="text/html")
    assert read(capture, source).marks == marks


def test_stages_follow_the_products_asked_for() -> None:
    page = "# Models\n\n| Model | Status |\n| --- | --- |\n| onyx | GA |\n| quartz | Beta |\n"
    assert stages_of(page, hints=Hints(products=("quartz",))) == ["quartz | preview"]


@pytest.mark.parametrize("collected", [True, False])
def test_no_garbage_is_searched_for_amid_a_reading(
    collected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    states = []

    def fail(*_: object) -> None:
        states.append(gc.isenabled())
        raise ReadError("no page")

    monkeypatch.setattr(import_module("ratewire.read.reader"), "read", fail)
    source = Source("page", "Page", "Onyx", "https://onyx.example/pricing")
    before = gc.isenabled()
    (gc.enable if collected else gc.disable)()
    try:
        with pytest.raises(ReadError):
            read(Capture(source.url, b"", DAY), source)
        states.append(gc.isenabled())
    finally:
        (gc.enable if before else gc.disable)()
    assert states == [False, collected]
