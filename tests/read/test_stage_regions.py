"""Stages that differ by region, in random tables and cells of several languages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product as pairs

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.read.reading_of import stages_of

REGIONS = ("eu-west-1", "us-east", "ap-south-2")
NAMES = ("Orlo 4", "Tern 2", "Siskin 7")
STAGES = ("available", "preview", "announced", "deprecated", "")
"""The last: it is not there."""


@dataclass(frozen=True)
class Words:
    model: str
    region: str
    status: str
    stages: tuple[str, str, str, str, str]
    within: str


LANGUAGES = {
    "en": Words("Model", "Region", "Status",
                ("GA", "Preview", "Coming soon", "Deprecated", "–"), "in"),
    "de": Words("Modell", "Region", "Status",
                ("Verfügbar", "Vorschau", "Demnächst", "Veraltet", "nicht verfügbar"), "in"),
    "es": Words("Modelo", "Región", "Estado",
                ("Disponible", "Vista previa", "Próximamente", "Obsoleto", "no disponible"), "en"),
    "fr": Words("Modèle", "Région", "Statut",
                ("Disponible", "Aperçu", "Bientôt disponible", "Obsolète", "–"), "dans"),
    "ja": Words("モデル", "リージョン", "ステータス",
                ("✓", "プレビュー", "近日公開", "非推奨", "✗"), "in"),
}  # fmt: skip

Truth = Mapping[tuple[str, str], int]
"""By product and region which of the stages."""


def _truths() -> st.SearchStrategy[Truth]:
    keys = list(pairs(NAMES, REGIONS))
    stages = st.lists(st.integers(0, 4), min_size=len(keys), max_size=len(keys))
    return stages.map(lambda drawn: dict(zip(keys, drawn, strict=True)))


def _table(rows: list[list[str]]) -> str:
    head, *body = ("| " + " | ".join(row) + " |" for row in rows)
    return "\n".join((head, "|" + " --- |" * len(rows[0]), *body))


def regions_along_the_top(truth: Truth, words: Words) -> str:
    rows = [[words.model, *REGIONS]]
    rows += [[name, *(words.stages[truth[name, at]] for at in REGIONS)] for name in NAMES]
    return _table(rows)


def regions_down_the_side(truth: Truth, words: Words) -> str:
    rows = [[words.region, *NAMES]]
    rows += [[at, *(words.stages[truth[name, at]] for name in NAMES)] for at in REGIONS]
    return _table(rows)


def _expected(truth: Truth) -> list[str]:
    told = (
        f"{name.lower().replace(' ', '-')} | {STAGES[stage]} | region {at}"
        for (name, at), stage in truth.items()
        if STAGES[stage]
    )
    return sorted(told)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("layout", [regions_along_the_top, regions_down_the_side])
@given(truth=_truths())
def test_a_table_of_regions_tells_each_stage(
    layout: Callable[[Truth, Words], str], language: str, truth: Truth
) -> None:
    words = LANGUAGES[language]
    assert stages_of(f"# {words.status}\n\n{layout(truth, words)}\n") == _expected(truth)


@pytest.mark.parametrize("language", ["en", "de", "es", "fr"])
@pytest.mark.parametrize("joint", [", ", "; ", "<br>"])
@given(drawn=st.lists(st.integers(0, 3), min_size=2, max_size=2, unique=True))
def test_a_cell_tells_of_stages_by_region(language: str, joint: str, drawn: list[int]) -> None:
    words = LANGUAGES[language]
    clauses = (f"{words.stages[stage]} {words.within} {at}"
               for stage, at in zip(drawn, REGIONS, strict=False))  # fmt: skip
    rows = [
        [words.model, words.status],
        ["Orlo 4", joint.join(clauses)],
        ["Tern 2", words.stages[0]],
    ]
    assert stages_of(_table(rows)) == sorted(
        [
            *(f"orlo-4 | {STAGES[stage]} | region {at}"
              for stage, at in zip(drawn, REGIONS, strict=False)),
            "tern-2 | available",
        ]
    )  # fmt: skip


def test_one_stage_in_some_regions_has_them() -> None:
    rows = [["Model", "Status"], ["Orlo 4", "Preview (eu-west-1, us-east)"], ["Tern 2", "GA"]]
    assert stages_of(_table(rows)) == [
        "orlo-4 | preview | in eu-west-1, us-east",
        "tern-2 | available",
    ]


@pytest.mark.parametrize(
    "rows",
    [
        [["Model", "eu-west-1", "us-east"], ["Orlo 4", "$3", "$4"]],
        [["Model", "eu-west-1", "us-east"], ["Orlo 4", "12 ms", "GA"]],
        [["Model", "Chat", "Files"], ["Orlo 4", "✓", "✗"]],
    ],
)
def test_a_table_of_other_things_tells_no_stage(rows: list[list[str]]) -> None:
    assert not stages_of(_table(rows))


@pytest.mark.parametrize(
    ("sentence", "stage"),
    [
        ("Tern 2 is now generally available.", "available"),
        ("Tern 2 ist jetzt allgemein verfügbar.", "available"),
        ("Tern 2 is in public preview.", "preview"),
        ("Tern 2 is deprecated.", "deprecated"),
    ],
)
def test_a_product_that_a_heading_alone_names_has_a_stage(sentence: str, stage: str) -> None:
    assert stages_of(f"# News\n\n## Tern 2\n\n{sentence}\n") == [f"tern-2 | {stage}"]


def test_of_several_ends_of_support_the_last_is_the_end() -> None:
    rows = [
        ["Version", "End of standard support", "End of extended support"],
        ["Orlo 1.30", "2026-01-31", "2027-01-31"],
    ]
    assert stages_of(_table(rows)) == ["orlo-1.30 | available | until 2027-01-31"]
