"""Two years of hourly runs over fifty pages that change, break, move and come back.

    python benchmarks/soak.py [--quick] [--seed N] [--days N] [--sources N]

The clock is simulated and everything else is real: each hour the whole job runs in a clone of a
bare repository (fetch over HTTP on loopback with conditional requests, judge, read, compare,
record, push, build, announce by mail and webhook, push). The vendors' pages follow from a seed
(soak_vendors.py, soak_pages.py), so every true change is known, and what was delivered is held
against it.

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
`time_ratio`: of runs with no page due, each a process of its own, the last month's site against the
first's, interleaved, medians; `inside_ratio`: of runs an hour after the last, without start-up of
a process, and `recording_ratio`: of such as confirm one change. All without the build, of which
`quiet_build_ratio` and `build_ratio` tell: a site with more pages takes longer.
In the full form the site is built where anything was recorded, but once a week at the most, and in
a third of the runs that are killed; in the quick one after each run that recorded a change. There
as much happens in days as in months, and neither growth nor times are told.
"""

from __future__ import annotations

import argparse
import json
import logging
import statistics
import sys
import tempfile
import time
from collections import Counter, defaultdict
from datetime import UTC, datetime
from pathlib import Path

from soak_life import Aged, Soak
from soak_vendors import DAY, HOUR, LONG_AGO
from soak_world import folder_size


def ratios(early: Aged, late: Aged, rounds: int) -> dict[str, float]:
    """Times of the later site's runs to the earlier's, interleaved: of quiet ones as a process and
    inside it, of such as confirm a change (all without the build), and of the builds."""
    times: dict[str, tuple[list[float], list[float]]] = defaultdict(lambda: ([], []))
    for site in (early, late):  # all sources in one hour: from then on the same are due at both
        site.run(2 * DAY - site.time.hour * HOUR)
        site.run(25 * HOUR)
    for number in range(rounds):
        for which, site in enumerate((early, late)):
            site.run()
            quiet, same = site.run()
            started = site.start()
            site.reprice("1.07" if number % 2 else "0.93")
            site.run()
            # A page of every other hour is seen again by one of these.
            recording, anew = max(site.run(), site.run(), key=lambda run: run[1])
            found = {
                "time": started, "inside": quiet, "recording": recording, "quiet_build": same,
                "build": anew,
            }  # fmt: skip
            for name, seconds in found.items():
                times[name][which].append(seconds)
    medians = {name: [statistics.median(each) for each in both] for name, both in times.items()}
    for name, (first, last) in medians.items():
        print(f"{name}: {first:.3f} s in the first month, {last:.3f} s in the last")
    return {f"{name}_ratio": round(last / first, 2) for name, (first, last) in medians.items()}


def soaked(folder: Path, asked: argparse.Namespace) -> dict[str, float]:
    """The two years."""
    soak = Soak(folder, asked.seed, LONG_AGO, asked.days, asked.sources, building=7 * DAY)
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
