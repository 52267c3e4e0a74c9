"""From a change to those who subscribed: their wishes, their links, their pseudonyms."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from mail_desk import Desk
from running import Running, environment, text_of
from sample_changes import NOW, cut, rate, step

from ratewire.errors import ConfigError
from ratewire.record.directory import DirectoryStore

PUBLIC = "https://subscribe.example"
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def it(running: Callable[..., Running]) -> Running:
    """A service that readers reach elsewhere than announcing does."""

    def public(site: Any) -> Any:
        service = site.subscribe.service
        moved = replace(service, url=PUBLIC, internal_url=service.url)
        return replace(site, subscribe=replace(site.subscribe, service=moved))

    return running(site=public)


def desk_of(it: Running, root: Path, **email: Any) -> Desk:
    settings = replace(it.site.announce.email, **email)
    site = replace(it.site, root=root, announce=replace(it.site.announce, email=settings))
    return Desk(site, DirectoryStore(site.snapshots), environment())


@pytest.fixture
def desk(it: Running, tmp_path: Path) -> Desk:
    return desk_of(it, tmp_path / "desk")


def news(it: Running) -> list[Any]:
    return [mail for mail in it.smtp.messages if mail["list-id"]]


def at_service(it: Running, link: str) -> str:
    assert link.startswith(PUBLIC)
    return link.replace(PUBLIC, str(it.client.base_url).rstrip("/"))


def test_subscribers_are_told_and_have_their_own_links(it: Running, desk: Desk) -> None:
    it.subscribe("one@example.org")
    it.subscribe("two@example.org")
    it.sign_up("pending@example.org")
    it.mail(3)
    desk.record(cut())
    report = desk.announce()
    assert (report.accepted, report.ok) == (2, True)
    mails = {mail["to"]: mail for mail in news(it)}
    assert set(mails) == {"one@example.org", "two@example.org"}
    links = {row["address"]: row for row in it.recipients()}
    seen = set()
    for address, mail in mails.items():
        assert mail["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
        header = mail["list-unsubscribe"].strip("<>")
        assert header.startswith(f"{PUBLIC}/unsubscribe?t=")
        text, html = text_of(mail), mail.get_body(("html",)).get_content()
        assert f"\n{header}\n" in text.replace("\r\n", "\n")
        assert f'href="{header}"' in html
        (preferences,) = re.findall(r"https://\S+/preferences\?t=\S+", text)
        assert f'href="{preferences}"' in html
        assert "\ue000" not in text + html
        assert "\ue001" not in text + html
        assert it.client.get(at_service(it, preferences)).status_code == 200
        assert links[address]["id"] not in text
        seen |= {header, preferences}
    assert len(seen) == 4
    assert desk.announce(LATER).accepted == 0


def test_the_button_in_a_mail_ends_it(it: Running, desk: Desk) -> None:
    it.subscribe("one@example.org")
    it.subscribe("two@example.org")
    desk.record(cut("a"))
    desk.announce()
    gone = news(it)[0]
    link = at_service(it, gone["list-unsubscribe"].strip("<>"))
    body = dict([gone["list-unsubscribe-post"].split("=")])
    assert httpx.post(link, data=body).status_code == 200
    desk.record(cut("b", LATER))
    assert desk.announce(LATER).accepted == 1
    assert news(it)[-1]["to"] != gone["to"]


def test_each_hears_what_they_wish(it: Running, desk: Desk) -> None:
    wishes = {
        "all@example.org": {},
        "paint@example.org": {"product": "paint-2"},
        "draw@example.org": {"product": "draw-1"},
        "down@example.org": {"kind": "rate_down"},
        "up@example.org": {"kind": "rate_up"},
        "weekly@example.org": {"digest": "weekly"},
    }
    for address, asked in wishes.items():
        it.subscribe(address)
        row = next(one for one in it.recipients() if one["address"] == address)
        token = row["preferences"].partition("?t=")[2]
        it.client.post("/preferences", data={"t": token, **asked})
    desk.record(cut())
    desk.announce()
    told = {mail["to"] for mail in news(it)}
    assert told == {"all@example.org", "paint@example.org", "down@example.org"}
    desk.record(cut("later", NOW + timedelta(minutes=1)))
    desk.announce(NOW + timedelta(days=7))
    weekly = [mail for mail in news(it) if mail["to"] == "weekly@example.org"]
    assert [mail["subject"].startswith("2 changes: ") for mail in weekly] == [True]


def test_what_is_on_record_is_no_address(it: Running, desk: Desk, caplog: Any) -> None:
    caplog.set_level("DEBUG", "ratewire")
    it.subscribe("wellknown@example.org")
    desk.record(cut())
    it.smtp.rcpt = lambda address: "451 later"
    report = desk.announce()
    it.smtp.rcpt = lambda address: "250 OK"
    desk.announce(LATER)
    stored = b"".join(f.read_bytes() for f in desk.site.root.rglob("*") if f.is_file())
    assert b"wellknown" not in stored
    assert "wellknown" not in repr(report) + caplog.text
    assert report.planned[0].to == "email w…@example.org"


def test_while_the_service_is_away_others_are_told_and_nobody_is_forgotten(
    it: Running, tmp_path: Path
) -> None:
    desk = desk_of(it, tmp_path / "desk", to=("boss@example.org",))
    it.subscribe("one@example.org")
    desk.announce()
    before = (desk.site.announced / "outbox.json").read_bytes()
    gone = replace(desk.site.subscribe.service, internal_url="http://127.0.0.1:1")
    away = replace(
        desk, site=replace(desk.site, subscribe=replace(desk.site.subscribe, service=gone))
    )
    desk.record(cut())
    report = away.announce(NOW + timedelta(days=3))
    assert [mail["to"] for mail in news(it)] == ["boss@example.org"]
    assert not report.ok
    assert "subscribers: http://127.0.0.1:1: ConnectError" in report.troubles
    assert (desk.site.announced / "outbox.json").read_bytes() == before
    # Back again: what was recorded meanwhile is not missed.
    assert desk.announce(NOW + timedelta(days=3)).accepted == 1
    assert news(it)[-1]["to"] == "one@example.org"


def test_a_token_that_is_not_accepted(it: Running, desk: Desk) -> None:
    it.subscribe("one@example.org")
    desk.record(cut())
    desk.environment["RATEWIRE_SUBSCRIPTIONS_TOKEN"] = "wrong"
    (trouble,) = desk.announce().troubles
    assert "does not accept RATEWIRE_SUBSCRIPTIONS_TOKEN" in trouble
    assert "wrong" not in trouble


@pytest.mark.parametrize("name", ["RATEWIRE_SUBSCRIPTIONS_TOKEN", "RATEWIRE_OUTBOX_KEY"])
def test_a_secret_that_is_missing(desk: Desk, name: str) -> None:
    desk.environment[name] = ""
    with pytest.raises(ConfigError, match=name):
        desk.announce()


def test_a_dry_run_tells_and_sends_nothing(it: Running, desk: Desk) -> None:
    it.subscribe("one@example.org")
    desk.record(cut())
    report = desk.announce(dry_run=True)
    assert [one.to for one in report.planned] == ["email o…@example.org"]
    assert news(it) == []
    assert not desk.site.announced.exists()


def test_what_a_subscriber_chose_stands_in_for_the_settings(it: Running, tmp_path: Path) -> None:
    desk = desk_of(it, tmp_path / "desk", to=("One@example.org",))
    it.subscribe("one@example.org")
    desk.record(cut())
    assert desk.announce().accepted == 1
    assert news(it)[0]["list-unsubscribe"].startswith(f"<{PUBLIC}")


def test_who_is_named_in_the_settings_has_no_links(it: Running, tmp_path: Path) -> None:
    desk = desk_of(it, tmp_path / "desk", to=("boss@example.org",))
    it.subscribe("one@example.org")
    desk.record(cut())
    assert desk.announce().accepted == 2
    boss = next(mail for mail in news(it) if mail["to"] == "boss@example.org")
    assert boss["list-unsubscribe"] is None
    assert PUBLIC not in boss.as_string()


def test_a_mail_that_comes_back_names_its_reader(
    it: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_of(it, tmp_path / "desk", return_path="bounces+{recipient}@prices.example")
    it.subscribe("one@example.org")
    seen: list[str] = []
    handle = type(it.smtp).handle_DATA

    async def look(self: Any, server: Any, session: Any, envelope: Any) -> str:
        seen.append(envelope.mail_from)
        return str(await handle(self, server, session, envelope))

    monkeypatch.setattr(type(it.smtp), "handle_DATA", look)
    desk.record(cut())
    desk.announce()
    (row,) = it.recipients()
    assert seen == [f"bounces+{row['id']}@prices.example"]


def test_hostile_words_do_not_become_links(it: Running, desk: Desk) -> None:
    it.subscribe("one@example.org")
    before = rate("32.00", product="p\ue000\ue001", label="\ue000 \ue001 =EE=80=80")
    desk.record(
        cut("x"),
        replace(
            cut("y"),
            note="\ue000=EE=80=80",
            alterations=(step(before, replace(before, amount=rate("1").amount)),),
        ),
    )
    desk.announce()
    for mail in news(it):
        assert text_of(mail).count("/unsubscribe?t=") == 1
        assert text_of(mail).count("/preferences?t=") == 1


@pytest.mark.parametrize(
    "row",
    [
        {"address": "a@example.org\r\nBcc: b@example.org"},
        {"address": 7},
        {"unsubscribe": "https://elsewhere.example/unsubscribe?t=x"},
        {"unsubscribe": f"{PUBLIC}/u>\r\nBcc: <b@example.org"},
        {"preferences": f'{PUBLIC}/"><script>'},
        {"preferences": None},
        {"id": "../x"},
        {"products": 3},
    ],
)
def test_a_service_that_says_something_odd_is_not_believed(
    it: Running, desk: Desk, row: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    good = {
        "id": "a" * 32, "address": "a@example.org", "products": [], "kinds": [], "digest": "",
        "unsubscribe": f"{PUBLIC}/unsubscribe?t=x", "preferences": f"{PUBLIC}/preferences?t=x",
    }  # fmt: skip
    monkeypatch.setattr("ratewire.announce.subscribers.ask", lambda *_: iter([{**good, **row}]))
    desk.record(cut())
    report = desk.announce()
    assert report.accepted == 0
    assert report.troubles[0].startswith("subscribers: ")
    assert it.smtp.mails == []


def test_settings_of_mail_are_as_for_any_mail(it: Running, tmp_path: Path) -> None:
    desk = desk_of(it, tmp_path / "desk", user="prices")
    with pytest.raises(ConfigError, match="RATEWIRE_SMTP_PASSWORD"):
        desk.announce()
