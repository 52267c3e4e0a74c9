"""What goes wrong is told in words, with the documented exit code, and never as a traceback; what
is a defect of the program has a code of its own.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ratewire import pages
from ratewire.cli import app
from ratewire.config.load import load_site
from ratewire.model import Unit
from ratewire.pipeline import Job

SETTINGS = """\
[site]
title = "Prices"
url = "https://prices.example"
cards = false

[fetch]
delay = 0
retries = 0
robots = false

[compare]
confirmations = 1

[[announce.webhook]]
url = "http://127.0.0.1:9/hook"
"""
SOURCE = 'name = "Kite"\npublisher = "Kite"\nurl = "https://kite.example/pricing"\n'
PAGE = (
    "<!doctype html><html lang=en><title>Pricing</title><h1>Pricing</h1><p>Prices per 1M tokens."
    "</p><table><tr><th>Model<th>Input<th>Output<tr><td>Kite 1<td>$3<td>${price}"
    "<tr><td>Kite 2<td>$5<td>$9</table>"
)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DEEP = b"[" * 200_000
COMMANDS = ("status", "review", "log", "build", "announce", "doctor", "check", "stale")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A site with every kind of record."""
    from tests.conftest import Served

    root = tmp_path_factory.mktemp("whole") / "site"
    (root / "content" / "sources").mkdir(parents=True)
    (root / "ratewire.toml").write_text(SETTINGS)
    (root / "content" / "sources" / "kite.toml").write_text(SOURCE)
    served = Served()
    os.environ["RATEWIRE_WEBHOOK_SECRET"] = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    os.environ["RATEWIRE_OUTBOX_KEY"] = "k" * 40
    for hours, price in enumerate(("12", "13", "14")):
        served.show("/pricing", PAGE.replace("{price}", price))
        job = Job.of(
            load_site(root),
            now=lambda hours=hours: NOW + timedelta(hours=hours),  # type: ignore[misc]
            routes={"https://kite.example/": f"{served.url}/"},
        )
        job.run(job.site.sources, seen=lambda _: None)
    served.close()
    yield root
    del os.environ["RATEWIRE_WEBHOOK_SECRET"], os.environ["RATEWIRE_OUTBOX_KEY"]


@pytest.fixture
def site(whole: Path, tmp_path: Path) -> Path:
    shutil.copytree(whole, tmp_path / "site")
    return tmp_path / "site"


def run(*arguments: str | Path) -> Any:
    return CliRunner().invoke(app, [str(each) for each in arguments])


def records(root: Path) -> list[Path]:
    folders = ("snapshots", "announced", ".ratewire")
    found = (file for name in folders for file in (root / name).rglob("*.json*"))
    return sorted(file.relative_to(root) for file in found)


@pytest.mark.slow
def test_deeply_nested_records_are_told_in_words(site: Path) -> None:
    names = records(site)
    assert len(names) > 5
    for name in names:
        kept = (site / name).read_bytes()
        for command in COMMANDS:
            (site / name).write_bytes(DEEP)
            done = run("--site", site, command)
            assert done.exit_code in (0, 1, 2, 3), (name, command, done.output)
            assert "Traceback" not in done.output, (name, command)
        (site / name).write_bytes(kept)
        for damaged in site.rglob("*.damaged-*"):
            damaged.unlink()


def test_a_defect_has_an_exit_code_of_its_own(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("by \x1b[31mnought")

    monkeypatch.setattr(pages, "saved_page", broken)
    done = run("read", site / "ratewire.toml")
    assert done.exit_code == 4
    assert "this is a defect of ratewire; please report it" in done.output
    assert "ZeroDivisionError" in done.output
    assert "\x1b" not in done.output


def test_a_full_disk_is_none(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "/srv/x")

    monkeypatch.setattr(pages, "saved_page", full)
    done = run("read", site / "ratewire.toml")
    assert done.exit_code == 3
    assert "/srv/x: No space left on device" in done.output


def limited_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (3_000, 3_000))


@pytest.mark.skipif(sys.platform == "win32", reason="no limits of files there")
@pytest.mark.parametrize("fresh", [False, True])
def test_a_build_on_a_full_disk_says_so(site: Path, fresh: bool) -> None:
    shutil.rmtree(site / "site")
    words = ["--no-cache"] if fresh else []
    done = subprocess.run(
        [sys.executable, "-m", "ratewire", "--site", site, "build", *words],
        capture_output=True, text=True, preexec_fn=limited_files, cwd=Path(__file__).parents[1],
        timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 3, done.stderr
    assert "Traceback" not in done.stderr
    assert "while the site is built" in done.stderr
    assert not (site / "site").exists()


def test_a_cache_that_cannot_be_written_is_told(site: Path) -> None:
    shutil.rmtree(site / ".ratewire")
    (site / ".ratewire").write_text("")
    for command in ("build", "check", "run", "status"):
        done = run("--site", site, command)
        assert done.exit_code in (0, 1, 3), (command, done.output)
        assert "Traceback" not in done.output, (command, done.output)
    assert run("--site", site, "build").exit_code == 3


def test_a_count_of_too_many_digits_is_no_unit() -> None:
    for count in ("9" * 5_000, "1e5000", "1e-5000"):
        with pytest.raises(ValueError, match="28 digits at the most"):
            Unit.parse(f"{count} tokens")
    assert Unit.parse("1000000000000 tokens").count == 10**12


def test_such_a_count_in_a_record_is_told(site: Path) -> None:
    file = site / "snapshots" / "kite" / "facts.json"
    value = json.loads(file.read_bytes())
    text = json.dumps(value).replace("1M tokens", f"{'9' * 5_000} tokens")
    file.write_text(text)
    done = run("--site", site, "build")
    assert done.exit_code in (0, 1, 3), done.output
    assert "Traceback" not in done.output
