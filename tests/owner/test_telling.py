"""The owner hears of each matter once when it begins and once when it is over."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from mail_desk import HttpServer, MailServer
from owner_desk import NOW, SEAT, OwnerDesk, desk_in, later, mail_settings
from standardwebhooks import Webhook

from ratewire.config import OwnerSettings, WebhookSettings
from ratewire.errors import ConfigError
from ratewire.model import HealthState, Held, UnreadChange
from ratewire.owner import Topic, tell

By = Callable[..., OwnerDesk]
LEAP = Held("leap", "one price went up more than fiftyfold", settles=True)
BROKEN = Held("none-left", "no rate is left")


def said(smtp: MailServer, number: int = -1) -> str:
    body = smtp.messages[number].get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_an_unread_change_is_told_once_with_all_that_settles_it(
    by_mail: By, smtp: MailServer
) -> None:
    desk = by_mail()
    desk.pending(SEAT)
    assert desk.tell().accepted == 1
    assert desk.tell(later(hours=2)).planned == ()
    assert desk.tell(later(days=9)).planned == ()
    ((address, _),) = smtp.mails
    assert address == "owner@x.example"
    assert "not understood" in smtp.messages[0]["subject"]
    words = said(smtp)
    for part in (
        "Acme pricing", "Before: $12 a seat", "Now: $10 a seat", "Where: Pricing › Teams",
        "Why it waits: no product is named", "https://acme-pricing.example/pricing",
        "ratewire review --accept ",
    ):  # fmt: skip
        assert part in words
    html = smtp.messages[0].get_body(("html",))
    assert html is not None
    assert "$10 a seat" in html.get_content()


def test_what_is_over_is_told_once_more(by_mail: By, smtp: MailServer) -> None:
    desk = by_mail()
    desk.pending(SEAT)
    desk.tell()
    desk.pending()
    assert desk.tell(later(hours=2)).accepted == 1
    assert desk.tell(later(hours=4)).planned == ()
    assert "settled" in smtp.messages[-1]["subject"]
    assert "Began: 4 May 2026, 12:00 UTC" in said(smtp)
    desk.pending(SEAT)
    assert desk.tell(later(hours=6)).accepted == 1, "the same again is a new matter"


def test_several_of_one_run_are_one_message(by_mail: By, smtp: MailServer) -> None:
    desk = by_mail()
    desk.pending(SEAT, UnreadChange("", "$3 a call", "Calls", ""), held=LEAP)
    desk.health(HealthState.FAILING, later(hours=-7))
    assert desk.tell().accepted == 1
    assert len(smtp.mails) == 1
    assert "(and 3 more)" in smtp.messages[0]["subject"]
    words = said(smtp)
    for topic in (Topic.HELD, Topic.UNREAD, Topic.UNWELL):
        assert topic.heading in words
    assert "Model docs: the page cannot be read" in words


def test_at_most_one_message_goes_in_an_hour(by_mail: By, smtp: MailServer) -> None:
    desk = by_mail()
    desk.pending(SEAT)
    desk.tell()
    desk.pending(SEAT, held=LEAP)
    assert desk.tell(later(minutes=20)).planned == ()
    assert desk.tell(later(minutes=50)).planned == ()
    assert desk.tell(later(minutes=60)).accepted == 1
    assert len(smtp.mails) == 2


def test_what_came_and_went_between_two_messages_is_not_told(by_mail: By, smtp: MailServer) -> None:
    desk = by_mail()
    desk.pending(SEAT)
    desk.tell()
    desk.pending(SEAT, held=LEAP)
    desk.tell(later(minutes=20))
    desk.pending(SEAT)
    desk.tell(later(minutes=40))
    assert desk.tell(later(hours=3)).planned == ()


def test_what_is_over_and_begins_again_before_a_message_could_go_goes_on(
    by_mail: By, smtp: MailServer
) -> None:
    desk = by_mail()
    desk.pending(SEAT)
    desk.tell()
    desk.pending()
    desk.tell(later(minutes=10))
    desk.pending(SEAT)
    desk.tell(later(minutes=20))
    assert desk.tell(later(hours=2)).planned == ()
    desk.pending()
    assert desk.tell(later(hours=3)).accepted == 1
    assert "settled" in smtp.messages[-1]["subject"]


@pytest.mark.parametrize(
    ("held", "proof"),
    [(LEAP, "stayed the same for 3d in at least 6 looks"), (BROKEN, "until you accept it")],
)
def test_a_held_reading_says_its_guard_and_what_would_prove_it_right(
    by_mail: By, smtp: MailServer, held: Held, proof: str
) -> None:
    desk = by_mail()
    desk.pending(held=held, new=["3200.00"])
    desk.tell()
    words = said(smtp)
    assert f"{held.reason} (guard {held.guard})" in words
    assert proof in words
    assert "Paint 2 image output: $32.00 per 1M tokens → $3,200.00 per 1M tokens" in words
    assert "ratewire review --accept acme-pricing, or --reject acme-pricing" in words


def test_a_source_that_fails_is_told_once_it_has_failed_for_long(
    by_mail: By, smtp: MailServer
) -> None:
    desk = by_mail()
    desk.health(HealthState.FAILING, NOW)
    assert desk.tell(later(hours=5)).planned == ()
    assert desk.tell(later(hours=6)).accepted == 1
    desk.health(HealthState.BLOCKED, later(hours=7))
    desk.health(HealthState.OK, later(hours=8))
    assert desk.tell(later(hours=8)).accepted == 1
    assert "settled" in smtp.messages[-1]["subject"]


def test_nobody_named_nobody_told(tmp_path: Path, smtp: MailServer) -> None:
    desk = desk_in(tmp_path, OwnerSettings(), mail_settings(smtp.port))
    desk.pending(SEAT)
    assert tell(desk.site, desk.store, now=NOW, environment={}) is None
    assert not (tmp_path / "announced").exists()


def test_a_dry_run_says_what_would_go_and_leaves_no_trace(by_mail: By, smtp: MailServer) -> None:
    desk = by_mail()
    desk.pending(SEAT)
    report = desk.tell(dry_run=True)
    assert [one.to for one in report.planned] == ["email o…@x.example"]
    assert [notice.topic for notice in report.standing] == [Topic.UNREAD]
    assert not smtp.mails
    assert not (desk.site.root / "announced").exists()


def test_a_server_that_is_away_loses_nothing(by_mail: By, smtp: MailServer) -> None:
    desk = by_mail()
    port, away = smtp.port, mail_settings(1)
    desk.pending(SEAT)
    desk.site = desk_in(desk.site.root, desk.site.owner, away).site
    report = desk.tell()
    assert not report.ok
    desk.site = desk_in(desk.site.root, desk.site.owner, mail_settings(port)).site
    assert desk.tell(later(hours=1)).accepted == 1
    assert "$12 a seat" in said(smtp)


def test_a_refusal_is_no_end_and_is_tried_again(by_mail: By, smtp: MailServer) -> None:
    desk = by_mail()
    desk.pending(SEAT)
    smtp.rcpt = lambda address: "550 relaying denied"
    for hours in range(0, 9 * 24, 12):
        assert not desk.tell(later(hours=hours)).ok
    smtp.rcpt = lambda address: "250 OK"
    assert desk.tell(later(days=11)).accepted == 1


def test_what_was_taken_without_an_answer_is_sent_again_under_the_same_id(
    by_mail: By, smtp: MailServer
) -> None:
    desk = by_mail()
    desk.pending(SEAT)
    smtp.data = lambda address: "hang up"
    assert not desk.tell().ok
    smtp.data = lambda address: "250 OK"
    desk.pending(SEAT, held=LEAP)
    assert desk.tell(later(hours=1)).accepted == 1
    first, second = smtp.messages
    assert first["message-id"] == second["message-id"]
    assert desk.tell(later(hours=3)).accepted == 1, "what was new meanwhile goes by itself"
    assert len({m["message-id"] for m in smtp.messages}) == 2


def test_a_second_address_hears_what_stands(by_mail: By, smtp: MailServer) -> None:
    desk = by_mail()
    desk.pending(SEAT)
    desk.tell()
    desk.site = by_mail("owner@x.example", "deputy@x.example").site
    assert desk.tell(later(hours=2)).accepted == 1
    assert smtp.addresses == ["owner@x.example", "deputy@x.example"]


def test_an_address_in_the_environment_is_stored_nowhere(by_mail: By, smtp: MailServer) -> None:
    desk = by_mail("env:OWNER")
    desk.pending(SEAT)
    desk.environment = {"OWNER": "owner@x.example"}
    with pytest.raises(ConfigError, match="RATEWIRE_OUTBOX_KEY"):
        desk.tell()
    desk.environment |= {"RATEWIRE_OUTBOX_KEY": "k" * 32}
    assert desk.tell().accepted == 1
    stored = [p.read_bytes() for p in (desk.site.root / "announced").rglob("*") if p.is_file()]
    assert stored
    assert not any(b"x.example" in data for data in stored)


def test_a_webhook_is_signed_and_says_what_began_and_what_is_over(
    tmp_path: Path, http: HttpServer
) -> None:
    secret = "whsec_" + base64.b64encode(b"k" * 32).decode()
    desk = desk_in(tmp_path, OwnerSettings(webhooks=(WebhookSettings(http.url, timeout=5.0),)))
    desk.environment = {"RATEWIRE_WEBHOOK_SECRET": secret}
    desk.pending(SEAT)
    assert desk.tell().accepted == 1
    ((headers, body),) = http.seen
    told = json.loads(body)
    assert Webhook(secret).sign(
        headers["webhook-id"], NOW, body.decode()
    ) == headers["webhook-signature"]  # fmt: skip
    assert told["type"] == "owner.notices"
    (began,) = told["data"]["began"]
    assert (began["topic"], began["source"]) == ("unread", "acme-pricing")
    assert {"label": "Now", "words": "$10 a seat"} in began["rows"]
    desk.pending()
    desk.tell(later(hours=1))
    assert [one["id"] for one in json.loads(http.seen[-1][1])["data"]["settled"]] == [began["id"]]


def test_a_chat_hears_by_apprise(tmp_path: Path, http: HttpServer) -> None:
    pytest.importorskip("apprise")
    http.answers = [(200, {})]
    desk = desk_in(tmp_path, OwnerSettings(apprise=("env:OWNER_CHAT",)))
    address = http.url.removeprefix("http://").removesuffix("/hook")
    desk.environment = {"OWNER_CHAT": f"json://{address}/x", "RATEWIRE_OUTBOX_KEY": "k" * 32}
    desk.pending(SEAT)
    assert desk.tell().accepted == 1
    ((_, body),) = http.seen
    told = json.loads(body)
    assert "not understood" in told["title"]
    assert "$10 a seat" in told["message"]


def test_words_of_a_page_are_no_markup_and_no_mention(by_mail: By, smtp: MailServer) -> None:
    desk = by_mail()
    hostile = UnreadChange("<b>$1</b>\r\nBcc: all@x.example", "\x1b[2J$2", "@everyone", "<img>")
    desk.pending(hostile)
    desk.tell()
    message = smtp.messages[0]
    assert message["bcc"] is None
    html = message.get_body(("html",))
    assert html is not None
    assert "<b>" not in html.get_content()
    assert "<img>" not in html.get_content()
    assert "\x1b" not in said(smtp)
