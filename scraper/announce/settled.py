"""That everyone has been told everything, so that a quiet run need not look through the whole log.

A file in the site's cache holds a digest of all that decides what is due: the logs, the outbox,
the recipients and their wishes. While the digest is the same, nothing is due. Lost, it costs one
look through the log.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import suppress

from scraper.announce.recipients import Key, Recipient
from scraper.config import Site
from scraper.record.files import make_folder, write_whole

__all__ = ["Settled"]


class Settled:
    """Asked at the start of a run, noted at the end of one that left nothing to tell."""

    def __init__(self, site: Site, key: Key, everyone: Sequence[Recipient]) -> None:
        settings = site.announce
        wishes = [(r.id, sorted(r.products), sorted(r.kinds), r.digest) for r in everyone]
        kinds = settings.at_once, settings.in_digest, settings.digest
        self._asked = repr((key.mark, sorted(wishes), kinds))
        self._outbox = site.announced
        self._file = site.cache / "settled"

    def holds(self, log: str) -> bool:
        """Whether nothing is due; `log` is the store's mark."""
        try:
            return self._file.read_text("utf-8") == self._digest(log)
        except (OSError, ValueError):
            return False

    def note(self, log: str) -> None:
        """Nothing is due, nor will be, until any of it changes. Raises StoreError."""
        make_folder(self._file.parent)
        write_whole(self._file, self._digest(log).encode(), durable=False)

    def _digest(self, log: str) -> str:
        total = hashlib.sha256(f"{log} {self._asked}".encode())
        with suppress(FileNotFoundError):
            total.update((self._outbox / "outbox.json").read_bytes())
            for folder in (self._outbox, self._outbox / "told"):
                total.update(repr(sorted(file.name for file in folder.iterdir())).encode())
        return total.hexdigest()
