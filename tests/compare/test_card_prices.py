"""Prices of a card in another order are what they were; prices that change places are not."""

from __future__ import annotations

import pytest
from captures import compared, said


def section(*lines: str, title: str = "Heron") -> str:
    """A card of a list of plans, in Markdown."""
    return "\n\n".join((
        "# Otter pricing", f"## {title}", "For teams.", *lines,
        "## Teal", "For one.", "$5 / month", "## Moss", "For all.", "$7 / month", "",
    ))  # fmt: skip


def large(amount: str, *words: str, title: str = "Otter Care") -> str:
    """A card with one price in large digits, and what it is for and others below it."""
    return (
        f'<html lang="en"><h1>Prices</h1><h2>{title}</h2><div><div><p>Laptop</p><h3>$30</h3>'
        f"<p>per device per year</p></div><div><p>Rack</p><h3>{amount}</h3>"
        f"<p>{'<br>'.join(words)}</p></div></div></html>"
    )


FULL, BASIC = "full support per rack per year", "basic support per rack per year"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (section("$10 / month", "$100 / year"), section("$100 / year", "$10 / month")),
        (section("10 € / Monat", "100 € / Jahr"), section("100 € / Jahr", "10 € / Monat")),
        (section("- $10 / month\n- $100 / year"), section("- $100 / year\n- $10 / month")),
        (section("$10 / month or $100 / year"), section("$100 / year or $10 / month")),
        (section("Monthly: $10", "Yearly: $100"), section("Yearly: $100", "Monthly: $10")),
        (section("Mensuel : 10 €", "Annuel : 100 €"), section("Annuel : 100 €", "Mensuel : 10 €")),
        (large("$340", FULL, f"$177 {BASIC}"), large("$177", BASIC, f"$340 {FULL}")),
        (large("$340", FULL, f"$177 {BASIC}"), large("$177", BASIC, f"$340 {BASIC}")),
        (large("$340", "yearly", "$30 monthly"), large("$30", "monthly", "$340 yearly")),
    ],
)
def test_another_order_is_no_news(before: str, after: str) -> None:
    assert said(compared(before, after)) == []
    renamed = after.replace("Heron", "The Heron").replace("Otter Care", "All of Otter Care")
    assert said(compared(before, renamed)) == []


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (section("$10 / month", "$100 / year"), section("$120 / year", "$10 / month"),
         ["rate_up 100>120"]),
        (section("Basic: $10", "Whole: $20"), section("Basic: $20", "Whole: $10"),
         ["rate_down 20>10", "rate_up 10>20"]),
        (large("$340", FULL), large("$350", FULL), ["rate_up 340>350"]),
    ],
)  # fmt: skip
def test_another_price_is_told(before: str, after: str, expected: list[str]) -> None:
    assert [line for line in said(compared(before, after)) if "held" not in line] == expected


def test_prices_in_cards_of_one_section_stay_apart() -> None:
    """Without headings the line above each is all that tells one from the other."""
    card = "{}\n\n${{}} / month\n\n${{}} / year\n\n"
    cards = "# Otter pricing\n\n" + card.format("Starter") + card.format("Works")
    found = compared(cards.format(10, 100, 20, 200), cards.format(20, 200, 40, 400))
    assert [line.partition(" ")[0] for line in said(found)] == ["rate_up"] * 4
