"""Random price lists, in many layouts and languages, are read as they were written."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.read.listings import LAYOUTS, Listing, Truth, listings
from tests.read.reading_of import reading

from ratewire.model import Rate, Unit
from ratewire.read.lexicon import slug


def is_told(truth: Truth, rate: Rate) -> bool:
    """Whether a rate says all that the truth does: amount, currency, unit, and its words."""
    unit = Unit.parse(truth.unit) if truth.unit else Unit.of("unit")
    said = slug(" ".join([rate.product, rate.label, rate.meter, str(rate.conditions)]))
    return (
        (rate.amount, rate.currency, rate.unit) == (truth.amount, truth.currency, unit)
        and rate.upper is None
        and all(re.search(rf"(?<!\d){re.escape(word)}", said) for word in truth.slugs)
    )


def check(listing: Listing, text: str, media_type: str) -> None:
    rates = list(reading(text, media_type, url="https://heron.example/list").facts.rates)
    for truth in listing.truths:
        match = next((rate for rate in rates if is_told(truth, rate)), None)
        assert match is not None, f"{truth} is not among {rates}"
        rates.remove(match)
    assert not rates, f"{rates} are on no list"


@pytest.mark.parametrize("layout", LAYOUTS)
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_a_price_list_is_read_as_it_was_written(layout: str, data: st.DataObject) -> None:
    listing = data.draw(listings(layout))
    check(listing, listing.html(), "text/html")
    markdown = listing.markdown()
    if markdown is not None:
        check(listing, markdown, "text/markdown")
