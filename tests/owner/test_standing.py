"""What waits for the owner, topic by topic, by what is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from mail_desk import MailServer
from owner_desk import SEAT, OwnerDesk, desk_in
from sample_changes import NOW, cut, rate, step

from ratewire.announce import announce
from ratewire.compare import DISAGREE
from ratewire.config import EmailSettings, OwnerSettings
from ratewire.model import Facts, Health, HealthState, Pending, Sighting, Snapshot, Source, Window
from ratewire.owner import Notice, Topic
from ratewire.owner.standing import standing, stopped, wrong_clock

PATIENCE = timedelta(hours=6)


@pytest.fixture
def desk(tmp_path: Path) -> OwnerDesk:
    return desk_in(tmp_path, OwnerSettings(email=("owner@x.example",)))


def found(desk: OwnerDesk) -> list[Notice]:
    return list(standing(desk.site, desk.store, NOW, PATIENCE))


def two_pages(desk: OwnerDesk) -> OwnerDesk:
    second = Source("acme-docs", "Acme docs", "Acme", "https://acme.example/docs")
    desk.site = replace(desk.site, sources=(*desk.site.sources, second))
    return desk


def says(desk: OwnerDesk, source: str, *prices: str) -> None:
    facts = Facts.of([rate(price) for price in prices])
    desk.store.save(source, Snapshot(source, facts, "c" * 64, "https://u.example", NOW, "1"), None)


def test_nothing_waits_where_nothing_does(desk: OwnerDesk) -> None:
    desk.pending()
    assert found(desk) == []


def test_two_pages_of_one_publisher_at_two_prices(desk: OwnerDesk) -> None:
    says(two_pages(desk), "acme-pricing", "32.00")
    says(desk, "acme-docs", "30.00")
    (notice,) = found(desk)
    assert notice.topic is Topic.SOURCES
    assert ("Acme docs", "$30.00 per 1M tokens") in notice.rows
    assert ("Acme pricing", "$32.00 per 1M tokens") in notice.rows
    says(desk, "acme-docs", "32.00")
    assert found(desk) == []


def test_what_two_publishers_say_need_not_agree(desk: OwnerDesk) -> None:
    says(desk, "acme-pricing", "32.00")
    says(desk, "brush-docs", "30.00")
    assert found(desk) == []


def test_a_page_that_goes_to_and_fro(desk: OwnerDesk) -> None:
    desk.pending()
    snapshot, _ = desk.store.load("acme-pricing")
    assert snapshot is not None
    moves = step(rate("32.00"), rate("30.00"))

    def waits(reversals: int) -> list[Topic]:
        window = Window(NOW, NOW)
        seen = Sighting(moves, window, "d" * 64, "https://u.example", NOW, reversals=reversals)
        pending = Pending(snapshot.facts, "d" * 64, "https://u.example", NOW, (seen,))
        desk.store.save("acme-pricing", snapshot, pending)
        return [notice.topic for notice in found(desk)]

    assert waits(1) == []
    assert waits(2) == [Topic.UNSTEADY]


def test_a_record_that_was_damaged_is_told_until_its_remains_are_taken_away(
    desk: OwnerDesk,
) -> None:
    desk.pending(SEAT)
    record = desk.site.snapshots / "acme-pricing" / "pending.json"
    record.write_text("{")
    desk.store.load("acme-pricing")
    (notice,) = found(desk)
    assert notice.topic is Topic.DAMAGED
    assert notice.rows == (("Set aside as", "acme-pricing/pending.json.damaged-1"),)
    record.with_name("pending.json.damaged-1").unlink()
    assert found(desk) == []


def test_an_alternate_that_disagrees_is_told_for_as_long_as_it_does(desk: OwnerDesk) -> None:
    reason = f"{DISAGREE}: https://acme.example/md says otherwise: lark output 12 / 10"
    desk.store.save_health("acme-pricing", Health(HealthState.HELD, NOW, reason))
    (notice,) = found(desk)
    assert (notice.topic, notice.source) == (Topic.SOURCES, "acme-pricing")
    assert notice.rows[0] == ("What", reason)
    desk.store.save_health("acme-pricing", Health(HealthState.HELD, NOW, "most of it is gone"))
    assert found(desk) == []


def test_a_clock_in_doubt_is_told_and_over_when_it_is_right(
    tmp_path: Path, smtp: MailServer
) -> None:
    email = EmailSettings(
        host="127.0.0.1", port=smtp.port, security="none", sender="p@prices.example"
    )
    desk = desk_in(tmp_path, OwnerSettings(email=("owner@x.example",)), email)
    began = desk.tell(doubt="the clock of this machine shows 2036")
    (notice,) = began.standing
    assert notice == wrong_clock("the clock of this machine shows 2036")
    assert notice.topic is Topic.CLOCK
    assert len(smtp.mails) == 1
    assert desk.tell().standing == ()


def test_messages_that_were_given_up_are_told_for_each_recipient(
    tmp_path: Path, smtp: MailServer
) -> None:
    email = EmailSettings(
        host="127.0.0.1", port=smtp.port, security="none", sender="p@prices.example",
        to=("reader@x.example",),
    )  # fmt: skip
    desk = desk_in(tmp_path, OwnerSettings(email=("owner@x.example",)), email)
    desk.store.save("acme-pricing", None, None, [cut("one"), cut("two")])
    smtp.rcpt = lambda who: "550 no such user" if who.startswith("reader") else "250 OK"
    for hours in (0, 1):
        announce(desk.site, desk.store, now=NOW + timedelta(hours=hours), environment={})
    report = desk.tell(NOW + timedelta(hours=1))
    (notice,) = report.standing
    assert notice.topic is Topic.UNDELIVERED
    assert notice.headline == "email r…@x.example: 2 messages given up"
    assert ("Why", "550 no such user") in notice.rows
    assert "ratewire announce --retry-failed" in notice.remedy
    assert smtp.addresses == ["owner@x.example"]


def test_what_stopped_a_run_is_told_and_is_over_with_the_next(
    tmp_path: Path, smtp: MailServer
) -> None:
    email = EmailSettings(
        host="127.0.0.1", port=smtp.port, security="none", sender="p@prices.example"
    )
    desk = desk_in(tmp_path, OwnerSettings(email=("owner@x.example",)), email)
    assert desk.tell(error="articles/a.md:3: there is no rate “x”").accepted == 1
    assert desk.tell(NOW + timedelta(hours=1)).accepted == 1
    first, second = (message["subject"] for message in smtp.messages)
    assert first == stopped("").headline
    assert "settled" in second


def test_what_the_records_came_to_is_remembered_while_they_are_the_same(
    desk: OwnerDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.pending(SEAT)
    first = found(desk)

    def never(*_: object) -> Sequence[object]:
        raise AssertionError("nothing is read anew")

    with monkeypatch.context() as patch:
        patch.setattr(type(desk.store), "load", never)
        assert found(desk) == first
    desk.pending()
    assert found(desk) == []
    (desk.site.cache / "notices.json").write_text("[1")
    assert found(desk) == []


def test_a_rate_that_another_page_states_in_another_unit_agrees(desk: OwnerDesk) -> None:
    says(two_pages(desk), "acme-pricing", "32.00")
    thousandth = rate("0.032", unit="1K tokens")
    assert thousandth.amount == Decimal("0.032")
    facts = Facts.of([thousandth])
    desk.store.save(
        "acme-docs", Snapshot("acme-docs", facts, "c" * 64, "https://u.example", NOW, "1"), None
    )
    assert found(desk) == []
