"""The benchmarks' own rules: a score that cannot be trusted measures nothing."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from ratewire.model import Unit

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
PER_MILLION = Unit.of("token", count=10**6)


@pytest.fixture
def labels(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    import labels

    return labels


def label(kind: str, model: str, category: str, old: str | None, new: str | None) -> dict[str, Any]:
    return {
        "kind": kind,
        "model": model,
        "category": category,
        "unit": "USD / MTok",
        "old": old,
        "new": new,
    }


# ── Labels taken apart ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (label("added", "Able 4", "input", None, "5"), [("input", None, "5")]),
        (
            label("added", "Able 4", "standard: input/cached/output", None, "5/-/30"),
            [("standard input", None, "5"), ("standard output", None, "30")],
        ),
        (
            label("removed", "Able 4", "batch+flex: input/output", "2.5/15", None),
            [
                ("batch input", "2.5", None),
                ("batch output", "15", None),
                ("flex input", "2.5", None),
                ("flex output", "15", None),
            ],
        ),
        (
            label("added", "Able 4", "batch input/output", None, "2/10"),
            [("batch input", None, "2"), ("batch output", None, "10")],
        ),
        (
            label("removed", "Able 3", "all", "3/15", None),
            [("all", "3", None), ("all", "15", None)],
        ),
        (label("removed", "Able mod", "check", "Free", None), [("check", "0", None)]),
        (label("rate_down", "Disk", "storage", "25", "18 (base price)"), [("storage", "25", "18")]),
        (
            label("added", "Embed 4", "monthly/annual", None, "2,500/25,000"),
            [("monthly", None, "2500"), ("annual", None, "25000")],
        ),
        (label("added", "Able", "input/output", None, None), []),
    ],
)
def test_a_label_is_taken_apart(
    labels: ModuleType, given: Mapping[str, Any], expected: list[tuple[str, str, str]]
) -> None:
    found = [(atom.meter, atom.old, atom.new) for atom in labels.atoms(given)]
    assert found == [
        (meter, *(None if x is None else Decimal(x) for x in (old, new)))
        for meter, old, new in expected
    ]


def test_a_label_for_two_products_fits_either(labels: ModuleType) -> None:
    (atom,) = labels.atoms(label("added", "Able Big 4.5 / 4 (old)", "input", None, "5"))
    assert set(atom.products) == {"Able Big 4.5 / 4", "Able Big 4.5", "Able Big 4"}


# ── Rows against labels ──────────────────────────────────────────────────────────────────────


def row(labels: ModuleType, kind: str, product: str, meter: str, old: Any, new: Any, **more: Any):  # type: ignore[no-untyped-def]
    amounts = [None if amount is None else Decimal(amount) for amount in (old, new)]
    return labels.Row(kind, product, meter, more.pop("conditions", ""), *amounts, **{
        "unit": PER_MILLION,
        **more,
    })  # fmt: skip


@pytest.mark.parametrize(
    ("announced", "found"),
    [
        (("added", "able-4", "input", None, "5"), True),
        (("added", "able-4", "input", None, "6"), False),
        (("added", "able-4.5", "input", None, "5"), False),
        (("added", "able-5", "input", None, "5"), False),
        (("removed", "able-4", "input", "5", None), False),
        (("added", "able-4", "output", None, "5"), False),
        (("added", "able-4", "input.cached", None, "5"), False),
        (("rate_up", "able-4", "input", "0", "5"), True),
        (("rate_up", "able-4", "input", "1", "5"), False),
        (("added", "other-thing", "input", None, "5"), False),
    ],
)
def test_what_finds_a_label(labels: ModuleType, announced: tuple[Any, ...], found: bool) -> None:
    outcome = labels.judge(
        [row(labels, *announced)], [label("added", "Able 4", "input", None, "5")]
    )
    assert bool(outcome.found) is found
    assert bool(outcome.missed) is not found
    assert bool(outcome.unlabelled) is not found


def test_amounts_are_compared_in_one_unit(labels: ModuleType) -> None:
    thousand = row(
        labels, "added", "able-4", "input", None, "0.005", unit=Unit.of("token", count=1000)
    )
    assert labels.judge([thousand], [label("added", "Able 4", "input", None, "5")]).found


def test_a_service_tier_must_agree(labels: ModuleType) -> None:
    batch = row(labels, "added", "able-4", "input", None, "5", conditions="tier batch")
    plain = row(labels, "added", "able-4", "input", None, "5")
    outcome = labels.judge([batch, plain], [label("added", "Able 4", "batch input", None, "5")])
    assert [found for _, found in outcome.found] == [batch]
    assert outcome.unlabelled == (plain,)


def test_each_row_finds_one_label_and_each_label_one_row(labels: ModuleType) -> None:
    twins = [row(labels, "added", "able-4", meter, None, "5") for meter in ("input", "input-again")]
    outcome = labels.judge(twins, [label("added", "Able 4", "input", None, "5")])
    assert [found for _, found in outcome.found] == twins[:1]
    assert outcome.unlabelled == (twins[1],)


def test_a_label_for_a_whole_product_covers_its_other_meters(labels: ModuleType) -> None:
    rows = [
        row(labels, "removed", "able-3", "input", "3", None),
        row(labels, "removed", "able-3", "output", "15", None),
        row(labels, "removed", "able-3", "input.cached", "0.3", None),
        row(labels, "removed", "able-2", "input", "1", None),
    ]
    outcome = labels.judge(rows, [label("removed", "Able 3", "all", "3/15", None)])
    assert len(outcome.found) == 2
    assert outcome.covered == (rows[2],)
    assert outcome.unlabelled == (rows[3],)


def test_what_looks_like_a_change_and_is_none_is_a_false_alarm(labels: ModuleType) -> None:
    rows = [row(labels, "removed", "able-4", "input", "2", None)]
    outcome = labels.judge(rows, [label("unchanged", "Able 4", "input", "2", "2")])
    assert outcome.trapped == tuple(rows)


@pytest.mark.parametrize(
    ("amount", "text", "times"),
    [
        ("5", "$5 and $5.00 and 5.5 and 15 and 5,000", 2),
        ("0.02", "$.02, $0.02, 0.020, 0.025, 10.02", 3),
        ("2500", "2,500 and 2500 and 12,500", 2),
    ],
)
def test_a_figure_is_counted_however_it_is_printed(
    labels: ModuleType, amount: str, text: str, times: int
) -> None:
    assert len(re.findall(labels.printed(Decimal(amount)), text)) == times


@pytest.mark.parametrize(
    ("kind", "old", "new", "gone", "came", "borne_out"),
    [
        ("added", None, "5", [], ["| Able 4 | $5 |"], True),
        ("added", None, "5", ["| Able 4 | $5 |"], ["|Able 4|$5|"], False),
        ("added", None, "5", [], ["| Other | $5 |"], False),
        ("removed", "5", None, ["| Able 4 | $5 |"], [], True),
        ("rate_up", "5", "6", ["| Able 4 | $5 |"], ["| Able 4 | $6 |"], True),
        ("rate_up", "5", "6", [], ["| Able 4 | $6 |"], False),
    ],
)
def test_lines_bear_a_row_out(
    labels: ModuleType, kind: str, old: Any, new: Any, gone: list[str], came: list[str],
    borne_out: bool,
) -> None:  # fmt: skip
    announced = row(labels, kind, "able-4", "input", old, new)
    assert labels.is_borne_out(announced, gone, came) is borne_out


# ── The scripts, on a corpus of our own ──────────────────────────────────────────────────────

BEFORE = """# Pricing

Prices per 1M tokens.

| Model | Input | Output |
| --- | --- | --- |
| Able 4 | $5 | $25 |
| Able 4 Mini | $1 | $5 |
"""
PAGES = {
    "a.md": BEFORE,
    "b.md": BEFORE.replace("| $5 | $25 |", "| $4 | $25 |"),
    "c.md": BEFORE.replace("# Pricing", "# Our prices"),
}


@pytest.fixture
def little_corpus(tmp_path: Path) -> Path:
    index = [
        {
            "path": name,
            "page": "Little page",
            "page_url": "https://docs.example/pricing",
            "date": f"2026-0{month}-01T00:00:00Z",
            "format": "md",
            "kind": "pricing",
        }
        for month, name in enumerate(PAGES, 1)
    ]
    truth = {
        "before": "a.md",
        "after": "b.md",
        "rate_change": True,
        "changes": [
            label("rate_down", "Able 4", "input", "5", "4"),
            label("rate_down", "Able 4", "output", "25", "20"),
        ],
    }
    unchanged = [
        {"before": "a.md", "after": "c.md", "tier": "C"},
        {"before": "a.md", "after": "b.md", "tier": "C"},
    ]
    files = {"INDEX.jsonl": index, "TRUTH.jsonl": [truth], "NO_RATE_CHANGE.jsonl": unchanged}
    for name, entries in files.items():
        (tmp_path / name).write_text("\n".join(map(json.dumps, entries)), "utf-8")
    for name, text in PAGES.items():
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def run(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(BENCHMARKS / script), *arguments],
        check=False,
        capture_output=True,
        text=True,
    )


def result(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert done.returncode == 0, done.stderr
    last = done.stdout.splitlines()[-1]
    assert last.startswith("RESULT ")
    found: dict[str, Any] = json.loads(last.removeprefix("RESULT "))
    return found


@pytest.mark.slow
def test_reading_counts_what_was_found_missed_and_announced_without_cause(
    little_corpus: Path,
) -> None:
    done = run("reading.py", "--corpus", str(little_corpus))
    figures = result(done)
    assert (figures["pairs"], figures["recall"], figures["precision"]) == (3, 0.5, 0.5)
    assert figures["false_alarms"] == figures["corrected"]["false_alarms"] == 1
    assert figures["by_format"]["md"]["pairs"] == 3
    assert "MISSED      rate_down: Able 4 · output: 25 → 20 per 1M tokens" in done.stdout
    assert "FALSE ALARM rate_down: able-4 · input: 5 → 4 per 1M tokens" in done.stdout


@pytest.mark.slow
def test_corrections_quote_what_the_pages_say(corpus: Path) -> None:
    text = (BENCHMARKS / "corrections.jsonl").read_text("utf-8")
    for correction in map(json.loads, text.splitlines()):
        pages = {
            side: (corpus / correction[side]).read_text("utf-8") for side in ("before", "after")
        }
        for change in correction["changes"]:
            quotes = {side: change[f"evidence_{side}"] for side in pages}
            assert any(quotes.values())
            assert all(quotes[side] in pages[side] for side in pages)


@pytest.mark.slow
def test_speed_and_memory_are_measured(little_corpus: Path) -> None:
    (little_corpus / "page.html").write_text("<h1>Pricing</h1><p>$5 per image</p>", "utf-8")
    entry = json.loads((little_corpus / "INDEX.jsonl").read_text("utf-8").splitlines()[0])
    with (little_corpus / "INDEX.jsonl").open("a", encoding="utf-8") as index:
        index.write("\n" + json.dumps(entry | {"path": "page.html", "format": "html"}))
    figures = result(run("read_speed.py", "--quick", "--corpus", str(little_corpus)))
    assert figures["ratio"] > 0
    assert figures["memory_ratio"] > 0
    assert figures["compare_ratio"] > 0


@pytest.mark.slow
def test_fees_are_held_against_their_labels(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "gold").mkdir()
    page = (
        "# Fees\n\n- Cards: 2.9% + $0.30 per transaction\n- Transfers: 1% fee\n- Disputes: 3% fee\n"
    )
    (tmp_path / "pages" / "fees.md").write_text(page, "utf-8")
    labels = [
        {
            "is": ["card"],
            "percent": "2.9",
            "plus": "0.30",
            "currency": "USD",
            "unit": "transaction",
        },
        {"is": ["transfer|payout"], "percent": "1"},
        {"is": ["dispute"], "percent": "4"},
        {"is": ["setup"], "percent": "7", "optional": True},
    ]
    gold = {"page": "pages/fees.md", "url": "https://halden.example/fees", "fees": labels}
    (tmp_path / "gold" / "fees.json").write_text(json.dumps(gold), "utf-8")
    done = run("fees.py", "--corpus", str(tmp_path))
    figures = result(done)
    counts = {key: figures[key] for key in ("pages", "labels", "right", "missed", "wrong")}
    assert counts == {"pages": 1, "labels": 3, "right": 2, "missed": 1, "wrong": 1}
    assert "missed {'is': ['dispute']" in done.stdout


@pytest.mark.parametrize("script", ["reading.py", "read_speed.py", "fees.py"])
def test_a_corpus_that_is_not_there_is_named(script: str, tmp_path: Path) -> None:
    done = run(script, "--corpus", str(tmp_path))
    assert done.returncode == 1
    assert "--corpus DIR" in done.stderr


# ── Edits of known outcome ───────────────────────────────────────────────────────────────────

SEAL_PAGE = """---
title: Seals
---
# Pricing

The starter plan costs $41 per month for each seat.

## Seals

| Seal   | Monthly | Yearly  |
| ------ | ------- | ------- |
| Harp   | $3      | $31.50  |
| Hooded | $5      | $52     |
| Ringed | $8      | $83     |

| Extra | Monthly |
| ----- | ------- |
| Ice   | $1      |
| Fish  | $1,234  |
"""
SEAL_HTML = """<html><head><title>Seals $9</title></head><body><h1>Pricing</h1>
<p>The starter plan costs $41 per month for each seat.</p><h2>Seals</h2>
<table><thead><tr><th>Seal</th><th>Monthly</th><th>Yearly</th></tr></thead><tbody>
<tr><td>Harp</td><td>$3</td><td>$31.50</td></tr>
<tr class="x"><td>Hooded</td><td>$5</td><td>$52</td></tr>
<tr><td>Ringed</td><td>$8</td><td>$83</td></tr></tbody></table>
<table><tr><th>Extra</th><th>Monthly</th></tr><tr><td>Ice</td><td>$1</td></tr>
<tr><td>Fish</td><td>$1,234</td></tr></table></body></html>"""


@pytest.fixture
def editing(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    import edits

    return edits


@pytest.mark.parametrize(("text", "is_html"), [(SEAL_PAGE, False), (SEAL_HTML, True)])
def test_prices_and_tables_are_found_in_the_source(
    editing: ModuleType, text: str, is_html: bool
) -> None:
    source = editing.PageSource(text, is_html)
    amounts = [price.amount(text) for price in source.prices]
    assert amounts == list(map(Decimal, ["41", "3", "31.50", "5", "52", "8", "83", "1", "1234"]))
    assert [table.width for table in source.tables] == [3, 2]
    assert [table.priced_columns for table in source.tables] == [(1, 2), (1,)]
    for table in source.tables:
        again = source.replaced(table.start, table.end, table.render(table.rows))
        assert editing.PageSource(again, is_html).tables[0].rows == source.tables[0].rows
        assert amounts == [p.amount(again) for p in editing.PageSource(again, is_html).prices]


@pytest.mark.parametrize(("text", "is_html"), [(SEAL_PAGE, False), (SEAL_HTML, True)])
def test_an_edit_moves_what_it_says_and_nothing_else(
    editing: ModuleType, text: str, is_html: bool
) -> None:
    source = editing.PageSource(text, is_html)
    before = {price.amount(text) for price in source.prices}
    kinds = set()
    for edit in editing.edits(source, editing.KINDS, "seals", each=3):
        kinds.add(edit.kind)
        after = editing.PageSource(edit.text, is_html)
        now = {price.amount(edit.text) for price in after.prices}
        assert before - now <= edit.old, edit.kind
        assert now - before <= edit.new, edit.kind
        if edit.kind in ("amount", "row added", "column added", "price sentence added"):
            assert now - before == edit.new
    assert len(kinds) > 30 - 3 * is_html
    assert len(editing.KINDS) == len(set(editing.KINDS)) >= 35


def test_an_outcome_is_judged_by_the_amounts_that_were_edited(editing: ModuleType) -> None:
    from ratewire.compare import ReadingsCompared
    from ratewire.model import Alteration, ChangeKind, Held, Rate, UnreadChange

    def rate(amount: int) -> Rate:
        return Rate("harp", "price", Decimal(amount), "USD", PER_MILLION)

    up = Alteration(ChangeKind.RATE_UP, rate(3), rate(4))
    other = Alteration(ChangeKind.RATE_UP, rate(8), rate(9))
    amount = editing.Edit("amount", "", frozenset({Decimal(3)}), frozenset({Decimal(4)}))
    row = editing.Edit("row removed", "", frozenset({Decimal(3)}))
    quiet = editing.Edit("title", "")
    unread = UnreadChange("Harp $3", "Harp $4", "Seals", "")
    held = Held("leap", "a leap", settles=True)

    every = frozenset({Decimal(3), Decimal(4)})

    def verdict(
        edit: Any, found: ReadingsCompared, moved: frozenset[Decimal] = every
    ) -> tuple[str, int]:
        what = editing.outcome(edit, found, moved=moved)
        return what.verdict, len(what.beside)

    nothing = ReadingsCompared(None, ())
    assert verdict(amount, ReadingsCompared(None, (up,))) == ("told", 0)
    assert verdict(amount, ReadingsCompared(None, (up, other))) == ("told", 1)
    assert verdict(amount, ReadingsCompared(None, (), (unread,))) == ("unread", 0)
    assert verdict(amount, ReadingsCompared(held, ())) == ("held", 0)
    assert verdict(amount, nothing) == ("silent", 0)
    assert verdict(row, nothing) == ("silent", 0)
    assert verdict(row, nothing, moved=frozenset()) == ("named", 0)
    assert verdict(amount, nothing, moved=frozenset()) == ("silent", 0)
    assert verdict(quiet, nothing) == ("quiet", 0)
    assert verdict(quiet, ReadingsCompared(None, (other,))) == ("false", 0)
    assert verdict(quiet, ReadingsCompared(None, (), (unread,))) == ("false", 0)
    assert verdict(quiet, ReadingsCompared(held, ())) == ("held", 0)


def test_edits_of_a_folder_of_pages(tmp_path: Path) -> None:
    (tmp_path / "seals.md").write_text(SEAL_PAGE)
    (tmp_path / "INDEX.jsonl").write_text(
        json.dumps({"path": "seals.md", "page": "Seals", "page_url": "https://seals.example/"})
    )
    ran = subprocess.run(
        [sys.executable, BENCHMARKS / "edits.py", "--corpus", tmp_path],
        capture_output=True, text=True, timeout=120, check=True, cwd=BENCHMARKS.parent,
        env={**os.environ, "PYTHONPATH": str(BENCHMARKS.parent / "scraper")},
    )  # fmt: skip
    last = ran.stdout.splitlines()[-1]
    assert last.startswith("RESULT ")
    found = json.loads(last.removeprefix("RESULT "))
    assert set(found) == {
        "edits", "told", "unread", "silent", "beside", "quiet", "quiet_false", "quiet_held",
    }  # fmt: skip
    assert found["edits"] == found["told"] > 5, ran.stdout
    assert found["quiet"] > 25
    assert [found[key] for key in ("silent", "beside", "quiet_false", "quiet_held")] == [0] * 4, (
        ran.stdout
    )
