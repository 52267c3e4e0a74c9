"""Where things are printed: data on stdout, words to people on stderr."""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console, RenderableType
from rich.logging import RichHandler

from scraper.config import Site, load_site

__all__ = ["AsJson", "SiteFolder", "Verbose", "open_site", "print_data", "print_json", "words"]

_COMMANDING = re.compile(
    "[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
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
    """What could command a terminal or turn its text around is escaped, as JSON allows."""
    text = json.dumps(data, ensure_ascii=False, indent=2)
    typer.echo(_COMMANDING.sub(lambda found: f"\\u{ord(found[0]):04x}", text))


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
