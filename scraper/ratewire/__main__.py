"""`python -m ratewire` is `ratewire`."""

from __future__ import annotations

import atexit
import gc

__all__ = ["main"]


def main() -> None:
    collect_rarely()
    from ratewire.cli import app

    app(prog_name="ratewire")


def collect_rarely() -> None:
    """Of this process and those it starts: what modules and whole sites are made of comes to stay.

    To look through it for garbage as often as Python does takes a tenth of a run, and once more at
    its end as long as to import a library.
    """
    gc.set_threshold(20_000, 20, 100)
    atexit.register(gc.freeze)


if __name__ == "__main__":
    main()
