"""A folder whose files change together or not at all, and one of which is a log.

A save that touches more than one file is first written as a journal, whole or not at all. From
then on the save has happened: readers see its files through the journal, and whoever comes next
carries it to its end. Before that moment nothing has happened at all.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ratewire.errors import StoreError
from ratewire.record import files
from ratewire.record.checksum import sealed
from ratewire.record.forms import never_newer, opened
from ratewire.record.migrations import FORMATS

__all__ = ["Folder", "Stamp", "Stamps", "read", "stamp"]

_JOURNAL = "journal.json"
Stamp = tuple[int, int, int]
"""Inode, size and time of a file; equal ones, equal files."""
Stamps = list[Stamp | None]
"""Of the journal and of files."""
_LOOKS = 50
"""Attempts of a reader without a lock to see the files of one moment."""


@dataclass(frozen=True, slots=True)
class _Journal:
    """Whole files to be put in place (None: removed), and what is appended to the log."""

    files: Mapping[str, str | None]
    length: int
    """Bytes of the log before."""
    lines: str

    def encode(self, owner: str) -> bytes:
        body = {"files": dict(self.files), "length": self.length, "lines": self.lines}
        whole = sealed("journal", owner, {"format": FORMATS["journal"], **body})
        return json.dumps(whole, ensure_ascii=False).encode()

    @classmethod
    def decode(cls, owner: str, data: bytes) -> _Journal:
        value = opened("journal", owner, data)
        return cls(value["files"], value["length"], value["lines"])


@dataclass(frozen=True, slots=True)
class Folder:
    """The folder at `path`, named for its source. Whoever writes to it holds its lock."""

    path: Path
    log: str
    """Name of the file that is only appended to."""
    set_aside: Callable[[Path, Exception], None]
    """Called with a journal that cannot be read, and why."""

    def look(self, *names: str) -> dict[str, bytes | None]:
        """Files as of one moment (None: there is none); a save on its way counts as done."""
        for _ in range(_LOOKS):
            before = self.stamps(*names)
            journal = self._journal()
            seen = {name: read(self.path / name) for name in names}
            if before == self.stamps(*names):
                break
        if journal is None:
            return seen
        for name in names:
            if name == self.log:
                seen[name] = (seen[name] or b"")[: journal.length] + journal.lines.encode()
            elif name in journal.files:
                seen[name] = _encoded(journal.files[name])
        return seen

    def commit(self, contents: Mapping[str, bytes | None], lines: bytes) -> bool:
        """Put whole files in place (None: remove) and append lines to the log; all or nothing.

        False: everything was so already.
        """
        differing = {k: v for k, v in contents.items() if v != read(self.path / k)}
        if not lines and len(differing) < 2:
            self._put(differing)
            return bool(differing)
        journal = _Journal(
            {k: None if v is None else v.decode() for k, v in differing.items()},
            len(read(self.path / self.log) or b""),
            lines.decode(),
        )
        files.write_whole(self.path / _JOURNAL, journal.encode(self.path.name))
        self.carry_through()
        return True

    def carry_through(self) -> None:
        """Bring a save that was stopped to its end, and clear away what was half-written."""
        journal = self._journal()
        if journal is not None:
            if journal.lines:
                files.append_at(self.path / self.log, journal.length, journal.lines.encode())
            self._put({name: _encoded(text) for name, text in journal.files.items()})
            files.remove(self.path / _JOURNAL)
        files.sweep(self.path)

    def _put(self, contents: Mapping[str, bytes | None]) -> None:
        for name, data in sorted(contents.items()):
            if data is None:
                files.remove(self.path / name)
            else:
                files.write_whole(self.path / name, data)

    def _journal(self) -> _Journal | None:
        data = read(self.path / _JOURNAL)
        if data is None:
            return None
        try:
            return _Journal.decode(self.path.name, data)
        except (StoreError, ValueError, KeyError) as error:
            never_newer(error)
            self.set_aside(self.path / _JOURNAL, error)
            return None

    def stamps(self, *names: str) -> Stamps:
        """Of the journal and of each file, in this order; None: there is no such file."""
        folder = str(self.path)
        return [stamp(f"{folder}/{name}") for name in (_JOURNAL, *names)]


def stamp(path: str | Path) -> Stamp | None:
    """None: there is no such file."""
    try:
        status = os.stat(path)  # noqa: PTH116 - of every file of every source, in every run
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns


_NO_FILE = b"\0"
"""What a folder in a file's place holds: nothing that any record could be."""


def read(path: Path) -> bytes | None:
    """None: there is no such file. Raises StoreError."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except IsADirectoryError:
        return _NO_FILE
    except OSError as error:
        raise StoreError(
            f"{path}: cannot be read ({error.strerror}); mend its permissions, then run again"
        ) from error


def _encoded(text: str | None) -> bytes | None:
    return None if text is None else text.encode()
