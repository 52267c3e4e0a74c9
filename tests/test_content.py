"""The site that ships: its settings load, and its articles hold with a fact and without it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from ratewire.config import Site
from ratewire.config.load import load_site
from ratewire.config.toml import read_front_matter
from ratewire.model import (
    Availability,
    Change,
    Conditions,
    Facts,
    Limit,
    Pending,
    Rate,
    Snapshot,
    Stage,
    StatedDate,
    Unit,
)
from ratewire.publish.articles import Article, live, load_articles
from ratewire.publish.figures import Figures
from ratewire.publish.ledger import Ledger
from ratewire.publish.pages import plan
from ratewire.publish.theme import Theme

ROOT = Path(__file__).parent.parent
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TOKENS, IMAGE = Unit.parse("1M tokens"), Unit.parse("image")
METERS = ("text.input", "text.input.cached", "image.input", "image.input.cached", "image.output")
TYPED_PRICE = re.compile(r"[$€£¥]\s?\d|\d\s?(?:USD|dollars|cents)\b")


@pytest.fixture(scope="module")
def site() -> Site:
    return load_site(ROOT)


class Told:
    """A store that holds the facts given, by source, and nothing else."""

    def __init__(self, facts: Mapping[str, Facts]) -> None:
        self.facts = facts

    def sources(self) -> tuple[str, ...]:
        return tuple(self.facts)

    def load(self, source_id: str, /) -> tuple[Snapshot | None, Pending | None]:
        if source_id not in self.facts:
            return None, None
        url = "https://example.com"
        return Snapshot(source_id, self.facts[source_id], "0" * 64, url, NOW, "1"), None

    def changes(self, source_id: str | None = None, /) -> tuple[Change, ...]:
        return ()

    def health(self, source_id: str, /) -> None:
        return None

    def owners(self) -> Mapping[str, str]:
        return {}


def token_rates(product: str, tier: str, prices: str, *, text_out: str = "") -> Iterable[Rate]:
    pairs = [*zip(METERS, prices.split(), strict=True)]
    if text_out:
        pairs.append(("text.output", text_out))
    for meter, amount in pairs:
        held = Conditions.of(tier=tier)
        yield Rate(product, meter, Decimal(amount), "USD", TOKENS, held)


def image_rates(product: str, *prices: str) -> Iterable[Rate]:
    """One word of three prices (square, portrait, landscape) for each quality."""
    sizes = ("1024x1024", "1024x1536", "1536x1024")
    for quality, row in zip(("low", "medium", "high"), prices, strict=True):
        for size, amount in zip(sizes, row.split(), strict=True):
            held = Conditions.of(size=size, quality=quality)
            yield Rate(product, "image.output", Decimal(amount), "USD", IMAGE, held)


# Made-up prices: what is tested is that the words hold, whatever the figures.
MAIN = tuple(token_rates("gpt-image-2", "standard", "5 1.25 8 2 30"))
BATCH = tuple(token_rates("gpt-image-2", "batch", "2.5 0.625 4 1 15"))
UNEVEN = tuple(token_rates("gpt-image-2", "batch", "3 0.7 4 1 17"))
OLDER = (
    *token_rates("gpt-image-1.5", "standard", "5 1.25 8 2 32", text_out="10"),
    *token_rates("gpt-image-1", "standard", "5 1.25 10 2.5 40"),
    *token_rates("gpt-image-1-mini", "standard", "2 0.2 2.5 0.25 8"),
)
PER_IMAGE = (
    *image_rates("gpt-image-2", "0.006 0.005 0.005", "0.053 0.041 0.041", "0.211 0.165 0.165"),
    *image_rates("gpt-image-1.5", "0.009 0.013 0.013", "0.034 0.05 0.05", "0.133 0.2 0.2"),
    *image_rates("gpt-image-1", "0.011 0.016 0.016", "0.042 0.063 0.063", "0.167 0.25 0.25"),
)
NEWER = tuple(token_rates("gpt-image-2.6-sunburst", "standard", "5 1.25 8 2 30"))
TEXT_OUT = Rate(
    "gpt-image-2", "text.output", Decimal(10), "USD", TOKENS, Conditions.of(tier="standard")
)
ENDS = tuple(
    Availability(product, Stage.DEPRECATED, StatedDate.parse("2026-06-02"), day, "gpt-image-2")
    for product, day in (
        ("gpt-image-1", StatedDate.parse("2026-10-23")),
        ("gpt-image-1.5", StatedDate.parse("2026-12-01")),
    )
)
END = Availability(
    "gpt-image-2",
    Stage.DEPRECATED,
    StatedDate.parse("2027-01-05"),
    StatedDate.parse("2027-07-05"),
)
LIMITS = (
    Limit("gpt-image-2", "ipm", Decimal(5), "tier-1"),
    Limit("gpt-image-2", "tpm", Decimal(100_000), "tier-1"),
)

WORLDS: Mapping[str, Mapping[str, Facts]] = {
    "only the five rates": {"openai-pricing": Facts(rates=MAIN)},
    "no prices per image": {"openai-pricing": Facts(rates=MAIN + BATCH + OLDER)},
    "no batch, no older token rates": {
        "openai-pricing": Facts(rates=MAIN),
        "openai-image-guide": Facts(rates=PER_IMAGE),
        "openai-deprecations": Facts(availability=ENDS),
    },
    "all but what is new": {
        "openai-pricing": Facts(rates=MAIN + BATCH + OLDER),
        "openai-image-guide": Facts(rates=PER_IMAGE),
        "openai-deprecations": Facts(availability=ENDS),
    },
    "all, with an end, limits and newer models": {
        "openai-pricing": Facts(rates=(*MAIN, *UNEVEN, *OLDER, *NEWER, TEXT_OUT)),
        "openai-image-guide": Facts(rates=PER_IMAGE),
        "openai-deprecations": Facts(availability=(*ENDS, END)),
        "openai-gpt-image-2": Facts(limits=LIMITS),
    },
}


def article_files() -> list[Path]:
    return sorted((ROOT / "content").glob("*.md")) + sorted((ROOT / "content/articles").glob("*"))


def words(site: Site, facts: Mapping[str, Facts]) -> Mapping[str, str]:
    """Each article's Markdown, with a token for each figure, by the article's address."""
    articles = load_articles(site.content)
    ledger = Ledger(site, Told(facts), now=NOW, checked={})
    paths = {page.path for page in plan(ledger, articles)}

    def text(article: Article) -> str:
        theme = Theme(site).speaking(article.language)
        figures = Figures(ledger.listen(), theme, article.path, paths)
        _, body, first_line = read_front_matter(Path(article.file))
        return live(body, figures, Path(article.file), first_line)

    return {article.path: text(article) for article in articles}


@pytest.mark.parametrize("world", WORLDS)
def test_every_article_can_be_told(site: Site, world: str) -> None:
    told = words(site, WORLDS[world])
    assert "/articles/gpt-image-2-api-pricing-availability/" in told
    for path, text in told.items():
        lines = text.splitlines()
        for number, line in enumerate(lines):
            where = f"{path}: {line!r}"
            # A tag at the end of a line takes the line's end with it.
            assert not re.search(r"[^#\s]#+ |[.:]- |\|\|", line), where
            after = lines[number + 1] if number + 1 < len(lines) else ""
            if line.startswith("|") and after:
                assert after.startswith("|"), f"{where} runs into {after!r}"
            if line.startswith("#") and number:
                assert not lines[number - 1].strip(), f"{where} has no empty line above it"


@pytest.mark.parametrize(
    ("world", "path", "said"),
    [
        ("only the five rates", "/faq/", "OpenAI's table has a dash"),
        ("only the five rates", "/articles/gpt-image-2-cost-per-image/", "prints none"),
        ("only the five rates", "/articles/gpt-image-2-batch-or-standard/", "prints none"),
        ("only the five rates", "/articles/gpt-image-2-rate-limits-and-tiers/", "no reading"),
        ("all but what is new", "/articles/gpt-image-2-batch-or-standard/", "the same share"),
        ("all but what is new", "/articles/gpt-image-2-cost-per-image/", "| Medium |"),
        ("only the five rates", "/de/articles/gpt-image-2-cost-per-image/", "statt einer alten"),
        ("all but what is new", "/de/articles/gpt-image-2-cost-per-image/", "| Mittel |"),
        ("all, with an end, limits and newer models", "/faq/", "As OpenAI's pages state them"),
        (
            "all, with an end, limits and newer models",
            "/articles/gpt-image-2-batch-or-standard/",
            "not all reduced by the same share",
        ),
        (
            "all, with an end, limits and newer models",
            "/articles/gpt-image-2-api-pricing-availability/",
            "Text output is priced as well",
        ),
    ],
)
def test_prose_follows_the_facts(site: Site, world: str, path: str, said: str) -> None:
    assert said in words(site, WORLDS[world])[path]


@pytest.mark.parametrize("file", article_files(), ids=lambda file: file.name)
def test_no_price_is_typed_in(file: Path) -> None:
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        assert not TYPED_PRICE.search(line), f"{file}:{number}: {line.strip()}"


def test_the_faq_answers_what_readers_ask(site: Site) -> None:
    (faq,) = [one for one in load_articles(site.content) if one.faq]
    assert len(re.findall("^## ", Path(faq.file).read_text("utf-8"), re.M)) >= 16
