"""What money in a sentence is where it is no price: by sentence, clause and its own noun."""

from __future__ import annotations

import pytest
from reading_of import rates_of

from ratewire.read.other_money import is_story, other_money
from ratewire.read.quantities import find_amounts


def _told(sentence: str) -> list[str]:
    return other_money(sentence, find_amounts(sentence))


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        # the whole sentence
        ("For example, 1,000 images cost $40.", ["example"]),
        ("On average, customers pay $0.02 per call and $3 per month.", ["statistic"] * 2),
        ("$0.35 (per GB) * 0.2 (GB) = $0.07", ["sum"] * 2),
        ("Fees = 100 (GB) × USD 0.015/30 (days)", ["sum"]),
        # its clause
        ("Pro is $12 per month, cheaper than before.", [""]),
        ("Pro is $12 per month instead of $15 per month.", ["", "old"]),
        ("Hosts are $449 per month; paid yearly this comes to $4,310 per year.", ["", ""]),
        ("A seat is $4 per month; for two that comes to $8 per month.", ["", "total"]),
        ("Pass is $9.99 per month — with twice the use compared to the standard rate.", [""]),
        # its own noun
        ("You get $5 in free credits.", ["credit"]),
        ("Your spend limit is $500.", ["spending"]),
        ("A deposit of $20 per account is due.", ["deposit"]),
        ("Includes $20 of usage per month.", ["allowance"]),
        ("Calls use credits at $0.005 per request.", [""]),
        ("Cap-rate storage is $3 per TB off-peak.", [""]),
        ("Fine-tuning costs $3 per hour.", [""]),
        # ways to pay, remarks
        ("The plan is $299 per month payable by credit card.", [""]),
        ("Pro is $19 per month (save 20%).", [""]),
        ("Pro is $19 per month (14-day free trial).", [""]),
        # conditions
        ("If you process 1M rows at $3 per million rows, you pay $3.", ["example"] * 2),
        ("If the price per token is $0.08 per million tokens, it is cheap.", ["example"]),
        ("If you exceed 100 GB, each GB costs $0.10 per GB.", [""]),
        ("If you need more seats, each costs $10 per month.", [""]),
        ("A 1024 x 1024 image costs $0.04 per image.", [""]),
        ("1M API credits = $0.10", [""]),
        ("Refund = $576", ["sum"]),
        # other languages
        ("Zum Beispiel kosten 1.000 Bilder 40 € pro Monat.", ["example"]),
        ("Pro kostet 12 € pro Monat statt 15 € pro Monat.", ["", "old"]),
        ("Pro cuesta 12 € al mes, pagadero con tarjeta de crédito.", [""]),
        ("Par exemple, 1 000 images coûtent 40 € par mois.", ["example"]),
        ("平均每天花费6元。", ["statistic"]),
    ],
)
def test_each_amount_of_a_sentence_is_a_price_or_something_else(
    sentence: str, told: list[str]
) -> None:
    assert _told(sentence) == told


def test_a_story_is_one_whatever_its_remarks_say() -> None:
    assert is_story("For example, a call of ten minutes")
    assert not is_story("Search (for example in archives)")


def test_a_second_price_after_or_is_one_unless_it_restates_the_first() -> None:
    page = "# Nest\n\n## SSO\n\nSSO is an add-on for {}.\n"
    assert rates_of(page.format("$50/month or $480/year")) == [
        "sso | price | 480 USD per year | period year",
        "sso | price | 50 USD per month | period month",
    ]
    assert rates_of("# Nest\n\nAn H100 is $0.50 per hour, or $360 per month.\n") == [
        "h100 | price | 0.50 USD per hour"
    ]
