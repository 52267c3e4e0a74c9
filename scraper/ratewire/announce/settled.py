"""Of which sources everyone was told everything, so that a run need not look through their logs.

A file in the site's cache holds the marks of their logs. A mark counts for as long as the
recipients, their wishes, the outbox's key and its own record are the same, no record of who was
told is missing and no run was cut off while it announced. Lost, the file costs one look through
all logs.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence

from ratewire.announce.recipients import Key, Recipient
from ratewire.config import Site
from ratewire.model import Change
from ratewire.record.files import make_folder, write_whole

__all__ = ["Settled"]


class Settled:
    """Asked at the start of a run, noted at its end."""

    def __init__(self, site: Site, key: Key, everyone: Sequence[Recipient]) -> None:
        settings = site.announce
        wishes = [(r.id, sorted(r.products), sorted(r.kinds), r.digest) for r in everyone]
        kinds = settings.immediate, settings.digest_kinds, settings.digest
        asked = repr((key.mark, sorted(wishes), kinds))
        self._asked = hashlib.sha256(asked.encode()).hexdigest()
        self._outbox = site.announced
        self._file = site.cache / "settled.json"
        self._noted = self._load()

    def unsettled(self, marks: Mapping[str, str]) -> list[str]:
        """Sources whose logs may hold what somebody is to be told; `marks` by source."""
        return [id for id, mark in marks.items() if self._noted.get(id) != mark]

    def note(
        self, marks: Mapping[str, str], looked_at: Iterable[Change], open_changes: Iterable[str]
    ) -> None:
        """After a run: all are settled but the sources of changes that are still to be told to
        somebody, now or in a digest to come. Raises StoreError.
        """
        open_ids = set(open_changes)
        waits = {change.source for change in looked_at if change.id in open_ids}
        sources = {id: mark for id, mark in sorted(marks.items()) if id not in waits}
        record, told = self._record(), self._told()
        body = {"asked": self._asked, "record": record, "told": told, "sources": sources}
        make_folder(self._file.parent)
        write_whole(self._file, json.dumps(body, indent=1).encode(), durable=False)

    def _load(self) -> dict[str, str]:
        if (self._outbox / "journal.jsonl").exists():
            return {}
        try:
            body = json.loads(self._file.read_bytes())
            same = body["asked"] == self._asked and body["told"] <= self._told()
            same = same and body["record"] == self._record() != ""
            return dict(body["sources"]) if same else {}
        except (OSError, ValueError, RecursionError, TypeError, KeyError):
            return {}

    def _record(self) -> str:
        """Digest of what the outbox knows of recipients, waiting and dead letters, which another
        run's may have been merged into; empty where it is gone."""
        try:
            return hashlib.sha256((self._outbox / "outbox.json").read_bytes()).hexdigest()
        except OSError:
            return ""

    def _told(self) -> int:
        """How many records of who was told there are: one for each change, so they are counted at
        once and not one by one."""
        try:
            names = os.listdir(self._outbox / "told")  # noqa: PTH208 - names, not paths
        except FileNotFoundError:
            return 0
        return sum(name.endswith(".json") for name in names)
