"""Tables whose spans a converter lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.read.reading_of import rates_of


def test_a_band_that_hung_beside_its_model() -> None:
    text = """
| Model | Request length | Billing unit | Input | Output |
| --- | --- | --- | --- | --- |
| orlo-latest | ≤ 8,192 tokens | 1M tokens | $2.00 | $10.00 |
| 8,192 < length ≤ 32,768 tokens | 1M tokens | $5.00 | $20.00 |
"""
    assert rates_of(text) == [
        "orlo-latest | input | 2.00 USD per 1M tokens | context ≤8,192",
        "orlo-latest | input | 5.00 USD per 1M tokens | context 8,192-32,768",
        "orlo-latest | output | 10.00 USD per 1M tokens | context ≤8,192",
        "orlo-latest | output | 20.00 USD per 1M tokens | context 8,192-32,768",
    ]


def test_two_label_columns_that_hung_one_in_the_other() -> None:
    text = """
The prices below are per 1M tokens.

| | | | | |
| --- | --- | --- | --- | --- |
| MODEL | | | orlo-flash | orlo-pro |
| PRICING | INPUT TOKENS (CACHE HIT) | OFF-PEAK | $0.01 | $0.03 |
| PEAK | $0.02 | $0.06 |
| OUTPUT TOKENS | OFF-PEAK | $0.5 | $1.5 |
| PEAK | $1 | $3 |
"""
    assert rates_of(text) == [
        "orlo-flash | input.cached | 0.01 USD per 1M tokens | period off-peak",
        "orlo-flash | input.cached | 0.02 USD per 1M tokens | period peak",
        "orlo-flash | output | 0.5 USD per 1M tokens | period off-peak",
        "orlo-flash | output | 1 USD per 1M tokens | period peak",
        "orlo-pro | input.cached | 0.03 USD per 1M tokens | period off-peak",
        "orlo-pro | input.cached | 0.06 USD per 1M tokens | period peak",
        "orlo-pro | output | 1.5 USD per 1M tokens | period off-peak",
        "orlo-pro | output | 3 USD per 1M tokens | period peak",
    ]


def test_a_row_whose_last_cells_were_left_out_stays_where_it_is() -> None:
    text = """
| Model | Input | Output |
| --- | --- | --- |
| orlo-1 | $2 | $8 |
| orlo-2 | $3 |
"""
    assert rates_of(text)[-2:] == [
        "orlo-1 | output | 8 USD per unit",
        "orlo-2 | input | 3 USD per unit",
    ]


_HEADS = {
    "en": "Model | Length | Input | Output",
    "de": "Modell | Länge | Eingabe | Ausgabe",
    "es": "Modelo | Longitud | Entrada | Salida",
    "zh": "模型 | 长度 | 输入 | 输出",
    "ja": "モデル | 長さ | 入力 | 出力",
}


@pytest.mark.parametrize("language", _HEADS)
@given(prices=st.lists(st.integers(1, 99), min_size=4, max_size=12), start=st.integers(1, 3))
def test_a_flattened_list_is_read_as_the_full_one(
    language: str, prices: list[int], start: int
) -> None:
    """`start`: bands of each model; all but the first row of each leave the model out."""
    full, flat = [], []
    for at, price in enumerate(prices):
        band = f"≤ {2 ** (at % start)}K tokens"
        cells = f"{band} | ${price} | ${price * 3}"
        full.append(f"| orlo-{at // start} | {cells} |")
        flat.append(f"| {cells} |" if at % start else full[-1])
    head = f"| {_HEADS[language]} |\n| --- | --- | --- | --- |\n"
    assert rates_of(head + "\n".join(flat)) == rates_of(head + "\n".join(full))
    assert len(rates_of(head + "\n".join(full))) == 2 * len(prices)


def test_cells_of_several_lines_between_bars_without_outer_ones() -> None:
    text = """
The prices below are per 1M tokens.

MODEL| orlo-chat| orlo-thinker
---|---|---
VERSION| Orlo 3
(quick)| Orlo 3
(slow)
PRICING| INPUT TOKENS (CACHE HIT)| $0.02
INPUT TOKENS (CACHE MISS)| $0.28
OUTPUT TOKENS| $0.42
"""
    assert rates_of(text) == [
        "orlo-thinker | input | 0.28 USD per 1M tokens",
        "orlo-thinker | input.cached | 0.02 USD per 1M tokens",
        "orlo-thinker | output | 0.42 USD per 1M tokens",
    ]
