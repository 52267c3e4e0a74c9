"""Commands that look over the articles: stale, lint."""

from __future__ import annotations

from pathlib import Path

import typer

from ratewire.cli.output import AsJson, SiteFolder, Verbose, open_site, print_json, words
from ratewire.pipeline import Job
from ratewire.publish.ledger import Ledger
from ratewire.publish.review import stale_articles, typed_prices

__all__ = ["app"]

app = typer.Typer()


@app.command()
def stale(site: SiteFolder = Path(), as_json: AsJson = False, verbose: Verbose = 0) -> None:
    """List articles whose figures moved after a person last reviewed the words around them.

    Their figures are right; read the words again, then set `reviewed` to today. Exits with 1
    where there are any.

        ratewire stale
    """
    job = Job.of(open_site(site, verbose))
    checked = job.cache.checked(*(source.id for source in job.site.sources))
    found = stale_articles(Ledger(job.site, job.store, now=job.now(), checked=checked))
    if as_json:
        print_json(
            {
                "articles": [
                    {
                        "file": one.article.file,
                        "title": one.article.title,
                        "reviewed": str(one.article.reviewed),
                        "changes": [story.change.id for story in one.moved],
                    }
                    for one in found
                ]
            }
        )
    for one in found if not as_json else ():
        typer.echo(f"{one.article.file}: reviewed {one.article.reviewed}")
        for story in one.moved:
            typer.echo(f"  {story.change.recorded_at:%Y-%m-%d} {story.headline}")
    if not found:
        words().print("every article was reviewed after its facts last moved")
    raise typer.Exit(1 if found else 0)


@app.command()
def lint(site: SiteFolder = Path(), as_json: AsJson = False, verbose: Verbose = 0) -> None:
    """Find prices typed into articles and products, which will be wrong one day, by file and line.

    Code and calls for figures do not count. Exits with 1 where there are any.

        ratewire lint
    """
    found = typed_prices(open_site(site, verbose).content)
    if as_json:
        print_json(
            {"prices": [{"file": str(o.file), "line": o.line, "text": o.text} for o in found]}
        )
    for one in found if not as_json else ():
        typer.echo(f"{one.file}:{one.line}: {one.text} is typed in; {one.remedy}")
    if not found:
        words().print("no price is typed in")
    raise typer.Exit(1 if found else 0)
