"""Mails as a mail program sees them, and the ways to hand them over."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator
from dataclasses import replace
from email.utils import parseaddr, parsedate_to_datetime
from html.parser import HTMLParser

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from mail_desk import MailServer, free_port
from sample_changes import NOW, change, cut, rate, step

from ratewire.announce.mail import address_is_safe


def sent(desk, smtp, *changes):
    desk.record(*(changes or (cut(),)))
    desk.announce()
    return smtp.messages[0]


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag, attrs) -> None:
        self.tags.append((tag, dict(attrs)))


def test_the_headers_are_those_of_automatic_mail(mail_desk, smtp) -> None:
    message = sent(mail_desk("a@x.example"), smtp)
    assert message["from"] == "Example Prices <prices@prices.example>"
    assert message["to"] == "a@x.example"
    assert message["subject"] == "Paint 2 image output: $32.00 → $30.00 per 1M tokens (−6.25%)"
    assert abs((parsedate_to_datetime(message["date"]) - NOW).total_seconds()) < 60
    assert re.fullmatch(r"<[0-9a-f]{32}@prices\.example>", message["message-id"])
    assert message["auto-submitted"] == "auto-generated"
    assert message["list-id"] == "<changes.prices.example>"
    assert not message.defects
    for name in ("From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "List-Id"):
        assert len(message.get_all(name)) == 1


@pytest.mark.parametrize(
    ("unsubscribe", "expected", "one_click"),
    [
        ("", None, None),
        ("mailto:out@x.example", "<mailto:out@x.example>", None),
        ("https://x.example/out", "<https://x.example/out>", "List-Unsubscribe=One-Click"),
    ],
)
def test_unsubscribing(mail_desk, smtp, unsubscribe, expected, one_click) -> None:
    message = sent(mail_desk("a@x.example", email={"unsubscribe": unsubscribe}), smtp)
    assert message["list-unsubscribe"] == expected
    assert message["list-unsubscribe-post"] == one_click


def test_the_unsubscribe_address_can_be_each_recipients_own(mail_desk, smtp) -> None:
    where = {"unsubscribe": "https://x.example/out/{recipient}"}
    desk = mail_desk("a@x.example", "b@x.example", email=where)
    sent(desk, smtp)
    found = {message["list-unsubscribe"] for message in smtp.messages}
    assert len(found) == 2
    assert all(re.fullmatch(r"<https://x\.example/out/[0-9a-f]{32}>", each) for each in found)


def test_a_mail_is_in_the_language_of_the_site(mail_desk, smtp) -> None:
    desk = mail_desk("a@x.example", email={"unsubscribe": "mailto:out@x.example"})
    desk.site = replace(desk.site, settings=replace(desk.site.settings, language="de"))
    message = sent(desk, smtp)
    subject = "Paint 2 Bildausgabe: 32,00 $ → 30,00 $ pro 1 Mio. Tokens (−6,25 %)"
    assert message["subject"].replace("\u00a0", " ") == subject
    text, page = (message.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert '<html lang="de">' in page
    for content in (text, page):
        for words in ("Diese Änderung mit ihrem Beleg", "auf der Liste dieser Site", "geändert"):
            assert words in content
        assert not re.search(r"\b(?:This|What|Before|before|evidence|mail program)\b", content)
    assert "  vorher:  32,00\u00a0$ pro 1 Mio. Tokens" in text


def test_text_and_html_say_the_same(mail_desk, smtp) -> None:
    message = sent(mail_desk("a@x.example"), smtp)
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    for kind in ("plain", "html"):
        content = message.get_body((kind,)).get_content()
        for words in (
            "Paint 2 image output",
            "$32.00 per 1M tokens",
            "$30.00 per 1M tokens",
            "−6.25%",
            "https://prices.example/changes/cut/",
            "https://acme.example/pricing",
        ):
            assert words in content


def test_the_html_loads_nothing_and_follows_dark_mode(mail_desk, smtp) -> None:
    content = sent(mail_desk("a@x.example"), smtp).get_body(("html",)).get_content()
    page = Links()
    page.feed(content)
    assert {tag for tag, _ in page.tags}.isdisjoint({"img", "script", "link", "iframe", "form"})
    assert all(attrs["href"].startswith("https://") for tag, attrs in page.tags if tag == "a")
    assert "url(" not in content
    assert "prefers-color-scheme: dark" in content
    assert 'name="color-scheme" content="light dark"' in content


def test_lines_are_as_short_as_smtp_wants_them_and_the_bytes_ascii(mail_desk, smtp) -> None:
    many = [step(rate("2", size=str(n)), rate("1", size=str(n))) for n in range(80)]
    sent(mail_desk("a@x.example"), smtp, change("many", *many))
    body = smtp.mails[0][1]
    assert body.isascii()
    assert all(len(line) <= 998 for line in body.split(b"\r\n"))
    assert b"\n" not in body.replace(b"\r\n", b"")
    assert "30 more are on the page" in smtp.messages[0].get_body(("plain",)).get_content()


def test_the_same_news_on_the_same_day_is_the_same_mail(mail_desk, smtp) -> None:
    desk = mail_desk("a@x.example", "b@x.example")
    sent(desk, smtp)
    first, second = (re.sub(rb"(To|Message-ID): [^\r]+", b"", body) for _, body in smtp.mails)
    assert first == second


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("a@x.example", True),
        ("a+b.c@sub.x.example", True),
        ("a@x.example\r\nBcc: b@x.example", False),
        ("a@x.example b@x.example", False),
        ("a@x.example,b@x.example", False),
        ("A <a@x.example>", False),
        ('"a b"@x.example', False),
        ("@x.example", False),
        ("a@", False),
        ("a", False),
        ("ä@x.example", False),
        ("a@x.example\0", False),
        ("a" * 250 + "@x.example", False),
    ],
)
def test_which_addresses_can_stand_in_a_header(address: str, safe: bool) -> None:
    assert address_is_safe(address) is safe


def test_a_line_that_starts_with_a_dot_arrives_whole(mail_desk, smtp) -> None:
    desk = mail_desk("a@x.example")
    dotted = step(rate("2", label=".", product="unknown"), rate("1", label=".", product="unknown"))
    message = sent(desk, smtp, change("dot", dotted))
    assert "\n. image output" in message.get_body(("plain",)).get_content()


# ── Handing over ─────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trust(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


# Over implicit TLS the server cannot know that its transport is secure.
allow_auth = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


@pytest.fixture(params=["starttls", "tls"])
def guarded(request, authority: trustme.CA) -> Iterator[tuple[str, MailServer]]:
    """A server that wants TLS, and a name and password."""
    server = MailServer(host="localhost", port=free_port())
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)

    def authenticate(_server, _session, _envelope, _mechanism, data) -> AuthResult:
        return AuthResult(success=data == LoginPassword(b"me", b"secret"), handled=False)

    options = {"auth_required": True, "authenticator": authenticate}
    where = {"hostname": "127.0.0.1", "port": server.port}
    if request.param == "tls":
        controller = Controller(
            server, ssl_context=context, auth_require_tls=False, **where, **options
        )
    else:
        controller = WithStartTls(context, server, **where, **options)
    controller.start()
    yield request.param, server
    controller.stop()


class WithStartTls(Controller):
    def __init__(self, context: ssl.SSLContext, handler, **more) -> None:
        self.context = context
        super().__init__(handler, **more)

    def factory(self) -> SMTP:
        return SMTP(
            self.handler, tls_context=self.context, require_starttls=True, **self.SMTP_kwargs
        )


def secured(mail_desk, guarded, password: str = "secret"):
    security, server = guarded
    return mail_desk(
        "a@x.example",
        email={"security": security, "host": server.host, "port": server.port, "user": "me"},
        environment={"RATEWIRE_SMTP_PASSWORD": password},
    )


@allow_auth
def test_mail_goes_over_tls_with_name_and_password(mail_desk, guarded, trust) -> None:
    desk = secured(mail_desk, guarded)
    desk.record(cut())
    assert desk.announce(tls=trust).accepted == 1
    assert guarded[1].addresses == ["a@x.example"]


@allow_auth
def test_a_server_that_cannot_be_trusted_gets_nothing(mail_desk, guarded) -> None:
    desk = secured(mail_desk, guarded)
    desk.record(cut())
    report = desk.announce()
    assert "CERTIFICATE_VERIFY_FAILED" in report.troubles[0]
    assert not guarded[1].mails


@allow_auth
def test_a_wrong_password_is_a_trouble_and_loses_nothing(mail_desk, guarded, trust) -> None:
    desk = secured(mail_desk, guarded, "wrong")
    desk.record(cut())
    report = desk.announce(tls=trust)
    assert "535" in report.troubles[0]
    assert (report.accepted, report.refused) == (0, 0)
    desk.environment["RATEWIRE_SMTP_PASSWORD"] = "secret"
    assert desk.announce(tls=trust).accepted == 1


def test_mail_never_falls_back_to_plain_text(mail_desk, smtp) -> None:
    desk = mail_desk("a@x.example", email={"security": "starttls"})
    desk.record(cut())
    report = desk.announce()
    assert "STARTTLS" in report.troubles[0]
    assert not smtp.mails


def test_a_refused_sender_kills_no_message(mail_desk, smtp) -> None:
    async def refuse(server, session, envelope, address, options):
        return "550 not from you"

    smtp.handle_MAIL = refuse
    desk = mail_desk("a@x.example", "b@x.example")
    desk.record(cut())
    report = desk.announce()
    assert "refuses the sender" in report.troubles[0]
    assert (report.refused, report.dead) == (0, 0)
    del smtp.handle_MAIL
    assert desk.announce().accepted == 2


def test_a_server_that_closes_between_mails_is_called_again(mail_desk, smtp) -> None:
    desk = mail_desk(*(f"r{n}@x.example" for n in range(4)))
    desk.record(cut())
    smtp.rcpt = lambda address: "421 closing" if address.startswith("r1") else "250 OK"
    report = desk.announce()
    assert (report.accepted, report.later) == (3, 1)


def test_the_senders_address_is_the_envelopes(mail_desk, smtp) -> None:
    seen = []

    async def look(server, session, envelope, address, options):
        envelope.mail_from = address
        seen.append(address)
        return "250 OK"

    smtp.handle_MAIL = look
    desk = mail_desk("a@x.example")
    sender = replace(desk.site.announce.email, sender="Préis <p@x.example>")
    desk.site = replace(desk.site, announce=replace(desk.site.announce, email=sender))
    message = sent(desk, smtp)
    assert seen == ["p@x.example"]
    assert parseaddr(str(message["from"])) == ("Préis", "p@x.example")
