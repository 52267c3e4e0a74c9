"""How the commands are called, and how their errors are told."""

from __future__ import annotations

import traceback
from errno import EPIPE
from importlib import import_module
from typing import Any, Final

import typer
from typer.core import TyperGroup

from ratewire.cli.output import words
from ratewire.errors import DEFECT, RatewireError, StoreError

__all__ = ["COMMANDS", "Group", "WholeGroup"]

COMMANDS: Final = {
    "work": ("run", "check", "build", "announce", "serve"),
    "look": ("read", "compare", "explain"),
    "records": ("log", "status", "review", "correct", "retract"),
    "prose": ("stale", "lint"),
    "lists": ("audit", "import", "export"),
    "consuming": ("consume",),
    "past": ("backfill",),
    "running": ("doctor", "push"),
    "subscriptions": ("subscriptions",),
    "begin": ("demo", "replay", "init"),
}
"""Module of this package to its commands, in the order in which help lists them.

Only the module of the command that is called is imported: a job that runs every hour need not
load what an importer of price lists works with.
"""
_OF_THE_PARSER: Final[tuple[type[BaseException], ...]] = (
    typer.Exit,
    typer.Abort,
    *(cls for cls in typer.BadParameter.mro() if cls.__name__ == "ClickException"),
)
"""How commands end, and wrong use; newer versions of typer have classes of their own for these."""
_MODULES: Final = {command: module for module, names in COMMANDS.items() for command in names}
_RENAMED: Final = {"withdraw": "retract"}
"""Names that commands had before."""
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
            from ratewire.cli.tables import said  # and with it all that it can print

            told = "\n".join(said(line) for line in str(error).splitlines())
            words().print(f"[red]error:[/] {told}", highlight=False, soft_wrap=True)
            raise typer.Exit(error.exit_code) from None
        except _OF_THE_PARSER:
            raise
        except OSError as error:
            if error.errno == EPIPE:  # whoever read what is printed went away
                raise
            _tell_trouble_of_the_system(error)
            raise typer.Exit(StoreError.exit_code) from None
        except Exception as error:
            _tell_defect(error)
            raise typer.Exit(DEFECT) from None


def _tell_trouble_of_the_system(error: OSError) -> None:
    from ratewire.cli.tables import said

    place = f"{error.filename}: " if error.filename else ""
    told = f"{place}{error.strerror or error}; what was stored before still stands"
    remedy = "Free some space or mend the permissions, then run again"
    words().print(f"[red]error:[/] {said(told)}. {remedy}", highlight=False, soft_wrap=True)


def _tell_defect(error: Exception) -> None:
    """Where the program went wrong, for a report; the words of pages in it command no terminal."""
    from ratewire.cli.tables import said

    for line in "".join(traceback.format_exception(error)).splitlines():
        words().print(said(line), highlight=False, soft_wrap=True)
    told = "this is a defect of ratewire; please report it with what stands above"
    words().print(f"[red]error:[/] {told}", highlight=False, soft_wrap=True)


class WholeGroup(Group):
    """All commands, each loaded when it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(_MODULES)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """None: there is no such command."""
        if cmd_name not in self.commands and cmd_name in _MODULES:
            module = import_module(f"ratewire.cli.{_MODULES[cmd_name]}")
            self.commands.update(typer.main.get_group(module.app).commands)
        return self.commands.get(cmd_name)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Raises UsageError with the new name of a command that had another before."""
        if args and (now := _RENAMED.get(args[0])):
            ctx.fail(f"{args[0]} is now called {now}: ratewire {now} --help")
        return super().resolve_command(ctx, args)


def _leading_options(args: list[str]) -> tuple[list[str], list[str], list[str]]:
    """The program's own, what every command takes, written before its name, and the rest."""
    found: dict[bool, list[str]] = {True: [], False: []}
    rest = list(args)
    while rest and (rest[0] in _ALONE or rest[0].split("=")[0] in (*_WITH_VALUE, *_OURS)):
        take = 2 if rest[0] in (*_WITH_VALUE, *_OURS) else 1
        found[rest[0].split("=")[0] in _OURS] += rest[:take]
        rest = rest[take:]
    return found[True], found[False], rest
