"""The new site beside the old one, until the two change places.

What was replaced last is not removed but kept as a spare: the next build brings it up to date,
which takes as long as there are changes and not as long as there are files. Unchanged files are
the same files under two names, so the spare takes hardly any room.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ratewire.errors import BuildError
from ratewire.publish.manifest import Manifest
from ratewire.publish.swap import keep, swap

__all__ = ["Staging", "mark"]

_THREADS = 2
_SHARE = 250
"""Files below which no thread is worth its start."""


def mark(folder: Path) -> tuple[int, int]:
    """Inode and time of a folder, by which it is known again; zeros where there is none."""
    try:
        stat = folder.stat()
    except FileNotFoundError:
        return (0, 0)
    return (stat.st_ino, stat.st_mtime_ns)


@dataclass(frozen=True)
class Staging:
    """`out` is the site, `place` the folder (of the same file system) where the next one grows."""

    out: Path
    place: Path
    last: Manifest

    def replace(
        self, files: Mapping[str, bytes | None], changed: set[str]
    ) -> tuple[tuple[int, int], tuple[str, ...]]:
        """Make the site have these files (None: as it was); `changed` names those written anew and
        those gone. Gives the spare's mark, and in what it is behind.

        Raises BuildError, FileNotFoundError where a file that was to stay is gone.
        """
        if (self.out / ".git").exists():
            raise BuildError("is a git checkout, not replaced; build elsewhere", file=self.out)
        self.place.parent.mkdir(parents=True, exist_ok=True)
        fits = self.last.spare != (0, 0) and mark(self.place) == self.last.spare
        try:
            if fits:
                self._fill(files, changed.union(self.last.behind))
            else:
                shutil.rmtree(self.place, ignore_errors=True)
                self.place.mkdir(mode=0o755)
                self._fill(files, files)
            for kept in self.out.glob(".git?*"):
                keep(kept, self.place / kept.name)
            replaced = swap(self.place, self.out)
        except BaseException:
            shutil.rmtree(self.place, ignore_errors=True)
            raise
        if replaced is None:
            return (0, 0), ()
        if not self.last.files:  # nobody knows what was in there
            shutil.rmtree(replaced, ignore_errors=True)
            return (0, 0), ()
        if replaced != self.place:
            replaced.rename(self.place)
        return mark(self.place), tuple(sorted(changed))

    def _fill(self, files: Mapping[str, bytes | None], names: Iterable[str]) -> None:
        """Bring these files up to date; many by several threads, for the time is the disk's."""
        rows = sorted(names)
        share = max(_SHARE, -(-len(rows) // _THREADS))
        shares = [rows[start : start + share] for start in range(0, len(rows), share)]
        fill = partial(self._fill_share, files)
        if len(shares) < 2:
            fill(rows)
            return
        with ThreadPoolExecutor(_THREADS) as pool:
            for _ in pool.map(fill, shares):
                pass

    def _fill_share(self, files: Mapping[str, bytes | None], names: Iterable[str]) -> None:
        """A file that has two names is never written through one."""
        made: set[str] = set()
        for name in names:
            target = self.place / name
            if name not in files:
                target.unlink(missing_ok=True)
                continue
            folder = os.path.dirname(target)  # noqa: PTH120 - tens of thousands of times
            if folder not in made:
                made.add(folder)
                os.makedirs(folder, exist_ok=True)  # noqa: PTH103
            data = files[name]
            if data is None:
                keep(self.out / name, target)
            else:
                target.unlink(missing_ok=True)
                target.write_bytes(data)
