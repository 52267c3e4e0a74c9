"""How well pages are read and compared: found against labelled, and false alarms.

Over pairs of real captures (TRUTH.jsonl, labelled by hand; NO_RATE_CHANGE.jsonl, whose rates did
not change): each pair is read without any hint and compared without confirmation. Every miss,
every false alarm and every row that no label knows is listed with the page's own words.

    python benchmarks/reading.py [--quick] [--corpus DIR] [--only SUBSTRING] [--verbose]
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any

from labels import RATE_KINDS, Row, Tally, Verdict, is_borne_out, judge, printed

from ratewire.compare import compare_readings
from ratewire.errors import ReadError
from ratewire.model import Alteration, Capture, Facts, Rate, Reading, Source
from ratewire.read import read

CORRECTIONS = Path(__file__).with_name("corrections.jsonl")
CORPUS = Path(__file__).parents[2] / "shared" / "corpus"


class Corpus:
    """The folder of captures; each is read once."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._readings: dict[str, Reading] = {}

    def lines(self, name: str) -> list[dict[str, Any]]:
        text = (self.root / name).read_text("utf-8")
        return [json.loads(line) for line in text.splitlines() if line.strip()]

    @cached_property
    def index(self) -> Mapping[str, dict[str, Any]]:
        return {entry["path"]: entry for entry in self.lines("INDEX.jsonl")}

    def url(self, path: str) -> str:
        """The page's address, or for a document of a repository one that ends as it does."""
        entry = self.index[path]
        return entry["page_url"] or f"https://docs.example/{entry['repo_path']}"

    def capture(self, path: str) -> Capture:
        entry = self.index[path]
        return Capture(
            url=self.url(path),
            body=(self.root / path).read_bytes(),
            fetched_at=datetime.fromisoformat(entry["date"]).astimezone(UTC),
        )

    def source(self, path: str) -> Source:
        entry = self.index[path]
        return Source("page", entry["page"], entry["page"], self.url(path))

    @cached_property
    def corrections(self) -> list[dict[str, Any]]:
        """What we hold to be missing from the labels, or wrong in them."""
        return [json.loads(line) for line in CORRECTIONS.read_text("utf-8").splitlines()]

    def reading(self, path: str) -> Reading:
        if path not in self._readings:
            try:
                self._readings[path] = read(self.capture(path), self.source(path))
            except ReadError as error:
                self._readings[path] = Reading(Facts(), (str(error),))
        return self._readings[path]

    def lines_apart(self, before: str, after: str) -> tuple[list[str], list[str]]:
        """The lines that only the earlier capture has, and those that only the later has."""
        old, new = (Counter(self.capture(path).text.splitlines()) for path in (before, after))
        return list(old - new), list(new - old)


# ── One pair ─────────────────────────────────────────────────────────────────────────────────


def verdict(corpus: Corpus, pair: Mapping[str, Any]) -> Verdict:
    """Read and compare one pair, and hold it against what people say of it."""
    before, after = pair["before"], pair["after"]
    compared = compare_readings(
        corpus.reading(before),
        corpus.reading(after),
        on=corpus.capture(after).fetched_at.date(),
        source=corpus.source(after),
        since=corpus.capture(before).fetched_at.date(),
    )
    all_rows = [
        row for x in compared.alterations if (row := announced(x, corpus.index[after]["page"]))
    ]
    rows = tuple(row for row in all_rows if row.kind in RATE_KINDS)
    renamed = tuple(row for row in all_rows if row.kind == "renamed")
    if pair.get("rate_change") is True:
        outcome = judge(rows, pair["changes"])
        false_alarms = outcome.trapped
    else:
        outcome = judge((), pair.get("changes", ()))
        false_alarms = rows
    gone, came = corpus.lines_apart(before, after) if rows else ([], [])
    return Verdict(
        pair,
        rows,
        outcome,
        false_alarms,
        borne_out=tuple(
            row for row in (*outcome.unlabelled, *false_alarms) if is_borne_out(row, gone, came)
        ),
        renamed=renamed,
        held=f"{compared.held.guard}: {compared.held.reason}" if compared.held else "",
    )


def announced(alteration: Alteration, page: str) -> Row | None:
    """A change of a rate as a row; None for one of other facts."""
    before, after = alteration.before, alteration.after
    if not isinstance(alteration.fact, Rate):
        return None
    rate = alteration.fact
    assert before is None or isinstance(before, Rate)
    assert after is None or isinstance(after, Rate)
    return Row(
        kind=alteration.kind.value,
        product=rate.product,
        meter=rate.meter,
        conditions=str(rate.conditions),
        old=_per(before, rate),
        new=_per(after, rate),
        unit=rate.unit,
        label=rate.label,
        around=f"{rate.evidence.where} {page}",
        excerpts=(
            before.evidence.excerpt if before else "",
            after.evidence.excerpt if after else "",
        ),
    )


def _per(rate: Rate | None, other: Rate) -> Decimal | None:
    """The amount in the newer page's unit where it converts, else as printed."""
    if rate is None:
        return None
    converted = rate.per(other.unit)
    return rate.amount if converted is None else converted


# ── The report ───────────────────────────────────────────────────────────────────────────────


def report(corpus: Corpus, verdicts: Iterable[Verdict], verbose: bool) -> dict[str, Any]:
    """Print all that a person should look at; the figures as RESULT wants them."""
    formats: dict[str, Tally] = defaultdict(Tally)
    pages: dict[str, Tally] = defaultdict(Tally)
    total = Tally()
    renamed = held = 0
    for each in verdicts:
        entry = corpus.index[each.pair["after"]]
        for tally in (total, formats[entry["format"]], pages[entry["page"]]):
            tally.add(each.tally)
        renamed += len(each.renamed)
        held += bool(each.held)
        for line in _lines(corpus, each, verbose):
            print(line)
    for title, table in (("By format", formats), ("By page", pages)):
        print(f"\n{title}: pairs, found/labelled, true/announced, false alarms")
        for name, t in sorted(table.items()):
            print(
                f"  {name[:70]:70} {t.pairs:4}  {t.found:4}/{t.labelled:<4} "
                f"{t.true:4}/{t.announced:<4} {t.false_alarms:4}"
            )
    print(
        f"\nOf {total.unlabelled} rows that no label knows, the lines that changed bear out "
        f"{total.borne_out}; counted as true they make the precision "
        f"{(total.true + total.borne_out) / (total.announced or 1):.4f}."
    )
    print(
        f"In all: {total.found} of {total.labelled} labelled changes found; {total.true} of "
        f"{total.announced} announced rows are known to be true; {total.false_alarms} false alarms "
        f"in {total.pairs} pairs. {held} were held as suspect. {renamed} renames announced, "
        "which are no change of a rate."
    )
    return {
        "pairs": total.pairs,
        "false_alarms": total.false_alarms,
        "recall": total.recall,
        "precision": total.precision,
        "by_format": {
            name: {
                "pairs": t.pairs,
                "false_alarms": t.false_alarms,
                "recall": t.recall,
                "precision": t.precision,
            }
            for name, t in sorted(formats.items())
        },
    }


def _lines(corpus: Corpus, each: Verdict, verbose: bool) -> Iterator[str]:
    outcome = each.outcome
    found = outcome.found if verbose else ()
    renamed = each.renamed if verbose else ()
    shown = (outcome.missed, each.false_alarms, outcome.unlabelled, found, renamed)
    if not any(shown) and not each.held:
        return
    change = each.pair.get("rate_change")
    claim = each.pair.get("tier") or f"rate_change: {str(change).lower()}"
    yield f"\n{each.pair['before']}\n  → {each.pair['after']}  [{claim}]"
    if each.held:
        yield f"  held: {each.held}"
    for atom in outcome.missed:
        yield f"  MISSED      {atom}"
    for row in each.false_alarms:
        yield from _shown("FALSE ALARM", row, corpus, each)
    for row in outcome.unlabelled:
        yield from _shown("unlabelled ", row, corpus, each)
    for atom, row in found:
        yield f"  found       {atom}   by   {row}"
    for row in renamed:
        yield from _shown("renamed    ", row, corpus, each)


def _shown(word: str, row: Row, corpus: Corpus, each: Verdict) -> Iterator[str]:
    pair = each.pair
    yield f"  {word} {row}{'   (the changed lines say so)' if row in each.borne_out else ''}"
    for side, excerpt in zip(("before", "after"), row.excerpts, strict=True):
        if excerpt:
            yield f"      {side}: {' '.join(excerpt.split())[:150]}"
    counts = [
        f"{amount} stands {_standing(corpus, pair['before'], amount)}× before and "
        f"{_standing(corpus, pair['after'], amount)}× after"
        for amount in dict.fromkeys((row.old, row.new))
        if amount is not None
    ]
    yield f"      figures: {'; '.join(counts)}"


def _standing(corpus: Corpus, path: str, amount: Decimal) -> int:
    """How often a page prints a figure, in whatever way."""
    return len(re.findall(printed(amount), corpus.capture(path).text))


def corrected(corpus: Corpus, pair: Mapping[str, Any]) -> Mapping[str, Any]:
    """A pair with what corrections.jsonl adds to its labels.

    Each correction quotes the pages; one that quotes what does not stand there ends the run.
    """
    changes = [
        change
        for each in corpus.corrections
        if (each["before"], each["after"]) == (pair["before"], pair["after"])
        for change in each["changes"]
    ]
    for change, side in product(changes, ("before", "after")):
        quoted = change[f"evidence_{side}"]
        if quoted not in corpus.capture(pair[side]).text:
            sys.exit(f"{CORRECTIONS}: {pair[side]} does not say {quoted!r}")
    if not changes:
        return pair
    return {**pair, "rate_change": True, "changes": [*pair.get("changes", ()), *changes]}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="every third pair of unchanged ones")
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--only", default="", help="only pairs whose path holds this")
    parser.add_argument("--verbose", action="store_true", help="list what was found, too")
    options = parser.parse_args()
    if not (options.corpus / "TRUTH.jsonl").is_file():
        sys.exit(f"{options.corpus}: no TRUTH.jsonl there; name the corpus with --corpus DIR")
    corpus = Corpus(options.corpus)
    unchanged = corpus.lines("NO_RATE_CHANGE.jsonl")[:: 3 if options.quick else 1]
    pairs = [p for p in corpus.lines("TRUTH.jsonl") + unchanged if options.only in p["after"]]
    result = report(corpus, [verdict(corpus, pair) for pair in pairs], options.verbose)
    again = Tally()
    for pair in pairs:
        again.add(verdict(corpus, corrected(corpus, pair)).tally)
    print(
        f"With the labels corrected as {CORRECTIONS.name} says, each with the page's words: "
        f"{again.found} of {again.labelled} found, {again.true} of {again.announced} announced "
        f"rows true, {again.false_alarms} false alarms."
    )
    result["corrected"] = {
        "false_alarms": again.false_alarms,
        "recall": again.recall,
        "precision": again.precision,
    }
    print(f"RESULT {json.dumps(result)}")


if __name__ == "__main__":
    main()
