"""Two years of hourly runs over fifty pages that change, break, move and come back.

    python benchmarks/soak.py [--quick] [--seed N] [--days N] [--sources N]

The clock is simulated and everything else is real: each hour the whole job runs in a clone of a
bare repository (fetch over HTTP on loopback with conditional requests, judge, read, compare,
record, push, build, announce by mail and webhook, push). The vendors' pages follow from a seed
(soak_vendors.py), so every true change is known, and what was delivered is held against it.

Besides the pages' own troubles, runs are killed at a call that changes the disk or between two
stages, two clones run at once, pushes are refused, the owner pushes in between, caches are lost,
the machine sleeps, receivers are away. The owner looks once a day at what is held, and accepts it
where the page is right. The span holds a leap day, two new years and four changes of the clocks;
the machine's clock is the one of Berlin, the job's is UTC.

`changes`: true alterations. `missed`: those that a recipient was not told of. `false`: told and
not true. `duplicated`: told twice to one recipient; `repeated`: told again under the same
Message-ID by the run after one that was killed between the message and its record. `late`: true
changes that took more than two checks which showed them, no run being disturbed meanwhile;
`late_disturbed`: others. `accepted`: held as is intended, and accepted; `accepted_unplanned`:
other holds.
`mb_per_year`: the remote, packed, and the tracked files of a clone, in 10^6 bytes.
`time_ratio`: of quiet runs, the last month's site against the first's, interleaved, medians;
`recording_ratio`: of runs that confirm one change; both without start-up of the process and without
the build, of which `quiet_build_ratio` and `build_ratio` tell: a site with more pages takes longer.
In the full form the site is built once a day at the most, and where anything was recorded; in the
quick one at each such hour; there as much happens in days as in months, and neither growth nor
times are told.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from soak_vendors import DAY, HOUR, LONG_AGO, Event, Told, Vendor, vendors
from soak_world import Place, Remote, World, folder_size, git

from scraper.config import Site, load_site
from scraper.decide import accept_waiting, waiting
from scraper.errors import StoreError
from scraper.job import Job
from scraper.model import Alteration, Availability, Change, Rate
from scraper.push import push

BERLIN = ZoneInfo("Europe/Berlin")
MAIL = ("ann@readers.example", "bo@readers.example")
DIGEST = "cy@readers.example"
SETTINGS = """[site]
title = "Soak"
url = "https://soak.example"

[fetch]
delay = 0.0
per_host = 1
retries = 1
backoff = 0.001

[announce.email]
host = "127.0.0.1"
port = {port}
security = "none"
sender = "prices@soak.example"
to = {mail}

[[announce.email.recipient]]
address = "{digest}"
digest = "daily"

[[announce.webhook]]
url = "http://127.0.0.1:{hook}/hook/"
"""
FOLLOWED = 20
"""Vendors of which the site follows a product; of the others it tells the changes."""
SECRET = "whsec_" + "c29ha3NvYWtzb2Frc29ha3NvYWtzb2Fr"


# ── A clone of the site ──────────────────────────────────────────────────────────────────────


@dataclass
class Clone:
    """A checkout of the site on some machine."""

    root: Path
    world: World

    def __post_init__(self) -> None:
        self.load()

    def load(self) -> None:
        self.site: Site = load_site(self.root)

    @property
    def job(self) -> Job:
        return Job.of(self.site, now=lambda: self.world.time, routes=self.world.routes())

    def forget(self) -> None:
        """The cache is lost."""
        shutil.rmtree(self.site.cache, ignore_errors=True)

    def renew(self) -> None:
        """The checkout as the remote has it."""
        git(self.root, "fetch", "-q")
        git(self.root, "reset", "-q", "--hard", "origin/main")
        git(self.root, "clean", "-fdq", "snapshots", "announced")
        self.load()

    # The stages, as .github/workflows/watch.yml has them.

    def check(self) -> bool:
        """Whether anything was recorded."""
        report = self.job.check(seen=_nobody)
        return any(outcome.changes for outcome in report.outcomes)

    def push(self) -> bool:
        """False: refused for good, in this hour."""
        try:
            push(self.site, self.job.store, pause=_nobody)
        except StoreError:
            return False
        return True

    def build(self) -> None:
        """In a process of its own, without the vendors' thread: as it is in a true run."""
        child = os.fork()
        if not child:
            code = 1
            with suppress(BaseException):
                self.job.build()
                code = 0
            os._exit(code)
        if os.waitpid(child, 0)[1]:
            raise RuntimeError("the site could not be built")

    def tell(self, *, building: bool) -> None:
        """Build, announce, push who was told."""
        if building:
            self.build()
        if self.job.announce().planned:
            self.push()


def _nobody(_: object) -> None:
    pass


def founded(folder: Path, world: World, cast: tuple[Vendor, ...]) -> tuple[Remote, Clone]:
    """A site that watches these vendors, in a repository of its own."""
    os.environ["RATEWIRE_WEBHOOK_SECRET"] = SECRET
    folder.mkdir(parents=True, exist_ok=True)
    remote = Remote(folder / "remote.git")
    root = remote.clone(folder / "one")
    git(root, "checkout", "-q", "-B", "main")
    (root / "content" / "sources").mkdir(parents=True)
    (root / "ratewire.toml").write_text(
        SETTINGS.format(
            port=world.mail_port, mail=json.dumps(MAIL), digest=DIGEST, hook=world.port
        ),
        "utf-8",
    )
    for vendor in cast:
        kind = "availability" if vendor.start.kind == "stages" else "pricing"
        (root / "content" / "sources" / f"{vendor.id}.toml").write_text(
            f'name = "{vendor.house} pricing"\npublisher = "{vendor.house}"\n'
            f'url = "https://{vendor.id}.example/pricing"\nevery = "{vendor.every}"\n'
            f'kind = "{kind}"\n\n[expect]\ncurrency = "USD"\nlanguage = "en"\n',
            "utf-8",
        )
    products = root / "content" / "products"
    products.mkdir()
    for vendor in cast[:FOLLOWED]:
        first = vendor.start.products[0]
        (products / f"{first.slug}.md").write_text(
            f'+++\nid = "{first.slug}"\nname = "{first.name}"\npublisher = "{vendor.house}"\n+++\n',
            "utf-8",
        )
    (root / ".gitignore").write_text("/site/\n/.ratewire/\n", "utf-8")
    (root / "README").write_text("The owner's notes.\n", "utf-8")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "Begin")
    git(root, "push", "-q", "origin", "main")
    return remote, Clone(root, world)


# ── The truth ────────────────────────────────────────────────────────────────────────────────


def heard(alteration: Alteration) -> Told:
    """An alteration in the words of the vendors."""
    before, after = alteration.before, alteration.after
    mine, theirs = (getattr(fact, "product", "") for fact in (before, after))
    what = "stage" if isinstance(alteration.fact, Availability) else _meter(alteration.fact)
    return str(alteration.kind), mine, theirs, what, _value(before), _value(after)


def _meter(fact: object) -> str:
    name = getattr(fact, "meter", type(fact).__name__)
    return "cached" if "cached" in name else name


def _value(fact: object) -> str:
    if isinstance(fact, Rate):
        count, things = fact.unit.normal
        per = Decimal(10**6) if "token" in things else Decimal(1)
        return f"{fact.amount / count * per:.2f}" + ("" if fact.currency == "USD" else "?")
    return str(fact.stage) if isinstance(fact, Availability) else ""


@dataclass
class Open:
    """A true change that is not in the log yet."""

    source: str
    event: Event
    sights: int = 0
    disturbed: bool = False
    accepted: bool = False


@dataclass
class Ledger:
    """What was to be told, how long it took, and what became of it."""

    expected: Counter[tuple[str, Told]] = field(default_factory=Counter)
    open: list[Open] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    def happened(self, source: str, event: Event) -> None:
        self.counts["events"] += 1
        for told, count in event.told.items():
            self.expected[source, told] += count
        if event.told:
            self.counts["true_events"] += 1
            self.open.append(Open(source, event))

    def seen(self, clone: Clone, world: World, *, disturbed: bool) -> None:
        """After an hour: which of the open changes are told by now."""
        store = clone.job.store
        for one in [*self.open]:
            one.sights += world.places[one.source].true > 0
            one.disturbed |= disturbed
            if not one.sights:
                continue
            told: Counter[Told] = Counter()
            for change in store.changes(one.source):
                if change.recorded_at >= one.event.at:
                    told.update(map(heard, change.alterations))
            if one.event.told <= told:
                self.open.remove(one)
                if one.sights > 2 and not one.accepted:
                    self.counts["late_disturbed" if one.disturbed else "late"] += 1
                    self.notes.append(
                        f"{one.source} {one.event.at:%F %R} {one.event.name}: "
                        f"{one.sights} checks{' (disturbed)' if one.disturbed else ''}"
                    )

    def look(self, clone: Clone, world: World) -> None:
        """As an owner does once a day: accept what is held where the page is right."""
        for id, (pending, _) in waiting(clone.job).items():
            place = world.places[id]
            if pending.held is None or place.fault(world.time):
                continue
            planned = [one for one in self.open if one.source == id and one.event.held]
            for one in self.open:
                one.accepted |= one.source == id
            accept_waiting(clone.job, id)
            self.counts["accepted" if planned else "accepted_unplanned"] += 1
            if not planned:
                self.notes.append(f"{id} {world.time:%F %R} held: {pending.held.reason}")


# ── Two years ────────────────────────────────────────────────────────────────────────────────


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

    def run(self, each_month: Callable[[int], None] = _nobody) -> None:
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
        child = os.fork()
        if not child:
            with suppress(BaseException):
                _die(last)
                for number, act in enumerate(
                    (self.one.check, self.one.push, lambda: self.one.tell(building=True))
                ):
                    if not last and number == stage:
                        os.kill(os.getpid(), signal.SIGKILL)
                    act()
            os._exit(0)
        status = os.waitpid(child, 0)[1]
        self.counts["crashes"] += os.WIFSIGNALED(status)
        self.behind = self.world.post.unsure = True
        time.sleep(0.05)  # a git that the killed run had started comes to its end
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
        for clone, well in zip(runs, pushed, strict=True):
            if well and clone.push():  # as a job that checks out the branch as it is now
                clone.tell(building=True)
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
        return Aged(Clone(folder / "one", self.world), places, self.world.time)

    # ── Verdict ──────────────────────────────────────────────────────────────────────────────

    def verdict(self) -> dict[str, int]:
        """What every recipient was told against what was true."""
        log: dict[str, Change] = {c.id: c for c in self.one.job.store.changes()}
        found: Counter[str] = Counter(repeated=self.world.post.repeated)
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
    places: dict[str, Place]
    time: datetime

    def run(self) -> tuple[float, float]:
        """Seconds of a run an hour after the last: without its build, and of the build."""
        world = self.clone.world
        world.places, self.time = self.places, self.time + HOUR
        world.time = self.time
        start = time.perf_counter()
        self.clone.check()
        self.clone.push()
        pushed = time.perf_counter()
        self.clone.job.build()
        built = time.perf_counter()
        self.clone.tell(building=False)
        return time.perf_counter() - built + pushed - start, built - pushed

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


def ratios(early: Aged, late: Aged, rounds: int) -> dict[str, float]:
    """Times of the later site's runs to the earlier's, interleaved: of quiet ones, of such as
    confirm a change (both without the build), and of the builds of either."""
    times: dict[str, tuple[list[float], list[float]]] = defaultdict(lambda: ([], []))
    for number in range(rounds):
        for which, site in enumerate((early, late)):
            site.run()
            quiet, same = site.run()
            site.reprice("1.07" if number % 2 else "0.93")
            site.run()
            # A page of every other hour is seen again by one of these.
            recording, anew = max(site.run(), site.run(), key=lambda run: run[1])
            found = {"time": quiet, "recording": recording, "quiet_build": same, "build": anew}
            for name, seconds in found.items():
                times[name][which].append(seconds)
    medians = {name: [statistics.median(each) for each in both] for name, both in times.items()}
    for name, (first, last) in medians.items():
        print(f"{name}: {first:.3f} s in the first month, {last:.3f} s in the last")
    return {f"{name}_ratio": round(last / first, 2) for name, (first, last) in medians.items()}


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


def soaked(folder: Path, asked: argparse.Namespace) -> dict[str, float]:
    """The two years."""
    soak = Soak(folder, asked.seed, LONG_AGO, asked.days, asked.sources, building=DAY)
    began = time.perf_counter()
    early: list[Aged] = []

    def each_month(month: int) -> None:
        if month == 1:
            early.append(soak.frozen("early"))
        quiet = statistics.median(soak.times[month - 1])
        said = ", ".join(f"{name} {count}" for name, count in soak.counts.items())
        seconds = time.perf_counter() - began
        print(f"month {month} ({seconds:.0f} s, a run {quiet:.3f} s): {said}", flush=True)

    soak.run(each_month)
    verdict = soak.verdict()
    for note in soak.ledger.notes:
        print(note)
    packed = soak.remote.packed()
    tracked = sum(folder_size(soak.one.root / name) for name in ("snapshots", "announced"))
    years = asked.days / 365.25
    print(f"bytes: packed {packed}, tracked files {tracked}")
    print(f"sources: {', '.join(f'{n} every {every}' for every, n in schedules(soak).items())}")
    found = {
        "years": round(years, 2),
        **verdict,
        "late": soak.counts["late"],
        "late_disturbed": soak.counts["late_disturbed"],
        "mb_per_year": round((packed + tracked) / 1e6 / years, 2),
    }
    if early:
        found |= ratios(early[0], soak.frozen("late"), 9)
    soak.world.close()
    return found | {name: count for name, count in soak.counts.items() if name not in found}


def schedules(soak: Soak) -> Counter[str]:
    return Counter(vendor.every for vendor in soak.cast)


AWKWARD = {
    "the clocks go back": datetime(2027, 10, 30, tzinfo=UTC),
    "new year": datetime(2027, 12, 30, tzinfo=UTC),
    "leap day": datetime(2028, 2, 28, tzinfo=UTC),
}


def quick(folder: Path, asked: argparse.Namespace) -> dict[str, float | None]:
    """Days around the awkward dates, in which more happens than in most months."""
    found: Counter[str] = Counter()
    for number, (name, start) in enumerate(AWKWARD.items()):
        seed = asked.seed + number
        soak = Soak(
            folder / str(number), seed, start, asked.days, asked.sources, 5 * HOUR, 5 * HOUR
        )
        soak.run()
        found.update(soak.verdict())
        found.update(soak.counts)
        for note in soak.ledger.notes:
            print(f"{name}: {note}")
        soak.world.close()
    years = len(AWKWARD) * asked.days / 365.25
    told = {"late": found["late"], "late_disturbed": found["late_disturbed"]}
    return {"years": round(years, 2), **found, **told, "mb_per_year": None, "time_ratio": None}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="days around the awkward dates")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--days", type=int, help="731; quick: 3 for each date")
    parser.add_argument("--sources", type=int, help="50; quick: 8")
    asked = parser.parse_args()
    days, sources = (3, 8) if asked.quick else (731, 50)
    asked.days, asked.sources = asked.days or days, asked.sources or sources
    sys.setswitchinterval(0.0002)  # the vendors answer in a thread of this process
    logging.disable(logging.WARNING)  # what is refused, held and killed here is meant to be
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        found = (quick if asked.quick else soaked)(Path(folder), asked)
    print("RESULT " + json.dumps({**found, "seconds": round(time.perf_counter() - began)}))


if __name__ == "__main__":
    main()
