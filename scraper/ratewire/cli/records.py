"""Commands over what is recorded: log, status, review."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated

import typer

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
from ratewire.decide import (
    accept_waiting,
    correct_change,
    reject_waiting,
    retract_change,
    waiting,
)
from ratewire.errors import ConfigError
from ratewire.model import HealthState
from ratewire.pipeline import Job

__all__ = ["app"]

app = typer.Typer()


@app.command()
def log(
    product: Annotated[str, typer.Option(metavar="ID", help="Only changes of this product.")] = "",
    source: Annotated[str, typer.Option(metavar="ID", help="Only changes from this source.")] = "",
    last: Annotated[int, typer.Option("--last", "-n", min=1, help="How many, the newest.")] = 50,
    site: SiteFolder = Path(),
    as_json: AsJson = False,
    verbose: Verbose = 0,
) -> None:
    """List the changes that were confirmed, corrected or retracted, oldest first.

    ratewire log

    ratewire log --product gpt-image-2 -n 5 --json
    """
    job = Job.of(open_site(site, verbose))
    found = [
        change
        for change in job.store.changes(source or None)
        if not product or product in change.products
    ][-last:]
    if as_json:
        print_json({"changes": [faces.change(change) for change in found]})
    elif found:
        print_data(tables.changes(found))
    else:
        words().print("no change is recorded")


@app.command()
def status(
    site: SiteFolder = Path(),
    as_json: AsJson = False,
    verbose: Verbose = 0,
) -> None:
    """Show how each source does, when it was last verified, and what waits.

    Exits with 1 where a source needs the owner's eye.

        ratewire status

        ratewire status --json
    """
    job = Job.of(open_site(site, verbose))
    sources, health = job.site.sources, job.health()
    verified = job.cache.checked(*(source.id for source in sources))
    records = {source.id: job.store.load(source.id) for source in sources}
    if as_json:
        print_json(
            {
                "sources": [
                    faces.standing(source, health[source.id], verified.get(source.id), *known)
                    for source, known in zip(sources, records.values(), strict=True)
                ]
            }
        )
    else:
        print_data(tables.status(sources, health, verified, records))
    well = all(known.state is HealthState.OK for known in health.values())
    unread = any(pending and pending.unread for _, pending in records.values())
    raise typer.Exit(0 if well and not unread else 1)


@app.command()
def review(
    accept: Annotated[
        str, typer.Option("--accept", metavar="ID", help="It is true: record and announce it.")
    ] = "",
    reject: Annotated[
        str, typer.Option("--reject", metavar="ID", help="It is not: keep the facts that stand.")
    ] = "",
    silent: Annotated[
        bool, typer.Option("--silent", help="With --accept: it stands, and nobody is told.")
    ] = False,
    site: SiteFolder = Path(),
    as_json: AsJson = False,
    verbose: Verbose = 0,
) -> None:
    """List what waits or is held back, and decide.

    An id is that of one change, or of a source: then all that waits there is meant. What is
    accepted is announced by the next run. A changed figure that is not understood waits until
    either is said of it. Exits with 1 where something held or not understood waits.

        ratewire review

        ratewire review --accept openai-pricing

        ratewire review --reject 3f2a9c
    """
    job = Job.of(open_site(site, verbose))
    if accept:
        told = accept_waiting(job, accept, silent=silent)
        words().print(f"accepted; {len(told)} to be announced by the next run")
    if reject:
        reject_waiting(job, reject)
        words().print("rejected; not asked again while the page shows it")
    found = waiting(job)
    if as_json:
        print_json({"waiting": [faces.waiting(id, *each) for id, each in found.items()]})
    elif found:
        print_data(*tables.review(found))
    else:
        words().print("nothing waits")
    asks = any(pending.held or pending.unread for pending, _ in found.values())
    raise typer.Exit(1 if asks else 0)


@app.command()
def correct(
    change: Annotated[str, typer.Argument(metavar="CHANGE", help="Id, as in `ratewire log`.")],
    note: Annotated[str, typer.Option("--note", help="What was wrong, for readers.")],
    amount: Annotated[
        list[str] | None,
        typer.Option("--amount", metavar="METER=AMOUNT", help="The amount as it truly is."),
    ] = None,
    site: SiteFolder = Path(),
    as_json: AsJson = False,
    verbose: Verbose = 0,
) -> None:
    """Correct a change that was told with a wrong figure.

    Its page and feed entry say so with the note, the corrected facts stand, and the next run
    tells those who were told. Where several products changed, write `"PRODUCT METER=AMOUNT"`.

        ratewire correct 3f2a9c01d4e5b677 --amount output=9.60 --note "The page was misread."
    """
    amounts = dict(_amount(each) for each in amount or ())
    entry = correct_change(Job.of(open_site(site, verbose)), change, note, amounts)
    if as_json:
        print_json(faces.change(entry))
    words().print(f"corrected; the next run tells those who were told of {change}", markup=False)


def _amount(text: str) -> tuple[str, Decimal]:
    name, _, figure = text.rpartition("=")
    try:
        value = Decimal(figure)
    except InvalidOperation:
        value = Decimal("NaN")
    if not name.strip() or not value.is_finite() or value < 0:
        raise ConfigError(f"--amount {text!r}: write METER=AMOUNT, such as output=9.60")
    return name.strip(), value


@app.command()
def retract(
    change: Annotated[str, typer.Argument(metavar="CHANGE", help="Id, as in `ratewire log`.")],
    note: Annotated[str, typer.Option("--note", help="Why, for readers.")],
    site: SiteFolder = Path(),
    as_json: AsJson = False,
    verbose: Verbose = 0,
) -> None:
    """Take back a change that did not happen.

    The facts before it stand again, its page and feed entry say so, and the next run tells those
    who were told.

        ratewire retract 3f2a9c01d4e5b677 --note "The page showed a mistyped price for an hour."
    """
    entry = retract_change(Job.of(open_site(site, verbose)), change, note)
    if as_json:
        print_json(faces.change(entry))
    words().print(f"retracted; the next run tells those who were told of {change}", markup=False)
