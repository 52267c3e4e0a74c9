"""What CI says of the sources: tables that no page can break out of, one issue for each trouble."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hostile_words import PAYLOADS

ROOT = Path(__file__).parents[1]
LONG_AGO = "2026-01-05T00:00:00Z"

GH = '''#!{python}
"""Issues in a file, as `gh` keeps them on a forge."""
import json, pathlib, sys
file = pathlib.Path({file!r})
issues = json.loads(file.read_text()) if file.exists() else []
match sys.argv[1:]:
    case ["label", "create", "ratewire", "--force", *_]: pass
    case ["issue", "list", "--label", "ratewire", "--state", "open", *_]:
        print(json.dumps([one for one in issues if one["open"]]))
    case ["issue", "create", "--title", title, "--label", "ratewire", "--body", body]:
        number = len(issues) + 1
        issues.append({{"number": number, "title": title, "body": body, "open": True}})
    case ["issue", "close", number, "--comment", _]:
        issues[int(number) - 1]["open"] = False
    case _: sys.exit(2)
file.write_text(json.dumps(issues))
'''


def source(id: str, state: str = "ok", since: str = LONG_AGO, detail: str = "") -> dict[str, Any]:
    return {
        "source": id, "state": state, "since": since, "detail": detail,
        "verified_at": "2026-01-04T00:00:00Z",
    }  # fmt: skip


def report(verb: str, told: dict[str, Any], path: Path | None = None, **more: str) -> Any:
    environment = {**os.environ, "PATH": f"{path}:{os.environ['PATH']}", "GITLAB_CI": "", **more}
    return subprocess.run(
        [sys.executable, "scripts/report.py", verb],
        cwd=ROOT, env=environment, input=json.dumps(told), capture_output=True, text=True,
        check=False,
    )  # fmt: skip


Forge = Callable[..., list[dict[str, Any]]]


class GitLab(BaseHTTPRequestHandler):
    """Issues as GitLab's API has them."""

    issues: list[dict[str, Any]]

    def _answer(self, told: Any, status: int = 200) -> None:
        body = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _asked(self) -> tuple[list[str], dict[str, Any]]:
        length = int(self.headers.get("Content-Length", "0"))
        given = json.loads(self.rfile.read(length)) if length else {}
        assert self.path.startswith("/api/v4/projects/7/issues")
        return urlsplit(self.path).path.split("/")[6:], given

    def do_GET(self) -> None:
        if self.headers["PRIVATE-TOKEN"] != "a-token":
            self._answer({}, 401)
            return
        asked = parse_qs(urlsplit(self.path).query)
        assert (asked["state"], asked["labels"]) == (["opened"], ["ratewire"])
        opened, page = [one for one in self.issues if one["open"]], int(asked["page"][0])
        self._answer(opened[100 * (page - 1) : 100 * page])

    def do_POST(self) -> None:
        rest, given = self._asked()
        if not rest:
            body, number = given.pop("description"), len(self.issues) + 1
            self.issues.append({**given, "iid": number, "body": body, "open": True})
        self._answer({}, 201)

    def do_PUT(self) -> None:
        rest, given = self._asked()
        assert given == {"state_event": "close"}
        self.issues[int(rest[0]) - 1]["open"] = False
        self._answer({})

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def gitlab() -> Iterator[tuple[type[GitLab], dict[str, str]]]:
    """A forge without issues, and the environment of its jobs."""
    handler = type("Forge", (GitLab,), {"issues": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    at = f"http://127.0.0.1:{server.server_port}/api/v4"
    told = {"CI_API_V4_URL": at, "CI_PROJECT_ID": "7", "GITLAB_CI": "true", "PUSH_TOKEN": "a-token"}
    yield handler, told
    server.shutdown()
    server.server_close()


@pytest.fixture(params=["github", "gitlab"])
def forge(
    request: pytest.FixtureRequest, tmp_path: Path, gitlab: tuple[type[GitLab], dict[str, str]]
) -> Forge:
    """Reports these sources; returns all issues there ever were."""
    if request.param == "gitlab":

        def tell(*sources: dict[str, Any]) -> list[dict[str, Any]]:
            done = report("issues", {"sources": list(sources)}, **gitlab[1])
            assert done.returncode == 0, done.stderr
            return [dict(one) for one in gitlab[0].issues]

        return tell
    file = tmp_path / "issues.json"
    program = tmp_path / "gh"
    program.write_text(GH.format(python=sys.executable, file=str(file)))
    program.chmod(0o755)

    def told(*sources: dict[str, Any]) -> list[dict[str, Any]]:
        done = report("issues", {"sources": list(sources)}, tmp_path)
        assert done.returncode == 0, done.stderr
        return list(json.loads(file.read_text()))

    return told


def test_a_source_that_stays_away_opens_one_issue_and_closes_it_when_well(forge: Forge) -> None:
    away = source("acme", "failing", detail="HTTP 500")
    assert [one["title"] for one in forge(away, source("brush"))] == ["Source needs an eye: acme"]
    assert len(forge(away, source("brush"))) == 1
    (issue,) = forge(source("acme"), source("brush"))
    assert issue["open"] is False
    assert "HTTP 500" in issue["body"]
    assert "ratewire check acme -v" in issue["body"]
    again = forge(away)
    assert [one["open"] for one in again] == [False, True]
    assert [one["open"] for one in forge(source("brush"))] == [False, False]


def test_all_that_are_open_are_known(
    forge: Forge,
) -> None:
    many = [source(f"s{number}", "held") for number in range(101)]
    assert len(forge(*many)) == 101
    assert len(forge(*many)) == 101


def test_a_forge_that_refuses_is_told_with_what_to_do(
    tmp_path: Path, gitlab: tuple[type[GitLab], dict[str, str]]
) -> None:
    (tmp_path / "gh").write_text("#!/bin/sh\necho the repository has disabled issues >&2; exit 1\n")
    (tmp_path / "gh").chmod(0o755)
    told = {"sources": [source("acme", "held")]}
    away = {**gitlab[1], "CI_API_V4_URL": "http://127.0.0.1:1"}
    for done, words in (
        (report("issues", told, tmp_path), "the repository has disabled issues"),
        (report("issues", told, **{**gitlab[1], "PUSH_TOKEN": ""}), "HTTP 401"),
        (report("issues", told, **away), "Connection refused"),
    ):
        assert done.returncode == 1
        assert words in done.stderr
        assert "docs/running.md" in done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("state", "ago", "opened"),
    [
        ("failing", timedelta(hours=1), 0),
        ("failing", timedelta(hours=7), 1),
        ("blocked", timedelta(hours=7), 1),
        ("never-seen", timedelta(hours=7), 1),
        ("held", timedelta(minutes=1), 1),
    ],
)
def test_a_passing_trouble_is_none(forge: Forge, state: str, ago: timedelta, opened: int) -> None:
    since = (datetime.now(UTC) - ago).isoformat()
    assert len(forge(source("acme", state, since))) == opened


@pytest.fixture(scope="module")
def inert() -> Callable[[str], str]:
    spec = importlib.util.spec_from_file_location("ci_report", ROOT / "scripts" / "report.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.inert  # type: ignore[no-any-return]


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_what_a_page_says_is_no_markdown(inert: Callable[[str], str], payload: str) -> None:
    """Nothing is left that CommonMark or a forge gives a meaning; and it reads as it was."""
    text = inert(payload)
    assert re.fullmatch(r"(?:[^\W_]|[\s.,:;%()+−–→-]|&#\d+;)*", text)
    shown = "".join(sign for sign in " ".join(payload.split()) if sign.isprintable())
    assert unescape(text).replace("\u200b", "") == shown[:300]


@pytest.mark.parametrize(
    "words", ["fixes #1", "@owner", "closes GH-1", "gh-1", "www.evil.example", "https://e.example"]
)
def test_no_page_can_mention_refer_or_link(inert: Callable[[str], str], words: str) -> None:
    shown = unescape(inert(words))  # where GitHub looks, after Markdown is done with
    assert words not in shown
    assert not re.search(r"@\w|#\d|(?i:gh-\d)|://|www\.e", shown)
    assert shown.replace("\u200b", "") == words


def test_sources_are_a_table() -> None:
    text = report("summary", {"sources": [source("acme", "failing", detail="a | b\nc")]}).stdout
    assert text.splitlines()[-1].startswith("| acme | failing | 2026")
    assert text.splitlines()[-1].endswith("| a &#124; b c |")


def test_doctors_findings_are_a_table_and_an_exit_code() -> None:
    finding = {"check": "keys", "standing": "wrong", "words": "K | is missing", "remedy": "set K"}
    done = report("doctor", {"ok": False, "findings": [finding]})
    assert done.returncode == 1
    assert "| keys | wrong | K &#124; is missing | set K |" in done.stdout
    assert report("doctor", {"ok": True, "findings": []}).returncode == 0


def test_wrong_use_is_told() -> None:
    assert report("frobnicate", {}).returncode == 2
