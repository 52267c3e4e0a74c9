"""Commands of the bundled subscription service. What they need is loaded when one is called."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from ratewire.cli.group import Group
from ratewire.cli.output import (
    AsJson,
    SiteFolder,
    Verbose,
    open_site,
    print_data,
    print_json,
    words,
)
from ratewire.errors import ConfigError
from ratewire.model import ChangeKind
from ratewire.model.moments import rfc3339
from ratewire.wording.text import plain

if TYPE_CHECKING:
    from ratewire.apps.subscriptions.roll import Roll, Subscriber, Wishes
    from ratewire.config import Site

__all__ = ["app"]

commands = typer.Typer(cls=Group, no_args_is_help=True)

_FIELDS = ("address", "state", "products", "kinds", "digest", "since", "consent")


@commands.callback()
def subscriptions() -> None:
    """The service by which readers subscribe to mail, and its list of subscribers.

    Needs the extra: `pip install 'ratewire[subscriptions]'`.

        ratewire subscriptions serve

        ratewire subscriptions count
    """


@commands.command()
def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 8026,
    proxy: Annotated[
        str,
        typer.Option(metavar="ADDRESSES", help="Proxies whose X-Forwarded-For is believed."),
    ] = "",
    site: SiteFolder = Path(),
    verbose: Verbose = 0,
) -> None:
    """Run the service: sign-up, confirmation, preferences, unsubscribing, and its own mails.

    ratewire subscriptions serve

    ratewire subscriptions serve --port 8026 --proxy 127.0.0.1
    """
    whole = _opened(site, verbose)
    from ratewire.apps.subscriptions.service import run, service_of

    def tell(said: str) -> None:
        words().print(said, highlight=False, markup=False, soft_wrap=True)

    run(service_of(whole), host=host, port=port, proxy=proxy, tell=tell)


@commands.command()
def count(site: SiteFolder = Path(), as_json: AsJson = False, verbose: Verbose = 0) -> None:
    """Tell how many are subscribed, have not confirmed, bounced, complained; and letters waiting.

    ratewire subscriptions count --json
    """
    totals = _roll(site, verbose)[1].totals()
    if as_json:
        print_json(dict(totals))
    else:
        print_data(", ".join(f"{number} {what}" for what, number in totals.items()))


@commands.command("list")
def list_command(site: SiteFolder = Path(), as_json: AsJson = False, verbose: Verbose = 0) -> None:
    """List the subscribers with what they want. Addresses are masked.

    ratewire subscriptions list
    """
    from ratewire.apps.subscriptions.addresses import masked

    rows = [_row(one, masked(one.address)) for one in _roll(site, verbose)[1].everyone()]
    if as_json:
        print_json({"subscribers": rows})
        return
    table = Table(*_FIELDS, box=None)
    for row in rows:
        table.add_row(*(" ".join(v) if isinstance(v, list) else v for v in row.values()))
    print_data(table)


@commands.command()
def export(
    to: Annotated[str, typer.Option("--to", metavar="FORMAT", help="csv or jsonl.")] = "csv",
    site: SiteFolder = Path(),
    verbose: Verbose = 0,
) -> None:
    """Print all subscribers, addresses in full: for a backup, or to move to another list.

    ratewire subscriptions export --to jsonl
    """
    if to not in ("csv", "jsonl"):
        raise ConfigError(f"--to is csv or jsonl, not {to!r}")
    rows = (_row(one, one.address) for one in _roll(site, verbose)[1].everyone())
    if to == "jsonl":
        for row in rows:
            typer.echo(json.dumps(row, ensure_ascii=False))
        return
    writer = csv.DictWriter(sys.stdout, _FIELDS, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({k: " ".join(v) if isinstance(v, list) else v for k, v in row.items()})


@commands.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Addresses: CSV, or one a line.")],
    consent: Annotated[
        str, typer.Option(metavar="WORDS", help="How and when they agreed; kept with each.")
    ],
    site: SiteFolder = Path(),
    as_json: AsJson = False,
    verbose: Verbose = 0,
) -> None:
    """Take over people who agreed elsewhere. They get no mail to confirm.

    Exits with 1 where a line has no address. Who bounced or complained here is not taken.

        ratewire subscriptions import readers.csv --consent "newsletter form, 2024 to 2026"
    """
    if not consent.strip():
        raise ConfigError("--consent says how they agreed; it is kept with each address")
    whole, roll = _roll(site, verbose)
    from ratewire.apps.subscriptions.addresses import address_of

    done: Counter[str] = Counter()
    for number, typed, wishes in _read(file):
        try:
            address = address_of(typed)
        except ValueError as error:
            words().print(
                f"{file}:{number}: {error}", highlight=False, markup=False, soft_wrap=True
            )
            done["wrong"] += 1
            continue
        for unknown in _unknown(wishes, whole):
            words().print(
                f"{file}:{number}: nothing here is named {unknown}; whoever asked for nothing "
                "else hears nothing",
                highlight=False, markup=False, soft_wrap=True,
            )  # fmt: skip
        done[roll.add(address, wishes, f"import: {consent.strip()[:300]}")] += 1
    totals = {each: done[each] for each in ("added", "known", "refused", "wrong")}
    if as_json:
        print_json(totals)
    words().print(", ".join(f"{n} {what}" for what, n in totals.items()), highlight=False)
    raise typer.Exit(1 if done["wrong"] else 0)


@commands.command()
def erase(
    address: Annotated[str, typer.Argument(metavar="ADDRESS")],
    site: SiteFolder = Path(),
    verbose: Verbose = 0,
) -> None:
    """Erase all that is known of an address: subscription, bounces, complaint.

    ratewire subscriptions erase someone@example.org
    """
    roll = _roll(site, verbose)[1]
    from ratewire.apps.subscriptions.addresses import address_of

    try:
        address = address_of(address)  # as it was kept: a domain in its ASCII form
    except ValueError:
        address = address.strip()
    found = roll.erase(address)
    words().print("erased" if found else "nothing was known of it", highlight=False)


@commands.command()
def bounce(site: SiteFolder = Path(), as_json: AsJson = False, verbose: Verbose = 0) -> None:
    """Take in a mail that came back or a complaint, from standard input.

    Whom it is about is told by its return path, links or Message-ID. Other mail changes nothing.

        ratewire subscriptions bounce < message.eml
    """
    whole, roll = _roll(site, verbose)
    from ratewire.apps.subscriptions.app import note
    from ratewire.apps.subscriptions.links import Purpose
    from ratewire.apps.subscriptions.reports import read_report
    from ratewire.apps.subscriptions.service import links_of

    links = links_of(whole)
    data = typer.get_binary_stream("stdin").read(2_000_000)
    done = note(roll, read_report(data, lambda token: links.serial(Purpose.UNSUBSCRIBE, token)))
    if as_json:
        print_json({"reports": list(done)})
    words().print(", ".join(done) or "no report in it", highlight=False)


@commands.command()
def migrate(site: SiteFolder = Path(), verbose: Verbose = 0) -> None:
    """Bring the database to the version that this ratewire needs. Back it up before.

    ratewire subscriptions migrate
    """
    whole = _opened(site, verbose)
    from ratewire.apps.subscriptions.database import database_url, open_database, version_of

    engine = open_database(database_url(whole, os.environ), upgrade=True)
    words().print(f"version {version_of(engine)}", highlight=False)


def _opened(folder: Path, verbose: int) -> Site:
    from ratewire.apps.subscriptions import need_the_extra

    need_the_extra()
    return open_site(folder, verbose)


def _roll(folder: Path, verbose: int) -> tuple[Site, Roll]:
    site = _opened(folder, verbose)
    from ratewire.apps.subscriptions.service import open_roll

    return site, open_roll(site)


def _row(one: Subscriber, address: str) -> dict[str, Any]:
    since = one.confirmed_at or one.asked_at
    return {
        "address": address,
        "state": "confirmed" if one.confirmed else "pending",
        "products": list(one.wishes.products),
        "kinds": list(one.wishes.kinds),
        "digest": one.wishes.digest,
        "since": rfc3339(since),
        "consent": one.consent,
    }


def _read(file: Path) -> Iterator[tuple[int, str, Wishes]]:
    """Line, address and wishes. Raises ConfigError where the file cannot be read."""
    from ratewire.apps.subscriptions.roll import Wishes

    try:
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8"
        raise ConfigError(f"cannot be read ({why}); check the path", file=file) from None
    reader = csv.reader(io.StringIO(text))
    head: list[str] = []
    for row in reader:
        if not any(row):
            continue
        if not head:
            named = [cell.strip().lower() for cell in row]
            head = named if {"address", "email"} & set(named) else ["address"]
            if head is named:
                continue
        cells = dict(zip(head, (cell.strip() for cell in row), strict=False))
        if cells.get("state") == "pending":
            continue
        digest = cells.get("digest", "")
        # Wishes stay as they are, also for what is not there: dropped, they would mean everything.
        wishes = Wishes(
            tuple(cells.get("products", "").split()),
            tuple(cells.get("kinds", "").split()),
            digest if digest in ("daily", "weekly") else "",
        )
        yield reader.line_num, cells.get("address") or cells.get("email", ""), wishes


def _unknown(wishes: Wishes, site: Site) -> Iterator[str]:
    products = {product.id for product in site.products}
    yield from (plain(each, 80) for each in wishes.products if each not in products)
    yield from (plain(each, 80) for each in wishes.kinds if each not in set(ChangeKind))


def _app() -> typer.Typer:
    whole = typer.Typer()
    whole.add_typer(commands, name="subscriptions")
    return whole


app = _app()
