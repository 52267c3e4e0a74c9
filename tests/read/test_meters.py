"""Headings to meters and conditions."""

from __future__ import annotations

import pytest

from ratewire.read.meters import (
    Metered,
    is_measure,
    is_meter_only,
    is_unit_only,
    join_meter,
    merge,
    read_heading,
    several_meters,
)


def told(text: str) -> str:
    meant = read_heading(text)
    parts = [join_meter(meant, ""), *(f"{k}={v}" for k, v in sorted(meant.conditions.items()))]
    return " ".join([*parts, *([f"/ {meant.unit}"] if meant.unit else []), meant.currency]).strip()


@pytest.mark.parametrize(
    ("heading", "meter"),
    [
        ("Input", "input"),
        ("Cached input", "input.cached"),
        ("5m Cache Writes", "input.cache-write.5m"),
        ("Audio output tokens", "audio.output"),
        ("Input (per 1M tokens)", "input / 1M tokens"),
        ("Output price (USD / 1M tokens)", "output / 1M tokens USD"),
        ("Paid Tier, per 1M tokens in USD", "paid-tier / 1M tokens USD"),
        ("Batch input", "input tier=batch"),
        ("Input ≤ 200K tokens", "input context=≤200K"),
        ("Output (prompts > 200k)", "output context=>200K"),
        ("In", "input"),
        ("Out", "output"),
        ("Price", "price"),
        ("Price per image, 1024x1024", "price size=1024x1024 / image"),
        ("1024 × 1536", "price size=1024x1536"),
        ("Hourly", "price / hour"),
        ("Training", "training"),
        ("Class A operations", "class-a-operations"),
        ("Type A, a year", "type-a-year"),
        ("Desktop (workstation/year)", "desktop / workstation-year"),
        ("Price (USD/hour)", "price / hour USD"),
        ("Hall A (per hour)", "hall-a / hour"),
        ("Additional per TB", "additional / TB"),
        ("On-demand (hourly)", "price tier=on-demand / hour"),
        ("24/7 support", "24-7-support"),
        ("Price (CNY/GB*month)", "price / GB-month CNY"),
        ("New price", "price"),
        ("Eingabe", "input"),
        ("输出单价（元/百万tokens）", "output / 1M tokens CNY"),
        ("キャッシュ書き込み", "input.cache-write"),
    ],
)
def test_a_heading_says_what_is_metered(heading: str, meter: str) -> None:
    assert told(heading) == meter


def test_the_lower_heading_wins_and_the_upper_fills_in() -> None:
    meant = merge(read_heading("Batch, per 1M tokens"), read_heading("Cached input"))
    assert join_meter(meant, "") == "input.cached"
    assert meant.conditions == {"tier": "batch"}
    assert str(meant.unit) == "1M tokens"
    assert merge(Metered(), meant) == meant


@pytest.mark.parametrize(
    "text",
    ["First 10 TB / Month", "Next 40 TB", "Over 500 TB / month", "10-100", "1–10 users", "101+",
     "Greater than 150 TB", "10MB", "1,000", "up to 5 million", "bis 100 GB"],
)  # fmt: skip
def test_sizes_and_ranges_name_no_product(text: str) -> None:
    assert is_measure(text)


@pytest.mark.parametrize("text", ["H100 80GB SXM", "gpt-9", "c5.large", "Pro", "4 vCPU, 8 GB", ""])
def test_products_are_no_measures(text: str) -> None:
    assert not is_measure(text)


@pytest.mark.parametrize(
    ("text", "meters"),
    [
        ("Input / Output (per 1M tokens)", ("Input", "Output")),
        ("Input | Cached input | Output", ("Input", "Cached input", "Output")),
        ("Price [in/out]", ("in", "out")),
        ("Cost (input, cached input, output)", ("input", "cached input", "output")),
        ("Input", ()),
        ("Storage / month", ()),
        ("Price (per 1M tokens / month)", ()),
    ],
)
def test_a_heading_may_name_several_meters(text: str, meters: tuple[str, ...]) -> None:
    assert several_meters(text) == meters


def test_a_model_with_a_meters_word_in_its_name_is_a_product() -> None:
    assert is_meter_only("Cached input tokens")
    assert not is_meter_only("Input Wizard 3")


@pytest.mark.parametrize(
    ("label", "alone"),
    [
        ("Per managed machine - annual", True),
        ("Pro Benutzer und Monat", True),
        ("Monthly", True),
        ("每月", True),
        ("Per managed machine with support", False),
        ("Standard, per month", False),
        ("Kite 2", False),
    ],
)
def test_a_label_that_says_per_what_names_nothing(label: str, alone: bool) -> None:
    assert is_unit_only(label) is alone
