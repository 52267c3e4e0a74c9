"""The service over HTTP: what a reader, a link scanner, a mail program and a stranger get."""

from __future__ import annotations

import asyncio
import logging
import re
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from rich.logging import RichHandler
from running import SITE, TOKEN, Running, link_of, text_of, token_of, wait_for

from ratewire.apps.subscriptions.links import Purpose
from ratewire.config import Product, Site

BEARER = {"authorization": f"Bearer {TOKEN}"}


def whole(answer: httpx.Response) -> tuple[int, list[tuple[str, str]], bytes]:
    """All of an answer but the time of it."""
    headers = [(k, v) for k, v in answer.headers.multi_items() if k != "date"]
    return answer.status_code, headers, answer.content


# ── A reader ─────────────────────────────────────────────────────────────────────────────────


def test_a_reader_subscribes_changes_and_leaves(
    running: Callable[..., Running], database: str
) -> None:
    it = running(database=database)
    assert "Look into your mail" in it.sign_up("reader@example.org").text
    mail = it.mail()
    assert mail["to"] == "reader@example.org"
    assert mail["subject"] == "Confirm your subscription to Example Prices"
    assert mail["auto-submitted"] == "auto-generated"
    link = link_of(mail)
    assert link.startswith(f"{it.url}/confirm?t=")
    assert it.recipients() == []
    asked = it.client.get(link)
    assert "Confirm your subscription" in asked.text
    assert it.recipients() == [], "opening the link confirms nothing"
    done = it.client.post("/confirm", data={"t": token_of(link)})
    assert "You are subscribed" in done.text
    (recipient,) = it.recipients()
    assert recipient["address"] == "reader@example.org"
    assert (recipient["products"], recipient["kinds"], recipient["digest"]) == ([], [], "")

    token = token_of(recipient["preferences"])
    page = it.client.get(recipient["preferences"])
    assert page.text.count("checked") == 1  # at once
    wanted = {"t": token, "product": "paint-2", "kind": ["rate_up", "limit"], "digest": "weekly"}
    saved = it.client.post("/preferences", data=wanted)
    assert "Saved." in saved.text
    assert saved.text.count("checked") == 4
    (recipient,) = it.recipients()
    assert recipient["products"] == ["paint-2"]
    assert recipient["kinds"] == ["rate_up", "limit"]
    assert recipient["digest"] == "weekly"

    asked = it.client.get(recipient["unsubscribe"])
    assert len(it.recipients()) == 1, "opening the link ends nothing"
    assert "<button>Unsubscribe</button>" in asked.text
    ended = it.client.post("/unsubscribe", data={"t": token_of(recipient["unsubscribe"])})
    assert "your address is erased" in ended.text
    assert it.recipients() == []
    assert it.client.get(recipient["preferences"]).status_code == 410


def test_one_click_of_a_mail_program(running: Callable[..., Running]) -> None:
    """RFC 8058: a POST to the link, without cookies or a page before it."""
    it = running()
    it.subscribe("reader@example.org")
    link = it.recipients()[0]["unsubscribe"]
    answer = httpx.post(link, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert it.recipients() == []
    assert httpx.post(link, data={"List-Unsubscribe": "One-Click"}).status_code == 200


def test_one_click_as_multipart(running: Callable[..., Running]) -> None:
    it = running()
    it.subscribe("reader@example.org")
    link = it.recipients()[0]["unsubscribe"]
    assert httpx.post(link, files={"List-Unsubscribe": (None, "One-Click")}).status_code == 200
    assert it.recipients() == []


def test_who_is_subscribed_already_gets_their_links(running: Callable[..., Running]) -> None:
    it = running()
    it.subscribe("reader@example.org")
    it.sign_up("reader@example.org")
    mail = it.mail(2)
    assert mail["subject"] == "Your subscription to Example Prices"
    assert link_of(mail).startswith(f"{it.url}/preferences?t=")
    assert f"{it.url}/unsubscribe?t=" in text_of(mail)
    assert it.client.get(link_of(mail)).status_code == 200
    assert len(it.recipients()) == 1


def test_wishes_can_be_told_when_signing_up(running: Callable[..., Running]) -> None:
    it = running()
    it.sign_up("reader@example.org", product="draw-1", digest="daily", kind="no such kind")
    it.client.post("/confirm", data={"t": token_of(link_of(it.mail()))})
    (one,) = it.recipients()
    assert (one["products"], one["kinds"], one["digest"]) == (["draw-1"], [], "daily")


@pytest.mark.parametrize("path", ["/confirm", "/preferences", "/unsubscribe"])
@pytest.mark.parametrize("token", ["", "x", "a.b.c", "%00", "é", "x" * 5000])
def test_a_link_that_is_no_good(running: Callable[..., Running], path: str, token: str) -> None:
    it = running()
    for answer in (
        it.client.get(path, params={"t": token}),
        it.client.post(path, data={"t": token}),
    ):
        assert answer.status_code == 410
        assert "This link does not work" in answer.text
        assert 'action="/subscribe"' in answer.text


def test_old_links(running: Callable[..., Running]) -> None:
    it = running()
    it.sign_up("late@example.org")
    late = link_of(it.mail())
    it.subscribe("reader@example.org")
    (one,) = it.recipients()
    it.clock.later = timedelta(days=3)
    assert "too old" in it.client.get(late).text
    assert it.client.post("/confirm", data={"t": token_of(late)}).status_code == 410
    assert it.client.get(one["preferences"]).status_code == 200
    it.clock.later = timedelta(days=91)
    assert it.client.get(one["preferences"]).status_code == 410
    assert it.client.get(one["unsubscribe"]).status_code == 200
    assert httpx.post(one["unsubscribe"]).status_code == 200
    assert it.recipients() == []


def test_two_confirm_at_once(running: Callable[..., Running], database: str) -> None:
    it = running(database=database)
    it.sign_up("reader@example.org")
    form = {"t": token_of(link_of(it.mail()))}

    async def both() -> list[httpx.Response]:
        async with httpx.AsyncClient(base_url=it.client.base_url, timeout=20) as client:
            return list(await asyncio.gather(*(client.post("/confirm", data=form) for _ in "ab")))

    assert [answer.status_code for answer in asyncio.run(both())] == [200, 200]
    assert len(it.recipients()) == 1


def test_many_sign_up_at_once(running: Callable[..., Running]) -> None:
    it = running(per_client=1000)

    async def all_of_them() -> list[httpx.Response]:
        async with httpx.AsyncClient(base_url=it.client.base_url, timeout=60) as client:
            forms = ({"email": f"reader{n}@example.org"} for n in range(60))
            return list(
                await asyncio.gather(*(client.post("/subscribe", data=form) for form in forms))
            )

    answers = asyncio.run(all_of_them())
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    it.mail(60)
    assert len(set(it.smtp.addresses)) == 60


# ── A stranger ───────────────────────────────────────────────────────────────────────────────


def test_the_answer_does_not_tell_who_is_known(running: Callable[..., Running]) -> None:
    it = running()
    it.subscribe("known@example.org")
    it.sign_up("pending@example.org")
    it.mail(2)
    it.subscribe("bounced@example.org")
    serial = next(r["id"] for r in it.recipients() if r["address"] == "bounced@example.org")
    it.service.roll.bounce(serial=serial, hard=True, complaint=False)
    it.subscribe("left@example.org")
    left = next(r for r in it.recipients() if r["address"] == "left@example.org")
    httpx.post(left["unsubscribe"])
    names = ("known", "pending", "bounced", "left", "unknown")
    answers = [whole(it.sign_up(f"{name}@example.org")) for name in names]
    assert all(answer == answers[0] for answer in answers)
    assert b"example.org" not in answers[0][2]
    # Nor once an address is written to no more in this hour.
    again = [whole(it.sign_up(f"{name}@example.org")) for name in names for _ in range(4)]
    assert all(answer == answers[0] for answer in again)


def test_signing_up_is_the_same_work(running: Callable[..., Running], monkeypatch: Any) -> None:
    """The same statements in the same order, whoever it is."""
    import sqlalchemy as sa

    it = running()
    it.subscribe("known@example.org")
    done: list[str] = []
    engine = it.service.roll._engine
    it.service.roll.bounce(serial=it.recipients()[0]["id"], hard=True, complaint=False)
    it.subscribe("member@example.org")
    wait_for(lambda: it.service.roll.totals()["letters"] == 0)
    monkeypatch.setattr(it.service.roll, "take_letter", lambda: None)  # no sender in between
    sa.event.listen(engine, "before_cursor_execute", lambda *about: done.append(about[2]))
    works = []
    for name in ("known", "member", "unknown"):
        done.clear()
        it.service.roll.sign_up(f"{name}@example.org", per_address=9)
        works.append(list(done))
    assert works[0] == works[1] == works[2]
    assert len(works[0]) >= 4


def test_an_address_is_written_to_three_times_an_hour(running: Callable[..., Running]) -> None:
    it = running()
    for _ in range(6):
        assert it.sign_up("reader@example.org").status_code == 200
    it.mail(3)
    it.sign_up("other@example.org")
    it.mail(4)
    assert it.smtp.addresses.count("reader@example.org") == 3


def test_a_client_may_enter_so_many_addresses_an_hour(running: Callable[..., Running]) -> None:
    it = running(per_client=2)
    answers = [it.sign_up(f"r{n}@example.org") for n in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].headers["retry-after"] == "3600"
    # What a client says of itself is not believed.
    forged = {"x-forwarded-for": "203.0.113.9"}
    assert (
        it.client.post("/subscribe", data={"email": "a@example.org"}, headers=forged).status_code
        == 429
    )
    it.clock.later = timedelta(hours=1)
    assert it.sign_up("r4@example.org").status_code == 200


def test_behind_a_proxy_that_one_named(running: Callable[..., Running]) -> None:
    it = running(per_client=1, proxy="127.0.0.1")

    def sign_up(n: int, client: str) -> int:
        headers = {"x-forwarded-for": client}
        return it.client.post(
            "/subscribe", data={"email": f"r{n}@example.org"}, headers=headers
        ).status_code

    assert sign_up(1, "203.0.113.1") == 200
    assert sign_up(2, "203.0.113.2") == 200
    assert sign_up(3, "203.0.113.1") == 429
    # Before the proxy's own word stands what the client claimed.
    assert sign_up(4, "198.51.100.1, 203.0.113.2") == 429
    assert sign_up(5, "2001:db8:1:2::3") == 200
    assert sign_up(6, "2001:db8:1:2:ffff::4") == 429


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"origin": SITE}, 200),
        ({"origin": SITE, "sec-fetch-site": "cross-site"}, 200),
        ({"origin": "null", "sec-fetch-site": "same-origin"}, 200),
        ({"origin": "https://elsewhere.example"}, 403),
        ({"origin": "https://elsewhere.example", "sec-fetch-site": "cross-site"}, 403),
        ({"origin": "null", "sec-fetch-site": "cross-site"}, 403),
        ({"origin": f"{SITE}.elsewhere.example", "sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
    ],
)
def test_a_form_on_another_site_signs_nobody_up(
    running: Callable[..., Running], headers: dict[str, str], status: int
) -> None:
    it = running()
    form = {"email": "reader@example.org"}
    assert it.client.post("/subscribe", data=form, headers=headers).status_code == status
    assert it.service.roll.totals()["pending"] == (1 if status == 200 else 0)


@pytest.mark.parametrize("path", ["/confirm", "/preferences", "/unsubscribe"])
def test_a_form_on_another_site_changes_nothing(running: Callable[..., Running], path: str) -> None:
    it = running()
    it.sign_up("reader@example.org")
    token = token_of(link_of(it.mail()))
    if path != "/confirm":
        it.client.post("/confirm", data={"t": token})
        token = token_of(it.recipients()[0][path.strip("/")])
    before = it.recipients()
    for site in ("cross-site", "same-site"):
        answer = it.client.post(
            path, data={"t": token, "digest": "daily"}, headers={"sec-fetch-site": site}
        )
        assert answer.status_code == 403
    assert [row["digest"] for row in it.recipients()] == [row["digest"] for row in before]


@pytest.mark.parametrize(
    "headers", [{}, {"authorization": "Bearer wrong"}, {"authorization": TOKEN + "x"}]
)
def test_the_recipients_are_for_who_has_the_token(
    running: Callable[..., Running], headers: dict[str, str]
) -> None:
    it = running()
    it.subscribe("reader@example.org")
    for answer in (
        it.client.get("/recipients", headers=headers),
        it.client.post("/bounce", content=b"", headers=headers),
    ):
        assert answer.status_code == 401
        assert "reader" not in answer.text


def test_without_a_token_nobody_is_told(running: Callable[..., Running]) -> None:
    it = running()
    object.__setattr__(it.service, "token", "")
    for headers in ({}, {"authorization": "Bearer"}, BEARER):
        assert it.client.get("/recipients", headers=headers).status_code == 401


def test_what_is_too_much(running: Callable[..., Running]) -> None:
    it = running()
    assert it.client.post("/subscribe", content=b"email=" + b"x" * 20_000).status_code == 413
    many = b"&".join(b"a=1" for _ in range(3000))
    assert it.client.post("/subscribe", content=many).status_code == 422
    assert it.client.post("/subscribe", content=b"\xff\xfe=\xff").status_code == 422
    assert it.client.get("/subscribe").status_code == 405
    assert it.client.get("/nowhere").status_code == 404
    assert it.client.get("/assets/../pages.py").status_code == 404
    assert it.client.get("/assets/%2e%2e%2fservice.py").status_code == 404


# ── Hostile words ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "typed",
    [
        "reader@example.org\r\nBcc: victim@example.org", '"><script>alert(1)</script>@example.org',
        "bücher@example.org", "x" * 300 + "@example.org", '"a b"@example.org', "", "a@b@c",
    ],
)  # fmt: skip
def test_what_is_no_address_is_told_and_not_kept(
    running: Callable[..., Running], typed: str
) -> None:
    it = running()
    answer = it.sign_up(typed)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert "<script>" not in answer.text
    assert it.service.roll.totals()["pending"] == 0
    assert it.smtp.mails == []


def test_hostile_names_of_products(running: Callable[..., Running]) -> None:
    names = ('<img src=x onerror="alert(1)">', "{{ 7*7 }}", "a\u202eb\x00c", "x" * 4000, "'\"&")

    def hostile(site: Site) -> Site:
        products = tuple(Product(f"p{n}", name, "Acme") for n, name in enumerate(names))
        settings = replace(site.settings, title="<b>T</b>\r\nBcc: x@example.org", notice="<i>n</i>")
        return replace(site, products=products, settings=settings)

    it = running(site=hostile)
    page = it.subscribe("reader@example.org")
    assert not re.search(r"<(img|b|i)[ >]", page)
    assert "{{ 7*7 }}" in page
    assert "\u202e" not in page
    assert len(page) < 20_000
    mail = it.smtp.messages[0]
    assert mail["bcc"] is None
    assert mail.get_all("to") == ["reader@example.org"]
    html = mail.get_body(("html",))
    assert html is not None
    assert "<b>" not in html.get_content()


@pytest.mark.parametrize("path", ["/", "/confirm?t=x", "/nowhere", "/unsubscribe?t=x"])
def test_every_page_keeps_its_links_to_itself(running: Callable[..., Running], path: str) -> None:
    it = running()
    answer = it.client.get(path)
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "script" not in answer.text
    assert "style=" not in answer.text
    assert "set-cookie" not in answer.headers
    assert "server" not in answer.headers


def test_the_look_is_the_sites_own(running: Callable[..., Running]) -> None:
    it = running()
    templates = it.site.templates / "assets"
    templates.mkdir(parents=True)
    (templates / "style.css").write_text("html { color: teal }")
    (templates / "of.many.parts.css").write_text("")
    assert it.client.get("/assets/style.css").text == "html { color: teal }"
    assert it.client.get("/assets/favicon.svg").headers["content-type"] == "image/svg+xml"


# ── Mail that does not go out, and mail that comes back ──────────────────────────────────────


def test_a_mail_server_that_is_away(running: Callable[..., Running], tmp_path: Any) -> None:
    it = running()
    answers = []

    def waits() -> bool:
        """The letter was taken, refused and put off, and not only taken."""
        with sqlite3.connect(tmp_path / "subscriptions" / "subscriptions.db") as connection:
            rows = connection.execute("SELECT next_at FROM letters WHERE tries = 1").fetchall()
        return bool(rows) and rows[0][0] - it.clock().timestamp() < 100

    def later(address: str) -> str:
        answers.append(address)
        return "451 later" if len(answers) < 2 else "250 OK"

    it.smtp.rcpt = later
    it.sign_up("reader@example.org")
    wait_for(waits)
    assert len(answers) == 1
    assert it.smtp.mails == []
    it.clock.later = timedelta(minutes=2)
    it.sign_up("other@example.org")  # wakes the sender
    it.mail(2)
    assert sorted(it.smtp.addresses) == ["other@example.org", "reader@example.org"]


def test_an_address_that_the_mail_server_refuses(running: Callable[..., Running]) -> None:
    it = running()
    it.smtp.rcpt = lambda address: "550 nobody here"
    it.sign_up("nobody@example.org")
    wait_for(lambda: it.service.roll.totals()["bounced"] == 1)
    assert it.service.roll.totals()["pending"] == 0


@pytest.mark.parametrize(
    ("said", "bounced"),
    [
        ("550 5.1.1 nobody here", 1),
        ("550 5.2.1 the mailbox is closed", 1),
        ("552 5.2.2 the mailbox is full", 0),
        ("550 5.7.1 we do not like your network", 0),
        ("554 5.3.4 the message is too big", 0),
    ],
)
def test_only_what_is_the_addresss_own_fault_ends_it(
    running: Callable[..., Running], tmp_path: Any, said: str, bounced: int
) -> None:
    it = running()
    it.smtp.rcpt = lambda address: said
    it.sign_up("reader@example.org")

    def settled() -> bool:
        with sqlite3.connect(tmp_path / "subscriptions" / "subscriptions.db") as connection:
            rows = connection.execute("SELECT tries, next_at FROM letters").fetchall()
        now = it.clock().timestamp()
        return not rows or (rows[0][0] == 1 and 0 < rows[0][1] - now < 100)

    wait_for(lambda: it.service.roll.totals()["bounced"] == bounced and settled())
    assert it.service.roll.totals()["bounced"] == bounced
    assert it.service.roll.totals()["pending"] == 1 - bounced


def test_a_relay_that_is_closed_ends_nobody_s_subscription(
    running: Callable[..., Running], tmp_path: Path
) -> None:
    it = running()
    answers = ["550 relay not permitted"]
    it.smtp.rcpt = lambda address: answers.pop() if answers else "250 OK"
    it.sign_up("reader@example.org")

    def is_postponed() -> bool:
        with sqlite3.connect(tmp_path / "subscriptions" / "subscriptions.db") as connection:
            rows = connection.execute("SELECT tries, next_at FROM letters").fetchall()
        return bool(rows) and rows[0][0] == 1 and 0 < rows[0][1] - it.clock().timestamp() < 100

    wait_for(is_postponed)
    assert not answers
    it.clock.later = timedelta(minutes=2)
    it.sign_up("other@example.org")  # wakes the sender
    it.mail(2)
    assert sorted(it.smtp.addresses) == ["other@example.org", "reader@example.org"]
    assert it.service.roll.totals()["bounced"] == 0


def test_a_letter_that_cannot_be_written_keeps_nobody_from_theirs(
    running: Callable[..., Running], caplog: pytest.LogCaptureFixture
) -> None:
    it = running()
    letter = it.service.post._writer.letter

    def write(to: Any, number: int, now: Any) -> bytes:
        if to.address.startswith("odd"):
            raise IndexError(to.address)
        return letter(to, number, now)

    it.service.post._writer.letter = write  # type: ignore[method-assign]
    for number in range(5):
        it.sign_up(f"odd{number}@example.org")
    it.sign_up("reader@example.org")
    it.mail(1)
    assert it.smtp.addresses == ["reader@example.org"]
    assert "odd" not in caplog.text


@pytest.mark.parametrize("path", ["", "bounces+{recipient}@prices.example"])
def test_where_letters_come_back_to(
    running: Callable[..., Running], path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    it = running(email={"return_path": path})
    seen: list[str] = []
    handle = type(it.smtp).handle_DATA

    async def look(self: Any, server: Any, session: Any, envelope: Any) -> str:
        seen.append(envelope.mail_from)
        return str(await handle(self, server, session, envelope))

    monkeypatch.setattr(type(it.smtp), "handle_DATA", look)
    it.subscribe("reader@example.org")
    serial = it.recipients()[0]["id"]
    assert seen == [path.replace("{recipient}", serial) or "prices@prices.example"]


def test_a_bounce_by_its_own_door(running: Callable[..., Running]) -> None:
    it = running()
    it.subscribe("reader@example.org")
    serial = it.recipients()[0]["id"]
    report = (
        f"To: bounces+{serial}@prices.example\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
        "Final-Recipient: rfc822; reader@example.org\r\nAction: failed\r\n"
        "Status: 5.1.1\r\n\r\n--b--\r\n"
    )
    answer = it.client.post("/bounce", content=report.encode(), headers=BEARER)
    assert answer.json() == {"reports": ["ended"]}
    assert it.recipients() == []


# ── The log ──────────────────────────────────────────────────────────────────────────────────


HOST = "readers.example"
NAMES = ("wellknown", "nobody-is-here", "sometimes", "unlucky", "once-again")


def test_no_address_is_written_anywhere(
    running: Callable[..., Running], caplog: pytest.LogCaptureFixture, capfd: Any, tmp_path: Any
) -> None:
    """At no level, by nobody: neither when all is well nor when all goes wrong."""
    caplog.set_level(logging.DEBUG)
    for handler in logging.getLogger().handlers:
        if isinstance(handler, RichHandler):  # of an earlier test's command
            logging.getLogger().removeHandler(handler)
    for name in ("uvicorn", "uvicorn.error", "sqlalchemy.engine", "asyncio", "ratewire"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    # No line of this test that a warning may show has an address in it.
    known, refused, later, unlucky, again = (f"{name}@{HOST}" for name in NAMES)
    it = running()
    it.subscribe(known)
    it.smtp.rcpt = lambda address: f"550 <{address}> nobody here"
    it.sign_up(refused)
    wait_for(lambda: it.service.roll.totals()["bounced"] == 1)
    it.smtp.rcpt = lambda address: f"450 <{address}> later"
    it.sign_up(later)
    it.client.post("/confirm", data={"t": f"x {known}"})
    it.client.get(f"/{known}")
    file = tmp_path / "subscriptions" / "subscriptions.db"
    with sqlite3.connect(file) as connection:
        connection.execute("DROP TABLE letters")
    answer = it.sign_up(unlucky)
    assert answer.status_code == 503
    assert NAMES[3] not in answer.text
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert it.sign_up(again).status_code == 503, "it still answers"
    it.close()
    others = ("mail.", "http")  # the mail server and the client of this test
    records = [one for one in caplog.records if not one.name.startswith(others)]
    format = logging.Formatter("%(name)s %(message)s").format
    written = "\n".join(map(format, records)) + "".join(capfd.readouterr())
    assert "did not do what it was asked" in written
    assert "the mail server answered 450" in written
    for name in (*NAMES, HOST):
        assert name not in written
    for name in ("uvicorn", "uvicorn.error", "sqlalchemy.engine", "asyncio", "ratewire"):
        logging.getLogger(name).setLevel(logging.NOTSET)


def test_a_token_names_no_address(running: Callable[..., Running]) -> None:
    import base64

    it = running()
    it.subscribe("reader@example.org")
    token = str(it.service.links.token(Purpose.UNSUBSCRIBE, it.recipients()[0]["id"]))
    for part in token.split("."):
        assert b"reader" not in base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
