"""Commands that look at pages and facts and change nothing: read, compare, explain."""

from __future__ import annotations

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
    set_up_logging,
    words,
)
from ratewire.errors import ConfigError
from ratewire.model import Rate
from ratewire.pages import compare_pages, read_page
from ratewire.pipeline import Job

__all__ = ["app"]

app = typer.Typer()

PageUrl = Annotated[
    str, typer.Option("--url", metavar="URL", help="Which page a file is: where it was served.")
]
Hints = Annotated[
    str, typer.Option("--source", metavar="ID", help="Read with the hints of this source.")
]


@app.command()
def read(
    what: Annotated[str, typer.Argument(metavar="URL|FILE", help="A live page or a saved one.")],
    url: PageUrl = "",
    source: Hints = "",
    site: SiteFolder = Path(),
    as_json: AsJson = False,
    verbose: Verbose = 0,
) -> None:
    """Show what ratewire reads on a page, and where each figure stood.

    With `--source` it is read with the hints of that source of the site. With `-v` the words on the
    page and the rules that decided are shown, and every figure of the page with its role. Exits
    with 1 where the page is not genuine: a bot wall, an empty shell, an error page.

        ratewire read https://example.org/pricing

        ratewire read saved.html --url https://example.org/pricing --json
    """
    set_up_logging(verbose)
    found = read_page(what, url=url, source=source, site=site)
    if as_json:
        print_json(faces.reading(found.verdict, found.reading, found.capture.url))
    else:
        print_data(*tables.facts(found.reading.facts, reasons=verbose > 0))
        if verbose:
            print_data(tables.figures(found.reading.figures))
        words().print(tables.summary(found.verdict, found.reading), highlight=False)
    raise typer.Exit(1 if found.refusal else 0)


@app.command()
def compare(
    before: Annotated[Path, typer.Argument(metavar="BEFORE", help="The earlier page, as a file.")],
    after: Annotated[Path, typer.Argument(metavar="AFTER", help="The later one.")],
    url: PageUrl = "",
    source: Hints = "",
    site: SiteFolder = Path(),
    as_json: AsJson = False,
    verbose: Verbose = 0,
) -> None:
    """Show what changed between two saved captures of one page.

    Nothing is stored or announced. Exits with 1 where the later capture would be held back, with
    the reason, or where a figure changed that is not understood.

        ratewire compare monday.html friday.html --url https://example.org/pricing

        ratewire compare old.md new.md --json
    """
    set_up_logging(verbose)
    found = compare_pages(before, after, url=url, source=source, site=site)
    if as_json:
        print_json(faces.comparison(found))
    else:
        print_data(tables.alterations(found.alterations))
        if found.unread:
            print_data(tables.unread(found.unread))
        for mark in found.marks:
            words().print(mark, markup=False)
        words().print(tables.verdict_of(found.held, found.alterations), highlight=False)
    raise typer.Exit(1 if found.held or found.unread else 0)


@app.command()
def explain(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="Id of a source.")],
    product: Annotated[str, typer.Argument(metavar="PRODUCT", help="Id of a product.")],
    meter: Annotated[str, typer.Argument(metavar="METER", help="Such as text.input.")],
    site: SiteFolder = Path(),
    as_json: AsJson = False,
    verbose: Verbose = 0,
) -> None:
    """Show where a figure comes from: the words on the page, their place, the rules, the changes.

    ratewire explain openai-pricing gpt-image-2 image.output
    """
    whole = open_site(site, verbose)
    job = Job.of(whole)
    watched = next((each for each in whole.sources if each.id == source), None)
    if watched is None:
        ids = ", ".join(each.id for each in whole.sources)
        raise ConfigError(f"there is no source {source!r}; there are {ids}")
    snapshot, _ = job.store.load(source)
    wanted = (product, meter)
    rates = [
        rate
        for rate in (snapshot.facts.rates if snapshot else ())
        if (rate.product, rate.meter) == wanted
    ]
    if snapshot is None or not rates:
        raise ConfigError(
            f"{source} states no {meter} of {product}; see what it states: ratewire status {source}"
        )
    past = [
        change
        for change in job.store.changes(source)
        if any(
            isinstance(each.fact, Rate) and (each.fact.product, each.fact.meter) == wanted
            for each in change.alterations
        )
    ]
    if as_json:
        print_json(faces.explanation(snapshot, rates, past))
    else:
        print_data(*tables.explanation(watched, snapshot, rates, past))
