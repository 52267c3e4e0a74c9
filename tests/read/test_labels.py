"""What the labels of a row say, and what they leave to the rows and headings above."""

from __future__ import annotations

import pytest
from tests.read.reading_of import rates_of

from ratewire.read.labels import continuation


@pytest.mark.parametrize(
    ("label", "further"),
    [
        ("↳ >272K Context", ">272K Context"),
        ("└ batch", "batch"),
        ("> 128K tokens", "> 128K tokens"),
        ("8,192 < length ≤ 32,768 tokens", "8,192 < length ≤ 32,768 tokens"),
        ("Orlo 4", ""),
        ("Orlo 4 (> 128K tokens)", ""),
        ("", ""),
    ],
)
def test_which_rows_go_on_with_the_product_above(label: str, further: str) -> None:
    assert continuation(label) == further


@pytest.mark.parametrize("mark", ["↳ ", "└ ", ""])
def test_a_row_that_goes_on_is_of_the_product_above(mark: str) -> None:
    text = f"""
| Model | ID | Input price | Output price |
|---|---|---|---|
| Orlo 4 | `orlo-4` | $6 | $37 |
| {mark}>272K context | | $12 | $56 |
| Orlo 4 Pro | `orlo-4-pro` | $30 | $220 |
| {mark}>272K context | | $75 | $330 |
"""
    found = [line.split(" | ") for line in rates_of(text)]
    assert {(name, meter, price.split()[0], *rest) for name, meter, price, *rest in found} == {
        ("orlo-4", "input", "6"),
        ("orlo-4", "input", "12", "context >272K"),
        ("orlo-4", "output", "37"),
        ("orlo-4", "output", "56", "context >272K"),
        ("orlo-4-pro", "input", "30"),
        ("orlo-4-pro", "input", "75", "context >272K"),
        ("orlo-4-pro", "output", "220"),
        ("orlo-4-pro", "output", "330", "context >272K"),
    }


def test_rows_that_name_a_meter_are_of_the_product_in_the_heading() -> None:
    text = """
## Vista 3

### Standard

|             | Free tier     | Paid tier, per image in USD |
|-------------|---------------|-----------------------------|
| Image price | Not available | $0.03                       |
| Web search  | Not available | $14 / 1,000 queries         |

## Reel 2

|             | Paid tier, per second in USD |
|-------------|------------------------------|
| Video price | $0.35                        |
"""
    assert rates_of(text) == [
        "reel-2 | video | 0.35 USD per second",
        "vista-3 | image | 0.03 USD per image | plan paid, tier standard",
        "vista-3 | web-search | 14 USD per 1K queries | plan paid, tier standard",
    ]
