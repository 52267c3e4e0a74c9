"""Servers that drip, flood, lie and hang up: a run ends, says so, and loses nothing."""

from __future__ import annotations

import sys
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sample_changes import NOW, cut

from ratewire.announce import send_again
from ratewire.config import WebhookSettings
from ratewire.heartbeat import VARIABLE, beat
from ratewire.services import ServiceClient

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
from hostile_scripts import ANSWERS, MAIL, Play, after_the_request, drip, flood, hostile, say, then

WITHIN = 0.5
SECRET = {"HOOK_SECRET": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo="}


def hooked(desk, port: int):
    hook = WebhookSettings(f"http://127.0.0.1:{port}/", "HOOK_SECRET", timeout=WITHIN)
    made = desk(SECRET, webhooks=(hook,))
    made.record(cut())
    return made


@pytest.mark.parametrize("play", ANSWERS.values(), ids=ANSWERS.keys())
def test_a_webhook_that_answers_so_waits_for_a_later_run(desk, play: Play) -> None:
    with hostile(after_the_request(play)) as server:
        report = hooked(desk, server.port).announce()
    assert (report.accepted, report.refused) == (0, 0)
    assert report.later + report.unknown == 1
    assert not report.ok


def test_a_webhook_is_not_waited_for_until_it_has_dripped_all(desk) -> None:
    with hostile(after_the_request(drip)) as server:
        hooked(desk, server.port).announce()
        assert server.connections >= 1
        assert True not in server.finished


def test_the_body_of_a_webhook_s_answer_is_not_read(desk) -> None:
    play = then(say(b"HTTP/1.1 200 OK\r\ncontent-length: 400\r\n\r\n"), drip)
    with hostile(after_the_request(play)) as server:
        assert hooked(desk, server.port).announce().accepted == 1
        assert True not in server.finished


@pytest.mark.parametrize("play", ANSWERS.values(), ids=ANSWERS.keys())
def test_a_heartbeat_that_answers_so_was_not_heard(play: Play) -> None:
    with hostile(after_the_request(play)) as server:
        environment = {VARIABLE: f"http://127.0.0.1:{server.port}/"}
        assert not beat(environment, pause=lambda _: None, within=WITHIN)


def test_an_answer_is_read_to_a_limit() -> None:
    play = then(say(b"HTTP/1.1 200 OK\r\n\r\n"), flood(b"["))
    with (
        hostile(after_the_request(play)) as server,
        closing(ServiceClient(timeout=60)) as client,
        pytest.raises(Exception, match="longer than any answer"),
    ):
        client.request("GET", f"http://127.0.0.1:{server.port}/")


# ── Mail ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("name", "play"), MAIL.items(), ids=MAIL.keys())
@pytest.mark.parametrize("security", ["none", "tls"])
def test_mail_that_is_answered_so_waits_for_a_later_run(
    mail_desk, smtp, name: str, play: Play, security: str
) -> None:
    with hostile(play) as server:
        settings = {"port": server.port, "timeout": WITHIN, "security": security}
        desk = mail_desk("a@x.example", email=settings)
        desk.record(cut())
        report = desk.announce()
        assert (report.accepted, report.refused) == (0, 0)
        assert not report.ok
        if "drips" in name:
            assert True not in server.finished
    mended = replace(desk.site.announce.email, port=smtp.port, security="none")
    desk.site = replace(desk.site, announce=replace(desk.site.announce, email=mended))
    send_again(desk.site, desk.store, now=NOW + timedelta(hours=1), environment={})
    assert desk.announce(NOW + timedelta(hours=1)).accepted == 1
    assert smtp.addresses == ["a@x.example"]
