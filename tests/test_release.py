"""A release: source and wheel are built, hold what they need, and the version is told once."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both distributions, the wheel made from the source one."""
    pytest.importorskip("build", reason="build is absent; start.py test installs it")
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def environment(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new virtual environment with the wheel; its dependencies are those of this one."""
    pytest.importorskip("pip")
    folder = tmp_path_factory.mktemp("venv")
    venv.create(folder, with_pip=False)
    (wheel,) = built.glob("*.whl")
    python = str(folder / "bin" / "python")
    install = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        python,
        "install",
        "--no-deps",
        "--no-index",
    ]
    subprocess.run(
        [*install, "--no-deps", "--no-index", str(wheel)], check=True, capture_output=True
    )
    (packages,) = folder.glob("lib/python*/site-packages")
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    return folder


@pytest.mark.slow
def test_both_distributions_are_built_and_hold_no_records(built: Path) -> None:
    names = sorted(path.name for path in built.iterdir())
    assert names == [f"ratewire-{VERSION}-py3-none-any.whl", f"ratewire-{VERSION}.tar.gz"]
    with tarfile.open(built / names[1]) as source:
        folders = {Path(name).parts[1] for name in source.getnames()}
    assert {"scraper", "templates", "demo", "LICENSE", "README.md"} <= folders
    assert not folders & {"snapshots", "content", "tests", "benchmarks", "site"}
    with zipfile.ZipFile(built / names[0]) as wheel:
        tops = {name.partition("/")[0] for name in wheel.namelist()}
    assert tops == {"ratewire", f"ratewire-{VERSION}.dist-info"}


@pytest.mark.slow
def test_the_wheel_brings_all_that_commands_need(environment: Path, tmp_path: Path) -> None:
    def ratewire(*arguments: str) -> str:
        command = [str(environment / "bin" / "ratewire"), *arguments]
        clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        done = subprocess.run(
            command, cwd=tmp_path, env=clean, check=True, capture_output=True, text=True
        )
        return done.stdout

    assert VERSION in ratewire("--version")
    ratewire("init", "new")
    ratewire("build", "--site", "new")
    assert (tmp_path / "new" / "site" / "index.html").is_file()
    ratewire("demo", "--out", "demo")
    assert "aurora-2" in (tmp_path / "demo" / "site" / "feeds" / "all.atom").read_text("utf-8")
    (package,) = environment.glob("lib/python*/site-packages/ratewire")
    assert (package / "apps" / "init" / "demo" / "ratewire.toml").is_file()


def test_the_changelog_has_this_version_below_what_is_unreleased() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    first, second, *_ = re.findall(r"^## \[(.+?)\](?: - (\d{4}-\d\d-\d\d))?$", text, re.M)
    assert first == ("Unreleased", "")
    assert second[0] == VERSION
    assert second[1]


def test_a_release_is_published_without_a_stored_secret() -> None:
    workflow = ROOT / ".github" / "workflows" / "publish.yml"
    whole = yaml.safe_load(workflow.read_text("utf-8"))
    assert whole[True] == {"push": {"tags": ["v*"]}}
    assert whole["permissions"] == {}
    publish = whole["jobs"]["publish"]
    assert publish["permissions"] == {"id-token": "write"}
    assert publish["environment"]["name"] == "pypi"
    assert publish["needs"] == "build"
    assert "secrets." not in workflow.read_text("utf-8")


@pytest.mark.parametrize(("tag", "code"), [(f"v{VERSION}", 0), ("v9.9.9", 1), (VERSION, 1)])
def test_a_tag_that_is_not_the_version_is_refused(tag: str, code: int) -> None:
    whole = yaml.safe_load((ROOT / ".github" / "workflows" / "publish.yml").read_text("utf-8"))
    (script,) = (
        step["run"] for step in whole["jobs"]["build"]["steps"] if "TAG" in step.get("env", {})
    )
    done = subprocess.run(
        ["bash", "-e", "-c", script],
        cwd=ROOT, env={**os.environ, "TAG": tag}, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
