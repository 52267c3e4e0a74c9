"""Commands that do the job or a part of it: run, check, build, announce, serve."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from ratewire.cli import faces, tables
from ratewire.cli.output import AsJson, SiteFolder, Verbose, open_site, print_json, words
from ratewire.errors import ConfigError, StoreError
from ratewire.model import HealthState, Source
from ratewire.pipeline import Job, Outcome, Report

__all__ = ["app"]

app = typer.Typer()

Chosen = Annotated[
    list[str] | None,
    typer.Argument(metavar="[SOURCE]...", help="Ids of sources; none: all that are due."),
]
Everything = Annotated[bool, typer.Option("--all", help="Check all sources, due or not.")]


@app.command()
def run(
    sources: Chosen = None,
    all_sources: Everything = False,
    site: SiteFolder = Path(),
    as_json: AsJson = False,
    verbose: Verbose = 0,
) -> None:
    """Do the whole job: check the sources, record what they say, build the site, announce.

    Safe to call as often as you like: a source is asked only when its schedule says so, and a
    change is announced once. Where no source can be reached the site is built all the same. When
    it is done, HEARTBEAT_URL of the environment is called, where there is one.

        ratewire run

        ratewire run --site my-site --all

        ratewire run openai-pricing --json
    """
    job = Job.of(open_site(site, verbose))
    chosen = _chosen(job, sources, all_sources)
    with _progress(chosen, verbose) as progress:
        report = job.run(chosen, seen=progress)
    if report.exit_code != StoreError.exit_code:
        from ratewire.heartbeat import beat  # which a check has no need of, nor of its client

        beat(os.environ)
    _finish(report, as_json)


@app.command()
def check(
    sources: Chosen = None,
    all_sources: Everything = False,
    site: SiteFolder = Path(),
    as_json: AsJson = False,
    verbose: Verbose = 0,
) -> None:
    """Check the sources and record what they say; build and announce nothing.

    ratewire check

    ratewire check openai-pricing -v
    """
    job = Job.of(open_site(site, verbose))
    chosen = _chosen(job, sources, all_sources)
    with _progress(chosen, verbose) as progress:
        report = job.check(chosen, seen=progress)
    _finish(report, as_json)


@app.command()
def build(
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Render every page anew.")] = False,
    site: SiteFolder = Path(),
    as_json: AsJson = False,
    verbose: Verbose = 0,
) -> None:
    """Build the site from what is recorded. Needs no network.

    Only pages whose words, figures or layout changed are rendered. A page that cannot be rendered
    for what its source says is left out and named; the others are built, and it exits with 1.

        ratewire build

        ratewire build --no-cache --site my-site
    """
    built = Job.of(open_site(site, verbose)).build(fresh=no_cache)
    if as_json:
        print_json(faces.built(built))
    words().print(
        f"{built.pages} pages, {built.rendered} rendered; {built.written} files written, "
        f"{built.removed} removed, into {built.out}",
        highlight=False,
        markup=False,
        soft_wrap=True,
    )
    for each in built.left_out:
        said = tables.said(f"left out: {each.path}: {each.reason}")
        words().print(said, highlight=False, soft_wrap=True)
    raise typer.Exit(1 if built.left_out else 0)


@app.command()
def announce(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="List what is due; send and write nothing.")
    ] = False,
    retry_failed: Annotated[
        bool,
        typer.Option(
            "--retry-failed", help="Send now what was refused, given up or waits for a later try."
        ),
    ] = False,
    site: SiteFolder = Path(),
    as_json: AsJson = False,
    verbose: Verbose = 0,
) -> None:
    """Tell those who asked of each change they have not heard of yet, and the owner what waits.

    `ratewire run` does this too. Exits with 1 where a message could not be handed over; it is
    kept, and sent by a later call.

        ratewire announce --dry-run

        ratewire announce --retry-failed
    """
    job = Job.of(open_site(site, verbose))
    if retry_failed:
        from ratewire.announce import send_again

        send_again(job.site, job.store, now=job.now())
    report = job.announce(dry_run=dry_run)
    owner = job.tell_owner(report, dry_run=dry_run)
    if as_json:
        print_json({**faces.announced(report), "owner": faces.owner(owner)})
    else:
        for one in (*report.planned, *(owner.planned if owner else ())):
            words().print(f"{one.to}: {one.subject}", highlight=False, markup=False, soft_wrap=True)
    words().print(
        f"{len(report.planned)} due"
        if dry_run
        else f"{report.accepted} sent, {report.dead} given up, {report.later} to be tried again"
    )
    for trouble in owner.troubles if owner else ():
        words().print(f"to the owner: {tables.said(trouble)}", highlight=False, soft_wrap=True)
    raise typer.Exit(0 if report.ok and (owner is None or owner.ok) else 1)


@app.command()
def serve(
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 8000,
    site: SiteFolder = Path(),
    verbose: Verbose = 0,
) -> None:
    """Preview the site on this machine; it is built again and reloads when a file changes.

    The preview is built beside the site, in `.ratewire/preview`. Stop it with Ctrl+C.

        ratewire serve

        ratewire serve --port 9000 --site my-site
    """
    from ratewire.apps.serve import serve as serve_site

    open_site(site, verbose)
    serve_site(site, port, tell=_tell)


def _tell(said: str) -> None:
    words().print(said, highlight=False, markup=False, soft_wrap=True)


def _chosen(job: Job, ids: Sequence[str] | None, everything: bool) -> tuple[Source, ...]:
    """The sources that are meant. Raises ConfigError where one is unknown."""
    if everything or not ids:
        return job.site.sources if everything else job.due()
    known = {source.id: source for source in job.site.sources}
    if strangers := [id for id in ids if id not in known]:
        raise ConfigError(f"there is no source {strangers[0]!r}; there are {', '.join(known)}")
    return tuple(known[id] for id in ids)


@contextmanager
def _progress(sources: Sequence[Source], verbose: int) -> Iterator[Callable[[Outcome], None]]:
    """A bar on a terminal, and a line for each source that has news or trouble."""
    console = words()
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("checking", total=len(sources))

        def seen(outcome: Outcome) -> None:
            progress.advance(task)
            plain = outcome.health.state is HealthState.OK and not outcome.changes
            if verbose or not plain or (outcome.pending and outcome.pending.waiting):
                console.print(tables.line(outcome), highlight=False, soft_wrap=True)
            for attempt in outcome.attempts if verbose else ():
                console.print(f"    {tables.said(attempt)}", highlight=False, soft_wrap=True)

        yield seen


def _finish(report: Report, as_json: bool) -> None:
    if as_json:
        print_json(faces.report(report))
    words().print(tables.total(report), highlight=False, soft_wrap=True)
    raise typer.Exit(report.exit_code)
