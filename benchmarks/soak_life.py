"""The simulation itself: hour after hour, with all that goes wrong beside the pages."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from soak_pages import Told
from soak_site import DIGEST, MAIL, Clone, founded, nobody
from soak_truth import Ledger, heard
from soak_vendors import DAY, HOUR, vendors
from soak_world import Place, World, git

from ratewire.model import Change

__all__ = ["Aged", "Soak"]

BERLIN = ZoneInfo("Europe/Berlin")


@dataclass
class Soak:
    """One simulation."""

    folder: Path
    seed: int
    start: datetime
    days: int
    sources: int
    pace: timedelta = 8 * DAY
    settling: timedelta = 3 * DAY
    """After the last event, without trouble."""
    building: timedelta = timedelta(0)
    """Between two builds, at the least; nothing is built where nothing was recorded."""
    troubles: float = 1.0
    """How much goes wrong, beside the pages."""

    def __post_init__(self) -> None:
        self.luck = random.Random(f"soak {self.seed}")
        self.end = self.start + self.days * DAY
        self.cast = vendors(self.sources, self.seed, self.start, self.end, pace=self.pace)
        self.world = World(self.cast, self.start)
        self.remote, self.one = founded(self.folder, self.world, self.cast)
        self.two = Clone(self.remote.clone(self.folder / "two"), self.world)
        self.owner = self.remote.clone(self.folder / "owner")
        self.ledger = Ledger()
        self.times: dict[int, list[float]] = defaultdict(list)
        self.asleep_until = self.start
        self.built = self.start - DAY
        self.edited = self.unbuilt = False
        self.behind = False

    @property
    def counts(self) -> Counter[str]:
        return self.ledger.counts

    def run(self, each_month: Callable[[int], None] = nobody) -> None:
        """From the first hour to the last; `each_month` is called after thirty days each."""
        hour, month = self.start, 0
        while hour < self.end + self.settling:
            self.world.time = hour.replace(minute=17, second=self.luck.randint(0, 59))
            self.hour()
            hour += HOUR
            if (hour - self.start) // (30 * DAY) > month:
                month += 1
                each_month(month)
        self.world.time += HOUR
        self.world.post.away = False
        self.remote.refuse(0)
        self.one.push()
        self.one.tell(building=True)
        self.world.time += 2 * DAY  # what had to wait, and the last digest
        self.one.tell(building=True)

    def hour(self) -> None:
        world = self.world
        for place in world.places.values():
            place.true = place.served = 0
            for event in place.move(world.time):
                self.ledger.happened(place.vendor.id, event)
        if world.time < self.asleep_until:
            return
        trouble = self.trouble()
        local = world.time.astimezone(BERLIN)
        if local.hour == 9:
            self.ledger.look(self.one, world)
        start = time.perf_counter()
        self.counts["runs"] += 1
        match trouble:
            case "crash":
                self.crashed()
            case "overlap":
                self.overlapping()
            case _:
                self.whole(trouble)
        if not trouble:
            self.times[self.month()].append(time.perf_counter() - start)
        for place in world.places.values():
            place.turn += place.served > 0
        self.ledger.seen(self.one, world, disturbed=bool(trouble) or self.behind)

    def month(self) -> int:
        return (self.world.time - self.start) // (30 * DAY)

    def trouble(self) -> str:
        """What goes wrong in this hour, if anything; likelier where something is to be lost."""
        if self.world.time > self.end:
            return ""
        busy = any(one.sights for one in self.ledger.open) or any(
            one.event.at > self.world.time - HOUR for one in self.ledger.open
        )
        if self.luck.random() > (0.12 if busy else 0.02) * self.troubles:
            return ""
        kinds = ("crash", "crash", "overlap", "reject", "owner", "lost_cache", "away", "sleep")
        return self.luck.choice(kinds)

    def whole(self, trouble: str) -> None:
        """One run from its beginning to its end."""
        if trouble == "lost_cache":
            self.counts["lost_caches"] += 1
            self.one.forget()
        if trouble == "away":
            self.counts["receivers_away"] += 1
        self.world.post.away = trouble == "away"
        fresh = self.one.check()
        if trouble == "reject":
            self.counts["rejected"] += 1
            self.remote.refuse(self.luck.choice((1, 2, 5, 6, 20)))
        if trouble == "owner":
            self.counts["owner_pushes"] += 1
            self.owner_pushes()
        if trouble == "sleep":
            self.counts["sleeps"] += 1
            most = 40 if self.pace >= DAY else 6
            self.asleep_until = self.world.time + HOUR * self.luck.randint(2, most)
        if self.one.push():
            if self.edited:
                self.one.load()
                self.edited = False
            self.unbuilt |= fresh or self.behind
            building = self.unbuilt and self.world.time - self.built >= self.building
            self.one.tell(building=building)
            if building:
                self.built, self.unbuilt = self.world.time, False
            self.behind = self.world.post.unsure = False
        else:
            self.counts["refused_for_good"] += 1
            self.behind = True

    def crashed(self) -> None:
        """A run in a process of its own, that is killed at a call or between two stages."""
        if self.luck.random() < 0.4:
            self.counts["owner_pushes"] += 1
            self.owner_pushes()
        last, stage = self.luck.randint(1, 120), self.luck.randint(0, 3)
        if self.luck.random() < 0.4:
            last = 0
        building = not self.building or self.luck.random() < 0.3
        child = os.fork()
        if not child:
            with suppress(BaseException):
                _die(last)
                for number, act in enumerate(
                    (self.one.check, self.one.push, lambda: self.one.tell(building=building))
                ):
                    if not last and number == stage:
                        os.kill(os.getpid(), signal.SIGKILL)
                    act()
            os._exit(0)
        status = os.waitpid(child, 0)[1]
        self.counts["crashes"] += os.WIFSIGNALED(status)
        self.behind = self.world.post.unsure = True
        time.sleep(0.05)  # a git that the killed run had started comes to its end
        self.steady()

    def steady(self) -> None:
        """No page is served in turn any more: what one run saw of it is lost."""
        for place in self.world.places.values():
            if place.fault(self.world.time) == "flip":
                place.settle()

    def overlapping(self) -> None:
        """Two runs at once, from two clones."""
        self.counts["overlaps"] += 1
        self.two.renew()
        runs = [self.one, self.two]
        self.luck.shuffle(runs)
        for clone in runs:
            clone.check()
            self.world.time += timedelta(seconds=20)
        pushed = [clone.push() for clone in runs]
        if not all(pushed):  # the second checkout is thrown away, with all that it alone has seen
            self.steady()
        for clone, well in zip(runs, pushed, strict=True):
            if well and clone.push():  # as a job that checks out the branch as it is now
                clone.tell(building=clone is self.one and not self.building)
        self.one.push()

    def owner_pushes(self) -> None:
        """Somebody looks after the sources while a run is under way."""
        self.edited = True
        git(self.owner, "pull", "-q", "--no-rebase", "--no-edit")
        notes = self.owner / "README"
        notes.write_text(notes.read_text("utf-8") + f"{self.world.time:%F}\n", "utf-8")
        for place in self.world.places.values():
            file = self.owner / "content" / "sources" / f"{place.vendor.id}.toml"
            text = file.read_text("utf-8")
            old = text.partition('url = "')[2].partition('"')[0]
            new = f"https://{place.vendor.id}.example{place.state.path}"
            if old != new and not place.fault(self.world.time):
                file.write_text(text.replace(f'"{old}"', f'"{new}"'), "utf-8")
        git(self.owner, "commit", "-qam", "Look after the sources")
        self.remote.refuse(0)  # whatever turned the runs away is over
        git(self.owner, "push", "-q")

    def frozen(self, name: str) -> Aged:
        """What there is now, put aside to be run again later."""
        folder = self.folder / name
        shutil.copytree(self.remote.folder, folder / "remote.git", symlinks=True)
        shutil.copytree(self.one.root, folder / "one", symlinks=True)
        git(folder / "one", "remote", "set-url", "origin", str(folder / "remote.git"))
        places = {
            id: replace(place, events=[], now=None, bodies={})
            for id, place in self.world.places.items()
        }
        return Aged(Clone(folder / "one", self.world), self.world, places, self.world.time)

    # ── Verdict ──────────────────────────────────────────────────────────────────────────────

    def verdict(self) -> dict[str, int]:
        """What every recipient was told against what was true."""
        log: dict[str, Change] = {c.id: c for c in self.one.job.store.changes()}
        found = Counter(dict.fromkeys(("missed", "false", "duplicated", "not_in_log"), 0))
        found["repeated"] = self.world.post.repeated
        for to in (*MAIL, DIGEST, "hook"):
            told: Counter[tuple[str, Told]] = Counter()
            for id, messages in self.world.post.told[to].items():
                found["duplicated"] += len(messages) - 1
                if id not in log:
                    found["not_in_log"] += 1
                    continue
                told.update((log[id].source, heard(a)) for a in log[id].alterations)
            missed, false = self.ledger.expected - told, told - self.ledger.expected
            if to == MAIL[0] or missed or false:
                self.ledger.notes += [f"{to}: missed {one}" for one in missed]
                self.ledger.notes += [f"{to}: false {one}" for one in false]
            found["missed"] = max(found["missed"], missed.total())
            found["false"] = max(found["false"], false.total())
        found["changes"] = self.ledger.expected.total()
        found["never_confirmed"] = len(self.ledger.open)
        return dict(found)


@dataclass
class Aged:
    """A site as it was at some time of the simulation."""

    clone: Clone
    world: World
    places: dict[str, Place]
    time: datetime

    def run(self, after: timedelta = HOUR) -> tuple[float, float]:
        """Seconds of a run so long after the last: without its build, and of the build."""
        self.later(after)
        start = time.perf_counter()
        self.clone.check()
        self.clone.push()
        pushed = time.perf_counter()
        self.clone.job.build()
        built = time.perf_counter()
        self.clone.tell(building=False)
        return time.perf_counter() - built + pushed - start, built - pushed

    def start(self) -> float:
        """Seconds of a run at once after the last, in a process of its own and without a build."""
        self.later(timedelta(minutes=1))
        return self.clone.start()

    def later(self, passed: timedelta) -> None:
        self.time += passed
        self.world.places, self.world.time = self.places, self.time

    def reprice(self, factor: str) -> None:
        """One price of a page that is looked at every hour becomes another."""
        place = next(
            p for p in self.places.values()
            if p.vendor.every in ("1h", "2h") and p.state.kind != "stages"
        )  # fmt: skip
        first, *rest = place.state.products
        value = f"{Decimal(first.values[0]) * Decimal(factor):.2f}"
        changed = replace(first, values=(value, *first.values[1:]))
        place.state = replace(place.state, products=(changed, *rest))
        place.since = self.time


def _die(last: int) -> None:
    """The process kills itself at the `last` call from now on that changes the disk; 0: never."""
    count = 0

    def watched(call: Callable[..., object]) -> Callable[..., object]:
        def called(*arguments: object, **more: object) -> object:
            nonlocal count
            count += 1
            if count == last:
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*arguments, **more)

        return called

    subprocess.run = watched(subprocess.run)  # type: ignore[assignment]
    for name in ("write", "fsync", "fdatasync", "replace", "unlink", "ftruncate", "rename"):
        setattr(os, name, watched(getattr(os, name)))
