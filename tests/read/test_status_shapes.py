"""Status pages of every build, known by their shape and whatever the kind of the source."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratewire.model import Capture, Impact, Incident, Source, SourceKind
from ratewire.read.reader import read

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
NOON = datetime(2026, 5, 30, 12, tzinfo=UTC)
ONE = datetime(2026, 5, 30, 13, tzinfo=UTC)
SECONDS = int(NOON.timestamp())


def incidents(body: object, kind: SourceKind = SourceKind.PRICING) -> tuple[Incident, ...]:
    text = body if isinstance(body, str) else json.dumps(body)
    url = "https://status.halden.example/feed"
    capture = Capture(url, text.encode(), NOW)
    return read(capture, Source("s", "S", "Halden", url, kind)).facts.incidents


HOSTED = {
    "page": {"id": "p", "name": "Halden"},
    "incidents": [
        {
            "id": "a",
            "name": "Slow queues",
            "status": "resolved",
            "impact": "major",
            "created_at": "2026-05-30T12:00:00Z",
            "resolved_at": "2026-05-30T13:00:00Z",
            "components": [{"name": "Queues"}],
        }
    ],
}
SUMMARY_OF_OPEN = {
    "page": {"name": "Halden", "url": "https://status.halden.example", "status": "HASISSUES"},
    "activeIncidents": [
        {
            "id": "b",
            "name": "Queues down",
            "started": "2026-05-30T12:00:00.000Z",
            "status": "INVESTIGATING",
            "impact": "MAJOROUTAGE",
            "url": "https://status.halden.example/b",
        }
    ],
    "activeMaintenances": [
        {"id": "m", "name": "Move", "start": "2026-06-02T12:00:00Z", "status": "NOTSTARTEDYET"}
    ],
}
WIDGET = {
    "page_title": "Halden",
    "page_url": "https://status.halden.example",
    "ongoing_incidents": [
        {
            "id": "c",
            "name": "Queues slow",
            "status": "monitoring",
            "url": "https://status.halden.example/c",
            "last_update_at": "2026-05-30T12:00:00Z",
            "last_update_message": "A fix is in place.",
            "current_worst_impact": "partial_outage",
            "affected_components": [{"id": "q", "name": "Queues", "group_name": "Core"}],
        }
    ],
    "in_progress_maintenances": [],
    "scheduled_maintenances": [
        {"id": "m", "name": "Move", "status": "maintenance_scheduled",
         "starts_at": "2026-06-02T12:00:00Z", "ends_at": "2026-06-02T13:00:00Z"}
    ],
}  # fmt: skip
RESOURCES = {
    "data": {"id": "1", "type": "status_page", "attributes": {"company_name": "Halden"}},
    "included": [
        {"id": "9", "type": "status_page_resource", "attributes": {"public_name": "Queues"}},
        {
            "id": "7",
            "type": "status_report",
            "attributes": {
                "title": "Queues down",
                "report_type": "manual",
                "starts_at": "2026-05-30T12:00:00.000Z",
                "ends_at": "2026-05-30T13:00:00.000Z",
                "affected_resources": [{"status_page_resource_id": "9", "status": "downtime"}],
            },
            "relationships": {"status_updates": {"data": [{"id": "5", "type": "status_update"}]}},
        },
        {"id": "5", "type": "status_update", "attributes": {"message": "All is well again."}},
    ],
}
LARGE_CLOUD = [
    {
        "id": "Ta1",
        "begin": "2026-05-30T12:00:00+00:00",
        "created": "2026-05-30T12:10:00+00:00",
        "end": "2026-05-30T13:00:00+00:00",
        "external_desc": "Slow reads",
        "updates": [{"when": "2026-05-30T13:00:00+00:00", "text": "It is over."}],
        "status_impact": "SERVICE_OUTAGE",
        "severity": "low",
        "service_name": "Halden Query",
        "affected_products": [{"title": "Halden Query", "id": "q"}],
        "uri": "incidents/Ta1",
    }
]
EVENTS = [
    {
        "arn": "arn:aws:health:north-1::event/EDGE/1",
        "date": str(SECONDS),
        "service": "edge",
        "service_name": "Halden Edge",
        "summary": "[RESOLVED] Slow edges",
        "status": "1",
        "event_log": [
            {"timestamp": SECONDS + 3600, "message": "Over."},
            {"timestamp": SECONDS, "message": "Seen."},
        ],
    }
]
CHAT = {
    "status": "active",
    "active_incidents": [
        {
            "id": 546,
            "title": "Slow messages",
            "type": "incident",
            "status": "active",
            "date_created": "2026-05-30T12:00:00+00:00",
            "services": ["Messages"],
            "notes": [{"date_created": "2026-05-30T12:00:00+00:00", "body": "We look into it."}],
        }
    ],
    "page": {},
}
NESTED = {
    "result": {
        "status_overall": {"status": "Disrupted"},
        "incidents": [
            {
                "_id": "5f",
                "name": "Slow",
                "datetime_open": "2026-05-30T12:00:00.000Z",
                "messages": [{"details": "Looking.", "datetime": "2026-05-30T12:00:00.000Z"}],
                "components_affected": [{"name": "Queues", "_id": "1"}],
            }
        ],
        "maintenance": {"active": [], "upcoming": []},
    }
}
LISTED = {
    "meta": {"pagination": {"total": 1}},
    "data": [
        {
            "id": 3,
            "name": "Slow",
            "human_status": "Fixed",
            "is_resolved": True,
            "occurred_at": "2026-05-30 12:00:00",
            "updated_at": "2026-05-30 13:00:00",
        }
    ],
}

NAMELESS = {
    "page": {"name": "Halden", "url": "https://halden.example", "status": "HASISSUES"},
    "activeIncidents": [
        {"name": "Queues down", "started": "2026-05-30T12:00:00.000Z", "status": "INVESTIGATING",
         "impact": "MAJOROUTAGE", "url": "https://halden.example/b"}
    ],
}  # fmt: skip
NUMBERED = {
    "data": [
        {"id": 4, "name": "Slow", "status": 4, "human_status": "Fixed",
         "occurred_at": "2026-05-30 12:00:00", "updated_at": "2026-05-30 13:00:00"}
    ],
}  # fmt: skip
TYPED = {
    "data": [
        {"id": "1", "type": "incidents", "attributes": {
            "name": "Slow", "status": {"human": "Investigating", "value": 1},
            "occurred": {"human": "1 hour ago", "string": "2026-05-30T12:00:00Z"}}}
    ],
}  # fmt: skip
LOOSE = {
    "status": [{"system": "Apps", "status": "yellow"}],
    "incidents": [
        {"id": 1, "title": "Slow", "created_at": "2026-05-30T12:00:00Z", "state": "open"}
    ],
    "scheduled": [],
}  # fmt: skip


@pytest.mark.parametrize(
    ("body", "id", "title", "impact", "resolved", "components"),
    [
        (HOSTED, "a", "Slow queues", Impact.MAJOR, ONE, ("Queues",)),
        (SUMMARY_OF_OPEN, "b", "Queues down", Impact.MAJOR, None, ()),
        (WIDGET, "c", "Queues slow", Impact.MINOR, None, ("Queues",)),
        (RESOURCES, "7", "Queues down", Impact.MINOR, ONE, ("Queues",)),
        (LARGE_CLOUD, "Ta1", "Slow reads", Impact.MAJOR, ONE, ("Halden Query",)),
        (EVENTS, EVENTS[0]["arn"], "Slow edges", Impact.MINOR, ONE, ("Halden Edge",)),
        ({"edge-north-1": EVENTS}, EVENTS[0]["arn"], "Slow edges", Impact.MINOR, ONE,
         ("Halden Edge",)),
        (CHAT, "546", "Slow messages", Impact.MINOR, None, ("Messages",)),
        (NESTED, "5f", "Slow", Impact.MINOR, None, ("Queues",)),
        (LISTED, "3", "Slow", Impact.MINOR, ONE, ()),
        (NAMELESS, "https://halden.example/b", "Queues down", Impact.MAJOR, None, ()),
        (NUMBERED, "4", "Slow", Impact.MINOR, ONE, ()),
        (TYPED, "1", "Slow", Impact.MINOR, None, ()),
        (LOOSE, "1", "Slow", Impact.MINOR, None, ()),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", [SourceKind.PRICING, SourceKind.STATUS])
def test_a_status_page_is_read_by_its_shape(
    body: object, id: str, title: str, impact: Impact, resolved: datetime | None,
    components: tuple[str, ...], kind: SourceKind,
) -> None:  # fmt: skip
    found = {each.id: each for each in incidents(body, kind)}
    told = found.pop(id)
    assert (told.title, told.impact, told.components) == (title, impact, components)
    assert (told.started_at, told.resolved_at) == (NOON, resolved)
    assert all(each.impact is Impact.MAINTENANCE for each in found.values())
    assert set(found) <= {"m"}


def test_planned_work_is_maintenance_that_is_not_over() -> None:
    for body in (SUMMARY_OF_OPEN, WIDGET):
        planned = next(each for each in incidents(body) if each.id == "m")
        assert planned.impact is Impact.MAINTENANCE
        assert planned.started_at == datetime(2026, 6, 2, 12, tzinfo=UTC)
        assert planned.resolved_at is None


def test_the_newest_update_is_the_excerpt_whatever_their_order() -> None:
    (told,) = incidents(EVENTS)
    assert told.evidence.excerpt == "[RESOLVED] Slow edges: Over."
    (other,) = incidents([EVENTS[0] | {"event_log": EVENTS[0]["event_log"][::-1]}])
    assert other.evidence.excerpt == told.evidence.excerpt


def test_an_address_within_the_site_is_made_whole() -> None:
    (told,) = incidents(LARGE_CLOUD)
    assert told.url == "https://status.halden.example/incidents/Ta1"


def archive(**changes: object) -> dict[str, Any]:
    entry = {
        "service_name": "Halden Edge",
        "service": "edge",
        "summary": "[RESOLVED] Slow edges",
        "date": str(SECONDS),
        "status": "1",
        "description": "<div><span>8:00 AM EDT</span> We look.</div>"
        "<div><span>9:00 AM EDT</span> It is over.</div>",
    }
    return {"archive": [entry | changes], "current": []}


def test_an_archive_without_ids_is_named_by_service_and_date() -> None:
    (told,) = incidents(archive())
    assert (told.id, told.title) == (f"edge-{SECONDS}", "Slow edges")
    assert (told.started_at, told.resolved_at) == (NOON, ONE)


@pytest.mark.parametrize("date", [SECONDS, str(SECONDS), SECONDS * 1000, f"{SECONDS}000"])
def test_times_count_seconds_or_milliseconds(date: object) -> None:
    assert incidents(archive(date=date))[0].started_at == NOON


def test_a_clock_goes_past_midnight() -> None:
    (told,) = incidents(archive(description="11:30 PM EDT Seen. 12:30 AM EDT Over."))
    assert told.resolved_at == datetime(2026, 5, 31, 4, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "body",
    [
        {"page": {}, "active": [{"id": "pro", "name": "Pro", "price": "$5"}]},
        {"page": 2, "data": [{"id": "pro", "title": "Pro", "price": "$5"}]},
        {"data": [{"id": "1", "type": "plan", "attributes": {"name": "Pro", "price": "$5"}}]},
        {"incidents": "12 per year", "price": "$5"},
        {"incidents": [{"name": "Support incident pack", "price": "$99", "currency": "USD"}]},
        {"archive": [{"name": "Archive", "price": "$1"}], "standard": []},
        [{"name": "Pro", "start": "2026-01-01", "price": "$5"}],
        [],
        {},
    ],
)
def test_a_price_list_is_no_status_page(body: object) -> None:
    assert incidents(body) == ()


@pytest.mark.parametrize(
    ("title", "words", "is_feed"),
    [
        ("Halden Status - Incident History", "Investigating - slow", True),
        ("Halden Service Health Updates", "RESOLVED: slow", True),
        ("Halden ステータス", "Resolved", True),
        ("Störungen bei Halden", "Monitoring", True),
        ("Halden Status - Incident History", "", True),
        ("Halden blog", "Resolved to write more", False),
        ("Order status API: release notes", "Version 2 is out", False),
        ("Statusphere", "Resolved", False),
    ],
)
def test_a_feed_tells_of_incidents_by_title_and_entries(
    title: str, words: str, is_feed: bool
) -> None:
    item = (
        "<item><title>Slow</title><guid>1</guid><pubDate>Sat, 30 May 2026 12:00:00 GMT</pubDate>"
        f"<description>{words}</description></item>"
    )
    items = item if words else ""
    rss = f"<rss version='2.0'><channel><title>{title}</title>{items}</channel></rss>"
    assert [each.title for each in incidents(rss)] == (["Slow"] if is_feed and words else [])


texts = st.text(max_size=6)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(["id", "type", "attributes", "relationships"]), values))
def test_no_resource_breaks_the_reader(resource: dict[str, Any]) -> None:
    body = {"data": {"id": "1", "type": "status_page", "attributes": {}}, "included": [resource]}
    assert incidents(body) == ()


@pytest.mark.parametrize(
    "url",
    ["https://status.halden.example/api", "https://halden.example/status.json",
     "https://www.halden.example/api/v1/incidents?page=1"],
)  # fmt: skip
def test_an_address_for_status_says_what_a_list_is(url: str) -> None:
    body = json.dumps(LOOSE).encode()
    for address, count in ((url, 1), ("https://halden.example/api/statuses/products", 0)):
        source = Source("s", "S", "Halden", address, SourceKind.PRICING)
        assert len(read(Capture(address, body, NOW), source).facts.incidents) == count


@pytest.mark.parametrize(
    ("over", "planned"),
    [("Behoben", "Geplant"), ("Resuelto", "Programado"), ("Résolu", "Planifié"),
     ("解決済み", "予定"), ("已解决", "计划维护"), ("Opgelost", "Gepland")],
)  # fmt: skip
def test_a_feed_in_another_language_says_how_things_stand(over: str, planned: str) -> None:
    item = (
        "<item><guid>{0}</guid><title>{1} - Queues</title><link>https://status.halden.example/{0}"
        "</link><pubDate>Sat, 30 May 2026 12:00:00 +0000</pubDate><description>…</description>"
        "</item>"
    )
    feed = (
        "<rss version='2.0'><channel><title>Halden Status</title><link>https://status.halden.example"
        f"</link>{item.format('a', over)}{item.format('b', planned)}</channel></rss>"
    )
    done, plan = incidents(feed)
    assert done.resolved_at is not None
    assert plan.impact is Impact.MAINTENANCE
