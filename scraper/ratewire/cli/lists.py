"""Commands over price lists that others keep: audit, import, export."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from ratewire.apps.lists import (
    FORMATS,
    AuditFinding,
    AuditStatus,
    Official,
    audit,
    read_list,
    write_list,
)
from ratewire.cli.output import (
    AsJson,
    SiteFolder,
    Verbose,
    open_site,
    print_data,
    print_json,
    words,
)
from ratewire.config import Site
from ratewire.errors import ConfigError
from ratewire.model import Rate
from ratewire.pages import capture_of, is_address, page_source, read_limits
from ratewire.pipeline import Job, now_utc
from ratewire.stages import read_capture

__all__ = ["app"]

app = typer.Typer()

_LISTS = (".json", ".jsonl", ".csv")
_FINE = {AuditStatus.RIGHT, AuditStatus.UNKNOWN}
_AS = ", ".join(FORMATS)

ListFormat = Annotated[
    str, typer.Option("--from", metavar="FORMAT", help=f"Its shape, if not told by itself: {_AS}.")
]


@app.command("audit")
def audit_command(
    what: Annotated[
        str, typer.Argument(metavar="FILE|URL", help="A price list, or a page's text.")
    ],
    format: ListFormat = "",
    everything: Annotated[bool, typer.Option("--all", help="Also what is right.")] = False,
    site: SiteFolder = Path(),
    as_json: AsJson = False,
    verbose: Verbose = 0,
) -> None:
    """Hold a price list, or an article's own figures, against the official facts recorded here.

    Lists are known by their shape. Anything else is read as a page. Exits with 1 where a figure is
    wrong, stale, of no official page, or stands under a name that was superseded.

        ratewire audit model_prices.json

        ratewire audit https://blog.example/what-it-costs --json
    """
    whole = open_site(site, verbose)
    listed = _listed(what, format, site)
    found = audit(listed, _official(whole), on=now_utc().date())
    counts = Counter(finding.standing for finding in found)
    shown = [finding for finding in found if everything or finding.standing not in _FINE]
    if as_json:
        totals = {standing.value: counts[standing] for standing in AuditStatus}
        print_json({"counts": totals, "findings": [_face(finding) for finding in shown]})
    else:
        if shown:
            print_data(_table(shown))
        total = ", ".join(f"{counts[each]} {each}" for each in AuditStatus if counts[each])
        words().print(total or "no figure was found", highlight=False)
    raise typer.Exit(0 if all(each in _FINE for each in counts) else 1)


@app.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(metavar="LIST", help="A price list.")],
    format: ListFormat = "",
    to: Annotated[str, typer.Option("--to", metavar="FORMAT", help=f"One of {_AS}.")] = "jsonl",
) -> None:
    """Turn a price list from one shape into another, by default into ratewire's own.

    Nothing is recorded: only official pages are sources.

        ratewire import model_prices.json

        ratewire import model_prices.json --to csv
    """
    rates = read_list(_bytes(file), format=format, name=str(file))
    sys.stdout.buffer.write(write_list(rates, to))
    words().print(f"{len(rates)} rates", highlight=False)


@app.command("export")
def export_command(
    to: Annotated[str, typer.Option("--to", metavar="FORMAT", help=f"One of {_AS}.")] = "jsonl",
    source: Annotated[str, typer.Option(metavar="ID", help="Only rates from this source.")] = "",
    site: SiteFolder = Path(),
    verbose: Verbose = 0,
) -> None:
    """Print the official rates recorded here in the shape of a list that others use.

    The shapes of others hold what they have a field for. Ours hold all of it.

        ratewire export --to litellm

        ratewire export --to csv --source openai-pricing
    """
    whole = open_site(site, verbose)
    standing = [each for each in _official(whole).standing if source in ("", each[0].id)]
    if source and not standing:
        raise ConfigError(f"nothing is recorded of a source {source!r}")
    rates: dict[tuple[str, ...], Rate] = {}
    for _, snapshot in sorted(standing, key=lambda each: each[0].rank):
        for rate in snapshot.facts.rates:
            rates.setdefault(rate.identity, rate)
    publishers = {each.publisher for each, _ in standing}
    publisher = publishers.pop() if len(publishers) == 1 else ""
    sys.stdout.buffer.write(write_list(rates.values(), to, publisher=publisher))


def _listed(what: str, format: str, site: Path) -> tuple[Rate, ...]:
    live = is_address(what)
    source = page_source(site, what if live else "", "")
    if not live and (format or Path(what).suffix.lower() in _LISTS):
        return read_list(_bytes(Path(what)), format=format, name=what)
    page = capture_of(what, source, site)
    if format or page.media_type.endswith(("json", "csv")) or what.lower().endswith(_LISTS):
        return read_list(page.body, format=format, name=what)
    return read_capture(page, source, read_limits(site)).facts.rates


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise ConfigError(f"cannot be read ({error.strerror}); check the path", file=file) from None


def _official(whole: Site) -> Official:
    store = Job.of(whole).store
    standing = [
        (source, snapshot)
        for source in whole.sources
        if (snapshot := store.load(source.id)[0]) is not None
    ]
    aliases = {
        name.lower(): product.id
        for product in whole.products
        for name in (product.name, *product.aliases)
    }
    return Official(standing, store.changes(), aliases)


def _face(finding: AuditFinding) -> dict[str, Any]:
    listed, official = finding.listed, finding.official
    return {
        "standing": finding.standing.value,
        "product": listed.product,
        "meter": listed.meter,
        "conditions": dict(listed.conditions),
        "listed": f"{listed.amount:f}",
        "unit": str(listed.unit),
        "where": listed.evidence.where,
        "official": None if official is None else f"{official.amount:f}",
        "official_product": None if official is None else official.product,
        "official_meter": None if official is None else official.meter,
        "official_unit": None if official is None else str(official.unit),
        "source": finding.source,
        "url": finding.url,
        "excerpt": finding.excerpt,
        "note": finding.note,
    }


def _table(findings: list[AuditFinding]) -> Table:
    table = Table("", "product", "meter", "listed", "official", "source", "why", box=None)
    for finding in findings:
        official = finding.official
        table.add_row(
            finding.standing.value,
            finding.listed.product,
            " ".join(filter(None, (finding.listed.meter, str(finding.listed.conditions)))),
            _price(finding.listed),
            _price(official) if official else "–",
            finding.source,
            finding.note or finding.excerpt,
        )
    return table


def _price(rate: Rate) -> str:
    return f"{rate.amount:f} {rate.currency} per {rate.unit}"
