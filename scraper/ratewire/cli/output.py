"""Where things are printed: data on stdout, words to people on stderr."""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from io import TextIOBase
from pathlib import Path
from typing import IO, Annotated, TextIO, cast

import typer
from rich.console import Console, RenderableType
from rich.logging import RichHandler

from ratewire.config import Site
from ratewire.config.load import load_site
from ratewire.model.moments import rfc3339

__all__ = [
    "AsJson",
    "LogFormat",
    "SiteFolder",
    "Verbose",
    "open_site",
    "print_data",
    "print_json",
    "set_up_logging",
    "words",
    "write_as",
]


class LogFormat(StrEnum):
    """How stderr is written."""

    TEXT = "text"
    JSON = "json"
    """One object a line: `time`, `level`, `logger`, `message`."""


_COMMANDING = re.compile(
    "[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
_RUNNERS = re.compile(r"^(\s*)(:|#)(:|#\[)", re.MULTILINE)
SiteFolder = Annotated[
    Path, typer.Option("--site", metavar="DIR", help="The site's folder.", show_default="here")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print data as JSON.")]
Verbose = Annotated[
    int, typer.Option("--verbose", "-v", count=True, help="Give reasons; twice: every step.")
]


def words() -> Console:
    """For people; or, if so asked, for what gathers logs."""
    if _FORMAT.get() is LogFormat.JSON:
        return Console(file=cast(IO[str], _RecordLines()), width=10_000, no_color=True)
    console = Console(stderr=True)
    return console if console.is_terminal else Console(file=cast(IO[str], _Log(sys.stderr)))


class _Log:
    """A log that someone else reads. GitHub's runner takes a line that begins with `::` or `##[`
    for a command, and a wrapped line begins with any word of a page."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        return self._stream.write(_RUNNERS.sub("\\1\\2\N{ZERO WIDTH SPACE}\\3", text))

    def flush(self) -> None:
        self._stream.flush()


_FORMAT: ContextVar[LogFormat] = ContextVar("log format", default=LogFormat.TEXT)
"""Of the call that is under way."""


def write_as(format: LogFormat) -> Callable[[], None]:
    """Write words and logs so, until what is returned is called."""
    token = _FORMAT.set(format)
    return lambda: _FORMAT.reset(token)


class _RecordLines(TextIOBase):
    """Lines to people as records on stderr."""

    def __init__(self) -> None:
        self._begun = ""

    def write(self, text: str) -> int:
        *whole, self._begun = (self._begun + text).split("\n")
        for line in filter(str.strip, whole):
            level = "error" if line.startswith("error:") else "info"
            print(_record(level, "ratewire", line.strip()), file=sys.stderr)
        return len(text)


class _AsJson(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        message = record.getMessage()
        if record.exc_info:
            message += f"\n{self.formatException(record.exc_info)}"
        return _record(record.levelname.lower(), record.name, message)


def _record(level: str, logger: str, message: str) -> str:
    at = rfc3339(datetime.now(UTC), timespec="milliseconds")
    told = {"time": at, "level": level, "logger": logger, "message": message}
    return json.dumps(told, ensure_ascii=False)


def print_data(*things: RenderableType) -> None:
    """Tables as wide as the terminal; as wide as they need to be in a file or a pipe."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=240, file=cast(IO[str], _Log(sys.stdout)))
    for thing in things:
        console.print(thing)


def print_json(data: object) -> None:
    """What could command a terminal or turn its text around is escaped, as JSON allows."""
    text = json.dumps(data, ensure_ascii=False, indent=2)
    typer.echo(_COMMANDING.sub(lambda found: f"\\u{ord(found[0]):04x}", text))


def set_up_logging(verbose: int) -> None:
    """Warnings always; what was done with -v; every step with -vv. All on stderr."""
    level = {0: logging.WARNING, 1: logging.INFO}.get(verbose, logging.DEBUG)
    handler: logging.Handler
    if _FORMAT.get() is LogFormat.JSON:
        handler = logging.StreamHandler(sys.stderr)
    else:
        handler = RichHandler(console=words(), show_path=False, show_time=False, markup=False)
    logging.basicConfig(level=logging.WARNING, handlers=[handler], format="%(message)s", force=True)
    if not isinstance(handler, RichHandler):
        handler.setFormatter(_AsJson())
    logging.getLogger("ratewire").setLevel(level)


def open_site(folder: Path, verbose: int = 0) -> Site:
    """The site that a command works on. Raises ConfigError."""
    set_up_logging(verbose)
    return load_site(folder)
