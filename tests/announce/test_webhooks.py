"""Webhooks, as the specification's own verifier takes them, and pings to a WebSub hub."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import pytest
from sample_changes import NOW, change, correction, cut, of_every_kind, rate, retraction, step
from standardwebhooks import Webhook, WebhookVerificationError

from ratewire.announce import dead_letters
from ratewire.announce.webhooks import sign
from ratewire.config import WebhookSettings
from ratewire.errors import ConfigError
from ratewire.model import Alteration, ChangeKind, Passage

SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()
OLDER = "whsec_" + base64.b64encode(b"o" * 32).decode()
HOUR = timedelta(hours=1)


@pytest.fixture
def hooked(desk, http):
    def make(secret: str = SECRET, **more):
        webhook = WebhookSettings(http.url, timeout=5.0)
        return desk({"RATEWIRE_WEBHOOK_SECRET": secret}, webhooks=(webhook,), **more)

    return make


def now() -> datetime:
    return datetime.now(UTC)


def test_the_specifications_verifier_accepts_what_is_sent(hooked, http) -> None:
    desk, moment = hooked(), now()
    desk.record(cut(at=moment))
    assert desk.announce(moment).accepted == 1
    ((headers, body),) = http.seen
    data = Webhook(SECRET).verify(body, headers)
    assert data["type"] == "change.confirmed"
    assert data["data"]["headline"].startswith("Paint 2 image output: $32.00 → $30.00")
    assert data["data"]["rows"][0]["after"] == "$30.00 per 1M tokens"
    after = data["data"]["alterations"][0]["after"]
    assert (after["amount"], after["unit_count"]) == ("30.00", "1000000")  # as in changes.json
    assert headers["content-type"] == "application/json"
    assert desk.announce(moment + HOUR).planned == ()
    with pytest.raises(WebhookVerificationError):
        Webhook(OLDER).verify(body, headers)


def test_both_secrets_sign_while_one_replaces_the_other(hooked, http) -> None:
    desk, moment = hooked(f"{SECRET} {OLDER}"), now()
    desk.record(cut(at=moment))
    desk.announce(moment)
    ((headers, body),) = http.seen
    for secret in (SECRET, OLDER):
        assert Webhook(secret).verify(body, headers)


def test_the_signature_is_that_of_the_specification() -> None:
    moment = datetime.fromtimestamp(1700000000, UTC)
    expected = Webhook(SECRET).sign("msg_1", moment, '{"a":1}')
    assert sign((b"k" * 32,), "msg_1", 1700000000, b'{"a":1}') == expected


@pytest.mark.parametrize("secret", ["", "whsec_***", "whsec_c2hvcnQ="])
def test_a_secret_that_is_none_is_said_before_anything_is_sent(hooked, http, secret) -> None:
    desk = hooked(secret)
    desk.record(cut())
    with pytest.raises(ConfigError, match="RATEWIRE_WEBHOOK_SECRET"):
        desk.announce()
    assert not http.seen


def test_what_fails_for_a_moment_is_tried_again_at_once_under_the_same_id(hooked, http) -> None:
    http.answers = [(500, {}), (503, {}), (200, {})]
    desk = hooked()
    desk.record(cut())
    assert desk.announce().accepted == 1
    assert desk.pauses == [1.0, 5.0]
    assert len({headers["webhook-id"] for headers, _ in http.seen}) == 1
    assert len({body for _, body in http.seen}) == 1


def test_what_fails_for_longer_is_tried_by_later_runs_and_in_order(hooked, http) -> None:
    http.answers = [(500, {})]
    desk = hooked()
    desk.record(cut("one"), cut("two"))
    report = desk.announce()
    assert (report.later, len(http.seen)) == (1, 3)
    http.answers, http.seen[:] = [(204, {})], []
    assert desk.announce(NOW + HOUR).accepted == 2
    ids = [json.loads(body)["data"]["id"] for _, body in http.seen]
    assert ids == ["one", "two"]


def test_a_receiver_that_asks_for_time_gets_it(hooked, http) -> None:
    http.answers = [(429, {"retry-after": "7200"})]
    desk = hooked()
    desk.record(cut())
    assert desk.announce().later == 1
    assert len(http.seen) == 1
    assert desk.announce(NOW + HOUR).planned == ()
    http.answers = [(204, {})]
    assert desk.announce(NOW + timedelta(hours=2, minutes=1)).accepted == 1


def test_gone_is_a_dead_letter(hooked, http) -> None:
    http.answers = [(410, {})]
    desk = hooked()
    desk.record(cut())
    assert desk.announce().refused == 1
    ((to, letter),) = dead_letters(desk.site, now=NOW, environment=desk.environment)
    assert to.startswith("webhook ")
    assert "410" in letter.why


def test_redirects_are_not_followed(hooked, http) -> None:
    http.answers = [(307, {"location": http.url})]
    desk = hooked()
    desk.record(cut())
    assert desk.announce().later == 1
    assert len(http.seen) == 3  # three tries, and no request more


def test_a_receiver_that_hangs_up_is_counted_as_unknown(hooked, http) -> None:
    http.answers = [(0, {}), (204, {})]
    desk = hooked()
    desk.record(cut())
    assert desk.announce().unknown == 1
    report = desk.announce(NOW + HOUR)
    assert (report.accepted, report.repeated) == (1, 1)
    assert len({headers["webhook-id"] for headers, _ in http.seen}) == 1


def test_corrections_and_digests_have_their_types(hooked, http) -> None:
    desk = hooked(immediate=("rate_down",), digest_kinds=("rate_up", "added"))
    first = cut(at=NOW - 20 * HOUR)
    desk.record(first, *of_every_kind()[1:3])
    desk.announce()
    desk.record(correction(first, step(rate("32"), rate("31")), at=NOW))
    desk.announce(NOW + HOUR)
    desk.record(retraction(first, at=NOW + HOUR))
    desk.announce(NOW + 2 * HOUR)
    payloads = [json.loads(body) for _, body in http.seen]
    assert [each["type"] for each in payloads] == [
        "change.confirmed",
        "changes.digest",
        "change.corrected",
        "change.retracted",
    ]
    assert [each["id"] for each in payloads[1]["data"]["changes"]] == ["c01", "c02"]
    assert payloads[3]["data"]["note"] == "The page showed a draft."


def test_a_payload_is_bounded(hooked, http) -> None:
    desk = hooked(immediate=("passage",))
    before, after = Passage("Terms", "a " * 500_000), Passage("Terms", "b " * 500_000)
    desk.record(change("big", Alteration(ChangeKind.PASSAGE, before, after)))
    desk.announce()
    body = http.seen[0][1]
    assert len(body) < 65_536
    assert json.loads(body)["data"]["shortened"] is True


def test_the_hub_is_pinged_once_with_all_feeds_that_changed(desk, http) -> None:
    pinging = desk(websub_hub=http.url)
    pinging.record(*of_every_kind()[:2])
    assert pinging.announce().accepted == 1
    ((headers, body),) = http.seen
    form = parse_qs(body.decode())
    assert headers["content-type"] == "application/x-www-form-urlencoded"
    assert form["hub.mode"] == ["publish"]
    base = "https://prices.example/feeds"
    assert set(form["hub.url"]) == {
        f"{base}/{name}.{form}"
        for name in (
            "all",
            "kind/rate_down",
            "kind/rate_up",
            "product/paint-2",
            "source/acme-pricing",
        )
        for form in ("rss", "atom", "json")
    }
    assert pinging.announce(NOW + HOUR).planned == ()


def test_a_hub_that_is_away_is_pinged_later(desk, http) -> None:
    http.answers = [(503, {}), (202, {})]
    pinging = desk(websub_hub=http.url)
    pinging.record(cut())
    assert pinging.announce().later == 1
    assert pinging.announce(NOW + HOUR).accepted == 1
