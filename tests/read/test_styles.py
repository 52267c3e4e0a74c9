"""Old prices that only a style strikes out."""

from __future__ import annotations

import pytest

from ratewire.read.document import Text
from ratewire.read.html import parse_html

RULES = {
    "a class": "<style>.was { color: gray; text-decoration: line-through }</style>",
    "several": "<style>p.a,.card .was{text-decoration-line:line-through}</style>",
    "in a media query": "<style>@media screen{.was{text-decoration:line-through}}</style>",
}


def texts(page: str) -> list[tuple[str, str]]:
    return [(b.text, b.struck) for b in parse_html(page).blocks if isinstance(b, Text)]


@pytest.mark.parametrize("style", RULES.values(), ids=RULES)
def test_a_class_that_the_page_strikes_out(style: str) -> None:
    page = f"{style}<body><p class=was>$12</p><p>$9 / month</p></body>"

    assert texts(page) == [("", "$12"), ("$9 / month", "")]


@pytest.mark.parametrize("name", ["old-price", "price__was", "product-price-original"])
def test_a_class_that_is_named_an_old_price(name: str) -> None:
    page = f"<p class='x {name}'>$12</p><p>$9 / month</p>"

    assert texts(page) == [("", "$12"), ("$9 / month", "")]


@pytest.mark.parametrize("name", ["price", "old", "threshold-price", "pricewas"])
def test_other_classes_strike_nothing_out(name: str) -> None:
    rules = "<style>.other{text-decoration:line-through}.price:hover{color:red}</style>"

    assert texts(f"{rules}<p class={name}>$12</p>") == [("$12", "")]


def test_a_style_of_its_own_is_kept() -> None:
    page = "<p class=old-price style='display:none'>$12</p><p>$9 / month</p>"

    assert texts(page) == [("", "$12"), ("$9 / month", "")]
