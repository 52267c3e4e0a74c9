"""What can go wrong, as one small hierarchy.

Every message names the file (and line or key), what is wrong and how to mend it;
the command line prints it as it is. `exit_code` is what `ratewire` then exits with.
"""

from __future__ import annotations

from pathlib import Path

DEFECT = 4
"""What `ratewire` exits with where an exception is none of these: a defect of the program."""


class RatewireError(Exception):
    """The root: anything ratewire says on purpose."""

    exit_code = 1


class ConfigError(RatewireError):
    """A setting, a source, an article or an argument is wrong; nothing was started."""

    exit_code = 2

    def __init__(
        self, message: str, *, file: Path | None = None, line: int | None = None, key: str = ""
    ) -> None:
        place = "".join(
            (f"{file}" if file else "", f":{line}" if line else "", f": {key}" if key else "")
        )
        super().__init__(f"{place}: {message}" if place else message)
        self.file, self.line, self.key = file, line, key


class FetchError(RatewireError):
    """A page could not be had. `reason` is one clause, fit for a status line."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"{url}: {reason}")
        self.url, self.reason = url, reason


class ReadError(RatewireError):
    """A capture cannot be read at all (too large, not text); what it says stays unknown."""


class StoreError(RatewireError):
    """The store is damaged or cannot be written; what was stored before still stands."""

    exit_code = 3


class BuildError(RatewireError):
    """The site cannot be built; the site built before still stands."""

    exit_code = 2

    def __init__(self, message: str, *, file: Path | None = None, line: int | None = None) -> None:
        place = f"{file}:{line}: " if file and line else f"{file}: " if file else ""
        super().__init__(place + message)
        self.file, self.line = file, line


class AnnounceError(RatewireError):
    """A message could not be handed over; it stays in the outbox."""


class ConsumeError(RatewireError):
    """What a site publishes cannot be had or used; the file that it was for is as it was."""

    exit_code = 3
