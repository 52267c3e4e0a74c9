"""Incidents out of a status page's faces, each known by its shape: JSON (status_json.py), RSS 2.0
and Atom (RFC 4287), and the page itself (status_html.py).

Everything in them is taken for hostile: no entity is expanded, no address but http(s) is kept, no
depth or size beyond the parser's own bounds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import lxml.etree

from ratewire.errors import ReadError
from ratewire.model import Capture, Evidence, Facts, Impact, Incident, Source, SourceKind
from ratewire.read.status_html import incidents_of_html
from ratewire.read.status_json import incidents_of_json
from ratewire.read.status_text import (
    EXCERPT,
    STATE,
    TITLE_STATE,
    iso_date,
    mail_date,
    markup_text,
    one_line,
    state_of,
    web_address,
)

__all__ = ["read_status"]

_ATOM = "{http://www.w3.org/2005/Atom}"
_DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"
_OVER = frozenset({"resolved", "completed", "postmortem"})
_PLANNED = frozenset({"scheduled", "in progress", "in_progress", "verifying", "completed"})

_ABOUT_INCIDENTS = re.compile(
    r"\b(?:status|incidents?|outages?|service health|incid[eê]nci?as?|störung(?:en)?|pannes)\b|"
    r"状态|狀態|ステータス|障害|장애|https?://status\.",
    re.IGNORECASE,
)
_TITLE = re.compile(r"<title[^<>]{0,200}>([^<]{0,300})", re.IGNORECASE)
_HEAD = 100_000
"""Characters among which a page has its title."""
_FIRST_STATE = re.compile(rf"\b({STATE})\b", re.IGNORECASE)
_UPDATE = re.compile(
    r"\b(?P<month>[A-Z][a-z]{2})[a-z]*\s+(?P<day>\d{1,2})\s*,\s*(?P<time>\d{1,2}:\d\d)"
    r"(?:\s*-\s*[^A-Z]*?)?\s*(?P<zone>[A-Z]{3,4})\s*(?P<state>"
    rf"{STATE})?",
    re.IGNORECASE,
)


def read_status(capture: Capture, source: Source) -> Facts | None:
    """The incidents of a status feed or page; None where the capture is neither.

    Raises ReadError where it is one and is malformed, or where a source of kind `status`
    answers with broken JSON or XML.
    """
    text = capture.text.lstrip()
    must = source.kind is SourceKind.STATUS
    if text.startswith(("{", "[")):
        incidents = incidents_of_json(text, capture.url, capture.fetched_at, must=must)
    elif text.startswith("<") and not re.match(r"<(?:!doctype\s+)?html", text, re.IGNORECASE):
        incidents = _from_xml(capture, must=must)
    elif must or _speaks_of_status(text, capture.url):
        incidents = incidents_of_html(text, capture.url, capture.fetched_at)
    else:
        return None
    if incidents is None:
        return None
    unique = {incident.id: incident for incident in incidents}
    return Facts(incidents=tuple(sorted(unique.values(), key=lambda each: each.identity)))


def _speaks_of_status(text: str, url: str) -> bool:
    """By its title or its address."""
    title = _TITLE.search(text[:_HEAD])
    return bool(title and _ABOUT_INCIDENTS.search(title[1])) or bool(_ABOUT_INCIDENTS.search(url))


# ── RSS and Atom ─────────────────────────────────────────────────────────────────────────────


def _from_xml(capture: Capture, *, must: bool) -> list[Incident] | None:
    parser = lxml.etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False
    )
    try:
        root = lxml.etree.fromstring(capture.body, parser)
    except (lxml.etree.XMLSyntaxError, ValueError) as error:
        if must:
            raise ReadError(f"{capture.url}: not a feed: {error}") from None
        return None
    if root.tag == "rss":
        entries = list(root.iterfind("channel/item"))
    elif root.tag == f"{_ATOM}feed":
        entries = list(root.iterfind(f"{_ATOM}entry"))
    elif must:
        raise ReadError(f"{capture.url}: neither RSS nor Atom, but <{_local(root.tag)}>")
    else:
        return None
    dtd = root.getroottree().docinfo.internalDTD
    if dtd is not None and any(True for _ in dtd.iterentities()):
        raise ReadError(f"{capture.url}: a feed that declares entities is not read")
    if not must and not _tells_of_incidents(root, entries):
        return None
    return [_entry(entry, f"{capture.url}: entry {n}") for n, entry in enumerate(entries, 1)]


def _tells_of_incidents(root: Any, entries: Sequence[Any]) -> bool:
    """By its title or its address, unless no entry says how things stand."""
    tags = ("channel/title", f"{_ATOM}title", "channel/link")
    head = " ".join(_text(root, tag) for tag in tags)
    links = " ".join(link.get("href", "") for link in root.iterfind(f"{_ATOM}link"))
    if not _ABOUT_INCIDENTS.search(f"{head} {links}"):
        return False
    texts = (" ".join(entry.itertext(lxml.etree.Element)) for entry in entries)
    return not entries or any(_FIRST_STATE.search(text) for text in texts)


def _entry(entry: Any, where: str) -> Incident:
    atom = entry.tag.startswith(_ATOM)
    title = one_line(markup_text(_text(entry, f"{_ATOM}title" if atom else "title")))
    url = _atom_link(entry) if atom else _text(entry, "link")
    id_ = _text(entry, f"{_ATOM}id" if atom else "guid") or url
    published = _published(entry, where)
    if not id_ or not title or published is None:
        missing = "a date" if id_ and title else "a title" if id_ else "an id or link"
        raise ReadError(f"{where}: without {missing}")
    words = markup_text(
        _text(entry, f"{_ATOM}content") or _text(entry, f"{_ATOM}summary")
        if atom
        else _text(entry, "description")
    )
    updates = list(_updates(words, published))
    state = _state(title, words, updates)
    started = min([published, *(time for time, _ in updates)])
    resolved = max((time for time, said in updates if said == state), default=None)
    return Incident(
        id=id_,
        title=one_line(TITLE_STATE.sub("", title)) or title,
        impact=Impact.MAINTENANCE if _is_planned(state, updates) else Impact.MINOR,
        started_at=started,
        resolved_at=(resolved or _changed(entry) or published) if state in _OVER else None,
        url=web_address(url),
        evidence=Evidence(
            excerpt=one_line(f"{title}: {words}".rstrip(": "))[:EXCERPT],
            where=f"Incidents › {title}",
            rules=("atom" if atom else "rss",),
        ),
    )


def _is_planned(state: str, updates: Iterable[tuple[datetime, str]]) -> bool:
    return state in _PLANNED or any(said in _PLANNED for _, said in updates)


def _state(title: str, words: str, updates: list[tuple[datetime, str]]) -> str:
    """The latest state: said in the title, by the newest dated update, or first in the text."""
    if match := TITLE_STATE.search(title):
        return state_of(match[1])
    dated = [(time, said) for time, said in updates if said]
    if dated:
        return max(dated, key=lambda update: update[0])[1]
    found = _FIRST_STATE.search(words)
    return state_of(found[1]) if found else ""


def _updates(words: str, near: datetime) -> Iterator[tuple[datetime, str]]:
    """(when, state) of each `Mar 31, 10:15 UTC Resolved - …` in an entry's text."""
    for match in _UPDATE.finditer(words):
        printed = f"{match['day']} {match['month']} {{}} {match['time']}:00 {match['zone'].upper()}"
        times = [mail_date(printed.format(near.year + shift)) for shift in (0, -1, 1)]
        time = min(filter(None, times), key=lambda each: abs(each - near), default=None)
        if time is not None and abs(time - near) < timedelta(days=120):
            yield time, state_of(match["state"] or "")


def _published(entry: Any, where: str) -> datetime | None:
    for tag in ("pubDate", f"{_DUBLIN_CORE}date", f"{_ATOM}published", f"{_ATOM}updated"):
        if text := _text(entry, tag):
            time = mail_date(text) or iso_date(text)
            if time is None:
                raise ReadError(f"{where}: <{_local(tag)}> is no date: {text!r}")
            return time
    return None


def _changed(entry: Any) -> datetime | None:
    return iso_date(_text(entry, f"{_ATOM}updated"))


def _atom_link(entry: Any) -> str:
    links = entry.findall(f"{_ATOM}link")
    return next((x.get("href", "") for x in links if x.get("rel", "alternate") == "alternate"), "")


def _text(entry: Any, path: str) -> str:
    found = entry.find(path)
    return "" if found is None else "".join(found.itertext(lxml.etree.Element)).strip()


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
