"""Facts without a figure go on under their recorded names while the page prints their lines."""

from __future__ import annotations

from datetime import date

import pytest
from tests.compare.captures import compared, reading_of, said

from ratewire.compare import differences
from ratewire.model import Facts, Lines, Reading, marks_of

LIMITS = (
    "# Use\n\n## {heading}\n\n| Plan | Requests per second | Storage |\n|---|---|---|\n"
    "| Fern | {fern} | 1 GB |\n| Moss | 4,000 | 9 GB |\n"
)
STAGES = (
    "# Models\n\n{above}\n\n| Model | Shutdown date | Replacement |\n|---|---|---|\n"
    "| otter-1 | {day} | otter-2 |\n| heron-1 | 2026-09-01 | heron-2 |\n"
)
OF_A_MODEL = (
    "# Limits\n\n## {model}\n\n| Tier | RPM | TPM |\n|---|---|---|\n| Free | {rpm} | 4000 |\n"
    "| Tier 1 | 500 | 30000 |\n\n## Heron\n\n| Tier | RPM |\n|---|---|\n| Free | 20 |\n"
)
TIERS = (
    "# Limits\n\n## Tier 1\n\n| Model | RPM |\n|---|---|\n| otter-2 | {one} |\n\n"
    "## Tier 2\n\n| Model | RPM |\n|---|---|\n| otter-2 | {two} |\n\n"
    "## Tier 3\n\n| Model | RPM |\n|---|---|\n| otter-2 | 900 |\n"
)
BATCH = "# {title}\n\nThe batch endpoint gives a {share}% discount on input and output tokens.\n"
HEADED = "# Models\n\n## {stage}\n\n| Model |\n|---|\n| otter-1 |\n"
NOTED = "# Models\n\n{rows}\n\nHeron 3 is deprecated.\n"
TABLE = "| Model | Input per 1M tokens |\n|---|---|\n| Otter 2 | $3 |\n| Moss 4 | $5 |\n"


@pytest.mark.parametrize(
    ("page", "before", "after"),
    [
        (LIMITS, {"heading": "Speed", "fern": "1,000"}, {"heading": "All", "fern": "1,000"}),
        (LIMITS, {"heading": "T", "fern": "1,000"}, {"heading": "T\n\n### More", "fern": "1,000"}),
        (STAGES, {"above": "## 2026-01-05: Otter", "day": "2026-08-01"},
         {"above": "## 2026-01-05: Otter\n\n## 2026-02-02: Text", "day": "2026-08-01"}),
        (STAGES, {"above": "## 2026-01-05: Otter", "day": "2026-08-01"},
         {"above": "", "day": "2026-08-01"}),
        (BATCH, {"title": "Pricing", "share": 50}, {"title": "Updated: costs", "share": 50}),
        (NOTED, {"rows": TABLE}, {"rows": TABLE.replace("| Moss", "| Heron 3 | $3 |\n| Moss")}),
    ],
)  # fmt: skip
def test_the_same_lines_are_no_news(
    page: str, before: dict[str, object], after: dict[str, object]
) -> None:
    there = compared(page.format(**before), page.format(**after))
    assert [each for each in said(there) if "added" not in each] == []
    back = compared(page.format(**after), page.format(**before))
    assert [each for each in said(back) if "removed" not in each] == []


@pytest.mark.parametrize(
    ("page", "before", "after", "expected"),
    [
        (LIMITS, {"heading": "T", "fern": "1,000"}, {"heading": "T", "fern": "2,000"}, "limit +>+"),
        (LIMITS, {"heading": "T", "fern": "1,000"}, {"heading": "U", "fern": "2,000"}, "limit +>+"),
        (OF_A_MODEL, {"model": "Fern", "rpm": 50}, {"model": "Ferns", "rpm": 70}, "limit +>+"),
        (TIERS, {"one": 500, "two": 600}, {"one": 600, "two": 600}, "limit +>+"),
        (TIERS, {"one": 500, "two": 500}, {"one": 500, "two": 900}, "limit +>+"),
        (STAGES, {"above": "", "day": "2026-08-01"}, {"above": "", "day": "2026-09-01"},
         "availability +>+"),
        (STAGES, {"above": "", "day": "2026-08-01"}, {"above": "## New", "day": "2026-10-01"},
         "availability +>+"),
        (BATCH, {"title": "Pricing", "share": 50}, {"title": "New", "share": 40}, "rate_up +>+"),
        (HEADED, {"stage": "Preview"}, {"stage": "Deprecated"}, "availability +>+"),
    ],
)  # fmt: skip
def test_other_lines_are_news(
    page: str, before: dict[str, object], after: dict[str, object], expected: str
) -> None:
    found = compared(page.format(**before), page.format(**after))
    assert [each for each in said(found) if "unread" not in each] == [expected]


def test_one_of_two_equal_lines_that_goes_or_comes_is_news() -> None:
    both = TIERS.format(one=500, two=500)
    start = both.index("## Tier 2")
    one = both[:start] + both[both.index("## Tier 3") :]
    assert said(compared(both, one)) == ["limit +>-"]
    assert said(compared(one, both)) == ["limit ->+"]


def test_a_day_that_has_come_is_news_in_the_same_words() -> None:
    page = STAGES.format(above="", day="2026-08-01")
    found = compared(page, page, since=date(2026, 7, 1), on=date(2026, 8, 9))
    assert said(found) == ["availability +>+"]


def test_facts_go_on_under_the_name_on_record() -> None:
    first = reading_of(LIMITS.format(heading="Throughput", fern="1,000"))
    found = compared(
        LIMITS.format(heading="Throughput", fern="1,000"),
        LIMITS.format(heading="All of it", fern="1,000"),
    )
    assert found.later.facts.limits == first.facts.limits


def test_without_known_lines_readings_alone_are_compared() -> None:
    before = reading_of(LIMITS.format(heading="Throughput", fern="1,000"))
    after = reading_of("# Use\n\nNothing is limited.\n")

    def told(lines: tuple[Lines, Lines]) -> int:
        gone = Reading(Facts(), lines=after.lines)
        found = differences(before.facts, gone.facts, on=date(2026, 3, 2), lines=lines)
        return len(found.alterations)

    assert told((Lines(), before.lines)) == len(before.facts.limits) > 0
    assert told((before.lines, before.lines)) == 0
    assert told((before.lines, after.lines)) == len(before.facts.limits)


# ── Lines ────────────────────────────────────────────────────────────────────────────────────


def test_lines_are_known_by_their_words() -> None:
    lines = Lines(("Otter 2™ – “now”", "Heron", "Heron"))
    (mark,) = marks_of(('otter 2 - "now"',))
    assert lines.count(mark) == 1
    assert lines.count(marks_of(("Heron",))[0]) == 2
    assert Lines(kept=lines.marks) == lines
    assert hash(Lines(kept=lines.marks)) == hash(lines)
    assert not Lines()
    assert Lines(("a",)) != Lines(("b",))


def test_only_lines_that_stand_as_often_are_kept() -> None:
    one, other = Lines(("a", "b", "b", "c")), Lines(("a", "b", "d"))
    assert one.as_often_in(other) == Lines(("a",))
    assert one.without(marks_of(("b",))) == Lines(("a", "c"))
