"""What a pull request would do: what it hands over is other people's, and asks for nothing here."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def git(folder: Path, *arguments: str) -> str:
    owner = ("-c", "user.name=Owner", "-c", "user.email=owner@example.org")
    command = ["git", "-C", str(folder), *owner, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A repository, and a `ratewire` that notes what it is called with."""
    tool = tmp_path / "tools" / "ratewire"
    tool.parent.mkdir()
    tool.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/called\nmkdir -p site\n')
    tool.chmod(0o755)
    folder = tmp_path / "site"
    git(tmp_path, "init", "-q", "-b", "main", str(folder))
    (folder / ".gitignore").write_text("/site/\n")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "Begin")
    (folder / "content" / "sources").mkdir(parents=True)
    return folder


def preview(site: Path, base: str = "HEAD^1") -> subprocess.CompletedProcess[str]:
    path = f"{site.parent}/tools:{os.environ['PATH']}"
    return subprocess.run(
        [sys.executable, str(ROOT / "ci" / "preview.py"), base],
        cwd=site, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ('url = "https://acme.example/pricing"', True),
        ('url = "/etc/passwd"', False),
        ('url = "file:///etc/passwd"', False),
        ('url = "--site=/"', False),
        ("url = 5", False),
        ("url = [1", False),
        ("", False),
    ],
)
def test_an_address_and_nothing_else_is_read(site: Path, text: str, read: bool) -> None:
    (site / "content" / "sources" / "acme.toml").write_text(f"{text}\n")
    git(site, "add", ".")
    git(site, "commit", "-qm", "A source")
    done = preview(site)
    assert (done.returncode, done.stderr) == (0, "")
    assert "### What acme reads now" in done.stdout
    called = (site.parent / "called").read_text().splitlines()
    assert any(line.startswith("read ") for line in called) is read


def test_a_commit_that_is_not_there_is_one_line(site: Path) -> None:
    done = preview(site, "0123456789")
    assert done.returncode == 1
    assert "unknown revision" in done.stderr
    assert "Traceback" not in done.stderr
