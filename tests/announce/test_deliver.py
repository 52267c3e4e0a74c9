"""Once to each recipient: what goes out, and what never goes twice."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sample_changes import NOW, change, correction, cut, of_every_kind, rate, retraction, step

from ratewire.announce import dead_letters, send_again
from ratewire.announce.smtp import verdict
from ratewire.config import RecipientSettings
from ratewire.errors import AnnounceError, ConfigError, StoreError
from ratewire.model import Alteration, Basis, ChangeKind

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OTHER = step(rate("8", product="draw-1"), rate("9", product="draw-1"))


def subjects(smtp) -> list[str]:
    return [message["subject"] for message in smtp.messages]


def test_each_recipient_gets_each_change_once(mail_desk, smtp) -> None:
    desk = mail_desk("a@x.example", "b@x.example")
    desk.record(cut("one"), change("two", OTHER, at=NOW))
    report = desk.announce()
    assert sorted(smtp.addresses) == ["a@x.example"] * 2 + ["b@x.example"] * 2
    assert (report.accepted, report.ok) == (4, True)
    for later in range(3):
        assert desk.announce(NOW + later * HOUR).planned == ()
    assert len(smtp.mails) == 4


def test_nothing_is_opened_or_written_without_recipients(desk) -> None:
    empty = desk()
    empty.record(cut())
    assert empty.announce().planned == ()
    assert not empty.site.announced.exists()


def test_a_newcomer_is_not_told_the_past(mail_desk, smtp) -> None:
    desk = mail_desk("a@x.example")
    desk.record(cut("old", NOW - 30 * DAY), cut("fresh", NOW - HOUR))
    desk.announce()
    assert len(smtp.mails) == 1
    more = replace(desk.site.announce.email, to=("a@x.example", "late@x.example"))
    desk.site = replace(desk.site, announce=replace(desk.site.announce, email=more))
    desk.announce(NOW + 10 * DAY)
    assert len(smtp.mails) == 1
    desk.record(cut("next", NOW + 10 * DAY))
    desk.announce(NOW + 10 * DAY)
    assert smtp.addresses == ["a@x.example", "a@x.example", "late@x.example"]


def test_history_that_is_filled_in_later_is_no_news(mail_desk, smtp) -> None:
    desk = mail_desk("a@x.example")
    desk.announce(NOW - 30 * DAY)
    desk.record(replace(cut("old", NOW - DAY), basis=Basis.ARCHIVE), cut("fresh", NOW - HOUR))
    desk.announce()
    assert len(smtp.mails) == 1


def test_a_dry_run_says_what_would_go_to_whom_and_leaves_no_trace(mail_desk, smtp) -> None:
    desk = mail_desk("anna@x.example")
    desk.record(cut())
    report = desk.announce(dry_run=True)
    (planned,) = report.planned
    assert planned.to == "email a…@x.example"
    assert planned.subject.startswith("Paint 2 image output: $32.00 → $30.00")
    assert not smtp.mails
    assert not desk.site.announced.exists()
    assert desk.announce().planned == report.planned
    assert desk.announce(dry_run=True).planned == ()


# ── Wishes ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("wish", "ids"),
    [
        ({}, {"c00", "c01", "c02", "c03", "c04", "c05", "c06", "c07", "c08"}),
        ({"products": ("draw-1",)}, {"c05", "c06"}),
        ({"kinds": ("rate_up", "passage")}, {"c01", "c10"}),
        ({"products": ("draw-1",), "kinds": ("rate_up",)}, set()),
    ],
)
def test_a_recipient_hears_of_the_chosen_products_and_kinds(mail_desk, smtp, wish, ids) -> None:
    desk = mail_desk(email={"recipients": (RecipientSettings("a@x.example", **wish),)})
    desk.record(*of_every_kind())
    report = desk.announce()
    assert {id for planned in report.planned for id in planned.changes} == ids
    assert len(smtp.mails) == len(ids)


def test_the_owner_decides_what_is_told_at_once_in_a_digest_or_not(mail_desk, smtp) -> None:
    desk = mail_desk("a@x.example", immediate=("rate_down",), digest_kinds=("rate_up", "added"))
    desk.record(*of_every_kind())
    desk.announce(NOW.replace(hour=7))
    assert subjects(smtp) == ["Paint 2 image output: $32.00 → $30.00 per 1M tokens (−6.25%)"]
    desk.announce(NOW)
    assert subjects(smtp)[1:] == [
        "2 changes: Paint 2 text input: $5.00 → $6.00 per 1M tokens (+20%), and more"
    ]
    assert desk.announce(NOW + 2 * DAY).planned == ()


@pytest.mark.parametrize(("period", "days"), [("daily", 1), ("weekly", 7)])
def test_a_digest_waits_for_its_hour(mail_desk, smtp, period: str, days: int) -> None:
    desk = mail_desk(email={"recipients": (RecipientSettings("a@x.example", digest=period),)})
    desk.record(cut("one"), change("two", OTHER, at=NOW + HOUR))
    morning = NOW.replace(hour=8) + timedelta(days=days)  # NOW is a Monday
    for moment in (NOW + HOUR, morning - timedelta(minutes=1)):
        assert desk.announce(moment).planned == ()
    desk.announce(morning)
    (message,) = smtp.messages
    text = message.get_body(("plain",)).get_content()
    assert message["subject"].startswith("2 changes: ")
    assert "$32.00" in text
    assert "Draw 1" in text
    assert desk.announce(morning + HOUR).planned == ()


# ── Corrections ──────────────────────────────────────────────────────────────────────────────


def test_a_correction_goes_to_those_who_got_the_wrong_word_and_to_nobody_else(
    mail_desk, smtp
) -> None:
    wishes = (
        RecipientSettings("told@x.example"),
        RecipientSettings("never@x.example", kinds=("limit",)),
        RecipientSettings("digest@x.example", digest="weekly"),
    )
    desk = mail_desk(email={"recipients": wishes}, immediate=("rate_down", "limit"))
    first = cut()
    desk.record(first)
    desk.announce()
    desk.record(retraction(first))
    desk.announce(NOW + 4 * HOUR)
    assert smtp.addresses == ["told@x.example"] * 2
    wrong, mended = smtp.messages
    assert mended["subject"].startswith("Retracted: ")
    assert mended["in-reply-to"] == wrong["message-id"]
    assert desk.announce(NOW + 10 * DAY).planned == ()


def test_a_correction_is_told_at_once_whatever_the_kinds_and_digests(mail_desk, smtp) -> None:
    desk = mail_desk(email={"recipients": (RecipientSettings("a@x.example", digest="weekly"),)})
    first = cut(at=NOW - DAY)
    desk.record(first)
    desk.announce()
    assert len(smtp.mails) == 1
    desk.record(correction(first, step(rate("32.00"), rate("31.00")), at=NOW + HOUR))
    desk.announce(NOW + HOUR)
    assert subjects(smtp)[1].startswith("Corrected: ")


def test_who_was_not_told_yet_hears_the_corrected_word_only(mail_desk, smtp) -> None:
    desk = mail_desk("a@x.example")
    first = cut()
    desk.record(first, correction(first, step(rate("32.00"), rate("31.00")), at=NOW + HOUR))
    desk.announce(NOW + HOUR)
    assert len(smtp.mails) == 1
    assert "→ $31.00" in subjects(smtp)[0]
    assert desk.announce(NOW + DAY).planned == ()


# ── Servers' answers ─────────────────────────────────────────────────────────────────────────


def test_a_temporary_refusal_is_tried_again_later_for_that_recipient_alone(mail_desk, smtp) -> None:
    desk = mail_desk("a@x.example", "grey@x.example", "z@x.example")
    desk.record(cut())
    smtp.rcpt = lambda address: "451 greylisted" if "grey" in address else "250 OK"
    report = desk.announce()
    assert (report.accepted, report.later) == (2, 1)
    smtp.rcpt = lambda address: "250 OK"
    assert desk.announce(NOW + timedelta(minutes=10)).planned == ()
    assert desk.announce(NOW + timedelta(minutes=16)).accepted == 1
    assert sorted(smtp.addresses) == ["a@x.example", "grey@x.example", "z@x.example"]


def test_a_permanent_refusal_is_a_dead_letter_that_can_be_sent_again(mail_desk, smtp) -> None:
    desk = mail_desk("a@x.example", "gone@x.example")
    desk.record(cut())
    smtp.rcpt = lambda address: "550 no such user" if "gone" in address else "250 OK"
    report = desk.announce()
    assert (report.accepted, report.refused, report.dead) == (1, 1, 1)
    assert desk.announce(NOW + DAY).planned == ()
    ((to, letter),) = dead_letters(desk.site, now=NOW, environment={})
    assert to == "email g…@x.example"
    assert letter.why == "550 no such user"
    smtp.rcpt = lambda address: "250 OK"
    assert send_again(desk.site, desk.store, now=NOW, messages=["unknown"], environment={}) == 0
    assert (
        send_again(desk.site, desk.store, now=NOW, messages=[letter.message.id], environment={})
        == 1
    )
    assert desk.announce(NOW + DAY).accepted == 1
    assert sorted(smtp.addresses) == ["a@x.example", "gone@x.example"]
    assert dead_letters(desk.site, now=NOW, environment={}) == ()


def test_refusals_for_five_days_end_in_a_dead_letter(mail_desk, smtp) -> None:
    desk = mail_desk("a@x.example")
    desk.record(cut())
    smtp.data = lambda address: "452 mailbox full"
    moment = NOW
    while not desk.announce(moment).dead:
        moment += HOUR
    assert 5 * DAY < moment - NOW < 7 * DAY
    ((_, letter),) = dead_letters(desk.site, now=NOW, environment={})
    assert 5 < letter.tries < 12
    assert not smtp.mails


def test_nothing_is_lost_while_the_server_is_away_for_two_days(mail_desk, smtp) -> None:
    desk = mail_desk("a@x.example", "b@x.example")
    desk.record(cut())
    right = desk.site
    wrong = replace(right.announce.email, port=1)
    desk.site = replace(right, announce=replace(right.announce, email=wrong))
    for hour in range(0, 48, 8):
        report = desk.announce(NOW + hour * HOUR)
        assert (report.accepted, len(report.troubles), report.ok) == (0, 1, False)
    desk.site = right
    desk.record(change("two", OTHER, at=NOW + 2 * DAY))
    assert desk.announce(NOW + 2 * DAY).accepted == 4
    assert sorted(smtp.addresses) == ["a@x.example"] * 2 + ["b@x.example"] * 2


def test_what_was_taken_without_an_answer_is_sent_again_and_counted(mail_desk, smtp) -> None:
    desk = mail_desk("a@x.example", "mute@x.example", "z@x.example")
    desk.record(cut())
    smtp.data = lambda address: "hang up" if "mute" in address else "250 OK"
    first = desk.announce()
    assert (first.accepted, first.unknown, first.repeated) == (2, 1, 0)
    smtp.data = lambda address: "250 OK"
    second = desk.announce(NOW + HOUR)
    assert (second.accepted, second.repeated) == (1, 1)
    assert sorted(smtp.addresses) == ["a@x.example", "mute@x.example", "mute@x.example",
                                      "z@x.example"]  # fmt: skip
    ids = [m["message-id"] for m in smtp.messages if "mute" in m["to"]]
    assert len(set(ids)) == 1
    assert desk.announce(NOW + DAY).planned == ()


@pytest.mark.parametrize(
    "said",
    [
        "550 relay not permitted", "554 5.7.1 Relay access denied", "530 5.7.0 Authenticate first",
        "550 5.7.26 unauthenticated sender", "554 5.5.0 blocked by policy", "535 log in",
        "550 5.1.8 bad sender", "554 Message rejected as spam",
    ],
)  # fmt: skip
@pytest.mark.parametrize("at", ["rcpt", "data"])
def test_a_server_that_passes_nothing_on_is_no_fault_of_the_recipients(
    mail_desk, smtp, said: str, at: str
) -> None:
    desk = mail_desk(*(f"r{n}@x.example" for n in range(9)))
    desk.record(cut())
    setattr(smtp, at, lambda address: said)
    moment = NOW
    for _ in range(8):
        report = desk.announce(moment)
        assert (report.accepted, report.refused, report.dead, report.ok) == (0, 0, 0, False)
        assert "relays no mail" in report.troubles[0]
        moment += DAY
    setattr(smtp, at, lambda address: "250 OK")
    assert send_again(desk.site, desk.store, now=moment, environment={}) == 0
    assert desk.announce(moment).accepted == 9
    assert sorted(smtp.addresses) == [f"r{n}@x.example" for n in range(9)]


def test_who_is_barred_while_others_are_not_is_given_up_after_five_days(mail_desk, smtp) -> None:
    desk = mail_desk("a@x.example", "barred@x.example", "z@x.example")
    smtp.rcpt = lambda address: "550 5.7.1 denied" if "barred" in address else "250 OK"
    moment = NOW
    for day in range(7):
        desk.record(cut(f"day-{day}", moment))
        report = desk.announce(moment)
        assert (report.accepted, report.troubles) == (2, ())
        moment += DAY
    assert report.dead == 1


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("550 no such user", "refused"),
        ("550 5.1.1 no such user, or relay denied", "refused"),
        ("550 5.2.1 disabled", "refused"),
        ("550 5.1.10 null MX", "refused"),
        ("552 mailbox full", "later"),
        ("550 5.2.2 mailbox full", "later"),
        ("450 later", "later"),
        ("550 5.7.1 no", "barred"),
        ("550 5.4.1 routing", "barred"),
        ("553 authentication is required", "barred"),
    ],
)
def test_what_a_reply_means(said: str, answer: str) -> None:
    code, _, words = said.partition(" ")
    assert verdict(int(code), words.encode()) == answer


def test_a_later_change_does_not_overtake_one_that_waits(mail_desk, smtp) -> None:
    desk = mail_desk("a@x.example")
    desk.record(cut("first"))
    smtp.data = lambda address: "hang up"
    desk.announce()
    smtp.data = lambda address: "250 OK"
    desk.record(change("second", OTHER, at=NOW))
    assert desk.announce(NOW + timedelta(minutes=5)).planned == ()
    assert desk.announce(NOW + timedelta(minutes=20)).accepted == 2
    assert [s.startswith("Draw 1") for s in subjects(smtp)] == [False, False, True]


def test_who_was_missing_from_a_list_for_two_days_is_told_what_they_missed(mail_desk, smtp) -> None:
    desk = mail_desk("a@x.example", "back@x.example")
    whole = desk.site
    desk.record(cut("known"))
    desk.announce()
    without = replace(whole.announce.email, to=("a@x.example",))
    desk.site = replace(whole, announce=replace(whole.announce, email=without))
    for day in (1, 2):
        desk.announce(NOW + day * DAY)
    desk.record(change("missed", OTHER, at=NOW + 2 * DAY))
    desk.announce(NOW + 3 * DAY)
    desk.site = whole
    desk.announce(NOW + 5 * DAY)
    assert smtp.addresses.count("back@x.example") == 2
    assert desk.announce(NOW + 6 * DAY).planned == ()


def test_who_left_for_long_is_forgotten(mail_desk, smtp) -> None:
    desk = mail_desk("a@x.example", "back@x.example")
    whole = desk.site
    without = replace(whole.announce.email, to=("a@x.example",))
    desk.record(cut())
    desk.announce()
    desk.site = replace(whole, announce=replace(whole.announce, email=without))
    for day in range(1, 20):
        desk.record(cut(f"day-{day}", NOW + day * DAY))
        desk.announce(NOW + day * DAY)
    record = json.loads((desk.site.announced / "outbox.json").read_text())
    assert len(record["recipients"]) == 1
    assert "absent" not in record
    desk.site = whole
    desk.announce(NOW + 20 * DAY)
    assert smtp.addresses.count("back@x.example") == 2  # of the first day; as a newcomer the last's


@pytest.mark.parametrize("count", [10, 11, 300])
def test_more_than_ten_at_once_are_one_digest(mail_desk, smtp, count: int) -> None:
    desk = mail_desk("a@x.example", "b@x.example")
    prices = [step(rate("8", meter=f"m{n}"), rate(str(9 + n), meter=f"m{n}")) for n in range(count)]
    desk.record(*(change(f"c{n:03}", one, at=NOW) for n, one in enumerate(prices)))
    report = desk.announce()
    assert len(report.planned) == (20 if count == 10 else 2)
    assert len(smtp.mails) == len(report.planned)
    assert {id for one in report.planned for id in one.changes} == {
        f"c{n:03}" for n in range(count)
    }
    assert desk.announce(NOW + HOUR).planned == ()


def unanswered_for_five_days(desk, smtp) -> datetime:
    """Until it is a dead letter; the moment of it."""
    smtp.data = lambda address: "hang up"
    moment = NOW
    while not desk.announce(moment).dead:
        moment += HOUR
    smtp.data = lambda address: "250 OK"
    return moment


def test_a_dead_letter_that_may_have_arrived_is_sent_again_as_the_same_message(
    mail_desk, smtp
) -> None:
    desk = mail_desk("a@x.example")
    desk.record(cut())
    end = unanswered_for_five_days(desk, smtp)
    assert desk.announce(end + DAY).planned == ()
    assert send_again(desk.site, desk.store, now=end, environment={}) == 1
    again = desk.announce(end + DAY)
    assert (again.accepted, again.repeated, again.dead) == (1, 1, 0)
    assert len({message["message-id"] for message in smtp.messages}) == 1
    assert desk.announce(end + 2 * DAY).planned == ()


def test_who_may_have_got_a_dead_letter_hears_that_it_is_retracted(mail_desk, smtp) -> None:
    desk = mail_desk("a@x.example")
    first = cut()
    desk.record(first)
    end = unanswered_for_five_days(desk, smtp)
    desk.record(retraction(first, at=end))
    assert desk.announce(end + HOUR).accepted == 1
    assert subjects(smtp)[-1].startswith("Retracted")


def test_a_server_that_answers_nobody_is_left_alone(mail_desk, smtp) -> None:
    desk = mail_desk(*(f"r{n}@x.example" for n in range(9)))
    desk.record(cut())
    smtp.data = lambda address: "hang up"
    report = desk.announce()
    assert (report.unknown, len(report.troubles), len(smtp.mails)) == (2, 1, 2)


def test_an_unanswered_message_whose_change_is_retracted_is_followed_by_the_retraction(
    mail_desk, smtp
) -> None:
    desk = mail_desk("a@x.example")
    first = cut()
    desk.record(first)
    smtp.data = lambda address: "hang up"
    desk.announce()
    smtp.data = lambda address: "250 OK"
    desk.record(retraction(first, at=NOW + HOUR))
    desk.announce(NOW + 2 * HOUR)
    assert [s.startswith("Retracted") for s in subjects(smtp)] == [False, True]
    assert desk.announce(NOW + DAY).planned == ()


def test_a_change_retracted_before_it_was_told_is_never_told(mail_desk, smtp) -> None:
    desk = mail_desk("a@x.example")
    first = cut()
    desk.record(first)
    smtp.data = lambda address: "451 not now"
    desk.announce()
    smtp.data = lambda address: "250 OK"
    desk.record(retraction(first, at=NOW + HOUR))
    assert desk.announce(NOW + 2 * HOUR).planned == ()
    assert not smtp.mails


# ── What is stored ───────────────────────────────────────────────────────────────────────────

KEY = {"RATEWIRE_OUTBOX_KEY": "f" * 32}


def test_no_address_is_stored_and_none_can_be_guessed(mail_desk, smtp) -> None:
    environment = {"READERS": "anna@x.example, bert@x.example", **KEY}
    desk = mail_desk("env:READERS", environment=environment)
    desk.record(cut())
    smtp.rcpt = lambda address: "550 no" if "bert" in address else "250 OK"
    assert desk.announce().accepted == 1
    stored = b"".join(p.read_bytes() for p in desk.site.announced.rglob("*") if p.is_file())
    assert b"x.example" not in stored
    assert b"anna" not in stored
    told = json.loads((desk.site.announced / "told" / "cut.json").read_text())["told"]
    assert re.fullmatch(r"[0-9a-f]{32}", told[0])


@pytest.mark.parametrize(
    "said",
    [
        "{0}",
        "<{0}>: Recipient address rejected: User unknown",
        "user {name} does not exist; see https://mail.example/why?who={0}",
        "{long} {0}",
    ],
)
@pytest.mark.parametrize("code", ["451", "550"])
def test_an_address_that_a_server_repeats_is_not_kept(mail_desk, smtp, caplog, said, code) -> None:
    desk = mail_desk("Anna.Bell@x.example")
    desk.record(cut())
    words = said.format("anna.bell@x.example", name="anna.bell", long="so " * 63)
    smtp.rcpt = lambda address: f"{code} 5.1.1 {words}"
    desk.announce()
    stored = b"".join(p.read_bytes() for p in desk.site.announced.rglob("*") if p.is_file())
    assert code.encode() in stored
    for name in ("anna", "bell"):
        assert name.encode() not in stored.lower()
        assert name not in caplog.text.lower()


def test_a_list_in_the_environment_needs_a_key(mail_desk) -> None:
    desk = mail_desk("env:READERS", environment={"READERS": "a@x.example"})
    with pytest.raises(ConfigError, match="RATEWIRE_OUTBOX_KEY is not set"):
        desk.announce()


def test_a_list_that_is_missing_is_said(mail_desk) -> None:
    with pytest.raises(ConfigError, match="environment has no READERS"):
        mail_desk("env:READERS", environment=dict(KEY)).announce()


def test_another_key_tells_nobody_anything(mail_desk, smtp) -> None:
    desk = mail_desk("a@x.example", environment=dict(KEY))
    desk.record(cut())
    desk.announce()
    desk.environment["RATEWIRE_OUTBOX_KEY"] = "another key of some length"
    with pytest.raises(AnnounceError, match="another key"):
        desk.announce(NOW + HOUR)
    assert len(smtp.mails) == 1


def test_a_site_that_moves_tells_nothing_twice(mail_desk, smtp) -> None:
    desk = mail_desk("a@x.example")
    desk.record(cut())
    desk.announce()
    moved = replace(desk.site.settings, url="https://elsewhere.example")
    desk.site = replace(desk.site, settings=moved)
    assert desk.announce(NOW + HOUR).planned == ()
    assert len(smtp.mails) == 1


def test_a_run_without_news_writes_nothing(mail_desk) -> None:
    desk = mail_desk("a@x.example")
    desk.record(cut())
    desk.announce()
    before = {p: p.stat().st_mtime_ns for p in desk.site.announced.rglob("*")}
    desk.announce(NOW + HOUR)
    assert {p: p.stat().st_mtime_ns for p in desk.site.announced.rglob("*")} == before
    assert not (desk.site.announced / "journal.jsonl").exists()


def test_a_damaged_outbox_stops_the_run_and_says_how_to_mend_it(mail_desk, smtp) -> None:
    desk = mail_desk("a@x.example")
    desk.announce()
    (desk.site.announced / "outbox.json").write_text("{")
    desk.record(cut())
    with pytest.raises(StoreError, match="restore it from git"):
        desk.announce()
    assert not smtp.mails


@pytest.mark.parametrize("name", ["outbox.json", "told"])
def test_a_flipped_bit_in_who_was_told_what_stops_the_run(mail_desk, smtp, name) -> None:
    desk = mail_desk("a@x.example")
    desk.record(cut())
    desk.announce()
    path = desk.site.announced / name
    path = next(path.iterdir()) if path.is_dir() else path
    (id,) = json.loads((desk.site.announced / "outbox.json").read_bytes())["recipients"]
    path.write_text(path.read_text().replace(id, f"{int(id[0], 16) ^ 1:x}{id[1:]}"))
    desk.record(cut("second"))
    with pytest.raises(StoreError, match="restore it from git"):
        desk.announce(NOW + HOUR)
    assert len(smtp.mails) == 1


def test_without_the_record_of_recipients_nobody_is_told_anew(mail_desk, smtp) -> None:
    desk = mail_desk("a@x.example")
    desk.record(cut())
    desk.announce()
    (desk.site.announced / "outbox.json").unlink()
    with pytest.raises(StoreError, match="restore it from git"):
        desk.announce(NOW + HOUR)


def test_an_id_is_never_a_path(mail_desk, smtp) -> None:
    desk = mail_desk("a@x.example")
    desk.record(cut("../../../evil"), cut("/etc/evil"), cut(".hidden"))
    assert desk.announce().accepted == 3
    assert desk.announce(NOW + HOUR).planned == ()
    names = {p.name for p in (desk.site.announced / "told").iterdir()}
    assert all(re.fullmatch(r"x-[0-9a-f]{64}\.json", name) for name in names)
    assert len(names) == 3
    assert not list(desk.site.root.rglob("*evil*"))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"host": ""}, "announce.email.host"),
        ({"sender": ""}, "announce.email.sender"),
        ({"user": "me"}, "RATEWIRE_SMTP_PASSWORD"),
    ],
)
def test_missing_settings_are_named_before_anything_goes(mail_desk, change, words) -> None:
    desk = mail_desk("a@x.example", email=change)
    desk.record(cut())
    with pytest.raises(ConfigError, match=words):
        desk.announce()


def test_an_address_that_is_none_is_refused_and_the_rest_is_sent(mail_desk, smtp) -> None:
    environment = {"READERS": "a@x.example,bad<x>@x.example,no-at-sign,ü@x.example", **KEY}
    desk = mail_desk("env:READERS", environment=environment)
    desk.record(cut())
    report = desk.announce()
    assert (report.accepted, report.refused) == (1, 3)
    assert smtp.addresses == ["a@x.example"]


def test_alterations_of_two_products_reach_those_who_follow_either(mail_desk, smtp) -> None:
    wishes = tuple(
        RecipientSettings(f"{id}@x.example", products=(id,)) for id in ("paint-2", "draw-1", "none")
    )
    desk = mail_desk(email={"recipients": wishes})
    both = [Alteration(ChangeKind.ADDED, None, rate(product=id)) for id in ("paint-2", "draw-1")]
    desk.record(change("both", *both))
    desk.announce()
    assert sorted(smtp.addresses) == ["draw-1@x.example", "paint-2@x.example"]
