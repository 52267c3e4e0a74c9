"""The log of what there was to tell the owner: append-only, one line for each event.

`announced/owner/notices.jsonl`, beside the outbox that says who was told:

    {"do": "began", "id": …, "at": …, "notice": {…}}
    {"do": "ended", "id": …, "at": …}          the id of the line by which it began
    {"do": "message", "to": …, "at": …}        a message was about to be handed over

A line that was cut off by a kill tells nothing and is written over. Two runs' logs are merged by
taking all lines of both; a matter that both began is one.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from ratewire.errors import StoreError
from ratewire.model.moments import parse_rfc3339, rfc3339
from ratewire.owner.notices import Notice, Topic
from ratewire.record.files import append_at, make_folder

__all__ = ["LogEntry", "NoticeLog", "as_plain", "from_plain"]

log = logging.getLogger(__name__)
Matter = tuple[Topic, str, str]
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class LogEntry:
    """A matter from its beginning to its end."""

    ids: tuple[str, ...]
    """Of its beginning; several where two runs found it at the same time."""
    notice: Notice
    began: datetime
    ended: datetime | None = None

    @property
    def ending(self) -> str:
        """Id of its end."""
        return f"{self.ids[0]}-settled"


class NoticeLog:
    """Reads what is there; everything that is noted is on the disk before the call returns.

    Used under the lock `owner`; where it is `read_only`, what is noted is forgotten again. Raises
    StoreError where the file cannot be read or written.
    """

    def __init__(self, folder: Path, *, read_only: bool = False) -> None:
        self._path = folder / "notices.jsonl"
        self.entries: list[LogEntry] = []
        """In order of their beginning."""
        self.last_message: dict[str, datetime] = {}
        """When each recipient was last sent a message."""
        self._open: dict[Matter, int] = {}
        self._by_id: dict[str, int] = {}
        self._length = 0
        self._read_only = read_only
        for line in self._lines():
            self._apply(line)

    @property
    def standing(self) -> tuple[LogEntry, ...]:
        return tuple(self.entries[at] for at in sorted(self._open.values()))

    def find(self, event: str) -> LogEntry | None:
        """The entry of which an event, its beginning or its end, has this id."""
        at = self._by_id.get(event.removesuffix("-settled"))
        return None if at is None else self.entries[at]

    def observe(self, notices: Iterable[Notice], now: datetime) -> None:
        """What stands now: note what began, and what is over."""
        found = {notice.matter: notice for notice in notices}
        lines: list[Json] = [
            {"do": "ended", "id": entry.ids[0], "at": rfc3339(now)}
            for entry in self.standing
            if entry.notice.matter not in found
        ]
        lines += [
            {"do": "began", "id": _id(notice, now), "at": rfc3339(now), "notice": as_plain(notice)}
            for matter, notice in found.items()
            if matter not in self._open
        ]
        self._append(lines)

    def sending(self, to: str, now: datetime) -> None:
        """A message to this recipient is about to go out."""
        self._append([{"do": "message", "to": to, "at": rfc3339(now)}])

    # ── Inside ───────────────────────────────────────────────────────────────────────────────

    def _append(self, lines: Sequence[Json]) -> None:
        if not lines:
            return
        data = b"".join(_encoded(line) for line in lines)
        if not self._read_only:
            make_folder(self._path.parent)
            append_at(self._path, self._length, data)
        self._length += len(data)
        for line in lines:
            self._apply(line)

    def _apply(self, line: Mapping[str, Any]) -> None:
        at = parse_rfc3339(line["at"])
        match line["do"]:
            case "began":
                self._began(line["id"], from_plain(line["notice"]), at)
            case "ended" if line["id"] in self._by_id:
                number = self._by_id[line["id"]]
                entry = self.entries[number]
                if self._open.get(entry.notice.matter) == number:
                    del self._open[entry.notice.matter]
                    self.entries[number] = replace(entry, ended=at)
            case "message":
                self.last_message[line["to"]] = at

    def _began(self, id: str, notice: Notice, at: datetime) -> None:
        number = self._open.get(notice.matter)
        if number is None:
            number = self._open[notice.matter] = len(self.entries)
            self.entries.append(LogEntry((id,), notice, at))
        elif id not in self._by_id:
            entry = self.entries[number]
            self.entries[number] = replace(entry, ids=(*entry.ids, id))
        self._by_id[id] = number

    def _lines(self) -> Iterator[Json]:
        """The sound lines; `_length` is how far they go."""
        try:
            data = self._path.read_bytes()
        except FileNotFoundError:
            return
        except OSError as error:
            raise StoreError(f"{self._path}: cannot be read ({error.strerror})") from error
        self._length = data.rfind(b"\n") + 1
        for number, line in enumerate(data[: self._length].splitlines(), start=1):
            try:
                row = json.loads(line)
                _check(row)
                yield row
            except (ValueError, RecursionError, KeyError, TypeError) as error:
                log.warning("%s:%s: damaged (%s); passed over", self._path, number, error)


def as_plain(notice: Notice) -> Json:
    return {name: value for name, value in asdict(notice).items() if value}


def from_plain(row: Mapping[str, Any]) -> Notice:
    """Raises ValueError, KeyError, TypeError where it is none."""
    rows = tuple((str(label), str(words)) for label, words in row.get("rows", ()))
    texts = {
        name: str(row.get(name, "")) for name in ("source", "key", "headline", "remedy", "url")
    }
    return Notice(Topic(row["topic"]), rows=rows, **texts)


def _check(row: Mapping[str, Any]) -> None:
    parse_rfc3339(row["at"])
    match row["do"]:
        case "began":
            from_plain(row["notice"])
            str(row["id"])
        case "ended":
            str(row["id"])
        case "message":
            str(row["to"])


def _id(notice: Notice, at: datetime) -> str:
    return sha256("\n".join((*notice.matter, rfc3339(at))).encode()).hexdigest()[:16]


def _encoded(line: Json) -> bytes:
    return json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
