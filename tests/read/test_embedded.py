"""Data of scripts, in all its wrappings, and plain JSON answers."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from ratewire.errors import ReadError
from ratewire.model import Capture, Source
from ratewire.read import read
from ratewire.read.document import Table
from ratewire.read.embedded import price_lists
from ratewire.read.html import parse_html
from ratewire.read.payloads import island_payload, json_payload, state_payloads
from ratewire.read.scripts import json_document

URL = "https://vendor.example/api/prices"
MODELS = [
    {"id": "wisp-1", "inputPricePer1MTokens": 0.6},
    {"id": "wisp-2", "inputPricePer1MTokens": 2},
]


def rates(data: Any, media_type: str = "application/json") -> list[str]:
    body = data if isinstance(data, str) else json.dumps(data)
    capture = Capture(URL, body.encode(), datetime(2026, 5, 1, tzinfo=UTC), media_type=media_type)
    found = read(capture, Source("page", "Page", "Vendor", URL)).facts.rates
    return [
        f"{r.product} {r.meter} {r.amount:f} {r.currency} / {r.unit} {r.conditions}".strip()
        for r in found
    ]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        pytest.param(
            MODELS, ["wisp-1 input 0.6 USD / 1M tokens", "wisp-2 input 2 USD / 1M tokens"],
            id="records",
        ),
        pytest.param(
            {"result": {"models": MODELS}, "page": 1},
            ["wisp-1 input 0.6 USD / 1M tokens", "wisp-2 input 2 USD / 1M tokens"], id="deeper",
        ),
        pytest.param(
            {"prices": {"vm-1": {"perHour": "0.10 EUR"}, "vm-2": {"perHour": "0.20 EUR"}}},
            [], id="keys that say nothing of money",
        ),
        pytest.param(
            {"vm-1": {"price": 0.1, "currency": "EUR", "unit": "hour"},
             "vm-2": {"price": 0.2, "currency": "EUR", "unit": "hour"}},
            ["vm-1 price 0.1 EUR / hour", "vm-2 price 0.2 EUR / hour"], id="records by name",
        ),
        pytest.param(
            {"standard": MODELS, "batch": [{**m, "inputPricePer1MTokens": 0.3} for m in MODELS]},
            ["wisp-1 input 0.3 USD / 1M tokens tier batch",
             "wisp-1 input 0.6 USD / 1M tokens tier standard",
             "wisp-2 input 0.3 USD / 1M tokens tier batch",
             "wisp-2 input 2 USD / 1M tokens tier standard"],
            id="tiers as keys",
        ),
        pytest.param(
            {"headers": ["Model", "Price per image"],
             "rows": [["pix-1", "$0.02"], ["pix-2", "$0.04"]]},
            ["pix-1 price 0.02 USD / image", "pix-2 price 0.04 USD / image"], id="heads and rows",
        ),
        pytest.param(
            [{"name": "A", "priceCents": 1999, "interval": "month"},
             {"name": "B", "priceCents": 500, "interval": "month"}],
            ["a price 19.99 USD / month", "b price 5 USD / month"], id="hundredths",
        ),
        pytest.param([{"name": "A", "likes": 3}, {"name": "B", "likes": 4}], [], id="no prices"),
        pytest.param("{broken", [], id="no JSON"),
        pytest.param("", [], id="nothing"),
    ],
)  # fmt: skip
def test_a_json_answer_is_a_price_list(data: Any, told: list[str]) -> None:
    assert rates(data) == told


def test_json_without_a_media_type_is_known_by_its_look() -> None:
    assert rates(MODELS, "") == rates(MODELS)


def test_an_answer_too_long_is_refused() -> None:
    with pytest.raises(ReadError, match="JSON of more than"):
        json_document('{"price": "' + "x" * 6_000_000 + '"}')


def test_state_assigned_to_a_variable_keeps_its_digits() -> None:
    state = '{plans: [{name: "S", price: 4.10}, {name: "M", price: 9.90}]}'
    (table,) = price_lists(next(state_payloads(f"a();window.__STATE__ = {state};b()")))
    rows = [[cell.text for cell in row] for row in table.grid.rows]
    assert rows[1:] == [["S", "4.10"], ["M", "9.90"]]


def test_references_are_followed_and_cycles_end() -> None:
    data = json_payload('[{"plans":1},[2,4],{"name":3,"price":5},"A",{"name":6,"price":5},9.5,"B"]')
    price = Decimal("9.5")
    assert data == {"plans": [{"name": "A", "price": price}, {"name": "B", "price": price}]}
    assert json_payload('[{"price":0},1,2,3]') is not None


def test_an_island_is_plain_again() -> None:
    props = '{"rows":[1,[[0,{"name":[0,"x"],"price":[0,3]}]]],"flag":[0,true]}'
    assert island_payload(props) == {"rows": [{"name": "x", "price": 3}], "flag": True}
    assert island_payload("not json") is None


@pytest.mark.parametrize(
    ("spelt", "read_as"),
    [
        (r"lark\ud83d\ude00", "lark\N{GRINNING FACE}"),
        (r"lark\ud800", "lark\N{REPLACEMENT CHARACTER}"),
        (r"lark\uDFFF-2", "lark\N{REPLACEMENT CHARACTER}-2"),
        (r"\ude00\ud83d", "\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}"),
        (r"\ud800\ud83d\ude00", "\N{REPLACEMENT CHARACTER}\N{GRINNING FACE}"),
    ],
)
def test_half_a_character_is_none(spelt: str, read_as: str) -> None:
    assert json_payload(f'{{"price": "{spelt}"}}') == {"price": read_as}
    assert island_payload(f'{{"price": "{spelt}"}}') == {"price": read_as}
    state = f'window.__STATE__ = {{price: "{spelt}"}};'
    assert next(state_payloads(state)) == {"price": read_as}


def test_a_list_of_other_things_is_not_what_the_page_offers() -> None:
    def thing(name: str, price: str) -> dict[str, object]:
        offer = {"@type": "Offer", "price": price, "priceCurrency": "USD"}
        return {"@type": "Product", "name": name, "offers": offer}

    others = {"@type": "ItemList", "name": "Also viewed",
              "itemListElement": [{"@type": "ListItem", "item": thing("Fern", "6")}]}  # fmt: skip
    beside = [thing("Moss", "5") | {"isSimilarTo": [thing("Reed", "7")]}, others]
    page = "".join(
        f"<script type=application/ld+json>{json.dumps(each)}</script>" for each in beside
    )
    alone = f"<script type=application/ld+json>{json.dumps(others)}</script>"
    assert [row[0].text for row in _only_table(page).grid.rows[1:]] == ["Moss"]
    assert [row[0].text for row in _only_table(alone).grid.rows[1:]] == ["Fern"]


@pytest.mark.parametrize("key", ["7Kq1ZJWKUiWfWYuDtnTOk2", "12345", "a3f0c1d2-77aa-4b00-9c00-0a1b"])
def test_an_id_of_a_content_system_names_nothing(key: str) -> None:
    plans = [{"id": f"{key}{end}", "type": "plan", "content": {"title": title, "price": "5"}}
             for end, title in (("0", "Moss"), ("1", "Fern"))]  # fmt: skip
    page = f"<script type=application/json>{json.dumps({'plans': plans})}</script>"
    rows = [[cell.text for cell in row] for row in _only_table(page).grid.rows]
    assert rows == [["Model", "price"], ["Moss", "5"], ["Fern", "5"]]
    bare = [{"id": f"{key}{end}", "price": "5"} for end in "01"]
    assert not parse_html(f"<script type=application/json>{json.dumps(bare)}</script>").blocks


@pytest.mark.parametrize("index", ["1e2000000", "1e-2000000", "99", "1.5", "9" * 5000])
def test_an_index_beyond_all_lists_is_none(index: str) -> None:
    start = time.process_time()
    assert json_payload(f'[{{"price": {index}}}, [2], {{"name": 3}}, "Pro"]') is not None
    assert json_payload(f'[{{"price": 1}}, [2], {{"name": {index}}}, "Pro"]') is not None
    assert time.process_time() - start < 1


def _only_table(page: str) -> Table:
    (table,) = (each for each in parse_html(page).blocks if isinstance(each, Table))
    return table
