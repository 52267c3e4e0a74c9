"""Built sites in front of the Nu Html Checker: every page, picture and style sheet."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import lumen
import pytest

from ratewire.apps.init import write_site
from ratewire.config.load import load_site
from ratewire.publish.build import build
from ratewire.record import DirectoryStore

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]


@pytest.fixture
def check(needs: Callable[..., str], npm_file: Callable[[str], Path]) -> Callable[[Path], None]:
    """Fails with what the checker says of a folder."""
    jar = os.environ.get("VNU_JAR") or npm_file("node_modules/vnu-jar/build/dist/vnu.jar")
    options = ["--errors-only", "--skip-non-html", "--also-check-svg", "--also-check-css"]

    def run(folder: Path) -> None:
        command = [needs("java"), "-jar", str(jar), *options, str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.stderr, done.returncode) == ("", 0)

    return run


def built_at(root: Path) -> Path:
    site = load_site(root)
    store = DirectoryStore(site.snapshots)
    return build(site, store, now=lumen.NOW, checked={}).out


def test_the_checker_finds_a_mistake(check: Callable[[Path], None], tmp_path: Path) -> None:
    for name, text in (("a.html", "<p><li>x</p>"), ("b.svg", "<svg><p/></svg>")):
        folder = tmp_path / name
        folder.mkdir()
        (folder / name).write_text(text)
        with pytest.raises(AssertionError, match="error"):
            check(folder)


def test_every_page_is_valid(built: Path, check: Callable[[Path], None]) -> None:
    check(built)


def test_the_site_that_ships_is_valid(check: Callable[[Path], None], tmp_path: Path) -> None:
    for name in ("content", "snapshots"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "ratewire.toml", tmp_path)
    check(built_at(tmp_path))


def test_a_new_site_is_valid(check: Callable[[Path], None], tmp_path: Path) -> None:
    write_site(tmp_path, title="New & <b>bold</b>", url="https://new.example", program=None)
    check(built_at(tmp_path))


def test_the_demo_is_valid(check: Callable[[Path], None], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "ratewire", "demo", "--out", str(tmp_path / "demo")]
    subprocess.run(command, check=True, capture_output=True)
    check(tmp_path / "demo" / "site")
