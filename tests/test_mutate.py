"""The script for mutation testing: what it copies, what it asks mutmut for, what it reports."""

from __future__ import annotations

import importlib.util
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture
def mutate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("mutate", ROOT / "scripts" / "mutate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "mutate", module)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "COPY", tmp_path / "copy")
    return module


def test_rooms_and_their_tests_exist(mutate: ModuleType) -> None:
    for room in mutate.ROOMS.values():
        assert list((ROOT / "scraper" / "ratewire" / room.folder).glob("*.py"))
        assert all((ROOT / path).exists() for path in room.tests)


def test_the_copy_has_the_package_in_src(mutate: ModuleType) -> None:
    mutate.prepare(mutate.ROOMS["record"], ["folder"])
    settings = tomllib.loads((mutate.COPY / "pyproject.toml").read_text("utf-8"))["tool"]
    assert settings["mutmut"]["only_mutate"] == ["src/ratewire/record/folder.py"]
    assert settings["mutmut"]["pytest_add_cli_args_test_selection"][:1] == ["tests/record"]
    assert settings["pytest"]["ini_options"]["pythonpath"] == ["src"]
    assert (mutate.COPY / "src" / "ratewire" / "record" / "folder.py").is_file()
    assert all((mutate.COPY / name).exists() for name in settings["mutmut"]["also_copy"])


def test_survivors_are_counted_by_module(
    mutate: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    outcomes = {
        "ratewire.record.folder.x_a__mutmut_1": "killed",
        "ratewire.record.folder.x_a__mutmut_2": "survived",
        "ratewire.record.folder.x_a__mutmut_3": "timeout",
        "ratewire.record.files.x_b__mutmut_1": "no tests",
        "ratewire.record.files.x_b__mutmut_2": "skipped",
    }
    assert mutate.report("record", outcomes, show=False) == 50.0
    told = capsys.readouterr().out
    assert "| ratewire.record.folder | 3 | 1 | 33.3 |" in told
    assert "| ratewire.record.files | 1 | 1 | 100.0 |" in told
    assert "ratewire.record.folder.x_a__mutmut_2: survived" in told
    assert mutate.report("record", {}, show=False) == 100.0
