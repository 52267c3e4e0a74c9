from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import lumen
import pytest
from lumen import Sample

from ratewire.model import Alteration, ChangeKind, Conditions, Facts, Stage
from ratewire.publish.ledger import Ledger
from ratewire.wording.catalogue import ENGLISH


@pytest.mark.parametrize(
    ("product", "meter", "conditions", "expected"),
    [
        pytest.param("lumen-image-2", "image.output", {}, "30.00", id="standard when none named"),
        pytest.param("lumen-image-2", "image.output", {"tier": "batch"}, "15.00", id="exact"),
        pytest.param("LUMEN-IMAGE-2", "text.input", {}, "5.00", id="alias and case"),
        pytest.param("lumen-draft", "image.output", {}, "0.006", id="the only one"),
        pytest.param(
            "lumen-image-2", "image.output", {"quality": "low"}, None, id="two fit, so none"
        ),
        pytest.param(
            "lumen-image-2",
            "image.output",
            {"quality": "low", "size": "1024x1024"},
            "0.006",
            id="size and quality",
        ),
        pytest.param("lumen-image-2", "text.output", {}, None, id="no such meter"),
        pytest.param("nothing", "text.output", {}, None, id="no such product"),
    ],
)
def test_a_rate_is_looked_up_by_the_stated_rule(
    sample: Sample, product: str, meter: str, conditions: dict[str, str], expected: str | None
) -> None:
    quoted = sample.ledger.rate(product, meter, Conditions.of(conditions))
    assert (quoted and quoted.rate.amount) == (expected and Decimal(expected))


def test_the_source_of_the_lowest_rank_wins_and_the_other_is_kept(sample: Sample) -> None:
    other = lumen.rate("lumen-image-2", "image.output", "33.00", tier="standard")
    same = lumen.rate("lumen-image-2", "text.input", "5.00", tier="standard")
    sample.store.save("lumen-guide", lumen.snapshot("lumen-guide", Facts((other, same))), None)
    ledger = sample.ledger
    disputed = ledger.rate("lumen-image-2", "image.output")
    agreed = ledger.rate("lumen-image-2", "text.input")
    assert disputed is not None
    assert agreed is not None
    assert disputed.source.id == "lumen-pricing"
    assert [one.rate.amount for one in disputed.others] == [Decimal("33.00")]
    assert agreed.others == ()


@pytest.mark.parametrize(("days", "shown"), [(-1, False), (0, True), (1, True)])
def test_a_price_whose_last_day_has_passed_is_not_stated(
    sample: Sample, days: int, shown: bool
) -> None:
    last = (lumen.NOW + timedelta(days=days)).date().isoformat()
    offer = lumen.rate("lumen-image-9", "image.output", "1.00", effective_to=last)
    sample.store.save("lumen-guide", lumen.snapshot("lumen-guide", Facts((offer,))), None)
    assert bool(sample.ledger.rates("lumen-image-9")) is shown


def test_history_follows_changes_and_leaves_out_what_was_retracted(sample: Sample) -> None:
    points = sample.ledger.history("lumen-image-2", "image.output")
    assert [point.rate and str(point.rate.amount) for point in points] == [
        "40.00",
        "32.00",
        "30.00",
    ]
    assert [point.change for point in points] == ["", "c-cut-1", "c-cut-2"]
    assert [p.at for p in points] == sorted(p.at for p in points)
    (steady,) = sample.ledger.history("lumen-image-2", "text.input")
    assert (steady.at, steady.change) == (lumen.TAKEN, "")


def test_history_goes_through_a_rename(sample: Sample) -> None:
    old = lumen.rate("lumen-sketch", "image.output", "0.009", lumen.Unit.of("image"))
    new = lumen.rate("lumen-draft", "image.output", "0.006", lumen.Unit.of("image"))
    when = datetime(2026, 6, 1, tzinfo=UTC)
    rename = lumen.change(
        "c-name",
        ChangeKind.RENAMED,
        when,
        Alteration(ChangeKind.RENAMED, old, replace(new, amount=old.amount)),
        source="lumen-pricing",
    )
    before = lumen.change(
        "c-sketch",
        ChangeKind.RATE_DOWN,
        when - timedelta(days=9),
        Alteration(ChangeKind.RATE_DOWN, replace(old, amount=Decimal("0.01")), old),
        source="lumen-pricing",
    )
    snapshot, pending = sample.store.load("lumen-pricing")
    sample.store.save("lumen-pricing", snapshot, pending, (before, rename))
    points = sample.ledger.history("lumen-draft", "image.output")
    assert [p.rate and p.rate.product for p in points] == ["lumen-sketch"] * 2 + ["lumen-draft"]
    assert [p.rate and str(p.rate.amount) for p in points] == ["0.01", "0.009", "0.009"]


def test_a_statement_outweighs_a_price(sample: Sample) -> None:
    ledger = sample.ledger
    stated = {id: ledger.availability(id) for id in ("lumen-image-1", "lumen-image-2", "x")}
    assert stated["lumen-image-1"] is not None
    assert stated["lumen-image-2"] is not None
    assert stated["lumen-image-1"].stage is Stage.DEPRECATED
    assert (stated["lumen-image-2"].stage, stated["lumen-image-2"].fact) == (Stage.AVAILABLE, None)
    assert stated["x"] is None


@pytest.mark.parametrize(
    ("age", "words"),
    [(timedelta(hours=1), "verified"), (timedelta(days=4), "last seen on")],
)
def test_what_was_seen_long_ago_is_no_longer_verified(
    sample: Sample, age: timedelta, words: str
) -> None:
    now = lumen.TAKEN + age
    ledger = Ledger(sample.site, sample.store, now=now, checked={})
    quoted = ledger.rate("lumen-image-2", "image.output")
    assert quoted is not None
    assert ENGLISH(quoted.seen.word) == words
    assert quoted.seen.from_snapshot


def test_a_check_confirms_what_stands(sample: Sample) -> None:
    quoted = sample.ledger.rate("lumen-image-2", "image.output")
    assert quoted is not None
    assert quoted.seen.at == lumen.CHECKED["lumen-pricing"]
    assert not quoted.seen.from_snapshot


def test_what_was_asked_is_written_down_for_one_page_at_a_time(sample: Sample) -> None:
    ledger = sample.ledger
    one, other = ledger.listen(), ledger.listen()
    one.rate("lumen-image-2", "image.output")
    assert list(one.heard) == [("rate", "lumen-image-2", "image.output")]
    assert not other.heard
    assert not ledger.heard


def test_an_answers_digest_changes_with_the_answer_alone(sample: Sample) -> None:
    query, other = (
        ("rate", "lumen-image-2", "image.output"),
        ("rate", "lumen-draft", "image.output"),
    )
    before = sample.ledger
    old = [before.digest(query), before.digest(other)]
    facts = lumen.pricing(output="29.00")
    sample.store.save("lumen-pricing", lumen.snapshot("lumen-pricing", facts), None)
    after = sample.ledger
    assert after.digest(query) != old[0]
    assert after.digest(other) == old[1]
    assert after.state != before.state


def test_the_pulse_counts_what_is_well(sample: Sample) -> None:
    assert sample.ledger.pulse() == (2, 3, None)


def test_the_pulse_names_the_latest_sight_where_that_is_long_ago(sample: Sample) -> None:
    at = lumen.CHECKED["lumen-pricing"]
    later = at + timedelta(days=30)
    ledger = Ledger(sample.site, sample.store, now=later, checked=lumen.CHECKED)
    _, _, latest = ledger.pulse()
    assert latest is not None
    assert (latest.at, latest.stale) == (at, True)
