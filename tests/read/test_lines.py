"""Every fact that has no figure names lines that stand on its page."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.read.reading_of import reading

from ratewire.model import Reading, marks_of

PAGES = {
    "limits by column": "# Limits\n\n| Model | RPM |\n|---|---|\n| Otter 2 | 500 |\n",
    "limits alone": "# Otter 2\n\n| Requests per minute (RPM) | TPM |\n|---|---|\n| 50 | 900 |\n",
    "limits by row": "# Limits\n\n| Limit | Otter 2 | Heron 3 |\n|---|---|---|\n"
    "| RPM | 500 | 40 |\n| TPM | 90,000 | 7,000 |\n",
    "stages by column": "# Models\n\n## 2026-01-05: Otter\n\n"
    "| Model | Shutdown date |\n|---|---|\n| otter-1 | 2026-08-01 |\n",
    "announced above": "# Deprecations\n\nOn 2026-01-05 we announced that these models end.\n\n"
    "| Model | Shutdown date |\n|---|---|\n| otter-1 | 2026-08-01 |\n",
    "stage over all": "# Models\n\n## Deprecated models\n\n| Model |\n|---|\n| otter-1 |\n",
    "remark": "# Models\n\n- Otter 3 (deprecated)\n",
    "remark in a table": "# Models\n\n| Model | Size |\n|---|---|\n| Otter 3 (preview) | 9 B |\n",
    "sentence": "# Otter 3\n\n| Model | Price |\n|---|---|\n| Otter 3 | $2 |\n\n"
    "Otter 3 is deprecated. Use otter-4 instead.\n",
    "multiplier": "# API\n\nBatch requests get a 50% discount on input and output token prices.\n",
}


def unstated(found: Reading) -> list[str]:
    facts = (*found.facts.availability, *found.facts.limits, *found.facts.multipliers)
    return [
        str(fact)
        for fact in facts
        if not fact.evidence.lines or not all(map(found.lines.count, fact.evidence.lines))
    ]


@pytest.mark.parametrize("name", PAGES)
def test_facts_name_their_lines(name: str) -> None:
    found = reading(PAGES[name])
    assert any((found.facts.availability, found.facts.limits, found.facts.multipliers))
    assert unstated(found) == []


FIXTURES = sorted((Path(__file__).parents[1] / "fixtures").rglob("*.html"))


@pytest.mark.parametrize("file", FIXTURES, ids=lambda file: file.name)
def test_facts_of_fixtures_name_their_lines(file: Path) -> None:
    assert unstated(reading(file.read_text("utf-8"), "text/html")) == []


def test_what_stands_above_a_row_is_named_with_it() -> None:
    (fact,) = reading(PAGES["stages by column"]).facts.availability
    assert fact.evidence.lines == marks_of(("otter-1 | 2026-08-01", "2026-01-05: Otter"))
    (fact,) = reading(PAGES["stage over all"]).facts.availability
    assert fact.evidence.lines == marks_of(("otter-1", "Deprecated models"))


def test_a_cell_is_a_line_with_its_row_and_head() -> None:
    lines = reading(PAGES["limits by column"]).lines
    expected = ("Limits", "Model | RPM", "Otter 2", "500", "Otter 2 | 500", "Otter 2 | RPM | 500")
    assert all(map(lines.count, marks_of(expected)))
