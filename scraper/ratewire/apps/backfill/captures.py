"""Dated captures of one page from a folder, or from a git repository's history of a file."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from ratewire.errors import ConfigError
from ratewire.fetch.charset import find_charset
from ratewire.fetch.saved import date_of, media_type, saved_capture
from ratewire.model import Capture
from ratewire.model.moments import parse_rfc3339

__all__ = ["from_folder", "from_git"]

_COMMIT = "\x01"


def from_folder(folder: Path, url: str) -> Iterator[Capture]:
    """Files whose names begin with the date on which the page was saved, oldest first.

    Those of one day are taken in the order of their names, a minute apart. Raises ConfigError where
    there is none, ReadError where one cannot be read.
    """
    dated = [(at, file) for file in sorted(folder.glob("*")) if (at := date_of(file))]
    if not dated:
        raise ConfigError(
            "no file here has a name that begins with a date, as 2026-07-01", file=folder
        )
    last: datetime | None = None
    for at, file in sorted(dated):
        if last is not None and at <= last:
            at = last + timedelta(minutes=1)  # noqa: PLW2901
        last = at
        yield saved_capture(file, url, at)


def from_git(repository: Path, file: str, url: str) -> Iterator[Capture]:
    """What a file of a git repository held after each commit that changed it, oldest first.

    Renames are followed. The date is the commit's, as committed. Raises ConfigError.
    """
    log = _git(
        repository, "log", "--follow", "--name-only", f"--format={_COMMIT}%H%x09%cI", "--", file
    ).decode("utf-8", "replace")
    commits = [entry.split("\n") for entry in log.split(_COMMIT) if entry.strip()]
    if not commits:
        raise ConfigError(f"no commit here ever changed {file}", file=repository)
    for head, *names in reversed(commits):
        commit, date = head.split("\t")
        name = next(filter(None, names), file)
        try:
            body = _git(repository, "show", f"{commit}:{name}")
        except ConfigError:
            continue  # the commit removed it
        kind = media_type(Path(name))
        at = parse_rfc3339(date)
        yield Capture(url, body, at, media_type=kind, charset=find_charset(body, "", kind))


def _git(repository: Path, *arguments: str) -> bytes:
    try:
        done = subprocess.run(
            ["git", "-C", str(repository), "-c", "core.quotePath=off", *arguments],
            capture_output=True,
            check=True,
        )
    except FileNotFoundError:
        raise ConfigError("git is not installed; install it to read a history") from None
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode("utf-8", "replace").strip().splitlines()
        raise ConfigError(said[-1] if said else "git failed", file=repository) from None
    return done.stdout
