"""The doctor: each thing that can be wrong is found, and a healthy site has nothing to hear."""

from __future__ import annotations

import json
import shutil
import socket
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ratewire.announce.outbox import Outbox
from ratewire.announce.recipients import recipients
from ratewire.apps.doctor import CheckStatus, Finding, examine
from ratewire.cli import app
from ratewire.config import (
    AnnounceSettings,
    ButtondownSettings,
    EmailSettings,
    FetchSettings,
    OwnerSettings,
    ServiceSettings,
    Site,
    SubscribeSettings,
    WebhookSettings,
)
from ratewire.config.load import load_site
from ratewire.pipeline import Job, now_utc

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "demo" / "captures" / "northlight-pricing" / "2026-01-12_first.html"


@pytest.fixture
def site(tmp_path: Path, served: Any) -> Site:
    """The demo's site, whose page is served on this machine, checked and built."""
    shutil.copytree(ROOT / "demo" / "content", tmp_path / "content")
    shutil.rmtree(tmp_path / "content" / "articles")
    shutil.copy(ROOT / "demo" / "ratewire.toml", tmp_path)
    served.show("/pricing", PAGE.read_text("utf-8"))
    whole = load_site(tmp_path)
    source = replace(whole.sources[0], url=f"{served.url}/pricing")
    whole = replace(
        whole,
        fetch=FetchSettings(allow_private=True, delay=0),
        settings=replace(whole.settings, url=f"{served.url}/site", contact="me@e.org"),
        sources=(source,),
        owner=OwnerSettings(webhooks=(WebhookSettings("https://hook.example", "OWNER_SECRET"),)),
    )
    job = Job.of(whole)
    assert job.check(seen=lambda _: None).exit_code == 0
    job.build()
    deploy(whole, served)
    return whole


def deploy(site: Site, served: Any) -> None:
    """The data of the built site, at its address."""
    for file in (site.output / "api" / "v1").glob("*.json"):
        served.pages[f"/site/api/v1/{file.name}"] = (200, "application/json", file.read_bytes())


def look(site: Site, *, now: datetime | None = None, **environment: str) -> list[Finding]:
    job = Job.of(site)
    environment = {"OWNER_SECRET": "whsec_aHVzaC1odXNo", **environment}
    moment = now or now_utc()
    return list(examine(site, job.store, job.cache, environment, now=lambda: moment))


def wrong(findings: list[Finding]) -> Iterator[Finding]:
    return (one for one in findings if one.standing is CheckStatus.WRONG)


def test_a_healthy_site_has_nothing_to_hear(site: Site, served: Any) -> None:
    found = look(site)
    assert {one.standing for one in found} == {CheckStatus.OK}
    assert {one.check for one in found} == {
        "settings", "keys", "owner", "writing", "hosts", "clock", "schedule", "feeds", "build",
        "deploy",
    }  # fmt: skip
    assert served.asked[-3:] == [
        ("/robots.txt", 404),
        ("/site/api/v1/sources.json", 200),
        ("/site/api/v1/changes.json", 200),
    ]


def test_each_host_is_asked_once(site: Site, served: Any) -> None:
    (source,) = site.sources
    other = replace(source, id="other", alternates=(f"{served.url}/x", "http://127.0.0.1:1/y"))
    before = len(served.asked)
    found = look(replace(site, sources=(source, other)))
    hosts = [one for one in found if one.check == "hosts"]
    assert [one.standing for one in hosts] == [CheckStatus.WRONG, CheckStatus.OK]
    assert "http://127.0.0.1:1: " in hosts[0].words
    assert [path for path, _ in served.asked[before:]].count("/robots.txt") == 1


def settings(site: Site, **more: Any) -> Site:
    return replace(site, settings=replace(site.settings, **more))


@pytest.mark.parametrize(
    ("change", "check", "words"),
    [
        (lambda s: settings(s, url="https://x.example"), "settings", "no address of the open web"),
        (lambda s: settings(s, contact=""), "settings", "site.contact is empty"),
        (lambda s: replace(s, owner=OwnerSettings()), "owner", "nobody hears of held readings"),
    ],
)
def test_what_an_owner_should_know_is_a_note(
    site: Site, change: Callable[[Site], Site], check: str, words: str
) -> None:
    (note,) = [one for one in look(change(site)) if one.standing is not CheckStatus.OK]
    assert (note.check, note.standing) == (check, CheckStatus.NOTE)
    assert words in note.words
    assert note.remedy


def test_a_site_without_sources_watches_nothing(site: Site) -> None:
    (finding,) = wrong(look(replace(site, sources=())))
    assert finding.check == "settings"


ANNOUNCING = AnnounceSettings(
    email=EmailSettings(user="me", to=("env:READERS",)),
    webhooks=(WebhookSettings("https://hooks.example.org/"),),
)


@pytest.mark.parametrize(
    ("owner", "words"),
    [
        (OwnerSettings(email=("me@x.example",)), "announce.email has no host"),
        (OwnerSettings(apprise=("env:OWNER_CHAT",)), "RATEWIRE_OUTBOX_KEY"),
    ],
)
def test_an_owner_who_cannot_be_told_is_wrong(site: Site, owner: OwnerSettings, words: str) -> None:
    (finding,) = wrong(look(replace(site, owner=owner)))
    assert finding.check == "owner"
    assert words in f"{finding.words} {finding.remedy}"


def test_secrets_that_are_missing_are_named(site: Site) -> None:
    (source,) = site.sources
    asking = replace(source, headers={"authorization": "env:VENDOR_TOKEN"})
    asked = replace(site, announce=ANNOUNCING, sources=(asking,))
    found = [one.words for one in wrong(look(asked))]
    for name in ("RATEWIRE_SMTP_PASSWORD", "RATEWIRE_WEBHOOK_SECRET", "VENDOR_TOKEN"):
        assert any(name in words for words in found)
    assert any("RATEWIRE_OUTBOX_KEY" in words for words in found)


def test_a_dead_man_s_switch_that_is_no_address_is_told(site: Site) -> None:
    (finding,) = wrong(look(site, HEARTBEAT_URL="hush"))
    assert (finding.check, "hush" in finding.words) == ("keys", False)
    assert "HEARTBEAT_URL" in finding.words
    assert not list(wrong(look(site, HEARTBEAT_URL="https://ping.example.org/x")))


def test_secrets_are_not_told(site: Site) -> None:
    there = {
        "RATEWIRE_SMTP_PASSWORD": "hush-hush",
        "RATEWIRE_WEBHOOK_SECRET": "whsec_aHVzaC1odXNo",
        "RATEWIRE_OUTBOX_KEY": "hush-hush-hush-hush",
        "READERS": "ann@example.org",
    }
    found = look(replace(site, announce=ANNOUNCING), **there)
    assert not list(wrong(found))
    assert not [one for one in found for value in there.values() if value in one.words]


def test_a_mail_server_that_is_away_is_told(site: Site) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        here = replace(site, announce=AnnounceSettings(email=EmailSettings("127.0.0.1", port)))
        assert not list(wrong(look(here)))
    (finding,) = wrong(look(here))
    assert f"127.0.0.1:{port}" in finding.words


@pytest.mark.parametrize(("hours", "standing"), [(1, CheckStatus.NOTE), (5, CheckStatus.WRONG)])
def test_messages_that_no_server_takes_are_told(
    site: Site, hours: int, standing: CheckStatus
) -> None:
    moment, key = now_utc(), recipients(site, {})[0]
    outbox = Outbox(site.announced, key, moment - timedelta(hours=hours))
    outbox.enrol(["reader"])
    outbox.postponed(outbox.message("reader", ["c1"]), "550 relay not permitted", moment)
    outbox.compact()
    (finding,) = (one for one in look(site, now=moment) if one.check == "outbox")
    assert finding.standing is standing
    assert "1 messages wait" in finding.words
    assert "550 relay not permitted" in finding.words
    (site.announced / "outbox.json").write_text("{")
    (finding,) = (one for one in look(site, now=moment) if one.check == "outbox")
    assert (finding.standing, "restore it from git" in finding.words) == (CheckStatus.WRONG, True)


HOSTED = SubscribeSettings("buttondown", buttondown=ButtondownSettings("example"))
SERVICE = SubscribeSettings("service", service=ServiceSettings("https://s.example.org"))


@pytest.mark.parametrize(
    ("way", "name"),
    [(HOSTED, "RATEWIRE_BUTTONDOWN_KEY"), (SERVICE, "RATEWIRE_SUBSCRIPTIONS_TOKEN")],
)
def test_the_key_of_a_list_that_is_missing(site: Site, way: SubscribeSettings, name: str) -> None:
    found = [one.words for one in wrong(look(replace(site, subscribe=way)))]
    assert any(name in words for words in found)


@pytest.mark.parametrize("status", [200, 401, 500])
def test_whether_a_list_takes_the_key(site: Site, served: Any, status: int) -> None:
    served.pages["/v1/emails?page=1"] = (status, "application/json", b'{"results": []}')
    settings = ButtondownSettings("example", api=f"{served.url}/v1")
    hosted = replace(site, subscribe=SubscribeSettings("buttondown", buttondown=settings))
    found = look(hosted, RATEWIRE_BUTTONDOWN_KEY="hush-hush")
    (finding,) = [one for one in found if one.check == "subscriptions"]
    assert finding.standing is (CheckStatus.OK if status == 200 else CheckStatus.WRONG)
    assert (str(status) in finding.words) == (status != 200)
    assert "hush-hush" not in repr(found)


@pytest.mark.parametrize(
    ("token", "answer", "words"),
    [
        ("x" * 32, (200, b'{"recipients": [], "next": ""}'), ""),
        ("x" * 32, (401, b"{}"), "does not accept RATEWIRE_SUBSCRIPTIONS_TOKEN"),
        ("x" * 32, (200, b"nonsense"), "JSONDecodeError"),
        ("hüsh–hush", (200, b"{}"), "UnicodeEncodeError"),
    ],
)
def test_whether_the_service_answers(
    site: Site, served: Any, token: str, answer: tuple[int, bytes], words: str
) -> None:
    served.pages["/recipients?after="] = (answer[0], "application/json", answer[1])
    way = replace(SERVICE, service=replace(SERVICE.service, internal_url=served.url))
    secrets = {"RATEWIRE_SUBSCRIPTIONS_TOKEN": token, "RATEWIRE_OUTBOX_KEY": "o" * 32}
    found = look(replace(site, subscribe=way), **secrets)
    (finding,) = [one for one in found if one.check == "subscriptions"]
    assert finding.standing is (CheckStatus.WRONG if words else CheckStatus.OK)
    assert words in finding.words
    assert token not in repr(found)


@pytest.mark.parametrize("damage", [False, True])
def test_the_database_of_the_service_is_looked_at(site: Site, damage: bool) -> None:
    from ratewire.apps.subscriptions.database import open_database

    file = site.root / "subscriptions" / "subscriptions.db"
    open_database(f"sqlite:///{file}").dispose()
    if damage:
        file.write_text("no database" * 999)
    found = look(replace(site, subscribe=SERVICE))
    (finding,) = [one for one in found if one.check == "subscriptions"]
    assert finding.standing is (CheckStatus.WRONG if damage else CheckStatus.OK)
    assert ("not a database" if damage else "version 1") in finding.words


def test_an_empty_database_is_left_empty(site: Site) -> None:
    file = site.root / "subscriptions" / "subscriptions.db"
    file.parent.mkdir()
    file.touch()
    found = look(replace(site, subscribe=SERVICE))
    (finding,) = [one for one in found if one.check == "subscriptions"]
    assert (finding.standing, "is empty" in finding.words) == (CheckStatus.OK, True)
    with sqlite3.connect(file) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == []


def test_a_database_that_is_elsewhere_is_not_made_here(site: Site) -> None:
    assert not [
        one for one in look(replace(site, subscribe=SERVICE)) if one.check == "subscriptions"
    ]
    assert not (site.root / "subscriptions").exists()


@pytest.mark.parametrize("off", [timedelta(hours=2), timedelta(hours=-2)])
def test_a_clock_that_is_wrong_is_told(site: Site, off: timedelta) -> None:
    clock = [one for one in look(site, now=now_utc() + off) if one.check == "clock"]
    assert [one.standing for one in clock] == [CheckStatus.WRONG]
    assert ("fast" if off > timedelta() else "slow") in clock[0].words


def test_the_clock_is_held_against_answers_as_a_run_takes_them(site: Site, served: Any) -> None:
    """One that a cache has kept for a day says so."""
    served.pages["/robots.txt"] = (404, "text/plain\r\nAge: 86400", b"")
    found = [one for one in look(site, now=now_utc() + timedelta(days=1)) if one.check == "clock"]
    assert [one.standing for one in found] == [CheckStatus.OK]


def test_without_a_network_the_clock_is_held_against_the_records(site: Site) -> None:
    (source,) = site.sources
    cut_off = replace(site, sources=(replace(source, url="http://127.0.0.1:1/pricing"),))
    early = datetime(2001, 1, 1, tzinfo=UTC)
    (clock,) = [one for one in look(cut_off, now=early) if one.check == "clock"]
    assert clock.standing is CheckStatus.WRONG
    assert "before what is recorded" in clock.words


def test_a_schedule_that_stopped_is_told(site: Site) -> None:
    late = [one for one in look(site, now=now_utc() + timedelta(days=9)) if "due" in one.words]
    assert [(one.check, one.standing) for one in late] == [("schedule", CheckStatus.WRONG)]


def test_a_source_that_was_not_seen_for_long_is_told(site: Site) -> None:
    later = look(site, now=now_utc() + timedelta(days=9))
    assert any("last seen" in one.words for one in later if one.standing is CheckStatus.NOTE)


def test_lost_caches_are_a_note(site: Site) -> None:
    shutil.rmtree(site.cache)
    found = [one for one in look(site) if one.check == "schedule"]
    assert [one.standing for one in found] == [CheckStatus.NOTE]


@pytest.mark.parametrize(
    ("name", "damage"),
    [("all.rss", "<rss"), ("all.atom", "<rss/>"), ("all.json", "{}"), ("feeds.opml", "")],
)
def test_a_damaged_feed_is_named(site: Site, name: str, damage: str) -> None:
    (site.output / "feeds" / name).write_text(damage)
    (finding,) = wrong(look(site))
    assert (finding.check, f"feeds/{name}" in finding.words) == ("feeds", True)


def test_a_site_that_is_behind_is_told(site: Site, served: Any) -> None:
    cheaper = PAGE.read_text("utf-8").replace("$12.00", "$11.00")
    served.show("/pricing", cheaper)
    job = Job.of(site)
    for hours in (1, 2):
        moment = now_utc() + timedelta(hours=hours)
        replace(job, now=lambda at=moment: at).check(site.sources, seen=lambda _: None)
    (finding,) = [one for one in look(site) if one.check == "build"]
    assert finding.standing is CheckStatus.WRONG
    job.build()
    (finding,) = [one for one in look(site) if one.check == "build"]
    assert finding.standing is CheckStatus.OK


def test_a_site_that_is_not_built_is_a_note(site: Site) -> None:
    shutil.rmtree(site.output)
    (finding,) = [one for one in look(site) if one.check == "build"]
    assert (finding.standing, finding.remedy) == (CheckStatus.NOTE, "build it: ratewire build")


def test_a_folder_that_cannot_be_written_to_is_told(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(dir: Path, **_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    found = [one for one in wrong(look(site)) if one.check == "writing"]
    assert len(found) == 4
    assert "No space left" in found[0].words


def test_nothing_is_left_behind(site: Site) -> None:
    before = {path: path.stat().st_mtime_ns for path in site.root.rglob("*") if path.is_file()}
    look(site)
    after = {path: path.stat().st_mtime_ns for path in site.root.rglob("*") if path.is_file()}
    assert before == after


def test_the_command_prints_findings_and_remedies(site: Site) -> None:
    result = CliRunner().invoke(app, ["doctor", "--site", str(site.root)])
    assert result.exit_code == 1  # as it stands on disk, the page is on a host that is not there
    assert "! hosts: https://northlight.example" in result.stdout
    assert "    → see whether the network" in result.stdout
    told = json.loads(
        CliRunner().invoke(app, ["doctor", "--json", "--site", str(site.root)]).stdout
    )
    assert told["ok"] is False
    assert {"check", "standing", "words", "remedy"} == set(told["findings"][0])


def test_settings_that_cannot_be_read_stop_it(tmp_path: Path) -> None:
    (tmp_path / "ratewire.toml").write_text("[site]\ntitle = 1\n")
    result = CliRunner().invoke(app, ["doctor", "--site", str(tmp_path)])
    assert result.exit_code == 2
    assert "ratewire.toml:2" in result.stderr


@pytest.mark.parametrize(
    ("answer", "standing", "words"),
    [
        ((404, "text/plain", b""), CheckStatus.NOTE, "answered 404, so it is not known"),
        ((200, "text/html", b"<title>Parked</title>"), CheckStatus.WRONG, "is not this site"),
        ((200, "application/json", b"[1]"), CheckStatus.WRONG, "is not this site"),
        ((200, "application/json", b'{"sources": []}'), CheckStatus.NOTE, "is behind what is rec"),
    ],
)
def test_what_stands_at_the_site_s_address_is_looked_at(
    site: Site, served: Any, answer: Any, standing: CheckStatus, words: str
) -> None:
    served.pages["/site/api/v1/sources.json"] = answer
    (finding,) = [one for one in look(site) if one.check == "deploy"]
    assert finding.standing is standing
    assert words in finding.words
    assert finding.remedy


def test_a_site_that_nothing_checks_any_more_is_told_on_any_machine(
    site: Site, served: Any
) -> None:
    shutil.rmtree(site.cache)
    for days, standing in ((1, CheckStatus.OK), (30, CheckStatus.WRONG)):
        findings = look(site, now=now_utc() + timedelta(days=days))
        (finding,) = [one for one in findings if one.check == "deploy"]
        assert finding.standing is standing, finding
    assert "nothing checks its sources" in finding.words
    assert "schedule" in finding.remedy


def test_a_record_that_waits_for_long_to_be_deployed_is_wrong(site: Site, served: Any) -> None:
    served.pages["/site/api/v1/sources.json"] = (200, "application/json", b'{"sources": []}')
    later = now_utc() + timedelta(hours=2)
    (finding,) = [one for one in look(site, now=later) if one.check == "deploy"]
    assert finding.standing is CheckStatus.WRONG


def test_a_site_that_cannot_be_reached_is_a_note(site: Site) -> None:
    (finding,) = [
        one for one in look(settings(site, url="http://127.0.0.1:1")) if one.check == "deploy"
    ]
    assert finding.standing is CheckStatus.NOTE
    assert "so it is not known" in finding.words
