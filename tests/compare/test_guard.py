"""Each guard on pages shaped like real mishaps, and beside each what must pass it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from price_lists import DAY, SOURCE, rate, reading, table

from ratewire.compare import compare_readings
from ratewire.compare.guard import DAMAGE, MUCH
from ratewire.model import (
    Availability,
    Conditions,
    Expectations,
    Facts,
    Hints,
    Rate,
    Reading,
    Source,
    Stage,
)

LIST = table(
    """
    Opus 4.5: input 5, input.cached 0.50, output 25
    Sonnet 4.5: input 3, input.cached 0.30, output 15
    Haiku 4.5: input 1, input.cached 0.10, output 5
    Haiku 3.5: input 0.80, input.cached 0.08, output 4
    Embed: input 0.13, input.cached 0.02, output 0.26
    """
)


def times(factor: str, rates: tuple[Rate, ...] = LIST, **more: str) -> tuple[Rate, ...]:
    return tuple(replace(r, amount=r.amount * Decimal(factor), **more) for r in rates)  # type: ignore[arg-type]


def without(*products: str) -> tuple[Rate, ...]:
    return tuple(r for r in LIST if r.product not in products)


def columns(**names: str) -> tuple[Rate, ...]:
    """The list with its columns' figures under other headings; others are dropped."""
    moved = {name.replace("_", "."): to.replace("_", ".") for name, to in names.items()}
    return tuple(replace(r, meter=moved[r.meter]) for r in LIST if r.meter in moved)


def rows(*pairs: tuple[str, str]) -> tuple[Rate, ...]:
    moved = dict(pairs)
    return tuple(replace(r, product=moved.get(r.product, r.product)) for r in LIST)


def under(where: str, rates: tuple[Rate, ...]) -> tuple[Rate, ...]:
    return tuple(
        replace(r, evidence=replace(r.evidence, where=f"{where} › {r.product} › {r.meter}"))
        for r in rates
    )


TOOLS = table("search: use 10\nbrowse: use 25\ncode: use 3\nfiles: use 2", per="1K requests")
OVER = tuple(
    replace(
        r, product=f"Offer {r.product}", conditions=Conditions.of({"effective_to": "2026-06-30"})
    )
    for r in LIST
)
WORDS = tuple(replace(r, meter=f"tools {r.meter}") for r in LIST)

HELD = {
    "most rates vanish": (LIST, without("Opus 4.5", "Sonnet 4.5", "Haiku 4.5"), "most-gone"),
    "most rates vanish beside offers that are over": (
        (*LIST, *OVER), (*without("Opus 4.5", "Sonnet 4.5", "Haiku 4.5"), *OVER), "most-gone"
    ),
    "all rates vanish": (LIST, (), "none-left"),
    "the only rate vanishes": (rate("A", "input", "1"), (), "none-left"),
    "prices in other units by mistake": (LIST, times("1000"), "one-factor"),
    "a thousandth": (LIST, times("0.001"), "one-factor"),
    "cents for dollars": (LIST, times("100"), "one-factor"),
    "a decimal point lost": (LIST, times("10"), "one-factor"),
    "hours for minutes": (
        times("1", LIST, unit=rate("", "", "1", per="hour").unit),
        times("60", LIST, unit=rate("", "", "1", per="hour").unit),
        "one-factor",
    ),
    "all but one row times a thousand": (
        LIST, (*times("1000", without("Embed")), *LIST[-3:]), "one-factor"
    ),
    "all free": (LIST, times("0"), "one-factor"),
    "another currency": (LIST, times("1", currency="EUR"), "currency-flipped"),
    "another currency, converted": (LIST, times("0.92", currency="EUR"), "currency-flipped"),
    "a column inserted, figures one to the right": (
        LIST,
        columns(input="input_cached", input_cached="output"),
        "columns-shifted",
    ),
    "two columns change places": (
        LIST,
        columns(input="output", output="input", input_cached="input_cached"),
        "columns-shifted",
    ),
    "two products change places": (
        LIST, rows(("Opus 4.5", "Sonnet 4.5"), ("Sonnet 4.5", "Opus 4.5")), "swapped"
    ),
    "two figures of one product change places": (
        (*LIST, rate("X", "input", "2"), rate("X", "output", "7")),
        (*LIST, rate("X", "input", "7"), rate("X", "output", "2")),
        "swapped",
    ),
    "a slip in one figure": (
        LIST, (*LIST[:-1], replace(LIST[-1], amount=Decimal(260))), "leap"
    ),
    "a table that is missing": (
        (*under("Pricing › Models", LIST), *under("Pricing › Tools", (*TOOLS, *times("7", WORDS)))),
        under("Pricing › Tools", (*TOOLS, *times("7", WORDS))),
        "section-gone",
    ),
    "a page read whole for the first time": (
        TOOLS,
        (*TOOLS, *LIST, *table("Nano: input 0.1, output 0.4\nMini: input 0.2, output 0.9\n"
                               "Max: input 9, output 90\nPro: input 8, output 88")),
        "mostly-new",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HELD)
def test_what_looks_like_a_mishap_is_held(name: str) -> None:
    before, after, guard = HELD[name]
    found = compare_readings(reading(before), reading(after), on=DAY, source=SOURCE)
    held = found.held
    assert held is not None
    assert (held.guard, held.settles) == (guard, guard in MUCH)
    assert bool(found.alterations) is held.settles, "what will be told once it has settled"
    assert held.guard in DAMAGE or held.guard in MUCH
    assert held.reason


PASSES = {
    "a fifth off everywhere": (LIST, times("0.8"), 15),
    "half off everywhere": (LIST, times("0.5"), 15),
    "one product removed": (LIST, without("Haiku 3.5"), 3),
    "two of five products removed": (LIST, without("Haiku 3.5", "Embed"), 6),
    "offers that are over are removed": ((*LIST[:6], *OVER), LIST[:6], 15),
    "one of two rates removed": (LIST[:2], LIST[:1], 1),
    "one price ten times": ((*LIST, rate("X", "base", "2")), (*LIST, rate("X", "base", "20")), 1),
    "one price on a page of one, a tenth": (rate("A", "gb", "1"), rate("A", "gb", "0.1"), 1),
    "one rate in another currency": (
        (*LIST, rate("X", "base", "2")), (*LIST, rate("X", "base", "2", currency="EUR")), 1
    ),
    "a column added": (LIST, (*LIST, *times("1.25", tuple(
        replace(r, meter="cache-write") for r in LIST if r.meter == "input"))), 5),
    "a column removed": (LIST, tuple(r for r in LIST if r.meter != "input.cached"), 5),
    "ten products added": (
        LIST, (*LIST, *table("\n".join(f"N{n}: input {n}, output {n * 5}" for n in range(1, 11)))),
        20,
    ),
    "two products' prices moved apart": (
        LIST,
        tuple(replace(r, amount=r.amount * 2) if r.product == "Embed"
              else replace(r, amount=r.amount / 2) if r.product == "Opus 4.5" else r for r in LIST),
        6,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PASSES)
def test_what_a_vendor_decides_passes(name: str) -> None:
    before, after, count = PASSES[name]
    found = compare_readings(reading(before), reading(after), on=DAY, source=SOURCE)
    assert found.held is None
    assert len(found.alterations) == count


@pytest.mark.parametrize(
    ("expect", "after", "marks", "guard"),
    [
        (Expectations(min_rates=16), LIST, (), "incomplete"),
        (Expectations(must_have=("Opus 4.5",)), without("Opus 4.5"), (), "incomplete"),
        (Expectations(must_have=("Opus 4.5 input",)), LIST[1:], (), "incomplete"),
        (Expectations(must_have=("Opus 4.5 input", "Embed")), LIST[:-1], (), None),
        (Expectations(currency="USD"), (*LIST[:1], *times("1", LIST[1:], currency="JPY")), (),
         "currency-flipped"),
        (Expectations(language="en-GB"), LIST[:-1], ("language: de",), "language-flipped"),
        (Expectations(language="en-GB"), LIST[:-1], ("language: en-US",), None),
    ],
)  # fmt: skip
def test_what_a_source_expects(
    expect: Expectations, after: tuple[Rate, ...], marks: tuple[str, ...], guard: str | None
) -> None:
    source = replace(SOURCE, expect=expect)
    found = compare_readings(reading(LIST), reading(after, marks=marks), on=DAY, source=source)
    assert (found.held.guard if found.held else None) == guard


def test_products_known_only_by_their_stage_meet_an_expectation() -> None:
    source = replace(SOURCE, expect=Expectations(must_have=("Opus 3",)))
    page = Facts(availability=(Availability("Opus 3", Stage.RETIRED),))
    found = compare_readings(Reading(page), Reading(page), on=DAY, source=source)
    assert (found.held, found.alterations) == (None, ())


def test_most_stages_gone_is_suspect() -> None:
    page = Facts(availability=tuple(Availability(f"m{n}", Stage.PREVIEW) for n in range(6)))
    left = Facts(availability=page.availability[:2])
    found = compare_readings(Reading(page), Reading(left), on=DAY, source=SOURCE)
    assert found.held is not None
    assert found.held.guard == "most-gone"


def test_the_owner_sets_what_is_most() -> None:
    from ratewire.config import CompareSettings

    after = without("Opus 4.5", "Sonnet 4.5", "Haiku 4.5")
    found = compare_readings(
        reading(LIST),
        reading(after),
        on=DAY,
        source=Source("s", "S", "P", "https://example.org", hints=Hints()),
        settings=CompareSettings(max_removed=0.7),
    )
    assert found.held is None
    assert len(found.alterations) == 9
