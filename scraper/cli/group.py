"""How the commands are called, and how their errors are told."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperGroup

from scraper.cli.output import words
from scraper.cli.tables import said
from scraper.errors import RatewireError

__all__ = ["Group"]

_WITH_VALUE = ("--site",)
_ALONE = ("--json", "-v", "--verbose", "-vv")
_OURS = ("--log-format",)
"""Of the program itself, and so never after the command's name."""


class Group(TyperGroup):
    """Takes `ratewire --site DIR run` for `ratewire run --site DIR`, and tells errors as words."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        ours, options, rest = _leading_options(args)
        return super().parse_args(ctx, [*ours, *rest[:1], *options, *rest[1:]])

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except RatewireError as error:
            told = "\n".join(said(line) for line in str(error).splitlines())
            words().print(f"[red]error:[/] {told}", highlight=False, soft_wrap=True)
            raise typer.Exit(error.exit_code) from None


def _leading_options(args: list[str]) -> tuple[list[str], list[str], list[str]]:
    """The program's own, what every command takes, written before its name, and the rest."""
    found: dict[bool, list[str]] = {True: [], False: []}
    rest = list(args)
    while rest and (rest[0] in _ALONE or rest[0].split("=")[0] in (*_WITH_VALUE, *_OURS)):
        take = 2 if rest[0] in (*_WITH_VALUE, *_OURS) else 1
        found[rest[0].split("=")[0] in _OURS] += rest[:take]
        rest = rest[take:]
    return found[True], found[False], rest
