"""What an owner should look at: articles whose facts moved after their last review, and prices that
were typed into prose instead of being called for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ratewire.config.toml import read_front_matter, read_text
from ratewire.publish.articles import Article, article_files, load_articles, render
from ratewire.publish.figures import Figures
from ratewire.publish.ledger import Ledger
from ratewire.publish.pages import plan
from ratewire.publish.theme import Theme
from ratewire.publish.views import moved_since
from ratewire.wording.stories import Story

__all__ = ["StaleArticle", "TypedPrice", "stale_articles", "typed_prices"]

_LIVE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.S)
_CODE = re.compile(r"^(```|~~~).*?^\1|`[^`\n]+`", re.S | re.M)
_NUMBER, _SPACE = r"\d(?:[\d.,]*\d)?", r"[ \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]?"
_PRICE = re.compile(
    rf"(?:[$€£¥₹]|\b(?:USD|EUR|GBP|JPY|CNY|INR)){_SPACE}{_NUMBER}"
    rf"|\b{_NUMBER}{_SPACE}(?:(?:USD|EUR|GBP|dollars?|euros?|cents?)(?!\w)|[¢$€£¥₹](?!{_SPACE}\d))",
    re.IGNORECASE,
)
"""As any language writes them: $1.50, 1,50 $, 1,50 Euro."""


@dataclass(frozen=True, slots=True)
class StaleArticle:
    """An article and the changes of what it says since it was last reviewed, newest first."""

    article: Article
    moved: tuple[Story, ...]


@dataclass(frozen=True, slots=True)
class TypedPrice:
    """A price in prose; `line` is the file's."""

    file: Path
    line: int
    text: str
    remedy: str


def stale_articles(ledger: Ledger) -> tuple[StaleArticle, ...]:
    """Raises BuildError where an article cannot be rendered."""
    theme = Theme(ledger.site)
    articles = load_articles(ledger.site.content, language=ledger.site.settings.language)
    paths = frozenset(page.path for page in plan(ledger, articles))
    found = []
    for article in articles:
        figures = Figures(ledger.listen(), theme.speaking(article.language), article.path, paths)
        render(article, figures)
        if moved := moved_since(figures, article.reviewed):
            found.append(StaleArticle(article, moved))
    return tuple(found)


def typed_prices(content: Path) -> tuple[TypedPrice, ...]:
    """Prices in the prose and titles of articles and in the words of products; code and calls for
    figures do not count.

    Raises ConfigError where front matter is broken.
    """
    found = [
        TypedPrice(Path(file), line, price, "call for it instead")
        for file, _ in article_files(content)
        for line, price in _typed(_parts(Path(file)))
    ]
    found += [
        TypedPrice(file, line, price, "leave it out, the page shows what holds")
        for file in sorted((content / "products").glob("*.md"))
        for line, price in _typed(_words_of(file))
    ]
    return tuple(found)


Parts = tuple[tuple[int, str], ...]
"""Texts, each with its first line in the file."""


def _parts(file: Path) -> Parts:
    front, body, first = read_front_matter(file)
    return (front.first, front.text), (first, body)


def _words_of(product: Path) -> Parts:
    """A translation is words alone."""
    text = read_text(product)
    return _parts(product) if text.startswith("+++") else ((1, text),)


def _typed(parts: Parts) -> Iterator[tuple[int, str]]:
    """Line and price."""
    for start, text in parts:
        prose = _CODE.sub(_blank, _LIVE.sub(_blank, text))
        for number, line in enumerate(prose.split("\n"), start):
            for price in _PRICE.finditer(line):
                yield number, price[0].strip()


def _blank(found: re.Match[str]) -> str:
    """As many lines as there were, and nothing on them."""
    return "\n" * found[0].count("\n")
