"""Prices in a vendor's own unit of account."""

from __future__ import annotations

import pytest
from tests.read.reading_of import reading

STATEMENTS = {
    "en": "Prices in HCU per 1M tokens. $0.070 per HCU.",
    "de": "Alle Preise in HCU pro 1 Mio. Token. Ein HCU kostet 0,07 €.",
    "es": "Precios en HCU por 1M de tokens. $0.07 por HCU.",
    "fr": "Prix en HCU par 1M de tokens. Un HCU coûte 0,07 €.",
    "pt": "Preços em HCU por 1M de tokens. $0.07 por HCU.",
}


def _found(statement: str, head: str = "Input") -> set[tuple[str, str, str]]:
    rates = reading(f"""# Model serving pricing

{statement}

| Model | {head} | Output |
|---|---|---|
| Opal 5 | 71.429 | 357.143 |
| Lumen 2.5 | 14.286 | n/a |
""").facts.rates
    return {
        (f"{r.amount:f}", r.currency, str(r.unit)) for r in rates if r.product != "model-serving"
    }


@pytest.mark.parametrize("language", STATEMENTS)
def test_bare_numbers_are_in_the_unit_that_the_page_states_and_prices(language: str) -> None:
    assert _found(STATEMENTS[language]) >= {
        ("71.429", "HCU", "1M tokens"),
        ("357.143", "HCU", "1M tokens"),
        ("14.286", "HCU", "1M tokens"),
    }


def test_the_heads_of_a_table_may_state_it() -> None:
    found = _found("Prices per 1M tokens. One HCU is worth it: $0.07 per HCU.", "Input (HCU)")
    assert ("71.429", "HCU", "1M tokens") in found


@pytest.mark.parametrize(
    "statement",
    [
        "Prices in HCU per 1M tokens.",  # nobody says what one costs
        "All models run in GPU clusters, prices per 1M tokens. $2 per GPU hour.",
        "Prices in USD per 1M tokens. $0.07 per HCU.",
    ],
)
def test_other_abbreviations_are_no_unit_of_account(statement: str) -> None:
    assert not {currency for _, currency, _ in _found(statement)} & {"HCU", "GPU"}
