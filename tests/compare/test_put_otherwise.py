"""The same prices, put otherwise: other spaces in names, units said once more or no more, lists
that become tables. Shaped like the histories of price lists in five languages.
"""

from __future__ import annotations

import pytest
from captures import compared, said
from hypothesis import given, settings
from hypothesis import strategies as st


def table(head: str, *rows: str, title: str = "Otter pricing", above: str = "") -> str:
    rule = "---|" * (head.count("|") + 1)
    lines = (f"| {head} |", f"|{rule}", *(f"| {row} |" for row in rows))
    return "\n".join((f"# {title}", "", above, "", *lines, ""))


CODES = (
    table("Code | Cores | Per hour | Per month",
          "OTTER-a1.c2r4.100 | 2 | 0.67 kr | 480 kr", "OTTER-a1.c4r8.500 | 4 | 1.75 kr | 1 260 kr"),
    table("Code | Cores | Per hour | Per month",
          "OTTER-a1. c2 r4. 100 | 2 | 0.67 kr | 480 kr",
          "OTTER-a1. c4 r8. 500 | 4 | 1.75 kr | 1 260 kr"),
)  # fmt: skip
CALLS = (
    table("Method | Cost per call", "/search | $0.007", "/match | $0.02"),
    table("Method | Cost", "/search | $0.007", "/match | $0.02"),
)
TIERS = (
    table("Plan | Price | Storage", "Free (max 500k calls a month) | $0 | 256 MB",
          "Crew | $9 | 2 GB"),
    table("Plan | Price | Storage", "Free | $0 | 256 MB", "Crew | $9 | 2 GB"),
)  # fmt: skip
CARD = (
    '<CardGroup>\n<Card title="Hobby">\n{}\n\n- One project\n</Card>\n'
    '<Card title="Works">\n$90 / month\n</Card>\n</CardGroup>'
)
SEATS = (
    table("Plan | Price", "Crew | $20 / user / month"),
    table("Plan | Price", "Crew | $20 / seat / month"),
)
LISTED = (
    "# Otter pricing\n\n## Storage\n\n"
    "- **Run disk:** Gone when a run ends, billed at $0.10 per GB per month.\n"
    "- **Kept disk:** Stays until you delete it, billed at $0.23 per GB per month.\n",
    "# Otter pricing\n\n## Storage prices\n\n| Kind | Price | Notes |\n|---|---|---|\n"
    "| **Run disk** | $0.10/GB/month | Gone when a run ends |\n"
    "| **Kept disk** | $0.23/GB/month | Stays until you delete it |\n",
)
QUIET = {
    "spaces in codes": CODES,
    "a unit that the head says no more": CALLS,
    "a limit in a label": TIERS,
    "a seat for a user": SEATS,
    "a list that becomes a table": LISTED,
    "a card that says more": (
        f"# Otter plans\n\n{CARD.format('$5')}", f"# Otter plans\n\n{CARD.format('$5 one-time')}"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", QUIET)
@pytest.mark.parametrize("turned", [False, True])
def test_it_is_no_news(name: str, turned: bool) -> None:
    before, after = QUIET[name][:: -1 if turned else 1]
    assert [line for line in said(compared(before, after)) if "unread" not in line] == []


LICENCES = "Code | What it is | Unit | Per month"


def test_a_table_that_was_repriced_from_top_to_bottom_is_still_itself() -> None:
    before = table(LICENCES, "SW-win.12 | Window server 12 | Core | 78 kr",
                   "SW-sql | Maker's SQL server | Core | 1 498 kr", title="Licences")  # fmt: skip
    after = table(LICENCES, "SW-win | Window server | Core | 175 kr",
                  "SW-sql | SQL server standard | Core (at least 4) | 1 229 kr",
                  title="Licences")  # fmt: skip
    assert "rate_down 1498>1229" in said(compared(before, after))


HEADS = {
    "en": "Code | Cores | Per month",
    "de": "Kürzel | Kerne | Pro Monat",
    "sv": "Kod | Kärnor | Per månad",
    "es": "Código | Núcleos | Al mes",
    "ja": "コード | コア | 月額",
}


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 64), st.integers(2, 900)), min_size=2, max_size=6,
             unique_by=lambda each: each[0]),
    st.sampled_from(sorted(HEADS)),
    st.sampled_from([". ", " . ", " "]),
)  # fmt: skip
def test_spaces_in_the_codes_of_a_price_list_are_no_news(
    rows: list[tuple[int, int]], language: str, between: str
) -> None:
    def page(mark: str) -> str:
        return table(
            HEADS[language], *(f"kp{mark}c{n}r{n * 2} | {n} | €{price}" for n, price in rows)
        )

    tight = "." if "." in between else ""
    assert said(compared(page(tight), page(between))) == []
