"""Which pages a site has, and how one is rendered."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from jinja2 import TemplateError

from ratewire.errors import BuildError
from ratewire.publish import views
from ratewire.publish.articles import Article
from ratewire.publish.cards import Card, link_to
from ratewire.publish.feeds import feed_path
from ratewire.publish.figures import Figures
from ratewire.publish.ledger import Ledger, Query
from ratewire.publish.metadata import json_ld
from ratewire.publish.slots import RenderedFigure
from ratewire.publish.theme import Theme
from ratewire.publish.views import ViewOf
from ratewire.wording.locales import native_name, territory_tag

__all__ = ["LeftOut", "Page", "Rendered", "plan", "render", "render_or_leave_out"]

log = logging.getLogger(__name__)

ARTICLES = "/articles/"
RELATED = 4


@dataclass(frozen=True, slots=True)
class Page:
    """A page to be: where it stands and what it shows."""

    path: str
    """`/articles/x/`, or a file such as `/404.html`."""
    template: str
    """`article`: rendered by article.html and, for the twin, article.md."""
    view: ViewOf
    """A function of the module `views`, so that a page can be sent to another process."""
    inputs: str = ""
    """What it shows besides facts, as a digest: its article, the titles of others."""
    language: str = ""
    """BCP 47 tag; empty: the site's own."""
    versions: tuple[tuple[str, str], ...] = ()
    """(tag, path) of every language that it is in, the site's own first; empty: in no other."""

    @property
    def file(self) -> str:
        return self.path.lstrip("/") + ("index.html" if self.path.endswith("/") else "")

    @property
    def twin(self) -> str:
        """The Markdown twin's file; empty: none."""
        return self.path.lstrip("/") + "index.md" if self.path.endswith("/") else ""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page as it is written, and what was learnt on the way."""

    html: bytes
    markdown: bytes
    title: str
    description: str
    updated: date | None
    headings: tuple[tuple[str, str], ...]
    heard: tuple[Query, ...]
    linked: tuple[str, ...]
    card: Card | None = None
    """Its own card, not drawn yet."""
    mark: str = ""
    """The card's digest."""


@dataclass(frozen=True, slots=True)
class Version:
    """A page in one of its languages."""

    language: str
    path: str
    name: str
    """The language in its own words."""
    locale: str
    """As Open Graph has it: `de_DE`."""

    @classmethod
    def of(cls, language: str, path: str) -> Version:
        return cls(language, path, native_name(language), territory_tag(language))


def plan(ledger: Ledger, articles: Sequence[Article]) -> tuple[Page, ...]:
    """All pages, in the order of the sitemap."""
    listed = tuple(one for one in articles if one.path.startswith(ARTICLES))
    own, told = {one.path for one in articles}, _listing(listed)
    lists = _lists(articles, ledger.site.settings.language)
    pages = [
        Page("/", "home", partial(views.home, listed=listed), told),
        Page("/products/", "products", views.product_index),
        *_product_pages(ledger),
        Page("/compare/", "compare", views.compare),
        Page("/calculator/", "calculator", views.calculator),
        Page(
            ARTICLES,
            "articles",
            partial(views.article_index, listed=listed),
            told + _digest(lists),
            versions=lists,
        ),
        *(_list_page(tag, lists, articles) for tag, _ in lists[1:]),
        *_article_pages(articles, listed),
        Page("/changes/", "changes", views.change_log),
        *(
            Page(
                f"/changes/{story.change.id}/", "change", partial(views.change, id=story.change.id)
            )
            for story in ledger.stories()
        ),
        Page("/sources/", "sources", views.sources),
        Page("/data/", "data", views.data),
        Page("/search/", "search", partial(views.search, listed=listed), told),
        Page("/404.html", "404", views.not_found),
    ]
    if "/about/" not in own:
        pages.insert(-3, Page("/about/", "about", views.about))
    return tuple(pages)


def _product_pages(ledger: Ledger) -> Iterator[Page]:
    """Each in the site's language, and in every one that its words are translated into."""
    for product in ledger.products():
        path, view = f"/products/{product.id}/", partial(views.product, id=product.id)
        others = [(tag, f"/{tag.lower()}{path}") for tag, _ in product.translations]
        versions = ((ledger.site.settings.language, path), *others) if others else ()
        yield Page(path, "product", view, versions=versions)
        for tag, place in others:
            yield Page(place, "product", view, language=tag, versions=versions)


def _lists(articles: Sequence[Article], language: str) -> tuple[tuple[str, str], ...]:
    """(tag, path) of the list of articles in every language that has any; empty: in one only."""
    tags = sorted({one.language for one in articles if one.language and ARTICLES in one.path})
    return ((language, ARTICLES), *((tag, _list_path(tag)) for tag in tags)) if tags else ()


def _list_path(language: str) -> str:
    return f"/{language.lower()}{ARTICLES}"


def _list_page(
    language: str, versions: tuple[tuple[str, str], ...], articles: Sequence[Article]
) -> Page:
    alike = [one for one in articles if one.language == language]
    listed = tuple(one for one in alike if one.path.startswith(_list_path(language)))
    told = _digest((versions, sorted(one.path for one in alike)))
    view = partial(views.article_index, listed=listed)
    return Page(_list_path(language), "articles", view, _listing(listed) + told, language, versions)


def _article_pages(articles: Sequence[Article], listed: Sequence[Article]) -> Iterator[Page]:
    """Each with the first few others to read next; pages that are no articles have none."""
    first = listed[:RELATED]
    most, own = _listing(first), {one.path for one in first}
    for one in articles:
        related, told = first, most
        if one.language:
            related, told = _in_its_language(one, articles)
        elif not one.path.startswith(ARTICLES):
            related, told = (), ""
        elif one.path in own:
            related = tuple(other for other in listed[: RELATED + 1] if other is not one)
            told = _listing(related)
        yield Page(
            one.path,
            "faq" if one.faq else "article",
            partial(views.article, one=one, related=related),
            one.digest + told + (_digest(one.versions) if one.versions else ""),
            one.language,
            one.versions,
        )


def _in_its_language(one: Article, articles: Sequence[Article]) -> tuple[tuple[Article, ...], str]:
    """Others to read next, and what else a translation leads to, as a digest: its links prefer
    pages in its own language, so one that comes or goes counts.
    """
    alike = [other for other in articles if other.language == one.language]
    start = _list_path(one.language)
    within = [other for other in alike if other.path.startswith(start) and other is not one]
    related = tuple(within[:RELATED]) if one.path.startswith(start) else ()
    return related, _listing(related) + _digest(sorted(other.path for other in alike))


def _listing(articles: Sequence[Article]) -> str:
    return _digest(
        [
            (a.path, a.title, a.description, str(a.published), str(a.reviewed), a.versions)
            for a in articles
        ]
    )


def _digest(told: object) -> str:
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A page that could not be rendered, and why."""

    path: str
    reason: str


_OF_DATA = frozenset({"product", "change"})
"""Templates of pages about one thing that a source says: what is wrong with it is its alone."""
_OF_THE_OWNER = frozenset({"article", "faq", "home"})
"""Those without which there would be no site, or that the owner has to mend."""


def render_or_leave_out(
    page: Page, ledger: Ledger, theme: Theme, paths: Collection[str]
) -> Rendered | LeftOut:
    """As `render`; a page that what a source says breaks is left out, and the others are built.

    Raises BuildError where the owner's words or templates are wrong.
    """
    try:
        return render(page, ledger, theme, paths)
    except BuildError as error:
        owners = error.file is not None and error.file.is_relative_to(theme.site.content)
        if owners or page.template not in _OF_DATA or isinstance(error.__cause__, TemplateError):
            raise
        return LeftOut(page.path, str(error))
    except (OSError, MemoryError):  # of the machine, and so of every page
        raise
    except Exception as error:
        if page.template in _OF_THE_OWNER:
            raise
        log.exception("%s: cannot be rendered", page.path)
        return LeftOut(page.path, f"{type(error).__name__}: {error}"[:300])


def render(page: Page, ledger: Ledger, theme: Theme, paths: Collection[str]) -> Rendered:
    """Raises BuildError naming the article, or the template, and the line."""
    theme = theme.speaking(page.language)
    figures = Figures(ledger.listen(), theme, page.path, paths)
    view = page.view(figures)
    newest = partial(figures.newest, view.dated)
    settings = theme.site.settings
    language = page.language or settings.language
    own = view.card if settings.cards else None
    mark = theme.cards.of(own) if own else ""
    card = theme.card if settings.cards else None
    if own and page.path != "/":
        card = link_to(page.path, mark, view.title, settings)

    def schema() -> str:
        return json_ld(view, page.path, settings, language, newest(), card)

    context = {
        **figures.functions(),
        **view.context,
        "figures": figures,
        "ledger": figures.ledger,
        "page": page,
        "view": view,
        "newest": newest,
        "language": language,
        "versions": [Version.of(tag, path) for tag, path in page.versions],
        "card": card,
        "feeds": [feed for feed in (view.feed, feed_path("all")) if feed],
        "schema": figures.slots.hold(RenderedFigure(schema, str)),
    }
    html = figures.slots.html(theme.render(f"{page.template}.html", **context))
    twin = (
        figures.slots.markdown(theme.render(f"{page.template}.md", **context)) if page.twin else ""
    )
    return Rendered(
        html=html.encode(),
        markdown=twin.encode(),
        title=view.title,
        description=view.description,
        updated=newest(),
        headings=view.headings,
        heard=tuple(figures.ledger.heard),
        linked=tuple(figures.linked),
        card=own,
        mark=mark,
    )
