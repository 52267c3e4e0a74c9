"""The dead man's switch: called when the job went well, and never in the way of it."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ratewire.cli import app
from ratewire.heartbeat import VARIABLE, beat

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "demo" / "captures" / "northlight-pricing" / "2026-01-12_first.html"


def heard(served: Any) -> list[int]:
    return [status for path, status in served.asked if path == "/secret"]


def test_it_is_called_once_and_again_where_it_was_not_heard(served: Any) -> None:
    environment = {VARIABLE: f" {served.url}/secret\n"}
    served.show("/secret", "OK")
    assert beat(environment)
    assert heard(served) == [200]
    served.show("/secret", "busy", 503)
    paused: list[float] = []
    assert not beat(environment, paused.append)
    assert heard(served) == [200, 503, 503, 503]
    assert len(paused) == 2


@pytest.mark.parametrize("address", ["", "  "])
def test_without_an_address_nothing_is_called(address: str) -> None:
    assert beat({VARIABLE: address})
    assert beat({})


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:1/secret", "ftp://h.example/secret", "secret", "http://[::1/secret", "//"],
)
def test_what_goes_wrong_is_told_without_the_address(
    address: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        assert not beat({VARIABLE: address}, lambda _: None)
    (record,) = caplog.records
    assert VARIABLE in record.getMessage()
    assert "secret" not in record.getMessage()


@pytest.fixture
def site(tmp_path: Path, served: Any) -> Path:
    shutil.copytree(ROOT / "demo" / "content", tmp_path / "content")
    shutil.rmtree(tmp_path / "content" / "articles")
    settings = (ROOT / "demo" / "ratewire.toml").read_text("utf-8")
    (tmp_path / "ratewire.toml").write_text(
        settings.replace("[fetch]", "[fetch]\nallow_private = true\nretries = 0")
    )
    source = tmp_path / "content" / "sources" / "northlight-pricing.toml"
    source.write_text(source.read_text("utf-8").replace("https://northlight.example", served.url))
    served.show("/pricing", PAGE.read_text("utf-8"))
    served.show("/secret", "OK")
    return tmp_path


def run(site: Path, url: str) -> Any:
    return CliRunner().invoke(app, ["run", "--all", "--site", str(site)], env={VARIABLE: url})


def test_a_run_calls_it_also_where_a_source_is_not_well(site: Path, served: Any) -> None:
    assert run(site, f"{served.url}/secret").exit_code == 0
    served.show("/pricing", "gone", 500)
    assert run(site, f"{served.url}/secret").exit_code == 1
    assert heard(served) == [200, 304] or heard(served) == [200, 200]


def test_a_run_that_fails_does_not_call_it(site: Path, served: Any) -> None:
    (site / "content" / "faq.md").write_text('## Q\n\n{{ rate("nobody", "nothing") }}\n')
    assert run(site, f"{served.url}/secret").exit_code == 2
    (site / "ratewire.toml").write_text("[site]\n")
    assert run(site, f"{served.url}/secret").exit_code == 2
    assert not heard(served)


def test_a_switch_that_is_away_fails_no_run(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ratewire.heartbeat._PAUSE", 0.0)
    done = run(site, "http://127.0.0.1:1/secret")
    assert done.exit_code == 0
    assert "the dead man's switch at 127.0.0.1" in " ".join(done.stderr.split())
    assert "secret" not in done.stderr
