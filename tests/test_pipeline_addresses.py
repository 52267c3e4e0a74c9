"""The owner's and the reader's doing is no news, nor is what another address says."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from test_pipeline import Watch, page

import ratewire.read as read_module
from ratewire import checking, stages
from ratewire.compare import lens
from ratewire.decide import retract_change
from ratewire.model import Capture, HealthState, Hints, Reading, Source, SourceKind
from ratewire.pipeline import Report
from ratewire.read import read, reader_mark

MAIN, MIRROR = "https://lark.example/lark", "https://lark.example/mirror"


@pytest.fixture
def watch(tmp_path: Path, served: Any) -> Watch:
    return Watch(tmp_path / "site", served, "lark")


def set_up(watch: Watch, url: str = MAIN, **more: object) -> None:
    lines = [f'name = "lark"\npublisher = "lark"\nurl = "{url}"\nevery = "1h"']
    lines += [f"{key} = {value!r}" for key, value in more.items()]
    (watch.root / "content" / "sources" / "lark.toml").write_text("\n".join(lines))


def told(watch: Watch) -> list[tuple[str, ...]]:
    return [
        (a.fact.product, *(str(f.amount) for f in (a.before, a.after) if f))  # type: ignore[union-attr]
        for change in watch.job.store.changes("lark")
        for a in change.alterations
    ]


def checks(watch: Watch, times: int = 3) -> Report:
    for _ in range(times):
        report = watch.check()
    return report


def stays(watch: Watch, days: int) -> Report:
    """Looked at twice a day."""
    for _ in range(2 * days):
        report = watch.check(minutes=12 * 60)
    return report


RISE = ("lark-2", "12.00", "14.00")


# ── What a page is read with ─────────────────────────────────────────────────────────────────


SOURCE = Source("lark", "Lark", "lark", MAIN)


@pytest.mark.parametrize(
    "other",
    [
        replace(SOURCE, url=MIRROR),
        replace(SOURCE, alternates=(MIRROR,)),
        replace(SOURCE, kind=SourceKind.LIMITS),
        replace(SOURCE, hints=Hints(unit="image")),
        replace(SOURCE, hints=Hints(aliases={"Lark": "lark-x"})),
    ],
)
def test_the_fingerprint_covers_all_that_a_page_is_read_with(other: Source) -> None:
    assert lens(SOURCE, "1") == lens(replace(SOURCE, name="Larks"), "1")
    assert lens(other, "1") != lens(SOURCE, "1") != lens(SOURCE, "2")


WORDS = Path(read_module.__file__).parent


@pytest.mark.parametrize("name", sorted(file.name for file in WORDS.glob("*.toml")))
def test_it_covers_every_word_that_the_reader_knows(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for file in WORDS.glob("*.toml"):
        shutil.copy(file, tmp_path)
    monkeypatch.setattr(read_module, "files", lambda _: tmp_path)
    before = reader_mark.__wrapped__()
    assert before == reader_mark()
    (tmp_path / name).write_text((tmp_path / name).read_text() + "\n# a word more\n")
    assert reader_mark.__wrapped__() != before


def renamed(name: tuple[str, ...]) -> tuple[str, ...]:
    return (name[0], name[1].replace("output", "result"), *name[2:])


@pytest.fixture
def add_a_word(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From then on pages are read under other names."""

    def renaming(capture: Capture, source: Source) -> Reading:
        found = read(capture, source)
        rates = tuple(
            replace(rate, meter=rate.meter.replace("output", "result"))
            for rate in found.facts.rates
        )
        figures = tuple(
            replace(figure, rates=tuple(map(renamed, figure.rates))) for figure in found.figures
        )
        return replace(found, facts=replace(found.facts, rates=rates), figures=figures)

    def add() -> None:
        monkeypatch.setattr(stages, "read", renaming)
        monkeypatch.setattr(checking, "reader_mark", lambda: "with a word more")

    return add


def test_a_word_added_to_the_vocabulary_is_no_news(
    watch: Watch, add_a_word: Callable[[], None]
) -> None:
    """A change at that time is told all the same."""
    checks(watch)
    watch.served.show("/lark", page("14.00"))
    watch.check()
    add_a_word()
    checks(watch)
    (change,) = watch.job.store.changes("lark")
    (alteration,) = change.alterations
    assert alteration.fact.meter == "result"  # type: ignore[union-attr]
    assert told(watch) == [RISE]


def test_what_was_told_before_is_told_once_whatever_it_is_called_now(
    watch: Watch, add_a_word: Callable[[], None]
) -> None:
    """One change is told, another waits: the page on record does not show the first."""
    checks(watch)
    watch.served.show("/lark", page("14.00"))
    watch.check()
    watch.served.show("/lark", page("14.00", **{"lark-1": "21.00"}))
    watch.check()
    assert told(watch) == [RISE]
    add_a_word()
    checks(watch)
    assert told(watch) == [RISE, ("lark-1", "20.00", "21.00")]


@pytest.mark.parametrize("partly", [False, True])
def test_what_was_retracted_is_told_to_nobody_whatever_it_is_called_now(
    watch: Watch, add_a_word: Callable[[], None], partly: bool
) -> None:
    checks(watch)
    watch.served.show("/lark", page("14.00"))
    watch.check()
    if partly:
        watch.served.show("/lark", page("14.00", **{"lark-1": "21.00"}))
    watch.check()
    (change,) = watch.job.store.changes("lark")
    retract_change(watch.job, change.id, "A mistake of ours.")
    add_a_word()
    checks(watch)
    rest = [("lark-1", "20.00", "21.00")] if partly else []
    assert told(watch) == [RISE, RISE, *rest], "the change, and its retraction"
    snapshot, _ = watch.job.store.load("lark")
    assert snapshot is not None
    assert [str(r.amount) for r in snapshot.facts.rates if r.identity[1] == "result"][1] == "12.00"


# ── Another url ──────────────────────────────────────────────────────────────────────────────


DEARER = page("13.20", **{"lark-1": "22.00"})


def test_another_url_with_other_prices_is_no_news(watch: Watch) -> None:
    checks(watch)
    watch.served.show("/new", DEARER)
    set_up(watch, "https://lark.example/new")
    (first,) = watch.check().outcomes
    assert "is no news" in first.notes[0]
    assert watch.rate() == 12, "until the second look"
    checks(watch)
    assert watch.rate() == (13.2).__class__(13.2) or str(watch.rate()) == "13.20"
    assert told(watch) == []
    watch.served.show("/new", page("14.00", **{"lark-1": "22.00"}))
    checks(watch)
    assert told(watch) == [("lark-2", "13.20", "14.00")]


def test_the_same_page_at_another_url_goes_on_at_once(watch: Watch) -> None:
    checks(watch)
    watch.served.show("/new", page(words="Our prices"))
    set_up(watch, "https://lark.example/new")
    assert watch.check().outcomes[0].notes == ()
    watch.served.show("/new", page("14.00"))
    checks(watch, 2)
    assert told(watch) == [RISE]


def test_a_change_that_comes_between_the_looks_at_the_new_url_is_told(watch: Watch) -> None:
    checks(watch)
    watch.served.show("/new", DEARER)
    set_up(watch, "https://lark.example/new")
    watch.check()
    watch.served.show("/new", page("14.00", **{"lark-1": "22.00"}))
    checks(watch)
    assert told(watch) == [("lark-2", "13.20", "14.00")]


def test_a_change_seen_at_the_old_url_and_at_the_new_one_is_told(watch: Watch) -> None:
    checks(watch)
    watch.served.show("/lark", page("14.00"))
    watch.check()
    watch.served.show("/new", page("14.00", **{"lark-1": "22.00"}))
    set_up(watch, "https://lark.example/new")
    checks(watch)
    assert told(watch) == [RISE]


# ── An alternate ─────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def away(watch: Watch) -> Callable[[], None]:
    """The main address answers 503 from here on; the mirror has other prices."""
    set_up(watch, alternates=[MIRROR])
    watch.served.show("/mirror", page("10.00", **{"lark-1": "18.00"}))
    checks(watch)

    def away() -> None:
        watch.served.pages["/lark"] = (503, "text/plain", b"away")

    return away


def test_older_prices_of_an_alternate_are_for_the_owner(
    watch: Watch, away: Callable[[], None]
) -> None:
    away()
    report = checks(watch, 4)
    (outcome,) = report.outcomes
    assert outcome.health.state is HealthState.HELD
    assert "sources disagree" in outcome.health.detail
    assert "12.00 / 10.00" in outcome.health.detail
    assert report.exit_code == 1
    assert watch.rate() == 12
    watch.served.show("/lark", page())
    assert checks(watch).exit_code == 0
    assert told(watch) == []


def test_a_change_meanwhile_is_told_when_the_main_address_is_back(
    watch: Watch, away: Callable[[], None]
) -> None:
    watch.served.show("/lark", page("14.00"))
    watch.check()
    away()
    checks(watch)
    watch.served.show("/lark", page("14.00", **{"lark-1": "21.00"}))
    watch.check()
    assert told(watch) == [RISE], "seen before the alternate stood in, and after"
    checks(watch)
    assert told(watch) == [RISE, ("lark-1", "20.00", "21.00")]


def test_an_alternate_that_agrees_is_as_good_as_the_page(
    watch: Watch, away: Callable[[], None]
) -> None:
    watch.served.show("/mirror", page() + "<p>A mirror.</p>")
    away()
    assert checks(watch).exit_code == 0
    watch.served.show("/mirror", page("14.00"))
    (outcome,) = stays(watch, days=2).outcomes
    assert "lark-2 output 12.00 / 14.00" in outcome.health.detail
    assert "or it has stayed for 3d" in outcome.health.detail
    assert told(watch) == [], "the page for which it stands in may not move at all"
    assert watch.rate() == 12
    assert stays(watch, days=2).exit_code == 0
    assert told(watch) == [RISE]
    assert watch.rate() == 14
    watch.served.show("/lark", page("14.00"))
    assert checks(watch).exit_code == 0
    assert told(watch) == [RISE]


def test_a_change_that_an_alternate_and_the_page_show_was_seen_twice(
    watch: Watch, away: Callable[[], None]
) -> None:
    watch.served.show("/mirror", page() + "<p>A mirror.</p>")
    away()
    checks(watch)
    watch.served.show("/mirror", page("14.00"))
    checks(watch)
    watch.served.show("/lark", page("14.00"))
    watch.check()
    assert told(watch) == [RISE]


@pytest.mark.parametrize("hours", [2, 30, 70])
def test_an_alternate_that_moves_before_the_page_is_not_believed(
    watch: Watch, away: Callable[[], None], hours: int
) -> None:
    """Nor one that moves alone. When the page moves, that is told, and its own window."""
    watch.served.show("/mirror", page() + "<p>A mirror.</p>")
    away()
    checks(watch)
    watch.served.show("/mirror", page("14.00"))
    assert checks(watch, hours).exit_code == 1
    watch.served.show("/lark", page())
    assert checks(watch).exit_code == 0
    assert told(watch) == []
    watch.served.pages["/lark"] = (503, "text/plain", b"away")
    checks(watch, 3)
    assert told(watch) == [], "what was seen before the page was back counts no more"
    watch.served.show("/lark", page("14.00"))
    checks(watch)
    assert told(watch) == [RISE]


def test_of_an_alternate_that_disagrees_only_its_own_change_is_told(
    watch: Watch, away: Callable[[], None]
) -> None:
    watch.served.show("/mirror", page("12.00", **{"lark-1": "18.00"}))
    away()
    checks(watch, 2)
    watch.served.show("/mirror", page("14.00", **{"lark-1": "17.00"}))
    stays(watch, days=4)
    assert told(watch) == [RISE], "they did not agree on the other one before"
    watch.served.show("/lark", page("14.00"))
    checks(watch)
    assert told(watch) == [RISE]


def test_the_main_address_takes_over_from_an_alternate(watch: Watch) -> None:
    set_up(watch, alternates=[MIRROR])
    watch.served.show("/mirror", page("10.00"))
    watch.served.pages["/lark"] = (503, "text/plain", b"away")
    checks(watch)
    assert watch.rate() == 10
    watch.served.show("/lark", page())
    checks(watch)
    assert watch.rate() == 12
    assert told(watch) == []
    watch.served.show("/lark", page("14.00"))
    checks(watch)
    assert told(watch) == [RISE]


def test_a_broken_page_at_another_address_is_never_compared_with(
    watch: Watch, away: Callable[[], None]
) -> None:
    watch.served.show("/mirror", "<!doctype html><title>Pricing</title><h1>Prices</h1><p>Soon.</p>")
    away()
    (outcome,) = checks(watch).outcomes
    assert outcome.health.state is not HealthState.OK
    watch.served.show("/lark", page())
    checks(watch)
    assert told(watch) == []
