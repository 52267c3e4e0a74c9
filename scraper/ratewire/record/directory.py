"""The default store: one folder of files for each source, fit for git.

<root>/<source>/facts.json       the facts that stand
                figures.json     every figure of the capture they are compared with
                pending.json     what was seen and does not stand yet; absent when nothing waits
                changes.jsonl    the log, append-only
                health.json      what the last checks met
                pages/<sha256>.zst
                journal.json     a save on its way (see `folder`)
<root>/owners.json               whose each product is
"""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from ratewire.errors import StoreError
from ratewire.model import Capture, Change, Health, HealthState, Pending, Snapshot
from ratewire.record import files, forms, pages
from ratewire.record.folder import Folder, Stamp, Stamps, read, stamp
from ratewire.record.remains import Remains, missed, pointers

__all__ = ["DirectoryStore"]

log = logging.getLogger(__name__)

T = TypeVar("T")

Rebuild = Callable[[Remains], Snapshot | None]
"""What is left of a source to the facts that stood; None: cannot tell."""

_FACTS, _FIGURES, _PENDING = "facts.json", "figures.json", "pending.json"
_LOG, _HEALTH = "changes.jsonl", "health.json"
_OWNERS = "owners.json"
_CHANGE_PAGES = 24
"""Captures kept as evidence of the latest changes, per source."""
_OTHER_PAGES = 8
"""Captures kept that changed nothing (refused, reverted), per source."""


class DirectoryStore:
    """A `Store` in a folder. `rebuild` reads kept captures again where facts.json is damaged."""

    def __init__(self, root: Path, *, rebuild: Rebuild | None = None) -> None:
        self.root = root
        self._rebuild = rebuild
        self._locks = files.Locks(root / ".locks")
        self._digests: dict[str, tuple[Stamps, str]] = {}
        self._healths: dict[str, tuple[Stamp | None, Health | None]] = {}
        self._found: dict[str, list[str]] = defaultdict(list)
        """By source, what was found damaged and is to be said."""

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
        seen = self._folder(source_id).look(_FACTS, _FIGURES, _PENDING)
        pending = self._decoded(source_id, _PENDING, seen[_PENDING], Pending)
        try:
            snapshot = forms.record_of("facts", source_id, seen[_FACTS], Snapshot)
            if snapshot is not None and snapshot.source != source_id:
                raise StoreError(f"it is of {snapshot.source}")
        except StoreError as error:
            forms.never_newer(error)
            return self._rebuilt(source_id, seen, pending, error), pending
        if snapshot is None:
            if self._is_lost(source_id, seen, pending):
                gone = StoreError("it is gone")
                return self._rebuilt(source_id, seen, pending, gone), pending
            return None, pending
        if (data := seen[_FIGURES]) is not None:
            known = self._inventory(source_id, data)
            if known.capture in ("", snapshot.capture):
                snapshot = replace(snapshot, figures=known.figures, lines=known.lines)
        self._count_log(source_id, snapshot)
        if pending is None and (snapshot.unread or snapshot.refused):
            self._miss_pending(source_id)
        return snapshot, pending

    def _count_log(self, source_id: str, snapshot: Snapshot) -> None:
        """Say where the log, all of whose lines may be sound, has fewer than it had. What is lost
        only git has.
        """
        if not snapshot.logged or self._lines(source_id) >= snapshot.logged:
            return
        path = self._path(source_id, _LOG)
        with self.lock(source_id):
            now = self._folder(source_id).look(_FACTS)[_FACTS]
            facts = forms.record_of("facts", source_id, now, Snapshot)
            left, had = self._lines(source_id), facts.logged if facts else 0
            if facts is None or left >= had:
                return  # another run was faster
            words = f"{had - left} of {had} changes are gone; put it back as git had it"
            files.write_whole(files.free_aside(path), f"{words}.\n".encode())
            self._note_logged(source_id, facts, left)
        self._say(source_id, f"{path}: {words}")

    def _note_logged(self, source_id: str, snapshot: Snapshot, lines: int) -> None:
        facts = forms.written("facts", source_id, replace(snapshot, logged=lines))
        files.write_whole(self._path(source_id, _FACTS), facts)

    def _miss_pending(self, source_id: str) -> None:
        """Its file is gone, but not what waits for the owner: the facts name it as well."""
        path = self._path(source_id, _PENDING)
        with self.lock(source_id):
            if path.exists() or list(path.parent.glob(f"{_PENDING}.damaged-*")):
                return
            files.write_whole(files.free_aside(path), b"It was gone, and was restored.\n")
        self._say(source_id, f"{path}: it is gone; what waits for you is taken from {_FACTS}")

    def _lines(self, source_id: str) -> int:
        """Of the log."""
        return (self._folder(source_id).look(_LOG)[_LOG] or b"").count(b"\n")

    def _inventory(self, source_id: str, data: bytes | None) -> forms.Inventory:
        """Empty where the file is damaged: its figures are read anew from the kept page."""
        try:
            return forms.figures_of(source_id, data) if data is not None else forms.Inventory()
        except StoreError as error:
            forms.never_newer(error)
            self._put_aside(self._path(source_id, _FIGURES), error)
            return forms.Inventory()

    def _is_lost(
        self, source_id: str, seen: Mapping[str, bytes | None], pending: Pending | None
    ) -> bool:
        """There are no facts, but something is left that only comes after a first reading."""
        log_ = self._folder(source_id).look(_LOG)[_LOG]
        return bool(seen[_FIGURES] or log_) or missed(pending, self.health(source_id))

    def digest(self, source_id: str, /) -> str:
        """See `Store.digest`: of the files' bytes, which are the same on every machine."""
        folder = self._folder(source_id)
        stamps = folder.stamps(_FACTS, _FIGURES, _PENDING)
        known = self._digests.get(source_id)
        if known is None or known[0] != stamps:
            seen = folder.look(_FACTS, _FIGURES, _PENDING)
            parts = [hashlib.sha256(data or b"").digest() for data in seen.values()]
            known = stamps, hashlib.sha256(b"".join(parts)).hexdigest()
            self._digests[source_id] = known
        return known[1]

    def changes(
        self, source_id: str | None = None, /, *, publisher: str | None = None
    ) -> tuple[Change, ...]:
        """See `Store.changes`. Lines that are damaged are set aside with the file, others kept."""
        ids = self.sources() if source_id is None else (source_id,)
        found = [change for id in ids for change in self._log(id, publisher)]
        return tuple(sorted(found, key=lambda change: (change.recorded_at, change.id)))

    def log_mark(self, source_id: str, /) -> str:
        """See `Store.log_mark`: the file's inode, size and time, and those of a save on its way."""
        return repr(self._folder(source_id).stamps(_LOG))

    def page(self, source_id: str, sha256: str) -> Capture | None:
        path = self._page(source_id, sha256)
        data = read(path)
        if data is None:
            return None
        name = pages.base_of(data)
        alone = name and not self._base_name(source_id, name)
        base = self.page(source_id, name) if alone else None
        try:
            return pages.unpack(data, sha256, base)
        except StoreError as error:
            self._put_aside(path, error)
            return None

    def health(self, source_id: str, /) -> Health | None:
        path = self._path(source_id, _HEALTH)
        now, known = stamp(path), self._healths.get(source_id)
        if known is None or known[0] != now:
            known = now, self._decoded(source_id, _HEALTH, read(path), Health)
            known = stamp(path), known[1]  # one that is damaged is gone by now
            self._healths[source_id] = known
        return known[1]

    def damages(self, source_id: str, /) -> tuple[str, ...]:
        """See `Store.damages`."""
        return tuple(self._found.pop(source_id, ()))

    def set_aside(self, source_id: str, /) -> tuple[str, ...]:
        found = (self.root / source_id).glob("*.damaged-*")
        return tuple(sorted(path.name for path in found))

    def owners(self) -> Mapping[str, str]:
        """See `Store.owners`. A damaged file is set aside."""
        path = self.root / _OWNERS
        try:
            found = json.loads(path.read_bytes())
            if not isinstance(found, dict) or not all(isinstance(v, str) for v in found.values()):
                raise ValueError("it is no object of names")
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise StoreError(f"{path}: cannot be read ({error.strerror})") from error
        except (ValueError, RecursionError) as error:
            aside = files.set_aside(path)
            log.warning("%s: damaged (%s); set aside as %s", path, error, aside.name)
            return {}
        return found

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
        contents: dict[str, bytes | None] = {_PENDING: None}
        if pending is not None:
            contents[_PENDING] = forms.written("pending", source_id, pending)
        with self.lock(source_id):
            folder = self._folder(source_id)
            files.make_folder(folder.path)
            folder.carry_through()
            known = self._log(source_id)
            fresh = _unknown(changes, known)
            if snapshot is not None:
                refused, unread = (pending.rejected, pending.unread) if pending else ((), ())
                logged = len(known) + len(fresh)
                whole = replace(snapshot, refused=refused, unread=unread, logged=logged)
                contents |= _of_snapshot(source_id, whole)
            lines = b"".join(forms.line_of(source_id, change) for change in fresh)
            captures = pages.values() if isinstance(pages, Mapping) else pages
            base = self._base(source_id) if captures else None
            kept = [self._keep_page(source_id, capture, base) for capture in captures]
            wrote = folder.commit(contents, lines) or any(kept)
            if wrote:
                self._prune(source_id, snapshot, pending, [*known, *fresh])
            return wrote

    def adopt(self, former: str, source_id: str) -> None:
        """See `Store.adopt`."""
        old, new = self.root / former, self.root / source_id
        with self.lock(former), self.lock(source_id):
            snapshot, pending = self.load(former)
            changes = [replace(change, source=source_id) for change in self._log(former)]
            if (old / "pages").is_dir():
                shutil.copytree(old / "pages", new / "pages", dirs_exist_ok=True)
            mine = snapshot and replace(snapshot, source=source_id)
            self.save(source_id, mine, pending, changes)
            if (health := self.health(former)) is not None:
                self.save_health(source_id, health)
            for path in old.glob("*.damaged-*"):
                shutil.copy2(path, new)
            shutil.rmtree(old)

    def save_health(self, source_id: str, health: Health) -> bool:
        with self.lock(source_id):
            old = self.health(source_id)
            ahead = old is not None and old.since > health.since  # by a clock that was wrong
            if old is not None and not ahead and _same_state(old, health):
                return False
            path = self._path(source_id, _HEALTH)
            files.make_folder(path.parent)
            files.write_whole(path, forms.written("health", source_id, health))
            return True

    def save_owners(self, owners: Mapping[str, str]) -> bool:
        if owners == self.owners():
            return False
        text = json.dumps(dict(owners), indent=1, sort_keys=True, ensure_ascii=False)
        files.make_folder(self.root)
        files.write_whole(self.root / _OWNERS, f"{text}\n".encode())
        return True

    def _base(self, source_id: str) -> Capture | None:
        """What a new capture is packed against: the one that stands, or its own base."""
        data = self._folder(source_id).look(_FACTS)[_FACTS]
        try:
            name = str(json.loads(data or b"")["capture"])
        except (ValueError, RecursionError, KeyError, TypeError):
            return None
        return self.page(source_id, self._base_name(source_id, name) or name)

    def _base_name(self, source_id: str, sha256: str) -> str:
        """Of a capture that is packed against another."""
        return pages.base_of(read(self._page(source_id, sha256)) or b"")

    def _keep_page(self, source_id: str, capture: Capture, base: Capture | None) -> bool:
        path = self._page(source_id, capture.sha256)
        if path.exists():
            return False
        files.make_folder(path.parent)
        files.sweep(path.parent)
        files.write_whole(path, pages.pack(capture, base))
        return True

    def _prune(
        self,
        source_id: str,
        snapshot: Snapshot | None,
        pending: Pending | None,
        changes: Sequence[Change],
    ) -> None:
        """Keep what stands, what waits, the evidence of late changes, and a few others."""
        needed = (
            {snapshot.capture, *(other.capture for other in snapshot.others)} if snapshot else set()
        )
        if pending:
            needed |= {pending.capture, *(sighting.capture for sighting in pending.sightings)}
        evidence = [sha for c in reversed(changes) for sha in (c.after_capture, c.before_capture)]
        needed |= set(list(dict.fromkeys(evidence))[:_CHANGE_PAGES])
        others = [path for path in self._pages(source_id) if path.stem not in needed]
        stay = {*needed, *(path.stem for path in others[:_OTHER_PAGES])}
        stay |= {self._base_name(source_id, sha256) for sha256 in stay}
        for path in (path for path in others if path.stem not in stay):
            files.remove(path)

    # ── Files ────────────────────────────────────────────────────────────────────────────────

    def _folder(self, source_id: str) -> Folder:
        return Folder(self.root / source_id, _LOG, self._put_aside)

    def _path(self, source_id: str, name: str) -> Path:
        return self.root / source_id / name

    def _page(self, source_id: str, sha256: str) -> Path:
        return self._path(source_id, "pages") / f"{sha256}.zst"

    def _pages(self, source_id: str) -> list[Path]:
        """Newest first, as far as the file system knows."""
        found = self._path(source_id, "pages").glob("*.zst")
        return sorted(found, key=lambda path: (-path.stat().st_mtime_ns, path.name))

    # ── Damage ───────────────────────────────────────────────────────────────────────────────

    def _decoded(self, source_id: str, name: str, data: bytes | None, cls: type[T]) -> T | None:
        """None where there is no such file, or it is damaged and was set aside."""
        try:
            return forms.record_of(name.removesuffix(".json"), source_id, data, cls)
        except StoreError as error:
            forms.never_newer(error)
            self._put_aside(self._path(source_id, name), error)
            return None

    def _put_aside(self, path: Path, error: Exception) -> None:
        source_id = path.relative_to(self.root).parts[0]
        with self.lock(source_id):
            aside = files.set_aside(path) if path.exists() else path
        self._say(source_id, f"{path}: damaged ({error}); set aside as {aside.name}")

    def _say(self, source_id: str, what: str) -> None:
        log.warning("%s", what)
        self._found[source_id].append(what)

    def _rebuilt(
        self,
        source_id: str,
        seen: Mapping[str, bytes | None],
        pending: Pending | None,
        error: StoreError,
    ) -> Snapshot | None:
        """The facts as the page that stood gives them, with what was told since."""
        path = self._path(source_id, _FACTS)
        known = self._inventory(source_id, seen[_FIGURES])
        gone = not path.exists()
        if not gone:
            self._put_aside(path, error)
        else:
            self._say(source_id, f"{path}: {error}, though the source was read before")
        snapshot = None
        for remains in self._remains(source_id, pointers(known, seen[_FACTS] or b""), pending):
            snapshot = self._rebuild(remains) if self._rebuild else None
            if snapshot is not None:
                break
        if snapshot is None:
            log.error(
                "%s: could not be rebuilt from kept pages; the next check starts anew. "
                "To lose nothing, put back the file as git last had it",
                path,
            )
            return None
        with self.lock(source_id):
            if gone:  # a note in the place of what cannot be set aside, for the owner to find
                files.write_whole(files.free_aside(path), b"It was gone, and was rebuilt.\n")
            logged = self._lines(source_id)
            for name, data in _of_snapshot(source_id, replace(snapshot, logged=logged)).items():
                files.write_whole(self._path(source_id, name), data)
        sure = "; what differs from it waits for you in `ratewire review`" * snapshot.unsure
        self._say(
            source_id, f"{path}: rebuilt from the page of {snapshot.taken_at:%Y-%m-%d %H:%M}{sure}"
        )
        return snapshot

    def _remains(
        self, source_id: str, stood: Sequence[str], pending: Pending | None
    ) -> Iterator[Remains]:
        """Pages that may be the one that stood, the likeliest first."""
        told = self._log(source_id)
        waiting = {pending.capture, *(s.capture for s in pending.sightings)} if pending else set()
        for sha256 in stood:
            if (page := self.page(source_id, sha256)) is not None:
                yield Remains(source_id, page, tuple(told), certain=True)
                return
        before = [change.before_capture for change in reversed(told)]
        kept = [self.page(source_id, path.stem) for path in self._pages(source_id)]
        others = sorted((page for page in kept if page), key=lambda page: page.fetched_at)
        others.sort(key=lambda page: before.index(page.sha256) if page.sha256 in before else 99)
        for page in others:
            if page.sha256 not in waiting:
                yield Remains(source_id, page, tuple(told), certain=False)

    def _log(self, source_id: str, publisher: str | None = None) -> list[Change]:
        data = self._folder(source_id).look(_LOG)[_LOG]
        if data is None or not _may_name(data, publisher):
            return []
        good, damage = [], None
        changes: list[Change] = []
        for number, line in enumerate(data.splitlines(keepends=True), start=1):
            try:
                changes += forms.change_of(source_id, line, publisher)
                good.append(line)
            except StoreError as error:
                forms.never_newer(error)
                damage = damage or f"line {number}: {error}"
        if damage:
            self._mend_log(source_id, b"".join(good), damage)
        return _unknown(changes, ())

    def _mend_log(self, source_id: str, good: bytes, damage: str) -> None:
        """The sound lines stay; the file as it was found is set aside beside them."""
        path = self._path(source_id, _LOG)
        with self.lock(source_id):
            self._folder(source_id).carry_through()
            self._put_aside(path, StoreError(damage))
            files.write_whole(path, good)
            facts = self._decoded(source_id, _FACTS, read(self._path(source_id, _FACTS)), Snapshot)
            if facts is not None and facts.logged > (left := good.count(b"\n")):
                self._note_logged(source_id, facts, left)  # told of already


def _may_name(lines: bytes, publisher: str | None) -> bool:
    """False: none of the lines is this publisher's, which needs no parsing to know."""
    if not publisher:
        return True
    written = json.dumps(publisher, ensure_ascii=False)[1:-1].encode()
    return written in lines or b"\\u" in lines or b"\\/" in lines  # spelt otherwise, by hand


def _of_snapshot(source_id: str, snapshot: Snapshot) -> dict[str, bytes]:
    """The files of a snapshot, which change together."""
    return {
        _FACTS: forms.written("facts", source_id, snapshot),
        _FIGURES: forms.written_figures(source_id, snapshot),
    }


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
