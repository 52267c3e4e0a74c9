"""The command line: one command for each idea, no logic of its own.

Data goes to stdout, words to people to stderr. Exit codes: 0 done, 1 something needs the owner's
eye, 2 wrong use or settings, 3 nothing could be written, 4 a defect of the program.
"""

from __future__ import annotations

from typing import Annotated

import typer

from ratewire.cli.group import WholeGroup
from ratewire.cli.output import LogFormat, write_as

__all__ = ["app"]


def _app() -> typer.Typer:
    return typer.Typer(
        cls=WholeGroup,
        no_args_is_help=True,
        rich_markup_mode="markdown",
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
        callback=_ratewire,
        epilog="Exit codes: 0 done, 1 something needs the owner's eye, 2 wrong use or settings, "
        "3 nothing could be written, 4 a defect of the program. Each command's own help has "
        "examples: `ratewire run --help`.",
    )


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version  # slow to load

        typer.echo(version("ratewire"))
        raise typer.Exit


def _ratewire(
    context: typer.Context,
    show_version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
    log_format: Annotated[
        LogFormat,
        typer.Option(
            envvar="RATEWIRE_LOG_FORMAT", help="How words to people are written on stderr."
        ),
    ] = LogFormat.TEXT,
) -> None:
    """Watch official pricing pages; publish a site whose every figure leads back to its source."""
    context.call_on_close(write_as(log_format))


app = _app()
