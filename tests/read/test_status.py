"""Status feeds: JSON, RSS and Atom, honest, malformed and hostile."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratewire.errors import ReadError
from ratewire.model import Capture, Impact, Incident, Source, SourceKind
from ratewire.read.status import read_status

URL = "https://status.example.com/api/v2/incidents.json"


def source(kind: SourceKind = SourceKind.STATUS) -> Source:
    return Source("status", "Status", "Example", URL, kind=kind)


def capture(body: str | bytes, media_type: str = "") -> Capture:
    raw = body.encode() if isinstance(body, str) else body
    return Capture(URL, raw, datetime(2026, 4, 1, tzinfo=UTC), media_type=media_type)


def read(body: str | bytes) -> tuple[Incident, ...]:
    facts = read_status(capture(body), source())
    assert facts is not None
    return facts.incidents


def entry(**changes: Any) -> dict[str, Any]:
    return {
        "id": "abc1",
        "name": "Elevated error rates",
        "status": "investigating",
        "impact": "major",
        "created_at": "2026-03-31T10:00:00.000Z",
        "started_at": "2026-03-31T09:55:00.000-07:00",
        "resolved_at": None,
        "shortlink": "https://stspg.example/abc1",
        "components": [{"name": "API"}, {"name": "Console"}],
        "incident_updates": [{"body": "We are looking into it."}],
    } | changes


def document(*entries: object, **more: object) -> str:
    return json.dumps({"page": {"id": "p"}, "incidents": list(entries), **more})


def test_json_incident() -> None:
    (incident,) = read(document(entry()))
    assert incident == Incident(
        "abc1",
        "Elevated error rates",
        Impact.MAJOR,
        datetime(2026, 3, 31, 16, 55, tzinfo=UTC),
        None,
        ("API", "Console"),
        "https://stspg.example/abc1",
    )
    assert incident.evidence.excerpt == "Elevated error rates: We are looking into it."


@pytest.mark.parametrize(
    ("changes", "name", "expected"),
    [
        ({"started_at": None}, "started_at", datetime(2026, 3, 31, 10, tzinfo=UTC)),
        (
            {"resolved_at": "2026-03-31T18:00:00Z", "status": "resolved"},
            "resolved_at",
            datetime(2026, 3, 31, 18, tzinfo=UTC),
        ),
        (
            {"status": "resolved", "updated_at": "2026-03-31T19:00:00Z"},
            "resolved_at",
            datetime(2026, 3, 31, 19, tzinfo=UTC),
        ),
        ({"impact": "critical"}, "impact", Impact.CRITICAL),
        ({"impact": "none"}, "impact", Impact.NONE),
        ({"impact": "odd"}, "impact", Impact.MINOR),
        ({"status": "scheduled", "impact": "none"}, "impact", Impact.MAINTENANCE),
        ({"shortlink": "javascript:alert(1)"}, "url", ""),
        ({"components": None}, "components", ()),
        ({"name": " two\n lines "}, "title", "two lines"),
    ],
)
def test_json_fields(changes: dict[str, Any], name: str, expected: object) -> None:
    (incident,) = read(document(entry(**changes)))
    assert getattr(incident, name) == expected


def test_summary_with_maintenance_is_sorted_and_each_id_once() -> None:
    planned = entry(id="aaa", status="scheduled", scheduled_for="2026-04-02T00:00:00Z")
    planned["started_at"] = None
    body = document(entry(id="zzz"), entry(id="zzz"), scheduled_maintenances=[planned])
    incidents = read(body)
    assert [incident.id for incident in incidents] == ["aaa", "zzz"]
    assert incidents[0].started_at == datetime(2026, 4, 2, tzinfo=UTC)


def test_no_incidents_is_a_reading_of_none() -> None:
    assert read(document()) == ()


RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Example Status</title>
<item><title>Slow answers</title><link>https://status.example.com/incidents/1</link>
<guid>https://status.example.com/incidents/1</guid><pubDate>{date}</pubDate>
<description>{words}</description></item></channel></rss>"""
UPDATES = (
    "&lt;p&gt;&lt;small&gt;Mar &lt;var&gt;31&lt;/var&gt;, &lt;var&gt;12:30&lt;/var&gt; UTC"
    "&lt;/small&gt;&lt;br&gt;&lt;strong&gt;{last}&lt;/strong&gt; - Words.&lt;/p&gt;"
    "&lt;p&gt;&lt;small&gt;Mar &lt;var&gt;31&lt;/var&gt;, &lt;var&gt;10:15&lt;/var&gt; UTC"
    "&lt;/small&gt;&lt;br&gt;&lt;strong&gt;Investigating&lt;/strong&gt; - Not resolved.&lt;/p&gt;"
)
MAIL_DATE = "Tue, 31 Mar 2026 12:30:00 +0000"


def test_rss_resolved() -> None:
    (incident,) = read(RSS.format(date=MAIL_DATE, words=UPDATES.format(last="Resolved")))
    assert incident.id == "https://status.example.com/incidents/1"
    assert incident.title == "Slow answers"
    assert incident.started_at == datetime(2026, 3, 31, 10, 15, tzinfo=UTC)
    assert incident.resolved_at == datetime(2026, 3, 31, 12, 30, tzinfo=UTC)
    assert incident.evidence.excerpt.startswith("Slow answers: Mar 31 , 12:30 UTC Resolved")


@pytest.mark.parametrize(
    ("words", "resolved"),
    [
        (UPDATES.format(last="Monitoring"), False),
        ("Resolved: all is well", True),
        ("Investigating. It is not resolved yet.", False),
        ("Completed", True),
        ("", False),
    ],
)
def test_rss_resolution_is_told_from_the_text(words: str, resolved: bool) -> None:
    (incident,) = read(RSS.format(date=MAIL_DATE, words=words))
    assert (incident.resolved_at is not None) is resolved


@pytest.mark.parametrize("date", ["2026-03-31T12:30:00Z", "31 Mar 2026 08:30:00 EDT"])
def test_rss_dates_in_either_form(date: str) -> None:
    (incident,) = read(RSS.format(date=date, words=""))
    assert incident.started_at == datetime(2026, 3, 31, 12, 30, tzinfo=UTC)


ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Example Status</title>
<entry><id>tag:status.example.com,2026:Incident/1</id><title>[Resolved] Slow answers</title>
<published>2026-03-31T10:15:00Z</published><updated>2026-03-31T12:30:00+02:00</updated>
<link rel="alternate" href="https://status.example.com/incidents/1"/>
<content type="html">&lt;b&gt;Over&lt;/b&gt;</content></entry></feed>"""


def test_atom() -> None:
    (incident,) = read(ATOM)
    assert incident.id == "tag:status.example.com,2026:Incident/1"
    assert incident.title == "Slow answers"
    assert incident.url == "https://status.example.com/incidents/1"
    assert incident.started_at == datetime(2026, 3, 31, 10, 15, tzinfo=UTC)
    assert incident.resolved_at == datetime(2026, 3, 31, 10, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("title", "kept", "resolved"),
    [
        ("RESOLVED: Slow answers", "Slow answers", True),
        ("Service is well: [RESOLVED] Slow answers", "Service is well: Slow answers", True),
        ("Investigating - Slow answers", "Slow answers", False),
        ("Resolved issues come back", "Resolved issues come back", False),
        ("[Resolved]", "[Resolved]", True),
    ],
)
def test_a_title_tells_the_state(title: str, kept: str, resolved: bool) -> None:
    (incident,) = read(ATOM.replace("[Resolved] Slow answers", title))
    assert (incident.title, incident.resolved_at is not None) == (kept, resolved)


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("{", "not the JSON of a status page"),
        ("[]", "no list `incidents`"),
        ('{"incidents": {}}', "no list `incidents`"),
        (document(3), "incident 1: an object was expected"),
        (document(entry(), entry(id="", shortlink="")), "incident 2: without `id`"),
        (document(entry(name=None)), "without `name`"),
        (document(entry(started_at="soon")), "`started_at` is no time"),
        (document(entry(started_at=None, created_at=None)), "without `started_at`"),
        ("[" * 100_000, "not the JSON of a status page"),
        ("<rss><channel>", "not a feed"),
        ("<svg/>", "neither RSS nor Atom, but <svg>"),
        (RSS.format(date="soon", words=""), "<pubDate> is no date: 'soon'"),
        (RSS.format(date="", words=""), "entry 1: without a date"),
        (
            '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
            "<rss><channel><item><title>&x;</title></item></channel></rss>",
            "declares entities",
        ),
    ],
)
def test_malformed_is_refused_in_words(body: str, complaint: str) -> None:
    with pytest.raises(ReadError, match=r"^https://status\.example\.com") as caught:
        read(body)
    assert complaint in str(caught.value)


def test_entities_that_grow_are_not_expanded() -> None:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 30))
    with pytest.raises(ReadError):
        read(f'<!DOCTYPE rss [<!ENTITY e0 "ha">{levels}]><rss><channel>&e29;</channel></rss>')


@pytest.mark.parametrize(
    "body",
    [
        "<html><body>All systems operational</body></html>",
        "<!DOCTYPE html><title>Status</title>",
        "# Pricing",
        "",
    ],
)
def test_a_page_is_no_feed(body: str) -> None:
    assert read_status(capture(body), source()) is None


@pytest.mark.parametrize(
    "body",
    [
        '{"prices": []}',
        '{"incidents": []}',
        "{",
        "<svg/>",
        "<rss",
        "<rss><channel><title>Blog</title><item><title>Hello</title></item></channel></rss>",
    ],
)
def test_a_pricing_source_is_not_taken_for_a_feed(body: str) -> None:
    assert read_status(capture(body), source(SourceKind.PRICING)) is None


def test_a_feed_is_known_by_its_form_whatever_the_kind() -> None:
    for body in (document(entry()), ATOM):
        facts = read_status(capture(body), source(SourceKind.TEXT))
        assert facts is not None
        assert len(facts.incidents) == 1


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


def refusal(body: str) -> str:
    """Why it was refused; empty: it was read."""
    try:
        read(body)
    except ReadError as error:
        return str(error)
    return ""


@given(st.dictionaries(st.sampled_from(list(entry())), values))
def test_any_json_is_read_or_refused(changes: dict[str, Any]) -> None:
    why = refusal(json.dumps({"page": {}, "incidents": [entry() | changes]}))
    assert why == "" or "incident 1" in why


@given(st.text(max_size=40))
def test_any_text_in_a_feed_is_read_or_refused(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    why = refusal(RSS.format(date=MAIL_DATE, words=escaped))
    assert why == "" or "not a feed" in why
