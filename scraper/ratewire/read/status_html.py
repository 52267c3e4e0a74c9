"""Incidents out of a status page as people see it, whoever hosts it: links to incidents, each with
its states and times; the data of those that build their pages by script; the states of parts.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from functools import cache
from itertools import islice
from typing import Any
from urllib.parse import urljoin

from lxml import etree
from lxml.html import HtmlElement, document_fromstring

from ratewire.errors import ReadError
from ratewire.model import Evidence, Impact, Incident
from ratewire.read.dates import find_dates
from ratewire.read.status_json import incidents_of_json
from ratewire.read.status_lists import listed_incidents, status_words
from ratewire.read.status_text import EXCERPT, STATE, one_line, state_of, web_address
from ratewire.read.status_times import times_in

__all__ = ["incidents_of_html"]

_LINK = re.compile(
    r"/(?:incidents?|maintenances?|notices?|issues?|events?)/(?P<id>[\w-]{3,80})/?(?:[?#]|$)"
)
_IMPACT = re.compile(r"\bimpact-(critical|major|minor|none|maintenance)\b")
_STATE_ALONE = re.compile(rf"({STATE})\s{{0,2}}[-–—:·•]?", re.IGNORECASE)
_AFFECTED = re.compile(
    r"\baffect(?:ed|s)\s?(?:components?|services?)?:\s{0,3}(?P<names>[^:]{2,400}?)\.?\s*$"
)
_YEAR = re.compile(r"\b20\d\d\b")
_OVER = frozenset({"resolved", "completed", "postmortem"})
_PLANNED = frozenset({"scheduled", "in progress", "verifying", "completed"})
_LONGEST_TIME = 60
"""Characters of an element that is a time and little else."""
_FEW = 3
"""Elements in one that is a date."""
_SHORT = 40
"""Characters of an element that is a state and nothing else."""
_MOST_LINKS, _MOST_NODES = 400, 4000
_LEAST_PARTS = 2
"""Parts with a state that make a page one of status."""
_MOST_LEVELS, _MOST_IN_ROW = 12, 12
"""Of a box above its link; elements of the row of a part."""
_MAIN = frozenset({"body", "main", "html"})


def incidents_of_html(text: str, url: str, now: datetime) -> list[Incident] | None:
    """The incidents on a page that speaks of status; None where nothing says that it is one."""
    try:
        parser = etree.HTMLParser(remove_comments=True, encoding="utf-8")
        root = document_fromstring(
            text.replace("\x00", "").encode("utf-8", "replace"), parser=parser
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    shown = _shown(root, url, now)
    if shown:
        return shown
    embedded = _embedded(root, url, now)
    if embedded is not None:
        return embedded
    return [] if len(_parts(root)) >= _LEAST_PARTS else None


# ── on screen ────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Box:
    """What a page shows of one incident."""

    id: str
    title: str
    link: HtmlElement
    element: HtmlElement
    day: datetime | None
    """Of the heading that it stands under."""


def _shown(root: HtmlElement, url: str, now: datetime) -> list[Incident]:
    boxes = list(_boxes(root))
    found = [told for box in boxes if (told := _incident(box, url, now))]
    open_ = [
        each for each in found if not each.resolved_at and each.impact is not Impact.MAINTENANCE
    ]
    if len(open_) == 1 and not open_[0].components:
        affected = tuple(name for name, fine in _parts(root) if not fine)
        found = [_with_parts(each, affected) if each is open_[0] else each for each in found]
    return found


def _with_parts(incident: Incident, parts: tuple[str, ...]) -> Incident:
    """The one incident that goes on is what the parts that are not well suffer from."""
    return replace(incident, components=parts)


def _boxes(root: HtmlElement) -> Iterator[_Box]:
    links: dict[str, HtmlElement] = {}
    within: dict[HtmlElement, set[str]] = {}
    for link in root.iter("a"):
        match = _LINK.search(link.get("href") or "")
        if match is None or not _text(link) or len(links) >= _MOST_LINKS:
            continue
        links.setdefault(match["id"], link)
        for above in link.iterancestors():
            within.setdefault(above, set()).add(match["id"])
    days = _days(root, set(links.values()))
    for id_, link in links.items():
        element = _box(link, within, alone=len(links) == 1)
        yield _Box(id_, _text(link), link, element, days.get(link))


def _box(link: HtmlElement, within: dict[HtmlElement, set[str]], *, alone: bool) -> HtmlElement:
    """All that is about one incident: the widest element that holds no other; of one alone the
    narrowest that says a state.
    """
    box = link
    for above in islice(link.iterancestors(), _MOST_LEVELS):
        if above.tag in _MAIN or len(within[above]) > 1 or (alone and _states(box)):
            break
        box = above
    return box


def _days(root: HtmlElement, links: set[HtmlElement]) -> dict[HtmlElement, datetime]:
    """The day that stands last before each link in a line of its own: `Jul 4, 2026`."""
    found: dict[HtmlElement, datetime] = {}
    last: datetime | None = None
    for element in root.iter(etree.Element):
        if element in links:
            if last is not None:
                found[element] = last
        elif len(element) <= _FEW and _YEAR.search(text := _text(element)) and len(text) <= _SHORT:
            days = find_dates(text)
            last = datetime.combine(days[0].date, time(), UTC) if days else last
    return found


def _incident(box: _Box, url: str, now: datetime) -> Incident | None:
    states = _states(box.element)
    planned = any(each in _PLANNED for each in states)
    times = list(_times(box, now, planned=planned))
    if not states or not times:
        return None
    newest_first = times[0] >= times[-1]
    state = states[0] if newest_first else states[-1]
    impact = Impact.MAINTENANCE if planned else _impact(box)
    text = _text(box.element)
    affected = _AFFECTED.search(text)
    return Incident(
        id=box.id,
        title=box.title,
        impact=impact,
        started_at=min(times),
        resolved_at=max(times) if state in _OVER else None,
        components=tuple(map(str.strip, affected["names"].split(","))) if affected else (),
        url=web_address(urljoin(url, box.link.get("href"))),
        evidence=Evidence(text[:EXCERPT], f"Incidents › {box.title}", ("status-html",)),
    )


def _states(element: HtmlElement) -> list[str]:
    """The states that stand alone in an element of the box, in order."""
    found: list[str] = []
    for each in element.iter(etree.Element):
        own = (each.text or "").strip()
        if own and len(own) <= _SHORT and (match := _STATE_ALONE.fullmatch(own)):
            found.append(state_of(match[1]).replace("_", " "))
    return [state for state in found if state != "update"]


def _times(box: _Box, now: datetime, *, planned: bool) -> Iterator[datetime]:
    """The times that stand alone in an element; those in the words of an update may be any."""
    waiting = [box.element]
    while waiting:
        element = waiting.pop()
        stated = element.get("datetime") if element.tag == "time" else None
        text = stated or _text(element)
        found = []
        if len(text) <= _LONGEST_TIME:
            found = times_in(text, now, box.day, planned=planned)
        yield from found
        if not found:
            waiting += reversed(list(element.iterchildren(etree.Element)))


def _impact(box: _Box) -> Impact:
    words = status_words()
    classes = (
        each.get("class") or ""
        for each in (*box.element.iter(etree.Element), *box.link.iterancestors())
    )
    for said in classes:
        if match := _IMPACT.search(said):
            return Impact(match[1])
    for each in box.element.iter(etree.Element):
        own = (each.text or "").strip()
        if (
            own
            and len(own) <= _SHORT
            and (found := words.impacts.get(re.sub(r"[\W_]", "", own).casefold()))
        ):
            return found
    return Impact.MINOR


def _parts(root: HtmlElement) -> list[tuple[str, bool]]:
    """(name, whether all is well) of the parts of a service that a page lists with their states."""
    found: list[tuple[str, bool]] = []
    for each in root.iter(etree.Element):
        own = one_line(each.text or "").casefold()
        if not own or len(own) > _SHORT or own not in _part_states():
            continue
        row = each.getparent()
        if row is None or len(row) > _MOST_IN_ROW:
            continue
        name = one_line(_text(row).casefold().replace(own, ""))
        if name and len(name) <= 2 * _SHORT:
            found.append((_cased(_text(row), name.strip(" ?")), _part_states()[own]))
    return found


def _cased(text: str, name: str) -> str:
    at = text.casefold().find(name)
    return text[at : at + len(name)] if at >= 0 else name


@cache
def _part_states() -> dict[str, bool]:
    data = status_words().data["part"]
    return {word: name == "fine" for name, words in data.items() for word in words}


def _text(element: HtmlElement) -> str:
    return one_line(" ".join(element.itertext(etree.Element)))


# ── in the data for scripts ──────────────────────────────────────────────────────────────────


def _embedded(root: HtmlElement, url: str, now: datetime) -> list[Incident] | None:
    for script in root.iter("script"):
        if "json" not in (script.get("type") or "") and script.get("id") != "__NEXT_DATA__":
            continue
        try:
            data = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        for node in _nodes(data):
            if not listed_incidents(node, must=False, likely=True):
                continue
            try:
                return incidents_of_json(json.dumps(node), url, now, must=False)
            except ReadError:
                continue
    return None


def _nodes(data: Any) -> Iterator[dict[str, Any]]:
    """The objects of a document, from the outermost."""
    waiting: deque[Any] = deque([data])
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        node = waiting.popleft()
        if isinstance(node, dict):
            yield node
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node
