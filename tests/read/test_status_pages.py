"""Status pages as people see them, in the markup of several hosts: read against the truth."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.read.reading_of import DAY, reading

from ratewire.model import Impact, Incident, SourceKind

URL = "https://status.vento.example/"
STATES = ("Investigating", "Identified", "Monitoring", "Resolved")


@dataclass(frozen=True)
class Told:
    """One incident as a page tells it, its updates from the first."""

    id: str
    title: str
    impact: str
    began: datetime
    states: tuple[str, ...]

    @property
    def updates(self) -> list[tuple[str, datetime]]:
        return [
            (state, self.began + timedelta(minutes=31 * n)) for n, state in enumerate(self.states)
        ]

    @property
    def truth(self) -> tuple[str, str, datetime, datetime | None]:
        last, at = self.updates[-1]
        return self.id, self.title, self.began, at if last == "Resolved" else None


def _told(number: int, minutes: int, impact: str, steps: int) -> Told:
    began = DAY - timedelta(minutes=minutes)
    title = f"Slow answers of part {number}"
    return Told(f"inc{number}x7", title, impact, began.replace(second=0), STATES[:steps])


TOLD = st.lists(
    st.builds(
        _told,
        st.integers(1, 99),
        st.integers(200, 60 * 24 * 300),
        st.sampled_from(["none", "minor", "major", "critical"]),
        st.integers(1, 4),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda told: told.id,
)


# ── markups ──────────────────────────────────────────────────────────────────────────────────


def _page(body: str, title: str = "Vento Status") -> str:
    head = f"<!doctype html><html lang=en><head><title>{title}</title></head>"
    return f"{head}<body>{body}</body></html>"


def days_with_updates(told: list[Told]) -> str:
    """A day's heading with its year, and times without one."""
    parts = []
    for each in told:
        updates = "".join(
            f'<div class="update {state.lower()}"><strong>{state}</strong> - We saw it '
            f"until 2026-01-01 09:00 UTC.<br><small>{at:%b} <var>{at:%d}</var>, "
            f"<var>{at:%H:%M}</var> UTC</small></div>"
            for state, at in reversed(each.updates)
        )
        last = each.updates[-1][1]
        parts.append(
            f'<div class="status-day"><div class="date">{last:%b} <var>{last.day}</var>, '
            f'<var>{last.year}</var></div><div class="incident-container">'
            f'<div class="incident-title impact-{each.impact}">'
            f'<a href="/incidents/{each.id}">{escape(each.title)}</a></div>'
            f'<div class="updates-container">{updates}</div></div></div>'
        )
    return _page(f'<div class="incidents-list">{"".join(parts)}</div>')


def articles_with_times(told: list[Told]) -> str:
    """`<time>` for programs, the newest update last."""
    parts = []
    for each in told:
        updates = "".join(
            f"<li><b>{state}</b><p>More to follow.</p><time datetime='{at:%Y-%m-%dT%H:%M:%SZ}'>"
            "some time ago</time></li>"
            for state, at in each.updates
        )
        parts.append(
            f"<article><h3><a href='{URL}incident/{each.id}'>{each.title}</a></h3>"
            f"<ul>{updates}</ul></article>"
        )
    return _page("<main>" + "".join(parts) + "</main>")


def rows_with_full_dates(told: list[Told]) -> str:
    parts = []
    for each in told:
        updates = "".join(
            f"<div><span>{state}</span><span>{at.day} {at:%B %Y} at {at:%I:%M %p} UTC</span></div>"
            for state, at in reversed(each.updates)
        )
        parts.append(f"<section><a href='/incidents/{each.id}'>{each.title}</a>{updates}</section>")
    return _page("<div id=root>" + "".join(parts) + "</div>")


def data_for_scripts(told: list[Told]) -> str:
    incidents: list[dict[str, object]] = [
        {
            "id": each.id, "name": each.title, "impact": each.impact,
            "status": each.states[-1].lower(), "started_at": f"{each.began:%Y-%m-%dT%H:%M:%SZ}",
            "resolved_at": f"{each.updates[-1][1]:%Y-%m-%dT%H:%M:%SZ}" if each.truth[3] else None,
            "incident_updates": [],
        }
        for each in told
    ]  # fmt: skip
    data = {"props": {"pageProps": {"site": {"name": "Vento"}, "incidents": incidents}}}
    script = f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(data)}</script>'
    return _page(f"<div id=app></div>{script}")


MARKUPS: list[Callable[[list[Told]], str]] = [
    days_with_updates, articles_with_times, rows_with_full_dates, data_for_scripts,
]  # fmt: skip


def _read(body: str, kind: SourceKind = SourceKind.PRICING, url: str = URL) -> tuple[Incident, ...]:
    return reading(body, "text/html", url=url, kind=kind).facts.incidents


@pytest.mark.parametrize("markup", MARKUPS)
@given(told=TOLD)
def test_a_page_of_any_host_tells_its_incidents(
    markup: Callable[[list[Told]], str], told: list[Told]
) -> None:
    found = _read(markup(told))
    assert {(i.id, i.title, i.started_at, i.resolved_at) for i in found} == {
        each.truth for each in told
    }


@given(told=TOLD)
def test_the_impact_is_that_of_the_markup(told: list[Told]) -> None:
    found = {each.id: each.impact for each in _read(days_with_updates(told))}
    assert found == {each.id: Impact(each.impact) for each in told}


def test_planned_work_to_come_is_maintenance_that_is_not_over() -> None:
    (found,) = _read(
        _page(
            '<section><a href="/maintenance/m42">Larger disks</a><p><b>Scheduled</b></p>'
            "<p>10 June 2026, 04:00 UTC</p></section>"
        )
    )
    assert (found.id, found.impact, found.resolved_at) == ("m42", Impact.MAINTENANCE, None)
    assert found.started_at == datetime(2026, 6, 10, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "hour"), [("UTC", 12), ("PDT", 19), ("CEST", 10), ("JST", 3), ("IST", 6), ("", 12)]
)
def test_a_time_is_told_in_its_zone(zone: str, hour: int) -> None:
    page = (
        f"<div><a href='/incidents/a1b'>Slow</a> <b>Resolved</b> <i>Apr 4, 12:01 {zone}</i></div>"
    )
    (found,) = _read(_page(page))
    assert found.started_at.hour == hour


PARTS = {
    "en": ("Operational", "Partial outage"),
    "de": ("Betriebsbereit", "Teilausfall"),
    "es": ("Operativo", "Interrupción parcial"),
    "fr": ("Opérationnel", "Panne partielle"),
    "ja": ("稼働中", "一部障害"),
}


def _list_of_parts(fine: str, wrong: str) -> str:
    parts = (("API", wrong), ("Console", fine), ("Webhooks", fine))
    rows = (f"<li><span class=name>{name}</span> <span>{said}</span></li>" for name, said in parts)
    return f"<ul>{''.join(rows)}</ul>"


@pytest.mark.parametrize("language", PARTS)
def test_parts_that_are_not_well_are_what_the_open_incident_touches(language: str) -> None:
    open_ = (
        "<div><a href='/incidents/a1b'>Slow</a> <b>Identified</b> <i>May 31, 12:01 UTC</i></div>"
    )
    over = "<div><a href='/incidents/a2c'>Gone</a> <b>Resolved</b> <i>May 1, 12:01 UTC</i></div>"
    found = {
        each.id: each.components
        for each in _read(_page(_list_of_parts(*PARTS[language]) + open_ + over))
    }
    assert found == {"a1b": ("API",), "a2c": ()}


def test_what_an_incident_affects_is_said_of_it() -> None:
    (found,) = _read(
        _page(
            "<div><a href='/incidents/a1b'>Slow</a> <b>Resolved</b> <i>May 31, 12:01 UTC</i>"
            "<p>This incident affected: API, Search (North).</p></div>"
        )
    )
    assert found.components == ("API", "Search (North)")


def test_a_page_on_which_all_is_well_has_no_incident() -> None:
    body = _page(_list_of_parts("Operational", "Operational"))
    told = reading(body, "text/html", url=URL)
    assert not told.facts.incidents
    assert not told.figures


@pytest.mark.parametrize("title", ["Vento pricing", "Plans and prices"])
def test_another_page_is_no_status_page(title: str) -> None:
    body = _page(
        "<h1>Plans</h1><div><a href='/incidents/a1b'>Slow</a> <b>Resolved</b> "
        "<i>May 3, 12:01 UTC</i></div><table><tr><th>Plan</th><th>Price</th></tr>"
        "<tr><td>Pro</td><td>$9 per month</td></tr></table>",
        title,
    )
    told = reading(body, "text/html").facts
    assert not told.incidents
    assert [f"{rate.amount}" for rate in told.rates] == ["9"]


def test_a_page_of_kind_status_needs_no_title() -> None:
    body = days_with_updates([_told(1, 900, "minor", 4)]).replace("Vento Status", "Vento")
    url = "https://vento.example/health-of-all"
    assert not _read(body, url=url)
    assert len(_read(body, SourceKind.STATUS, url)) == 1


@given(st.text(alphabet="<>/adivb=incidents 01:UTCJn,\"'Resolved", max_size=300))
def test_no_markup_breaks_the_reader(text: str) -> None:
    _read(_page(text))
