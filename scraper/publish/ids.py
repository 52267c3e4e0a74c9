"""Ids of products as parts of addresses and names of files, on every system that a site is kept on.

An id comes of a page's own words. What no file can be called gets another id here, always the
same one, and never that of another product; all others stay as they are.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import replace
from functools import lru_cache

from scraper.model import Change, Fact, Facts, Incident, Passage, Rate, Snapshot

__all__ = ["change_with_safe_ids", "safe_id", "snapshot_with_safe_ids"]

_SAFE = re.compile(r"(?!.*\.\.)[\w@+,=~-][\w@+,=~.-]*(?<!\.)")
_UNSAFE = re.compile(r"[^\w@+,=~-]+")
_RESERVED = re.compile(
    r"(?:con|prn|aux|nul|conin|conout|com[\d¹²³]|lpt[\d¹²³])(?:\..*)?|.*\.(?:html?|md|svg|png)"
)
"""Devices of Windows, with any ending, and what the site's own files beside it may be called."""
_LONGEST = 200
"""Bytes; with the endings that files get, no system takes more than 255."""
_KEPT = 60
"""Bytes of an id that is too long or unsafe which stay to be recognised by."""


@lru_cache(maxsize=20_000)
def safe_id(id: str) -> str:
    """The id itself, if it can be the name of a file and of a folder; else one that can."""
    if _is_safe(id):
        return id
    words = _UNSAFE.sub("-", unicodedata.normalize("NFC", id).lower())
    kept = words.encode()[:_KEPT].decode("utf-8", "ignore").strip("-.~")
    digest = hashlib.sha256(id.encode("utf-8", "surrogatepass")).hexdigest()[:10]
    return f"{kept}-{digest}" if kept else f"id-{digest}"


def _is_safe(id: str) -> bool:
    return (
        bool(_SAFE.fullmatch(id))
        and len(id.encode("utf-8", "surrogatepass")) <= _LONGEST
        and id == id.lower() == unicodedata.normalize("NFC", id)
        and not _RESERVED.fullmatch(id)
    )


def snapshot_with_safe_ids(snapshot: Snapshot) -> Snapshot:
    facts = snapshot.facts
    if all(map(_is_kept, facts)):
        return snapshot
    return replace(snapshot, facts=Facts.of(map(_safe, facts), facts.missing))


def change_with_safe_ids(change: Change) -> Change:
    facts = (side for each in change.alterations for side in (each.before, each.after))
    if all(side is None or _is_kept(side) for side in facts):
        return change
    safe = (
        replace(
            each,
            before=None if each.before is None else _safe(each.before),
            after=None if each.after is None else _safe(each.after),
        )
        for each in change.alterations
    )
    return replace(change, alterations=tuple(safe))


def _is_kept(fact: Fact) -> bool:
    if isinstance(fact, Incident | Passage):
        return True
    nobodys = not fact.product and not isinstance(fact, Rate)  # a limit of the whole account
    return nobodys or safe_id(fact.product) == fact.product


def _safe(fact: Fact) -> Fact:
    if _is_kept(fact) or isinstance(fact, Incident | Passage):
        return fact
    return replace(fact, product=safe_id(fact.product))
