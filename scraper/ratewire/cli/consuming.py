"""The command for those who keep a price list of their own: consume."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer

from ratewire.apps.lists import FORMATS
from ratewire.cli.output import AsJson, Verbose, print_json, set_up_logging, words
from ratewire.errors import ConfigError, StoreError
from ratewire.pipeline import now_utc

__all__ = ["app"]

app = typer.Typer()


@app.command()
def consume(
    site: Annotated[str, typer.Argument(metavar="SITE", help="A ratewire site's address.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Your price list.")],
    format: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="FORMAT",
            help=f"Its shape, if not told by itself: {', '.join(FORMATS)}.",
        ),
    ] = "",
    mapping: Annotated[
        Path | None,
        typer.Option("--map", metavar="TOML", help="Where each figure stands, in any other shape."),
    ] = None,
    seller: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Whose figures are meant besides the publisher's own."),
    ] = None,
    branch: Annotated[
        str, typer.Option(metavar="NAME", help="Push a commit on this branch; leave FILE alone.")
    ] = "",
    remote: Annotated[str, typer.Option(metavar="NAME", help="Where to.")] = "origin",
    declined: Annotated[
        list[str] | None,
        typer.Option(metavar="DIGEST", help="A figure that people said no to; see the docs."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Write and push nothing.")] = False,
    as_json: AsJson = False,
    verbose: Verbose = 0,
) -> None:
    """Set the figures of your own price list to what a ratewire site published.

    Only figures are replaced: formatting, order and comments stay. What the site is not sure of is
    left as it is, and said. Prints the words of a pull request, with the evidence of each figure.
    Exits with 1 where a figure was left.

        ratewire consume https://prices.example.org prices.json

        ratewire consume https://prices.example.org settings.toml --map figures.toml --dry-run
    """
    from ratewire.apps import consume as consuming

    set_up_logging(verbose)
    if format and mapping:
        raise ConfigError("--from and --map: a list has a known shape or a mapping, not both")
    mark, text = _text(file)
    entries = consuming.load_mapping(mapping) if mapping else ()
    figures = consuming.figures_of(text, file.name, format=format, entries=entries)
    published = consuming.ask(site)
    done = consuming.plan(
        figures,
        published,
        name=file.name,
        on=now_utc().date(),
        sellers=seller or (),
        declined=declined or (),
    )
    title = consuming.title(done, name=file.name, site=published.site)
    body = consuming.body(done, name=file.name, site=published.site)
    proposed = None
    if done.updates and branch and not dry_run:
        proposed = consuming.propose(
            file, mark + done.text, branch=branch, remote=remote, title=title,
            digests=tuple(update.digest for update in done.updates),
        )  # fmt: skip
    elif done.updates and not dry_run:
        _write(file, mark + done.text)
    if as_json:
        print_json(
            {
                "site": published.site,
                "file": str(file),
                "title": title,
                "body": body,
                "updates": [_update(update) for update in done.updates],
                "left": [
                    {"place": one.place, "stands": one.stands, "why": one.why} for one in done.left
                ],
                "right": done.right,
                "passed": done.passed,
                "branch": proposed
                and {"name": proposed.branch, "pushed": proposed.pushed, "note": proposed.note},
            }
        )
    elif body:
        typer.echo(body, nl=False)
    _tell(done, proposed)
    raise typer.Exit(1 if done.left or (proposed and proposed.note) else 0)


def _text(file: Path) -> tuple[str, str]:
    """The byte order mark, where there is one, and the text."""
    try:
        text = file.read_bytes().decode("utf-8")
        bare = text.removeprefix("\ufeff")
        return text[: len(text) - len(bare)], bare
    except UnicodeDecodeError:
        raise ConfigError("is not UTF-8; save it as UTF-8", file=file) from None
    except OSError as error:
        raise ConfigError(f"cannot be read ({error.strerror}); check the path", file=file) from None


def _write(file: Path, text: str) -> None:
    """Whole or not at all, with the file's own permissions."""
    target = file.resolve()
    try:
        with tempfile.NamedTemporaryFile(
            dir=target.parent, prefix=".ratewire-", delete=False
        ) as to:
            to.write(text.encode())
        Path(to.name).chmod(target.stat().st_mode)
        Path(to.name).replace(target)
    except OSError as error:
        raise StoreError(f"{file}: cannot be written ({error.strerror})") from None


def _update(one: Any) -> dict[str, object]:
    rate = one.stated.rate
    return {
        "place": one.place,
        "old": one.old,
        "new": one.new,
        "product": rate.product,
        "meter": rate.meter,
        "conditions": dict(rate.conditions),
        "amount": f"{rate.amount:f}",
        "currency": rate.currency,
        "unit": str(rate.unit),
        "source": one.stated.source,
        "url": one.stated.url,
        "verified_on": one.stated.verified_on.isoformat(),
        "change": one.story.url if one.story else None,
        "excerpts": list(one.excerpts),
        "digest": one.digest,
    }


def _tell(done: Any, proposed: Any) -> None:
    lines = [f"{one.place}: {one.old} → {one.new}" for one in done.updates]
    lines += [f"left: {one.place} ({one.stands}): {one.why}" for one in done.left]
    lines.append(
        f"{len(done.updates)} updated, {len(done.left)} left, {done.right} right, "
        f"{done.passed} of other products or sellers"
    )
    if proposed:
        already = "has these figures already"
        said = "pushed" if proposed.pushed else proposed.note or already
        lines.append(f"{proposed.branch}: {said}")
    for line in lines:
        words().print(line, highlight=False, markup=False, soft_wrap=True)
