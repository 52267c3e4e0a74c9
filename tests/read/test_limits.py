"""Rate-limit tables: by model and by usage tier, on their side, in panes, with units in cells."""

from __future__ import annotations

import pytest
from reading_of import limits_of

TABLES = {
    "columns for each limit": (
        """
| Model | RPM | TPM | RPD |
| --- | --- | --- | --- |
| onyx-2 | 500 | 30,000 | — |
| onyx-2-mini | 1,000 | 200K | 10,000 |
""",
        "onyx-2 | rpm | 500",
        "onyx-2 | tpm | 30000",
        "onyx-2-mini | rpm | 1000",
        "onyx-2-mini | tpm | 200000",
        "onyx-2-mini | rpd | 10000",
    ),
    "a tier in each row, the product in the heading": (
        """
## Onyx 2

| Tier | RPM | TPM | IPM |
| --- | --- | --- | --- |
| Free | Not supported | | |
| Tier 1 | 100 | 100,000 | 5 |
| Tier 2 | 500 | 2M | 20 |
""",
        "onyx-2 | rpm | 100 | tier-1",
        "onyx-2 | tpm | 100000 | tier-1",
        "onyx-2 | ipm | 5 | tier-1",
        "onyx-2 | rpm | 500 | tier-2",
        "onyx-2 | tpm | 2000000 | tier-2",
        "onyx-2 | ipm | 20 | tier-2",
    ),
    "long names": (
        """
| Model | Requests per minute | Input tokens per minute (ITPM) | Output tokens per minute |
| --- | --- | --- | --- |
| onyx-2 | 50 | 30,000 | 8,000 |
""",
        "onyx-2 | rpm | 50",
        "onyx-2 | itpm | 30000",
        "onyx-2 | otpm | 8000",
    ),
    "a pane for each tier": (
        """
<Tabs>
  <Tab title="Tier 1">
    | Model | RPM |
    | --- | --- |
    | onyx-2 | 50 |
  </Tab>
  <Tab title="Tier 2">
    | Model | RPM |
    | --- | --- |
    | onyx-2 | 1,000 |
  </Tab>
</Tabs>
""",
        "onyx-2 | rpm | 50 | tier-1",
        "onyx-2 | rpm | 1000 | tier-2",
    ),
    "a heading for each tier": (
        """
### Free tier

| Model | RPM |
| --- | --- |
| onyx-2 | 3 |

### Pay-as-you-go plan

| Model | RPM |
| --- | --- |
| onyx-2 | 60 |

### Tier 4

| Model | RPM |
| --- | --- |
| onyx-2 | Unlimited |
""",
        "onyx-2 | rpm | 3 | free-tier",
        "onyx-2 | rpm | 60 | pay-as-you-go-plan",
        "onyx-2 | rpm | unlimited | tier-4",
    ),
    "turned on its side": (
        """
| | onyx-2 | onyx-2-mini |
| --- | --- | --- |
| RPM | 500 | 1,000 |
| TPM | 30,000 | 200,000 |
""",
        "onyx-2 | rpm | 500",
        "onyx-2 | tpm | 30000",
        "onyx-2-mini | rpm | 1000",
        "onyx-2-mini | tpm | 200000",
    ),
    "tiers across": (
        """
## Onyx 2

| Limit | Tier 1 | Tier 2 |
| --- | --- | --- |
| Requests per minute | 50 | 1,000 |
| Tokens per minute | 30K | 450K |
""",
        "onyx-2 | rpm | 50 | tier-1",
        "onyx-2 | rpm | 1000 | tier-2",
        "onyx-2 | tpm | 30000 | tier-1",
        "onyx-2 | tpm | 450000 | tier-2",
    ),
    "units in the cells": (
        """
| Endpoint | Trial rate limit | Production rate limit |
| --- | --- | --- |
| Chat | 20 req / min | 500 req / min |
| Embed | 2,000 inputs / min | 2,000 inputs / min |
| Search | 10 requests per second | Contact us |
""",
        "chat | rpm | 20 | trial",
        "chat | rpm | 500 | production",
        "embed | inputs-per-min | 2000 | trial",
        "embed | inputs-per-min | 2000 | production",
        "search | rps | 10 | trial",
    ),
    "a column of tiers beside the model": (
        """
| Model | Usage tier | RPM | Batch queue limit |
| --- | --- | --- | --- |
| onyx-2 | Tier 1 | 500 | 90,000 |
| onyx-2 | Tier 2 | 5,000 | 1,350,000 |
""",
        "onyx-2 | rpm | 500 | tier-1",
        "onyx-2 | batch-queue | 90000 | tier-1",
        "onyx-2 | rpm | 5000 | tier-2",
        "onyx-2 | batch-queue | 1350000 | tier-2",
    ),
    "concurrency, a maximum and a mark": (
        """
| Model | Max concurrent requests | RPM* |
| --- | --- | --- |
| onyx-2 | up to 10 | 60 |
| onyx-2-mini | No limit | 600 |
""",
        "onyx-2 | concurrency | 10",
        "onyx-2 | rpm | 60",
        "onyx-2-mini | concurrency | unlimited",
        "onyx-2-mini | rpm | 600",
    ),
    "several limits in a cell": (
        """
| Model | Context | Rate limits |
| --- | --- | --- |
| onyx-2 | 256000 | 480 rpm<br>2M tpm |
| onyx-2-mini | 131072 | 480 RPM, 4M TPM |
""",
        "onyx-2 | rpm | 480",
        "onyx-2 | tpm | 2000000",
        "onyx-2-mini | rpm | 480",
        "onyx-2-mini | tpm | 4000000",
    ),
    "products in the heads of the limits": (
        """
| Usage tier | Onyx 2 (RPM) | Onyx 2 mini (RPM) |
| --- | --- | --- |
| Tier 1 | 60 | 120 |
""",
        "onyx-2 | rpm | 60 | tier-1",
        "onyx-2-mini | rpm | 120 | tier-1",
    ),
    "tiers over the heads": (
        """
<table><thead>
<tr><th rowspan="2">Model</th><th colspan="2">Free tier</th><th colspan="2">Paid tier</th></tr>
<tr><th>RPM</th><th>RPD</th><th>RPM</th><th>RPD</th></tr></thead>
<tbody><tr><td>onyx-2</td><td>5</td><td>100</td><td>150</td><td>10,000</td></tr></tbody></table>
""",
        "onyx-2 | rpm | 5 | free-tier",
        "onyx-2 | rpd | 100 | free-tier",
        "onyx-2 | rpm | 150 | paid-tier",
        "onyx-2 | rpd | 10000 | paid-tier",
    ),
    "German": (
        """
| Modell | Anfragen pro Minute | Token pro Minute |
| --- | --- | --- |
| onyx-2 | 1.000 | 200.000 |
""",
        "onyx-2 | rpm | 1000",
        "onyx-2 | tpm | 200000",
    ),
    "Spanish": (
        """
| Modelo | Solicitudes por minuto | Tokens por minuto |
| --- | --- | --- |
| onyx-2 | 60 | Ilimitado |
""",
        "onyx-2 | rpm | 60",
        "onyx-2 | tpm | unlimited",
    ),
    "Japanese and Chinese": (
        """
| モデル | 1分あたりのリクエスト数 | 同時実行数 |
| --- | --- | --- |
| onyx-2 | 60 | 5 |

| 模型 | 并发限制 | 每分钟请求数 |
| --- | --- | --- |
| onyx-3 | 10 | 100 |
""",
        "onyx-2 | rpm | 60",
        "onyx-2 | concurrency | 5",
        "onyx-3 | concurrency | 10",
        "onyx-3 | rpm | 100",
    ),
    "prices and spending are no limits": (
        """
| Tier | Credit purchase | Spend limit | Max credit |
| --- | --- | --- | --- |
| Tier 1 | $5 | $100 | $100 |
""",
    ),
    "a price list with the word rate": (
        """
| Model | Rate per 1M tokens |
| --- | --- |
| onyx-2 | $5 |
""",
    ),
}


@pytest.mark.parametrize("case", TABLES.values(), ids=TABLES.keys())
def test_a_table_gives_its_limits(case: tuple[str, ...]) -> None:
    page, *expected = case
    assert limits_of(f"# Rate limits\n\n{page}") == sorted(expected)
