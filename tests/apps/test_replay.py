"""Dated captures through the whole job on a simulated clock."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest

from ratewire.apps.replay import ReplayStep, histories, replay
from ratewire.config.load import load_site
from ratewire.errors import ConfigError
from ratewire.fetch.saved import date_of, media_type
from ratewire.model import ChangeKind, HealthState, Rate, Unit
from ratewire.pipeline import Job

DEMO = Path(__file__).parents[2] / "demo"
ATOM = "{http://www.w3.org/2005/Atom}"


def page(price: str) -> str:
    return (
        "# Pricing\n\nPrices per 1M tokens.\n\n| Model | Input | Output |\n| --- | --- | --- |\n"
        f"| lark-2 | $3.00 | ${price} |\n| lark-1 | $5.00 | $15.00 |\n"
    )


def write(folder: Path, **prices: str) -> Path:
    """`d2026_03_01a="9.00"` is the page of that day at that price."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, price in prices.items():
        day = name[1:11].replace("_", "-")
        (folder / f"{day}_{name[11:] or 'x'}.md").write_text(page(price))
    return folder


def told(steps: Sequence[ReplayStep]) -> list[tuple[str, str]]:
    """Day and kind of each change that was confirmed."""
    return [
        (f"{step.at:%m-%d}", change.kind.value)
        for step in steps
        for outcome in step.report.outcomes
        for change in outcome.changes
    ]


def entries(site: Path) -> list[str]:
    feed = ElementTree.fromstring((site / "site" / "feeds" / "all.atom").read_text("utf-8"))
    return [str(entry.findtext(f"{ATOM}title")) for entry in feed.iter(f"{ATOM}entry")]


@pytest.mark.slow
def test_the_demo_goes_from_page_to_feed(tmp_path: Path) -> None:
    steps = list(replay(DEMO, tmp_path / "out"))
    assert told(steps) == [
        ("03-02", "rate_down"),
        ("03-16", "added"),
        ("04-01", "availability"),
    ], "the redesign, the wall and the typo are told to nobody"
    states = {
        f"{step.at:%m-%d}": outcome.health.state
        for step in steps
        for outcome in step.report.outcomes
    }
    assert states["02-09"] is HealthState.BLOCKED
    assert states["02-10"] is HealthState.OK
    titles = entries(tmp_path / "out")
    assert len(titles) == 3
    assert any("Aurora 2" in title for title in titles)
    article = tmp_path / "out" / "site" / "articles" / "what-aurora-2-costs" / "index.html"
    assert "$9.60" in article.read_text("utf-8")


def test_a_change_is_found_then_confirmed_at_the_second_look(tmp_path: Path) -> None:
    folder = write(tmp_path / "lark", d2026_03_01="12.00", d2026_03_05="9.00")
    steps = list(replay(folder, tmp_path / "out"))
    assert [(step.at.day, step.at.hour, step.at.minute) for step in steps] == [
        (1, 0, 0),
        (1, 0, 30),
        (5, 0, 0),
        (5, 0, 30),
    ]
    assert steps[2].report.outcomes[0].pending is not None
    assert told(steps) == [("03-05", "rate_down")]
    (title,) = entries(tmp_path / "out")
    assert "$9.00" in title
    store = Job.of(load_site(tmp_path / "out")).store
    (change,) = store.changes()
    assert change.kind is ChangeKind.RATE_DOWN
    assert change.recorded_at == datetime(2026, 3, 5, 0, 30, tzinfo=UTC)


def test_what_is_gone_before_the_second_look_is_not_told(tmp_path: Path) -> None:
    folder = write(tmp_path / "lark", d2026_03_01="12.00")
    (folder / "2026-03-02T0900.md").write_text(page("1.20"))
    (folder / "2026-03-02T0910.md").write_text(page("12.00"))
    assert told(list(replay(folder, tmp_path / "out"))) == []


def test_captures_of_one_day_are_each_looked_at_twice(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "lark", d2026_03_01a="12.00", d2026_03_01b="9.00", d2026_03_01c="8.00"
    )
    steps = list(replay(folder, tmp_path / "out"))
    assert told(steps) == [("03-01", "rate_down"), ("03-01", "rate_down")]
    assert [len(step.served) for step in steps] == [1, 0, 1, 0, 1, 0]


def test_several_pages_share_one_clock(tmp_path: Path) -> None:
    write(tmp_path / "all" / "lark", d2026_03_01="12.00", d2026_03_05="9.00")
    write(tmp_path / "all" / "wren", d2026_03_03="7.00", d2026_03_09="8.00")
    (tmp_path / "all" / "wren.toml").write_text(
        'name = "Wren"\npublisher = "Wren"\nurl = "https://wren.example/p"\n'
        '[hints]\nproducts = ["lark-2"]\n'
    )
    steps = list(replay(tmp_path / "all", tmp_path / "out"))
    assert told(steps) == [("03-05", "rate_down"), ("03-09", "rate_up")]
    assert [step.at for step in steps] == sorted(step.at for step in steps)
    snapshot, _ = Job.of(load_site(tmp_path / "out")).store.load("wren")
    assert snapshot is not None
    assert {rate.product for rate in snapshot.facts.rates} == {"lark-2"}
    assert snapshot.url == "https://wren.example/p"


def test_the_second_look_waits_as_long_as_it_is_told(tmp_path: Path) -> None:
    folder = write(tmp_path / "lark", d2026_03_01="12.00", d2026_03_05="9.00")
    steps = list(replay(folder, tmp_path / "out", apart="10m"))
    assert steps[1].at - steps[0].at == timedelta(minutes=10)
    assert told(steps) == [], "ten minutes are too soon for the site's settings"


def test_what_is_held_waits_or_is_accepted(tmp_path: Path) -> None:
    folder = write(tmp_path / "lark", d2026_03_01="12.00")
    (folder / "2026-03-05.md").write_text(page("12.00").replace("$", "€"))
    waited = list(replay(folder, tmp_path / "a"))
    assert waited[-1].report.outcomes[0].health.state is HealthState.HELD
    assert told(waited) == []
    accepted = list(replay(folder, tmp_path / "b", accept_held=True))
    assert {day for day, _ in told(accepted)} == {"03-05"}
    assert entries(tmp_path / "b")


@pytest.mark.parametrize(
    ("name", "at"),
    [
        ("2026-03-01.html", "2026-03-01T00:00"),
        ("2026-03-01_ab12.html", "2026-03-01T00:00"),
        ("2026-03-01T0930.md", "2026-03-01T09:30"),
        ("2026-03-01T09:30_x.md", "2026-03-01T09:30"),
        ("pricing.html", None),
        ("20260301.html", None),
    ],
)
def test_dates_in_names(name: str, at: str | None) -> None:
    expected = None if at is None else datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert date_of(Path(name)) == expected


def test_a_day_that_there_is_not_is_named() -> None:
    with pytest.raises(ConfigError, match="2026-02-30"):
        date_of(Path("2026-02-30_x.html"))


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.HTML", "text/html"), ("a.mdx", "text/markdown"), ("a.markerb", "text/markdown"),
     ("a.json", "application/json"), ("a.xml", "application/xml"), ("a", ""), ("a.xyz", "")],
)  # fmt: skip
def test_media_types_follow_endings(name: str, kind: str) -> None:
    assert media_type(Path(name)) == kind


def test_a_folder_without_history_says_how_to_make_one(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("x")
    with pytest.raises(ConfigError, match="2026-03-01_pricing"):
        histories(tmp_path)


def test_a_replay_starts_from_nothing(tmp_path: Path) -> None:
    folder = write(tmp_path / "lark", d2026_03_01="12.00")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "kept").write_text("mine")
    with pytest.raises(ConfigError, match="is not empty"):
        list(replay(folder, tmp_path / "out"))
    assert (tmp_path / "out" / "kept").read_text() == "mine"


def test_captures_of_a_site_belong_to_its_sources(tmp_path: Path) -> None:
    shutil.copytree(DEMO, tmp_path / "site")
    (tmp_path / "site" / "captures" / "northlight-pricing").rename(
        tmp_path / "site" / "captures" / "other"
    )
    with pytest.raises(ConfigError, match="captures/other is of no source"):
        list(replay(tmp_path / "site", tmp_path / "out"))


# ── Real pages ───────────────────────────────────────────────────────────────────────────────

STANDARD = {
    "text.input": "5.00", "text.input.cached": "1.25", "image.input": "8.00",
    "image.input.cached": "2.00", "image.output": "30.00",
}  # fmt: skip
BATCH = {
    "text.input": "2.50", "text.input.cached": "0.625", "image.input": "4.00",
    "image.input.cached": "1.00", "image.output": "15.00",
}  # fmt: skip


@pytest.mark.slow
def test_the_real_pricing_page_gives_exactly_the_official_rates(
    corpus: Path, tmp_path: Path
) -> None:
    (capture,) = (corpus / "lzc0403+token-pricing-scraper" / "openai_pricing_raw").iterdir()
    folder = tmp_path / "history"
    folder.mkdir()
    shutil.copy(capture, folder / capture.name)
    list(replay(folder, tmp_path / "out"))
    snapshot, _ = Job.of(load_site(tmp_path / "out")).store.load("history")
    assert snapshot is not None
    ours: dict[str, dict[str, Rate]] = {}
    for rate in snapshot.facts.rates:
        if rate.product == "gpt-image-2":
            ours.setdefault(rate.conditions.get("tier"), {})[rate.meter] = rate
    assert set(ours) == {"standard", "batch"}
    for tier, wanted in (("standard", STANDARD), ("batch", BATCH)):
        assert {m: r.amount for m, r in ours[tier].items()} == {
            meter: Decimal(amount) for meter, amount in wanted.items()
        }
        assert {(r.currency, r.unit) for r in ours[tier].values()} == {
            ("USD", Unit.parse("1M tokens"))
        }


@pytest.mark.slow
def test_a_real_history_runs_through_to_its_end(corpus: Path, tmp_path: Path) -> None:
    series = corpus / "piercecohen1+openai-docs" / "openai-pricing"
    steps = list(replay(series, tmp_path / "out"))
    assert len(steps) == 2 * len(list(series.iterdir()))
    assert (tmp_path / "out" / "site" / "index.html").is_file()
    api = json.loads((tmp_path / "out" / "site" / "api" / "v1" / "rates.json").read_text("utf-8"))
    assert len(api["rates"]) > 50
