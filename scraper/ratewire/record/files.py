"""Files that are written whole or not at all, and locks that die with their owner.

Every call that changes the disk goes through `os` here, so that a test can stop the process at
each of them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import get_native_id

from filelock import FileLock, Timeout

from ratewire.errors import StoreError

__all__ = [
    "Locks",
    "append_at",
    "free_aside",
    "make_folder",
    "remove",
    "set_aside",
    "sweep",
    "write_whole",
]

_TEMPORARY = ".writing-"


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """A trouble of the disk becomes a StoreError that names the file and the way out."""
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"{path}: cannot be written ({error.strerror or error}); what was stored before "
            "still stands. Free some space or mend the folder's permissions, then run again"
        ) from error


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_all(descriptor: int, data: bytes, *, durable: bool = True) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
    if durable:
        os.fsync(descriptor)


def make_folder(folder: Path) -> None:
    """The folder and those above it. Raises StoreError."""
    if folder.is_dir():
        return
    with _named(folder):
        folder.mkdir(parents=True, exist_ok=True)
        _sync_folder(folder.parent)


def write_whole(path: Path, data: bytes, *, durable: bool = True) -> None:
    """Afterwards `path` holds `data`, or what it held before. Raises StoreError.

    Not `durable`: true of a killed process, though not of a machine that loses its power.
    """
    temporary = path.with_name(f"{_TEMPORARY}{os.getpid()}-{get_native_id()}-{path.name}")
    with _named(path):
        try:
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
            try:
                _write_all(descriptor, data, durable=durable)
            finally:
                os.close(descriptor)
            os.replace(temporary, path)  # noqa: PTH105
        except OSError:
            with suppress(OSError):
                os.unlink(temporary)  # noqa: PTH108
            raise
        if durable:
            _sync_folder(path.parent)


def append_at(path: Path, length: int, data: bytes) -> None:
    """Afterwards `path` holds its first `length` bytes and then `data`.

    To repeat it after an interruption gives the same file. Raises StoreError.
    """
    with _named(path):
        new = not path.exists()
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o644)
        try:
            os.ftruncate(descriptor, length)
            os.lseek(descriptor, length, os.SEEK_SET)
            _write_all(descriptor, data)
        finally:
            os.close(descriptor)
        if new:
            _sync_folder(path.parent)


def remove(path: Path) -> None:
    """Afterwards there is no `path`. Raises StoreError."""
    with _named(path):
        try:
            os.unlink(path)  # noqa: PTH108
        except FileNotFoundError:
            return
        _sync_folder(path.parent)


def free_aside(path: Path) -> Path:
    """The first free `<name>.damaged-<n>`."""
    number = 1
    while (aside := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    return aside


def set_aside(path: Path) -> Path:
    """Rename a damaged file to the first free `<name>.damaged-<n>`. Raises StoreError."""
    aside = free_aside(path)
    with _named(path):
        os.replace(path, aside)  # noqa: PTH105
        _sync_folder(path.parent)
    return aside


def sweep(folder: Path) -> None:
    """Clear away what killed runs left half-written. Only under the folder's lock."""
    for path in folder.glob(f"{_TEMPORARY}*"):
        remove(path)


class Locks:
    """Locks of this process, one for each name; the system frees them when the process ends.

    The same thread may take one twice. They lie in a folder that git passes over.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: dict[str, FileLock] = {}

    @contextmanager
    def __call__(self, name: str, *, timeout: float = -1) -> Iterator[None]:
        """Wait for the lock, at most `timeout` seconds (below zero: for ever).

        Raises StoreError where another run still holds it by then, or none can be made.
        """
        lock = self._lock(name)
        with _named(Path(lock.lock_file)):
            try:
                lock.acquire(timeout=timeout)
            except Timeout:
                raise StoreError(
                    f"{lock.lock_file}: another run is at work here; wait for it to end"
                ) from None
        try:
            yield
        finally:
            lock.release()

    def _lock(self, name: str) -> FileLock:
        if not self._held:
            make_folder(self._folder)
            ignore = self._folder / ".gitignore"
            if not ignore.exists():
                write_whole(ignore, b"*\n")
        return self._held.setdefault(name, FileLock(self._folder / f"{name}.lock"))
