"""A product's label taken apart: its id, its remarks, its conditions."""

from __future__ import annotations

from datetime import date

import pytest

from ratewire.model import Stage
from ratewire.read.bands import context_band
from ratewire.read.names import read_label

DAY = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("label", "products"),
    [
        ("Onyx 2", ("onyx-2",)),
        ("onyx-2.5-mini", ("onyx-2.5-mini",)),
        ("Onyx 2*", ("onyx-2",)),
        ("Onyx 2 [1]", ("onyx-2",)),
        ("Onyx 2¹", ("onyx-2",)),
        ("Onyx 2 New", ("onyx-2",)),
        ("New\nOnyx 2", ("onyx-2",)),
        ("Onyx 2 (vision)", ("onyx-2-vision",)),
        ("Onyx 4.6 / 4.5 / 4", ("onyx-4.6", "onyx-4.5", "onyx-4")),
        ("Onyx 2, Onyx 3 and Opal 4", ("onyx-2", "onyx-3", "opal-4")),
        ("Input / output", ("input-output",)),
        ("搜索 API", ("搜索-api",)),
        ("", ()),
        ("\n \n", ()),
    ],
)
def test_a_label_names_its_products(label: str, products: tuple[str, ...]) -> None:
    assert read_label(label, {}, DAY).products == products


def test_an_alias_stands_for_the_label_in_any_case() -> None:
    assert read_label("ONYX Two", {"onyx two": "onyx-2"}, DAY).products == ("onyx-2",)


@pytest.mark.parametrize(
    ("label", "stage", "exceptions"),
    [
        ("Onyx 2 (deprecated)", Stage.DEPRECATED, ""),
        ("Onyx 2 (Beta)", Stage.PREVIEW, ""),
        ("Onyx 2 (retired, except on Example Cloud)", Stage.RETIRED, "except on Example Cloud"),
        ("Onyx 2 (eingestellt)", Stage.RETIRED, ""),
        ("Onyx 2（已下线）", Stage.RETIRED, ""),
        ("Onyx 2 (available)", None, ""),
        ("Onyx 2 preview", None, ""),
    ],
)
def test_a_remark_says_its_stage(label: str, stage: Stage | None, exceptions: str) -> None:
    found = read_label(label, {}, DAY)
    assert (found.stage, found.exceptions) == (stage, exceptions)


@pytest.mark.parametrize(
    ("label", "conditions"),
    [
        ("Onyx 2 (≤ 200K context)", {"context": "≤200K"}),
        ("Onyx 2 (<272K context length)", {"context": "<272K"}),
        ("Onyx 2 (batch)", {"tier": "batch"}),
        ("Onyx 2 (until August 31, 2026)", {"effective_to": "2026-08-31"}),
        ("Onyx 2 starting September 1, 2026", {"effective_from": "2026-09-01"}),
        ("Onyx 2", {}),
    ],
)
def test_a_remark_says_under_what_a_price_holds(label: str, conditions: dict[str, str]) -> None:
    found = read_label(label, {}, DAY)
    assert found.conditions == conditions
    assert found.products == ("onyx-2",)


@pytest.mark.parametrize(
    ("text", "band"),
    [
        ("Prompts up to 200K tokens", "≤200K"),
        ("prompts > 128k tokens", ">128K"),
        ("> 200K context", ">200K"),
        ("Context 32K-128K", "32K-128K"),
        ("long context", "long"),
        ("Kurzer Kontext", "short"),
        ("输入长度 [32, 128)", "32-128"),
        ("≤ 200K", "≤200K"),
        ("≤ 8,192 tokens", "≤8,192"),
        ("8,192 < length ≤ 32,768 tokens", "8,192-32,768"),
        ("32K≤上下文(输入)<200K", "32K-200K"),
        ("32k<输入<=128k", "32K-128K"),
        ("输入128K以上", ""),
        ("上下文128K以上", "≥128K"),
        ("0 < discount ≤ 5", ""),
        ("Onyx 2", ""),
        ("more than 10 images", ""),
    ],
)
def test_a_context_band_has_one_notation(text: str, band: str) -> None:
    assert context_band(text) == band


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Kite Routes API\nKite Heights API", ("Kite Routes API", "Kite Heights API")),
        ("Tarif Nord\nTarif Süd", ("Tarif Nord", "Tarif Süd")),
        ("Kite Routes API\nFor walkers and riders", ("Kite Routes API",)),
        ("Kite Routes API\n(Kite Heights API)", ("Kite Routes API",)),
        ("Kite\nKite Plus", ("Kite",)),
    ],
)
def test_names_of_one_kind_in_a_line_each_are_several(cell: str, names: tuple[str, ...]) -> None:
    assert read_label(cell, {}).names == names
