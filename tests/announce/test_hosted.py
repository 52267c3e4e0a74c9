"""Announcing through hosted lists: once, whatever the list answers, and in words that it leaves
alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from list_servers import KEY, ButtondownServer, Fault, ListmonkServer, ListServer
from mail_desk import Desk
from sample_changes import NOW, cut, rate, retraction, step

from ratewire.announce.hosted import Broadcast, hosted_list
from ratewire.announce.telling import Telling
from ratewire.config import ButtondownSettings, ListmonkSettings, Site, SubscribeSettings
from ratewire.errors import ConfigError
from ratewire.wording.facts import SiteNames
from ratewire.wording.stories import stories

UUID = "6d48fffe-7d37-4c14-b317-3e4cda33a647"
ENVIRONMENT = {"RATEWIRE_BUTTONDOWN_KEY": KEY, "RATEWIRE_LISTMONK_TOKEN": KEY}
LATER = NOW + timedelta(hours=1)


@pytest.fixture(params=[ButtondownServer, ListmonkServer], ids=["buttondown", "listmonk"])
def there(request: Any) -> Iterator[ListServer]:
    server = request.param()
    yield server
    server.close()


def subscribing(there: ListServer, **more: Any) -> SubscribeSettings:
    if isinstance(there, ButtondownServer):
        settings = ButtondownSettings("example", api=f"{there.url}/v1", timeout=2.0, **more)
        return SubscribeSettings("buttondown", buttondown=settings)
    lists = ListmonkSettings(there.url, 3, UUID, "ratewire", timeout=2.0, **more)
    return SubscribeSettings("listmonk", listmonk=lists)


@pytest.fixture
def desk_at(desk: Callable[..., Desk], there: ListServer) -> Callable[..., Desk]:
    def make(environment: dict[str, str] = ENVIRONMENT, **settings: Any) -> Desk:
        one = desk(environment, **settings)
        one.site = replace(one.site, subscribe=subscribing(there))
        return one

    return make


def sending(there: ListServer) -> tuple[str, str]:
    """The request that makes a broadcast."""
    return ("POST", "/v1/emails" if isinstance(there, ButtondownServer) else "/api/campaigns")


def test_a_change_is_one_broadcast_and_is_told_once(
    desk_at: Callable[..., Desk], there: ListServer
) -> None:
    desk = desk_at()
    desk.record(cut())
    report = desk.announce()
    assert (report.accepted, report.ok, len(there.sent)) == (1, True, 1)
    (sent,) = there.sent
    assert sent["subject"] == "Paint 2 image output: $32.00 → $30.00 per 1M tokens (−6.25%)"
    assert "$30.00" in sent["body"]
    assert "https://prices.example/changes/cut/" in sent["body"]
    before = list(there.asked)
    assert desk.announce(LATER).accepted == 0
    assert there.asked == before


def test_what_each_list_is_sent(desk_at: Callable[..., Desk], there: ListServer) -> None:
    desk = desk_at()
    desk.record(cut())
    desk.announce()
    (sent,) = there.sent
    if isinstance(there, ButtondownServer):
        assert sent["status"] == "about_to_send"
        assert sent["metadata"]["sort"] == "change"
        assert there.headers[0]["x-idempotency-key"] == sent["metadata"]["ratewire"] + "-20260504"
        assert "filters" not in sent
    else:
        assert sent["lists"] == [3]
        assert (sent["type"], sent["content_type"], sent["messenger"]) == (
            "regular", "html", "email",
        )  # fmt: skip
        assert sent["tags"][:2] == ["ratewire", "change"]
        assert "$30.00" in sent["altbody"]


def test_only_those_with_a_tag(desk: Callable[..., Desk]) -> None:
    there = ButtondownServer()
    one = desk(ENVIRONMENT)
    one.site = replace(one.site, subscribe=subscribing(there, tag="prices"))
    one.record(cut())
    assert one.announce().accepted == 1
    assert there.sent[0]["filters"] == {
        "filters": [{"field": "subscriber.tags", "operator": "contains", "value": "prices"}],
        "groups": [],
        "predicate": "and",
    }
    there.close()


def test_a_digest_is_one_broadcast(desk_at: Callable[..., Desk], there: ListServer) -> None:
    desk = desk_at(immediate=(), digest_kinds=("rate_down",))
    early = NOW - timedelta(hours=6)
    desk.record(cut("a", early), cut("b", early + timedelta(minutes=1)))
    assert desk.announce().accepted == 1
    (sent,) = there.sent
    assert sent["subject"].startswith("2 changes: ")
    assert (sent.get("metadata") or {}).get("sort", "digest") == "digest"


def test_a_correction_goes_out_as_one(desk_at: Callable[..., Desk], there: ListServer) -> None:
    desk = desk_at()
    first = cut()
    desk.record(first)
    desk.announce()
    desk.record(retraction(first, at=LATER))
    assert desk.announce(LATER).accepted == 1
    assert "This did not happen" in there.sent[-1]["body"]
    assert len(there.sent) == 2


# ── Trouble ──────────────────────────────────────────────────────────────────────────────────


def test_a_key_that_is_not_accepted_ends_the_run(
    desk_at: Callable[..., Desk], there: ListServer
) -> None:
    wrong = dict.fromkeys(ENVIRONMENT, "another")
    desk = desk_at(wrong)
    desk.record(cut("a"), cut("b", NOW + timedelta(seconds=1)))
    report = desk.announce()
    assert (report.accepted, report.dead, len(there.sent)) == (0, 0, 0)
    assert re.search("answered 40[13]", report.troubles[0])
    assert KEY not in repr(report)
    assert len([one for one in there.asked if one[0] == "POST"]) == 1
    desk.environment = ENVIRONMENT
    assert desk.announce(LATER).accepted == 2


def test_too_many_requests_are_heeded(desk_at: Callable[..., Desk], there: ListServer) -> None:
    there.faults.append(
        Fault(*sending(there), 429, {"detail": "Slow down."}, {"Retry-After": "7200"})
    )
    desk = desk_at()
    desk.record(cut())
    report = desk.announce()
    assert (report.later, report.unknown) == (1, 0)
    assert desk.announce(NOW + timedelta(hours=1)).planned == ()
    report = desk.announce(NOW + timedelta(hours=3))
    assert (report.accepted, report.repeated, len(there.sent)) == (1, 0, 1)


def test_what_the_list_will_not_have_is_a_dead_letter(
    desk_at: Callable[..., Desk], there: ListServer
) -> None:
    there.faults.append(Fault(*sending(there), 422, {"detail": "bad", "message": "bad"}))
    desk = desk_at()
    desk.record(cut("a"), cut("b", NOW + timedelta(seconds=1)))
    report = desk.announce()
    assert (report.refused, report.dead) == (1, 1)
    assert "422: bad" in next(iter(desk_outbox(desk)))["why"]
    assert desk.announce(LATER).accepted == 1  # the other change is not held up for ever


def desk_outbox(desk: Desk) -> list[dict[str, Any]]:
    import json

    body = json.loads((desk.site.announced / "outbox.json").read_bytes())
    return list(body["dead"])


@pytest.mark.parametrize("done", [True, False], ids=["taken", "not taken"])
@pytest.mark.parametrize("status", [0, 500, 502], ids=["silence", "500", "502"])
def test_without_a_clear_answer_the_list_is_asked_before_anything_is_sent_again(
    desk_at: Callable[..., Desk], there: ListServer, status: int, done: bool
) -> None:
    there.faults.append(Fault(*sending(there), status, {}, done=done))
    desk = desk_at()
    desk.record(cut())
    report = desk.announce()
    assert (report.accepted, report.unknown) == (0, 1)
    if isinstance(there, ButtondownServer):
        there.keys.clear()  # keys do not live for ever: it must not hang on them
        there.emails += [{"metadata": {}, "status": "sent", "subject": str(n)} for n in range(3)]
    report = desk.announce(LATER)
    assert report.accepted == 1
    assert report.repeated == (0 if done else 1)
    ours = [one for one in there.sent if "$30.00" in one["subject"]]
    assert len(ours) == 1


@pytest.mark.parametrize("status", [0, 401, 429, 500])
@pytest.mark.parametrize("done", [True, False])
def test_a_campaign_that_was_made_and_maybe_not_started(
    desk: Callable[..., Desk], status: int, done: bool
) -> None:
    there = ListmonkServer()
    there.faults.append(Fault("PUT", "/api/campaigns/1/status", status, {}, done=done))
    one = desk(ENVIRONMENT)
    one.site = replace(one.site, subscribe=subscribing(there))
    one.record(cut())
    assert one.announce().unknown == 1
    report = one.announce(LATER)
    assert (report.accepted, len(there.campaigns), len(there.sent)) == (1, 1, 1)
    there.close()


def test_what_the_owner_stopped_stays_stopped(desk: Callable[..., Desk]) -> None:
    there = ListmonkServer()
    there.faults.append(Fault("PUT", "/api/campaigns/1/status", 0, done=True))
    one = desk(ENVIRONMENT)
    one.site = replace(one.site, subscribe=subscribing(there))
    one.record(cut())
    one.announce()
    there.campaigns[0]["status"] = "cancelled"
    assert one.announce(LATER).accepted == 1
    assert there.campaigns[0]["status"] == "cancelled"
    there.close()


def test_when_it_cannot_be_asked_nothing_is_sent_again(
    desk_at: Callable[..., Desk], there: ListServer
) -> None:
    there.faults.append(Fault(*sending(there), 0, done=True))
    desk = desk_at()
    desk.record(cut())
    desk.announce()
    method, path = sending(there)
    there.faults.append(Fault("GET", path, 503, {}))
    posts = [one for one in there.asked if one[0] == method]
    report = desk.announce(LATER)
    assert (report.accepted, report.later) == (0, 1)
    assert [one for one in there.asked if one[0] == method] == posts
    assert desk.announce(NOW + timedelta(days=1)).accepted == 1
    assert len(there.sent) == 1


def test_a_duplicate_that_the_list_itself_sees(desk: Callable[..., Desk]) -> None:
    there = ButtondownServer()
    body = {"code": "email_duplicate", "detail": "An email with the same identifiers exists."}
    there.faults.append(Fault("POST", "/v1/emails", 400, body, done=True))
    one = desk(ENVIRONMENT)
    one.site = replace(one.site, subscribe=subscribing(there))
    one.record(cut())
    assert one.announce().accepted == 1
    assert len(there.sent) == 1
    there.close()


def test_a_list_that_is_away(desk_at: Callable[..., Desk], there: ListServer) -> None:
    there.close()
    desk = desk_at()
    desk.record(cut())
    report = desk.announce()
    assert "ConnectError" in report.troubles[0]
    assert (report.accepted, report.dead) == (0, 0)


def test_without_its_key_nothing_is_begun(desk_at: Callable[..., Desk], there: ListServer) -> None:
    desk = desk_at({})
    desk.record(cut())
    with pytest.raises(ConfigError, match=r"RATEWIRE_(BUTTONDOWN_KEY|LISTMONK_TOKEN)"):
        desk.announce()
    assert there.asked == []


def test_whether_the_key_is_accepted(desk_at: Callable[..., Desk], there: ListServer) -> None:
    site = desk_at().site
    assert hosted_list(site, ENVIRONMENT).accepted() == ""
    assert "answered 40" in hosted_list(site, dict.fromkeys(ENVIRONMENT, "x")).accepted()
    assert there.bodies == []


# ── Hostile words ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "words",
    ["{{ .Subscriber.Email }}", "{% include 'x' %}", "{{{x}}}", "{#x#}", "<script>{{1}}</script>"],
)
def test_a_lists_templates_do_not_run_what_a_page_says(
    words: str, desk: Callable[..., Desk]
) -> None:
    site: Site = desk().site
    before = rate("32.00", label=words, product=f"p {words}")
    story = cut()
    story = replace(
        story, note=words, alterations=(step(before, replace(before, amount=rate("30").amount)),)
    )
    (told,) = stories([story], SiteNames.of(site))
    assert words in told.headline
    assert words in told.detail
    broadcast = Broadcast.of(Telling((told,), False, False))
    for text in (broadcast.subject, broadcast.html, broadcast.text):
        assert not re.search(r"\{[{%#]", text)
    assert "<script" not in broadcast.html
    assert not set("{}") & set(broadcast.html)
