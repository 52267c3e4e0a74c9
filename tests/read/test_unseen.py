"""Prices of the period that a switch shows instead, with the sign of the currency set once."""

from __future__ import annotations

import pytest

from ratewire.read.html import parse_html

HIDDEN = "<b class=yearly style='display:none'>{}</b>"
BOXES = [
    (f"<div><b>9,90</b>{HIDDEN.format('79')} <small>€</small></div>", "79 €"),
    (f"<div><b>9,90</b>{HIDDEN.format('79')} €</div>", "79 €"),
    (f"<div><small>$</small><b>9</b>{HIDDEN.format('79')}<small>/mo</small></div>", "$79"),
    (f"<div>$<b>9</b>{HIDDEN.format('1,290')}</div>", "$1,290"),
    (f"<div><b>9 kr</b>{HIDDEN.format('79 kr')}</div>", "79 kr"),
]
NONE = [
    f"<div><b>Page 9</b>{HIDDEN.format('79')} of many</div>",
    f"<div><b>9 €</b>{HIDDEN.format('a year')}</div>",
    f"<div>{HIDDEN.format('79')}</div>",
]


def unseen(page: str) -> list[str]:
    return [block.text for block in parse_html(page).blocks if block.hidden]


@pytest.mark.parametrize(("box", "price"), BOXES)
def test_a_hidden_price_has_the_sign_of_the_shown_one(box: str, price: str) -> None:
    assert unseen(f"<main><h3>Crew</h3>{box}</main>") == [price]


@pytest.mark.parametrize("box", NONE)
def test_other_hidden_words_hold_none(box: str) -> None:
    assert unseen(f"<main><h3>Crew</h3>{box}</main>") == []
