"""Incidents out of the JSON of status pages, whoever hosts them. The keys are data: status.toml."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urljoin

from ratewire.errors import ReadError
from ratewire.model import Evidence, Impact, Incident
from ratewire.read.payloads import paired
from ratewire.read.status_lists import listed_incidents, status_words
from ratewire.read.status_text import (
    EXCERPT,
    TITLE_STATE,
    mail_date,
    markup_text,
    one_line,
    state_of,
    utc,
    web_address,
)

__all__ = ["incidents_of_json"]

_Entry = Mapping[str, Any]
_STATUS_ADDRESS = re.compile(
    r"https?://(?:(?:[\w-]{1,63}\.){0,4}(?:status|health)\.|[^/]{1,255}/(?:[\w.-]{1,80}/){0,6}"
    r"(?:status|incidents?)(?:[/.?]|$))",
    re.I,
)
"""`status.vento.example/api/v1/incidents`, `www.vento.example/status.json`"""
_DIGITS = re.compile(r"\d{10}(?:\d{3})?")
"""Seconds or milliseconds since 1970."""
_CLOCK = re.compile(
    r"(?:\b(?P<day>[A-Z][a-z]{2,8} \d{1,2}),\s*)?\b(?P<hour>\d{1,2}):(?P<minute>\d\d)\s*"
    r"(?P<half>[AP]M) (?P<zone>[A-Z]{3,4})\b"
)


def incidents_of_json(text: str, url: str, now: datetime, *, must: bool) -> list[Incident] | None:
    """The incidents of a status page's JSON; None where it is none.

    `must`: the source is a status page by its owner's word, and anything else is a ReadError.
    """
    try:
        data = json.loads(paired(text))
    except (ValueError, RecursionError) as error:
        if must:
            raise ReadError(f"{url}: not the JSON of a status page: {error}") from None
        return None
    found = listed_incidents(data, must=must, likely=bool(_STATUS_ADDRESS.match(url)))
    if found is None:
        if must:
            raise ReadError(
                f"{url}: this JSON has no list `incidents`; name the address of the status page's "
                "incidents.json or summary.json"
            )
        return None
    entries, is_maintenance = zip(*found, strict=True) if found else ((), ())
    return [
        _Incident(entry, planned, f"{url}: incident {number}", url, now).read()
        for number, (entry, planned) in enumerate(zip(entries, is_maintenance, strict=True), 1)
    ]


@dataclass(frozen=True, slots=True)
class _Incident:
    """One entry of a list, and where it stands."""

    entry: object
    planned: bool
    where: str
    url: str
    now: datetime

    def read(self) -> Incident:
        entry = self.entry
        if not isinstance(entry, dict):
            raise ReadError(f"{self.where}: an object was expected, not {type(entry).__name__}")
        words = status_words()
        name = markup_text(_word(entry, words.keys("title")))
        id_ = _word(entry, words.keys("id")) or _made_id(entry)
        if not id_ or not name:
            raise ReadError(f"{self.where}: without `{'name' if id_ else 'id'}`")
        started = self._moment(entry, words.keys("start"))
        if started is None:
            raise ReadError(f"{self.where} ({id_}): without `started_at` or `created_at`")
        status = _plain(_word(entry, words.keys("status")))
        title = name if _says_state(status) else one_line(TITLE_STATE.sub("", name)) or name
        return Incident(
            id=id_,
            title=title,
            impact=self._impact(entry, status),
            started_at=started,
            resolved_at=self._resolved(entry, status, name, started),
            components=tuple(dict.fromkeys(_components(entry))),
            url=web_address(urljoin(self.url, _word(entry, words.keys("url")))
                            if _word(entry, words.keys("url")) else ""),
            evidence=Evidence(
                excerpt=one_line(f"{name}: {_latest(entry)}".rstrip(": "))[:EXCERPT],
                where=f"Incidents › {title}",
                rules=("status-json",),
            ),
        )  # fmt: skip

    def _moment(self, entry: _Entry, keys: Iterable[str]) -> datetime | None:
        for key in keys:
            value = _bare(entry.get(key))
            if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
                continue
            time = _time(str(value).strip())
            if time is None:
                raise ReadError(f"{self.where}: `{key}` is no time (ISO 8601): {value!r}")
            return time
        return None

    def _impact(self, entry: _Entry, status: str) -> Impact:
        if self.planned or status in status_words().states["planned"]:
            return Impact.MAINTENANCE
        words = status_words()
        values = [str(entry.get(key) or "") for key in words.keys("impact")]
        told = (words.impacts.get(re.sub(r"[\W_]", "", value).casefold()) for value in values)
        return next(filter(None, told), Impact.MINOR)

    def _resolved(
        self, entry: _Entry, status: str, name: str, started: datetime
    ) -> datetime | None:
        """When it was over. An end that is yet to come is a plan."""
        words = status_words()
        end = self._moment(entry, words.keys("end"))
        if end is not None:
            return end if end <= self.now else None
        said = TITLE_STATE.search(name)
        state = state_of(said[1]) if said and not _says_state(status) else status
        flagged = any(entry.get(key) is True for key in words.keys("over"))
        if state not in words.states["over"] and not flagged:
            return None
        told = markup_text(_word(entry, words.keys("text")))
        times = [*_update_times(entry), *_clock_times(told, started)]
        return self._moment(entry, words.keys("changed")) or max((started, *times))


def _says_state(status: str) -> bool:
    """`1` is a state only to who knows the page's own list."""
    return bool(status) and not status.isdecimal()


def _word(entry: _Entry, keys: Iterable[str]) -> str:
    """The first text under any of the keys; a number is an id, too."""
    for key in keys:
        value = _bare(entry.get(key))
        if isinstance(value, str) and value.strip():
            return value.strip()
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
    return ""


def _bare(value: object) -> object:
    """Of a value in several forms, `{"human": …, "string": …}`, the one to read."""
    if not isinstance(value, dict):
        return value
    return next((value[key] for key in ("string", "human") if value.get(key)), None)


def _plain(status: str) -> str:
    return re.sub(r"[\s_-]+", " ", status).casefold()


def _made_id(entry: _Entry) -> str:
    """Of an entry without an id its address is one, or its service and date make one."""
    keys = status_words().keys
    service, when = (_word(entry, keys(key)) for key in ("service", "start"))
    return _word(entry, keys("url")) or (f"{service}-{when}" if service and when else "")


def _time(text: str) -> datetime | None:
    if _DIGITS.fullmatch(text):
        return datetime.fromtimestamp(int(text[:10]), UTC)
    try:
        return utc(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        return mail_date(text)


def _components(entry: _Entry) -> Iterator[str]:
    """The names under the first key that holds any."""
    for key in status_words().keys("components"):
        value = entry.get(key)
        names = [value] if isinstance(value, str) else value if isinstance(value, list) else []
        told = [
            name if isinstance(name, str) else _word(name, status_words().keys("name"))
            for name in names
            if isinstance(name, str | dict)
        ]
        if any(told):
            yield from (one_line(name) for name in told if name.strip())
            return


def _updates(entry: _Entry) -> Iterator[_Entry]:
    for value in map(entry.get, status_words().keys("updates")):
        if isinstance(value, list):
            yield from (each for each in value if isinstance(each, dict))


def _update_times(entry: _Entry) -> Iterator[datetime]:
    for update in _updates(entry):
        if time := _time(_word(update, status_words().keys("time"))):
            yield time


def _latest(entry: _Entry) -> str:
    """The newest word on it; of updates without a time the first."""
    words = status_words()
    bodies = [
        (_word(update, words.keys("time")), markup_text(body))
        for update in _updates(entry)
        if (body := _word(update, words.keys("body")))
    ]
    if bodies:
        return max(bodies, key=lambda told: told[0])[1]
    return markup_text(_word(entry, status_words().keys("text")))


def _clock_times(words: str, start: datetime) -> Iterator[datetime]:
    """Times of day after `start`, as an account tells them: `1:58 PM PDT … 5:20 PM PDT …`."""
    last = start - timedelta(hours=1)
    for match in _CLOCK.finditer(words):
        hour = int(match["hour"]) % 12 + 12 * (match["half"] == "PM")
        printed = f"{{:%d %b %Y}} {hour:02}:{match['minute']}:00 {match['zone']}"
        day = start - timedelta(days=1)
        times = (mail_date(printed.format(day + timedelta(days=n))) for n in range(4))
        time = next((each for each in times if each and each >= last), None)
        if time is not None and match["day"] is None:
            last = time
            yield time
