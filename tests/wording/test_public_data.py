"""The types of published data: as JSON, in schemas, and back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from jsonschema import Draft202012Validator
from sample_changes import cut, make_site, of_every_kind, rate, retraction

from ratewire.model import Bracket, Terms
from ratewire.wording.data import ChangeData, PriceData, RateData, plain, structure
from ratewire.wording.facts import SiteNames
from ratewire.wording.schema import ref, schemas
from ratewire.wording.stories import stories

SITE = make_site()
COMPONENTS = {"components": {"schemas": schemas(RateData, ChangeData)}}


def validator(cls: type) -> Draft202012Validator:
    return Draft202012Validator(ref(cls) | COMPONENTS)


def told(*changes):
    return [plain(ChangeData.of(story)) for story in stories(changes, SiteNames.of(SITE))]


def test_changes_of_every_kind_are_as_their_schema_says_and_come_back() -> None:
    first = cut("x")
    for one in told(*of_every_kind(), first, retraction(first)):
        validator(ChangeData).validate(one)
        assert plain(structure(one, ChangeData)) == one


def test_a_key_with_its_default_is_left_out() -> None:
    bare = plain(PriceData.of(rate("32.00")))
    assert not {"qualifier", "upper", "percent", "bracket", "least"} & bare.keys()
    terms = Terms(bracket=Bracket(end=Decimal(10), of="TB"))
    graded = PriceData.of(replace(rate("32.00"), terms=terms))
    assert plain(graded)["bracket"] == {"end": "10", "of": "TB"}
    assert structure(plain(graded), PriceData) == graded


def test_a_price_is_the_rate_it_was_made_of() -> None:
    assert PriceData.of(rate("32.00")).rate == rate("32.00", label="")


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [("stale", "no", "stale"), ("verified_on", "soon", "verified_on"), ("amount", 1.5, "amount")],
)
def test_what_is_wrong_is_named(key: str, value: object, said: str) -> None:
    whole = RateData.of(
        rate("32.00"), source="acme", url="https://acme.example/", verified_on=date(2026, 5, 4),
        stale=False, disputed_by=(),
    )  # fmt: skip
    validator(RateData).validate(plain(whole))
    with pytest.raises(ValueError, match=said):
        structure(plain(whole) | {key: value}, RateData)
