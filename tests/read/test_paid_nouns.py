"""Nouns of what is paid for, beside an amount without a unit: a subscription, a payment."""

from __future__ import annotations

import pytest
from reading_of import reading

from ratewire.model import Reading, Role


def read_of(sentence: str, *, html: bool = False) -> Reading:
    if html:
        page = f"<html><h1>Otter pricing</h1><h2>Heron</h2><p>{sentence}</p></html>"
        return reading(page, "text/html")
    return reading(f"# Otter pricing\n\n## Heron\n\n{sentence}\n")


@pytest.mark.parametrize("html", [False, True])
@pytest.mark.parametrize(
    ("sentence", "product", "amount", "unit"),
    [
        ("Our current 500 USD subscription has all that a team needs:", "heron", "500", "unit"),
        ("The $99 Works membership is for all.", "works-membership", "99", "unit"),
        ("It is a recurring 300USD payment that gives you credits that you can spend.",
         "heron", "300", "unit"),
        ("Heron takes a monthly $20 payment.", "heron", "20", "month"),
        ("There is a yearly payment of $400.", "heron", "400", "year"),
        ("Zum Heron gehört ein 40 € Abonnement.", "heron", "40", "unit"),
    ],
)  # fmt: skip
def test_it_is_a_price(sentence: str, product: str, amount: str, unit: str, html: bool) -> None:
    (rate,) = read_of(sentence, html=html).facts.rates
    assert (rate.product, f"{rate.amount:f}", str(rate.unit)) == (product, amount, unit)


@pytest.mark.parametrize(
    "sentence",
    [
        "We discontinue the $500 Works subscription for another one.",
        "The $500 subscription is discontinued.",
        "Every payment is due at once, also a late $50 payment.",
        "Heron gives $300 that you can spend.",
    ],
)
def test_it_is_no_price(sentence: str) -> None:
    found = read_of(sentence)
    assert found.facts.rates == ()
    assert [figure.role for figure in found.figures] != [Role.RATE]
