"""One folder put in the place of another in a single step."""

from __future__ import annotations

import ctypes
import os
import shutil
from pathlib import Path

from ratewire.errors import BuildError

__all__ = ["keep", "swap"]

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


def swap(new: Path, old: Path) -> Path | None:
    """Put `new` where `old` is; gives the place of what stood there, None: nothing did.

    On Linux the two change places in one system call; elsewhere, and on file systems that cannot,
    `old` is moved aside first. Raises BuildError; `old` then stands as before.
    """
    try:
        if not old.exists():
            new.rename(old)
            return None
        if _exchange(new, old):
            return new
        aside = new.with_name(f"{new.name}.old")
        shutil.rmtree(aside, ignore_errors=True)
        old.rename(aside)
        new.rename(old)
        return aside
    except OSError as error:
        message = f"cannot be replaced by the new site ({error.strerror}); it stands as it was"
        raise BuildError(message, file=old) from None


def _exchange(one: Path, other: Path) -> bool:
    """renameat2(2) with RENAME_EXCHANGE; False where there is no such thing."""
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    paths = (os.fsencode(one), os.fsencode(other))
    return bool(rename(_AT_FDCWD, paths[0], _AT_FDCWD, paths[1], _RENAME_EXCHANGE) == 0)


def keep(old: Path, new: Path) -> None:
    """The same file in the new folder: a second name for it, or a copy where that cannot be.

    Raises FileNotFoundError where the old one is gone.
    """
    new.unlink(missing_ok=True)
    try:
        os.link(old, new)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copy2(old, new)
