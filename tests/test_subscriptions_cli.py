"""`ratewire subscriptions` as an owner types it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ratewire.cli import app

SETTINGS = """\
[site]
title = "Prices"
url = "https://prices.example"

[announce.email]
host = "127.0.0.1"
port = 1
security = "none"
sender = "prices@prices.example"

[subscribe]
provider = "service"

[subscribe.service]
url = "https://s.example"
"""
Run = Callable[..., Any]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "ratewire.toml").write_text(SETTINGS)
    return tmp_path


@pytest.fixture
def run(site: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("RATEWIRE_SUBSCRIPTIONS_KEY", "k" * 32)
    monkeypatch.delenv("RATEWIRE_SUBSCRIPTIONS_DATABASE", raising=False)

    def call(*words: str, stdin: bytes | None = None) -> Any:
        return CliRunner().invoke(
            app, ["subscriptions", *words, "--site", str(site)], input=stdin, catch_exceptions=False
        )

    return call


def test_from_import_to_erasing(run: Run, site: Path) -> None:
    (site / "readers.csv").write_text(
        "Email,digest,products\nOne@example.org,daily,\ntwo@example.org,hourly,x\nno address,,\n"
    )
    done = run("import", str(site / "readers.csv"), "--consent", "asked in person", "--json")
    assert done.exit_code == 1
    assert json.loads(done.stdout) == {"added": 2, "known": 0, "refused": 0, "wrong": 1}
    assert "readers.csv:4: is not one email address" in re.sub(r"\s+", " ", done.stderr)
    assert "no address" not in done.stderr
    assert json.loads(run("count", "--json").stdout)["confirmed"] == 2
    listed = run("list").stdout
    assert "O…@example.org" in listed
    assert "One@" not in listed
    rows = [json.loads(line) for line in run("export", "--to", "jsonl").stdout.splitlines()]
    by_address = {row["address"]: row for row in rows}
    assert by_address["One@example.org"]["digest"] == "daily"
    assert by_address["two@example.org"]["digest"] == ""
    assert by_address["two@example.org"]["consent"] == "import: asked in person"
    assert run("erase", "one@example.org").stderr.strip() == "erased"
    assert run("erase", "one@example.org").stderr.strip() == "nothing was known of it"
    table = run("export").stdout
    assert table.splitlines()[0] == "address,state,products,kinds,digest,since,consent"
    assert "two@example.org,confirmed," in table


def test_wishes_for_what_is_not_there_are_said_and_stay_wishes(run: Run, site: Path) -> None:
    """Dropped, they would leave a reader who asked for one product with all of them."""
    (site / "a.csv").write_text("email,products,kinds\none@example.org,gone-1 x\x1b[1m,rate_op\n")
    done = run("import", str(site / "a.csv"), "--consent", "x")
    assert done.exit_code == 0
    for name in ("gone-1", "rate_op"):
        assert f"a.csv:2: nothing here is named {name}" in done.stderr
    assert "\x1b" not in done.stderr
    (row,) = [json.loads(line) for line in run("export", "--to", "jsonl").stdout.splitlines()]
    assert row["kinds"] == ["rate_op"]
    assert "gone-1" in row["products"]


def test_an_address_is_erased_as_it_is_typed(run: Run, site: Path) -> None:
    (site / "a.txt").write_text("one@bücher.example\n", "utf-8")
    assert run("import", str(site / "a.txt"), "--consent", "x").exit_code == 0
    assert run("erase", "One@BÜCHER.example").stderr.strip() == "erased"
    assert json.loads(run("count", "--json").stdout)["confirmed"] == 0


def test_what_was_exported_can_be_imported(run: Run, site: Path) -> None:
    (site / "a.txt").write_text("one@example.org\n\ntwo@example.org\n")
    assert run("import", str(site / "a.txt"), "--consent", "x").exit_code == 0
    (site / "b.csv").write_text(run("export").stdout)
    for address in ("one@example.org", "two@example.org"):
        run("erase", address)
    assert run("import", str(site / "b.csv"), "--consent", "y").exit_code == 0
    assert json.loads(run("count", "--json").stdout)["confirmed"] == 2


def test_a_mail_that_came_back(run: Run, site: Path) -> None:
    (site / "a.txt").write_text("one@example.org\n")
    run("import", str(site / "a.txt"), "--consent", "x")
    report = (
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
        b"Final-Recipient: rfc822; one@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        b"--b--\r\n"
    )
    done = [json.loads(run("bounce", "--json", stdin=report).stdout)["reports"] for _ in range(4)]
    assert done == [["counted"], ["counted"], ["ended"], ["nobody"]]
    other = run("bounce", stdin=b"Subject: hello\r\n\r\nhello")
    assert (other.exit_code, other.stderr.strip()) == (0, "no report in it")


def test_migrating_what_is_up_to_date(run: Run) -> None:
    assert run("migrate").stderr.strip() == "version 1"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["export", "--to", "xml"], 2, "--to is csv or jsonl"),
        (["import", "nowhere.csv", "--consent", "x"], 2, "nowhere.csv: cannot be read"),
        (["import", "nowhere.csv", "--consent", " "], 2, "--consent says how they agreed"),
        (["import", "nowhere.csv"], 2, "Missing option"),
        (["frobnicate"], 2, "No such command"),
    ],
)
def test_wrong_use(run: Run, words: list[str], code: int, said: str) -> None:
    done = run(*words)
    assert done.exit_code == code
    assert said in re.sub(r"[\s│]+", " ", done.stderr)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("RATEWIRE_SUBSCRIPTIONS_KEY", "", "signs its links with RATEWIRE_SUBSCRIPTIONS_KEY"),
        ("RATEWIRE_SUBSCRIPTIONS_KEY", "short", "has 5 characters"),
        ("RATEWIRE_SUBSCRIPTIONS_DATABASE", "mysql://h", "ratewire.toml: subscribe.service.data"),
    ],
)
def test_a_bad_environment(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)
    done = run("count")
    assert done.exit_code == 2
    assert said in re.sub(r"\s+", " ", done.stderr)


def test_the_service_runs_where_it_is_chosen(run: Run, site: Path) -> None:
    (site / "ratewire.toml").write_text(
        SETTINGS.replace('provider = "service"', 'provider = "none"')
    )
    done = run("serve", "--port", "0")
    assert done.exit_code == 2
    assert "ratewire.toml: subscribe.provider" in done.stderr


def test_options_may_stand_before_the_command(run: Run, site: Path) -> None:
    words = ["--site", str(site), "--json", "subscriptions", "count"]
    done = CliRunner().invoke(app, words, catch_exceptions=False)
    assert json.loads(done.stdout)["confirmed"] == 0


def test_without_the_extra_one_line_says_how_to_get_it(run: Run, monkeypatch: Any) -> None:
    import ratewire.apps.subscriptions as room

    monkeypatch.setattr(room, "find_spec", lambda name: None if name == "starlette" else object())
    for words in (["serve"], ["count"], ["migrate"]):
        done = run(*words)
        assert done.exit_code == 2
        assert "pip install 'ratewire[subscriptions]'" in re.sub(r"\s+", " ", done.stderr)
        assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("words", [["--help"], ["subscriptions", "--help"], ["status", "--help"]])
def test_nothing_of_the_extra_is_loaded_for_others(words: list[str]) -> None:
    code = (
        "import sys; from ratewire.cli import app\n"
        f"try: app({words!r})\n"
        "except SystemExit: pass\n"
        "loaded = {'sqlalchemy', 'starlette', 'uvicorn', 'itsdangerous', 'email_validator',"
        " 'psycopg'} & set(sys.modules)\n"
        "print('loaded', sorted(loaded), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip().endswith("loaded []")


@pytest.mark.slow
def test_the_service_serves_and_stops(site: Path) -> None:
    """The documented command, as a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "ratewire", "subscriptions", "serve", "--port", "0", "--proxy",
         "127.0.0.1", "--site", str(site)],
        stderr=subprocess.PIPE, text=True,
        env={**os.environ, "RATEWIRE_SUBSCRIPTIONS_KEY": "k" * 32},
    )  # fmt: skip
    assert process.stderr is not None
    try:
        line = process.stderr.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+", line)
        assert found, line
        with urllib.request.urlopen(f"{found[0]}/health") as answer:
            assert json.load(answer) == {"ok": True}
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) in (0, -signal.SIGTERM)
    finally:
        process.kill()
        rest = process.stderr.read()
    assert "Traceback" not in rest


def test_a_port_that_is_taken(run: Run, served: Any) -> None:
    port = served.url.rpartition(":")[2]
    done = run("serve", "--port", port)
    assert done.exit_code == 2
    assert "cannot listen on 127.0.0.1" in done.stderr
