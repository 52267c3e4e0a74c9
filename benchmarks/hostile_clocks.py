"""Clocks that are wrong, at every moment at which the time matters: what is told, and is it lost?

Three vendors are watched. At some moment the machine's clock is wrong for a while; vendors' servers
name the true time, none, or a wrong one. One price changes for good, another for the time of one
look. In the end the reader has to have heard of the first once, and of nothing else; and no change
may be confirmed within half an hour.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path

from hostile_outcome import Outcome, Run, alone, told_against
from hostile_watch import Loopback, Watch, page

NAMES = ("lark", "wren", "kite")
BASE = {"alba-2": "12.00", "alba-1": "20.00", "corvus-3": "5.00", "corvus-2": "7.00"}
TRUE = ("alba-2", "12.00", "9.00")
HOUR, DAY, YEAR = timedelta(hours=1), timedelta(days=1), timedelta(days=365)

HONEST = dict.fromkeys(NAMES, timedelta())
NOBODY: Mapping[str, timedelta] = {}
ONE = {"lark": timedelta()}
LIAR = {**HONEST, "wren": 3 * YEAR}
CACHED = {**HONEST, "kite": -2 * DAY}
WITNESSES = {
    "honest": HONEST, "none": NOBODY, "one": ONE, "a liar among them": LIAR, "an old one": CACHED
}  # fmt: skip


@dataclass(frozen=True)
class Clock:
    """How far the machine's clock is ahead at each of the stages."""

    name: str
    first: timedelta = timedelta()
    """At the first reading."""
    calm: timedelta = timedelta()
    """In a quiet run."""
    sight: timedelta = timedelta()
    """When the change is seen first."""
    proof: tuple[timedelta, ...] = ()
    """When it is seen again."""
    later: tuple[timedelta, ...] = field(default=())
    """After that."""


def clocks() -> Iterator[Clock]:
    offs = {
        "5 hours ahead": 5 * HOUR, "5 hours behind": -5 * HOUR,
        "3 days ahead": 3 * DAY, "3 days behind": -3 * DAY,
        "a year behind": -YEAR, "ten years ahead": 10 * YEAR, "fifty years behind": -50 * YEAR,
    }  # fmt: skip
    for name, off in offs.items():
        yield Clock(f"{name} at the first run", first=off)
        yield Clock(f"{name} in a quiet run", calm=off)
        yield Clock(f"{name} at first sight", sight=off)
        yield Clock(f"{name} at confirmation", proof=(off,))
        yield Clock(f"{name} from first sight to delivery", sight=off, proof=(off,) * 3)
        yield Clock(f"{name} from the first run on", off, off, off, (off, off))
        yield Clock(f"{name} in every other run", proof=(off, 0 * off, off, 0 * off))
    yield Clock("jumping to and fro", 10 * YEAR, -YEAR, 5 * HOUR, (-3 * DAY, 10 * YEAR, -YEAR))
    yield Clock("ever further behind", sight=-HOUR * 2, proof=(-DAY, -10 * DAY, -100 * DAY))
    yield Clock("true")


def run(watch: Watch, *offs: timedelta, minutes: int = 60) -> None:
    for off in offs:
        watch.clock = off
        watch.run(minutes=minutes)


def live(watch: Watch, clock: Clock) -> None:
    """A life under this clock. It is right in the end."""
    for name in NAMES:
        watch.show(name, page(BASE))
    run(watch, clock.first, *[timedelta()] * (clock.first != clock.calm), clock.calm)
    watch.show("lark", page({**BASE, "alba-1": "2.00"}))
    run(watch, clock.sight)
    watch.show("lark", page({**BASE, "alba-2": "9.00"}))
    run(watch, clock.sight, *clock.proof)
    run(watch, *clock.later, *[timedelta()] * 5)
    run(watch, *[timedelta()] * 2, minutes=24 * 60)


def hasty(watch: Watch, off: timedelta) -> int:
    """Changes confirmed though the page was looked at for ten minutes only."""
    for name in NAMES:
        watch.show(name, page(BASE))
    run(watch, timedelta(), timedelta())
    watch.show("lark", page({**BASE, "alba-2": "9.00"}))
    run(watch, off, minutes=60)
    run(watch, timedelta(), off, timedelta(), minutes=3)
    return len(watch.job.store.changes("lark"))


def measure(run: Run) -> Outcome:
    """Wrong clocks."""
    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder, Loopback() as world:
        found = run.each(
            (name, partial(_lived, Path(folder) / f"{number}", world, name, act, named))
            for number, (name, act, named) in enumerate(cases(run.quick))
        )
    logging.disable(logging.NOTSET)
    return found


def _lived(
    root: Path, world: Loopback, name: str, act: Act, named: Mapping[str, timedelta]
) -> Outcome:
    world.heard.clear()
    watch = Watch(root, world, *NAMES)
    watch.named = dict(named)
    found = act(watch, name)
    shutil.rmtree(root)
    return found


Act = Callable[[Watch, str], Outcome]


def cases(quick: bool) -> Iterator[tuple[str, Act, Mapping[str, timedelta]]]:
    number = 0
    for witness, named in WITNESSES.items():
        for clock in clocks():
            number += 1
            if not quick or number % 9 == 0:
                yield f"{clock.name}, {witness}", _life(clock), named
        for off in (-YEAR, -5 * HOUR):
            number += 1
            if not quick or number % 9 == 0:
                yield f"hasty {off}, {witness}", _haste(off), named


def _life(clock: Clock) -> Act:
    def act(watch: Watch, name: str) -> Outcome:
        live(watch, clock)
        return told_against(name, Counter([TRUE]), Counter(watch.told()))

    return act


def _haste(off: timedelta) -> Act:
    def act(watch: Watch, name: str) -> Outcome:
        false = hasty(watch, off)
        said = (f"{name}: confirmed within half an hour",) * bool(false)
        return Outcome(false=false, said=said, cases=1)

    return act


if __name__ == "__main__":
    alone("clocks", measure, __doc__)
