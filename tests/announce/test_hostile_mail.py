"""Whatever a page says ends in a mail or a webhook as text, and nowhere as header or markup."""

from __future__ import annotations

import base64
import json
import re
from collections import Counter
from dataclasses import replace
from email.message import EmailMessage
from itertools import islice

import pytest
from hostile_words import HARMLESS, PAYLOADS, check_html, check_text, hostile_changes, hostile_site
from mail_desk import parsed
from sample_changes import NOW

from ratewire.announce.mail import Letters
from ratewire.announce.telling import Telling
from ratewire.announce.webhooks import payload
from ratewire.config import EmailSettings, WebhookSettings
from ratewire.wording.facts import SiteNames
from ratewire.wording.stories import stories

TAGS = {
    *("html", "head", "meta", "title", "style", "body", "h1", "p", "a"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {
    *("lang", "charset", "name", "content", "class", "style", "role", "width", "align", "valign"),
    *("cellpadding", "cellspacing", "scope", "href"),
}
EMAIL = EmailSettings(host="localhost", sender="prices@prices.example")


def tellings(text: str) -> list[Telling]:
    """A mail for each story, and a digest of them all."""
    site = hostile_site(text, email=EMAIL)
    every = stories(hostile_changes(text), SiteNames.of(site))
    return [*(Telling((item,), False, False) for item in every), Telling(every, True, False)]


def mails(text: str) -> list[bytes]:
    letters = Letters(hostile_site(text, email=EMAIL))
    made = (letters.letter(telling, NOW) for telling in tellings(text))
    return [letter.to("a@x.example", "0" * 32, "1" * 32) for letter in made]


def body_of(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


@pytest.fixture(scope="module")
def harmless() -> list[bytes]:
    return mails(HARMLESS)


@pytest.fixture(scope="module", params=PAYLOADS.values(), ids=PAYLOADS.keys())
def text(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_mails_keep_their_headers_and_parts(text, harmless) -> None:
    for body, other in zip(mails(text), harmless, strict=True):
        assert body.isascii()
        assert re.search(rb"[^\r]\n|\r[^\n]", body) is None
        assert max(map(len, body.split(b"\r\n"))) <= 998
        message, plain = parsed(body), parsed(other)
        assert message.keys() == plain.keys()
        assert message["to"] == "a@x.example"
        assert message["from"].addresses[0].addr_spec == "prices@prices.example"
        assert not message.defects
        assert [part.get_content_type() for part in message.walk()] == [
            "multipart/alternative",
            "text/plain",
            "text/html",
        ]
        check_text(message["subject"])
        check_text(body_of(message, "plain"))
        tags = check_html(body_of(message, "html"), TAGS, ATTRIBUTES)
        usual = check_html(body_of(plain, "html"), TAGS, ATTRIBUTES)
        # A link to the official page is there only where its address is a web address.
        assert Counter(tags) - Counter(usual) <= Counter(a=len(tags))
        assert not Counter(usual) - Counter(tags)


def test_webhooks_keep_their_structure(text) -> None:
    for telling in tellings(text):
        body = payload(telling)
        assert body.isascii()
        assert len(body) < 400_000
        data = json.loads(body)
        assert data.keys() == {"type", "timestamp", "data"}
        change = data["data"]["changes"][0] if telling.digest else data["data"]
        rows = (words for row in change["rows"] for words in row.values())
        for words in (change["headline"], change["detail"], *rows):
            check_text(words)
        assert change["source"]["url"] in ("", text)


def test_what_arrives_over_smtp_and_http_is_one_message_each(mail_desk, smtp, http) -> None:
    secret = "whsec_" + base64.b64encode(b"k" * 32).decode()
    desk = mail_desk(
        "a@x.example",
        webhooks=(WebhookSettings(http.url),),
        environment={"RATEWIRE_WEBHOOK_SECRET": secret},
    )
    texts = list(islice((t for k, t in PAYLOADS.items() if k.startswith("lines")), 30))
    for number, each in enumerate(texts):
        site = hostile_site(each, desk.site.root)
        desk.site = replace(site, announce=replace(desk.site.announce, immediate=("passage",)))
        desk.record(replace(hostile_changes(each)[10], id=f"p{number}"))
        report = desk.announce()
        assert (report.accepted, report.ok) == (2, True)
        assert all("\n" not in planned.subject for planned in report.planned)
    assert smtp.addresses == ["a@x.example"] * len(texts)
    assert all(message["bcc"] is None for message in smtp.messages)
    assert len(http.seen) == len(texts)
