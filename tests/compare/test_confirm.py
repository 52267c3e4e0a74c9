"""Nothing is told that is not there twice; nothing that is there twice stays untold."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from price_lists import SOURCE, START, Page, facts, rate, table, told, unread
from tests.compare.captures import reading_of

from ratewire.compare import (
    accept,
    alteration_key,
    at_rest,
    compare_unchanged,
    correct,
    lens,
    questions,
    rebase,
    reject,
    retract,
    unread_key,
)
from ratewire.config import CompareSettings
from ratewire.errors import ConfigError
from ratewire.model import (
    Availability,
    ChangeKind,
    ChangeState,
    Expectations,
    Facts,
    Figure,
    Hints,
    Impact,
    Incident,
    Rate,
    Reading,
    Stage,
    StatedDate,
)

LIST = table("Opus: input 5, output 25\nSonnet: input 3, output 15\nHaiku: input 1, output 5")


def page_with(**amounts: str) -> Facts:
    """The list with other inputs: `Opus="4"`."""
    return facts(
        replace(r, amount=Decimal(amounts[r.product]))
        if r.meter == "input" and r.product in amounts
        else r
        for r in LIST
    )


A, B, C = page_with(), page_with(Opus="4"), page_with(Opus="4", Sonnet="2")


def watched(*shown: Facts, **more: object) -> Page:
    page = Page(**more)  # type: ignore[arg-type]
    for each in shown:
        page.check(each)
    return page


# ── Twice ────────────────────────────────────────────────────────────────────────────────────


def test_the_first_reading_is_a_baseline() -> None:
    page = watched(A)
    assert page.log == []
    assert page.snapshot is not None
    assert page.snapshot.facts == A
    assert page.pending is None


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ([A, A], []),
        ([A, B], []),
        ([A, B, B], ["rate_down Opus input 5>4"]),
        ([A, B, B, B, B], ["rate_down Opus input 5>4"]),
        ([A, B, A], []),
        ([A, B, A, B, A, B, A, B], []),
        ([A, B, C], ["rate_down Opus input 5>4"]),
        ([A, B, C, C], ["rate_down Opus input 5>4", "rate_down Sonnet input 3>2"]),
        ([A, page_with(Opus="8"), B], []),
        ([A, page_with(Opus="8"), B, B], ["rate_down Opus input 5>4"]),
        ([A, B, B, A, A], ["rate_down Opus input 5>4", "rate_up Opus input 4>5"]),
    ],
)
def test_a_change_is_told_when_it_was_seen_twice(shown: list[Facts], expected: list[str]) -> None:
    assert watched(*shown).told() == expected


def test_captures_that_are_too_close_count_once() -> None:
    page = watched(A, B)
    page.check(B, after=timedelta(minutes=10))
    page.check(B, after=timedelta(minutes=19))
    assert page.log == []
    page.check(B, after=timedelta(minutes=1))
    assert page.told() == ["rate_down Opus input 5>4"]


@pytest.mark.parametrize(("needed", "checks"), [(1, 1), (2, 2), (3, 3), (5, 5)])
def test_the_owner_sets_how_often(needed: int, checks: int) -> None:
    page = Page(settings=CompareSettings(confirmations=needed))
    page.check(A)
    for _ in range(checks - 1):
        page.check(B)
        assert page.log == []
    page.check(B)
    assert len(page.log) == 1


def test_a_clock_that_runs_backwards_confirms_nothing() -> None:
    page = watched(A, B)
    page.check(B, after=timedelta(hours=-5))
    assert page.log == []


def test_a_capture_that_comes_late_tells_nothing() -> None:
    page = watched(A, B)
    before = page.pending
    found = page.check(A, after=timedelta(minutes=-30))
    assert (page.pending, found.changes) == (before, ())
    assert found.notes
    page.check(B, after=timedelta(hours=2))
    assert page.told() == ["rate_down Opus input 5>4"]


def test_after_a_clock_that_was_years_ahead_checks_go_on() -> None:
    page = Page()
    page.check(A, after=timedelta(days=4000))
    page.check(B, after=timedelta(days=-4000))
    page.check(B)
    assert page.told() == ["rate_down Opus input 5>4"]


def test_what_flips_to_and_fro_has_to_hold_ever_longer() -> None:
    page = watched(A, B, A, B, B, B)
    assert page.log == []
    page.check(B)
    assert page.told() == ["rate_down Opus input 5>4"]


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
@pytest.mark.parametrize("seed", range(10))
def test_a_page_served_at_random_in_two_versions_rings_once_each_way(
    share: float, seed: int
) -> None:
    chance = random.Random(seed)
    page = watched(A)
    for _ in range(200):
        page.check(B if chance.random() < share else A, after=timedelta(hours=1))
    assert len(page.log) <= 2
    assert page.pending is not None
    assert max(s.reversals for s in page.pending.sightings) > 2


def test_a_price_that_comes_back_for_good_is_told_again_after_three_days() -> None:
    page = watched(A, B, B, A, A)
    assert len(page.log) == 2
    for _ in range(3):
        page.check(B, after=timedelta(days=1))
        page.check(B)
    assert len(page.log) == 2
    page.check(B, after=timedelta(days=1))
    assert len(page.log) == 3
    assert page.told()[-1] == "rate_down Opus input 5>4"


def test_a_month_later_the_same_change_is_told_as_quickly_as_ever() -> None:
    page = watched(A, B, B, A, A)
    page.check(A, after=timedelta(days=31))
    page.check(B)
    page.check(B)
    assert len(page.log) == 3


def test_a_reversal_leaves_a_note_and_no_change() -> None:
    page = watched(A, B, A)
    assert page.log == []
    assert page.notes == [
        "rate_down of Opus input, seen since 2026-07-01 14:00, is gone again before it was "
        "confirmed"
    ]
    assert page.pending is not None
    assert page.pending.waiting == ()


def test_a_reversal_is_forgotten_after_a_month() -> None:
    page = watched(A, B, A)
    page.check(A, after=timedelta(days=31))
    assert page.pending is None


def test_an_incident_of_a_status_feed_is_told_at_once() -> None:
    incident = Incident("i1", "Errors", Impact.MAJOR, START)
    page = watched(Facts(), Facts(incidents=(incident,)))
    page.check(Facts(incidents=(replace(incident, resolved_at=START + timedelta(hours=3)),)))
    assert [change.kind for change in page.log] == [ChangeKind.INCIDENT, ChangeKind.INCIDENT]
    assert page.pending is None


# ── What stands ──────────────────────────────────────────────────────────────────────────────


def test_what_stands_moves_only_with_what_was_told() -> None:
    page = watched(A, B, C)
    assert page.snapshot is not None
    assert page.snapshot.facts == B
    assert page.snapshot.taken_at == START + timedelta(hours=1), "only a whole reading is taken"
    assert page.pending is not None
    assert told(page.pending.waiting) == ["rate_down Sonnet input 3>2"]
    page.check(C)
    assert page.snapshot is not None
    assert (page.snapshot.facts, page.snapshot.taken_at) == (C, page.now)
    assert page.pending is None


def test_nothing_new_leaves_the_very_same_objects() -> None:
    page = watched(A)
    before = page.snapshot
    page.check(A)
    assert page.snapshot is before
    assert page.pending is None


def test_names_stay_when_only_the_page_turns_them_around() -> None:
    turned = facts(replace(r, product=f"{r.product} 4") for r in LIST)
    page = watched(facts(replace(r, product=f"4 {r.product}") for r in LIST), turned, turned)
    assert page.log == []
    assert page.snapshot is not None
    assert {r.product for r in page.snapshot.facts.rates} == {"4 Opus", "4 Sonnet", "4 Haiku"}


# ── Windows ──────────────────────────────────────────────────────────────────────────────────


def test_the_window_lies_between_the_last_sight_of_the_old_and_the_first_of_the_new() -> None:
    page = watched(A, B, B)
    (change,) = page.log
    assert change.window.last_seen_old == START + timedelta(hours=1)
    assert change.window.first_seen_new == START + timedelta(hours=2)
    assert change.recorded_at == START + timedelta(hours=3)


def test_a_gap_of_three_weeks_is_in_the_window() -> None:
    page = watched(A)
    page.check(B, after=timedelta(weeks=3))
    page.check(B)
    (change,) = page.log
    assert change.window.first_seen_new - change.window.last_seen_old == timedelta(weeks=3)


def test_a_second_thought_keeps_the_time_of_the_last_sight_of_the_old() -> None:
    page = watched(A, page_with(Opus="8"), B, B)
    (change,) = page.log
    assert change.window.last_seen_old == START + timedelta(hours=1)
    assert change.window.first_seen_new == START + timedelta(hours=3)


# ── "Not modified" ───────────────────────────────────────────────────────────────────────────


def unchanged(page: Page, capture: str, after: timedelta = timedelta(hours=1)) -> None:
    page.now += after
    page.take(
        compare_unchanged(
            page.snapshot, page.pending, capture, page.source, page.settings, page.now,
            history=page.log, reader=page.reader,
        )
    )  # fmt: skip


def test_an_unchanged_page_confirms_what_it_showed() -> None:
    page = watched(A, B)
    assert page.pending is not None
    unchanged(page, page.pending.capture, timedelta(minutes=5))
    assert page.log == []
    unchanged(page, page.pending.capture)
    assert page.told() == ["rate_down Opus input 5>4"]
    assert page.pending is None


def test_an_unchanged_page_of_another_capture_confirms_nothing() -> None:
    page = watched(A, B)
    unchanged(page, "another")
    assert page.log == []
    assert page.pending is not None


def test_a_later_capture_with_the_same_facts_can_be_the_unchanged_one() -> None:
    page = watched(A, B)
    more = replace(B, rates=tuple(replace(r, label="Other") for r in B.rates))
    page.check(more, after=timedelta(minutes=5))
    assert page.pending is not None
    unchanged(page, page.pending.capture)
    assert page.told() == ["rate_down Opus input 5>4"]


def test_a_dated_price_comes_into_force_without_the_page_changing() -> None:
    until = rate("X", "input", "2", effective_to="2026-07-31")
    dated = facts(LIST, until, rate("X", "input", "3", effective_from="2026-08-01"))
    page = watched(facts(LIST, rate("X", "input", "2")), dated, dated)
    assert page.told() == ["scheduled X input ->3"]
    unchanged(page, "whatever", timedelta(days=29))
    assert len(page.log) == 1
    unchanged(page, "whatever", timedelta(days=3))
    unchanged(page, page.pending.capture if page.pending else "")
    assert page.told() == ["scheduled X input ->3", "rate_up X input 2>3"]
    for _ in range(4):
        unchanged(page, "whatever")
    page.check(facts(LIST, rate("X", "input", "3")))
    page.check(facts(LIST, rate("X", "input", "3")))
    assert len(page.log) == 2
    assert page.pending is None


# ── Held ─────────────────────────────────────────────────────────────────────────────────────

BROKEN = facts(LIST[:1])
WRONG = facts(replace(r, amount=r.amount * 1000) for r in LIST)


@pytest.mark.parametrize("bad", [BROKEN, WRONG, Facts()])
def test_a_suspect_reading_changes_nothing_however_often_it_comes(bad: Facts) -> None:
    page = watched(A)
    for _ in range(5):
        found = page.check(bad)
        assert found.held is not None
    assert page.log == []
    assert page.snapshot is not None
    assert page.snapshot.facts == A
    page.check(bad)
    before = page.pending
    assert page.check(bad).pending is before, "nothing new to write"
    page.check(A)
    page.check(A)
    assert page.log == []


def test_a_suspect_reading_neither_confirms_nor_reverts() -> None:
    assert watched(A, B, BROKEN).log == []
    assert watched(A, B, BROKEN, B).told() == ["rate_down Opus input 5>4"]
    assert watched(A, B, BROKEN, A, B).log == []


def test_a_first_reading_that_is_incomplete_is_held() -> None:
    page = Page(source=replace(SOURCE, expect=Expectations(must_have=("Opus input",))))
    assert page.check(facts(LIST[1:])).held is not None
    assert page.snapshot is None
    page.check(A)
    assert page.snapshot is not None
    assert page.pending is None


# ── The owner ────────────────────────────────────────────────────────────────────────────────


def test_accepting_a_held_reading_tells_it_without_a_second_sight() -> None:
    page = watched(A, BROKEN)
    assert page.pending is not None
    asked = questions(page.snapshot, page.pending)
    assert len(asked) == 5
    page.take(accept(page.snapshot, page.pending, page.source, page.now, reader="1"))
    assert sorted(page.told()) == [
        "removed Haiku input 1>-", "removed Haiku output 5>-", "removed Opus output 25>-",
        "removed Sonnet input 3>-", "removed Sonnet output 15>-",
    ]  # fmt: skip
    assert page.log[0].window.last_seen_old == START + timedelta(hours=1)
    assert page.snapshot is not None
    assert page.snapshot.facts == BROKEN
    page.check(BROKEN)
    assert page.pending is None


def test_accepting_in_silence_takes_the_facts_and_tells_nothing() -> None:
    page = watched(A, BROKEN)
    assert page.pending is not None
    page.take(accept(page.snapshot, page.pending, page.source, page.now, silent=True, reader="1"))
    assert page.log == []
    assert page.snapshot is not None
    assert page.snapshot.facts == BROKEN


def test_accepting_one_of_several() -> None:
    page = watched(A, page_with(Opus="4", Sonnet="2"))
    assert page.pending is not None
    key = next(q.key for q in questions(page.snapshot, page.pending)
               if "Opus" in q.alteration.fact.identity)  # fmt: skip
    page.take(accept(page.snapshot, page.pending, page.source, page.now, keys=[key], reader="1"))
    assert page.told() == ["rate_down Opus input 5>4"]
    page.check(page_with(Opus="4", Sonnet="2"))
    assert page.told() == ["rate_down Opus input 5>4", "rate_down Sonnet input 3>2"]


def test_accepting_a_held_first_reading() -> None:
    source = replace(SOURCE, expect=Expectations(min_rates=9))
    page = Page(source=source)
    page.check(A)
    assert page.pending is not None
    page.take(accept(None, page.pending, source, page.now, reader="1"))
    assert page.snapshot is not None
    assert page.snapshot.facts == A


@pytest.mark.parametrize("bad", [B, BROKEN])
def test_what_was_rejected_is_not_asked_again_while_the_page_shows_it(bad: Facts) -> None:
    page = watched(A, bad)
    assert page.pending is not None
    page.take(reject(page.snapshot, page.pending))
    for _ in range(4):
        assert page.check(bad).held is None
    assert page.log == []
    assert page.snapshot is not None
    assert page.snapshot.facts == A
    assert all(q.rejected for q in questions(page.snapshot, page.pending))


def test_what_was_rejected_is_asked_again_once_it_was_gone() -> None:
    page = watched(A, B)
    assert page.pending is not None
    page.take(reject(page.snapshot, page.pending))
    page.check(A)
    assert page.pending is None
    page.check(B)
    page.check(B)
    assert page.told() == ["rate_down Opus input 5>4"]


def test_beside_what_was_rejected_other_changes_are_told() -> None:
    page = watched(A, B)
    assert page.pending is not None
    page.take(reject(page.snapshot, page.pending))
    page.check(C)
    page.check(C)
    assert page.told() == ["rate_down Sonnet input 3>2"]


def test_an_unknown_key_is_a_mistake() -> None:
    page = watched(A, B)
    assert page.pending is not None
    with pytest.raises(ConfigError, match="ratewire review"):
        accept(page.snapshot, page.pending, page.source, page.now, keys=["nonsense"])
    with pytest.raises(ConfigError, match="ratewire review"):
        reject(page.snapshot, page.pending, keys=["nonsense"])


def test_a_retraction_follows_puts_the_facts_back_and_rings_no_second_alarm() -> None:
    page = watched(A, B, B)
    (change,) = page.log
    page.take(retract(change, page.snapshot, page.pending, "misread", page.now))
    entry = page.log[-1]
    assert (entry.state, entry.follows, entry.note) == (
        ChangeState.RETRACTED, change.id, "misread",
    )  # fmt: skip
    assert entry.id != change.id
    assert page.log[0] is change, "what was said stays as it was said"
    assert page.snapshot is not None
    assert page.snapshot.facts == A
    for _ in range(3):
        page.check(B)
    assert len(page.log) == 2
    page.check(C)
    page.check(C)
    assert page.told()[2:] == ["rate_down Sonnet input 3>2"]


def test_after_a_retraction_the_same_change_can_truly_happen() -> None:
    page = watched(A, B, B)
    page.take(retract(page.log[0], page.snapshot, page.pending, "misread", page.now))
    for shown in (A, B, B):
        page.check(shown)
    assert len(page.log) == 3
    assert len({change.id for change in page.log}) == 3


def test_a_correction_says_how_it_truly_was() -> None:
    page = watched(A, B, B)
    (change,) = page.log
    (wrong,) = change.alterations
    assert isinstance(wrong.after, Rate)
    right = replace(wrong, after=replace(wrong.after, amount=Decimal("4.5")), percent=Decimal(-10))
    page.take(correct(change, page.snapshot, page.pending, "a typo", page.now, alterations=[right]))
    assert page.log[-1].state is ChangeState.CORRECTED
    assert page.log[-1].alterations == (right,)
    assert page.snapshot is not None
    assert page.snapshot.facts == page_with(Opus="4.5")
    page.check(B)
    page.check(B)
    assert len(page.log) == 2, "the page's typo is known"
    page.check(page_with(Opus="4.5"))
    assert page.pending is None


def test_a_correction_has_one_alteration_for_each() -> None:
    page = watched(A, B, B)
    with pytest.raises(ConfigError, match="give one for each"):
        correct(page.log[0], page.snapshot, None, "", page.now, alterations=[])


# ── The reader ───────────────────────────────────────────────────────────────────────────────


def test_what_a_new_reader_reads_otherwise_is_no_change() -> None:
    page = watched(A)
    assert page.snapshot is not None
    page.reader = "2"
    page.snapshot = rebase(page.snapshot, Reading(B), page.source, "2")
    page.check(B)
    page.check(B)
    assert page.log == []
    assert page.snapshot is not None
    assert page.snapshot.reader == lens(page.source, "2")


def test_without_the_old_capture_a_new_reader_s_differences_are_held() -> None:
    page = watched(A)
    page.reader = "2"
    found = page.check(B)
    assert found.held is not None
    assert found.held.guard == "reader-changed"
    page.check(A)
    assert page.snapshot is not None
    assert page.snapshot.reader == lens(page.source, "2")
    page.check(B)
    page.check(B)
    assert len(page.log) == 1


def test_other_hints_are_another_reader() -> None:
    hinted = replace(SOURCE, hints=Hints(aliases={"Opus": "opus"}))
    assert lens(hinted, "1") not in {lens(SOURCE, "1"), lens(hinted, "2")}
    assert lens(hinted, "1") == lens(replace(hinted, name="x"), "1")


# ── Properties ───────────────────────────────────────────────────────────────────────────────

pages = st.builds(
    lambda opus, sonnet: page_with(Opus=opus, Sonnet=sonnet),
    st.sampled_from(["4", "5", "6", "7"]),
    st.sampled_from(["2", "3"]),
)


@settings(max_examples=60)
@given(st.lists(st.tuples(pages, st.integers(1, 4)), min_size=1, max_size=8))
def test_the_log_leads_from_the_first_facts_to_those_that_stand(
    spells: list[tuple[Facts, int]],
) -> None:
    page = Page()
    shown = [each for each, length in spells for _ in range(length)]
    page.check(shown[0])
    prices = {r.identity: r.amount for r in shown[0].rates}
    told_before = 0
    for index, each in enumerate(shown[1:], start=1):
        page.check(each)
        for change in page.log[told_before:]:
            for a in change.alterations:
                assert isinstance(a.before, Rate)
                assert isinstance(a.after, Rate)
                assert prices[a.after.identity] == a.before.amount
                prices[a.after.identity] = a.after.amount
                seen = [f for s in shown[index - 1 : index + 1] for f in s.rates]
                assert seen.count(a.after) == 2, "it was there twice in a row"
        told_before = len(page.log)
    assert page.snapshot is not None
    assert prices == {r.identity: r.amount for r in page.snapshot.facts.rates}
    assert len({change.id for change in page.log}) == len(page.log)


@settings(max_examples=60)
@given(st.lists(pages, min_size=1, max_size=10), pages)
def test_whatever_happened_what_stays_is_told_in_the_end(past: list[Facts], end: Facts) -> None:
    page = watched(*past)
    for _ in range(40):
        page.check(end)
    assert page.snapshot is not None
    if page.pending is None or page.pending.held is None:
        assert page.snapshot.facts == end


DAY = date(2026, 8, 1)
RATES = (
    rate("X", "input", "2"),
    rate("X", "input", "2", effective_to="2026-07-31"),
    rate("X", "input", "3", effective_from="2026-08-01"),
    rate("X", "output", "5", tier="batch"),
)
OTHERS = (
    Availability("X", Stage.AVAILABLE),
    Availability(
        "X",
        Stage.DEPRECATED,
        announced_on=StatedDate(DAY),
        shutdown_on=StatedDate(DAY + timedelta(days=90)),
    ),
    Availability("X", Stage.ANNOUNCED, announced_on=StatedDate(DAY)),
    Incident("1", "Slow", Impact.MINOR, START, None),
    Incident("2", "Away", Impact.MAJOR, START, START + timedelta(hours=2)),
)


@settings(max_examples=200)
@given(st.sets(st.sampled_from(RATES)), st.sets(st.sampled_from(OTHERS)), st.integers(0, 24 * 400))
def test_a_page_at_rest_has_nothing_to_tell_on_any_later_day(
    priced: set[Rate], others: set[Availability | Incident], hours: int
) -> None:
    page = watched(Facts.of([*LIST, *priced, *others]))
    before = page.snapshot
    resting = at_rest(page.snapshot, page.pending)
    unchanged(page, "the same", timedelta(hours=hours))
    if resting:
        assert (page.snapshot, page.pending, page.log) == (before, None, [])
    else:
        assert any("effective" in str(each.conditions) for each in priced)


@pytest.mark.parametrize("dated", [RATES[1], RATES[2]])
def test_a_page_with_a_dated_price_or_a_waiting_change_is_not_at_rest(dated: Rate) -> None:
    resting, waiting, later = watched(A), watched(A, B), watched(facts(LIST, dated))
    assert at_rest(resting.snapshot, resting.pending)
    assert not at_rest(waiting.snapshot, waiting.pending)
    assert not at_rest(later.snapshot, later.pending)
    assert not at_rest(None, None)


def test_keys_do_not_depend_on_how_a_price_is_put() -> None:
    def key(*rates: Rate) -> str:
        page = watched(facts(LIST, rates[0]), facts(LIST, rates[1]))
        assert page.pending is not None
        return alteration_key(page.pending.sightings[0].alteration)

    one = key(rate("X", "input", "2"), rate("X", "input", "3"))
    same = key(
        rate("X", "input", "0.002", per="1K tokens"), rate("X", "input", "3.00", excerpt="$3")
    )
    other = key(rate("X", "input", "2"), rate("X", "input", "3.01"))
    assert one == same
    assert one != other


# ── Much at once settles ─────────────────────────────────────────────────────────────────────

SOLD = facts(replace(r, amount=r.amount * 10) for r in LIST)


def test_much_at_once_confirms_itself_once_it_has_stayed() -> None:
    page = watched(A)
    for _ in range(5):
        assert page.check(SOLD, after=timedelta(hours=14)).held is not None
    assert page.log == [], "often enough only with the next look, and not for three days"
    page.check(SOLD, after=timedelta(hours=13))
    assert page.log == [], "six looks, but within three days"
    found = page.check(SOLD, after=timedelta(hours=14))
    assert found.held is None
    assert len(page.told()) == len(LIST)
    assert page.snapshot is not None
    assert page.snapshot.facts == SOLD
    assert page.pending is None


def test_days_alone_do_not_settle_it() -> None:
    page = watched(A, SOLD)
    page.check(SOLD, after=timedelta(days=4))
    assert page.log == []


def test_an_unchanged_page_is_a_look_at_what_settles() -> None:
    page = watched(A, SOLD)
    assert page.pending is not None
    for _ in range(6):
        unchanged(page, page.pending.capture if page.pending else "", timedelta(hours=15))
    assert len(page.told()) == len(LIST)


def test_damage_does_not_settle() -> None:
    page = watched(A)
    for _ in range(9):
        page.check(Facts(), after=timedelta(days=1))
    assert page.log == []
    assert page.snapshot is not None
    assert page.snapshot.facts == A


def test_what_settles_is_forgotten_when_the_page_goes_back() -> None:
    page = watched(A)
    for shown in (SOLD, SOLD, SOLD, A, A, A):
        page.check(shown, after=timedelta(days=1))
    assert page.log == []
    assert page.snapshot is not None
    assert page.snapshot.facts == A


# ── What stands, and what the figures of the snapshot say ────────────────────────────────────


def test_the_way_back_is_told_though_only_a_part_had_moved() -> None:
    page = watched(A, C, page_with(Opus="4", Sonnet="3"), page_with(Opus="4", Sonnet="3"))
    assert page.told() == ["rate_down Opus input 5>4"]
    page.check(A)
    page.check(A)
    assert page.told() == ["rate_down Opus input 5>4", "rate_up Opus input 4>5"]


# ── Unread changes ───────────────────────────────────────────────────────────────────────────


def with_unread(amount: str) -> tuple[Figure, ...]:
    return (unread("Concierge from #", f"${amount}", amount),)


def unread_page() -> Page:
    page = Page()
    page.check(A, figures=with_unread("70"))
    page.check(A, figures=with_unread("80"))
    return page


def waiting(page: Page) -> list[tuple[str, str]]:
    return [(each.old, each.new) for each in (page.pending.unread if page.pending else ())]


def test_an_unread_change_waits_for_the_owner_and_is_said_once() -> None:
    page = unread_page()
    for _ in range(3):
        page.check(A, figures=with_unread("80"))
        assert waiting(page) == [("Concierge from $70", "Concierge from $80")]
    assert page.log == []


def test_an_unread_change_that_is_taken_back_leaves_no_trace() -> None:
    page = unread_page()
    page.check(A, figures=with_unread("70"))
    assert waiting(page) == []


@pytest.mark.parametrize("say", ["accept", "reject"])
def test_the_owner_says_that_an_unread_change_was_seen(say: str) -> None:
    page = unread_page()
    assert page.pending is not None
    key = unread_key(page.pending.unread[0])
    if say == "accept":
        found = accept(page.snapshot, page.pending, page.source, page.now, keys=[key], reader="1")
    else:
        found = reject(page.snapshot, page.pending, keys=[key])
    page.take(found)
    assert waiting(page) == []
    page.check(A, figures=with_unread("80"))
    assert waiting(page) == []
    assert page.log == []


# ── Facts that have no figure ────────────────────────────────────────────────────────────────


def use(price: str, limit: str, note: str = "") -> Reading:
    """A price, a limit and a remark about a product."""
    return reading_of(
        f"# Pricing\n\n| Model | Input per 1M tokens |\n|---|---|\n| Otter 2 | ${price} |\n"
        f"| Moss 4 | $9 |\n\n## Limits\n\n| Model | RPM |\n|---|---|\n| Otter 2 | {limit} |\n"
        f"| Moss 4 | 70 |\n\n{note}\n"
    )


def test_a_limit_that_waits_while_a_price_stands_is_told_and_taken_back() -> None:
    page = Page()
    first, price, both = use("3", "100"), use("2", "100"), use("2", "200")
    for shown in (first, price, both, both):
        page.check(shown)
    assert [change.kind for change in page.log] == [ChangeKind.RATE_DOWN, ChangeKind.LIMIT]
    for shown in (price, price):
        page.check(shown)
    assert [change.kind for change in page.log][2:] == [ChangeKind.LIMIT]


def test_a_remark_that_came_while_a_price_stands_is_told() -> None:
    page = Page()
    noted = use("2", "100", "Otter 2 is deprecated.")
    for shown in (use("3", "100"), use("2", "100"), noted, noted):
        page.check(shown)
    assert [change.kind for change in page.log] == [ChangeKind.RATE_DOWN, ChangeKind.AVAILABILITY]


def test_what_was_retracted_does_not_come_back_as_what_stood_there() -> None:
    page = Page()
    noted = use("3", "100", "Otter 2 is deprecated.")
    for shown in (use("3", "100"), noted, noted):
        page.check(shown)
    page.take(retract(page.log[0], page.snapshot, page.pending, "misread", page.now))
    for _ in range(3):
        page.check(noted)
    assert page.snapshot is not None
    assert page.snapshot.facts.availability == ()
    assert len(page.log) == 2
