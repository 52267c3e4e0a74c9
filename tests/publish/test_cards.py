"""Pictures of articles and changes: what they say, that they are drawn, and only when they must."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import lumen
import pytest
from hostile_words import PAYLOADS, check_text, hostile_changes
from hypothesis import given, settings
from hypothesis import strategies as st
from lumen import Sample
from PIL import Image, ImageChops, ImageFont

from ratewire.model import (
    Alteration,
    Availability,
    Change,
    ChangeKind,
    Conditions,
    Stage,
    StatedDate,
    Unit,
)
from ratewire.publish import build as building
from ratewire.publish.cards import (
    Card,
    CardStep,
    Style,
    Tone,
    article_card,
    change_card,
    site_card,
    style_of,
)
from ratewire.publish.drawing import Easel
from ratewire.publish.lettering import Type
from ratewire.publish.rendering import MANY, draw_cards
from ratewire.publish.theme import theme_folder
from ratewire.wording.facts import SiteNames
from ratewire.wording.stories import stories

LONG = "A very long headline that goes on about prices, limits, batches and edits, " * 8
MOST_BYTES = 25_000


@pytest.fixture(scope="module")
def style() -> Style:
    return style_of([theme_folder()])


@pytest.fixture(scope="module")
def easel(style: Style) -> Easel:
    return Easel(style)


BLANK = Card("Lumen Watch", "watch.example", "")
STEP = CardStep("Lumen Image 2 image output", "$32.00", "$30.00", "per 1M tokens", "−6.25%")
CARDS = {
    "short": replace(BLANK, title="Prices"),
    "long": replace(BLANK, title=LONG, text=LONG, foot=LONG, tag=LONG[:40]),
    "one word": replace(BLANK, title="w" * 300, text="m" * 300),
    "step": replace(BLANK, title="Image output", tag="Price cut", tone=Tone.GOOD, steps=(STEP,)),
    "untrue": replace(BLANK, title="Image output", tag="Retracted", steps=(STEP,), untrue=True),
    "long step": replace(BLANK, title=LONG, steps=(CardStep(LONG, LONG, LONG, LONG, "+1%"),)),
    "gone": replace(BLANK, title="Image output", steps=(CardStep("Output", "$32.00", ""),)),
    "steps": replace(BLANK, title=LONG, steps=(STEP, STEP, STEP), rest="and 9 more"),
    "long steps": replace(BLANK, title=LONG, steps=(CardStep(LONG, LONG, LONG, LONG, "+1%"),) * 3),
    "site": replace(BLANK, site="", title="Lumen Watch", text=LONG),
    "nothing": Card("", "", ""),
}


def opened(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png))


@pytest.mark.parametrize("card", CARDS.values(), ids=CARDS)
def test_a_card_has_its_size_and_is_small(card: Card, easel: Easel, style: Style) -> None:
    png = easel.draw(card)
    picture = opened(png)
    assert (picture.format, picture.size, picture.mode) == ("PNG", (1200, 630), "P")
    assert len(png) < MOST_BYTES
    assert Easel(style).draw(card) == png


@pytest.mark.parametrize("card", CARDS.values(), ids=CARDS)
def test_nothing_reaches_the_edge(card: Card, easel: Easel) -> None:
    picture = opened(easel.draw(card)).convert("RGB")
    left, top, right, bottom = ImageChops.invert(picture).getbbox() or (600, 300, 600, 300)
    assert left >= 70
    assert right <= 1130
    assert top >= 40
    assert bottom <= 600
    assert picture.crop((0, 510, 1200, 523)).getcolors() == [(1200 * 13, (255, 255, 255))]


@settings(max_examples=60, deadline=None)
@given(st.text(), st.text(), st.sampled_from([(), (STEP,), (STEP, STEP)]))
def test_any_text_makes_a_card(title: str, other: str, steps: tuple[CardStep, ...]) -> None:
    easel = Easel(style_of([theme_folder()]))
    steps = tuple(replace(step, subject=other, before=other, after=title) for step in steps)
    card = Card(other, other, title, other, other, steps=steps, foot=other)
    assert opened(easel.draw(card)).size == (1200, 630)


# ── Characters ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("weight", ["regular", "strong"])
def test_the_typefaces_have_what_sites_write(weight: str, style: Style) -> None:
    face = Type(getattr(style, weight))
    for text in (
        "Žluťoučký kůň, Größe, ação, Việt Nam, İstanbul, łódź",
        "Ξεσκεπάζω την ψυχοφθόρα βδελυγμία",
        "Съешь же ещё этих мягких французских булок, ґєїі",
        "→ ← − ± € £ ¥ ₹ ₩ ₪ × ÷ ≤ ≥ … – — “ ” ‘ ’ « » · • § © ™ ° ½ ✓ µ ²",
    ):
        assert face.known(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Lumen Image 2 🎨", "Lumen Image 2"),
        ("Prices of Lumen (画像)", "Prices of Lumen ()"),
        ("e\u0301te\u0301", "été"),
        ("Prices, prices, עברית", "Prices, prices"),
        ("画像生成の価格", ""),
        ("أسعار", ""),
        ("a\u202eb\u200bcdefg", "abcdefg"),
    ],
)
def test_what_cannot_be_drawn_is_left_out(text: str, shown: str, style: Style) -> None:
    assert Type(style.strong).known(text) == shown


def test_a_title_that_cannot_be_drawn_gives_way_to_what_can(easel: Easel) -> None:
    foreign = replace(BLANK, title="画像生成の価格", foot="1 May 2026")
    named = replace(BLANK, site="", title="Lumen Watch", foot="1 May 2026")
    assert easel.draw(foreign) == easel.draw(named)
    told = replace(foreign, text="What a picture costs.")
    assert easel.draw(told) == easel.draw(replace(BLANK, title=told.text, foot=told.foot))
    figures = replace(foreign, steps=(STEP,))
    assert easel.draw(figures) == easel.draw(replace(figures, title=""))


def test_a_site_may_bring_a_typeface_for_more(tmp_path: Path) -> None:
    (tmp_path / "fonts").mkdir()
    embedded: Any = ImageFont.load_default(24)  # Pillow's own: it has a ligature that ours lacks
    (tmp_path / "fonts" / "more.ttf").write_bytes(embedded.path.getvalue())
    own, theirs = style_of([tmp_path, theme_folder()]), style_of([theme_folder()])
    assert (Type(theirs.strong).known("of\ufb01ce"), Type(own.strong).known("of\ufb01ce")) == (
        "ofce", "of\ufb01ce",
    )  # fmt: skip
    assert own.digest != theirs.digest
    card = replace(BLANK, title="The of\ufb01ce")
    assert Easel(own).draw(card) != Easel(theirs).draw(card)


def test_colours_are_those_of_the_style_sheet(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    sheet = ":root { --paper: #102030; --accent: #abc; --ink: url(x) }\n@media x { --paper: #fff; }"
    (tmp_path / "assets" / "style.css").write_text(sheet)
    style = style_of([tmp_path, theme_folder()])
    colours = dict(style.colours)
    assert colours["paper"] == (0x10, 0x20, 0x30)
    assert colours["accent"] == (0xAA, 0xBB, 0xCC)
    assert colours["ink"] == (0x16, 0x18, 0x1D)
    picture = opened(Easel(style).draw(BLANK)).convert("RGB")
    assert picture.getpixel((0, 0)) == (0x10, 0x20, 0x30)


# ── Words ────────────────────────────────────────────────────────────────────────────────────

WHEN = datetime(2026, 6, 18, 10, tzinfo=UTC)
DRAFT = Availability("lumen-draft", Stage.PREVIEW)


def card_of(sample: Sample, change: Change, *later: Change) -> Card:
    (story,) = stories([change, *later], SiteNames.of(sample.site))
    return change_card(sample.site.settings, story)


def altered(kind: ChangeKind, *pairs: Any) -> Change:
    alterations = tuple(Alteration(kind, before, after, step) for before, after, step in pairs)
    return lumen.change("c", kind, WHEN, *alterations, source="lumen-pricing")


def output(amount: str, **more: Any) -> Any:
    return lumen.rate("lumen-image-2", "image.output", amount, **more)


def test_a_changed_rate_shows_before_and_after(sample: Sample) -> None:
    card = card_of(sample, lumen.moved("c", WHEN, "image.output", "32.00", "30.00"))
    assert card == Card(
        site="Lumen Watch",
        host="watch.example",
        title="Lumen Image 2 image output",
        tag="Price cut",
        tone=Tone.GOOD,
        steps=(
            CardStep("Lumen Image 2 image output", "$32.00", "$30.00", "per 1M tokens", "−6.25%"),
        ),
        foot="18 June 2026 · Lumen pricing",
    )


@pytest.mark.parametrize(
    ("change", "step"),
    [
        pytest.param(
            altered(ChangeKind.ADDED, (None, output("30.00"), None)),
            ("", "$30.00", "per 1M tokens", ""),
            id="added",
        ),
        pytest.param(
            altered(ChangeKind.REMOVED, (output("30.00"), None, None)),
            ("$30.00", "", "per 1M tokens", ""),
            id="removed",
        ),
        pytest.param(
            altered(
                ChangeKind.UNIT, (output("30.00"), output("0.04", unit=Unit.of("image")), None)
            ),
            ("$30.00", "$0.04", "per image, was per 1M tokens", ""),
            id="another unit",
        ),
        pytest.param(
            altered(
                ChangeKind.AVAILABILITY,
                (
                    DRAFT,
                    replace(DRAFT, stage=Stage.RETIRED, shutdown_on=StatedDate(date(2026, 7, 1))),
                    None,
                ),
            ),
            ("Preview", "Retired", "Shutdown 1 July 2026", ""),
            id="availability",
        ),
    ],
)
def test_each_kind_says_what_was_and_what_is(
    sample: Sample, change: Change, step: tuple[str, ...]
) -> None:
    (shown,) = card_of(sample, change).steps
    assert (shown.before, shown.after, shown.note, shown.percent) == step


def test_several_alterations_are_counted(sample: Sample) -> None:
    pairs = [
        (output("2.00", size=str(n)), output("1.00", size=str(n)), Decimal(-50)) for n in range(5)
    ]
    card = card_of(sample, altered(ChangeKind.RATE_DOWN, *pairs))
    assert card.title.startswith("5 rates of Lumen Image 2 fell by 50%")
    assert (len(card.steps), card.rest) == (3, "and 2 more")


def test_a_retracted_change_says_so(sample: Sample) -> None:
    _, wrong, back, *_ = lumen.changes()
    card = card_of(sample, wrong, back)
    assert (card.tag, card.tone, card.untrue) == ("Retracted", Tone.PLAIN, True)


def test_hostile_words_are_bounded_and_plain(sample: Sample) -> None:
    hostile = replace(
        output("1.00"),
        product="\u202eevil\x00" * 400,
        conditions=Conditions.of({"size": "x" * 900}),
    )
    change = altered(ChangeKind.RATE_DOWN, (hostile, replace(hostile, amount=Decimal(2)), None))
    cards = [
        card_of(sample, change),
        article_card(sample.site.settings, "\u202e\x00a" * 999, "\u2066b\n" * 999, None),
    ]
    for card in cards:
        words = [card.title, card.text, *(w for s in card.steps for w in (s.subject, s.before))]
        assert all(len(text) <= 400 and text.replace("…", "").isprintable() for text in words)


def test_no_payload_gets_into_a_picture_or_breaks_it(sample: Sample, easel: Easel) -> None:
    """Pictures have no markup: what counts is that every card is drawn, bounded and plain."""
    for name, payload in PAYLOADS.items():
        cards = [
            *(card_of(sample, change) for change in hostile_changes(payload)),
            article_card(sample.site.settings, payload, payload, None),
        ]
        for card in cards:
            shown = [card.title, card.text, card.tag, card.foot, card.rest]
            shown += [w for s in card.steps for w in (s.subject, s.before, s.after, s.note)]
            for text in shown:
                assert len(text) <= 700, name
                check_text(text)
        assert easel.draw(cards[0]).startswith(b"\x89PNG"), name
        assert easel.draw(cards[-1]).startswith(b"\x89PNG"), name


# ── In a build ───────────────────────────────────────────────────────────────────────────────


def meta(html: str) -> dict[str, str]:
    return dict(
        re.findall(r'<meta (?:property|name)="((?:og|twitter):[^"]+)" content="([^"]*)"', html)
    )


PAGES = {
    "articles/what-an-image-costs": "articles/what-an-image-costs/card.png",
    "faq": "faq/card.png",
    "changes/c-cut-2": "changes/c-cut-2/card.png",
    "changes": "card.png",
    "products/lumen-image-2": "card.png",
    ".": "card.png",
}


@pytest.mark.parametrize(("page", "file"), PAGES.items())
def test_a_page_names_its_card(built: Path, page: str, file: str) -> None:
    html = (built / page / "index.html").read_text()
    said = meta(html)
    url, _, mark = said["og:image"].partition("?v=")
    assert url == f"https://watch.example/lumen/{file}"
    assert re.fullmatch("[0-9a-f]{12}", mark)
    picture = Image.open(built / file)
    assert (said["og:image:width"], said["og:image:height"]) == tuple(map(str, picture.size))
    assert said["og:image:alt"]
    assert said["twitter:card"] == "summary_large_image"
    (schema,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    thing = json.loads(schema)["@graph"][0]
    if thing["@type"] in {"Article", "NewsArticle"}:
        assert thing["image"]["url"] == said["og:image"]
        assert (thing["image"]["width"], thing["image"]["height"]) == picture.size


def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Titles of the cards that are drawn from now on."""
    titles: list[str] = []

    def draw(cards: Sequence[Card], style: Style) -> Any:
        titles.extend(card.title for card in cards)
        return draw_cards(cards, style)

    monkeypatch.setattr(building, "draw_cards", draw)
    return titles


def test_only_a_card_that_shows_something_else_is_drawn(
    sample: Sample, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    out = sample.build().out
    titles = drawn(monkeypatch)
    file = sample.site.content / "articles" / "what-an-image-costs.md"
    file.write_text(file.read_text().rstrip() + "\n\nAnd one more word.\n")
    assert sample.build().rendered
    assert titles == []
    assert (out / "articles/what-an-image-costs/card.png").exists()
    before = (out / "articles/what-an-image-costs/index.html").read_text()
    file.write_text(file.read_text().replace("What one Lumen image costs", "What one costs"))
    sample.build()
    assert titles == ["What one costs"]
    after = (out / "articles/what-an-image-costs/index.html").read_text()
    assert meta(before)["og:image"] != meta(after)["og:image"]
    whole = sample.build(out=tmp_path / "whole").out
    for card in whole.rglob("card.png"):
        assert card.read_bytes() == (out / card.relative_to(whole)).read_bytes()


def test_a_card_goes_with_its_page(sample: Sample) -> None:
    out = sample.build().out
    (sample.site.content / "articles" / "plain-words.md").unlink()
    sample.build()
    assert not (out / "articles/plain-words/card.png").exists()
    assert (out / "articles/what-an-image-costs/card.png").exists()


def test_a_static_file_stands_for_a_card(sample: Sample) -> None:
    out = sample.build().out
    ours = (out / "card.png").read_bytes()
    static = sample.site.root / "static" / "card.png"
    static.parent.mkdir(exist_ok=True)
    static.write_bytes(b"theirs")
    sample.build()
    assert (out / "card.png").read_bytes() == b"theirs"
    static.unlink()
    sample.build()
    assert (out / "card.png").read_bytes() == ours


def test_a_site_may_do_without(sample: Sample) -> None:
    site = replace(sample.site, settings=replace(sample.site.settings, cards=False))
    out = Sample(site, sample.store).build().out
    assert not list(out.rglob("card.png"))
    html = (out / "changes/c-cut-2/index.html").read_text()
    assert meta(html)["twitter:card"] == "summary"
    assert "og:image" not in html
    assert "ImageObject" not in html


def test_the_site_has_a_card_of_its_own(sample: Sample, built: Path, easel: Easel) -> None:
    card = site_card(sample.site.settings)
    assert (card.title, card.host) == ("Lumen Watch", "watch.example")
    assert (built / "card.png").read_bytes() == easel.draw(card)


NOTHING_TO_DO = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import lumen
from ratewire.config.load import load_site
from ratewire.record import DirectoryStore
site = load_site(Path(sys.argv[2]))
report = lumen.Sample(site, DirectoryStore(site.snapshots)).build()
print(report.written, "PIL" in sys.modules)
"""
HELP = """
import sys
from ratewire.cli import app
try:
    app(["--help"])
except SystemExit as left:
    print(left.code, "PIL" in sys.modules)
"""


def test_what_draws_nothing_loads_no_library_of_pictures(sample: Sample) -> None:
    sample.build()
    here = str(Path(__file__).parent)
    for code, said in ((NOTHING_TO_DO, "0 False"), (HELP, "0 False")):
        command = [sys.executable, "-c", code, here, str(sample.site.root)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert done.stdout.splitlines()[-1] == said


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
def test_any_number_of_processes_draws_the_same(style: Style, easel: Easel, workers: int) -> None:
    cards = [replace(BLANK, title=f"Number {number}") for number in range(MANY + 5)]
    pictures = list(draw_cards(cards, style, workers=workers))
    assert pictures == [easel.draw(card) for card in cards]
