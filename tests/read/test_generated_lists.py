"""Random price lists of models, in several layouts, markups and languages, read against the
truth they were made of.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.read.reading_of import reading

METERS = ("input", "input.cached", "output")


@dataclass(frozen=True)
class Words:
    """How a language names the columns of a price list."""

    model: str
    meter: str
    price: str
    meters: tuple[str, str, str]
    unit: str
    longer: str


LANGUAGES = {
    "en": Words("Model", "Token type", "Price", ("Input", "Cached input", "Output"),
                "Prices per 1M tokens.", "> 128K tokens"),
    "de": Words("Modell", "Modalität", "Preis", ("Eingabe", "Eingabe im Cache", "Ausgabe"),
                "Preise pro 1 Mio. Token.", "über 128K Token Kontext"),
    "es": Words("Modelo", "Modalidad", "Precio", ("Entrada", "Entrada en caché", "Salida"),
                "Precios por 1M de tokens.", "> 128K tokens"),
    "zh": Words("模型", "模态", "价格", ("输入", "输入（缓存命中）", "输出"),
                "价格均为每百万 tokens。", "上下文 > 128K"),
    "ja": Words("モデル", "モダリティ", "料金", ("入力", "入力（キャッシュヒット）", "出力"),
                "料金は100万トークンあたりです。", "コンテキスト > 128K"),
}  # fmt: skip

Prices = tuple[Decimal, Decimal, Decimal]
Row = Sequence[str]


@dataclass(frozen=True)
class Model:
    name: str
    prices: Prices
    longer: Prices | None = None
    """For prompts beyond a band."""


def _prices() -> st.SearchStrategy[Prices]:
    amount = st.integers(1, 9999).map(lambda cents: Decimal(cents) / 100)
    return st.tuples(amount, amount, amount)


def _models(banded: bool = False) -> st.SearchStrategy[list[Model]]:
    names = st.sampled_from(["orlo", "kestrel", "vireo-lite", "tern-pro", "siskin"])
    name = st.builds("{}-{}".format, names, st.integers(1, 9))
    longer = st.none() | _prices() if banded else st.none()
    models = st.builds(Model, name, _prices(), longer)
    return st.lists(models, min_size=2, max_size=6, unique_by=lambda model: model.name)


# ── layouts ──────────────────────────────────────────────────────────────────────────────────


def by_model(models: Sequence[Model], words: Words) -> list[Row]:
    rows: list[Row] = [[words.model, *words.meters]]
    for model in models:
        rows.append([model.name, *(f"${price}" for price in model.prices)])
        if model.longer:
            rows.append([f"↳ {words.longer}", *(f"${price}" for price in model.longer)])
    return rows


def by_meter(models: Sequence[Model], words: Words) -> list[Row]:
    rows: list[Row] = [["", *(model.name for model in models)]]
    for at, meter in enumerate(words.meters):
        rows.append([meter, *(f"${model.prices[at]}" for model in models)])
    return rows


def one_a_row(models: Sequence[Model], words: Words) -> list[Row]:
    rows: list[Row] = [[words.model, words.meter, words.price]]
    for model in models:
        for at, meter in enumerate(words.meters):
            rows.append(["" if at else model.name, meter, f"${model.prices[at]}"])
    return rows


def lines_in_a_cell(models: Sequence[Model], words: Words) -> list[Row]:
    rows: list[Row] = [[words.model, words.price]]
    for model in models:
        lines = (f"{meter}: ${p}" for meter, p in zip(words.meters, model.prices, strict=True))
        rows.append([model.name, "<br>".join(lines)])
    return rows


LAYOUTS: tuple[Callable[[Sequence[Model], Words], list[Row]], ...] = (
    by_model, by_meter, one_a_row, lines_in_a_cell,
)  # fmt: skip


# ── markup ───────────────────────────────────────────────────────────────────────────────────


def markdown(rows: Sequence[Row], note: str) -> tuple[str, str]:
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    lines.insert(1, "|" + " --- |" * len(rows[0]))
    return f"# API\n\n{note}\n\n" + "\n".join(lines) + "\n", "text/markdown"


def html(rows: Sequence[Row], note: str) -> tuple[str, str]:
    """The first cell of rows that leave it out hangs down from the row that has it."""
    body = ["<tr>" + "".join(f"<th>{cell.replace('>', '&gt;')}</th>" for cell in rows[0]) + "</tr>"]
    for at, row in enumerate(rows[1:], 1):
        below = next((n for n, other in enumerate(rows[at + 1 :]) if other[0]), len(rows) - at - 1)
        cells = [f"<td>{cell}</td>" for cell in row]
        cells[0] = f'<td rowspan="{below + 1}">{row[0]}</td>' if row[0] else ""
        body.append("<tr>" + "".join(cells) + "</tr>")
    page = f"<h1>API</h1><p>{note}</p><table>{''.join(body)}</table>"
    return f"<html><body>{page}</body></html>", "text/html"


def read(page: str, media_type: str) -> set[tuple[str, str, Decimal, bool]]:
    """Product, meter, amount and whether it holds for long prompts; in dollars per 1M tokens."""
    rates = reading(page, media_type).facts.rates
    assert {(rate.currency, str(rate.unit)) for rate in rates} == {("USD", "1M tokens")}
    return {
        (rate.product, rate.meter, rate.amount, "context" in str(rate.conditions)) for rate in rates
    }


def truth(models: Sequence[Model]) -> set[tuple[str, str, Decimal, bool]]:
    return {
        (model.name, meter, price, longer)
        for model in models
        for longer, prices in ((False, model.prices), (True, model.longer))
        for meter, price in zip(METERS, prices or (), strict=bool(prices))
    }


# ── properties ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("markup", [markdown, html])
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=5, deadline=None)
@given(models=_models())
def test_a_list_of_models_is_read_as_it_was_made(
    language: str,
    layout: Callable[[Sequence[Model], Words], list[Row]],
    markup: Callable[[Sequence[Row], str], tuple[str, str]],
    models: list[Model],
) -> None:
    words = LANGUAGES[language]
    assert read(*markup(layout(models, words), words.unit)) == truth(models)


@pytest.mark.parametrize("markup", [markdown, html])
@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=5, deadline=None)
@given(models=_models(banded=True))
def test_rows_of_a_band_are_of_the_model_above(
    language: str,
    markup: Callable[[Sequence[Row], str], tuple[str, str]],
    models: list[Model],
) -> None:
    words = LANGUAGES[language]
    assert read(*markup(by_model(models, words), words.unit)) == truth(models)


@pytest.mark.parametrize("markup", [markdown, html])
@settings(max_examples=8, deadline=None)
@given(models=_models(), row=st.integers(0, 5), words=st.sampled_from(list(LANGUAGES.values())))
def test_what_a_row_says_hangs_on_no_other_row(
    markup: Callable[[Sequence[Row], str], tuple[str, str]],
    models: list[Model],
    row: int,
    words: Words,
) -> None:
    """A row of words among the prices takes nothing from the others."""
    rows = by_model(models, words)
    rows.insert(1 + row % len(models), ["Open weights", "no", "no", "yes"])
    assert read(*markup(rows, words.unit)) == truth(models)
