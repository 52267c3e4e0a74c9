"""A message to the owner in words: what began and what is over, for mail, webhooks and chats.

What comes off a page is hostile: it is made plain here, and each outlet escapes for its grammar.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ratewire.announce.apprise import ServiceLimits
from ratewire.announce.inert import inert
from ratewire.announce.mail import LETTERS, Letter, composed
from ratewire.announce.webhooks import MOST_BYTES, compact
from ratewire.config import Site
from ratewire.model.moments import rfc3339
from ratewire.owner.log import LogEntry
from ratewire.owner.notices import Notice, Topic
from ratewire.wording.formats import moment
from ratewire.wording.text import plain, shortened, web_url

__all__ = ["Briefing", "BriefingLetters", "Event", "briefing", "note", "payload"]

_MOST = 40
"""Matters that a message tells in full; of more it says how many there are."""
_FOOTER = (
    "You hear of each matter once when it begins and once when it is over, at most once an hour. "
    "`ratewire review` and `ratewire status` show all that stands."
)


@dataclass(frozen=True, slots=True)
class Event:
    """The beginning of a matter, or its end."""

    entry: LogEntry
    is_end: bool

    @property
    def id(self) -> str:
        return self.entry.ending if self.is_end else self.entry.ids[0]


@dataclass(frozen=True, slots=True)
class BriefingPoint:
    """One event in words; plain, not escaped."""

    headline: str
    rows: tuple[tuple[str, str], ...] = ()
    remedy: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    points: tuple[BriefingPoint, ...]


@dataclass(frozen=True)
class Briefing:
    """One message."""

    site: str
    events: tuple[Event, ...]
    footer: str = _FOOTER

    @property
    def subject(self) -> str:
        began = [event for event in self.events if not event.is_end]
        ended = len(self.events) - len(began)
        if not began:
            what = "1 matter is" if ended == 1 else f"{ended} matters are"
            first = f": {_headline(self.events[0].entry.notice)}" if ended == 1 else ""
            return f"{self.site}: {what} settled{first}"
        headline = _headline(began[0].entry.notice)
        more = [f"{len(began) - 1} more"] if len(began) > 1 else []
        more += [f"{ended} settled"] if ended else []
        return f"{headline} (and {', '.join(more)})" if more else headline

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """By topic what began, then what is over."""
        told = self.events[:_MOST]
        found = [
            Section(topic.heading, points)
            for topic in Topic
            if (points := tuple(_began(e) for e in told if e.entry.notice.topic is topic
                                and not e.is_end))
        ]  # fmt: skip
        if ended := tuple(_ended(event) for event in told if event.is_end):
            found.append(Section("Settled", ended))
        if left := len(self.events) - len(told):
            found.append(
                Section("And more", (BriefingPoint(f"{left} more matters: ratewire review"),))
            )
        return tuple(found)


def briefing(site: Site, events: Iterable[Event]) -> Briefing:
    """In the order of the topics, what began first."""
    order = list(Topic)
    ordered = sorted(
        events, key=lambda e: (e.is_end, order.index(e.entry.notice.topic), e.entry.began)
    )
    return Briefing(plain(site.settings.title, 120), tuple(ordered))


def _headline(notice: Notice) -> str:
    return plain(notice.headline, 200)


def _began(event: Event) -> BriefingPoint:
    notice = event.entry.notice
    rows = tuple((plain(label, 60), plain(words, 600)) for label, words in notice.rows)
    return BriefingPoint(_headline(notice), rows, plain(notice.remedy, 400), web_url(notice.url))


def _ended(event: Event) -> BriefingPoint:
    entry = event.entry
    over = moment(entry.ended) if entry.ended else ""
    rows = (("Began", moment(entry.began)), ("Over", over))
    return BriefingPoint(_headline(entry.notice), rows, url=web_url(entry.notice.url))


# ── Mail ─────────────────────────────────────────────────────────────────────────────────────


class BriefingLetters:
    """Writes the mail."""

    def __init__(self, site: Site) -> None:
        self._site = site
        here = FileSystemLoader((Path(__file__).parent, LETTERS))
        self._page = Environment(
            loader=here, autoescape=True, undefined=StrictUndefined, trim_blocks=True
        ).get_template("letter.html")

    def letter(self, telling: Briefing, now: datetime, *, personal: bool = False) -> Letter:
        html = self._page.render(briefing=telling)
        return composed(self._site, "owner", telling.subject, text(telling), html, "en", now)


def text(told: Briefing) -> str:
    parts = [part for section in told.sections for part in _section(section)]
    return "\n".join([*parts, f"-- \n{told.site}\n{told.footer}\n"])


def _section(section: Section) -> Iterator[str]:
    yield f"{section.title}\n{'=' * len(section.title)}\n"
    for point in section.points:
        yield point.headline
        yield from (f"  {label}: {words}" for label, words in point.rows)
        if point.url:
            yield f"  Page: {point.url}"
        if point.remedy:
            yield f"  To settle it: {point.remedy}"
        yield ""


# ── Webhooks ─────────────────────────────────────────────────────────────────────────────────


def payload(told: Briefing) -> bytes:
    """`{"type": "owner.notices", "timestamp", "data": {"began": […], "settled": […]}}`."""
    began = [_plain(event) for event in told.events if not event.is_end]
    settled = [_plain(event) for event in told.events if event.is_end]
    data: dict[str, Any] = {"site": told.site, "began": began, "settled": settled}
    body = {"type": "owner.notices", "timestamp": rfc3339(_latest(told.events)), "data": data}
    made = compact(body)
    if len(made) > MOST_BYTES:
        data["shortened"] = True
        for one in (*began, *settled):
            one["rows"] = []
        made = compact(body)
    while len(made) > MOST_BYTES and (began or settled):
        (settled or began).pop()
        made = compact(body)
    return made


def _plain(event: Event) -> dict[str, Any]:
    entry, notice = event.entry, event.entry.notice
    return {
        "id": entry.ids[0],
        "topic": notice.topic.value,
        "source": notice.source or None,
        "headline": _headline(notice),
        "rows": [{"label": plain(a, 60), "words": plain(b, 600)} for a, b in notice.rows],
        "remedy": plain(notice.remedy, 400),
        "url": web_url(notice.url),
        "began_at": rfc3339(entry.began),
        "ended_at": rfc3339(entry.ended) if entry.ended and event.is_end else None,
    }


def _latest(events: Sequence[Event]) -> datetime:
    return max((e.entry.ended if e.is_end and e.entry.ended else e.entry.began) for e in events)


# ── Chats ────────────────────────────────────────────────────────────────────────────────────


def note(told: Briefing, service: ServiceLimits) -> dict[str, str]:
    """`title`, `body` and `format`; no longer than the service takes."""
    html = service.format == "html"
    most = service.body * 3 // 4 if service.format == "markdown" else service.body
    title = inert(shortened(told.subject, min(service.title or 120, 200)))
    room = most if service.title else most - len(title.encode()) - 24
    for sections in (told.sections, tuple(_without_rows(told.sections))):
        body = _joined(sections, html=html)
        if len(body.encode()) <= room:
            break
    else:
        body = _cut(sections, room, html=html)
    return {"title": title, "body": body, "format": "html" if html else "text"}


def _without_rows(sections: Iterable[Section]) -> Iterator[Section]:
    for section in sections:
        yield replace(section, points=tuple(replace(p, rows=()) for p in section.points))


def _joined(sections: Iterable[Section], *, html: bool) -> str:
    return ("<br/>" if html else "\n").join(_lines(sections, html=html))


def _lines(sections: Iterable[Section], *, html: bool) -> Iterator[str]:
    clean = (lambda line: escape(inert(line), quote=True)) if html else inert
    for section in sections:
        yield clean(f"{section.title}:")
        for point in section.points:
            yield clean(f"• {point.headline}")
            yield from (clean(f"{label}: {words}") for label, words in point.rows)
            if point.remedy:
                yield clean(f"→ {point.remedy}")


def _cut(sections: Iterable[Section], room: int, *, html: bool) -> str:
    """As many lines as there is room for, and where the rest is."""
    joint, end = "<br/>" if html else "\n", "and more: ratewire review"
    body = ""
    for line in _lines(sections, html=html):
        if len((body + line + joint + end).encode()) + len(joint) > room:
            break
        body += line + joint
    return body + end
