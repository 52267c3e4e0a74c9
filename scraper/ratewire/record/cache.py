"""What is known of the last routine checks: volatile, outside git, harmless to lose.

Lost, it costs a full download where a conditional request would have done, and the site says
"last seen" of the snapshot's time until the next check.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime
from pathlib import Path

from ratewire.model import Validators, VerdictKind
from ratewire.model.moments import parse_rfc3339, rfc3339
from ratewire.record import files
from ratewire.record.folder import Stamp, stamp

__all__ = ["Cache", "Checks"]

log = logging.getLogger(__name__)

_LEFT_OUT = "left-out.json"
_RESTED = "rested.json"
_MET = {*map(str, VerdictKind), "unreachable", "unreadable"}


@dataclass(frozen=True, slots=True)
class Checks:
    """What is known of one source's latest checks."""

    checked_at: datetime | None = None
    """When it was last asked for, whatever came of it."""
    verified_at: datetime | None = None
    """When the page was last seen to show what stands."""
    read_at: datetime | None = None
    """When a genuine page was last had, whatever it showed."""
    capture: str = ""
    """sha256 of the latest genuine capture."""
    state: str = ""
    """Digest of what stood and waited when it had been read, and of what it was read with."""
    at_rest: bool = False
    """The same page has nothing more to tell, on whatever day it is seen again."""
    met: Mapping[str, int] = field(default_factory=dict)
    """What checks met since the page was last genuine, and how often: kinds of verdicts, or
    `unreachable` or `unreadable`.
    """
    validators: Mapping[str, Validators] = field(default_factory=dict)
    """By address."""

    def with_validators(self, validators: Validators | None) -> Checks:
        if validators is None:
            return self
        return replace(self, validators={**self.validators, validators.url: validators})

    def meeting(self, what: str) -> Checks:
        """After one more check that had no genuine page."""
        return replace(self, met={**self.met, what: self.met.get(what, 0) + 1})


class Cache:
    """One small file for each source, and one for all whose pages had nothing new; a missing or
    damaged one is as good as none.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._rested: tuple[Stamp | None, dict[str, datetime]] = (None, {})
        self._known: dict[str, tuple[Stamp | None, Checks]] = {}

    def load(self, source_id: str) -> Checks:
        checks, rested = self._own(source_id), self._rests().get(source_id)
        if rested is None or (checks.checked_at is not None and checks.checked_at >= rested):
            return checks
        return replace(checks, checked_at=rested, verified_at=rested, read_at=rested, met={})

    def rest(self, seen: Mapping[str, datetime]) -> None:
        """Note of many sources at once when their pages were verified and had nothing to tell.

        One write instead of many; of two runs that write at once, one's notes may be lost. Raises
        StoreError where it cannot be written.
        """
        if seen:
            files.make_folder(self._folder)
            times = {id: rfc3339(time) for id, time in {**self._rests(), **seen}.items()}
            data = json.dumps(times, indent=1, sort_keys=True)
            files.write_whole(self._folder / _RESTED, data.encode(), durable=False)

    def _rests(self) -> dict[str, datetime]:
        path = self._folder / _RESTED
        try:
            now = stamp(path)
            if now != self._rested[0]:
                value = json.loads(path.read_bytes())
                self._rested = now, {id: parse_rfc3339(t) for id, t in value.items()}
        except FileNotFoundError:
            self._rested = (None, {})
        except (OSError, ValueError, RecursionError, TypeError, AttributeError) as error:
            log.warning("%s: not readable (%s); going on without it", path, error)
            self._rested = (None, {})
        return self._rested[1]

    def _own(self, source_id: str) -> Checks:
        path = self._path(source_id)
        now, known = stamp(path), self._known.get(source_id)
        if known is None or known[0] != now:
            known = self._known[source_id] = now, self._read(path)
        return known[1]

    def _read(self, path: Path) -> Checks:
        try:
            value = json.loads(path.read_bytes())
            return Checks(
                checked_at=_time(value["checked_at"]),
                verified_at=_time(value["verified_at"]),
                read_at=_time(value.get("read_at")),
                capture=value["capture"],
                state=value.get("state", ""),
                at_rest=value.get("at_rest", False) is True,
                met={str(what): int(n) for what, n in value.get("met", {}).items() if what in _MET},
                validators={url: Validators(**v) for url, v in value["validators"].items()},
            )
        except FileNotFoundError:
            return Checks()
        except (OSError, ValueError, RecursionError, TypeError, KeyError, AttributeError) as error:
            log.warning("%s: not readable (%s); going on without it", path, error)
            return Checks()

    def save(self, source_id: str, checks: Checks) -> None:
        """Raises StoreError where it cannot be written."""
        files.make_folder(self._path(source_id).parent)
        value = {field.name: getattr(checks, field.name) for field in fields(checks)}
        data = json.dumps(value, indent=1, sort_keys=True, default=_plain)
        files.write_whole(self._path(source_id), data.encode(), durable=False)

    def checked(self, *source_ids: str) -> dict[str, datetime]:
        """When each of them was last verified, as far as is known."""
        times = {id: self.load(id).verified_at for id in source_ids}
        return {id: time for id, time in times.items() if time is not None}

    def note_left_out(self, pages: Mapping[str, str]) -> None:
        """Paths of pages that the last build could not render, each with the reason.

        Raises StoreError where it cannot be written.
        """
        if pages != self.left_out():
            files.make_folder(self._folder)
            data = json.dumps(dict(pages), indent=1, sort_keys=True)
            files.write_whole(self._folder / _LEFT_OUT, data.encode(), durable=False)

    def left_out(self) -> dict[str, str]:
        try:
            value = json.loads((self._folder / _LEFT_OUT).read_bytes())
            return {str(path): str(reason) for path, reason in value.items()}
        except (OSError, ValueError, RecursionError, AttributeError):
            return {}

    def _path(self, source_id: str) -> Path:
        return self._folder / "checks" / f"{source_id}.json"


def _time(value: str | None) -> datetime | None:
    return parse_rfc3339(value) if value else None


def _plain(value: object) -> object:
    if isinstance(value, Validators):
        return asdict(value)
    return rfc3339(value) if isinstance(value, datetime) else str(value)
