"""Deprecation tables, model lists, remarks and sentences: which stage a product is in."""

from __future__ import annotations

import pytest
from reading_of import stages_of

TABLES = {
    "deprecated, shutdown and replacement": (
        """
| Model | Deprecated | Retired | Replacement |
| --- | --- | --- | --- |
| onyx-1 | January 5, 2026 | July 5, 2026 | onyx-2 |
| onyx-0 | 2025-01-05 | 2025-07-05 | onyx-1 |
""",
        "onyx-1 | deprecated | announced 2026-01-05 | until 2026-07-05 | then onyx-2",
        "onyx-0 | retired | announced 2025-01-05 | until 2025-07-05 | then onyx-1",
    ),
    "the date in the heading": (
        """
### 2026-03-10: Older chat models

| Shutdown date | Model / system | Recommended replacement |
| --- | --- | --- |
| 2026-09-10 | `onyx-1` | `onyx-2` |
""",
        "onyx-1 | deprecated | announced 2026-03-10 | until 2026-09-10 | then onyx-2",
    ),
    "a day and a name of a month in the heading": (
        """
### March 10, 2026 — Older chat models

| Model | Shutdown | Substitute |
| --- | --- | --- |
| onyx-1 | Sep 10, 2026 | onyx-2 |
""",
        "onyx-1 | deprecated | announced 2026-03-10 | until 2026-09-10 | then onyx-2",
    ),
    "the announcement in a sentence above": (
        """
On March 10, 2026, we announced the retirement of these models.

| Model | Retirement date | Recommended replacement |
| --- | --- | --- |
| onyx-1 | 2026-09-10 | onyx-2 |
""",
        "onyx-1 | deprecated | announced 2026-03-10 | until 2026-09-10 | then onyx-2",
    ),
    "states and not sooner than": (
        """
| API model name | Current state | Deprecated | Tentative retirement date |
| --- | --- | --- | --- |
| onyx-3 | Active | N/A | Not sooner than May 1, 2027 |
| onyx-2 | Legacy | — | TBD |
| onyx-1 | Deprecated | Jan 1, 2026 | Aug 1, 2026 |
| onyx-0 | Retired | Jan 1, 2024 | Aug 1, 2024 |
""",
        "onyx-3 | available | not before 2027-05-01",
        "onyx-2 | available",
        "onyx-1 | deprecated | announced 2026-01-01 | until 2026-08-01",
        "onyx-0 | retired | announced 2024-01-01 | until 2024-08-01",
    ),
    "earliest": (
        """
| Model | Release date | Earliest shutdown |
| --- | --- | --- |
| onyx-3 | 2026-02-01 | No earlier than 2027-02-01 |
| onyx-2 | 2025-02-01 | 2026-12-01 or later |
| onyx-1 | 2024-02-01 | 2026-01-01 |
| onyx-4 | 2026-12-01 | 2027-12-01 |
""",
        "onyx-3 | available | not before 2027-02-01",
        "onyx-2 | available | not before 2026-12-01",
        "onyx-1 | available | not before 2026-01-01",
        "onyx-4 | announced | not before 2027-12-01",
    ),
    "days first and points": (
        """
| Modell | Status | Abschaltdatum | Ersatz |
| --- | --- | --- | --- |
| onyx-1 | Veraltet | 10.09.2026 | onyx-2 |
| onyx-0 | Abgeschaltet | 1. März 2025 | – |
""",
        "onyx-1 | deprecated | until 2026-09-10 | then onyx-2",
        "onyx-0 | retired | until 2025-03-01",
    ),
    "Spanish": (
        """
| Modelo | Estado | Fecha de retiro | Reemplazo |
| --- | --- | --- | --- |
| onyx-1 | Obsoleto | 10 de septiembre de 2026 | onyx-2 |
| onyx-2 | Disponible | | |
""",
        "onyx-1 | deprecated | until 2026-09-10 | then onyx-2",
        "onyx-2 | available",
    ),
    "Chinese": (
        """
| 模型名称 | 状态 | 下线时间 | 替代模型 |
| --- | --- | --- | --- |
| onyx-1 | 即将下线 | 2026年9月10日 | onyx-2 |
| onyx-0 | 已下线 | 2025-03-01 | onyx-2 |
""",
        "onyx-1 | deprecated | until 2026-09-10 | then onyx-2",
        "onyx-0 | retired | until 2025-03-01 | then onyx-2",
    ),
    "Japanese": (
        """
| モデル名 | ステータス | 提供終了日 | 推奨モデル |
| --- | --- | --- | --- |
| onyx-1 | 非推奨 | 2026年9月10日 | onyx-2 |
| onyx-2 | 一般提供 | | |
""",
        "onyx-1 | deprecated | until 2026-09-10 | then onyx-2",
        "onyx-2 | available",
    ),
    "badges of a model list": (
        """
| Model | Description | Status |
| --- | --- | --- |
| onyx-4 | The new one | Preview |
| onyx-3 | The large one | GA |
| onyx-3-mini | The small one | Generally available |
| onyx-x | For partners | Limited availability |
| onyx-5 | Next year | Coming soon |
| onyx-1 | The old one | ⚠️ Deprecated |
""",
        "onyx-4 | preview",
        "onyx-3 | available",
        "onyx-3-mini | available",
        "onyx-x | limited",
        "onyx-5 | announced",
        "onyx-1 | deprecated",
    ),
    "remarks beside names of a price list": (
        """
| Model | Input / 1M tokens | Output / 1M tokens |
| --- | --- | --- |
| Onyx 3 | $3 | $9 |
| Onyx 4 (preview) | $4 | $12 |
| Onyx 2 (deprecated) | $2 | $6 |
| Onyx 1 (retired, except on Example Cloud) | $1 | $3 |
| Onyx 0 [legacy] | $1 | $2 |
""",
        "onyx-4 | preview",
        "onyx-2 | deprecated",
        "onyx-1 | retired | except on Example Cloud",
    ),
    "the replacement in a sentence of its cell": (
        """
| Model | End of life | Notes |
| --- | --- | --- |
| onyx-1 | 2026-09-10 | Use onyx-2 instead. |
| onyx-0 | 2025-09-10 | Please migrate to `onyx-2`. |
""",
        "onyx-1 | deprecated | until 2026-09-10 | then onyx-2",
        "onyx-0 | retired | until 2025-09-10 | then onyx-2",
    ),
    "a row for each version": (
        """
| Model | Version | Lifecycle | Deprecation date | Retirement date | Replacement model |
| --- | --- | --- | --- | --- | --- |
| `onyx-2` | 2025-03-12 | GA | No earlier than 2026-08-01 | No earlier than 2027-01-01 | |
| `onyx-1` | 1106 | Deprecated | 2025-03-15 | 2026-09-15 | `onyx-2` |
| `onyx-1` | 0613 | Retired | 2024-03-15 | 2025-09-15 | `onyx-2` |
""",
        "onyx-2 | available | not before 2027-01-01",
        "onyx-1 | deprecated | announced 2025-03-15 | until 2026-09-15 | then onyx-2"
        " | version 1106",
        "onyx-1 | retired | announced 2024-03-15 | until 2025-09-15 | then onyx-2 | version 0613",
    ),
    "sections of a life": (
        """
## Active

| Model | Launch date | EOL date |
| --- | --- | --- |
| Onyx 3 | 2026-01-05 | No sooner than 2027-01-05 |

## Legacy

| Model | Legacy date | EOL date |
| --- | --- | --- |
| Onyx 2 | 2026-03-01 | 2026-09-01 |
""",
        "onyx-3 | available | not before 2027-01-05",
        "onyx-2 | available | until 2026-09-01",
    ),
    "several to follow, and a price that was": (
        """
### 2026-04-01: onyx-1

On April 1st, 2026, we notified developers using `onyx-1`.

| Shutdown date | Deprecated model | Deprecated model price | Recommended replacement |
| --- | --- | --- | --- |
| 2026-10-01 | `onyx-1` | $10.00 / 1M input tokens | `onyx-2` or `onyx-2-mini` |
""",
        "onyx-1 | deprecated | announced 2026-04-01 | until 2026-10-01 | then onyx-2",
    ),
    "a table under a heading of a stage": (
        """
## Deprecated models

| Model | Replacement |
| --- | --- |
| onyx-1 | onyx-2 |

## Retired models

| Model | Replacement |
| --- | --- |
| onyx-0 | onyx-2 |
""",
        "onyx-1 | deprecated | then onyx-2",
        "onyx-0 | retired | then onyx-2",
    ),
    "a table of prices under a heading of a stage": (
        """
## Deprecated models

| Model | Input / 1M tokens |
| --- | --- |
| onyx-1 | $3.00 |
""",
        "onyx-1 | deprecated",
    ),
    "regions": (
        """
| Model | Availability | Regions |
| --- | --- | --- |
| onyx-3 | GA | US, EU |
| onyx-4 | Preview | US |
""",
        "onyx-3 | available | in EU, US",
        "onyx-4 | preview | in US",
    ),
    "several names in a cell": (
        """
| Models | Shutdown date | Replacement |
| --- | --- | --- |
| onyx-1<br/>onyx-1-mini | 2026-09-10 | onyx-2 |
| onyx-0, onyx-0-mini | 2025-09-10 | onyx-2 |
""",
        "onyx-1 | deprecated | until 2026-09-10 | then onyx-2",
        "onyx-1-mini | deprecated | until 2026-09-10 | then onyx-2",
        "onyx-0 | retired | until 2025-09-10 | then onyx-2",
        "onyx-0-mini | retired | until 2025-09-10 | then onyx-2",
    ),
    "features are no stages": (
        """
| Model | Vision | Tools | Max output |
| --- | --- | --- | --- |
| onyx-3 | Supported | Not supported | 8K |
| onyx-2 | Supported | Supported | 4K |
""",
    ),
    "a status of something else": (
        """
| HTTP status | Meaning |
| --- | --- |
| 410 | The resource was removed |
| 503 | Not available |
""",
    ),
}


@pytest.mark.parametrize("case", TABLES.values(), ids=TABLES.keys())
def test_a_table_gives_each_product_its_stage(case: tuple[str, ...]) -> None:
    page, *expected = case
    assert stages_of(f"# Models\n\n{page}") == sorted(expected)


LIST = """# Models

| Model | Context |
| --- | --- |
| Onyx 1 | 8K |
| Onyx 2 | 32K |

"""

SENTENCES = [
    ("Onyx 1 is deprecated.", "onyx-1 | deprecated"),
    ("Onyx 1 has been deprecated and will be shut down on September 10, 2026.",
     "onyx-1 | deprecated | until 2026-09-10"),
    ("Onyx 1 will be retired on September 10, 2026.", "onyx-1 | deprecated | until 2026-09-10"),
    ("Onyx 1 will be shut down on 2026-09-10. Use Onyx 2 instead.",
     "onyx-1 | deprecated | until 2026-09-10 | then onyx-2"),
    ("Onyx 1 was retired on May 1, 2026.", "onyx-1 | retired | until 2026-05-01"),
    ("Onyx 1 has been shut down.", "onyx-1 | retired"),
    ("Onyx 1 is no longer available.", "onyx-1 | retired"),
    ("As of May 1, 2026, Onyx 1 is no longer available.", "onyx-1 | retired | until 2026-05-01"),
    ("Onyx 1 is in public preview.", "onyx-1 | preview"),
    ("The Onyx 2 model is currently in beta.", "onyx-2 | preview"),
    ("Onyx 2 is now generally available.", "onyx-2 | available"),
    ("Onyx 2 is available in limited preview.", "onyx-2 | limited"),
    ("Onyx 2 is available to selected customers only.", "onyx-2 | limited"),
    ("We are retiring Onyx 1 on September 10, 2026.", "onyx-1 | deprecated | until 2026-09-10"),
    ("We will discontinue Onyx 1 on September 10, 2026.",
     "onyx-1 | deprecated | until 2026-09-10"),
    ("Onyx 1 wird am 10. September 2026 abgeschaltet.",
     "onyx-1 | deprecated | until 2026-09-10"),
    ("Onyx 1 ist veraltet.", "onyx-1 | deprecated"),
    ("Onyx 1 está obsoleto.", "onyx-1 | deprecated"),
    ("Onyx 1は2026年9月10日に提供終了します。", "onyx-1 | deprecated | until 2026-09-10"),
    ("Onyx 1 将于2026年9月10日下线。", "onyx-1 | deprecated | until 2026-09-10"),
    ("Onyx 1 已下线。", "onyx-1 | retired"),
    ("Onyx 2 is not available in the EU.", "onyx-2 | available | not available in the EU"),
    # no stage of a product
    ("If Onyx 1 is deprecated, you will be told.",),
    ("When a model is retired, requests fail.",),
    ("Onyx 1 is not deprecated.",),
    ("The old API is deprecated.",),
    ("The parameter `top_k` of Onyx 1 is deprecated.",),
    ("Onyx 2 replaces the retired playground.",),
    ("Models such as Onyx 1 may be retired at any time.",),
    ("Is Onyx 1 deprecated?",),
    ("Onyx 2 is supported by our libraries.",),
    ("Onyx 2 is available in five languages.",),
]  # fmt: skip


@pytest.mark.parametrize("case", SENTENCES, ids=lambda case: case[0][:70])
def test_a_sentence_gives_a_known_product_its_stage(case: tuple[str, ...]) -> None:
    text, *expected = case
    assert stages_of(LIST + text + "\n") == sorted(expected)


def test_a_retired_product_whose_price_is_still_printed_is_retired() -> None:
    page = (
        "# Pricing\n\n| Model | Input / 1M tokens |\n| --- | --- |\n| Onyx 1 | $3 |\n\n"
        "## Retired\n\n| Model | Retired on |\n| --- | --- |\n| Onyx 1 | 2026-01-05 |\n"
    )
    assert stages_of(page) == ["onyx-1 | retired | until 2026-01-05"]


def test_a_list_of_models_with_badges_gives_their_stages() -> None:
    page = (
        "<h1>Models</h1><h2>Onyx 4 (preview)</h2><p>The new one.</p>"
        "<ul><li>Onyx 3 <span>Deprecated</span></li><li>Onyx 2 (retired)</li></ul>"
    )
    assert stages_of(page, "text/html") == [
        "onyx-2 | retired",
        "onyx-3 | deprecated",
        "onyx-4 | preview",
    ]
