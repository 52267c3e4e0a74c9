"""The image without an engine: what it is made of, and its commands, step by step, in a folder."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "Containerfile").read_text("utf-8")


def instructions() -> Iterator[tuple[str, str]]:
    """Word and rest of each, continued lines joined."""
    joined = re.sub(r"^#.*\n", "", TEXT, flags=re.MULTILINE).replace("\\\n", " ")
    for line in filter(None, map(str.strip, joined.splitlines())):
        word, _, rest = line.partition(" ")
        yield word, rest


def test_the_linter_has_nothing_to_report(needs: Callable[..., str]) -> None:
    command = [needs("hadolint"), str(ROOT / "Containerfile")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_image_is_made_of_what_is_there_and_let_in() -> None:
    let_in = {
        line.removeprefix("!")
        for line in (ROOT / ".containerignore").read_text("utf-8").splitlines()
        if line.startswith("!")
    }
    sources = {
        name
        for word, rest in instructions()
        if word == "COPY" and not rest.startswith("--from")
        for name in rest.split()[:-1]
    }
    assert sources == let_in
    assert all((ROOT / name).exists() for name in sources)
    assert TEXT.count("--require-hashes --no-deps") == 2


def test_it_does_not_run_as_root() -> None:
    users = [rest for word, rest in instructions() if word == "USER"]
    (made,) = re.findall(r"useradd --uid (\d+)", TEXT)
    assert users == [made]


@pytest.mark.slow
def test_its_commands_make_a_ratewire_that_runs(tmp_path: Path) -> None:
    """As an engine would, but for the system's packages and user: paths lie below a folder."""
    root = tmp_path / "root"
    where = root
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PYTHON")},
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "GIT_CONFIG_SYSTEM": str(tmp_path / "gitconfig"),
    }
    ran: list[str] = []
    entry: list[str] = []
    for word, rest in instructions():
        match word:
            case "WORKDIR":
                where = root / rest.lstrip("/")
                where.mkdir(parents=True, exist_ok=True)
            case "COPY" if rest.startswith("--from"):
                assert (root / rest.split()[1].lstrip("/")).is_dir()
            case "COPY":
                *names, to = rest.split()
                for name in names:
                    target = where / to / Path(name).name if to == "./" else where / to
                    if (ROOT / name).is_dir():
                        kept = shutil.ignore_patterns("__pycache__")
                        shutil.copytree(ROOT / name, target, ignore=kept)
                    else:
                        shutil.copy(ROOT / name, target)
            case "RUN":
                here = re.sub(r"(?<=[ =])/opt/", f"{root}/opt/", f" {rest}")
                for command in map(str.strip, here.split("&&")):
                    if command.split()[0] not in ("apt-get", "rm", "useradd"):
                        subprocess.run(shlex.split(command), cwd=where, env=environment, check=True)
                        ran.append(command)
            case "ENV":
                pairs = dict(pair.split("=", 1) for pair in rest.split())
                path = pairs["PATH"].replace("/opt/", f"{root}/opt/")
                environment |= {**pairs, "PATH": path.replace("$PATH", environment["PATH"])}
            case "ENTRYPOINT" | "CMD":
                entry += re.findall(r'"([^"]+)"', rest)
    assert len(ran) == 5
    assert "/site" in (tmp_path / "gitconfig").read_text()
    site = root / "site"
    shutil.copytree(ROOT / "demo" / "content", site / "content")
    shutil.copy(ROOT / "demo" / "ratewire.toml", site)
    shutil.rmtree(site / "content" / "articles")
    shutil.rmtree(site / "content" / "sources")
    (site / "content" / "sources").mkdir()
    assert entry == ["ratewire", "run"]
    subprocess.run(entry, cwd=site, env=environment, check=True, capture_output=True)
    assert (site / "site" / "index.html").is_file()
    told = subprocess.run(
        ["ratewire", "--version"], cwd=site, env=environment, check=True, capture_output=True
    )
    assert told.stdout.strip()
    found = shutil.which("ratewire", path=environment["PATH"])
    assert found is not None
    assert Path(found).is_relative_to(root)
