"""Where things are printed: data on stdout, words to people on stderr."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console, RenderableType
from rich.logging import RichHandler

from scraper.config import Site, load_site

__all__ = ["AsJson", "SiteFolder", "Verbose", "open_site", "print_data", "print_json", "words"]

SiteFolder = Annotated[
    Path, typer.Option("--site", metavar="DIR", help="The site's folder.", show_default="here")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print data as JSON.")]
Verbose = Annotated[
    int, typer.Option("--verbose", "-v", count=True, help="Give reasons; twice: every step.")
]


def words() -> Console:
    """For people."""
    return Console(stderr=True)


def print_data(*things: RenderableType) -> None:
    """Tables as wide as the terminal; as wide as they need to be in a file or a pipe."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=240)
    for thing in things:
        console.print(thing)


def print_json(data: object) -> None:
    typer.echo(json.dumps(data, ensure_ascii=False, indent=2))


def set_up_logging(verbose: int) -> None:
    """Warnings always; what was done with -v; every step with -vv. All on stderr."""
    level = {0: logging.WARNING, 1: logging.INFO}.get(verbose, logging.DEBUG)
    handler = RichHandler(console=words(), show_path=False, show_time=False, markup=False)
    logging.basicConfig(level=logging.WARNING, handlers=[handler], format="%(message)s", force=True)
    logging.getLogger("scraper").setLevel(level)


def open_site(folder: Path, verbose: int = 0) -> Site:
    """The site that a command works on. Raises ConfigError."""
    set_up_logging(verbose)
    return load_site(folder)
