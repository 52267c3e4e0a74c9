"""Tables of versions and the stages of their lives, in many languages."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading_of import stages_of

# ruff: noqa: E501 — a row a language is easier to check than any wrapping of it
TABLES = {
    # head of versions, of states, of ends; LTS, current, over, planned, outdated
    "en": ("Version", "Status", "End of life", "LTS", "Current", "End of life", "Pending", "Deprecated"),
    "de": ("Version", "Status", "Ende des Supports", "LTS", "Aktuell", "Nicht mehr unterstützt",
           "Geplant", "Veraltet"),
    "fr": ("Version", "Statut", "Fin de support", "LTS", "Actuelle", "Fin de vie", "Prévue", "Obsolète"),
    "es": ("Versión", "Estado", "Fin de soporte", "LTS", "Actual", "Fin de vida", "Planificada",
           "Obsoleta"),
    "pt": ("Versão", "Situação", "Fim do suporte", "LTS", "Atual", "Fora de suporte", "Planejada",
           "Obsoleta"),
    "it": ("Versione", "Stato", "Fine supporto", "LTS", "Attuale", "Non più supportata",
           "Pianificata", "Obsoleta"),
    "nl": ("Versie", "Status", "Einde ondersteuning", "LTS", "Huidig", "Niet meer ondersteund",
           "Gepland", "Verouderd"),
    "sv": ("Version", "Status", "Supportslut", "LTS", "Nuvarande", "Stöds inte längre", "Planerad",
           "Föråldrad"),
    "pl": ("Wersja", "Status", "Koniec wsparcia", "LTS", "Aktualna", "Niewspierana", "Planowana",
           "Przestarzała"),
    "ru": ("Версия", "Статус", "Окончание поддержки", "LTS", "Актуальная", "Не поддерживается",
           "Запланирована", "Устарела"),
    "ja": ("バージョン", "ステータス", "サポート終了日", "LTS", "最新", "サポート終了", "予定", "非推奨"),
    "zh": ("版本", "状态", "支持截止日期", "LTS", "当前", "已停止支持", "计划中", "已弃用"),
    "ko": ("버전", "상태", "지원 종료일", "LTS", "최신", "지원 종료", "예정", "지원 중단 예정"),
}  # fmt: skip
STAGES = ("available", "available", "retired", "announced", "deprecated")


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(sorted(TABLES)), st.permutations(range(5)), st.booleans())
def test_a_version_has_the_stage_that_its_row_says(
    language: str, order: list[int], dated: bool
) -> None:
    version, status, end, *states = TABLES[language]
    heads = (version, status, *([end] if dated else []))
    rows = [(f"Vento {at + 20}", states[at], *([f"20{at + 30}-04-30"] if dated else []))
            for at in order]  # fmt: skip
    cells = ["".join(f"<td>{cell}</td>" for cell in row) for row in rows]
    page = (
        f"<html lang={language}><h1>{version}</h1><table><tr>"
        f"{''.join(f'<th>{head}</th>' for head in heads)}</tr><tr>{'</tr><tr>'.join(cells)}</tr></table>"
    )
    told = {each.split(" | ")[0]: each.split(" | ")[1] for each in stages_of(page, "text/html")}
    assert told == {f"vento-{at + 20}": STAGES[at] for at in range(5)}


@pytest.mark.parametrize("date", ["30-04-2027", "30/04/2027", "30.04.2027", "2027-04-30"])
def test_the_day_of_an_end_in_any_order(date: str) -> None:
    page = (
        "<html lang=nl><h1>Versies</h1><table><tr><th>Versie</th><th>Einde ondersteuning</th></tr>"
        f"<tr><td>Vento 22</td><td>{date}</td></tr></table>"
    )
    assert stages_of(page, "text/html") == ["vento-22 | available | until 2027-04-30"]
