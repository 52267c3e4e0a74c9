"""Price lists as a person sees them: what names the product, and what the words around void."""

from __future__ import annotations

import pytest
from tests.read.reading_of import rates_of


def table(*lines: str) -> str:
    head, *body = lines
    width = head.count("|") + 1
    return "\n".join(f"| {line} |" for line in (head, " | ".join(["---"] * width), *body))


PRICED = table("Model | Price per image", "Orlo 2 | $0.05")
RATE = ["orlo-2 | price | 0.05 USD per image"]


@pytest.mark.parametrize(
    "heading",
    [
        "Pricing & credits",
        "Credit prices",
        "Benchmarks and pricing",
        "实例价格",
        "Usage tier prices",
        "Credits",
    ],
)
def test_a_heading_that_also_speaks_of_prices_voids_nothing(heading: str) -> None:
    assert rates_of(f"## {heading}\n\n{PRICED}") == RATE


@pytest.mark.parametrize(
    "heading",
    ["Pricing example", "Price comparison", "Калькулятор цен", "计费示例", "Benchmarks"],
)
def test_a_heading_of_examples_voids_its_section(heading: str) -> None:
    assert rates_of(f"## {heading}\n\n{PRICED}") == []


def test_an_instance_is_no_example() -> None:
    text = table("计费项 | 价格（元/小时）", "计算实例 | 3.2", "负载均衡 | 0.4")
    assert rates_of(text) == [
        "计算实例 | price | 3.2 CNY per hour",
        "负载均衡 | price | 0.4 CNY per hour",
    ]


def test_the_price_that_holds_stands_above_the_one_that_held() -> None:
    text = "## Video packages\n\n" + table(
        "Package | Standard (SAVE 5%) | Pro (SAVE 10%)",
        "**Discounted price** | $950 | $2,250",
        "**Original price** | $1,000 | $2,500",
        "**Valid** | 1 month | 1 month",
    )
    assert [line.split(" | ")[0] + " " + line.split(" | ")[2] for line in rates_of(text)] == [
        "pro 2250 USD per month",
        "standard 950 USD per month",
    ]


def test_a_column_of_kinds_before_the_features_is_a_label_as_well() -> None:
    text = table(
        "Category | Feature | Launch | Scale | Enterprise",
        "Rates | Browser hours | $0.10/hour | $0.08/hour | Custom",
        "Rates | Proxy bandwidth | $10/GB | $6/GB | Custom",
        "Rates | Solved puzzles | $3/1k | $1/1k | Custom",
        "Features | Sessions | 10 | 100 | 1,000+",
    )
    assert rates_of(text) == [
        "launch | browser-hours | 0.10 USD per hour",
        "launch | proxy-bandwidth | 10 USD per GB",
        "launch | solved-puzzles | 3 USD per 1K units",
        "scale | browser-hours | 0.08 USD per hour",
        "scale | proxy-bandwidth | 6 USD per GB",
        "scale | solved-puzzles | 1 USD per 1K units",
    ]


def test_a_heading_about_levels_gives_no_level() -> None:
    text = "## Priority levels\n\n" + table(
        "Priority | Price / 1M tokens", "Fast | $0.60", "Standard | $0.20"
    )
    assert rates_of(text) == [
        "fast | price | 0.60 USD per 1M tokens",
        "standard | price | 0.20 USD per 1M tokens",
    ]


@pytest.mark.parametrize(
    ("cell", "products"),
    [
        ("lumo-01<br />lumo-01-live", ["lumo-01", "lumo-01-live"]),
        ("• vox-2.6-hd <br />• vox-02-hd", ["vox-02-hd", "vox-2.6-hd"]),
        ("orlo-4<br />orlo-4-2026-01-30", ["orlo-4"]),
        ("orlo-4<br />orlo-4-latest", ["orlo-4"]),
    ],
)
def test_several_products_in_a_cell(cell: str, products: list[str]) -> None:
    text = table("Model | Price per image", f"{cell} | $0.05")
    assert [line.split(" | ")[0] for line in rates_of(text)] == products


def test_a_fee_for_each_further_picture_is_no_price_of_tokens() -> None:
    text = "Prices per 1M tokens.\n\n" + table(
        "Model | Input price | Output price", "Orlo 4 | $6 | $37"
    )
    text += "\n\n#### Editing\n\n" + table(
        "Model | Per edit | Extra input image", "Lumo 2 | $0.34 | $0.01"
    )
    assert rates_of(text)[:2] == [
        "lumo-2 | extra-input-image | 0.01 USD per image",
        "lumo-2 | price | 0.34 USD per edit",
    ]


def test_bands_of_prompt_and_answer_tell_rows_apart() -> None:
    text = table(
        "模型 | 条件 | 输入 | 输出",
        "Orlo-4 | 输入长度 [0, 32) 输出长度 [0, 0.2) | 2 元/百万 tokens | 8 元/百万 tokens",
        " | 输入长度 [0, 32) 输出长度 (0.2+) | 3 元/百万 tokens | 14 元/百万 tokens",
    )
    assert rates_of(text) == [
        "orlo-4 | input | 2 CNY per 1M tokens | context 0-32, output 0-0.2",
        "orlo-4 | input | 3 CNY per 1M tokens | context 0-32, output 0.2+",
        "orlo-4 | output | 14 CNY per 1M tokens | context 0-32, output 0.2+",
        "orlo-4 | output | 8 CNY per 1M tokens | context 0-32, output 0-0.2",
    ]


def test_a_note_in_a_cell_does_not_move_it_to_another_tier() -> None:
    text = "## Orlo 5\n\n### Batch\n\n" + table(
        " | Paid, per 1M tokens in USD",
        "Context caching price | As in Standard, not in batches yet $0.05 (text) $0.10 (audio)",
    )
    assert rates_of(text) == [
        "orlo-5 | audio.input.cached | 0.10 USD per 1M tokens | tier batch",
        "orlo-5 | text.input.cached | 0.05 USD per 1M tokens | tier batch",
    ]
