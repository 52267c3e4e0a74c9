"""Commands that keep a site running: doctor, push."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from ratewire.apps.doctor import CheckStatus, examine
from ratewire.apps.push import push as push_records
from ratewire.cli.output import (
    AsJson,
    SiteFolder,
    Verbose,
    open_site,
    print_data,
    print_json,
    words,
)
from ratewire.pipeline import Job
from ratewire.wording.text import plain

__all__ = ["app"]

app = typer.Typer()

_MARKS = {
    CheckStatus.OK: ("✓", "green"),
    CheckStatus.NOTE: ("·", "yellow"),
    CheckStatus.WRONG: ("!", "red"),
}


@app.command()
def doctor(site: SiteFolder = Path(), as_json: AsJson = False, verbose: Verbose = 0) -> None:
    """Look whether all is there that the site needs to run by itself.

    Settings, secrets, folders, hosts, the clock, the schedule, the feeds and the built site; each
    with its remedy. Exits with 1 where something is wrong.

        ratewire doctor

        ratewire doctor --json --site my-site
    """
    job = Job.of(open_site(site, verbose))
    findings = []
    for one in examine(job.site, job.store, job.cache, os.environ, now=job.now):
        findings.append(one)
        if not as_json:
            mark, colour = _MARKS[one.standing]
            line = Text(f"{mark} ", style=colour).append(
                plain(f"{one.check}: {one.words}", 500), style="default"
            )
            print_data(line, *([Text(f"    → {one.remedy}")] if one.remedy else []))
    wrong = [one for one in findings if one.standing is CheckStatus.WRONG]
    if as_json:
        listed = [
            {
                "check": one.check,
                "standing": one.standing.value,
                "words": one.words,
                "remedy": one.remedy,
            }
            for one in findings
        ]
        print_json({"ok": not wrong, "findings": listed})
    raise typer.Exit(1 if wrong else 0)


@app.command()
def push(
    remote: Annotated[str, typer.Option(metavar="NAME", help="Where to.")] = "origin",
    site: SiteFolder = Path(),
    as_json: AsJson = False,
    verbose: Verbose = 0,
) -> None:
    """Commit what was recorded and push it, together with what others pushed meanwhile.

    Only `snapshots/` and `announced/` are committed: each source's confirmed changes by
    themselves, under their headline. Safe where two runs overlap; tries several times.

        ratewire push

        ratewire push --remote upstream --site my-site
    """
    job = Job.of(open_site(site, verbose))
    done = push_records(job.site, job.store, remote=remote)
    if as_json:
        print_json(
            {
                "commits": list(done.commits),
                "theirs": list(done.theirs),
                "branch": done.branch,
                "pushed": done.pushed,
            }
        )
    lines = [f"committed: {subject}" for subject in done.commits]
    lines += [
        f"{source}: another run's record stands; it is checked again when it is due"
        for source in done.theirs
    ]
    lines.append(f"pushed {done.branch} to {remote}" if done.pushed else "nothing to push")
    for line in lines:
        words().print(line, highlight=False, markup=False, soft_wrap=True)
