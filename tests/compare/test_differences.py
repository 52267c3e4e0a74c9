"""What is called a change, and what is the same page in other words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from price_lists import DAY, facts, printed, rate, table, told

from ratewire.compare import differences
from ratewire.compare.differences import Differences, settled
from ratewire.model import (
    Availability,
    ChangeKind,
    Facts,
    Impact,
    Incident,
    Limit,
    Passage,
    Rate,
    Stage,
    StatedDate,
    Unit,
)

LIST = table(
    """
    Sonnet 3.7: input 3, input.cached 0.30, output 15
    Opus 4: input 15, input.cached 1.50, output 75
    Haiku 3.5: input 0.80, input.cached 0.08, output 4
    """
)


def between(before: Facts, after: Facts, on: date = DAY, since: date | None = None) -> Differences:
    """Two pages that print what they state, and nothing else."""
    return differences(
        before, after, on=on, since=since, figures=printed(before), later=printed(after)
    )


def changed(before: object, after: object, on: date = DAY, since: date | None = None) -> list[str]:
    return told(between(facts(before), facts(after), on, since).alterations)  # type: ignore[arg-type]


def renamed(rates: tuple[Rate, ...], old: str, new: str) -> tuple[Rate, ...]:
    return tuple(replace(r, product=new) if r.product == old else r for r in rates)


def remetered(rates: tuple[Rate, ...], **names: str) -> tuple[Rate, ...]:
    return tuple(replace(r, meter=names.get(r.meter.replace(".", "_"), r.meter)) for r in rates)


def cards(**products: tuple[str, ...]) -> tuple[Rate, ...]:
    """A card for each product, with its name above and a line for each meter."""
    return tuple(
        rate(name.lower(), meter, amount, prose=True, where=f"Models › {name} › {name}",
             excerpt=f"{meter}: ${amount} / 1M tokens")
        for name, amounts in products.items()
        for meter, amount in zip(("input", "output"), amounts, strict=False)
    )  # fmt: skip


def sentences(**products: tuple[str, ...]) -> tuple[Rate, ...]:
    return tuple(
        rate(name.lower(), meter, amount, prose=True, where=f"Pricing › Models › {name}",
             excerpt=f"{name} costs ${amounts[0]} per 1M input tokens and ${amounts[1]} per 1M "
             "output tokens.")
        for name, amounts in products.items()
        for meter, amount in zip(("input", "output"), amounts, strict=True)
    )  # fmt: skip


SAME = {
    "unit rewritten": (
        rate("Davinci", "usage", "0.02", per="1K tokens"),
        rate("Davinci", "usage", "20.00", per="1M tokens"),
    ),
    "minute and hour": (
        rate("GPU", "usage", "0.05", per="minute"),
        rate("GPU", "usage", "3", per="hour"),
    ),
    "trailing zeros": (rate("A", "input", "1.6"), rate("A", "input", "1.60")),
    "rows regrouped": (LIST, LIST[::-1]),
    "word order": (LIST, renamed(LIST, "Sonnet 3.7", "3.7 Sonnet")),
    "case and punctuation": (LIST, renamed(LIST, "Sonnet 3.7", "sonnet-3.7")),
    "version dashed": (LIST, renamed(LIST, "Sonnet 3.7", "sonnet-3-7")),
    "plural and noise": (rate("Embedding", "input", "1"), rate("embeddings model", "input", "1")),
    "annotation": (LIST, renamed(LIST, "Opus 4", "Opus 4 (deprecated)")),
    "meter's words turned": (LIST, remetered(LIST, input_cached="cached input")),
    "heading moved to the product": (
        rate("Redis", "storage", "0.25", per="GB"),
        rate("Redis storage", "price", "0.25", per="GB"),
    ),
    "context band dropped": (
        rate("Fast", "input", "30", context="≤200k"),
        rate("Fast", "input", "30"),
    ),
    "vendor put before a name": (LIST, renamed(LIST, "Haiku 3.5", "Claude Haiku 3.5")),
    "column under another head": (
        rate("A", "storage", "0.25", per="GB"),
        rate("A", "disk", "0.25", per="GB"),
    ),
    "heading of a card reworded": (
        cards(Orbit=("3", "9"), Cello=("1", "4")),
        cards(Monsoon=("3", "9"), Cello=("1", "4")),
    ),
    "cards became sentences": (
        cards(**{"Zither 6": ("3", "9"), "Cello": ("1", "4")}),
        sentences(**{"Zither 6": ("3", "9"), "Cello": ("1", "4")}),
    ),
    "tier named": (LIST, tuple(replace(r, conditions=r.conditions.with_(tier="standard"))
                               for r in LIST)),
    "condition's key renamed": (
        rate("A", "image.output", "0.04", per="image", size="1024x1024"),
        rate("A", "image.output", "0.04", per="image", dimensions="1024x1024"),
    ),
    "sentence reworded": (
        rate("overage", "container-hour", "0.05", per="hour", prose=True,
             excerpt="After that, usage is billed at $0.05 per hour, per container"),
        rate("code-execution", "additional-usage", "0.05", per="hour", prose=True,
             excerpt="Additional usage is billed at $0.05 per hour, per container."),
    ),
    "sentence moved to a table": (
        rate("storage", "overage", "0.25", per="GB", prose=True),
        rate("overage", "storage price", "0.25", per="GB"),
    ),
    "sentence repeats the table and goes": (
        (rate("Redis", "storage", "0.25", per="GB"),
         rate("redis-costs", "gb", "0.25", per="GB", prose=True, excerpt="Redis is $0.25 per GB")),
        rate("Redis", "storage", "0.25", per="GB"),
    ),
    "end of a price announced": (
        rate("A", "input", "2"),
        rate("A", "input", "2", effective_to="2026-08-31"),
    ),
    "from a known to an unstated end": (
        rate("A", "input", "2", effective_to="2026-08-31"),
        rate("A", "input", "2"),
    ),
    "free, renamed spelling": (rate("A", "tool-calls", "0"), rate("A", "tool calls", "0.00")),
}  # fmt: skip


@pytest.mark.parametrize("name", SAME)
def test_the_same_page_in_other_words_is_no_change(name: str) -> None:
    before, after = SAME[name]
    assert changed(before, after) == []
    assert changed(after, before) == []


CHANGED = {
    "row under another name at its price": (
        rate("Rerank Fast", "monthly", "3250", per="month"),
        rate("Rerank Pro", "monthly", "3250", per="month"),
        ["renamed Rerank Pro monthly 3250>3250"],
    ),
    "raised": (rate("A", "input", "2"), rate("A", "input", "3"), ["rate_up A input 2>3"]),
    "lowered in another unit": (
        rate("A", "input", "0.02", per="1K tokens"),
        rate("A", "input", "10", per="1M tokens"),
        ["rate_down A input 0.02>10"],
    ),
    "raised while turned around": (
        LIST,
        tuple(replace(r, product="3.7 Sonnet", amount=Decimal(4))
              if (r.product, r.meter) == ("Sonnet 3.7", "input")
              else replace(r, product="3.7 Sonnet") if r.product == "Sonnet 3.7" else r
              for r in LIST),
        ["rate_up Sonnet 3.7 input 3>4"],
    ),
    "column added": (
        LIST,
        (*LIST, rate("Opus 4", "input.cache-write", "18.75")),
        ["added Opus 4 input.cache-write ->18.75"],
    ),
    "row added with a price that another row has": (
        LIST,
        (*LIST, *table("Sonnet 4: input 3, input.cached 0.30, output 15")),
        ["added Sonnet 4 input ->3", "added Sonnet 4 input.cached ->0.30",
         "added Sonnet 4 output ->15"],
    ),
    "successor at the same price is no new name": (
        table("Opus 4.6: input 5, output 25"),
        table("Opus 4.7: input 5, output 25"),
        ["added Opus 4.7 input ->5", "added Opus 4.7 output ->25",
         "removed Opus 4.6 input 5>-", "removed Opus 4.6 output 25>-"],
    ),
    "a card with another number is another product": (
        cards(**{"Zither 6": ("3", "9"), "Cello": ("1", "4")}),
        cards(**{"Zither 7": ("3", "9"), "Cello": ("1", "4")}),
        ["added zither 7 input ->3", "added zither 7 output ->9",
         "removed zither 6 input 3>-", "removed zither 6 output 9>-"],
    ),
    "product of a sentence renamed": (
        sentences(Orbit=("3", "9"), Cello=("1", "4")),
        sentences(Monsoon=("3", "9"), Cello=("1", "4")),
        ["renamed monsoon input 3>3", "renamed monsoon output 9>9"],
    ),
    "one sentence's product gone and another come": (
        sentences(Orbit=("3", "9"), Cello=("1", "4")),
        sentences(Monsoon=("5", "20"), Cello=("1", "4")),
        ["added monsoon input ->5", "added monsoon output ->20",
         "removed orbit input 3>-", "removed orbit output 9>-"],
    ),
    "product renamed beyond likeness": (
        table("Fixed: base 10, read 5\nOther: base 7, read 2", per="month"),
        table("Starter: base 10, read 5\nOther: base 7, read 2", per="month"),
        ["renamed Starter base 10>10", "renamed Starter read 5>5"],
    ),
    "column under another head while one price moved": (
        table("A: prompt 1, output 9\nB: prompt 2, output 8\nC: prompt 3, output 7\n"
              "D: prompt 4, output 6\nE: prompt 5, output 5.5\nF: prompt 6, output 4"),
        table("A: input 1, output 9\nB: input 2, output 8\nC: input 3, output 7\n"
              "D: input 4, output 6\nE: input 5, output 5.5\nF: input 7, output 4"),
        ["rate_up F prompt 6>7"],
    ),
    "long-context rates gone, the base one wider": (
        (rate("Fast", "input", "30", context="≤200k"),
         rate("Fast", "input", "60", context=">200k")),
        rate("Fast", "input", "30"),
        ["removed Fast input 60>-"],
    ),
    "tier added": (
        LIST,
        (*LIST, rate("Opus 4", "input", "7.5", tier="batch")),
        ["added Opus 4 input ->7.5"],
    ),
    "currency": (
        rate("A", "input", "2"), rate("A", "input", "2", currency="EUR"), ["unit A input 2>2"]
    ),
    "unit": (
        rate("A", "use", "2", per="minute"), rate("A", "use", "2", per="image"), ["unit A use 2>2"]
    ),
    "upper end of a range": (
        rate("A", "input", "2", upper="4"),
        rate("A", "input", "2", upper="5"),
        ["rate_up A input 2>2"],
    ),
    "became free": (rate("A", "input", "2"), rate("A", "input", "0"), ["rate_down A input 2>0"]),
    "figure of a sentence": (
        rate("pay-as-you-go", "storage", "1", per="GB", prose=True,
             excerpt="You will be charged at a rate of $1 per GB of storage"),
        rate("pay-as-you-go-plan", "gb", "0.25", per="GB", prose=True,
             excerpt="You will be charged at a rate of $0.25 per GB of storage"),
        ["rate_down pay-as-you-go storage 1>0.25"],
    ),
    "sentence gone for good": (
        (rate("A", "input", "2"), rate("support", "plan", "99", per="month", prose=True)),
        rate("A", "input", "2"),
        ["removed support plan 99>-"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGED)
def test_a_change_is_told_once_and_by_its_kind(name: str) -> None:
    before, after, expected = CHANGED[name]
    assert changed(before, after) == expected


def test_percent_is_in_hundredths_to_two_places() -> None:
    three, two, free = (facts(rate("A", "input", amount)) for amount in ("3", "2", "0"))
    (found,) = between(three, two).alterations
    assert found.percent == Decimal("-33.33")
    (found,) = between(free, two).alterations
    assert found.percent is None


# ── Dated prices ─────────────────────────────────────────────────────────────────────────────

NOW = rate("X", "input", "2")
UNTIL = rate("X", "input", "2", effective_to="2026-08-31")
FROM = rate("X", "input", "3", effective_from="2026-09-01")
BEFORE, AFTER = date(2026, 8, 1), date(2026, 9, 5)


@pytest.mark.parametrize(
    ("before", "after", "on", "since", "expected"),
    [
        (NOW, (UNTIL, FROM), BEFORE, None, ["scheduled X input ->3"]),
        ((UNTIL, FROM), (NOW,), BEFORE, None, ["scheduled X input 3>-"]),
        ((UNTIL, FROM), (NOW,), AFTER, None, ["scheduled X input 3>-"]),
        ((UNTIL, FROM), (NOW,), AFTER, BEFORE, ["scheduled X input 3>-"]),
        ((UNTIL, FROM), (UNTIL, FROM), BEFORE, None, []),
        ((UNTIL, FROM), (UNTIL, FROM), AFTER, None, []),
        ((UNTIL, FROM), (UNTIL, FROM), AFTER, BEFORE, ["rate_up X input 2>3"]),
        ((UNTIL, FROM), rate("X", "input", "3"), AFTER, BEFORE, ["rate_up X input 2>3"]),
        ((UNTIL, FROM), rate("X", "input", "3"), AFTER, AFTER, []),
        ((NOW, FROM), (NOW, rate("X", "input", "3", effective_from="2026-10-01")), BEFORE, None,
         ["scheduled X input 3>3"]),
        ((NOW, FROM), (NOW, rate("X", "input", "4", effective_from="2026-09-01")), BEFORE, None,
         ["scheduled X input 3>4"]),
        ((), FROM, BEFORE, BEFORE, ["scheduled X input ->3"]),
        (LIST, (*LIST, FROM), BEFORE, BEFORE, ["scheduled X input ->3"]),
        ((*LIST, FROM), LIST, BEFORE, BEFORE, ["scheduled X input 3>-"]),
        ((*LIST, FROM), (*LIST, rate("X", "input", "3")), AFTER, BEFORE, ["added X input ->3"]),
    ],
)  # fmt: skip
def test_dated_prices(
    before: object, after: object, on: date, since: date | None, expected: list[str]
) -> None:
    assert changed(before, after, on, since) == expected


# ── Baseline of rates ────────────────────────────────────────────────────────────────────────


def test_a_price_list_that_was_announced_but_not_shown_is_a_baseline() -> None:
    before = Facts(missing=("Prices",))
    assert told(between(before, facts(LIST)).alterations) == []


def test_prices_beside_a_list_that_is_still_not_shown_are_news() -> None:
    before, one = Facts(missing=("Prices",)), LIST[:1]
    still = Facts(rates=tuple(LIST), missing=("Prices",))
    assert len(told(between(before, still).alterations)) == len(LIST)
    assert told(between(before, facts(one)).alterations) == ["added Sonnet 3.7 input ->3"]


def test_rates_on_a_page_that_had_none_are_added() -> None:
    assert changed((), LIST) == sorted(f"added {r.product} {r.meter} ->{r.amount}" for r in LIST)


def test_a_known_product_without_a_price_that_gets_one_is_told() -> None:
    announced = Availability("Opus 5", Stage.ANNOUNCED)
    before = Facts(availability=(announced,))
    after = Facts(rates=(rate("Opus 5", "input", "5"),), availability=(announced,))
    assert told(between(before, after).alterations) == ["added Opus 5 input ->5"]


# ── Other facts ──────────────────────────────────────────────────────────────────────────────

LATE_MAY, SEPTEMBER, OCTOBER = map(StatedDate.parse, ("2026-05-30", "2026-09", "2026-10"))
SOON = Availability("old", Stage.DEPRECATED, shutdown_on=StatedDate(date(2026, 9, 1)))
BOUNDED = Availability("old", Stage.AVAILABLE, shutdown_not_before=SEPTEMBER)
TIME = datetime(2026, 7, 1, tzinfo=UTC)
INCIDENT = Incident("i1", "Errors", Impact.MAJOR, TIME)


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        ((), (SOON,), ["availability"]),
        ((SOON,), (replace(SOON, shutdown_on=StatedDate(date(2026, 10, 1))),), ["availability"]),
        ((SOON,), (replace(SOON, replacement="new"),), ["availability"]),
        ((SOON,), (replace(SOON, label="Old One"),), []),
        ((SOON,), (), []),
        ((replace(SOON, stage=Stage.AVAILABLE),), (), ["availability"]),
        ((replace(SOON, stage=Stage.AVAILABLE, shutdown_on=LATE_MAY),), (), []),
        ((SOON,), (replace(SOON, shutdown_on=SEPTEMBER),), []),
        ((replace(SOON, shutdown_on=SEPTEMBER),), (SOON,), []),
        ((replace(SOON, shutdown_on=OCTOBER),), (SOON,), ["availability"]),
        ((BOUNDED,), (replace(BOUNDED, shutdown_not_before=OCTOBER),), ["availability"]),
        ((BOUNDED,), (SOON,), ["availability"]),
        ((replace(SOON, shutdown_on=StatedDate(date(2026, 6, 1))),), (), []),
        ((replace(SOON, stage=Stage.RETIRED),), (), []),
        ((replace(SOON, product="Old One"),), (replace(SOON, product="one-old"),), []),
        ((Limit("A", "rpm", Decimal(50)),), (Limit("A", "rpm", Decimal(60)),), ["limit"]),
        ((Limit("A", "rpm", Decimal(50)),), (Limit("A", "rpm", None),), ["limit"]),
        ((Limit("A", "rpm", Decimal(50)),), (Limit("a", "RPM", Decimal("50.0")),), []),
        ((), (Limit("A", "rpm", Decimal(50)), Limit("B", "rpm", Decimal(50))), []),
        ((), (INCIDENT,), ["incident"]),
        ((INCIDENT,), (replace(INCIDENT, resolved_at=TIME),), ["incident"]),
        ((INCIDENT,), (replace(INCIDENT, title="More errors"),), []),
        ((INCIDENT,), (), []),
        ((), (replace(INCIDENT, resolved_at=datetime(2026, 6, 1, tzinfo=UTC)),), []),
        ((Passage("Terms", "a b"),), (Passage("Terms", "a  b"),), []),
        ((Passage("Terms", "a b"),), (Passage("Terms", "a c"),), ["passage"]),
        ((Passage("Terms", "a b"),), (), ["passage"]),
    ],
)
def test_other_facts(
    before: tuple[object, ...], after: tuple[object, ...], kinds: list[str]
) -> None:
    found = between(Facts.of(before), Facts.of(after)).alterations  # type: ignore[arg-type]
    assert [a.kind.value for a in found] == kinds


# ── Properties ───────────────────────────────────────────────────────────────────────────────

names = st.sampled_from(["Sonnet 3.7", "Opus 4", "Haiku", "Redis storage", "GPU L40"])
rates = st.builds(
    lambda product, meter, cents, per, tier, prose: rate(
        product, meter, str(Decimal(cents) / 100), per=per, prose=prose, **tier
    ),
    names,
    st.sampled_from(["input", "output", "input.cached", "storage"]),
    st.integers(0, 5000),
    st.sampled_from(["1M tokens", "1K tokens", "GB", "hour"]),
    st.sampled_from([{}, {"tier": "batch"}, {"effective_from": "2026-09-01"}]),
    st.booleans(),
)
lists = st.lists(rates, max_size=14, unique_by=lambda r: r.identity).map(Facts.of)


@given(lists, st.randoms())
def test_a_page_against_itself_in_any_order_is_no_change(page: Facts, random: object) -> None:
    shuffled = list(page.rates)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert between(page, Facts(rates=tuple(shuffled))).alterations == ()
    assert between(page, page, AFTER, AFTER).alterations == ()


@given(lists, lists)
def test_every_fact_is_in_exactly_one_pair(before: Facts, after: Facts) -> None:
    found = between(before, after)
    key = lambda r: (r.identity, r.amount, str(r.unit))  # noqa: E731
    assert sorted(map(key, before.rates)) == sorted(
        key(fact) for pair in found.pairs for fact in pair.before if isinstance(fact, Rate)
    )
    stated = found.followed.facts.rates  # one price said twice is one rate
    assert len(stated) == sum(len(pair.after) for pair in found.pairs)


@given(lists, lists)
def test_what_is_settled_whole_shows_no_further_difference(before: Facts, after: Facts) -> None:
    found = between(before, after, DAY, DAY)
    moved, figures = settled(found.pairs, lambda pair: True), found.followed.figures
    again = differences(moved, after, on=DAY, since=DAY, figures=figures, later=printed(after))
    assert again.alterations == ()
    kept = settled(found.pairs, lambda pair: False)
    assert between(before, kept).alterations == ()


@given(st.lists(rates, min_size=1, max_size=8, unique_by=lambda r: r.identity))
def test_units_of_a_whole_page_may_be_rewritten(page: list[Rate]) -> None:
    def rewritten(r: Rate) -> Rate:
        if r.unit.things != ("token",):
            return r
        unit = Unit.parse("1K tokens" if r.unit.count == 10**6 else "1M tokens")
        amount = r.per(unit)
        assert amount is not None
        return replace(r, amount=amount, unit=unit)

    assert between(facts(page), facts(map(rewritten, page))).alterations == ()


def test_kinds_are_those_of_the_model() -> None:
    assert {line.split()[0] for _, _, lines in CHANGED.values() for line in lines} <= {
        kind.value for kind in ChangeKind
    }
