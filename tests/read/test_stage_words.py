"""Words for a product's stage of life: in columns, remarks and headings, in several languages, and
words that only look like them.
"""

from __future__ import annotations

import pytest
from reading_of import rates_of, stages_of

from ratewire.model import Stage
from ratewire.read.stage_words import stage_of_cell, stage_of_heading, stage_of_remark

CELLS = {
    Stage.AVAILABLE: ["Active", "GA", "Generally available", "Current", "LTS", "Active LTS",
                      "Maintenance", "Maintenance LTS", "Legacy", "Supported", "Stable",
                      "Active (deprecation planned)", "Verfügbar", "Aktiv", "Wartung", "Disponible",
                      "Vigente", "Actif", "En maintenance", "可用", "维护中", "利用可能", "提供中"],
    Stage.ANNOUNCED: ["Pending", "Planned", "Coming soon", "Geplant", "Próximamente", "Prévu",
                      "即将推出", "計画中"],
    Stage.PREVIEW: ["Preview", "Public beta", "🧪 Beta", "Vorschau", "Vista previa", "公测",
                    "プレビュー"],
    Stage.LIMITED: ["Limited", "Limited availability", "Private beta", "Eingeschränkt", "内测"],
    Stage.DEPRECATED: ["Deprecated", "Retiring soon", "⚠️ Deprecated", "Planned retirement",
                       "Pending deprecation", "Will be retired in June", "Scheduled for shutdown",
                       "Veraltet", "Obsoleto", "Déprécié", "即将下线", "非推奨"],
    Stage.RETIRED: ["Retired", "End-of-Life", "EOL", "Shut down", "No longer supported",
                    "Unsupported", "Eingestellt", "Retirado", "Arrêté", "已下线", "提供終了"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "stage"), [(text, stage) for stage, texts in CELLS.items() for text in texts]
)
def test_a_cell_of_a_column_of_stages(text: str, stage: Stage) -> None:
    assert stage_of_cell(text) is stage


@pytest.mark.parametrize(
    "text", ["", "-", "Not available", "Nicht verfügbar", "不可用", "12 ms", "Krypton", "Yes"]
)
def test_a_cell_that_says_no_stage(text: str) -> None:
    assert stage_of_cell(text) is None


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("preview", Stage.PREVIEW),
        ("in public beta", Stage.PREVIEW),
        ("deprecated", Stage.DEPRECATED),
        ("deprecated since May 2026", Stage.DEPRECATED),
        ("deprecated, use Onyx 2", Stage.DEPRECATED),
        ("retired, except on Example Cloud", Stage.RETIRED),
        ("retired on May 1, 2026", Stage.RETIRED),
        ("to be retired", Stage.DEPRECATED),
        ("veraltet", Stage.DEPRECATED),
        ("en desuso desde mayo de 2026", Stage.DEPRECATED),
        ("bêta", Stage.PREVIEW),
        ("公测版", Stage.PREVIEW),
        ("非推奨", Stage.DEPRECATED),
        ("legacy", None),
        ("legacy model", None),
        ("limited plans", None),
        ("Limited", None),
        ("current month", None),
        ("active users", None),
        ("preview images", None),
        ("stable diffusion", None),
        ("supported regions", None),
        ("removed background", None),
        ("not deprecated", None),
        ("beta testers only get 5", None),
        ("EOL notices", None),
    ],
)
def test_a_remark_is_a_stage_where_it_says_nothing_else(text: str, stage: Stage | None) -> None:
    assert stage_of_remark(text) is stage


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("Deprecated models", Stage.DEPRECATED),
        ("Retired", Stage.RETIRED),
        ("Preview versions", Stage.PREVIEW),
        ("Veraltete Modelle", None),
        ("Modelos obsoletos", None),
        ("Legacy models", None),
        ("Available models", None),
        ("How we retire models", None),
        ("Deprecated parameters", None),
    ],
)
def test_a_heading_is_a_stage_where_it_says_nothing_else(text: str, stage: Stage | None) -> None:
    assert stage_of_heading(text) is stage


def test_a_table_of_support_tells_how_long_it_lasts() -> None:
    page = """# Security policy

| Version | Branch | Status | Support ends |
| --- | --- | --- | --- |
| 10.x | `main` | Active development | — |
| 9.x | — | Reserved; not planned | — |
| 8.x | `8.x` | Security fixes only | October 1, 2028 |
| 7.x | — | Unsupported | Ended |

| Release stream | Supported until |
| --- | --- |
| 2.x | No earlier than 2031-01-01 (5 years from initial release) |
| 1.x | May 2026 |
"""
    assert stages_of(page) == [
        "1.x | retired | until 2026-05",
        "10.x | available",
        "2.x | available | not before 2031-01-01",
        "7.x | retired",
        "8.x | available | until 2028-10-01",
    ]


ENDS = """
| Version | Preview | GA | End of life |
| --- | --- | --- | --- |
| 1.1 | Oct 2024 | Nov 2024 | May 2026 |
| 1.2 | May 2025 | Jun 2025 | Jun 2026 |
| 1.3 | May 2026 | Jul 2026 | Jul 2027 |
| 1.4 | Sep 2026 | Oct 2026 | Oct 2027 |
"""


@pytest.mark.parametrize(
    "above",
    ["", "# Supported versions\n", "# Lifecycle and deprecations\n", "# Release schedule\n"],
)
def test_an_end_that_is_planned_from_the_first_day_is_no_deprecation(above: str) -> None:
    assert stages_of(above + ENDS) == [
        "1.1 | retired | until 2026-05",
        "1.2 | available | until 2026-06",
        "1.3 | preview | until 2027-07",
        "1.4 | announced | until 2027-10",
    ]


@pytest.mark.parametrize(
    "above",
    ["# Deprecations\n", "# Models\n\n## Recently deprecated\n", "# Modelle\n\n## Abschaltungen\n",
     "# Modelos\n\nEstos modelos serán retirados:\n", "# 模型下线\n", "# 提供終了のモデル\n"],
)  # fmt: skip
def test_an_end_to_come_is_a_deprecation_where_the_page_says_so(above: str) -> None:
    table = "\n| Model | Release date | Shutdown date |\n| --- | --- | --- |\n"
    rows = "| onyx-2 | 2025-02-05 | 2026-09-10 |\n| onyx-3 | 2026-02-05 | Earliest May 2027 |\n"
    assert stages_of(above + table + rows) == [
        "onyx-2 | deprecated | until 2026-09-10",
        "onyx-3 | available | not before 2027-05",
    ]


def test_a_deprecation_to_come_is_none_yet() -> None:
    page = """# Deprecations

| Model | Deprecation date | Retirement date | Suggested replacement |
| --- | --- | --- | --- |
| onyx-2 | 2026-05-05 | 2026-09-10 | onyx-4 |
| onyx-3 | 2027-01-05 | 2027-09-10 | onyx-4 |
"""
    assert stages_of(page) == [
        "onyx-2 | deprecated | announced 2026-05-05 | until 2026-09-10 | then onyx-4",
        "onyx-3 | available | until 2027-09-10 | then onyx-4",
    ]


@pytest.mark.parametrize("remark", ["legacy", "Limited Plans", "legacy model", "Current"])
def test_a_label_with_a_remark_that_is_no_stage_states_none(remark: str) -> None:
    page = f"# Limits\n\n| Limit | Where |\n| --- | --- |\n| Agents 2 ({remark}) | builds |\n"
    assert stages_of(page) == []


def test_a_legacy_plan_beside_its_successor_keeps_its_price() -> None:
    page = (
        "# Pricing\n\n| Plan | Price |\n| --- | --- |\n| Team | $9 per month |\n"
        "| Team (legacy) | $7 per month |\n"
    )
    assert [line.split(" | ")[2] for line in rates_of(page)] == [
        "7 USD per month",
        "9 USD per month",
    ]
