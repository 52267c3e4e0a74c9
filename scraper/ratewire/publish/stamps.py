"""Whether a file has been touched: its time of last writing and its size."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["Stamp", "names_of", "stamps_of"]

Stamp = tuple[int, int]
"""Time of last writing (ns) and size."""


def stamps_of(folder: Path, suffix: str = "") -> dict[str, Stamp]:
    """Every file of a folder (not below it) whose name ends so, by its path; sorted."""
    try:
        with os.scandir(folder) as entries:
            found = [(e.path, e.stat()) for e in entries if e.name.endswith(suffix) and e.is_file()]
    except FileNotFoundError:
        return {}
    return {path: (stat.st_mtime_ns, stat.st_size) for path, stat in sorted(found, key=_path)}


def names_of(folder: Path, suffix: str) -> list[str]:
    """The paths alone, as `stamps_of` has them, for a tenth of the time."""
    try:
        with os.scandir(folder) as entries:
            return sorted(e.path for e in entries if e.name.endswith(suffix) and e.is_file())
    except FileNotFoundError:
        return []


def _path(found: tuple[str, object]) -> str:
    return found[0]
