from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_changes import (
    NOW,
    change,
    correction,
    cut,
    make_site,
    of_every_kind,
    rate,
    retraction,
    step,
)

from ratewire.model import (
    Alteration,
    Availability,
    ChangeKind,
    ChangeState,
    Conditions,
    Stage,
    StatedDate,
)
from ratewire.wording.catalogue import Words
from ratewire.wording.changes import row
from ratewire.wording.facts import SiteNames, value
from ratewire.wording.formats import conditions_words, money, percent, price, price_step
from ratewire.wording.stories import stories
from ratewire.wording.text import joined, plain

WORDS = SiteNames.of(make_site())


def headline(*changes) -> str:
    (story,) = stories(changes, WORDS)
    return story.headline


@pytest.mark.parametrize(
    ("number", "expected"),
    list(
        enumerate(
            [
                "Paint 2 image output: $32.00 → $30.00 per 1M tokens (−6.25%)",
                "Paint 2 text input: $5.00 → $6.00 per 1M tokens (+20%)",
                "New rate: Paint 2 cached text input, $8.00 per 1M tokens",
                "No longer listed: Paint 2 image output (batch) (was $9.00 per 1M tokens)",
                "Paint 2 image output: $30.00 per 1M tokens → $0.04 per image",
                "draw-0 image output is now named Draw 1 image output",
                "Draw 1: available → deprecated, shutdown 3 November 2026, replaced by Paint 2",
                "Paint 2 TPM (tier-1): 100,000 → 250,000 (+150%)",
                "Scheduled: Paint 2 image output (from 1 December 2026): "
                "$30.00 → $28.00 per 1M tokens",
                "Incident: Slow image generation",
                "Reworded: “Billing”",
            ]
        )
    ),
)
def test_each_kind_has_its_headline(number: int, expected: str) -> None:
    assert headline(of_every_kind()[number]) == expected


@pytest.mark.parametrize(
    ("called", "told"),
    [("paint-2", "Paint 2"), ("PAINT-2", "Paint 2"), ("paint-2 or draw-1", "paint-2 or draw-1")],
)
def test_a_successor_has_the_name_that_the_site_gives_it(called: str, told: str) -> None:
    before = Availability("draw-1", Stage.AVAILABLE)
    after = replace(before, stage=Stage.DEPRECATED, replacement=called)
    changed = change("c", Alteration(ChangeKind.AVAILABILITY, before, after))
    assert headline(changed) == f"Draw 1: available → deprecated, replaced by {told}"
    assert row(changed.alterations[0], WORDS).after == f"deprecated, replaced by {told}"


@pytest.mark.parametrize(
    ("count", "most", "told"),
    [
        (0, 2, ""),
        (1, 2, "A"),
        (2, 2, "A and B"),
        (3, 4, "A, B and C"),
        (4, 4, "A, B, C and D"),
        (5, 2, "A, B and 3 more"),
    ],
)
def test_names_are_joined_as_one_would_say_them(count: int, most: int, told: str) -> None:
    assert joined(list("ABCDE"[:count]), most) == told


def many(*amounts: tuple[str, str], product: str = "paint-2") -> list[Alteration]:
    return [
        step(rate(a, product=product, size=str(n)), rate(b, product=product, size=str(n)))
        for n, (a, b) in enumerate(amounts)
    ]


@pytest.mark.parametrize(
    ("alterations", "expected"),
    [
        (many(("10", "8"), ("5", "4")), "2 rates of Paint 2 fell by 20%"),
        (many(("10", "8"), ("5", "4.5")), "2 rates of Paint 2 fell by 10% to 20%"),
        (
            [*many(("1", "2"), ("2", "4")), *many(("1", "2"), product="draw-1")],
            "3 rates of Draw 1 and Paint 2 rose by 100%",
        ),
        (
            [*many(("10", "8"), ("5", "4")), *many(("1", "2"))],
            "2 rates of Paint 2 fell by 20%; "
            "Paint 2 image output (0): $1.00 → $2.00 per 1M tokens (+100%)",
        ),
        (
            [Alteration(ChangeKind.ADDED, None, rate(size=s)) for s in "abc"],
            "3 new rates for Paint 2",
        ),
        (
            [Alteration(ChangeKind.REMOVED, rate(size=s), None) for s in "abc"],
            "3 rates of Paint 2 are no longer listed",
        ),
        (
            [
                Alteration(
                    ChangeKind.RENAMED, rate(product="old", size=s), rate(product="draw-1", size=s)
                )
                for s in "ab"
            ],
            "old is now named Draw 1",
        ),
        (
            [
                Alteration(
                    ChangeKind.SCHEDULED, rate(size=s), rate(size=s, effective_from="2026-12-01")
                )
                for s in "ab"
            ],
            "2 rates of Paint 2 will change on 1 December 2026",
        ),
    ],
)
def test_many_alterations_are_one_headline(alterations: list[Alteration], expected: str) -> None:
    assert headline(change("x", *alterations)) == expected


def test_a_moved_shutdown_is_told_as_such() -> None:
    before = Availability("draw-1", Stage.DEPRECATED, shutdown_on=StatedDate(date(2026, 5, 12)))
    after = replace(before, shutdown_on=StatedDate(date(2026, 6, 1)))
    told = headline(change("x", Alteration(ChangeKind.AVAILABILITY, before, after)))
    assert told == "Draw 1: deprecated, shutdown 1 June 2026 (was 12 May 2026)"


@pytest.mark.parametrize(
    ("fact", "english", "german"),
    [
        ({"shutdown_on": "2026-09-30"}, "shutdown 30 September 2026",
         "Abschaltung am 30. September 2026"),
        ({"shutdown_on": "2026-09"}, "shutdown September 2026", "Abschaltung im September 2026"),
        ({"shutdown_on": "2026-Q3"}, "shutdown Q3 2026", "Abschaltung im 3. Quartal 2026"),
        ({"shutdown_on": "2026"}, "shutdown 2026", "Abschaltung im Jahr 2026"),
        ({"shutdown_not_before": "2026-09"}, "no shutdown before September 2026",
         "Abschaltung nicht vor September 2026"),
    ],
)  # fmt: skip
def test_a_date_is_told_as_precisely_as_it_is_stated(
    fact: dict[str, str], english: str, german: str
) -> None:
    dates = {name: StatedDate.parse(text) for name, text in fact.items()}
    told = Availability("draw-1", Stage.AVAILABLE, **dates)
    assert value(told, WORDS) == f"available, {english}"
    assert value(told, SiteNames(words=Words("de"))) == f"verfügbar, {german}"


def test_a_summary_says_when_and_on_which_page() -> None:
    (story,) = stories([cut()], WORDS)
    assert story.summary == (
        "Paint 2 image output: $32.00 → $30.00 per 1M tokens (−6.25%). Acme pricing changed "
        "between 4 May 2026, 10:00 and 11:00 UTC."
    )


def test_a_retracted_story_says_so_first_and_keeps_what_was_said() -> None:
    first = cut()
    (story,) = stories([retraction(first), first], WORDS)
    assert story.headline.startswith("Retracted: Paint 2 image output")
    assert "This did not happen" in story.summary
    assert "The page showed a draft." in story.detail
    assert story.retracted
    assert story.updated == NOW + timedelta(hours=3)


def test_a_corrected_story_tells_the_truth_and_what_was_said() -> None:
    first = cut()
    right = step(rate("32.00"), rate("31.00"))
    (story,) = stories([first, correction(first, right)], WORDS)
    assert "→ $31.00" in story.headline
    assert "The unit was misread. Originally reported: Paint 2 image output: $32.00 → $30.00" in (
        story.detail
    )
    assert [row.after for row in story.rows] == ["$31.00 per 1M tokens"]


def test_stories_gather_chains_and_leave_out_what_is_pending() -> None:
    first = cut("a")
    second = correction(first, step(rate("32.00"), rate("31.00")))
    third = retraction(second, at=NOW + timedelta(days=1))
    waiting = cut("b", state=ChangeState.PENDING)
    stray = retraction(cut("unknown"))
    told = stories([third, waiting, stray, second, first])
    assert [story.change.id for story in told] == ["a", "unknown-retracted"]
    assert [each.id for each in told[0].corrections] == [second.id, third.id]


def test_a_change_told_by_two_sources_is_one_story_from_when_it_was_first_told() -> None:
    (story,) = stories([cut(at=NOW + timedelta(hours=1)), cut(at=NOW)])
    assert story.change.recorded_at == NOW
    assert not story.corrections


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [
        ("30", "USD", "$30.00"),
        ("0.0050", "USD", "$0.005"),
        ("1234567.5", "EUR", "€1,234,567.50"),
        ("1200", "JPY", "¥1,200"),
        ("4.5", "CHF", "CHF 4.50"),
        ("1E+3", "USD", "$1,000.00"),
        ("0.00000012", "USD", "$0.00000012"),
    ],
)
def test_money_keeps_every_digit_that_counts(amount: str, currency: str, expected: str) -> None:
    assert money(Decimal(amount), currency) == expected


def test_prices() -> None:
    assert price(rate("0")) == "free"
    assert price(replace(rate("3"), qualifier="from")) == "from $3.00 per 1M tokens"
    assert price(replace(rate("3"), upper=Decimal(5))) == "$3.00–$5.00 per 1M tokens"
    assert price_step(rate("3"), rate("0")) == "$3.00 per 1M tokens → free"


@pytest.mark.parametrize(
    ("value", "expected"), [("-6.25", "−6.25%"), ("20.00", "+20%"), ("0", "0%")]
)
def test_percent(value: str, expected: str) -> None:
    assert percent(Decimal(value), signed=True) == expected


def test_conditions_in_words() -> None:
    words = conditions_words(
        Conditions.of(
            {"tier": "standard", "quality": "low", "size": "1024x1024", "context": "≤ 200K"}
        )
    )
    assert words == "context ≤ 200K, low quality, 1024 × 1024"


@given(st.text(max_size=2000), st.integers(2, 300))
def test_plain_is_one_bounded_line_without_controls(text: str, limit: int) -> None:
    line = plain(text, limit)
    assert len(line) <= limit
    assert line == " ".join(line.split())
    assert not [c for c in line if unicodedata.category(c)[0] == "C" and c not in "\u200c\u200d"]
    assert plain(line, limit) == line


def test_plain_cuts_what_only_deceives() -> None:
    assert plain("a\u202egnp.exe") == "agnp.exe"
    assert plain("e" + "\u0301" * 400) == "e" + "\u0301" * 4
    assert plain("x" * 1_000_000, 10) == "x" * 9 + "…"
    assert plain("👩\u200d💻 ok") == "👩\u200d💻 ok"
