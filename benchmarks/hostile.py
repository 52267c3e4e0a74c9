"""Everything hostile at once: pages, names, damaged records, wrong clocks, faults of servers.

    python benchmarks/hostile.py [--quick | --all] [--only SUBSTRING] [--jobs N] [--checkpoint FILE]

Every module beside this one that is called `hostile_*.py` and has `measure(run) -> Outcome` is a
part (hostile_outcome.py says what it counts); `--only` names parts. Of the shapes of pages one in
five is read, or with `--all` every one. All counts but `shapes` and `cases` are to be 0. Progress
goes to standard error.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from hostile_outcome import Measure, Outcome, Run, command_line

HERE = Path(__file__).parent


def parts(only: str = "") -> Iterator[tuple[str, Measure]]:
    """The name of each part, and what measures it."""
    for file in sorted(HERE.glob("hostile_*.py")):
        name = file.stem.removeprefix("hostile_")
        if only in name and hasattr(module := import_module(file.stem), "measure"):
            yield name, module.measure


def main() -> None:
    parser = command_line(__doc__)
    parser.add_argument("--only", default="", help="only parts whose name holds this")
    options = parser.parse_args()
    whole = Outcome()
    for name, measure in parts(options.only):
        logging.disable()
        begun = time.monotonic()
        found = measure(Run(name, options.quick, options.all, options.jobs, options.checkpoint))
        whole += found
        for line in found.said:
            print(f"{name}: {line}")
        wrong = {key: n for key, n in found.counts.items() if n and key != "shapes"}
        print(f"{name}: {found.cases} cases in {time.monotonic() - begun:.0f} s, {wrong or 'well'}")
        sys.stdout.flush()
    print(f"RESULT {json.dumps(whole.counts)}")


if __name__ == "__main__":
    main()
