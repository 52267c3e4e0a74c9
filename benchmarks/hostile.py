"""Everything hostile at once: pages, names, damaged records, wrong clocks, faults of servers.

    python benchmarks/hostile.py [--quick] [--only SUBSTRING]

Every module beside this one that is called `hostile_*.py` and has `measure(quick) -> Outcome` is a
part (hostile_outcome.py says what it counts); `--only` names parts. All counts but `shapes` and
`cases` are to be 0.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

from hostile_outcome import Outcome

HERE = Path(__file__).parent


def parts(only: str = "") -> Iterator[tuple[str, Callable[[bool], Outcome]]]:
    """The name of each part, and what measures it."""
    for file in sorted(HERE.glob("hostile_*.py")):
        name = file.stem.removeprefix("hostile_")
        if only in name and hasattr(module := import_module(file.stem), "measure"):
            yield name, module.measure


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="a sample, in under a minute")
    parser.add_argument("--only", default="", help="only parts whose name holds this")
    options = parser.parse_args()
    whole = Outcome()
    for name, measure in parts(options.only):
        begun = time.monotonic()
        found = measure(options.quick)
        whole += found
        for line in found.said:
            print(f"{name}: {line}")
        wrong = {key: n for key, n in found.counts.items() if n and key != "shapes"}
        print(f"{name}: {found.cases} cases in {time.monotonic() - begun:.0f} s, {wrong or 'well'}")
        sys.stdout.flush()
    print(f"RESULT {json.dumps(whole.counts)}")


if __name__ == "__main__":
    main()
