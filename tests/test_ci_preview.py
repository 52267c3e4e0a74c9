"""What a pull request would do: what it hands over is other people's, and asks for nothing here."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


TOOL = """#!/bin/sh
echo "$@" >> {folder}/called
[ "$1" = build ] || exit 0
mkdir -p "$3/site"
cat "$3"/templates/* >> {folder}/templates 2>&1
ls -A "$3" >> {folder}/files
"""


def git(folder: Path, *arguments: str) -> str:
    owner = ("-c", "user.name=Owner", "-c", "user.email=owner@example.org")
    command = ["git", "-C", str(folder), *owner, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A repository, and a `ratewire` that notes what it is called with."""
    tool = tmp_path / "tools" / "ratewire"
    tool.parent.mkdir()
    tool.write_text(TOOL.format(folder=tmp_path))
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
        [sys.executable, str(ROOT / "scripts" / "preview.py"), base],
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


def test_no_template_and_no_cache_of_a_pull_request_is_used(site: Path) -> None:
    for text in ("the owner's", "somebody's"):
        for name in ("templates/base.html", ".ratewire/templates/__jinja2_en_1.cache"):
            (site / name).parent.mkdir(parents=True, exist_ok=True)
            (site / name).write_text(f"{text}\n")
        git(site, "add", "-f", ".")
        git(site, "commit", "-qm", "Templates")
    done = preview(site)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Templates or caches differ" in done.stdout
    assert (site.parent / "templates").read_text() == "the owner's\n" * 2
    assert ".ratewire" not in (site.parent / "files").read_text()


@pytest.mark.parametrize("link", [True, False])
def test_templates_that_a_pull_request_adds_are_not_there(site: Path, link: bool) -> None:
    (site / "content" / "page.md").write_text("Words\n")
    theirs = site / ("elsewhere" if link else "templates")
    theirs.mkdir()
    (theirs / "base.html").write_text("somebody's\n")
    if link:
        (site / "templates").symlink_to("elsewhere")
    git(site, "add", ".")
    git(site, "commit", "-qm", "Templates")
    assert preview(site).returncode == 0
    assert "somebody's" not in (site.parent / "templates").read_text()
    assert (theirs / "base.html").exists()


def test_a_commit_that_is_not_there_is_one_line(site: Path) -> None:
    done = preview(site, "0123456789")
    assert done.returncode == 1
    assert "unknown revision" in done.stderr
    assert "Traceback" not in done.stderr
