"""What a fetch gives back, and what it needs to ask only for what changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ratewire.model import Capture, Validators, Verdict

__all__ = ["Fetched", "Validators"]


@dataclass(frozen=True, slots=True)
class Fetched:
    """How one check of one source ended. Exactly one of capture, unchanged and problem is set."""

    source_id: str
    checked_at: datetime
    capture: Capture | None = None
    """What was served; a wall too, where no address served better."""
    unchanged: str = ""
    """Digest of the stored capture that still stands: the server says so (304), or the bytes do."""
    problem: str = ""
    """One clause: why no address could be had."""
    validators: Validators | None = None
    """To store under `validators.url`; None where the capture is no page to come back to."""
    attempts: tuple[str, ...] = ()
    """One line for each address tried."""
    verdict: Verdict | None = None
    """Whether the capture is the page, where that was looked at."""
