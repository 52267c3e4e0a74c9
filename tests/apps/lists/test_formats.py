"""Other people's lists, read as they keep them and written as they would."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratewire.apps.lists import FORMATS, read_list, write_list
from ratewire.errors import ConfigError
from ratewire.model import Conditions, Rate, Unit

LISTS = {
    "models.dev": """{"acme": {"id": "acme", "name": "Acme", "models": {
        "spark-2": {"id": "spark-2", "limit": {"context": 200000},
            "cost": {"input": 5, "output": 25, "cache_read": 0.5,
                     "context_over_200k": {"input": 10, "output": 37.5}}},
        "free-1": {"id": "free-1"}}}}""",
    "litellm": """{"sample_spec": {"input_cost_per_token": 0.0, "mode": "one of: chat"},
        "azure/spark-2": {"litellm_provider": "azure", "max_tokens": 8192,
            "input_cost_per_token": 5e-06, "output_cost_per_token": 2.5e-05,
            "cache_read_input_token_cost": 5e-07,
            "input_cost_per_token_above_200k_tokens": 1e-05,
            "output_cost_per_token_above_200k_tokens": 3.75e-05}}""",
    "llm-prices": """{"updated_at": "2026-07-01", "prices": [
        {"id": "spark-2", "vendor": "acme", "name": "Spark 2", "input": 5, "output": 25,
         "input_cached": 0.5}]}""",
    "genai-prices": """[{"id": "acme", "name": "Acme", "api_pattern": "acme", "models": [
        {"id": "spark-2", "match": {"equals": "spark-2"}, "context_window": 200000,
         "prices": {"input_mtok": {"base": 5, "tiers": [{"start": 200000, "price": 10}]},
                    "output_mtok": 25, "cache_read_mtok": 0.5}}]}]""",
    "json": """{"verdict": {}, "rates": [
        {"product": "spark-2", "meter": "input", "conditions": {}, "amount": "5",
         "currency": "USD", "unit": "1M tokens", "excerpt": "$5"},
        {"product": "spark-2", "meter": "output", "amount": "25", "unit": "1M tokens"},
        {"product": "spark-2", "meter": "input.cached", "amount": "0.5", "unit": "1M tokens"}]}""",
    "jsonl": """{"product": "spark-2", "meter": "input", "amount": "5", "unit": "1M tokens"}
{"product": "spark-2", "meter": "output", "amount": "0.025", "unit": "1K tokens"}
{"product": "spark-2", "meter": "input.cached", "amount": 0.5}""",
    "csv": "product,meter,conditions,amount,currency,unit\r\n"
    "spark-2,input,,5,USD,1M tokens\r\nspark-2,output,,25.00,USD,1M tokens\r\n"
    "spark-2,input.cached,,0.5,USD,1M tokens\r\n",
}
BASE = {"input": Decimal(5), "output": Decimal(25), "input.cached": Decimal("0.5")}
MTOK = Unit.parse("1M tokens")


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_known_by_its_shape_and_read_exactly(name: str) -> None:
    found = read_list(LISTS[name].encode())
    plain = {rate.meter: rate.per(MTOK) for rate in found if not rate.conditions}
    assert plain == BASE
    assert {rate.product for rate in found} == {"spark-2"}
    assert all(rate.evidence.where.startswith(("acme", "azure", "spark-2")) for rate in found)
    assert read_list(LISTS[name].encode(), format=name) == found


@pytest.mark.parametrize("name", ["models.dev", "litellm"])
def test_long_context_is_a_condition(name: str) -> None:
    long = [r for r in read_list(LISTS[name].encode()) if r.conditions]
    assert {r.conditions for r in long} == {Conditions.of(context=">200k")}
    assert {r.meter: r.per(MTOK) for r in long} == {"input": Decimal(10), "output": Decimal("37.5")}


def test_histories_have_their_days() -> None:
    kept = b"""{"vendor": "acme", "models": [{"id": "spark-2", "name": "Spark 2", "price_history": [
        {"input": 5, "output": 25, "input_cached": null, "from_date": "2026-07-01",
         "to_date": null},
        {"input": 6, "output": 30, "input_cached": null, "from_date": null,
         "to_date": "2026-07-01"}]}]}"""
    found = {(r.meter, r.conditions): r.amount for r in read_list(kept)}
    assert found[("input", Conditions.of(effective_from="2026-07-01"))] == 5
    assert found[("output", Conditions.of(effective_to="2026-07-01"))] == 30
    dated = b"""[{"id": "acme", "models": [{"id": "spark-2", "prices": [
        {"prices": {"input_mtok": 6}},
        {"constraint": {"start_date": "2026-07-01"}, "prices": {"input_mtok": 5}},
        {"constraint": {"start_time": "00:00Z", "end_time": "06:00Z"},
         "prices": {"input_mtok": 1}}]}]}]"""
    assert {str(r.conditions): r.amount for r in read_list(dated)} == {
        "": 6, "effective_from 2026-07-01": 5,
    }  # fmt: skip


def test_tiers_and_images() -> None:
    found = read_list(b"""{"spark-image": {"input_cost_per_token": 5e-06,
        "input_cost_per_token_batches": 2.5e-06, "input_cost_per_token_priority": 1e-05,
        "output_cost_per_image_token": 3e-05, "output_cost_per_image": 0.04}}""")
    said = {(r.meter, r.conditions.get("tier"), str(r.unit)): r.amount for r in found}
    assert said == {
        ("input", "", "token"): Decimal("0.000005"),
        ("input", "batch", "token"): Decimal("0.0000025"),
        ("input", "priority", "token"): Decimal("0.00001"),
        ("image.output", "", "token"): Decimal("0.00003"),
        ("image.output", "", "image"): Decimal("0.04"),
    }


@pytest.mark.parametrize(
    "bad", [b"", b"{", b"[1]", b'"x"', b'{"rates": [{"product": "x"}]}', b"a,b\n1,2\n",
            b'{"product": "x", "meter": "y", "amount": "dear"}', b"<html>"]
)  # fmt: skip
def test_what_is_no_list_is_named(bad: bytes) -> None:
    with pytest.raises(ConfigError, match=r"prices\.txt"):
        read_list(bad, name="prices.txt")


def test_an_unknown_format_is_named() -> None:
    with pytest.raises(ConfigError, match="litellm"):
        read_list(b"{}", format="yaml")
    with pytest.raises(ConfigError, match="litellm"):
        write_list((), "yaml")


amounts = st.integers(1, 10**7).map(lambda n: Decimal(n) / 10**4)
token_rates = st.builds(
    lambda product, meter, amount: Rate(product, meter, amount, "USD", MTOK, label=product),
    st.sampled_from(["spark-2", "spark-2-mini"]),
    st.sampled_from(["input", "output", "input.cached"]),
    amounts,
)


@pytest.mark.parametrize("name", FORMATS)
def test_what_is_written_is_read_again(name: str) -> None:
    @given(st.lists(token_rates, min_size=1, max_size=5, unique_by=lambda r: r.identity))
    def check(rates: list[Rate]) -> None:
        back = read_list(write_list(rates, name, publisher="Acme"), format=name)
        assert {(r.product, r.meter, r.per(MTOK)) for r in back} == {
            (r.product, r.meter, r.amount) for r in rates
        }

    check()


def test_the_standard_tier_and_text_are_what_lists_leave_unsaid() -> None:
    rates = [
        Rate("img", "text.input", Decimal(5), "USD", MTOK, Conditions.of(tier="standard")),
        Rate("img", "image.output", Decimal(30), "USD", MTOK, Conditions.of(tier="standard")),
        Rate("img", "text.input", Decimal("2.5"), "USD", MTOK, Conditions.of(tier="batch")),
        Rate("img", "text.input", Decimal(4), "EUR", MTOK),
    ]
    assert json.loads(write_list(rates, "litellm"))["img"] == {
        "litellm_provider": "official",
        "input_cost_per_token": 5e-06,
        "output_cost_per_image_token": 3e-05,
        "input_cost_per_token_batches": 2.5e-06,
    }


def test_own_shapes_hold_conditions_and_every_currency() -> None:
    rate = Rate("x", "disk", Decimal("1.50"), "EUR", Unit.parse("GB-month"),
                Conditions.of(region="eu-1", tier="cold"), label="x")  # fmt: skip
    for name in ("json", "jsonl", "csv"):
        assert read_list(write_list([rate], name), format=name) == (rate,)


@pytest.mark.parametrize(
    "data",
    [
        b'{"m": {"input_cost_per_token": 1e999999999}}',
        b'{"m": {"input_cost_per_token": 1e-999999999}}',
        b'{"m": {"input_cost_per_token": ' + b"9" * 5000 + b"}}",
        b"product,meter,amount\na,input,1e999999999\n",
        b"product,meter,amount\na,input,NaN\n",
        b"[" * 200_000,
        b'{"a":' * 200_000,
    ],
    ids=["huge", "tiny", "long", "csv", "csv nan", "deep list", "deep object"],
)
def test_a_list_cannot_fill_the_memory(data: bytes) -> None:
    with pytest.raises(ConfigError) as caught:
        read_list(data)
    assert len(str(caught.value)) < 300
