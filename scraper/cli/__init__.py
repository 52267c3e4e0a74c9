"""The command line: one command for each idea, no logic of its own.

Data goes to stdout, words to people to stderr. Exit codes: 0 done, 1 something needs the owner's
eye, 2 wrong use or settings, 3 nothing could be written.
"""

from __future__ import annotations

import typer

from scraper.cli import begin, look, records, work
from scraper.cli.group import Group

__all__ = ["app"]


def _app() -> typer.Typer:
    whole = typer.Typer(
        cls=Group,
        no_args_is_help=True,
        rich_markup_mode="markdown",
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
        help="Watches official pricing pages and publishes a site whose every figure leads back to "
        "its source.",
        epilog="Exit codes: 0 done, 1 something needs the owner's eye, 2 wrong use or settings, "
        "3 nothing could be written. Each command's own help has examples: `ratewire run --help`.",
    )
    for part in (work, look, records, begin):
        whole.add_typer(part.app)
    return whole


app = _app()
