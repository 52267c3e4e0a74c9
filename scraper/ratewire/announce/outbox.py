"""Who was told what: one record for each recipient and change, which no kill can lose.

The folder `announced/` is kept with the snapshots (in git, for a site that lives there):

    outbox.json           recipients and since when, what waits for another try, dead letters
    told/<change>.json    pseudonyms of those whose server accepted the message
    journal.jsonl         what the present run does; its presence means that a run was cut off

Before a message goes out its `try` is in the journal, and after the answer so is what came of it;
both outlive the process, however it ends. At the next start a `try` without an answer is the one
message of which nobody can know whether it was accepted. It is sent again under the same
Message-ID (or webhook-id) and counted. The journal goes to the disk itself once a second: when the
machine loses its power, messages of the last second may be sent again, too.
"""

from __future__ import annotations

import errno
import json
import os
import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from ratewire.announce.recipients import Key
from ratewire.errors import AnnounceError, StoreError
from ratewire.model.moments import parse_rfc3339, rfc3339
from ratewire.record.checksum import sealed, verify
from ratewire.record.files import make_folder, remove, sweep, write_whole

__all__ = ["DeadLetter", "Message", "Outbox", "Waiting"]

_FORMAT = 1
_NEWCOMER = timedelta(days=1)
"""A recipient seen for the first time is told what was recorded this long before, no more."""
_ABSENT_FOR = timedelta(days=14)
"""Who is named no more is remembered for so long: a list that lost them may find them again."""
_CLOCKS = timedelta(hours=1)
"""By so much clocks may differ."""
_SYNC_EVERY = 1.0
"""Seconds between two writes of the journal to the disk itself."""


@dataclass(frozen=True, slots=True)
class Message:
    """What goes to one recipient at once: one change, a correction, or a digest."""

    id: str
    """The same for the same recipient and changes: whoever gets it twice can tell."""
    to: str
    """The recipient's pseudonym."""
    changes: tuple[str, ...]
    digest: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """A change that a recipient's server would not take yet."""

    tries: int
    first: datetime
    next: datetime
    why: str
    unsure: Message | None = None
    """The message of which it is unknown whether it was accepted."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that was refused for good, or for too long. Kept until it is sent again."""

    message: Message
    why: str
    at: datetime
    tries: int
    unsure: Message | None = None
    """As of what waits: sent again, it may be there already."""


class Outbox:
    """The outbox of a site; used under the lock `announce`, and closed by `compact`."""

    def __init__(self, folder: Path, key: Key, now: datetime, *, read_only: bool = False) -> None:
        """Reads what is stored and what a run that was cut off left in the journal.

        Raises StoreError where it cannot be read, AnnounceError where the key is another one.
        """
        self.folder = folder
        self.since: dict[str, datetime] = {}
        self.absent: dict[str, datetime] = {}
        """Since when someone is not named any more."""
        self.waiting: dict[tuple[str, str], Waiting] = {}
        self.dead: dict[tuple[str, str], DeadLetter] = {}
        self.passed: set[str] = set()
        """Changes that were on record, and no news to anybody, when a wrong clock was found out."""
        self._key = key
        self._told: dict[str, set[str]] = {}
        self._changed: set[str] = set()
        self._now = now
        self._journal: int | None = None
        self._synced = 0.0
        self._read_only = read_only
        self._load()
        self._replay()

    # ── What is known ────────────────────────────────────────────────────────────────────────

    def told(self, change: str) -> set[str]:
        """Pseudonyms of those to whom it was told."""
        if change not in self._told:
            body = _read(self._told_file(change), "told")
            self._told[change] = set(body.get("told", ()))
        return self._told[change]

    def message(self, to: str, changes: Iterable[str], *, digest: bool = False) -> Message:
        ids = tuple(changes)
        return Message(self._key.digest("message", to, *ids), to, ids, digest)

    def unsure(self) -> tuple[Message, ...]:
        """Messages of which it is unknown whether they were accepted, each once."""
        found = (waiting.unsure for waiting in self.waiting.values())
        return tuple({message.id: message for message in found if message}.values())

    @property
    def cut_off(self) -> bool:
        """Whether a run that was cut off left something to compact into the record."""
        return bool(self._changed) or (self.folder / "journal.jsonl").exists()

    def dead_letters(self) -> tuple[DeadLetter, ...]:
        return tuple({letter.message.id: letter for letter in self.dead.values()}.values())

    # ── What happens ─────────────────────────────────────────────────────────────────────────

    def enrol(self, ids: Iterable[str], *, keep: bool = False) -> None:
        """Newcomers are told what comes from now on. Who is not named for two weeks is forgotten;
        who comes back before that is told what they missed. Where the list is known to be
        incomplete (`keep`), nobody becomes absent.
        """
        named = set(ids)
        gone = {id: self.absent.get(id, self._now) for id in self.since if id not in named}
        if keep:
            gone = {id: at for id, at in gone.items() if id in self.absent}
        self.absent = {id: at for id, at in gone.items() if self._now - at <= _ABSENT_FOR}
        known = named | (self.since.keys() - (gone.keys() - self.absent.keys()))
        self.since = {id: self.since.get(id, self._now - _NEWCOMER) for id in sorted(known)}
        self.waiting = {at: one for at, one in self.waiting.items() if at[0] in known}
        self.dead = {at: one for at, one in self.dead.items() if at[0] in known}

    def mend(self, recorded: Iterable[tuple[str, datetime]]) -> None:
        """Times of a clock that was ahead become what they would have been under today's.

        `recorded` are all changes and when they were recorded: those from the future are no news
        to whom they were none before.
        """
        soon = self._now + _CLOCKS
        late = {id: at for id, at in self.since.items() if at > soon}
        if late:
            newest = max(late.values())
            self.passed |= {id for id, at in recorded if soon < at < newest}
            self.since |= dict.fromkeys(late, self._now - _NEWCOMER)
        self.waiting = {
            at: one if one.first <= soon else replace(one, first=self._now, next=self._now)
            for at, one in self.waiting.items()
        }
        self.absent = {id: min(at, self._now) for id, at in self.absent.items()}

    def trying(self, message: Message) -> None:
        """On record before the message is out of hand."""
        self._note({"do": "try", **_plain(message)})

    def accepted(self, message: Message) -> None:
        self._note({"do": "told", "id": message.id})
        self._settle_told(message)

    def postponed(self, message: Message, why: str, next: datetime) -> None:
        """Certainly not accepted; `next` is when to try again."""
        line = {"do": "later", "why": why, "next": rfc3339(next), "at": rfc3339(self._now)}
        self._note({**line, **_plain(message)})
        self._settle_later(message, why, next, self._now, None)

    def unknown(self, message: Message, why: str, next: datetime) -> None:
        """The server may have accepted it and could not say so."""
        line = {"do": "unsure", "why": why, "next": rfc3339(next), "at": rfc3339(self._now)}
        self._note({**line, **_plain(message)})
        self._settle_later(message, why, next, self._now, message)

    def refused(self, message: Message, why: str, *, unsure: bool = False) -> None:
        """Not tried again by itself; `unsure` where the last try may have been accepted."""
        line = {"do": "dead", "why": why, "at": rfc3339(self._now), "unsure": unsure}
        self._note({**line, **_plain(message)})
        self._settle_dead(message, why, self._now, message if unsure else None)

    def revive(self, message_ids: Iterable[str] | None = None) -> int:
        """Dead letters and what waits (all, or these messages) are due now; returns how many were
        dead letters."""
        wanted = None if message_ids is None else set(message_ids)
        for at, wait in self.waiting.items():
            if wanted is None or (wait.unsure is not None and wait.unsure.id in wanted):
                self.waiting[at] = replace(wait, next=min(wait.next, self._now))
        chosen = {
            at: letter
            for at, letter in self.dead.items()
            if wanted is None or letter.message.id in wanted
        }
        self.dead = {at: letter for at, letter in self.dead.items() if at not in chosen}
        for at, letter in chosen.items():
            if letter.unsure:
                wait = Waiting(0, self._now, self._now, letter.why, letter.unsure)
                self.waiting[at] = wait
        return len({letter.message.id for letter in chosen.values()})

    def compact(self) -> None:
        """The journal becomes part of the record. Killed at any point, it repeats safely."""
        make_folder(self.folder / "told")
        sweep(self.folder)
        sweep(self.folder / "told")
        for change in sorted(self._changed):
            body = {"format": _FORMAT, "change": change, "told": sorted(self.told(change))}
            write_whole(self._told_file(change), _json(sealed("told", "", body)))
        self._changed.clear()
        data = _json(sealed("outbox", "", self._record()))
        file = self.folder / "outbox.json"
        if not file.exists() or file.read_bytes() != data:
            write_whole(file, data)
        self.close()
        remove(self.folder / "journal.jsonl")

    def close(self) -> None:
        """Let go of the journal as it is."""
        if self._journal is not None:
            os.close(self._journal)
            self._journal = None

    # ── Inside ───────────────────────────────────────────────────────────────────────────────

    def _settle_told(self, message: Message) -> None:
        for change in message.changes:
            self.told(change).add(message.to)
            self._changed.add(change)
            self.waiting.pop((message.to, change), None)
            self.dead.pop((message.to, change), None)

    def _settle_later(
        self, message: Message, why: str, next: datetime, at: datetime, unsure: Message | None
    ) -> None:
        for change in message.changes:
            before = self.waiting.get((message.to, change))
            tries, first = (before.tries, before.first) if before else (0, at)
            # Once unsure, always unsure: that a later try failed does not undo an acceptance.
            kept = unsure or (before.unsure if before else None)
            self.waiting[message.to, change] = Waiting(tries + 1, first, next, why, kept)

    def _settle_dead(
        self, message: Message, why: str, at: datetime, unsure: Message | None
    ) -> None:
        before = self.tries(message)
        tries = before.tries + 1 if before else 1
        waits = [self.waiting.pop((message.to, change), None) for change in message.changes]
        kept = unsure or next((wait.unsure for wait in waits if wait and wait.unsure), None)
        for change in message.changes:
            self.dead[message.to, change] = DeadLetter(message, why, at, tries, kept)

    def tries(self, message: Message) -> Waiting | None:
        """The longest wait among the message's changes."""
        waits = [
            self.waiting[at] for c in message.changes if (at := (message.to, c)) in self.waiting
        ]
        return max(waits, key=lambda wait: wait.tries, default=None)

    def _told_file(self, change: str) -> Path:
        safe = re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", change)
        name = change if safe else f"x-{sha256(change.encode()).hexdigest()}"
        return self.folder / "told" / f"{name}.json"

    def _note(self, line: Mapping[str, Any]) -> None:
        if self._read_only:
            raise AnnounceError(f"{self.folder}: opened to be read only")
        if self._journal is None:
            make_folder(self.folder)
            path = self.folder / "journal.jsonl"
            self._journal = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        data = json.dumps(line, separators=(",", ":")).encode() + b"\n"
        try:
            if os.write(self._journal, data) < len(data):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            if time.monotonic() - self._synced > _SYNC_EVERY:
                os.fdatasync(self._journal)
                self._synced = time.monotonic()
        except OSError as error:
            raise StoreError(
                f"{self.folder}: cannot be written ({error.strerror}); nothing more is sent. "
                "Free some space, then run again"
            ) from error

    def _load(self) -> None:
        body = _read(self.folder / "outbox.json", "outbox")
        if not body and any((self.folder / "told").glob("*.json")):
            raise StoreError(
                f"{self.folder / 'outbox.json'}: is gone, and with it since when each recipient is "
                "one; restore it from git, then run again; or delete the whole folder, and each "
                "recipient is told what was recorded from a day before the next run on"
            )
        if body and body.get("key") != self._key.mark:
            raise AnnounceError(
                f"{self.folder / 'outbox.json'}: was written under another key, so nobody can be "
                "recognised in it. Restore the key in the environment; or delete the folder, and "
                "each recipient is told what was recorded from a day before the next run on"
            )
        self.since = {id: parse_rfc3339(at) for id, at in body.get("recipients", {}).items()}
        self.passed = set(body.get("passed", ()))
        self.absent = {id: parse_rfc3339(at) for id, at in body.get("absent", {}).items()}
        for row in body.get("waiting", ()):
            first, next = parse_rfc3339(row["first"]), parse_rfc3339(row["next"])
            wait = Waiting(row["tries"], first, next, row["why"], _unsure(row))
            self.waiting[row["to"], row["change"]] = wait
        for row in body.get("dead", ()):
            letter = DeadLetter(
                _message(row), row["why"], parse_rfc3339(row["at"]), row["tries"], _unsure(row)
            )
            for change in letter.message.changes:
                self.dead[letter.message.to, change] = letter

    def _replay(self) -> None:
        path = self.folder / "journal.jsonl"
        if not path.exists():
            return
        open_tries: dict[str, Message] = {}
        for line in path.read_bytes().split(b"\n")[:-1]:  # what lacks its newline was cut off
            try:
                row = json.loads(line)
                # What was accepted was tried before, and its line need not say again what it is.
                message = open_tries[row["id"]] if row["do"] == "told" else _message(row)
            except (ValueError, RecursionError, KeyError, TypeError) as error:
                raise StoreError(
                    f"{path}: a line is damaged; see whom it leaves out before you delete it, for "
                    "they may be told twice"
                ) from error
            open_tries.pop(message.id, None)
            match row["do"]:
                case "try":
                    open_tries[message.id] = message
                case "told":
                    self._settle_told(message)
                case "later" | "unsure":
                    unsure = message if row["do"] == "unsure" else None
                    next, at = parse_rfc3339(row["next"]), parse_rfc3339(row["at"])
                    self._settle_later(message, row["why"], next, at, unsure)
                case "dead":
                    unsure = message if row.get("unsure") else None
                    self._settle_dead(message, row["why"], parse_rfc3339(row["at"]), unsure)
        for message in open_tries.values():
            why = "the run was cut off before the server's answer was known"
            self._settle_later(message, why, self._now, self._now, message)

    def _record(self) -> dict[str, Any]:
        waiting = [
            {
                "to": to,
                "change": change,
                "tries": one.tries,
                "first": rfc3339(one.first),
                "next": rfc3339(one.next),
                "why": one.why,
                **({"unsure": _plain(one.unsure)} if one.unsure else {}),
            }
            for (to, change), one in sorted(self.waiting.items())
        ]
        dead = [
            {
                **_plain(letter.message),
                "why": letter.why,
                "at": rfc3339(letter.at),
                "tries": letter.tries,
                **({"unsure": _plain(letter.unsure)} if letter.unsure else {}),
            }
            for letter in sorted(self.dead_letters(), key=lambda letter: letter.message.id)
        ]
        absent = {id: rfc3339(at) for id, at in sorted(self.absent.items())}
        return {
            "format": _FORMAT,
            "key": self._key.mark,
            "recipients": {id: rfc3339(at) for id, at in sorted(self.since.items())},
            **({"passed": sorted(self.passed)} if self.passed else {}),
            **({"absent": absent} if absent else {}),
            "waiting": waiting,
            "dead": dead,
        }


def _plain(message: Message) -> dict[str, Any]:
    plain = {"id": message.id, "to": message.to, "changes": list(message.changes)}
    return {**plain, "digest": True} if message.digest else plain


def _message(row: Mapping[str, Any]) -> Message:
    return Message(row["id"], row["to"], tuple(row["changes"]), row.get("digest", False))


def _unsure(row: Mapping[str, Any]) -> Message | None:
    return _message(row["unsure"]) if row.get("unsure") else None


def _json(body: Mapping[str, Any]) -> bytes:
    return (json.dumps(body, indent=1, ensure_ascii=False) + "\n").encode()


def _read(path: Path, kind: str) -> dict[str, Any]:
    try:
        body = json.loads(path.read_bytes())
        verify(kind, "", body, required=False)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError, StoreError) as error:
        raise StoreError(
            f"{path}: cannot be read ({error}); restore it from git, then run again"
        ) from error
    if not isinstance(body, dict) or body.get("format") != _FORMAT:
        raise StoreError(f"{path}: is not of format {_FORMAT}; restore it from git, then run again")
    return body
