"""What `ratewire init` writes, and which ratewire its workflows call."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from published_site import git, run

from ratewire.apps.init import Program, program
from ratewire.errors import ConfigError

COMMIT = "0123456789" * 4


@pytest.mark.parametrize(
    ("address", "repository"),
    [
        ("https://github.com/acme/ratewire", "acme/ratewire"),
        ("https://github.com/acme/ratewire.git", "acme/ratewire"),
        ("https://me:token@github.com/acme/ratewire.git/", "acme/ratewire"),
        ("git@github.com:acme/rate.wire.git", "acme/rate.wire"),
        ("ssh://git@github.com/acme/ratewire", "acme/ratewire"),
        ("https://git.example/acme/ratewire", ""),
        ("https://github.com.evil.example/acme/ratewire", ""),
        ("https://github.com/acme/ratewire/../x", ""),
        ("", ""),
    ],
)
def test_a_checkout_says_where_it_came_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str, repository: str
) -> None:
    monkeypatch.setattr(program, "_of_installation", lambda: None)
    git(tmp_path, "init", "-q", "-b", "main")
    (tmp_path / "start.py").touch()
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "Begin")
    if address:
        git(tmp_path, "remote", "add", "origin", address)
    found = Program.here(tmp_path)
    assert (found.repository if found else "") == repository
    if found:
        assert found.commit == git(tmp_path, "rev-parse", "HEAD").strip()


def test_pip_notes_where_it_came_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Installed:
        def read_text(self, name: str) -> str:
            assert name == "direct_url.json"
            vcs = f'{{"vcs": "git", "commit_id": "{COMMIT}"}}'
            return f'{{"url": "https://github.com/acme/ratewire", "vcs_info": {vcs}}}'

    monkeypatch.setattr(program, "distribution", lambda _: Installed())
    assert Program.here(tmp_path) == Program("acme/ratewire", COMMIT)


@pytest.mark.parametrize("text", ["acme/ratewire", "acme/ratewire@v1", f"ratewire@{COMMIT}", "@"])
def test_what_names_no_commit_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="OWNER/NAME@COMMIT"):
        Program.named(text)


def test_a_new_site_calls_the_workflows_of_its_ratewire(tmp_path: Path) -> None:
    done = run("init", tmp_path / "new", "--program", f"acme/ratewire@{COMMIT}")
    assert done.exit_code == 0
    calls = {}
    for file in (tmp_path / "new" / ".github" / "workflows").iterdir():
        whole: Any = yaml.safe_load(file.read_text("utf-8"))
        (job,) = whole["jobs"].values()
        calls[file.name] = job["uses"]
        assert len(file.read_text("utf-8").splitlines()) <= 24
    assert calls == {
        "watch.yml": f"acme/ratewire/.github/workflows/site.yml@{COMMIT}",
        "preview.yml": f"acme/ratewire/.github/workflows/preview.yml@{COMMIT}",
    }


def test_a_ratewire_of_no_known_repository_writes_no_workflows_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program, "_of_checkout", lambda _: None)
    monkeypatch.setattr(program, "_of_installation", lambda: None)
    done = run("init", tmp_path / "new")
    assert done.exit_code == 0
    assert "--program names one" in done.stderr
    assert not (tmp_path / "new" / ".github").exists()
    assert (tmp_path / "new" / "ratewire.toml").is_file()
