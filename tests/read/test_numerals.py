"""Digits of any script, wherever they stand."""

from __future__ import annotations

import pytest

from ratewire.read.numerals import has_digit

WORDS = "Prices of the larger plans are told by our sales team on request. " * 2


@pytest.mark.parametrize("digit", [*"0123456789", "\uff15", "\u0663", "\u096b"])
@pytest.mark.parametrize("around", ["", "Plan ", WORDS])
def test_a_digit_is_seen(digit: str, around: str) -> None:
    assert has_digit(around + digit)
    assert has_digit(digit + around)


@pytest.mark.parametrize("text", ["", "Plan", WORDS, "价格每月", "x²", "½", "Ⅳ"])
def test_other_signs_are_no_digits(text: str) -> None:
    assert not has_digit(text)
