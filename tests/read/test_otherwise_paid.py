"""Prices for another way to pay: a line without a unit below the price by the month."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading_of import rates_of

HTML = "text/html"
LINES = {
    "en": ("${} per month", "or ${} if billed yearly"),
    "de": ("{} € pro Monat", "oder {} € bei jährlicher Zahlung"),
    "es": ("{} € al mes", "{} € con pago anual"),
    "fr": ("{} € par mois", "ou {} € (facturation annuelle)"),
    "pt": ("{} € por mês", "ou {} € (cobrança anual)"),
}


def card(name: str, *lines: str, gap: str = "</p><p>") -> str:
    return f"<div><h3>{name}</h3><p>{gap.join(lines)}</p></div>"


def page(*cards: str) -> str:
    return f"<title>Pricing</title><h1>Pricing</h1><div>{''.join(cards)}</div>"


@settings(deadline=None, max_examples=40)
@given(
    st.sampled_from(sorted(LINES)), st.sampled_from(("</p><p>", "<br>")),
    st.integers(10, 900), st.integers(50, 95), st.booleans(),
)  # fmt: skip
def test_the_price_paid_yearly_is_by_the_month_or_by_the_year(
    language: str, gap: str, monthly: int, share: int, whole: bool
) -> None:
    paid = round(monthly * share / 100 * (12 if whole else 1), 2)
    by_month, by_year = LINES[language]
    cards = [
        card(name, by_month.format(monthly * n), by_year.format(f"{paid * n:.2f}"), gap=gap)
        for n, name in enumerate(("Onyx", "Quartz"), 1)
    ]
    rates = rates_of(page(*cards), HTML)
    assert len(rates) == 4
    unit = "year" if whole else "month"
    assert any(f"onyx | price | {paid:.2f}" in each and f"per {unit} " in each for each in rates)


@pytest.mark.parametrize(
    "line",
    ["or $120 if billed yearly", "or $2 if billed yearly", "or $20 if billed yearly",
     "or $8 if you ask", "or €8 if billed yearly"],
)  # fmt: skip
def test_a_line_that_fits_no_price_above_it_is_none(line: str) -> None:
    """Twelve months once more, a sum that is no such price, another way, another currency."""
    rates = rates_of(page(card("Onyx", "$10 per month", line)), HTML)
    assert [each for each in rates if " 10 USD per month" in each] == rates


def test_the_price_of_another_card_is_not_the_price_above() -> None:
    text = page(card("Onyx", "$10 per month"), card("Quartz", "$8 if billed yearly"))
    assert not [each for each in rates_of(text, HTML) if "quartz" in each]
