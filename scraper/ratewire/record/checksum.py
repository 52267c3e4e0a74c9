"""Every record says in `checksum` what it was when it was written.

It is of what the record says (its JSON with sorted keys), of what kind it is and of whom, not of
its bytes: other line endings or another indent are no damage. A flipped bit, lines of a merge that
both stayed, and another source's file are.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from ratewire.errors import StoreError

__all__ = ["checksum", "sealed", "verify"]

_KEY = "checksum"


def checksum(kind: str, owner: str, value: Mapping[str, Any]) -> str:
    """Of all that the record says but the checksum itself. `owner`: the source's id."""
    said = [kind, owner, {key: each for key, each in value.items() if key != _KEY}]
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def sealed(kind: str, owner: str, value: Mapping[str, Any]) -> dict[str, Any]:
    """The record with its checksum."""
    return {**value, _KEY: checksum(kind, owner, value)}


def verify(kind: str, owner: str, value: Any, *, required: bool) -> None:
    """Raises StoreError where the record is not what was written. `required`: it has a checksum."""
    if not isinstance(value, dict):
        return
    stated = value.get(_KEY)
    if stated is None:
        if required:
            raise StoreError("its checksum is missing")
    elif stated != checksum(kind, owner, value):
        raise StoreError("it is not what was written: the checksum differs")
