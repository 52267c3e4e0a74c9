"""Sizes of pictures."""

from __future__ import annotations

import pytest
from tests.read.reading_of import rates_of

from ratewire.read.sizes import bare_size, is_resolution, size_within


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("1K", "1k"),
        ("1K/2K", "1k-2k"),
        ("4K image", "4k"),
        ("2K 图片", "2k"),
        ("16K", ""),
        ("4K tokens", ""),
        ("Orlo 4K", ""),
    ],
)
def test_a_label_that_is_a_size_and_nothing_else(text: str, size: str) -> None:
    assert bare_size(text) == size


def test_a_size_among_the_words_for_a_unit() -> None:
    assert size_within("per 1K/2K image") == "1k/2k"
    assert size_within("per 1K tokens") == ""


@pytest.mark.parametrize(
    ("value", "resolution"), [("1024x768", True), ("720p", True), ("4k", True), ("80gb", False)]
)
def test_a_size_of_memory_is_no_resolution(value: str, resolution: bool) -> None:
    assert is_resolution(value) is resolution


@pytest.mark.parametrize(
    ("heading", "thing"), [("Images", "image"), ("Bilder", "image"), ("Video generation", "video")]
)
def test_a_price_by_size_is_for_what_the_heading_says_is_made(heading: str, thing: str) -> None:
    text = f"## {heading}\n\n| Model | Price |\n|---|---|\n| Orlo 2 | 1K: $0.27, 4K: $0.84 |\n"
    assert [line.split(" | ")[2:] for line in rates_of(text)] == [
        [f"0.27 USD per {thing}", "size 1k"],
        [f"0.84 USD per {thing}", "size 4k"],
    ]


def test_each_amount_for_a_picture_of_its_own_size() -> None:
    text = """## Orlo 5

| | Paid, per 1M tokens in USD |
|---|---|
| Output price | $6.00 (text and thinking) $0.06 per 1K/2K image $0.12 per 4K image |
"""
    assert [line.split(" | ")[2:] for line in rates_of(text)] == [
        ["0.06 USD per image", "size 1k-2k"],
        ["0.12 USD per image", "size 4k"],
        ["6.00 USD per 1M tokens"],
    ]
