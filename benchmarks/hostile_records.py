"""Every sort of damage to every record, at moments when something is at stake: what is told then?

A site is brought to a moment (all calm, a change seen once, a reading held, a change retracted), a
record is damaged, and the watch goes on, with a true change to come. Nothing but what is true may
be told, each once, and the owner has to hear of the damage.
"""

from __future__ import annotations

import logging
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from hostile_outcome import Outcome, Run, alone, told_against
from hostile_watch import Loopback, Watch, page

from ratewire.decide import retract_change

NAMES = ("lark", "wren")
BASE = {"alba-2": "12.00", "alba-1": "20.00", "corvus-3": "5.00", "corvus-2": "7.00"}
FIRST = {**BASE, "alba-2": "9.00"}
SECOND = {**FIRST, "corvus-3": "6.00"}
HELD = {"alba-2": "9.00"}
RECORDS = ("facts.json", "figures.json", "pending.json", "health.json", "changes.jsonl")
Spoil = Callable[[Path, random.Random], None]


@dataclass(frozen=True)
class Moment:
    """What the site went through, what the page shows, and what is to be told yet."""

    name: str
    shows: dict[str, str]
    still: tuple[tuple[str, str, str], ...] = ()
    held: bool = False


MOMENTS = (
    Moment("calm", FIRST),
    Moment("waiting", SECOND, (("corvus-3", "5.00", "6.00"),)),
    Moment("held", HELD, held=True),
    Moment("retracted", FIRST),
    Moment("partly", {**SECOND, "corvus-2": "8.00"}, (("corvus-2", "7.00", "8.00"),)),
)


def reach(watch: Watch, moment: Moment) -> None:
    for name in NAMES:
        watch.show(name, page(BASE))
    watch.run(2)
    watch.show("lark", page(FIRST))
    watch.run(3)
    if moment.name == "retracted":
        (change,) = watch.job.store.changes("lark")
        retract_change(watch.job, change.id, "A mistake of ours.")
        watch.run()
    if moment.name == "partly":
        watch.show("lark", page(SECOND))
        watch.run()
    if moment.shows != FIRST:
        watch.show("lark", page(moment.shows))
        watch.run()


def go_on(watch: Watch, moment: Moment) -> list[tuple[str, str, str]]:
    """Source status goes on; what is true, and is to be told from here on."""
    watch.run(3)
    if moment.held:
        watch.show("lark", page(FIRST))
        watch.run(2)
    shows = FIRST if moment.held else moment.shows
    last = {**shows, "alba-1": "22.00"}
    watch.show("lark", page(last))
    watch.run(3)
    return [*moment.still, ("alba-1", "20.00", "22.00")]


# ── Damage ───────────────────────────────────────────────────────────────────────────────────


def _cut(share: float) -> Spoil:
    def spoil(path: Path, _: random.Random) -> None:
        data = path.read_bytes()
        path.write_bytes(data[: int(len(data) * share)])

    return spoil


def _flip(path: Path, chance: random.Random) -> None:
    data = bytearray(path.read_bytes())
    at = chance.randrange(len(data))
    data[at] ^= 1 << chance.randrange(8)
    path.write_bytes(bytes(data))


def _digit(path: Path, chance: random.Random) -> None:
    """A digit of some price is another."""
    data = bytearray(path.read_bytes())
    digits = [at for at, byte in enumerate(data) if 0x30 <= byte <= 0x39]
    at = chance.choice(digits)
    data[at] = 0x30 + (data[at] - 0x30 + 1) % 10
    path.write_bytes(bytes(data))


def _conflict(path: Path, chance: random.Random) -> None:
    """As git leaves lines that both sides changed."""
    lines = path.read_text().splitlines(keepends=True)
    at = chance.randrange(len(lines))
    ours, theirs = "".join(lines[at : at + 3]), "".join(lines[at : at + 3]).replace("1", "2")
    lines[at : at + 3] = [f"<<<<<<< HEAD\n{ours}=======\n{theirs}>>>>>>> other\n"]
    path.write_text("".join(lines))


def _whole_conflict(path: Path, _: random.Random) -> None:
    text = path.read_text()
    path.write_text(f"<<<<<<< HEAD\n{text}=======\n{text}>>>>>>> other\n")


def _remove(path: Path, _: random.Random) -> None:
    path.unlink()


def _empty(path: Path, _: random.Random) -> None:
    path.write_bytes(b"")


def _zeros(path: Path, _: random.Random) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def _folder(path: Path, _: random.Random) -> None:
    path.unlink()
    path.mkdir()


def _swap(path: Path, _: random.Random) -> None:
    """The file of another source."""
    other = path.parents[1] / "wren" / path.name
    if other.exists():
        path.write_bytes(other.read_bytes())
    else:
        path.unlink()


def _list(path: Path, _: random.Random) -> None:
    path.write_bytes(b"[]")


def _twice(path: Path, _: random.Random) -> None:
    path.write_bytes(path.read_bytes() * 2)


def _without_line(path: Path, chance: random.Random) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    del lines[chance.randrange(len(lines))]
    path.write_bytes(b"".join(lines))


DAMAGES: dict[str, Spoil] = {
    **{f"cut at {share:.2f}": _cut(share) for share in (0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99)},
    **{f"flipped bit {number}": _flip for number in range(12)},
    **{f"another digit {number}": _digit for number in range(6)},
    **{f"conflict {number}": _conflict for number in range(3)},
    **{f"line lost {number}": _without_line for number in range(3)},
    "whole conflict": _whole_conflict,
    "removed": _remove,
    "empty": _empty,
    "zeros": _zeros,
    "folder": _folder,
    "swapped": _swap,
    "list": _list,
    "twice": _twice,
}


def cases(quick: bool) -> Iterator[tuple[Moment, str, str, Spoil]]:
    chance = random.Random(18)
    for moment in MOMENTS:
        for record in (*RECORDS, "page"):
            for name, spoil in DAMAGES.items():
                if not quick or chance.random() < 0.07:
                    yield moment, record, name, spoil


def measure(run: Run) -> Outcome:
    """Damages of records."""
    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder, Loopback() as world:
        reached = {}
        for moment in MOMENTS:
            watch = Watch(Path(folder) / moment.name, world, *NAMES)
            reach(watch, moment)
            reached[moment.name] = watch

        def tried(moment: Moment, record: str, name: str, spoil: Spoil) -> Outcome:
            before = reached[moment.name]
            root = Path(folder) / "damaged"
            shutil.copytree(before.root, root)
            found = _case(root, world, moment, record, name, spoil, before.time)
            shutil.rmtree(root)
            return found

        found = run.each(
            (f"{case[0].name}: {case[1]} {case[2]}", partial(tried, *case))
            for case in cases(run.quick)
        )
    logging.disable(logging.NOTSET)
    return found


def _case(
    root: Path, world: Loopback, moment: Moment, record: str, name: str, spoil: Spoil, at: datetime
) -> Outcome:
    case = f"{moment.name}: {record} {name}"
    path = root / "snapshots" / "lark" / record
    if record == "page":
        pages = sorted((root / "snapshots" / "lark" / "pages").iterdir())
        path = random.Random(name).choice(pages)
    if not path.exists():
        return Outcome()
    try:
        spoil(path, random.Random(case))
    except UnicodeDecodeError:
        return Outcome()
    world.heard.clear()
    watch = Watch(root, world, *NAMES)
    watch.show("lark", page(moment.shows))
    watch.time = at
    true = Counter(go_on(watch, moment))
    return told_against(case, true, Counter(watch.told()))


if __name__ == "__main__":
    alone("records", measure, __doc__)
