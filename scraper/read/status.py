"""Incidents out of a status page's machine-readable faces.

Three are read: the JSON that hosted status pages serve (`/api/v2/incidents.json` and
`summary.json`), RSS 2.0 and Atom (RFC 4287). Everything in them is taken for hostile: no entity
is expanded, no address but http(s) is kept, no depth or size beyond the parser's own bounds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import lxml.etree
import lxml.html

from scraper.errors import ReadError
from scraper.model import Capture, Evidence, Facts, Impact, Incident, Source, SourceKind
from scraper.read.payloads import paired

__all__ = ["read_status"]

_ATOM = "{http://www.w3.org/2005/Atom}"
_DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"
_OVER = frozenset({"resolved", "completed", "postmortem"})
_PLANNED = frozenset({"scheduled", "in progress", "in_progress", "verifying", "completed"})
_EXCERPT = 240

_STATE = (
    r"resolved|completed|postmortem|monitoring|identified|investigating|update|"
    r"in[ _]progress|scheduled|verifying"
)
_FIRST_STATE = re.compile(rf"\b({_STATE})\b", re.IGNORECASE)
_TITLE_STATE = re.compile(rf"(?:^\W*|\[)({_STATE})\b\s*[\]:\-–]", re.IGNORECASE)
_UPDATE = re.compile(
    r"\b(?P<month>[A-Z][a-z]{2})[a-z]*\s+(?P<day>\d{1,2})\s*,\s*(?P<time>\d{1,2}:\d\d)"
    r"(?:\s*-\s*[^A-Z]*?)?\s*(?P<zone>[A-Z]{3,4})\s*(?P<state>"
    rf"{_STATE})?",
    re.IGNORECASE,
)


def read_status(capture: Capture, source: Source) -> Facts | None:
    """The incidents of a status feed; None where the capture is none of the three forms.

    Raises ReadError where it is one and is malformed, or where a source of kind `status`
    answers with broken JSON or XML.
    """
    text = capture.text.lstrip()
    must = source.kind is SourceKind.STATUS
    if text.startswith(("{", "[")):
        incidents = _from_json(text, capture.url, must=must)
    elif text.startswith("<") and not re.match(r"<(?:!doctype\s+)?html", text, re.IGNORECASE):
        incidents = _from_xml(capture, must=must)
    else:
        return None
    if incidents is None:
        return None
    unique = {incident.id: incident for incident in incidents}
    return Facts(incidents=tuple(sorted(unique.values(), key=lambda each: each.identity)))


# ── JSON ─────────────────────────────────────────────────────────────────────────────────────


def _from_json(text: str, url: str, *, must: bool) -> list[Incident] | None:
    try:
        data = json.loads(paired(text))
    except (ValueError, RecursionError) as error:
        if must:
            raise ReadError(f"{url}: not the JSON of a status page: {error}") from None
        return None
    if not isinstance(data, dict) or not isinstance(data.get("incidents"), list):
        if must:
            raise ReadError(
                f"{url}: this JSON has no list `incidents`; name the address of the status page's "
                "incidents.json or summary.json"
            )
        return None
    if not must and not isinstance(data.get("page"), dict):
        return None
    planned = data.get("scheduled_maintenances")
    entries = [*data["incidents"], *(planned if isinstance(planned, list) else [])]
    return [_incident(entry, f"{url}: incident {n}") for n, entry in enumerate(entries, 1)]


def _incident(entry: object, where: str) -> Incident:
    if not isinstance(entry, dict):
        raise ReadError(f"{where}: an object was expected, not {type(entry).__name__}")
    id_, name, status = (_word(entry, key) for key in ("id", "name", "status"))
    if not id_ or not name:
        raise ReadError(f"{where}: without `{'name' if id_ else 'id'}`")
    started = _moment(entry, where, "started_at", "scheduled_for", "created_at")
    if started is None:
        raise ReadError(f"{where} ({id_}): without `started_at` or `created_at`")
    resolved = _moment(entry, where, "resolved_at")
    if resolved is None and status.casefold() in _OVER:
        resolved = _moment(entry, where, "updated_at") or started
    return Incident(
        id=id_,
        title=_one_line(name),
        impact=_impact(_word(entry, "impact"), status),
        started_at=started,
        resolved_at=resolved,
        components=tuple(_names(entry.get("components"))),
        url=_web_address(_word(entry, "shortlink")),
        evidence=Evidence(
            excerpt=_one_line(f"{name}: {_latest(entry)}".rstrip(": "))[:_EXCERPT],
            where=f"Incidents › {_one_line(name)}",
            rules=("status-json",),
        ),
    )


def _word(entry: Mapping[str, Any], key: str) -> str:
    value = entry.get(key)
    return value.strip() if isinstance(value, str) else ""


def _moment(entry: Mapping[str, Any], where: str, *keys: str) -> datetime | None:
    for key in keys:
        if text := _word(entry, key):
            try:
                return _utc(datetime.fromisoformat(text))
            except (ValueError, OverflowError):
                raise ReadError(f"{where}: `{key}` is no time (ISO 8601): {text!r}") from None
    return None


def _impact(word: str, status: str) -> Impact:
    if status.casefold() in _PLANNED:
        return Impact.MAINTENANCE
    return next((impact for impact in Impact if impact.value == word), Impact.MINOR)


def _names(components: object) -> Iterator[str]:
    for component in components if isinstance(components, list) else []:
        if isinstance(component, dict) and (name := _word(component, "name")):
            yield _one_line(name)


def _latest(entry: Mapping[str, Any]) -> str:
    updates = entry.get("incident_updates")
    listed = updates if isinstance(updates, list) else []
    bodies = [_word(update, "body") for update in listed if isinstance(update, dict)]
    return next(filter(None, bodies), "")


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
    if not must and not _tells_of_incidents(root):
        return None
    return [_entry(entry, f"{capture.url}: entry {n}") for n, entry in enumerate(entries, 1)]


def _tells_of_incidents(root: Any) -> bool:
    title = next((_text(root, tag) for tag in ("channel/title", f"{_ATOM}title")
                  if _text(root, tag)), "")  # fmt: skip
    return bool(re.search(r"\b(?:status|incidents?)\b", title, re.IGNORECASE))


def _entry(entry: Any, where: str) -> Incident:
    atom = entry.tag.startswith(_ATOM)
    title = _one_line(_markup_text(_text(entry, f"{_ATOM}title" if atom else "title")))
    url = _atom_link(entry) if atom else _text(entry, "link")
    id_ = _text(entry, f"{_ATOM}id" if atom else "guid") or url
    published = _published(entry, where)
    if not id_ or not title or published is None:
        missing = "a date" if id_ and title else "a title" if id_ else "an id or link"
        raise ReadError(f"{where}: without {missing}")
    words = _markup_text(
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
        title=_one_line(_TITLE_STATE.sub("", title)) or title,
        impact=Impact.MAINTENANCE if _is_planned(state, updates) else Impact.MINOR,
        started_at=started,
        resolved_at=(resolved or _changed(entry) or published) if state in _OVER else None,
        url=_web_address(url),
        evidence=Evidence(
            excerpt=_one_line(f"{title}: {words}".rstrip(": "))[:_EXCERPT],
            where=f"Incidents › {title}",
            rules=("atom" if atom else "rss",),
        ),
    )


def _is_planned(state: str, updates: Iterable[tuple[datetime, str]]) -> bool:
    return state in _PLANNED or any(said in _PLANNED for _, said in updates)


def _state(title: str, words: str, updates: list[tuple[datetime, str]]) -> str:
    """The latest state: said in the title, by the newest dated update, or first in the text."""
    if match := _TITLE_STATE.search(title):
        return match[1].casefold()
    dated = [(time, said) for time, said in updates if said]
    if dated:
        return max(dated, key=lambda update: update[0])[1]
    found = _FIRST_STATE.search(words)
    return found[1].casefold() if found else ""


def _updates(words: str, near: datetime) -> Iterator[tuple[datetime, str]]:
    """(when, state) of each `Mar 31, 10:15 UTC Resolved - …` in an entry's text."""
    for match in _UPDATE.finditer(words):
        printed = f"{match['day']} {match['month']} {{}} {match['time']}:00 {match['zone'].upper()}"
        times = [_mail_date(printed.format(near.year + shift)) for shift in (0, -1, 1)]
        time = min(filter(None, times), key=lambda each: abs(each - near), default=None)
        if time is not None and abs(time - near) < timedelta(days=120):
            yield time, (match["state"] or "").casefold()


def _published(entry: Any, where: str) -> datetime | None:
    for tag in ("pubDate", f"{_DUBLIN_CORE}date", f"{_ATOM}published", f"{_ATOM}updated"):
        if text := _text(entry, tag):
            time = _mail_date(text) or _iso_date(text)
            if time is None:
                raise ReadError(f"{where}: <{_local(tag)}> is no date: {text!r}")
            return time
    return None


def _changed(entry: Any) -> datetime | None:
    return _iso_date(_text(entry, f"{_ATOM}updated"))


def _atom_link(entry: Any) -> str:
    links = entry.findall(f"{_ATOM}link")
    return next((x.get("href", "") for x in links if x.get("rel", "alternate") == "alternate"), "")


def _text(entry: Any, path: str) -> str:
    found = entry.find(path)
    return "" if found is None else "".join(found.itertext(lxml.etree.Element)).strip()


def _markup_text(markup: str) -> str:
    """HTML that a feed carries as text, without its tags."""
    if "<" not in markup:
        return _one_line(markup)
    try:
        element = lxml.html.fragment_fromstring(markup, create_parent="div")
    except (lxml.etree.ParserError, ValueError):
        return _one_line(re.sub(r"<[^>]*>", " ", markup))
    return _one_line(" ".join(element.itertext()))


# ── Small things ─────────────────────────────────────────────────────────────────────────────


def _mail_date(text: str) -> datetime | None:
    """RFC 5322: `Tue, 31 Mar 2026 10:15:00 +0000`."""
    try:
        return _utc(parsedate_to_datetime(text))
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _iso_date(text: str) -> datetime | None:
    """RFC 3339: `2026-03-31T10:15:00Z`."""
    try:
        return _utc(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        return None


def _utc(time: datetime) -> datetime:
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)


def _web_address(text: str) -> str:
    return text if re.match(r"https?://[^\s<>\"]+$", text) else ""


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
