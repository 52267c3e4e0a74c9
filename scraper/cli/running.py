"""Commands that keep a site running: doctor, push."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scraper.cli.output import AsJson, SiteFolder, Verbose, open_site, print_json, words
from scraper.job import Job
from scraper.push import push as push_records

__all__ = ["app"]

app = typer.Typer()


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
