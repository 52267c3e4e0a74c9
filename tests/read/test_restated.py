"""What prices of a table are for, where only the text near it says so."""

from __future__ import annotations

import pytest
from tests.read.reading_of import reading

SENTENCES = {
    "en": ("Block storage from $0.12 per GB per month.", "Per hour", "Per month"),
    "sv": ("Blocklagring från endast $0.12 per GB per månad.", "Per timme", "Per månad"),
    "de": ("Blockspeicher ab $0.12 pro GB pro Monat.", "Pro Stunde", "Pro Monat"),
    "es": ("Almacenamiento desde $0.12 por GB por mes.", "Por hora", "Por mes"),
    "fr": ("Stockage à partir de $0.12 par GB par mois.", "Par heure", "Par mois"),
}


def _units(markdown: str) -> dict[tuple[str, str], str]:
    rates = reading(markdown).facts.rates
    return {(rate.product, f"{rate.amount:f}"): str(rate.unit) for rate in rates}


@pytest.mark.parametrize("language", SENTENCES)
def test_a_sentence_completes_the_periods_of_the_columns_below(language: str) -> None:
    sentence, hour, month = SENTENCES[language]
    page = f"""# Halden storage prices

{sentence}

| Volume | {hour} | {month} |
|---|---|---|
| Volume large | $0.000167 | $0.12 |
| Volume fast | $0.0005 | $0.36 |
"""
    units = _units(page)
    assert units["volume-large", "0.000167"] == "GB-hour"
    assert units["volume-fast", "0.0005"] == "GB-hour"
    assert units["volume-fast", "0.36"] == "GB-month"


def test_a_column_that_counts_the_things_completes_nothing() -> None:
    units = _units("""# Halden storage prices

From $5 per GB per month.

| Plan | Storage (GB) | Per month |
|---|---|---|
| Small | 1 | $5 |
| Large | 10 | $40 |
""")
    assert units["small", "5"] == units["large", "40"] == "month"


def test_a_sentence_with_another_price_completes_nothing() -> None:
    units = _units("""# Halden storage prices

Backups are $7 per GB per month.

| Plan | Per month |
|---|---|
| Small | $5 |
| Large | $40 |
""")
    assert units["small", "5"] == "month"


@pytest.mark.parametrize(
    ("mark", "note"),
    [
        (r"^\*^", r"^\*^Image input is set at 560 tokens or $0.0011 per image."),
        ("<sup>*</sup>", "\\* $0.0011 per image."),
    ],
)
def test_a_footnote_says_what_the_word_beside_a_price_counts(mark: str, note: str) -> None:
    rates = reading(
        f"""# API pricing

## Mira 5

| | Price, per 1M tokens in USD |
|---|---|
| Input price | $1.00 (text), $0.0006 (image){mark} |
| Output price | $6.00 |

{note}
""",
    ).facts.rates
    assert {(f"{rate.amount:f}", str(rate.unit)) for rate in rates} >= {
        ("1.00", "1M tokens"), ("0.0006", "image"), ("6.00", "1M tokens"),
    }  # fmt: skip


REMARKS = {
    "en": ("Remarks", "2 domains are included, and an additional domain is priced at 32 USD/year"),
    "de": ("Hinweise", "2 Domains inklusive; jede weitere Domain kostet 32 USD pro Jahr"),
    "es": ("Observaciones", "2 dominios incluidos; cada dominio adicional 32 USD por año"),
    "fr": ("Remarques", "2 domaines compris, domaine supplémentaire à 32 USD par an"),
    "zh": ("备注", "包含 2 个域名，额外域名 32 USD/年"),
}


@pytest.mark.parametrize("language", REMARKS)
def test_a_remark_that_prices_one_more_is_a_rate(language: str) -> None:
    head, remark = REMARKS[language]
    rates = reading(
        f"""# Certificate prices

| Certificate | Price | {head} |
|---|---|---|
| Opal one | 80 USD/year | - |
| Opal many | 120 USD/year | {remark} |
""",
    ).facts.rates
    found = {(rate.product, f"{rate.amount:f}", str(rate.unit)) for rate in rates}
    assert found == {
        ("opal-one", "80", "year"), ("opal-many", "120", "year"), ("opal-many", "32", "year"),
    }  # fmt: skip


def test_one_more_is_named_alike_in_a_price_and_in_a_remark() -> None:
    rates = reading(
        """# Certificate prices

| Certificate | Price | Remarks |
|---|---|---|
| Opal many | 120 USD/year; an additional domain is priced at 32 USD/year | 2 domains are \
included, and an additional domain is priced at 32 USD/year |
""",
    ).facts.rates
    assert sorted((f"{rate.amount:f}", rate.conditions.get("variant")) for rate in rates) == [
        ("120", ""), ("32", "additional-domain"),
    ]  # fmt: skip


def test_other_money_in_a_remark_is_no_rate() -> None:
    rates = reading(
        """# Certificate prices

| Certificate | Price | Remarks |
|---|---|---|
| Opal many | 120 USD/year | Saves 40 USD/year, worth 160 USD/year elsewhere |
""",
    ).facts.rates
    assert [f"{rate.amount:f}" for rate in rates] == ["120"]
