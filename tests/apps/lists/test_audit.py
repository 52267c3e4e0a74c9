"""Lists that disagree with the official page, each in its own way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from ratewire.apps.lists import AuditStatus, Official, audit, read_list
from ratewire.model import (
    Alteration,
    Availability,
    Change,
    ChangeKind,
    ChangeState,
    Conditions,
    Evidence,
    Facts,
    Rate,
    Snapshot,
    Source,
    Stage,
    StatedDate,
    Unit,
    Window,
)

DAY = date(2026, 9, 1)
THEN = datetime(2026, 7, 1, tzinfo=UTC)
MTOK = Unit.parse("1M tokens")


def rate(product: str, meter: str, amount: str, **conditions: str) -> Rate:
    return Rate(
        product, meter, Decimal(amount), "USD", MTOK, Conditions.of(conditions),
        evidence=Evidence(f"{product} {meter} ${amount}"),
    )  # fmt: skip


PAGE = (
    rate("pixel-2", "text.input", "5.00", tier="standard"),
    rate("pixel-2", "text.input.cached", "1.25", tier="standard"),
    rate("pixel-2", "image.input", "8.00", tier="standard"),
    rate("pixel-2", "image.output", "30.00", tier="standard"),
    rate("pixel-2", "image.output", "15.00", tier="batch"),
    rate("spark-3", "input", "3"),
    rate("spark-3", "output", "15"),
    rate("old-1", "input", "9"),
)
RETIRED = Availability(
    "old-1", Stage.DEPRECATED, shutdown_on=StatedDate(DAY), replacement="spark-3"
)


def changed(kind: ChangeKind, before: Rate, after: Rate | None) -> Change:
    return Change(
        f"{kind} {before.identity}", kind, "official", (Alteration(kind, before, after),),
        Window(THEN, THEN), "", "", ChangeState.CONFIRMED, THEN,
    )  # fmt: skip


HISTORY = (
    changed(ChangeKind.RATE_DOWN, rate("spark-3", "input", "4"), rate("spark-3", "input", "3")),
    changed(
        ChangeKind.RENAMED, rate("spark-3-preview", "input", "3"), rate("spark-3", "input", "3")
    ),
)
SOURCE = Source("official", "Prices", "Acme", "https://acme.example/pricing", rank=1)


def official(*rates: Rate, history: Sequence[Change] = HISTORY) -> Official:
    facts = Facts(rates=rates or PAGE, availability=(RETIRED,))
    snapshot = Snapshot("official", facts, "", SOURCE.url, THEN, "1")
    return Official([(SOURCE, snapshot)], history, {"pixel two": "pixel-2"})


@pytest.mark.parametrize(
    ("listed", "standing"),
    [
        (rate("pixel-2", "image.output", "30"), "right"),
        (rate("pixel-2", "output", "30"), "right"),
        (rate("pixel-2-image", "output", "30"), "right"),
        (rate("pixel-2-text", "input.cached", "1.25"), "right"),
        (rate("acme/Pixel-2", "input", "5"), "right"),
        (rate("Pixel Two", "input", "5"), "right"),
        (rate("pixel-2-2026-04-21", "input", "5"), "right"),
        (rate("pixel-2", "image.output", "15", tier="batch"), "right"),
        (rate("pixel-2", "image.output", "32"), "wrong"),
        (rate("pixel-2", "image.output", "30", tier="batch"), "wrong"),
        (rate("pixel-2-text", "output", "10"), "not-official"),
        (rate("pixel-2", "image.output", "60", tier="priority"), "not-official"),
        (rate("spark-3", "input", "4"), "stale"),
        (rate("spark-3", "input", "5"), "wrong"),
        (rate("old-1", "input", "9"), "superseded"),
        (rate("spark-3-preview", "input", "3"), "superseded"),
        (rate("pixel-3", "input", "5"), "unknown"),
    ],
)
def test_what_is_to_be_said_of_a_figure(listed: Rate, standing: str) -> None:
    (finding,) = audit([listed], official(), on=DAY)
    assert finding.standing.value == standing
    if finding.official is not None:
        assert (finding.source, finding.url) == ("official", SOURCE.url)
        assert finding.excerpt.startswith(finding.official.product)


def test_why_is_said() -> None:
    notes = {
        f.listed.product: f.note
        for f in audit(
            [rate("spark-3", "input", "4"), rate("old-1", "input", "9"),
             rate("spark-3-preview", "input", "3"), rate("pixel-2-text", "output", "10")],
            official(), on=DAY,
        )
    }  # fmt: skip
    assert notes == {
        "spark-3": "it was so until 2026-07-01",
        "old-1": "deprecated on 2026-09-01; spark-3 replaces it",
        "spark-3-preview": "is now called spark-3",
        "pixel-2-text": "the official page has no text.output of it",
    }


def test_a_modality_in_a_list_s_name_may_be_a_word_of_the_product() -> None:
    page = official(rate("image-2", "text.input", "5"), rate("image-2", "image.input", "8"))
    listed = [rate("image-2-image", "input", "8"), rate("image-2-text", "input", "5")]
    assert {f.standing for f in audit(listed, page, on=DAY)} == {AuditStatus.RIGHT}


def test_beside_the_output_of_images_plain_output_is_that_of_text() -> None:
    listed = [rate("pixel-2", "output", "10"), rate("pixel-2", "image.output", "30")]
    found = audit(listed, official(), on=DAY)
    assert [f.standing for f in found] == [AuditStatus.NOT_OFFICIAL, AuditStatus.RIGHT]


def test_units_are_no_disagreement() -> None:
    listed = read_list(b'{"acme/spark-3": {"input_cost_per_token": 3e-06}}')
    assert [f.standing for f in audit(listed, official(), on=DAY)] == [AuditStatus.RIGHT]


def test_of_dated_figures_the_one_that_holds_is_audited() -> None:
    listed = [
        rate("spark-3", "input", "4", effective_to="2026-07-01"),
        rate("spark-3", "input", "3", effective_from="2026-07-01"),
        rate("spark-3", "input", "2", effective_from="2027-01-01"),
    ]
    (finding,) = audit(listed, official(), on=DAY)
    assert (finding.standing, finding.listed.amount) == (AuditStatus.RIGHT, 3)


def test_the_source_of_lower_rank_speaks() -> None:
    other = replace(SOURCE, id="guide", rank=50)
    snapshots = [
        (other, Snapshot("guide", Facts((rate("spark-3", "input", "7"),)), "", "", THEN, "")),
        (SOURCE, Snapshot("official", Facts(PAGE), "", SOURCE.url, THEN, "")),
    ]
    (finding,) = audit([rate("spark-3", "input", "3")], Official(snapshots), on=DAY)
    assert (finding.standing, finding.source) == (AuditStatus.RIGHT, "official")


def test_a_retracted_change_makes_no_figure_stale() -> None:
    entry = replace(HISTORY[0], id="w", state=ChangeState.RETRACTED, follows=HISTORY[0].id)
    (finding,) = audit([rate("spark-3", "input", "4")], official(history=(*HISTORY, entry)), on=DAY)
    assert finding.standing is AuditStatus.WRONG
