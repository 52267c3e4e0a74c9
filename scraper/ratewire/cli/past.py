"""The command over a page's past: backfill."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from ratewire.apps.backfill import Archive, Backfilled, backfill, from_folder, from_git
from ratewire.cli import faces, tables
from ratewire.cli.output import (
    AsJson,
    SiteFolder,
    Verbose,
    open_site,
    print_data,
    print_json,
    words,
)
from ratewire.config import Site
from ratewire.errors import ConfigError
from ratewire.model import Capture, Source
from ratewire.model.moments import rfc3339
from ratewire.pipeline import Job

__all__ = ["app"]

app = typer.Typer()

Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only captures of then.")]


@app.command("backfill")
def backfill_command(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="Id of a source.")],
    folder: Annotated[
        Path | None, typer.Argument(metavar="FOLDER", help="Files named by their dates.")
    ] = None,
    git: Annotated[
        Path | None, typer.Option("--git", metavar="REPO", help="A git repository's history …")
    ] = None,
    file: Annotated[str, typer.Option("--file", metavar="PATH", help="… of this file.")] = "",
    archive: Annotated[
        bool, typer.Option("--archive", help="The Internet Archive's captures of the page.")
    ] = False,
    since: Day = None,
    until: Day = None,
    site: SiteFolder = Path(),
    as_json: AsJson = False,
    verbose: Verbose = 0,
) -> None:
    """Replay a page's past into the log, with the true dates.

    Only what is older than the records is replayed, and nobody is told of it. Doing it again adds
    nothing.

        ratewire backfill openai-pricing captures/

        ratewire backfill fly-pricing --git ../docs --file about/pricing.html.markerb

        ratewire backfill openai-pricing --archive --since 2026-01-01
    """
    whole = open_site(site, verbose)
    watched = next((each for each in whole.sources if each.id == source), None)
    if watched is None:
        raise ConfigError(
            f"no source {source!r}; there are {', '.join(each.id for each in whole.sources)}"
        )
    if sum((folder is not None, git is not None, archive)) != 1 or bool(git) != bool(file):
        raise ConfigError("name one past: a FOLDER, --git REPO with --file PATH, or --archive")
    days = (since.date() if since else None, until.date() if until else None)
    job = Job.of(whole)
    found = backfill(
        job.store,
        watched,
        _captures(whole, watched, folder, git, file, *days),
        whole.compare,
        until=job.now(),
        limits=whole.read,
    )
    if as_json:
        print_json(_face(found))
    else:
        if found.changes:
            print_data(tables.changes(list(found.changes)))
        _say(found)


def _captures(
    whole: Site,
    source: Source,
    folder: Path | None,
    git: Path | None,
    file: str,
    since: date | None,
    until: date | None,
) -> Iterator[Capture]:
    if folder is not None:
        found = from_folder(folder, source.url)
    elif git is not None:
        found = from_git(git, file, source.url)
    else:
        agent = f"{whole.fetch.user_agent} ({whole.settings.contact})".removesuffix(" ()")
        with Archive(user_agent=agent) as client:
            yield from client.captures(source.url, since=since, until=until)
        return
    for capture in found:
        day = capture.fetched_at.date()
        if (since or day) <= day <= (until or day):
            yield capture


def _face(found: Backfilled) -> dict[str, object]:
    return {
        "read": found.read,
        "known": found.known,
        "changes": [faces.change(change) for change in found.changes],
        "refused": [{"at": rfc3339(at), "why": why} for at, why in found.refused],
        "held": [{"at": rfc3339(at), "why": why} for at, why in found.held],
    }


def _say(found: Backfilled) -> None:
    words().print(
        f"{found.read} captures read, {len(found.changes)} changes found"
        f"{f', {found.known} captures are of a time that is recorded' if found.known else ''}",
        highlight=False,
    )
    for name, passed in (("no genuine page", found.refused), ("suspect", found.held)):
        for at, why in passed:
            words().print(f"{at:%Y-%m-%d %H:%M} {name}: {why}", highlight=False, markup=False)
