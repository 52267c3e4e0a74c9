"""The commands over other people's lists and a page's past, on a site with records."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ratewire.cli import app
from ratewire.model import Conditions, Evidence, Facts, Rate, Snapshot, Unit
from ratewire.record import DirectoryStore

MTOK = Unit.parse("1M tokens")
TIME = datetime(2026, 7, 1, tzinfo=UTC)


def run(*arguments: str | Path) -> Any:
    return CliRunner().invoke(app, [str(each) for each in arguments], catch_exceptions=False)


def rate(meter: str, amount: str, **conditions: str) -> Rate:
    return Rate(
        "pixel-2", meter, Decimal(amount), "USD", MTOK, Conditions.of(conditions),
        evidence=Evidence(f"pixel-2 {meter} ${amount}"),
    )  # fmt: skip


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """What pixel-2 costs, on record from one source."""
    (tmp_path / "content" / "sources").mkdir(parents=True)
    (tmp_path / "ratewire.toml").write_text(
        '[site]\ntitle = "Prices"\nurl = "https://prices.example"\n', "utf-8"
    )
    (tmp_path / "content" / "sources" / "acme.toml").write_text(
        'name = "Prices"\npublisher = "Acme"\nurl = "https://acme.example/pricing"\n', "utf-8"
    )
    facts = Facts.of(
        [
            rate("text.input", "5.00", tier="standard"),
            rate("image.output", "30.00", tier="standard"),
        ]
    )
    snapshot = Snapshot("acme", facts, "0" * 64, "https://acme.example/pricing", TIME, "1")
    DirectoryStore(tmp_path / "snapshots").save("acme", snapshot, None)
    return tmp_path


LIST = {
    "pixel-2": {
        "input_cost_per_token": 5e-06,
        "output_cost_per_token": 1e-05,
        "output_cost_per_image_token": 3.2e-05,
    },
    "other-1": {"input_cost_per_token": 1e-06},
}


def test_audit_says_what_is_wrong_with_a_list(site: Path) -> None:
    (site / "list.json").write_text(json.dumps(LIST))
    result = run("audit", site / "list.json", "--site", site, "--json")
    data = json.loads(result.stdout)
    assert result.exit_code == 1
    assert {f["meter"]: f["standing"] for f in data["findings"]} == {
        "output": "not-official", "image.output": "wrong",
    }  # fmt: skip
    wrong = next(f for f in data["findings"] if f["standing"] == "wrong")
    assert (wrong["listed"], wrong["unit"]) == ("0.000032", "token")
    assert (wrong["official"], wrong["official_unit"]) == ("30.00", "1M tokens")
    assert (wrong["source"], wrong["excerpt"]) == ("acme", "pixel-2 image.output $30.00")
    assert data["counts"]["right"] == data["counts"]["unknown"] == 1
    everything = run("audit", site / "list.json", "--site", site, "--json", "--all")
    assert len(json.loads(everything.stdout)["findings"]) == 4


def test_audit_reads_an_article_s_own_text(site: Path) -> None:
    (site / "post.md").write_text(
        "# What it costs\n\nPer 1M tokens.\n\n| Model | Text input | Image output |\n"
        "| --- | --- | --- |\n| pixel-2 | $5.00 | $40.00 |\n"
    )
    result = run("audit", site / "post.md", "--site", site, "--json")
    (finding,) = json.loads(result.stdout)["findings"]
    assert (finding["standing"], finding["listed"], finding["official"]) == (
        "wrong", "40.00", "30.00",
    )  # fmt: skip


def test_what_is_exported_is_right(site: Path) -> None:
    for name in ("litellm", "json", "jsonl", "csv"):
        exported = run("export", "--to", name, "--site", site)
        assert exported.exit_code == 0
        (site / "mine.txt").write_bytes(exported.stdout_bytes)
        result = run("audit", site / "mine.txt", "--from", name, "--site", site, "--all", "--json")
        assert (result.exit_code, json.loads(result.stdout)["counts"]["right"]) == (0, 2), name


def test_import_turns_one_shape_into_another(site: Path) -> None:
    (site / "list.json").write_text(json.dumps(LIST))
    lines = run("import", site / "list.json").stdout.splitlines()
    assert json.loads(lines[0]) == {
        "product": "pixel-2", "meter": "input", "conditions": {}, "amount": "0.000005",
        "currency": "USD", "unit": "token",
    }  # fmt: skip
    assert len(lines) == 4


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("audit", "none.json"), "check the path"),
        (("export", "--to", "yaml"), "use one of"),
        (("export", "--source", "none"), "nothing is recorded"),
        (("backfill", "none", "."), "there are acme"),
        (("backfill", "acme"), "name one past"),
        (("backfill", "acme", "--git", "."), "name one past"),
        (("backfill", "acme", "content"), "begins with a date"),
    ],
)
def test_a_mistake_is_named(
    site: Path, words: tuple[str, ...], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(site)
    result = run(*words)
    assert result.exit_code == 2
    assert said in " ".join(result.stderr.split())


def test_backfill_tells_what_it_found(site: Path, tmp_path: Path) -> None:
    past = tmp_path / "past"
    past.mkdir()
    for day, price in (("01-01", "9"), ("02-01", "7"), ("03-01", "5")):
        (past / f"2026-{day}.md").write_text(
            "# Pricing\n\nPer 1M tokens.\n\n| Model | Input |\n| --- | --- |\n"
            f"| lark-2 | ${price} |\n"
        )
    for at in range(2):
        result = run("backfill", "acme", past, "--site", site, "--json", "--until", "2026-02-15")
        data = json.loads(result.stdout)
        assert result.exit_code == 0
        assert (data["read"], len(data["changes"])) == ((2, 1) if at == 0 else (0, 0))
    log = json.loads(run("log", "--site", site, "--json").stdout)["changes"]
    assert len(log) == 1
