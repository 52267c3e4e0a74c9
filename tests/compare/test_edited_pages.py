"""What must hold of any two captures: locality, completeness, stability, symmetry, no loss.

Over generated pages, over the project's own fixtures, and (slow) over the captures of ../shared.
The edits are those of benchmarks/edit_kinds.py, whose outcome is known.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))

from edit_kinds import KINDS, MOVING, QUIET, Edit, edits  # noqa: E402
from edit_source import Source as PageSource  # noqa: E402
from edits import Page, moved_prices, outcome, pages_of, source_of  # noqa: E402

from ratewire.compare import compare_readings, differences  # noqa: E402
from ratewire.errors import ReadError  # noqa: E402
from ratewire.model import Alteration, Capture, Rate, Reading, Role, Source  # noqa: E402
from ratewire.read import read  # noqa: E402

NOW = datetime(2026, 3, 2, tzinfo=UTC)
ASKED = Source("page", "Page", "Otter", "https://otter.example/pricing")
SHARED = ROOT.parent / "shared"


def reading_of(text: str, is_html: bool) -> Reading:
    kind = "text/html" if is_html else "text/markdown"
    return read(Capture(ASKED.url, text.encode(), NOW, media_type=kind, charset="utf-8"), ASKED)


# ── What must hold ───────────────────────────────────────────────────────────────────────────


def holds(source: PageSource, before: Reading, edit: Edit) -> str:
    """What is wrong with the comparison of a page with itself after an edit; empty: nothing."""
    after = reading_of(edit.text, source.is_html)
    found = compare_readings(before, after, on=NOW.date(), source=ASKED)
    moved = moved_prices(before.figures, after.figures)
    what = outcome(edit, found, moved=moved)
    said = "; ".join(what.said[:5])
    if what.verdict in ("silent", "false") or (what.verdict == "held" and not edit.moves):
        return f"{edit.kind}: {what.verdict}: {said}"
    if what.beside:
        return f"{edit.kind}: news about other prices: {said}"
    return _symmetric(before, after, edit) or _no_loss(after)


def _symmetric(before: Reading, after: Reading, edit: Edit) -> str:
    there, back = _told(before, after), _told(after, before)
    mirrored = Counter({(new, old): count for (old, new), count in back.items()})
    return "" if there == mirrored else f"{edit.kind}: {there} one way, {back} the other"


def _told(before: Reading, after: Reading) -> Counter[tuple[str, str]]:
    found = differences(
        before.facts, after.facts, on=NOW.date(),
        figures=before.figures, later=after.figures, trusting=True,
    )  # fmt: skip
    return Counter((_side(a, 0), _side(a, 1)) for a in found.alterations)


def _side(alteration: Alteration, at: int) -> str:
    fact = (alteration.before, alteration.after)[at]
    return f"{fact.amount.normalize():f}" if isinstance(fact, Rate) else str(fact is not None)


def _no_loss(reading: Reading) -> str:
    """Every rate has a figure; a figure is a rate's or has another role, and says why."""
    printed = {name for figure in reading.figures for name in figure.rates}
    lost = [rate.identity for rate in reading.facts.rates if rate.identity not in printed]
    if lost:
        return f"rates without a figure: {lost[:3]}"
    unexplained = [
        figure
        for figure in reading.figures
        if (figure.role is Role.RATE) != bool(figure.rates)
        or (figure.role is not Role.RATE and not figure.reason)
    ]
    return f"figures without a role: {unexplained[:2]}" if unexplained else ""


# ── Generated pages ──────────────────────────────────────────────────────────────────────────

WORDS = {
    "en": ("Pricing", "Plan", "Monthly price", "Yearly price", "costs", "per month"),
    "de": ("Preise", "Tarif", "Preis pro Monat", "Preis pro Jahr", "kostet", "pro Monat"),
    "fr": ("Tarifs", "Offre", "Prix par mois", "Prix par an", "coûte", "par mois"),
    "es": ("Precios", "Plan", "Precio al mes", "Precio al año", "cuesta", "al mes"),
    "zh": ("价格", "套餐", "每月价格", "每年价格", "费用为", "每月"),
    "ja": ("料金", "プラン", "月額", "年額", "の料金は", "/月"),
}
NAMES = ["Otter", "Heron", "Bramble", "Fern 2", "Moss 3.5", "Teal", "Wren Max", "Plover"]


@st.composite
def pages(draw: st.DrawFn) -> PageSource:
    """A price list whose amounts all differ, in one of several layouts and languages."""
    title, plan, month, year, costs, per_month = WORDS[draw(st.sampled_from(sorted(WORDS)))]
    names = draw(st.lists(st.sampled_from(NAMES), min_size=3, max_size=6, unique=True))
    count = 2 * len(names)
    cents = draw(st.lists(st.integers(105, 99_999), min_size=count, max_size=count, unique=True))
    amounts = [f"${Decimal(c) / 100:,.2f}" for c in cents]
    rows = list(zip(names, amounts[::2], amounts[1::2], strict=True))
    layout = draw(st.sampled_from(["table", "html table", "cards", "sentences", "list"]))
    if layout == "table":
        lines = [f"| {plan} | {month} | {year} |", "|---|---|---|"]
        lines += [f"| {name} | {one} | {two} |" for name, one, two in rows]
        return PageSource(f"# {title}\n\n" + "\n".join(lines) + "\n", False)
    if layout == "html table":
        body = "".join(f"<tr><td>{n}</td><td>{one}</td><td>{two}</td></tr>" for n, one, two in rows)
        head = f"<tr><th>{plan}</th><th>{month}</th><th>{year}</th></tr>"
        return _html(title, f"<table><thead>{head}</thead><tbody>{body}</tbody></table>")
    if layout == "cards":
        card = "<div class='card'><h3>{}</h3><p>{} {}</p><ul><li>E-Mail</li></ul></div>"
        return _html(title, "".join(card.format(name, one, per_month) for name, one, _ in rows))
    mark = "- " if layout == "list" else ""
    gap = "\n" if layout == "list" else "\n\n"
    lines = [f"{mark}{name} {costs} {one} {per_month}." for name, one, _ in rows]
    return PageSource(f"# {title}\n\n{gap.join(lines)}\n", False)


def _html(title: str, body: str) -> PageSource:
    return PageSource(
        f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{body}</body></html>", True
    )


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(pages(), st.sampled_from(KINDS), st.integers(0, 9))
def test_of_any_price_list(source: PageSource, kind: str, seed: int) -> None:
    before = reading_of(source.text, source.is_html)
    assert _no_loss(before) == ""
    for edit in edits(source, [kind], str(seed)):
        assert holds(source, before, edit) == ""


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(pages(), st.lists(st.sampled_from(KINDS), min_size=2, max_size=4, unique=True))
def test_of_many_edits_the_comparison_is_the_same_turned_round(
    source: PageSource, kinds: list[str]
) -> None:
    after = _edited(source, kinds)
    before, now = (reading_of(each.text, each.is_html) for each in (source, after))
    assert _symmetric(before, now, Edit(" + ".join(kinds), after.text)) == ""


TOGETHER = sorted(set(QUIET) - {"table repeated"})


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(pages(), st.lists(st.sampled_from(TOGETHER), min_size=2, max_size=3, unique=True))
def test_of_edits_one_after_another(source: PageSource, kinds: list[str]) -> None:
    """What each of them may do, several may do at once.

    But for a repeated table: another edit may put it under another heading, and there it is another
    table.
    """
    before = reading_of(source.text, source.is_html)
    after = _edited(source, kinds)
    assert holds(source, before, Edit(" + ".join(kinds), after.text)) == ""


def _edited(source: PageSource, kinds: list[str]) -> PageSource:
    for kind in kinds:
        for edit in edits(source, [kind], "0"):
            source = PageSource(edit.text, source.is_html)
    return source


# ── The project's own fixtures ───────────────────────────────────────────────────────────────

FIXTURES = sorted(
    path
    for path in (ROOT / "tests" / "fixtures").rglob("*")
    if path.suffix in (".html", ".md", ".mdx")
)
NOT_YET = {
    "code-fences.md": "the benchmark takes an indented code block for a table",
    "trap-savings.html": "a page of one table: without its column no rate is left, and it is held",
}


def _wrong(page: Page, kinds: tuple[str, ...], seed: str) -> Iterator[str]:
    source = source_of(page)
    if source is None:
        return
    try:
        before = reading_of(source.text, source.is_html)
    except ReadError:
        return
    if lost := _no_loss(before):
        yield lost
    for edit in edits(source, kinds, seed):
        if wrong := holds(source, before, edit):
            yield wrong


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
def test_of_each_fixture(path: Path) -> None:
    """Two kinds of edit of each that move something, and six that do not."""
    if path.name in NOT_YET:
        pytest.xfail(NOT_YET[path.name])
    at = FIXTURES.index(path)
    moving, quiet = (sorted(kinds) * 2 for kinds in (MOVING, QUIET))
    kinds = ("amount", moving[at % 6 + 1], *(quiet[(at + n * 5) % 31] for n in range(6)))
    assert list(_wrong(Page(path.name, path, ASKED.url), kinds, path.name)) == []


# ── The captures of ../shared ────────────────────────────────────────────────────────────────


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.is_dir(), reason=f"{SHARED} is absent")
@pytest.mark.parametrize("folder", ["corpus", "field"])
def test_of_real_captures(folder: str) -> None:
    """One edit in a hundred goes wrong at the most; benchmarks/edits.py names them all."""
    wrong: list[str] = []
    count = 0
    for number, page in enumerate(pages_of(SHARED / folder)):
        kinds = KINDS[number % 7 :: 7]
        count += len(kinds)
        wrong += [f"{page.name}: {each}" for each in _wrong(page, kinds, page.name)]
    assert len(wrong) * 100 <= count, "\n".join(wrong)
