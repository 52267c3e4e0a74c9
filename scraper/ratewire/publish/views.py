"""What each kind of page shows: its title, description and what its template is given.

A view asks `figures.ledger` for everything, so that the build knows what the page depends on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from ratewire.config import Product
from ratewire.model import Alteration
from ratewire.publish import articles
from ratewire.publish.articles import Article
from ratewire.publish.badges import badge_width
from ratewire.publish.calculator import fields, has_images, tiers
from ratewire.publish.cards import Card, article_card, change_card, site_card
from ratewire.publish.charts import ChartLine, line_of
from ratewire.publish.citations import text_fragment
from ratewire.publish.feeds import feed_path
from ratewire.publish.figures import Figures
from ratewire.publish.freshness import touching
from ratewire.publish.labels import capitalised, meter_order
from ratewire.publish.reckoning import Way
from ratewire.publish.stated import Quoted
from ratewire.wording.catalogue import Words
from ratewire.wording.stories import Story
from ratewire.wording.text import plain, web_url

__all__ = ["Crumb", "History", "View", "ViewOf", "moved_since"]

Crumb = tuple[str, str]
"""Words and path."""


@dataclass(frozen=True, slots=True)
class View:
    """A page before its template."""

    title: str
    description: str
    context: Mapping[str, object] = field(default_factory=dict)
    crumbs: tuple[Crumb, ...] = ()
    """The way from the front page, this page left out."""
    dated: date | None = None
    """The newest date that its own text carries."""
    published: date | None = None
    headings: tuple[tuple[str, str], ...] = ()
    """(anchor, words), for the search."""
    feed: str = ""
    """Path of a feed of its own, without suffix."""
    schema: str = "WebPage"
    """What it is in schema.org's words."""
    card: Card | None = None
    """Its own; None: the site's."""


ViewOf = Callable[[Figures], View]


def _way(words: Words, *below: Crumb) -> tuple[Crumb, ...]:
    """From the front page down."""
    return ((words("nav.home"), "/"), *below)


# ── Front page and articles ──────────────────────────────────────────────────────────────────


def home(figures: Figures, listed: Sequence[Article]) -> View:
    settings, ledger = figures.theme.site.settings, figures.ledger
    products = ledger.products()
    feature = ledger.product(settings.featured_product) or next(iter(products), None)
    stated = ledger.availability(feature.id) if feature else None
    return View(
        title=settings.title,
        description=settings.description,
        context={
            "feature": feature,
            "stated": stated,
            "tiles": _choose_standard(figures, feature.id) if feature else [],
            "products": products,
            "stories": figures.theme.told(ledger.stories("", 5)),
            "articles": listed,
        },
        dated=_newest(listed),
        schema="WebSite",
        card=site_card(settings),
    )


_MOVED = 3
"""So many changes since its review are told above an article."""


def article(figures: Figures, one: Article, related: Sequence[Article]) -> View:
    text, words = articles.render(one, figures), figures.words
    listed = [(words("nav.articles"), figures.at("/articles/"))] if "/articles/" in one.path else []
    moved = moved_since(figures, one.reviewed)
    dated = max(filter(None, (one.published, one.reviewed)), default=None)
    return View(
        title=one.title,
        description=one.description,
        context={
            "article": one,
            "text": text,
            "moved": figures.theme.told(moved[:_MOVED]),
            "related": related,
            "cited": [figures.ledger.watched(id) for id in figures.cited],
            "answers": text.answers if one.faq else (),
        },
        crumbs=_way(words, *listed),
        dated=dated,
        published=one.published,
        headings=tuple((heading.id, heading.text) for heading in text.headings),
        schema="FAQPage" if one.faq else "Article",
        card=article_card(figures.theme.site.settings, one.title, one.description, dated, words),
    )


def article_index(figures: Figures, listed: Sequence[Article]) -> View:
    words = figures.words
    return View(
        title=words("articles.title"),
        description=words("articles.description"),
        context={"articles": listed},
        crumbs=_way(words),
        dated=_newest(listed),
        schema="CollectionPage",
    )


# ── Changes ──────────────────────────────────────────────────────────────────────────────────


def change_log(figures: Figures) -> View:
    words = figures.words
    every = figures.theme.told(figures.ledger.stories())
    months: dict[str, list[Story]] = {}
    for one in every:
        when = one.change.recorded_at
        months.setdefault(words.forms.month(when.date()), []).append(one)
    return View(
        title=words("changes.title"),
        description=words("changes.description"),
        context={
            "months": months,
            "total": len(every),
            "kinds": {one.change.kind: figures.labels.kind(one.change.kind) for one in every},
            "products": {id: figures.name(id) for one in every for id in one.change.products},
            "sources": {
                one.change.source: figures.ledger.watched(one.change.source).source.name
                for one in every
            },
        },
        crumbs=_way(words),
        feed=feed_path("all"),
        schema="CollectionPage",
    )


@dataclass(frozen=True, slots=True)
class Proof:
    """An altered fact's words on the page before and after."""

    before: str
    after: str
    where: str
    link: str


def change(figures: Figures, id: str) -> View:
    known = figures.ledger.story(id)
    assert known is not None, "a page is planned only for a change in the log"
    (story,) = figures.theme.told((known,))
    truth = story.truth
    watched = figures.ledger.watched(story.change.source)
    return View(
        title=story.headline,
        description=story.summary,
        context={
            "story": story,
            "change": truth,
            "archived": story.published is None,
            "confirmed": story.confirmation,
            "rows": story.rows,
            "proofs": _proofs(truth.alterations, web_url(truth.url) or watched.source.url),
            "watched": watched,
            "products": [p for p in map(figures.ledger.product, truth.products) if p],
        },
        crumbs=_way(figures.words, (figures.words("changes.title"), "/changes/")),
        dated=story.updated.date() if story.published or story.corrections else None,
        published=story.published.date() if story.published else None,
        schema="NewsArticle",
        card=change_card(figures.theme.site.settings, story),
    )


def _proofs(alterations: Sequence[Alteration], url: str) -> tuple[Proof, ...]:
    """Each excerpt once, however many facts stand in it."""
    found: dict[tuple[str, str], Proof] = {}
    for altered in alterations:
        before = altered.before.evidence.excerpt if altered.before is not None else ""
        evidence = altered.fact.evidence
        after = evidence.excerpt if altered.after is not None else ""
        link = text_fragment(url, after) if after else url
        if before or after:
            found.setdefault((before, after), Proof(before, after, evidence.where, link))
    return tuple(found.values())


# ── Products ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class History:
    """One rate through time."""

    label: str
    line: ChartLine


def product_index(figures: Figures) -> View:
    products, words = figures.ledger.products(), figures.words
    return View(
        title=words("products.title"),
        description=words("products.description"),
        context={"products": products},
        crumbs=_way(words),
        schema="CollectionPage",
    )


def product(figures: Figures, id: str) -> View:
    ledger, words = figures.ledger, figures.words
    known = ledger.product(id)
    assert known is not None, "a page is planned only for a product that is followed"
    quoted = ledger.rates(id)
    histories = [_history(figures, one) for one in quoted if not _is_dated(one)]
    told = _in_language(known, words.language)
    text, _ = articles.markdown(told, figures, _file_of(known, words.language))
    stated = ledger.availability(id)
    return View(
        title=words("product.title", product=known.name),
        description=_product_description(figures, id),
        context={
            "product": known,
            "text": text,
            "stated": stated,
            "quoted": [one for one in quoted if not _is_dated(one)],
            "scheduled": ledger.scheduled(id),
            "disputed": [one for one in quoted if one.others],
            "limits": ledger.limits(id),
            "multipliers": ledger.multipliers(id),
            "histories": [one for one in histories if one and one.line.moves],
            "steady": [one.label for one in histories if one and not one.line.moves],
            "stories": figures.theme.told(ledger.stories(id, 10)),
        },
        crumbs=_way(words, (words("nav.prices"), figures.at("/products/"))),
        feed=feed_path("product", id),
        schema="Dataset",
    )


def _in_language(known: Product, language: str) -> str:
    """The product's words in a page's language."""
    return dict(known.translations).get(language, known.text)


def _file_of(known: Product, language: str) -> Path:
    """Where these words are written: `NAME.de.md` beside `NAME.md`."""
    own = known.file.with_suffix(f".{language}.md") if known.translations else known.file
    return own if own.exists() else known.file


def _is_dated(quoted: Quoted) -> bool:
    return bool(quoted.rate.conditions.get("effective_from"))


def _history(figures: Figures, quoted: Quoted) -> History | None:
    rate = quoted.rate
    points = figures.ledger.history(rate.product, rate.meter, rate.conditions)
    if not points:
        return None
    labels, words = figures.labels, figures.words
    told = (labels.meter(rate.meter), labels.under(rate.conditions))
    name = words("list.comma").join(filter(None, told))
    return History(name, line_of(points, quoted.seen.midnight, words))


def _product_description(figures: Figures, id: str) -> str:
    name, stated = figures.name(id), figures.ledger.availability(id)
    standard, labels, words = _choose_standard(figures, id), figures.labels, figures.words
    some = [
        f"{labels.meter(one.rate.meter, within=True)} {labels.price(one.rate)}"
        for one in standard[-3:]
    ]
    stage = labels.stage(stated.stage, within=True) if stated else words("product.unspoken")
    told = words("product.description", product=name, stage=stage)
    return f"{told} " + (f"{capitalised('; '.join(some))}." if some else "")


def _choose_standard(figures: Figures, id: str) -> list[Quoted]:
    chosen = [
        one
        for one in figures.ledger.rates(id)
        if not one.rate.conditions.without("tier")
        and one.rate.conditions.get("tier") in {"", "standard"}
    ]
    return sorted(chosen, key=lambda one: meter_order(one.rate.meter))


def compare(figures: Figures) -> View:
    products = [p for p in figures.ledger.products() if figures.ledger.rates(p.id)]
    words = figures.words
    return View(
        title=words("compare.title"),
        description=words("compare.description"),
        context={"products": products},
        crumbs=_way(words),
    )


def calculator(figures: Figures) -> View:
    """Its form as it stands for the first product, so that nothing moves when the script starts."""
    ledger, words = figures.ledger, figures.words
    products = [p for p in ledger.products() if ledger.rates(p.id)]
    rates = [one.rate for one in ledger.rates(products[0].id)] if products else []
    known = fields(rates, figures.labels)
    offered = tiers(known)
    return View(
        title=words("calculator.title"),
        description=words("calculator.description"),
        context={
            "products": products,
            "tiers": offered,
            "fields": [one for one in known if one.tier == offered[0] and not one.is_cached],
            "by_image": has_images(rates),
            "cached": any(one.is_cached for one in known),
            "outputs": has_images(rates) or any(one.is_output for one in known),
            "fees": any(one.line.way is Way.FEE for one in known),
            "multiplied": bool(products and ledger.multipliers(products[0].id)),
        },
        crumbs=_way(words),
        schema="WebApplication",
    )


# ── The watch and the rest ───────────────────────────────────────────────────────────────────


def sources(figures: Figures) -> View:
    watched, words = figures.ledger.watch(), figures.words
    stories: dict[str, list[Story]] = {one.source.id: [] for one in watched}
    for story in figures.ledger.stories():
        if story.change.source in stories:
            stories[story.change.source].append(story)
    return View(
        title=words("sources.title"),
        description=words("sources.description"),
        context={
            "watch": watched,
            "moments": figures.ledger.moments(),
            "snapshots": {one.source.id: figures.ledger.snapshot(one.source.id) for one in watched},
            "stories": {id: figures.theme.told(some[:5]) for id, some in stories.items()},
        },
        crumbs=_way(words),
        headings=tuple((one.source.id, plain(one.source.name)) for one in watched),
    )


def about(figures: Figures) -> View:
    words = figures.words
    return View(
        title=words("about.title"),
        description=words("about.description"),
        context={"compare": figures.theme.site.compare},
        crumbs=_way(words),
        schema="AboutPage",
    )


def data(figures: Figures) -> View:
    words = figures.words
    return View(
        title=words("data.title"),
        description=words("data.description"),
        context={
            "products": figures.ledger.products(),
            "watch": figures.ledger.watch(),
            "badge_width": badge_width,
        },
        crumbs=_way(words),
        feed=feed_path("all"),
    )


def search(figures: Figures, listed: Sequence[Article]) -> View:
    words = figures.words
    return View(
        title=words("search.title"),
        description=words("search.description"),
        context={"articles": listed, "products": figures.ledger.products()},
        crumbs=_way(words),
        schema="SearchResultsPage",
    )


def not_found(figures: Figures) -> View:
    words = figures.words
    return View(title=words("missing.title"), description=words("missing.description"))


# ── Inside ───────────────────────────────────────────────────────────────────────────────────


def _newest(listed: Sequence[Article]) -> date | None:
    return max((d for one in listed for d in (one.published, one.reviewed) if d), default=None)


def moved_since(figures: Figures, reviewed: date | None) -> tuple[Story, ...]:
    """Changes of what the article says, recorded after the day of its last review."""
    if reviewed is None:
        return ()
    stories = touching(figures.ledger)
    return tuple(story for story in stories if story.change.recorded_at.date() > reviewed)
