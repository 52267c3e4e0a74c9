"""The default store: one folder of files for each source, fit for git.

    <root>/<source>/facts.json       the facts that stand
                    pending.json     what was seen and does not stand yet; absent when nothing waits
                    changes.jsonl    the log, append-only
                    health.json      what the last checks met
                    pages/<sha256>.zst
                    journal.json     a save on its way; gone when it is through

A save that touches more than one file is first written as a journal, whole or not at all. From
then on the save has happened: readers see its files through the journal, and whoever comes next
carries it to its end. Before that moment nothing has happened at all.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from scraper.errors import StoreError
from scraper.model import Capture, Change, Health, HealthState, Pending, Snapshot
from scraper.record import codec, files, pages
from scraper.record.migrations import FORMATS, NewerFormatError, migrate

__all__ = ["DirectoryStore"]

log = logging.getLogger(__name__)

T = TypeVar("T")

Rebuild = Callable[[str, Sequence[Capture]], Snapshot | None]
"""Source id and kept captures, newest first, to the facts that stood; None: cannot tell."""

_FACTS, _PENDING, _LOG, _HEALTH = "facts.json", "pending.json", "changes.jsonl", "health.json"
_JOURNAL = "journal.json"
_LOOKS = 50
"""Attempts of a reader without a lock to see the files of one moment."""
_CHANGE_PAGES = 24
"""Captures kept as evidence of the latest changes, per source."""
_OTHER_PAGES = 8
"""Captures kept that changed nothing (refused, reverted), per source."""


@dataclass(frozen=True, slots=True)
class _Journal:
    """Whole files to be put in place (None: removed), and what is appended to the log."""

    files: Mapping[str, str | None]
    length: int
    """Bytes of the log before."""
    lines: str

    def encode(self) -> bytes:
        body = {"files": dict(self.files), "length": self.length, "lines": self.lines}
        return json.dumps({"format": FORMATS["journal"], **body}, ensure_ascii=False).encode()

    @classmethod
    def decode(cls, data: bytes) -> _Journal:
        value = migrate("journal", json.loads(data))
        return cls(value["files"], value["length"], value["lines"])


class DirectoryStore:
    """A `Store` in a folder. `rebuild` reads kept captures again where facts.json is damaged."""

    def __init__(self, root: Path, *, rebuild: Rebuild | None = None) -> None:
        self.root = root
        self._rebuild = rebuild
        self._locks = files.Locks(root / ".locks")

    # ── Reading ──────────────────────────────────────────────────────────────────────────────

    def sources(self) -> tuple[str, ...]:
        if not self.root.is_dir():
            return ()
        return tuple(
            sorted(
                folder.name
                for folder in self.root.iterdir()
                if folder.is_dir() and not folder.name.startswith(".")
            )
        )

    def load(self, source_id: str, /) -> tuple[Snapshot | None, Pending | None]:
        """See `Store.load`. A damaged file is set aside, and facts are rebuilt from kept pages."""
        seen = self._look(source_id, _FACTS, _PENDING)
        pending = self._decoded(source_id, _PENDING, seen[_PENDING], Pending)
        try:
            snapshot = _decode("facts", seen[_FACTS], Snapshot)
        except StoreError as error:
            _never_newer(error)
            snapshot = self._rebuilt(source_id, pending, error)
        return snapshot, pending

    def changes(self, source_id: str | None = None, /) -> tuple[Change, ...]:
        """See `Store.changes`. Lines that are damaged are set aside with the file, others kept."""
        ids = self.sources() if source_id is None else (source_id,)
        found = [change for id in ids for change in self._log(id)]
        return tuple(sorted(found, key=lambda change: (change.recorded_at, change.id)))

    def page(self, source_id: str, sha256: str) -> Capture | None:
        path = self._page(source_id, sha256)
        data = _read(path)
        if data is None:
            return None
        try:
            return pages.unpack(data, sha256)
        except StoreError as error:
            self._put_aside(source_id, path, error)
            return None

    def health(self, source_id: str, /) -> Health | None:
        data = _read(self._folder(source_id) / _HEALTH)
        return self._decoded(source_id, _HEALTH, data, Health)

    # ── Writing ──────────────────────────────────────────────────────────────────────────────

    def lock(self, name: str, *, timeout: float = -1) -> AbstractContextManager[None]:
        return self._locks(name, timeout=timeout)

    def save(
        self,
        source_id: str,
        snapshot: Snapshot | None,
        pending: Pending | None,
        changes: Sequence[Change] = (),
        pages: Mapping[str, Capture] | Sequence[Capture] = (),
    ) -> bool:
        """See `Store.save`. Without a snapshot the facts stored before are left as they are."""
        with self.lock(source_id):
            folder = self._folder(source_id)
            files.make_folder(folder)
            self._carry_through(folder)
            files.sweep(folder)
            known = self._log(source_id)
            fresh = _unknown(changes, known)
            captures = pages.values() if isinstance(pages, Mapping) else pages
            kept = [self._keep_page(source_id, capture) for capture in captures]
            wrote = self._commit(folder, snapshot, pending, fresh)
            if wrote or any(kept):
                self._prune(source_id, snapshot, pending, [*known, *fresh])
            return wrote or any(kept)

    def save_health(self, source_id: str, health: Health) -> bool:
        with self.lock(source_id):
            old = self.health(source_id)
            if old is not None and _same_state(old, health):
                return False
            folder = self._folder(source_id)
            files.make_folder(folder)
            data = codec.encode(health, format=FORMATS["health"])
            files.write_whole(folder / _HEALTH, data)
            return True

    def _commit(
        self,
        folder: Path,
        snapshot: Snapshot | None,
        pending: Pending | None,
        changes: Sequence[Change],
    ) -> bool:
        wanted: dict[str, bytes | None] = {_PENDING: None}
        if pending is not None:
            wanted[_PENDING] = codec.encode(pending, format=FORMATS["pending"])
        if snapshot is not None:
            wanted[_FACTS] = codec.encode(snapshot, format=FORMATS["facts"])
        differing = {k: v for k, v in wanted.items() if v != _read(folder / k)}
        lines = b"".join(codec.encode_line(c, format=FORMATS["changes"]) for c in changes)
        if not differing and not lines:
            return False
        if lines or len(differing) > 1:
            before = _read(folder / _LOG) or b""
            journal = _Journal(
                {k: None if v is None else v.decode() for k, v in differing.items()},
                len(before),
                lines.decode(),
            )
            files.write_whole(folder / _JOURNAL, journal.encode())
            self._carry_through(folder)
        else:
            _put(folder, differing)
        return True

    def _carry_through(self, folder: Path) -> None:
        """Bring a save that was stopped to its end."""
        journal = self._journal(folder)
        if journal is None:
            return
        if journal.lines:
            files.append_at(folder / _LOG, journal.length, journal.lines.encode())
        _put(folder, {k: None if v is None else v.encode() for k, v in journal.files.items()})
        files.remove(folder / _JOURNAL)

    def _keep_page(self, source_id: str, capture: Capture) -> bool:
        path = self._page(source_id, capture.sha256)
        if path.exists():
            return False
        files.make_folder(path.parent)
        files.sweep(path.parent)
        files.write_whole(path, pages.pack(capture))
        return True

    def _prune(
        self,
        source_id: str,
        snapshot: Snapshot | None,
        pending: Pending | None,
        changes: Sequence[Change],
    ) -> None:
        """Keep what stands, what waits, the evidence of late changes, and a few others."""
        needed = {snapshot.capture} if snapshot else set()
        if pending:
            needed |= {pending.capture, *(sighting.capture for sighting in pending.sightings)}
        evidence = [sha for c in reversed(changes) for sha in (c.after_capture, c.before_capture)]
        needed |= set(list(dict.fromkeys(evidence))[:_CHANGE_PAGES])
        others = [path for path in self._pages(source_id) if path.stem not in needed]
        for path in others[_OTHER_PAGES:]:
            files.remove(path)

    # ── Files ────────────────────────────────────────────────────────────────────────────────

    def _folder(self, source_id: str) -> Path:
        return self.root / source_id

    def _page(self, source_id: str, sha256: str) -> Path:
        return self._folder(source_id) / "pages" / f"{sha256}.zst"

    def _pages(self, source_id: str) -> list[Path]:
        """Newest first, as far as the file system knows."""
        found = (self._folder(source_id) / "pages").glob("*.zst")
        return sorted(found, key=lambda path: (-path.stat().st_mtime_ns, path.name))

    def _journal(self, folder: Path) -> _Journal | None:
        data = _read(folder / _JOURNAL)
        if data is None:
            return None
        try:
            return _Journal.decode(data)
        except (StoreError, ValueError, KeyError) as error:
            _never_newer(error)
            self._put_aside(folder.name, folder / _JOURNAL, error)
            return None

    def _look(self, source_id: str, *names: str) -> dict[str, bytes | None]:
        """The files as of one moment; a save on its way counts as done."""
        folder = self._folder(source_id)
        for _ in range(_LOOKS):
            before = _stamps(folder, *names)
            journal = self._journal(folder)
            seen = {name: _read(folder / name) for name in names}
            if before == _stamps(folder, *names):
                break
        if journal is None:
            return seen
        for name in names:
            if name == _LOG:
                seen[name] = (seen[name] or b"")[: journal.length] + journal.lines.encode()
            elif name in journal.files:
                text = journal.files[name]
                seen[name] = None if text is None else text.encode()
        return seen

    # ── Damage ───────────────────────────────────────────────────────────────────────────────

    def _decoded(self, source_id: str, name: str, data: bytes | None, cls: type[T]) -> T | None:
        """None where there is no such file, or it is damaged and was set aside."""
        try:
            return _decode(name.removesuffix(".json"), data, cls)
        except StoreError as error:
            _never_newer(error)
            self._put_aside(source_id, self._folder(source_id) / name, error)
            return None

    def _put_aside(self, source_id: str, path: Path, error: Exception) -> None:
        with self.lock(source_id):
            aside = files.set_aside(path) if path.exists() else path
        log.warning("%s: damaged (%s); set aside as %s", path, error, aside.name)

    def _rebuilt(
        self, source_id: str, pending: Pending | None, error: StoreError
    ) -> Snapshot | None:
        path = self._folder(source_id) / _FACTS
        self._put_aside(source_id, path, error)
        waiting = {pending.capture, *(s.capture for s in pending.sightings)} if pending else set()
        kept = [self.page(source_id, path.stem) for path in self._pages(source_id)]
        captures = sorted(
            (page for page in kept if page is not None and page.sha256 not in waiting),
            key=lambda page: page.fetched_at,
            reverse=True,
        )
        snapshot = self._rebuild(source_id, captures) if self._rebuild else None
        if snapshot is None:
            log.error(
                "%s: could not be rebuilt from kept pages; the next check starts anew. "
                "To lose nothing, put back the file as git last had it",
                path,
            )
            return None
        with self.lock(source_id):
            files.write_whole(path, codec.encode(snapshot, format=FORMATS["facts"]))
        log.warning("%s: rebuilt from the page of %s", path, snapshot.taken_at)
        return snapshot

    def _log(self, source_id: str) -> list[Change]:
        data = self._look(source_id, _LOG)[_LOG]
        if data is None:
            return []
        good, changes, damage = [], [], None
        for number, line in enumerate(data.splitlines(keepends=True), start=1):
            try:
                changes.append(_change(line))
                good.append(line)
            except (StoreError, ValueError) as error:
                _never_newer(error)
                damage = damage or f"line {number}: {error}"
        if damage:
            self._mend_log(source_id, b"".join(good), damage)
        return _unknown(changes, ())

    def _mend_log(self, source_id: str, good: bytes, damage: str) -> None:
        """The sound lines stay; the file as it was found is set aside beside them."""
        path = self._folder(source_id) / _LOG
        with self.lock(source_id):
            self._carry_through(path.parent)
            self._put_aside(source_id, path, StoreError(damage))
            files.write_whole(path, good)


def _change(line: bytes) -> Change:
    if not line.endswith(b"\n"):
        raise StoreError("the line is cut short")
    return codec.decode(migrate("changes", json.loads(line)), Change)


def _decode(kind: str, data: bytes | None, cls: type[T]) -> T | None:
    if data is None:
        return None
    try:
        value: Any = json.loads(data)
    except ValueError as error:
        raise StoreError(f"not JSON: {error}") from error
    return codec.decode(migrate(kind, value), cls)


def _never_newer(error: Exception) -> None:
    """What a newer ratewire wrote is not damage: stop, and leave it alone."""
    if isinstance(error, NewerFormatError):
        raise error


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreError(f"{path}: cannot be read ({error.strerror})") from error


def _stamps(folder: Path, *names: str) -> list[tuple[int, int, int] | None]:
    stamps: list[tuple[int, int, int] | None] = []
    for name in (_JOURNAL, *names):
        stamp = None
        with suppress(FileNotFoundError):
            status = (folder / name).stat()
            stamp = (status.st_ino, status.st_size, status.st_mtime_ns)
        stamps.append(stamp)
    return stamps


def _put(folder: Path, contents: Mapping[str, bytes | None]) -> None:
    for name, data in sorted(contents.items()):
        if data is None:
            files.remove(folder / name)
        else:
            files.write_whole(folder / name, data)


def _unknown(changes: Iterable[Change], known: Iterable[Change]) -> list[Change]:
    """Those whose id is neither known nor the same as an earlier one's."""
    ids = {change.id for change in known}
    fresh: dict[str, Change] = {}
    for change in changes:
        if change.id not in ids:
            fresh.setdefault(change.id, change)
    return list(fresh.values())


def _same_state(old: Health, new: Health) -> bool:
    held = new.state is HealthState.HELD
    return old.state is new.state and not (held and old.detail != new.detail)
