"""What CI says of the sources: tables that no page can break out of, one issue for each trouble."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

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


def report(verb: str, told: dict[str, Any], path: Path | None = None) -> Any:
    environment = {**os.environ, "PATH": f"{path}:{os.environ['PATH']}"}
    return subprocess.run(
        [sys.executable, "ci/report.py", verb],
        cwd=ROOT, env=environment, input=json.dumps(told), capture_output=True, text=True,
        check=False,
    )  # fmt: skip


Forge = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def forge(tmp_path: Path) -> Forge:
    """Reports these sources; returns all issues there ever were."""
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
    spec = importlib.util.spec_from_file_location("ci_report", ROOT / "ci" / "report.py")
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
    done = report("doctor", {"well": False, "findings": [finding]})
    assert done.returncode == 1
    assert "| keys | wrong | K &#124; is missing | set K |" in done.stdout
    assert report("doctor", {"well": True, "findings": []}).returncode == 0


def test_wrong_use_is_told() -> None:
    assert report("frobnicate", {}).returncode == 2
