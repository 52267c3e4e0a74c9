"""What pages say, on a terminal and in a log of continuous integration: words, never commands."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hostile_words import PAYLOADS, hostile_changes
from rich.table import Column, Table
from typer.testing import CliRunner

from ratewire.cli import app
from ratewire.cli.output import print_data, words
from ratewire.config.load import load_site
from ratewire.model import Alteration, Facts, Health, HealthState, Rate, Snapshot, Unit
from ratewire.record import DirectoryStore

COMMANDING = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Escape sequences begin with one of these; others turn the text around."""
WORKFLOW = re.compile(r"^\s*::|^\s*##\[", re.MULTILINE)
"""What a runner of GitHub Actions takes for a command at the start of a line."""
SETTINGS = """\
[site]
title = "Prices"
url = "https://prices.example"
contact = "https://prices.example/contact"

[announce]
immediate = ["rate_up", "rate_down", "added", "removed", "unit", "renamed", "availability",
           "scheduled", "limit", "incident", "passage"]
[[announce.webhook]]
url = "https://hooks.example/x"
"""
SOURCE = 'name = "Pricing"\npublisher = "Acme"\nurl = "https://acme.example/pricing"\n'
PRODUCT = '+++\nname = "Paint 2"\npublisher = "Acme"\n+++\n'
READS = [
    ("log",), ("log", "--json"), ("status",), ("status", "--json"), ("announce", "--dry-run"),
    ("announce", "--dry-run", "--json"),
    ("review",), ("review", "--json"), ("stale",), ("lint",),
]  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site whose records hold every payload in every field."""
    root = tmp_path_factory.mktemp("site")
    (root / "content" / "sources").mkdir(parents=True)
    (root / "content" / "products").mkdir()
    (root / "ratewire.toml").write_text(SETTINGS)
    (root / "content" / "sources" / "acme.toml").write_text(SOURCE)
    (root / "content" / "products" / "paint-2.md").write_text(PRODUCT)
    store, now = DirectoryStore(load_site(root).snapshots), datetime.now(UTC)
    rates: dict[object, Rate] = {}
    changes = []
    for number, payload in enumerate(PAYLOADS.values()):
        text = payload.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        for kind, one in enumerate(hostile_changes(text)[:11]):
            if kind % 4 == number % 4:
                at = now - timedelta(minutes=number)
                steps = tuple(plain_unit(each) for each in one.alterations)
                id = f"{number:03}-{one.id}"
                changes.append(
                    replace(one, id=id, source="acme", recorded_at=at, alterations=steps)
                )
                rates |= {each.after.identity: each.after for each in steps if of_rate(each)}
    store.save("acme", None, None, changes)
    facts = Facts(rates=tuple(rates[key] for key in sorted(rates)))  # type: ignore[type-var]
    store.save("acme", Snapshot("acme", facts, "c" * 64, "https://a.example", now, "1"), None, ())
    words = " ".join(text[:60] for text in PAYLOADS.values() if text.isprintable())
    store.save_health("acme", Health(HealthState.FAILING, now, f"::error::x {words}"))
    return root


def of_rate(one: Alteration) -> bool:
    return isinstance(one.after, Rate)


def plain_unit(one: Alteration) -> Alteration:
    """Units are of the vocabulary: a page's own words never become one."""
    unit = Unit.parse("1M tokens")
    both = (replace(f, unit=unit) if isinstance(f, Rate) else f for f in (one.before, one.after))
    return Alteration(one.kind, *both, one.percent)


@pytest.mark.parametrize("arguments", READS, ids=" ".join)
def test_nothing_that_a_page_says_is_a_command(
    site: Path, arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RATEWIRE_WEBHOOK_SECRET", "whsec_" + "a2tr" * 10 + "a2s=")
    result: Any = CliRunner().invoke(app, [*arguments, "--site", str(site)])
    assert not isinstance(result.exception, BaseException) or isinstance(
        result.exception, SystemExit
    ), result.exception
    for said in (result.stdout, result.stderr):
        assert not COMMANDING.search(said)
        assert not WORKFLOW.search(said)
    if "--json" in arguments:
        assert json.loads(result.stdout) is not None


def test_there_is_much_to_say(site: Path) -> None:
    said = CliRunner().invoke(app, ["log", "--json", "--last", "500", "--site", str(site)]).stdout
    assert len(json.loads(said)["changes"]) > 300


def test_a_wrapped_line_begins_with_no_command(capsys: pytest.CaptureFixture[str]) -> None:
    for width in range(20, 40):
        table = Table.grid(Column(width=12), Column(width=width))
        table.add_row("Acme", "unreadable ::error file=x::forged ##[add-path]x " * 3)
        words().print(table)
        print_data(table)
    said = capsys.readouterr()
    assert "forged" in said.out
    assert "forged" in said.err
    assert not WORKFLOW.search(said.out + said.err)
