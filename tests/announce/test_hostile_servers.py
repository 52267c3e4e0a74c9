"""Servers that drip, flood, lie and hang up: a run ends, says so, and loses nothing."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hostile_servers import drip, flood, hostile
from sample_changes import NOW, cut

from scraper.config import WebhookSettings
from scraper.heartbeat import VARIABLE, beat
from scraper.services import ServiceClient

WITHIN = 0.5
SECRET = {"HOOK_SECRET": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo="}
OK = b"HTTP/1.1 204 No Content\r\n"

Play = Callable[[socket.socket], None]


def say(data: bytes) -> Play:
    return lambda connection: connection.sendall(data)


def then(*steps: Play) -> Play:
    def played(connection: socket.socket) -> None:
        for step in steps:
            step(connection)

    return played


def after_the_request(play: Play) -> Play:
    return then(lambda connection: connection.recv(65_536), play)


def moved(place: bytes) -> Play:
    return say(b"HTTP/1.1 302 Found\r\nlocation: " + place + b"\r\ncontent-length: 0\r\n\r\n")


ANSWERS: dict[str, Play] = {
    "drips its first line": drip,
    "drips its headers": then(say(OK + b"x: "), drip),
    "floods headers": then(say(OK), flood(b"a: b\r\n")),
    "one endless header": then(say(OK + b"x: "), flood(b"y")),
    "no HTTP": say(b"\x00\xff\r\n\r\n"),
    "no status": say(b"HTTP/1.1 9999999 No\r\n\r\n"),
    "hangs up": say(b"HTTP/1.1 2"),
    "closes": socket.socket.close,
    "moved to no address": moved(b"http://[::1"),
    "moved to no name": moved(b"http://\xff\xfe/"),
    "moved to no host": moved(b"//"),
    "moved to no port": moved(b"http://a:99999999/"),
    "moved to a control character": moved(b"\x01"),
    "moved to no IDNA name": moved(b"http://xn--/"),
    "moved to an endless name": moved(b"http://" + b"a" * 300 + b"/"),
    "moved to an endless query": moved(b"?" * 70_000),
}


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
    assert not report.well


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
        ServiceClient(timeout=60) as client,
        pytest.raises(Exception, match="longer than any answer"),
    ):
        client.request("GET", f"http://127.0.0.1:{server.port}/")


# ── Mail ─────────────────────────────────────────────────────────────────────────────────────

GREETING = b"220 mx.example ESMTP\r\n"


def script(*replies: Play) -> Play:
    """The greeting, then a reply for each thing that the client says."""

    def played(connection: socket.socket) -> None:
        for number, reply in enumerate(replies):
            if number and not connection.recv(65_536):
                return
            reply(connection)
        connection.recv(65_536)

    return played


DELIVERED = tuple(
    map(say, (GREETING, b"250 mx.example\r\n", b"250 OK\r\n", b"250 OK\r\n", b"354 Go on\r\n"))
)
"""Up to the body."""
STEPS = range(len(DELIVERED) + 1)
MAIL: dict[str, Play] = {
    "floods its greeting": script(flood(b"220-more\r\n")),
    "one endless line": script(flood(b"2")),
    "no reply": script(say(b"\x00\xff\x00\r\n")),
    **{f"drips reply {step}": script(*DELIVERED[:step], drip) for step in STEPS},
    **{f"hangs up at {step}": script(*DELIVERED[:step], socket.socket.close) for step in STEPS},
}


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
        assert not report.well
        if "drips" in name:
            assert True not in server.finished
    mended = replace(desk.site.announce.email, port=smtp.port, security="none")
    desk.site = replace(desk.site, announce=replace(desk.site.announce, email=mended))
    assert desk.announce(NOW + timedelta(hours=1)).accepted == 1
    assert smtp.addresses == ["a@x.example"]
