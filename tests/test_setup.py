"""Set-up from a bare Python: the locks fit the project, and only the known pip is taken."""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import os
import re
import subprocess
import threading
import tomllib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
WHEEL = b"the bytes of a wheel"


def locked(name: str) -> dict[str, set[str]]:
    """Versions by package; the lock of one Python may differ from another's."""
    versions: dict[str, set[str]] = {}
    for line in (ROOT / name).read_text("utf-8").splitlines():
        if pinned := re.match(r"([a-z0-9._-]+)(?:\[[a-z0-9,._-]+\])?==(\S+)", line):
            versions.setdefault(canonicalize_name(pinned[1]), set()).add(pinned[2])
    return versions


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        ("requirements-build.txt", PROJECT["dependency-groups"]["build"]),
        ("requirements-build.txt", PROJECT["build-system"]["requires"]),
        ("requirements.txt", PROJECT["project"]["dependencies"]),
        ("requirements-dev.txt", PROJECT["project"]["dependencies"]),
        ("requirements-dev.txt", PROJECT["dependency-groups"]["dev"]),
        ("requirements-mutation.txt", PROJECT["dependency-groups"]["mutation"]),
    ],
)
def test_the_lock_holds_what_the_project_asks_for(lock: str, wanted: list[str]) -> None:
    versions = locked(lock)
    for requirement in map(Requirement, wanted):
        found = versions.get(canonicalize_name(requirement.name))
        assert found, f"{requirement.name} is not in {lock}; run scripts/lock"
        assert all(version in requirement.specifier for version in found), "run scripts/lock"


def test_the_locks_agree() -> None:
    dev = locked("requirements-dev.txt")
    for lock in ("requirements.txt", "requirements-build.txt", "requirements-mutation.txt"):
        for name, versions in locked(lock).items():
            assert dev.get(name, versions) == versions


@pytest.mark.parametrize(
    "lock",
    [
        "requirements.txt",
        "requirements-dev.txt",
        "requirements-build.txt",
        "requirements-mutation.txt",
    ],
)
def test_a_lock_is_hashed_and_names_no_place(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    assert not re.search(r"://|^-|\bfile:|@ ", text, re.MULTILINE)
    entries = re.split(r"\n(?=\S)", text.strip())
    assert len(entries) > 5
    assert all(re.search(r"--hash=sha256:[0-9a-f]{64}", entry) for entry in entries)


def test_what_the_locks_install_asks_for_nothing_more() -> None:
    """They are installed as they stand, so a lock that lacks one package fails here."""
    if not (ROOT / ".venv" / ".ratewire-locks").is_file():
        pytest.skip("the environment that start.py sets up is needed")
    python = ROOT / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    checked = subprocess.run(
        [python, "-m", "pip", "check"], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("start", ROOT / "start.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in ("PIP_INDEX_URL", "PIP_CERT", "PIP_PROXY", "PIP_CONFIG_FILE", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setattr(
        module, "PIP", ("pip-1.0-py3-none-any.whl", hashlib.sha256(WHEEL).hexdigest())
    )
    return module


class Index(BaseHTTPRequestHandler):
    """A package index that asks for a user and has one wheel of pip."""

    wheel = WHEEL

    def do_GET(self) -> None:
        user = "Basic " + base64.b64encode(b"me:p@ss").decode()
        if self.headers.get("Authorization") != user:
            self.send_error(401)
            return
        pages = {
            "/simple/pip/": b'<a href="../../files/pip-1.0-py3-none-any.whl#sha256=00">pip</a>',
            "/files/pip-1.0-py3-none-any.whl": self.wheel,
        }
        if self.path not in pages:
            self.send_error(404)
            return
        self.send_response(200)
        self.end_headers()
        self.wfile.write(pages[self.path])

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def index() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Index) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}/simple"
        server.shutdown()


def test_pip_comes_from_the_index_that_pip_would_use(
    start: ModuleType, index: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", f"http://me:p%40ss@{index}/")
    assert start.fetch_pip(tmp_path).read_bytes() == WHEEL


def test_a_pip_that_is_another_is_refused(
    start: ModuleType, index: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", f"http://me:p%40ss@{index}")
    monkeypatch.setattr(Index, "wheel", b"other bytes")
    with pytest.raises(RuntimeError, match="is not the file"):
        start.fetch_pip(tmp_path)
    assert not list(tmp_path.iterdir())


def test_no_release_that_is_newer_than_the_lock_is_weighed(
    start: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """pip 23 and older, left to resolve, takes the newest of what is asked for with extras."""
    commands: list[list[str]] = []
    monkeypatch.setattr(start, "STAMP", tmp_path / "stamp")
    monkeypatch.setattr(start, "has_pip", lambda: True)
    monkeypatch.setattr(start, "run", lambda command: commands.append([*map(str, command)]))
    start.set_up("requirements-dev.txt")
    assert [c[-1] for c in commands] == ["requirements-build.txt", "requirements-dev.txt", "."]
    assert all("--no-deps" in command for command in commands)


def test_an_index_that_is_away_is_told(
    start: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:1/simple")
    with pytest.raises(RuntimeError, match="cannot be reached"):
        start.fetch_pip(tmp_path)


def test_settings_come_from_the_environment_and_then_from_the_nearest_file(
    start: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "pip").mkdir()
    file = tmp_path / "pip" / "pip.conf"
    file.write_text("[global]\nindex-url = https://global.example\n")
    assert start.setting("index-url") == "https://global.example"
    file.write_text("[global]\nindex-url = a\n[install]\nindex-url = https://%68.example\n")
    assert start.setting("index-url") == "https://%68.example"
    monkeypatch.setenv("PIP_INDEX_URL", "https://environment.example")
    assert start.setting("index-url") == "https://environment.example"


def test_the_user_of_an_index_is_told_to_its_own_host_only(start: ModuleType) -> None:
    index = "https://me:secret@index.example/simple/pip/"
    assert start.with_user_of(index, "https://index.example/f.whl").startswith("https://me:secret@")
    assert start.with_user_of(index, "https://files.example/f.whl") == "https://files.example/f.whl"
    assert start.with_user_of(index, "http://index.example/f.whl") == "http://index.example/f.whl"


def test_an_older_python_is_told_which_one_is_needed(
    start: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(start.sys, "version_info", (3, 10, 4))
    assert start.main(["run"]) == 3
    assert "Python 3.11 or later is needed" in capsys.readouterr().err


def test_names_of_test_modules_are_their_own() -> None:
    """Two of one name would hide each other: pytest imports them all by their bare names."""
    names = [path.name for path in (ROOT / "tests").rglob("*.py") if path.name != "conftest.py"]
    assert sorted(names) == sorted(set(names))


def test_workflows_pin_each_action_by_digest_and_ask_for_little() -> None:
    for workflow in (ROOT / ".github" / "workflows").glob("*.yml"):
        text = workflow.read_text("utf-8")
        for action in re.findall(r"uses:\s*(\S+)", text):
            ours = action.startswith("$/")  # at the commit that runs
            assert ours or re.search(r"@[0-9a-f]{40}$", action), f"{workflow.name}: {action}"
        assert re.search(r"^permissions:", text, re.MULTILINE), f"{workflow.name} asks for all"
