#!/usr/bin/env python3
"""Mutation testing: change the code in small ways and see which changes no test notices.

    python3 scripts/mutate.py                    every room below; takes hours
    python3 scripts/mutate.py model record       these rooms
    python3 scripts/mutate.py compare --only kept --only guard    these modules of a room
    python3 scripts/mutate.py model --show       with the diff of each survivor

Needs requirements-mutation.txt installed beside requirements-dev.txt. Works on a copy in
`.mutation/`. Ends with 1 where more than `--most` percent of a room's mutants survive.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COPY = ROOT / ".mutation"


@dataclass(frozen=True)
class Room:
    """A package of `ratewire`, and the tests that have to notice its mutants."""

    folder: str
    tests: tuple[str, ...]


ROOMS = {
    "model": Room(
        "model",
        (
            "tests/test_model.py",
            "tests/test_model_facts.py",
            "tests/test_model_terms.py",
            "tests/test_stated_dates.py",
            "tests/record/test_codec.py",
            "tests/compare/test_classify.py",
            "tests/compare/test_entries.py",
        ),
    ),
    "compare": Room("compare", ("tests/compare",)),
    "record": Room("record", ("tests/record", "tests/test_pipeline.py")),
    "figures": Room("read/figures", ("tests/read", "tests/compare/test_edited_pages.py")),
}
NOT_MUTATED = [r"raise \w+\(", r"\blog\.\w+\("]
"""Lines that are not mutated: the wording of errors and of the log."""
SURVIVED, NOTICED = {"survived", "no tests"}, {"killed", "timeout", "suspicious"}


def prepare(room: Room, only: Sequence[str]) -> None:
    """Copy what git knows of; mutmut expects the package in `src/`."""
    if COPY.exists():
        shutil.rmtree(COPY)
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    for name in filter(None, listed.stdout.decode().split("\0")):
        source, target = ROOT / name, COPY / name
        if name.startswith("scraper/"):
            target = COPY / "src" / name.removeprefix("scraper/")
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    project = (COPY / "pyproject.toml").read_text("utf-8")
    project = project.replace('pythonpath = ["scraper"]', 'pythonpath = ["src"]')
    folder = f"src/ratewire/{room.folder}"
    settings = {
        "source_paths": ["src"],
        "only_mutate": [f"{folder}/{name}.py" for name in only or ["*"]],
        "also_copy": ["templates", "demo", "benchmarks"],
        "do_not_mutate_patterns": NOT_MUTATED,
        "pytest_add_cli_args": ["-p", "no:xdist", "-p", "no:cacheprovider", "-m", "not slow"],
        "pytest_add_cli_args_test_selection": list(room.tests),
    }
    lines = [f"{name} = {json.dumps(value)}" for name, value in settings.items()]
    text = "\n".join([project, "[tool.mutmut]", *lines, ""])
    (COPY / "pyproject.toml").write_text(text, "utf-8")


def mutmut(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "mutmut", *arguments],
        cwd=COPY, check=False, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "HYPOTHESIS_PROFILE": "mutation"},
    )  # fmt: skip
    if done.returncode:
        sys.exit(done.stdout[-5000:] + f"mutmut {arguments[0]} ended with {done.returncode}")
    return done.stdout


def run(children: int) -> Mapping[str, str]:
    """What became of each mutant, by its name."""
    mutmut("run", "--max-children", str(children))
    lines = mutmut("results", "--all", "true").splitlines()
    return dict(line.strip().rsplit(": ", 1) for line in lines if ": " in line)


def report(name: str, outcomes: Mapping[str, str], *, show: bool) -> float:
    """Print a table of modules; returns the percentage that survived."""
    modules: dict[str, Counter[str]] = defaultdict(Counter)
    for mutant, outcome in outcomes.items():
        kind = next((k for k, of in _KINDS.items() if outcome in of), "")
        modules[mutant.rpartition(".")[0]][kind] += 1
    print(f"\n| {name} | mutants | survived | % |\n| --- | ---: | ---: | ---: |")
    for module, counts in sorted(modules.items()):
        print(_row(module, counts))
    total = sum(modules.values(), Counter())
    print(_row("all", total), flush=True)
    for mutant, outcome in sorted(outcomes.items()):
        if outcome in SURVIVED:
            print(mutmut("show", mutant) if show else f"{mutant}: {outcome}")
    tried = total["survived"] + total["noticed"]
    return 100 * total["survived"] / tried if tried else 100.0


_KINDS = {"survived": SURVIVED, "noticed": NOTICED}


def _row(name: str, counts: Counter[str]) -> str:
    survived, tried = counts["survived"], counts["survived"] + counts["noticed"]
    return f"| {name} | {tried} | {survived} | {100 * survived / max(1, tried):.1f} |"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("rooms", nargs="*", help=", ".join(ROOMS))
    parser.add_argument("--only", action="append", default=[], help="a module of the room")
    parser.add_argument("--most", type=float, default=10.0, help="percent that may survive")
    parser.add_argument("--children", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--show", action="store_true", help="print the diff of each survivor")
    given = parser.parse_args()
    if unknown := [name for name in given.rooms if name not in ROOMS]:
        parser.error(f"no such room: {', '.join(unknown)}; there are {', '.join(ROOMS)}")
    worst = 0.0
    for name in given.rooms or ROOMS:
        prepare(ROOMS[name], given.only)
        worst = max(worst, report(name, run(given.children), show=given.show))
    return 1 if worst > given.most else 0


if __name__ == "__main__":
    sys.exit(main())
