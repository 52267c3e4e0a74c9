"""Commands to begin with: demo, replay, init."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from ratewire.apps.init import Program, demo_folder, write_site
from ratewire.apps.replay import ReplayStep
from ratewire.apps.replay import replay as replay_folder
from ratewire.cli import faces, tables
from ratewire.cli.output import AsJson, Verbose, print_json, set_up_logging, words
from ratewire.errors import ConfigError

__all__ = ["app"]

app = typer.Typer()

Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", help="Keep the replayed site here; else a new folder."),
]


@app.command()
def demo(out: Out = None, as_json: AsJson = False, verbose: Verbose = 0) -> None:
    """Replay a small shipped history: a change, from the page to the feed, in a minute.

    An invented vendor's pricing page through three months: a redesign that changes nothing, a bot
    wall, a typo that is mended, a price cut, a new model, a deprecation. Needs no network.

        ratewire demo

        ratewire demo --out demo-site
    """
    with demo_folder() as folder:
        _replay(folder, out, "", False, as_json, verbose)


@app.command()
def replay(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Dated captures; see below.")],
    out: Out = None,
    apart: Annotated[
        str, typer.Option(metavar="TIME", help="Between the two looks at each capture, as in 45m.")
    ] = "",
    accept_held: Annotated[
        bool, typer.Option("--accept-held", help="Say yes, as an owner, to what is still held.")
    ] = False,
    as_json: AsJson = False,
    verbose: Verbose = 0,
) -> None:
    """Run the whole job through dated captures of real pages, on a simulated clock.

    FOLDER holds files named by their date (`2026-03-01_pricing.html`, `2026-03-01T0930.md`), or a
    folder of them for each page, with the page's `<page>.toml` beside it (as in content/sources/)
    where it needs hints; or it is a site with its captures in `captures/<source>/`. They are
    served on this machine, and each is checked twice, so that what it shows can be confirmed.

        ratewire replay history/

        ratewire replay history/ --out replayed --apart 2h
    """
    _replay(folder, out, apart, accept_held, as_json, verbose)


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A new or empty folder.")],
    title: Annotated[str, typer.Option(help="The site's name.")] = "Example Prices",
    url: Annotated[str, typer.Option(help="Where it will stand.")] = "https://prices.example",
    program: Annotated[
        str,
        typer.Option(
            metavar="OWNER/NAME@COMMIT",
            help="The ratewire on GitHub that its workflows call, if not the one that runs.",
        ),
    ] = "",
    verbose: Verbose = 0,
) -> None:
    """Make the folder of a new site: one source to fill in, and workflows that run it on GitHub.

    The workflows are a few lines each, and call those of ratewire's own repository at one commit.

        ratewire init my-site --title "Example Prices" --url https://prices.example.org
    """
    set_up_logging(verbose)
    calling = Program.named(program) if program else Program.here()
    for file in write_site(folder, title=title, url=url, program=calling):
        words().print(f"wrote {file}", highlight=False, markup=False, soft_wrap=True)
    if calling is None:
        words().print(
            "no workflows: this ratewire is of no repository on GitHub; --program names one",
            highlight=False,
            markup=False,
            soft_wrap=True,
        )
    words().print(
        f"next: edit the source, then  ratewire run --site {folder}", highlight=False, markup=False
    )


def _replay(
    folder: Path, out: Path | None, apart: str, accept_held: bool, as_json: bool, verbose: int
) -> None:
    set_up_logging(verbose)
    if not folder.is_dir():
        raise ConfigError(f"{folder} is no folder")
    site = out or Path(tempfile.mkdtemp(prefix="ratewire-"))
    steps: list[ReplayStep] = []
    last: list[str] = []
    for step in replay_folder(folder, site, apart=apart, accept_held=accept_held):
        steps.append(step)
        said = list(tables.step(step, every=verbose > 0))
        if said and (step.served or said[1:] != last[1:]):  # the same trouble is told once
            words().print(*said, sep="\n", highlight=False, soft_wrap=True)
        last = said or last
    if as_json:
        print_json({"out": str(site), "steps": [_face(step) for step in steps]})
    feed = site / "site" / "feeds" / "all.atom"
    words().print(
        f"\nThe site: {site / 'site' / 'index.html'}\nIts feed: {feed}\n"
        f"Look at it: ratewire serve --site {site}",
        highlight=False,
        markup=False,
        soft_wrap=True,
    )


def _face(step: ReplayStep) -> dict[str, object]:
    served = [f"{each.page}/{each.file.name}" for each in step.served]
    return {"at": faces.time(step.at), "served": served, **faces.report(step.report)}
