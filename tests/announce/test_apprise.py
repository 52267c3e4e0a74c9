"""Apprise's services on loopback servers: what arrives, what failed, and that no secret is told."""

from __future__ import annotations

import json
import logging
import re
import threading
from datetime import timedelta
from html import unescape
from html.parser import HTMLParser
from urllib.parse import parse_qs

import pytest
from hostile_words import HARMLESS, PAYLOADS, check_text, hostile_changes, hostile_site
from lxml import etree
from sample_changes import NOW, change, cut, of_every_kind, rate, retraction, step

from ratewire.announce import dead_letters
from ratewire.announce.apprise import ServiceLimits, check_services, judged, message
from ratewire.announce.chat import html_note, text_note
from ratewire.announce.couriers import DeliveryStatus
from ratewire.announce.inert import inert
from ratewire.announce.telling import Telling
from ratewire.config import AppriseSettings
from ratewire.errors import ConfigError
from ratewire.wording.facts import SiteNames
from ratewire.wording.stories import stories

KEY = "k" * 32
HOUR = timedelta(hours=1)
SECRET = "s3cr3t-t0k3n"
ACTIVE = re.compile(r"[@#&<>\[\]{}|\\*~`]|(?<!\d):(?=\S)|:(?=[^\s\d])|(?<=\w)\.(?=[^\W\d_]{2})")
"""What one chat or another takes for markup, a mention, an emoji or the beginning of a link."""


@pytest.fixture
def chat(desk, http):
    """A desk that tells a service at the loopback server."""

    def make(url: str = "json://{}/" + SECRET, timeout: float = 20.0, **wishes):
        address = url.format(http.url.removeprefix("http://").removesuffix("/hook"))
        http.answers = [(200, {})]
        service = AppriseSettings("env:CHAT", timeout=timeout, **wishes)
        more = {"digest_kinds": ()} | {"immediate": ("rate_up", "rate_down", "added", "passage")}
        return desk({"CHAT": address, "RATEWIRE_OUTBOX_KEY": KEY}, apprise=(service,), **more)

    return make


def by_json(*keys):
    return lambda body: [json.loads(body)[key] for key in keys]


def by_form(body):
    return [parse_qs(body.decode())[key][0] for key in ("title", "message")]


def by_xml(body):
    return [etree.fromstring(body).findtext(f".//{{*}}{key}") for key in ("Subject", "Message")]


def by_line(body):
    return json.loads(body)["text"].split("\n", 1)


SERVICES = {
    "json": ("json://{}/" + SECRET, by_json("title", "message")),
    "form": ("form://{}/" + SECRET, by_form),
    "xml": ("xml://{}/" + SECRET, by_xml),
    "ntfy": ("ntfy://{}/prices", by_json("title", "message")),
    "mattermost": (f"mmost://{{}}/{'3c' * 13}", by_line),
    "rocket.chat": (f"rocket://{'aA1b' * 5}/{'gG6h' * 10}@{{}}/?mode=webhook", None),
    "slack's form": (f"matrix://{'a1' * 32}@{{}}/?mode=slack", None),
}


@pytest.mark.parametrize(("url", "of"), SERVICES.values(), ids=SERVICES.keys())
def test_a_change_arrives_once_by_each_kind_of_service(chat, http, url, of) -> None:
    desk = chat(url)
    desk.record(cut())
    assert desk.announce().accepted == 1
    ((_, body),) = http.seen
    if of is not None:
        title, text = of(body)
        assert "Paint 2 image output: $32.00 → $30.00 per 1M tokens (−6.25%)" in title
        assert "https://prices.example/changes/cut/" in text
        assert "$32.00 per 1M tokens → $30.00 per 1M tokens (−6.25%)" in text
    else:
        said = unescape(json.dumps(json.loads(body), ensure_ascii=False)).replace("\\\\", "")
        assert "$32.00 → $30.00 per 1M tokens" in said
        assert "https://prices.example/changes/cut/" in said
    assert desk.announce(NOW + HOUR).planned == ()
    assert len(http.seen) == 1


def test_several_services_are_recipients_of_their_own(chat, http) -> None:
    desk = chat("json://{0}/one json://{0}/two,with,commas")
    desk.record(cut())
    report = desk.announce()
    assert report.accepted == 2
    assert len({planned.to for planned in report.planned}) == 2


def test_wishes_are_kept(chat, http) -> None:
    desk = chat(products=("paint-2",), kinds=("rate_up",))
    desk.record(*of_every_kind()[:3])
    desk.announce()
    assert [json.loads(body)["title"][:7] for _, body in http.seen] == ["Paint 2"]
    assert "$5.00 → $6.00" in json.loads(http.seen[0][1])["title"]


def test_a_digest_is_one_message(chat, http) -> None:
    desk = chat(digest="daily")
    desk.record(*(cut(f"c{n}", at=NOW - 6 * HOUR) for n in range(3)))
    assert desk.announce().accepted == 1
    ((_, body),) = http.seen
    told = json.loads(body)
    assert told["title"].startswith("3 changes: ")
    assert all(f"/changes/c{n}/" in told["message"] for n in range(3))


def test_a_correction_goes_to_who_got_the_wrong_word(chat, http) -> None:
    desk = chat()
    first = cut()
    desk.record(first)
    desk.announce()
    desk.record(retraction(first, at=NOW))
    desk.announce(NOW + HOUR)
    told = [json.loads(body) for _, body in http.seen]
    assert told[1]["title"].startswith("Retracted: ")
    assert "$30.00" not in told[1]["message"]


# ── What can fail ────────────────────────────────────────────────────────────────────────────


def test_a_refusal_is_tried_again_later_and_is_in_the_end_a_dead_letter(chat, http) -> None:
    desk = chat()
    http.answers = [(500, {})]
    desk.record(cut())
    report = desk.announce()
    assert (report.later, report.unknown) == (1, 0)
    assert desk.announce(NOW + timedelta(days=6)).refused == 1
    ((to, letter),) = dead_letters(desk.site, now=NOW, environment=desk.environment)
    assert to.startswith("json ")
    assert letter.why == "answered 500"


def test_the_time_that_a_service_asks_for_is_given(chat, http) -> None:
    desk = chat()
    http.answers = [(429, {"retry-after": "7200"}), (200, {})]
    desk.record(cut())
    assert desk.announce().later == 1
    assert desk.announce(NOW + HOUR).planned == ()
    assert desk.announce(NOW + 2 * HOUR + timedelta(minutes=1)).accepted == 1


def test_a_service_that_hangs_up_is_counted_as_unknown_and_told_again(chat, http) -> None:
    desk = chat()
    http.answers = [(0, {}), (200, {})]
    desk.record(cut())
    assert desk.announce().unknown == 1
    report = desk.announce(NOW + HOUR)
    assert (report.accepted, report.repeated) == (1, 1)


def test_a_service_that_never_answers_is_given_up_in_time(chat, http) -> None:
    release = threading.Event()
    desk = chat("json://{}/x?rto=60", timeout=4.0)
    http.hold = release
    desk.record(cut())
    try:
        assert desk.announce().unknown == 1
    finally:
        release.set()


def test_a_service_that_is_away_was_certainly_not_told(desk) -> None:
    service = AppriseSettings("env:CHAT")
    away = desk({"CHAT": "json://127.0.0.1:9/x", "RATEWIRE_OUTBOX_KEY": KEY}, apprise=(service,))
    away.record(cut())
    report = away.announce()
    assert (report.later, report.unknown) == (1, 0)


def test_redirects_are_no_acceptance(chat, http) -> None:
    desk = chat()
    http.answers = [(302, {"location": http.url}), (200, {})]
    desk.record(cut())
    assert desk.announce().later == 1
    assert len(http.seen) == 1


@pytest.mark.parametrize(
    ("taken", "answers", "answer"),
    [
        (True, [], DeliveryStatus.ACCEPTED),
        (False, [], DeliveryStatus.UNKNOWN),  # a service that speaks no HTTP, and says no
        (False, [{"what": "unreached"}], DeliveryStatus.LATER),
        (False, [{"what": "unanswered"}], DeliveryStatus.UNKNOWN),
        (False, [{"what": "answered", "status": 404, "wait": ""}], DeliveryStatus.LATER),
        (False, [{"what": "answered", "status": 410, "wait": ""}], DeliveryStatus.REFUSED),
        (False, [{"what": "answered", "status": 200, "wait": ""},
                 {"what": "answered", "status": 500, "wait": ""}], DeliveryStatus.UNKNOWN),
        (False, [{"what": "answered", "status": 500, "wait": ""},
                 {"what": "unanswered"}], DeliveryStatus.UNKNOWN),
    ],
)  # fmt: skip
def test_a_no_means_what_its_requests_say(taken, answers, answer) -> None:
    assert judged(taken, answers).answer is answer


# ── Secrets ──────────────────────────────────────────────────────────────────────────────────


def test_no_secret_is_told_or_stored(chat, http, caplog, capfd) -> None:
    caplog.set_level(logging.DEBUG)
    desk = chat()
    http.answers = [(500, {})]
    desk.record(cut())
    dry = desk.announce(dry_run=True)
    report = desk.announce()
    written = b"".join(p.read_bytes() for p in desk.site.announced.rglob("*") if p.is_file())
    port = http.url.split(":")[2].split("/")[0]
    said = f"{dry}{report}{caplog.text}{''.join(capfd.readouterr())}".encode() + written
    assert dry.planned[0].to.startswith("json ")
    assert SECRET.encode() not in said
    assert port.encode() not in said
    assert len(http.seen) == 1  # the dry run opened no connection


@pytest.mark.parametrize("url", ["nonsense", "nope://" + SECRET, "json://", "mailto://" + SECRET])
def test_an_address_that_is_none_is_said_before_anything_is_sent(desk, url) -> None:
    wrong = desk({"CHAT": url, "RATEWIRE_OUTBOX_KEY": KEY}, apprise=(AppriseSettings("env:CHAT"),))
    wrong.record(cut())
    with pytest.raises(ConfigError, match="env:CHAT") as caught:
        wrong.announce()
    assert SECRET not in str(caught.value)


def test_what_the_environment_lacks_is_said(desk) -> None:
    lacking = desk({"RATEWIRE_OUTBOX_KEY": KEY}, apprise=(AppriseSettings("env:CHAT"),))
    with pytest.raises(ConfigError, match="CHAT"):
        lacking.announce()


def test_without_apprise_its_extra_is_named(chat, monkeypatch) -> None:
    desk = chat()
    monkeypatch.setattr("ratewire.announce.apprise.find_spec", lambda name: None)
    with pytest.raises(ConfigError, match=r"ratewire\[apprise\]"):
        desk.announce()


def test_no_service_is_no_child() -> None:
    assert check_services(()) == {}


# ── Hostile words, and lengths ───────────────────────────────────────────────────────────────


def telling(text: str, *, digest: bool) -> Telling:
    every = stories(hostile_changes(text), SiteNames.of(hostile_site(text)))
    return Telling(every if digest else every[:1], digest, False)


def without_links(body: str) -> str:
    return re.sub(r"https://prices\.example/changes/h\d\d/", "", body)


class _Html(HTMLParser):
    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.words: list[str] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag, attrs) -> None:
        self.tags.append(tag)
        assert all(value.startswith("https://prices.example/changes/") for _, value in attrs)

    def handle_data(self, data) -> None:
        self.words.append(data)


@pytest.mark.parametrize("text", PAYLOADS.values(), ids=PAYLOADS.keys())
def test_nothing_that_a_page_says_is_markup_a_mention_or_a_link(text) -> None:
    for digest in (False, True):
        told = telling(text, digest=digest)
        note = text_note(told, 250, 100_000)
        assert "\n" not in note.title
        for words in (note.title, note.body):
            check_text(words)
            assert not ACTIVE.search(without_links(words))
        page = _Html(html_note(told, 250, 100_000).body)
        assert set(page.tags) <= {"a", "br"}
        assert (
            page.tags == _Html(html_note(telling(HARMLESS, digest=digest), 250, 100_000).body).tags
        )
        assert not ACTIVE.search(without_links("\n".join(page.words)))


@pytest.mark.parametrize("text", PAYLOADS.values(), ids=PAYLOADS.keys())
@pytest.mark.parametrize(
    "service",
    [ServiceLimits("text", 0, 280), ServiceLimits("text", 250, 2000),
     ServiceLimits("html", 0, 4096),
     ServiceLimits("markdown", 0, 1000), ServiceLimits("text", 60, 160)],
    ids=["short", "chat", "html", "markdown", "sms"],
)  # fmt: skip
def test_a_message_is_no_longer_than_the_service_takes(text, service) -> None:
    for digest in (False, True):
        words = message(telling(text, digest=digest), service)
        size = len(words["body"].encode()) + (0 if service.title else len(words["title"].encode()))
        assert size <= service.body
        assert not service.title or len(words["title"].encode()) <= service.title
        assert "https://prices.example/changes/h" in words["body"]


@pytest.mark.parametrize(
    "words",
    [
        "@everyone", "@here", "<!channel>", "<@U024BE7LH>", "<#C024BE7LR|x>", "<at>all</at>",
        "<users/all>", "[x](https://evil.example)", "<https://evil.example|x>", "https://e.example",
        "www.evil.example", "me@evil.example", ":tada:", "**bold**", "_em_", "~~s~~", "||spoiler||",
        "`code`", "fixes #1", "closes GH-1", "owner/repo#1", "&#64;everyone", "&lt;!channel&gt;",
        "\\@everyone", "{{app_id}}",
    ],
)  # fmt: skip
def test_what_a_chat_would_act_upon_is_broken(words) -> None:
    assert not ACTIVE.search(inert(words))
    assert inert(words) != words


@pytest.mark.parametrize(
    "words",
    [
        "Paint 2 image output: $32.00 → $30.00 per 1M tokens (−6.25%)", "gpt-4.1-mini", "12:05 UTC",
        "a snake_case_name", "up 50% (was 2.5)", "gpt-image-2, 1024 x 1024", "日本語の価格: ¥1,200",
    ],
)  # fmt: skip
def test_honest_words_come_out_as_they_are(words) -> None:
    assert inert(words) == words


def test_a_long_table_says_how_much_is_left_out() -> None:
    steps = [step(rate("2", size=str(n)), rate("1", size=str(n))) for n in range(30)]
    site = hostile_site(HARMLESS)
    (item,) = stories([change("big", *steps)], SiteNames.of(site))
    note = text_note(Telling((item,), False, False), 250, 30_000)
    assert "10 more are on the page of the change." in note.body
