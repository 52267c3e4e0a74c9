"""Edits of real pages whose outcome is known, and what comparing says of each.

Every kind of edit (edit_kinds.py) is made in every capture: a price, a row or a column that moves
has to be told, or reported as a figure that is not understood; a sentence, a banner, another
order, a tab, a mark behind a name moves nothing, so that nothing may be told.

    python benchmarks/edits.py [--quick] [--corpus DIR] [--only SUBSTRING] [--kind SUBSTRING]
                               [--each N] [--seed N] [--verbose]

`told` edits were told as changes, `unread` reported as changes of figures that are not understood,
`silent` neither. `beside` counts news about prices that no edit touched. Of the `quiet` edits
`quiet_false` made news, `quiet_held` had the page held back.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from edit_kinds import KINDS, Edit, edits
from edit_source import NUMBER
from edit_source import Source as PageSource

from ratewire.compare import ReadingsCompared, compare_readings
from ratewire.errors import ReadError
from ratewire.fetch.saved import saved_capture
from ratewire.model import Alteration, Capture, Figure, Rate, Role, Source, UnreadChange
from ratewire.read import read

SHARED = Path(__file__).parents[2] / "shared"
NOW = datetime(2026, 3, 2, tzinfo=UTC)
ONE_PRICE = ("amount", "two amounts near", "two amounts apart", "percentage")
"""Kinds that move surely seen prices: never is one to be told by nobody, whatever it is."""
QUICK = 9
"""In a quick run one in so many pairs of page and kind, of pages that are not long."""
LONG = 60_000


@dataclass(frozen=True, slots=True)
class Page:
    name: str
    file: Path
    url: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one edit."""

    verdict: str
    """`told`, `unread`, `held` or `silent`; `named`: what came or went is understood to be no
    price. Of a quiet edit `quiet`, `false` or `held`.
    """
    beside: tuple[Alteration, ...] = ()
    """News about prices that the edit did not touch."""
    said: tuple[str, ...] = ()


# ── Pages ────────────────────────────────────────────────────────────────────────────────────


def pages_of(folder: Path) -> Iterator[Page]:
    """The last capture of each page of a corpus; every page of a folder of labelled ones."""
    if (folder / "gold").is_dir():
        for file in sorted((folder / "gold").glob("*.json")):
            gold = json.loads(file.read_text("utf-8"))
            yield Page(gold["page"], folder / gold["page"], gold["url"])
    index = next((f for f in (folder / "INDEX.jsonl", folder / "series" / "INDEX.jsonl")
                  if f.is_file()), None)  # fmt: skip
    if index is None:
        return
    last: dict[str, Page] = {}
    for entry in map(json.loads, index.read_text("utf-8").splitlines()):
        url = entry.get("page_url") or f"https://docs.example/{entry['path']}"
        series = entry.get("page") or str(Path(entry["path"]).parent)
        if not str(entry.get("kind", "")).startswith("failure"):
            last[series] = Page(entry["path"], index.parent / entry["path"], url)
    yield from last.values()


def source_of(page: Page) -> PageSource | None:
    """The text that is edited; None: neither HTML nor Markdown."""
    ending = page.file.suffix.lower()
    if ending not in (".html", ".htm", ".md", ".mdx", ".markdown"):
        return None
    return PageSource(page.file.read_text("utf-8", "replace"), ending.startswith(".htm"))


# ── One edit ─────────────────────────────────────────────────────────────────────────────────


def moved_prices(before: Iterable[Figure], after: Iterable[Figure]) -> frozenset[Decimal]:
    """Amounts of which there are more or fewer figures that are, or may be, prices: what else comes
    or goes is understood to be a limit, total, credit.
    """
    counts = [
        Counter(
            value
            for figure in side
            if figure.role in (Role.RATE, Role.UNREAD, Role.UNTRACKED)
            for value in figure.values
        )
        for side in (before, after)
    ]
    return frozenset(v for v in counts[0] | counts[1] if counts[0][v] != counts[1][v])


def prices_of(figures: Iterable[Figure]) -> frozenset[Decimal]:
    """Amounts above nothing that may be prices, and are nothing else elsewhere."""
    rates, others = set[Decimal](), set[Decimal]()
    for figure in figures:
        may_be_price = figure.role in (Role.RATE, Role.UNREAD)
        (rates if may_be_price else others).update(filter(None, figure.values))
    return frozenset(rates - others)


def outcome(edit: Edit, found: ReadingsCompared, *, moved: frozenset[Decimal]) -> Outcome:
    """Hold what is told against what was done. `moved`: see `moved_prices`."""
    said = tuple(map(_said, found.alterations))
    if found.held is not None:
        said = (f"held: {found.held.guard}: {found.held.reason}", *said)
    said = (*said, *(f"unread: {u.old!r} → {u.new!r}" for u in found.unread))
    if not edit.moves:
        if found.held is not None:
            return Outcome("held", said=said)
        news = bool(found.alterations or found.unread)
        return Outcome("false" if news else "quiet", said=said)
    touched = edit.old | edit.new
    if edit.kind not in ONE_PRICE:
        touched |= {Decimal(0)}  # words such as `Free` in the row
    mine = [a for a in found.alterations if _amounts(a) & touched]
    beside = tuple(a for a in found.alterations if not _amounts(a) & touched)
    heard = frozenset().union(*map(_amounts, mine), *map(_printed, found.unread))
    if edit.kind.startswith("two") and not edit.new <= heard:
        return Outcome("silent" if found.held is None else "held", beside, said)
    if mine:
        return Outcome("told", beside, said)
    if heard & touched:
        return Outcome("unread", beside, said)
    if not touched & moved and edit.old != edit.new and edit.kind not in ONE_PRICE:
        return Outcome("named", beside, said)
    return Outcome("silent" if found.held is None else "held", beside, said)


def _amounts(alteration: Alteration) -> frozenset[Decimal]:
    sides = [side for side in (alteration.before, alteration.after) if side is not None]
    printed = "".join(side.evidence.excerpt + " " for side in sides)
    return frozenset({s.amount for s in sides if isinstance(s, Rate)} | _numbers(printed))


def _printed(change: UnreadChange) -> frozenset[Decimal]:
    return _numbers(f"{change.old} {change.new}")


def _numbers(text: str) -> frozenset[Decimal]:
    return frozenset(Decimal(number.replace(",", "")) for number in re.findall(NUMBER, text))


def _said(a: Alteration) -> str:
    fact = a.fact
    name = f"{fact.product} {fact.meter}" if isinstance(fact, Rate) else str(fact.identity)
    old, new = (
        f"{side.amount:f}" if isinstance(side, Rate) else "–" if side is None else "+"
        for side in (a.before, a.after)
    )
    return f"{a.kind} {name}: {old} → {new}"


# ── All of them ──────────────────────────────────────────────────────────────────────────────


def run(
    pages: Iterable[Page], kinds: Sequence[str], seed: int, each: int, *, quick: bool
) -> Iterator[tuple[Page, Edit, Outcome]]:
    for number, page in enumerate(pages):
        source = source_of(page)
        if source is None or (quick and len(source.text) > LONG):
            continue
        chosen = [k for at, k in enumerate(kinds) if not quick or (at + number) % QUICK == 0]
        capture = saved_capture(page.file, page.url, NOW)
        asked = Source("page", page.name, page.name, page.url)
        try:
            before = read(capture, asked)
        except ReadError:
            continue
        for edit in edits(source, chosen, f"{seed} {page.name}", each):
            if edit.old == edit.new and edit.moves and not edit.old & prices_of(before.figures):
                continue  # of figures that are no prices
            after = read(_edited(capture, edit.text), asked)
            found = compare_readings(before, after, on=NOW.date(), source=asked)
            yield (
                page,
                edit,
                outcome(edit, found, moved=moved_prices(before.figures, after.figures)),
            )


def _edited(capture: Capture, text: str) -> Capture:
    return replace(capture, body=text.encode(), charset="utf-8")


def report(results: Iterable[tuple[Page, Edit, Outcome]], *, verbose: bool) -> dict[str, int]:
    """Print what a person should look at; the counts as RESULT wants them."""
    counts: Counter[str] = Counter()
    by_kind: dict[str, Counter[str]] = {}
    for page, edit, what in results:
        kind = by_kind.setdefault(edit.kind, Counter())
        kind[what.verdict] += 1
        kind["beside"] += len(what.beside)
        wrong = what.verdict in ("silent", "held", "false") or what.beside
        if wrong or verbose:
            print(f"{what.verdict.upper() if wrong else what.verdict}  {edit.kind}  {page.name}"
                  f"{_moved(edit)}")  # fmt: skip
            for line in what.said[: None if verbose else 6]:
                print(f"      {line[:170]}")
        if what.verdict == "named":
            counts["quiet"] += 1
        elif edit.moves:
            counts["edits"] += 1
            counts["told" if what.verdict == "held" else what.verdict] += 1
            counts["beside"] += len(what.beside)
        else:
            counts["quiet"] += 1
            counts["quiet_false"] += what.verdict == "false"
            counts["quiet_held"] += what.verdict == "held"
    print("\nBy kind:")
    for name, kind in by_kind.items():
        print(f"  {name:26} " + "  ".join(f"{n} {what}" for what, n in kind.items() if n))
    keys = ("edits", "told", "unread", "silent", "beside", "quiet", "quiet_false", "quiet_held")
    return {key: counts[key] for key in keys}


def _moved(edit: Edit) -> str:
    old, new = (", ".join(map(str, sorted(side)[:4])) for side in (edit.old, edit.new))
    return f": {old or '–'} → {new or '–'}" if edit.moves else ""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="a sample, in under a minute")
    parser.add_argument("--corpus", type=Path, action="append", help="instead of both folders")
    parser.add_argument("--only", default="", help="only pages whose name holds this")
    parser.add_argument("--kind", default="", help="only kinds whose name holds this")
    parser.add_argument("--each", type=int, default=3, help="edits of single prices on a page")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--verbose", action="store_true", help="show edits that went right, too")
    options = parser.parse_args()
    folders = options.corpus or [SHARED / "corpus", SHARED / "field"]
    pages = [page for folder in folders for page in pages_of(folder) if options.only in page.name]
    if not pages:
        sys.exit(f"no pages in {', '.join(map(str, folders))}; name a folder with --corpus DIR")
    kinds = [kind for kind in KINDS if options.kind in kind]
    results = run(pages, kinds, options.seed, options.each, quick=options.quick)
    print(f"RESULT {json.dumps(report(results, verbose=options.verbose))}")


if __name__ == "__main__":
    main()
