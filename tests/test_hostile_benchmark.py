"""benchmarks/hostile.py: its parts are found, and their counts add up."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
KEYS = ["shapes", "slow", "hung", "builds_broken", "tracebacks", "false", "lost"]


def test_every_part_is_measured_and_added_up(tmp_path: Path) -> None:
    for name in ("hostile.py", "hostile_outcome.py"):
        shutil.copy(BENCHMARKS / name, tmp_path)
    part = "from hostile_outcome import Outcome\ndef measure(run): return Outcome("
    (tmp_path / "hostile_a.py").write_text(f"{part}shapes=3, slow=1, cases=3, said=('one',))\n")
    (tmp_path / "hostile_b.py").write_text(f"{part}slow=2 + run.quick, false=4, cases=9)\n")
    (tmp_path / "hostile_of_no_part.py").write_text("")
    ran = subprocess.run(
        [sys.executable, tmp_path / "hostile.py", "--quick"],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    *lines, last = ran.stdout.splitlines()
    found = json.loads(last.removeprefix("RESULT "))
    assert list(found) == KEYS
    assert found == dict.fromkeys(KEYS, 0) | {"shapes": 3, "slow": 4, "false": 4}
    assert lines[0] == "a: one"
    assert len(lines) == 3


@pytest.fixture
def shapes(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    import hostile_numbered

    return hostile_numbered


def test_shapes_are_many_and_as_long_as_they_are_asked_to_be(shapes: ModuleType) -> None:
    made = list(shapes.shapes())
    assert len(made) >= 600
    assert len({shape.name for shape in made}) == len(made)
    for shape in made:
        short, long = (len(shape.page(length)) for length in (2_000, 8_000))
        assert 3_000 < long - short < 80_000, shape.name
