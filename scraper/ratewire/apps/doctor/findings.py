"""What the doctor says: one finding for each thing looked at."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["NOWHERE", "CheckStatus", "Finding"]

NOWHERE = ("example", "invalid", "test", "localhost")
"""Last parts of names that are no address of the open web (RFC 6761)."""


class CheckStatus(StrEnum):
    OK = "ok"
    NOTE = "note"
    """Works, and the owner should know."""
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at."""

    check: str
    """`settings`, `keys`, `owner`, `writing`, `records`, `hosts`, `subscriptions`, `clock`,
    `schedule`, `feeds`, `build` or `deploy`."""
    standing: CheckStatus
    words: str
    remedy: str = ""
    """What to do; empty where all is well."""
